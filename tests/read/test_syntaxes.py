"""The same rows are the same table in whatever file they come."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support.tablecases import CASES, told

Rows = list[list[str]]


def delimited(delimiter: str, encoding: str = "utf-8", *, quoted: bool = False, end: str = "\r\n", before: str = "") -> Callable[[Rows], bytes]:
    def write(rows: Rows) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator=end).writerows(rows)
        return (before + out.getvalue()).encode(encoding)

    return write


def records(rows: Rows) -> list[dict[str, str]]:
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def zipped(rows: Rows) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.tsv", delimited("\t")(rows))
    return out.getvalue()


def workbook(rows: Rows) -> bytes:
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def parquet(rows: Rows) -> bytes:
    arrow = pytest.importorskip("pyarrow")
    written = pytest.importorskip("pyarrow.parquet")
    out = io.BytesIO()
    written.write_table(arrow.table({name: list(column) for name, *column in zip(*rows, strict=True)}), out)
    return out.getvalue()


SYNTAXES: dict[str, Callable[[Rows], bytes]] = {
    "commas.csv": delimited(",", end="\n"),
    "quoted.csv": delimited(",", "utf-8-sig", quoted=True),
    "semicolons.csv": delimited(";"),
    "told.csv": delimited(";", before="sep=;\r\n"),
    "bars.txt": delimited("|", end="\n"),
    "tabs.tsv": delimited("\t", "utf-16"),
    "unmarked.csv": delimited(";", "utf-16-le"),
    "returns.csv": delimited(",", end="\r"),
    "packed.csv.gz": lambda rows: gzip.compress(delimited(",")(rows)),
    "packed.zip": zipped,
    "lines.jsonl": lambda rows: "\n".join(json.dumps(record, ensure_ascii=False) for record in records(rows)).encode(),
    "within.json": lambda rows: json.dumps({"count": len(rows) - 1, "answer": {"data": records(rows)}}).encode(),
    "packed.json.gz": lambda rows: gzip.compress(json.dumps(records(rows)).encode()),
    "book.xlsx": workbook,
    "columns.parquet": parquet,
}
CODE_PAGES = {"generic-ar.csv": "cp1256", "generic-ru.csv": "cp1251", "generic-uk.csv": "cp1251", "generic-fr.csv": "cp1252", "own.csv": "cp1256"}


def rows_of(case: str) -> Rows:
    data = (CASES / case).read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode(CODE_PAGES[case])
    delimiter = max(",;|\t", key=text.partition("\n")[0].count)
    return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]


def compared(report: str, name: str) -> list[str]:
    """The lines of a report without what only a syntax knows: the file's name and the lines of its rows."""
    return [re.sub(r"FILE(:\d+)*:", "FILE:", line) for line in report.replace(name, "FILE").splitlines() if not line.startswith("note: read as")]


def same(case: str, path: Path) -> None:
    assert compared(told(path), path.name) == compared((CASES / f"{case}.expected").read_text("utf-8"), case)


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("case", ["acled.csv", "ucdp.csv", "generic-ar.csv", "own.csv", "thor-wwii.csv"])
def test_a_table_says_the_same_in_every_syntax(case: str, syntax: str, tmp_path: Path) -> None:
    path = tmp_path / syntax
    path.write_bytes(SYNTAXES[syntax](rows_of(case)))
    same(case, path)


@pytest.mark.parametrize(("case", "encoding"), CODE_PAGES.items())
def test_a_table_says_the_same_in_its_scripts_own_code_page(case: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(delimited(";", encoding)(rows_of(case)))
    same(case, path)
