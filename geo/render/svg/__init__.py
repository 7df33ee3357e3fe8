"""The scene as a static picture: alone in a file, or inside a page for readers without scripts."""

from __future__ import annotations

from geo.render.svg.compose import compose
from geo.render.svg.paint import by_property, by_value, element, plain
from geo.render.svg.picture import Drawing
from geo.render.svg.sheet import Sheet
from geo.scene.described import described
from geo.scene.dress import FONTS
from geo.scene.scene import Scene

INLINE_WIDTH, INLINE_HEIGHT = 600.0, 450.0
"""Size at which the page's picture is composed: shown from 320 px wide to a sheet of A4."""


def render_svg(scene: Scene) -> bytes:
    """One SVG file of `scene`, in the first of its languages: UTF-8, LF, no script, nothing from elsewhere."""
    sheet = Sheet.of(scene, by_value(scene.style.light.theme), {**FONTS, **scene.style.fonts})
    return sheet.file(described(scene, scene.languages[0]))


def inline_svg(scene: Scene, uid: str, label: str) -> str:
    """The map alone, as an element of a page whose style sheet says the colours; '' for a scene without a frame."""
    if not scene.frame:
        return ""
    drawing = Drawing(compose(scene, INLINE_WIDTH, INLINE_HEIGHT), f"{uid}-p", by_property).svg()
    return element("svg", drawing, class_="sm-picture", viewBox=f"0 0 {INLINE_WIDTH:.0f} {INLINE_HEIGHT:.0f}", role="img",
                   aria_label=plain(label))  # fmt: skip
