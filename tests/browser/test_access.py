"""By keyboard, by ear, and in every language of the story."""

from __future__ import annotations

import pytest

from support.chromium import Audit, Opened, OpenMap
from support.program import Built

FOCUSED_EVENT = "document.activeElement.closest('[data-event-id]')?.dataset.eventId ?? null"
VISIBLE_TEXT = "document.body.innerText"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_axe_finds_nothing_serious(open_map: OpenMap, story_map: Built, audit: Audit, lang: str, dark: bool) -> None:
    opened = open_map(story_map.html, lang=lang, dark=dark)
    assert audit(opened.page) == []
    opened.page.locator("[data-event-id]").first.click()
    assert audit(opened.page) == []


def test_axe_finds_nothing_serious_on_a_phone(open_map: OpenMap, story_map: Built, audit: Audit) -> None:
    assert audit(open_map(story_map.html, width=320, height=640, touch=True).page) == []


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
