"""Points, distances and geodesics on WGS 84. Longitudes and latitudes in degrees, lengths in metres.

The ellipsoidal work is geographiclib's (Karney 2013, "Algorithms for geodesics"), which is good to
nanometres; nothing here is a spherical approximation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple


class LonLat(NamedTuple):
    """A point on WGS 84 in degrees. `lon` is -180..180, or beyond in an unwrapped line; `lat` is -90..90."""

    lon: float
    lat: float


@cache
def _ellipsoid() -> Any:
    from geographiclib.geodesic import Geodesic

    return Geodesic.WGS84


def wrap(lon: float) -> float:
    """The same meridian within -180 (included) to 180 (left out)."""
    return (lon + 180.0) % 360.0 - 180.0 if not -180.0 <= lon < 180.0 else lon


def distance_m(a: Sequence[float], b: Sequence[float]) -> float:
    """Length of the geodesic from `a` to `b` in metres."""
    return float(_ellipsoid().Inverse(a[1], a[0], b[1], b[0])["s12"])


def bearing(a: Sequence[float], b: Sequence[float]) -> float:
    """Direction in which the geodesic to `b` leaves `a`: degrees clockwise from north, 0 to 360 (left out).

    0.0 where the two points are the same.
    """
    if a[0] == b[0] and a[1] == b[1]:
        return 0.0
    azimuth = float(_ellipsoid().Inverse(a[1], a[0], b[1], b[0])["azi1"]) % 360.0
    return 0.0 if azimuth == 360.0 else azimuth


def destination(a: Sequence[float], bearing_deg: float, metres: float) -> LonLat:
    """The point reached from `a` after `metres` along the geodesic that begins at `bearing_deg`."""
    end = _ellipsoid().Direct(a[1], a[0], bearing_deg, metres)
    return LonLat(float(end["lon2"]), float(end["lat2"]))


def geodesic(a: Sequence[float], b: Sequence[float], step_m: float = 50_000.0) -> list[LonLat]:
    """Points along the geodesic from `a` to `b`, at equal distances of at most `step_m` metres, unwrapped.

    The first point is `a` and the last is `b`, exactly but for whole turns of longitude in `b`. Two points
    that are the same give two equal points. Between antipodes any of the shortest lines may be taken.

    Raises ValueError if `step_m` is not above zero.
    """
    if not step_m > 0:
        raise ValueError(f"step_m is {step_m}; it must be above zero")
    line = _ellipsoid().InverseLine(a[1], a[0], b[1], b[0])
    count = max(1, math.ceil(line.s13 / step_m))
    inner = (line.Position(line.s13 * n / count) for n in range(1, count))
    return unwrap([LonLat(*a), *(LonLat(float(p["lon2"]), float(p["lat2"])) for p in inner), LonLat(*b)])


def unwrap(line: Iterable[Sequence[float]]) -> list[LonLat]:
    """The same points with whole turns added to longitudes, so that no step is longer than 180 degrees.

    The first point stays as it is. A step of exactly 180 degrees keeps its direction. Longitudes that need
    no turn keep every bit of their value.
    """
    out: list[LonLat] = []
    for point in line:
        lon, lat = float(point[0]), float(point[1])
        if out:
            step = lon - out[-1].lon
            if abs(step) > 180.0:
                lon -= 360.0 * math.floor((step + 180.0) / 360.0)
                if lon - out[-1].lon > 180.0:
                    lon -= 360.0
                elif lon - out[-1].lon < -180.0:
                    lon += 360.0
        out.append(LonLat(lon, lat))
    return out
