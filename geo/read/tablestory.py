"""A table's rows as a story's events, for the outputs that take a story."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from geo.columns import Coded, Table, text_of
from geo.model import Actor, Claim, Event, Kind, Position, Range, Receipt, Source, Status, Story, Text
from geo.read.dates import UNKNOWN
from geo.read.story import slug_of

T = TypeVar("T")


def story_of(table: Table, title: str | None = None) -> Story:
    """The story that holds every row as an event, in the order of the file.

    Its title and slug are made of what the table holds: a copy of the file under another name gives the same map.
    """
    events, sources = events_of(table)
    return replace(header_of(table, title), events=events, sources=sources)


def header_of(table: Table, title: str | None = None) -> Story:
    """What stands above the rows of a table: the story without its events."""
    lang = table.lang
    langs = sorted({code for by in table.texts.values() for code in by if code})
    return Story(
        slug="-".join((table.format, *_span(table))),
        title={lang: title or ", ".join((table.profile.name or "Reported events", *[" – ".join(_span(table))] * bool(_span(table))))},
        lang=lang,
        languages=tuple(dict.fromkeys((lang, *langs))),
        events=(),
        file=table.file,
    )


def table_of(story: Story) -> Table:
    """The events of a story as a table, in their order: for a map that shows them among very many rows."""
    import numpy as np

    events = story.events
    n = len(events)

    def column(found: Sequence[T | None]) -> Coded[T]:
        """A value a row: a story has few events of its own, which need not be compared."""
        rows = [row for row, value in enumerate(found) if value is not None]
        codes = np.full(n, -1, np.int32)
        codes[rows] = np.arange(len(rows), dtype=np.int32)
        return Coded(tuple(value for value in found if value is not None), codes)

    def same(found: Sequence[T | None], key: Callable[[T], Hashable]) -> Coded[T]:
        """Each distinct value once: what is looked up is looked up once."""
        known: dict[Hashable, int] = {}
        values: list[T] = []
        codes = []
        for value in found:
            code = -1 if value is None else known.setdefault(key(value), len(values))
            if value is not None and code == len(values):
                values.append(value)
            codes.append(code)
        return Coded(tuple(values), np.array(codes, np.int32))

    def said(found: Sequence[Text | None]) -> dict[str, Coded[str]]:
        langs = dict.fromkeys(lang for text in found if text for lang in text)
        return {lang: column([(text or {}).get(lang) for text in found]) for lang in langs}

    stated = [event.claim.position if event.claim else None for event in events]
    return Table(
        file=story.file,
        format="story",
        line=np.array([event.line or 0 for event in events], np.int32),
        row=np.arange(1, n + 1, dtype=np.int32),
        lat=np.array([at.lat if at else np.nan for at in stated], float),
        lon=np.array([at.lon if at else np.nan for at in stated], float),
        when=column([event.date for event in events]),
        claim=same([replace(event.claim, position=None, line=None, column=None) if event.claim else None for event in events], _key),
        kind=column([event.kind for event in events]),
        status=column([event.status for event in events]),
        id=column([event.id for event in events]),
        texts={
            name: said([getattr(event, name) or None for event in events])
            for name in ("title", "note", "against", "aircraft", "weapon")
            if any(getattr(event, name) for event in events)
        },
        actor=same([event.actor for event in events], lambda actor: actor.id),
        time=column([event.time for event in events]),
        mission=column([event.mission for event in events]),
        numbers={name: column([getattr(event, name) for event in events]) for name in ("strikes", "killed", "aircraft_count")},
        origins=same(
            [tuple(replace(claim, line=None, column=None) for claim in event.origins) or None for event in events],
            lambda claims: tuple(map(_key, claims)),
        ),
        receipts=column([event.receipts or None for event in events]),
        lang=story.lang,
    )


def _key(claim: Claim) -> Hashable:
    """What two claims share that say the same."""
    return tuple((claim.name or {}).items()), replace(claim, name=None)


def slug_of_file(table: Table) -> str:
    """What the outputs of a table are called: as its file is."""
    return slug_of(_plain_name(table.file))


def _span(table: Table) -> tuple[str, ...]:
    """The first and the last day of the table; one where they are the same, none where no date is known."""
    first = min((when.first for when in table.when.values if when.first), default=None)
    last = max((when.last for when in table.when.values if when.last), default=None)
    return tuple(dict.fromkeys(day.isoformat() for day in (first, last) if day))


def events_of(table: Table, prefix: str = "") -> tuple[tuple[Event, ...], tuple[Source, ...]]:
    """Every row as an event, in the order of the file, and their sources, whose ids begin with `prefix`."""
    rows = _Rows(table, table.lang, prefix)
    return tuple(rows.event(row) for row in range(table.n)), rows.sources()


def _plain_name(file: str) -> str:
    path = Path(file)
    while path.suffix.lower() in (".gz", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".xlsx", ".parquet", ".geojson", ".json", ".kml", ".kmz"):
        path = path.with_suffix("")
    return path.name


class _Rows:
    """Events of a table's rows; what rows share is one object."""

    def __init__(self, table: Table, lang: str, prefix: str) -> None:
        self.table, self.lang, self.prefix = table, lang, prefix
        self.when = table.when
        self.claims: dict[tuple[int, float, float], Claim] = {}
        self.actors = [Actor(a.id, self.told(a.name)) for a in table.actor.values] if table.actor else []
        self.receipt = [tuple(self.source(r) for r in found) for found in table.receipts.values] if table.receipts else []
        self.origin = [tuple(self.claim(c) for c in found) for found in table.origins.values] if table.origins else []

    def told(self, text: Text) -> Mapping[str, str]:
        return {self.lang if code == "und" else code: said for code, said in text.items()}

    def source(self, receipt: Receipt) -> Receipt:
        s = receipt.source
        source = Source(self.prefix + s.id, self.told(s.publisher), self.told(s.title) if s.title else None, s.url, s.archived_url, s.published, s.accessed, s.language)
        return Receipt(source, receipt.quote, receipt.language, receipt.translation)

    def claim(self, claim: Claim, at: Position | None = None, line: int | None = None) -> Claim:
        return Claim(
            self.told(claim.name) if claim.name else None, claim.place, at or claim.position, claim.precision, claim.radius_m,
            claim.admin2, claim.admin1, claim.country, line, None,
        )  # fmt: skip

    def sources(self) -> tuple[Source, ...]:
        found = {receipt.source.id: receipt.source for receipts in self.receipt for receipt in receipts}
        return tuple(found.values())

    def event(self, row: int) -> Event:
        table = self.table
        line = int(table.line[row]) or None
        lat, lon = float(table.lat[row]), float(table.lon[row])
        at = Position(lon, lat) if lat == lat else None
        claim = table.claim.at(row)
        stated = self.claim(claim or Claim(), at, line) if claim or at else None

        def text(name: str) -> Text | None:
            return text_of(table.texts.get(name, {}), row, self.lang)

        def number(name: str) -> Range | None:
            return _at(table.numbers.get(name), row)

        actor = table.actor
        return Event(
            id=table.name(row),
            kind=table.kind.at(row) or Kind.STRIKE,
            date=table.when.at(row) or UNKNOWN,
            title=text("title") or {},
            claim=stated,
            time=_at(table.time, row),
            note=text("note"),
            actor=self.actors[actor.codes[row]] if actor and actor.codes[row] >= 0 else None,
            against=text("against"),
            mission=_at(table.mission, row),
            origins=self.origin[table.origins.codes[row]] if table.origins and table.origins.codes[row] >= 0 else (),
            aircraft=text("aircraft"),
            aircraft_count=number("aircraft_count"),
            weapon=text("weapon"),
            strikes=number("strikes"),
            killed=number("killed"),
            status=table.status.at(row) or Status.REPORTED,
            receipts=self.receipts(row),
            line=line,
        )

    def receipts(self, row: int) -> tuple[Receipt, ...]:
        table = self.table
        found = self.receipt[table.receipts.codes[row]] if table.receipts and table.receipts.codes[row] >= 0 else ()
        quote = _at(table.quote, row)
        if not quote:
            return found
        last = found[-1] if found else Receipt(Source("table", {self.lang: table.profile.name} if table.profile.name else {}))
        return (*found[:-1], Receipt(last.source, quote, _at(table.quote_language, row) or last.source.language))


def _at(column: Coded[T] | None, row: int) -> T | None:
    return None if column is None else column.at(row)
