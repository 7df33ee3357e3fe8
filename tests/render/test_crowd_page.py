"""The page of very many rows: the same bytes, a strict policy, counts that add up, a picture and words without scripts."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from geo.api import BuildOptions, build_story
from geo.model import Correction, Source, Status, When
from geo.render.crowd.page import render_crowd
from geo.render.crowd.rows import combinations, distinct_pairs, rows_of
from geo.render.crowd.summary import by_place
from geo.scene.crowd import Crowd
from support.crowds import bare, crowd_of, mixed


@pytest.fixture(scope="module")
def mixed_rows(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return crowd_of(mixed(2500, far=False), tmp_path_factory.mktemp("rows"), ("en", "ar"), basemap=True)


@pytest.fixture(scope="module")
def page(mixed_rows: Crowd) -> str:
    return render_crowd(mixed_rows).decode("utf-8")


def count(said: str) -> int:
    return int(said.replace(",", ""))


def test_the_same_rows_give_the_same_bytes(mixed_rows: Crowd, page: str) -> None:
    assert render_crowd(mixed_rows).decode("utf-8") == page


def test_without_scripts_the_files_that_were_written_beside_the_page_are_linked(mixed_rows: Crowd, page: str, tmp_path: Path) -> None:
    linked = render_crowd(mixed_rows, beside=["a b&c.csv"]).decode("utf-8")
    assert '<p><a href="a%20b%26c.csv">a b&amp;c.csv</a></p>' in linked.partition('data-t="rows_here"')[2].partition("</noscript>")[0]
    assert "href" not in page.partition('data-t="rows_here"')[2].partition("</noscript>")[0]
    (tmp_path / "rows.csv").write_text(mixed(2100, far=False), "utf-8")
    built = build_story(tmp_path / "rows.csv", BuildOptions(formats=("html", "csv")))
    assert b'<a href="rows.csv">' in built.outputs["html"]


def test_rows_are_inert_and_no_hash_covers_them(page: str) -> None:
    assert page.count('<script type="application/x-strikemap-rows" id="map_') == 1
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script>", page)
    assert len(re.findall("'sha256-", policy.split("style-src")[0])) == len(scripts)
    rows = page.partition("-rows\">")[2].partition("</script>")[0]
    assert "<" not in rows
    assert "&" not in rows


def test_a_text_of_a_row_is_never_markup(page: str) -> None:
    class Scripts(HTMLParser):
        open = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.open += tag == "script"

    found = Scripts()
    found.feed(page)
    assert found.open == 4


@pytest.mark.parametrize("text", [mixed(2500), bare(2500), mixed(3)])
def test_counts_by_place_add_up_to_all_rows(text: str, tmp_path: Path) -> None:
    found = crowd_of(text, tmp_path)
    lines = by_place(found)
    assert sum(count(n) for _, n in lines) == found.n
    assert len(lines) <= 501
    numbers = [count(n) for name, n in lines if name != "Not placed"]
    assert numbers == sorted(numbers, reverse=True) or found.counts.unplaced


def test_more_places_than_a_reader_goes_through_are_counted_by_country(tmp_path: Path) -> None:
    text = "date,place,admin1,country,lat,lon\n" + "".join(
        f"2016-01-01,Hamlet {n},,{'Syria' if n % 3 else 'Iraq'},35.{n:04d},40.5\n" for n in range(900)
    )
    lines = by_place(crowd_of(text, tmp_path))
    assert [(name, count(n)) for name, n in lines] == [("Syria", 600), ("Iraq", 300)]


def test_bare_coordinates_are_counted_by_cells_that_say_where_they_are(tmp_path: Path) -> None:
    text = "date,lat,lon\n" + "2016-01-01,-0.5,-70.2\n" * 3 + "2016-01-01,51.05,0.04\n" * 2
    assert by_place(crowd_of(text, tmp_path)) == [("0.4°–0.5° S, 70.1°–70.2° W", "3"), ("51°–51.1° N, 0°–0.1° E", "2")]


def test_more_places_than_a_reader_goes_through_in_no_country_are_counted_by_cells(tmp_path: Path) -> None:
    text = "date,place,lat,lon,precision\n" + "".join(f"2016-01-01,Reef {n},{n % 3}.5,-150.5,landmark\n" for n in range(900))
    lines = by_place(crowd_of(text, tmp_path))
    assert len(lines) == 3 and sum(count(n) for _, n in lines) == 900
    assert lines[0][0] == "0.5°–0.6° N, 150.4°–150.5° W"


def test_of_many_actors_the_commonest_can_be_chosen_and_the_others_are_counted(tmp_path: Path) -> None:
    text = "date,place,actor\n" + "".join(f"2016-01-01,Aleppo,Group {n % 50 if n < 2000 else 7}\n" for n in range(2100))
    found = crowd_of(text, tmp_path)
    (facet,) = [facet for facet in found.facets if facet.name == "actor"]
    assert (facet.options[0].value, len(facet.options), facet.more) == ("Group 7", 40, 10)
    assert "and 10 more" in render_crowd(found).decode()


def test_the_picture_counts_what_is_pinned(mixed_rows: Crowd, page: str) -> None:
    (picture,) = re.findall(r'<svg class="sm-picture".*?</svg>', page, re.DOTALL)
    assert "<circle" in picture
    assert "url(#" in picture
    said = [count(n) for n in re.findall(r"<text[^>]*>([\d,]+)</text>", picture)]
    retracted = mixed_rows.status.values.index(Status.RETRACTED)
    on_map = int(((mixed_rows.outcome < 2) & (mixed_rows.status.codes != retracted)).sum())
    assert 0.9 * on_map <= sum(said) <= on_map


def test_words_say_where_all_rows_are(page: str) -> None:
    assert "strikemap data" in page
    assert "Events by place" in page


def test_sources_and_corrections_of_a_story_stand_in_the_page(mixed_rows: Crowd) -> None:
    story = dataclasses.replace(
        mixed_rows.story, sources=(Source("paper", {"en": "A newspaper"}, url="https://example.org/a"),),
        corrections=(Correction(When("2016-01-01", "day", date(2016, 1, 1), date(2016, 1, 1)), {"en": "One row was wrong."}),),
    )  # fmt: skip
    page = render_crowd(dataclasses.replace(mixed_rows, story=story)).decode("utf-8")
    assert 'href="https://example.org/a"' in page
    assert "One row was wrong." in page


def test_pairs_are_numbered_by_first_appearance() -> None:
    import numpy as np

    x, y = np.array([3.0, 1.0, 3.0, 1.0, 3.0]), np.array([0.5, 0.5, 0.5, 2.0, 0.5])
    lon, lat, of = distinct_pairs(x, y)
    assert (lon.tolist(), lat.tolist(), of.tolist()) == ([3.0, 1.0, 1.0], [0.5, 0.5, 2.0], [0, 1, 0, 2, 0])
    for size in (8, 10**12):
        used, of = combinations(np.array([7, 3, 7, 0]), size)
        assert (used.tolist(), of.tolist()) == ([7, 3, 0], [0, 1, 0, 2])


def test_a_column_that_no_row_has_is_not_there(tmp_path: Path) -> None:
    tables = rows_of(crowd_of(bare(50), tmp_path)).tables
    assert set(tables["rows"].columns) == {"place", "spot", "date", "outcome", "kind", "status", "precision", "number"}
    assert {"actors", "origins", "flights", "receipts", "said", "strikes"} & set(tables) == set()
