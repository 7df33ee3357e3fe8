"""The timeline under the map: brushed by pointer, finger and keyboard, stepped and played."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from support.chromium import Host, OpenMap
from support.program import Build, Built

LISTED = "[...document.querySelectorAll('li[data-event-id]')].filter(e => e.checkVisibility()).map(e => e.dataset.eventId)"
BLOCKS = r"""(part) => [...document.querySelectorAll(`${part} .sm-bars path`)].flatMap((path) => {
  const block = /M([\d.]+) ([\d.]+)h([\d.]+)v([\d.]+)h-([\d.]+)z/y, d = path.getAttribute('d'), found = [];
  while (block.lastIndex < d.length) {
    const [, x, y, width, height, back] = block.exec(d) ?? [];
    if (!x || back !== width) throw new Error(`no block at ${block.lastIndex} of ${d}`);
    found.push([path.getAttribute('class'), +x, +y, +width, +height]);
  }
  return found;
}).sort((a, b) => a[1] - b[1] || b[2] - a[2])"""
"""Class, x, y, width and height of every block below a part of the page, by column and from the bottom."""
DAYS = 12
"""The story's axis: 15 to 26 November 2015."""


def period(page: Page) -> tuple[str, str]:
    first, last = page.get_by_role("slider").evaluate_all("all => all.map(e => e.getAttribute('aria-valuetext'))")
    return first, last


def now(page: Page) -> Locator:
    return page.locator(".sm-time-now")


def column(page: Page, bin: int) -> tuple[float, float]:
    """Client px of a day's column in a left-to-right page."""
    page.locator(".sm-time").scroll_into_view_if_needed()
    box = page.locator(".sm-time-chart").bounding_box()
    assert box is not None
    return box["x"] + box["width"] * (bin + 0.5) / DAYS, box["y"] + box["height"] / 2


def test_two_handles_tell_their_day_and_are_moved_by_keyboard(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    begin, end = page.get_by_role("slider", name="Beginning of the period"), page.get_by_role("slider", name="End of the period")
    assert period(page) == ("15 November 2015", "26 November 2015")
    begin.press("ArrowRight")
    begin.press("ArrowUp")
    expect(begin).to_be_focused()
    assert period(page) == ("17 November 2015", "26 November 2015")
    end.press("PageDown")
    end.press("Home")
    assert period(page) == ("17 November 2015", "17 November 2015")
    assert begin.get_attribute("aria-valuemax") == end.get_attribute("aria-valuemin") == "2"
    expect(now(page)).to_have_text("17 November 2015")
    # What was reported for "17 November or earlier", and the night of 16 to 17 November, may be of that day.
    assert page.evaluate(LISTED) == [
        "sinai-crash", "france-second-series", "russia-aleppo", "russia-idlib", "russia-raqqa", "russian-warships",
    ]  # fmt: skip
    expect(page.locator(".sm-status")).to_have_text("6 of 11 shown")
    begin.press("Escape")
    assert page.evaluate(LISTED + ".length") == 11
    expect(now(page)).to_have_text("15–26 November 2015")


def test_a_pointer_brushes_moves_and_clears_a_period(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    page.mouse.move(*column(page, 3))
    page.mouse.down()
    page.mouse.move(*column(page, 1), steps=4)
    page.mouse.up()
    assert period(page) == ("16 November 2015", "18 November 2015")
    page.mouse.move(*column(page, 2))
    page.mouse.down()
    page.mouse.move(*column(page, 9), steps=4)
    page.mouse.up()
    assert period(page) == ("23 November 2015", "25 November 2015")
    assert page.evaluate(LISTED) == ["meeting-obama"]
    handle = page.get_by_role("slider").nth(1).bounding_box()
    assert handle is not None
    page.mouse.move(handle["x"] + 4, handle["y"] + 20)
    page.mouse.down()
    page.mouse.move(*column(page, 11), steps=4)
    page.mouse.move(column(page, 11)[0] + 200, column(page, 11)[1], steps=4)
    page.mouse.up()
    assert period(page) == ("23 November 2015", "26 November 2015")
    page.mouse.click(*column(page, 2))
    assert period(page) == ("17 November 2015", "17 November 2015")
    page.mouse.click(*column(page, 2))
    assert period(page) == ("15 November 2015", "26 November 2015")
    page.mouse.click(*column(page, 2))
    page.get_by_role("button", name="All dates").click()
    assert page.evaluate(LISTED + ".length") == 11


def test_a_finger_taps_a_day_and_may_scroll_the_page(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en", width=320, height=640, touch=True).page
    x, y = column(page, 2)
    page.touchscreen.tap(x, y)
    assert period(page) == ("17 November 2015", "17 November 2015")
    assert page.locator(".sm-time-chart").evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    for control in page.locator(".sm-time :is(button, [role=slider])").all():
        box = control.bounding_box()
        assert box is not None
        assert box["width"] >= 44 and box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_steps_go_to_the_next_day_that_holds_something(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    on, back = page.get_by_role("button", name="Later"), page.get_by_role("button", name="Earlier")
    met = []
    for _ in range(8):
        on.press("Enter")
        met.append(now(page).inner_text())
    assert met == [f"{day} November 2015" for day in (15, 16, 17, 18, 24, 26, 26, 26)]
    back.press("Enter")
    expect(now(page)).to_have_text("24 November 2015")
    page.evaluate("strikemap.filter({from: '2015-11-15', to: '2015-11-16'})")
    on.press("Enter")
    assert period(page) == ("16 November 2015", "17 November 2015")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_play_goes_through_time_and_nothing_plays_of_itself(open_map: OpenMap, story_map: Built, motion: str) -> None:
    page = open_map(story_map.html, lang="en", reduced_motion=motion).page
    expect(now(page)).to_have_text("15–26 November 2015")
    page.evaluate("() => { window.passed = []; strikemap.on('filter', d => passed.push(d.shown)); }")
    page.get_by_role("button", name="Play through time").press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(now(page)).to_have_text("17 November 2015")
    assert page.evaluate("document.getAnimations().length") == 0
    page.get_by_role("button", name="Stop").press("Enter")
    assert page.evaluate("passed") == [3, 3, 6]
    expect(page.get_by_role("button", name="Play through time")).to_be_visible()


def test_bars_stand_for_what_the_filters_leave(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page

    def drawn() -> list[str]:
        return [look for look, *_ in page.evaluate(BLOCKS, ".sm-time-chart")]

    still = page.evaluate(BLOCKS, ".sm-time-chart")
    assert len(still) > 11
    page.evaluate("strikemap.filter({actors: ['russia']})")
    assert drawn() == ["sm-s1"] * 4
    page.evaluate("strikemap.filter({from: '2015-11-18', actors: ['russia']})")
    assert drawn() == ["sm-off"] * 4
    # What was reported for "17 November or earlier" may be of the 16th: it stands there while that day is chosen.
    page.evaluate("strikemap.filter({from: '2015-11-16', to: '2015-11-16'})")
    assert sorted(name for name in drawn() if "off" not in name) == ["sm-ink sm-pale", "sm-s0 sm-pale", "sm-s0 sm-pale"]
    page.evaluate("strikemap.filter(null)")
    assert page.evaluate(BLOCKS, ".sm-time-chart") == still


def test_the_script_draws_what_the_still_page_shows(open_map: OpenMap, story_map: Built) -> None:
    still, live = open_map(story_map.html, js=False).page, open_map(story_map.html).page
    told, made = still.evaluate(BLOCKS, ".sm-time"), live.evaluate(BLOCKS, ".sm-time")
    assert len({x for _, x, *_ in told}) > 5
    assert [one[0] for one in told] == [one[0] for one in made]
    for one, other in zip(told, made, strict=True):
        assert one[1:] == pytest.approx(other[1:], abs=0.011)
    # One path a colour, however many events it stands for.
    looks = "[...document.querySelectorAll('.sm-time-chart .sm-bars path')].map(e => e.getAttribute('class'))"
    assert len(set(live.evaluate(looks))) == len(live.evaluate(looks))


def test_in_arabic_time_runs_from_the_right_and_keys_follow(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="ar").page
    begin, end = page.get_by_role("slider").nth(0), page.get_by_role("slider").nth(1)
    left, right = end.bounding_box(), begin.bounding_box()
    assert left is not None and right is not None
    assert left["x"] < right["x"]
    begin.press("ArrowLeft")
    expect(begin).to_have_attribute("aria-valuetext", "16 تشرين الثاني 2015")
    end.press("ArrowRight")
    expect(end).to_have_attribute("aria-valuetext", "25 تشرين الثاني 2015")
    page.get_by_role("slider").nth(0).press("Escape")
    # The first day of the story stands at the right.
    box = page.locator(".sm-time-chart").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] - 8, box["y"] + 20)
    expect(begin).to_have_attribute("aria-valuetext", "15 تشرين الثاني 2015")
    expect(end).to_have_attribute("aria-valuetext", "15 تشرين الثاني 2015")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Asia/Damascus"])
def test_the_reader_s_own_zone_moves_no_day(open_map: OpenMap, story_map: Built, zone: str) -> None:
    page = open_map(story_map.html, timezone=zone, locale="ar-EG").page
    assert page.evaluate("strikemap.filter({from: '2015-11-18', to: '2015-11-18'})") == 1
    assert page.evaluate(LISTED) == ["charles-de-gaulle"]
    assert period(page) == ("18 novembre 2015", "18 novembre 2015")


def story(tmp_path: Path, dates: list[str], head: str = "") -> Path:
    path = tmp_path / "dates.yaml"
    events = [f"  - {{id: e{n}, kind: strike, date: '{one}', place: Raqqa, country: SY, sources: [{{id: press}}]{more}}}"
              for n, (one, _, more) in enumerate(date.partition("|") for date in dates)]  # fmt: skip
    path.write_text(f"title: Dates\nslug: dates\nlang: en\n{head}sources: {{press: {{publisher: Press}}}}\nevents:\n" + "\n".join(events) + "\n", "utf-8")
    return path


def test_1915_and_undated_events_work_like_any(open_map: OpenMap, build: Build, tmp_path: Path) -> None:
    path = story(tmp_path, ["1915-03-18", "1915-04-25/1915-05-06", "1916-01-09|, time: '03:20'", "", "1915-08"], "zone: Europe/Istanbul\n")
    page = open_map(build(path).html, timezone="America/New_York").page
    expect(page.locator(".sm-time")).to_contain_text("Events by week")
    expect(page.locator(".sm-time")).to_contain_text("no date")
    expect(page.locator(".sm-time-note")).to_contain_text("Dates and times are those of Istanbul.")
    page.evaluate("() => strikemap.on('filter', d => { window.heard = d; })")
    assert page.evaluate("strikemap.filter(null)") == 5
    assert page.evaluate("[heard.bins.reduce((a, b) => a + b), heard.undated, heard.bins.length]") == [4, 1, 43]
    assert page.evaluate("strikemap.filter({from: '1915-05', to: '1915-05-31'})") == 1
    assert page.evaluate("[heard.bins.reduce((a, b) => a + b), heard.undated]") == [1, 0]
    assert page.evaluate("strikemap.filter({to: '1915'})") == 3


def test_a_single_day_has_no_timeline_and_all_filters(open_map: OpenMap, build: Build, tmp_path: Path) -> None:
    page = open_map(build(story(tmp_path, ["1943-07-10", "1943-07-10|, status: contested"])).html).page
    assert page.locator(".sm-time").count() == 0
    assert page.evaluate("strikemap.filter({statuses: ['contested']})") == 1
    expect(page.locator(".sm-status")).to_have_text("1 of 2 shown")


def test_a_drag_over_a_framed_timeline_scrolls_nothing(open_map: OpenMap, story_map: Built, host_page: Host) -> None:
    opened = open_map(host_page(story_map.page, height="1600px"), wait=False)
    frame = opened.frame()
    slider = frame.get_by_role("slider").nth(0)
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuenow", "11")
    assert frame.evaluate(LISTED) == ["meeting-putin"]
