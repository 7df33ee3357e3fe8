"""The drawing plane: Web Mercator units (0-1 across the world, y down), boxes in pixels. Twin of web/src/layout/plane.ts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import atan, cos, exp, hypot, inf, log, pi, radians, tan
from typing import NamedTuple

MAX_LAT = 85.0511287798
"""Web Mercator ends here; poleward latitudes are drawn on this edge."""
EQUATOR_M = 40_075_016.68557849


class Point(NamedTuple):
    x: float
    y: float


class Rect(NamedTuple):
    """Left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> Point:
        return Point((self.left + self.right) / 2, (self.top + self.bottom) / 2)


EMPTY = Rect(inf, inf, -inf, -inf)


def unit(position: Sequence[float]) -> Point:
    """(lon, lat) in degrees → units; longitudes may run past ±180."""
    phi = radians(max(-MAX_LAT, min(MAX_LAT, position[1])))
    return Point(position[0] / 360 + 0.5, 0.5 - log(tan(pi / 4 + phi / 2)) / (2 * pi))


def latitude(y: float) -> float:
    """Latitude in degrees of an ordinate in units."""
    return atan(exp((0.5 - y) * 2 * pi)) * 360 / pi - 90


def metres_to_px(metres: float, lat: float, k: float) -> float:
    """Pixels of a length on the ground at a latitude, when the world is `k` px wide."""
    return metres * k / (EQUATOR_M * cos(radians(lat)))


def rect(x: float, y: float, width: float, height: float) -> Rect:
    return Rect(x, y, x + width, y + height)


def around(x: float, y: float, r: float) -> Rect:
    return Rect(x - r, y - r, x + r, y + r)


def grow(a: Rect, by: float) -> Rect:
    return Rect(a[0] - by, a[1] - by, a[2] + by, a[3] + by)


def meets(a: Rect, b: Rect) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def within(a: Rect, b: Rect) -> bool:
    return a[0] >= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] <= b[3]


def holds(a: Rect, p: Point) -> bool:
    """Whether a point lies inside, not on the edge."""
    return a[0] < p.x < a[2] and a[1] < p.y < a[3]


def join(a: Rect, b: Rect) -> Rect:
    return Rect(min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def clip(a: Rect, b: Rect) -> Rect:
    """What two boxes share, or `a` where they share nothing."""
    return Rect(max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])) if meets(a, b) else a


def hull(points: Iterable[Sequence[float]]) -> Rect:
    box = EMPTY
    for x, y in points:
        box = join(box, Rect(x, y, x, y))
    return box


def apart(a: Point, b: Point) -> float:
    return hypot(a.x - b.x, a.y - b.y)
