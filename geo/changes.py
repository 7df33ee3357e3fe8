"""What changed between two located stories, event by event. Pure: no file, no clock, no words for a reader of maps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from geo.geometry.sphere import distance_m
from geo.model import Correction, Event, LocatedStory, Location, Range, Receipt, Source, Text, Unplaced, When

KINDS = ("added", "removed", "moved", "regraded", "numbers", "dates", "sources lost", "sources added", "text")
"""In the order in which they are told."""

STILL_M = 1.0
"""A place that is no farther from where it was has not moved: positions are read to 5 digits."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing about one event that is not as it was; `event` is its id, empty for the story itself."""

    kind: str
    event: str
    title: str
    field: str = ""
    old: str | None = None
    new: str | None = None
    km: float | None = None

    def as_dict(self) -> dict[str, object]:
        return {
            "change": self.kind, "event": self.event, "title": self.title, "field": self.field or None,
            "old": self.old, "new": self.new, "km": self.km,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Changes:
    changes: tuple[Change, ...]
    pairs: tuple[tuple[str, str], ...]
    """(old id, new id) of events that both have."""

    def counts(self) -> dict[str, int]:
        """Events by kind of change, those that occur."""
        found = {kind: len({one.event for one in self.changes if one.kind == kind}) for kind in KINDS}
        return {kind: count for kind, count in found.items() if count}


def compare(old: LocatedStory, new: LocatedStory) -> Changes:
    """Every change from `old` to `new`, by kind, then in the order of the stories."""
    pairs = list(_paired(old.story.events, new.story.events))
    before = {event.id: event for event in old.story.events}
    after = {event.id: event for event in new.story.events}
    kept, now = {a for a, _ in pairs}, {b for _, b in pairs}
    found = [Change("added", id, _title(event), new=_what(event, new)) for id, event in after.items() if id not in now]
    found += [Change("removed", id, _title(event), old=_what(event, old)) for id, event in before.items() if id not in kept]
    for a, b in pairs:
        found += _between(before[a], after[b], old.where[a], new.where[b])
    found += _of_story(old, new)
    return Changes(tuple(sorted(found, key=lambda one: KINDS.index(one.kind))), tuple(pairs))


def vanished(old: LocatedStory, new: LocatedStory) -> list[Change]:
    """Events that `new` no longer has and that none of its corrections names, by id or by title."""
    return [
        change for change in compare(old, new).changes
        if change.kind == "removed" and not any(_names(one, change) for one in new.story.corrections)
    ]  # fmt: skip


def _names(correction: Correction, gone: Change) -> bool:
    told = " ".join(correction.text.values()).casefold()
    if correction.event == gone.event or len(gone.title) > 3 and gone.title.casefold() in told:
        return True
    return re.search(rf"(?<![\w-]){re.escape(gone.event.casefold())}(?![\w-])", told) is not None


# -- which is which

_NUMBERED = re.compile(r"e[0-9]+-*")
"""The ids of events that state none: their number in the file, which says nothing when a line is put in."""


def _paired(old: Iterable[Event], new: Iterable[Event]) -> Iterator[tuple[str, str]]:
    """By id; events without an id of their own first by what they say, then by number where day or place agree."""
    before = {event.id: event for event in old}
    after = {event.id: event for event in new}
    for id in before:
        if id in after and not _NUMBERED.fullmatch(id):
            yield id, id
    left = {id: event for id, event in before.items() if _NUMBERED.fullmatch(id) or id not in after}
    right = {id: event for id, event in after.items() if _NUMBERED.fullmatch(id) or id not in before}
    free = {id: event for id, event in right.items() if _NUMBERED.fullmatch(id) or id not in before}
    for sign in (_signature, _loosely):
        known: dict[object, list[str]] = {}
        for id, event in free.items():
            known.setdefault(sign(event), []).append(id)
        for id, event in list(left.items()):
            # An id that was stated is not given to another event; one may be given to an event that had none.
            for other in known.get(sign(event), []):
                if other in free and (_NUMBERED.fullmatch(id) or _NUMBERED.fullmatch(other)):
                    yield id, other
                    del left[id], free[other]
                    break
    for id, event in left.items():
        if id in free and _NUMBERED.fullmatch(id) and _alike(event, free[id]):
            yield id, id


def _signature(event: Event) -> object:
    claim = event.claim
    where = (claim.place, claim.position) if claim else None
    return event.date.edtf, event.kind, where, event.actor.id if event.actor else None, _title(event)


def _loosely(event: Event) -> object:
    claim = event.claim
    return event.date.edtf, event.kind, claim.place if claim else None, claim.position if claim else None


def _alike(one: Event, other: Event) -> bool:
    here, there = one.claim, other.claim
    place = bool(here and there) and (here.place, here.position) == (there.place, there.position)  # type: ignore[union-attr]
    return place or one.date == other.date and one.kind == other.kind


# -- what differs


def _between(old: Event, new: Event, before: Location | Unplaced, after: Location | Unplaced) -> Iterator[Change]:
    title = _title(new)

    def change(kind: str, field: str, a: str | None, b: str | None, km: float | None = None) -> Change:
        return Change(kind, new.id, title, field, a, b, km)

    if isinstance(before, Location) and isinstance(after, Location):
        metres = distance_m(before.position, after.position)
        if metres > STILL_M:
            yield change("moved", "place", _place(before), _place(after), round(metres / 1000, 3))
    if _rung(before) != _rung(after):
        yield change("regraded", "precision", _rung(before), _rung(after))
    elif isinstance(before, Location) and isinstance(after, Location) and before.drawn_radius_m != after.drawn_radius_m:
        yield change("regraded", "radius_m", _metres(before), _metres(after))
    if old.status != new.status:
        yield change("regraded", "status", old.status.value, new.status.value)
    for name in ("strikes", "killed", "aircraft_count"):
        a, b = getattr(old, name), getattr(new, name)
        if a != b:
            yield change("numbers", name, _range(a), _range(b))
    if old.date != new.date:
        yield change("dates", "date", _date(old.date), _date(new.date))
    left = list(new.receipts)
    for receipt in old.receipts:
        twin = next((one for one in left if _same_source(receipt.source, one.source)), None)
        if twin is None:
            yield change("sources lost", "sources", _source(receipt), None)
            continue
        left.remove(twin)
        if receipt.quote != twin.quote:
            yield change("text", "quote", receipt.quote, twin.quote)
    for receipt in left:
        yield change("sources added", "sources", None, _source(receipt))
    for name in ("title", "note", "against", "weapon", "aircraft"):
        if difference := _texts(getattr(old, name), getattr(new, name)):
            yield change("text", name, *difference)
    actors = [event.actor.name if event.actor else None for event in (old, new)]
    if difference := _texts(*actors):
        yield change("text", "actor", *difference)
    for name in ("kind", "time"):
        if getattr(old, name) != getattr(new, name):
            yield change("text", name, getattr(old, name), getattr(new, name))


def _of_story(old: LocatedStory, new: LocatedStory) -> Iterator[Change]:
    title = _first(new.story.title)
    for name in ("title", "summary"):
        if difference := _texts(getattr(old.story, name), getattr(new.story, name)):
            yield Change("text", "", title, name, *difference)
    had = {(one.date.edtf, one.event) for one in old.story.corrections}
    for one in new.story.corrections:
        if (one.date.edtf, one.event) not in had:
            yield Change("text", "", title, "corrections", None, f"{one.date.edtf}: {_first(one.text)}")


def _texts(old: Text | None, new: Text | None) -> tuple[str | None, str | None] | None:
    """The texts of the first language in which both have one and differ; None where they say the same.

    Languages that only one side has are no change of the text: a page has some of its story's languages.
    """
    if not old or not new:
        return None if not old and not new else (_first(old) or None, _first(new) or None)
    for lang, words in old.items():
        if lang in new and new[lang] != words:
            return words, new[lang]
    return None


def _same_source(one: Source, other: Source) -> bool:
    """Whether two are one source, whatever their ids are: by address, else by who published what."""
    if one.url and other.url:
        return one.url == other.url
    shared = one.publisher.keys() & other.publisher.keys()
    if not shared:
        return one.id == other.id
    titles = _texts(one.title, other.title) if one.title and other.title else None
    return all(one.publisher[lang] == other.publisher[lang] for lang in shared) and titles is None


def _source(receipt: Receipt) -> str:
    source = receipt.source
    parts = [_first(source.publisher) or source.id, _first(source.title), source.url or ""]
    return ", ".join(part for part in parts if part)


# -- in words


def _first(text: Text | None) -> str:
    return (text.get("en") or next(iter(text.values()))) if text else ""


def _title(event: Event) -> str:
    return _first(event.title) or (event.claim.place or "" if event.claim else "")


def _what(event: Event, located: LocatedStory) -> str:
    answer = located.where[event.id]
    return f"{_date(event.date)}, {_place(answer)} ({_rung(answer)})"


def _place(answer: Location | Unplaced) -> str:
    if isinstance(answer, Unplaced):
        return answer.words or "no place"
    lon, lat = answer.position
    name = answer.place.name("en")[0] if answer.place else _first(answer.name)
    return f"{name} {lat:.4f} {lon:.4f}".strip()


def _rung(answer: Location | Unplaced) -> str:
    return answer.precision.value if isinstance(answer, Location) else "not placed"


def _metres(answer: Location) -> str:
    return f"{answer.drawn_radius_m:g}" if answer.drawn_radius_m is not None else "its outline"


def _range(value: Range | None) -> str | None:
    if value is None:
        return None
    if value.low == value.high:
        return str(value.low)
    return f"{value.low}+" if value.high is None else f"up to {value.high}" if value.low is None else f"{value.low}-{value.high}"


def _date(when: When) -> str:
    return when.edtf or "no date"
