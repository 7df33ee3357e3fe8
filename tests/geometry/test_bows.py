"""Bows: how far lines bend, which way, and how far apart they arrive."""

from __future__ import annotations

from math import atan, cos, degrees, hypot, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry.bows import MOST, Chord, bend, bow, resample, sagittas
from geo.geometry.plane import Point

TARGET = Point(0.0, 0.0)


def chord(bearing: float, px: float = 400.0, returns: bool = False) -> Chord:
    """A straight line that comes in from a direction in degrees."""
    turn = radians(bearing)
    return Chord(Point(px * cos(turn), px * sin(turn)), TARGET, turn, returns)


def arrivals(chords: list[Chord]) -> list[float]:
    """Directions back along the bowed lines, in degrees."""
    bows = sagittas(chords, 1)
    return [degrees(one.back - atan(4 * s / one.length)) % 360 for one, s in zip(chords, bows, strict=True)]


def test_longer_bends_more_and_the_shortest_stay_straight() -> None:
    assert bow(59) == 0
    assert 0.06 < bow(60) < bow(300) < bow(450) == bow(2000) == MOST


def test_a_lone_line_bows_to_the_emptier_side_and_a_returning_one_to_its_right() -> None:
    assert sagittas([chord(0)], -1)[0] == pytest.approx(-400 * bow(400))
    assert sagittas([chord(0, returns=True)], -1)[0] > 0


@given(st.lists(st.integers(0, 11), min_size=2, max_size=9, unique=True))
def test_lines_arrive_at_least_18_degrees_apart(bearings: list[int]) -> None:
    at = sorted(arrivals([chord(30.0 * n) for n in bearings]))
    gaps = [(b - a) % 360 for a, b in zip(at, [*at[1:], at[0] + 360], strict=True)]
    assert min(gaps) >= 18


def test_two_from_nearly_one_bearing_are_pushed_apart() -> None:
    a, b = arrivals([chord(10.0), chord(12.0)])
    assert abs(a - b) >= 18


@given(st.lists(st.floats(0, 360), min_size=1, max_size=12), st.floats(20, 900))
def test_no_bow_is_greater_than_the_greatest(bearings: list[float], px: float) -> None:
    for one, s in zip(chords := [chord(b, px) for b in bearings], sagittas(chords, 1), strict=True):
        assert abs(s) <= MOST * one.length + 1e-9


def test_a_bend_keeps_its_ends_and_stands_highest_in_the_middle() -> None:
    path = resample([Point(0, 0), Point(100, 0)], 11)
    bent = bend(path, 12.0)
    assert (bent[0], bent[-1]) == (path[0], path[-1])
    assert max(p.y for p in bent) == bent[5].y == pytest.approx(12.0)
    assert bend(path, 0.0) == path


def test_samples_lie_evenly() -> None:
    path = resample([Point(0, 0), Point(30, 0), Point(30, 70)], 21)
    steps = [hypot(b.x - a.x, b.y - a.y) for a, b in zip(path, path[1:], strict=False)]
    assert steps == pytest.approx([5.0] * 20)
