"""Writes the golden files beside the published stories: python tests/golden.py [--picture]

`--picture` also takes the README's pictures of the built maps in headless Chromium.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

MAPS = Path(__file__).resolve().parent.parent / "maps"


def stories() -> list[Path]:
    return sorted(MAPS.glob("*.yaml"))


def golden(story: Path) -> Iterator[tuple[Path, bytes]]:
    """(file, bytes) in the order of the stages: the scene first, then what is rendered from it."""
    from geo.api import StrikeMap
    from geo.render.geojson import render_geojson
    from geo.render.scenetext import render_scene_text

    scene = StrikeMap(story).scene
    yield story.with_suffix(".scene.txt"), render_scene_text(scene)
    yield story.with_suffix(".geojson"), render_geojson(scene)


def picture(story: Path) -> None:
    """A picture of the map at 1280 px, taken of the built page."""
    import shutil

    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.goto(story.with_suffix(".html").as_uri())
        page.wait_for_selector("html[data-strikemap=drawn]")
        page.screenshot(path=story.with_suffix(".png"))
        browser.close()


def main() -> None:
    for story in stories():
        for path, data in golden(story):
            path.write_bytes(data)
            print(path)
        if "--picture" in sys.argv:
            picture(story)
            print(story.with_suffix(".png"))


if __name__ == "__main__":
    main()
