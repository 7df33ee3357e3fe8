"""XLSX: the sheet that holds a table. The reader is an extra: pip install 'strikemap[xlsx]'."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from geo.errors import Fault, InputError
from geo.read.faults import shown
from geo.read.sheet import Sheet, TableLimits, sheet_of

WIDE = 3
"""Filled cells of a row from which on it can be a table's header; a note before the table fills fewer."""
HEAD = 200
"""Rows by which a table is known."""


def read_workbook(data: bytes, file: str, limits: TableLimits, known: Callable[[Sheet], bool] = lambda sheet: True) -> Sheet:
    """The rows of the first sheet whose headers are `known`, else of the first as wide as a table, else of the first with any.

    A title or notes may stand above the header, which may fill two rows. Dates as dates, failed formulas as Excel shows them.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise InputError([Fault("extra", "reading .xlsx needs a package that is not installed", "pip install 'strikemap[xlsx]', or save it as CSV", file)]) from None
    wide = narrow = None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(info.file_size for info in packed.infolist())
        if size > 4 * limits.bytes or size > limits.ratio * max(len(data), 10_000):
            raise InputError([Fault("size", f"unpacks to {size:,} bytes", "save it as CSV, or say --max-ratio", file)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                rows, lines = _rows(sheet, file, limits)
                if not rows:
                    continue
                starts = [k for k, row in enumerate(rows[:20]) if _filled(row) >= WIDE] if len(rows) > 1 else []
                for start in starts:
                    end = start + HEAD
                    if known(_sheet(rows[start:end], lines[start:end], file, limits, book.epoch.date())):
                        found = _sheet(rows[start:], lines[start:], file, limits, book.epoch.date())
                        more = f"read from the sheet {shown(sheet.title, 40)}"
                        return replace(found, notes=(more,)) if len(book.worksheets) > 1 else found
                if starts and wide is None:
                    wide = _sheet(rows[starts[0] :], lines[starts[0] :], file, limits, book.epoch.date())
                elif not starts and narrow is None:
                    narrow = _sheet(rows, lines, file, limits, book.epoch.date())
    except (zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, OSError, TypeError, AttributeError, SyntaxError, RuntimeError):
        raise InputError([Fault("xlsx", "this is no Excel workbook, or a broken one", "save it again, or as CSV", file)]) from None
    if (best := wide or narrow) is not None:
        return best
    raise InputError([Fault("empty", "there is nothing in it", "export the table again", file)])


def _rows(sheet: Any, file: str, limits: TableLimits) -> tuple[list[list[str]], list[int]]:
    """The rows with anything in them, and their numbers in the workbook."""
    rows: list[list[str]] = []
    lines: list[int] = []
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells = [cell_text(value) for value in row]
        if any(cells):
            rows.append(cells)
            lines.append(number)
        if len(rows) > limits.rows + 1:
            raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])
    return rows, lines


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _sheet(rows: list[list[str]], lines: list[int], file: str, limits: TableLimits, epoch: date) -> Sheet:
    """The rows below the header, which is the first row, or the first two."""
    header, body = rows[0], 1
    if len(rows) > 2 and (two := _two_rows(rows[0], rows[1])):
        header, body = two, 2
    while header and not header[-1]:
        header = header[:-1]
    width = len(header)
    if width > limits.columns:
        raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file)])
    cells = ((row + [""] * width)[:width] for row in rows[body:])
    return replace(sheet_of(file, header, cells, lines[body:], syntax="xlsx"), epoch=epoch)


_END = frozenset("min max minimum maximum low high from to least most".split())


def _two_rows(upper: list[str], lower: list[str]) -> list[str] | None:
    """One header of two rows: groups above, over merged cells, and their columns below; None where the second is data."""
    last = max((k for k, cell in enumerate(upper) if cell), default=-1)
    under = [k for k, cell in enumerate(lower[: last + 1]) if cell and not upper[k]]
    alone = [k for k, cell in enumerate(upper) if cell and not lower[k]]
    if not (under or len(lower) > last + 1 and any(lower[last + 1 :])) or not alone or any(re.search(r"\d", cell) for cell in lower):
        return None
    found, group = [], ""
    for above, below in zip(upper, lower, strict=True):
        group = above or group
        found.append(f"{group} {below}" if below.lower() in _END else below or above)
    return found


def cell_text(value: Any) -> str:
    """A typed cell as a CSV of it would hold it; a day without a time where the time is midnight."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
