"""A built page of very many rows → its table, located as it was when the page was built. `geo.render.crowd.rows` wrote it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from geo.columns import Coded, LocatedTable, Profile, Table, nothing
from geo.model import (
    Actor,
    Box,
    Claim,
    Kind,
    LocatedStory,
    Location,
    Place,
    Position,
    Range,
    Receipt,
    Sortie,
    Source,
    Status,
    Story,
    Unplaced,
    When,
)
from geo.read import values as v
from geo.read.block import Block, Columns
from geo.read.pagetyped import Typed, degrees, listed, mapping, number, plain_text, short, turned, when_of
from geo.read.tablestory import events_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.columns import Flags, Floats, Ints

T = TypeVar("T")

FORMAT = 1
"""The newest form of the tables that is read here."""
TEXTS = ("title", "note", "against", "aircraft", "weapon")
NUMBERS = ("strikes", "killed", "aircraft_count")
OUTCOMES = ("pin", "area", "outside", "unplaced")


class Newer(Exception):
    """The page was built by a newer strikemap."""


@dataclass(frozen=True)
class PageRows:
    """The rows that a page carries, in the order of their file."""

    located: LocatedTable
    story: Story
    """What stands above them, without events."""
    order: Ints
    """Row of the page's list → row of the table."""
    outcome: NDArray[np.uint8]
    """Of each row of the list: pinned on the map, hatched on it, outside it, not placed."""
    refused: int

    def as_story(self) -> LocatedStory:
        """Every row as an event."""
        located, table = self.located, self.located.table
        events, sources = events_of(table)
        found: dict[tuple[int, float, float], Location | Unplaced] = {}

        def answer(row: int) -> Location | Unplaced:
            """The row's answer at its own position: one object for all rows that share both."""
            key = (int(located.answer[row]), float(located.lon[row]), float(located.lat[row]))
            known = located.answers[key[0]]
            if isinstance(known, Location) and known.position != key[1:]:
                return found.setdefault(key, dataclasses.replace(known, position=Position(*key[1:])))
            return known

        where = {event.id: answer(row) for row, event in enumerate(events)}
        sorties: list[Sortie] = []
        lost: list[tuple[str, Unplaced]] = []
        for event, code in zip(events, table.origins.codes.tolist(), strict=True) if table.origins else ():
            target = where[event.id]
            for number_of, origin in enumerate(located.origins[code] if code >= 0 else (), 1):
                if isinstance(origin, Unplaced):
                    lost.append((event.id, origin))
                elif isinstance(target, Location):
                    sorties.append(Sortie(f"{event.id}-{number_of}", event.mission or event.id, event.id, origin, target))
        story = dataclasses.replace(self.story, events=events, sources=tuple({s.id: s for s in (*self.story.sources, *sources)}.values()))
        return LocatedStory(story, where, tuple(sorties), tuple(lost), attributions=located.attributions)


def read_rows(text: str, file: str) -> PageRows:
    """The rows of a page's block.

    Raises InputError, ValueError, TypeError or KeyError for what no page of ours has, `Newer` for one that is newer than this.
    """
    return _Rows(Block(text, file).tables, file).found()


class _Rows:
    def __init__(self, tables: Mapping[str, Columns], file: str) -> None:
        self.tables, self.rows, self.file = tables, tables["rows"], file
        self.typed = Typed()
        (about,) = tables["about"].all("carried")
        self.about = mapping(about)
        version = self.about["v"]
        if isinstance(version, int) and version > FORMAT:
            raise Newer
        self.lang = v.language(self.about["lang"])
        for name, told in mapping(self.about["places"]).items():
            self.typed.places[short(name)] = self.typed.fields(Place, {**mapping(told), "id": name})

    def found(self) -> PageRows:
        about, n = self.about, self.rows.n
        numbers = self.rows.ints("number")
        if n and (numbers.min() < 0 or numbers.max() > 2**31 - 1):
            raise ValueError("no number of a row")
        # As the file had them.
        self.of = np.argsort(numbers, kind="stable").astype(np.int32)
        order = np.empty(n, np.int32)
        order[self.of] = np.arange(n, dtype=np.int32)
        story: Story = self.typed.fields(Story, {**mapping(about["story"]), "events": [], "file": ""})
        frame = Box(*(degrees(x) for x in about["core"])) if about["core"] is not None else None
        if frame is not None:
            frame = Box(turned(frame.west), frame.south, turned(frame.east), frame.north)
        outcome = self.rows.coded("outcome")
        codes = np.array([*(OUTCOMES.index(value) for value in outcome.values), -1])[outcome.codes]
        if n and codes.min() < 0:
            raise ValueError("a row without an outcome")
        return PageRows(
            self.located(numbers[self.of].astype(np.int32)), dataclasses.replace(story, frame=frame, file=self.file), order,
            codes.astype(np.uint8), int(number(about["refused"])),
        )  # fmt: skip

    # -- columns of the table, in the order of the file

    def codes(self, name: str) -> Ints:
        """Rows of another table; none where the page has no such column."""
        return self.rows.codes(name)[self.of] if name in self.rows else np.full(self.rows.n, -1, np.int32)

    def column(self, name: str, change: Callable[[Any], T | None]) -> Coded[T] | None:
        """A column with each distinct value typed; None where the page has none."""
        if name not in self.rows:
            return None
        found = self.rows.coded(name)
        return Coded(found.values, found.codes[self.of]).map(change)

    def must(self, name: str, change: Callable[[Any], T | None]) -> Coded[T]:
        found = self.column(name, change)
        return nothing(self.rows.n) if found is None else found

    def told(self, table: str, column: str, change: Callable[[Any], T]) -> tuple[T, ...]:
        return tuple(change(one) for one in self.tables[table].all(column))

    def by(self, name: str, table: str, values: Callable[[], tuple[T, ...]]) -> Coded[T] | None:
        """A column of rows of `table`, which `values` types."""
        return Coded(values(), self.codes(name)) if name in self.rows and table in self.tables else None

    # -- the table

    def located(self, numbers: Ints) -> LocatedTable:
        about, n = self.about, self.rows.n
        profile = mapping(about["profile"])
        positions = self.positions()
        spot, stated = self.codes("spot"), self.codes("stated")
        place = self.codes("place")
        claims, answers, states = self.places()
        if n and place.min() < 0:
            raise ValueError("a row without an answer")
        at = np.array([a.position if isinstance(a, Location) else (np.nan, np.nan) for a in answers], float).reshape(-1, 2)
        pins = np.array([isinstance(a, Location) and a.precision.pinned for a in answers], bool)[place]
        if (pins & (spot < 0)).any():
            raise ValueError("a pin without a position")
        stands = np.where(pins[:, None], positions[spot], at[place]) if n else np.zeros((0, 2))
        own = np.where((stated >= 0)[:, None], positions[stated], np.where((pins & states[place])[:, None], positions[spot], np.nan))
        origins, found = self.origins()
        texts: dict[str, dict[str, Coded[str]]] = {}
        extra: dict[str, Coded[str]] = {}
        for name in self.rows:
            base, at_sign, code = name.partition("@")
            if at_sign and base in TEXTS:
                texts.setdefault(base, {})[v.language(code)] = self.must(name, plain_text)
            elif name.startswith("x:"):
                extra[plain_text(name[2:])] = self.must(name, plain_text)
        ranges = {name: column for name in NUMBERS if (column := self.by(name, name, lambda name=name: self.ranges(name))) is not None}  # type: ignore[misc]
        table = Table(
            file=self.file, format=short(about["format"]), line=np.zeros(n, np.int32), row=numbers, lat=own[:, 1], lon=own[:, 0],
            when=Coded(self.dates(), self.codes("date")), claim=_claims(claims, place),
            kind=self.must("kind", Kind), status=self.must("status", Status), id=self.must("id", short), texts=texts,
            actor=self.by("actor", "actors", self.actors), time=self.column("time", v.clock), mission=self.column("mission", plain_text),
            numbers=ranges, origins=origins, receipts=self.by("receipts", "receipts", self.receipts),
            quote=self.column("quote", plain_text), quote_language=self.column("quote_language", short), extra=extra,
            profile=Profile(plain_text(profile["name"]), plain_text(profile["citation"]), plain_text(profile["licence"]),
                            tuple(plain_text(one) for one in listed(profile["withheld"]))),
            accessed=plain_text(about["accessed"]), lang=self.lang, refused=int(number(about["refused"])),
        )  # fmt: skip
        if len({table.name(row) for row in range(n)} if len(table.id.values) < n else {*table.id.values}) != n:
            raise ValueError("an id stands twice")
        attributions = tuple(plain_text(one) for one in listed(about["attributions"]))
        return LocatedTable(table, answers, place, stands[:, 1], stands[:, 0], found, attributions=attributions)

    def positions(self) -> Floats:
        """Longitude and latitude of each; the last is none, for a code of -1."""
        none = np.full((1, 2), np.nan)
        if "positions" not in self.tables:
            return none
        found = np.stack([self.tables["positions"].decimals(name) for name in ("lon", "lat")], axis=1)
        if len(found) and not ((np.abs(found[:, 1]) <= 90) & (np.abs(found[:, 0]) <= 720)).all():
            raise ValueError("no position")
        return np.concatenate([found, none])

    def places(self) -> tuple[tuple[Claim | None, ...], tuple[Location | Unplaced, ...], Flags]:
        """Claim, answer, and whether the row's own position is where it stands, of each combination."""
        told = [mapping(one) for one in self.tables["places"].all("carried")]
        claims = tuple(self.claim(one["claim"]) if "claim" in one else None for one in told)
        answers = tuple(self.typed.answer(_standing(mapping(one["answer"]))) for one in told)
        return claims, answers, np.array([bool(one.get("stated")) for one in told], bool)

    def claim(self, told: Any) -> Claim:
        found: Claim = self.typed.fields(Claim, told)
        return found

    def dates(self) -> tuple[When, ...]:
        dates = self.tables["dates"]
        written = dates.all("edtf")
        carried = dates.all("carried") if "carried" in dates else [None] * dates.n
        return tuple(when_of(day if told is None else told) for day, told in zip(written, carried, strict=True))

    def actors(self) -> tuple[Actor, ...]:
        actors = self.tables["actors"]
        carried = actors.all("carried") if "carried" in actors else [{self.lang: name} for name in actors.all(f"name@{self.lang}")]
        return tuple(Actor(short(id), self.typed.text(name)) for id, name in zip(actors.all("id"), carried, strict=True))

    def ranges(self, name: str) -> tuple[Range, ...]:
        table = self.tables[name]
        ends = (table.all(end) if end in table else [None] * table.n for end in ("low", "high"))
        return tuple(Range(*(None if end is None else int(number(end)) for end in both)) for both in zip(*ends, strict=True))

    def origins(self) -> tuple[Coded[tuple[Claim, ...]] | None, tuple[tuple[Location | Unplaced, ...], ...]]:
        if "origins" not in self.rows:
            return None, ()
        told = [mapping(one) for one in self.tables["origins"].all("carried")]
        claims = tuple(tuple(self.claim(claim) for claim in listed(one["claims"])) for one in told)
        answers = tuple(tuple(self.typed.answer(mapping(answer)) for answer in listed(one["answers"])) for one in told)
        if any(len(a) != len(b) for a, b in zip(claims, answers, strict=True)):
            raise ValueError("an origin without an answer")
        return Coded(claims, self.codes("origins")), answers

    def receipts(self) -> tuple[tuple[Receipt, ...], ...]:
        days = self.told("said", "carried", when_of) if "said" in self.tables else ()
        known: dict[str, Source] = {}
        return tuple(tuple(self.receipt(mapping(one), days, known) for one in listed(found)) for found in self.tables["receipts"].all("list"))

    def receipt(self, told: Mapping[str, Any], days: tuple[When, ...], known: dict[str, Source]) -> Receipt:
        published, accessed = (None if told.get(name) is None else days[abs(int(number(told[name])))] for name in ("published", "accessed"))
        rest = {"url": told.get("url"), "archived_url": told.get("archived"), "language": told.get("source_language")}
        plain: Source = self.typed.fields(Source, {"id": told["source"], "publisher": {}, **rest})
        source = dataclasses.replace(plain, publisher=self.text(told.get("publisher")) or {}, title=self.text(told.get("title")),
                                     published=published, accessed=accessed)  # fmt: skip
        source = known.setdefault(source.id, source) if known.get(source.id) == source else source
        quote, language = told.get("quote"), told.get("language")
        return Receipt(source, None if quote is None else plain_text(quote), None if language is None else short(language), self.text(told.get("translation")))

    def text(self, told: Any) -> dict[str, str] | None:
        """A text in the table's language, or by language."""
        if told is None:
            return None
        return {self.lang: plain_text(told)} if isinstance(told, str) else self.typed.text(told)


def _standing(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """A pin's answer has its position in the rows."""
    return told if "code" in told or "place" in told or "position" in told else {**told, "position": [0.0, 0.0]}


def _claims(claims: tuple[Claim | None, ...], place: Ints) -> Coded[Claim]:
    kept = [claim for claim in claims if claim is not None]
    there = np.array([*(claim is not None for claim in claims), False], bool)
    to = np.where(there, np.cumsum(there) - 1, -1).astype(np.int32)
    return Coded(tuple(kept), to[place])
