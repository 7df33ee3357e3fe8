"""Outlines are what their references say, and positions lie inside them."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from geo.geometry import areas, packed
from geo.geometry.sphere import LonLat, distance_m

UNITS = packed.load("world").head["objects"][: len(packed.units())]
COUNTRIES = sorted({unit["country"] for unit in packed.units() if unit.get("country")})


def test_aleppo_province_contains_aleppo_and_not_raqqa() -> None:
    province = areas.outline("province:SY-HL")
    assert province.contains(Point(37.16, 36.20))
    assert not province.contains(Point(39.01, 35.95))


@pytest.mark.parametrize(
    ("ref", "lon", "lat"),
    [
        ("country:SY", 39.01, 35.95),
        ("country:UA", 30.52, 50.45),
        ("country:FR", 2.35, 48.86),
        ("country:FJ", 178.44, -18.12),
        ("country:FJ", -178.95, -17.22),
        ("province:SY-ID", 36.63, 35.93),
        ("province:KR-11", 126.98, 37.57),
        ("province:AF-URU", 65.87, 32.63),
        ("union:province:EG-SIN+province:EG-JS", 33.8, 29.5),
    ],
)
def test_an_outline_contains_what_lies_in_it(ref: str, lon: float, lat: float) -> None:
    assert areas.outline(ref).distance(Point(lon, lat)) < 0.05


def test_every_unit_is_valid_and_within_the_world() -> None:
    for unit in UNITS:
        area = areas.outline(f"province:{unit}")
        assert area.is_valid and not area.is_empty, unit
        west, south, east, north = area.bounds
        assert -180 <= west < east <= 180 and -90 <= south < north <= 90, unit


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_country_is_valid_and_has_a_point_inside(code: str) -> None:
    area = areas.outline(f"country:{code}")
    assert area.is_valid and area.geom_type in ("Polygon", "MultiPolygon")
    assert area.contains(Point(areas.inner_point(area)))


def test_units_of_a_country_do_not_overlap_and_make_the_country() -> None:
    parts = [areas.outline(f"province:{u['id']}") for u in packed.units() if u.get("country") == "SY"]
    assert sum(p.area for p in parts) == pytest.approx(areas.outline("undisputed:SY").area, rel=1e-9)
    assert shapely.coverage_is_valid(parts)


def test_an_outline_is_opened_once() -> None:
    assert areas.outline("country:JO") is areas.outline("country:JO")


@pytest.mark.parametrize("ref", ["country:ZZ", "province:SY-XX", "case:atlantis", "undisputed:TW", "sea:nowhere"])
def test_an_area_that_the_data_does_not_have_is_said_by_name(ref: str) -> None:
    with pytest.raises(areas.UnknownArea, match=ref):
        areas.outline(ref)


@pytest.mark.parametrize("ref", ["syria", "planet:mars", "circle:39,35", "circle:a,b,c", "circle:39,35,0", "country:"])
def test_a_reference_that_cannot_be_read_is_refused(ref: str) -> None:
    with pytest.raises(ValueError):
        areas.outline(ref)


def test_the_inner_point_of_jordan_is_well_inside() -> None:
    jordan = areas.outline("country:JO")
    point = areas.inner_point(jordan)
    assert jordan.contains(Point(point))
    assert jordan.boundary.distance(Point(point)) > 0.5


def test_the_inner_point_of_a_crescent_is_in_the_crescent() -> None:
    crescent = Point(0, 0).buffer(10).difference(Point(3, 0).buffer(10))
    assert crescent.contains(Point(areas.inner_point(crescent)))


def test_an_area_without_extent_has_no_inner_point() -> None:
    with pytest.raises(ValueError, match="empty"):
        areas.inner_point(shapely.Polygon())


centres = st.builds(LonLat, st.floats(-180, 180), st.floats(-80, 80))


@settings(deadline=None)
@given(centres, st.floats(50, 500_000))
def test_corners_of_a_circle_lie_at_its_radius(centre: LonLat, radius: float) -> None:
    circle = areas.circle(centre, radius)
    assert circle.is_valid
    corners = [p for p in shapely.get_coordinates(circle).tolist() if abs(p[0]) < 179.999999]
    # A corner may be as close to another as the numbers allow; none is off the circle by more than a centimetre.
    assert all(distance_m(centre, p) == pytest.approx(radius, rel=1e-6, abs=0.01) for p in corners)


def test_a_circle_over_the_antimeridian_is_cut() -> None:
    circle = areas.circle(LonLat(179.9, 0), 50_000)
    assert circle.geom_type == "MultiPolygon"
    assert circle.bounds[0] == -180 and circle.bounds[2] == 180
    assert circle.contains(Point(179.9, 0)) and circle.contains(Point(-179.9, 0))
    assert circle.area < 1


def test_a_circle_round_the_pole_holds_the_pole() -> None:
    circle = areas.circle(LonLat(10, 89), 300_000)
    assert circle.is_valid
    assert circle.intersects(Point(0, 90)) and circle.contains(Point(-170, 89.5)) and not circle.contains(Point(10, 85))


@pytest.mark.parametrize("radius", [0, -5, 2e7])
def test_a_circle_needs_a_radius_of_this_world(radius: float) -> None:
    with pytest.raises(ValueError, match="circle"):
        areas.circle(LonLat(0, 0), radius)


def test_a_sea_is_its_hull_without_the_land() -> None:
    water = areas.sea(box(47, 23, 57, 31))
    assert water.is_valid
    assert water.contains(Point(51.5, 27.5))
    assert not water.intersects(Point(51.2, 25.2))  # Doha's peninsula


def test_land_of_a_box_is_part_of_all_land() -> None:
    part = areas.land((34, 29, 43, 38))
    assert part.area == pytest.approx(areas.land().intersection(box(34, 29, 43, 38)).area, rel=1e-9)


def test_countries_at_sea_are_none() -> None:
    assert areas.countries_at((-30, 30)) == ()
    assert areas.countries_at((39.01 + 360, 35.95)) == ("SY",)
