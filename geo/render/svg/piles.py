"""What stands at one spot: a symbol, or a pile of at most three glyphs with a badge. Twin of web/src/layout/piles.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.geometry.plane import Point
from geo.scene.style import CRASH_D, PILE_MOST, symbol_diameter


@dataclass(frozen=True, slots=True)
class Glyph:
    id: str
    x: float
    y: float
    d: float
    """Diameter of the filled symbol."""
    ring: float | None
    """Diameter of the ring where a range goes higher."""
    slot: int
    kind: str
    status: str
    unknown: bool
    """A bare position of unknown precision: a small question mark."""

    @property
    def reach(self) -> float:
        """Half of what it takes across, ring and points included."""
        return max(self.d, self.ring or 0.0) / 2


def glyph(mark: Mapping[str, Any], size: str) -> Glyph:
    crash = mark["kind"] == "crash"
    low, high = mark["n"] or (None, None)
    d = CRASH_D if crash else symbol_diameter(low, size)
    ring = symbol_diameter(high, size) if not crash and high is not None and high > low else None
    return Glyph(mark["id"], 0.0, 0.0, d, ring if ring is not None and ring > d + 1 else None, mark["slot"], mark["kind"],
                 mark["status"], mark["precision"] == "not stated")  # fmt: skip


def _chosen(marks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The marks that a closed pile shows: each actor once before any twice, else in the order of time."""
    seen: set[int] = set()
    first: list[Mapping[str, Any]] = []
    rest: list[Mapping[str, Any]] = []
    for mark in marks:
        (rest if mark["slot"] in seen else first).append(mark)
        seen.add(mark["slot"])
    keep = {mark["id"] for mark in [*first, *rest][:PILE_MOST]}
    return [mark for mark in marks if mark["id"] in keep]


def pile(marks: Sequence[Mapping[str, Any]], size: str) -> list[Glyph]:
    """Side by side, each overlapped by a third, in the order of time from the left, about the spot."""
    glyphs: list[Glyph] = []
    x = 0.0
    for mark in _chosen(marks):
        one = glyph(mark, size)
        if glyphs:
            x += (glyphs[-1].reach + one.reach) * (2 / 3)
        glyphs.append(replace(one, x=x))
    centre = (glyphs[0].x - glyphs[0].reach + glyphs[-1].x + glyphs[-1].reach) / 2
    return [replace(one, x=one.x - centre) for one in glyphs]


def paint_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Larger below, smaller above; equals in the order of time."""
    return sorted(glyphs, key=lambda one: -one.reach)


def clearance(circles: Sequence[tuple[float, float, float]], points: Sequence[Point]) -> NDArray[np.float64]:
    """Distance from each point to the nearest edge of circles (x, y, radius); negative within, inf without circles."""
    if not circles:
        return np.full(len(points), np.inf)
    x, y, r = np.array(circles).T[:, :, None]
    px, py = np.array(points).T
    nearest: NDArray[np.float64] = (np.hypot(px - x, py - y) - r).min(axis=0)
    return nearest
