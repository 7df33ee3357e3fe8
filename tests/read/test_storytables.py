"""A story may name tables of its own folder; their rows stand among its events."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import api
from geo.errors import InputError
from geo.model import Story
from geo.read.story import read_story
from geo.read.storytables import as_one, tables_of, with_tables
from geo.read.tables import TableOptions
from geo.read.tablestory import events_of

ROWS = """id,date,place,title,actor,source_publisher
a1,2015-11-15,Raqqa,First,France,Agency
a2,2015-11-17,Aleppo,Second,Russia,Agency
a3,2015-12-20,Idlib,Third,Russia,Paper
a4,2015-02-30,Idlib,No such day,Russia,Paper
a5,2015-12-21,Idlib,Fifth,Russia,Paper
a6,2015-12-22,Idlib,Sixth,Russia,Paper
a7,2015-12-23,Idlib,Seventh,Russia,Paper
a8,2015-12-24,Idlib,Eighth,Russia,Paper
a9,2015-12-25,Idlib,Ninth,Russia,Paper
a10,2015-12-26,Idlib,Tenth,Russia,Paper
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/rows.csv").write_text(ROWS, "utf-8")
    (tmp_path / "outside.csv").write_text(ROWS, "utf-8")
    return tmp_path / "in"


def read(folder: Path, text: str) -> Story:
    (folder / "story.yaml").write_text("title: A story\n" + text, "utf-8")
    return api.load(folder / "story.yaml")


def titles(story: Story) -> list[str]:
    return [next(iter(event.title.values())) for event in story.events]


def test_rows_stand_after_the_storys_own_events_and_bad_ones_are_counted(folder: Path) -> None:
    story = read(folder, "table: rows.csv\nevents: [{id: a1, date: 2015-11-13, place: Paris, title: Own}]\n")
    assert titles(story)[:3] == ["Own", "First", "Second"]
    assert [event.id for event in story.events][:3] == ["a1", "rows.a1", "a2"]
    assert story.refused == 1 and any("2015-02-30" in note for note in story.notes)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("where: {actor: France}", ["First"]),
        ("where: {Actor: [france, Nobody]}", ["First"]),
        ("to: 2015-11-16", ["First"]),
        ("from: 2015-11-16, to: 2015-12-20", ["Second", "Third"]),
        ("where: {actor: Nobody}", []),
    ],
)
def test_a_story_tells_the_rows_that_it_asks_for(folder: Path, options: str, told: list[str]) -> None:
    story = read(folder, f"table: {{file: rows.csv, {options}}}\nevents: [{{date: 2015, title: Own}}]\n")
    assert titles(story) == ["Own", *told]


def test_bad_rows_that_are_not_asked_for_are_nobodys_fault(folder: Path) -> None:
    assert read(folder, "table: {file: rows.csv, where: {actor: France}}\n").refused == 0


def test_columns_are_named_in_the_story(folder: Path) -> None:
    (folder / "other.csv").write_text("Tag;Ort\n15/11/2015;Raqqa\n03/04/2015;Aleppo\n", "utf-8")
    story = read(folder, "table: {file: other.csv, columns: {date: Tag, place: Ort}}\n")
    assert [event.date.edtf for event in story.events] == ["2015-11-15", "2015-04-03"]


@pytest.mark.parametrize(
    "name", ["../outside.csv", "/etc/passwd", "~/rows.csv", "link.csv", "below/../../outside.csv", "C:rows.csv", "linked/outside.csv"]
)
def test_a_table_outside_the_storys_folder_is_not_read(folder: Path, name: str) -> None:
    (folder / "link.csv").symlink_to(folder.parent / "outside.csv")
    (folder / "linked").symlink_to(folder.parent)
    with pytest.raises(InputError) as raised:
        read(folder, f"table: {{file: '{name}'}}\n")
    assert [fault.code for fault in raised.value.faults] == ["outside"]


def test_a_filter_of_no_column_is_a_fault_that_names_the_nearest(folder: Path) -> None:
    with pytest.raises(InputError, match='no column "actr"; did you mean "actor"'):
        read(folder, "table: {file: rows.csv, where: {actr: France}}\n")


def test_credit_and_refusals_reach_the_map(folder: Path) -> None:
    case = Path(__file__).parents[1] / "cases/tables/acled.csv"
    (folder / "acled.csv").write_bytes(case.read_bytes())
    read(folder, "lang: en\ntables: [rows.csv, {file: acled.csv, accessed: 2025-06-01}]\n")
    built = api.build_story(folder / "story.yaml", api.BuildOptions(formats=("html",), user_gazetteer=False))
    page = built.outputs["html"].decode()
    assert built.account.refused == 1 and built.account.events == 13
    assert "acleddata.com" in page and "accessed 2025-06-01" in page
    assert "may not be republished" not in page


def test_a_story_and_its_tables_are_one_table_too(folder: Path) -> None:
    (folder / "more.csv").write_text("date,place,killed_min,Weather\n2015-11-20,Raqqa,3,fog\n2015-11-21,Homs,,\n", "utf-8")
    (folder / "story.yaml").write_text(
        "title: A story\ntables: [rows.csv, more.csv]\nactors: {x: {name: {en: Ex, fr: Ix}}}\n"
        "events: [{id: a1, date: 2015-11-13, place: Paris, lat: 48.85, lon: 2.35, title: {fr: Un, en: One}, actor: x, strikes_min: 2}]\n",
        "utf-8",
    )
    story = read_story(folder / "story.yaml")
    tables = tables_of(story, TableOptions())
    whole = as_one(story, tables)
    told = with_tables(story, tables, lambda table: ())
    events, _ = events_of(whole)
    assert [event.id for event in events[:3]] == ["a1", "rows.a1", "a2"] and events[-1].id == "r2"
    assert len({event.id for event in events}) == len(events) == whole.n
    assert whole.refused == told.refused == 1
    for one, other in zip(events, told.events, strict=True):
        names = ("kind", "date", "title", "strikes", "killed", "status", "origins")
        assert [getattr(one, name) for name in names] == [getattr(other, name) for name in names]
        assert (one.actor and one.actor.name) == (other.actor and other.actor.name)
        assert (one.claim and one.claim.position) == (other.claim and other.claim.position)
        assert (one.claim and one.claim.place) == (other.claim and other.claim.place)
    assert [whole.extra["Weather"].at(row) for row in range(whole.n)][-2:] == ["fog", None]
