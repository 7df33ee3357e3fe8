"""Lines that run together still do once they are simplified."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry.thin import thin


def flat(lines: list[list[tuple[int, int]]]) -> list[np.ndarray]:
    return [np.array(line, dtype=np.int64) for line in lines]


def points(line: np.ndarray) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in line]


WIGGLE = [(10 * n, (-1) ** n) for n in range(20)]


def test_what_two_rings_share_is_simplified_alike_whichever_way_they_go_round() -> None:
    upper = [*WIGGLE, (190, 100), (0, 100), WIGGLE[0]]
    lower = [*WIGGLE[::-1], (0, -100), (190, -100), WIGGLE[-1]]
    border = WIGGLE[3:9]
    given_lines = flat([upper, lower, border])
    above, below, line = (points(one) for one in thin(given_lines, [one.astype(float) for one in given_lines], 3.0))
    shared = set(above) & set(below)
    assert shared == {(0.0, 1.0), (30.0, -1.0), (80.0, 1.0), (190.0, -1.0)}
    assert line == [(30.0, -1.0), (80.0, 1.0)]


def test_a_ring_that_meets_nothing_stays_closed() -> None:
    ring = flat([[(0, 0), (50, 1), (100, 0), (100, 100), (0, 100), (0, 0)]])
    (short,) = thin(ring, [ring[0].astype(float)], 2.0)
    assert points(short)[0] == points(short)[-1]
    assert set(points(short)) == {(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)}


def test_an_inner_ring_is_simplified_as_the_island_that_it_leaves_out() -> None:
    island = [(0, 0), (40, 1), (90, 3), (100, 50), (60, 80), (50, 81), (0, 60), (0, 0)]
    both = flat([island, island[::-1]])
    shore, hole = thin(both, [one.astype(float) for one in both], 2.0)
    assert set(points(shore)) == set(points(hole))


@given(st.lists(st.tuples(st.integers(-300, 300), st.integers(-300, 300)), min_size=2, max_size=40))
def test_no_point_strays_farther_than_the_tolerance_and_the_ends_stay(line: list[tuple[int, int]]) -> None:
    import shapely

    line = [p for n, p in enumerate(line) if not n or p != line[n - 1]]
    if len(line) < 2:
        return
    (short,) = thin(flat([line]), [np.array(line, float)], 5.0)
    if line[0] != line[-1]:
        assert points(short)[0] == line[0] and points(short)[-1] == line[-1]
    kept = shapely.LineString(short) if len(short) > 1 else shapely.Point(short[0])
    assert all(shapely.distance(shapely.Point(p), kept) <= 5.0 + 1e-9 for p in line)


def test_nothing_stays_nothing() -> None:
    assert thin([], [], 1.0) == []
