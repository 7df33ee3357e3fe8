"""Workbooks and Parquet files: typed cells become the text that a CSV of them would hold."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.columns import Table
from geo.errors import InputError
from geo.model import Range
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
    assert [when.edtf for when in (table.when.at(row) for row in range(table.n)) if when] == [
        "2015-11-17", "2015-11-17", "2015-11", "2015-11-17",
    ]  # fmt: skip
    assert table.time is not None and table.time.at(1) == "03:30" and table.time.at(0) is None
    assert table.lat[0] == 35.95 and table.line.tolist() == [2, 3, 5, 6]
    assert not table.faults and any("1 plain number read as the workbook counts days" in note for note in table.notes)


def test_the_sheet_with_headers_of_a_table_is_read_and_not_the_codebook_before_it(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["Column", "Meaning", "Type"], ["date", "the day", "text"], ["place", "a name", "text"]])
    from openpyxl import load_workbook

    book = load_workbook(path)
    rows = book.create_sheet("Raids")
    for row in ([["Exported", "by", "us"], HEADER, ["2015-11-17", "Raqqa", "A day", 35.95, 39, 3]]):
        rows.append(row)
    book.save(path)
    table = read(path)
    assert table.n == 1 and table.lat[0] == 35.95 and 'read from the sheet "Raids"' in table.notes


def test_a_header_of_two_rows_over_merged_cells_is_one(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [
        ["Date", "Place", "Position", None, "Killed", None],
        [None, None, "Latitude", "Longitude", "Min", "Max"],
        ["2015-11-17", "Raqqa", 35.95, 39.01, 3, 5],
    ])  # fmt: skip
    table = read(path)
    assert table.n == 1 and table.lat[0] == 35.95 and table.numbers["killed"].at(0) == Range(3, 5)


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
    assert (table.n, table.lat[0], table.lon[0]) == (1, 35.95, 39.0)
    assert [(fault.row, fault.field) for fault in table.faults] == [(2, "geometry")]
    (tmp_path / "no.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match="no Parquet file"):
        read(tmp_path / "no.parquet")


def test_records_lists_small_units_and_shapes_of_parquet_are_read(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    from shapely import MultiPoint, Polygon, to_wkb

    parquet.write_table(
        arrow.table({
            "date": arrow.array([1656288000123456789, 1657794600000000001], arrow.timestamp("ns")),
            "at": [{"lat": 49.07, "lon": 33.42}, {"lat": 49.23, "lon": 28.47}],
            "sources": [["https://news.example/1", "https://news.example/2"], None],
        }),
        tmp_path / "records.parquet",
    )  # fmt: skip
    table = read(tmp_path / "records.parquet")
    assert table.lat.tolist() == [49.07, 49.23] and table.receipts is not None and table.receipts.at(1) is None
    assert [receipt.source.url for receipt in table.receipts.at(0) or ()] == ["https://news.example/1"]
    shapes = [MultiPoint([(33.42, 49.07)]), Polygon([(44, 33), (45, 33), (45, 34), (44, 34)]), None]
    parquet.write_table(
        arrow.table({"event_date": ["2024-01-02"] * 3, "event_type": ["Battles"] * 3, "geo_precision": [1, 1, 1], "location": ["A", "B", "C"],
                     "notes": ["withheld"] * 3, "geometry": [None if one is None else to_wkb(one) for one in shapes]}),
        tmp_path / "shapes.parquet",
    )  # fmt: skip
    table = read(tmp_path / "shapes.parquet")
    assert table.format == "acled" and table.lat[:2].tolist() == [49.07, 33.5] and np.isnan(table.lat[2]) and table.profile.withheld == ("notes",)


def test_a_geoparquet_file_that_is_not_in_degrees_is_refused(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    about = {"version": "1.0.0", "primary_column": "where", "columns": {"where": {"encoding": "WKB", "crs": {"name": "UTM 38N", "id": {"authority": "EPSG", "code": 32638}}}}}
    table = arrow.table({"date": ["2015"], "where": [b"\x01"]}).replace_schema_metadata({"geo": json.dumps(about)})
    parquet.write_table(table, tmp_path / "utm.parquet")
    with pytest.raises(InputError, match="its crs is UTM 38N"):
        read(tmp_path / "utm.parquet")


def test_a_workbook_with_a_damaged_byte_is_refused_in_words(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [HEADER, *[["2015", "Raqqa", f"x{n}", None, None, None] for n in range(50)]])
    whole = path.read_bytes()
    refused = 0
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        try:
            read(path)
        except InputError:
            refused += 1
    assert refused
