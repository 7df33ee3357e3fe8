"""The words around the map of a crowd, in each of its languages: everything but what belongs to one row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from geo.model import Location
from geo.scene import text, timeline
from geo.scene.crowd.crowd import Crowd
from geo.scene.described import MOST, joined, sentence
from geo.scene.text import WJ, Said, Speaker, plain

PATTERNS = ("title_from", "country_of", "pair", "origin.none", "origin.route", "where.outside")
"""Messages whose fields the page fills in itself, row by row."""


def page_strings(crowd: Crowd) -> dict[str, dict[str, Said]]:
    """Every text of the page by `data-t` key, for each of its languages, but for those of single rows."""
    return {lang: dict(_strings(crowd, lang)) for lang in crowd.languages}


def _strings(crowd: Crowd, lang: str) -> Iterator[tuple[str, Said]]:
    story = crowd.story
    speak = Speaker(lang, story.lang)
    title = speak.said(story.title) or story.slug
    yield "title", re.sub(r"(?<=\d)–(?=\d)", f"–{WJ}", title) if isinstance(title, str) else title
    yield "map_label", speak("map_label", title=speak.within(plain(title)))
    yield "described", described(crowd, lang)
    for key in (*(() if crowd.entries else ("list_virtual", "list_printed", "no_script_long", "by_place", "rows_here")), *text.FIXED):
        yield key, speak(key)
    if summary := speak.said(story.summary):
        yield "summary", summary
    yield from text.credits(crowd.disputed, crowd.attributions, speak)
    for name, outcomes in (("on_map", (0, 1)), ("outside", (2,)), ("unplaced", (3,))):
        if number := int(np.isin(crowd.outcome, outcomes).sum()):
            yield f"section.{name}", speak(f"section.{name}")
            yield f"section.{name}.count", speak.integer(number)
    for kind in crowd.kind.values:
        yield f"kind.{kind.value}", speak(f"kind.{kind.value}")
    for status in crowd.status.values:
        yield f"status.{status.value}", speak(f"status.{status.value}")
    yield from text.labels(speak)
    for key in PATTERNS:
        word = speak.words[key]
        assert isinstance(word, str), key
        yield key, word
    # A time is that of the story's zone, where it has one.
    city = speak.city_of(story.zone) if story.zone else ""
    yield "date.local", str(speak.words["date.at_zone"]).replace("{city}", city) if city else str(speak.words["date.local"])
    yield "show", speak("script.show")
    yield "close", speak("script.close")
    for legend in crowd.actors:
        yield f"actor{legend.slot}", (speak.said(legend.actor.name) if legend.actor else None) or speak("key.others")
    for key in crowd.keys:
        rung = {"rung": speak.known(story.coarsen)} if key == "coarsened" and story.coarsen else {}
        yield f"key.{key}", speak(f"key.{key}", **rung)
    yield "note.precision", speak("note.precision")
    yield "note.pile", speak("note.pile")
    if len(crowd.flights[0]):
        yield "note.line", speak("note.line")
    if story.coarsen:
        yield "note.coarsened", speak("note.coarsened", rung=speak.known(story.coarsen))
    yield "account", text.account_of(crowd.counts, speak)
    yield from text.corrections(story, speak)
    for index, source in enumerate(story.sources, start=1):
        yield from text.source_of(f"s{index}", source, speak)
    if story.zone and crowd.table.time is not None:
        yield "date.zone", speak("date.zone", city=speak.city_of(story.zone))
    yield from _filters(crowd, speak)
    if crowd.time:
        yield from timeline.strings(crowd.time, speak)


def _filters(crowd: Crowd, speak: Speaker) -> Iterator[tuple[str, Said]]:
    for key in ("filter.title", "filter.text", "filter.precision"):
        yield key, speak(key)
    names = {actor.id: actor.name for actor in crowd.actor.values}
    for facet in crowd.facets:
        for option in facet.options:
            named = speak.said(names[option.value]) if facet.name == "actor" and option.value else None
            if named or option.key.startswith("filter.actor"):
                yield option.key, named or option.value
            elif facet.name in ("actor", "precision"):
                yield option.key, speak(option.key)
        if facet.more:
            yield f"filter.{facet.name}.more", speak("and_more", n=speak.integer(facet.more))


def described(crowd: Crowd, lang: str) -> str:
    """What the map shows, in a few sentences: how many events, from when to when, and where most of them are."""
    speak = Speaker(lang, crowd.story.lang)
    sentences = [
        sentence(speak, speak("map"), plain(speak.said(crowd.story.title) or crowd.story.slug)),
        f"{text.account_of(crowd.counts, speak)}.",
    ]
    if dates := _dates(crowd, speak):
        sentences.append(sentence(speak, speak("field.when"), dates))
    places = commonest_places(crowd)
    if places:
        named = [
            speak("title_from", kind=speak.within(plain(speak.place(where))), place=speak.plural("account.events", count))
            for where, count in places[:MOST]
        ]
        sentences.append(sentence(speak, speak("by_place"), joined(speak, named, len(places))))
    if len(crowd.flights[0]):
        sentences.append(sentence(speak, speak("key.line"), speak.plural("account.sorties", len(crowd.flights[0]))))
    return " ".join(sentences)


def commonest_places(crowd: Crowd) -> list[tuple[Location, int]]:
    """Places that have a name, each with the number of events on the map that are there, the most first."""
    on_map = crowd.outcome < 2
    counts = np.bincount(crowd.answer[on_map], minlength=len(crowd.located.answers)).tolist()
    found: dict[str, tuple[Location, int]] = {}
    for answer, count in zip(crowd.located.answers, counts, strict=True):
        if count and isinstance(answer, Location) and (answer.place or answer.name):
            key = answer.place.id if answer.place else "\n".join(answer.name.values())
            known = found.get(key)
            found[key] = (known[0] if known else answer, count + (known[1] if known else 0))
    return sorted(found.values(), key=lambda item: -item[1])


def _dates(crowd: Crowd, speak: Speaker) -> str:
    """From the first day of any event to the last; empty when none is known."""
    used = np.unique(crowd.when.codes).tolist()
    known: list[date] = [day for code in used for day in (crowd.when.values[code].first, crowd.when.values[code].last) if day]
    if not known:
        return ""
    first, last = min(known), max(known)
    return speak.single(first, "day") if first == last else speak.interval(first, last, "day", "day")

