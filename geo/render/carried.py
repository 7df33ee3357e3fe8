"""The story's own data in a page, as it was stated and as it was located, so that the page can be read back and compared.

`geo.read.page` is its reader. Every dataclass of the model is an object of the fields that differ from their default;
sources, actors and places stand once and are referred to by id; a text that stands in the page's own words is the name
of that word's key. Texts keep the page's languages; what only the desk needs (lines of the file, candidates) is left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, Protocol

from geo.scene.scene import Actor, Location, Scene, Source, Story, When

FORMAT = 1

_LEFT_OUT = {
    "Story": {"file", "events", "sources", "actors", "frame", "tables", "refused", "credits", "notes"},
    "Claim": {"line", "column"},
    "Event": {"line"},
    "Location": {"reason", "warnings"},
    "Unplaced": {"candidates", "reason"},
    "Place": {"id", "names", "note", "population", "capital", "admin1", "label"},
}

@cache
def _parts(cls: type) -> tuple[tuple[str, Any], ...]:
    """The fields that are told, each with its default."""
    out = _LEFT_OUT.get(cls.__name__, ())
    return tuple(
        (field.name, field.default if field.default_factory is dataclasses.MISSING else field.default_factory())
        for field in dataclasses.fields(cls)
        if field.name not in out
    )


Strings = Mapping[str, Mapping[str, "str | tuple[str, str]"]]


def carry(scene: Scene, strings: Strings) -> dict[str, Any]:
    """The block `carried` of the page's data: plain JSON."""
    return _StoryCarrier(scene, strings).block()


def spoken(key: str, strings: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The text that the page's words have under `key`, by the language that each is really in."""
    found: dict[str, str] = {}
    for lang, words in strings.items():
        value = words.get(key)
        if isinstance(value, str):
            found[lang] = value
        elif value is not None:
            found.setdefault(value[1], value[0])
    return found


class Told(Protocol):
    """What is asked of a scene, or of a crowd, to choose the languages of its texts."""

    @property
    def story(self) -> Story: ...
    @property
    def languages(self) -> tuple[str, ...]: ...


def shown(text: Mapping[str, str], scene: Told) -> dict[str, str]:
    """`text` in the languages of the page; one that has none of them in its own."""
    found = {lang: text[lang] for lang in scene.languages if lang in text}
    if found or not text:
        return found
    lang = next((lang for lang in (scene.story.lang, "en") if lang in text), next(iter(text)))
    return {lang: text[lang]}


class Carrier:
    """Writes dataclasses of the model; places that are met go into `places`, by id."""

    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = languages
        self.places: dict[str, Any] = {}
        self.sources: dict[str, Source] = {}
        self.actors: dict[str, Actor] = {}
        """Sources and actors that stand elsewhere: they are named by their ids."""

    def plain(self, value: Any) -> Any:
        """`value` as JSON."""
        if isinstance(value, Enum):
            return value.value
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, When):
            return when_as_json(value)
        if isinstance(value, Mapping):
            return self.text(value)
        if isinstance(value, tuple | list):
            return [self.plain(item) for item in value]
        if isinstance(value, Source) and self.sources.get(value.id) == value:
            return value.id
        if isinstance(value, Actor) and self.actors.get(value.id) == value:
            return value.id
        if isinstance(value, Location):
            return self.location(value)
        if type(value).__name__ == "Place":
            return self.place(value)
        return self.fields(value)

    def fields(self, value: Any) -> dict[str, Any]:
        found = {}
        for name, default in _parts(value.__class__):
            held = getattr(value, name)
            if held is not default and held != default:
                found[name] = self.plain(held)
        return found

    def location(self, value: Location) -> dict[str, Any]:
        """Without what the place says as well."""
        found = self.fields(value)
        for name in ("position", "precision", "outline", "radius_m", "countries"):
            if value.place is None:
                break
            if getattr(value.place, name) == getattr(value, name):
                found.pop(name, None)
            else:
                found.setdefault(name, None)
        return found

    def place(self, value: Any) -> str:
        """The place's id; the place itself, with its name in each of the page's languages, goes into the table."""
        if value.id not in self.places:
            self.places[value.id] = {}
            names: dict[str, list[str]] = {}
            for lang in self.languages:
                name, code = value.name(lang)
                names.setdefault(code, [name])
            # The forms as they are shown: no other spelling of the place is needed again.
            self.places[value.id] = {**self.fields(value), "names": names}
        return str(value.id)

    def text(self, value: Mapping[str, str]) -> Any:
        return dict(value)


class _StoryCarrier(Carrier):
    def __init__(self, scene: Scene, strings: Strings) -> None:
        super().__init__(scene.languages)
        self.scene = scene
        self.sources = {source.id: source for source in scene.story.sources}
        self.actors = {actor.id: actor for actor in scene.story.actors}
        self.keys: dict[tuple[tuple[str, str], ...], str] = {}
        for words in strings.values():
            for key in words:
                self.keys.setdefault(tuple(sorted(spoken(key, strings).items())), key)

    def block(self) -> dict[str, Any]:
        scene = self.scene
        for entry in scene.entries:
            for receipt in entry.event.receipts:
                self.sources.setdefault(receipt.source.id, receipt.source)
            if entry.event.actor:
                self.actors.setdefault(entry.event.actor.id, entry.event.actor)
        events = {entry.event.id: entry for entry in scene.entries}
        rows = []
        for event in scene.story.events:
            entry = events[event.id]
            row = {"event": self.plain(event), "answer": self.plain(entry.answer)}
            lines = [self.line(sortie, entry.answer) for sortie in entry.sorties]
            lost = [self.plain(answer) for answer in entry.unplaced_origins]
            rows.append({**row, **({"sorties": lines} if lines else {}), **({"lost": lost} if lost else {})})
        return {
            "v": FORMAT,
            "story": self.plain(scene.story),
            "core": list(scene.frame["core"]) if scene.story.frame else None,
            "refused": scene.counts.refused,
            "attributions": list(scene.attributions),
            "sources": [self.fields(source) for source in self.sources.values()],
            "actors": [self.fields(actor) for actor in self.actors.values()],
            "events": rows,
            "places": self.places,
        }

    def line(self, sortie: Any, answer: Any) -> dict[str, Any]:
        found = self.fields(sortie)
        del found["event"]
        if sortie.target == answer:
            del found["target"]
        return found

    def text(self, value: Mapping[str, str]) -> Any:
        """The key of the same text in the page's words, else the text in the page's languages."""
        found = shown(value, self.scene)
        return self.keys.get(tuple(sorted(found.items())), found)


def when_as_json(value: When) -> Any:
    """A single day as it is written, any other date with its bounds."""
    first, last = (day.isoformat() if day else None for day in (value.first, value.last))
    if value.precision == "day" and first == last == value.edtf and not value.approximate and not value.uncertain:
        return value.edtf
    return [value.edtf, value.precision, first, last, int(value.approximate), int(value.uncertain)]
