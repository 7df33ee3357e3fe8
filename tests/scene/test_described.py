"""The map in words: every place with its precision, every event counted, in every language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from geo.model import When
from geo.scene.described import MOST, described
from geo.scene.text import Speaker
from tests.scene import factory as make

LANGUAGES = ("en", "fr", "ar", "ru", "uk", "he", "de", "es")


def test_a_map_is_described_in_plain_sentences() -> None:
    said = described(make.scene(languages=LANGUAGES), "en")
    assert said.startswith("Map: Strikes. 12 events = ")
    for part in (
        "When: 1–30 November 2015.",
        "Raqqa, known to the city: Strike; 4 events; France and Russia.",
        "Aleppo Governorate, province only, place not given: Strike; 1 event; Russia.",
        "Origin: Title second; Jordan and the Gulf (country not named); reported origin and target; route unknown.",
        "Outside the map: Title paris.",
        "Not placed: Title ships; Title where; Title meeting; Title someday.",
    ):
        assert part in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_describes_the_same_map(lang: str) -> None:
    scene = make.scene(languages=LANGUAGES)
    said = described(scene, lang)
    speak = Speaker(lang, "en")
    counted = [n for n in range(1, 10) if speak.plural("account.events", n) in said]
    assert {1, 4} <= set(counted)
    assert speak("section.unplaced") in said
    assert "{" not in said
    assert ".." not in said
    assert said.rstrip("\u2069").endswith(".")


def test_what_is_not_named_is_counted() -> None:
    events = [
        (make.event(f"e{n}", make.day("2015-11-17")),
         make.at(replace(make.RAQQA, id=f"p{n}", names={"en": (f"Place {n}",)})), True)
        for n in range(MOST + 3)
    ]  # fmt: skip
    said = described(make.scene(events, languages=("en",)), "en")
    named = re.findall(r"Place \d+, known", said)
    assert len(named) == MOST
    assert said.endswith("and 3 more: 3 events.")


def test_a_map_without_dates_or_events_is_described_all_the_same() -> None:
    undated = [(make.event("a", When("", "unknown")), make.at(make.RAQQA), True)]
    assert "When" not in described(make.scene(undated, languages=("en",)), "en")
    assert described(make.scene([], languages=("en",)), "en") == "Map: Strikes. 0 events = 0."
