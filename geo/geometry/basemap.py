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
from geo.geometry.detail import Bounds, Polygon, Window, detail, unwrapped, windows
from geo.geometry.packed import Coordinates, Topology
from geo.geometry.rings import clip_ring, ring_area

WIDE = 0.03
"""From this tolerance in degrees on, the detail of a frame is coarse (see `Detail`): the frame is more than 85° wide."""
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


def clip(
    bounds: Sequence[float], tolerance_deg: float, provinces_of: Sequence[str] = (), least_water_deg: float = 0.0
) -> ClippedBase:
    """What lies within `bounds`, simplified by `tolerance_deg` (Douglas-Peucker, in degrees; 0 = as stored, 500 m).

    `provinces_of` lists the countries (ISO 3166-1 alpha-2) whose province borders are wanted. Islands and lakes
    smaller than four square tolerances are dropped, so are courses of rivers shorter than `least_water_deg`, and lakes
    smaller than a square of a quarter of it. Bounds may cross ±180; what lies on both sides is joined there.
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
    kind = world.extra["kind"]
    coarse = tolerance_deg >= WIDE
    pieces = windows(west, east)
    for a, b, shift in pieces:
        window = (a, south, b, north)
        part = Window(detail("world", tolerance_deg, coarse), window)
        land += _shifted((found.rings for found in part.polygons([packed.objects()["land"]])), shift)
        part.detail.want(np.flatnonzero(part.near & ((kind == COUNTRY) | (kind == DISPUTED))))
        for which, out in lines.items():
            arcs = np.flatnonzero(part.near & (kind == which))
            if which == PROVINCE:
                arcs = arcs[wanted[arcs]]
            out += _shifted_lines(part.lines(arcs), shift)
        water = Window(detail("waters", tolerance_deg, coarse), window)
        for found in water.polygons([0], max(4 * tolerance_deg**2, (least_water_deg / 4) ** 2)):
            named = waters.head["lakes"][found.number]
            names = waters.head["lake_names"][named] if named >= 0 else {}
            lakes += [Lake(names, polygon) for polygon in _shifted([found.rings], shift)]
        first = waters.head["first_river"]
        river = np.array(waters.head["rivers"], np.int64)
        arcs = np.flatnonzero(water.near)
        arcs = arcs[arcs >= first]
        water.detail.want(arcs)
        for name in sorted(set(river[arcs - first].tolist())):
            mine = arcs[river[arcs - first] == name]
            courses = [line for line in water.lines(mine) if _reach(line) >= least_water_deg]
            rivers.setdefault(name, []).extend(_shifted_lines(courses, shift))
    if len(pieces) > 1:
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


def _reach(line: Coordinates) -> float:
    """How long a line is, in degrees."""
    return float(np.hypot(*np.diff(line, axis=0).T).sum())


def clip_outline(ref: str, bounds: Sequence[float], tolerance_deg: float) -> list[Polygon]:
    """The area that `ref` names (see `areas.outline`) as polygons of a layer, clipped and simplified like `clip`.

    An area of whole units is made of the same simplified arcs as the map's borders and coasts, so they coincide.
    Any other area is simplified as a whole. Nothing in the bounds gives an empty list; parts of less than four square
    tolerances are left out, unless there are no others.
    """
    west, south, east, north = unwrapped(bounds)
    arcs = _outer_arcs(ref)
    out: list[Polygon] = []
    if arcs is None:
        polygons = _simplified_outline(ref, tolerance_deg)
    else:
        mine = detail("world", tolerance_deg, tolerance_deg >= WIDE)
        mine.want(np.array([arc if arc >= 0 else ~arc for arc in arcs], np.int64))
        polygons = _nested([mine.ring(ring) for ring in _stitched(mine.topology, arcs)])
    for a, b, shift in windows(west, east):
        for polygon in polygons:
            pieces = [clip_ring(ring, (a, south, b, north)) for ring in polygon]
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


def world(bounds: Sequence[float] | None = None, tolerance_deg: float = 0.0) -> list[Polygon]:
    """Coarse land (about 20 km) for an overview of at most a few hundred pixels; clipped if bounds are given.

    A tolerance above that of the data, 0.17°, makes it coarser yet.
    """
    topology = packed.load("overview")
    if bounds is None:
        return [[topology.ring(arcs) for arcs in topology.rings(p)] for p in topology.polygons(0)]
    tolerance_deg = tolerance_deg if tolerance_deg > 0.17 else 0.0
    west, south, east, north = unwrapped(bounds)
    out: list[Polygon] = []
    pieces = windows(west, east)
    for a, b, shift in pieces:
        part = Window(detail("overview", tolerance_deg), (a, south, b, north))
        out += _shifted((found.rings for found in part.polygons([0])), shift)
    return _joined(out) if len(pieces) > 1 else out


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


def _joined(polygons: list[Polygon]) -> list[Polygon]:
    """Polygons of which some touch along ±180: those made one."""
    out: list[Polygon] = []
    touching: list[Polygon] = []
    for polygon in polygons:
        x = polygon[0][:, 0]
        seam = (x == 180.0) | (x == -180.0) | (x == 540.0)
        (touching if seam.any() else out).append(polygon)
    shapes = [areas.sound(shapely.Polygon(p[0], p[1:])) for p in touching]
    joined = shapely.get_parts(shapely.union_all(shapes))
    return out + [[shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)] for part in joined]


# ---------------------------------------------------------------- packing for the page


def encode(layers: Sequence[tuple[str, str, Sequence[Any]]], q: int = 10_000) -> dict[str, Any]:
    """Layers as the page's `Base`: `{q, layers, data}`, the same bytes for the same input.

    A layer is (name, "polygon" or "line", geometries). A polygon is a list of closed rings, the shell first, or a
    shapely Polygon or MultiPolygon; a line is a sequence of (lon, lat) in degrees, or a shapely line. Points are
    rounded to 1 / `q` degree; a point that falls on the one before it goes, then lines of one point and rings of
    fewer than three corners; a polygon goes with its shell. Raises ValueError for another type of layer.
    """
    parts: list[tuple[str, str, list[list[Any]]]] = []
    for name, kind, geometries in layers:
        if kind not in ("polygon", "line"):
            raise ValueError(f"layer {name!r} is {kind!r}; it must be 'polygon' or 'line'")
        parts.append((name, kind, [*_as_polygons(geometries)] if kind == "polygon" else [[*_as_lines(geometries)]]))
    lines = iter(_on_grid([line for _, _, polygons in parts for polygon in polygons for line in polygon], q))
    heads: list[dict[str, Any]] = []
    kept: list[NDArray[np.int64]] = []
    for name, kind, polygons in parts:
        least = 4 if kind == "polygon" else 2
        counts = []
        for polygon in polygons:
            on_grid = [next(lines) for _ in polygon]
            # A polygon goes with its shell.
            if kind == "polygon" and len(on_grid[0]) < least:
                continue
            large = [line for line in on_grid if len(line) >= least]
            counts.append(len(large))
            kept += large
        heads.append({"name": name, "type": kind, "parts": counts})
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    raw = packer.compress(_varints(kept)) + packer.flush()
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


def _on_grid(lines: Sequence[Any], q: int) -> list[NDArray[np.int64]]:
    """Lines in whole units of 1 / `q` degree; a point that falls on the one before it goes."""
    if not lines:
        return []
    arrays = [np.asarray(line, np.float64)[:, :2] for line in lines]
    sizes = np.array([len(line) for line in arrays])
    points = np.rint(np.concatenate(arrays) * q).astype(np.int64)
    keep = np.ones(len(points), bool)
    keep[1:] = (points[1:, 0] != points[:-1, 0]) | (points[1:, 1] != points[:-1, 1])
    first = np.cumsum(sizes) - sizes
    keep[first[sizes > 0]] = True
    stops = np.concatenate([[0], np.cumsum(keep)])[first[1:]].tolist()
    points = points[keep]
    return [points[a:b] for a, b in zip([0, *stops], [*stops, len(points)], strict=True)]


def _varints(lines: Sequence[NDArray[np.int64]]) -> bytes:
    """For each line its number of points, then zigzag deltas; every number in base 128, the low digits first."""
    if not lines:
        return b""
    sizes = np.array([len(line) for line in lines], np.int64)
    first = np.cumsum(sizes) - sizes
    points = np.concatenate(lines)
    step = np.diff(points, axis=0, prepend=np.zeros((1, 2), np.int64))
    step[first] = points[first]
    numbers = np.insert(((step << 1) ^ (step >> 63)).ravel(), 2 * first, sizes)
    digits = np.stack([(numbers >> (7 * n)) & 127 for n in range(5)], axis=1).astype(np.uint8)
    length = np.ones(len(numbers), np.int64)
    for n in range(1, 5):
        length += numbers >= 1 << (7 * n)
    place = np.arange(5)
    digits[place < (length - 1)[:, None]] |= 128
    return digits[place < length[:, None]].tobytes()
