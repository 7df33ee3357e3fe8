"""A built page → the story that it carries, located as it was when the page was built.

Nothing of the page is run or fetched. A page may come from anybody: what is read is typed field by field, addresses,
ids and colours are held to the patterns of a story, and whatever does not fit is one fault, never a crash.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from geo.errors import Fault, InputError
from geo.model import Actor, Box, Event, LocatedStory, Location, Place, Sortie, Source, Story, Unplaced
from geo.read import values as v
from geo.read.pagerows import Newer, PageRows, read_rows
from geo.read.pagetyped import Typed, degrees, mapping, number, plain_text, short, turned
from geo.read.story import read_bytes
from geo.read.values import ValueFault

FORMAT = 1
"""The newest form of the carried data that is read here."""

MOST_BYTES = 64_000_000
MOST_UNPACKED = 256_000_000
MOST_RATIO = 250
"""How many times larger than itself packed data may become. Text seldom passes 10; DEFLATE can do 1,000."""


@dataclass(frozen=True)
class Page:
    """What a built page carries."""

    told: LocatedStory | PageRows
    """A story; of a page of very many rows, the table that they are."""
    languages: tuple[str, ...]
    """Of the page, its own first."""
    refused: int = 0
    """Rows that were kept out when the page was built."""

    @cached_property
    def located(self) -> LocatedStory:
        """The story, with an event for every row."""
        return self.told if isinstance(self.told, LocatedStory) else self.told.as_story()

    @property
    def rows(self) -> PageRows | None:
        return None if isinstance(self.told, LocatedStory) else self.told


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
    rows = _ROWS.search(data)
    if "carried" not in told and not rows:
        raise _fault("old_page", "this page was built before pages carried their data", "name the story it was built from", file)
    newer = _fault("newer", "this page was built by a newer strikemap", "install the newest strikemap", file)
    try:
        if rows:
            languages = languages_of(told)
            found = read_rows(rows[1].decode("utf-8"), file)
            return Page(found, languages, found.refused)
        version = told["carried"]["v"]
        if isinstance(version, int) and version > FORMAT:
            raise newer
        return _Reader(told).page(file)
    except InputError:
        raise
    except Newer:
        raise newer from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError, ValueFault):
        raise _fault("damaged", "the data in this page is damaged", "take an unaltered copy of the page", file) from None


class _Damaged(Exception):
    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure


def _fault(code: str, message: str, cure: str, file: str) -> InputError:
    return InputError([Fault(code, message, cure, file)])


_DATA = re.compile(rb'<script type="application/json" id="map_[0-9a-z_]{1,200}-data">([^<]*)</script>')
_ROWS = re.compile(rb'<script type="application/x-strikemap-rows" id="map_[0-9a-z_]{1,200}-rows">([^<]*)</script>')
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


class _Reader(Typed):
    """Types the carried block by the annotations of the model."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__()
        self.told = told
        self.block = told["carried"]
        self.languages = languages_of(told)
        self.strings = {lang: mapping(told["strings"][lang]) for lang in self.languages}

    def page(self, file: str) -> Page:
        block = self.block
        for told in block["sources"]:
            source = self.fields(Source, told)
            self.sources[source.id] = source
        for told in block["actors"]:
            actor = self.fields(Actor, told)
            self.actors[actor.id] = actor
        for name, told in mapping(block["places"]).items():
            self.places[short(name)] = self.fields(Place, {**told, "id": name})
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
        frame = Box(*(degrees(x) for x in block["core"])) if block["core"] is not None else None
        if frame is not None:
            frame = Box(turned(frame.west), frame.south, turned(frame.east), frame.north)
        story = dataclasses.replace(
            story, events=tuple(events), sources=tuple(self.sources[key] for key in self.sources), frame=frame, file=file,
            actors=tuple(self.actors.values()),
        )  # fmt: skip
        attributions = tuple(plain_text(one) for one in block["attributions"])
        refused = number(block["refused"])
        located = LocatedStory(story, where, tuple(sorties), tuple(lost), attributions=attributions)
        return Page(located, self.languages, int(refused))

    def text(self, told: Any) -> dict[str, str]:
        """A text by language, or the one that the page's words have under a key."""
        if not isinstance(told, str):
            return {short(lang): plain_text(words) for lang, words in mapping(told).items()}
        found: dict[str, str] = {}
        for lang, words in self.strings.items():
            value = words.get(told)
            if isinstance(value, str):
                found[lang] = value
            elif value is not None:
                said, code = value
                found.setdefault(short(code), plain_text(said))
        if not found:
            raise KeyError(told)
        return found


def languages_of(told: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(v.language(code["code"]) for code in told["languages"])
