"""The base map and the outlines of a scene, in px of one picture: simplified to its scale and cut to its edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.geometry.mask import Mask
from geo.geometry.plane import EMPTY, MAX_LAT, Rect, join
from geo.geometry.rings import clip_ring, ring_area
from geo.geometry.thin import thin
from geo.geometry.unpack import decode
from geo.render.svg.view import View

DETAIL = ((0.75, 4.0), (1.0, 6.0), (1.5, 10.0))
"""Detail that is kept, in px, and islands, in square px; coarser while the picture would hold more than `MOST_POINTS`."""
MOST_POINTS = 3_000
COARSE = (1.2, 10.0)
"""The same, for the inset."""
LEAST_LINE = 3.0
"""Lines of fewer px are left out."""
BLEED = 4.0
"""How far beyond the edge the ground goes on: lines along the cut lie outside the picture."""

Line = NDArray[np.float64]


class Ground:
    """Rings and lines by layer: `land`, `lakes`, `river`, `province`, `country`, `disputed`, `shape:<id>`."""

    def __init__(
        self, base: Mapping[str, Any], view: View, width: float, height: float, detail: Sequence[tuple[float, float]] = DETAIL
    ) -> None:
        self.width, self.height = width, height
        self.frame = Rect(0.0, 0.0, width, height)
        window = (-BLEED, -BLEED, width + BLEED, height + BLEED)
        kept: list[tuple[str, bool, NDArray[np.int64], Line]] = []
        self.extents: dict[str, Rect] = {}
        self.world: list[Line] = []
        """Coarse land of a wider part of the world, in degrees."""
        for layer in decode(base) if base.get("layers") else ():
            if layer.name == "world":
                self.world = [line / base["q"] for line in layer.lines]
                continue
            for line in layer.lines:
                flat = _flat(line / base["q"], view)
                box = Rect(*flat.min(axis=0).tolist(), *flat.max(axis=0).tolist())
                self.extents[layer.name] = join(self.extents.get(layer.name, EMPTY), box)
                if box[0] <= window[2] and window[0] <= box[2] and box[1] <= window[3] and window[1] <= box[3]:
                    kept.append((layer.name, layer.closed, line, flat))
        self.layers: dict[str, list[Line]] = {}
        for tolerance, island in detail:
            self.layers = {}
            short = thin([line for *_, line, _ in kept], [flat for *_, flat in kept], tolerance)
            for (name, closed, *_), drawn in zip(kept, short, strict=True):
                parts = _ring(drawn, window, island) if closed else _open(drawn, window)
                self.layers.setdefault(name, []).extend(parts)
            if sum(len(line) for lines in self.layers.values() for line in lines) <= MOST_POINTS:
                break

    def coarse(self, view: View, width: float, height: float) -> list[Line]:
        """The world's land in px of a small picture of its own, cut to its edges."""
        flat = [_flat(line, view) for line in self.world]
        grid = [np.rint(line * 1e6).astype(np.int64) for line in self.world]
        window = (0.0, 0.0, width, height)
        return [part for line in thin(grid, flat, COARSE[0]) for part in _ring(line, window, COARSE[1])]

    def rings(self, name: str) -> list[Line]:
        return self.layers.get(name, [])

    def shape(self, id: str) -> list[Line]:
        return self.rings(f"shape:{id}")

    def extent(self, id: str) -> Rect:
        """Of a whole outline, in px: beyond the picture too."""
        return self.extents.get(f"shape:{id}", EMPTY)

    def mask(self, rings: Iterable[Line]) -> Mask:
        return Mask.of_rings(rings, self.width, self.height)

    @cached_property
    def land(self) -> Mask:
        return self.mask(self.rings("land"))

    @cached_property
    def borders(self) -> Mask:
        return Mask.of_lines(self.rings("country"), self.width, self.height)


def _flat(lonlat: Line, view: View) -> Line:
    """Degrees → px of the picture (see `plane.unit`)."""
    phi = np.radians(np.clip(lonlat[:, 1], -MAX_LAT, MAX_LAT))
    x = lonlat[:, 0] / 360 + 0.5
    y = 0.5 - np.log(np.tan(np.pi / 4 + phi / 2)) / (2 * np.pi)
    return np.stack([(x - view.box.left) * view.k, (y - view.box.top) * view.k], axis=1)


def _ring(ring: Line, window: Sequence[float], island: float) -> list[Line]:
    if len(ring) < 4 or abs(ring_area(ring)) < island:
        return []
    cut = clip_ring(ring, window)
    return [cut] if len(cut) > 3 else []


def _open(line: Line, window: Sequence[float]) -> list[Line]:
    """The stretches of a line that may be seen: whole segments, none of them wholly to one side of the window."""
    low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
    seen = (low[:, 0] < window[2]) & (high[:, 0] > window[0]) & (low[:, 1] < window[3]) & (high[:, 1] > window[1])
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]]).astype(np.int8)))
    parts = [line[a : b + 1] for a, b in edges.reshape(-1, 2)]
    return [part for part in parts if np.hypot(*np.diff(part, axis=0).T).sum() >= LEAST_LINE]
