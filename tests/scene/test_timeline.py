"""The timeline's bins: whole days, one count an event, words of every language."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.model import When
from geo.read.dates import parse_edtf
from geo.scene import events, text
from geo.scene.timeline import MOST_YEARS, Timeline, histogram, span_of, strings, timeline
from tests.scene import factory as make

LANGUAGES = sorted(path.name.removesuffix(".toml") for path in (files("geo.scene") / "words").iterdir() if path.name != "same.toml")

years = st.integers(1800, 2100)
days = st.dates(date(1800, 1, 1), date(2100, 12, 31)).map(lambda day: day.isoformat())
months = st.dates(date(1800, 1, 1), date(2100, 12, 31)).map(lambda day: day.isoformat()[:7])
atoms = st.one_of(days, months, years.map(str), st.sampled_from(["19XX", "201X", "2015-11-XX"]))
marked = st.tuples(atoms, st.sampled_from(["", "~", "?"])).map("".join)
spans = st.tuples(days, st.integers(0, 20_000)).map(
    lambda pair: f"{pair[0]}/{min(date.fromisoformat(pair[0]) + timedelta(days=pair[1]), date(2100, 12, 31))}"
)
opened = st.one_of(days.map("../{}".format), months.map("{}/..".format))
edtf = st.one_of(marked, spans, opened, st.sampled_from(["", "XXXX"]))
near = st.integers(0, 100).map(lambda n: (date(2015, 11, 15) + timedelta(days=n)).isoformat())


def read(written: list[str]) -> list[tuple[When, int]]:
    return [(parse_edtf(one), number % 8) for number, one in enumerate(written)]


def first_days(line: Timeline) -> list[date]:
    return [date(1970, 1, 1) + timedelta(days=edge) for edge in line.edges]


@given(st.lists(st.one_of(edtf, near), max_size=30))
def test_bins_and_undated_add_up_to_all_events(written: list[str]) -> None:
    dated = read(written)
    line = histogram(dated)
    if line is None:
        assert len({day for when, _ in dated for day in (span_of(when) or ())[:2]}) <= 1
        return
    assert sum(line.counts) + line.undated == len(dated)
    assert line.undated == sum(when.first is None and when.last is None for when, _ in dated)
    assert all(a < b for a, b in pairwise(line.edges))
    assert line.top <= len(dated)
    assert len(line.counts) <= max(MOST_YEARS, 62)


@given(st.lists(st.one_of(edtf, near), min_size=2, max_size=20))
def test_every_date_fills_its_bins_and_lies_within_the_axis(written: list[str]) -> None:
    dated = read(written)
    line = histogram(dated)
    if line is None:
        return
    held = [0] * len(line.counts)
    for when, _ in dated:
        if (span := span_of(when)) is None:
            continue
        first, last, _ = span
        assert line.edges[0] <= first <= last < line.edges[-1]
        for place, (begin, after) in enumerate(pairwise(line.edges)):
            held[place] += first < after and last >= begin
    drawn = [0] * len(line.counts)
    for bar in line.bars:
        assert bar.base == drawn[bar.bin], "bars of a column stand on each other"
        drawn[bar.bin] += bar.count
    assert drawn == held
    assert line.top == max(*held, line.undated)


@given(st.lists(st.one_of(edtf, near), min_size=2, max_size=12), st.randoms())
def test_the_order_of_events_changes_nothing(written: list[str], chance: object) -> None:
    dated = read(written)
    again = list(dated)
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert histogram(dated) == histogram(again)


@pytest.mark.parametrize(
    ("written", "unit", "bins"),
    [
        ("2015-11-15 2015-11-17", "day", 3),
        ("1915-03-18 1915-03-25", "day", 8),
        ("1943-07-10 1943-08-17", "day", 39),
        ("1916-02-28 1916-03-01", "day", 3),  # a leap day
        ("1915-01-01 1915-12-31", "week", 53),
        ("1943-01 1945-05", "month", 29),
        ("1939-09-01 1946-12-01", "year", 8),
        ("1812 19XX", "decade", 19),
        ("1000 2100", "century", 12),
        ("1883-10-20/1883-11-25", "day", 37),
    ],
)
def test_the_span_chooses_the_unit(written: str, unit: str, bins: int) -> None:
    line = histogram(read(written.split()))
    assert line is not None
    assert (line.unit, len(line.counts)) == (unit, bins)


def test_an_interval_is_pale_in_every_bin_and_counted_in_the_first() -> None:
    line = histogram(read(["2015-11-15/2015-11-17", "2015-11-16"]))
    assert line is not None
    assert line.counts == (1, 1, 0)
    assert [(bar.bin, bar.count, bar.pale) for bar in line.bars] == [(0, 1, True), (1, 1, False), (1, 1, True), (2, 1, True)]


def test_an_open_date_is_pale_at_the_end_that_is_known() -> None:
    line = histogram(read(["../2015-11-15", "2015-11-17"]))
    assert line is not None
    assert line.counts == (1, 0, 1)
    assert [(bar.bin, bar.pale) for bar in line.bars] == [(0, True), (2, False)]


@pytest.mark.parametrize("written", ["", "XXXX XXXX", "2015-11-17", "2015-11-17 2015-11-17 XXXX", "../2015-11-17 2015-11-17"])
def test_there_is_no_timeline_of_a_single_day(written: str) -> None:
    assert histogram(read(written.split())) is None


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    weeks, by_month = histogram(read(["1915-01-06", "1915-12-31"])), histogram(read(["1943-01-15", "1945-05-08"]))
    assert weeks is not None
    assert by_month is not None
    assert {day.weekday() for day in first_days(weeks)} == {0}
    assert {day.day for day in first_days(by_month)} == {1}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("written", ["2015-10-30 2015-11-17", "1915-03 1916-01-05", "1943-01 1945-05", "1939 1945", "1812 19XX XXXX"])
def test_bins_are_named_in_every_language(lang: str, written: str) -> None:
    line = histogram(read(written.split()))
    assert line is not None
    said = dict(strings(line, text.Speaker(lang, lang)))
    names = [said[f"time.b{place}"] for place in range(len(line.counts))]
    assert len(set(names)) == len(names)
    assert all(str(day.year) in name for day, name in zip(first_days(line), names, strict=False))
    assert all(said[f"time.t{tick.bin}"] for tick in line.ticks)
    assert said["time.title"] == text.words(lang)[f"time.by_{line.unit}"]


def test_a_few_labels_fit_a_phone() -> None:
    for written in ("2015-11-01 2015-12-31", "1915-01-01 1915-12-31", "1943-01 1945-05", "1900 1999", "1000 2100"):
        line = histogram(read(written.split()))
        assert line is not None
        assert 2 <= sum(tick.narrow for tick in line.ticks) <= 10
        assert len(line.ticks) <= 14


def test_a_right_to_left_page_mirrors_the_picture() -> None:
    line = histogram(read(["2015-11-15", "2015-11-17"]))
    assert line is not None
    first, last = "M0.08 0.1h.84v0.9h-.84z", "M2.08 0.1h.84v0.9h-.84z"
    assert list(line.paths(line.bars, 3, rtl=False)) == [(0, False, first), (1, False, last)]
    assert list(line.paths(line.bars, 3, rtl=True)) == [(0, False, last), (1, False, first)]


def test_the_table_of_events_has_a_row_for_each_and_every_name_of_its_place() -> None:
    made = make.scene()
    table = events.table(made)
    assert table["id"] == [entry.event.id for entry in made.entries]
    for name in events.FACETS:
        assert {len(table[name]["of"]), len(table["first"]), len(table["quotes"])} == {len(made.entries)}
        assert max(table[name]["of"]) < len(table[name]["values"])
    row = table["id"].index("first")
    assert (table["first"][row], table["last"][row]) == (16754, 16755)
    assert (date(1970, 1, 1) + timedelta(days=16754)).isoformat() == "2015-11-15"
    assert {"Raqqa", "الرقة"} <= set(table["names"][table["place"][row]])
    assert table["actor"]["values"][-1] == ""
    assert table["precision"]["values"] == ["city", "governorate", "region", "not stated", "unplaced"]


def test_filters_are_offered_only_where_events_differ() -> None:
    every = [facet.name for facet in events.facets(make.scene())]
    assert every == ["actor", "kind", "status", "precision"]
    alike = [one for one in make.default_events() if one[0].id in ("aleppo", "tu22")]
    assert [facet.name for facet in events.facets(make.scene(alike))] == ["status", "precision"]
    assert timeline(make.scene(alike)) is None


@pytest.mark.parametrize("lang", ["ar", "he"])
def test_from_month_to_month_reads_from_the_right(lang: str) -> None:
    line = histogram(read(["1943-01", "1945-05"]))
    assert line is not None
    whole = dict(strings(line, text.Speaker(lang, lang)))["time.whole"]
    assert text.LRI not in whole
    assert whole.count(text.FSI) == whole.count(text.PDI) == 2
