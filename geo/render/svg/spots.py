"""Where a label may stand: around a point, on a leader, or centred. Pixels, y down. Twin of web/src/layout/spots.ts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, hypot, pi, sin

import numpy as np

from geo.geometry.plane import Point, Rect, rect
from geo.render.svg.type import Block
from geo.scene.style import LABEL_GAP, LEADER_MOST


@dataclass(frozen=True, slots=True)
class Spot:
    box: Rect
    align: str
    """left, center or right."""
    block: Block
    anchor: str
    leader: tuple[Point, Point] | None = None
    """From the mark's edge to the label."""
    course: tuple[Point, Point] | None = None
    """Text is set from the first point to the second, instead of in its box."""


class Field:
    """What is taken of a picture, by whole px; beyond its edges nothing is."""

    def __init__(self, width: float, height: float) -> None:
        self.taken = np.zeros((ceil(height), ceil(width)), bool)

    def copy(self) -> Field:
        field = Field(0, 0)
        field.taken = self.taken.copy()
        return field

    def add(self, r: Rect) -> None:
        self.taken[max(0, floor(r[1])) : max(0, ceil(r[3])), max(0, floor(r[0])) : max(0, ceil(r[2]))] = True

    def add_line(self, points: Sequence[Point], width: float) -> None:
        """A line of some width, as many small boxes."""
        half = width / 2
        for a, b in zip(points, points[1:], strict=False):
            steps = max(1, ceil(hypot(b.x - a.x, b.y - a.y) / 4))
            for step in range(steps + 1):
                x, y = a.x + (b.x - a.x) * step / steps, a.y + (b.y - a.y) * step / steps
                self.add(Rect(x - half, y - half, x + half, y + half))

    def free(self, r: Rect, pad: float = 2.0) -> bool:
        top, bottom = max(0, floor(r[1] - pad)), max(0, ceil(r[3] + pad))
        left, right = max(0, floor(r[0] - pad)), max(0, ceil(r[2] + pad))
        return not self.taken[top:bottom, left:right].any()


def around8(mark: Rect, block: Block, rtl: bool) -> list[Spot]:
    """The eight positions around a mark, in the order of preference of the script."""
    w, h, gap = block.width, block.height, LABEL_GAP
    cx, cy = mark.middle
    right, left = mark.right + gap, mark.left - gap - w
    # Upper and lower corners: the label's edge stands a little past the mark's middle line.
    up, low = min(cy + 3, mark.bottom) - h, max(cy - 3, mark.top)

    def spot(anchor: str, x: float, y: float, align: str) -> Spot:
        return Spot(rect(x, y, w, h), align, block, anchor)

    ur, lr = spot("upper right", right, up, "left"), spot("lower right", right, low, "left")
    ul, ll = spot("upper left", left, up, "right"), spot("lower left", left, low, "right")
    above = spot("above", cx - w / 2, mark.top - gap - h, "center")
    below = spot("below", cx - w / 2, mark.bottom + gap, "center")
    r, l = spot("right", right, cy - h / 2, "left"), spot("left", left, cy - h / 2, "right")  # noqa: E741
    return [ul, ll, ur, lr, above, below, l, r] if rtl else [ur, lr, ul, ll, above, below, r, l]


def on_leaders(mark: Rect, block: Block, rtl: bool) -> list[Spot]:
    """Farther away, joined to the mark by a leader of 10 to 40 px."""
    w, h = block.width, block.height
    cx, cy = mark.middle
    spots = []
    for far in (12.0, 20.0, 30.0, LEADER_MOST - 2.0):
        for i in range(16):
            turn = -pi / 4 + (1 if i % 2 else -1) * ceil(i / 2) * pi / 8
            dx, dy = cos(turn) * (-1 if rtl else 1), sin(turn)
            start = Point(cx + dx * (mark.width / 2 + 2), cy + dy * (mark.height / 2 + 2))
            end = Point(start.x + dx * far, start.y + dy * far)
            side = "center" if abs(dx) < 0.3 else "left" if dx > 0 else "right"
            x = end.x - w / 2 if side == "center" else end.x + 2 if side == "left" else end.x - 2 - w
            y = (end.y + 2 if dy > 0 else end.y - 2 - h) if abs(dy) > 0.9 else end.y - h / 2
            spots.append(Spot(rect(x, y, w, h), side, block, "leader", (start, end)))
    return spots


def centred(p: Point, block: Block, anchor: str = "centre") -> Spot:
    return Spot(rect(p.x - block.width / 2, p.y - block.height / 2, block.width, block.height), "center", block, anchor)


def beside(points: Sequence[Point], block: Block, width: float) -> list[Spot]:
    """Beside a curve: on both sides of its points from 50 to 65 %, then farther along either way."""
    w, h, spots = block.width, block.height, []
    gap = width / 2 + 1.5 + LABEL_GAP
    for t in (0.55, 0.6, 0.5, 0.65, 0.45, 0.4, 0.7, 0.35, 0.75, 0.3, 0.25):
        i = max(1, min(len(points) - 2, round(t * (len(points) - 1))))
        a, p, b = points[i - 1 : i + 2]
        along = hypot(b.x - a.x, b.y - a.y) or 1.0
        n = Point(-(b.y - a.y) / along, (b.x - a.x) / along)
        for side in (1, -1) if n.x >= 0 else (-1, 1):
            nx, ny = n.x * side, n.y * side
            # The box's support towards the line: far enough out that its nearest corner clears the curve.
            out = gap + abs(nx) * w / 2 + abs(ny) * h / 2
            align = "center" if abs(nx) < 0.35 else "left" if nx > 0 else "right"
            spots.append(Spot(rect(p.x + nx * out - w / 2, p.y + ny * out - h / 2, w, h), align, block, f"beside {t}"))
    return spots
