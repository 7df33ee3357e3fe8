"""Codes → small numbers: which column foretells which, and whether codes are told by how lately they were new.

Nothing is guessed from names: every choice is measured on the rows, on a part of them where there are many.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.render.crowd.planes import deflated, planes, width

Codes = NDArray[np.int32]
Numbers = NDArray[np.int32]
Rows = NDArray[np.int32]

SAMPLE = 24_576
"""Rows that a choice is measured on."""
GLANCE = 4096
"""Of them, rows that candidates are found on."""
MANY = 96
"""Columns that are tried as predictors of the others; of more, those that say most, and on fewer rows."""
CANDIDATES = 2
WRONG = 48
"""Sixteenths of a bit that a wrong prediction costs."""
WORTH = 0.94
"""Share of the bytes without it that a column with a predictor may take."""
CALM = 200
"""Bytes below which nothing is looked for."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a column of codes is written: foretold by which, and by how lately it was new."""

    by: str | None = None
    new: bool = False


def numbers(codes: Codes, by: Codes | None, new: bool) -> Numbers:
    """What is stored for each row: 0 for none, else code + 1; or, with `new`, 1 for the first code that no row before
    has, one more for each code before that. With `by`, one more again, and 0 where the code is what the last row with
    the same code of `by` has (none, where there is no such row)."""
    told = _plain(codes, new)
    return told if by is None else np.where(_foretold(codes, before(by)), np.int32(0), told + np.int32(1))


def unseen(codes: Codes) -> Codes:
    """The first code that no row before has, where codes are numbered by first appearance."""
    found = np.zeros(len(codes), np.int32)
    np.maximum.accumulate(codes[:-1] + np.int32(1), out=found[1:])
    return found


def before(by: Codes) -> Rows:
    """For each row the last one before it that has the same code; -1 where there is none."""
    # 16 bits are sorted in linear time.
    narrow = len(by) > 0 and int(by.max()) < 0xFFFF
    order = np.argsort(by.astype(np.uint16) if narrow else by, kind="stable").astype(np.int32)
    found = np.full(len(by), -1, np.int32)
    same = by[order]
    found[order[1:]] = np.where(same[1:] == same[:-1], order[:-1], np.int32(-1))
    return found


def ways(columns: Mapping[str, Codes], pool: Executor) -> dict[str, Way]:
    """How each column is best written. No column foretells itself, however far round."""
    n = len(next(iter(columns.values()), ()))
    start = max(0, (n - SAMPLE) // 2)
    part = slice(start, start + SAMPLE)
    chosen = {name: Way() for name in columns}
    # A row like the one before costs next to nothing, another one two bytes or less.
    changes = {name: int(np.count_nonzero(codes[1:] != codes[:-1])) for name, codes in columns.items()}
    busy = {name: codes[part] for name, codes in columns.items() if changes[name] > CALM // 2}
    least = {name: pool.submit(_size, _plain(codes, False), zlib.Z_DEFAULT_STRATEGY) for name, codes in busy.items()}
    told: dict[str, list[Numbers]] = {}
    for name in busy:
        told[name] = [_plain(busy[name], False)]
        if bool((columns[name] <= unseen(columns[name])).all()):
            # Of the whole column: what was new before the sample is not new in it.
            told[name].append(_plain(columns[name], True)[part])
    last: dict[str, Rows] = {}
    gains: list[tuple[float, str, Way]] = []
    for name, candidates in _candidates(busy).items():
        runs = [_size(one, zlib.Z_RLE) for one in told[name]]
        alone = min(least[name].result(), *runs)
        chosen[name] = Way(None, len(runs) > 1 and runs[1] == alone)
        if alone <= CALM:
            continue
        for by in candidates:
            if by not in last:
                last[by] = before(busy[by])
            hit = _foretold(busy[name], last[by])
            for new, one in enumerate(told[name]):
                size = _size(np.where(hit, np.int32(0), one + np.int32(1)), zlib.Z_RLE)
                if size < WORTH * alone - 20:
                    gains.append((size - alone, name, Way(by, bool(new))))
    for _, name, way in sorted(gains, key=lambda gain: gain[0]):
        if chosen[name].by is None and not _leads_to(chosen, way.by, name):
            chosen[name] = way
    return chosen


def _plain(codes: Codes, new: bool) -> Numbers:
    if not new:
        return codes + np.int32(1)
    return np.where(codes < 0, np.int32(0), unseen(codes) - codes + np.int32(1))


def _foretold(codes: Codes, last: Rows) -> NDArray[np.bool_]:
    hit: NDArray[np.bool_] = np.append(codes, np.int32(-1))[last] == codes
    return hit


def _leads_to(chosen: Mapping[str, Way], at: str | None, name: str) -> bool:
    while at is not None:
        if at == name:
            return True
        at = chosen[at].by
    return False


def _size(told: Numbers, strategy: int) -> int:
    return sum(len(deflated(part, strategy)) for part in planes(told, width(told)))


def _candidates(columns: Mapping[str, Codes]) -> dict[str, list[str]]:
    """For each column those that foretell most of what it says, in bits by how rare each code is."""
    names = list(columns)
    if not names:
        return {}
    glance = max(GLANCE // 8, GLANCE * MANY // max(MANY, len(names)))
    middle = max(0, (len(columns[names[0]]) - glance) // 2)
    table = np.stack([codes[middle : middle + glance] for codes in columns.values()])
    m = table.shape[1]
    # Sixteenths of a bit, whole ones: sums of floats are not the same on every machine.
    rarity = [np.rint(16 * np.log2(m / np.maximum(1, np.bincount(codes + 1))))[codes + 1] for codes in table]
    bits = np.stack(rarity).astype(np.int32)
    # A code that the row before has costs nothing as it is, and a few bits where it is foretold wrongly.
    repeated = np.zeros(table.shape, bool)
    repeated[:, 1:] = table[:, 1:] == table[:, :-1]
    whole = np.where(repeated, 0, bits).sum(axis=1)
    bits[repeated] = WRONG
    lost = WRONG * repeated.sum(axis=1)
    padded = np.append(table, np.full((len(names), 1), -1, np.int32), axis=1)
    score = np.zeros((len(names), len(names)), np.int64)
    for at in np.argsort(-whole, kind="stable")[:MANY].tolist():
        hit = padded[:, before(table[at])] == table
        score[:, at] = (hit * bits).sum(axis=1) - lost
        score[at, at] = 0
    best = np.argsort(-score, axis=1, kind="stable")[:, :CANDIDATES]
    return {
        name: [names[by] for by in best[at].tolist() if 20 * score[at, by] > whole[at]] for at, name in enumerate(names)
    }
