"""Up to two thousand events each has a line in the page; lines are told in full as the reader comes to them."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.chromium import Audit, OpenMap
from support.program import Build

EVENTS = 700
TOLD = "document.querySelectorAll('li.sm-event').length"
SHOWN = "[...document.querySelectorAll('li[data-event-id]')].filter(li => !li.hidden).map(li => li.dataset.eventId)"


@pytest.fixture(scope="module")
def whole(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    dice = random.Random(3)
    lines = ["id,date,title,title:fr,note,lat,lon,precision,actor,source_publisher,quote"]
    for n in range(EVENTS):
        at = f"{dice.uniform(33, 37):.4f},{dice.uniform(36, 42):.4f},village" if n % 50 else ",,"
        lines.append(f"n{n},2016-{n // 28 % 12 + 1:02d}-{n % 28 + 1:02d},Event {n},Événement {n},Note of {n},{at},{'One' if n % 3 else 'Two'},A paper,words of {n}")
    source = tmp_path_factory.mktemp("tables") / "whole.csv"
    source.write_text("\n".join(lines) + "\n", "utf-8")
    return build(source).html


@pytest.fixture
def page(open_map: OpenMap, whole: Path) -> Page:
    return open_map(whole.as_uri()).page


def test_every_event_has_its_line_and_any_of_them_opens(page: Page) -> None:
    lines = page.locator("li[data-event-id]")
    assert lines.count() == EVENTS
    line = page.locator("li[data-event-id='n321']")
    line.scroll_into_view_if_needed()
    line.locator("summary").click()
    expect(line.locator(".sm-card")).to_contain_text("Note of 321")
    expect(line.locator("q")).to_have_text("words of 321")
    expect(line).to_have_class(re.compile("sm-selected"))
    assert lines.count() == EVENTS


def test_the_list_scrolls_by_itself_so_that_a_frame_stays_low(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    assert page.evaluate("(({scrollHeight, clientHeight}) => scrollHeight / clientHeight)(document.querySelector('.sm-standing'))") > 10


def test_a_filter_hides_lines_and_counts_each_section(page: Page) -> None:
    two = [f"n{n}" for n in range(EVENTS) if n % 3 == 0]
    assert page.evaluate("strikemap.filter({actors: ['Two']})") == len(two)
    expect(page.locator("li[data-event-id]:not([hidden])")).to_have_count(len(two))
    assert sorted(page.evaluate(SHOWN)) == sorted(two)
    counted = page.locator(".sm-events > h3 .sm-count").all_inner_texts()
    assert sum(map(int, counted)) == len(two)
    page.locator(".sm-filters input[type=search]").fill("words of 123")
    expect(page.locator("li[data-event-id='n123']")).to_be_visible()
    page.evaluate("strikemap.filter(null)")


def test_lines_speak_the_readers_language_and_keys_go_through_them(page: Page) -> None:
    page.click("[data-lang=fr]")
    page.locator(".sm-events > h2").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = "document.activeElement.querySelector('.sm-title').textContent"
    assert page.evaluate(focused).startswith("Événement ")
    page.keyboard.press("Enter")
    expect(page.locator("li.sm-selected .sm-card")).to_be_visible()


def test_all_of_it_is_printed(page: Page) -> None:
    page.emulate_media(media="print")
    # A browser lays the paper out at once: nothing else runs in between.
    seen = "[...document.querySelectorAll('li[data-event-id] > p')].filter(p => p.checkVisibility()).length"
    assert page.evaluate(f"() => {{ dispatchEvent(new Event('beforeprint')); return {seen}; }}") == EVENTS * 2
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(TOLD) > 0


def test_without_scripts_every_event_is_text_of_the_page(open_map: OpenMap, whole: Path) -> None:
    text = open_map(whole.as_uri(), js=False).page.inner_text("body")
    assert sorted({int(n) for n in re.findall(r"\bEvent (\d+)\b", text)}) == list(range(EVENTS))
    assert sorted({int(n) for n in re.findall(r"\bwords of (\d+)\b", text)}) == list(range(EVENTS))


def test_axe_finds_nothing(page: Page, audit: Audit) -> None:
    page.locator("li[data-event-id='n40']").scroll_into_view_if_needed()
    assert audit(page) == []
