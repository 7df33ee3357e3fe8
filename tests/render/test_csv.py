"""CSV: our own columns, nothing that a spreadsheet would calculate, and every text back as it was."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.api import BuildOptions, build_story
from geo.render.csv import COLUMNS, FORMULA, guarded

EVENTS = """\
title: T
lang: en
sources:
  paper: {publisher: A newspaper, title: 'Strikes, "many"', url: "https://example.org/a", published: 2015-11-18, language: en}
  army: {publisher: The army, language: fr}
events:
  - {id: one, date: 2015-11-15/2015-11-16, title: "=cmd|' /C calc'!A0", place: Raqqa, country: SY, precision: city,
     actor: France, strikes_min: 3, strikes_max: 5, aircraft_count: 10, origin: [Jordan, the Gulf], mission: m1,
     sources: [{id: paper, quote: "-2 said\\nso", language: en}, {id: army, quote: dix avions, language: fr}]}
  - {id: two, date: 2015-11~, title: "'tis quoted", lat: -33.5, lon: 44.25, radius_m: 300, killed: 4+, status: contested}
  - {id: three, date: 2015-12/.., note: plain}
"""


def rows(tmp_path: Path, text: str = EVENTS, *, raw: bool = False) -> list[dict[str, str]]:
    story = tmp_path / "s.yaml"
    story.write_text(text, "utf-8")
    built = build_story(story, BuildOptions(formats=("csv",), raw=raw)).outputs["csv"].decode("utf-8")
    return list(csv.DictReader(io.StringIO(built, newline="")))


def test_columns_are_our_own_and_values_as_stated(tmp_path: Path) -> None:
    one, two, three = rows(tmp_path, raw=True)
    assert tuple(one) == COLUMNS
    told = {name: value for name, value in one.items() if value}
    assert json.loads(told.pop("sources")) == [
        {"publisher": "The army", "quote": "dix avions", "quote_language": "fr"}
    ]
    assert told == {
        "id": "one", "kind": "strike", "date": "2015-11-15", "date_end": "2015-11-16", "title": "=cmd|' /C calc'!A0",
        "place": "Raqqa", "country": "SY", "precision": "city", "actor": "France", "mission": "m1",
        "origin": "Jordan; the Gulf", "aircraft_count": "10", "strikes_min": "3", "strikes_max": "5",
        "status": "reported", "source_publisher": "A newspaper", "source_title": 'Strikes, "many"',
        "source_url": "https://example.org/a", "source_published": "2015-11-18", "quote": "-2 said\nso",
        "quote_language": "en",
    }  # fmt: skip
    assert (two["lat"], two["lon"], two["radius_m"], two["date"], two["killed_min"]) == ("-33.5", "44.25", "300", "2015-11~", "4")
    assert (two["killed_max"], two["place"], two["status"]) == ("", "", "contested")
    assert (three["date"], three["date_end"]) == ("2015-12/..", "")


def test_no_cell_begins_as_a_formula_but_numbers(tmp_path: Path) -> None:
    one, two, _ = rows(tmp_path)
    assert one["title"] == "'=cmd|' /C calc'!A0"
    assert one["quote"] == "'-2 said\nso"
    assert two["title"] == "''tis quoted"
    assert two["lat"] == "-33.5"


@given(st.text(max_size=8) | st.sampled_from(["=1", "+1", "-1", "@a", "'", "''=", "\t=", "\u200f=", "\uff1d1"]))
def test_dropping_one_apostrophe_gives_the_text_back(text: str) -> None:
    cell = guarded(text)
    assert (cell[1:] if cell[:1] == "'" and FORMULA.match(cell[1:]) else cell) == text
    assert not cell or cell[0] == "'" or not FORMULA.match(cell)


def test_several_languages_have_columns_of_their_own(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, "title: T\nlang: fr\nlanguages: [fr, ar]\nevents:\n  - {date: 2015, place: Raqqa, title: {fr: Un, ar: واحد}}\n")
    assert (row["title:fr"], row["title:ar"], row["place"]) == ("Un", "واحد", "Raqqa")
    assert "title" not in row


@pytest.mark.parametrize("text", ["a,b", 'say "x"', "two\nlines", "\u202e", "a;b", "a\u2028b"])
def test_awkward_texts_come_back(tmp_path: Path, text: str) -> None:
    (row,) = rows(tmp_path, f"events:\n  - {{date: 2015, place: Raqqa, title: {json.dumps(text)}}}\n")
    assert row["title"] == text
