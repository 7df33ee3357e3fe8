"""The map follows the story: another place, another number, another country, and everything with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo.api import BuildOptions, build_story
from geo.geometry import areas, sphere
from tests.golden import MAPS

STORY = MAPS / "2015-11-17-raqqa.yaml"

UKRAINE = """\
title: Three strikes in Ukraine
lang: en
languages: [en, fr]
sources:
  paper: {publisher: A newspaper, published: 2024-03-22, language: en}
events:
  - {id: one, kind: strike, date: 2024-03-22, place: Kharkiv, country: UA, title: A power station, sources: [paper]}
  - {id: two, kind: strike, date: 2024-03-22, place: Odesa, country: UA, title: The port, origin: Crimea, sources: [paper]}
  - {id: three, kind: strike, date: 2024-03-23, place: Kherson Oblast, country: UA, title: Villages, strikes_min: 3,
     strikes_max: 5, sources: [paper]}
"""


def features(path: Path) -> dict[str, dict[str, Any]]:
    built = build_story(path, BuildOptions(formats=("geojson",)))
    return {feature["id"]: feature for feature in json.loads(built.outputs["geojson"])["features"]}


@pytest.fixture(scope="module")
def raqqa() -> dict[str, dict[str, Any]]:
    return features(STORY)


def strikes_at(found: dict[str, dict[str, Any]], place: str) -> list[dict[str, Any]]:
    return [f for f in found.values() if f["properties"]["kind"] == "strike" and f["properties"]["place_id"] == place]


def test_three_strikes_stand_at_raqqa(raqqa: dict[str, dict[str, Any]]) -> None:
    strikes = strikes_at(raqqa, "raqqa")
    assert len(strikes) == 3
    for strike in strikes:
        assert strike["geometry"]["type"] == "Point"
        assert sphere.distance_m(strike["geometry"]["coordinates"], (39.01, 35.95)) < 5_000
        assert strike["properties"]["precision"] == "city"
        assert strike["properties"]["radius_m"] == 10_000


@pytest.mark.parametrize(("event", "city"), [("russia-aleppo", (37.16, 36.2)), ("russia-idlib", (36.63, 35.93))])
def test_a_province_is_an_area_that_holds_its_city_and_not_raqqa(
    raqqa: dict[str, dict[str, Any]], event: str, city: tuple[float, float]
) -> None:
    from shapely.geometry import Point, shape

    polygon = shape(raqqa[event]["geometry"])
    assert polygon.geom_type in {"Polygon", "MultiPolygon"}
    assert polygon.is_valid
    assert polygon.contains(Point(city))
    assert not polygon.contains(Point(39.01, 35.95))


def test_one_mission_of_ten_flies_two_lines_and_neither_has_a_number(raqqa: dict[str, dict[str, Any]]) -> None:
    lines = [f for f in raqqa.values() if f["properties"]["kind"] == "sortie"]
    assert [line["properties"]["origin"] for line in lines] == ["jordan", "gulf-region"]
    assert {line["properties"]["mission"] for line in lines} == {"france-second-night"}
    assert all(line["properties"]["route"] == "unknown" for line in lines)
    assert all("aircraft_count" not in line["properties"] for line in lines)
    assert raqqa["france-second-series"]["properties"]["aircraft_count"] == 10


def test_a_line_runs_from_the_edge_of_its_origin_to_the_edge_of_its_target(raqqa: dict[str, dict[str, Any]]) -> None:
    from shapely.geometry import LineString, Point, shape

    built = json.loads(build_story(STORY, BuildOptions(formats=("geojson",))).outputs["geojson"])
    for line in (f for f in built["features"] if f["properties"]["kind"] == "sortie"):
        origin = built["places"][line["properties"]["origin"]]
        target = built["places"][line["properties"]["target"]]
        course = line["geometry"]["coordinates"]
        length = sum(sphere.distance_m(a, b) for a, b in zip(course, course[1:], strict=False))
        whole = sphere.geodesic(tuple(origin["position"]), tuple(target["position"]), 2_000)
        inside = shape(origin["outline"])
        last_in = max(i for i, point in enumerate(whole) if inside.contains(Point(point)))
        assert sphere.distance_m(whole[last_in], course[0]) <= 0.01 * length + 2_000
        assert sphere.distance_m(course[-1], target["position"]) == pytest.approx(target["radius_m"], rel=0.01)
        assert LineString(course).distance(Point(target["position"])) > 0.05


def test_other_places_and_numbers_are_followed(tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_text(
        STORY.read_text(encoding="utf-8")
        .replace("place: Raqqa", "place: Homs")
        .replace("aircraft_count: 10", "aircraft_count: 12"),
        encoding="utf-8",
    )
    found = features(copy)
    assert strikes_at(found, "raqqa") == []
    assert len(strikes_at(found, "homs")) == 3
    assert found["france-second-series"]["properties"]["aircraft_count"] == 12
    page = build_story(copy).outputs["html"].decode()
    assert "12 avions" in page.replace("\u202f", " ").replace("\u00a0", " ") or "12" in page
    assert "Homs" in page


def test_a_story_elsewhere_brings_its_own_coast_and_names(tmp_path: Path) -> None:
    story = tmp_path / "ukraine.yaml"
    story.write_text(UKRAINE, encoding="utf-8")
    found = features(story)
    assert found["one"]["geometry"]["type"] == "Point"
    assert found["three"]["geometry"]["type"] in {"Polygon", "MultiPolygon"}
    assert found["three"]["properties"]["strikes_max"] == 5
    scene_labels = {name for label in _scene(story).labels for name in _forms(label)}
    assert {"Ukraine", "Black Sea"} & scene_labels == {"Ukraine", "Black Sea"}
    assert "Syria" not in scene_labels


def test_crimea_is_given_to_nobody(tmp_path: Path) -> None:
    from shapely.geometry import Point

    simferopol = Point(34.1, 44.95)
    assert areas.outline("country:UA").contains(simferopol)
    assert areas.outline("country:RU").contains(simferopol)


def _scene(path: Path) -> Any:
    from geo.api import StrikeMap

    return StrikeMap(path).scene


def _forms(label: dict[str, Any]) -> list[str]:
    return [value if isinstance(value, str) else value[0] for value in label["names"].values()]
