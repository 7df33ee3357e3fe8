"""The kept skeleton is what folium renders now, and folium never sees a story's text."""

from __future__ import annotations

from importlib.resources import files

import folium

from geo.render.leaflet.page_map import PageMap, skeleton


def test_the_kept_skeleton_is_what_folium_renders() -> None:
    kept = (files("geo") / "web/templates/skeleton.html").read_text(encoding="utf-8")
    assert skeleton() == kept, "run: python -m geo.render.leaflet > geo/web/templates/skeleton.html"


def test_the_page_s_map_is_a_folium_map_without_assets() -> None:
    page_map = PageMap("story")
    assert isinstance(page_map, folium.Map)
    assert "http" not in page_map.get_root().render().replace('http-equiv', '')


def test_anothers_layer_is_noticed() -> None:
    page_map = PageMap("story")
    assert page_map.foreign() == []
    folium.Marker([36, 39]).add_to(page_map)
    assert page_map.foreign() == ["Marker"]
    assert "L.marker" in page_map.get_root().render()


def test_two_maps_of_a_process_share_no_asset_list() -> None:
    PageMap("a").add_js_link("mine", "https://example.org/mine.js")
    assert "example.org" not in PageMap("b").get_root().render()
    assert all("example.org" not in url for _, url in folium.Map.default_js)
