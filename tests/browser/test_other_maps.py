"""Our layers on someone else's `folium.Map`, and someone else's layers on ours."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import folium
import pytest

import geo
from geo.errors import UsageError
from support.chromium import OpenMap

ROOT = Path(__file__).resolve().parents[2]
STORY = ROOT / "maps/2015-11-17-raqqa.yaml"
LEAFLET = ROOT / "geo/web/node_modules/leaflet/dist"


def offline(page: str) -> str:
    """The page with Leaflet from the installed package in the place of folium's links to other hosts."""
    page = re.sub(r'<script src="[^"]*/leaflet\.js"></script>', lambda _: f'<script src="{(LEAFLET / "leaflet.js").as_uri()}"></script>', page)
    page = re.sub(r'<link rel="stylesheet" href="[^"]*/leaflet\.css"/>', lambda _: f'<link rel="stylesheet" href="{(LEAFLET / "leaflet.css").as_uri()}"/>', page)
    page = re.sub(r'<script src="https:[^"]*"></script>', "", page)
    return re.sub(r'<link rel="stylesheet" href="https:[^"]*"/>', "", page)


def theirs(*layers: Any) -> str:
    their_map = folium.Map(location=[34, 39], zoom_start=6, tiles=None)
    for layer in layers:
        layer.add_to(their_map)
    return offline(their_map.get_root().render())


@pytest.fixture
def open_theirs(browser: Any, tmp_path: Path) -> Any:
    pages = []

    def open_it(page: str) -> Any:
        path = tmp_path / "theirs.html"
        path.write_text(page, encoding="utf-8")
        opened = browser.new_page()
        faults: list[str] = []
        opened.on("pageerror", lambda error: faults.append(str(error)))
        pages.append((opened, faults))
        opened.goto(path.as_uri())
        opened.wait_for_selector("canvas")
        return opened

    yield open_it
    for opened, faults in pages:
        opened.close()
        assert faults == []


PAINTED = """() => [...document.querySelectorAll('canvas')].some((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  for (let i = 3; i < data.length; i += 4) if (data[i]) return true;
  return false;
})"""


@pytest.mark.parametrize("layer", [geo.StrikeLayer, geo.SortieLayer, geo.AreaLayer])
def test_each_part_of_a_story_is_drawn_on_their_map(layer: Any, open_theirs: Any) -> None:
    opened = open_theirs(theirs(layer(STORY)))
    opened.wait_for_function(PAINTED)


def test_three_layers_carry_the_script_once(open_theirs: Any) -> None:
    page = theirs(geo.AreaLayer(STORY), geo.SortieLayer(STORY), geo.StrikeLayer(STORY), folium.Marker([36, 39]))
    assert page.count("strikemapLayers.add(") == 3
    assert len(re.findall(r"<script>[^<]{20000,}</script>", page)) <= 1
    open_theirs(page).wait_for_function(PAINTED)


def test_no_text_of_a_story_stands_in_a_folium_object(tmp_path: Path) -> None:
    story = tmp_path / "hostile.yaml"
    story.write_text(
        "title: '{{ 7*191 }} {% raw %}'\nlang: en\nevents:\n"
        "  - {id: e, kind: strike, date: 2015-11-17, place: Raqqa, country: SY, title: '{{ 7*191 }}${8*191}</script>',"
        " note: '{% include \"x\" %}'}\n",
        encoding="utf-8",
    )
    page = theirs(geo.StrikeLayer(story))
    assert "1337" not in page and "7*191" not in page and "include" not in page.split("</head>")[1]
    assert "{{" not in page.split("</head>")[1]


def test_a_folium_marker_can_be_added_to_ours_and_needs_a_word(tmp_path: Path, open_map: OpenMap) -> None:
    page = geo.StrikeMap(STORY)
    assert isinstance(page.folium, folium.Map)
    folium.CircleMarker([35, 38], radius=9).add_to(page.folium)
    with pytest.raises(UsageError, match="allow_foreign=True"):
        page.save(tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()
    saved = page.save(tmp_path / "map.html", allow_foreign=True)
    assert "Content-Security-Policy" not in saved.read_text(encoding="utf-8")
    opened = open_map(saved)
    opened.page.wait_for_selector("path.leaflet-interactive", state="attached")


def test_a_notebook_shows_the_page_in_a_sandbox() -> None:
    shown = geo.StrikeMap(STORY)._repr_html_()
    assert shown.startswith("<iframe srcdoc=") and 'sandbox="allow-scripts allow-popups ' in shown
    assert "allow-same-origin" not in shown
    assert "<script" not in shown
