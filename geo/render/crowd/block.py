"""Tables of columns as inert text: one line of JSON that says what there is, then every column, DEFLATEd, in base 85.

`HEAD\\nSEGMENTS`. HEAD is `{"v":1,"tables":{NAME:{"n":rows,"columns":{NAME:COLUMN}}}}`; each segment is raw DEFLATE in
characters of its own, found by `[offset, length]` in characters after the line end. What a COLUMN `is`:

- `codes`: `w` planes of `n` bytes, low byte first. A number of 0 is no value (-1), else code + 1. With `by`, another codes
  column of the same table, 0 is the code that the last row with the same code of `by` had, else code + 2. `of` names the
  table whose rows the codes are; `list` has the values, or `values` segments with JSON arrays of the `size` that there are.
- `ints`: zigzag in `w` planes, with `delta` of the difference to the row before; the value is the integer by `scale`.
- `floats`: float64 in eight planes; NaN is no value.
- `texts`: JSON arrays of 1,024 rows; null is no value.
- `numbered`: as `ints`; the value is `prefix` and the number in at least `pad` digits.

`geo.read.block` and `geo/web/src/crowd/block.ts` open it. The bytes depend on nothing but what was put in.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.render.crowd.predict import predictors
from geo.render.packing import inert
from geo.scene.crowd.crowd import Coded

VERSION = 1
CHUNK = 1024
"""Rows of one segment of texts."""
MANY = 16_384
"""Values of a dictionary in one segment."""
WORKERS = 2
LEVEL = 9
MOST_INLINE = 200
"""Characters of JSON up to which values stand in the head."""
EXACT = 2**53
"""Integers beyond it are not exact in a page."""
SCALES = tuple(10**d for d in range(10))

Ints = NDArray[np.int64]


class Block:
    """Tables by name, to be written as one text."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {}
        self._pool = ThreadPoolExecutor(WORKERS)

    def table(self, name: str, n: int) -> Table:
        """A new table of `n` rows; raises ValueError where the name is taken."""
        if name in self.tables:
            raise ValueError(f"two tables named {name!r}")
        self.tables[name] = made = Table(n, self._deflated)
        return made

    def text(self) -> str:
        """The block; afterwards nothing can be added."""
        for table in self.tables.values():
            table.finish()
        segments: list[str] = []
        at = 0
        head: dict[str, Any] = {}
        for name, table in self.tables.items():
            columns: dict[str, Any] = {}
            for column, (told, parts) in table.columns.items():
                places = {}
                for key, futures in parts.items():
                    spots = []
                    for future in futures:
                        written = in_ascii(future.result())
                        spots.append([at, len(written)])
                        segments.append(written)
                        at += len(written)
                    places[key] = spots if key == "values" or told["is"] == "texts" else spots[0]
                columns[column] = {**told, **places}
            head[name] = {"n": table.n, "columns": columns}
        self._pool.shutdown()
        return inert({"v": VERSION, "tables": head}) + "\n" + "".join(segments)

    def _deflated(self, raw: bytes) -> Future[bytes]:
        return self._pool.submit(_deflate, raw)


Deflated = Callable[[bytes], "Future[bytes]"]


class Table:
    """Columns of `n` rows each, by name. Every method raises ValueError for another length or a name that is taken."""

    def __init__(self, n: int, deflated: Deflated) -> None:
        self.n = n
        self.columns: dict[str, tuple[dict[str, Any], dict[str, list[Future[bytes]]]]] = {}
        self._deflated = deflated
        self._codes: dict[str, NDArray[np.int32]] = {}

    def codes(self, name: str, codes: ArrayLike, values: Sequence[Any] | None = None, of: str | None = None) -> None:
        """Numbers from 0; -1 is no value. They are rows of table `of`, or places among `values`, which are any JSON."""
        column = np.asarray(codes, np.int32)
        self._check(name, column)
        if len(column) and (int(column.min()) < -1 or (values is not None and int(column.max()) >= len(values))):
            raise ValueError(f"{name}: a code that has no value")
        told: dict[str, Any] = {"is": "codes"}
        parts: dict[str, list[Future[bytes]]] = {}
        if of is not None:
            told["of"] = of
        if values is not None:
            if len(values) <= MOST_INLINE and len(_json(values)) <= MOST_INLINE:
                told["list"] = list(values)
            else:
                told["size"] = len(values)
                parts["values"] = [self._deflated(_json(values[at : at + MANY])) for at in range(0, len(values), MANY)]
        self._codes[name] = column
        self.columns[name] = told, parts

    def ints(self, name: str, numbers: ArrayLike, delta: bool = False) -> None:
        """Integers of up to 2^53 either way. `delta` stores the differences of neighbours; raises ValueError beyond."""
        column = np.asarray(numbers, np.int64)
        self._check(name, column)
        self.columns[name] = self._numbers({"is": "ints"}, column, delta)

    def decimals(self, name: str, numbers: ArrayLike) -> None:
        """Numbers as exact decimals of up to nine places where that gives each back, else as they are. NaN is none."""
        column = np.asarray(numbers, np.float64)
        self._check(name, column)
        exact = _scaled(column)
        if exact is None:
            planes = column.astype("<f8").view(np.uint8).reshape(-1, 8).T.tobytes()
            self.columns[name] = {"is": "floats"}, {"at": [self._deflated(planes)]}
        else:
            scale, whole = exact
            self.columns[name] = self._numbers({"is": "ints", **({"scale": scale} if scale > 1 else {})}, whole, _near(whole))

    def texts(self, name: str, values: Coded[Any] | Sequence[Any]) -> None:
        """Texts or any JSON, None for no value: a dictionary, numbers, or one after the other, whichever is smallest."""
        if isinstance(values, Coded):
            self._check(name, values.codes)
            used, codes = by_appearance(values.codes, len(values.values))
            distinct = [values.values[code] for code in used.tolist()]
            if len(distinct) > 0.5 * self.n:
                every = [*distinct, None]
                self._listed(name, [every[code] for code in codes.tolist()])
            else:
                self.codes(name, codes, distinct)
        else:
            if len(values) != self.n:
                raise ValueError(f"{name}: {len(values)} values for {self.n} rows")
            self._listed(name, values)

    def finish(self) -> None:
        by = predictors(self._codes)
        for name, codes in self._codes.items():
            told, parts = self.columns[name]
            if name in by:
                told["by"] = by[name]
                numbers = foretold(codes, self._codes[by[name]]).astype(np.int64)
            else:
                numbers = codes.astype(np.int64) + 1
            told["w"] = w = _width(numbers)
            parts["at"] = [self._deflated(_planes(numbers, w))]

    def _check(self, name: str, column: NDArray[Any]) -> None:
        if name in self.columns:
            raise ValueError(f"two columns named {name!r}")
        if column.shape != (self.n,):
            raise ValueError(f"{name}: {column.shape} values for {self.n} rows")

    def _listed(self, name: str, values: Sequence[Any]) -> None:
        if name in self.columns:
            raise ValueError(f"two columns named {name!r}")
        found = _numbered(values)
        if found:
            prefix, pad, whole = found
            self.columns[name] = self._numbers({"is": "numbered", "prefix": prefix, "pad": pad}, whole, _near(whole))
            return
        parts = [self._deflated(_json(values[at : at + CHUNK])) for at in range(0, self.n, CHUNK)]
        self.columns[name] = {"is": "texts"}, {"at": parts}

    def _numbers(self, told: dict[str, Any], whole: Ints, delta: bool) -> tuple[dict[str, Any], dict[str, list[Future[bytes]]]]:
        if len(whole) and max(-int(whole.min()), int(whole.max())) > EXACT:
            raise ValueError("an integer beyond 2^53")
        stored = np.diff(whole, prepend=0) if delta else whole
        zigzag = np.where(stored >= 0, 2 * stored, -2 * stored - 1)
        w = _width(zigzag)
        return {**told, "w": w, **({"delta": 1} if delta else {})}, {"at": [self._deflated(_planes(zigzag, w))]}


def by_appearance(codes: NDArray[np.int32], size: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The codes (0 to `size` - 1) that occur, by first appearance, and each row's place among them; -1 stays -1."""
    n = len(codes)
    first = np.full(size + 1, n, np.int64)
    # Of several rows with one code the last that is written is the first of the column.
    first[codes[::-1]] = np.arange(n - 1, -1, -1)
    used = np.flatnonzero(first[:size] < n)
    used = used[np.argsort(first[used], kind="stable")].astype(np.int32)
    to = np.full(size + 1, -1, np.int32)
    to[used] = np.arange(len(used), dtype=np.int32)
    found: NDArray[np.int32] = to[codes]
    return used, found


def foretold(codes: NDArray[np.int32], by: NDArray[np.int32]) -> NDArray[np.int32]:
    """0 where the last row of the same code in `by` had this code too, else code + 2."""
    order = np.argsort(by, kind="stable")
    sorted_codes, sorted_by = codes[order], by[order]
    before = np.full(len(codes), -1, np.int32)
    before[order[1:]] = np.where(sorted_by[1:] == sorted_by[:-1], sorted_codes[:-1], -1)
    found: NDArray[np.int32] = np.where(before == codes, 0, codes + 2).astype(np.int32)
    return found


def in_ascii(raw: bytes) -> str:
    """What `geo.render.packing.in_ascii` makes of it, at the speed of columns."""
    short = -len(raw) % 4
    words = np.frombuffer(raw + bytes(short), ">u4").astype(np.uint32)
    digits = np.empty((len(words), 5), np.uint8)
    for place in (4, 3, 2, 1):
        words, rest = np.divmod(words, np.uint32(85))
        digits[:, place] = rest
    digits[:, 0] = words
    text = _ALPHABET[digits].tobytes()
    return (text[: len(text) - short] if short else text).decode("ascii")


_ALPHABET = np.frombuffer(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~", np.uint8
)


def _deflate(raw: bytes) -> bytes:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -15, 9)
    return packer.compress(raw) + packer.flush()


def _json(values: Any) -> bytes:
    """UTF-8; half a pair of UTF-16 as its escape."""
    written = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return written.encode("utf-8", "backslashreplace")


def _width(numbers: NDArray[Any]) -> int:
    most = int(numbers.max()) if len(numbers) else 0
    return max(1, (most.bit_length() + 7) // 8)


def _planes(numbers: Ints, w: int) -> bytes:
    return numbers.astype("<i8").view(np.uint8).reshape(-1, 8).T[:w].tobytes()


def _scaled(column: NDArray[np.float64]) -> tuple[int, Ints] | None:
    """The least scale by which whole numbers give each number back to the bit."""
    bits = column.view(np.int64)
    if not np.isfinite(column).all():
        return None
    for scale in SCALES:
        whole = np.rint(column * scale)
        if len(whole) and np.abs(whole).max() > EXACT:
            return None
        if np.array_equal((whole.astype(np.int64) / scale).view(np.int64), bits):
            return scale, whole.astype(np.int64)
    return None


def _near(whole: Ints) -> bool:
    """Whether differences of neighbours are smaller than the numbers."""
    if len(whole) < 2:
        return False
    return float(np.log2(np.abs(np.diff(whole)) + 1.0).mean()) < float(np.log2(np.abs(whole) + 1.0).mean()) - 1


_DIGITS = re.compile(r"(.*?)([0-9]{1,15})", re.DOTALL)


def _numbered(values: Sequence[Any]) -> tuple[str, int, Ints] | None:
    """Prefix, digits to pad to and numbers, where every text is that prefix and a number."""
    if not values or not all(isinstance(value, str) for value in values):
        return None
    found = _DIGITS.fullmatch(values[0])
    if not found:
        return None
    prefix, cut = found[1], len(found[1])
    tails = [value[cut:] for value in values]
    if not all(value.startswith(prefix) for value in values) or not all(t.isascii() and t.isdigit() and len(t) <= 15 for t in tails):
        return None
    padded = min((len(t) for t in tails if t[0] == "0" and t != "0"), default=0)
    pad = padded or 0
    if any(str(int(t)).rjust(pad, "0") != t for t in tails):
        return None
    return prefix, pad, np.array([int(t) for t in tails], np.int64)
