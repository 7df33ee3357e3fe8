"""Dates are judged a column at a time: the order of day and month is found in all the values, or it is asked for."""

from __future__ import annotations

import pytest

from geo.model import When
from geo.read.datecolumn import Ambiguous, Dates, read_dates
from geo.read.dates import DateError


def read(*values: str, **options: object) -> Dates:
    return read_dates(values, [1] * len(values), **options)  # type: ignore[arg-type]


def said(dates: Dates) -> list[str | None]:
    return [when.edtf if isinstance(when, When) else None for when in dates.of]


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("2015-11-17", "2015-11-17"), ("2015-11", "2015-11"), ("2015", "2015"), ("2015.0", "2015"), ("20151117", "2015-11-17"),
        ("2015/11/7", "2015-11-07"), ("2015-1-7", "2015-01-07"), ("2015-11-17T03:30:00Z", "2015-11-17"), ("2015-11-17~", "2015-11-17~"),
        ("17 November 2015", "2015-11-17"), ("17-Nov-2015", "2015-11-17"), ("November 17, 2015", "2015-11-17"),
        ("Tuesday, 17 November 2015", "2015-11-17"), ("17 novembre 2015", "2015-11-17"), ("1er mars 2015", "2015-03-01"),
        ("17 de noviembre de 2015", "2015-11-17"), ("17 ноября 2015 г.", "2015-11-17"), ("17. November 2015", "2015-11-17"),
        ("17 نوفمبر 2015", "2015-11-17"), ("17 تشرين الثاني 2015", "2015-11-17"), ("November 2015", "2015-11"), ("31/12/2015", "2015-12-31"),
        ("12/31/2015 12:00:00 AM", "2015-12-31"), ("sometime", None), ("2015-02-30", None), ("19700229", None), ("0000-01-01", None),
        ("1447718400000", "2015-11-17"), ("-847584000000", "1943-02-22"), ("201511170330", "2015-11-17"), ("20151117033000", "2015-11-17"),
        ("17-Nov-15", None), ("42325", None), ("31/12/15", None), ("9999-12-31", None), ("12017-01-01", None), ("32/01/2015", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_tables_write_it(text: str, edtf: str | None) -> None:
    assert said(read(text)) == [edtf]


@pytest.mark.parametrize(
    ("values", "order", "first"),
    [
        (("03/04/2015", "24/04/2015"), "dmy", "2015-04-03"),
        (("03/04/2015", "04/24/2015"), "mdy", "2015-03-04"),
        (("03.04.2015", "24.04.2015"), "dmy", "2015-04-03"),
    ],
)
def test_one_value_that_reads_one_way_decides_for_its_column(values: tuple[str, ...], order: str, first: str) -> None:
    dates = read(*values)
    assert dates.order == order and said(dates)[0] == first and dates.ambiguous == 0
    assert "can be read no other way" in dates.why


def test_a_column_that_says_nothing_is_ambiguous_until_somebody_says_it() -> None:
    dates = read("03/04/2015", "05/06/2015", "07/07/2015")
    assert dates.ambiguous == 2 and said(dates) == [None, None, "2015-07-07"]
    assert said(read("03/04/2015", order="dmy")) == ["2015-04-03"]
    assert said(read("03/04/2015", order="mdy")) == ["2015-03-04"]


def test_the_formats_order_counts_only_where_no_value_decides() -> None:
    assert said(read("03/04/2015", usual="mdy")) == ["2015-03-04"]
    assert said(read("03/04/2015", "24/04/2015", usual="mdy"))[0] == "2015-04-03"


def test_the_formats_order_does_not_hold_for_dates_that_another_program_rewrote() -> None:
    assert said(read("03-04-2015", usual="dmy", sign="-")) == ["2015-04-03"]
    assert read("03/04/2015", usual="dmy", sign="-").ambiguous == 1


def test_a_column_of_both_orders_is_not_guessed_but_slips_in_it_are_refused() -> None:
    mixed = read("03/04/2015", "24/04/2015", "04/24/2015")
    assert isinstance(mixed.of[0], Ambiguous) and said(mixed)[1:] == ["2015-04-24", "2015-04-24"]
    slips = read_dates(("03/04/2015", "04/24/2015", "24/04/2015"), (10, 500, 1))
    assert said(slips) == ["2015-03-04", "2015-04-24", None]


def test_each_way_of_writing_is_judged_alone() -> None:
    """ACLED writes 16 May 2025 in one year and 16-05-2025 in another; THOR has slashes and hyphens."""
    dates = read("03-04-2015", "24-04-2015", "04/24/2015", "05/06/2015")
    assert said(dates) == ["2015-04-03", "2015-04-24", "2015-04-24", "2015-05-06"]


def test_years_of_two_digits_need_a_century() -> None:
    assert said(read("10/25/70")) == [None]
    assert said(read("10/25/70", century=1900)) == ["1970-10-25"]
    assert said(read("13-Jun-44", century=1900)) == ["1944-06-13"]


def test_a_clock_time_in_a_date_is_kept_unless_it_is_midnight_or_an_instant() -> None:
    dates = read("2015-11-17 03:30", "2015-11-17 00:00:00", "2015-11-17T03:30:00Z", "31/12/2015 2:30 PM", "31/12/2015 24:00")
    assert dates.times == ("03:30", None, None, "14:30", None)


def test_a_fault_says_what_to_do() -> None:
    (error,) = read("03/04/2015").of
    assert isinstance(error, DateError) and "--dates" in error.cure
