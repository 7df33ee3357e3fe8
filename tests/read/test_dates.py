"""Dates are read as EDTF writes them, as precisely as they are written, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.read.dates import DateError, joined, parse_edtf

D = date


@pytest.mark.parametrize(
    ("text", "edtf", "precision", "first", "last"),
    [
        ("2015-11-17", "2015-11-17", "day", D(2015, 11, 17), D(2015, 11, 17)),
        (" 2015-11-17 ", "2015-11-17", "day", D(2015, 11, 17), D(2015, 11, 17)),
        ("2015-11", "2015-11", "month", D(2015, 11, 1), D(2015, 11, 30)),
        ("2016-02", "2016-02", "month", D(2016, 2, 1), D(2016, 2, 29)),
        ("1915", "1915", "year", D(1915, 1, 1), D(1915, 12, 31)),
        ("1943-XX-XX", "1943", "year", D(1943, 1, 1), D(1943, 12, 31)),
        ("2015-11-XX", "2015-11", "month", D(2015, 11, 1), D(2015, 11, 30)),
        ("194X", "194X", "interval", D(1940, 1, 1), D(1949, 12, 31)),
        ("19XX", "19XX", "interval", D(1900, 1, 1), D(1999, 12, 31)),
        ("2015-11-15/2015-11-16", "2015-11-15/2015-11-16", "interval", D(2015, 11, 15), D(2015, 11, 16)),
        ("2015-11/2015-12-03", "2015-11/2015-12-03", "interval", D(2015, 11, 1), D(2015, 12, 3)),
        ("2015-11-15/2015-11-15", "2015-11-15", "day", D(2015, 11, 15), D(2015, 11, 15)),
        ("../2015-11-17", "../2015-11-17", "interval", None, D(2015, 11, 17)),
        ("2015-11-17/..", "2015-11-17/..", "interval", D(2015, 11, 17), None),
        ("/2015-11-17", "/2015-11-17", "interval", None, D(2015, 11, 17)),
        ("", "", "unknown", None, None),
        ("XXXX", "", "unknown", None, None),
        ("XXXX-XX-XX", "", "unknown", None, None),
    ],
)  # fmt: skip
def test_a_date_is_as_precise_as_it_is_written(
    text: str, edtf: str, precision: str, first: date | None, last: date | None
) -> None:
    when = parse_edtf(text)
    assert (when.edtf, when.precision, when.first, when.last) == (edtf, precision, first, last)
    assert not when.approximate and not when.uncertain


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [
        ("2015-11-17~", True, False),
        ("2015-11?", False, True),
        ("2015%", True, True),
        ("2015-11-15/2015-11-16~", True, False),
        ("2015-11-15?/2015-11-16", False, True),
    ],
)
def test_a_mark_says_about_or_doubtful(text: str, approximate: bool, uncertain: bool) -> None:
    when = parse_edtf(text)
    assert (when.edtf, when.approximate, when.uncertain) == (text, approximate, uncertain)


@pytest.mark.parametrize(
    "text",
    ["03/04/2017", "17.11.2015", "2017-02-30", "2015-02-29", "0000-01-01", "0999-12-31", "2101", "-0044-03-15", "Y12017",
     "9999-12-31", "12017-01-01", "2017-13-01", "2017-00-01", "2017-01-00", "20171301", "sometime", "2017-1-3", "2015-22",
     "2015-11-17T10:00", "1/2", "../..", "/", "2016/2015", "2015-1X", "2015-XX-03", "20XX-01", "XXX5", "2015/XXXX",
     "2015/2016/2017", "٢٠١٥", "2015-11-17\x00", "2" * 1000],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_a_sentence_and_a_cure(text: str) -> None:
    with pytest.raises(ValueError, match=".+; .+"):
        parse_edtf(text)


def test_an_ambiguous_date_is_refused_with_both_readings() -> None:
    with pytest.raises(DateError) as refused:
        parse_edtf("12/11/2015")
    assert "ambiguous" in refused.value.message
    assert refused.value.cure == "write 2015-11-12 or 2015-12-11"


def test_two_dates_join_to_an_interval() -> None:
    assert joined(parse_edtf("2015-11-15"), parse_edtf("2015-11-16")) == parse_edtf("2015-11-15/2015-11-16")
    assert joined(parse_edtf(""), parse_edtf("2015-11-16")) == parse_edtf("../2015-11-16")
    with pytest.raises(DateError):
        joined(parse_edtf("2015-11-16"), parse_edtf("2015-11-15"))


days = st.dates(date(1000, 1, 1), date(2100, 12, 31))
atoms = st.one_of(
    days.map(lambda d: d.isoformat()),
    days.map(lambda d: d.isoformat()[:7]),
    days.map(lambda d: d.isoformat()[:4]),
)
marked = st.builds(str.__add__, atoms, st.sampled_from(["", "~", "?", "%"]))


@given(marked)
def test_what_is_written_canonically_is_read_back_unchanged(text: str) -> None:
    when = parse_edtf(text)
    assert when.edtf == text
    assert parse_edtf(when.edtf) == when
    assert when.first is not None and when.last is not None and when.first <= when.last


@given(
    st.one_of(marked, st.tuples(marked, marked).map("/".join), marked.map("../{}".format), marked.map("{}/..".format))
)
def test_every_date_we_take_is_edtf_with_the_same_bounds(text: str) -> None:
    import edtf

    try:
        when = parse_edtf(text)
    except DateError:
        return
    theirs = edtf.parse_edtf(text)
    if when.first:
        assert theirs.lower_strict()[:3] == when.first.timetuple()[:3]
    if when.last:
        assert theirs.upper_strict()[:3] == when.last.timetuple()[:3]


@given(st.text(max_size=60))
def test_no_text_brings_anything_but_a_date_or_a_date_error(text: str) -> None:
    try:
        parse_edtf(text)
    except DateError:
        pass
