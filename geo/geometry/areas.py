"""Outlines of countries, provinces, seas and circles, opened by reference; shapely polygons in degrees.

References
    country:SY          ISO 3166-1 alpha-2; with every disputed territory that the country claims
    undisputed:SY       the same without them
    province:SY-RA      ISO 3166-2 as in the bundled units, or the id of a disputed part (`province:golan`)
    case:golan          a disputed territory of `disputed.yaml`
    union:REF+REF       several together
    sea:persian-gulf    the coarse hull that the gazetteer has, minus land
    circle:LON,LAT,M    geodesic circle of M metres
    wkt:POLYGON((…))    an outline that the reference carries itself, as places that a user added have it

Nothing that comes from here crosses ±180: an area that lies on both sides is cut there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import shapely

from geo.geometry import packed
from geo.geometry.sphere import LonLat, destination, wrap

Area = Any
"""A shapely Polygon or MultiPolygon in degrees."""


ISLAND_DEG2 = 0.5
"""Square degrees of the smallest island that counts where seas are measured on coarse land."""


class UnknownArea(KeyError):
    """The reference names nothing in the bundled geography."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def outline(ref: str) -> Area:
    """The area that `ref` names: valid, not empty, within -180..180. Cached.

    Raises UnknownArea for a name that the data does not have, ValueError for a reference that cannot be read.
    """
    kind, _, rest = ref.partition(":")
    if not rest:
        raise ValueError(f"{ref!r} is no area; write for example country:SY, province:SY-RA or circle:39.0,35.9,5000")
    if kind in ("country", "undisputed", "province", "case"):
        return _union([_object(name) for name in objects_of(ref) or ()])
    if kind == "union":
        return _union([outline(part) for part in rest.split("+")])
    if kind == "circle":
        return _circle_ref(ref, rest)
    if kind == "sea":
        return _sea(rest)
    if kind == "wkt":
        return _carried(rest)
    raise ValueError(f"{ref!r}: {kind!r} is no kind of area")


def _object(name: str) -> Area:
    number = packed.objects()[name]
    topology = packed.load("world")
    polygons = [
        shapely.Polygon(rings[0], rings[1:])
        for rings in ([topology.ring(arcs) for arcs in topology.rings(p)] for p in topology.polygons(number))
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _union(areas: Sequence[Area]) -> Area:
    return areas[0] if len(areas) == 1 else shapely.union_all(list(areas))


def objects_of(ref: str) -> tuple[str, ...] | None:
    """The objects of the world's topology that an area is made of; None where it is not made of whole units.

    Raises UnknownArea for a name that the data does not have.
    """
    kind, _, rest = ref.partition(":")
    if kind == "union":
        several = [objects_of(part) for part in rest.split("+")]
        if any(names is None for names in several):
            return None
        return tuple(dict.fromkeys(name for names in several for name in names or ()))
    if kind == "country":
        own = [f"country:{rest}"] if f"country:{rest}" in packed.objects() else []
        claims = [objects_of(f"case:{case['id']}") or () for case in packed.cases() if rest in case["claimants"]]
        names = (*own, *(name for claim in claims for name in claim))
    elif kind == "undisputed":
        names = (f"country:{rest}",)
    elif kind == "case":
        found = [case for case in packed.cases() if case["id"] == rest]
        names = () if not found else (f"case:{rest}",) if found[0]["drawn"] else tuple(found[0]["units"])
    elif kind == "province":
        whole = rest in packed.objects() and ":" not in rest and rest != "land"
        names = (rest,) if whole else tuple(_units_of_code().get(rest, ()))
    else:
        return None
    if not names or any(name not in packed.objects() for name in names):
        raise UnknownArea(f"no area {ref} in the bundled geography")
    return names


@cache
def _units_of_code() -> dict[str, list[str]]:
    """Units by the code that they share: `AF-URU` is `AF-URU.1` and `AF-URU.2`."""
    out: dict[str, list[str]] = {}
    for unit in packed.units():
        out.setdefault(unit["id"].partition(".")[0], []).append(unit["id"])
    return out


def countries_at(point: Sequence[float]) -> tuple[str, ...]:
    """ISO 3166-1 alpha-2 of every country that the point (lon, lat) lies in; of every claimant on disputed land.

    Sorted; empty at sea. Edges count as inside.
    """
    lon, lat = wrap(float(point[0])), float(point[1])
    found: set[str] = set()
    for ref, countries, (west, south, east, north) in _claims():
        if west <= lon <= east and south <= lat <= north and shapely.intersects_xy(_prepared(ref), lon, lat):
            found.update(countries)
    return tuple(sorted(found))


@cache
def _prepared(ref: str) -> Area:
    area = outline(ref)
    shapely.prepare(area)
    return area


@cache
def _claims() -> tuple[tuple[str, tuple[str, ...], tuple[float, ...]], ...]:
    """Reference, countries and box (west, south, east, north) of every country and case."""
    topology = packed.load("world")
    rows: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = []
    for name in packed.objects():
        kind, _, rest = name.partition(":")
        if kind == "country":
            rows.append((f"undisputed:{rest}", (rest,), (name,)))
    for case in packed.cases():
        rows.append((f"case:{case['id']}", tuple(case["claimants"]), objects_of(f"case:{case['id']}") or ()))
    out = []
    for ref, countries, names in rows:
        numbers = [packed.objects()[name] for name in names]
        polygons = np.concatenate([np.array(topology.polygons(number)) for number in numbers])
        boxes = topology.shell_boxes[polygons] / topology.q
        out.append((ref, countries, (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())))
    return tuple(out)


def land(bounds: Sequence[float] | None = None) -> Area:
    """All land of the world, or what of it lies in a box (west, south, east, north) within -180..180."""
    topology = packed.load("world")
    number = packed.objects()["land"]
    west, south, east, north = bounds if bounds is not None else (-180.0, -90.0, 180.0, 90.0)
    first = int(topology.polygon_at[number])
    shells = topology.shell_boxes[first : int(topology.polygon_at[number + 1])] / topology.q
    meets = (shells[:, 0] <= east) & (shells[:, 2] >= west) & (shells[:, 1] <= north) & (shells[:, 3] >= south)
    polygons = np.array(
        [
            shapely.Polygon(rings[0], rings[1:])
            for rings in ([topology.ring(arcs) for arcs in topology.rings(first + n)] for n in np.flatnonzero(meets).tolist())
        ],
        object,
    )
    if bounds is not None:
        polygons = shapely.clip_by_rect(polygons, *bounds)
    return _dry(polygons)


def sound(area: Area) -> Area:
    """What of an area has a surface, valid: one that was cut to a box may run to and fro along its edge.

    Unlike `polygonal` it leaves alone what is in order: in less than a tenth of the time.
    """
    if area.geom_type in ("Polygon", "MultiPolygon") and area.is_valid:
        return area
    parts = shapely.get_parts(area)
    flat = shapely.MultiPolygon(parts[shapely.get_type_id(parts) == 3].tolist())
    return polygonal(shapely.make_valid(flat, method="structure", keep_collapsed=False))


def _dry(polygons: Any) -> Area:
    """Polygons of land as one area, of which none is in order for certain."""
    parts = shapely.get_parts(polygons)
    whole = shapely.MultiPolygon(parts[shapely.get_type_id(parts) == 3].tolist())
    if whole.is_valid:
        return whole
    parts = shapely.get_parts([sound(part) for part in whole.geoms])
    # An islet of simplified coasts may overlap its neighbour (Absheron, in the Caspian).
    one, other = shapely.STRtree(parts).query(parts, predicate="intersects")
    meets = np.zeros(len(parts), bool)
    meets[one[one != other]] = True
    return shapely.MultiPolygon([*shapely.get_parts(shapely.union_all(parts[meets])), *parts[~meets]])


def sea(hull: Area) -> Area:
    """The water inside a coarse hull: the hull minus all land. Valid; parts under about 1 km² are left out."""
    water = polygonal(shapely.make_valid(hull).difference(land(hull.bounds)))
    parts = [p for p in shapely.get_parts(water) if p.area > 1e-4]
    return shapely.MultiPolygon(parts) if len(parts) > 1 else parts[0] if parts else water


def waters(names: Iterable[str], box: Sequence[float], coarse: bool = False) -> dict[str, Area]:
    """The water of seas inside (west, south, east, north), by name; those that have none there are left out.

    Inland waters are land. The box may run past ±180. `coarse` takes the shores of the overview, good to 20 km.
    """
    frame = shapely.box(*box)
    reach = {name: area for name, area in ((name, sound(_turned(hull(name), box).intersection(frame))) for name in names) if area}
    if not reach:
        return {}
    west, south, east, north = shapely.total_bounds(list(reach.values())).tolist()
    dry: list[Area] = []
    for turn in (-360.0, 0.0, 360.0):
        a, b = max(west - turn, -180.0), min(east - turn, 180.0)
        if a < b:
            for part in (_coarse_land() if coarse else land((a, south, b, north))).geoms:
                dry.append(shapely.transform(part, lambda xy, turn=turn: xy + (turn, 0.0)) if turn else part)
    tree = shapely.STRtree(dry)
    whole = west >= -180.0 and east <= 180.0
    out = {}
    for name, area in reach.items():
        shores = [dry[n] for n in np.sort(tree.query(area, predicate="intersects"))]
        # What was cut at ±180 meets there; all other land lies apart.
        wet = area.difference(shapely.MultiPolygon(shores) if whole else shapely.union_all(shores)) if shores else area
        wet = sound(wet)
        if not wet.is_empty:
            out[name] = wet
    return out


def _turned(area: Area, box: Sequence[float]) -> Area:
    """An area within -180..180 wherever a box that may run past ±180 shows it."""
    west, _, east, _ = box
    turns = [turn for turn in (-360.0, 0.0, 360.0) if area.bounds[0] + turn < east and area.bounds[2] + turn > west]
    copies = [shapely.transform(area, lambda xy, turn=turn: xy + (turn, 0.0)) if turn else area for turn in turns]
    return _union(copies) if copies else shapely.Polygon()


@cache
def _coarse_land() -> Area:
    """Land of the overview, without the islands that no sea is wide of."""
    topology = packed.load("overview")
    rings = ([topology.ring(arcs) for arcs in topology.rings(p)] for p in topology.polygons(0))
    polygons = np.array([shapely.Polygon(one[0], one[1:]) for one in rings], object)
    return _dry(polygons[shapely.area(polygons) >= ISLAND_DEG2])


def hull_of(points: Iterable[Sequence[float]]) -> Area:
    """A polygon from the corners of a hull, in order, as a gazetteer record has them."""
    return shapely.make_valid(shapely.Polygon([(float(p[0]), float(p[1])) for p in points]))


def _sea(name: str) -> Area:
    return sea(hull(name))


@cache
def hull(name: str) -> Area:
    """The coarse hull of a sea, land and all. Raises UnknownArea for a name that the gazetteer does not have."""
    corners = _hulls().get(name)
    if corners is None:
        raise UnknownArea(f"no hull of sea:{name} in the gazetteer")
    return hull_of(corners)


@cache
def _hulls() -> dict[str, list[list[float]]]:
    """Corners of every sea's coarse hull: data of the compiled gazetteer, read as data."""
    import json
    import sqlite3
    from contextlib import closing
    from importlib.resources import as_file, files

    with as_file(files("geo") / "data/compiled/gazetteer.sqlite") as path:
        if not path.is_file():
            return {}
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            return {name: json.loads(ring) for name, ring in db.execute("SELECT id, ring FROM hull")}


def polygonal(geometry: Any) -> Area:
    """The polygons of a geometry, as one area; without the lines and points that an overlay may leave."""
    parts = [p for p in shapely.get_parts(shapely.make_valid(geometry)) if p.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(parts) if len(parts) != 1 else parts[0]


def _circle_ref(ref: str, rest: str) -> Area:
    try:
        lon, lat, metres = (float(part) for part in rest.split(","))
    except ValueError:
        raise ValueError(f"{ref!r}: a circle is circle:LON,LAT,METRES") from None
    return circle(LonLat(lon, lat), metres)


def _carried(wkt: str) -> Area:
    try:
        area = polygonal(shapely.from_wkt(wkt))
    except shapely.errors.ShapelyError:
        raise ValueError(f"wkt:{wkt[:40]}… is no outline; write wkt:POLYGON((lon lat,…))") from None
    if area.is_empty:
        raise ValueError(f"wkt:{wkt[:40]}… has no surface")
    return area


@cache
def circle(centre: LonLat, radius_m: float, points: int = 96) -> Area:
    """All that lies within `radius_m` metres of `centre`, as a polygon of `points` corners on the geodesic circle.

    The corners lie on the circle, so the polygon is up to 0.1 % of the radius inside it. A circle over ±180 is cut in
    two. One over a pole is closed along ±180 and the pole. Raises ValueError for a radius that is not above zero or
    reaches round the world, or for fewer than 8 points.
    """
    if not 0 < radius_m < 15_000_000 or points < 8:
        raise ValueError(f"no circle of {radius_m} m with {points} points")
    ring = [destination(centre, 360.0 * n / points, radius_m) for n in range(points)]
    lons = [centre.lon + ((p.lon - centre.lon + 180.0) % 360.0 - 180.0) for p in ring]
    lats = [p.lat for p in ring]
    for pole in (90.0, -90.0):
        if destination(centre, 0.0 if pole > 0 else 180.0, radius_m) and _reaches(centre, radius_m, pole):
            return _cap(ring, pole)
    area = shapely.Polygon(list(zip(lons, lats, strict=True)))
    return split_at_antimeridian(area)


def _reaches(centre: LonLat, radius_m: float, pole: float) -> bool:
    from geo.geometry.sphere import distance_m

    return distance_m(centre, LonLat(centre.lon, pole)) <= radius_m


def _cap(ring: Sequence[LonLat], pole: float) -> Area:
    """A ring round a pole: sorted by longitude and closed along ±180 and the pole."""
    edge = sorted((wrap(p.lon), p.lat) for p in ring)
    lat = (edge[0][1] + edge[-1][1]) / 2
    return shapely.make_valid(shapely.Polygon([(-180.0, pole), (-180.0, lat), *edge, (180.0, lat), (180.0, pole)]))


def split_at_antimeridian(area: Area) -> Area:
    """An area with unwrapped longitudes (-540..540), cut at ±180 and moved to within -180..180."""
    west, _, east, _ = area.bounds
    if -180.0 <= west and east <= 180.0:
        return area
    parts = []
    for turn in range(math.floor((west + 180.0) / 360.0), math.floor((east + 180.0) / 360.0) + 1):
        piece = polygonal(shapely.clip_by_rect(area, 360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0))
        if not piece.is_empty:
            parts.append(shapely.transform(piece, lambda xy, by=360.0 * turn: xy - (by, 0.0)))
    return _union(parts)


def inner_point(area: Area) -> LonLat:
    """A point well inside an area: the centre of the largest circle that fits, on the ground's proportions.

    Longitudes are shrunk by the cosine of the middle latitude first. Good to a hundredth of the area's width.
    Raises ValueError for an empty area.
    """
    if area.is_empty:
        raise ValueError("an empty area has no inner point")
    largest = max(shapely.get_parts(area), key=lambda p: (p.area, p.bounds))
    return _room(largest)[0]


def _room(polygon: Area) -> tuple[LonLat, float]:
    """Centre and radius (degrees of longitude) of the largest circle that fits into one polygon."""
    west, south, east, north = polygon.bounds
    shrink = max(math.cos(math.radians((south + north) / 2)), 0.05)
    flat = shapely.transform(polygon, lambda xy: xy * (shrink, 1.0))
    size = max((east - west) * shrink, north - south)
    if size <= 0:
        raise ValueError("an area without extent has no inner point")
    flat = sound(shapely.simplify(flat, size / 400, preserve_topology=True))
    if flat.is_empty:
        point = polygon.representative_point()
        return LonLat(point.x, point.y), 0.0
    flat = max(shapely.get_parts(flat), key=lambda p: p.area)
    radius = shapely.maximum_inscribed_circle(flat, tolerance=size / 200)
    (x, y), _ = shapely.get_coordinates(radius)
    lon, lat = x / shrink, y
    if not polygon.contains(shapely.Point(lon, lat)):
        point = polygon.representative_point()
        return LonLat(point.x, point.y), 0.0
    return LonLat(float(lon), float(lat)), float(radius.length) / shrink
