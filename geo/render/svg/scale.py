"""A scale bar: 1-2-5, 60 to 120 px, at the picture's middle latitude. Twin of web/src/layer/scale.ts."""

from __future__ import annotations

from dataclasses import dataclass

from geo.geometry.plane import Rect, latitude, metres_to_px, rect
from geo.render.svg.type import measure
from geo.render.svg.view import View

VARIES = 0.1
"""Where the scale differs by more than this within the picture, a bar would mislead."""
SIZE, LEFT, UP = 11, 12.0, 10.0


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    """Left end and height of its line."""
    px: float
    text: str

    @property
    def box(self) -> Rect:
        return rect(self.x, self.y - 18, max(self.px, measure(self.text, SIZE, 400, 0.0)), 20)


def scale_bar(view: View, width: float, height: float, lang: str) -> Bar | None:
    at = [metres_to_px(1000, latitude(y), view.k) for y in (view.box.top, view.box.middle.y, view.box.bottom)]
    if max(at[0], at[2]) / min(at[0], at[2]) > 1 + 2 * VARIES:
        return None
    for power in range(-3, 5):
        for step in (1, 2, 5):
            km = step * 10.0**power
            px = km * at[1]
            # From 2 to 5 no step may fall between 60 and 120 px: then the one a little short stands.
            if px >= (48 if step == 2 and 2.5 * px > 120 else 60):
                return Bar(LEFT, height - UP, round(px), _said(km, lang))
    return None


def _said(km: float, lang: str) -> str:
    from babel.units import format_unit

    unit, number = ("length-kilometer", km) if km >= 1 else ("length-meter", km * 1000)
    return str(format_unit(round(number), unit, "short", locale=lang))
