"""Many rows located at once: each distinct claim is looked up once, each distinct position doubted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.model import Claim, Location, Position, Precision, Unplaced
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import Context, locate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_CONTEXT = 2_000
"""Places whose neighbourhood speaks for one of several bearers of a name; the commonest of the table."""


def locate_columns(
    claims: Sequence[Claim],
    codes: NDArray[np.int32],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    gazetteer: Gazetteer,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[Location | Unplaced], NDArray[np.int32]]:
    """An answer for each distinct combination of claim and position, and the index of each row's answer.

    `claims[codes[i]]` is the claim of row `i` (none where the code is -1) and `lat`, `lon` its position (NaN where none is
    stated). As in a story, each claim is looked up alone first; then the countries of all the others are its context.
    A position known to a district or wider is the area that holds it, not a pin: its names are looked up, and
    where they lead nowhere the province at that position is taken.
    """
    import numpy as np

    n = len(codes)
    there = ~np.isnan(lat)
    key = np.stack((codes.astype(np.float64), np.where(there, lat, 999.0), np.where(there, lon, 999.0)), axis=1)
    _, first, of, counts = np.unique(key, axis=0, return_index=True, return_inverse=True, return_counts=True)
    of = of.reshape(-1)
    asked = []
    for row in first.tolist():
        claim = claims[codes[row]] if codes[row] >= 0 else Claim()
        asked.append(replace(claim, position=Position(float(lon[row]), float(lat[row]))) if there[row] else claim)
    names: dict[int, Location | Unplaced] = {}
    alone: list[Location | Unplaced] = []
    for number, claim in enumerate(asked):
        alone.append(_one(claim, gazetteer))
        if progress and number % 200 == 0:
            progress(number, len(asked))
    if n and any(claim.position is None for claim in asked):
        everywhere: Counter[str] = Counter()
        for answer, count in zip(alone, counts.tolist(), strict=True):
            if isinstance(answer, Location):
                everywhere.update(dict.fromkeys(answer.countries, count))
        for number, claim in enumerate(asked):
            if claim.position is not None:
                continue
            answer = alone[number]
            others = everywhere.copy()
            if isinstance(answer, Location):
                others.subtract(dict.fromkeys(answer.countries, int(counts[number])))
            countries = tuple(sorted((c for c, k in others.items() if k > 0), key=lambda c: (-others[c], c)))
            if countries:
                names[number] = locate(claim, gazetteer, Context(countries))
    for number, answer in names.items():
        alone[number] = answer
    return alone, np.asarray(of, np.int32)


def _one(claim: Claim, gazetteer: Gazetteer) -> Location | Unplaced:
    rung = claim.precision
    if claim.position is None or rung is None or rung.pinned:
        return locate(claim, gazetteer)
    return _area(claim, rung, gazetteer)


def _area(claim: Claim, rung: Precision, gazetteer: Gazetteer) -> Location | Unplaced:
    """The area that a position stands for, when its source says that it is known no finer than `rung`."""
    from geo.places.coarsen import area_at

    named = replace(
        claim, position=None, precision=None, radius_m=None,
        name=None if rung is not Precision.SEA and (claim.admin1 or claim.country) else claim.name,
        place=None if rung is not Precision.SEA and (claim.admin1 or claim.country) else claim.place,
        admin2=claim.admin2 if rung is Precision.DISTRICT else None,
        admin1=claim.admin1 if rung is not Precision.COUNTRY else None,
    )  # fmt: skip
    answer: Location | Unplaced = locate(named, gazetteer)
    if isinstance(answer, Location) and not answer.precision.pinned:
        return replace(answer, name=claim.name or answer.name, reason=f"{answer.reason}; its source knows it to the {rung}")
    assert claim.position is not None
    found = area_at(claim.position, rung, gazetteer)
    return found if isinstance(found, Location) else answer if isinstance(answer, Unplaced) else found
