"""Sixty events of every kind: dates of every precision, places of every rung, none, and beyond the map."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

PLACES = (
    "place: Raqqa, country: SY", "place: Aleppo, country: SY, precision: city", "place: Idlib governorate", "place: Homs, country: SY",
    "lat: 35.5, lon: 38.9", "lat: 35.52, lon: 38.95, precision: exact", "place: Palmyra, country: SY", "place: Paris, country: FR",
    "place: Nowhere-upon-Nothing", "", "place: Deir ez-Zor, country: SY", "place: Sinai",
)  # fmt: skip
KINDS = ("strike", "strike", "strike", "crash", "attack", "meeting", "statement")
STATUSES = ("declared", "reported", "reported", "contested", "retracted")
TITLES = ("Été près de l’Euphrate", "غارة على الجِسر", "Ночной удар", "Bridge struck", "Élan", "ضربة على الجسر")


def mixed_story(events: int = 60, seed: int = 7) -> str:
    """Its YAML, in English, French and Arabic; the same for the same numbers."""
    chance = Random(seed)
    lines = [
        "title: {en: Everything, fr: Tout, ar: كل شيء}",
        "slug: mixed",
        "lang: en",
        "languages: [en, fr, ar]",
        "zone: Asia/Damascus",
        "sources: {press: {publisher: Press, url: 'https://example.org/press', language: en}}",
        "actors: {one: {name: {en: One, fr: Un}}, two: {name: Two}, three: {name: ثلاثة}}",
        "events:",
    ]
    for n in range(events):
        day = date(1943, 7, 1) + timedelta(days=chance.randrange(40))
        written = chance.choice((
            f"{day}", f"{day}", f"{day}", f"{day}/{day + timedelta(days=chance.randrange(1, 9))}", f"../{day}", f"{day}/..", "1943-07", "",
        ))  # fmt: skip
        fields = [
            f"id: m{n}", f"kind: {chance.choice(KINDS)}", f"status: {chance.choice(STATUSES)}", f"title: '{chance.choice(TITLES)} {n}'",
            f"date: '{written}'" if written else "", chance.choice(PLACES if written else PLACES[:8]), "time: '03:20'" if written == f"{day}" and n % 9 == 0 else "",
            f"actor: {actor}" if (actor := chance.choice(("one", "two", "three", ""))) else "",
            f"sources: [{{id: press, quote: 'quoted {n}'}}]",
        ]  # fmt: skip
        lines.append(f"  - {{{', '.join(filter(None, fields))}}}")
    return "\n".join(lines) + "\n"
