"""The embedded map: what of the bundled topology lies in a frame, simplified and packed for the page.

Coasts and borders are arcs of one topology. They are simplified arc by arc with fixed ends, so that an outline,
a border and a coast that run together still coincide afterwards.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.geometry import areas, packed
from geo.geometry.packed import Coordinates, Topology
from geo.geometry.rings import clip_ring, ring_area

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees; a box over ±180 is either unwrapped (east > 180) or has west > east."""
Polygon = list[Coordinates]
"""Closed rings (last point = first), the shell first."""

COAST, COUNTRY, DISPUTED, PROVINCE, SEAM = range(5)
"""Kinds of arcs in `world.bin.gz`."""


@dataclass(frozen=True)
class River:
    names: Mapping[str, str]
    """By language; empty where the river has no name in the data."""
    lines: list[Coordinates]


@dataclass(frozen=True)
class Lake:
    names: Mapping[str, str]
    polygon: Polygon


@dataclass(frozen=True)
class Spot:
    """Where a label may stand: the centre of the largest circle that fits, and its radius in degrees of longitude."""

    lon: float
    lat: float
    room: float


@dataclass(frozen=True)
class ClippedBase:
    """Layers of a frame in degrees, longitudes unwrapped from the frame's west.

    `land` and `lakes` are polygons, clipped to the bounds; the others are lines. Rings are closed. Where a polygon is
    clipped its ring runs along the bounds.
    """

    bounds: Bounds
    tolerance_deg: float
    land: list[Polygon]
    lakes: list[Lake]
    country: list[Coordinates]
    disputed: list[Coordinates]
    province: list[Coordinates]
    rivers: list[River]

    def layers(self) -> list[tuple[str, str, list[Any]]]:
        """The layers in drawing order for `encode`: land, lakes, river, province, country, disputed."""
        return [
            ("land", "polygon", list(self.land)),
            ("lakes", "polygon", [lake.polygon for lake in self.lakes]),
            ("river", "line", [line for river in self.rivers for line in river.lines]),
            ("province", "line", list(self.province)),
            ("country", "line", list(self.country)),
            ("disputed", "line", list(self.disputed)),
        ]


def clip(bounds: Sequence[float], tolerance_deg: float, provinces_of: Sequence[str] = ()) -> ClippedBase:
    """What lies within `bounds`, simplified by `tolerance_deg` (Douglas-Peucker, in degrees; 0 = as stored, 500 m).

    `provinces_of` lists the countries (ISO 3166-1 alpha-2) whose province borders are wanted. Islands and lakes
    smaller than four square tolerances are dropped. Bounds may cross ±180; what lies on both sides is joined there.
    Raises ValueError for bounds without extent, wider than 360 degrees, or a tolerance below zero.
    """
    west, south, east, north = unwrapped(bounds)
    if tolerance_deg < 0:
        raise ValueError(f"tolerance_deg is {tolerance_deg}; it must not be below zero")
    world, waters = packed.load("world"), packed.load("waters")
    wanted = _province_arcs(world, provinces_of)
    land: list[Polygon] = []
    lines: dict[int, list[Coordinates]] = {COUNTRY: [], DISPUTED: [], PROVINCE: []}
    lakes: list[Lake] = []
    rivers: dict[int, list[Coordinates]] = {}
    windows = _windows(west, east)
    for a, b, shift in windows:
        window = (a, south, b, north)
        part = _Simplified(world, window, tolerance_deg)
        land += _shifted(part.polygons(packed.objects()["land"]), shift)
        kind = world.extra["kind"]
        for which, out in lines.items():
            arcs = part.arcs[kind[part.arcs] == which]
            if which == PROVINCE:
                arcs = arcs[wanted[arcs]]
            out += _shifted_lines(part.lines(arcs), shift)
        water = _Simplified(waters, window, tolerance_deg)
        for polygon, number in water.numbered_polygons(0):
            named = waters.head["lakes"][number]
            lakes += [
                Lake(waters.head["lake_names"][named] if named >= 0 else {}, p) for p in _shifted([polygon], shift)
            ]
        first = waters.head["first_river"]
        names = np.array(waters.head["rivers"], np.int64)
        arcs = water.arcs[water.arcs >= first]
        for name in sorted(set(names[arcs - first].tolist())):
            mine = arcs[names[arcs - first] == name]
            rivers.setdefault(name, []).extend(_shifted_lines(water.lines(mine), shift))
    if len(windows) > 1:
        land = _joined(land)
    return ClippedBase(
        bounds=(west, south, east, north),
        tolerance_deg=tolerance_deg,
        land=land,
        lakes=lakes,
        country=lines[COUNTRY],
        disputed=lines[DISPUTED],
        province=lines[PROVINCE],
        rivers=[
            River(waters.head["river_names"][name] if name >= 0 else {}, mine)
            for name, mine in sorted(rivers.items())
            if mine
        ],
    )


def clip_outline(ref: str, bounds: Sequence[float], tolerance_deg: float) -> list[Polygon]:
    """The area that `ref` names (see `areas.outline`) as polygons of a layer, clipped and simplified like `clip`.

    An area of whole units is made of the same simplified arcs as the map's borders and coasts, so they coincide.
    Any other area is simplified as a whole. Nothing in the bounds gives an empty list; parts of less than four square
    tolerances are left out, unless there are no others.
    """
    west, south, east, north = unwrapped(bounds)
    arcs = _outer_arcs(ref)
    out: list[Polygon] = []
    for a, b, shift in _windows(west, east):
        window = (a, south, b, north)
        if arcs is None:
            polygons = _simplified_outline(ref, tolerance_deg)
        else:
            part = _Simplified(packed.load("world"), window, tolerance_deg)
            polygons = _nested([part.ring(ring) for ring in _stitched(part.topology, arcs)])
        for polygon in polygons:
            pieces = [clip_ring(ring, window) for ring in polygon]
            if len(pieces[0]) >= 4:
                out += _shifted([[piece for piece in pieces if len(piece) >= 4]], shift)
    large = [polygon for polygon in out if abs(ring_area(polygon[0])) >= 4 * tolerance_deg**2]
    return large or out


def _simplified_outline(ref: str, tolerance_deg: float) -> list[Polygon]:
    out = []
    for part in shapely.get_parts(areas.outline(ref)):
        size = max(part.bounds[2] - part.bounds[0], part.bounds[3] - part.bounds[1])
        limit = min(tolerance_deg, size / 40)
        rings = (part.exterior, *part.interiors)
        out.append([shapely.get_coordinates(shapely.simplify(ring, limit)) for ring in rings])
    return out


def _nested(rings: Sequence[Coordinates]) -> list[Polygon]:
    """Rings as polygons: those that turn like the largest are shells, the others are holes of what is around them."""
    rings = sorted((ring for ring in rings if len(ring) >= 4), key=lambda ring: -abs(ring_area(ring)))
    if not rings:
        return []
    turn = ring_area(rings[0]) > 0
    polygons: list[Polygon] = [[ring] for ring in rings if (ring_area(ring) > 0) == turn]
    for hole in rings:
        if (ring_area(hole) > 0) != turn:
            low, high = hole.min(axis=0), hole.max(axis=0)
            around = [
                polygon
                for polygon in polygons
                if (polygon[0].min(axis=0) <= low).all() and (polygon[0].max(axis=0) >= high).all()
            ]
            (around[-1] if around else polygons[0]).append(hole)
    return polygons


def _outer_arcs(ref: str) -> list[int] | None:
    """Signed arcs round an area that is made of whole units; None for any other."""
    names = areas.objects_of(ref)
    if names is None:
        return None
    topology = packed.load("world")
    signed: set[int] = set()
    for name in names:
        item = packed.objects()[name]
        first, last = topology.ring_at[topology.polygon_at[item]], topology.ring_at[topology.polygon_at[item + 1]]
        for arc in topology.arc[topology.arc_at[first] : topology.arc_at[last]].tolist():
            if ~arc in signed:
                signed.remove(~arc)
            else:
                signed.add(arc)
    return sorted(signed)


def _stitched(topology: Topology, arcs: Sequence[int]) -> list[list[int]]:
    """Signed arcs put together into closed rings."""

    def end(arc: int, last: bool) -> tuple[int, int]:
        line = topology.line(arc)
        x, y = line[-1 if last else 0]
        return int(x), int(y)

    starts: dict[tuple[int, int], list[int]] = {}
    for arc in arcs:
        starts.setdefault(end(arc, False), []).append(arc)
    rings = []
    for first in arcs:
        if first not in starts.get(end(first, False), ()):
            continue
        ring, arc = [], first
        while True:
            starts[end(arc, False)].remove(arc)
            ring.append(arc)
            onward = starts.get(end(arc, True))
            if end(arc, True) == end(first, False) or not onward:
                break
            arc = onward[-1]
        rings.append(ring)
    return rings


def world(bounds: Sequence[float] | None = None) -> list[Polygon]:
    """Coarse land (about 20 km) for an overview of at most a few hundred pixels; clipped if bounds are given."""
    topology = packed.load("overview")
    if bounds is None:
        return [[topology.ring(arcs) for arcs in topology.rings(p)] for p in topology.polygons(0)]
    west, south, east, north = unwrapped(bounds)
    out: list[Polygon] = []
    windows = _windows(west, east)
    for a, b, shift in windows:
        out += _shifted(_Simplified(topology, (a, south, b, north), 0.0).polygons(0), shift)
    return _joined(out) if len(windows) > 1 else out


def unwrapped(bounds: Sequence[float]) -> Bounds:
    """Bounds with west in -180..180 and east above it. Raises ValueError where they have no extent."""
    west, south, east, north = (float(v) for v in bounds)
    if west > east:
        east += 360.0
    if not (west < east <= west + 360.0 and -90.0 <= south < north <= 90.0):
        raise ValueError(f"bounds {tuple(bounds)} are not west, south, east, north with some extent")
    turn = 360.0 * np.floor((west + 180.0) / 360.0)
    return float(west - turn), south, float(east - turn), north


def _windows(west: float, east: float) -> list[tuple[float, float, float]]:
    """The frame in pieces within -180..180, each with the turn that moves it to where the frame is."""
    out = []
    for shift in (0.0, 360.0, 720.0):
        a, b = max(west - shift, -180.0), min(east - shift, 180.0)
        if a < b:
            out.append((a, b, shift))
    return out


def _shifted(polygons: Iterable[Polygon], shift: float) -> list[Polygon]:
    return [[ring + (shift, 0.0) for ring in p] for p in polygons] if shift else list(polygons)


def _shifted_lines(lines: Iterable[Coordinates], shift: float) -> list[Coordinates]:
    return [line + (shift, 0.0) for line in lines] if shift else list(lines)


def _province_arcs(world: Topology, countries: Sequence[str]) -> NDArray[np.bool_]:
    """By arc: whether it divides provinces of one of these countries (or of land that one of them claims)."""
    if not countries:
        return np.zeros(len(world.start) - 1, bool)
    claimed = {case["id"] for case in packed.cases() if set(case["claimants"]) & set(countries)}
    mine = np.zeros(len(world.head["objects"]) + 1, bool)
    for n, unit in enumerate(world.head["owners"]):
        mine[n] = unit in countries or unit in claimed
    out: NDArray[np.bool_] = mine[world.extra["left"]]
    return out


class _Simplified:
    """The arcs of a topology that meet a window, simplified; everything else stays as it is stored."""

    def __init__(self, topology: Topology, window: Bounds, tolerance_deg: float) -> None:
        self.topology, self.window = topology, window
        q = topology.q
        west, south, east, north = (v * q for v in window)
        box = topology.boxes
        meets = (box[:, 0] <= east) & (box[:, 2] >= west) & (box[:, 1] <= north) & (box[:, 3] >= south)
        self.arcs: NDArray[np.int64] = np.flatnonzero(meets)
        self.smallest = 4.0 * tolerance_deg**2
        sizes = np.diff(topology.start)[self.arcs]
        rows = np.repeat(topology.start[self.arcs] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        coordinates = topology.points[rows] / q
        owner = np.repeat(np.arange(len(self.arcs)), sizes)
        if tolerance_deg and len(self.arcs):
            strings = shapely.linestrings(coordinates, indices=owner)
            strings = shapely.simplify(strings, tolerance_deg, preserve_topology=False)
            coordinates, owner = shapely.get_coordinates(strings, return_index=True)
        self.coordinates: Coordinates = coordinates
        self.at = np.searchsorted(owner, np.arange(len(self.arcs) + 1))
        self.where = np.full(len(topology.start) - 1, -1, np.int64)
        self.where[self.arcs] = np.arange(len(self.arcs))

    def line(self, arc: int) -> Coordinates:
        number = arc if arc >= 0 else ~arc
        here = int(self.where[number])
        if here < 0:
            return self.topology.degrees(arc)
        line = self.coordinates[self.at[here] : self.at[here + 1]]
        return line if arc >= 0 else line[::-1]

    def ring(self, arcs: Sequence[int]) -> Coordinates:
        lines = [self.line(arc) for arc in arcs]
        if len(lines) == 1:
            return lines[0]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])

    def numbered_polygons(self, item: int) -> list[tuple[Polygon, int]]:
        """Polygons of an object, clipped to the window, with their numbers within the object."""
        topology = self.topology
        first, last = int(topology.polygon_at[item]), int(topology.polygon_at[item + 1])
        boxes = topology.shell_boxes[first:last]
        west, south, east, north = (v * topology.q for v in self.window)
        meets = (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)
        out = []
        for number in np.flatnonzero(meets).tolist():
            rings = topology.rings(first + number)
            if len(rings) > 1:
                span = topology.ring_at[first + number : first + number + 2]
                holes = topology.ring_boxes(np.arange(span[0], span[1]))
                near = (holes[:, 0] < east) & (holes[:, 2] > west) & (holes[:, 1] < north) & (holes[:, 3] > south)
                rings = [ring for ring, hit in zip(rings, near, strict=True) if hit]
            polygon: Polygon = []
            for n, arcs in enumerate(rings):
                ring = clip_ring(self.ring(arcs.tolist()), self.window)
                if len(ring) >= 4 and abs(ring_area(ring)) >= self.smallest:
                    polygon.append(ring)
                elif n == 0:
                    break
            if polygon:
                out.append((polygon, number))
        return out

    def polygons(self, item: int) -> list[Polygon]:
        return [polygon for polygon, _ in self.numbered_polygons(item)]

    def lines(self, arcs: Iterable[int]) -> list[Coordinates]:
        """Arcs joined end to end where just two meet, clipped to the window."""
        strings = [shapely.linestrings(self.line(int(arc))) for arc in arcs]
        if not strings:
            return []
        merged = shapely.line_merge(shapely.multilinestrings(strings))
        clipped = shapely.clip_by_rect(merged, *self.window)
        parts = [shapely.get_coordinates(part) for part in shapely.get_parts(clipped) if part.length > 0]
        return sorted(parts, key=lambda line: (-len(line), *line[0].tolist(), *line[-1].tolist()))


def _joined(polygons: list[Polygon]) -> list[Polygon]:
    """Polygons that touch along ±180 made one."""
    shapes = [shapely.make_valid(shapely.Polygon(p[0], p[1:])) for p in polygons]
    union = shapely.union_all(shapes)
    return [
        [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(union)
        if part.geom_type == "Polygon"
    ]


# ---------------------------------------------------------------- for labels


def country_spots(boxes: Sequence[Sequence[float]], codes: Sequence[str] | None = None) -> dict[str, list[Spot | None]]:
    """For every country that meets a box, one spot for each box, or None where it does not.

    Keys are ISO 3166-1 alpha-2 codes for the undisputed part of a country and `case:ID` for a disputed territory that
    has a name of its own (see `case_names`). Sorted by key. `codes` limits the answer to these keys.
    """
    labelled = {f"case:{case['id']}" for case in packed.cases() if case["label"] and case["drawn"]}
    numbers = {
        name.removeprefix("country:"): number
        for name, number in packed.objects().items()
        if name.startswith("country:") or name in labelled
    }
    return _spots(numbers, boxes, codes)


def province_spots(
    countries: Sequence[str], boxes: Sequence[Sequence[float]], units: Sequence[str] | None = None
) -> dict[str, list[Spot | None]]:
    """The same for the provinces of some countries, by unit id (see `province_names`)."""
    world = packed.load("world")
    owners = world.head["owners"]
    numbers = {world.head["objects"][n]: n for n, owner in enumerate(owners) if owner in countries}
    return _spots(numbers, boxes, units)


def case_names(case: str) -> Mapping[str, str]:
    """Names by language of a disputed territory; `case` with or without `case:` before it. Raises KeyError."""
    for record in packed.cases():
        if record["id"] == case.removeprefix("case:"):
            names: Mapping[str, str] = record["names"]
            return names
    raise KeyError(case)


def province_names(unit: str) -> Mapping[str, str]:
    """Names by language of a unit. Raises KeyError for an id that the data does not have."""
    number = packed.objects()[unit]
    names: Mapping[str, str] = packed.units()[number]["names"]
    return names


def _spots(
    numbers: Mapping[str, int], boxes: Sequence[Sequence[float]], only: Sequence[str] | None
) -> dict[str, list[Spot | None]]:
    frames = [unwrapped(box) for box in boxes]
    out: dict[str, list[Spot | None]] = {}
    names = sorted(n for n in numbers if only is None or n in only)
    for at, frame in enumerate(frames):
        tolerance = (frame[2] - frame[0]) / 400
        for a, b, shift in _windows(frame[0], frame[2]):
            part = _Simplified(packed.load("world"), (a, frame[1], b, frame[3]), tolerance)
            for name in names:
                spot = _largest(part.polygons(numbers[name]), tolerance)
                if spot is None:
                    continue
                row = out.setdefault(name, [None] * len(frames))
                held = row[at]
                if held is None or spot.room > held.room:
                    row[at] = Spot(spot.lon + shift, spot.lat, spot.room)
    return dict(sorted(out.items()))


def _largest(polygons: Sequence[Polygon], tolerance: float) -> Spot | None:
    """The largest circle on the Mercator map in any of the two largest polygons."""
    best: Spot | None = None
    for polygon in sorted(polygons, key=lambda p: -abs(ring_area(p[0])))[:2]:
        if abs(ring_area(polygon[0])) < 25 * tolerance**2:
            continue
        shape = shapely.make_valid(shapely.Polygon(_mercator(polygon[0]), [_mercator(ring) for ring in polygon[1:]]))
        parts = [p for p in shapely.get_parts(shape) if p.geom_type in ("Polygon", "MultiPolygon")]
        if not parts:
            continue
        largest = max((q for p in parts for q in shapely.get_parts(p)), key=lambda p: p.area)
        radius = shapely.maximum_inscribed_circle(largest, tolerance=2 * tolerance)
        (x, y), _ = shapely.get_coordinates(radius)
        if best is None or radius.length > best.room:
            lat = float(np.degrees(np.arctan(np.sinh(np.radians(y)))))
            best = Spot(float(x), lat, float(radius.length))
    return best


def _mercator(ring: Coordinates) -> Coordinates:
    out = ring.copy()
    out[:, 1] = np.degrees(np.arcsinh(np.tan(np.radians(np.clip(ring[:, 1], -85.0, 85.0)))))
    return out


# ---------------------------------------------------------------- packing for the page


def encode(layers: Sequence[tuple[str, str, Sequence[Any]]], q: int = 10_000) -> dict[str, Any]:
    """Layers as the page's `Base`: `{q, layers, data}`, the same bytes for the same input.

    A layer is (name, "polygon" or "line", geometries). A polygon is a list of closed rings, the shell first, or a
    shapely Polygon or MultiPolygon; a line is a sequence of (lon, lat) in degrees, or a shapely line. Points are
    rounded to 1 / `q` degree; a point that falls on the one before it goes, then lines of one point and rings of
    fewer than three corners; a polygon goes with its shell. Raises ValueError for another type of layer.
    """
    heads: list[dict[str, Any]] = []
    lines: list[NDArray[np.int64]] = []
    for name, kind, geometries in layers:
        if kind == "polygon":
            parts = []
            for polygon in _as_polygons(geometries):
                rings = [_on_grid(ring, q) for ring in polygon]
                if len(rings[0]) < 4:
                    continue
                kept = [ring for ring in rings if len(ring) >= 4]
                parts.append(len(kept))
                lines += kept
            heads.append({"name": name, "type": "polygon", "parts": parts})
        elif kind == "line":
            kept = [line for line in (_on_grid(line, q) for line in _as_lines(geometries)) if len(line) >= 2]
            heads.append({"name": name, "type": "line", "parts": [len(kept)]})
            lines += kept
        else:
            raise ValueError(f"layer {name!r} is {kind!r}; it must be 'polygon' or 'line'")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    raw = packer.compress(_varints(lines)) + packer.flush()
    return {"q": q, "layers": heads, "data": base64.b64encode(raw).decode("ascii")}


def _as_polygons(geometries: Iterable[Any]) -> Iterable[list[Any]]:
    for item in geometries:
        if isinstance(item, shapely.Geometry):
            for part in shapely.get_parts(item):
                yield [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
        else:
            yield list(item)


def _as_lines(geometries: Iterable[Any]) -> Iterable[Any]:
    for item in geometries:
        if isinstance(item, shapely.Geometry):
            for part in shapely.get_parts(item):
                yield shapely.get_coordinates(part)
        else:
            yield item


def _on_grid(line: Any, q: int) -> NDArray[np.int64]:
    points = np.rint(np.asarray(line, np.float64)[:, :2] * q).astype(np.int64)
    if len(points) < 2:
        return points
    keep = np.ones(len(points), bool)
    keep[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[keep]


def _varints(lines: Sequence[NDArray[np.int64]]) -> bytes:
    """For each line its number of points, then zigzag deltas; every number in base 128, the low digits first."""
    parts = []
    for line in lines:
        step = np.diff(line, axis=0, prepend=np.zeros((1, 2), np.int64))
        parts += [np.array([len(line)], np.int64), ((step << 1) ^ (step >> 63)).ravel()]
    if not parts:
        return b""
    numbers = np.concatenate(parts)
    digits = np.stack([(numbers >> (7 * n)) & 127 for n in range(5)], axis=1).astype(np.uint8)
    length = np.ones(len(numbers), np.int64)
    for n in range(1, 5):
        length += numbers >= 1 << (7 * n)
    place = np.arange(5)
    digits[place < (length - 1)[:, None]] |= 128
    return digits[place < length[:, None]].tobytes()
