"""Strikes, sortie lines and areas as layers for someone else's `folium.Map`."""

from __future__ import annotations

import base64
from importlib.resources import files
from typing import Any

from branca.element import Element, Figure
from folium.map import Layer
from folium.template import Template

from geo.render.packing import inert
from geo.render.page import asset, payload
from geo.scene import text
from geo.scene.scene import Scene


class _Script(Element):
    """Our bundle, inline. branca would read its text as a template; this renders it as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self._name = "StrikemapScript"

    def render(self, **kwargs: Any) -> str:
        style, script = asset("layers.css"), asset("layers.js")
        return f"<style>{style.strip()}</style>\n<script>{script.strip()}</script>"


class _PartLayer(Layer):
    """One part of a story's scene. Nothing of the story but base64 of its inert JSON enters the folium object.

    `name` stands in folium's LayerControl and must be the caller's own text.
    """

    part = ""
    _template = Template((files("geo") / "web/templates/layer.jinja").read_text(encoding="utf-8"))

    def __init__(self, scene: Scene, *, name: str | None = None, show: bool = True) -> None:
        super().__init__(name=name or self.part, overlay=True, control=True, show=show)
        self._name = type(self).__name__
        written = inert(payload(scene, text.page_strings(scene))).encode("utf-8")
        self.payload = base64.b64encode(written).decode("ascii")
        self.settings = {"parts": [self.part], "lang": scene.languages[0], "show": show}
        self._bounds = scene.frame["core"]

    def _get_self_bounds(self) -> list[list[float | None]]:
        west, south, east, north = self._bounds
        return [[south, west], [north, east]]

    def render(self, **kwargs: Any) -> str:
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise ValueError("add the layer to a folium.Map before rendering it")
        figure.header.add_child(_Script(), name="strikemap_layers")
        return super().render(**kwargs) or ""  # type: ignore[no-untyped-call]


class StrikeLayer(_PartLayer):
    """The symbols of a story's pinned events."""

    part = "strikes"


class SortieLayer(_PartLayer):
    """The sortie lines of a story, with the areas and bases they come from."""

    part = "sorties"


class AreaLayer(_PartLayer):
    """The hatched areas of events known to a district or wider."""

    part = "areas"
