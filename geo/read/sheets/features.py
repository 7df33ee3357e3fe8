"""GeoJSON of any nesting: a feature is a row, its geometry the position; lines are flights from their first point to their last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import cos, isfinite, radians
from typing import Any

from geo.errors import Fault, InputError
from geo.read.sheet import Sheet, TableLimits, sheet_of
from geo.read.sheets.jsontext import flat
from geo.read.values import MOST

WIDEST_CITY_M = 25_000
"""An area of a larger radius is no city, and gets no symbol at its middle."""
DEEP = 16
"""Geometry collections in each other up to which one is opened."""
CRS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "OGC:1.3:CRS84")
TYPES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
Pair = tuple[float, float]


class Bad(Exception):
    """What is wrong with one geometry, and the cure."""

    def __init__(self, message: str, cure: str) -> None:
        self.message, self.cure = message, cure
        super().__init__(message)


def is_geojson(value: Any) -> bool:
    return isinstance(value, dict) and (
        value.get("type") in ("FeatureCollection", "Feature", *TYPES) or isinstance(value.get("features"), list | dict)
    )


def found_geojson(value: Any, depth: int = 0) -> dict[str, Any] | None:
    """The GeoJSON that `value` is or holds, at any depth; a list of features is a collection of them."""
    if is_geojson(value):
        return value  # type: ignore[no-any-return]
    if isinstance(value, list):
        if value and all(isinstance(item, dict) and item.get("type") == "Feature" for item in value):
            return {"type": "FeatureCollection", "features": value}
        if value and all(map(is_geojson, value)):
            return {"type": "FeatureCollection", "features": value}
        return None
    parts = value.values() if isinstance(value, dict) and depth < 4 else ()
    layers = [part for part in parts if isinstance(part, dict) and isinstance(part.get("features"), list)]
    if len(layers) > 1:  # each of them is a part of the table
        return {"type": "FeatureCollection", "features": layers}
    return next((found for part in parts if isinstance(part, dict | list) and (found := found_geojson(part, depth + 1))), None)


def read_features(value: Any, file: str, limits: TableLimits) -> Sheet:
    """The features of a FeatureCollection, a Feature or a bare geometry. Raises InputError for what is none of them."""
    _crs(value, file)
    features = value.get("features", [value])
    if not isinstance(features, list):
        raise InputError([Fault("type", '"features" is no list', 'write "features": [ … ]', file, None, None, None, "features")])
    features = _spread(features)
    if len(features) > limits.rows:
        raise InputError([Fault("size", f"more than {limits.rows:,} features", "split the file, or say --max-rows", file)])
    own = isinstance(value.get("strikemap"), dict)
    sorties = _sorties(features, value.get("places")) if own else {}
    records: list[dict[str, str]] = []
    numbers: list[int] = []
    bad: list[Fault] = []
    warnings: list[str] = []
    for number, feature in enumerate(features, 1):
        if own and _kind(feature) == "sortie":
            continue
        try:
            record, doubt = record_of(feature, own)
        except Bad as error:
            bad.append(Fault("geometry", error.message, error.cure, file, None, None, number, "geometry"))
            continue
        if doubt:
            warnings.append(f"{file}: row {number}: {doubt}")
        if own:
            record |= sorties.get(str(record.get("id")), {})
        records.append(record)
        numbers.append(number)
    header = list(dict.fromkeys(key for record in records for key in record))
    if len(header) > limits.columns:
        raise InputError([Fault("size", f"more than {limits.columns:,} properties", "leave out what is not needed, or say --max-columns", file)])
    rows = ([record.get(key, "") for key in header] for record in records)
    return sheet_of(file, header, rows, [0] * len(numbers), syntax="geojson", numbers=numbers, bad=bad, warnings=warnings)


def _crs(value: Any, file: str) -> None:
    crs = value.get("crs")
    reference = value.get("spatialReference")
    if isinstance(reference, dict) and reference.get("wkid") not in (4326, None):
        crs = reference
    if crs is None:
        return
    name = json.dumps(crs)[:200]
    if not any(known in name for known in CRS84):
        raise InputError([
            Fault("crs", f"its crs is {name[:80]}: the coordinates are not degrees", "export it again as WGS 84 (EPSG:4326)", file, None, None, None, "crs")
        ])  # fmt: skip


def _spread(features: list[Any], depth: int = 0) -> list[Any]:
    """The features with those of collections among them in their place."""
    if depth >= DEEP or not any(isinstance(one, dict) and isinstance(one.get("features"), list) for one in features):
        return features
    out: list[Any] = []
    for one in features:
        inner = one.get("features") if isinstance(one, dict) else None
        out += _spread(inner, depth + 1) if isinstance(inner, list) else [one]
    return out


def _kind(feature: Any) -> Any:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties.get("kind") if isinstance(properties, dict) else None


def record_of(feature: Any, own: bool = False) -> tuple[dict[str, str], str]:
    """The cells of one feature (`own`: that we wrote), and a doubt about it. Raises Bad."""
    if not isinstance(feature, dict):
        raise Bad("this feature is no object", 'write {"type": "Feature", …}')
    if isinstance(feature.get("attributes"), dict) and "properties" not in feature:
        feature = _from_map_server(feature)
    properties = feature.get("properties", {} if feature.get("type") in TYPES else None)
    doubt = ""
    if properties is None:
        properties, doubt = {}, "properties: there are none, so the geometry has neither date nor title"
    if not isinstance(properties, dict):
        raise Bad("properties is no object, so the geometry has no facts", 'write "properties": {…}')
    gone = ("lat", "lon", "geometry") if feature.get("type") in TYPES or feature.get("geometry") is not None else ("geometry",)
    record = flat({k: v for k, v in properties.items() if k.lower() not in gone})
    if "id" not in record and isinstance(feature.get("id"), str | int):
        record["id"] = str(feature["id"])
    geometry = feature if feature.get("type") in TYPES else feature.get("geometry")
    if own:
        record = _own(record)
    if geometry is None:
        unplaced = own and record.get("unplaced")
        named = any(text and key.lower() in ("place", "location", "admin1", "country", "town", "city", "name") for key, text in record.items())
        if not named and not own:
            raise Bad("is null and no place is named", "give it coordinates, or a place property")
        return record, doubt or ("" if unplaced or own else "geometry: is null; the feature is placed by its name")
    found = position_of(geometry)
    if "radius_m" not in found or not (own and record.get("place_id")):
        record |= found
    if "origin_lat" in found and record.get("kind") == "sortie":
        record["kind"] = "strike"
    return record, doubt or _others(geometry)


def position_of(geometry: Any) -> dict[str, str]:
    """The cells that a geometry fills: a point's position, a line's ends, an area's middle and radius. Raises Bad."""
    found = _shape(geometry)
    if isinstance(found, list):
        return area(found)
    if isinstance(found[0], tuple) and isinstance(found[1], tuple):
        (origin_lon, origin_lat), (lon, lat) = found
        return {"origin_lat": repr(origin_lat), "origin_lon": repr(origin_lon), "lat": repr(lat), "lon": repr(lon)}
    lon, lat = found
    return {"lat": repr(lat), "lon": repr(lon)}


def _from_map_server(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature of Esri's JSON, whose point is `{"x": lon, "y": lat}`, as GeoJSON."""
    at = feature.get("geometry")
    point = {"type": "Point", "coordinates": [at.get("x"), at.get("y")]} if isinstance(at, dict) and "x" in at else None
    return {"type": "Feature", "properties": feature["attributes"], "geometry": point if point or at is None else at}


def _own(record: dict[str, str]) -> dict[str, str]:
    """A feature that we wrote, with the columns that it came from."""
    gone = ("date_start", "date_end", "date_precision", "on_map", "unplaced")
    out = {key: value for key, value in record.items() if key not in gone}
    out["date"] = record.get("date_edtf", "")
    out.pop("date_edtf", None)
    return out


def _sorties(features: list[Any], places: Any) -> dict[str, dict[str, str]]:
    """The origins of each event, as a table of ours names them: a place's id, or coordinates."""
    found: dict[str, list[str]] = {}
    for feature in features:
        if _kind(feature) == "sortie":
            line = feature["properties"]
            found.setdefault(str(line.get("event")), []).append(str(line.get("origin")))
    known = places if isinstance(places, dict) else {}
    out = {}
    for event, origins in found.items():
        at = known.get(origins[0], {})
        if len(origins) == 1 and "," in origins[0] and isinstance(at, dict) and isinstance(at.get("position"), list):
            lon, lat = at["position"][:2]
            out[event] = {"origin_lat": repr(lat), "origin_lon": repr(lon), "origin_precision": str(at.get("precision") or "")}
        else:
            # A position's id is "lon,lat"; a name that is a position reads "lat, lon".
            out[event] = {"origin": "; ".join(", ".join(reversed(o.split(","))) if "," in o else o for o in origins)}
    return out


def _shape(geometry: Any) -> Pair | tuple[Pair, Pair] | list[Pair]:
    """A point, the two ends of a line, or the outer ring of an area."""
    for depth, one in _opened(geometry):
        if depth > DEEP:
            raise Bad("geometry collections are nested too deep", "write the geometry itself")
        kind, coordinates = one.get("type"), one.get("coordinates")
        if kind not in TYPES:
            raise Bad(f"{str(kind)[:40]!r} is no type of geometry", f"write one of {', '.join(TYPES)}")
        if kind == "GeometryCollection":
            continue
        if not isinstance(coordinates, list) or not coordinates:
            raise Bad(f"the {kind} has no coordinates", "give it coordinates, or a null geometry and a place")
        if kind == "Point":
            return _pair(coordinates)
        if kind == "MultiPoint":
            return _pair(coordinates[0])
        if kind == "LineString":
            return _ends(coordinates)
        if kind == "MultiLineString":
            return _ends([point for part in coordinates if isinstance(part, list) for point in part])
        return [point for rings in ([coordinates] if kind == "Polygon" else coordinates) for point in _ring(rings)]
    raise Bad("the collection holds no geometry", "give it one, or a null geometry and a place")


def _others(geometry: Any) -> str:
    """What a geometry holds besides its first position, in words; "" where that is all."""
    points = [one for _, one in _opened(geometry) if one.get("type") != "GeometryCollection"]
    many = sum(len(one["coordinates"]) if one.get("type") == "MultiPoint" and isinstance(one.get("coordinates"), list) else 1 for one in points)
    return f"geometry: holds {many} positions or shapes; the first stands for them" if many > 1 else ""


def _opened(geometry: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    waiting = [(0, geometry)]
    while waiting:
        depth, one = waiting.pop()
        if not isinstance(one, dict):
            raise Bad("this geometry is no object", 'write {"type": "Point", "coordinates": [lon, lat]}')
        yield depth, one
        if one.get("type") == "GeometryCollection":
            parts = one.get("geometries")
            waiting += [(depth + 1, part) for part in reversed(parts if isinstance(parts, list) else [])]


def _pair(value: Any) -> Pair:
    if not isinstance(value, list) or len(value) < 2:
        raise Bad("a position has fewer than two numbers", "write [lon, lat]")
    numbers = []
    for number in value[:2]:
        if isinstance(number, bool) or not isinstance(number, int | float) or not isfinite(number):
            raise Bad(f"the coordinate {json.dumps(number)[:40]} is no number", "write [lon, lat] in degrees")
        numbers.append(float(number))
    lon, lat = numbers
    if abs(lon) > 1_000 or abs(lat) > 1_000:
        raise Bad(f"the coordinates {lon:g}, {lat:g} are no degrees", "export it again as WGS 84 (EPSG:4326)")
    return lon, lat


def _ends(points: list[Any]) -> tuple[Pair, Pair]:
    if len(points) < 2:
        raise Bad("a line has fewer than two positions", "give it both ends, or write a Point")
    first, last = _pair(points[0]), _pair(points[-1])
    return _turned(first), _turned(last)


def _turned(point: Pair) -> Pair:
    """A line may run past ±180; its ends are brought back."""
    lon, lat = point
    return ((lon + 180.0) % 360.0 - 180.0 if abs(lon) > 180.0 else lon), lat


def _ring(rings: Any) -> list[Pair]:
    ring = rings[0] if isinstance(rings, list) and rings else None
    if not isinstance(ring, list):
        raise Bad("the polygon has no ring of positions", "write [[[lon, lat], …]]")
    points = [_pair(point) for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise Bad("a ring of the polygon is not closed", "end it with its first position; it needs four at least")
    return points


def area(ring: list[Pair]) -> dict[str, str]:
    """An area of somebody else's, as its ring or rings: the middle of its box, and the radius that holds it."""
    west, east = min(p[0] for p in ring), max(p[0] for p in ring)
    if east - west > 180:  # over ±180, the short way
        turned = [p[0] % 360 for p in ring]
        west, east = min(turned), max(turned)
    south, north = min(p[1] for p in ring), max(p[1] for p in ring)
    lon, lat = (((west + east) / 2 + 180) % 360) - 180, (south + north) / 2
    across = ((east - west) * cos(radians(lat)) * 111_195, (north - south) * 111_195)
    radius = max(1.0, (across[0] ** 2 + across[1] ** 2) ** 0.5 / 2)
    return {"lat": repr(lat), "lon": repr(lon), "precision": "city" if radius <= WIDEST_CITY_M else "region", "radius_m": f"{min(radius, MOST):.0f}"}
