"""Rings are cut to a box without losing or adding area."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from geo.geometry.rings import clip_ring, ring_area


def test_a_clipped_ring_keeps_the_area_that_is_inside() -> None:
    star = shapely.get_coordinates(Point(0, 0).buffer(3, 8).difference(box(0, -0.5, 5, 0.5)))
    ring = clip_ring(star, (-1.0, -1.0, 2.0, 2.0))
    expected = shapely.Polygon(star).intersection(box(-1, -1, 2, 2)).area
    assert abs(ring_area(ring)) == pytest.approx(expected)
    assert len(clip_ring(star, (10.0, 10.0, 11.0, 11.0))) == 0
    around = clip_ring(shapely.get_coordinates(box(-9, -9, 9, 9)), (-1.0, -1.0, 2.0, 2.0))
    assert abs(ring_area(around)) == pytest.approx(9)


corners = st.tuples(st.floats(-5, 5), st.floats(-5, 5))


@given(st.lists(corners, min_size=3, max_size=12))
def test_a_clipped_ring_has_the_signed_area_of_what_is_inside(points: list[tuple[float, float]]) -> None:
    hull = shapely.MultiPoint(points).convex_hull
    if hull.geom_type != "Polygon" or hull.area < 1e-6:
        return
    ring = clip_ring(shapely.get_coordinates(hull), (-1.0, -2.0, 3.0, 2.5))
    inside = hull.intersection(box(-1, -2, 3, 2.5)).area
    assert (abs(ring_area(ring)) if len(ring) else 0) == pytest.approx(inside, abs=1e-9)
