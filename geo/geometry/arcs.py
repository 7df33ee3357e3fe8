"""The line of a sortie: a piece of a geodesic, from the edge of the origin to the edge of the target.

The bow that a map gives such a line is drawing, not geometry, and is not added here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from geo.geometry.sphere import LonLat, distance_m, geodesic, unwrap

STEP_M = 25_000.0
"""Longest step of a line that is returned, and of the search for a crossing, in metres."""
EDGE_M = 1.0
"""How close to an edge the ends come, in metres."""


def sortie_line(
    origin_point: Sequence[float],
    origin_outline: Any | None,
    origin_radius_m: float | None,
    target_point: Sequence[float],
    target_radius_m: float | None,
    target_outline: Any | None,
) -> list[LonLat]:
    """The part of the geodesic from `origin_point` to `target_point` that lies between the two areas, unwrapped.

    It begins where the geodesic leaves the origin's outline for the last time before the target, or at the
    origin's radius (metres) where there is no outline, or at the point itself. It ends where it first reaches the
    target's outline after that, or at the target's radius, or at the target's point. Ends are within a metre of the
    edge. Outlines are shapely polygons in degrees that do not cross ±180.

    Where the areas touch or overlap, so that nothing is between them, two points remain: the straight way between
    the two positions, from point to point. An origin and target on one spot give two equal points.
    """
    total = distance_m(origin_point, target_point)
    if total == 0:
        return [LonLat(*origin_point), LonLat(*target_point)]
    count = max(8, int(total // 5_000) + 1) if (origin_outline is not None or target_outline is not None) else 8
    count = min(count, 4_000)
    stations = [total * n / count for n in range(count + 1)]
    way = _Way(origin_point, target_point)

    start = min(origin_radius_m or 0.0, total)
    if origin_outline is not None:
        inside = way.inside(origin_outline, stations)
        last = max((n for n, hit in enumerate(inside) if hit), default=None)
        if last == count:
            start = total
        elif last is not None:
            start = way.crossing(origin_outline, stations[last], stations[last + 1])

    end = max(total - (target_radius_m or 0.0), 0.0)
    if target_outline is not None:
        after = [s for s in stations if s > start]
        inside = way.inside(target_outline, after)
        first = next((n for n, hit in enumerate(inside) if hit), None)
        if first is not None:
            before = after[first - 1] if first else start
            end = way.crossing(target_outline, after[first], before)

    if end - start <= EDGE_M:
        return unwrap([LonLat(*origin_point), LonLat(*target_point)])
    a = LonLat(*origin_point) if start == 0 else way.at(start)
    b = LonLat(*target_point) if end == total else way.at(end)
    return geodesic(a, b, STEP_M)


class _Way:
    """The geodesic between two points, addressed by metres from the first."""

    def __init__(self, a: Sequence[float], b: Sequence[float]) -> None:
        from geographiclib.geodesic import Geodesic

        self._line = Geodesic.WGS84.InverseLine(a[1], a[0], b[1], b[0])

    def at(self, metres: float) -> LonLat:
        p = self._line.Position(metres)
        return LonLat(float(p["lon2"]), float(p["lat2"]))

    def inside(self, outline: Any, stations: Sequence[float]) -> list[bool]:
        import shapely

        shapely.prepare(outline)
        points = [self.at(s) for s in stations]
        return [bool(hit) for hit in shapely.intersects_xy(outline, [p.lon for p in points], [p.lat for p in points])]

    def crossing(self, outline: Any, inside: float, outside: float) -> float:
        """Halves the interval until the edge is within a metre; the answer is on its outer side."""
        while abs(outside - inside) > EDGE_M / 2:
            middle = (inside + outside) / 2
            if self.inside(outline, [middle])[0]:
                inside = middle
            else:
                outside = middle
        return outside


def cut_antimeridian(line: Sequence[Sequence[float]]) -> list[list[LonLat]]:
    """The line in pieces, each with longitudes within -180..180; a cut lies on ±180 and stands in both pieces.

    Takes a line that is wrapped or unwrapped; steps are taken the short way round. The cut is where the straight
    line in degrees meets the meridian, which is what a plate-carrée or Mercator map draws.
    """
    # A tenth of a millimetre off the meridian is on it: such a step has no length to be cut.
    points = [LonLat(round(point.lon, 9), point.lat) for point in unwrap(line)]
    if not points:
        return []
    pieces: list[list[LonLat]] = []
    turn = _turn(points[0].lon, points[1].lon if len(points) > 1 else points[0].lon)
    piece = [LonLat(points[0].lon - 360 * turn, points[0].lat)]
    for a, b in zip(points, points[1:], strict=False):
        edge = 360 * turn + (180.0 if b.lon > a.lon else -180.0)
        if (b.lon > edge) if b.lon > a.lon else (b.lon < edge):
            share = (edge - a.lon) / (b.lon - a.lon)
            lat = a.lat + (b.lat - a.lat) * share
            side = 180.0 if b.lon > a.lon else -180.0
            if piece[-1] != (side, lat):
                piece.append(LonLat(side, lat))
            pieces.append(piece)
            turn += 1 if b.lon > a.lon else -1
            piece = [LonLat(-side, lat)]
        if (b.lon - 360 * turn, b.lat) != piece[-1] or len(points) == 2:
            piece.append(LonLat(b.lon - 360 * turn, b.lat))
    pieces.append(piece)
    return [piece for piece in pieces if len(piece) > 1 or len(points) == 1]


def _turn(lon: float, towards: float) -> int:
    """Which copy of the world `lon` lies in; on a seam, the one that the line goes into."""
    turn = math.floor((lon + 180.0) / 360.0)
    if (lon + 180.0) % 360.0 == 0 and towards < lon:
        turn -= 1
    return turn

