"""Tables of columns as inert text: one line of JSON that says what there is, then every column, DEFLATEd, in base 85.

`HEAD\\nSEGMENTS`. HEAD is `{"v":1,"tables":{NAME:{"n":rows,"columns":{NAME:COLUMN}}}}`; each segment is raw DEFLATE in
characters of its own, found by `[offset, length]` in characters after the line end. What a COLUMN `is`:

- `codes`: `n` numbers `at` a segment, of `w` bytes each: first the low byte of every number, then the next. 0 is no
  value (-1), else code + 1. With `new`, 1 is the first code that no row before has, 2 the one before that, and so on.
  With `by`, another codes column of the same table, these numbers are one higher, and 0 is the code of the last row
  that has the same code in `by` (-1 where there is none). `of` names the table whose rows the codes are; `list` has the
  values, or `values` segments of 4,096 each, JSON arrays of `size` values together.
- `ints`: zigzag numbers, stored as those; with `none` 0 is no value and the others are one higher; with `delta` each is
  the difference to the last value. The value is the integer divided by `scale`.
- `floats`: float64 in eight bytes, stored as those; NaN is no value.
- `texts`: JSON arrays of 1,024 rows; null is no value. With `like`, another such column of the same table, 0 is what
  the row has there, in a string the first U+007F is that text (of an array its first), any other value is in an array.
- `numbered`: as `ints`; the value is `prefix` and the number in at least `pad` digits.

`geo.read.block` and `geo/web/src/crowd/block.ts` open it. The bytes depend on nothing but what was put in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.render.crowd import alike, predict
from geo.render.crowd.planes import deflated, float_planes, in_ascii, packed, planes, text_level, width
from geo.render.packing import inert
from geo.scene.crowd.crowd import Coded

VERSION = 1
CHUNK = 1024
"""Rows of one segment of texts: what is inflated to show one."""
MANY = 4096
"""Values of a dictionary in one segment."""
WORKERS = 2
MOST_INLINE = 200
"""Characters of JSON up to which values stand in the head."""
EXACT = 2**51
"""Integers up to it are exact in a page, which counts in float64, as zigzag of their difference, too."""
SCALES = tuple(10**d for d in range(10))

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Column:
    told: dict[str, Any]
    """What the head says of it, but for where its segments stand."""
    parts: dict[str, Future[str] | list[Future[str]]] = field(default_factory=dict)


class Block:
    """Tables by name, to be written as one text."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self._pool = ThreadPoolExecutor(WORKERS)

    def table(self, name: str, n: int) -> Table:
        """A new table of `n` rows; raises ValueError where the name is taken."""
        if name in self.tables:
            raise ValueError(f"two tables named {name!r}")
        self.tables[name] = made = Table(n, self._pool)
        return made

    def text(self) -> str:
        """The block; afterwards nothing can be added."""
        for table in self.tables.values():
            table.finish()
        segments: list[str] = []
        end = 0

        def placed(segment: Future[str] | list[Future[str]]) -> list[Any]:
            nonlocal end
            if isinstance(segment, list):
                return [placed(one) for one in segment]
            written = segment.result()
            segments.append(written)
            end += len(written)
            return [end - len(written), len(written)]

        head: dict[str, Any] = {}
        for name, table in self.tables.items():
            columns = head.setdefault(name, {"n": table.n, "columns": {}})["columns"]
            for called, column in table.columns.items():
                columns[called] = {**column.told, **{key: placed(part) for key, part in column.parts.items()}}
        self._pool.shutdown()
        return inert({"v": VERSION, "tables": head}) + "\n" + "".join(segments)


class Table:
    """Columns of `n` rows each, by name. Every method raises ValueError for another length or a name that is taken."""

    def __init__(self, n: int, pool: Executor) -> None:
        self.n = n
        self.columns: dict[str, Column] = {}
        self._pool = pool
        self._codes: dict[str, NDArray[np.int32]] = {}
        self._lists: dict[str, Sequence[Any]] = {}

    def codes(self, name: str, codes: ArrayLike, values: Sequence[Any] | None = None, of: str | None = None) -> None:
        """Numbers from 0; -1 is no value. They are rows of table `of`, or places among `values`, which are any JSON."""
        stored = np.asarray(codes, np.int32)
        column = self._new(name, stored.shape, "codes")
        if len(stored) and (int(stored.min()) < -1 or (values is not None and int(stored.max()) >= len(values))):
            raise ValueError(f"{name}: a code that has no value")
        if of is not None:
            column.told["of"] = of
        if values is not None:
            if len(values) <= MOST_INLINE and len(_json(values)) <= MOST_INLINE:
                column.told["list"] = list(values)
            else:
                column.told["size"] = len(values)
                column.parts["values"] = self._texts(values, MANY)
        self._codes[name] = stored

    def ints(self, name: str, numbers: ArrayLike, delta: bool = False) -> None:
        """Integers of up to 2^51 either way. `delta` stores the differences of neighbours; raises ValueError beyond."""
        stored = np.asarray(numbers, np.int64)
        self._numbers(self._new(name, stored.shape, "ints"), stored, None, delta)

    def decimals(self, name: str, numbers: ArrayLike) -> None:
        """Numbers as exact decimals of up to nine places where that gives each back, else as they are. NaN is none."""
        stored = np.asarray(numbers, np.float64)
        exact = _scaled(stored)
        column = self._new(name, stored.shape, "floats" if exact is None else "ints")
        if exact is None:
            column.parts["at"] = self._packed(float_planes(stored))
            return
        scale, whole, none = exact
        if scale > 1:
            column.told["scale"] = scale
        self._numbers(column, whole, none, _near(whole, none))

    def texts(self, name: str, values: Coded[Any] | Sequence[Any]) -> None:
        """Texts or any JSON, None for no value: a dictionary, numbers, or one after the other, as it is smallest."""
        if not isinstance(values, Coded):
            column = self._new(name, (len(values),), "texts")
            like = alike.best(values, self._lists)
            self._lists[name] = values
            if like is not None:
                column.told["like"] = like
                values = alike.told(values, self._lists[like])
            column.parts["at"] = self._texts(values, CHUNK)
            return
        used, codes = by_appearance(values.codes, len(values.values))
        distinct = [values.values[code] for code in used.tolist()]
        if len(distinct) > self.n / 4 and (found := _numbered(distinct)):
            prefix, pad, numbers = found
            column = self._new(name, codes.shape, "numbered")
            column.told |= {"prefix": prefix, "pad": pad}
            whole, none = np.append(numbers, 0)[codes], codes < 0
            self._numbers(column, whole, none, _near(whole, none))
        elif len(distinct) > self.n / 2:
            every = [*distinct, None]
            self.texts(name, [every[code] for code in codes.tolist()])
        else:
            self.codes(name, codes, distinct)

    def finish(self) -> None:
        """Writes the codes: which column foretells which is known when all are there."""
        for name, way in predict.ways(self._codes, self._pool).items():
            column, by = self.columns[name], None
            if way.by is not None:
                column.told["by"], by = way.by, self._codes[way.by]
            if way.new:
                column.told["new"] = 1
            self._store(column, predict.numbers(self._codes[name], by, way.new))

    def _new(self, name: str, shape: tuple[int, ...], kind: str) -> Column:
        if name in self.columns:
            raise ValueError(f"two columns named {name!r}")
        if shape != (self.n,):
            raise ValueError(f"{name}: {shape} values for {self.n} rows")
        self.columns[name] = column = Column({"is": kind})
        return column

    def _numbers(self, column: Column, whole: Ints, none: Flags | None, delta: bool) -> None:
        if len(whole) and max(-int(whole.min()), int(whole.max())) > EXACT:
            raise ValueError("an integer beyond 2^51")
        if none is not None and not none.any():
            none = None
        stored = whole if none is None else whole[~none]
        if delta:
            column.told["delta"] = 1
            stored = np.diff(stored, prepend=0)
        zigzag = np.where(stored >= 0, 2 * stored, -2 * stored - 1)
        if none is not None:
            column.told["none"] = 1
            apart = np.zeros(self.n, np.int64)
            apart[~none] = zigzag + 1
            zigzag = apart
        self._store(column, zigzag)

    def _store(self, column: Column, numbers: NDArray[Any]) -> None:
        column.told["w"] = w = width(numbers)
        column.parts["at"] = self._packed(planes(numbers, w))

    def _packed(self, parts: list[bytes]) -> Future[str]:
        return self._pool.submit(lambda: in_ascii(packed(parts)))

    def _texts(self, values: Sequence[Any], each: int) -> list[Future[str]]:
        parts = [_json(values[at : at + each]) for at in range(0, len(values), each)]
        level = text_level(parts)

        def segment(part: bytes) -> str:
            return in_ascii(deflated(part, level=level))

        return [self._pool.submit(segment, part) for part in parts]


def by_appearance(codes: NDArray[np.int32], size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The codes (0 to `size` - 1) that occur, by first appearance, and each row's place among them; -1 stays -1."""
    n = len(codes)
    first = np.full(size + 1, n, np.int64)
    # Of several rows with one code the last that is written is the first of the column.
    first[codes[::-1]] = np.arange(n - 1, -1, -1)
    found = np.flatnonzero(first[:size] < n)
    used: NDArray[np.int32] = found[np.argsort(first[found], kind="stable")].astype(np.int32)
    to = np.full(size + 1, -1, np.int32)
    to[used] = np.arange(len(used), dtype=np.int32)
    numbered: NDArray[np.int32] = to[codes]
    return used, numbered


def _json(values: Any) -> bytes:
    """UTF-8; half a pair of UTF-16 as its escape."""
    written = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return written.encode("utf-8", "backslashreplace")


def _scaled(numbers: NDArray[np.float64]) -> tuple[int, Ints, Flags] | None:
    """The least scale by which whole numbers give each number back to the bit, those, and where there is none (0)."""
    none = np.isnan(numbers)
    known = np.where(none, 0.0, numbers)
    bits = known.view(np.int64)
    for scale in SCALES:
        with np.errstate(over="ignore"):
            scaled = np.rint(known * scale)
        if len(scaled) and not np.abs(scaled).max() <= EXACT:
            return None
        whole = scaled.astype(np.int64)
        if np.array_equal((whole / scale).view(np.int64), bits):
            return scale, whole, none
    return None


def _near(whole: Ints, none: Flags) -> bool:
    """Whether neighbours are nearer to each other than to 0: by half a bit of each number."""
    stored = whole[~none]
    if len(stored) < 2:
        return False
    # Whole exponents: sums of floats are not the same on every machine.
    apart, own = (int(np.frexp(part)[1].sum(dtype=np.int64)) for part in (np.diff(stored), stored))
    return 2 * (own - apart) > len(stored)


_DIGITS = re.compile(r"(.*?)([0-9]{1,15})", re.DOTALL)


def _numbered(values: Sequence[Any]) -> tuple[str, int, Ints] | None:
    """Prefix, digits to pad to and numbers, where every text is that prefix and a number."""
    found = _DIGITS.fullmatch(values[0]) if isinstance(values[0], str) else None
    if not found or not all(type(value) is str for value in values):
        return None
    prefix, cut = found[1], len(found[1])
    # Arrays of texts take NUL for the end of one.
    if max(map(len, values)) > cut + 15 or min(map(len, values)) <= cut or "\0" in "".join(values):
        return None
    texts = np.array(values)
    letters = texts.view(np.uint32).reshape(len(values), -1)
    if not (letters[:, :cut] == [ord(letter) for letter in prefix]).all():
        return None
    digits = letters[:, cut:].astype(np.int64) - ord("0")
    there = letters[:, cut:] != 0
    if not ((digits >= 0) & (digits <= 9) | ~there).all():
        return None
    lengths = there.sum(axis=1)
    zero = (digits[:, 0] == 0) & (lengths > 1)
    pad = int(lengths[zero].max()) if zero.any() else 0
    if pad > int(lengths.min()):
        return None
    whole = np.zeros(len(values), np.int64)
    for at in range(digits.shape[1]):
        whole = np.where(there[:, at], whole * 10 + digits[:, at], whole)
    return prefix, pad, whole
