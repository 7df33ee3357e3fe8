"""A file without quotation marks is split, others go through the csv reader: both must say the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.read.sheet import Sheet, TableLimits
from geo.read.sheets import delimited
from geo.read.sheets.delimited import read_delimited

LIMITS = TableLimits()

cell = st.text(st.sampled_from("ab 1-.#é\u00a0\u2028\x85"), max_size=4)
line = st.one_of(st.lists(cell, max_size=4).map(",".join), st.lists(cell, min_size=3, max_size=3).map(",".join), st.just(",,"))
end = st.sampled_from(("\n", "\r\n", "\n\n", "\r"))


def said(sheet: Sheet) -> object:
    columns = [[column.at(row) for row in range(sheet.n)] for column in sheet.columns]
    values = [column.values for column in sheet.columns]
    return sheet.header, columns, values, sheet.line.tolist(), sheet.row.tolist(), sheet.bad, sheet.bad_rows


@given(st.lists(st.tuples(line, end), max_size=12), st.booleans())
def test_splitting_gives_the_rows_that_the_csv_reader_gives(lines: list[tuple[str, str]], closed: bool) -> None:
    text = "date,place,note\n" + "".join(one + mark for one, mark in lines)
    data = (text + "\n" if closed else text.rstrip("\r\n")).encode()
    by_reader = pytest.MonkeyPatch()
    try:
        short = pytest.MonkeyPatch()
        # Blocks and chunks of few characters and rows: their seams are met.
        short.setattr(delimited, "BLOCK", 10)
        short.setattr(delimited, "CHUNK", 2)
        split = said(read_delimited(data, "a.csv", LIMITS))

        def never(text: object) -> None:
            raise delimited._NotPlain

        by_reader.setattr(delimited, "_split", never)
        read = said(read_delimited(data, "a.csv", LIMITS))
    finally:
        by_reader.undo()
        short.undo()
    assert split == read


def test_a_cell_that_is_too_long_is_named_whether_or_not_the_file_has_quotation_marks(tmp_path: Path) -> None:
    for mark in ("", '"'):
        data = f"date,place\n2016-01-01,{mark}{'x' * 400}{mark}\n".encode()
        with pytest.raises(InputError, match="a.csv:2: a cell of more than 300 characters"):
            read_delimited(data, "a.csv", TableLimits(cell=300))


def test_a_line_of_short_cells_may_be_longer_than_the_longest_cell() -> None:
    data = ("date,place\n" + "2016-01-01," + "x" * 290 + "\n").encode()
    assert read_delimited(data, "a.csv", TableLimits(cell=295)).n == 1
