"""XLSX: the first sheet that holds a table. The reader is an extra: pip install 'strikemap[xlsx]'."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from datetime import date, datetime, time
from typing import Any

from geo.errors import Fault, InputError
from geo.read.sheet import Sheet, TableLimits, sheet_of

WIDE = 3
"""Filled cells of a row from which on it can be a table's header; a note before the table fills fewer."""


def read_workbook(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """The rows of the first sheet that is as wide as a table, else of the first with any; below a title, if one stands alone.

    Dates as dates, failed formulas as Excel shows them.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise InputError([Fault("extra", "reading .xlsx needs a package that is not installed", "pip install 'strikemap[xlsx]', or save it as CSV", file)]) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(info.file_size for info in packed.infolist())
        if size > 4 * limits.bytes or size > limits.ratio * max(len(data), 10_000):
            raise InputError([Fault("size", f"unpacks to {size:,} bytes", "save it as CSV, or say --max-ratio", file)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            narrow: tuple[list[list[str]], list[int]] | None = None
            for sheet in book.worksheets:
                rows: list[list[str]] = []
                lines: list[int] = []
                for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                    cells = [_said(value) for value in row]
                    if any(cells):
                        rows.append(cells)
                        lines.append(number)
                    if len(rows) > limits.rows + 1:
                        raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])
                if len(rows) > 1 and any(_filled(cells) >= WIDE for cells in rows[:20]):
                    return _sheet(rows, lines, file, limits)
                narrow = narrow or ((rows, lines) if rows else None)
            if narrow:
                return _sheet(*narrow, file, limits)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError, TypeError, AttributeError, SyntaxError):
        raise InputError([Fault("xlsx", "this is no Excel workbook, or a broken one", "save it again, or as CSV", file)]) from None
    raise InputError([Fault("empty", "there is nothing in it", "export the table again", file)])


def _filled(cells: list[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _sheet(rows: list[list[str]], lines: list[int], file: str, limits: TableLimits) -> Sheet:
    """The rows below the header, which may stand below a title that fills one cell."""
    first = 0 if _filled(rows[0]) > 1 else next((k for k, row in enumerate(rows[:20]) if _filled(row) >= WIDE), 0)
    rows, lines = rows[first:], lines[first:]
    header = rows[0]
    while header and not header[-1]:
        header = header[:-1]
    width = len(header)
    if width > limits.columns:
        raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file)])
    body = [(row + [""] * width)[:width] for row in rows[1:]]
    return sheet_of(file, header, body, lines[1:], syntax="xlsx")


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return _bytes_said(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _bytes_said(value: bytes) -> str:
    """A point of well-known binary as `POINT (lon lat)`; text as text; anything else says nothing."""
    if len(value) >= 21 and value[:1] in (b"\0", b"\1"):
        order = "<" if value[0] else ">"
        if struct.unpack_from(f"{order}I", value, 1)[0] & 0xFF == 1:
            lon, lat = struct.unpack_from(f"{order}dd", value, len(value) - 16)
            return f"POINT ({lon!r} {lat!r})"
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return ""
