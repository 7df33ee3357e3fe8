"""The frame shows what the story is about, wherever on the globe that lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry import frame
from geo.geometry.frame import Extent

RAQQA = Extent(38.9, 35.86, 39.12, 36.04)
ALEPPO = Extent(36.4, 35.2, 38.9, 36.9)
SINAI = Extent(32.2, 27.7, 34.95, 31.3)
PARIS = Extent(2.2, 48.7, 2.5, 49.0)

lons = st.floats(-180, 180)
lats = st.floats(-80, 80)
extents = st.builds(lambda w, s, dx, dy: Extent(w, s, w + dx, min(s + dy, 84)), lons, lats, st.floats(0, 60), st.floats(0, 3))


@given(lats)
def test_mercator_and_back_is_where_it_began(lat: float) -> None:
    assert frame.latitude(frame.mercator(lat)) == pytest.approx(lat, abs=1e-9)


@given(st.lists(extents, min_size=1, max_size=6))
def test_a_union_holds_all_and_never_turns_round_the_globe(found: list[Extent]) -> None:
    whole = frame.union(found)
    assert 0 <= whole.east - whole.west <= 360
    for extent in found:
        assert whole.south <= extent.south and extent.north <= whole.north
        turned = (extent.west - whole.west) % 360
        assert turned + (extent.east - extent.west) <= whole.east - whole.west + 1e-6 or turned >= 360 - 1e-6


def test_a_union_goes_the_short_way_round() -> None:
    midway, hawaii, wake = Extent(-177.5, 28, -177.3, 28.3), Extent(-158, 21, -157, 22), Extent(166, 19, 167, 20)
    whole = frame.union([midway, hawaii, wake])
    assert whole.west == pytest.approx(166)
    assert whole.east == pytest.approx(203)


def test_nearby_context_joins_the_frame_and_a_far_city_does_not() -> None:
    core = frame.choose_core([RAQQA, ALEPPO], [SINAI, PARIS])
    assert core.south <= SINAI.south
    assert core.west > PARIS.east


def test_a_lone_city_is_shown_with_its_surroundings() -> None:
    core = frame.choose_core([RAQQA], [])
    assert core.east - core.west == pytest.approx(frame.MIN_SPAN_DEG)
    assert core.west < RAQQA.west and RAQQA.east < core.east


@given(extents)
def test_a_view_holds_its_core_with_the_margin(core: Extent) -> None:
    core = frame.grow_to(core, 1.0)
    seen = frame.view(core, 1280, 720, 32)
    assert seen.west <= core.west + 1e-9 and core.east <= seen.east + 1e-9 or seen.east - seen.west >= 360 - 1e-6
    assert seen.south <= core.south + 1e-6 and core.north <= seen.north + 1e-6 or seen.north > 84.9 or seen.south < -84.9


def test_extents_meet_across_the_date_line() -> None:
    assert frame.intersects(Extent(170, 0, 190, 10), Extent(-178, 5, -177, 6))
    assert not frame.intersects(Extent(170, 0, 178, 10), Extent(-178, 5, -177, 6))


def test_no_extent_has_no_union() -> None:
    with pytest.raises(ValueError, match="no extent"):
        frame.union([])


def test_a_circle_is_as_wide_as_it_says() -> None:
    circle = frame.circle_extent(39.0, 36.0, 10_000)
    assert frame.width_km(circle) == pytest.approx(20, rel=0.01)
    assert circle.north - circle.south == pytest.approx(20 / 111.2, rel=0.01)


@given(st.lists(extents, min_size=1, max_size=9))
def test_a_union_in_columns_is_that_of_the_extents_one_by_one(found: list[Extent]) -> None:
    west, south, east, north = np.array(found, float).reshape(-1, 4).T
    assert frame.union_of(west, east - west, south, north) == pytest.approx(frame.union(found))
