"""CSV and TSV: any delimiter, UTF-8 (with BOM or without), UTF-16, Windows-1252, -1251 and -1256.

Read with the standard library's C reader in chunks of rows, each turned into columns at once: for tables of up to a million
rows that takes no longer than importing a data frame library does, and it knows the line of every row. In a file without a
single quotation mark every line is a row and every delimiter an end of a cell: it is only split.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from operator import methodcaller
from typing import TYPE_CHECKING

from geo.errors import Fault, InputError
from geo.read.sheet import CHUNK, Collector, Sheet, TableLimits

if TYPE_CHECKING:
    from _csv import Reader

    from geo.columns import Ints

DELIMITERS = ",\t;|"
_SEPARATOR = re.compile(r"\"?sep=([,;|\t])\"?[ ,;|\t]*(?=[\r\n])", re.IGNORECASE)


def read_delimited(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """The rows of a CSV or TSV file. Raises InputError where it is no text, has no rows or too many.

    A row with more or fewer cells than the header is kept out, with its line.
    """
    text, encoding = _decoded(data, file)
    _must_be_text(text[:65_536], file)
    if not text.strip():
        raise InputError([Fault("empty", "there is nothing in it", "export the table again", file)])
    if told := _SEPARATOR.match(text):
        # Excel's own first line; its line break stays, so that lines are counted as the file has them.
        text = text[told.end() :]
    delimiter = told[1] if told else _delimiter(text[:200_000], file)
    notes = [f"read as {encoding}"] if encoding not in ("utf-8", "utf-8-sig") else []
    # The limit is the whole process's: who else reads CSV keeps theirs.
    before = csv.field_size_limit()
    try:
        return _read(_Text(text, file, delimiter, limits, notes))
    finally:
        csv.field_size_limit(before)


def _read(file_text: _Text) -> Sheet:
    try:
        if '"' not in file_text.text and "\0" not in file_text.text:
            with suppress(_NotPlain):
                return _rows(file_text, _split(file_text))
        return _rows(file_text, _chunks(file_text))
    except csv.Error:
        if file_text.delimiter == "\t":
            # What machines write with tabs has no quotation; a mark is a letter there.
            return _rows(file_text, _chunks(file_text, plain=True))
    # Somewhere a quotation mark is amiss. Read again row by row, to name the line.
    try:
        return _rows(file_text, _one_by_one(file_text, strict=True))
    except _LooseQuotes:
        return _rows(file_text, _one_by_one(file_text, strict=False))


class _LooseQuotes(Exception):
    """Quotation marks inside cells that are not doubled."""


@dataclass(frozen=True, slots=True)
class _Text:
    text: str
    file: str
    delimiter: str
    limits: TableLimits
    notes: list[str]

    def reader(self, strict: bool, plain: bool = False) -> Reader:
        csv.field_size_limit(self.limits.cell)
        lines: Iterable[str] = io.StringIO(self.text, newline="")
        if not any(sign in self.text for sign in _OTHER_ENDS):
            lines = chain.from_iterable(block.splitlines(True) for block in _blocks(self.text))
        if plain:
            return csv.reader(lines, delimiter=self.delimiter, strict=strict, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter, strict=strict)


_OTHER_ENDS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""What `str.splitlines` takes for the end of a line, and tables do not."""
BLOCK = 250_000
"""Characters, about, that are split into lines at once."""


def _blocks(text: str) -> Iterator[str]:
    """The text in pieces that end with a line break, but for the last."""
    begin = 0
    while begin < len(text):
        end = text.find("\n", begin + BLOCK) + 1 or len(text)
        yield text[begin:end]
        begin = end


class _Split:
    """Rows of a text without quotation marks: lines, of which nothing but delimiters ends a cell."""

    def __init__(self, lines: list[str], delimiter: str) -> None:
        self.lines, self.delimiter = lines, delimiter

    def columns(self, width: int) -> list[list[str]] | None:
        """The cells by column where every row has `width` of them and none is empty."""
        delimiter = self.delimiter
        if delimiter * (width - 1) in self.lines or set(map(methodcaller("count", delimiter), self.lines)) != {width - 1}:
            return None
        cells = delimiter.join(self.lines).split(delimiter)
        return [cells[k::width] for k in range(width)]

    def rows(self) -> list[list[str]]:
        return [line.split(self.delimiter) if line else [] for line in self.lines]


Chunk = tuple[Sequence[int], list[list[str]] | _Split]
"""The lines on which rows begin, and the rows; some may be empty."""


class _NotPlain(Exception):
    """Lines that end in other ways, or are too long."""


def _split(text: _Text) -> Iterator[Chunk]:
    """Rows of a text without quotation marks. Raises _NotPlain where a line ends in a carriage return alone."""
    line = 1
    for block in _blocks(text.text):
        if "\r" in block:
            block = block.replace("\r\n", "\n")
            if "\r" in block:
                raise _NotPlain
        lines = block.removesuffix("\n").split("\n")
        if len(block) > text.limits.cell and max(map(len, lines)) > text.limits.cell:
            raise _NotPlain
        for start in range(0, len(lines), CHUNK):
            some = lines[start : start + CHUNK]
            yield range(line, line + len(some)), _Split(some, text.delimiter)
            line += len(some)


def _chunks(text: _Text, plain: bool = False) -> Iterator[Chunk]:
    """Rows by the thousand. Lines are counted only where a cell holds a line break. Raises csv.Error."""
    reader = text.reader(strict=True, plain=plain)
    line = 1
    while rows := list(islice(reader, CHUNK)):
        after = reader.line_num + 1
        if after - line == len(rows):
            yield list(range(line, after)), rows
        else:
            lines = []
            for row in rows:
                lines.append(line)
                line += 1 + sum(len(_BREAK.findall(cell)) for cell in row if "\n" in cell or "\r" in cell)
            yield lines, rows
        line = after


def _one_by_one(text: _Text, *, strict: bool) -> Iterator[Chunk]:
    """The same for a file with a quotation mark amiss. Raises InputError that names its line."""
    reader = text.reader(strict)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            said = str(error)
            if "expected after" in said:
                raise _LooseQuotes from None
            code, what, cure = "quote", "a quotation mark is opened and never closed", "close it, or double it inside a cell"
            if "field larger" in said:
                code, what, cure = "size", f"a cell of more than {text.limits.cell:,} characters", "is a quotation mark not closed? if it is meant to be so, say --max-cell"
            raise InputError([Fault(code, what, cure, text.file, line)]) from None
        yield [line], [row]
        line = reader.line_num + 1


_BREAK = re.compile(r"\r\n|\r|\n")


def _rows(text: _Text, chunks: Iterator[Chunk]) -> Sheet:
    import numpy as np

    file, limits = text.file, text.limits
    with_nul = "\0" in text.text
    collector: Collector | None = None
    header: list[str] = []
    headerless = False
    lines: list[Ints] = []
    numbers: list[Ints] = []
    bad: list[Fault] = []
    bad_rows = count = 0
    for begins, chunk in chunks:
        if collector is not None and isinstance(chunk, _Split) and (cells := chunk.columns(len(header))) is not None:
            lines.append(np.arange(begins[0], begins[-1] + 1, dtype=np.int32))
            numbers.append(np.arange(count + 1, count + len(begins) + 1, dtype=np.int32))
            count += len(begins)
            collector.add_columns(cells)
            _few_enough(count, file, limits)
            continue
        rows = chunk.rows() if isinstance(chunk, _Split) else chunk
        if collector is None:
            first = _first(rows)
            if first is None:
                continue
            header = _header(rows[first], begins[first], file, limits)
            headerless = _no_header(header)
            if headerless:
                header = rows[first]  # its last cells may be empty, and are columns all the same
            collector = Collector(len(header))
            if not headerless:
                begins, rows = begins[first + 1 :], rows[first + 1 :]
        width = len(header)
        if not with_nul and all(map(any, rows)) and set(map(len, rows)) <= {width}:
            lines.append(np.array(begins, np.int32))
            numbers.append(np.arange(count + 1, count + len(rows) + 1, dtype=np.int32))
            count += len(rows)
            collector.add(rows)
        else:
            kept: list[tuple[int, int, list[str]]] = []
            for line, row in zip(begins, rows, strict=True):
                if not any(row):
                    continue
                count += 1
                fault = _fault(row, width)
                if fault is None:
                    kept.append((line, count, row[:width]))
                    continue
                bad_rows += 1
                if len(bad) < limits.faults:
                    bad.append(Fault("ragged", *fault, file, line, None, count))
            lines.append(np.array([line for line, _, _ in kept], np.int32))
            numbers.append(np.array([number for _, number, _ in kept], np.int32))
            collector.add([row for _, _, row in kept])
        _few_enough(count, file, limits)
    if collector is None:
        raise InputError([Fault("empty", "there is nothing in it", "export the table again", file)])
    return Sheet(
        file,
        tuple(f"c{k}" for k in range(1, len(header) + 1)) if headerless else tuple(header),
        collector.columns(),
        np.concatenate(lines),
        np.concatenate(numbers),
        headerless=headerless,
        bad=tuple(bad),
        bad_rows=bad_rows,
        notes=tuple(text.notes),
    )


def _few_enough(count: int, file: str, limits: TableLimits) -> None:
    if count > limits.rows:
        raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])


def _first(rows: list[list[str]]) -> int | None:
    """The row of the header: the first with anything in it, or the first full one below a title that stands alone."""
    said = [sum(1 for cell in row if cell.strip()) for row in rows[:20]]
    first = next((k for k, row in enumerate(rows) if any(row)), None)
    if first is None or first >= len(said) or said[first] > 1:
        return first
    return next((k for k in range(first, len(said)) if said[k] >= 3), first)


def _header(row: list[str], line: int, file: str, limits: TableLimits) -> list[str]:
    while row and not row[-1].strip():
        row = row[:-1]
    if len(row) > limits.columns:
        raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file, line)])
    return row


def _fault(row: list[str], width: int) -> tuple[str, str] | None:
    """Why a row cannot be read: message and cure."""
    if len(row) != width and not (len(row) > width and not any(map(str.strip, row[width:]))):
        return f"has {len(row)} cells where the header has {width}", "is a delimiter in a cell without quotation marks, or a cell missing?"
    if any("\0" in cell for cell in row):
        return "holds a NUL character", "export the table again as text"
    return None


def _no_header(row: list[str]) -> bool:
    """True for rows of data where a header should be: most cells of a header are words, and none is a number or date."""
    said = [cell.strip() for cell in row if cell.strip()]
    return sum(1 for cell in said if re.match(r"[+-]?\d[\d.,:/\- ]*\Z", cell)) * 4 > len(said)


def _delimiter(text: str, file: str) -> str:
    """The delimiter under which the first rows have most cells, and all as many."""
    head = [line for line in text.splitlines()[:60] if line.strip()]
    best, score = ",", 0.0
    for delimiter in DELIMITERS:
        try:
            rows = [len(row) for row in csv.reader(head, delimiter=delimiter) if row]
        except csv.Error:
            continue
        if not rows or rows[0] < 2:
            continue
        alike = sum(1 for n in rows if n == rows[0]) / len(rows)
        if alike * min(rows[0], 50) > score:
            best, score = delimiter, alike * min(rows[0], 50)
    return best


def _must_be_text(text: str, file: str) -> None:
    odd = sum(1 for c in text if c < " " and c not in "\t\r\n\f")
    if odd * 50 > len(text):
        raise InputError([Fault("binary", "this is no text", "export the table as CSV in UTF-8", file, 1)])


def as_text(data: bytes, file: str) -> str:
    """The text of a file in any of these encodings. Raises InputError for what is no text."""
    text, _ = _decoded(data, file)
    _must_be_text(text[:65_536], file)
    return text


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """The text and the name of its encoding. What is almost UTF-8 is a fault at the first odd byte, not another encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16", file), "utf-16"
    head = data[:4_096]
    # In UTF-16 the blanks, digits and line breaks of any script have a nought on one side, and no other character has.
    noughts = {"utf-16-be": head[::2].count(0), "utf-16-le": head[1::2].count(0)}
    name, most = max(noughts.items(), key=lambda found: found[1])
    if most * 20 > len(head) > 3 and most > 9 * min(noughts.values()):
        return _strictly(data, name, file), name
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        high = len(re.findall(rb"[\x80-\xff]", data))
        # Bytes that make up whole UTF-8 characters, against all that are not ASCII.
        good = sum(len(found) for found in re.findall(rb"[\xc3-\xf4][\x80-\xbf]{1,3}", data))
        if good * 10 > high * 9 and high > 20:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(
                [Fault("encoding", "this line is not UTF-8, though the rest is", "save the table again as UTF-8", file, line)]
            ) from None
    name = _code_page(data)
    return data.decode(name, "replace"), {"cp1252": "Windows-1252", "cp1256": "Windows-1256", "cp1251": "Windows-1251"}[name]


def _strictly(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise InputError([Fault("encoding", "this is broken UTF-16", "save the table again as UTF-8", file)]) from None


# Letters of French and signs in Windows-1256; in 1251 the commonest Russian letters lie there.
_NOT_ARABIC = frozenset(b"\xe0\xe2\xe7\xe8\xe9\xea\xeb\xee\xef\xf4\xf9\xfb\xfc")


def _code_page(data: bytes) -> str:
    """Western, Arabic or Cyrillic: in Western texts letters past ASCII stand alone, in the others in words."""
    runs = re.findall(rb"[\x8d\x8e\x8f\x90\x98\x9a\x9f\xaa\xb8\xc0-\xff]+", data[:1_000_000])
    high = sum(map(len, runs))
    if not runs or high < 2.2 * len(runs):
        return "cp1252"
    # A letter or two may be those of a Western word among the others.
    words = [run for run in runs if len(run) > 2]
    foreign = sum(1 for run in words for byte in run if byte in _NOT_ARABIC)
    return "cp1251" if foreign * 5 > sum(map(len, words)) else "cp1256"
