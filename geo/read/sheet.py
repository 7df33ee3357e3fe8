"""A file of rows as its syntax gives it: a header and columns of text, with the line of every row. No meaning yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress
from operator import is_
from typing import TYPE_CHECKING

from geo.columns import Coded
from geo.errors import Fault
from geo.read.ourcolumns import plain

if TYPE_CHECKING:
    from geo.columns import Ints

NOTHING = frozenset((
    "", "null", "\\n", "nan", "none", "n/a", "#n/a", "nat", "<null>", "<na>", "nil", "(null)",
))  # fmt: skip
"""What programs write into an empty cell, in small letters."""
BROKEN = frozenset(("#name?", "#ref!", "#value!", "#div/0!", "#num!", "#null!"))
"""What a spreadsheet leaves where a formula failed, in small letters."""

_ODD_BLANKS, _UNSEEN = "\u00a0\u2007\u202f\u2009\u3000", "\u200b\u2060\ufeff\u00ad"
_ODD = _ODD_BLANKS + _UNSEEN
_BLANKS, _HIDDEN = re.compile(f"[{_ODD_BLANKS}]"), re.compile(f"[{_UNSEEN}]")
CHUNK = 1_024
"""Rows that are taken at once: few enough for their cells to stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How large a table may be. What is larger is refused by name, before it costs memory."""

    bytes: int = 1_000_000_000
    rows: int = 2_000_000
    columns: int = 2_000
    cell: int = 1_000_000
    """Characters of one cell."""
    ratio: int = 200
    """How many times its packed size a .gz, .zip, .kmz or .xlsx may unpack to; real ones reach thirty."""
    faults: int = 100_000
    """Bad rows that are described one by one; more are counted."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns[k]` is named `header[k]`. `bad` are rows that could not even be read; they stand in no column.

    `line` is the line on which a row begins, 0 in a file that has no lines of rows; `row` counts them from 1.
    """

    file: str
    header: tuple[str, ...]
    columns: tuple[Coded[str], ...]
    line: Ints
    row: Ints
    headerless: bool = False
    """The file has no header: `header` is c1, c2, …"""
    bad: tuple[Fault, ...] = ()
    bad_rows: int = 0
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    syntax: str = "csv"
    epoch: date | None = None
    """Day nought of a workbook, from which it counts days where a cell is not formatted as a date."""

    @property
    def n(self) -> int:
        return len(self.line)

    def names(self) -> dict[str, int]:
        """Index of each column by its header in small letters, blanks as underscores; the first of a name counts.

        Where a geometry gave the position, formats find it under the names that their tables have for it.
        """
        found: dict[str, int] = {}
        for index, name in enumerate(self.header):
            found.setdefault(plain(name), index)
        if {"lat", "lon"} <= found.keys() and not {"latitude", "longitude"} & found.keys():
            found |= {"latitude": found["lat"], "longitude": found["lon"]}
        return found

    def named(self, header: Sequence[str]) -> Sheet:
        """The same columns under other names."""
        return replace(self, header=(*header, *self.header[len(header) :])[: len(self.columns)])


def clean(text: str) -> str:
    """A cell without what cannot be seen: odd blanks become blanks, zero-width characters go, ends are trimmed."""
    if text.isascii():
        return text.strip()
    return _HIDDEN.sub("", _BLANKS.sub(" ", text)).strip()


class _Column:
    """One column as its cells come: of each distinct text the first row that has it.

    What a text says is found while it is at hand: later the processor would have to fetch it from far away.
    """

    def __init__(self) -> None:
        self.first: dict[str, int] = {}
        self.rows: list[Ints] = []
        """For each row the first one of its text."""
        self.n = 0
        self.said: list[str | None] = []
        self.clean = True
        """Every text says what it is."""

    def add(self, cells: Sequence[str]) -> None:
        import numpy as np

        end = self.n + len(cells)
        if cells[0] == cells[-1] and cells.count(cells[0]) == len(cells):
            rows = np.full(len(cells), self.first.setdefault(cells[0], self.n), np.int32)
        else:
            rows = np.fromiter(map(self.first.setdefault, cells, range(self.n, end)), np.int32, len(cells))
        self.rows.append(rows)
        new = rows == np.arange(self.n, end, dtype=np.int32)
        self.n = end
        if new.any():
            texts = cells if new.all() else [*compress(cells, new.tolist())]
            said = said_of(texts)
            self.clean = self.clean and said is texts
            self.said += said

    def column(self) -> Coded[str]:
        """The cells as clean text: those that say nothing have no value."""
        import numpy as np

        if not self.rows:
            return Coded((), np.zeros(0, np.int32))
        rows = np.concatenate(self.rows)
        number = np.cumsum(rows == np.arange(self.n, dtype=np.int32), dtype=np.int32) - 1
        raw = Coded(tuple(self.first), number[rows])
        return raw if self.clean else raw.changed(self.said)


@dataclass(slots=True)
class Collector:
    """Takes rows of equal length in chunks and makes columns of them."""

    width: int
    _columns: list[_Column] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._columns = [_Column() for _ in range(self.width)]

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        if rows:
            self.add_columns(zip(*rows, strict=True))

    def add_columns(self, columns: Iterable[Sequence[str]]) -> None:
        """Cells of the next rows, column by column."""
        for column, cells in zip(self._columns, columns, strict=True):
            column.add(cells)

    def columns(self) -> tuple[Coded[str], ...]:
        """Columns of clean text: cells that say nothing have no value."""
        return tuple(column.column() for column in self._columns)


_LONGEST_NOTHING = max(map(len, NOTHING))


def said_of(values: Sequence[str]) -> Sequence[str | None]:
    """What each value says, None for nothing; the same sequence where each says what it is."""
    text = "\n".join(values)
    plain = text.isascii() or not any(sign in text for sign in _ODD)
    stripped = list(map(str.strip if plain else clean, values))
    said: list[str | None] = [*stripped]
    if min(map(len, stripped)) <= _LONGEST_NOTHING:
        said = [_or_nothing(one) if len(one) <= _LONGEST_NOTHING else one for one in stripped]
    return values if all(map(is_, said, values)) else said


def _or_nothing(text: str) -> str | None:
    return None if text.lower() in NOTHING else text


def sheet_of(
    file: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    lines: Sequence[int],
    *,
    syntax: str,
    numbers: Sequence[int] | None = None,
    bad: Sequence[Fault] = (),
    notes: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Sheet:
    """A sheet of rows that are in memory already, as JSON, XML and workbooks give them. `lines` are noughts where rows have none."""
    import numpy as np

    collector = Collector(len(header))
    chunk: list[Sequence[str]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            collector.add(chunk)
            chunk = []
    collector.add(chunk)
    line = np.array(lines, np.int32)
    row_numbers = np.array(numbers, np.int32) if numbers is not None else np.arange(1, len(line) + 1, dtype=np.int32)
    columns = collector.columns()
    return Sheet(
        file, tuple(header), columns, line, row_numbers, bad=tuple(bad), bad_rows=len({f.row for f in bad}),
        notes=tuple(notes), warnings=tuple(warnings), syntax=syntax,
    )  # fmt: skip
