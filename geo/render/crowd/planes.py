"""Numbers of a column → bytes: planes of one byte each, DEFLATEd, and those in base 85.

A plane is the same byte of every number. Low bytes of what differs from row to row hold little that LZ77 can find, and
what it finds costs more than it saves: each plane is packed both as runs and as text, and the smaller is kept.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVEL = 7
QUICK = 4
LITTLE = 1_000_000
MUCH = 20_000_000
"""Bytes of the texts of a column."""
SMALL = 2_000
"""Bytes for which a stream in several parts doesn't pay."""
SURE = 120_000
"""Bytes of a plane above which a part of it tells how the whole is packed."""
PART = 60_000


def width(numbers: NDArray[Any]) -> int:
    """Bytes that each of `numbers`, none negative, fits in."""
    most = int(numbers.max()) if len(numbers) else 0
    return max(1, (most.bit_length() + 7) // 8)


def planes(numbers: NDArray[Any], w: int) -> list[bytes]:
    """The `w` low bytes of each number, lowest first."""
    size = 4 if numbers.dtype.itemsize <= 4 else 8
    cells = numbers.astype(f"<u{size}").view(np.uint8).reshape(-1, size)
    return [cells[:, p].tobytes() for p in range(w)]


def float_planes(numbers: NDArray[np.float64]) -> list[bytes]:
    cells = numbers.astype("<f8").view(np.uint8).reshape(-1, 8)
    return [cells[:, p].tobytes() for p in range(8)]


def packed(parts: list[bytes]) -> bytes:
    """One stream of raw DEFLATE that holds the parts, each packed in the way that suits it."""
    whole = b"".join(parts)
    if len(whole) < SMALL:
        return min(deflated(whole, zlib.Z_RLE), deflated(whole), key=len)
    return b"".join([*(_packed(part, zlib.Z_SYNC_FLUSH) for part in parts[:-1]), _packed(parts[-1], zlib.Z_FINISH)])


def deflated(
    raw: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY, level: int = LEVEL, end: int = zlib.Z_FINISH
) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
    return packer.compress(raw) + packer.flush(end)


def text_level(parts: list[bytes]) -> int:
    """How hard to look for what recurs in texts: less where there are many, least where that finds as much."""
    size = sum(map(len, parts))
    if size < LITTLE:
        return 9
    if size < MUCH:
        return LEVEL
    return QUICK if len(deflated(parts[0], level=QUICK)) < 1.02 * len(deflated(parts[0])) else LEVEL


def _packed(raw: bytes, end: int) -> bytes:
    if len(raw) > SURE:
        middle = (len(raw) - PART) // 2
        part = raw[middle : middle + PART]
        runs = len(deflated(part, zlib.Z_RLE)) <= len(deflated(part))
        return deflated(raw, zlib.Z_RLE if runs else zlib.Z_DEFAULT_STRATEGY, end=end)
    return min(deflated(raw, zlib.Z_RLE, end=end), deflated(raw, end=end), key=len)


def in_ascii(raw: bytes) -> str:
    """What `geo.render.packing.in_ascii` makes of it, at the speed of columns."""
    short = -len(raw) % 4
    words = np.frombuffer(raw + bytes(short), ">u4").astype(np.uint32)
    # Two digits at once, and the fifth.
    rest, low = np.divmod(words, np.uint32(85))
    high, middle = np.divmod(rest, np.uint32(7225))
    digits = np.empty((len(words), 5), np.uint8)
    digits[:, 0:2] = _PAIRS[high]
    digits[:, 2:4] = _PAIRS[middle]
    digits[:, 4] = _ALPHABET[low]
    text = digits.tobytes()
    return (text[:-short] if short else text).decode("ascii")


_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=:?@^_`{|}~"
_ALPHABET = np.frombuffer(_LETTERS, np.uint8)
_PAIRS = np.stack([np.repeat(_ALPHABET, 85), np.tile(_ALPHABET, 85)], axis=1)
