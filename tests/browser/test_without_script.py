"""With JavaScript off: the map as a picture, every event and source in words, in any width, dark or light."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.chromium import OpenMap
from support.long import EVENTS, UNPLACED, long_story
from support.program import STORY, run_strikemap

PageIn = Callable[[str], Path]

BOXES = """svg => [...svg.querySelectorAll("text")].map(t => {
  const { x, y, width, height } = t.getBoundingClientRect();
  return { text: t.textContent, turned: t.hasAttribute("transform"), x, y, width, height };
})"""


@pytest.fixture(scope="module")
def page_in(tmp_path_factory: pytest.TempPathFactory) -> PageIn:
    """The published story's page in one language, built once."""
    folder = tmp_path_factory.mktemp("static")

    def page_in(lang: str) -> Path:
        page = folder / f"{lang}.html"
        if not page.exists():
            done = run_strikemap("build", STORY, "--lang", lang, "-o", page)
            assert done.returncode == 0, done.stderr
        return page

    return page_in


def overlapping(boxes: list[dict[str, Any]]) -> list[str]:
    """Pairs of texts whose letters meet; a line's box is a little higher than its letters."""
    found = []
    flat = [box for box in boxes if not box["turned"]]
    for n, a in enumerate(flat):
        for b in flat[n + 1 :]:
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            if across > 0.5 and down > 0.45 * min(a["height"], b["height"]):
                found.append(f"{a['text']} on {b['text']}")
    return found


@pytest.mark.parametrize("lang", ["fr", "ar", "ru"])
def test_the_picture_stands_where_the_map_would_and_its_words_keep_apart(page_in: PageIn, open_map: OpenMap, lang: str) -> None:
    seen = open_map(page_in(lang), js=False, width=1000, height=900).page
    picture = seen.locator(".sm-picture")
    box = picture.bounding_box()
    assert box and box["width"] > 600 and box["height"] == pytest.approx(box["width"] * 0.75, abs=1)
    assert box["y"] < 400
    assert not seen.locator(".folium-map").is_visible()
    words = picture.evaluate(BOXES)
    assert len(words) > 12
    assert overlapping(words) == []
    for word in words:
        assert box["x"] - 1 <= word["x"] and word["x"] + word["width"] <= box["x"] + box["width"] + 1, word
    assert seen.locator(".sm-picture-credit").is_visible()


def test_every_event_and_every_source_can_be_read(page_in: PageIn, open_map: OpenMap) -> None:
    seen = open_map(page_in("en"), js=False).page
    events = seen.locator("[data-event-id]")
    assert events.count() == 11
    for event in events.all():
        for part in (".sm-title", ".sm-date", "dl", ".sm-receipts q", ".sm-receipts .sm-publisher"):
            assert event.locator(part).first.is_visible(), (event.get_attribute("data-event-id"), part)
    sources = seen.locator(".sm-sources li")
    assert sources.count() >= 5 and all(source.is_visible() for source in sources.all())
    for control in seen.locator("button, input, select").all():
        assert not control.is_visible(), control.evaluate("e => e.outerHTML")


@pytest.mark.parametrize(("dark", "land"), [(False, (245, 243, 238)), (True, (28, 31, 35))])
def test_it_is_drawn_in_the_readers_theme(page_in: PageIn, open_map: OpenMap, dark: bool, land: tuple[int, int, int]) -> None:
    seen = open_map(page_in("fr"), js=False, dark=dark).page
    fill = seen.locator(".sm-picture g path").first.evaluate("e => getComputedStyle(e).fill")
    assert fill == f"rgb({', '.join(map(str, land))})"


def test_on_a_phone_nothing_is_wider_than_the_screen(page_in: PageIn, open_map: OpenMap) -> None:
    seen = open_map(page_in("ar"), js=False, width=320, height=600).page
    assert seen.evaluate("document.documentElement.scrollWidth") <= 320
    box = seen.locator(".sm-picture").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320


def test_with_scripts_the_picture_is_not_there(page_in: PageIn, open_map: OpenMap) -> None:
    seen = open_map(page_in("fr")).page
    assert seen.locator(".sm-picture, .sm-by-place").count() == 0


def test_a_list_too_long_for_the_page_is_counted_by_place(tmp_path: Path, open_map: OpenMap) -> None:
    story = tmp_path / "long.yaml"
    story.write_text(long_story(), "utf-8")
    page = tmp_path / "long.html"
    assert run_strikemap("build", story, "--lang", "en", "-o", page).returncode == 0
    seen = open_map(page, js=False).page
    assert seen.locator(".sm-picture").is_visible()
    rows = seen.locator(".sm-by-place tbody tr").evaluate_all("rows => rows.map(r => [...r.cells].map(c => c.textContent))")
    counts = {place: int(count.replace(",", "")) for place, count in rows}
    assert sum(counts.values()) == EVENTS
    assert counts["Not placed"] == UNPLACED and counts["Raqqa"] == 300
    assert "counted by place" in seen.locator(".sm-no-script").inner_text()
    assert not seen.locator(".sm-long").is_visible()
    assert page.read_text("utf-8").count('class="sm-picture"') == 1


def test_a_picture_alone_is_drawn_by_a_browser(tmp_path: Path, open_map: OpenMap) -> None:
    file = tmp_path / "map.svg"
    assert run_strikemap("build", STORY, "-f", "svg", "-o", file).returncode == 0
    seen = open_map(file, js=False, width=720, height=800).page
    words = seen.locator("svg").first.evaluate(BOXES)
    assert "Raqqa" in [word["text"] for word in words]
    assert overlapping(words) == []
