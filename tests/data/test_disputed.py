"""Disputed land is inside every claimant, in no country's own part, and edged by dashes wherever land meets it."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import shapely
import yaml
from shapely.geometry import Point

from geo.geometry import areas, basemap, packed, spots

CASES: dict[str, dict[str, Any]] = {
    case["id"]: case
    for case in yaml.safe_load((files("geo") / "data" / "disputed.yaml").read_text(encoding="utf-8"))["cases"]
}
DRAWN = [case for case in CASES.values() if case.get("drawn", True)]

INSIDE = {
    "golan": [(35.8, 33.0), (35.75, 33.13)],
    "crimea": [(34.1, 44.95), (33.52, 44.6)],
    "ukraine-2022": [(37.8, 48.0), (39.3, 48.57), (35.14, 47.84), (32.62, 46.64)],
    "west-bank": [(35.26, 32.22), (35.1, 31.53), (35.24, 31.79), (35.234, 31.776)],
    "gaza": [(34.45, 31.5)],
    "western-sahara": [(-13.2, 27.12), (-15.5, 23.0), (-11.67, 26.74), (-9.5, 26.6)],
    "kashmir": [(74.8, 34.08), (77.58, 34.16), (74.3, 35.92), (73.47, 34.37), (77.1, 35.45)],
    "aksai-chin": [(79.4, 35.2)],
    "arunachal": [(91.87, 27.58), (95.3, 28.1)],
    "abkhazia": [(41.0, 43.0)],
    "south-ossetia": [(43.97, 42.23), (43.92, 42.39)],
    "northern-cyprus": [(33.32, 35.33)],
    "kosovo": [(21.16, 42.66), (20.87, 42.89)],
    "somaliland": [(44.06, 9.56)],
    "taiwan": [(121.5, 25.0)],
    "abyei": [(28.43, 9.6)],
    "halaib": [(36.4, 22.3)],
    "ilemi": [(35.0, 4.8)],
    "spratly": [],
}
OUTSIDE = {
    "golan": [(35.57, 32.96), (35.57, 33.21), (35.58, 33.28), (35.97, 33.13), (35.53, 32.8), (35.65, 32.55)],
    "crimea": [(33.6, 46.6), (36.9, 45.2)],
    "ukraine-2022": [(36.23, 49.99), (35.04, 48.46)],
    "west-bank": [(34.78, 32.08), (35.205, 31.776), (35.185, 31.755), (35.93, 31.95)],
    "gaza": [(34.57, 31.67), (34.2, 31.13)],
    "western-sahara": [(-11.1, 28.44), (-17.03, 20.95 - 0.3)],
    "kashmir": [(74.35, 31.55), (74.87, 31.63), (73.05, 33.6)],
    "aksai-chin": [(77.58, 34.16), (80.1, 32.5), (79.9, 37.1)],
    "arunachal": [(91.74, 26.14), (94.36, 29.65)],
    "abkhazia": [(41.87, 42.51), (39.73, 43.6)],
    "south-ossetia": [(44.11, 41.98), (44.67, 43.02)],
    "northern-cyprus": [(33.62, 34.92), (33.35, 35.12)],
    "kosovo": [(21.43, 42.0), (21.9, 43.32)],
    "somaliland": [(48.48, 8.4), (43.15, 11.59)],
    "taiwan": [(118.1, 24.6)],
    "abyei": [(29.7, 11.0), (28.4, 8.77)],
    "halaib": [(35.5, 23.94), (37.2, 21.5)],
    "ilemi": [(35.6, 3.12)],
    "spratly": [(117.0, 5.9)],
}


def test_every_case_that_is_in_reach_is_listed() -> None:
    assert set(CASES) == set(INSIDE) == set(OUTSIDE)


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case["id"])
def test_a_case_has_names_claimants_units_and_a_written_source(case: dict[str, Any]) -> None:
    assert case["names"]["en"] and len(case["source"]) > 20
    assert case["claimants"] and all(len(code) == 2 and code.isupper() for code in case["claimants"])
    assert case.get("units") or case.get("cuts")
    if case.get("label"):
        assert set(case["names"]) >= {"en", "fr", "ar", "ru", "uk", "he", "de", "es"}


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case["id"])
def test_the_data_carries_the_case_as_it_is_written(case: dict[str, Any]) -> None:
    (held,) = [c for c in packed.cases() if c["id"] == case["id"]]
    assert held["claimants"] == case["claimants"]
    assert held["names"] == case["names"]
    assert held["drawn"] == case.get("drawn", True) and held["label"] == case.get("label", False)
    cut = {part["id"] for part in case.get("cuts", ())}
    assert cut <= set(held["units"])
    for pattern in case.get("units", ()):
        assert any(unit == pattern or pattern.endswith("*") and unit.startswith(pattern[:-1]) for unit in held["units"])


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case["id"])
def test_the_territory_lies_where_it_should(case: dict[str, Any]) -> None:
    area = areas.outline(f"case:{case['id']}")
    assert area.is_valid
    for point in INSIDE[case["id"]]:
        assert area.contains(Point(point)), point
    for point in OUTSIDE[case["id"]]:
        assert not area.intersects(Point(point)), point


@pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case["id"])
def test_the_territory_lies_inside_every_claimant(case: dict[str, Any]) -> None:
    area = areas.outline(f"case:{case['id']}")
    for code in case["claimants"]:
        assert areas.outline(f"country:{code}").buffer(1e-9).contains(area), code
    for point in INSIDE[case["id"]]:
        assert set(areas.countries_at(point)) == set(case["claimants"]), point


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case["id"])
def test_the_territory_is_no_part_of_any_undisputed_country(case: dict[str, Any]) -> None:
    area = areas.outline(f"case:{case['id']}")
    for name in packed.objects():
        if name.startswith("country:"):
            other = areas.outline(name.replace("country:", "undisputed:"))
            if other.intersects(area):
                assert other.intersection(area).area < 1e-9, name


@pytest.mark.parametrize("case", DRAWN, ids=lambda case: case["id"])
def test_every_land_edge_of_the_territory_is_dashed_and_none_is_a_country_border(case: dict[str, Any]) -> None:
    area = areas.outline(f"case:{case['id']}")
    west, south, east, north = area.bounds
    clipped = basemap.clip((west - 0.2, south - 0.2, east + 0.2, north + 0.2), 0)
    coast = shapely.union_all([shapely.linearrings(ring) for polygon in clipped.land for ring in polygon])
    land_edge = area.boundary.difference(coast)
    dashed = shapely.union_all([shapely.linestrings(line) for line in clipped.disputed])
    solid = shapely.union_all([shapely.linestrings(line) for line in clipped.country])
    assert land_edge.difference(dashed.buffer(1e-7)).length < 1e-6
    assert solid.intersection(area.boundary).length < 1e-6


def test_the_golan_is_cut_off_from_israel_and_from_syria_by_dashes() -> None:
    dashed = shapely.union_all([shapely.linestrings(x) for x in basemap.clip((35, 32, 37, 34), 0).disputed])
    for here, there in [((35.8, 33.0), (35.5, 33.0)), ((35.8, 33.0), (36.2, 33.0))]:
        assert shapely.LineString([here, there]).intersects(dashed)


def test_crimea_is_not_cut_off_from_ukraine_by_a_solid_border() -> None:
    clipped = basemap.clip((31.0, 43.5, 38.0, 48.0), 0)
    solid = shapely.union_all([shapely.linestrings(line) for line in clipped.country])
    dashed = shapely.union_all([shapely.linestrings(line) for line in clipped.disputed])
    way = shapely.LineString([(34.0, 45.3), (33.6, 46.6)])
    assert way.intersects(dashed) and not way.intersects(solid)


def test_the_occupied_oblasts_stay_in_ukraine_on_the_map() -> None:
    for unit in CASES["ukraine-2022"]["units"]:
        assert areas.outline("undisputed:UA").buffer(1e-9).contains(areas.outline(f"province:{unit}"))
    assert "case:ukraine-2022" not in spots.country_spots([(30.0, 45.0, 41.0, 51.0)])


def test_the_line_of_control_in_kashmir_is_dashed() -> None:
    dashed = shapely.union_all([shapely.linestrings(x) for x in basemap.clip((72, 32, 80, 38), 0, ["IN", "PK"]).disputed])
    assert shapely.LineString([(74.3, 35.92), (74.8, 34.08)]).intersects(dashed)


def test_no_territory_of_another_kind_is_left_without_a_country() -> None:
    for unit in packed.units():
        assert bool(unit.get("country")) != bool(unit.get("case")), unit["id"]
        assert unit["names"]["en"]
