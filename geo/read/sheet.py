"""A file of rows as its syntax gives it: a header and columns of text, with the line of every row. No meaning yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
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

_BLANKS = re.compile("[\u00a0\u2007\u202f\u2009\u3000]")
_HIDDEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
CHUNK = 8_192


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

    @property
    def n(self) -> int:
        return len(self.line)

    def names(self) -> dict[str, int]:
        """Index of each column by its header in small letters, blanks as underscores; the first of a name counts."""
        found: dict[str, int] = {}
        for index, name in enumerate(self.header):
            found.setdefault(plain(name), index)
        return found

    def named(self, header: Sequence[str]) -> Sheet:
        """The same columns under other names."""
        return replace(self, header=(*header, *self.header[len(header) :])[: len(self.columns)])


def clean(text: str) -> str:
    """A cell without what cannot be seen: odd blanks become blanks, zero-width characters go, ends are trimmed."""
    if text.isascii():
        return text.strip()
    return _HIDDEN.sub("", _BLANKS.sub(" ", text)).strip()


class _Interner(dict[str, int]):
    """Numbers each distinct text as it comes. Empty cells are -1."""

    def __missing__(self, text: str) -> int:
        self[text] = number = len(self)
        return number


@dataclass(slots=True)
class Collector:
    """Takes rows of equal length in chunks and makes columns of them."""

    width: int
    _seen: list[_Interner] = field(default_factory=list)
    _codes: list[list[Ints]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._seen = [_Interner() for _ in range(self.width)]
        self._codes = [[] for _ in range(self.width)]

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        import numpy as np

        if not rows:
            return
        for seen, codes, cells in zip(self._seen, self._codes, zip(*rows, strict=True), strict=True):
            codes.append(np.fromiter(map(seen.__getitem__, cells), np.int32, len(rows)))

    def columns(self) -> tuple[Coded[str], ...]:
        """Columns of clean text: cells that say nothing have no value."""
        import numpy as np

        out = []
        for seen, parts in zip(self._seen, self._codes, strict=True):
            codes = np.concatenate(parts) if parts else np.empty(0, np.int32)
            out.append(Coded(tuple(seen), codes).map(_said))
        return tuple(out)


def _said(text: str) -> str | None:
    text = clean(text)
    return None if not text or (len(text) <= 6 and text.lower() in NOTHING) else text


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
