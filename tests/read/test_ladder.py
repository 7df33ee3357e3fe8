"""Codes of ACLED, Airwars, GDELT and UCDP lead to the ladder, and the ladder leads back without claiming more."""

from __future__ import annotations

import pytest

from geo.model import Precision
from geo.read.ladder import SCALES, code, rung

ORDER = tuple(Precision)


@pytest.mark.parametrize(("scale", "said"), [(scale, said) for scale, codes in SCALES.items() for said in codes])
def test_a_code_comes_back_as_one_of_the_same_rung(scale: str, said: str) -> None:
    found = rung(scale, said)
    assert found is not None
    back = code(scale, found)
    assert back is not None and rung(scale, back) is found


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("precision", [p for p in Precision if p is not Precision.NOT_STATED])
def test_no_code_claims_more_than_the_rung(scale: str, precision: Precision) -> None:
    said = code(scale, precision)
    found = rung(scale, said) if said else None
    assert found is None or ORDER.index(found) >= ORDER.index(precision)


@pytest.mark.parametrize(
    ("scale", "precision", "said"),
    [
        ("ucdp", Precision.EXACT, "1"), ("ucdp", Precision.DISTRICT, "3"), ("ucdp", Precision.SEA, "7"), ("acled", Precision.TOWN, "1"),
        ("acled", Precision.CITY, "2"), ("acled", Precision.COUNTRY, None), ("airwars", Precision.DISTRICT, "subdistrict"),
        ("gdelt", Precision.COUNTRY, "1"), ("gdelt", Precision.VILLAGE, "3"), ("ucdp", Precision.NOT_STATED, None),
    ],
)  # fmt: skip
def test_rungs_as_the_makers_would_code_them(scale: str, precision: Precision, said: str | None) -> None:
    assert code(scale, precision) == said


def test_a_code_that_is_none_is_no_rung() -> None:
    assert rung("ucdp", "9") is None and rung("ucdp", "4.0") is Precision.GOVERNORATE
