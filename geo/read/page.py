"""A built page → the story that it carries, located as it was when the page was built.

Nothing of the page is run or fetched. A page may come from anybody: what is read is typed field by field, addresses,
ids and colours are held to the patterns of a story, and whatever does not fit is one fault, never a crash.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import math
import re
import types
import typing
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from geo.errors import Fault, InputError
from geo.model import Actor, Box, Event, LocatedStory, Location, Place, Position, Sortie, Source, Story, Unplaced, When
from geo.read import values as v
from geo.read.story import read_bytes
from geo.read.values import ValueFault

FORMAT = 1
"""The newest form of the carried data that is read here."""

MOST_BYTES = 64_000_000
MOST_UNPACKED = 256_000_000
MOST_RATIO = 250
"""How many times larger than itself packed data may become. Text seldom passes 10; DEFLATE can do 1,000."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a built page carries."""

    located: LocatedStory
    languages: tuple[str, ...]
    """Of the page, its own first."""
    refused: int = 0
    """Rows that were kept out when the page was built."""


def read_page(path: Path | str, data: bytes | None = None, *, most: int = MOST_BYTES) -> Page:
    """The story of a page, or of `data` under that page's name.

    Raises InputError with one fault for a file that is no page of ours, is damaged, or is of a newer strikemap.
    """
    file = str(path)
    if data is None:
        data = read_bytes(path, most)
    if len(data) > most:
        raise _fault("size", f"larger than {most:,} bytes", "raise --max-bytes if you trust the file", file)
    try:
        told = unpacked(data)
    except _Damaged as error:
        raise _fault(error.code, error.message, error.cure, file) from None
    if "carried" not in told:
        raise _fault("old_page", "this page was built before pages carried their data", "name the story it was built from", file)
    try:
        version = told["carried"]["v"]
        if isinstance(version, int) and version > FORMAT:
            raise _fault("newer", "this page was built by a newer strikemap", "install the newest strikemap", file)
        return _Reader(told).page(file)
    except InputError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError, ValueFault):
        raise _fault("damaged", "the data in this page is damaged", "take an unaltered copy of the page", file) from None


class _Damaged(Exception):
    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure


def _fault(code: str, message: str, cure: str, file: str) -> InputError:
    return InputError([Fault(code, message, cure, file)])


_DATA = re.compile(rb'<script type="application/json" id="map_[0-9a-z_]{1,200}-data">([^<]*)</script>')
_NO_PAGE = ("no_page", "this is no map of strikemap", "name a page that strikemap build made")


def unpacked(page: bytes) -> dict[str, Any]:
    """The JSON object that stands in a page, inflated within bounds."""
    found = _DATA.search(page)
    if not found:
        raise _Damaged(*_NO_PAGE)
    damaged = _Damaged("damaged", "the data in this page is damaged", "take an unaltered copy of the page")
    try:
        told = json.loads(found[1], parse_constant=_no_number)
        if isinstance(told, dict) and "deflate" in told:
            raw = _bytes(told["deflate"])
            most = min(MOST_UNPACKED, MOST_RATIO * len(raw) + 100_000)
            packer = zlib.decompressobj(-15)
            text = packer.decompress(raw, most)
            if packer.unconsumed_tail or not packer.eof:
                raise _Damaged("bomb", f"the data in this page unpacks to more than {most:,} bytes", "don't trust the file") \
                    if packer.unconsumed_tail else damaged  # fmt: skip
            told = _put_together(json.loads(text, parse_constant=_no_number))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, zlib.error):
        raise damaged from None
    if not isinstance(told, dict):
        raise damaged
    return told


_ASCII85 = bytes.maketrans(b",.:", b"&<>")
CELL = "$"
"""Key of an object that stands for a text of all languages, as `geo.render.packing` writes it."""


def _bytes(text: str) -> bytes:
    written = text.encode("ascii")
    if set(b"&<>") & set(written):
        raise ValueError("a character that no page of ours has")
    return base64.b85decode(written.translate(_ASCII85))


def _put_together(parts: list[Any]) -> dict[str, Any]:
    """The payload of `[rest, languages, keys, words, column, …]`; `geo.render.packing` says what they are."""
    rest, languages, keys, words, *columns = parts
    column = dict(zip(languages, columns, strict=True))
    order = [language["code"] for language in rest["languages"]]
    before = len(keys) + len(words)

    def filled_in(node: Any) -> Any:
        if isinstance(node, dict):
            if CELL in node:
                row = before + max(0, int(node[CELL]))
                return {lang: column[lang][row] for lang in order}
            return {key: filled_in(value) for key, value in node.items()}
        return [filled_in(value) for value in node] if isinstance(node, list) else node

    told: dict[str, Any] = filled_in(rest)
    told["strings"] = {lang: dict(zip(keys, column[lang][: len(keys)], strict=True)) for lang in order}
    told["words"] = {lang: dict(zip(words, column[lang][len(keys) : before], strict=True)) for lang in order}
    return told


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


class _Reader:
    """Types the carried block by the annotations of the model."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        self.block = told["carried"]
        self.languages = tuple(v.language(code["code"]) for code in told["languages"])
        self.strings = {lang: _mapping(told["strings"][lang]) for lang in self.languages}
        self.sources: dict[str, Source] = {}
        self.actors: dict[str, Actor] = {}
        self.places: dict[str, Place] = {}

    def page(self, file: str) -> Page:
        block = self.block
        for told in block["sources"]:
            source = self.fields(Source, told)
            self.sources[source.id] = source
        for told in block["actors"]:
            actor = self.fields(Actor, told)
            self.actors[actor.id] = actor
        for name, told in _mapping(block["places"]).items():
            self.places[_short(name)] = self.fields(Place, {**told, "id": name})
        events: list[Event] = []
        where: dict[str, Location | Unplaced] = {}
        sorties: list[Sortie] = []
        lost: list[tuple[str, Unplaced]] = []
        for row in block["events"]:
            event = self.fields(Event, row["event"])
            if event.id in where:
                raise ValueError("an id stands twice")
            events.append(event)
            answer = where[event.id] = self.answer(row["answer"])
            for line in row.get("sorties", ()):
                stated = {"event": event.id, **line}
                if "target" not in line:
                    sorties.append(dataclasses.replace(self.fields(Sortie, {**stated, "target": line["origin"]}), target=answer))
                else:
                    sorties.append(self.fields(Sortie, stated))
            lost += [(event.id, self.fields(Unplaced, one)) for one in row.get("lost", ())]
        story: Story = self.fields(Story, {**block["story"], "events": [], "file": ""})
        frame = Box(*(_degrees(x) for x in block["core"])) if block["core"] is not None else None
        if frame is not None:
            frame = Box(_turned(frame.west), frame.south, _turned(frame.east), frame.north)
        story = dataclasses.replace(
            story, events=tuple(events), sources=tuple(self.sources[key] for key in self.sources), frame=frame, file=file,
            actors=tuple(self.actors.values()),
        )  # fmt: skip
        attributions = tuple(_text(one) for one in block["attributions"])
        refused = _number(block["refused"])
        located = LocatedStory(story, where, tuple(sorties), tuple(lost), attributions=attributions)
        return Page(located, self.languages, int(refused))

    def answer(self, told: Mapping[str, Any]) -> Location | Unplaced:
        answer: Location | Unplaced = self.fields(Unplaced, told) if "code" in told else self.location(told)
        return answer

    def location(self, told: Mapping[str, Any]) -> Location:
        """What the place says as well stands with the place only."""
        stated = dict(told)
        place = self.places[told["place"]] if "place" in told else None
        found: dict[str, Any] = {}
        for name in ("position", "precision", "outline", "radius_m", "countries"):
            if place is not None and name not in stated:
                found[name] = getattr(place, name)
            elif stated.get(name, 0) is None:
                del stated[name]
        hints = _hints(Location)
        found |= {name: self.value(hints[name], value, name) for name, value in stated.items() if name in hints}
        return Location(**found)

    def fields(self, cls: type, told: Any) -> Any:
        """A dataclass of the model from the fields that are told; those it does not know are passed over."""
        hints = _hints(cls)
        known = {name: self.value(hints[name], value, name) for name, value in _mapping(told).items() if name in hints}
        return cls(**known)

    def value(self, hint: Any, told: Any, name: str) -> Any:
        options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
        if told is None:
            if type(None) in options:
                return None
            raise ValueError(f"{name} is missing")
        (wanted, *_) = [option for option in options if option is not type(None)]
        if name in _HELD:
            return _HELD[name](_text(told))
        if wanted is When:
            return _when(told)
        if wanted is Location:
            return self.location(told)
        if wanted is Place:
            return self.places[told]
        if wanted is Source and isinstance(told, str):
            return self.sources[told]
        if wanted is Actor and isinstance(told, str):
            return self.actors[told]
        origin = typing.get_origin(wanted)
        if origin is tuple:
            inner = typing.get_args(wanted)[0]
            return tuple(self.value(inner, item, f"{name}[]") for item in _list(told))
        if origin is not None and issubclass(origin, Mapping):
            if typing.get_args(wanted)[1] is str:
                return self.text(told)
            return {_short(key): tuple(_text(one) for one in _list(names)) for key, names in _mapping(told).items()}
        if wanted is Position:
            lon, lat = (_degrees(x) for x in _list(told))
            if abs(lat) > 90:
                raise ValueError("no latitude")
            return Position(lon, lat)
        if dataclasses.is_dataclass(wanted):
            return self.fields(typing.cast(type, wanted), told)
        return _plain(wanted, told)

    def text(self, told: Any) -> dict[str, str]:
        """A text by language, or the one that the page's words have under a key."""
        if not isinstance(told, str):
            return {_short(lang): _text(words) for lang, words in _mapping(told).items()}
        found: dict[str, str] = {}
        for lang, words in self.strings.items():
            value = words.get(told)
            if isinstance(value, str):
                found[lang] = value
            elif value is not None:
                said, code = value
                found.setdefault(_short(code), _text(said))
        if not found:
            raise KeyError(told)
        return found


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _link(told: str) -> str | None:
    """An address that a story would not take is dropped: it is never to become a link again."""
    try:
        return v.link(told)
    except ValueFault:
        return None


_HELD: Mapping[str, Callable[[str], Any]] = {
    "slug": v.slug,
    "id": lambda told: _short(told),
    "url": _link,
    "archived_url": _link,
    "colour": v.colour,
    "lang": v.language,
    "languages[]": v.language,
    "time": v.clock,
}
"""What must look as in a story, by the field's name."""


def _plain(wanted: Any, told: Any) -> Any:
    if wanted is bool:
        return bool(told)
    if wanted is str:
        return _text(told)
    if wanted is int:
        return int(_number(told))
    if wanted is float:
        return float(_number(told))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(told)
    raise TypeError(f"no reader for {wanted}")


def _when(told: Any) -> When:
    if isinstance(told, str):
        day = date.fromisoformat(told)
        return When(day.isoformat(), "day", day, day)
    edtf, precision, first, last, approximate, uncertain = _list(told)
    if precision not in ("day", "month", "year", "interval", "unknown"):
        raise ValueError("no precision of a date")
    bounds = [date.fromisoformat(_text(day)) if day is not None else None for day in (first, last)]
    return When(_short(edtf), precision, bounds[0], bounds[1], bool(approximate), bool(uncertain))


def _mapping(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise TypeError("no mapping")
    return told


def _list(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError("no list")
    return told


_SURROGATE = re.compile("[\ud800-\udfff]")


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("no text")
    return told if told.isascii() else _SURROGATE.sub("\ufffd", told)


def _short(told: Any) -> str:
    text = _text(told)
    if len(text) > 200 or not text.isprintable():
        raise ValueError("no name")
    return text


def _number(told: Any) -> float | int:
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told) or abs(told) > 1e9:
        raise ValueError("no number")
    return told


def _degrees(told: Any) -> float:
    degrees = float(_number(told))
    if abs(degrees) > 720:
        raise ValueError("no angle")
    return degrees


def _turned(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
