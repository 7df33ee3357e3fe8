"""Arcs of a topology at the detail of a frame, and the polygons that are made of them.

Each arc is simplified by itself with fixed ends, so that an outline, a border and a coast that run together still coincide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.geometry import packed
from geo.geometry.packed import Coordinates, Integers, Topology
from geo.geometry.rings import clip_ring, ring_area

Bounds = tuple[float, float, float, float]
"""West, south, east, north in degrees; a box over ±180 is either unwrapped (east > 180) or has west > east."""
Polygon = list[Coordinates]
"""Closed rings (last point = first), the shell first."""

@lru_cache(maxsize=8)
def detail(name: str, tolerance_deg: float, coarse: bool = False) -> Detail:
    """The arcs of `world`, `waters` or `overview` at one tolerance; shared by all that is drawn of a frame."""
    return Detail(packed.load(name), tolerance_deg, coarse)


class Detail:
    """Arcs of a topology, simplified (Douglas-Peucker, in degrees; 0 = as stored) when they are first asked for.

    `coarse` first leaves out points that share a cell of half the tolerance with the one before: not so well chosen, but there
    are far fewer to choose from, which is what a frame half as wide as the world asks for.
    """

    def __init__(self, topology: Topology, tolerance_deg: float, coarse: bool = False) -> None:
        self.topology, self.tolerance, self.coarse = topology, tolerance_deg, coarse
        self.smallest = 4.0 * tolerance_deg**2
        """Square degrees of the smallest ring that is kept."""
        self.coordinates: Coordinates = np.empty((0, 2))
        self.begin: Integers = np.full(len(topology.start) - 1, -1, np.int64)
        self.end: Integers = self.begin.copy()

    def want(self, arcs: Integers) -> None:
        """Has these arcs ready, all at once."""
        missing = np.unique(arcs[self.begin[arcs] < 0])
        if not len(missing):
            return
        topology, tolerance = self.topology, self.tolerance
        sizes = np.diff(topology.start)[missing]
        rows = _ranges(topology.start[missing], sizes)
        owner = np.repeat(np.arange(len(missing)), sizes)
        if tolerance:
            keep = np.ones(len(rows), bool)
            boxes = topology.boxes[missing]
            # Where the whole arc lies within the tolerance of its chord there is nothing to work out.
            short = np.hypot(*(boxes[:, 2:] - boxes[:, :2]).T.astype(float)) <= tolerance * topology.q
            keep[short[owner]] = False
            if self.coarse:
                cell = topology.points[rows] // max(1, round(tolerance * topology.q / 2))
                keep[1:] &= (cell[1:] != cell[:-1]).any(axis=1)
            last = np.cumsum(sizes) - 1
            keep[last] = keep[last - sizes + 1] = True
            rows, owner = rows[keep], owner[keep]
        coordinates = topology.points[rows] / topology.q
        if tolerance:
            strings = shapely.linestrings(coordinates, indices=owner)
            strings = shapely.simplify(strings, tolerance, preserve_topology=False)
            coordinates, owner = shapely.get_coordinates(strings, return_index=True)
        at = np.searchsorted(owner, np.arange(len(missing) + 1)) + len(self.coordinates)
        self.begin[missing], self.end[missing] = at[:-1], at[1:]
        self.coordinates = np.concatenate([self.coordinates, coordinates]) if len(self.coordinates) else coordinates

    def line(self, arc: int) -> Coordinates:
        """Points of arc `n`, or of arc `~n` backwards; the arc was wanted."""
        if arc >= 0:
            return self.coordinates[self.begin[arc] : self.end[arc]]
        return self.coordinates[self.begin[~arc] : self.end[~arc]][::-1]

    def ring(self, arcs: Iterable[int]) -> Coordinates:
        lines = [self.line(arc) for arc in arcs]
        if len(lines) == 1:
            return lines[0]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])


class Part(NamedTuple):
    """One polygon of an object, as a window shows it."""

    item: int
    number: int
    """Of the polygon, in its topology."""
    whole: bool
    """Whether all of it lies in the window."""
    rings: Polygon


class Window:
    """What of a topology meets a box within -180..180, at one detail."""

    def __init__(self, detail: Detail, bounds: Bounds) -> None:
        self.detail, self.bounds = detail, bounds
        self.box = tuple(v * detail.topology.q for v in bounds)
        self.near: NDArray[np.bool_] = self._meets(detail.topology.boxes, edge=True)
        """By arc: whether its box touches the window."""

    def _meets(self, boxes: NDArray[np.int32], edge: bool = False) -> NDArray[np.bool_]:
        west, south, east, north = self.box
        if edge:
            return (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        return (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)

    def polygons(self, items: Sequence[int], least: float | None = None) -> Iterator[Part]:
        """Polygons of some objects, clipped to the window.

        Ordered by object, then number. What is smaller than `least` square degrees (four square tolerances) is left out.
        """
        topology, detail = self.detail.topology, self.detail
        smallest = detail.smallest if least is None else least
        number, owner = self._candidates(np.asarray(items, np.int64), smallest)
        if not len(number):
            return
        first, last = topology.ring_at[number], topology.ring_at[number + 1]
        rings = _ranges(first, last - first)
        boxes = topology.ring_boxes(rings)
        of = np.repeat(np.arange(len(number)), last - first)
        # A ring that is a hole is kept where it meets the window and is large enough; the shell is known to.
        kept = self._meets(boxes) & (self._area(boxes) >= detail.smallest)
        rings, boxes, of = rings[kept], boxes[kept], of[kept]
        sizes = topology.arc_at[rings + 1] - topology.arc_at[rings]
        arcs = topology.arc[_ranges(topology.arc_at[rings], sizes)].astype(np.int64)
        bare = np.where(arcs < 0, ~arcs, arcs)
        detail.want(bare[self.near[bare]])
        west, south, east, north = self.box
        inside = (boxes[:, 0] >= west) & (boxes[:, 2] <= east) & (boxes[:, 1] >= south) & (boxes[:, 3] <= north)
        parts = np.cumsum(sizes).tolist()
        polygon: Polygon = []
        held = -1
        dropped = False
        uncut = False
        for n, (mine, whole) in enumerate(zip(of.tolist(), inside.tolist(), strict=True)):
            if mine != held:
                if polygon:
                    yield Part(int(owner[held]), int(number[held]), uncut, polygon)
                polygon, held, dropped, uncut = [], mine, False, whole
            if dropped:
                continue
            ring = self._ring(arcs[parts[n - 1] if n else 0 : parts[n]].tolist())
            if not whole:
                ring = clip_ring(ring, self.bounds)
            if len(ring) >= 4 and abs(ring_area(ring)) >= (detail.smallest if polygon else smallest):
                polygon.append(ring)
            else:
                # A polygon goes with its shell.
                dropped = not polygon
        if polygon:
            yield Part(int(owner[held]), int(number[held]), uncut, polygon)

    def _candidates(self, items: Integers, smallest: float) -> tuple[Integers, Integers]:
        """Polygons that may be drawn, and the object of each."""
        topology = self.detail.topology
        sizes = topology.polygon_at[items + 1] - topology.polygon_at[items]
        number, owner = _ranges(topology.polygon_at[items], sizes), np.repeat(items, sizes)
        boxes = topology.shell_boxes[number]
        may = self._meets(boxes) & (self._area(boxes) >= smallest)
        return number[may], owner[may]

    def _area(self, boxes: NDArray[np.int32]) -> NDArray[np.float64]:
        """Square degrees of what of the boxes lies in the window: no ring in them is larger."""
        west, south, east, north = self.box
        wide = np.minimum(boxes[:, 2], east) - np.maximum(boxes[:, 0], west)
        high = np.minimum(boxes[:, 3], north) - np.maximum(boxes[:, 1], south)
        area: NDArray[np.float64] = wide * high / self.detail.topology.q**2 * (1 + 1e-9)
        return area

    def _ring(self, arcs: Sequence[int]) -> Coordinates:
        """A ring whose arcs off the window are their chords: they lie on one side of it, and are cut off with it."""
        topology, detail = self.detail.topology, self.detail
        lines = []
        for arc in arcs:
            bare = arc if arc >= 0 else ~arc
            if self.near[bare]:
                lines.append(detail.line(arc))
            else:
                ends = topology.points[[topology.start[bare], topology.start[bare + 1] - 1]] / topology.q
                lines.append(ends if arc >= 0 else ends[::-1])
        if len(lines) == 1:
            return lines[0]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])

    def lines(self, arcs: Integers) -> list[Coordinates]:
        """Arcs joined end to end where just two meet, clipped to the window."""
        if not len(arcs):
            return []
        detail = self.detail
        detail.want(arcs)
        sizes = detail.end[arcs] - detail.begin[arcs]
        owner = np.repeat(np.arange(len(arcs)), sizes)
        strings = shapely.linestrings(detail.coordinates[_ranges(detail.begin[arcs], sizes)], indices=owner)
        merged = shapely.line_merge(shapely.multilinestrings(strings))
        clipped = shapely.get_parts(shapely.clip_by_rect(merged, *self.bounds))
        parts = [shapely.get_coordinates(part) for part in clipped[shapely.length(clipped) > 0]]
        return sorted(parts, key=lambda line: (-len(line), *line[0].tolist(), *line[-1].tolist()))


def _ranges(begin: Integers, sizes: Integers) -> Integers:
    """`begin[0]`, `begin[0] + 1` … for `sizes[0]` numbers, then the same for the next."""
    total = int(sizes.sum())
    return np.repeat(begin - (np.cumsum(sizes) - sizes), sizes) + np.arange(total)


def unwrapped(bounds: Sequence[float]) -> Bounds:
    """Bounds with west in -180..180 and east above it. Raises ValueError where they have no extent."""
    west, south, east, north = (float(v) for v in bounds)
    if west > east:
        east += 360.0
    if not (west < east <= west + 360.0 and -90.0 <= south < north <= 90.0):
        raise ValueError(f"bounds {tuple(bounds)} are not west, south, east, north with some extent")
    turn = 360.0 * np.floor((west + 180.0) / 360.0)
    return float(west - turn), south, float(east - turn), north


def windows(west: float, east: float) -> list[tuple[float, float, float]]:
    """The frame in pieces within -180..180, each with the turn that moves it to where the frame is."""
    out = []
    for shift in (0.0, 360.0, 720.0):
        a, b = max(west - shift, -180.0), min(east - shift, 180.0)
        if a < b:
            out.append((a, b, shift))
    return out
