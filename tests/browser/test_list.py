"""The list and its cards: conflicting sources side by side, and two and a half thousand events within reach."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from geo import api
from geo.render.body import render_body
from geo.scene import text
from support.chromium import Audit, OpenMap
from support.long import EVENTS, PLACES, UNPLACED, long_story
from support.program import Build, Built

DISPUTED = """
title: {en: Two accounts, ar: روايتان}
slug: two-accounts
lang: en
languages: [en, ar]
sources:
  ministry: {publisher: A ministry, title: Communiqué, url: "https://example.org/m", archived_url: "https://example.org/a", published: 2015-10-03, accessed: 2015-10-05, language: ru}
  monitors: {publisher: Monitors, published: 2015-10-04, language: ar}
corrections:
  - {date: 2015-10-09, text: {en: The place was wrong., ar: كان المكان خاطئًا.}, event: hit}
events:
  - id: hit
    kind: strike
    date: 2015-10-02
    title: {en: A strike on Homs, ar: ضربة على حمص}
    place: Homs
    country: SY
    status: contested
    strikes_min: 10
    strikes_max: 20
    killed_min: 3
    sources:
      - {id: ministry, quote: "Уничтожен командный пункт", language: ru, translation: {en: A command post was destroyed, ar: دُمّر مركز قيادة}}
      - {id: monitors, quote: "قُتل ثلاثة مدنيين", language: ar}
  - {id: other, kind: strike, date: 2015-10-01, title: {en: Another, ar: أخرى}, place: Hama, country: SY, sources: [monitors]}
"""


@pytest.fixture(scope="module")
def two_accounts(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    story = tmp_path_factory.mktemp("stories") / "two-accounts.yaml"
    story.write_text(DISPUTED, "utf-8")
    return build(story)


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    return page.locator(selector).evaluate_all("all => all.map(e => e.getBoundingClientRect().toJSON())")


def test_sources_that_disagree_stand_side_by_side_and_on_a_phone_below_each_other(
    open_map: OpenMap, two_accounts: Built
) -> None:
    page = open_map(two_accounts.html).page
    card = page.locator('li[data-event-id="hit"]')
    card.locator("summary").press("Enter")
    expect(card.locator(".sm-disagree")).to_have_text("The sources do not agree")
    expect(card).to_contain_text("10–20 strikes; at least 3 killed")
    expect(card).to_contain_text("حمص")
    expect(card).to_contain_text("published 3 October 2015 accessed 5 October 2015")
    expect(card).to_contain_text("The place was wrong.")
    quotes = card.locator("q").evaluate_all("all => all.map(q => [q.lang, q.dir])")
    assert quotes == [["ru", "ltr"], ["", ""], ["ar", "rtl"]]  # the second is the translation, in the page's language
    receipts = 'li[data-event-id="hit"] .sm-receipts > li'
    for width, beside in ((1280, True), (768, True), (320, False)):
        page.set_viewport_size({"width": width, "height": 800})
        first, second = boxes(page, receipts)
        assert (second["left"] >= first["right"]) is beside
        assert (second["top"] >= first["bottom"]) is not beside
    page.locator('li[data-event-id="other"] summary').press("Enter")
    expect(page.locator('li[data-event-id="other"]')).not_to_contain_text("Corrected")
    expect(page.locator(".sm-corrections")).to_contain_text("9 October 2015")


def test_links_leave_nothing_behind_and_their_names_say_where_they_lead(open_map: OpenMap, two_accounts: Built) -> None:
    page = open_map(two_accounts.html).page
    page.locator('li[data-event-id="hit"] summary').press("Enter")
    card = page.locator('li[data-event-id="hit"]')
    source = card.get_by_role("link", name="Read at the source (A ministry; opens in a new window)", exact=True)
    archived = card.get_by_role("link", name="Archived copy (A ministry; opens in a new window)", exact=True)
    for link, address in ((source, "https://example.org/m"), (archived, "https://example.org/a")):
        assert link.get_attribute("href") == address
        assert set((link.get_attribute("rel") or "").split()) >= {"noopener", "noreferrer"}
    expect(card.locator(".sm-none")).to_have_text("no link known")
    page.click("[data-lang=ar]")
    expect(card.get_by_role("link", name="اقرأ في المصدر (A ministry; يُفتح في نافذة جديدة)")).to_be_visible()


def test_the_list_is_in_the_order_of_time_in_every_language(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    table = story_map.data["events"]
    order = page.locator("li[data-event-id]").evaluate_all("all => all.map(e => e.dataset.eventId)")
    section = [[0, 0, 1, 2][outcome] for outcome in table["outcome"]]
    first = [-(10**9) if day is None and last is not None else day if day is not None else 10**9
             for day, last in zip(table["first"], table["last"], strict=True)]  # fmt: skip
    rows = sorted(range(len(order)), key=lambda row: (section[row], first[row]))
    assert [section[table["id"].index(event)] for event in order] == sorted(section)
    assert [first[table["id"].index(event)] for event in order] == [first[row] for row in rows]
    for language in story_map.data["languages"]:
        page.evaluate("lang => strikemap.language(lang)", language["code"])
        assert page.locator("li[data-event-id]").evaluate_all("all => all.map(e => e.dataset.eventId)") == order


ON_MAP = """(drawn => [...new Set([...drawn.piles.flatMap(pile => pile.events), ...drawn.areas.flatMap(area => area.ids)])].sort())
(strikemap.drawn())"""
LISTED = "[...document.querySelectorAll('li[data-event-id]')].filter(li => li.checkVisibility()).map(li => li.dataset.eventId)"


def test_a_language_a_filter_and_a_selection_leave_list_map_and_its_buttons_with_the_same_events(
    open_map: OpenMap, story_map: Built
) -> None:
    page = open_map(story_map.html).page
    table = story_map.data["events"]
    drawn = {event for event, outcome in zip(table["id"], table["outcome"], strict=True) if outcome < 2}
    for language in story_map.data["languages"][:4]:
        page.evaluate("lang => strikemap.language(lang)", language["code"])
        for filter in ({}, {"actors": ["russia"]}, {"kinds": ["strike"], "from": "2015-11-16"}, {"kinds": ["meeting"]}):
            shown = page.evaluate("filter => strikemap.filter(filter)", filter)
            for selected in (None, "russia-raqqa", "paris-attacks"):
                page.evaluate("id => strikemap.select(id)", selected)
                listed = page.evaluate(LISTED)
                assert len(listed) == shown
                assert page.evaluate(ON_MAP) == sorted(drawn & set(listed))
                spots = page.locator(".sm-marks button").count()
                assert spots == len({table["place"][table["id"].index(event)] for event in drawn & set(listed)})


# ---- A long list


@pytest.fixture(scope="module")
def long_map(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    story = tmp_path_factory.mktemp("stories") / "long.yaml"
    story.write_text(long_story(), "utf-8")
    return build(story)


FOCUSED = """(li => li && [li.dataset.eventId, li.ariaPosInSet, li.ariaSetSize])
(document.activeElement.closest('[data-event-id]'))"""
IN_PAGE = "document.querySelectorAll('li[data-event-id]').length"
IN_VIEW = """(view => [...document.querySelectorAll('li[data-event-id]:not(.sm-kept)')].filter(li => {
  const box = li.getBoundingClientRect();
  return box.bottom > view.top && box.top < view.bottom;
}).map(li => li.dataset.eventId))(document.querySelector('.sm-events .sm-scroll').getBoundingClientRect())"""


def settle(page: Page) -> None:
    """Until the frame after next: the list follows its scroll in one."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_above_two_thousand_events_the_page_holds_the_lines_in_view_alone(open_map: OpenMap, long_map: Built) -> None:
    assert "data-event-id" not in re.sub(r"<script.*?</script>", "", long_map.page, flags=re.DOTALL)
    assert len(long_map.page) < 900_000
    page = open_map(long_map.html).page
    assert page.evaluate(IN_PAGE) <= 60
    expect(page.get_by_text("the browser’s own search does not find the others")).to_be_visible()
    assert page.locator(".sm-list").get_attribute("role") == "list"


def test_axe_finds_nothing_in_a_long_list(open_map: OpenMap, long_map: Built, audit: Audit) -> None:
    page = open_map(long_map.html).page
    page.locator(".sm-events > h2").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert audit(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_every_line_of_a_long_list_is_reached_by_keyboard_and_knows_its_place(open_map: OpenMap, long_map: Built) -> None:
    page = open_map(long_map.html).page
    page.locator(".sm-events > h2").focus()
    for key, place in (("ArrowDown", 1), ("ArrowDown", 2), ("PageDown", 12), ("PageUp", 2), ("End", EVENTS), ("ArrowUp", EVENTS - 1),
                       ("Home", 1), ("ArrowUp", 1)):  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == [f"n{place - 1}", str(place), str(EVENTS)], key
        assert page.evaluate("document.activeElement.getBoundingClientRect().bottom <= innerHeight")
    met = []
    for _ in range(EVENTS // 10):
        met.append(page.evaluate(FOCUSED)[0])
        page.keyboard.press("PageDown")
        assert page.evaluate(IN_PAGE) <= 61
    assert met == [f"n{n}" for n in range(0, EVENTS, 10)]
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) is None, "a long list is one stop of the Tab key"


def test_a_line_that_scrolls_away_keeps_the_focus_and_its_open_card(open_map: OpenMap, long_map: Built) -> None:
    page = open_map(long_map.html).page
    page.locator(".sm-events > h2").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.evaluate("document.querySelector('.sm-events .sm-scroll').scrollTop = 60000")
    settle(page)
    assert "n0" not in page.evaluate(IN_VIEW)
    assert page.evaluate(IN_PAGE) == 61
    assert page.evaluate(FOCUSED) == ["n0", "1", str(EVENTS)]
    page.keyboard.press("PageDown")
    assert page.evaluate(FOCUSED)[0] == "n10"
    assert page.evaluate(IN_PAGE) == 60
    assert page.locator('li[data-event-id="n0"] details[open]').count() == 1
    assert page.locator('li[data-event-id="n1"] details[open]').count() == 0
    page.keyboard.press("End")
    assert page.locator("details[open]").count() == 0
    page.keyboard.press("Home")
    assert page.locator('li[data-event-id="n0"] details[open]').count() == 1


def test_arrow_keys_go_from_line_to_line_and_scroll_an_open_card(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, height=500).page
    ids = page.locator("li[data-event-id]").evaluate_all("all => all.map(e => e.dataset.eventId)")
    page.locator(".sm-events > h2").focus()
    for event in ids:
        page.keyboard.press("ArrowDown")
        assert page.evaluate(FOCUSED)[0] == event
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    before = page.evaluate("scrollY")
    page.keyboard.press("ArrowDown")
    page.wait_for_function("before => scrollY > before", arg=before)
    assert page.evaluate(FOCUSED)[0] == ids[-2]
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED)[0] == ids[-1]


def test_scrolling_a_long_list_passes_every_line_once_and_jumps_nowhere(open_map: OpenMap, long_map: Built) -> None:
    page = open_map(long_map.html).page
    seen: list[str] = []
    for _ in range(40):
        view = page.evaluate(IN_VIEW)
        assert view
        if seen:
            assert seen[-1] in view, "the view jumped"
        seen += [event for event in view if event not in seen]
        page.evaluate("document.querySelector('.sm-events .sm-scroll').scrollTop += 400")
        settle(page)
    assert seen == [f"n{n}" for n in range(len(seen))]
    assert len(seen) > 200
    page.evaluate("document.querySelector('.sm-events .sm-scroll').scrollTop = 1e9")
    settle(page)
    assert page.evaluate(IN_VIEW)[-1] == f"n{EVENTS - 1}"


def test_a_search_reaches_every_line_of_a_long_list(open_map: OpenMap, long_map: Built) -> None:
    page = open_map(long_map.html).page
    for words, found in (("Event 2345", "n2345"), ("كلام 1871", "n1871"), ("words of 99", "n99")):
        page.locator(".sm-filters input[type=search]").fill(words)
        expect(page.locator(f'li[data-event-id="{found}"]')).to_be_visible()
        assert page.evaluate(IN_PAGE) <= 60


def test_filters_and_selection_work_on_a_long_list(open_map: OpenMap, long_map: Built) -> None:
    page = open_map(long_map.html).page
    two = sum(1 for n in range(EVENTS) if n % 3 == 0)
    assert page.evaluate("strikemap.filter({actors: ['two']})") == two
    assert page.locator("li[data-event-id]").first.get_attribute("aria-setsize") == str(two)
    assert page.evaluate("strikemap.drawn().piles.reduce((sum, pile) => sum + pile.n, 0)") == sum(
        1 for n in range(EVENTS - UNPLACED) if n % 3 == 0
    )
    assert page.evaluate("strikemap.filter({from: '2019-05', to: '2019-05'})") == 31
    expect(page.locator("li[data-event-id]").first).to_have_attribute("aria-setsize", "31")
    expect(page.locator(".sm-list h3")).to_have_text("On the map 31")
    page.evaluate("strikemap.filter(null)")
    page.evaluate("strikemap.select('n1234')")
    panel = page.locator(".sm-panel")
    expect(panel.locator(".sm-panel-title")).to_have_text("Event 1234")
    expect(panel.locator("q").first).to_have_text("words of 1234")
    expect(panel.locator(".sm-here li").first).to_have_attribute("aria-setsize", str((EVENTS - UNPLACED) // len(PLACES) - 1))
    panel.locator(".sm-choice").nth(3).click()
    expect(panel.locator(".sm-panel-title")).to_have_text("Event 26")
    page.evaluate("document.querySelector('.sm-events .sm-scroll').scrollTop = 60000")
    settle(page)
    there = page.evaluate(IN_VIEW)[2]
    page.click("[data-lang=ar]")
    expect(panel.locator(".sm-panel-title")).to_have_text("حدث 26")
    settle(page)
    assert there in page.evaluate(IN_VIEW), "a change of language lost the reader's place"
    expect(page.locator(f'li[data-event-id="{there}"] .sm-title')).to_have_text(f"حدث {there[1:]}")


def shape(page: Page, html: str) -> Any:
    """A line as the reader has it: elements, their classes, links and words."""
    return page.evaluate(
        """html => {
          const walk = node => node.nodeType === 3 ? node.data.replace(/\\s+/g, " ").trim() : [
            node.localName, node.getAttribute("class") ?? "", node.getAttribute("href") ?? "",
            node.getAttribute("lang") ?? "", node.getAttribute("dir") ?? "", node.getAttribute("d") ?? "", node.getAttribute("fill") ?? "",
            [...node.childNodes].map(walk).filter(part => part !== "")];
          const li = new DOMParser().parseFromString(html, "text/html").querySelector("li");
          li.querySelector("h3")?.remove();
          li.classList.remove("sm-selected", "sm-hover");
          return walk(li);
        }""",
        html,
    )


def test_a_line_made_in_the_page_is_the_line_that_a_shorter_story_has(
    open_map: OpenMap, long_map: Built, tmp_path: Path
) -> None:
    page = open_map(long_map.html).page
    story = tmp_path / "long.yaml"
    story.write_text(long_story(), "utf-8")
    scene = api.StrikeMap(story, user_gazetteer=False).scene
    whole = render_body(scene, text.page_strings(scene))
    for event in ("n0", "n7", f"n{EVENTS - 1}"):
        (written,) = re.findall(rf'<li [^>]*data-event-id="{event}".*?</details>\s*</li>', whole, re.DOTALL)
        page.locator(".sm-events > h2").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End" if event.endswith("99") else "Home")
        line = page.locator(f'li[data-event-id="{event}"]')
        line.evaluate("li => li.querySelector('summary').click()")
        expect(line.locator(".sm-card")).to_be_visible()
        made = line.evaluate("li => li.outerHTML")
        assert shape(page, made) == shape(page, written)
