"""A story of more events than a page lists as elements."""

from __future__ import annotations

from datetime import date, timedelta

EVENTS = 2500
UNPLACED = 100
PLACES = ("Raqqa", "Aleppo", "Idlib", "Homs", "Deir ez-Zor", "Palmyra", "Hama", "Tadef")


def long_story(events: int = EVENTS) -> str:
    """Its YAML: three languages, two actors, an event a day from 2013 on; the last hundred name no place."""
    lines = [
        "title: {en: A long campaign, fr: Une longue campagne, ar: حملة طويلة}",
        "slug: long",
        "lang: en",
        "languages: [en, fr, ar]",
        "sources:",
        "  press: {publisher: {en: The press, fr: La presse, ar: الصحافة}, url: 'https://example.org/press', language: en}",
        "  ministry: {publisher: A ministry, language: ar}",
        "actors: {one: {name: {en: One, fr: Un, ar: واحد}}, two: {name: {en: Two, fr: Deux, ar: اثنان}}}",
        "corrections: [{date: 2020-01-02, text: The date was wrong., event: n7}]",
        "events:",
    ]
    for n in range(events):
        day = date(2013, 1, 1) + timedelta(days=n)
        place = "" if n >= events - UNPLACED else f"place: {PLACES[n % len(PLACES)]}, country: SY, "
        lines.append(
            f"  - {{id: n{n}, kind: strike, date: {day}, title: {{en: Event {n}, fr: Événement {n}, ar: حدث {n}}}, "
            f"{place}actor: {'one' if n % 3 else 'two'}, status: {'contested' if n % 5 == 0 else 'reported'}, "
            f"sources: [{{id: press, quote: 'words of {n}'}}, {{id: ministry, quote: 'كلام {n}'}}]}}"
        )
    return "\n".join(lines) + "\n"
