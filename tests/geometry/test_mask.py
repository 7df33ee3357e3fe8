"""A mask answers for a box what the outlines would answer."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry.mask import CELL, Mask

L_SHAPE = np.array([(10, 10), (90, 10), (90, 40), (40, 40), (40, 90), (10, 90), (10, 10)], float)
HOLE = np.array([(20, 20), (30, 20), (30, 30), (20, 30), (20, 20)], float)
AREA = shapely.Polygon(L_SHAPE, [HOLE])
MASK = Mask.of_rings([L_SHAPE, HOLE], 120, 100)


@given(st.floats(0, 110), st.floats(0, 90), st.floats(1, 30), st.floats(1, 30))
def test_it_agrees_with_the_outline_but_for_a_cell_at_its_edge(x: float, y: float, w: float, h: float) -> None:
    box = shapely.box(x, y, x + w, y + h)
    if MASK.holds((x, y, x + w, y + h)):
        assert AREA.buffer(CELL).contains(box)
    elif AREA.contains(box.buffer(CELL)):
        pytest.fail("the box lies well inside")
    if MASK.avoids((x, y, x + w, y + h)):
        assert box.buffer(-CELL).is_empty or not AREA.buffer(-CELL).intersects(box.buffer(-CELL))
    elif not AREA.buffer(CELL).intersects(box.buffer(CELL)):
        pytest.fail("the box lies well outside")


def test_beyond_the_picture_nothing_is_covered() -> None:
    everything = np.array([(-50, -50), (500, -50), (500, 500), (-50, 500), (-50, -50)], float)
    mask = Mask.of_rings([everything], 100, 60)
    assert mask.holds((0, 0, 100, 60))
    assert not mask.holds((90, 10, 110, 20)) and not mask.avoids((90, 10, 110, 20))
    assert mask.avoids((120, 10, 140, 20)) and not mask.inside(120, 10)


@given(st.lists(st.tuples(st.floats(-20, 130), st.floats(-20, 110), st.floats(0, 40), st.floats(0, 40)), min_size=1, max_size=9))
def test_many_boxes_are_answered_as_one_by_one(sizes: list[tuple[float, float, float, float]]) -> None:
    boxes = [(x, y, x + w, y + h) for x, y, w, h in sizes]
    assert MASK.held(np.array(boxes)).tolist() == [MASK.holds(box) for box in boxes]


def test_a_ray_ends_at_the_edge_and_begins_only_inside() -> None:
    assert MASK.ray(15, 15, 1, 0) == pytest.approx(75, abs=2 * CELL)
    assert MASK.ray(15, 50, 0, 1) == pytest.approx(40, abs=2 * CELL)
    assert MASK.ray(100, 80, 1, 0) == inf


def test_lines_cover_the_cells_that_they_pass() -> None:
    mask = Mask.of_lines([np.array([(0, 0), (100, 50)], float)], 100, 50)
    assert not mask.avoids((48, 22, 52, 28))
    assert mask.avoids((60, 5, 90, 15))


def test_two_masks_cover_what_either_does() -> None:
    both = MASK | Mask.of_lines([np.array([(100, 0), (100, 90)], float)], 120, 100)
    assert both.inside(15, 15) and both.inside(100, 50) and not both.inside(70, 70)
    assert Mask.of_rings([], 20, 20).avoids((0, 0, 20, 20))
