"""The story format, declared once: its keys, what they may hold, and the words that an editor shows for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from geo.model import Box, Kind, Precision, Status
from geo.read import values as v
from geo.read.faults import Faults, shown
from geo.read.shapes import (
    JSON,
    Alone,
    Choice,
    DateShape,
    Forms,
    Key,
    ListOf,
    MapOf,
    RangeShape,
    Read,
    Record,
    Shape,
    Texts,
    Word,
)
from geo.read.values import ValueFault
from geo.read.yamltree import Items, Node, Scalar, Table

TEXT = Texts()
DATE = DateShape()
PRECISION = Choice(Precision, {k: str(p) for k, p in v.PRECISION_SYNONYMS.items()})
IDENT = Word("an id (one word)", v.ident, {"pattern": v.ID_PATTERN}, ("integer",))
URL = Word("a web address", v.link, {"pattern": v.URL_PATTERN})
LANGUAGE = Word("a language tag", v.language, {"pattern": r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"})
RANGE = RangeShape()


@dataclass(frozen=True)
class NumberShape(Shape):
    """A number between two bounds; quoted numbers are read too."""

    word: Word
    low: float
    high: float
    kind: str = "number"
    pattern: str = v.NUMBER_PATTERN

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.word.name

    def schema(self) -> JSON:
        return {
            "anyOf": [
                {"type": self.kind, "minimum": self.low, "maximum": self.high},
                {"type": "string", "pattern": self.pattern},
            ]
        }

    def read(self, node: Node, path: str, faults: Faults) -> float | None:
        value: float | None = self.word.read(node, path, faults)
        return value


LAT = NumberShape(Word("degrees north (35.95)", v.latitude), -90, 90)
LON = NumberShape(Word("degrees east (39.01)", v.longitude), -180, 180)
RADIUS = NumberShape(Word("metres", v.radius), 0, v.MOST)
COUNT = NumberShape(Word("a whole number", v.count), 0, v.MOST, "integer", v.COUNT_PATTERN)


def _plain(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueFault("empty", "is empty", "write a name, or leave the key out")
    return text


WORDS = Word("a text", _plain, also=("number", "boolean"))
NAMED = Word("a text", lambda text: {"": _plain(text)}, also=("number", "boolean"))
"""A text that can only be plain, read as `Texts` reads it."""


class FrameShape(Shape):
    """[west, south, east, north], or a list of place names to fit."""

    name = "[west, south, east, north] or a list of places"

    def schema(self) -> JSON:
        return {
            "anyOf": [
                {
                    "type": "array",
                    "items": {"type": "number", "minimum": -180, "maximum": 180},
                    "minItems": 4,
                    "maxItems": 4,
                },
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }

    def read(self, node: Node, path: str, faults: Faults) -> Box | tuple[str, ...] | None:
        if not isinstance(node, Items):
            self.refuse(node, path, faults)
            return None
        words = [item for item in node.items if isinstance(item, Scalar) and not item.empty and item.text.strip()]
        if not node.items or len(words) < len(node.items):
            faults.add(
                "frame", node.mark, path, "holds something that is neither a number nor a name", f"write {self.name}"
            )
            return None
        numbers = [item for item in words if item.text.strip()[:1] in "+-.0123456789"]
        if not numbers:
            return tuple(item.text.strip() for item in words)
        if len(words) != 4:
            faults.add(
                "frame", node.mark, path, "a box has four numbers", "write [west, south, east, north] in degrees"
            )
            return None
        before = len(faults)
        west, south, east, north = (
            shape.read(item, path, faults) for shape, item in zip((LON, LAT, LON, LAT), words, strict=True)
        )
        if len(faults) > before:
            return None
        assert west is not None and south is not None and east is not None and north is not None
        if south >= north or west == east:
            faults.add(
                "frame", node.mark, path, "the box has no extent", "write [west, south, east, north]: south below north"
            )
            return None
        return Box(west, south, east, north)


WHERE = {
    "place": Key(
        TEXT, "Where, as the source names it (any language), or a gazetteer id. With lat and lon it is only the label."
    ),
    "admin2": Key(WORDS, "The district the place lies in; settles which of several is meant."),
    "admin1": Key(WORDS, "The province or governorate the place lies in; settles which of several is meant."),
    "country": Key(WORDS, "The country, as a name or a code (SY); settles which of several is meant."),
    "lat": Key(
        LAT, "Degrees north on WGS 84, with lon. Coordinates are used as they stand, whatever the place's name."
    ),
    "lon": Key(LON, "Degrees east on WGS 84, with lat."),
    "precision": Key(PRECISION, "How finely the source knows the place: the rung of the ladder that is drawn."),
    "radius_m": Key(RADIUS, "Radius of the area meant, in metres, where the source gives one."),
}

ORIGIN = Record(
    "an origin",
    WHERE,
    one_of=(("place",), ("lat", "lon"), ("admin1",), ("admin2",), ("country",)),
    missing=("names no place", "write place, or lat and lon"),
)
ORIGINS = ListOf(
    Forms("a place's name or {place, lat, lon, …}", scalar=Alone("place", NAMED), table=ORIGIN),
    "an origin or a list of origins",
    True,
    True,
)

MISSION = Record(
    "a mission",
    {
        "id": Key(IDENT, "The mission's id; events of one mission share it."),
        "origin": Key(
            ORIGINS, "Where its aircraft came from: a place, several (`Jordan; the Gulf`), or a list.", alias="origins"
        ),
        "aircraft": Key(TEXT, "The aircraft, as the source names them."),
        "aircraft_count": Key(RANGE, "How many aircraft flew the whole mission: 10, 10-12, 10+."),
    },
)

RECEIPT = Record(
    "a source of an event",
    {
        "id": Key(IDENT, "The id of a source under `sources`."),
        "quote": Key(WORDS, "The source's own words, in their own script."),
        "language": Key(LANGUAGE, "The quote's language, if it is not the source's."),
        "translation": Key(TEXT, "The quote in the languages of the page."),
    },
    one_of=(("id",),),
    missing=("names no source", "write id: and the id of a source"),
)
RECEIPTS = ListOf(
    Forms("a source's id or {id, quote, language}", scalar=Alone("id", IDENT), table=RECEIPT),
    "a list of sources",
    True,
    True,
)

SOURCE = Record(
    "a source",
    {
        "publisher": Key(TEXT, "Who published it: an agency, a ministry, a newspaper."),
        "title": Key(TEXT, "Its title."),
        "url": Key(URL, "Its https:// address. Leave it out where none is known: the page says so."),
        "archived_url": Key(URL, "The address of an archived copy."),
        "published": Key(DATE, "The day it was published."),
        "accessed": Key(DATE, "The day it was read."),
        "language": Key(LANGUAGE, "Its language."),
    },
    one_of=(("publisher",), ("title",), ("url",)),
    missing=("says nothing of the source", "write publisher, title or url"),
)

ACTOR = Record(
    "an actor",
    {
        "name": Key(TEXT, "The actor's name, as readers know it."),
        "colour": Key(
            Word("a colour", v.colour, {"pattern": v.COLOUR_PATTERN}),
            'A colour of your own, in quotes: "#0743a4". In a theme where it would be too faint to see, ours is kept.',
        ),
    },
    hints={"color": 'did you mean "colour"?'},
)

CORRECTION = Record(
    "a correction",
    {
        "date": Key(DATE, "The day of the correction."),
        "text": Key(TEXT, "What was wrong and what is right."),
        "event": Key(IDENT, "The id of the event it concerns, also of one that is no longer in the story."),
    },
    one_of=(("date", "text"),),
    missing=("a correction needs a date and a text", "write date: and text:"),
)

PLACED = (("date",), ("date_end",), ("place",), ("location",), ("lat", "lon"), ("admin2",), ("admin1",), ("country",))

EVENT = Record(
    "an event",
    {
        "id": Key(IDENT, "The event's id; stands in links to it. Without one: e1, e2, … by order."),
        "kind": Key(Choice(Kind), "What happened. Without one: strike."),
        "date": Key(
            DATE,
            "The calendar date at the place: 2015-11-17, 2015-11, 2015-11-15/2015-11-16, 2015-11-17~ (about),"
            " 2015-11-17? (doubtful).",
        ),
        "date_end": Key(DATE, "The last day, where date is the first."),
        "time": Key(
            Word("a clock time", v.clock, {"pattern": v.CLOCK_PATTERN}),
            "Clock time at the place: 03:30 or 03:30-04:00.",
        ),
        "title": Key(TEXT, "What happened, in a few words."),
        **WHERE,
        "location": Key(
            Record("a location", WHERE), "The keys from place to radius_m, nested where that reads better."
        ),
        "actor": Key(TEXT, "Who did it: an id of `actors`, or a name."),
        "against": Key(TEXT, "Who or what was aimed at."),
        "mission": Key(
            Forms("a mission's id or {id, origin, aircraft, aircraft_count}", scalar=Alone("id", IDENT), table=MISSION),
            "The mission that flew it.",
        ),
        "origin": Key(
            ORIGINS, "Where the aircraft came from: a place, several (`Jordan; the Gulf`), or a list.", alias="origins"
        ),
        "origin_lat": Key(LAT, "Degrees north of the origin."),
        "origin_lon": Key(LON, "Degrees east of the origin."),
        "origin_precision": Key(PRECISION, "How finely the origin is known."),
        "aircraft": Key(TEXT, "The aircraft, as the source names them."),
        "aircraft_count": Key(RANGE, "How many aircraft flew the whole mission: 10, 10-12, 10+."),
        "weapon": Key(TEXT, "The weapon, as the source names it."),
        "strikes": Key(RANGE, "Number of strikes: 10, 10-20, 10+ or {min, max}. Leave it out where none is given."),
        "strikes_min": Key(COUNT, "The least number of strikes."),
        "strikes_max": Key(COUNT, "The greatest number of strikes."),
        "killed": Key(RANGE, "Number of people killed: 10, 10-20, 10+ or {min, max}."),
        "killed_min": Key(COUNT, "The least number of people killed."),
        "killed_max": Key(COUNT, "The greatest number of people killed."),
        "status": Key(
            Choice(Status), "declared by who did it, reported by others, contested, retracted. Without one: reported."
        ),
        "note": Key(TEXT, "What a reader must know: doubts, readings of your own, what the source leaves open."),
        "sources": Key(
            RECEIPTS,
            "Ids of `sources`, each perhaps with its words: [agency, {id: ministry, quote: …, language: fr}].",
        ),
        "source_publisher": Key(TEXT, "A source of this event alone: who published it."),
        "source_title": Key(TEXT, "A source of this event alone: its title."),
        "source_url": Key(URL, "A source of this event alone: its https:// address."),
        "source_archived_url": Key(URL, "A source of this event alone: the address of an archived copy."),
        "source_published": Key(DATE, "A source of this event alone: the day it was published."),
        "quote": Key(WORDS, "The words of the event's one source, in their own script."),
        "quote_language": Key(LANGUAGE, "The quote's language."),
        "as_published": Key(
            Word(
                "true or false",
                v.boolean,
                {"pattern": "^\\s*([Tt]rue|TRUE|[Ff]alse|FALSE|[Yy]es|YES|[Nn]o|NO)\\s*$"},
                ("boolean",),
            ),
            "The place was published as finely as this already; no warning for a fresh event.",
        ),
    },
    one_of=PLACED,
    missing=("an event needs a date or a place", "write date: or place:"),
    hints={
        "colour": "a colour belongs to the actor: actors: {ID: {name: …, colour: …}}",
        "color": "a colour belongs to the actor: actors: {ID: {name: …, colour: …}}",
        "icon": "symbols follow from the actor and the status",
        "latitude": 'did you mean "lat"?',
        "longitude": 'did you mean "lon"?',
        "lng": 'did you mean "lon"?',
        "url": 'did you mean "source_url"?',
        "link": 'did you mean "source_url"?',
        "source": 'did you mean "sources"?',
        "publisher": 'did you mean "source_publisher"?',
        "target": 'the place is "place", who or what was aimed at is "against"',
        "type": 'did you mean "kind"?',
        "name": 'did you mean "title"?',
        "description": 'did you mean "note"?',
        "text": 'did you mean "note"?',
        "text:": 'did you mean "note"?',
        "when": 'did you mean "date"?',
        "lang": "a text's language is written title:fr or {fr: …}; the story's is the key lang at the top",
    },
)


class EventsShape(Shape):
    """The list of events; each fault's field carries the event's id."""

    name = "a list of events"

    def schema(self) -> JSON:
        return {"type": "array", "items": EVENT.schema(), "minItems": 1}

    def read(self, node: Node, path: str, faults: Faults) -> list[Read] | None:
        if not isinstance(node, Items):
            self.refuse(node, path, faults)
            return None
        if not node.items:
            faults.add("missing", node.mark, path, "there is no event", "write at least one: `- date: …`")
            return None
        found = []
        for n, item in enumerate(node.items, 1):
            name = f"e{n}"
            if isinstance(item, Table) and "id" in item.pairs:
                stated = item.pairs["id"][1]
                if isinstance(stated, Scalar) and not stated.empty:
                    name = shown(stated.text.strip(), 40)[1:-1]
            if (read := EVENT.read(item, f"{path}.{name}", faults)) is not None:
                found.append(read)
        return found


_COLUMN = Word("a column's name", _plain)
TABLE = Record(
    "a table",
    {
        "file": Key(WORDS, "A file beside the story (.csv, .geojson, …), in its folder or below."),
        "as": Key(WORDS, "Its format, where the header does not say: acled, ucdp, …."),
        "columns": Key(MapOf(_COLUMN, WORDS, "a mapping {our column: its header}"), "Which of its columns is which of ours: {date: When}."),
        "dates": Key(Word("dmy or mdy", v.date_order, {"enum": ["dmy", "mdy"]}), "Day or month first, where its dates do not say."),
        "where": Key(
            MapOf(_COLUMN, ListOf(WORDS, "a value or a list of values", True), "a mapping {column: values}"),
            "Rows to tell: those that have one of these values in each of these columns.",
        ),
        "from": Key(DATE, "Rows before this day are left out."),
        "to": Key(DATE, "Rows after this day are left out."),
        "accessed": Key(DATE, "The day it was downloaded; some licences want it named."),
    },
    one_of=(("file",),),
    missing=("names no file", "write file: and a file beside the story"),
)
TABLES = ListOf(
    Forms("a file's name or {file, as, columns, dates, where}", scalar=Alone("file", WORDS), table=TABLE),
    "a table or a list of tables",
    True,
)

STORY = Record(
    "a story",
    {
        "title": Key(TEXT, "What, where, when: the page's title."),
        "summary": Key(TEXT, "The standfirst: who says so, and what is not known."),
        "slug": Key(
            Word("a slug", v.slug, {"pattern": v.SLUG_PATTERN}),
            "Name of the built file: small letters, digits, hyphens. Without one: from the story's own file name.",
        ),
        "lang": Key(
            LANGUAGE, "The story's language: that of every text that names none, and of the page when it opens."
        ),
        "languages": Key(
            ListOf(LANGUAGE, "a list of language tags", True), "The page's languages, in the order of its switch."
        ),
        "date": Key(DATE, "The dateline: the day the story is of."),
        "zone": Key(
            Word("a time zone", v.zone, {"pattern": v.ZONE_PATTERN}),
            "Time zone of the clock times, such as Asia/Damascus.",
        ),
        "frame": Key(
            FrameShape(),
            "The extent to show: [west, south, east, north] in degrees, or a list of places. Without one it follows"
            " from the events.",
        ),
        "url": Key(
            URL, "Where the page will be published: what a shared link shows, and where the embed snippet finds it."
        ),
        "coarsen": Key(PRECISION, "Draw everything finer than this rung at this rung, and say so in the legend."),
        "sources": Key(
            MapOf(IDENT, SOURCE, "a mapping {ID: {publisher, title, url, …}}"),
            "Where the story's facts come from, by an id of your own.",
        ),
        "actors": Key(
            MapOf(
                IDENT,
                Forms("a name or {name, colour}", scalar=Alone("name", NAMED), table=ACTOR),
                "a mapping {ID: {name, colour}}",
            ),
            "Who acts in the story, by an id of your own.",
        ),
        "corrections": Key(ListOf(CORRECTION, "a list of corrections"), "What was corrected after publication."),
        "tables": Key(TABLES, "Tables whose rows are told among the events.", alias="table"),
        "events": Key(EventsShape(), "What happened."),
    },
    one_of=(("events",), ("tables",), ("table",)),
    missing=("there are no events", "write events: and a list, or table: and a file"),
    hints={
        "language": 'the story\'s language is "lang"; those of the page are "languages"',
        "name": 'did you mean "title"?',
    },
)


_NAMED: dict[str, Shape] = {
    "text": TEXT,
    "date": DATE,
    "precision": PRECISION,
    "id": IDENT,
    "link": URL,
    "language": LANGUAGE,
    "range": RANGE,
    "count": COUNT,
    "latitude": LAT,
    "longitude": LON,
    "origins": ORIGINS,
    "event": EVENT,
}
"""Shapes that the published schema defines once and refers to."""


def schema() -> JSON:
    """The JSON Schema (draft 2020-12) of a story file."""
    named = [(name, shape.schema()) for name, shape in _NAMED.items()]

    def referred(value: Any, top: bool = False) -> Any:
        if isinstance(value, list):
            return [referred(item) for item in value]
        if not isinstance(value, dict):
            return value
        if not top:
            for name, known in named:
                if value == known:
                    return {"$ref": f"#/$defs/{name}"}
        return {key: referred(item) for key, item in value.items()}

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A strikemap story",
        "description": "Reported air strikes, their places and their sources, as `strikemap build` reads them.",
        **referred(STORY.schema(), top=True),
        "$defs": {name: referred(known, top=True) for name, known in named},
    }


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=1, ensure_ascii=False))
