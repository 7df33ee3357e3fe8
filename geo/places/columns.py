"""Many rows located at once: each distinct claim is looked up once, each distinct position doubted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.columns import LocatedTable, Table
from geo.model import Claim, Location, Position, Unplaced
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
    """
    import numpy as np

    n = len(codes)
    there = ~np.isnan(lat)
    lats, south_north = np.unique(np.where(there, lat, 999.0), return_inverse=True)
    lons, west_east = np.unique(np.where(there, lon, 999.0), return_inverse=True)
    key = (codes.astype(np.int64) + 1) * (len(lats) * len(lons)) + south_north * len(lons) + west_east
    _, first, of, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    asked = []
    for row in first.tolist():
        claim = claims[codes[row]] if codes[row] >= 0 else Claim()
        asked.append(replace(claim, position=Position(float(lon[row]), float(lat[row]))) if there[row] else claim)
    names: dict[int, Location | Unplaced] = {}
    alone: list[Location | Unplaced] = []
    for number, claim in enumerate(asked):
        alone.append(locate(claim, gazetteer))
        if progress and number % 200 == 199:
            progress(number + 1, len(asked))
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


def locate_table(table: Table, gazetteer: Gazetteer, progress: Callable[[int, int], None] | None = None) -> LocatedTable:
    """Every row of `table` placed; an origin is looked up once, however many rows name it."""
    import numpy as np

    answers, of = locate_columns(table.claim.values, table.claim.codes, table.lat, table.lon, gazetteer, progress)
    spots = np.array([a.position if isinstance(a, Location) else (np.nan, np.nan) for a in answers], float).reshape(-1, 2)[of]
    origins = tuple(tuple(locate(claim, gazetteer) for claim in found) for found in table.origins.values) if table.origins else ()
    return LocatedTable(table, tuple(answers), of, spots[:, 1], spots[:, 0], origins)
