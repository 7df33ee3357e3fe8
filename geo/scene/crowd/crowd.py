"""What a renderer needs of a table with very many rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from geo.columns import Coded, LocatedTable, Profile, Table, combined
from geo.model import (
    Actor,
    Claim,
    Event,
    Kind,
    Location,
    Position,
    Precision,
    Range,
    Receipt,
    Sortie,
    Source,
    Status,
    Story,
    Unplaced,
    When,
)
from geo.scene.dress import STYLE, Style
from geo.scene.events import Facet
from geo.scene.scene import Counts, Entry, LegendActor
from geo.scene.timeline import Timeline

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo.columns import Ints

T = TypeVar("T")

__all__ = [
    "Area",
    "Crowd",
    # What a crowd holds of the model, so that a renderer needs to know the scene alone.
    "Actor",
    "Claim",
    "Coded",
    "Event",
    "Kind",
    "LocatedTable",
    "Location",
    "Position",
    "Precision",
    "Profile",
    "Range",
    "Receipt",
    "Sortie",
    "Source",
    "Status",
    "Story",
    "Table",
    "Unplaced",
    "When",
    "combined",
]


@dataclass(frozen=True, slots=True)
class Area:
    """How an answer that is no point is drawn: the name of its outline among `Crowd.shapes`, and whether its edge is a real boundary."""

    shape: str
    solid: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """The rows of `located.table` as a page shows them.

    *Page rows* are the kept rows in the order of the list: by first day, then last, then time, the undated last. Row `i`
    of the page is row `order[i]` of the table; every column below has one entry a page row.
    """

    story: Story
    """Title, language and makers; its events are the rows."""
    located: LocatedTable
    languages: tuple[str, ...]
    order: Ints
    when: Coded[When]
    kind: Coded[Kind]
    status: Coded[Status]
    precision: Coded[str]
    """A rung, or `unplaced`."""
    actor: Coded[Actor]
    """Its values stand by first appearance on the page."""
    slots: tuple[int, ...]
    """Slot of each of the actors."""
    outcome: NDArray[np.uint8]
    """Index into `events.OUTCOMES`: pinned, area, placed outside the map, not placed."""
    flights: tuple[Ints, Ints, Ints]
    """Page row, code of the table's origins and number within it, of every sortie line; by page row."""
    counts: Counts
    actors: tuple[LegendActor, ...]
    """By slot, those that have an event on the map."""
    facets: tuple[Facet, ...]
    keys: tuple[str, ...]
    """What the legend explains besides the actors."""
    time: Timeline | None
    areas: Mapping[int, Area]
    """By answer: those that are hatched on the map."""
    hatch: Mapping[int, int]
    """Actor slot → angle of its hatch, 45 or 135."""
    frame: Mapping[str, Any] = field(default_factory=dict)
    base: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[Mapping[str, Any], ...] = ()
    shapes: Mapping[str, str] = field(default_factory=dict)
    """References of the outlines that are drawn, by name."""
    disputed: bool = False
    style: Style = STYLE
    entries: tuple[Entry, ...] = ()
    """A line of the list for each page row, where they are few enough to stand in the page; else none."""

    @property
    def n(self) -> int:
        return len(self.order)

    @property
    def table(self) -> Table:
        return self.located.table

    @property
    def attributions(self) -> tuple[str, ...]:
        return self.located.attributions

    @property
    def answer(self) -> Ints:
        """Index into `located.answers`."""
        return self.located.answer[self.order]

    @property
    def slot(self) -> NDArray[np.uint8]:
        """Actor slot, 0 to 6."""
        import numpy as np

        from geo.scene.style import OTHERS

        return np.array([*self.slots, OTHERS], np.uint8)[self.actor.codes]

    @property
    def tone(self) -> NDArray[np.uint8]:
        """Slot, or `events.INK` for a crash."""
        import numpy as np

        from geo.scene.events import INK

        crash = np.array([kind is Kind.CRASH for kind in self.kind.values], bool)[self.kind.codes]
        return np.where(crash, INK, self.slot).astype(np.uint8)

    def column(self, column: Coded[T]) -> Coded[T]:
        """A column of the table, by page row."""
        return Coded(column.values, column.codes[self.order])
