"""Map, list and card in step: by mouse, by keyboard, by script, and from a host page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Frame, Page, expect

from support.chromium import Host, OpenMap, Server
from support.program import Built

AT_RAQQA = ["france-first-series", "france-second-series", "russia-raqqa"]


def click_on(page: Page, event: str) -> None:
    at = page.evaluate("id => strikemap.project(id)", event)
    page.mouse.click(at["x"], at["y"])


def selected(page: Page | Frame) -> list[str]:
    return page.locator("li.sm-selected").evaluate_all("all => all.map(e => e.dataset.eventId)")


def raqqa(page: Page) -> dict[str, Any]:
    """The open pile, or nothing."""
    return next((pile for pile in page.evaluate("strikemap.drawn()")["piles"] if pile["open"]), {})


def test_a_mark_opens_its_card_which_escape_closes(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    panel = page.locator(".sm-panel")
    expect(panel).to_be_hidden()
    click_on(page, "russia-aleppo")
    expect(panel).to_be_visible()
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Russian raids in Aleppo province")
    expect(panel).to_contain_text("province only, place not given")
    expect(panel).to_contain_text("no link known")
    assert selected(page) == ["russia-aleppo"]
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".folium-map")).to_be_focused()
    assert selected(page) == []


def test_the_card_closes_by_its_button_and_by_the_empty_map(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    for close in (
        lambda: page.locator(".sm-close").click(),
        lambda: page.mouse.click(*page.evaluate(EMPTY)),
    ):
        click_on(page, "russia-idlib")
        expect(page.locator(".sm-panel")).to_be_visible()
        close()
        expect(page.locator(".sm-panel")).to_be_hidden()


# A spot of the map far from every mark: the lower middle, in Saudi Arabia.
EMPTY = "(b => [b.left + b.width * 0.5, b.bottom - 40])(document.querySelector('.folium-map').getBoundingClientRect())"


def test_a_line_of_the_list_selects_its_mark(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    assert raqqa(page) == {}
    line = page.locator('li[data-event-id="russia-raqqa"]')
    line.locator("summary").press("Enter")
    assert line.locator("details").get_attribute("open") is not None
    assert selected(page) == ["russia-raqqa"]
    assert raqqa(page)["events"] == AT_RAQQA
    expect(page.locator(".sm-panel")).to_be_hidden()
    line.locator("summary").press("Escape")
    assert raqqa(page) == {}
    expect(line.locator("summary")).to_be_focused()


def test_three_strikes_of_one_place_stand_apart_and_lead_to_each_other(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    page.evaluate("strikemap.select('france-first-series')")
    symbols = [s for s in page.evaluate("strikemap.drawn()")["symbols"] if s["id"] in AT_RAQQA]
    spots = [(s["x"], s["y"]) for s in symbols]
    assert len(spots) == 3
    assert min((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 for a in spots for b in spots if a != b) >= 24**2
    others = page.locator(".sm-choice")
    assert others.all_inner_texts() == [
        "Second series of French strikes, on two other sites",
        "Russian strikes by Tu-22 bombers",
    ]
    others.nth(1).click()
    assert selected(page) == ["russia-raqqa"]
    click_on(page, "france-second-series")
    assert selected(page) == ["france-second-series"]


def test_show_on_the_map_leads_there_and_back(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    line = page.locator('li[data-event-id="russia-aleppo"]')
    line.locator("summary").click()
    line.locator(".sm-show").click()
    expect(page.locator(".sm-panel")).to_be_focused()
    expect(page.locator(".sm-panel")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(line.locator(".sm-show")).to_be_focused()


def test_show_on_the_map_brings_back_a_mark_that_was_moved_out_of_view(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    for _ in range(3):
        page.locator(".leaflet-control-zoom-in").click()
    page.evaluate("strikemap.select(null)")
    line = page.locator('li[data-event-id="sinai-crash"]')
    line.locator("summary").click()
    inside = """(at => (map => at.x >= map.left && at.x <= map.right && at.y >= map.top && at.y <= map.bottom)
        (document.querySelector('.folium-map').getBoundingClientRect()))(strikemap.project('sinai-crash'))"""
    assert not page.evaluate(inside)
    line.locator(".sm-show").click()
    assert page.evaluate(inside)


def test_the_language_changes_everywhere_and_nothing_reloads(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    page.evaluate("window.kept = true")
    page.evaluate("strikemap.select('russia-aleppo')")
    page.click("[data-lang=ar]")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir, window.kept]") == ["ar", "rtl", True]
    expect(page.locator("h1")).to_contain_text("الضربات الروسية")
    expect(page.locator(".sm-panel")).to_contain_text("محافظة حلب")
    assert "خريطة" in (page.locator(".folium-map").get_attribute("aria-label") or "")
    assert page.locator(".leaflet-control-zoom-in").get_attribute("aria-label") == "تكبير"
    assert page.evaluate("strikemap.drawn().lang") == "ar"
    quote = page.locator(".sm-panel q").first
    assert (quote.get_attribute("lang"), quote.get_attribute("dir")) == ("fr", "ltr")
    assert page.locator("[data-lang=ar]").get_attribute("aria-pressed") == "true"


def test_a_filter_leaves_list_and_map_agreeing_and_says_so(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    total = page.evaluate("strikemap.counts.events")
    assert page.evaluate("strikemap.filter({actors: ['russia'], kinds: ['strike']})") == 3
    assert page.locator("li[data-event-id]:visible").count() == 3
    assert [s["id"] for s in page.evaluate("strikemap.drawn()")["symbols"]] == ["russia-raqqa"]
    expect(page.locator(".sm-status")).to_have_text(f"3 of {total} shown")
    assert page.evaluate("strikemap.filter({from: '2015-11-24', to: '2015-11'})") == 2
    assert page.evaluate("strikemap.filter({to: '2015-11-15'})") == 3
    assert page.evaluate("strikemap.filter(null)") == total
    expect(page.locator(".sm-status")).to_be_hidden()


LISTEN = "window.heard = []; addEventListener('message', e => heard.push(e.data))"


def ask(page: Page, message: Any) -> None:
    page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", message)


def test_a_host_page_is_told_the_height_in_the_ways_that_hosts_know(
    open_map: OpenMap, story_map: Built, host_page: Host, server: Server
) -> None:
    opened = open_map(host_page(story_map.page), wait=False)
    page, frame = opened.page, opened.frame()
    page.evaluate(LISTEN)
    ask(page, "[iFrameSizer]frame-1:8:false:false:32")
    page.wait_for_function("heard.length >= 3")
    height = frame.evaluate("Math.ceil(document.body.getBoundingClientRect().height)")
    heard = page.evaluate("heard")
    assert {"type": "strikemap:height", "height": height} in heard
    assert {"datawrapper-height": {"2015-11-17-raqqa": height}} in heard
    assert any(isinstance(m, str) and m.startswith(f"[iFrameSizer]frame-1:{height}:") for m in heard)
    address = server.put("pym.html", f'<!doctype html><iframe title=Map src="{server.url}/map.html?childId=p1"></iframe>')
    page.goto(address, wait_until="commit")
    page.evaluate(LISTEN)
    page.wait_for_function("heard.some(m => String(m).startsWith('pymxPYMxp1xPYMxheightxPYMx'))")


def test_a_host_page_may_select_filter_and_choose_the_language(
    open_map: OpenMap, story_map: Built, host_page: Host
) -> None:
    opened = open_map(host_page(story_map.page, "sandbox"), wait=False)
    page, frame = opened.page, opened.frame()
    page.evaluate(LISTEN)
    ask(page, {"type": "strikemap:select", "id": "russia-idlib"})
    expect(frame.locator(".sm-panel")).to_be_visible()
    page.wait_for_function("heard.some(m => m.type === 'strikemap:select' && m.id === 'russia-idlib')")
    ask(page, {"type": "strikemap:project", "id": "russia-raqqa"})
    page.wait_for_function("heard.some(m => m.type === 'strikemap:project' && m.point.x > 0 && m.point.y > 0)")
    ask(page, {"type": "strikemap:counts"})
    page.wait_for_function("heard.some(m => m.type === 'strikemap:counts' && m.counts.events === 11)")
    ask(page, {"type": "strikemap:filter", "kinds": ["meeting"]})
    expect(frame.locator("li[data-event-id]:visible")).to_have_count(2)
    ask(page, {"type": "strikemap:language", "lang": "ar"})
    frame.wait_for_selector("html[dir=rtl]", state="attached")


def test_what_a_hostile_host_says_changes_nothing(open_map: OpenMap, story_map: Built, host_page: Host) -> None:
    opened = open_map(host_page(story_map.page), wait=False)
    page, frame = opened.page, opened.frame()
    before = frame.evaluate("document.body.innerHTML.length")
    for message in (
        None, 7, "", "x" * 100_000, [], {}, {"type": 1}, {"type": "strikemap:select", "id": 5},
        {"type": "strikemap:select", "id": "<img src=x>"}, {"type": "strikemap:language", "lang": "../xx"},
        {"type": "strikemap:language", "lang": "__proto__"}, {"type": "strikemap:filter", "from": {}, "actors": "x"},
        "[iFrameSizer]" + "x" * 5000, "[iFrameSizer]<b>:1", {"type": "toString"},
    ):  # fmt: skip
        ask(page, message)
    ask(page, {"type": "strikemap:filter"})
    page.evaluate(LISTEN)
    ask(page, {"type": "strikemap:height"})
    page.wait_for_function("heard.length > 0")
    assert frame.evaluate("document.body.innerHTML.length") == before
    assert frame.evaluate("document.documentElement.lang") == "fr"


def test_on_paper_every_card_is_open_and_afterwards_closed_again(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, dark=True).page
    page.evaluate(
        "addEventListener('beforeprint', () => setTimeout(() => 0, window.printed = "
        "[document.querySelectorAll('details:not([open])').length, strikemap.drawn().dark, strikemap.drawn().width]))"
    )
    page.pdf(format="A4")
    assert page.evaluate("window.printed") == [0, False, 660]
    assert page.locator("details[open]").count() == 0
    assert page.evaluate("strikemap.drawn().dark") is True
