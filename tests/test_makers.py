"""What the comparison of map makers computes from its figures, and that its parts fit together. It measures nothing here."""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

import pytest

from support.program import ROOT

sys.path.insert(0, str(ROOT / "tests/bench"))

import makers  # noqa: E402
from comparing import bounds, builders, copies, cost, sets, table  # noqa: E402


def test_a_percentile_is_one_of_the_values() -> None:
    frames = [16.7] * 18 + [50.0, 300.0]
    assert table.percentile(frames, 50) == 16.7
    assert table.percentile(frames, 90) == 16.7
    assert table.percentile(frames, 95) == 50.0
    assert table.percentile(frames, 100) == 300.0
    assert table.percentile([5.0], 95) == 5.0


def test_frames_are_told_as_median_p95_and_worst_and_gaps_as_gaps() -> None:
    assert table.cell({"median": 16.7, "p95": 33.4, "worst": 1234.5, "n": 9}) == "17 / 33 / 1,234"
    assert table.cell(None) == "–"
    assert table.cell("no end in 120 s") == "no end in 120 s"
    assert table.cell(1.234) == "1.23"


def test_a_table_is_markdown_whose_columns_line_up() -> None:
    found = table.lines(("maker", "s"), [["a", "1.00"], ["longer", "–"]])
    assert found == ["| maker  |    s |", "|--------|-----:|", "| a      | 1.00 |", "| longer |    – |"]


def test_a_row_says_what_was_not_found_and_what_failed() -> None:
    found = {
        "build": 1.0,
        "peak": 2e8,
        "bytes": 5e6,
        "drawn": 0.5,
        "load": 0.4,
        "requests": {"n": 30, "tiles": 24, "missing": ["x"], "bytes": 640_000},
    }
    row = table.maker_row("folium", found)
    assert row == ["folium", "1.00", "200", "5.00", "30, 24 tiles, 1 no copy, 0.6 MB", "0.40", "0.50", *["–"] * 6]
    assert table.maker_row("pydeck", {"fault": "no module"})[:3] == ["pydeck", "no module", "–"]
    assert len(row) == len(table.COLUMNS) + 1


def test_ratios_are_times_of_ours_and_skip_words() -> None:
    results = {
        "folium": {"build": 10.0, "bytes": 20e6, "pan": {"median": 20.0, "p95": 500.0, "worst": 900.0}, "zoom": "no end in 120 s"},
        "strikemap": {"build": 0.5, "bytes": 1e6, "pan": {"median": 16.7, "p95": 20.0, "worst": 20.0}, "zoom": {"median": 1, "p95": 17, "worst": 17}},
    }  # fmt: skip
    assert table.ratio_rows(results, "strikemap") == [["folium", "20.0", "–", "20.0", "–", "25.0", "–", "–", "–"]]


def test_controls_are_told_apart() -> None:
    assert table.typed({"facet": [20.0, 30.0, 400.0], "search": [16.0]}) == "facet 30 / 400 ms; search 16 / 16 ms"


def test_a_bound_is_a_figure_or_a_share_of_another_makers() -> None:
    plain = bounds.Bound("10k", "drawn", 0.8)
    assert plain.limit({}) == 0.8 and str(plain) == "0.80 s"
    share = bounds.Bound("10k", "build", factor=1 / 10, of="folium-naive")
    assert share.limit({"folium-naive": {"build": 8.0}}) == pytest.approx(0.8)
    assert share.limit({}) is None and str(share) == "1/10 of folium-naive"
    size = bounds.Bound("thor", "bytes", plus=400e3, factor=1.2, of=bounds.PARQUET)
    assert size.limit({"parquet": {"bytes": 1e6}}) == 1.6e6 and str(size) == "1.2 × parquet + 400 KB"


@pytest.mark.parametrize(("ms", "kept"), [(16.7, True), (17.4, True), (17.6, False)])
def test_frames_are_held_against_whole_milliseconds(ms: float, kept: bool) -> None:
    one = next(v for v in bounds.verdicts("10k", {"pan": ms}, {}) if v.bound.measure == "pan")
    assert one.kept is kept
    assert table.verdict_row(one)[-1] == ("kept" if kept else "BROKEN")


def test_what_was_not_measured_is_neither_kept_nor_broken() -> None:
    assert {one.kept for one in bounds.verdicts("10k", {}, {})} == {None}
    ours = {"bytes": 1e6}
    assert [v.kept for v in bounds.verdicts("thor", ours, {}) if v.bound.measure == "bytes"] == [None]
    assert [
        v.kept for v in bounds.verdicts("thor", ours, {"parquet": {"bytes": 424e3}}) if v.bound.measure == "bytes"
    ] == [False]


def test_every_data_set_but_those_of_growth_has_its_bounds() -> None:
    assert {one.row for one in bounds.BOUNDS} == {name for name in sets.SETS if name not in sets.LINEAR}
    makers = {*builders.MAKERS, bounds.PARQUET, ""}
    assert {one.of for one in bounds.BOUNDS} <= makers
    for name in sets.SETS:
        measures = [one.measure for one in bounds.BOUNDS if one.row == name]
        assert len(measures) == len(set(measures))


def test_growth_is_faster_than_linear_when_a_row_costs_more() -> None:
    assert not bounds.faster_than_linear((1_000, 0.5), (10_000, 0.8))
    assert not bounds.faster_than_linear((1_000, 1.0), (10_000, 10.0))
    assert bounds.faster_than_linear((1_000, 1.0), (10_000, 10.1))


def test_made_events_are_the_same_every_time_and_carry_notes_of_120_characters() -> None:
    rows = list(csv.DictReader(sets.events(50)))
    assert rows == list(csv.DictReader(sets.events(50)))
    assert len(rows) == 50
    assert {len(row["note"]) for row in rows} == {sets.NOTE}
    assert all(-90 <= float(row[name]) <= 90 for row in rows for name in ("lat", "origin_lat"))
    assert len({row["note"] for row in rows}) == 50


def test_a_small_file_is_replicated_or_thinned_and_copies_may_be_moved(tmp_path: Path) -> None:
    rows = ["1965-11-07,20.2667,106.1", "1966-01-01,8,110", "1967-02-28,9.5,111.25"]
    with gzip.open(tmp_path / "thor_vietnam_targets.csv.gz", "wt", encoding="utf-8") as out:
        out.write("\n".join(["date,lat,lon", *rows]) + "\n")
    head, *all_ = sets.vietnam(tmp_path)
    assert head == "date,lat,lon" and all_ == rows
    assert list(sets.vietnam(tmp_path, 1))[1:] == rows[:1]
    assert list(sets.vietnam(tmp_path, 7))[1:] == [*rows, *rows, rows[0]]
    moved = list(sets.vietnam(tmp_path, 300, moved=True))[1:]
    assert moved[:3] == rows and len(set(moved)) > 290
    for number, line in enumerate(moved):
        was = rows[number % 3].split(",")
        assert all(
            abs(float(a) - float(b)) <= sets.DEGREES + 1e-4 for a, b in zip(line.split(",")[1:], was[1:], strict=True)
        )


def test_a_filter_is_measured_between_the_quartiles() -> None:
    assert sets.period([f"2015-01-{day:02d}" for day in range(1, 9)]) == {"from": "2015-01-03", "to": "2015-01-07"}
    assert sets.period(["", ""]) is None


def test_days_are_read_from_either_column(tmp_path: Path) -> None:
    ours, thor = tmp_path / "ours.csv", tmp_path / "thor.csv"
    ours.write_text("date,lat,lon\n2015-11-17,1,2\n", "utf-8")
    thor.write_text("\ufeffmission_id,mission_date\n1,2/13/1943\n", "utf-8")
    assert sets.first_days(ours) == ["2015-11-17"]
    assert sets.first_days(thor) == ["1943-02-13"]


def test_other_makers_are_given_every_row_with_a_position(tmp_path: Path) -> None:
    source = tmp_path / "some.csv"
    source.write_text(
        "date,lat,lon,origin_lat,origin_lon,note\n2015-11-17,35.9,39,31,36,<b>{{7*7}}\n2015-11-18,,,,,nowhere\n2015-11-18,95,0,,,\n2015-11-18,1,2,,,\n",
        "utf-8",
    )
    found = builders.marks(source)
    assert [(mark.lat, mark.lon, mark.origin) for mark in found] == [(35.9, 39.0, (31.0, 36.0)), (1.0, 2.0, None)]
    assert builders.markup(found[0]) == "date: 2015-11-17<br>note: &lt;b&gt;&#123;&#123;7*7}}"


@pytest.mark.parametrize("name", ["folium-naive", "folium-canvas", "folium-cluster", "folium-geojson"])
def test_folium_makes_a_page_of_them(tmp_path: Path, name: str) -> None:
    source, out = tmp_path / "some.csv", tmp_path / "some.html"
    source.write_text(
        "date,lat,lon,origin_lat,origin_lon,note\n2015-11-17,35.9,39,31,36,A note\n2015-11-18,1,2,,,Another\n", "utf-8"
    )
    found = builders.marks(source)
    assert builders.MAKERS[name](found, out) == 1
    page = out.read_text("utf-8")
    assert "A note" in page and "Another" in page
    asked = copies.place("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js")
    assert asked and "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js" in page


def test_copies_come_from_named_packages_and_nothing_else() -> None:
    assert (
        copies.place("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/images/layers.png?x")
        == "npm:leaflet/dist/images/layers.png"
    )
    assert (
        copies.place("https://cdn.jsdelivr.net/npm/@deck.gl/jupyter-widget@~9.3.*/dist/index.js")
        == "pypi:pydeck/nbextension/static/index.js"
    )
    assert copies.place("https://example.org/leaflet.js") is None
    lock = json.loads((copies.LOCK / "package-lock.json").read_text("utf-8"))
    named = {to.removeprefix("npm:") for _, to in copies.RULES if to.startswith("npm:")}
    installed = {path.removeprefix("node_modules/") for path in lock["packages"]} | {"\\1/\\2"}
    assert all(any(name == one or name.startswith(f"{one}/") for one in installed) for name in named)
    assert "resolved" not in json.dumps(lock)


def test_a_page_is_answered_from_copies_tiles_in_grey_and_the_rest_refused(tmp_path: Path) -> None:
    held = copies.Copies(tmp_path)
    file = tmp_path / "node_modules/jquery/dist/jquery.min.js"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    (tmp_path / "secret").write_text("y")
    found = held.find("https://code.jquery.com/jquery-3.7.1.min.js")
    assert found and found.path == file.resolve() and held.bytes == 1
    assert held.find("https://tile.openstreetmap.org/3/4/2.png").body.startswith(b"\x89PNG")  # type: ignore[union-attr]
    assert held.find("https://cdn.jsdelivr.net/npm/leaflet@1.9.3/../../secret") is None
    assert (held.tiles, len(held.missing)) == (1, 1)


def test_what_was_given_up_takes_nothing_else_with_it() -> None:
    asked = ["build", "pan", "zoom", "card"]
    assert makers.after_given_up({"drawn": 1.0, "pan": "no end in 60 s"}, asked) == ["zoom", "card"]
    assert makers.after_given_up({"drawn": 1.0, "pan": {"p95": 1}, "wheel": "no end in 60 s"}, asked) == ["card"]
    assert makers.after_given_up({"drawn": 1.0, "pan": {"p95": 1}}, asked) == []
    assert makers.after_given_up({"drawn": "no end in 60 s"}, asked) == []


def test_the_best_round_is_the_one_with_the_lowest_p95_and_words_stand_only_alone() -> None:
    slow, fast = {"p95": 50, "median": 16}, {"p95": 17, "median": 17}
    assert makers.best([slow, fast, "no end in 60 s"]) == fast
    assert makers.best([3.0, 2.0]) == 2.0
    assert makers.best(["no end in 60 s", "does nothing"]) == "no end in 60 s"


def test_the_slower_of_wheel_and_buttons_stands_in_the_table() -> None:
    wheel, buttons = {"p95": 17, "step": 20.0}, {"p95": 33, "step": 200.0}
    found = makers.told({"drawn": 1.0, "wheel": wheel, "buttons": buttons, "card": [30.0, 10.0, 20.0]})
    assert found["zoom"] == buttons and found["step"] == 200.0 and found["card"] == 20.0
    assert makers.told({"filter": {"ms": [40.0, 30.0], "same": False}})["filter"] == "never the same picture"
    assert makers.told({"wheel": "no end in 60 s"})["zoom"] == "no end in 60 s"


def test_a_command_is_told_by_its_cost_or_its_fault() -> None:
    good = cost.run([sys.executable, "-c", "print('x' * 3)"], within=20)
    assert good.output == "xxx\n" and not good.fault and good.seconds > 0 and good.peak > 1e6
    assert "no" in cost.run([sys.executable, "-c", "raise SystemExit('no')"], within=20).fault
    assert cost.run([sys.executable, "-c", "import time; time.sleep(9)"], within=0.2).fault == "no end in 0 s"
