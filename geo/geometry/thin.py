"""Simplifies many lines and rings at once, so that those that run together still do afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Line = NDArray[np.float64]
"""Shape (n, 2)."""


def thin(lines: Sequence[NDArray[np.int64]], flat: Sequence[Line], tolerance: float) -> list[Line]:
    """`flat` with fewer points: Douglas and Peucker 1973 between the points where courses meet or part.

    `lines` tell which points are the same: integer positions, as many as in `flat`, which has them as they are drawn. A
    stretch that several lines share is cut into the same pieces in each, so it is simplified alike. Ends of lines and
    such meeting points stay; a ring (last point = first) without one keeps its least and its greatest position. `tolerance` is in
    the units of `flat`.
    """
    import shapely

    if not lines:
        return []
    sizes = [len(line) for line in lines]
    whole = np.concatenate(lines)
    # One number a position: numpy sorts those many times faster than pairs.
    _, number = np.unique((whole[:, 0] << 32) + whole[:, 1], return_inverse=True)
    names = np.split(number.reshape(-1), np.cumsum(sizes)[:-1])
    fixed = _junctions(names, int(number.max()) + 1)
    pieces: list[Line] = []
    known: dict[bytes, int] = {}
    courses: list[list[tuple[int, bool]]] = []
    for ids, points in zip(names, flat, strict=True):
        course: list[tuple[int, bool]] = []
        for a, b in _cuts(ids, fixed):
            run, drawn = _run(ids, a, b), _run(points, a, b)
            back = tuple(run[[0, 1]]) > tuple(run[[-1, -2]])
            key = (run[::-1] if back else run).tobytes()
            if key not in known:
                known[key] = len(pieces)
                pieces.append(drawn[::-1] if back else drawn)
            course.append((known[key], back))
        courses.append(course)
    short = shapely.simplify(_linestrings(pieces), tolerance, preserve_topology=False)
    kept = np.split(shapely.get_coordinates(short), np.cumsum(shapely.get_num_coordinates(short))[:-1])
    out = []
    for course in courses:
        parts = [kept[n][::-1] if back else kept[n] for n, back in course]
        out.append(np.concatenate([parts[0], *(part[1:] for part in parts[1:])]))
    return out


def _linestrings(lines: Sequence[Line]) -> Any:
    import shapely

    return shapely.linestrings(np.concatenate(lines), indices=np.repeat(np.arange(len(lines)), [len(one) for one in lines]))


def _junctions(names: Sequence[NDArray[np.int64]], count: int) -> NDArray[np.bool_]:
    """Vertices with other than two neighbours over all lines, and the ends of open lines."""
    a = np.concatenate([ids[:-1] for ids in names])
    b = np.concatenate([ids[1:] for ids in names])
    edges = np.unique(np.minimum(a, b) * count + np.maximum(a, b))
    fixed: NDArray[np.bool_] = np.bincount(np.concatenate([edges // count, edges % count]), minlength=count) != 2
    for ids in names:
        if ids[0] != ids[-1]:
            fixed[[ids[0], ids[-1]]] = True
    return fixed


def _cuts(ids: NDArray[np.int64], fixed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of each piece; in a ring the indices run on past its end."""
    at = np.flatnonzero(fixed[ids])
    if ids[0] != ids[-1]:
        return list(zip(at.tolist(), at[1:].tolist(), strict=False))
    n = len(ids) - 1
    at = at[at < n]
    if not len(at):
        # Two anchors, the same in either direction, so that a ring is no line from a point to itself.
        at = np.array(sorted({int(np.argmin(ids[:-1])), int(np.argmax(ids[:-1]))}))
    stops = [*at.tolist(), int(at[0]) + n]
    return list(zip(stops, stops[1:], strict=False))


def _run(values: Any, a: int, b: int) -> Any:
    """Values `a` to `b` inclusive of a line, going round a ring's end."""
    n = len(values) - 1
    if b <= n:
        return values[a : b + 1]
    return np.concatenate([values[a:n], values[: b - n + 1]])
