"""Arcs of a topology at the detail of a frame, and the polygons that are made of them.

Each arc is simplified by itself with fixed ends, so that an outline, a border and a coast that run together still coincide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
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
def detail(name: str, tolerance_deg: float, coarse: bool = False, finer_deg: float = 0.0) -> Detail:
    """The arcs of `world`, `waters` or `overview` at one tolerance; shared by all that is drawn of a frame.

    `finer_deg` is the tolerance of a coarse detail to start from, 0 the data as they are.
    """
    return Detail(packed.load(name), tolerance_deg, coarse, detail(name, finer_deg, True) if finer_deg else None)


class Detail:
    """Arcs of a topology, simplified (Douglas-Peucker, in degrees; 0 = as stored) when they are first asked for.

    `coarse` first leaves out points that share a cell of about half the tolerance with the one before: not so well chosen, but
    there are far fewer to choose from, which is what a frame half as wide as the world asks for. `finer` is where to begin.
    """

    def __init__(self, topology: Topology, tolerance_deg: float, coarse: bool = False, finer: Detail | None = None) -> None:
        self.topology, self.tolerance, self.coarse, self.finer = topology, tolerance_deg, coarse, finer
        self.smallest = 4.0 * tolerance_deg**2
        """Square degrees of the smallest ring that is kept."""
        self.coordinates: Coordinates = np.empty((0, 2))
        self.begin: Integers = np.full(len(topology.start) - 1, -1, np.int64)
        self.size: Integers = np.zeros(len(topology.start) - 1, np.int64)
        """Arc `n` has the points `coordinates[begin[n] : begin[n] + size[n]]`; -1 before it was wanted."""

    def want(self, arcs: Integers) -> None:
        """Has these arcs ready, all at once."""
        asked = np.zeros(len(self.begin), bool)
        asked[arcs] = True
        missing = np.flatnonzero(asked & (self.begin < 0))
        if not len(missing):
            return
        boxes = self.topology.boxes[missing]
        # Where the whole arc lies within the tolerance of its chord there is nothing to work out.
        reach = np.hypot(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
        short = (reach <= self.tolerance * self.topology.q) & (self.tolerance > 0)
        if short.any():
            chords = missing[short]
            self._add(chords, self.ends[chords].reshape(-1, 2), np.full(len(chords), 2))
            missing = missing[~short]
        if len(missing):
            points, sizes = self._stored(missing)
            if self.tolerance:
                lines = shapely.linestrings(points, indices=np.repeat(np.arange(len(missing)), sizes))
                lines = shapely.simplify(lines, self.tolerance, preserve_topology=False)
                points, sizes = shapely.get_coordinates(lines), shapely.get_num_coordinates(lines)
            self._add(missing, points, sizes)

    def _stored(self, arcs: Integers) -> tuple[Coordinates, Integers]:
        """Points to choose from, and how many each arc has."""
        if self.finer:
            self.finer.want(arcs)
            sizes = self.finer.size[arcs]
            return self.finer.coordinates[ranges(self.finer.begin[arcs], sizes)], sizes
        points, start = self._thinned if self.coarse else (self.topology.points, self.topology.start)
        sizes = start[arcs + 1] - start[arcs]
        return points[ranges(start[arcs], sizes)] / self.topology.q, sizes

    @cached_property
    def _thinned(self) -> tuple[NDArray[np.int32], Integers]:
        """Points of all arcs but those in the cell of the one before, and where each arc starts."""
        points, start = self.topology.points, self.topology.start
        cell = points >> max(1, int(np.log2(self.tolerance * self.topology.q)) - 1)
        keep = np.ones(len(points), bool)
        keep[1:] = (cell[1:, 0] != cell[:-1, 0]) | (cell[1:, 1] != cell[:-1, 1])
        keep[start[:-1]] = keep[start[1:] - 1] = True
        return points[keep], np.concatenate([[0], np.cumsum(keep)])[start]

    def _add(self, arcs: Integers, points: Coordinates, sizes: Integers) -> None:
        self.begin[arcs] = np.cumsum(sizes) - sizes + len(self.coordinates)
        self.size[arcs] = sizes
        self.coordinates = np.concatenate([self.coordinates, points])

    @cached_property
    def ends(self) -> Coordinates:
        """First and last point of every arc; shape (arcs, 2, 2)."""
        start = self.topology.start
        return self.topology.points[np.stack([start[:-1], start[1:] - 1], axis=1)] / self.topology.q

    def rings(self, arcs: Integers, counts: Integers, near: NDArray[np.bool_]) -> list[Coordinates]:
        """Closed rings of `counts` signed arcs each. Those that are not `near` are drawn as their chords."""
        bare = np.where(arcs < 0, ~arcs, arcs)
        there = near[bare]
        self.want(bare[there])
        size = np.where(there, self.size[bare], 2)
        begin = np.where(there, self.begin[bare], 2 * bare)
        step = np.where(arcs < 0, -1, 1)
        begin = np.where(arcs < 0, begin + size - 1, begin)
        # Each arc begins where the one before it ends: but for the first of a ring, that point is there already.
        onward = np.ones(len(arcs), np.int64)
        first = np.cumsum(counts) - counts
        onward[first] = 0
        begin, size = begin + step * onward, size - onward
        total = np.cumsum(size)
        rows = np.repeat(begin - step * (total - size), size) + np.repeat(step, size) * np.arange(total[-1])
        if there.all():
            points = self.coordinates[rows]
        else:
            known = np.repeat(there, size)
            points = np.empty((len(rows), 2))
            points[known] = self.coordinates[rows[known]]
            points[~known] = self.ends.reshape(-1, 2)[rows[~known]]
        stops = total[first[1:] - 1].tolist()
        return [points[a:b] for a, b in zip([0, *stops], [*stops, len(points)], strict=True)]

    def line(self, arc: int) -> Coordinates:
        """Points of arc `n`, or of arc `~n` backwards; the arc was wanted."""
        if arc >= 0:
            return self.coordinates[self.begin[arc] : self.begin[arc] + self.size[arc]]
        return self.line(~arc)[::-1]

    def ring(self, arcs: Iterable[int]) -> Coordinates:
        """A closed ring of arcs that were wanted."""
        lines = [self.line(arc) for arc in arcs]
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
        rings = ranges(first, last - first)
        boxes = topology.ring_boxes(rings)
        of = np.repeat(np.arange(len(number)), last - first)
        # A ring that is a hole is kept where it meets the window and is large enough; the shell is known to.
        kept = self._meets(boxes) & (self._area(boxes) >= detail.smallest)
        rings, boxes, of = rings[kept], boxes[kept], of[kept]
        west, south, east, north = self.box
        inside = (boxes[:, 0] >= west) & (boxes[:, 2] <= east) & (boxes[:, 1] >= south) & (boxes[:, 3] <= north)
        counts = topology.arc_at[rings + 1] - topology.arc_at[rings]
        arcs = topology.arc[ranges(topology.arc_at[rings], counts)].astype(np.int64)
        polygon: Polygon = []
        held, uncut, dropped = -1, False, False
        for ring, mine, whole in zip(detail.rings(arcs, counts, self.near), of.tolist(), inside.tolist(), strict=True):
            if mine != held:
                if polygon:
                    yield Part(int(owner[held]), int(number[held]), uncut, polygon)
                polygon, held, uncut, dropped = [], mine, whole, False
            if dropped:
                continue
            cut = ring if whole else clip_ring(ring, self.bounds)
            if len(cut) >= 4 and abs(ring_area(cut)) >= (detail.smallest if polygon else smallest):
                polygon.append(cut)
            else:
                # A polygon goes with its shell.
                dropped = not polygon
        if polygon:
            yield Part(int(owner[held]), int(number[held]), uncut, polygon)

    def _candidates(self, items: Integers, smallest: float) -> tuple[Integers, Integers]:
        """Polygons that may be drawn, and the object of each."""
        topology = self.detail.topology
        sizes = topology.polygon_at[items + 1] - topology.polygon_at[items]
        number, owner = ranges(topology.polygon_at[items], sizes), np.repeat(items, sizes)
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

    def lines(self, arcs: Integers) -> list[Coordinates]:
        """Arcs joined end to end where just two meet, clipped to the window."""
        if not len(arcs):
            return []
        detail = self.detail
        detail.want(arcs)
        sizes = detail.size[arcs]
        owner = np.repeat(np.arange(len(arcs)), sizes)
        strings = shapely.linestrings(detail.coordinates[ranges(detail.begin[arcs], sizes)], indices=owner)
        merged = shapely.line_merge(shapely.multilinestrings(strings))
        clipped = shapely.get_parts(shapely.clip_by_rect(merged, *self.bounds))
        parts = [shapely.get_coordinates(part) for part in clipped[shapely.length(clipped) > 0]]
        return sorted(parts, key=lambda line: (-len(line), *line[0].tolist(), *line[-1].tolist()))


def ranges(begin: Integers, sizes: Integers) -> Integers:
    """`begin[0]`, `begin[0] + 1` … for `sizes[0]` numbers, then the same for the next."""
    total = int(sizes.sum())
    return np.repeat(begin - (np.cumsum(sizes) - sizes), sizes) + np.arange(total)


def unwrapped(bounds: Sequence[float]) -> Bounds:
    """Bounds with west in -180..180 and east above it. Raises ValueError where they have no extent."""
    west, south, east, north = (float(v) for v in bounds)
    if west > east:
        east += 360.0
    if west + 360.0 < east < west + 360.000_001:  # the whole turn, by the last digit of a sum
        east = west + 360.0
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
