"""What changed between two versions, whether they are stories, pages or tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.api import BuildOptions, build_story
from geo.changes import Changes, compare
from geo.diff import account, both, lines
from support.program import STORY, Built, run_strikemap

OLD = """\
title: Strikes
slug: strikes
lang: en
sources:
  paper: {publisher: A newspaper, url: "https://example.org/a", language: en}
  army: {publisher: The army, language: en}
events:
  - {id: same, date: 2015-11-15, place: Homs, country: SY, sources: [paper]}
  - {id: gone, date: 2015-11-16, title: A raid on the bridge, place: Palmyra, country: SY}
  - {id: moves, date: 2015-11-17, place: Raqqa, country: SY, precision: city}
  - {id: finer, date: 2015-11-17, place: Aleppo, country: SY, precision: city}
  - {id: counts, date: 2015-11-18, place: Hama, country: SY, strikes: 3-5, killed: 4+}
  - {id: loses, date: 2015-11-19, place: Hama, country: SY, sources: [paper, {id: army, quote: we did}]}
  - {id: speaks, date: 2015-11-20, place: Hama, country: SY, title: Before, note: Kept}
  - {id: doubted, date: 2015-11-21, place: Hama, country: SY, status: reported}
"""
NEW = (
    OLD.replace("  - {id: gone, date: 2015-11-16, title: A raid on the bridge, place: Palmyra, country: SY}\n", "")
    .replace("id: moves, date: 2015-11-17, place: Raqqa", "id: moves, date: 2015-11-17, place: Homs")
    .replace("id: finer, date: 2015-11-17, place: Aleppo, country: SY, precision: city", "id: finer, date: 2015-11-17, place: Aleppo governorate, country: SY")
    .replace("strikes: 3-5", "strikes: 4-5")
    .replace("sources: [paper, {id: army, quote: we did}]", "sources: [paper]")
    .replace("title: Before", "title: After")
    .replace("status: reported", "status: contested")
    + "  - {id: comes, date: 2015-11-22, place: Idlib, country: SY}\n"
)  # fmt: skip

Compare = Callable[[str, str], Changes]


@pytest.fixture
def changed(tmp_path: Path) -> Compare:
    def changed(old: str, new: str) -> Changes:
        (tmp_path / "old.yaml").write_text(old, "utf-8")
        (tmp_path / "new.yaml").write_text(new, "utf-8")
        return compare(*both(tmp_path / "old.yaml", tmp_path / "new.yaml", BuildOptions()))

    return changed


def of(changes: Changes) -> list[tuple[str, str, str]]:
    return [(one.kind, one.event, one.field) for one in changes.changes]


EXPECTED = [
    ("added", "comes", ""),
    ("removed", "gone", ""),
    ("moved", "moves", "place"),
    ("regraded", "finer", "precision"),
    ("regraded", "doubted", "status"),
    ("numbers", "counts", "strikes"),
    ("sources lost", "loses", "sources"),
    ("text", "speaks", "title"),
]


def test_every_kind_of_change_is_found(changed: Compare) -> None:
    found = changed(OLD, NEW)
    told = of(found)
    # The inner point of a province is not the middle of its city.
    assert [one for one in told if one != ("moved", "finer", "place")] == EXPECTED
    by = {(one.kind, one.event): one for one in found.changes}
    assert by["moved", "moves"].km == pytest.approx(253, abs=15)
    assert (by["regraded", "finer"].old, by["regraded", "finer"].new) == ("city", "governorate")
    assert (by["numbers", "counts"].old, by["numbers", "counts"].new) == ("3-5", "4-5")
    assert by["sources lost", "loses"].old == "The army"
    assert account(found).startswith("1 added, 1 removed, ")
    said = list(lines(found))
    assert "- gone (A raid on the bridge): 2015-11-16, Palmyra" in said[1]
    assert any(line.startswith("~ moves (Homs): moved 2") and " km: Raqqa " in line for line in said)


def test_nothing_is_different_from_itself(changed: Compare) -> None:
    assert changed(OLD, OLD).changes == ()
    assert account(changed(OLD, OLD)) == "no change"


@pytest.mark.parametrize("how", ["page and story", "story and page", "page and page"])
def test_pages_compare_as_their_stories_do(tmp_path: Path, how: str) -> None:
    paths = {}
    for name, text in (("old", OLD), ("new", NEW)):
        story = tmp_path / f"{name}.yaml"
        story.write_text(text, "utf-8")
        page = tmp_path / f"{name}.html"
        page.write_bytes(build_story(story).outputs["html"])
        paths[name] = {"story": story, "page": page}
    first, second = how.split(" and ")
    found = compare(*both(paths["old"][first], paths["new"][second], BuildOptions()))
    assert [one for one in of(found) if one != ("moved", "finer", "place")] == EXPECTED


def test_a_page_in_fewer_languages_has_the_story_unchanged(story_map: Built, tmp_path: Path) -> None:
    page = tmp_path / "fr.html"
    page.write_bytes(build_story(STORY, BuildOptions(langs=("fr",))).outputs["html"])
    assert compare(*both(page, STORY, BuildOptions())).changes == ()
    assert compare(*both(story_map.html, page, BuildOptions())).changes == ()


def test_events_without_ids_are_known_by_what_they_say(changed: Compare) -> None:
    rows = [f"  - {{date: 2015-11-{day}, place: {place}, country: SY}}\n" for day, place in ((10, "Homs"), (11, "Raqqa"), (12, "Hama"))]
    old, new = "title: T\nevents:\n" + "".join(rows), "title: T\nevents:\n  - {date: 2015-11-01, place: Idlib, country: SY}\n" + "".join(rows)
    assert of(changed(old, new)) == [("added", "e1", "")]
    assert of(changed(new, old)) == [("removed", "e1", "")]


@given(data=st.data())
def test_order_is_no_change(data: Any) -> None:
    from geo.model import LocatedStory, Story, Unplaced
    from geo.read.story import read_story

    story: Story = read_story("s.yaml", OLD.encode())
    where = {event.id: Unplaced("unknown", "x") for event in story.events}
    from dataclasses import replace

    shuffled = replace(story, events=tuple(data.draw(st.permutations(story.events))))
    assert compare(LocatedStory(story, where), LocatedStory(shuffled, where)).changes == ()


def test_the_program_tells_lines_json_and_a_map(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD, "utf-8")
    (tmp_path / "new.yaml").write_text(NEW, "utf-8")
    done = run_strikemap("diff", "old.yaml", "new.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("+ comes (")
    assert done.stderr.startswith("old.yaml → new.yaml: 1 added, 1 removed")
    done = run_strikemap("diff", "old.yaml", "new.yaml", "--json", cwd=tmp_path)
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(told[0]) == ["change", "event", "title", "field", "old", "new", "km"]
    assert {one["change"] for one in told} == {kind for kind, _, _ in EXPECTED}
    done = run_strikemap("diff", "old.yaml", "new.yaml", "-o", "changes.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "changes.html").read_text("utf-8")
    for words in ("Only in the older version", "Only in the newer version", "In both versions", 'data-event-id="old:gone"', 'data-event-id="new:comes"'):
        assert words in page
    assert 'data-event-id="old:moves"' in page and 'data-event-id="new:moves"' in page
    assert 'data-event-id="old:same"' not in page and 'data-event-id="new:same"' in page
    done = run_strikemap("diff", "old.yaml", "none.html", cwd=tmp_path)
    assert done.returncode == 2 and "none.html: there is no such file" in done.stderr
    done = run_strikemap("diff", "old.yaml", "new.yaml", "-o", "old.yaml", cwd=tmp_path)
    assert done.returncode == 2 and (tmp_path / "old.yaml").read_text("utf-8") == OLD


CORRECTION = "corrections:\n  - {{date: 2015-12-01, text: {text}{event}}}\n"


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ("", True),
        (CORRECTION.format(text="Something else.", event=""), True),
        (CORRECTION.format(text="It never was.", event=", event: gone"), False),
        (CORRECTION.format(text="The event gone was a rumour.", event=""), False),
        (CORRECTION.format(text="“A raid on the bridge” was a rumour.", event=""), False),
    ],
    ids=["no correction", "another one", "by id", "by id in words", "by title"],
)
def test_a_published_event_does_not_vanish_in_silence(tmp_path: Path, more: str, warned: bool) -> None:
    (tmp_path / "story.yaml").write_text(OLD, "utf-8")
    assert run_strikemap("build", "story.yaml", cwd=tmp_path).returncode == 0
    (tmp_path / "story.yaml").write_text(NEW + more, "utf-8")
    done = run_strikemap("build", "story.yaml", "--against", "strikes.html", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = "warning: strikes.html: event gone (A raid on the bridge) was published and is gone" in done.stderr
    assert told == warned


def test_a_retracted_event_has_not_vanished(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD, "utf-8")
    (tmp_path / "new.yaml").write_text(OLD.replace("id: gone,", "id: gone, status: retracted,"), "utf-8")
    done = run_strikemap("build", "new.yaml", "-f", "geojson", "--against", "old.yaml", cwd=tmp_path)
    assert done.returncode == 0 and "is gone" not in done.stderr


def test_two_csv_tables_are_compared(tmp_path: Path) -> None:
    head = "id,date,place,country,strikes_min,strikes_max\n"
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    (tmp_path / "old/t.csv").write_text(head + "one,2015-11-17,Raqqa,SY,1,1\ntwo,2015-11-18,Homs,SY,2,2\n")
    (tmp_path / "new/t.csv").write_text(head + "one,2015-11-17,Raqqa,SY,3,3\nthree,2015-11-19,Hama,SY,1,1\n")
    found = compare(*both(tmp_path / "old/t.csv", tmp_path / "new/t.csv", BuildOptions()))
    assert of(found) == [("added", "three", ""), ("removed", "two", ""), ("numbers", "one", "strikes")]
