"""Tables of columns that stand in a page as inert text, as `geo.render.crowd.block` writes them → arrays.

A page may come from anybody: a head that promises more than its segments can hold, segments that are not what the head
says and text that inflates without end are one fault, found before memory is taken for them.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.columns import Coded
from geo.errors import Fault, InputError

VERSION = 1
CHUNK = 1024
"""Rows of one segment of texts."""
MANY = 4096
"""Values of a dictionary in one segment."""
SAME = 0
PLACE = "\x7f"
"""What stands for the value of the column that a column of texts is `like`, and in a text for that text."""
MOST_ROWS = 20_000_000
EXACT = 2**51

DENSEST = 1032
"""The most bytes that DEFLATE makes of one; a few more end it."""
SLACK = 64
MOST_NUMBERS = 1_000_000_000
MOST_TEXTS = 512_000_000
"""Bytes that the numbers and the texts of a block may become in all."""
NUMBERS_RATIO, NUMBERS_FREE = 250, 128_000_000
TEXTS_RATIO, TEXTS_FREE = 100, 4_000_000
"""How many times longer than the block they may become, and what any block may have: columns of one value are dense."""

T = TypeVar("T")


class Block:
    """The tables of a block. Columns are inflated when they are asked for, each once.

    Raises InputError with one fault for a head that is not honest, and for a column that is damaged when it is read;
    KeyError for a column that is not there.
    """

    def __init__(self, text: str, file: str = "") -> None:
        head, end, rest = text.partition("\n")
        try:
            told = json.loads(head, parse_constant=_no_number)
            if not end or told["v"] != VERSION:
                raise ValueError("another version")
            tables = _mapping(told["tables"])
            segments = _Segments(rest.encode("ascii"), file)
            self.tables = {
                name: Columns(name, _whole(table["n"], MOST_ROWS), _mapping(table["columns"]), tables, segments)
                for name, table in tables.items()
            }
        except _FAULTS:
            raise _damaged(file) from None

    def n(self, table: str) -> int:
        """Rows of a table, 0 where there is none."""
        return self.tables[table].n if table in self.tables else 0

    def has(self, table: str, column: str) -> bool:
        return table in self.tables and column in self.tables[table]

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of a table's columns, as they were written."""
        return tuple(self.tables.get(table, ()))

    def codes(self, table: str, column: str) -> NDArray[np.int32]:
        return self.tables[table].codes(column)

    def values(self, table: str, column: str) -> list[Any]:
        return self.tables[table].values(column)

    def ints(self, table: str, column: str) -> NDArray[np.int64]:
        return self.tables[table].ints(column)

    def decimals(self, table: str, column: str) -> NDArray[np.float64]:
        return self.tables[table].decimals(column)

    def coded(self, table: str, column: str) -> Coded[Any]:
        return self.tables[table].coded(column)

    def all(self, table: str, column: str) -> list[Any]:
        return self.tables[table].all(column)


class Columns:
    """A table of `n` rows and its columns by name.

    What reads one raises KeyError where it is not there, InputError where it is damaged.
    """

    def __init__(
        self, name: str, n: int, told: Mapping[str, Any], tables: Mapping[str, Any], segments: _Segments
    ) -> None:
        self.name, self.n = name, n
        self._told, self._tables, self._segments = told, tables, segments
        self._known: dict[tuple[str, str], Any] = {}
        for column in told.values():
            self._check(_mapping(column))

    def __contains__(self, column: object) -> bool:
        return column in self._told

    def __iter__(self) -> Iterator[str]:
        """Names of the columns, as they were written."""
        return iter(self._told)

    def form(self, column: str) -> str:
        """How a column is stored: codes, ints, floats, texts, numbered."""
        return str(self._told[column]["is"])

    def codes(self, column: str) -> NDArray[np.int32]:
        """Numbers from 0 into `values`, or rows of another table; -1 is none. TypeError for texts and numbers."""
        told = self._of(column, "codes")

        def decoded() -> NDArray[np.int32]:
            by = self.codes(told["by"]) if "by" in told else None
            size = self._most(told)
            return _codes(self._planes(told, told["w"]), by, "new" in told, size)

        return self._once("codes", column, decoded)

    def values(self, column: str) -> list[Any]:
        """What the codes stand for. Raises TypeError where they are rows of a table, or bare."""
        told = self._of(column, "codes")
        if "list" not in told and "values" not in told:
            raise TypeError(f"{self.name}.{column} has no values")
        if "list" in told:
            return list(told["list"])
        return self._once("values", column, lambda: self._texts(told["values"], told["size"], MANY))

    def decimals(self, column: str) -> NDArray[np.float64]:
        """Numbers by row, to the bit as they were; NaN is none. Raises TypeError for texts and codes."""
        told = self._of(column, "ints", "floats", "numbered")

        def decoded() -> NDArray[np.float64]:
            if told["is"] == "floats":
                return np.ascontiguousarray(self._planes(told, 8).T).view("<f8").reshape(-1).astype(np.float64)
            whole, none = self._whole(column)
            found: NDArray[np.float64] = whole / told.get("scale", 1)
            if none is not None:
                found[none] = np.nan
            return found

        return self._once("decimals", column, decoded)

    def ints(self, column: str) -> NDArray[np.int64]:
        """Integers by row. Raises TypeError for any other column, and where a row has none."""
        told = self._of(column, "ints")
        if "scale" in told or "none" in told:
            raise TypeError(f"{self.name}.{column} is not all integers")
        return self._whole(column)[0]

    def all(self, column: str) -> list[Any]:
        """The value of every row, None for none: of any column that is not codes of another table's rows."""
        told = self._told[column]
        if told["is"] == "codes":
            every = [*self.values(column), None]
            return [every[code] for code in self.codes(column).tolist()]
        if told["is"] == "texts":
            return self._once("texts", column, lambda: self._listed(told))
        if told["is"] == "numbered":
            whole, none = self._whole(column)
            prefix, pad = told["prefix"], told["pad"]
            written = [f"{prefix}{number:0{pad}d}" for number in whole.tolist()]
            if none is None:
                return written
            return [None if lacks else one for one, lacks in zip(written, none.tolist(), strict=True)]
        return [None if number != number else number for number in self.decimals(column).tolist()]

    def coded(self, column: str) -> Coded[Any]:
        """The same as a column of distinct, hashable values; texts and numbers that recur are one value."""
        if self.form(column) == "codes":
            return Coded(tuple(self.values(column)), self.codes(column))
        known: dict[Any, int] = {}
        codes = [-1 if value is None else known.setdefault(value, len(known)) for value in self.all(column)]
        return Coded(tuple(known), np.array(codes, np.int32))

    # -- what a column is made of -------------------------------------------------------------------------------------

    def _of(self, column: str, *kinds: str) -> Mapping[str, Any]:
        told: Mapping[str, Any] = self._told[column]
        if told["is"] not in kinds:
            raise TypeError(f"{self.name}.{column} is {told['is']}")
        return told

    def _once(self, kind: str, column: str, make: Callable[[], T]) -> T:
        key = (kind, column)
        if key not in self._known:
            try:
                self._known[key] = make()
            except InputError:
                raise
            except _FAULTS:
                raise _damaged(self._segments.file) from None
        found: T = self._known[key]
        return found

    def _planes(self, told: Mapping[str, Any], w: int) -> NDArray[np.uint8]:
        """`w` rows of `n` bytes."""
        return np.frombuffer(self._segments.numbers(told["at"], self.n * w), np.uint8).reshape(w, self.n)

    def _whole(self, column: str) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
        told = self._told[column]
        delta, none = "delta" in told, "none" in told
        return self._once("whole", column, lambda: _integers(self._planes(told, told["w"]), delta, none))

    def _listed(self, told: Mapping[str, Any]) -> list[Any]:
        found = self._texts(told["at"], self.n, CHUNK)
        if "like" not in told:
            return found
        other = self.all(told["like"])
        for row, (value, theirs) in enumerate(zip(found, other, strict=True)):
            if isinstance(value, str):
                if PLACE in value:
                    found[row] = value = value.replace(PLACE, theirs[0] if isinstance(theirs, list) else theirs, 1)
                    self._segments.spend(len(value))
            elif isinstance(value, list):
                (found[row],) = value
            elif value is not None:
                if isinstance(value, bool) or value != SAME:
                    raise ValueError("no value")
                found[row] = theirs
        return found

    def _texts(self, spots: list[Any], size: int, each: int) -> list[Any]:
        found: list[Any] = []
        for number, spot in enumerate(spots):
            part = json.loads(self._segments.text(spot), parse_constant=_no_number)
            if not isinstance(part, list) or len(part) != min(each, size - number * each):
                raise ValueError("another number of values")
            found += part
        return found

    def _most(self, told: Mapping[str, Any]) -> int:
        """The first code that there is nothing for."""
        if "of" in told:
            return int(self._tables[told["of"]]["n"])
        return len(told["list"]) if "list" in told else int(told.get("size", 2**31 - 1))

    def _check(self, told: Mapping[str, Any]) -> None:
        """Raises one of `_FAULTS` unless a column may be what the head says."""
        kind = told["is"]
        if kind == "texts":
            self._check_texts(told["at"], self.n, CHUNK)
            return self._check_chain(told, "like", kind)
        w = 8 if kind == "floats" else _whole(told["w"], {"codes": 4, "ints": 7, "numbered": 7}[kind])
        if w < 1 or self.n * w > DENSEST * self._segments.size(told["at"]) + SLACK:
            raise ValueError("more rows than data")
        if "scale" in told:
            _whole(told["scale"] - 1, 10**9)
        if kind == "numbered":
            _whole(told["pad"], 15)
            if not isinstance(told["prefix"], str):
                raise TypeError("no text")
        if kind == "codes":
            if "of" in told:
                _whole(self._tables[told["of"]]["n"], MOST_ROWS)
            if "list" in told and not isinstance(told["list"], list):
                raise TypeError("no list")
            if "values" in told:
                self._check_texts(told["values"], _whole(told["size"], MOST_ROWS), MANY)
            self._check_chain(told, "by", kind)

    def _check_chain(self, told: Mapping[str, Any], key: str, kind: str) -> None:
        """What a column is read from leads to one that stands alone."""
        for _ in self._told:
            if key not in told:
                return
            told = self._told[told[key]]
            if told["is"] != kind:
                raise ValueError("a column of another kind")
        if key in told:
            raise ValueError("a column is read from itself")

    def _check_texts(self, spots: Any, size: int, each: int) -> None:
        if not isinstance(spots, list) or len(spots) != -(-size // each):
            raise ValueError("another number of segments")
        for spot in spots:
            self._segments.size(spot)


class _Segments:
    """What stands after the head, and how much may still become of it."""

    def __init__(self, written: bytes, file: str) -> None:
        self.written, self.file = written, file
        self.numbers_left = min(MOST_NUMBERS, NUMBERS_FREE + NUMBERS_RATIO * len(written))
        self.texts_left = min(MOST_TEXTS, TEXTS_FREE + TEXTS_RATIO * len(written))

    def size(self, spot: Any) -> int:
        """Bytes of a segment."""
        offset, length = spot
        _whole(offset, len(self.written))
        _whole(length, len(self.written) - offset)
        return int(length) * 4 // 5

    def numbers(self, spot: Any, size: int) -> bytes:
        if size > self.numbers_left:
            raise self.bomb()
        self.numbers_left -= size
        found, whole = self._inflated(spot, size)
        if len(found) != size or not whole:
            raise ValueError("another number of rows")
        return found

    def text(self, spot: Any) -> bytes:
        found, whole = self._inflated(spot, self.texts_left)
        if len(found) > self.texts_left:
            raise self.bomb()
        if not whole:
            raise ValueError("no whole stream")
        self.spend(len(found))
        return found

    def spend(self, texts: int) -> None:
        self.texts_left -= texts
        if self.texts_left < 0:
            raise self.bomb()

    def _inflated(self, spot: Any, most: int) -> tuple[bytes, bool]:
        """What a segment becomes, of more than `most` bytes one more than that; and whether that is all of it."""
        offset, length = spot
        packer = zlib.decompressobj(-15)
        # `most` alone could be 0, which is no bound, and would leave the end of a stream of so many bytes unread.
        found = packer.decompress(_bytes(self.written[offset : offset + length]), most + 1)
        return found, packer.eof and not packer.unused_data

    def bomb(self) -> InputError:
        return _refused("bomb", "the data in this page unpacks to more than it may", "don't trust the file", self.file)


_DIGITS = np.full(256, 255, np.uint8)
_DIGITS[list(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~")] = np.arange(85)
_FAULTS = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError, zlib.error)


def _bytes(written: bytes) -> bytes:
    """As `geo.read.page` reads base 85, at the speed of columns."""
    lacking = -len(written) % 5
    digits = _DIGITS[np.frombuffer(written + b"~" * lacking, np.uint8)].reshape(-1, 5)
    if lacking == 4 or (digits == 255).any():
        raise ValueError("no base 85")
    words = np.zeros(len(digits), np.int64)
    for place in range(5):
        words = words * 85 + digits[:, place]
    if len(words) and int(words.max()) > 0xFFFFFFFF:
        raise ValueError("no base 85")
    raw = words.astype(">u4").tobytes()
    return raw[: len(raw) - lacking]


def _codes(planes: NDArray[np.uint8], by: NDArray[np.int32] | None, new: bool, size: int) -> NDArray[np.int32]:
    told = _added(planes, np.int32 if len(planes) < 4 else np.int64)
    n = len(told)
    if by is not None:
        told -= 1
    if new:
        # Codes that are foretold are known: only those told as the first that no row before has are new.
        first = told == 1
        codes = np.where(told > 0, np.cumsum(first, dtype=told.dtype) - first + 1 - told, told.dtype.type(-1))
    else:
        codes = told - 1
    if ((told > 0) & ((codes < 0) | (codes >= size))).any():
        raise ValueError("a code that there is nothing for")
    if by is not None:
        order = np.argsort(by, kind="stable")
        group = by[order]
        starts = np.ones(n, bool)
        starts[1:] = group[1:] != group[:-1]
        sorted_told, sorted_codes = told[order], codes[order]
        # The last row of the same group that is told itself; before a group's first there is none.
        at = np.maximum.accumulate(np.where(starts | (sorted_told >= 0), np.arange(n), 0))
        codes[order] = np.where(sorted_told[at] >= 0, sorted_codes[at], -1)
    found: NDArray[np.int32] = codes.astype(np.int32, copy=False)
    return found


def _integers(planes: NDArray[np.uint8], delta: bool, none: bool) -> tuple[NDArray[np.int64], NDArray[np.bool_] | None]:
    zigzag = _added(planes, np.int64)
    lacks = None
    if none:
        lacks = zigzag == 0
        zigzag = np.where(lacks, 0, zigzag - 1)
    whole = np.where(zigzag & 1, -(zigzag + 1 >> 1), zigzag >> 1)
    if delta:
        # A row without a value adds nothing.
        whole = np.cumsum(whole)
    if len(whole) and max(-int(whole.min()), int(whole.max())) > EXACT:
        raise ValueError("an integer beyond 2^51")
    return whole, lacks


def _added(planes: NDArray[np.uint8], kind: type[np.signedinteger[Any]]) -> NDArray[Any]:
    """The numbers of which each plane has a byte, the lowest first."""
    found = np.zeros(planes.shape[1], kind)
    for p, plane in enumerate(planes):
        found |= plane.astype(kind) << (8 * p)
    return found


def _whole(told: Any, most: int) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 <= told <= most:
        raise ValueError("no number of that kind")
    return told


def _mapping(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise TypeError("no mapping")
    return told


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")


def _damaged(file: str) -> InputError:
    return _refused("damaged", "the data in this page is damaged", "take an unaltered copy of the page", file)


def _refused(code: str, message: str, cure: str, file: str) -> InputError:
    return InputError([Fault(code, message, cure, file)])
