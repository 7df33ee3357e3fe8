"""A small scene made by hand: a dozen events like those of 17 November 2015, without gazetteer, geometry or base map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from geo.model import (
    Actor,
    Candidate,
    Claim,
    Correction,
    Event,
    Kind,
    Location,
    Place,
    Position,
    Precision,
    Range,
    Receipt,
    Sortie,
    Source,
    Status,
    Story,
    Unplaced,
    When,
)
from geo.scene.scene import Counts, Entry, LegendActor, Scene

LANGUAGES = ("fr", "en", "ar")


def day(iso: str, **more: Any) -> When:
    return When(iso, "day", date.fromisoformat(iso), date.fromisoformat(iso), **more)


def days(first: str, last: str) -> When:
    return When(f"{first}/{last}", "interval", date.fromisoformat(first), date.fromisoformat(last))


def until(iso: str) -> When:
    return When(f"../{iso}", "interval", None, date.fromisoformat(iso))


def place(
    id: str,
    names: Mapping[str, str],
    lon: float,
    lat: float,
    precision: Precision,
    countries: Sequence[str] = (),
    **more: Any,
) -> Place:
    forms = {lang: (name,) for lang, name in names.items()}
    return Place(id, forms, precision.value, Position(lon, lat), precision, tuple(countries), **more)


RAQQA = place("raqqa", {"en": "Raqqa", "fr": "Raqqa", "ar": "الرقة"}, 39.01, 35.95, Precision.CITY, ["SY"])
PARIS = place("paris", {"en": "Paris", "fr": "Paris", "ar": "باريس"}, 2.35, 48.86, Precision.CITY, ["FR"])
ALEPPO = place(
    "aleppo-governorate", {"en": "Aleppo Governorate", "fr": "province d’Alep", "ar": "محافظة حلب"},
    37.4, 36.2, Precision.GOVERNORATE, ["SY"], outline="province:SY-HL",
)  # fmt: skip
SINAI = place(
    "sinai", {"en": "Sinai", "fr": "Sinaï", "ar": "سيناء"}, 33.8, 29.5, Precision.REGION, ["EG"],
    outline="union:province:EG-SIN+province:EG-JS",
)  # fmt: skip
JORDAN = place(
    "jordan",
    {"en": "Jordan", "fr": "Jordanie", "ar": "الأردن"},
    36.5,
    31.2,
    Precision.COUNTRY,
    ["JO"],
    outline="country:JO",
)
GULF = place(
    "gulf-region", {"en": "Gulf region", "fr": "région du Golfe"}, 50.0, 26.0, Precision.REGION,
    outline="sea:persian-gulf",
    label={"en": "the Gulf (country not named)", "fr": "le Golfe (pays non précisé)", "ar": "الخليج (دون تحديد البلد)"},
)  # fmt: skip


def at(found: Place, **more: Any) -> Location:
    return Location(found.position, found.precision, found, outline=found.outline, countries=found.countries, **more)


FRANCE = Actor("france", {"fr": "France", "en": "France", "ar": "فرنسا"})
RUSSIA = Actor("russia", {"fr": "Russie", "en": "Russia", "ar": "روسيا"})
AGENCIES = Source(
    "agencies", {"fr": "agences", "en": "agencies", "ar": "وكالات"}, published=day("2015-11-17"), language="fr"
)
PAPER = Source(
    "paper", {"fr": "Un journal"}, {"fr": "Le titre"}, url="https://example.org/a?b=1&c=2",
    archived_url="https://archive.example.org/a", published=day("2015-11-18"), language="fr",
)  # fmt: skip
QUOTE = Receipt(AGENCIES, "dix avions de chasse", "fr", {"en": "ten fighters", "ar": "عشر مقاتلات"})


def event(id: str, when: When, kind: Kind = Kind.STRIKE, **more: Any) -> Event:
    more.setdefault("title", {"fr": f"Titre {id}", "en": f"Title {id}", "ar": f"عنوان {id}"})
    more.setdefault("receipts", (Receipt(AGENCIES, "un nombre significatif de frappes", "fr"),))
    return Event(id=id, kind=kind, date=when, **more)


def default_events() -> list[tuple[Event, Location | Unplaced, bool]]:
    """Event, answer, and whether it lies on the map; in order of time."""
    jordan_and_gulf = (Claim(place="jordan"), Claim(place="gulf-region"))
    nowhere = Unplaced("no_place", "")
    return [
        (event("paris", until("2015-11-15"), Kind.ATTACK), at(PARIS), False),
        (event("sinai", until("2015-11-17"), Kind.CRASH), at(SINAI), True),
        (event("first", days("2015-11-15", "2015-11-16"), actor=FRANCE, strikes=Range(10, 20)), at(RAQQA), True),
        (
            event(
                "second", days("2015-11-16", "2015-11-17"), actor=FRANCE, status=Status.DECLARED, origins=jordan_and_gulf,
                aircraft={"fr": "avions de chasse", "en": "fighters", "ar": "مقاتلات"}, aircraft_count=Range(10, 10),
                against={"fr": "groupe État islamique"}, mission="night", receipts=(QUOTE, Receipt(PAPER, "« frappé »")),
                note={"fr": "La lecture est nôtre.", "en": "The reading is ours.", "ar": "القراءة قراءتنا."},
            ),
            at(RAQQA), True,
        ),
        (event("aleppo", day("2015-11-17"), actor=RUSSIA), at(ALEPPO), True),
        (event("tu22", day("2015-11-17"), actor=RUSSIA, status=Status.DECLARED, time="03:20"), at(RAQQA), True),
        (event("contested", day("2015-11-17"), status=Status.CONTESTED, killed=Range(3, None)), at(RAQQA), True),
        (
            event("table", day("2015-11-17"), title={}),
            Location(Position(38.5, 36.0), Precision.NOT_STATED, name={"fr": "ferme"}), True,
        ),
        (event("ships", day("2015-11-17", approximate=True), Kind.DEPLOYMENT, actor=RUSSIA), nowhere, False),
        (
            event("where", day("2015-11-18")),
            Unplaced("ambiguous", "Tripoli", (Candidate(RAQQA, 0), Candidate(PARIS, 3000)), "two places"), False,
        ),
        (event("meeting", When("2015-11", "month", date(2015, 11, 1), date(2015, 11, 30)), Kind.MEETING), nowhere, False),
        (event("someday", When("", "unknown"), Kind.STATEMENT), nowhere, False),
    ]  # fmt: skip


def scene(
    events: Sequence[tuple[Event, Location | Unplaced, bool]] | None = None,
    *,
    languages: tuple[str, ...] = LANGUAGES,
    story: Mapping[str, Any] | None = None,
    **more: Any,
) -> Scene:
    """A scene of `events` (by default a dozen); `story` and `more` replace fields of the story and of the scene."""
    found = default_events() if events is None else list(events)
    slots: dict[str, int] = {}
    entries = []
    for number, (one, answer, on_map) in enumerate(found, start=1):
        slot = slots.setdefault(one.actor.id, len(slots)) if one.actor else 6
        placement = "unplaced" if isinstance(answer, Unplaced) else "pinned" if answer.precision.pinned else "area"
        sorties = tuple(
            Sortie(f"{one.id}-{n}", one.mission or one.id, one.id, at(origin), answer)
            for n, origin in enumerate((JORDAN, GULF) if one.origins else (), start=1)
            if isinstance(answer, Location)
        )
        entries.append(Entry(number, one, answer, placement, on_map, slot, sorties))
    told = Story(
        slug="a-story",
        title={"fr": "Frappes, 15-17 novembre 2015", "en": "Strikes", "ar": "الضربات، 15-17 تشرين الثاني 2015"},
        lang=languages[0],
        languages=languages,
        events=tuple(one for one, _, _ in found),
        summary={"fr": "Ce que l’on sait.", "en": "What is known.", "ar": "ما هو معروف."},
        zone="Asia/Damascus",
        sources=(AGENCIES, PAPER),
        actors=(FRANCE, RUSSIA),
        corrections=(Correction(day("2015-11-19"), {"fr": "Un nombre corrigé.", "en": "A number was corrected."}),),
    )
    counted = [entry.placement for entry in entries]
    drawn = [entry for entry in entries if entry.on_map]
    actors = {entry.slot: LegendActor(entry.event.actor, entry.slot) for entry in drawn}
    made = Scene(
        story=replace(told, **(story or {})),
        languages=languages,
        entries=tuple(entries),
        actors=tuple(actors[slot] for slot in sorted(actors)),
        counts=Counts(
            len(entries), counted.count("pinned"), counted.count("area"), counted.count("unplaced"), 0,
            sum(len(entry.sorties) for entry in entries),
            sum(entry.placement != "unplaced" and not entry.on_map for entry in entries),
        ),
        sites=({"place": "raqqa", "events": [e.event.id for e in drawn if e.placement == "pinned"], "area": False},),
        marks=tuple(_mark(entry) for entry in drawn if entry.placement == "pinned"),
        areas=tuple(_area(entry) for entry in drawn if entry.placement == "area"),
        origins=tuple({"place": p.id, "shape": p.id, "slot": 0} for p in (JORDAN, GULF)),
        sorties=tuple({"id": s.id, "slot": e.slot} for e in drawn for s in e.sorties),
        has_numbers=any(entry.event.strikes for entry in drawn),
        disputed=True,
    )  # fmt: skip
    return replace(made, **more)


def _mark(entry: Entry) -> dict[str, Any]:
    answer = entry.answer
    assert isinstance(answer, Location)
    return {
        "id": entry.event.id, "kind": entry.event.kind.value, "status": entry.event.status.value, "slot": entry.slot,
        "precision": answer.precision.value, "radius_m": answer.drawn_radius_m,
    }  # fmt: skip


def _area(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.event.id, "kind": entry.event.kind.value, "slot": entry.slot, "angle": 45, "solid": True,
        "status": entry.event.status.value,
    }  # fmt: skip
