"""Arcs are simplified once for all that is drawn of a frame, and what cannot be seen is not built."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Polygon, box

from geo.geometry import basemap, packed
from geo.geometry.detail import Detail, Window, detail, windows

WORLD = packed.load("world")
LAND = packed.objects()["land"]


def test_arcs_come_as_they_are_stored_where_nothing_may_be_off() -> None:
    stored = Detail(WORLD, 0.0)
    arcs = np.array([0, 7, 4000])
    stored.want(arcs)
    for arc in arcs.tolist():
        assert (stored.line(arc) == WORLD.degrees(arc)).all()
        assert (stored.line(~arc) == WORLD.degrees(arc)[::-1]).all()


@pytest.mark.parametrize(("coarse", "finer", "reach"), [(False, 0.0, 1.0), (True, 0.0, 2.0), (True, 0.12, 1.3)])
def test_arcs_stay_within_reach_of_their_tolerance_and_keep_their_ends(coarse: bool, finer: float, reach: float) -> None:
    tolerance = 0.8 if finer else 0.1
    simple = Detail(WORLD, tolerance, coarse, detail("world", finer, True) if finer else None)
    arcs = np.arange(0, len(WORLD.start) - 1, 97)
    simple.want(arcs)
    for arc in arcs.tolist():
        drawn, stored = simple.line(arc), WORLD.degrees(arc)
        assert (drawn[[0, -1]] == stored[[0, -1]]).all()
        assert len(drawn) <= len(stored)
        assert LineString(drawn).hausdorff_distance(LineString(stored)) <= reach * tolerance + 1e-9 or len(stored) < 3


def test_what_was_wanted_before_is_not_moved_by_what_is_wanted_later() -> None:
    once, bit_by_bit = Detail(WORLD, 0.05), Detail(WORLD, 0.05)
    arcs = np.arange(500, 900)
    once.want(arcs)
    for part in (arcs[100:], arcs[:200], arcs):
        bit_by_bit.want(part)
    assert all((once.line(arc) == bit_by_bit.line(arc)).all() for arc in arcs.tolist())


@pytest.mark.parametrize("bounds", [(20.0, 18.0, 62.0, 44.0), (-12.6, 57.2, 47.6, 71.5), (100.0, -12.0, 130.0, 20.0)])
def test_a_window_shows_the_land_that_lies_in_it(bounds: tuple[float, float, float, float]) -> None:
    parts = list(Window(Detail(WORLD, 0.0), bounds).polygons([LAND]))
    whole = [Polygon(one.rings[0], one.rings[1:]) for one in parts if one.whole]
    assert whole and all(box(*bounds).covers(one) for one in whole)
    numbers = [one.number for one in parts]
    assert numbers == sorted(set(numbers))
    shells = [[WORLD.ring(arcs) for arcs in WORLD.rings(n)] for n in WORLD.polygons(LAND)]
    true = shapely.area(shapely.clip_by_rect([Polygon(rings[0], rings[1:]) for rings in shells], *bounds)).sum()
    drawn = sum(Polygon(one.rings[0], one.rings[1:]).area for one in parts)
    assert drawn == pytest.approx(true, rel=1e-9)


def test_no_polygon_is_smaller_than_what_was_asked_for() -> None:
    window = Window(Detail(WORLD, 0.02), (20.0, 34.0, 30.0, 42.0))
    every, large = list(window.polygons([LAND])), list(window.polygons([LAND], 0.05))
    assert len(large) < len(every)
    assert min(Polygon(one.rings[0]).area for one in large) >= 0.05
    assert {one.number for one in every if Polygon(one.rings[0]).area >= 0.05} == {one.number for one in large}


def test_a_frame_over_the_antimeridian_has_two_windows() -> None:
    assert windows(170.0, 190.0) == [(170.0, 180.0, 0.0), (-180.0, -170.0, 360.0)]


def test_short_rivers_and_small_lakes_can_be_left_out() -> None:
    frame = (25.0, 20.0, 60.0, 45.0)
    every, large = basemap.clip(frame, 0.02), basemap.clip(frame, 0.02, (), 1.5)
    assert 0 < len(large.lakes) < len(every.lakes)
    courses = [shapely.length(LineString(line)) for river in large.rivers for line in river.lines]
    assert min(courses) >= 1.5 > min(shapely.length(LineString(line)) for river in every.rivers for line in river.lines)
    assert "Euphrates" in {river.names.get("en") for river in large.rivers}
