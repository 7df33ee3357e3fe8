"""Opens the bundled topologies: gzip over one JSON header line and planes of little-endian integers.

`geo/data/build.py` writes them. Everything is decoded at once by numpy (about 30 ms for the world), so that
no part needs an index of its own.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
"""Shape (n, 2): longitude and latitude in degrees."""
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Topology:
    """Arcs as integer points in units of 1 / `q` degree, and objects made of them.

    Object `n` has polygons `polygon_at[n]` to `polygon_at[n + 1]`, polygon `p` rings `ring_at[p]` to
    `ring_at[p + 1]` (the shell first), ring `r` the arcs `arc[arc_at[r] : arc_at[r + 1]]`; `~i` is arc `i` backwards.
    Arc `i` has the points `points[start[i] : start[i + 1]]`.
    """

    head: dict[str, Any]
    q: int
    points: NDArray[np.int32]
    start: Integers
    extra: dict[str, NDArray[Any]]
    polygon_at: Integers
    ring_at: Integers
    arc_at: Integers
    arc: NDArray[np.int32]
    boxes: NDArray[np.int32] = field(repr=False)
    """Shape (arcs, 4): west, south, east, north of every arc, in units of 1 / `q` degree."""

    def line(self, n: int) -> NDArray[np.int32]:
        """Points of arc `n`, or of arc `~n` backwards if `n` is negative."""
        if n >= 0:
            return self.points[self.start[n] : self.start[n + 1]]
        return self.points[self.start[~n] : self.start[~n + 1]][::-1]

    def degrees(self, n: int) -> Coordinates:
        return self.line(n) / self.q

    def rings(self, polygon: int) -> list[NDArray[np.int32]]:
        """Signed arcs of each ring of a polygon, the shell's first."""
        first, last = self.ring_at[polygon], self.ring_at[polygon + 1]
        return [self.arc[self.arc_at[r] : self.arc_at[r + 1]] for r in range(first, last)]

    def polygons(self, item: int) -> range:
        return range(self.polygon_at[item], self.polygon_at[item + 1])

    @cached_property
    def shell_boxes(self) -> NDArray[np.int32]:
        """Boxes of all polygons, by their shells."""
        return self.ring_boxes(self.ring_at[:-1])

    def ring_boxes(self, rings: Integers) -> NDArray[np.int32]:
        """West, south, east, north of rings by number, in units of 1 / `q` degree; shape (rings, 4)."""
        out = np.empty((len(rings), 4), np.int32)
        if not len(rings):
            return out
        sizes = self.arc_at[rings + 1] - self.arc_at[rings]
        starts = np.cumsum(sizes) - sizes
        arcs = self.arc[np.repeat(self.arc_at[rings] - starts, sizes) + np.arange(sizes.sum())]
        boxes = self.boxes[np.where(arcs < 0, ~arcs, arcs)]
        out[:, :2] = np.minimum.reduceat(boxes[:, :2], starts)
        out[:, 2:] = np.maximum.reduceat(boxes[:, 2:], starts)
        return out

    def ring(self, arcs: NDArray[np.int32]) -> Coordinates:
        """A closed ring in degrees."""
        lines = [self.line(int(n)) for n in arcs]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])]) / self.q


def _offsets(counts: NDArray[Any]) -> Integers:
    out = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=out[1:])
    return out


def unpack(raw: bytes) -> Topology:
    """Decodes what `inflated` gives. Raises ValueError for anything that the build did not write."""
    at = raw.index(b"\n") + 1
    head = json.loads(raw[:at])
    arrays: dict[str, NDArray[Any]] = {}
    for name, code, count in head["arrays"]:
        dtype = np.dtype("<" + code)
        size = dtype.itemsize * count
        if at + size <= len(raw):
            planes = np.frombuffer(raw, np.uint8, size, at).reshape(dtype.itemsize, count)
            arrays[name] = np.empty(count, dtype)
            arrays[name].view(np.uint8).reshape(count, dtype.itemsize)[:] = planes.T
        at += size
    if at != len(raw):
        raise ValueError(f"the packed file has {len(raw)} bytes, its header says {at}")
    sizes = arrays.pop("size").astype(np.int64)
    start = _offsets(sizes)
    points = np.empty((int(start[-1]), 2), np.int32)
    inner = np.ones(len(points), bool)
    inner[start[:-1]] = False
    boxes = np.empty((len(sizes), 4), np.int32)
    for axis, name in enumerate("xy"):
        zigzag = arrays.pop(f"step_{name}").astype(np.int32)
        line = np.zeros(len(points), np.int32)
        line[inner] = (zigzag >> 1) ^ -(zigzag & 1)
        # A sum over all arcs may wrap round; what is left of it within an arc is right again.
        np.cumsum(line, dtype=np.int32, out=line)
        line += np.repeat(arrays.pop(f"first_{name}").astype(np.int32) - line[start[:-1]], sizes)
        points[:, axis] = line
        boxes[:, axis] = np.minimum.reduceat(line, start[:-1])
        boxes[:, axis + 2] = np.maximum.reduceat(line, start[:-1])
    return Topology(
        head=head,
        q=int(head["q"]),
        points=points,
        start=start,
        polygon_at=_offsets(arrays.pop("polygons")),
        ring_at=_offsets(arrays.pop("rings")),
        arc_at=_offsets(arrays.pop("arcs")),
        arc=arrays.pop("arc"),
        extra=arrays,
        boxes=boxes,
    )


def inflated(name: str) -> bytes:
    """What a gzip file of the bundled data holds: it ends with its length, so that it is unpacked in one go."""
    packed = (files("geo") / "data" / f"{name}.gz").read_bytes()
    return zlib.decompress(packed, 31, int.from_bytes(packed[-4:], "little"))


@cache
def load(name: str) -> Topology:
    """`world`, `waters` or `overview`, decoded once in a process."""
    return unpack(inflated(f"{name}.bin"))


@cache
def units() -> tuple[dict[str, Any], ...]:
    """The records of `units.json.gz`: id, country or case, gn, names by language; in the order of the objects."""
    return tuple(json.loads(b"".join(_lines())))


def unit(number: int) -> dict[str, Any]:
    """One of the `units`, without the others."""
    record: dict[str, Any] = json.loads(_lines()[number + 1].rstrip(b",\n"))
    return record


@cache
def _lines() -> list[bytes]:
    """A line for each unit, between those of the brackets."""
    return inflated("units.json").splitlines(keepends=True)


@cache
def objects() -> dict[str, int]:
    """Index of every object of the world by name: a unit's id, `country:XX`, `case:ID`, `land`."""
    return {name: n for n, name in enumerate(load("world").head["objects"])}


@cache
def cases() -> tuple[dict[str, Any], ...]:
    """The cases of `disputed.yaml`, in the form that the build put into the world's header."""
    return tuple(load("world").head["cases"])
