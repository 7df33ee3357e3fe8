"""Other people's scales of how precisely a place is known, from their codes to our ladder and back."""

from __future__ import annotations

from collections.abc import Mapping

from geo.model import Precision
from geo.read.formats import acled, airwars, gdelt, ucdp

SCALES: Mapping[str, Mapping[str, str]] = {
    "acled": acled.PRECISIONS, "airwars": airwars.PRECISIONS, "gdelt": gdelt.PRECISIONS, "ucdp": ucdp.PRECISIONS,
}  # fmt: skip
"""ACLED `geo_precision`, Airwars' classes, GDELT `ActionGeo_Type`, UCDP `where_prec`."""
_ORDER = tuple(Precision)


def rung(scale: str, code: str) -> Precision | None:
    """The rung that a code of `scale` stands for, or None for a code that is none of its own."""
    found = SCALES[scale].get(code.removesuffix(".0"))
    return Precision(found) if found else None


def code(scale: str, precision: Precision) -> str | None:
    """The code of `scale` for a rung: the finest that claims no more than the rung does.

    None where even the scale's coarsest code claims more, and for a precision that is not stated.
    """
    if precision is Precision.NOT_STATED:
        return None
    at = _ORDER.index(precision)
    # Codes come finest first in a scale, but for GDELT's: of those of one rung the first counts.
    fit = [(_ORDER.index(Precision(held)), n, name) for n, (name, held) in enumerate(SCALES[scale].items())]
    return next((name for index, _, name in sorted(fit) if index >= at), None)
