"""Every word of the page, in each of its languages: messages from `words/`, dates and numbers as CLDR writes them.

A text of the story that a language lacks stays in the language it has and says so: a pair (text, language).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from geo.model import (
    Claim,
    Event,
    Kind,
    Location,
    Place,
    Position,
    Precision,
    Range,
    Source,
    Story,
    Text,
    Unplaced,
    When,
)
from geo.scene import events, timeline
from geo.scene.scene import Counts, Entry, Names, Scene

if TYPE_CHECKING:
    from datetime import date

    from babel import Locale

Said = str | tuple[str, str]
"""A text, or a text with the language that it is really in."""
Word = str | dict[str, str]

PLURALS = frozenset({"zero", "one", "two", "few", "many", "other"})
CLDR = {"ar": "ar_SY", "en": "en_GB"}
"""Page language → CLDR locale, where a plain one would be another country's: Levant months, day before month."""
RTL = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "ug", "yi", "dv", "sd"})

FSI, LRI, PDI, WJ = "\u2068", "\u2066", "\u2069", "\u2060"
_STRONG_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_FIELD = re.compile(r"\{(\w+)\}")
_SPAN = re.compile(r"(?<![\w.,:/–-])(\d{1,6}) ?([–-]) ?(\d{1,6})(?![\w:/–-])")
_ASIDE = re.compile(r" \([^()]*\)$")
_MOST_CANDIDATES = 5


# -- messages -----------------------------------------------------------------------------------------------------


@cache
def words(lang: str) -> Mapping[str, Word]:
    """The messages of `lang` by dotted key; a plural is a dict by CLDR category. Raises KeyError for no such file."""
    source = files("geo.scene") / "words" / f"{lang}.toml"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", lang) or not source.is_file():
        raise KeyError(lang)
    return dict(_flat(tomllib.loads(source.read_text(encoding="utf-8"))))


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Word]]:
    for key, value in table.items():
        if isinstance(value, str):
            yield prefix + key, value
        elif "other" in value and PLURALS >= value.keys():
            yield prefix + key, dict(value)
        else:
            yield from _flat(value, f"{prefix}{key}.")


def words_for_script(lang: str) -> dict[str, Word]:
    """The messages that the page's script fills in by itself, without their `script.` prefix."""
    return {key[7:]: word for key, word in words(lang).items() if key.startswith("script.")}


def fill(message: str, **fields: str) -> str:
    """`message` with its `{fields}`; what stands in a field is never looked at again."""
    return _FIELD.sub(lambda field: fields[field[1]], message)


def direction(lang: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if lang.split("-")[0] in RTL else "ltr"


def direction_of(text: str, lang: str) -> str:
    """The direction that `text` is set in, by its letters where they contradict its language."""
    if direction(lang) == "rtl":
        return "rtl" if _STRONG_RTL.search(text) or not re.search(r"[^\W\d_]", text) else "ltr"
    first = re.search(r"[^\W\d_]", text)
    return "rtl" if first and _STRONG_RTL.match(first[0]) else "ltr"


def language_list(languages: Iterable[str]) -> list[dict[str, str]]:
    """`Language` of the page's payload: code, the language's own name, direction."""
    return [{"code": lang, "name": str(words(lang)["name"]), "dir": direction(lang)} for lang in languages]


class Speaker:
    """Composes texts in one language."""

    def __init__(self, lang: str, story_lang: str) -> None:
        self.lang = lang
        self.story_lang = story_lang
        self.words = words(lang)
        self.rtl = direction(lang) == "rtl"

    @property
    def locale(self) -> Locale:
        return _locale(self.lang)

    def __call__(self, key: str, **fields: str) -> str:
        message = self.words[key]
        assert isinstance(message, str), key
        return fill(message, **fields) if fields else message

    def plural(self, key: str, count: int, shown: str | None = None) -> str:
        """The form for `count`; `shown` stands for the number where it is more than a figure ("10–20")."""
        forms = self.words[key]
        assert isinstance(forms, dict), key
        form = forms.get(self.locale.plural_form(count), forms["other"])
        if shown is not None and "{n}" not in form:
            form = forms["other"]
        return fill(form, n=self.integer(count) if shown is None else shown)

    # -- texts of the story

    def said(self, text: Text | None) -> Said | None:
        """The story's text in this language, else in the language that it has."""
        if not text:
            return None
        for code in (self.lang, self.lang.split("-")[0], self.story_lang, "en", *text):
            if text.get(code):
                if code.split("-")[0] == self.lang.split("-")[0]:
                    return self.in_order(text[code])
                return text[code], code
        return None

    def in_order(self, text: str) -> str:
        """A range such as 15–17 keeps its order, and its line, within a right-to-left text."""
        return _SPAN.sub(f"{LRI}\\1\\2{WJ}\\3{PDI}", text) if self.rtl else text

    def within(self, text: str) -> str:
        """`text` as a part of a sentence of ours: isolated where it could turn the sentence round."""
        if self.rtl or _STRONG_RTL.search(text):
            return f"{FSI}{text}{PDI}"
        return text

    # -- numbers

    def integer(self, value: int) -> str:
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.locale, numbering_system="latn")

    def span(self, low: str, high: str) -> str:
        """`low–high`, which keeps its order in a right-to-left line."""
        joined = self("number.range", low=low, high=high)
        return f"{LRI}{joined}{PDI}" if self.rtl else joined

    def counted(self, key: str, number: Range | None) -> str:
        """A number as its source gives it, with its noun; empty where none is given."""
        if number is None or number.low is None and number.high is None:
            return ""
        low, high = number.low, number.high
        if low is not None and high is not None:
            if low == high:
                return self.plural(key, low)
            return self.plural(key, high, self.span(self.integer(low), self.integer(high)))
        if low is not None:
            return self("number.at_least", n=self.plural(key, low))
        assert high is not None
        return self("number.at_most", n=self.plural(key, high))

    def metres(self, value: float) -> str:
        if value >= 1000:
            km = value / 1000
            from babel.numbers import format_decimal

            shown = format_decimal(round(km, 1 if km < 10 else 0), locale=self.locale, numbering_system="latn")
            return self("where.kilometres", n=shown)
        return self("where.metres", n=self.integer(round(value)))

    def listed(self, parts: Sequence[str]) -> str:
        """`a, b and c`."""
        if len(parts) < 2:
            return "".join(parts)
        from babel.lists import format_list

        # CLDR's patterns are filled by position: a brace in a part must not be one.
        marks = [f"\ue000{n}\ue001" for n in range(len(parts))]
        whole = format_list(marks, locale=self.locale)
        return re.sub("\ue000(\\d+)\ue001", lambda mark: parts[int(mark[1])], whole)

    # -- dates

    def when(self, when: When, time: str | None = None, zone: str | None = None) -> str:
        """A date as precise as its source. The zone is named where a time is known."""
        first, last = when.first, when.last
        if when.precision == "unknown" or first is None and last is None:
            return self("date.unknown")
        if first is None:
            shown = self("date.until", date=self.single(last, _end(when, 1)))
        elif last is None:
            shown = self("date.since", date=self.single(first, _end(when, 0)))
        elif when.precision in ("day", "month", "year") or first == last:
            shown = self.single(first, when.precision)
        else:
            shown = self.interval(first, last, _end(when, 0), _end(when, 1))
        if time:
            city = self.city_of(zone) if zone else ""
            clock = f"{LRI}{time}{PDI}" if self.rtl else time
            shown = (
                self("date.at_zone", date=shown, time=clock, city=city)
                if city
                else self("date.local", date=shown, time=clock)
            )
        if when.approximate:
            shown = self("date.about", date=shown)
        if when.uncertain:
            shown = self("date.uncertain", date=shown)
        return shown

    def single(self, day: date | None, precision: str) -> str:
        from babel.dates import format_date, format_skeleton

        assert day is not None
        if precision == "year":
            return str(day.year)
        if precision == "month":
            return str(format_skeleton("yMMMM", day, locale=self.locale))
        return str(format_date(day, "long", locale=self.locale))

    def interval(self, first: date, last: date, start: str, end: str) -> str:
        """From `first` to `last`; `start` and `end` are the precisions of the two ends."""
        if start == end == "day":
            return self.days(first, last)
        if start == end == "year":
            return self.span(str(first.year), str(last.year))
        # Words, unlike figures, run the way of the page: only each end is held together.
        return self("number.range", low=self.within(self.single(first, start)), high=self.within(self.single(last, end)))

    def days(self, first: date, last: date) -> str:
        """`15–16 November 2015`: CLDR's short interval with the month written out."""
        from babel.dates import format_date

        for field in ("d", "M", "y"):
            same = {"d": first.month == last.month, "M": True, "y": True}[field] and (
                field == "y" or first.year == last.year
            )
            if same:
                break
        patterns = self.locale.interval_formats["yMMMd"].get(field)
        if not patterns:
            return self.span(self.single(first, "day"), self.single(last, "day"))
        halves = [
            format_date(day, self.written_out(part), locale=self.locale)
            for day, part in zip((first, last), patterns, strict=True)
        ]
        joined = "".join(halves)
        if self.rtl and field == "d":
            return re.sub(r"(\d{1,2}\s*–\s*\d{1,2})", f"{LRI}\\1{PDI}", joined, count=1)
        return joined

    def written_out(self, pattern: str) -> str:
        """A part of a short interval with its month as in the long date, and what joins it there: 16 *de* noviembre."""
        joints = re.search(r"d(.*?)MMMM(.*?)y", self.locale.date_formats["long"].pattern)
        if not joints:
            return pattern.replace("MMM", "MMMM")
        pattern = re.sub(r"(?<=d)[^dMy–]*MMM", lambda _: f"{joints[1]}MMMM", pattern)
        return re.sub(r"MMMM[^dMy–]*y", lambda _: f"MMMM{joints[2]}y", pattern)

    def certainty(self, when: When) -> str:
        """How precisely the date is known, in words."""
        if when.precision == "unknown" or when.approximate or when.uncertain:
            return ""  # the date itself says it
        if when.first is None or when.last is None:
            return self("date.open")
        return self(f"date.{when.precision}") if f"date.{when.precision}" in self.words else ""

    def city_of(self, zone: str) -> str:
        """The city that names a time zone, in this language."""
        known = self.locale.time_zones.get(zone, {}).get("city")
        return str(known or zone.rsplit("/", 1)[-1].replace("_", " "))

    # -- places

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, ""))

    def place(self, location: Location) -> Said:
        """The place's name in this language; without a gazetteer entry, the claim's own words."""
        if location.place is not None:
            return self.named(location.place)
        said = self.said(location.name)
        if said is not None:
            return said
        return self.spot(location.position)

    def spot(self, position: Position) -> str:
        """A position is data, the same in every language: written as coordinates and never localised."""
        lon, lat = position
        written = f"{lat:.4f}, {lon:.4f}"
        return f"{LRI}{written}{PDI}" if self.rtl else written

    def named(self, place: Place) -> Said:
        name, code = place.name(self.lang)
        return name if code == self.lang else (name, code)

    def with_country(self, location: Location) -> Said:
        """`Raqqa, Syria`, where the country is one, known, and not in the name already."""
        said = self.place(location)
        name = plain(said)
        wide = location.precision in (Precision.COUNTRY, Precision.REGION, Precision.SEA)
        codes = location.countries
        country = self.country(codes[0]) if len(codes) == 1 and not wide else ""
        if not country or country in name:
            return said
        return self("country_of", place=self.within(name), country=country)

    def known(self, precision: Precision) -> str:
        return self(f"precision.{precision.value.replace(' ', '_')}")

    def precisely(self, location: Location) -> str:
        """The rung in words, and how it is drawn."""
        rung = self.known(location.precision)
        if location.precision is Precision.NOT_STATED:
            return rung
        radius = location.drawn_radius_m
        drawn = self("where.outline") if radius is None else self("where.circle", radius=self.metres(radius))
        return self("pair", first=rung, second=drawn)

    def unplaced(self, answer: Unplaced) -> str:
        """Why a place could not be found, in words."""
        key = f"unplaced.{answer.code}"
        shown = self(key if key in self.words else "unplaced.unknown", words=self.within(answer.words))
        named = [self.candidate(candidate.place) for candidate in answer.candidates]
        if not named:
            return shown
        if len(named) > _MOST_CANDIDATES:
            rest = self("and_more", n=self.integer(len(named) - _MOST_CANDIDATES))
            named = [*named[:_MOST_CANDIDATES], rest]
        # The candidates are alternatives: a list with "and" would say that it is all of them.
        joined = named[0]
        for name in named[1:]:
            joined = self("pair", first=joined, second=name)
        return self("pair", first=shown, second=self("unplaced.candidates", list=joined))

    def candidate(self, place: Place) -> str:
        name = self.within(plain(self.named(place)))
        country = self.country(place.countries[0]) if len(place.countries) == 1 else ""
        return self("country_of", place=name, country=country) if country else name


@cache
def _locale(lang: str) -> Locale:
    from babel import Locale

    return Locale.parse(CLDR.get(lang, lang.replace("-", "_")))


def _end(when: When, which: int) -> str:
    """Precision of one end of an interval, from its spelling: a day, a month or a year."""
    ends = when.edtf.split("/")
    end = ends[min(which, len(ends) - 1)].rstrip("~?%")
    known = [part for part in end.split("-") if part and "X" not in part]
    if any("X" in part for part in end.split("-")[:1]):
        return "year"
    return {1: "year", 2: "month"}.get(len(known), "day")


def plain(said: Said) -> str:
    return said if isinstance(said, str) else said[0]


# -- texts on the map -----------------------------------------------------------------------------------------------


def names_of(names: Mapping[str, Any], languages: Sequence[str]) -> Names:
    """A name for each language from names by language; a missing one falls back to English, then to any."""
    found: dict[str, Said] = {}
    for lang in languages:
        for code in (lang, lang.split("-")[0], "en", *sorted(names)):
            value = names.get(code)
            if value:
                name = value if isinstance(value, str) else value[0]
                found[lang] = name if code == lang else (name, code)
                break
    return found


def readable(name: Said, lang: str) -> bool:
    """Whether a name has letters of the script that `lang` writes its own name in."""
    return _script(str(words(lang)["name"])[0]) in {_script(letter) for letter in plain(name)}


def _script(character: str) -> str:
    """`LATIN`, `CYRILLIC`, `ARABIC` …: the first word of a letter's name in Unicode; empty for what is no letter."""
    return unicodedata.name(character, "").split(" ")[0] if character.isalpha() else ""


def names_of_place(place: Place, languages: Sequence[str]) -> Names:
    return {lang: Speaker(lang, lang).named(place) for lang in languages}


def place_names(location: Location, languages: Sequence[str]) -> Names:
    """The name of a location for its label; empty texts where it has neither an entry nor words of its own."""
    if location.place is None and not location.name:
        return dict.fromkeys(languages, "")
    return {lang: Speaker(lang, lang).place(location) for lang in languages}


def country_names(code: str, languages: Sequence[str]) -> Names:
    """A country's name as CLDR has it; empty when no language knows it."""
    found = {lang: Speaker(lang, lang).country(code) for lang in languages}
    return names_of({lang: name for lang, name in found.items() if name}, languages)


def site_sub(events: Sequence[Event], languages: Sequence[str]) -> Names | None:
    """Second line of a label: strikes as the sources give them, or None where no source gives a number.

    Ranges are added end by end; where one of several events has no number, the sum is only a least.
    """
    strikes = [event.strikes for event in events if event.kind is Kind.STRIKE]
    known = [number for number in strikes if number and (number.low is not None or number.high is not None)]
    if not known:
        return None
    whole = len(known) == len(strikes)
    lows = [number.low for number in known]
    highs = [number.high for number in known]
    low = sum(value for value in lows if value is not None) if any(value is not None for value in lows) else None
    high = sum(value for value in highs if value is not None) if whole and None not in highs else None
    number = Range(low, high)
    if low is None and high is None:
        return None
    return {lang: Speaker(lang, lang).counted("number.strikes", number) for lang in languages}


def sortie_label(event: Event, languages: Sequence[str]) -> Names | None:
    """`10 aircraft in total`, or None where no number is given. One origin alone: `10 aircraft`."""
    key = "number.total" if len(event.origins) > 1 else "number.aircraft"
    found = {lang: Speaker(lang, lang).counted(key, event.aircraft_count) for lang in languages}
    return found if any(found.values()) else None


def crop_label(origin: Location, languages: Sequence[str]) -> Names:
    """`from the Gulf`, written where the frame crops a line."""
    found: dict[str, Said] = {}
    for lang in languages:
        speak = Speaker(lang, lang)
        # At the map's edge there is room for the name alone; the list says that no country was named.
        found[lang] = speak("from_place", place=_ASIDE.sub("", plain(speak.place(origin))))
    return found


# -- texts of the page ----------------------------------------------------------------------------------------------

FIXED = (
    "languages", "map", "map_help", "no_script", "legend", "events", "sources", "about", "corrections", "credit",
    "made_with", "skip", "marks",
)  # fmt: skip
"""Messages that every page has, as they are."""


def page_strings(scene: Scene) -> dict[str, dict[str, Said]]:
    """Every text of the page by `data-t` key, for each of its languages; all languages have the same keys."""
    found = {lang: dict(_strings(scene, lang)) for lang in scene.languages}
    # A text that only some languages have (a translation) is carried over, so that a switch never leaves a gap.
    for strings in found.values():
        for other in scene.languages:
            for key, value in found[other].items():
                if key not in strings:
                    strings[key] = (value, other) if isinstance(value, str) else value
    return found


def title_of(speak: Speaker, entry: Entry) -> Said:
    """The event's title; without one, its kind and its place."""
    said = speak.said(entry.event.title)
    if said:
        return said
    kind = speak(f"kind.{entry.event.kind.value}")
    if isinstance(entry.answer, Location):
        return speak("title_from", kind=kind, place=speak.within(plain(speak.place(entry.answer))))
    if entry.answer.words:
        return speak("title_from", kind=kind, place=speak.within(entry.answer.words))
    return kind


def _strings(scene: Scene, lang: str) -> Iterator[tuple[str, Said]]:
    story = scene.story
    speak = Speaker(lang, story.lang)
    title = speak.said(story.title) or story.slug
    # A headline that breaks within "15–17" reads as two numbers.
    yield "title", re.sub(r"(?<=\d)–(?=\d)", f"–{WJ}", title) if isinstance(title, str) else title
    yield "map_label", speak("map_label", title=speak.within(plain(title)))
    from geo.scene.described import described  # it speaks with this module's words

    yield "described", described(scene, lang)
    if summary := speak.said(story.summary):
        yield "summary", summary
    for key in FIXED:
        yield key, speak(key)
    yield from credits(scene.disputed, scene.attributions, speak)
    yield from _sections(scene, speak)
    yield from _legend(scene, speak)
    yield from _notes(scene, speak)
    yield from events.strings(scene, speak)
    if line := timeline.timeline(scene):
        yield from timeline.strings(line, speak)
    for index, source in enumerate(story.sources, start=1):
        yield from source_of(f"s{index}", source, speak)
    yield from corrections(story, speak)
    sources = {source.id: f"s{index}" for index, source in enumerate(story.sources, start=1)}
    for entry in scene.entries:
        for key, value in (*entry_strings(entry, story.zone, speak), *_receipts(entry, sources, speak)):
            yield f"{entry.key}.{key}", value


def corrections(story: Story, speak: Speaker) -> Iterator[tuple[str, Said]]:
    for index, correction in enumerate(story.corrections, start=1):
        text = speak.said(correction.text)
        if text:
            yield f"c{index}.date", speak.when(correction.date)
            yield f"c{index}.text", text


def _sections(scene: Scene, speak: Speaker) -> Iterator[tuple[str, Said]]:
    for name, entries in sections(scene):
        yield f"section.{name}", speak(f"section.{name}")
        yield f"section.{name}.count", speak.integer(len(entries))
    used = {entry.event.kind.value for entry in scene.entries}
    for kind in sorted(used):
        yield f"kind.{kind}", speak(f"kind.{kind}")
    for status in sorted({entry.event.status.value for entry in scene.entries}):
        yield f"status.{status}", speak(f"status.{status}")
    yield from labels(speak)
    yield "origin.none", speak("origin.none")
    yield "origin.route", speak("origin.route")
    yield "where.outside", speak("where.outside")
    yield "show", speak("script.show")
    yield "close", speak("script.close")


def labels(speak: Speaker) -> Iterator[tuple[str, str]]:
    """What stands before the parts of a card and of a source."""
    for key in speak.words:
        if key.startswith(("field.", "source.")):
            word = speak.words[key]
            if isinstance(word, str) and "{" not in word:
                yield key, word


def credits(disputed: bool, attributions: Sequence[str], speak: Speaker) -> Iterator[tuple[str, Said]]:
    """Who made the map beneath, and whose places are on it."""
    yield "map_credit", speak("map_credit_disputed" if disputed else "map_credit")
    if disputed:
        yield "credit_disputed", speak("credit_disputed")
    if attributions:
        yield "credit_places", speak("credit_places", sources=speak.within("; ".join(attributions)))


def sections(scene: Scene) -> list[tuple[str, list[Entry]]]:
    """The parts of the event list in their order, each in order of time; every event is in exactly one."""
    parts: dict[str, list[Entry]] = {"on_map": [], "outside": [], "unplaced": []}
    for entry in scene.entries:
        parts["on_map" if entry.on_map else "unplaced" if entry.placement == "unplaced" else "outside"].append(entry)
    return [(name, entries) for name, entries in parts.items() if entries]


def legend_keys(scene: Scene) -> list[str]:
    """What the legend explains besides actors and statuses: only what is on the map."""
    keys: list[str] = []
    on_map = {entry.event.id: entry for entry in scene.entries if entry.on_map}
    marks = [mark for mark in scene.marks if mark["kind"] != "crash"]
    for status in ("declared", "reported", "contested"):
        if any(mark["status"] == status for mark in marks):
            keys.append(status)
    if any(mark["kind"] == "crash" for mark in scene.marks):
        keys.append("crash")
    if any(mark["radius_m"] for mark in scene.marks):
        keys.append("circle")
    if any(mark["precision"] == Precision.NOT_STATED.value for mark in scene.marks):
        keys.append("unknown")
    hatched = [area for area in scene.areas if area["kind"] == "strike"]
    if hatched:
        answers = [on_map[area["id"]].answer for area in hatched if area["id"] in on_map]
        rungs = {answer.precision for answer in answers if isinstance(answer, Location)}
        keys.append("hatched_province" if rungs == {Precision.GOVERNORATE} else "hatched")
    if any(not area["solid"] for area in scene.areas):
        keys.append("dashed")
    context = {area["kind"] for area in scene.areas} - {"strike"}
    if "crash" in context:
        keys.append("crash_area")
    if context - {"crash"}:
        keys.append("context_area")
    if scene.sorties:
        keys.append("line")
    if any(origin["shape"] for origin in scene.origins):
        keys.append("tint")
    if any(len(site["events"]) > 1 and not site["area"] for site in scene.sites):
        keys.append("badge")
    if scene.has_numbers:
        keys.append("size")
    if scene.story.coarsen:
        keys.append("coarsened")
    return keys


def _legend(scene: Scene, speak: Speaker) -> Iterator[tuple[str, Said]]:
    for legend in scene.actors:
        name = speak.said(legend.actor.name) if legend.actor else None
        yield f"actor{legend.slot}", name or speak("key.others")
    for key in legend_keys(scene):
        if key == "coarsened":
            assert scene.story.coarsen
            yield "key.coarsened", speak("key.coarsened", rung=speak.known(scene.story.coarsen))
        else:
            yield f"key.{key}", speak(f"key.{key}")


def _notes(scene: Scene, speak: Speaker) -> Iterator[tuple[str, Said]]:
    yield "note.precision", speak("note.precision")
    if scene.sorties:
        yield "note.line", speak("note.line")
    if scene.story.coarsen:
        yield "note.coarsened", speak("note.coarsened", rung=speak.known(scene.story.coarsen))
    if scene.story.zone and any(entry.event.time for entry in scene.entries):
        yield "date.zone", speak("date.zone", city=speak.city_of(scene.story.zone))
    yield "account", account(scene, speak)


def account(scene: Scene, speak: Speaker) -> str:
    """`12 events = 3 at a point + 4 hatched areas + 5 not placed; 1 of them outside the map; 2 sortie lines`."""
    return account_of(scene.counts, speak)


def account_of(counts: Counts, speak: Speaker) -> str:
    parts = [
        speak.plural(f"account.{name}", value)
        for name, value in (("pinned", counts.pinned), ("areas", counts.areas), ("unplaced", counts.unplaced),
                            ("refused", counts.refused))
        if value
    ]  # fmt: skip
    line = f"{speak.plural('account.events', counts.events)} = {' + '.join(parts) or speak.integer(0)}"
    for name, value in (("outside", counts.outside), ("sorties", counts.sorties)):
        if value:
            line = speak("pair", first=line, second=speak.plural(f"account.{name}", value))
    return line


def source_of(key: str, source: Source, speak: Speaker) -> Iterator[tuple[str, Said]]:
    yield f"{key}.publisher", speak.said(source.publisher) or source.id
    if title := speak.said(source.title):
        yield f"{key}.title", title
    if source.published and source.published.precision != "unknown":
        yield f"{key}.published", speak("source.published", date=speak.when(source.published))
    if source.accessed and source.accessed.precision != "unknown":
        yield f"{key}.accessed", speak("source.accessed", date=speak.when(source.accessed))


def entry_strings(entry: Entry, zone: str | None, speak: Speaker) -> Iterator[tuple[str, Said]]:
    """What is said of an event besides its sources, by field; its times are those of `zone`."""
    event, answer = entry.event, entry.answer
    yield "title", title_of(speak, entry)
    yield "when", speak.when(event.date, event.time, zone)
    if certainty := speak.certainty(event.date):
        yield "certainty", certainty
    if isinstance(answer, Location):
        yield "place", speak.place(answer)
        yield "where", speak.with_country(answer)
        yield "precision", speak.precisely(answer)
        if (local := local_name(answer, speak)) is not None:
            yield "local", local
        if how := how_of(event.claim, answer, speak):
            yield "how", how
    else:
        yield "place", answer.words or speak("unplaced.no_place")
        yield "where", speak.unplaced(answer)
    if event.actor and (who := speak.said(event.actor.name)):
        yield "who", who
    for name, text in (
        ("against", event.against), ("aircraft", event.aircraft), ("weapon", event.weapon), ("note", event.note)
    ):  # fmt: skip
        if said := speak.said(text):
            yield name, said
    if mission := mission_of(event, speak):
        yield "mission", mission
    if origin := origin_of(entry, speak):
        yield "origin", origin
    numbers = [
        shown
        for key, number in (("number.strikes", event.strikes), ("number.killed", event.killed))
        if (shown := speak.counted(key, number))
    ]
    if numbers:
        yield "numbers", numbers[0] if len(numbers) == 1 else speak("pair", first=numbers[0], second=numbers[1])


def _receipts(entry: Entry, sources: Mapping[str, str], speak: Speaker) -> Iterator[tuple[str, Said]]:
    for index, receipt in enumerate(entry.event.receipts, start=1):
        if receipt.source.id not in sources:
            yield from source_of(f"r{index}", receipt.source, speak)
        if said := speak.said(receipt.translation):
            yield f"r{index}.translation", said


def local_name(location: Location, speak: Speaker) -> Said | None:
    """The place's name in its country's own first language; empty where the page shows just that one.

    None where it is not known, and for land of no country or of several: a script would take a side.
    """
    place = location.place
    if place is None or len(place.countries) != 1:
        return None
    from babel.languages import get_official_languages

    for code in get_official_languages(place.countries[0], de_facto=True)[:1]:
        names = place.names.get(code)
        if names:
            shown = code == speak.lang.split("-")[0] or names[0] == plain(speak.named(place))
            return "" if shown else (names[0], code)
    return None


def how_of(claim: Claim | None, location: Location, speak: Speaker) -> str:
    """How the place was found, where that is not plain from its name: as coordinates, or under other words."""
    if claim is None:
        return ""
    if claim.position is not None:
        return "" if given_up(location) else speak("where.stated")
    words = plain(speak.said(claim.name) or "") or claim.place or ""
    place = location.place
    if not words or place is None or words == place.id:
        return ""
    known = {name.casefold() for names in place.names.values() for name in names}
    known |= {name.casefold() for name in place.label.values()}
    return "" if words.casefold() in known else speak("where.written", words=speak.within(words))


def given_up(location: Location) -> bool:
    """Whether its source knew a place more finely than it is told."""
    return location.reason.startswith("coarsened to ")


def mission_of(event: Event, speak: Speaker) -> str:
    """The mission's aircraft, counted once; empty where no number is given."""
    return aircraft_of(event.aircraft_count, len(event.origins) > 1, speak)


def aircraft_of(count: Range | None, several: bool, speak: Speaker) -> str:
    """A number of aircraft, which came from `several` places or from one; empty where none is given."""
    shown = speak.counted("number.total" if several else "number.aircraft", count)
    return speak("pair", first=shown, second=speak("number.split")) if shown and several else shown


def origin_of(entry: Entry, speak: Speaker) -> Said:
    """Where the aircraft came from as reported; empty where the event is no strike and names none."""
    event = entry.event
    if not event.origins:
        return speak("origin.none") if event.kind is Kind.STRIKE else ""
    placed = [speak.within(plain(speak.place(sortie.origin))) for sortie in entry.sorties]
    lost = [speak("origin.unplaced", words=speak.within(answer.words)) for answer in entry.unplaced_origins]
    parts = placed + lost or [speak.within(_claimed(claim, speak)) for claim in event.origins]
    return speak.listed(parts)


def _claimed(claim: Claim, speak: Speaker) -> str:
    said = speak.said(claim.name)
    return plain(said) if said else claim.place or (speak.spot(claim.position) if claim.position else "")
