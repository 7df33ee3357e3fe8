"""Workbooks and Parquet files: typed cells become the text that a CSV of them would hold."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from geo.columns import Table
from geo.errors import InputError
from geo.read.sheet import TableLimits
from geo.read.tables import TableOptions, read_table

HEADER = ["date", "place", "title", "lat", "lon", "killed_min"]


def workbook(path: Path, rows: list[list[Any]], before: int = 0) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for _ in range(before):
        book.create_sheet(index=0)
    sheet = book.worksheets[-1]
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def read(path: Path) -> Table:
    return read_table(path, TableOptions(max_bad=1.0))


def test_dates_numbers_and_empty_cells_are_read_as_they_are_shown(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [
        HEADER,
        [datetime(2015, 11, 17), "Raqqa", "A day", 35.95, 39, 3],
        [datetime(2015, 11, 17, 3, 30), "Raqqa", "With a time", None, None, None],
        [None] * 6,
        ["2015-11", "Raqqa", "A text", None, None, None],
        [42325, "Raqqa", "A serial number", None, None, None],
    ], before=1)  # fmt: skip
    table = read(path)
    assert [when.edtf for when in (table.when.at(row) for row in range(table.n)) if when] == ["2015-11-17", "2015-11-17", "2015-11"]
    assert table.time is not None and table.time.at(1) == "03:30" and table.time.at(0) is None
    assert table.lat[0] == 35.95 and table.line.tolist() == [2, 3, 5]
    assert [(fault.line, fault.field) for fault in table.faults] == [(6, "date")] and "spreadsheet's number" in table.faults[0].message


def test_a_table_is_found_below_a_title_and_behind_a_sheet_of_notes(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["Air raids, as published"], [], HEADER, ["2015-11-17", "Raqqa", "A day", 35.95, 39, 3]], before=1)
    from openpyxl import load_workbook

    book = load_workbook(path)
    book.worksheets[0].append(["Read me first"])
    book.worksheets[0].append(["Licence", "CC BY"])
    book.save(path)
    table = read(path)
    assert (table.n, table.line.tolist()) == (1, [4])


def test_a_broken_or_bursting_workbook_is_one_fault(tmp_path: Path) -> None:
    (tmp_path / "no.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(InputError, match="no Excel workbook"):
        read(tmp_path / "no.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    (tmp_path / "bomb.xlsx").write_bytes(out.getvalue())
    with pytest.raises(InputError, match="unpacks to 50,000,000 bytes"):
        read(tmp_path / "bomb.xlsx")
    many = workbook(tmp_path / "many.xlsx", [HEADER, *[["2015", "Raqqa", "x", None, None, None]] * 20])
    with pytest.raises(InputError, match="more than 10 rows"):
        read_table(many, TableOptions(limits=TableLimits(rows=10)))


def test_a_parquet_file_is_read_by_its_columns(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"date": [date(2015, 11, 17), None], "place": ["Raqqa", "Mosul"], "title": ["A", "B"], "lat": [35.95, None], "lon": [39.0, None]}
    parquet.write_table(arrow.table(columns), tmp_path / "t.parquet")
    table = read(tmp_path / "t.parquet")
    first = table.when.at(0)
    assert table.n == 2 and first is not None and first.edtf == "2015-11-17" and table.lat[0] == 35.95
    point = bytes.fromhex("0101000000") + struct.pack("<dd", 39.0, 35.95)
    parquet.write_table(arrow.table({"geometry": [point, b"\xff"], "date": ["2015", "2016"]}), tmp_path / "geo.parquet")
    table = read(tmp_path / "geo.parquet")
    assert (table.n, table.lat[0], table.lon[0]) == (2, 35.95, 39.0)
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="no Parquet file"):
        read(tmp_path / "no.parquet")
