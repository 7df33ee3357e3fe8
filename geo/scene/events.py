"""The table of events that the page filters and searches: columns of plain numbers and names, one row an event.

Row `i` is the entry of number `i + 1`, whose texts have the keys `e{i + 1}.…`. Nothing here depends on a language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

from geo.model import Kind, Location, Unplaced
from geo.scene.scene import Entry, Scene

if TYPE_CHECKING:
    from geo.scene.text import Said, Speaker

EPOCH = date(1970, 1, 1).toordinal()
INK = 7
"""The tone of a crash, which is drawn in ink whoever it befell; other tones are actor slots."""
OUTCOMES = ("pin", "area", "outside", "unplaced")
UNPLACED = "unplaced"


def day_number(day: date | None) -> int | None:
    """Days from 1970-01-01 to `day` in the Gregorian calendar, before it negative; None stays None."""
    return None if day is None else day.toordinal() - EPOCH


def tone_of(entry: Entry) -> int:
    """What colour stands for an event: its actor's slot, or `INK`."""
    return INK if entry.event.kind is Kind.CRASH else entry.slot


def outcome_of(entry: Entry) -> str:
    if entry.placement == "unplaced":
        return UNPLACED
    if not entry.on_map:
        return "outside"
    return "area" if entry.placement == "area" else "pin"


def precision_of(entry: Entry) -> str:
    """The rung of the ladder, or `unplaced`."""
    return entry.answer.precision.value if isinstance(entry.answer, Location) else UNPLACED


FACETS: dict[str, Callable[[Entry], str]] = {
    "actor": lambda entry: entry.event.actor.id if entry.event.actor else "",
    "kind": lambda entry: entry.event.kind.value,
    "status": lambda entry: entry.event.status.value,
    "precision": precision_of,
}
"""What a reader may filter by, in the page's order. No actor is the empty name."""

ORDER = {
    "status": ("declared", "reported", "contested", "retracted"),
    "precision": (
        "exact", "landmark", "street", "neighbourhood", "village", "town", "city", "district", "governorate", "country",
        "region", "sea", "not stated", UNPLACED,
    ),
}  # fmt: skip


def facet_values(scene: Scene, name: str) -> list[str]:
    """The values of facet `name` that the story has: on a scale in its order, else by first appearance; none is last."""
    found = dict.fromkeys(FACETS[name](entry) for entry in scene.entries)
    if name in ORDER:
        return sorted(found, key=ORDER[name].index)
    return [value for value in found if value] + ([""] if "" in found else [])


FACET_KEYS = {"actor": "field.who", "precision": "filter.precision"}
"""The words for a facet, where they are not those of the field of its name."""


@dataclass(frozen=True, slots=True)
class Option:
    """A value to filter by, and the `data-t` key of its words."""

    value: str
    key: str


@dataclass(frozen=True, slots=True)
class Facet:
    name: str
    key: str
    options: tuple[Option, ...]
    more: int = 0
    """Values that are too rare for an option."""


def facets(scene: Scene) -> list[Facet]:
    """What there is to filter by: only where events differ; where they differ in nothing, their kind.

    So a page has the same elements whatever its events say, and a check for injected ones finds none.
    """
    found = []
    differing = [name for name in FACETS if len(facet_values(scene, name)) > 1]
    for name in differing or ["kind"][: len(scene.entries)]:
        values = facet_values(scene, name)
        options = tuple(Option(value, option_key(name, value, n)) for n, value in enumerate(values))
        found.append(Facet(name, FACET_KEYS.get(name, f"field.{name}"), options))
    return found


def option_key(name: str, value: str, row: int) -> str:
    """The `data-t` key of a value's words; `row` is its place among all values of the facet."""
    if name == "actor":
        return f"filter.actor{row}" if value else "filter.no_actor"
    return f"{'rung' if name == 'precision' else name}.{value.replace(' ', '_')}"


def strings(scene: Scene, speak: Speaker) -> Iterator[tuple[str, Said]]:
    """The filters' texts in one language, by `data-t` key."""
    for key in ("filter.title", "filter.text", "filter.precision"):
        yield key, speak(key)
    names = {entry.event.actor.id: entry.event.actor.name for entry in scene.entries if entry.event.actor}
    for facet in facets(scene):
        for option in facet.options:
            named = speak.said(names[option.value]) if facet.name == "actor" and option.value else None
            if named or option.key.startswith("filter.actor"):
                yield option.key, named or option.value
            elif facet.name in ("actor", "precision"):
                yield option.key, speak(option.key)


def table(scene: Scene) -> dict[str, Any]:
    """`EventTable` of geo/web/src/payload.ts."""
    entries = scene.entries
    names: dict[tuple[str, ...], int] = {}
    place = [names.setdefault(known_names(entry.answer), len(names)) for entry in entries]
    columns: dict[str, Any] = {
        "id": [entry.event.id for entry in entries],
        "first": [day_number(entry.event.date.first) for entry in entries],
        "last": [day_number(entry.event.date.last) for entry in entries],
        "tone": [tone_of(entry) for entry in entries],
        "slot": [entry.slot for entry in entries],
        "outcome": [OUTCOMES.index(outcome_of(entry)) for entry in entries],
    }
    for name, value_of in FACETS.items():
        values = facet_values(scene, name)
        row = {value: index for index, value in enumerate(values)}
        columns[name] = {"values": values, "of": [row[value_of(entry)] for entry in entries]}
    return {
        **columns,
        "place": place,
        "names": [list(found) for found in names],
        "quotes": [[receipt.quote for receipt in entry.event.receipts if receipt.quote] for entry in entries],
    }


def known_names(answer: Location | Unplaced) -> tuple[str, ...]:
    """Every known name of a place, in all scripts; of two that a search cannot tell apart, the first."""
    if not isinstance(answer, Location):
        return (answer.words,) if answer.words else ()
    known: list[str] = [*answer.name.values()]
    if answer.place is not None:
        known += [*answer.place.label.values(), *(name for forms in answer.place.names.values() for name in forms)]
    return tuple(_distinct(known))


def _distinct(names: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for name in names:
        plain = "".join(c for c in normalize("NFKD", name).casefold() if not combining(c))
        plain = re.sub(r"[\W_]+", " ", plain).strip()
        if plain and plain not in seen:
            seen.add(plain)
            yield name
