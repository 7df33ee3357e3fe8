"""Sortie lines begin and end on the edges of their areas; cuts lie on ±180."""

from __future__ import annotations

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box

from geo.geometry import areas
from geo.geometry.arcs import cut_antimeridian, sortie_line
from geo.geometry.sphere import LonLat, distance_m, geodesic, unwrap

RAQQA = LonLat(39.01, 35.95)
points = st.builds(LonLat, st.floats(-180, 180), st.floats(-80, 80))


def length_m(line: list[LonLat]) -> float:
    return sum(distance_m(a, b) for a, b in zip(line, line[1:], strict=False))


def test_a_line_from_jordan_begins_at_its_edge_and_ends_on_the_target_circle() -> None:
    jordan = areas.outline("country:JO")
    start = areas.inner_point(jordan)
    line = sortie_line(start, jordan, None, RAQQA, 10_000.0, None)
    assert jordan.boundary.distance(Point(line[0])) < 0.0001
    assert distance_m(line[-1], RAQQA) == pytest.approx(10_000, abs=2)
    whole = Geodesic.WGS84.Inverse(start.lat, start.lon, RAQQA.lat, RAQQA.lon)["s12"]
    assert length_m(line) == pytest.approx(whole - distance_m(start, line[0]) - 10_000, rel=0.001)
    assert not any(jordan.contains(Point(p)) for p in line[1:])


def test_every_point_of_a_line_is_on_the_geodesic() -> None:
    jordan = areas.outline("country:JO")
    start = areas.inner_point(jordan)
    for point in sortie_line(start, jordan, None, RAQQA, 10_000.0, None):
        detour = distance_m(start, point) + distance_m(point, RAQQA) - distance_m(start, RAQQA)
        assert detour == pytest.approx(0, abs=0.01)


def test_a_line_begins_at_the_last_exit_of_an_area_in_two_parts() -> None:
    origin = MultiPolygon([box(0, -1, 2, 1), box(4, -1, 6, 1)])
    line = sortie_line((1, 0), origin, None, (10, 0), None, None)
    assert line[0].lon == pytest.approx(6, abs=0.001)
    assert line[-1] == (10, 0)


def test_a_line_ends_where_it_first_reaches_the_target() -> None:
    target = MultiPolygon([box(4, -1, 6, 1), box(8, -1, 12, 1)])
    line = sortie_line((0, 0), None, 1000.0, (10, 0), None, target)
    assert distance_m(line[0], (0, 0)) == pytest.approx(1000, abs=2)
    assert line[-1].lon == pytest.approx(4, abs=0.001)


def test_a_line_without_areas_joins_the_points() -> None:
    line = sortie_line((0, 0), None, None, (1, 1), None, None)
    assert (line[0], line[-1]) == ((0, 0), (1, 1))


@pytest.mark.parametrize(
    ("origin", "target_radius"),
    [(box(-1, -1, 3, 1), None), (box(-1, -1, 1.5, 1), 80_000.0)],
    ids=["the target lies inside the origin", "the origin reaches into the target's circle"],
)
def test_areas_that_overlap_leave_the_straight_way(origin: Polygon, target_radius: float | None) -> None:
    assert sortie_line((0, 0), origin, None, (2, 0), target_radius, None) == [(0, 0), (2, 0)]


def test_origin_and_target_on_one_spot_give_two_equal_points() -> None:
    assert sortie_line(RAQQA, None, None, RAQQA, 5_000.0, None) == [RAQQA, RAQQA]


@given(points, points, st.floats(1, 100_000), st.floats(1, 100_000))
def test_a_line_between_circles_is_shorter_by_both_radii(a: LonLat, b: LonLat, r: float, s: float) -> None:
    line = sortie_line(a, None, r, b, s, None)
    whole = distance_m(a, b)
    expected = whole - r - s if whole - r - s > 1 else whole
    assert length_m(line) == pytest.approx(expected, rel=1e-3, abs=0.1)
    assert all(abs(q.lon - p.lon) <= 180 for p, q in zip(line, line[1:], strict=False))


def test_a_line_over_the_pacific_is_cut_at_the_antimeridian() -> None:
    pieces = cut_antimeridian(geodesic((170, 10), (-170, 20), 100_000))
    assert [len(piece) > 1 for piece in pieces] == [True, True]
    assert pieces[0][-1].lon == 180
    assert pieces[1][0].lon == -180
    assert pieces[0][-1].lat == pieces[1][0].lat


def test_a_line_that_touches_the_antimeridian_and_comes_back_is_one_piece() -> None:
    assert cut_antimeridian([(170, 0), (180, 5), (170, 10)]) == [[(170, 0), (180, 5), (170, 10)]]


def test_a_line_from_the_antimeridian_lies_on_the_side_that_it_goes_to() -> None:
    assert cut_antimeridian([(180, 0), (190, 0)]) == [[(-180, 0), (-170, 0)]]
    assert cut_antimeridian([(180, 0), (170, 0)]) == [[(180, 0), (170, 0)]]


@given(st.lists(points, min_size=2, max_size=8))
def test_cut_pieces_stay_in_the_world_and_keep_the_line(line: list[LonLat]) -> None:
    pieces = cut_antimeridian(line)
    assert all(-180 <= p.lon <= 180 for piece in pieces for p in piece)
    for before, after in zip(pieces, pieces[1:], strict=False):
        assert abs(before[-1].lon) == abs(after[0].lon) == 180
        assert before[-1].lon == -after[0].lon
        assert before[-1].lat == after[0].lat
    whole = unwrap(line)
    run = sum(abs(b.lon - a.lon) for a, b in zip(whole, whole[1:], strict=False))
    cut = sum(abs(b.lon - a.lon) for piece in pieces for a, b in zip(piece, piece[1:], strict=False))
    assert cut == pytest.approx(run, abs=1e-6)
    assert all(abs(b.lon - a.lon) <= 180 for piece in pieces for a, b in zip(piece, piece[1:], strict=False))
