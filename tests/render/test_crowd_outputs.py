"""CSV and GeoJSON from columns are what single events give."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from geo.places.gazetteer import Gazetteer
from geo.read.tablestory import events_of
from geo.render.crowd.csv import render_crowd_csv
from geo.render.crowd.geojson import render_crowd_geojson
from geo.render.crowd.svg import render_crowd_svg
from geo.render.csv import render_csv
from geo.render.geojson import render_geojson
from geo.scene.build import build
from geo.scene.crowd import Crowd
from geo.scene.crowd.words import page_strings
from geo.scene.scene import Scene
from geo.scene.text import plain
from geo.tables import located_rows
from support.crowds import crowd_of, mixed

LANGUAGES = (("en",), ("fr", "ar", "en"), ("de",))


def one_by_one(found: Crowd) -> Scene:
    events, sources = events_of(found.table)
    story = dataclasses.replace(found.story, events=events, sources=sources)
    with Gazetteer.open(user=False) as gazetteer:
        located = dataclasses.replace(located_rows(found.table, story, gazetteer), attributions=found.attributions)
        return build(located, found.languages, gazetteer, basemap=False, refused=found.table.refused)


@pytest.fixture(scope="module", params=LANGUAGES)
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Crowd, Scene]:
    found = crowd_of(mixed(2500, 5), tmp_path_factory.mktemp("rows"), request.param)
    return found, one_by_one(found)


@pytest.mark.parametrize("raw", [True, False])
def test_csv_is_the_same(both: tuple[Crowd, Scene], raw: bool) -> None:
    found, scene = both
    assert render_crowd_csv(found, raw=raw).decode("utf-8").splitlines() == render_csv(scene, raw=raw).decode("utf-8").splitlines()
    assert render_crowd_csv(found, raw=raw) == render_csv(scene, raw=raw)


def test_geojson_is_the_same(both: tuple[Crowd, Scene]) -> None:
    found, scene = both
    mine, theirs = json.loads(render_crowd_geojson(found)), json.loads(render_geojson(scene))
    assert mine["strikemap"] == theirs["strikemap"] | {"counts": mine["strikemap"]["counts"]}
    assert mine["places"] == theirs["places"]
    for one, other in zip(mine["features"], theirs["features"], strict=True):
        for feature in (one, other):
            # A crowd may leave a few strays outside its map.
            feature["properties"].pop("on_map", None)
        assert one == other


def test_nothing_crosses_the_antimeridian_uncut(tmp_path: Path) -> None:
    text = "id,date,lat,lon,origin_lat,origin_lon\n" + "".join(f"e{n},1943-01-{n % 28 + 1:02d},{n / 10},{-170 - n / 40},10,{170 + n / 50}\n" for n in range(310))
    features = json.loads(render_crowd_geojson(crowd_of(text, tmp_path)))["features"]
    lines = [feature["geometry"] for feature in features if feature["properties"]["kind"] == "sortie"]
    assert len(lines) == 310
    for line in lines:
        parts = [line["coordinates"]] if line["type"] == "LineString" else line["coordinates"]
        assert line["type"] == "MultiLineString"
        for part in parts:
            assert all(abs(a[0] - b[0]) < 180 and abs(a[0]) <= 180 for a, b in zip(part, part[1:], strict=False))


def test_a_picture_counts_explains_and_names_the_makers(tmp_path: Path) -> None:
    found = crowd_of(mixed(800, 6, far=False), tmp_path, ("fr", "en"), basemap=True)
    found = dataclasses.replace(found, located=dataclasses.replace(found.located, attributions=("Makers of the table, CC BY",)))
    svg = render_crowd_svg(found).decode("utf-8")
    assert svg == render_crowd_svg(found).decode("utf-8")
    assert svg.count("<svg") >= 2
    assert "Makers of the table, CC BY" in svg
    for key in found.keys:
        assert plain(page_strings(found)["fr"][f"key.{key}"]).split()[0] in svg
    assert "script" not in re.sub("<desc.*?</desc>", "", svg)
