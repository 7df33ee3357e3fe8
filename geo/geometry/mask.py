"""Which cells of a picture an area covers, summed so that a box is asked about in four look-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from math import ceil, floor, inf

import numpy as np
from numpy.typing import NDArray

CELL = 2.0
"""Width of a cell in px."""


class Mask:
    """Cells of a picture of `width` × `height` px from (0, 0). Nothing is known beyond it: there all cells are empty."""

    def __init__(self, cells: NDArray[np.bool_]) -> None:
        self.cells = cells

    @cached_property
    def sums(self) -> NDArray[np.int32]:
        """Covered cells above and to the left of each corner of a cell."""
        sums = np.zeros((self.cells.shape[0] + 1, self.cells.shape[1] + 1), np.int32)
        self.cells.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, out=sums[1:, 1:])
        return sums

    @classmethod
    def of_rings(cls, rings: Iterable[NDArray[np.float64]], width: float, height: float) -> Mask:
        """Cells whose middle is inside the rings, even-odd. A ring's last point is its first."""
        rows, columns = ceil(height / CELL), ceil(width / CELL)
        whole = list(rings)
        if not whole:
            return cls(np.zeros((rows, columns), bool))
        a = np.concatenate([ring[:-1] for ring in whole]) / CELL - 0.5
        b = np.concatenate([ring[1:] for ring in whole]) / CELL - 0.5
        low, high = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
        first = np.clip(np.ceil(low), 0, rows).astype(np.int64)
        count = np.maximum(np.clip(np.ceil(high), 0, rows).astype(np.int64) - first, 0)
        edge = np.repeat(np.arange(len(a)), count)
        row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + first[edge]
        x = a[edge, 0] + (b[edge, 0] - a[edge, 0]) * (row - a[edge, 1]) / (b[edge, 1] - a[edge, 1])
        column = np.clip(np.ceil(x), 0, columns).astype(np.int64)
        # Along a row every crossing turns cover on or off.
        flips = np.bincount(row * (columns + 1) + column, minlength=rows * (columns + 1)).reshape(rows, columns + 1)
        return cls(np.bitwise_xor.accumulate((flips[:, :columns] & 1).astype(bool), axis=1))

    @classmethod
    def of_lines(cls, lines: Iterable[NDArray[np.float64]], width: float, height: float) -> Mask:
        """Cells that lines pass through."""
        cells = np.zeros((ceil(height / CELL), ceil(width / CELL)), bool)
        for line in lines:
            a, b = line[:-1], line[1:]
            steps = np.maximum(np.ceil(np.hypot(*(b - a).T) / (CELL / 2)), 1).astype(np.int64)
            segment = np.repeat(np.arange(len(a)), steps)
            part = (np.arange(len(segment)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[segment]
            at = np.floor((a[segment] + (b - a)[segment] * part[:, None]) / CELL).astype(np.int64)
            seen = (at >= 0).all(axis=1) & (at[:, 0] < cells.shape[1]) & (at[:, 1] < cells.shape[0])
            cells[at[seen, 1], at[seen, 0]] = True
        return cls(cells)

    def count(self, box: Sequence[float]) -> tuple[int, int]:
        """Covered cells that the box touches, and all cells that it touches (those beyond the picture too)."""
        rows, columns = self.cells.shape
        left, top = floor(box[0] / CELL), floor(box[1] / CELL)
        right, bottom = max(left + 1, ceil(box[2] / CELL)), max(top + 1, ceil(box[3] / CELL))
        x0, x1 = max(0, min(columns, left)), max(0, min(columns, right))
        y0, y1 = max(0, min(rows, top)), max(0, min(rows, bottom))
        s = self.sums
        return int(s[y1, x1] - s[y0, x1] - s[y1, x0] + s[y0, x0]), (right - left) * (bottom - top)

    def holds(self, box: Sequence[float]) -> bool:
        """Whether the box lies wholly on covered cells."""
        covered, whole = self.count(box)
        return covered == whole

    def held(self, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """`holds` for many boxes at once; shape (n, 4)."""
        rows, columns = self.cells.shape
        low = np.floor(boxes[:, :2] / CELL).astype(np.int64)
        high = np.maximum(low + 1, np.ceil(boxes[:, 2:] / CELL).astype(np.int64))
        seen: NDArray[np.bool_] = np.all((low >= 0) & (high <= np.array((columns, rows))), axis=1)
        (x0, y0), (x1, y1) = np.where(seen[:, None], low, 0).T, np.where(seen[:, None], high, 0).T
        s = self.sums
        whole: NDArray[np.bool_] = s[y1, x1] - s[y0, x1] - s[y1, x0] + s[y0, x0] == (high - low).prod(axis=1)
        return seen & whole

    def avoids(self, box: Sequence[float]) -> bool:
        """Whether the box touches no covered cell."""
        return self.count(box)[0] == 0

    def inside(self, x: float, y: float) -> bool:
        row, column = floor(y / CELL), floor(x / CELL)
        rows, columns = self.cells.shape
        return 0 <= row < rows and 0 <= column < columns and bool(self.cells[row, column])

    def ray(self, x: float, y: float, dx: float, dy: float) -> float:
        """How far from a covered point along a unit direction the cover goes, in px; inf from a point that is not covered."""
        if not self.inside(x, y):
            return inf
        rows, columns = self.cells.shape
        far = np.arange(0.0, CELL * (rows + columns), CELL / 2)
        column, row = np.floor((x + dx * far) / CELL).astype(int), np.floor((y + dy * far) / CELL).astype(int)
        seen = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        out = ~seen
        out[seen] = ~self.cells[row[seen], column[seen]]
        return float(far[np.argmax(out)])

    def __or__(self, other: Mask) -> Mask:
        return Mask(self.cells | other.cells)
