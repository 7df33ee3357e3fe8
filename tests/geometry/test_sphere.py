"""Distances, bearings and lines agree with the geodesic, all round the world."""

from __future__ import annotations

import math

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from geo.geometry.sphere import LonLat, bearing, destination, distance_m, geodesic, unwrap, wrap

lons = st.floats(-180, 180, allow_nan=False)
lats = st.floats(-89.5, 89.5, allow_nan=False)
points = st.builds(LonLat, lons, lats)

RAQQA = LonLat(39.01, 35.95)
PARIS = LonLat(2.3522, 48.8566)


def test_raqqa_is_3300_km_from_paris() -> None:
    assert distance_m(PARIS, RAQQA) == pytest.approx(3_330_000, rel=0.01)


def test_one_degree_of_the_equator_is_111_km() -> None:
    assert distance_m((0, 0), (1, 0)) == pytest.approx(111_319.49, abs=0.01)


def test_distance_is_the_short_way_over_the_antimeridian() -> None:
    assert distance_m((179.5, 0), (-179.5, 0)) == pytest.approx(111_319.49, abs=0.01)


@pytest.mark.parametrize(("to", "degrees"), [((0, 1), 0), ((1, 0), 90), ((0, -1), 180), ((-1, 0), 270), ((0, 0), 0)])
def test_bearing_runs_clockwise_from_north(to: tuple[float, float], degrees: float) -> None:
    assert bearing((0, 0), to) == pytest.approx(degrees)


@given(points, st.floats(0, 360), st.floats(1, 5_000_000))
def test_destination_lies_at_the_distance_that_was_asked_for(a: LonLat, azimuth: float, metres: float) -> None:
    assert distance_m(a, destination(a, azimuth, metres)) == pytest.approx(metres, rel=1e-6, abs=1e-3)


@given(points, points)
def test_distance_is_the_same_both_ways(a: LonLat, b: LonLat) -> None:
    assert distance_m(a, b) == pytest.approx(distance_m(b, a), abs=1e-3)


@given(points, points)
def test_a_geodesic_is_as_long_as_geographiclib_says(a: LonLat, b: LonLat) -> None:
    line = geodesic(a, b, 200_000)
    length = sum(distance_m(p, q) for p, q in zip(line, line[1:], strict=False))
    assert length == pytest.approx(Geodesic.WGS84.Inverse(a.lat, a.lon, b.lat, b.lon)["s12"], rel=1e-3, abs=0.01)


@given(points, points)
def test_a_geodesic_begins_and_ends_exactly_and_never_steps_over_180_degrees(a: LonLat, b: LonLat) -> None:
    line = geodesic(a, b, 500_000)
    assert line[0] == a
    assert line[-1].lat == b.lat
    assert (line[-1].lon - b.lon) % 360 == pytest.approx(0, abs=1e-9) or (line[-1].lon - b.lon) % 360 > 359.999
    assert all(abs(q.lon - p.lon) <= 180 for p, q in zip(line, line[1:], strict=False))


@given(points, points)
def test_steps_of_a_geodesic_are_equal_and_no_longer_than_asked(a: LonLat, b: LonLat) -> None:
    line = geodesic(a, b, 300_000)
    steps = [distance_m(p, q) for p, q in zip(line, line[1:], strict=False)]
    assert max(steps) <= 300_000.1
    assert max(steps) - min(steps) < 0.1


def test_the_end_of_a_short_line_keeps_every_bit() -> None:
    assert geodesic((39.1, 35.9), (39.2, 36.1), 1e6) == [(39.1, 35.9), (39.2, 36.1)]


def test_a_geodesic_without_length_has_two_points() -> None:
    assert geodesic(RAQQA, RAQQA) == [RAQQA, RAQQA]


@pytest.mark.parametrize("step", [0, -1, math.nan])
def test_a_step_must_be_above_zero(step: float) -> None:
    with pytest.raises(ValueError, match="step_m"):
        geodesic(PARIS, RAQQA, step)


def test_unwrap_goes_on_over_the_antimeridian() -> None:
    assert unwrap([(170, 0), (-170, 1), (-150, 2), (170, 3)]) == [(170, 0), (190, 1), (210, 2), (170, 3)]


@given(st.lists(points, min_size=1))
def test_unwrap_moves_points_by_whole_turns_only(line: list[LonLat]) -> None:
    out = unwrap(line)
    assert out[0] == line[0]
    for before, after in zip(line, out, strict=True):
        turns = (after.lon - before.lon) / 360
        assert turns == pytest.approx(round(turns), abs=1e-9)
        assert after.lat == before.lat
    assert all(abs(q.lon - p.lon) <= 180 + 1e-9 for p, q in zip(out, out[1:], strict=False))


@given(st.floats(-1000, 1000))
def test_wrap_stays_within_the_world(lon: float) -> None:
    assert -180 <= wrap(lon) < 180
    assert math.cos(math.radians(wrap(lon))) == pytest.approx(math.cos(math.radians(lon)), abs=1e-9)
