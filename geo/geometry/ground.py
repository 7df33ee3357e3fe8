"""What lies where, for lists of points that others made: countries and provinces, and outlines of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from geo.geometry import packed
from geo.geometry.areas import inner_point, polygonal, split_at_antimeridian
from geo.geometry.sphere import LonLat

SHORE_DEG = 0.05
"""How far off the coarse coast a point still belongs to the land beside it: 5.5 km of latitude."""
KEPT_DEG = 1e-4
"""Detail of an outline that is kept: 11 m."""


def provinces_at(points: Sequence[Sequence[float]]) -> list[tuple[tuple[str, ...], str | None]]:
    """For each (lon, lat): the ISO 3166-1 codes of every country that it lies in, and the id of its province.

    On disputed land every claimant is named, and the part itself stands for the province. A point just off the coast
    belongs to the nearest province; one at sea to none: `((), None)`.
    """
    if not points:
        return []
    at = np.asarray(points, dtype=float)
    west, south = at.min(axis=0) - SHORE_DEG
    east, north = at.max(axis=0) + SHORE_DEG
    topology = packed.load("world")
    claimants = {unit: tuple(sorted(case["claimants"])) for case in packed.cases() for unit in case["units"]}
    polygons: list[Any] = []
    whose: list[tuple[tuple[str, ...], str | None]] = []
    for unit in packed.units():
        id = unit["id"]
        number = packed.objects().get(id)
        if number is None:
            continue
        numbers = list(topology.polygons(number))
        w, s, e, n = (topology.shell_boxes[numbers] / topology.q).T
        if not ((w <= east) & (e >= west) & (s <= north) & (n >= south)).any():
            continue
        countries = claimants.get(id) or ((unit["country"],) if unit.get("country") else ())
        for polygon in numbers:
            rings = [topology.ring(arcs) for arcs in topology.rings(polygon)]
            polygons.append(shapely.Polygon(rings[0], rings[1:]))
            whose.append((countries, id.partition(".")[0]))
    found: list[tuple[tuple[str, ...], str | None]] = [((), None)] * len(points)
    if not polygons:
        return found
    shapely.prepare(polygons)
    tree = shapely.STRtree(polygons)
    dots = shapely.points(at)
    for dot, polygon in tree.query(dots, predicate="intersects").T.tolist():
        found[dot] = whose[polygon]
    off = np.array([n for n, answer in enumerate(found) if not answer[0] and answer[1] is None], dtype=int)
    if len(off):
        near = tree.query_nearest(dots[off], max_distance=SHORE_DEG, all_matches=False)
        for dot, polygon in near.T.tolist():
            found[int(off[dot])] = whose[polygon]
    return found


def read_area(geometry: Mapping[str, Any]) -> tuple[str, LonLat]:
    """A GeoJSON Polygon or MultiPolygon as an outline reference (`wkt:…`, see `areas.outline`) and its inner point.

    Detail finer than 11 m is left out; rings that cross themselves are mended. Raises ValueError for a geometry that
    cannot be read, has no surface, or lies outside -180..180 and -90..90.
    """
    try:
        area = shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.ShapelyError, TypeError) as error:
        raise ValueError("the geometry cannot be read") from error
    corners = shapely.get_coordinates(area)
    if not len(corners) or not np.isfinite(corners).all():
        raise ValueError("the geometry has no coordinates")
    if np.abs(corners[:, 1]).max() > 90 or np.abs(corners[:, 0]).max() > 180:
        raise ValueError("the geometry leaves -180..180, -90..90: are these degrees?")
    area = shapely.simplify(shapely.force_2d(area), KEPT_DEG)
    area = polygonal(shapely.make_valid(shapely.set_precision(polygonal(area), 1e-5)))
    if area.is_empty:
        raise ValueError("the geometry has no surface")
    area = split_at_antimeridian(area)
    point = inner_point(area)
    wkt = shapely.to_wkt(area, rounding_precision=5)
    return f"wkt:{wkt.replace(', ', ',').replace(' (', '(')}", LonLat(round(point.lon, 5), round(point.lat, 5))
