"""By keyboard, by ear, at any size and in any colours, and in every language of the page."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from geo.api import page_languages
from support.chromium import Audit, Opened, OpenMap
from support.program import STORY, Built, run_strikemap

FOCUSED_EVENT = "document.activeElement.closest('[data-event-id]')?.dataset.eventId ?? null"
VISIBLE_TEXT = "document.body.innerText"
WIDTHS = (320, 768, 1280)


@pytest.fixture(scope="module")
def every_language(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The story in every language that the page has words in, with a link to follow."""
    folder = tmp_path_factory.mktemp("languages")
    told = STORY.read_text("utf-8").replace("    published: 2015-11-17\n", "    published: 2015-11-17\n    url: https://example.org/a\n")
    story = folder / "story.yaml"
    story.write_text(told, "utf-8")
    done = run_strikemap("build", story, "-o", folder / "story.html", "--lang", ",".join(("en", *page_languages())))
    assert done.returncode == 0, done.stderr
    return folder / "story.html"


def open_cards(page: Page) -> None:
    """Opens some lines of every kind, and the card on the map."""
    for event in ("france-second-series", "russia-aleppo", "paris-attacks"):
        page.locator(f'li[data-event-id="{event}"] summary').press("Enter")
    page.evaluate("strikemap.select('france-second-series')")


def test_axe_finds_nothing_in_any_language_width_or_scheme(open_map: OpenMap, every_language: Any, audit: Audit) -> None:
    page = open_map(every_language).page
    assert audit(page) == []
    open_cards(page)
    assert len(page_languages()) >= 8
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for lang in page_languages():
                page.evaluate("lang => strikemap.language(lang)", lang)
                assert audit(page) == [], f"{lang}, {scheme}, {width} px"


def events(opened: Opened) -> list[str]:
    listed = opened.page.locator("[data-event-id]").evaluate_all("all => all.map(e => e.dataset.eventId)")
    return sorted(set(listed))


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_event_is_reached_opened_and_closed_by_keyboard_alone(
    open_map: OpenMap, story_map: Built, lang: str
) -> None:
    opened = open_map(story_map.html, lang=lang)
    page = opened.page
    page.evaluate("document.activeElement.blur()")
    met: list[str] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        event = page.evaluate(FOCUSED_EVENT)
        if event is None or event in met:
            continue
        met.append(event)
        before = page.evaluate(VISIBLE_TEXT)
        page.keyboard.press("Enter")
        page.wait_for_function(f"before => {VISIBLE_TEXT} !== before", arg=before)
        assert page.evaluate(FOCUSED_EVENT) == event, f"{event}: opening it moved the focus away"
        page.keyboard.press("Escape")
        page.wait_for_function(f"before => {VISIBLE_TEXT} === before", arg=before)
        assert page.evaluate(FOCUSED_EVENT) == event, f"{event}: closing it lost the focus"
    else:
        pytest.fail("400 tabs did not lead out of the page")
    assert sorted(met) == events(opened)


def test_focus_can_be_seen_at_every_stop(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        style = page.evaluate(
            "(s => [s.outlineStyle, s.boxShadow, document.activeElement.outerHTML.slice(0, 100)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none" or style[1] != "none", f"no visible focus on {style[2]}"


# ---- Few keys


class Keys:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def __call__(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def name(self) -> str:
        return str(self.page.evaluate("(e => e.ariaLabel ?? e.textContent)(document.activeElement)")).strip()


def test_an_event_is_found_opened_followed_to_its_source_and_left_in_twelve_keys(
    open_map: OpenMap, every_language: Any
) -> None:
    opened = open_map(every_language)
    page, keys = opened.page, Keys(opened.page)
    page.context.route("https://example.org/**", lambda route: route.fulfill(body="<title>The source</title>", content_type="text/html"))
    keys("Tab")
    assert keys.name() == "Skip to the list"
    keys("Enter", "ArrowDown", "ArrowDown", "ArrowDown")
    assert page.evaluate(FOCUSED_EVENT) == "france-second-series"
    keys("Enter", "Tab")
    assert keys.name().startswith("Read at the source")
    with page.expect_popup() as leaving:
        keys("Enter")
    source = leaving.value
    source.wait_for_load_state()
    assert source.title() == "The source"
    assert source.evaluate("[opener, document.referrer]") == [None, ""]
    source.close()  # Ctrl+W, which a page is not told of
    keys.pressed += 1
    keys("Escape")
    assert page.evaluate(FOCUSED_EVENT) == "france-second-series"
    assert page.locator("details[open]").count() == 0
    assert keys.pressed <= 12


def test_an_event_on_the_map_is_found_and_left_in_twelve_keys(open_map: OpenMap, every_language: Any) -> None:
    page = open_map(every_language).page
    keys = Keys(page)
    page.locator(".folium-map").focus()
    keys("Tab", "ArrowRight", "ArrowRight")
    mark = keys.name()
    assert mark.startswith("Russian raids in Aleppo province; Russia; Strike; Aleppo Governorate, Syria; 17 November 2015; province only")
    keys("Enter")
    panel = page.locator(".sm-panel")
    expect(panel).to_be_focused()
    expect(panel).to_contain_text("Russian raids in Aleppo province")
    keys("Tab", "Tab")
    assert keys.name().startswith("Read at the source")
    keys("Escape")
    expect(panel).to_be_hidden()
    assert keys.name() == mark
    assert keys.pressed <= 12


# ---- The map's marks


def marks(page: Page) -> list[str]:
    return [str(name) for name in page.locator(".sm-marks button").evaluate_all("all => all.map(b => b.ariaLabel)")]


def test_the_marks_are_one_stop_in_the_order_of_time_and_each_stands_where_it_is_drawn(
    open_map: OpenMap, story_map: Built
) -> None:
    page = open_map(story_map.html, lang="en").page
    assert [name.split(";")[0] for name in marks(page)] == [
        "A Russian airliner crashes in Sinai", "Raqqa", "Russian raids in Aleppo province", "Russian raids in Idlib province",
        "Russian warships in the Mediterranean",
    ]  # fmt: skip
    assert "; 3 events; First series of French strikes; 15–16 November 2015;" in marks(page)[1]
    assert page.locator('.sm-marks button[tabindex="0"]').count() == 1
    piles = page.evaluate("strikemap.drawn().piles")
    middle = page.locator(".sm-marks button").nth(1).evaluate("b => [b.getBoundingClientRect(), b.offsetParent.getBoundingClientRect()].map(r => r.toJSON())")
    assert middle[0]["x"] + middle[0]["width"] / 2 - middle[1]["x"] == pytest.approx(piles[0]["x"], abs=1)
    assert middle[0]["y"] + middle[0]["height"] / 2 - middle[1]["y"] == pytest.approx(piles[0]["y"], abs=1)
    for box in page.locator(".sm-marks button").evaluate_all("all => all.map(b => b.getBoundingClientRect().toJSON())"):
        assert min(box["width"], box["height"]) >= 24
    page.evaluate("strikemap.filter({actors: ['russia'], kinds: ['strike']})")
    assert [name.split(";")[0] for name in marks(page)] == [
        "Russian raids in Aleppo province", "Russian raids in Idlib province", "Russian strikes by Tu-22 bombers",
    ]  # fmt: skip
    page.evaluate("strikemap.filter(null)")
    page.evaluate("strikemap.language('ar')")
    assert marks(page)[1].startswith("الرقة; ")


def test_keys_on_the_marks_go_through_all_of_them_zoom_and_never_lose_the_focus(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    page.locator(".folium-map").focus()
    page.keyboard.press("Tab")
    said = Keys(page).name
    met = [said()]
    for _ in range(4):
        page.keyboard.press("ArrowDown")
        met.append(said())
    assert met == marks(page)
    page.keyboard.press("ArrowDown")
    assert said() == met[-1]
    page.keyboard.press("Home")
    assert said() == met[0]
    before = page.evaluate("strikemap.drawn().zoom")
    page.keyboard.press("+")
    assert page.evaluate("strikemap.drawn().zoom") > before
    page.keyboard.press("End")
    inside = "(b => (m => b.left >= m.left - 1 && b.right <= m.right + 1 && b.top >= m.top - 1 && b.bottom <= m.bottom + 1)(document.querySelector('.folium-map').getBoundingClientRect()))(document.activeElement.getBoundingClientRect())"
    assert page.evaluate(inside), "a mark out of view was not brought back into it"
    assert said() == met[-1]
    page.keyboard.press("-")
    page.keyboard.press("Escape")
    assert said() == met[-1]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className").startswith("folium-map")
    left = page.evaluate("strikemap.project('russia-raqqa').x")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("left => strikemap.project('russia-raqqa').x < left", arg=left)


def test_a_card_never_covers_the_mark_that_has_the_focus(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    page.evaluate("strikemap.select('sinai-crash')")
    page.locator('.sm-marks button[tabindex="0"]').focus()
    for _ in range(5):
        mark, panel = page.evaluate(
            "[document.activeElement, document.querySelector('.sm-panel')].map(e => e.getBoundingClientRect().toJSON())"
        )
        assert mark["right"] < panel["left"] or mark["left"] > panel["right"] or mark["top"] > panel["bottom"]
        page.keyboard.press("ArrowRight")


# ---- Sizes


@pytest.mark.parametrize("lang", ["en", "ar", "ru", "de"])
@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 200)], ids=["a phone", "1280 px at 400 %"])
def test_nothing_needs_to_be_scrolled_sideways(open_map: OpenMap, every_language: Any, lang: str, width: int, height: int) -> None:
    page = open_map(every_language, width=width, height=height, lang=lang).page
    open_cards(page)
    assert page.evaluate("[document.documentElement.scrollWidth, document.body.scrollWidth]") == [320, 320]
    assert overflowing(page) == []


def overflowing(page: Page) -> list[str]:
    """Elements whose text is cut or runs out of its box."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.strikemap :is(h1, h2, h3, p, li, dt, dd, q, summary, button, span, label, a)')].filter(e => {
          if (!e.checkVisibility() || e.closest('.sm-sr, .sm-marks, .sm-skip, .folium-map, svg')) return false;
          const box = e.getBoundingClientRect();
          return box.right > innerWidth + 1 || box.left < -1 ||
            (getComputedStyle(e).overflow !== 'visible' && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1));
        }).map(e => e.outerHTML.slice(0, 90))"""
    )
    return found


def test_wider_text_spacing_cuts_no_text(open_map: OpenMap, every_language: Any) -> None:
    for width in (320, 1280):
        page = open_map(every_language, width=width).page
        open_cards(page)
        page.evaluate(
            """() => {
              const style = new CSSStyleSheet();
              style.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
                p { margin-block-end: 2em !important; }`);
              document.adoptedStyleSheets = [style];
            }"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert overflowing(page) == []


def test_everything_that_is_pressed_is_large_enough(open_map: OpenMap, every_language: Any) -> None:
    for width in WIDTHS:
        page = open_map(every_language, width=width).page
        open_cards(page)
        small = page.evaluate(
            """() => [...document.querySelectorAll('button, a, input, select, summary, label:has(input)')].filter(e => {
              const box = e.getBoundingClientRect();
              return e.checkVisibility() && !e.closest('label label') && !(e.localName === 'input' && e.closest('label')) &&
                !e.matches('.sm-skip') && (box.width < 23.9 || box.height < 23.9);
            }).map(e => e.outerHTML.slice(0, 120))"""
        )
        assert small == []


def test_a_reader_may_zoom(story_map: Built) -> None:
    (viewport,) = [line for line in story_map.page.splitlines() if "viewport" in line and "<meta" in line][:1]
    assert "user-scalable" not in viewport
    assert "maximum-scale" not in viewport


# ---- Colours and motion


def picture(page: Page, selector: str) -> Any:
    return np.asarray(Image.open(BytesIO(page.locator(selector).first.screenshot())).convert("RGB"), dtype=int)


def differing(one: Any, other: Any) -> float:
    """The share of pixels that differ plainly; 1 for pictures of different sizes."""
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(one - other).max(axis=2) > 48).mean())


SIGHTS = ("none", "protanopia", "deuteranopia", "tritanopia", "achromatopsia")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_states_and_actors_are_told_apart_whatever_colours_are_seen(open_map: OpenMap, tmp_path: Any, dark: bool) -> None:
    story = tmp_path / "states.yaml"
    story.write_text(STATES, "utf-8")
    done = run_strikemap("build", story, "-o", tmp_path / "states.html")
    assert done.returncode == 0, done.stderr
    page = open_map(tmp_path / "states.html", dark=dark).page
    sight = page.context.new_cdp_session(page)
    names = ["declared", "reported", "contested", "other", "crash", "area"]
    spots = {
        name: page.locator(f'li[data-event-id="{name}"] .sm-sign').evaluate(
            "(e, from) => [e, e.closest(from)].map(e => e.getBoundingClientRect())"
            ".reduce((sign, list) => [sign.left - list.left, sign.top - list.top].map(Math.round))",
            ".sm-events",
        )
        for name in names
    }
    for kind in SIGHTS:
        sight.send("Emulation.setEmulatedVisionDeficiency", {"type": kind})
        whole = picture(page, ".sm-events")
        glyphs = {name: whole[top : top + 20, left : left + 24] for name, (left, top) in spots.items()}
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                assert differing(glyphs[one], glyphs[other]) > 0.05, f"{kind}: {one} looks like {other}"
            page_colour = glyphs[one][0, 0]
            assert (np.abs(glyphs[one] - page_colour).max(axis=2) > 60).sum() > 30, f"{kind}: {one} is not seen"
        plain = picture(page, ".sm-zoom")
        page.locator(".leaflet-control-zoom-in").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert differing(plain, picture(page, ".sm-zoom")) > 0.02, f"{kind}: the focus is not seen"
        page.evaluate("document.activeElement.blur()")


STATES = """
title: {en: States}
slug: states
lang: en
sources: {press: {publisher: Press, language: en}}
actors: {one: {name: One}, two: {name: Two}}
events:
  - {id: declared, kind: strike, date: 2015-10-01, title: A, place: Homs, country: SY, actor: one, status: declared, sources: [press]}
  - {id: reported, kind: strike, date: 2015-10-02, title: B, place: Hama, country: SY, actor: one, status: reported, sources: [press]}
  - {id: contested, kind: strike, date: 2015-10-03, title: C, place: Raqqa, country: SY, actor: one, status: contested, sources: [press]}
  - {id: other, kind: strike, date: 2015-10-04, title: D, place: Idlib, country: SY, actor: two, status: declared, sources: [press]}
  - {id: crash, kind: crash, date: 2015-10-05, title: E, place: Palmyra, country: SY, actor: two, status: declared, sources: [press]}
  - {id: area, kind: strike, date: 2015-10-06, title: F, place: Aleppo Governorate, country: SY, actor: one, status: declared, sources: [press]}
"""


def test_in_forced_colours_marks_focus_and_selection_remain(open_map: OpenMap, every_language: Any) -> None:
    page = open_map(every_language, forced_colors="active").page
    page.evaluate("strikemap.select('russia-aleppo')")
    selected = page.locator("li.sm-selected summary")
    assert selected.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.evaluate("strikemap.select(null)")
    page.locator(".folium-map").focus()
    plain = picture(page, ".sm-map")
    page.keyboard.press("Tab")
    assert differing(plain, picture(page, ".sm-map")) > 0.0005
    glyph = picture(page, 'li[data-event-id="russia-raqqa"] .sm-sign svg')
    assert (np.abs(glyph - glyph[0, 0]).max(axis=2) > 200).sum() > 20


def test_with_reduced_motion_nothing_moves(open_map: OpenMap, every_language: Any) -> None:
    page = open_map(every_language, reduced_motion="reduce").page
    open_cards(page)
    page.locator(".leaflet-control-zoom-in").click()
    moving = "document.getAnimations().filter(a => a.playState === 'running' && a.effect.getTiming().duration > 1).length"
    assert page.evaluate(moving) == 0


# ---- Languages


@pytest.mark.parametrize(("lang", "direction"), [("fr", "ltr"), ("en", "ltr"), ("ar", "rtl")])
def test_the_language_switch_changes_words_and_direction(
    open_map: OpenMap, story_map: Built, lang: str, direction: str
) -> None:
    page = open_map(story_map.html, lang=lang).page
    assert page.evaluate("document.documentElement.dir") == direction
    strings = story_map.data["strings"][lang]
    nodes = page.locator("[data-t]").evaluate_all(
        "all => all.map(e => [e.dataset.t, e.textContent, e.closest('[lang]').lang])"
    )
    assert len(nodes) > 100
    for key, shown, shown_in in nodes:
        words, really = strings[key] if isinstance(strings[key], list) else (strings[key], lang)
        assert (shown, shown_in) == (words, really), key


def test_the_titles_of_two_languages_differ(story_map: Built) -> None:
    strings = story_map.data["strings"]
    assert len({str(strings[lang]["title"]) for lang in ("fr", "en", "ar")}) == 3


def test_the_described_map_is_read_with_the_map_in_every_language(open_map: OpenMap, every_language: Any) -> None:
    page = open_map(every_language).page
    for lang in page_languages():
        page.evaluate("lang => strikemap.language(lang)", lang)
        said = page.evaluate(
            "document.querySelector('.folium-map').getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).textContent)"
        )
        assert len(said) == 2
        assert said[1] == page.locator(".sm-figure > [data-t=described]").text_content()
        assert len(said[1]) > 300
