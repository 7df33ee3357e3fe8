"""strikemap: one small HTML file from a story of reported air strikes.

    >>> import geo
    >>> story = geo.load("maps/2015-11-17-raqqa.yaml")
    >>> geo.StrikeMap(story).save("raqqa.html")

Importing this package loads neither folium nor shapely nor geopy; they wait until a map is built.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.api import AreaLayer, BuildOptions, SortieLayer, StrikeLayer, StrikeMap, build_story, load
    from geo.errors import Fault, InputError, StrikemapError
    from geo.model import Event, Location, Place, Precision, Source, Story

_WHERE = {
    "load": "geo.api",
    "build_story": "geo.api",
    "BuildOptions": "geo.api",
    "StrikeMap": "geo.api",
    "StrikeLayer": "geo.api",
    "SortieLayer": "geo.api",
    "AreaLayer": "geo.api",
    "Story": "geo.model",
    "Event": "geo.model",
    "Location": "geo.model",
    "Place": "geo.model",
    "Precision": "geo.model",
    "Source": "geo.model",
    "Fault": "geo.errors",
    "InputError": "geo.errors",
    "StrikemapError": "geo.errors",
}

__all__ = [
    "AreaLayer", "BuildOptions", "Event", "Fault", "InputError", "Location", "Place", "Precision", "SortieLayer", "Source",
    "Story", "StrikeLayer", "StrikeMap", "StrikemapError", "build_story", "load",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(_WHERE[name]), name)
    raise AttributeError(f"module 'geo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
