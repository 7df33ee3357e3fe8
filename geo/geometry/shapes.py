"""Outlines as other people's tools want them: clipped to a box, on a grid, wound and closed as GeoJSON asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Area = Any

WIDE_DEG = 10.0
"""An area wider than this is simplified for GeoJSON: its shore is context, not evidence."""
WIDE_TOLERANCE_DEG = 0.01


def within(area: Area, box: Sequence[float]) -> Area | None:
    """The part of `area` inside (west, south, east, north), or None; the box may run past ±180.

    An area that lies in the box is itself the answer.
    """
    import shapely

    from geo.geometry.areas import sound

    west, south, east, north = box
    if not area.is_empty:
        a, b, c, d = area.bounds
        if west <= a and c <= east and south <= b and d <= north and (c - 360.0 <= west) and (a + 360.0 >= east):
            return area
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        if west < 180 + turn and east > -180 + turn:
            moved = shapely.transform(area, lambda xy, turn=turn: xy + (turn, 0.0)) if turn else area
            part = sound(_clipped(moved, box))
            if not part.is_empty:
                parts.append(part)
    if not parts:
        return None
    return sound(shapely.union_all(parts)) if len(parts) > 1 else parts[0]


def _clipped(area: Area, box: Sequence[float]) -> Area:
    """The part of `area` in the box. The quick way fails on some outlines that touch a side of it ("Invalid number of points in
    LinearRing", seen in GEOS 3.14); the slow one does not."""
    import shapely

    try:
        return shapely.clip_by_rect(area, *box)
    except shapely.errors.GEOSException:
        return shapely.intersection(shapely.make_valid(area), shapely.box(*box))


def geojson(area: Area, digits: int) -> dict[str, Any]:
    """A Polygon or MultiPolygon on a grid of `digits` decimals: valid, shells anticlockwise (RFC 7946).

    Points are snapped before and after simplification, so that the same outline gives the same numbers everywhere.
    """
    import shapely
    from shapely.geometry.polygon import orient

    from geo.geometry.areas import polygonal

    grid = 10.0**-digits
    snapped = polygonal(shapely.set_precision(area, grid))
    west, _, east, _ = snapped.bounds
    if east - west > WIDE_DEG:
        snapped = polygonal(shapely.set_precision(snapped.simplify(WIDE_TOLERANCE_DEG), grid))
    polygons = sorted(
        ([_ring(ring, digits) for ring in (p.exterior, *p.interiors)] for p in map(orient, shapely.get_parts(snapped))),
    )
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _ring(ring: Any, digits: int) -> list[list[float]]:
    return [[round(x, digits) + 0.0, round(y, digits) + 0.0] for x, y in ring.coords]
