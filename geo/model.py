"""What a story says, and where its places turned out to be. No I/O, no shapely, no HTML.

A *claim* is what a source says about where; a *location* is what the gazetteer made of it. The two
are separate types so that a claim can never be drawn and a guess can never pass for a claim.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Position(NamedTuple):
    """A point on WGS 84: longitude -180..180, latitude -90..90, in degrees."""

    lon: float
    lat: float


class Box(NamedTuple):
    """West, south, east, north in degrees. `west > east` means the box crosses ±180."""

    west: float
    south: float
    east: float
    north: float


Text = Mapping[str, str]
"""A text by language tag (`{"fr": …, "en": …}`). A plain string in a story is stored under the story's language."""


class Precision(StrEnum):
    """The precision ladder, finest first."""

    EXACT = "exact"
    LANDMARK = "landmark"
    STREET = "street"
    NEIGHBOURHOOD = "neighbourhood"
    VILLAGE = "village"
    TOWN = "town"
    CITY = "city"
    DISTRICT = "district"
    GOVERNORATE = "governorate"
    COUNTRY = "country"
    REGION = "region"
    SEA = "sea"
    NOT_STATED = "not stated"

    @property
    def pinned(self) -> bool:
        """Drawn as a symbol (exact … city, and a bare position) rather than as a hatched area."""
        return self in RADIUS_M or self is Precision.NOT_STATED

    @property
    def radius_m(self) -> float | None:
        """The radius drawn when there is no outline, in metres; None for areas and for not stated."""
        return RADIUS_M.get(self)


RADIUS_M: Mapping[Precision, float] = {
    Precision.EXACT: 50.0,
    Precision.LANDMARK: 250.0,
    Precision.STREET: 500.0,
    Precision.NEIGHBOURHOOD: 1_000.0,
    Precision.VILLAGE: 2_000.0,
    Precision.TOWN: 5_000.0,
    Precision.CITY: 10_000.0,
}


class Kind(StrEnum):
    STRIKE = "strike"
    CRASH = "crash"
    ATTACK = "attack"
    DEPLOYMENT = "deployment"
    DEPARTURE = "departure"
    MEETING = "meeting"
    STATEMENT = "statement"
    OTHER = "other"


class Status(StrEnum):
    DECLARED = "declared"
    REPORTED = "reported"
    CONTESTED = "contested"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class When:
    """A calendar date of the place, as precise as its source (an EDTF subset), never an instant.

    `edtf` is the canonical spelling; `first` and `last` bound it inclusively and are None when it is
    unknown or open; `precision` is one of day, month, year, interval, unknown.
    """

    edtf: str
    precision: str
    first: date | None = None
    last: date | None = None
    approximate: bool = False
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Range:
    """A number as its source gives it: `low` to `high`, equal when exact; None where that end is not known."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    publisher: Text
    title: Text | None = None
    url: str | None = None
    archived_url: str | None = None
    published: When | None = None
    accessed: When | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """One source's words for one event."""

    source: Source
    quote: str | None = None
    language: str | None = None
    translation: Text | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    id: str
    name: Text
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Where a source puts something: words, a gazetteer id, or coordinates, each optional."""

    name: Text | None = None
    place: str | None = None
    """What to look up: a gazetteer id or a name as written (any language)."""
    position: Position | None = None
    precision: Precision | None = None
    radius_m: float | None = None
    admin2: str | None = None
    admin1: str | None = None
    country: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer entry. `position` lies inside the outline (the inner point of an area).

    `outline` is a reference that `geo.geometry.areas.outline` opens, or None: the precision's radius is drawn.
    `countries` are ISO 3166-1 alpha-2 codes; more than one for disputed land (every claimant).
    """

    id: str
    names: Mapping[str, tuple[str, ...]]
    kind: str
    position: Position
    precision: Precision
    countries: tuple[str, ...] = ()
    admin1: str | None = None
    outline: str | None = None
    radius_m: float | None = None
    label: Text = field(default_factory=dict)
    """The form for the map by language when it differs from the first name ("the Gulf (country not named)")."""
    population: int = 0
    capital: bool = False
    source: str = ""
    note: str = ""

    def name(self, lang: str) -> tuple[str, str]:
        """The map's form of the name in `lang`, and the language it is really in."""
        for code in (lang, lang.split("-")[0], "en", "und", *sorted(self.names)):
            if code in self.label:
                return self.label[code], code
            if self.names.get(code):
                return self.names[code][0], code
        return self.id, "und"


@dataclass(frozen=True, slots=True)
class Location:
    """A claim that was resolved: where, how precisely, and why this answer."""

    position: Position
    precision: Precision
    place: Place | None = None
    name: Text = field(default_factory=dict)
    """The claim's own words for the place, where it gave any."""
    radius_m: float | None = None
    outline: str | None = None
    reason: str = ""
    countries: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def drawn_radius_m(self) -> float | None:
        """The radius to draw where there is no outline: the stated one, else its rung's; None for not stated."""
        if self.outline:
            return None
        return self.radius_m if self.radius_m is not None else self.precision.radius_m


@dataclass(frozen=True, slots=True)
class Candidate:
    place: Place
    km: float
    """Distance from the first candidate, in km."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A claim that could not be resolved: `code` is no_place, unknown, ambiguous or coarse."""

    code: str
    words: str
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    kind: Kind
    date: When
    title: Text
    claim: Claim | None = None
    time: str | None = None
    note: Text | None = None
    actor: Actor | None = None
    against: Text | None = None
    mission: str | None = None
    origins: tuple[Claim, ...] = ()
    aircraft: Text | None = None
    aircraft_count: Range | None = None
    weapon: Text | None = None
    strikes: Range | None = None
    killed: Range | None = None
    status: Status = Status.REPORTED
    receipts: tuple[Receipt, ...] = ()
    as_published: bool = False
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    date: When
    text: Text
    event: str | None = None


@dataclass(frozen=True, slots=True)
class TableRef:
    """A table that a story names: the file beside it, how it is read, and which of its rows are told."""

    file: str
    format: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our column → the file's header."""
    dates: str | None = None
    """dmy or mdy."""
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column (the file's or ours) → the values of which a row has one."""
    first: date | None = None
    last: date | None = None
    """Rows whose date lies wholly before `first` or after `last` are left out."""
    accessed: When | None = None
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    slug: str
    title: Text
    lang: str
    languages: tuple[str, ...]
    events: tuple[Event, ...]
    summary: Text | None = None
    date: When | None = None
    zone: str | None = None
    frame: Box | tuple[str, ...] | None = None
    """The extent to show: a box, or places to fit; None lets the events decide."""
    sources: tuple[Source, ...] = ()
    actors: tuple[Actor, ...] = ()
    corrections: tuple[Correction, ...] = ()
    coarsen: Precision | None = None
    url: str | None = None
    """Where the page is published."""
    file: str = ""
    tables: tuple[TableRef, ...] = ()
    """Tables that the story names; once they are read their rows stand among `events`."""
    refused: int = 0
    """Rows of those tables that were kept out."""
    credits: tuple[str, ...] = ()
    """What the makers of those tables ask to stand on the map."""
    notes: tuple[str, ...] = ()
    """What was found while those tables were read: columns taken, rows kept out."""


@dataclass(frozen=True, slots=True)
class Sortie:
    """One reported flight line of a mission: from one origin to one target. The route is not known."""

    id: str
    mission: str
    event: str
    origin: Location
    target: Location


@dataclass(frozen=True, slots=True)
class LocatedStory:
    """A story after `places`: every event's answer, and every mission's origins."""

    story: Story
    where: Mapping[str, Location | Unplaced]
    """By event id. An event that states no place is `Unplaced("no_place", …)`."""
    sorties: tuple[Sortie, ...] = ()
    unplaced_origins: tuple[tuple[str, Unplaced], ...] = ()
    """(event id, answer) for origins that could not be resolved."""
    frame_places: tuple[Location, ...] = ()
    """The places that the story's `frame` names."""
    attributions: tuple[str, ...] = ()
    """Who must be named for places that are not bundled: publisher and licence of each, in order."""
