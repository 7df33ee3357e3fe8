"""A story of very many events is made as a table of as many rows is, and says all that a short story says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import geo
from geo import api
from geo.errors import UsageError
from geo.read.page import read_page
from geo.scene import scene

STORY = """
title: {en: A campaign, fr: Une campagne}
summary: {en: What happened., fr: Ce qui est arrivé.}
lang: en
languages: [en, fr]
zone: Asia/Damascus
frame: [34, 32, 43, 38]
sources:
  press: {publisher: {en: The press, fr: La presse}, title: Raids, url: "https://example.org/p", published: 2016-01-01, accessed: 2016-02-01, language: ru}
  other: {publisher: Others}
actors: {one: {name: {en: One, fr: Un}, colour: "#7a1f5c"}, two: {name: Two}}
corrections: [{date: 2020-01-02, text: The date was wrong., event: n3}]
events:
  - {id: n1, date: 2015-11-15/2015-11-17, title: {en: First, fr: Premier}, place: Raqqa, country: SY, actor: one, strikes_min: 2, strikes_max: 4,
     mission: m1, origin: [Jordan, Kuwait], aircraft: {en: fighters, fr: chasseurs}, aircraft_count: 10,
     sources: [{id: press, quote: "Нанесён удар", translation: {en: A strike}}, other]}
  - {id: n2, date: 2015-11-16~, title: Second, admin1: Idlib, country: SY, actor: two, status: contested, note: {en: A note, fr: Une note}}
  - {id: n3, kind: crash, date: 2015-11, title: Third, place: Nowhere-at-all, actor: two, status: retracted}
  - {id: n4, date: 2015-11-18, time: "14:30", title: Fourth, lat: 35.95, lon: 39.01, precision: village, actor: one, against: {fr: un dépôt}, origin: Erewhon}
  - {id: n5, date: 2015-11-18, title: Fifth, place: Nowhere-at-all, kind: attack, killed_min: 3}
"""
FORMATS = ("html", "geojson", "csv", "svg", "embed")


def built(path: Path, **options: object) -> api.Built:
    return api.build_story(path, api.BuildOptions(formats=FORMATS, user_gazetteer=False, **options))  # type: ignore[arg-type]


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "campaign.yaml"
    path.write_text(STORY, "utf-8")
    return path


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four events are very many."""
    monkeypatch.setattr(scene, "CROWD_EVENTS", 4)


@pytest.mark.parametrize("coarsen", [None, geo.Precision.TOWN])
def test_both_ways_of_making_a_map_tell_the_same(story: Path, coarsen: geo.Precision | None, monkeypatch: pytest.MonkeyPatch) -> None:
    short = built(story, coarsen=coarsen)
    monkeypatch.setattr(scene, "CROWD_EVENTS", 4)
    long = built(story, coarsen=coarsen)
    assert b"x-strikemap-rows" in long.outputs["html"] and b"x-strikemap-rows" not in short.outputs["html"]
    assert long.account == short.account
    assert long.outputs["csv"] == short.outputs["csv"]
    assert json.loads(long.outputs["geojson"]) == json.loads(short.outputs["geojson"])
    pages = [read_page("map.html", one.outputs["html"]).located.story for one in (short, long)]
    for name in ("title", "summary", "zone", "corrections", "coarsen", "languages", "date"):
        assert getattr(pages[0], name) == getattr(pages[1], name), name
    for one, other in zip(pages[0].events, pages[1].events, strict=True):
        assert (one.id, one.title, one.note, one.against, one.aircraft, one.receipts) == (
            other.id, other.title, other.note, other.against, other.aircraft, other.receipts
        )  # fmt: skip


def test_colours_corrections_and_sources_reach_the_page(story: Path, few: None) -> None:
    page = built(story).outputs["html"].decode()
    assert re.search(r"--s\d:#7a1f5c", page)
    assert "The date was wrong." in page and "The press" in page and "https://example.org/p" in page


def test_a_colour_that_is_too_faint_is_told(story: Path, few: None) -> None:
    story.write_text(STORY.replace("#7a1f5c", "#0743a4"), "utf-8")
    assert any("#0743a4 is kept out of the dark theme" in warning for warning in built(story).warnings)


def test_a_place_in_doubt_is_told_once_and_is_a_fault_under_strict(story: Path, few: None) -> None:
    told = [warning for warning in built(story).warnings if "Nowhere-at-all" in warning]
    assert len(told) == 1 and "of event n3 and 1 more" in told[0] and "row" not in told[0].split("place")[0]
    with pytest.raises(geo.InputError, match="Nowhere-at-all"):
        built(story, strict=True)


def test_a_young_event_is_warned_of_unless_it_stands_as_it_was_published(story: Path, few: None) -> None:
    young = STORY.replace("date: 2015-11-18, time", "date: 2100-01-01, time")
    story.write_text(young, "utf-8")
    assert any("48 hours" in warning for warning in built(story).warnings)
    story.write_text(young.replace("id: n4,", "id: n4, as_published: true,"), "utf-8")
    assert not any("48 hours" in warning for warning in built(story).warnings)


def test_python_makes_the_same_page(story: Path, few: None) -> None:
    page = geo.StrikeMap(story, user_gazetteer=False)
    found = built(story).outputs
    assert page.html().encode() == found["html"]
    assert page.svg().encode() == found["svg"]
    assert page.geojson() == json.loads(found["geojson"])
    assert "<iframe" in page._repr_html_()


def test_what_holds_every_event_as_an_object_is_refused_by_name(story: Path, few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    page = geo.StrikeMap(story, user_gazetteer=False)
    assert "sm-room" in page.fragment()
    monkeypatch.setattr(scene, "SINGLE_EVENTS", 4)
    with pytest.raises(UsageError, match="fragment: not for more than"):
        page.fragment()
    with pytest.raises(UsageError, match="fragment: not for more than"):
        api.build_story(story, api.BuildOptions(formats=("html", "fragment"), user_gazetteer=False))
    import folium

    folium.Marker([35, 38]).add_to(page.folium)
    with pytest.raises(UsageError, match="layers that are not strikemap's: not for more than"):
        page.html(allow_foreign=True)
