"""The sphere, as much of it as names need."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from geo.model import Position

EARTH_KM = 6371.0088
"""Mean radius."""


def km(a: Position, b: Position) -> float:
    """Great-circle distance in km (haversine, mean radius 6371.0088 km; within 0.6 % of the geodesic)."""
    dlat, dlon = radians(b.lat - a.lat), radians(b.lon - a.lon)
    h = sin(dlat / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(dlon / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(h)))


def step(start: Position, bearing: float, metres: float) -> Position:
    """The point `metres` away at `bearing` degrees, on WGS 84."""
    from geographiclib.geodesic import Geodesic

    end = Geodesic.WGS84.Direct(start.lat, start.lon, bearing, metres)
    return Position(end["lon2"], end["lat2"])
