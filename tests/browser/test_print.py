"""On A4 and Letter, with scripts and without: the map, every event, every source; no card torn, no heading left behind."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from pypdf import PageObject, PdfReader

from support.chromium import OpenMap
from support.program import STORY, run_strikemap

SLOT_2 = "D75414"
"""Of Russia's hatches and symbols."""


def plain(text: str) -> str:
    """A text without the forms that Arabic letters take in a font, and without marks above and below letters."""
    flat = unicodedata.normalize("NFKD", text).lower()
    return "".join(c for c in flat if not unicodedata.combining(c) and c != "\u0640")


def words(text: str) -> set[str]:
    return set(re.findall(r"\d+|[^\W\d]+", plain(text)))


class Sheet:
    """The words of one sheet of paper. A reader of PDF gives a halo's words twice, and ligatures either way round."""

    def __init__(self, text: str) -> None:
        self.text = plain(text)
        self.letters = {"".join(sorted(word)) for word in words(text)}

    def lacks(self, *texts: str) -> set[str]:
        wanted = set().union(*(words(text) for text in texts))
        return {w for w in wanted if w not in self.text and w[::-1] not in self.text and "".join(sorted(w)) not in self.letters}


def sheets(page: Page, paper: str) -> list[PageObject]:
    made = page.pdf(format=paper, print_background=True, margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
    return list(PdfReader(io.BytesIO(made)).pages)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    folder = tmp_path_factory.mktemp("paper")

    def built(lang: str) -> Path:
        page = folder / f"{lang}.html"
        if not page.exists():
            done = run_strikemap("build", STORY, "--lang", lang, "-o", page)
            assert done.returncode == 0, done.stderr
        return page

    return built


def told(page: Page) -> list[dict[str, Any]]:
    """What stands in the page for each event, and each section's heading with its first event."""
    return page.evaluate("""() => [...document.querySelectorAll(".sm-events h3")].flatMap(h =>
      [...h.nextElementSibling.children].map((li, n) => ({
        heading: n ? "" : h.querySelector("span").textContent,
        title: li.querySelector(".sm-title").textContent,
        quotes: [...li.querySelectorAll(".sm-receipts q")].map(q => q.textContent),
        publishers: [...li.querySelectorAll(".sm-receipts .sm-publisher")].map(p => p.textContent) })))""")


def missing(printed: Sequence[Sheet], *texts: str) -> set[str]:
    """The words that the best sheet lacks; empty when one has them all."""
    return min((sheet.lacks(*texts) for sheet in printed), key=len)


@pytest.mark.parametrize(
    ("lang", "js", "paper"),
    [("fr", True, "A4"), ("fr", False, "A4"), ("en", True, "Letter"), ("en", False, "Letter"), ("ar", True, "A4"), ("ar", False, "A4")],
)  # fmt: skip
def test_the_story_is_on_paper_whole(built: Callable[[str], Path], open_map: OpenMap, lang: str, js: bool, paper: str) -> None:
    seen = open_map(built(lang), js=js).page
    events = told(seen)
    sources = seen.eval_on_selector_all(".sm-sources .sm-publisher", "all => all.map(one => one.textContent)")
    label = seen.locator(".sm-picture text").all_text_contents() if not js else []
    pages = sheets(seen, paper)
    printed = [Sheet(sheet.extract_text()) for sheet in pages]
    assert len(events) == 11 and len(sources) >= 5
    assert len(pages) <= 8
    for event in events:
        # A heading and its first event, a title and the last of its sources: all on one sheet.
        assert not missing(printed, event["heading"], event["title"], *event["quotes"], *event["publishers"]), event
    assert not [publisher for publisher in sources if missing(printed, publisher)]
    assert not missing(printed[:1], *label)
    # The map is on the first sheet: its own words, and its hatches in their colour.
    assert not printed[0].lacks({"fr": "Raqqa", "en": "Raqqa", "ar": "الرقة"}[lang])
    red, green, blue = (int(SLOT_2[n : n + 2], 16) / 255 for n in (0, 2, 4))
    strokes = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:RG|rg)\b", pages[0].get_contents().get_data().decode("latin-1"))
    assert any(abs(float(r) - red) + abs(float(g) - green) + abs(float(b) - blue) < 0.02 for r, g, b in strokes)


def test_the_address_of_a_source_is_printed(tmp_path: Path, open_map: OpenMap) -> None:
    story = tmp_path / "one.yaml"
    story.write_text(json.dumps({
        "title": "One", "lang": "en",
        "sources": {"paper": {"publisher": "A paper", "url": "https://example.org/a/long/way?to=it", "published": "2020-01-02"}},
        "events": [{"id": "a", "kind": "strike", "date": "2020-01-01", "place": "Raqqa", "sources": ["paper"]}],
    }), "utf-8")  # fmt: skip
    page = tmp_path / "one.html"
    assert run_strikemap("build", story, "-o", page).returncode == 0
    text = "".join(sheet.extract_text() for sheet in sheets(open_map(page).page, "A4"))
    assert "https://example.org/a/long/way?to=it" in re.sub(r"\s", "", text)


def test_a_dark_screen_prints_in_ink_on_paper(built: Callable[[str], Path], open_map: OpenMap) -> None:
    seen = open_map(built("fr"), js=False, dark=True).page
    seen.emulate_media(media="print", color_scheme="dark")
    assert seen.locator("h1").evaluate("e => getComputedStyle(e).color") == "rgb(29, 28, 26)"
    land = seen.locator(".sm-picture g path").first
    assert land.evaluate("e => getComputedStyle(e).fill") == "rgb(245, 243, 238)"
    assert land.evaluate("e => getComputedStyle(e).stroke") == "rgb(167, 182, 190)"
