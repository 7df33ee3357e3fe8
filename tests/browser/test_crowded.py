"""Very many marks and lines: near ones are drawn as one, nothing is left out, and every event can be reached."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.chromium import OpenMap
from support.program import Build

EVENTS, FLOWN, TOGETHER = 2600, 400, 90
BASES = ((35.4, 35.95), (36.3, 33.0), (38.9, 47.7))


def table() -> str:
    """Rows of its own making: ninety on one spot, the others scattered, some flown from three bases, all in 2016."""
    dice = random.Random(7)
    lines = ["id,kind,date,title,lat,lon,precision,actor,origin,origin_lat,origin_lon"]
    for n in range(EVENTS):
        lat, lon = (35.95, 39.01) if n < TOGETHER else (round(dice.uniform(33, 37), 4), round(dice.uniform(36, 42), 4))
        origin = ""
        if n % (EVENTS // FLOWN) == 0 and n // (EVENTS // FLOWN) < FLOWN:
            base = n % len(BASES)
            origin = f"Base {base},{BASES[base][0]},{BASES[base][1]}"
        lines.append(
            f"n{n},strike,2016-{n % 12 + 1:02d}-{n % 28 + 1:02d},Event {n},{lat},{lon},village,{'One' if n % 3 else 'Two'},{origin or ',,'}"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def crowd(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("tables") / "crowd.csv"
    source.write_text(table(), "utf-8")
    return build(source).html


@pytest.fixture()
def page(open_map: OpenMap, crowd: Path) -> Page:
    return open_map(crowd.as_uri(), width=1000).page


def sums(page: Page) -> dict[str, int]:
    found: dict[str, int] = page.evaluate("() => strikemap.drawn().sums")
    assert found["drawn"] + found["outside"] == found["pinned"]
    assert found["flown"] + found["still"] + found["away"] == found["lines"]
    return found


def test_every_mark_and_every_line_is_in_what_is_drawn_at_every_zoom(page: Page) -> None:
    found = sums(page)
    assert (found["pinned"], found["lines"]) == (EVENTS, FLOWN)
    assert found["outside"] == 0
    closer = page.locator(".leaflet-control-zoom-in")
    steps = 0
    while closer.get_attribute("aria-disabled") != "true":
        closer.click()
        steps += 1
        found = sums(page)
        assert (found["pinned"], found["lines"]) == (EVENTS, FLOWN)
    assert steps > 1 and found["outside"] > 0


def test_a_filter_counts_the_piles_anew(page: Page) -> None:
    shown = page.evaluate("() => strikemap.filter({from: '2016-03-01', to: '2016-03-31'})")
    assert shown == sum(1 for n in range(EVENTS) if n % 12 == 2)
    assert sums(page)["pinned"] == shown
    page.evaluate("() => strikemap.filter(null)")
    assert sums(page)["pinned"] == EVENTS


def test_a_pile_of_many_spots_is_parted_and_one_of_a_single_spot_is_listed(page: Page) -> None:
    before = page.evaluate("() => strikemap.drawn().zoom")
    at = page.evaluate("() => strikemap.project('n0')")
    page.mouse.click(at["x"], at["y"])
    assert page.evaluate("() => strikemap.drawn().zoom") > before
    for _ in range(12):
        if page.locator(".sm-panel .sm-choice").count():
            break
        at = page.evaluate("() => strikemap.project('n0')")
        page.mouse.click(at["x"], at["y"])
    choices = page.locator(".sm-panel .sm-choice")
    # Neighbours that even the nearest look does not part are listed with them.
    assert TOGETHER <= choices.count() < TOGETHER + 30
    page.locator(".sm-panel .sm-choice").first.click()
    expect(page.locator(".sm-panel-title")).to_contain_text(re.compile("Event "))


def test_piles_are_reached_by_keyboard(page: Page) -> None:
    buttons = page.locator(".sm-marks button")
    assert buttons.count() > 50
    buttons.first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.getAttribute('aria-label').length") > 10


def test_no_label_stands_on_a_great_pile_in_the_first_view(page: Page) -> None:
    corner = page.locator(".leaflet-container").evaluate("map => { const {left, top} = map.getBoundingClientRect(); return [left, top]; }")
    labels = page.evaluate("() => strikemap.drawn().labels.map(label => label.box)")
    # Buttons of small piles are larger than the piles.
    boxes = [b for b in page.locator(".sm-marks button").evaluate_all("all => all.map(b => b.getBoundingClientRect().toJSON())") if b["width"] > 24]
    assert labels and boxes
    for box in boxes:
        r, x, y = box["width"] / 2 - 4, (box["left"] + box["right"]) / 2 - corner[0], (box["top"] + box["bottom"]) / 2 - corner[1]
        for left, top, right, bottom in labels:
            near = (max(left, min(x, right)) - x, max(top, min(y, bottom)) - y)
            assert near[0] ** 2 + near[1] ** 2 >= r**2, (box, (left, top, right, bottom))
