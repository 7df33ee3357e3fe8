"""A story file → `model.Story`, or every fault of the file at once.

The format itself is in `declared`; here are the rules that span keys: ids that must be declared, places given twice,
minimum and maximum, which text has which language.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from geo.errors import Fault, InputError
from geo.model import (
    Actor,
    Claim,
    Correction,
    Event,
    Kind,
    Position,
    Range,
    Receipt,
    Source,
    Status,
    Story,
    TableRef,
    Text,
    When,
)
from geo.read.dates import UNKNOWN, DateError, joined
from geo.read.declared import STORY, schema
from geo.read.faults import Faults, Mark, shown
from geo.read.mapping import checked
from geo.read.shapes import Read, ordered
from geo.read.values import ValueFault
from geo.read.yamltree import DEFAULTS, Items, Limits, Scalar, Table, parse

__all__ = ["Limits", "read_story", "schema"]

_WHERE = ("place", "admin2", "admin1", "country", "lat", "lon", "precision", "radius_m")


def read_story(path: Path | str, data: bytes | None = None, *, limits: Limits = DEFAULTS) -> Story:
    """The story of a YAML file, or of `data` under that file's name.

    Raises InputError with every fault, by line; a file that cannot be read or is no YAML is one fault.
    """
    file = str(path)
    if data is None:
        data = read_bytes(path, limits.bytes)
    faults = Faults(file)
    root = parse(data, faults, limits)
    if not isinstance(root, Table):
        what = (
            "a list"
            if isinstance(root, Items)
            else shown(root.text)
            if isinstance(root, Scalar) and not root.empty
            else "nothing"
        )
        faults.add("type", root.mark, "", f"a story is a mapping, here is {what}", "begin with `title:` and `events:`")
        faults.raise_any()
    given = root.pairs.get("events") if isinstance(root, Table) else None
    if given and isinstance(given[1], Items) and len(given[1].items) > limits.events:
        faults.add("size", given[0], "events", f"more than {limits.events:,} events", "keep so many in a table")
        faults.raise_any()
    read = STORY.read(root, "", faults)
    assert read is not None
    story = _Builder(read, file, faults).story()
    faults.raise_any()
    return story


def read_bytes(path: Path | str, most: int) -> bytes:
    """The bytes of a file, at most one more than `most`. Raises InputError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        message, cure = "there is no such file", "check the name"
    except IsADirectoryError:
        message, cure = "this is a folder", "name a story in it"
    except PermissionError:
        message, cure = "may not be read", "check its permissions"
    except (OSError, ValueError) as error:
        message, cure = f"cannot be read ({getattr(error, 'strerror', None) or error})", "check the file"
    raise InputError([Fault("unreadable", message, cure, str(path))])


def slug_of(path: Path | str) -> str:
    """The slug of a story that states none: its file name in small Latin letters, digits and hyphens."""
    stem = Path(path).stem
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:100].strip("-")
    return words or "story-" + hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class _Builder:
    def __init__(self, read: Read, file: str, faults: Faults) -> None:
        self.read = read
        self.file = file
        self.faults = faults
        self.lang = self._lang()
        self.inline: dict[tuple[Any, ...], Source] = {}

    def _lang(self) -> str:
        if self.read["lang"]:
            return str(self.read["lang"])
        if self.read["languages"]:
            return str(self.read["languages"][0])
        stated = [code for code in self.read["title"] or {} if code]
        return "en" if "" in (self.read["title"] or {"": ""}) or "en" in stated else stated[0]

    def story(self) -> Story:
        read = self.read
        title = self.text(read, "title") or {self.lang: Path(self.file).stem}
        self.sources = self._sources()
        self.actors = self._actors()
        self.actors_by_name = {text: actor for actor in self.actors.values() for text in actor.name.values()}
        events = self._events()
        known = {event.id for event in events}
        return Story(
            slug=read["slug"] or slug_of(self.file),
            title=title,
            lang=self.lang,
            languages=self._languages(title),
            events=events,
            summary=self.text(read, "summary"),
            date=read["date"],
            zone=read["zone"],
            frame=read["frame"],
            sources=(*self.sources.values(), *self.inline.values()),
            actors=tuple(self.actors.values()),
            corrections=tuple(self._correction(c, known) for c in read["corrections"] or ()),
            coarsen=read["coarsen"],
            url=read["url"],
            file=self.file,
            tables=tuple(self._table(table) for table in read["tables"] or ()),
        )

    def _languages(self, title: Text) -> tuple[str, ...]:
        """As stated; without a statement, the story's language and the others its title is written in."""
        stated = self.read["languages"]
        if not stated:
            return tuple(dict.fromkeys((self.lang, *title)))
        if self.lang not in stated:
            self.faults.add(
                "language",
                self.read.where("languages"),
                "languages",
                f"{self.lang}, the story's lang, is missing",
                f"add {self.lang}",
            )
        return tuple(dict.fromkeys(stated))

    def text(self, read: Read, key: str) -> Text | None:
        """A text by language; what names no language is in the story's."""
        words: dict[str, str] | None = read[key]
        if not words:
            return None
        if "" in words and self.lang in words:
            self.faults.add("twice", read.where(key), read.at(key), f"a text in {self.lang} is given twice", "keep one")
        return {code or self.lang: text for code, text in words.items()}

    def _table(self, read: Read) -> TableRef:
        mark = read.where("file")
        if read["file"]:
            self._beside(read, read["file"])
        columns = {}
        for name, (at, header) in (read["columns"] or {}).items():
            try:
                columns[checked(name)] = header
            except ValueFault as fault:
                self.faults.add(fault.code, at, read.at("columns"), fault.message, fault.cure)
        where = {name: tuple(values or ()) for name, (_, values) in (read["where"] or {}).items()}
        start, end = read["from"], read["to"]
        return TableRef(
            read["file"] or "", read["as"], {k: h for k, h in columns.items() if h}, read["dates"], where,
            start.first if start else None, end.last if end else None, read["accessed"], mark.line, mark.column,
        )  # fmt: skip

    def _beside(self, read: Read, name: str) -> None:
        """A story may name files of its own folder alone: whoever sends one must not learn what else lies on the disk."""
        parts = re.split(r"[/\\]", name)
        if name.startswith(("/", "\\", "~")) or ".." in parts or ":" in name or "\0" in name:
            self.faults.add(
                "outside", read.where("file"), read.at("file"), f"{shown(name)} is no file of the story's folder",
                "put the table beside the story and write its name",
            )  # fmt: skip

    # -- what events refer to

    def _sources(self) -> dict[str, Source]:
        found = {}
        for name, (_, read) in (self.read["sources"] or {}).items():
            if read is None:
                found[name] = Source(name, {})
                continue
            found[name] = Source(
                id=name,
                publisher=self.text(read, "publisher") or {},
                title=self.text(read, "title"),
                url=read["url"],
                archived_url=read["archived_url"],
                published=read["published"],
                accessed=read["accessed"],
                language=read["language"],
            )
        return found

    def _actors(self) -> dict[str, Actor]:
        found = {}
        for name, (_, read) in (self.read["actors"] or {}).items():
            words = (self.text(read, "name") if read else None) or {self.lang: name}
            found[name] = Actor(name, words, read["colour"] if read else None)
        return found

    def _correction(self, read: Read, known: set[str]) -> Correction:
        event = read["event"]
        # An event that is no longer there may be corrected too; only a slip of the pen is a fault.
        if event is not None and event not in known and self.faults.nearest(event, known):
            self._undeclared(read, "event", event, known, "an event")
        return Correction(read["date"] or UNKNOWN, self.text(read, "text") or {}, event)

    def _undeclared(self, read: Read, key: str, name: str, known: Any, what: str) -> None:
        near = self.faults.nearest(name, known)
        if near:
            cure = f'did you mean "{near}"?'
        elif len(known) > 12:
            cure = "declare it"
        else:
            cure = f"declare it, or write one of: {shown(', '.join(sorted(known)), 200)[1:-1] or 'none yet'}"
        self.faults.add("undeclared", read.where(key), read.at(key), f"{shown(name)} is not the id of {what}", cure)

    # -- events

    def _events(self) -> tuple[Event, ...]:
        reads: list[Read] = self.read["events"] or []
        lines: dict[str, Mark] = {}
        names: list[str | None] = []
        for read in reads:
            name = read["id"]
            if name is not None and name in lines:
                self.faults.add(
                    "duplicate_id",
                    read.where("id"),
                    read.at("id"),
                    f"the id stands twice (first on line {lines[name].line})",
                    "give each event an id of its own",
                )
            elif name is not None:
                lines[name] = read.where("id")
            names.append(name)
        events = []
        for n, (read, name) in enumerate(zip(reads, names, strict=True), 1):
            if name is None:
                name = f"e{n}"
                while name in lines:
                    name += "-"
                lines[name] = read.mark
            events.append(self._event(read, name))
        return tuple(events)

    def _event(self, read: Read, name: str) -> Event:
        mission: Read | None = read["mission"]
        return Event(
            id=name,
            kind=read["kind"] or Kind.STRIKE,
            date=self._date(read),
            title=self.text(read, "title") or {},
            claim=self._claim(read),
            time=read["time"],
            note=self.text(read, "note"),
            actor=self._actor(read),
            against=self.text(read, "against"),
            mission=mission["id"] if mission else None,
            origins=self._origins(read, mission),
            aircraft=self._either(read, mission, "aircraft", text=True),
            aircraft_count=self._either(read, mission, "aircraft_count"),
            weapon=self.text(read, "weapon"),
            strikes=self._range(read, "strikes"),
            killed=self._range(read, "killed"),
            status=read["status"] or Status.REPORTED,
            receipts=self._receipts(read),
            as_published=bool(read["as_published"]),
            line=read.mark.line,
        )

    def _date(self, read: Read) -> When:
        start, end = read["date"], read["date_end"]
        if read.given("date") and start is None or end is None:
            return start or UNKNOWN
        try:
            return joined(start or UNKNOWN, end)
        except DateError as error:
            self.faults.add("date", read.where("date_end"), read.at("date_end"), error.message, error.cure)
            return UNKNOWN

    def _claim(self, read: Read) -> Claim | None:
        nested: Read | None = read["location"]
        if nested is None:
            return self._where(read)
        for key in _WHERE:
            if read.given(key) and nested.given(key):
                self.faults.add(
                    "twice", nested.where(key), nested.at(key), f"{key} stands on the event too", "keep one"
                )
        both = Read(nested.mark, read.path, {}, {}, set())
        for key in _WHERE:
            holder = nested if nested.given(key) else read
            if key in holder.marks:
                both.marks[key] = holder.marks[key]
                both.values[key] = holder[key]
                if key in holder.empty:
                    both.empty.add(key)
        return self._where(both)

    def _where(self, read: Read) -> Claim | None:
        self._pair(read, "lat", "lon")
        lat, lon = read["lat"], read["lon"]
        name = self.text(read, "place")
        position = Position(lon, lat) if lat is not None and lon is not None else None
        if not (name or position or any(read[k] for k in ("admin1", "admin2", "country"))):
            return None
        mark = read.where("place" if name else "lat" if position else "country")
        return Claim(
            name=name,
            place=_main(name, self.lang) if name else None,
            position=position,
            precision=read["precision"],
            radius_m=read["radius_m"],
            admin2=read["admin2"],
            admin1=read["admin1"],
            country=read["country"],
            line=mark.line,
            column=mark.column,
        )

    def _pair(self, read: Read, a: str, b: str) -> None:
        """Coordinates come in pairs: the half that is missing is named."""
        for one, other in ((a, b), (b, a)):
            if read.given(one) and not read.given(other):
                what = "is empty" if other in read.marks else "is missing"
                self.faults.add(
                    "pair",
                    read.where(other if other in read.marks else one),
                    read.at(other),
                    f"{what} while {one} is given",
                    f"write both {a} and {b}",
                )

    def _actor(self, read: Read) -> Actor | None:
        words = self.text(read, "actor")
        if not words:
            return None
        if len(words) == 1 and read["actor"].keys() == {""}:
            name = read["actor"][""]
            if name in self.actors:
                return self.actors[name]
            by_name = self.actors_by_name
            if name in by_name:
                return by_name[name]
            near = self.faults.nearest(name, [*self.actors, *by_name], 0.8)
            if near:
                self.faults.add(
                    "undeclared",
                    read.where("actor"),
                    read.at("actor"),
                    f"{shown(name)} is not the id of an actor",
                    f'did you mean "{near}"?',
                )
        return Actor(_main(words, self.lang), words)

    def _origins(self, read: Read, mission: Read | None) -> tuple[Claim, ...]:
        if mission and mission.given("origin") and read.given("origin"):
            self.faults.add(
                "twice", mission.where("origin"), mission.at("origin"), "origin stands on the event too", "keep one"
            )
        places: list[Read] = read["origin"] or (mission["origin"] if mission else None) or []
        claims = [claim for place in places if (claim := self._where(place)) is not None]
        self._pair(read, "origin_lat", "origin_lon")
        lat, lon, precision = read["origin_lat"], read["origin_lon"], read["origin_precision"]
        if not read.given("origin_lat", "origin_lon", "origin_precision"):
            return tuple(claims)
        key = "origin_lat" if read.given("origin_lat") else "origin_precision"
        if len(places) > 1:
            self.faults.add(
                "origins",
                read.where(key),
                read.at(key),
                "one position for several origins",
                "write origin as a list of {place, lat, lon, precision}",
            )
            return tuple(claims)
        own = claims[0] if claims else Claim(line=read.where(key).line, column=read.where(key).column)
        if own.position and lat is not None or own.precision and precision:
            self.faults.add("twice", read.where(key), read.at(key), "the origin has its own", "keep one")
        if not claims and lat is None:
            if not read.given("origin"):
                self.faults.add(
                    "origins",
                    read.where(key),
                    read.at(key),
                    "a precision without an origin",
                    "write origin: or delete it",
                )
            return ()
        position = Position(lon, lat) if lat is not None and lon is not None else own.position
        return (
            Claim(
                own.name,
                own.place,
                position,
                precision or own.precision,
                own.radius_m,
                own.admin2,
                own.admin1,
                own.country,
                own.line,
                own.column,
            ),
        )

    def _either(self, read: Read, mission: Read | None, key: str, text: bool = False) -> Any:
        if mission and mission.given(key):
            if read.given(key):
                self.faults.add(
                    "twice", mission.where(key), mission.at(key), f"{key} stands on the event too", "keep one"
                )
            read = mission
        return self.text(read, key) if text else read[key]

    def _range(self, read: Read, key: str) -> Range | None:
        low, high = f"{key}_min", f"{key}_max"
        if not read.given(low, high):
            found: Range | None = read[key]
            return found
        mark = read.where(low if read.given(low) else high)
        if read.given(key):
            self.faults.add("twice", read.where(key), read.at(key), f"{low} or {high} is given too", "keep one")
            return None
        return ordered(read[low], read[high], mark, read.at(low if read.given(low) else high), self.faults)

    def _receipts(self, read: Read) -> tuple[Receipt, ...]:
        found: list[Receipt] = []
        for item in read["sources"] or ():
            name = item["id"]
            if name is None:
                continue
            source = self.sources.get(name)
            if source is None:
                self._undeclared(item, "id", name, self.sources, "a source")
                continue
            if (item.given("language") or item.given("translation")) and not item.given("quote"):
                key = "language" if item.given("language") else "translation"
                self.faults.add(
                    "quote",
                    item.where(key),
                    item.at(key),
                    "there is no quote it could belong to",
                    "write quote: or delete it",
                )
            quote = item["quote"]
            found.append(
                Receipt(
                    source,
                    quote,
                    (item["language"] or source.language) if quote else None,
                    self.text(item, "translation"),
                )
            )
        keys = ("publisher", "title", "url", "archived_url", "published")
        inline = None
        if read.given(*(f"source_{k}" for k in keys)):
            inline = self._inline(read)
            found.append(Receipt(inline))
        if read.given("quote", "quote_language"):
            self._quote(read, found, inline)
        return tuple(found)

    def _quote(self, read: Read, found: list[Receipt], inline: Source | None) -> None:
        quote, language = read["quote"], read["quote_language"]
        key = "quote" if read.given("quote") else "quote_language"
        if not read.given("quote"):
            self.faults.add(
                "quote",
                read.where(key),
                read.at(key),
                "there is no quote it could belong to",
                "write quote: or delete it",
            )
        elif not found and not read.given("sources"):
            self.faults.add(
                "quote",
                read.where(key),
                read.at(key),
                "nobody is named who said it",
                "write sources: or source_publisher:",
            )
        elif inline is None and len(found) > 1:
            self.faults.add(
                "quote",
                read.where(key),
                read.at(key),
                "which of the sources said it is not clear",
                "write it in sources: [{id: …, quote: …}]",
            )
        elif found and found[-1].quote is not None:
            self.faults.add("twice", read.where(key), read.at(key), "the source has a quote already", "keep one")
        elif found:
            found[-1] = Receipt(found[-1].source, quote, language or found[-1].source.language)

    def _inline(self, read: Read) -> Source:
        """The event's own source; the same words on two events are one source. Ids: s1, s2, … past declared ones."""
        publisher, title = self.text(read, "source_publisher") or {}, self.text(read, "source_title")
        url, archived, published = read["source_url"], read["source_archived_url"], read["source_published"]
        key = (tuple(sorted(publisher.items())), tuple(sorted((title or {}).items())), url, archived, published)
        if key not in self.inline:
            n = len(self.inline) + 1
            name = f"s{n}"
            while name in self.sources:
                name += "-"
            self.inline[key] = Source(name, publisher, title, url, archived, published)
        return self.inline[key]


def _main(words: Mapping[str, str], lang: str) -> str:
    """The text in the story's language, else in the first of its languages by code."""
    return words.get(lang) or words.get("en") or words[min(words)]
