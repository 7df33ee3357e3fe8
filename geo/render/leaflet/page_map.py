"""The page's map as a real `folium.Map`, which any folium layer or plugin can be added to."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import folium
from branca.element import Element, Figure
from folium.template import Template

UID = "%strikemap:uid%"
"""Stands for the story's id in the skeleton; `geo.render.page` fills it in."""


def _template(name: str) -> Template:
    template: Template = Template((files("geo") / "web/templates" / name).read_text(encoding="utf-8"))
    return template


class PageFigure(Figure):
    """The document around the map: our own page, with marks where the story's parts go in."""

    _template = _template("figure.html.jinja")

    def __init__(self, page_map: PageMap) -> None:
        super().__init__()
        self.header = Element()
        self.header._parent = self
        self.page_map = page_map
        self.add_child(page_map)

    def render(self, **kwargs: Any) -> str:
        for child in self._children.values():
            child.render(**kwargs)
        foreign = self.page_map.foreign() or self.header._children
        return str(self._template.render(this=self, kwargs=kwargs, map=self.page_map.get_name(), foreign=bool(foreign)))


class PageMap(folium.Map):
    """A `folium.Map` without tiles and without assets from other hosts; it draws nothing by itself.

    `uid` is the story's id as a JavaScript identifier. The skeleton that it renders is the same for every story.
    """

    _template = _template("map.jinja")

    def __init__(self, uid: str = UID) -> None:
        super().__init__(
            location=(0, 0), zoom_start=2, tiles=None, zoom_control=False, attribution_control=False,
            zoom_snap=0, zoom_delta=1, zoom_animation=False, fade_animation=False, marker_zoom_animation=False,
            inertia=False, world_copy_jump=False,
        )  # fmt: skip
        self._id = uid
        # Instance lists: folium's are shared by all maps of a process.
        self.default_js = []
        self.default_css = []
        self._parent = None  # type: ignore[assignment]
        self._own = frozenset(self._children)
        PageFigure(self)

    def foreign(self) -> list[str]:
        """Names of the children that were added by someone else."""
        return [child._name for name, child in self._children.items() if name not in self._own]


def skeleton(page_map: PageMap | None = None) -> str:
    """The page's constant HTML as folium renders it, with marks for the parts of a story."""
    return str((page_map or PageMap()).get_root().render())
