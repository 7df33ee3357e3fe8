"""Which part of the world a picture of a given size shows. Boxes are in world units. Twin of web/src/layout/frame.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from geo.geometry.plane import EMPTY, Point, Rect, hull, join, unit
from geo.scene.style import MARGIN, size_class

CORE_SHARE = 0.25
"""Targets span at least this part of the picture's width or height."""
MAX_ZOOM = 9
LEAN = 0.8
"""Of the room to spare, the part that goes to the side where cropped lines come from."""


@dataclass(frozen=True, slots=True)
class View:
    k: float
    """Width of the world in px."""
    box: Rect
    """What is seen, in units."""
    cropped: tuple[bool, ...]
    """For each start, whether it lies outside."""

    def px(self, position: Sequence[float]) -> Point:
        """(lon, lat) in degrees → px from the picture's upper left corner."""
        p = unit(position)
        return Point((p.x - self.box.left) * self.k, (p.y - self.box.top) * self.k)


def unit_box(box: Sequence[float]) -> Rect:
    """(west, south, east, north) in degrees → units."""
    west, south, east, north = box
    return Rect(*unit((west, north)), *unit((east, south)))


def _filling(box: Rect, w: float, h: float) -> float:
    return min(w / max(box.width, 1e-9), h / max(box.height, 1e-9))


def _held(low: float, span: float, start: float, end: float) -> float:
    """Where the view begins along one axis, held inside the bounds (centred on them when they are smaller)."""
    return (start + end - span) / 2 if span >= end - start else max(start, min(low, end - span))


def fit(frame: Mapping[str, Any], w: float, h: float, extra: Sequence[Point] = ()) -> View:
    """The view of a scene's frame.

    Starts are taken in from the nearest while the core still spans a quarter of the width or height; the others are
    cropped. `extra` are points, in units, that should be seen too: bows, and the edges of symbols.
    """
    margin = MARGIN[size_class(w)]
    inner_w, inner_h = max(40.0, w - 2 * margin), max(40.0, h - 2 * margin)
    west, _, east, _ = frame["core"]
    core = unit_box(frame["core"]) if west <= east else EMPTY
    starts = [unit(start) for start in frame["starts"]]
    bounds = unit_box(frame["bounds"])
    most = 256.0 * 2**MAX_ZOOM
    least = max(w / bounds.width, h / bounds.height)

    def spans(k: float) -> bool:
        return core.width * k >= CORE_SHARE * w or core.height * k >= CORE_SHARE * h

    middle = core.middle
    nearest = sorted(range(len(starts)), key=lambda i: (hypot(starts[i].x - middle.x, starts[i].y - middle.y), i))
    box, taken = core, 0
    for start in nearest:
        wider = join(box, hull([starts[start]]))
        k = _filling(wider, inner_w, inner_h)
        if k < least or not spans(min(k, most)):
            break
        box, taken = wider, taken + 1
    if extra:
        wider = join(box, hull(extra))
        if spans(min(_filling(wider, inner_w, inner_h), most)):
            box = wider
    # What the story is about comes before a ground that fills the view.
    k = min(max(_filling(box, inner_w, inner_h), min(least, _filling(core, inner_w, inner_h))), most)
    left_out = [starts[i] for i in nearest[taken:]]
    spare_x = max(0.0, inner_w / k - box.width)
    spare_y = max(0.0, inner_h / k - box.height)
    pull_x = sum(_sign(p.x - middle.x) for p in left_out)
    pull_y = sum(_sign(p.y - middle.y) for p in left_out)
    left = box.left - margin / k - spare_x * (0.5 - _sign(pull_x) * LEAN / 2)
    top = box.top - margin / k - spare_y * (0.5 - _sign(pull_y) * LEAN / 2)
    left, top = _held(left, w / k, bounds.left, bounds.right), _held(top, h / k, bounds.top, bounds.bottom)
    view = Rect(left, top, left + w / k, top + h / k)
    seen = [view.left < p.x < view.right and view.top < p.y < view.bottom for p in starts]
    return View(k, view, tuple(not one for one in seen))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
