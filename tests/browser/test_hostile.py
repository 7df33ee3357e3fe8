"""Hostile text in a real browser, with the page's policy and without it; and the policy by itself, against code in the page."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geo.api import build_story
from support.chromium import DRAWN, WITHIN_MS
from support.hostile import TEXTS, plain, write
from support.program import Built

KEPT = [text for text in TEXTS if text.strip("\ufeff \t\n\u2028") and text != "null"]
COUNT = "window.ran = []; window.xq7 = (what) => window.ran.push(String(what)); window.alert = window.xq7; window.tried = [];" \
    "addEventListener('securitypolicyviolation', (e) => window.tried.push(e.effectiveDirective));"  # fmt: skip
POLICY = '<meta http-equiv="Content-Security-Policy"'

Watch = Callable[[Path], tuple[Page, list[str]]]


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    """Opens a file in a context that counts what runs and refuses every request; gives the page and the requests."""
    contexts = []

    def watch(path: Path) -> tuple[Page, list[str]]:
        context = browser.new_context()
        contexts.append(context)
        context.add_init_script(COUNT)
        asked: list[str] = []

        def guard(route: Any, request: Any) -> None:
            if request.url == path.as_uri():
                route.continue_()
            else:
                asked.append(request.url)
                route.abort()

        context.route("**/*", guard)
        page = context.new_page()
        page.goto(path.as_uri(), wait_until="load")
        return page, asked

    yield watch
    for context in contexts:
        context.close()


def behind(wall: str, built: Path, folder: Path, watch: Watch) -> tuple[Page, list[str]]:
    """A built page, drawn, with its policy or without; and what it has asked for."""
    text = built.read_text("utf-8")
    if wall == "without the policy":
        text = text.replace(POLICY, '<meta name="none"')
        assert POLICY not in text
    path = folder / "map.html"
    path.write_text(text, "utf-8")
    page, asked = watch(path)
    page.wait_for_selector(DRAWN, state="attached", timeout=WITHIN_MS)
    return page, asked


def stir(page: Page) -> None:
    """Sends every element what a reader's pointer and keys would."""
    for name in ("click", "focus", "mouseover", "toggle", "pointerenter"):
        page.evaluate("name => document.querySelectorAll('main *').forEach(e => name === 'click' && e.href || e.dispatchEvent(new Event(name)))", name)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "hostile.html"
    path.write_bytes(build_story(write(folder / "hostile.yaml", KEPT)).outputs["html"])
    return path


@pytest.mark.parametrize("wall", ["with the policy", "without the policy"])
def test_no_text_runs_or_asks_for_anything_and_all_of_it_is_shown(
    watch: Watch, hostile: Path, tmp_path: Path, wall: str
) -> None:
    page, asked = behind(wall, hostile, tmp_path, watch)
    for event in ("t0", "t1", "t20"):
        page.evaluate("id => window.strikemap.select(id)", event)
    stir(page)
    assert page.evaluate("window.ran") == []
    assert asked == []
    assert page.evaluate("document.querySelectorAll('.strikemap :is(img, iframe, object, embed, form, base, link, meta, script)').length") == 0
    assert page.evaluate("[...document.links].map(a => a.protocol).filter(p => !/^(https?|file):$/.test(p))") == []
    shown = plain(page.evaluate("document.querySelector('.strikemap').textContent"))
    assert [text for text in KEPT if plain(text).strip("\ufeff") not in shown] == []


NOTHING = {"NaN", "\u200b", "\\n"}
"""What stands for an empty cell in a table."""


@pytest.fixture(scope="module")
def hostile_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of so many rows that it is carried in columns; the texts stand in all of its fields and in headers of its own."""
    folder = tmp_path_factory.mktemp("rows")
    header = ["id", "date", "lat", "lon", "title", "note", "against", "weapon", "aircraft", "actor", "place", "source_publisher", "source_title",
              "source_url", "quote", "Own", "<img src=x onerror=xq7(1)>", "{{7*191}}"]  # fmt: skip
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for n in range(2100):
            text = KEPT[n] if n < len(KEPT) else "plain"
            address = f"https://example.org/{n}?q=%22onmouseover=xq7(1)'>"
            writer.writerow([f"t{n}", "2015-11-17", 35.95 if n % 2 else "", 39.01 if n % 2 else "", *[text] * 9, address, *[text] * 4])
    (folder / "rows.html").write_bytes(build_story(folder / "rows.csv").outputs["html"])
    return folder / "rows.html"


@pytest.mark.parametrize("wall", ["with the policy", "without the policy"])
def test_no_text_of_very_many_rows_runs_or_asks_for_anything_and_its_card_shows_it(
    watch: Watch, hostile_rows: Path, tmp_path: Path, wall: str
) -> None:
    page, asked = behind(wall, hostile_rows, tmp_path, watch)
    lost = []
    for n in range(0, len(KEPT), 1 if wall == "with the policy" else 9):
        page.evaluate("id => window.strikemap.select(id)", f"t{n}")
        said = plain(KEPT[n]).strip("\ufeff")
        for _ in range(50):
            if said in plain(page.evaluate("document.querySelector('.sm-panel').textContent")):
                break
            page.wait_for_timeout(20)
        else:
            lost.append(KEPT[n])
    page.get_by_role("searchbox").fill("xq7")
    page.wait_for_timeout(200)
    stir(page)
    assert page.evaluate("window.ran") == []
    assert asked == []
    assert set(lost) <= NOTHING
    assert page.evaluate("document.querySelectorAll('.strikemap :is(img, iframe, object, embed, form, base, link, meta), .strikemap main script').length") == 0
    assert page.evaluate("[...document.links].map(a => a.protocol).filter(p => !/^(https?|file|data):$/.test(p))") == []


INJECTED = {
    "a script": "<script>xq7('script')</script>",
    "a script from elsewhere": "<script src='https://example.org/a.js'></script>",
    "a module": "<script type=module>xq7('module')</script>",
    "an event handler": "<img src=x onerror=\"xq7('onerror')\">",
    "a handler in SVG": "<svg onload=\"xq7('onload')\"></svg>",
    "a frame with a script": "<iframe srcdoc=\"<script>parent.xq7('srcdoc')</script>\"></iframe>",
    "a frame of data": "<iframe src=\"data:text/html,<script>top.xq7('data')</script>\"></iframe>",
    "a javascript address": "<iframe src=\"javascript:parent.xq7('javascript')\"></iframe>",
    "an object": "<object data='https://example.org/a.swf'></object>",
    "a style": "<style>body{background:url(https://example.org/a.png)}</style>",
    "a style attribute": "<p style=\"background:url('https://example.org/b.png')\">x</p>",
    "a stylesheet": "<link rel=stylesheet href='https://example.org/a.css'>",
    "a picture": "<img src='https://example.org/c.png'>",
    "a base": "<base href='https://example.org/'>",
}


def test_the_policy_alone_stops_what_is_put_into_the_page_by_hand(watch: Watch, story_map: Built, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text(story_map.page.replace("</main>", f"{''.join(INJECTED.values())}</main>", 1), "utf-8")
    page, asked = watch(path)
    page.wait_for_selector(DRAWN, state="attached", timeout=WITHIN_MS)
    assert page.evaluate("window.ran") == []
    assert asked == []
    # A frame tells its own violations; one that was refused is a page of the browser's own, which nobody may ask.
    asked_of = [page.main_frame, *(frame for frame in page.frames if frame.url == "about:srcdoc")]
    tried = [directive for frame in asked_of for directive in frame.evaluate("window.tried ?? []")]
    assert len(tried) >= len(INJECTED)
    assert {"script-src-elem", "script-src-attr", "frame-src", "object-src", "style-src-elem", "style-src-attr", "img-src", "base-uri"} <= set(tried)


def test_the_counter_counts(watch: Watch, story_map: Built, tmp_path: Path) -> None:
    """What the tests above look for is seen when it happens."""
    path = tmp_path / "map.html"
    path.write_text(
        story_map.page.replace(POLICY, '<meta name="none"').replace("</main>", f"{INJECTED['a script']}{INJECTED['a picture']}</main>", 1), "utf-8"
    )
    page, asked = watch(path)
    assert page.evaluate("window.ran") == ["script"]
    assert asked == ["https://example.org/c.png"]


def test_code_that_is_sent_to_the_page_is_not_run(watch: Watch, story_map: Built) -> None:
    page, asked = watch(story_map.html)
    page.wait_for_selector(DRAWN, state="attached", timeout=WITHIN_MS)
    for message in ("xq7(1)", {"type": "strikemap:select", "id": "<img src=x onerror=xq7(1)>"}, {"type": "strikemap:filter", "__proto__": {"a": 1}},
                    {"type": "strikemap:language", "code": "javascript:xq7(1)"}, {"type": "strikemap:eval", "code": "xq7(1)"}):  # fmt: skip
        page.evaluate("message => window.postMessage(message, '*')", message)
    page.evaluate("json => window.postMessage(JSON.parse(json), '*')", json.dumps({"type": "strikemap:select", "id": {"toString": "xq7"}}))
    page.wait_for_function("document.documentElement.dataset.strikemap === 'drawn'")
    assert page.evaluate("window.ran") == []
    assert asked == []
