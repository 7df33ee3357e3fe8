"""What the page draws under its marks: clipped, simplified on shared arcs, packed the same way each time."""

from __future__ import annotations

import base64
import subprocess
import sys
import zlib
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from geo.geometry import areas, basemap
from geo.geometry.detail import unwrapped

LEVANT = (20.0, 18.0, 62.0, 44.0)
FIJI = (174.0, -23.0, -174.0, -10.0)


def area_of(polygons: list[list[Any]]) -> Any:
    return shapely.union_all([areas.polygonal(Polygon(p[0], p[1:])) for p in polygons])


def lines_of(lines: list[Any]) -> Any:
    return shapely.union_all([shapely.linestrings(line) for line in lines])


def decode(base: dict[str, Any]) -> dict[str, list[list[list[tuple[int, int]]]]]:
    """The page's own way of reading, digit by digit."""
    data = zlib.decompress(base64.b64decode(base["data"]), -15)
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def zigzag() -> int:
        n = number()
        return -(n + 1) // 2 if n % 2 else n // 2

    def line() -> list[tuple[int, int]]:
        x = y = 0
        out = []
        for _ in range(number()):
            x += zigzag()
            y += zigzag()
            out.append((x, y))
        return out

    layers = {
        layer["name"]: [[line() for _ in range(count)] for count in layer["parts"]] for layer in base["layers"]
    }
    assert at == len(data)
    return layers


def test_the_levant_is_clipped_to_its_bounds() -> None:
    clipped = basemap.clip(LEVANT, 0.005, ["SY"])
    for _, kind, geometries in clipped.layers():
        rings = geometries if kind == "line" else [ring for polygon in geometries for ring in polygon]
        assert rings
        for ring in rings:
            low, high = ring.min(axis=0), ring.max(axis=0)
            assert low[0] >= 20 - 1e-9 and low[1] >= 18 - 1e-9 and high[0] <= 62 + 1e-9 and high[1] <= 44 + 1e-9


def test_clipped_land_is_the_land_of_the_box() -> None:
    land = area_of(basemap.clip((30.0, 28.0, 45.0, 40.0), 0).land)
    assert land.symmetric_difference(areas.land((30, 28, 45, 40))).area < 1e-6


def test_simplified_land_is_within_its_tolerance() -> None:
    fine, coarse = area_of(basemap.clip(LEVANT, 0).land), area_of(basemap.clip(LEVANT, 0.05).land)
    assert coarse.area == pytest.approx(fine.area, rel=0.002)
    assert shapely.get_num_coordinates(coarse) < shapely.get_num_coordinates(fine) / 2


def test_borders_and_outlines_coincide_when_simplified() -> None:
    bounds = (30.0, 26.0, 52.0, 40.0)
    clipped = basemap.clip(bounds, 0.03, ["SY"])
    borders = lines_of(clipped.province + clipped.country)
    (raqqa,) = basemap.clip_outline("province:SY-RA", bounds, 0.03)
    assert shapely.linearrings(raqqa[0]).difference(borders).length < 1e-9


def test_borders_end_on_the_coast_that_is_drawn() -> None:
    bounds = (30.0, 26.0, 45.0, 40.0)
    clipped = basemap.clip(bounds, 0.03)
    coast = shapely.union_all([shapely.linearrings(ring) for polygon in clipped.land for ring in polygon])
    israel_lebanon = min(clipped.country + clipped.disputed, key=lambda line: np.hypot(*(line[0] - (35.1, 33.09))))
    assert coast.distance(Point(israel_lebanon[0])) < 1e-9


def test_provinces_are_those_of_the_countries_that_were_asked_for() -> None:
    assert basemap.clip(LEVANT, 0.01).province == []
    syria = lines_of(basemap.clip(LEVANT, 0, ["SY"]).province)
    assert syria.length > 10
    assert areas.outline("country:SY").buffer(1e-6).contains(syria)


def test_a_frame_of_the_whole_turn_is_one_whatever_its_last_digit() -> None:
    west, south, east, north = unwrapped((-321.382, -85.0, 38.618, 21.203))
    assert east - west == 360.0 and (south, north) == (-85.0, 21.203)


def test_a_frame_over_the_antimeridian_is_unwrapped_and_without_a_seam() -> None:
    clipped = basemap.clip(FIJI, 0.002)
    assert clipped.bounds == (174, -23, 186, -10)
    land = area_of(clipped.land)
    assert land.bounds[0] > 174 and land.bounds[2] <= 186
    taveuni = min(clipped.land, key=lambda p: Polygon(p[0]).distance(Point(180.0, -16.8)))
    assert len({round(float(x), 6) for x, _ in taveuni[0] if x == 180}) <= 1
    assert basemap.clip((174, -23, 186, -10), 0.002).bounds == clipped.bounds


def test_chukotka_has_no_line_along_the_antimeridian() -> None:
    land = area_of(basemap.clip((160, 60, 200, 72), 0.01).land)
    assert land.contains(Point(180, 68))
    assert land.boundary.intersection(shapely.LineString([(180, 66), (180, 68.8)])).length == 0


@pytest.mark.parametrize("bounds", [(0, 0, 0, 10), (0, 10, 10, 10), (0, 0, 400, 10), (0, -95, 10, 0)])
def test_bounds_without_extent_are_refused(bounds: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="bounds"):
        basemap.clip(bounds, 0.01)


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(ValueError, match="tolerance"):
        basemap.clip(LEVANT, -1)


boxes = st.tuples(st.floats(-180, 179), st.floats(-85, 80), st.floats(0.5, 60), st.floats(0.5, 30)).map(
    lambda t: (t[0], t[1], t[0] + t[2], min(t[1] + t[3], 85.0))
)


@settings(deadline=None, max_examples=40)
@given(boxes, st.sampled_from([0.002, 0.01, 0.1]))
def test_any_frame_can_be_clipped_and_packed(bounds: tuple[float, float, float, float], tolerance: float) -> None:
    clipped = basemap.clip(bounds, tolerance)
    layers = decode_counts(basemap.encode(clipped.layers()))
    assert set(layers) == {"land", "lakes", "river", "province", "country", "disputed"}
    west, south, east, north = clipped.bounds
    for polygon in clipped.land:
        for ring in polygon:
            assert (ring[0] == ring[-1]).all()
            assert ring[:, 0].min() >= west - 1e-6 and ring[:, 0].max() <= east + 1e-6
            assert ring[:, 1].min() >= south - 1e-6 and ring[:, 1].max() <= north + 1e-6


def decode_counts(base: dict[str, Any]) -> dict[str, int]:
    return {layer["name"]: sum(layer["parts"]) for layer in base["layers"]}


coordinates = st.tuples(st.floats(-400, 400), st.floats(-90, 90))


@settings(deadline=None)
@given(st.lists(st.lists(coordinates, min_size=2, max_size=20), max_size=5), st.sampled_from([100, 1000, 10_000]))
def test_packed_lines_come_back_to_half_a_unit(lines: list[list[tuple[float, float]]], q: int) -> None:
    back = decode(basemap.encode([("a", "line", lines)], q))["a"][0]
    kept = [line for line in lines if len({(round(x * q), round(y * q)) for x, y in line}) > 1]
    assert len(back) == len(kept)
    for line, packed_line in zip(kept, back, strict=True):
        assert packed_line[0] == pytest.approx((line[0][0] * q, line[0][1] * q), abs=0.500001)
        assert packed_line[-1] == pytest.approx((line[-1][0] * q, line[-1][1] * q), abs=0.500001)


def test_packing_keeps_shells_and_holes_together() -> None:
    ring = box(0, 0, 4, 4).difference(box(1, 1, 2, 2))
    two = shapely.MultiPolygon([ring, box(10, 10, 11, 11)])
    speck = box(20, 20, 20.00001, 20.00001)
    base = basemap.encode([("shape:x", "polygon", [two, speck]), ("none", "line", [])], 1000)
    assert base["layers"] == [
        {"name": "shape:x", "type": "polygon", "parts": [2, 1]},
        {"name": "none", "type": "line", "parts": [0]},
    ]
    shell, hole = decode(base)["shape:x"][0]
    assert Polygon(shell, [hole]).area == pytest.approx(15e6)


def test_packing_refuses_another_type_of_layer() -> None:
    with pytest.raises(ValueError, match="polygon"):
        basemap.encode([("a", "point", [])])


def test_the_same_frame_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "from geo.geometry import basemap;"
        f"print(basemap.encode(basemap.clip({LEVANT}, 0.005, ['SY', 'IQ']).layers())['data'])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_the_base_of_the_levant_fits_its_budget() -> None:
    base = basemap.encode(basemap.clip(LEVANT, 0.006, ["SY"]).layers())
    assert len(base["data"]) <= 60_000


def test_the_overview_is_small_and_looks_like_the_world() -> None:
    assert len(basemap.encode([("world", "polygon", basemap.world((10, 5, 80, 55)))])["data"]) <= 6_000
    land = area_of(basemap.world())
    for lon, lat in [(38, 35), (2, 47), (-100, 40), (134, -25), (20, 0), (-60, -10)]:
        assert land.contains(Point(lon, lat))
    for lon, lat in [(-30, 30), (80, -20), (18, 35), (38.5, 20), (51, 42), (-150, 0)]:
        assert not land.contains(Point(lon, lat))


def test_the_overview_is_clipped_when_a_box_is_given() -> None:
    land = area_of(basemap.world((20, 10, 70, 50)))
    assert land.bounds[0] >= 20 and land.bounds[2] <= 70


def test_the_euphrates_is_a_named_river_by_raqqa() -> None:
    rivers = {river.names.get("en"): river for river in basemap.clip((38.0, 35.0, 40.0, 37.0), 0.002).rivers}
    euphrates = lines_of(rivers["Euphrates"].lines)
    assert euphrates.distance(Point(39.01, 35.95)) < 0.15
    assert rivers["Euphrates"].names["ar"] == "الفرات"
