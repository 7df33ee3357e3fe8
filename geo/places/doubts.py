"""What makes a stated position suspicious: for one position, and for the positions of very many rows at once.

Both say the same in the same words. A position is never moved, only doubted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from geo.model import Place, Position
from geo.places.gazetteer import UNITS, Gazetteer
from geo.places.sphere import EARTH_KM, km

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo.columns import Flags, Floats, Ints

MIDDLE_KM = 1.0
"""A position this near to a country's or province's centroid was probably filled in by a machine."""
_REACH_DEG = MIDDLE_KM / 80
"""How far from a position a centroid is looked for, before its distance is measured."""
_NOUGHT_DEG = 0.01
_SLACK_DEG = 0.2
"""How far outside the boxes of a country's provinces a position may still be the country's."""
_TYPED_OFF_DEG = 100.0
_CELLS = 1_000
"""Cells a side of the grid that tells which rows have a centroid near them."""

EMPTY = "the position is 0, 0: probably an empty cell"
_SWAPPED = "; latitude and longitude seem swapped"
_OFF = "; its longitude seems typed 100° off"
_ELSEWHERE = ", the stated country"


def _outside(country: Place, how: str) -> str:
    return f"the position is outside {country.name('en')[0]}{how}"


def _middle(area: Place) -> str:
    return f"the position is the middle of {area.name('en')[0]}: the place itself may not be known"


# --- one position ----------------------------------------------------------------------------------------------


def doubts(at: Position, gazetteer: Gazetteer, country: Place | None = None) -> Iterator[str]:
    """What makes a stated position suspicious: 0/0, swapped, outside the stated country, a centroid."""
    if abs(at.lon) < _NOUGHT_DEG and abs(at.lat) < _NOUGHT_DEG:
        yield EMPTY
        return
    if country is not None and not _may_contain(country, at, gazetteer):
        swapped = Position(at.lat, at.lon) if abs(at.lon) <= 90 else None
        if swapped and _may_contain(country, swapped, gazetteer):
            yield _outside(country, _SWAPPED)
        elif any(
            abs(lon) <= 180 and _may_contain(country, Position(lon, at.lat), gazetteer)
            for lon in (at.lon - _TYPED_OFF_DEG, at.lon + _TYPED_OFF_DEG)
        ):
            yield _outside(country, _OFF)
        else:
            yield _outside(country, _ELSEWHERE)
    for whose, lon, lat in gazetteer.middles(at, _REACH_DEG):
        if km(at, Position(lon, lat)) <= MIDDLE_KM and (area := gazetteer.get(whose)):
            yield _middle(area)
            return


def _may_contain(country: Place, at: Position, gazetteer: Gazetteer) -> bool:
    boxes = [box for code in country.countries for box in gazetteer.boxes(code)]
    return not boxes or any(
        b.west - _SLACK_DEG <= at.lon <= b.east + _SLACK_DEG and b.south - _SLACK_DEG <= at.lat <= b.north + _SLACK_DEG
        for b in boxes
    )


# --- very many ---------------------------------------------------------------------------------------------------


def doubts_in(lat: Floats, lon: Floats, countries: Sequence[Place], country: Ints, gazetteer: Gazetteer) -> dict[str, Ints]:
    """`doubts` of every row: each message with the rows of which it is said, in ascending order.

    Every row has a position; `countries[country[i]]` is the country that row `i` states, none where that is -1.
    """
    import numpy as np

    empty = (np.abs(lon) < _NOUGHT_DEG) & (np.abs(lat) < _NOUGHT_DEG)
    found = [(EMPTY, np.flatnonzero(empty).astype(np.int32))]
    if countries:
        stated = np.where(empty, -1, country)
        for code, place in enumerate(countries):
            rows = np.flatnonzero(stated == code).astype(np.int32)
            found += _misplaced(place, rows, lat[rows], lon[rows], gazetteer)
    found += _in_the_middle(np.flatnonzero(~empty).astype(np.int32), lat, lon, gazetteer)
    said: dict[str, list[Ints]] = {}
    for message, rows in found:
        if len(rows):
            said.setdefault(message, []).append(rows)
    return {message: np.sort(np.concatenate(parts)) for message, parts in said.items()}


def _misplaced(country: Place, rows: Ints, lat: Floats, lon: Floats, gazetteer: Gazetteer) -> Iterator[tuple[str, Ints]]:
    """Those of the rows that lie outside the country that they state."""
    import numpy as np

    boxes = np.array([box for code in country.countries for box in gazetteer.boxes(code)], float).reshape(-1, 4)
    if not len(boxes):
        return
    boxes += np.array([-_SLACK_DEG, -_SLACK_DEG, _SLACK_DEG, _SLACK_DEG])
    out = ~_within(boxes, lat, lon)
    rows, lat, lon = rows[out], lat[out], lon[out]
    if not len(rows):
        return
    swapped = (np.abs(lon) <= 90) & _within(boxes, lon, lat)
    off = np.zeros(len(rows), bool)
    for other in (lon - _TYPED_OFF_DEG, lon + _TYPED_OFF_DEG):
        off |= (np.abs(other) <= 180) & _within(boxes, lat, other)
    off &= ~swapped
    yield _outside(country, _SWAPPED), rows[swapped]
    yield _outside(country, _OFF), rows[off]
    yield _outside(country, _ELSEWHERE), rows[~swapped & ~off]


def _within(boxes: NDArray[np.float64], lat: Floats, lon: Floats) -> Flags:
    """Which positions lie in one of the boxes (west, south, east, north; edges included)."""
    import numpy as np

    inside = np.zeros(len(lat), bool)
    west, south = boxes[:, :2].min(axis=0)
    east, north = boxes[:, 2:].max(axis=0)
    left = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    # The largest first: few rows are left for the others.
    for west, south, east, north in boxes[np.argsort((boxes[:, 0] - boxes[:, 2]) * (boxes[:, 3] - boxes[:, 1]), kind="stable")].tolist():
        x, y = lon[left], lat[left]
        hit = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        inside[left[hit]] = True
        left = left[~hit]
        if not len(left):
            break
    return inside


def _in_the_middle(rows: Ints, lat: Floats, lon: Floats, gazetteer: Gazetteer) -> Iterator[tuple[str, Ints]]:
    """Those of the rows that lie on the centroid of a country or province, by the nearest of them."""
    import numpy as np

    if not len(rows):
        return
    # As in the gazetteer: whole numbers of its unit.
    reach = round(_REACH_DEG * UNITS)
    y, x = (np.rint(column[rows] * UNITS).astype(np.int32) for column in (lat, lon))
    middles = gazetteer.middles_between(int(y.min()) - reach, int(y.max()) + reach, int(x.min()) - reach, int(x.max()) + reach)
    if not middles:
        return
    whose = [name for name, _, _ in middles]
    middle_x, middle_y = np.array([(at_x, at_y) for _, at_x, at_y in middles], np.int32).T
    near = _near(y, x, middle_y, middle_x, reach)
    rows, y, x = rows[near], y[near], x[near]
    begin, end = np.searchsorted(middle_y, y - reach, "left"), np.searchsorted(middle_y, y + reach, "right")
    size = end - begin
    one = np.repeat(np.arange(len(rows)), size)
    other = np.arange(len(one)) + np.repeat(begin - (np.cumsum(size) - size), size)
    beside = np.abs(middle_x[other] - x[one]) <= reach
    row, other = rows[one[beside]], other[beside]
    at_lat, at_lon, to_lat, to_lon = lat[row], lon[row], middle_y[other] / UNITS, middle_x[other] / UNITS
    h = np.sin(np.radians(to_lat - at_lat) / 2) ** 2
    h += np.cos(np.radians(at_lat)) * np.cos(np.radians(to_lat)) * np.sin(np.radians(to_lon - at_lon) / 2) ** 2
    areas = {code: gazetteer.get(whose[code]) for code in set(other.tolist())}
    known = np.array([areas.get(code) is not None for code in range(len(whose))], bool)
    good = (2 * EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(h))) <= MIDDLE_KM) & known[other]
    row, other = row[good], other[good]
    apart = (np.abs(to_lon - at_lon) + np.abs(to_lat - at_lat))[good]
    rank = np.argsort(np.argsort(np.array(whose)))
    order = np.lexsort((rank[other], apart, row))
    row, first = np.unique(row[order], return_index=True)
    other = other[order][first]
    for code in sorted(set(other.tolist())):
        area = areas[code]
        assert area is not None
        yield _middle(area), row[other == code]


def _near(y: Ints, x: Ints, middle_y: Ints, middle_x: Ints, reach: int) -> Flags:
    """Which positions may have a middle within `reach`: by a grid whose cells are wider than that both ways."""
    import numpy as np

    south, west = int(middle_y.min()) - reach, int(middle_x.min()) - reach
    high, wide = int(middle_y.max()) + reach - south, int(middle_x.max()) + reach - west
    cell = max(2 * reach, high // _CELLS + 1, wide // _CELLS + 1)
    grid = np.zeros((high // cell + 1, wide // cell + 1), bool)
    for up in (-reach, reach):
        for right in (-reach, reach):
            grid[(middle_y + up - south) // cell, (middle_x + right - west) // cell] = True
    inside = (y >= south) & (y <= south + high) & (x >= west) & (x <= west + wide)
    near = np.zeros(len(y), bool)
    near[inside] = grid[(y[inside] - south) // cell, (x[inside] - west) // cell]
    return near
