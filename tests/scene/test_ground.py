"""The ground of any frame: what it costs the page, where its edges lie, and which names it has."""

from __future__ import annotations

from typing import Any

import pytest
from shapely.geometry import Point

from geo.geometry import areas
from geo.geometry import frame as framing
from geo.geometry.frame import Extent
from geo.geometry.unpack import decode
from geo.places.gazetteer import Gazetteer
from geo.scene.ground import COARSE_KM, LARGE, WIDE_DEG, Ground, Taken, Turn, framed

WORLD = Extent(-109.3, -21.4, 177.5, 63.4)
PACIFIC = Extent(115.0, -25.0, 215.0, 45.0)
LEVANT = Extent(34.9, 33.0, 43.4, 37.2)
BALTIC = Extent(5.0, 58.0, 30.0, 71.0)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(user=False)


def drawn(core: Extent, gazetteer: Gazetteer, seas: list[str] | None = None) -> tuple[dict[str, Any], list[dict[str, Any]], Extent]:
    core, bounds, turn = framed(core)
    ground = Ground(("en",), gazetteer, True, turn)
    taken = Taken(any=True, countries=(), places=frozenset(), spots=[], seas=seas or [])
    base, labels, _ = ground.base(core, bounds, framing.view(core, *LARGE), taken, ground.overview(core, [core]), {})
    return base, labels, bounds


@pytest.mark.parametrize(
    "core",
    [WORLD, PACIFIC, Extent(-179, -60, 179, 75), Extent(-130, 10, 40, 70), Extent(-10, -35, 120, 60), Extent(100, -50, 280, 70)],
)
def test_a_map_of_half_the_world_or_more_fits_its_budget(core: Extent, gazetteer: Gazetteer) -> None:
    base, _, bounds = drawn(core, gazetteer)
    assert bounds.east - bounds.west > WIDE_DEG
    assert len(base["data"]) <= 60_000


@pytest.mark.parametrize("core", [WORLD, PACIFIC])
def test_the_edges_of_a_wide_map_lie_on_its_grid(core: Extent, gazetteer: Gazetteer) -> None:
    base, _, bounds = drawn(core, gazetteer)
    assert all(edge == int(edge) for edge in bounds)
    land = next(layer for layer in decode(base) if layer.name == "land")
    lats = [int(y) for ring in land.lines for y in ring[:, 1]]
    lons = [int(x) for ring in land.lines for x in ring[:, 0]]
    west, south, east, north = (round(edge * base["q"]) for edge in bounds)
    assert west <= min(lons) and max(lons) <= east and south <= min(lats) and max(lats) <= north
    assert north in lats or south in lats


def test_the_same_coast_is_drawn_in_fewer_points_where_the_map_is_wider(gazetteer: Gazetteer) -> None:
    near, far = drawn(LEVANT, gazetteer)[0], drawn(WORLD, gazetteer)[0]
    assert far["q"] < near["q"] / 10


def test_a_wide_map_names_its_great_seas_on_water(gazetteer: Gazetteer) -> None:
    assert framing.width_km(framing.view(framed(WORLD)[0], *LARGE)) > COARSE_KM
    labels = [label for label in drawn(WORLD, gazetteer)[1] if label["role"] == "sea"]
    assert {"Atlantic Ocean", "Indian Ocean", "Mediterranean Sea"} <= {label["names"]["en"] for label in labels}
    land = areas.land()
    for label in labels:
        assert not any(land.contains(Point((lon + 180) % 360 - 180, lat)) for lon, lat in label["at"]), label["names"]


def test_a_sea_that_the_frame_closes_keeps_its_name(gazetteer: Gazetteer) -> None:
    (baltic,) = [label for label in drawn(BALTIC, gazetteer)[1] if label["names"].get("en") == "Baltic Sea"]
    land = areas.land((0, 50, 40, 72))
    assert not any(land.contains(Point(at)) for at in baltic["at"])


def test_the_names_of_a_sea_keep_off_what_the_story_hatches(gazetteer: Gazetteer) -> None:
    named = {label["names"].get("en") for label in drawn(PACIFIC, gazetteer, ["sea:indian-ocean"])[1]}
    assert "Indian Ocean" not in named


def test_countries_of_a_wide_map_are_named_inside_themselves(gazetteer: Gazetteer) -> None:
    labels = {label["names"]["en"]: label for label in drawn(WORLD, gazetteer)[1] if label["role"] == "country"}
    for name, code in (("China", "CN"), ("Brazil", "BR"), ("Algeria", "DZ"), ("Canada", "CA")):
        area = areas.outline(f"country:{code}")
        assert all(area.contains(Point(at)) for at in labels[name]["at"]), name


def test_a_position_is_written_on_the_turn_of_the_frame() -> None:
    assert Turn(200.0).at((-170.0, 5.0)) == [190.0, 5.0]


def test_a_map_of_the_whole_world_is_not_cut_through_what_it_is_about() -> None:
    core, bounds, turn = framed(Extent(104.0, -46.0, 289.0, 71.0))
    assert bounds.east - bounds.west == pytest.approx(360, abs=1)
    assert bounds.west <= core.west and core.east <= bounds.east
    assert turn.middle == pytest.approx(196.5, abs=1)
