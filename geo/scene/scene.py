"""The scene: what is drawn and why, in no renderer's words. Every float is rounded here, once.

Positions are (lon, lat) in degrees; lines may run past ±180 so that none ever steps over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.model import Actor, Event, Location, Range, Receipt, Sortie, Source, Story, Text, Unplaced, When
from geo.scene.dress import STYLE, Style

__all__ = [
    "Counts",
    "Entry",
    "LegendActor",
    "Names",
    "Scene",
    # What a scene holds of the model, so that a renderer needs to know the scene alone.
    "Actor",
    "Event",
    "Location",
    "Range",
    "Receipt",
    "Sortie",
    "Source",
    "Story",
    "Text",
    "Unplaced",
    "When",
]

CROWD_EVENTS = 300
CROWD_LINES = 100
"""From more on a map is made in columns, near marks and lines drawn as one."""
LISTED = 2000
"""The list of a map of more events holds only the lines in view."""
SINGLE_EVENTS = 2000
SINGLE_LINES = 300
"""So many can be drawn one by one, where another page asks for it."""


def crowded(events: int, lines: int) -> bool:
    """Whether a map has so many events or sortie lines that near ones are drawn as one, their number as their size."""
    return events > CROWD_EVENTS or lines > CROWD_LINES


Names = Mapping[str, "str | tuple[str, str]"]
"""A text for each language of the page; a pair carries the language that it is really in."""


@dataclass(frozen=True, slots=True)
class Counts:
    """events = pinned + areas + unplaced + refused; `outside` counts placed events that lie outside the frame."""

    events: int
    pinned: int
    areas: int
    unplaced: int
    refused: int
    sorties: int
    outside: int

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the event list; there is exactly one for every event."""

    number: int
    """1, 2, 3 … in the order of the list: by date, undated last."""
    event: Event
    answer: Location | Unplaced
    placement: str
    """pinned, area or unplaced."""
    on_map: bool
    """Drawn within the frame. False for unplaced events and for placed ones outside the map."""
    slot: int
    """Actor slot 0-6 (colour and shape)."""
    sorties: tuple[Sortie, ...] = ()
    unplaced_origins: tuple[Unplaced, ...] = ()

    @property
    def key(self) -> str:
        """Prefix of this entry's text keys: `e1`, `e2` …"""
        return f"e{self.number}"


@dataclass(frozen=True, slots=True)
class LegendActor:
    actor: Actor | None
    slot: int


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a renderer needs. The drawing parts hold plain lists and numbers, in the page payload's form."""

    story: Story
    languages: tuple[str, ...]
    entries: tuple[Entry, ...]
    actors: tuple[LegendActor, ...]
    """By slot, those that have an event on the map."""
    counts: Counts
    sites: tuple[Mapping[str, Any], ...] = ()
    marks: tuple[Mapping[str, Any], ...] = ()
    areas: tuple[Mapping[str, Any], ...] = ()
    origins: tuple[Mapping[str, Any], ...] = ()
    sorties: tuple[Mapping[str, Any], ...] = ()
    labels: tuple[Mapping[str, Any], ...] = ()
    frame: Mapping[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)
    disputed: bool = False
    """True where a dashed border is in reach of the view: the credit then says what a dash means."""
    has_numbers: bool = False
    """True where a symbol's size shows a number: the legend then explains sizes."""
    shapes: Mapping[str, str] = field(default_factory=dict)
    """References of the outlines that are drawn, by shape id."""
    style: Style = STYLE
    attributions: tuple[str, ...] = ()
    """Publisher and licence of places that are not bundled, for the credit."""
