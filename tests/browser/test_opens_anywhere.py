"""The page is drawn wherever it is put, and asks nobody for anything: `open_map` fails on any request or error."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Frame, Page

from support.chromium import Host, OpenMap, Server
from support.program import Built


def assert_painted(where: Page | Frame) -> None:
    """The canvas of the map shows land, water, lines and marks, not one flat colour."""
    shot = where.locator(".leaflet-container").screenshot()
    colours = Image.open(io.BytesIO(shot)).convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 24
    total = sum(count for count, _ in colours)
    assert max(count for count, _ in colours) < 0.97 * total


def test_from_a_file_with_the_network_off(open_map: OpenMap, story_map: Built) -> None:
    assert_painted(open_map(story_map.html).page)


def test_from_a_file_alone_in_an_awkwardly_named_folder(open_map: OpenMap, story_map: Built, tmp_path: Path) -> None:
    folder = tmp_path / "خريطة copy #1 %41 ü"
    folder.mkdir()
    assert_painted(open_map(Path(shutil.copy(story_map.html, folder / "a map (2) #.html"))).page)


def test_over_http(open_map: OpenMap, story_map: Built, server: Server) -> None:
    assert_painted(open_map(server.put("map.html", story_map.page)).page)


@pytest.mark.parametrize("how", ["frame", "sandbox", "srcdoc"])
def test_in_somebody_elses_page(open_map: OpenMap, story_map: Built, host_page: Host, how: str) -> None:
    assert_painted(open_map(host_page(story_map.page, how), wait=False).frame())


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_width_scrolls_sideways(open_map: OpenMap, story_map: Built, width: int) -> None:
    page = open_map(story_map.html, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_scripts_off_every_event_still_stands_in_the_page(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, js=False).page
    listed = page.locator("[data-event-id]").evaluate_all("all => all.map(e => e.dataset.eventId)")
    assert sorted(set(listed)) == sorted(
        feature["properties"]["id"] for feature in story_map.features if feature["properties"]["kind"] != "sortie"
    )
    for event in listed:
        assert page.locator(f'[data-event-id="{event}"]').first.inner_text().strip()
