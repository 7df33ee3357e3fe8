"""Whatever is filtered, list, map, key and timeline show the same events, and the address tells which."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import expect

from support.chromium import Host, OpenMap, Server
from support.mixed import mixed_story
from support.program import Build, Built

COMBINATIONS = 120


@pytest.fixture(scope="session")
def mixed_map(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Built:
    story = tmp_path_factory.mktemp("mixed") / "mixed.yaml"
    story.write_text(mixed_story(), encoding="utf-8")
    return build(story)


LISTED = "[...document.querySelectorAll('li[data-event-id]')].filter(e => e.checkVisibility()).map(e => e.dataset.eventId)"
# What each part of the page shows after each of some filters.
SHOWN = """(filters) => {
  let heard = null;
  const off = strikemap.on('filter', (data) => { heard = data; });
  const number = (e) => Number(e.textContent.replace(/\\D/g, ''));
  const seen = (query) => [...document.querySelectorAll(query)].filter((e) => e.checkVisibility());
  const found = filters.map((filter) => {
    const given = strikemap.filter(filter);
    const drawn = strikemap.drawn();
    return {
      given, heard, list: LISTED, status: document.querySelector('.sm-status').textContent,
      sections: seen('.sm-events h3 .sm-count').map(number),
      map: [...new Set([...drawn.piles.flatMap((p) => p.events), ...drawn.areas.flatMap((a) => a.ids)])],
      key: seen('.sm-legend li .sm-count').map(number),
      rows: seen('.sm-legend li[data-key]').map((e) => e.dataset.key),
      lines: drawn.arcs.length,
    };
  });
  off();
  return found;
}""".replace("LISTED", LISTED)


def a_filter(chance: Random, table: Any) -> dict[str, Any]:
    """A random one: each part is there or not."""
    found: dict[str, Any] = {}
    for name, key in (("actor", "actors"), ("kind", "kinds"), ("status", "statuses"), ("precision", "precision")):
        if chance.random() < 0.35:
            found[key] = chance.sample(table[name]["values"], chance.randrange(1, len(table[name]["values"])))
    if chance.random() < 0.4:
        found["from"] = f"1943-07-{chance.randrange(1, 31):02d}"
    if chance.random() < 0.4:
        found["to"] = f"1943-{chance.choice(('07', '08'))}-{chance.randrange(1, 31):02d}"
    if chance.random() < 0.25:
        found["text"] = chance.choice(("ete", "الجسر", "ночной", "BRIDGE", "quoted 1", "Raqqa", "الرقة", "nothing at all"))
    return found


def day(iso: str) -> int:
    from datetime import date

    return date.fromisoformat(iso).toordinal() - date(1970, 1, 1).toordinal()


def passes(table: Any, row: int, asked: dict[str, Any]) -> bool:
    """The filter once more, said in Python; words apart."""
    for name, key in (("actor", "actors"), ("kind", "kinds"), ("status", "statuses"), ("precision", "precision")):
        if key in asked and table[name]["values"][table[name]["of"][row]] not in asked[key]:
            return False
    first, last = table["first"][row], table["last"][row]
    if ("from" in asked or "to" in asked) and first is None and last is None:
        return False
    if "from" in asked and last is not None and last < day(asked["from"]):
        return False
    return not ("to" in asked and first is not None and first > day(asked["to"]))


def test_list_map_key_and_timeline_agree_under_every_filter(open_map: OpenMap, mixed_map: Built) -> None:
    page = open_map(mixed_map.html).page
    table, data = mixed_map.data["events"], mixed_map.data
    drawable = {mark["id"] for mark in data["marks"]} | {area["id"] for area in data["areas"]}
    chance = Random(17)
    asked = [{}, *(a_filter(chance, table) for _ in range(COMBINATIONS))]
    for filter, shown in zip(asked, page.evaluate(SHOWN, asked), strict=True):
        listed = set(shown["list"])
        assert shown["given"] == len(listed) == shown["heard"]["shown"], filter
        assert set(shown["map"]) == listed & drawable, filter
        assert sum(shown["key"]) == len(shown["map"]), filter
        assert 0 not in shown["key"], filter
        assert sum(shown["heard"]["bins"]) + shown["heard"]["undated"] == len(listed), filter
        assert sum(shown["sections"]) == len(listed), filter
        if "text" not in filter:
            rows = [row for row in range(len(table["id"])) if passes(table, row, filter)]
            assert listed == {table["id"][row] for row in rows}, filter
        said = shown["status"]
        assert said == "" if not filter else said.startswith(f"{len(listed)} of 60 shown"), filter


def test_options_say_how_many_they_would_leave(open_map: OpenMap, mixed_map: Built) -> None:
    page = open_map(mixed_map.html).page
    box = page.locator("[data-facet=kind] label").filter(has_text="Strike").locator("input")
    page.evaluate("strikemap.filter({statuses: ['declared']})")
    told = int(box.locator("..").locator(".sm-count").inner_text())
    box.check()
    assert page.evaluate(LISTED + ".length") == told > 0
    # The other options of the same group still say what choosing them would add.
    others = page.locator("[data-facet=kind] .sm-count").all_inner_texts()
    assert sum(map(int, others)) == page.evaluate("strikemap.filter({statuses: ['declared']})")


@pytest.mark.parametrize(
    ("words", "event"),
    [("raqqa", "russia-raqqa"), ("الرقة", "russia-raqqa"), ("رقه", "russia-raqqa"), ("ракка", "russia-raqqa"), ("Chōigou choigou", ""),
     ("SINAI", "sinai-crash"), ("سيناء", "sinai-crash"), ("idleb  raids", "russia-idlib"), ("fief", "russia-raqqa"), ("ALÉP", "russia-aleppo")],
)  # fmt: skip
def test_names_are_found_in_any_script(open_map: OpenMap, story_map: Built, words: str, event: str) -> None:
    page = open_map(story_map.html, lang="en").page
    page.get_by_role("searchbox").fill(words)
    if event:
        assert event in page.evaluate(LISTED)
        assert page.evaluate(LISTED + ".length") < 11
    else:
        assert page.evaluate(LISTED) == []
        expect(page.locator(".sm-status")).to_have_text("0 of 11 shown. No event fits.")
    page.keyboard.press("Escape")
    assert page.evaluate(LISTED + ".length") == 11


def test_filters_work_by_keyboard_and_are_taken_back(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en", width=320, height=640).page
    fold = page.get_by_role("button", name="Filter", exact=True)
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(page.locator("[data-facet]").first).to_be_hidden()
    fold.press("Enter")
    box = page.get_by_role("checkbox", name="Russia")
    box.press("Space")
    expect(page.locator(".sm-status")).to_have_text("4 of 11 shown")
    assert page.evaluate("document.querySelector('.sm-status').getAttribute('aria-live')") == "polite"
    page.get_by_role("button", name="Show all").press("Enter")
    expect(page.locator(".sm-status")).to_be_hidden()
    expect(box).not_to_be_checked()
    assert page.evaluate(LISTED + ".length") == 11
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_selected_event_is_let_go_when_it_is_filtered_out(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    page.evaluate("strikemap.select('russia-raqqa')")
    page.evaluate("strikemap.filter({actors: ['france']})")
    expect(page.locator(".sm-panel")).to_be_hidden()
    assert page.evaluate("strikemap.drawn().symbols.map(s => s.id)") == ["france-first-series", "france-second-series"]


def test_a_filter_goes_into_the_address_and_comes_back(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, lang="en").page
    asked = {"from": "2015-11-16", "to": "2015-11-17", "actors": ["russia", "france"], "kinds": ["strike"], "statuses": ["reported"],
             "precision": ["governorate"], "text": "alep & idlib=é #"}  # fmt: skip
    page.evaluate("f => strikemap.filter(f)", asked)
    page.wait_for_function("() => location.hash.length > 1")
    address = page.url
    page.evaluate("strikemap.filter(null)")
    page.wait_for_function("() => location.hash.length === 0")
    page.evaluate("f => strikemap.filter({...f, text: null})", asked)
    page.wait_for_function("() => location.hash.length > 1")
    count = page.evaluate(LISTED)
    hash = page.evaluate("location.hash")
    page.goto("about:blank")
    page.goto(address.split("#")[0] + hash)
    page.wait_for_selector('html[data-strikemap="drawn"]', state="attached")
    assert page.evaluate(LISTED) == count == ["russia-aleppo", "russia-idlib"]
    expect(page.locator("[data-facet=actor] input:checked")).to_have_count(2)
    page.evaluate("location.hash = 'actor=france'")
    page.wait_for_function("() => " + LISTED + ".length === 5")
    page.evaluate("location.hash = ''")
    page.wait_for_function("() => " + LISTED + ".length === 11")
    page.evaluate("h => location.hash = h", address.split("#")[1])
    expect(page.get_by_role("searchbox")).to_have_value("alep & idlib=é #")


def test_a_hostile_address_does_no_harm(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    before = page.evaluate("document.querySelectorAll('*').length")
    for hash in (
        "text=<img src=x onerror=alert(1)>", "actor=__proto__&kind=constructor", "from=9999-99-99&to=0000", "from=" + "9" * 15_000,
        "%E0%A4%A", "&&==&=&", "text=" + "a" * 9000, "status=" + "&status=x" * 900, "precision[]=1&from=2015-02-31",
    ):  # fmt: skip
        page.evaluate("h => location.hash = h", hash)
        page.evaluate("() => new Promise(done => setTimeout(done))")
        assert page.evaluate("document.querySelectorAll('*').length") <= before + 20
        page.evaluate("strikemap.filter(null)")
    assert page.evaluate(LISTED + ".length") == 11


def test_an_anchor_that_is_not_ours_stays(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html).page
    page.evaluate("location.hash = 'elsewhere'")
    page.evaluate("strikemap.filter({}); new Promise(done => setTimeout(done, 400))")
    assert page.evaluate("location.hash") == "#elsewhere"


def test_the_link_is_copied_or_else_selected(open_map: OpenMap, story_map: Built, server: Server) -> None:
    page = open_map(server.put("map.html", story_map.page), lang="en").page
    page.evaluate("strikemap.filter({actors: ['russia']})")
    copy = page.get_by_role("button", name="Copy link")
    page.evaluate("() => { Object.defineProperty(navigator, 'clipboard', {value: {writeText: async (text) => { window.copied = text; }}}); }")
    copy.click()
    expect(page.locator(".sm-status")).to_have_text("Link copied")
    assert page.evaluate("copied") == f"{server.url}/map.html#actor=russia"
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    copy.click()
    link = page.get_by_role("textbox", name="Link to this view")
    expect(link).to_be_focused()
    assert page.evaluate("getSelection().toString() || document.activeElement.value") == f"{server.url}/map.html#actor=russia"


@pytest.mark.parametrize("how", ["srcdoc", "sandbox"])
def test_in_a_frame_without_an_address_filters_work_all_the_same(open_map: OpenMap, story_map: Built, host_page: Host, how: str) -> None:
    frame = open_map(host_page(story_map.page, how), wait=False).frame()
    frame.evaluate("strikemap.filter({kinds: ['meeting']}); new Promise(done => setTimeout(done, 400))")
    assert frame.evaluate(LISTED + ".length") == 2
    if how == "srcdoc":
        expect(frame.locator(".sm-tool").nth(1)).to_be_hidden()


def test_without_javascript_no_control_is_shown(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, js=False).page
    for control in ("input", "button", "[role=slider]", "[data-facet]"):
        assert not any(page.locator(control).nth(n).is_visible() for n in range(page.locator(control).count())), control
    drawn = page.locator(".sm-time .sm-bars path").evaluate_all("all => all.map(e => e.getAttribute('d')).join('')")
    assert drawn.count("M") > 5
    expect(page.locator(".sm-time")).to_contain_text("15–26 novembre 2015")


def test_a_site_s_count_is_not_written_where_part_of_it_is_hidden(open_map: OpenMap, build: Build, tmp_path: Path) -> None:
    story = tmp_path / "two.yaml"
    events = [f"  - {{id: {name}, kind: strike, date: 2015-11-{day}, place: Raqqa, country: SY, precision: city, actor: {name}, "
              f"strikes: 10, sources: [{{id: press}}]}}" for name, day in (("one", 15), ("two", 17))]  # fmt: skip
    story.write_text(
        "title: Two\nslug: two\nlang: en\nsources: {press: {publisher: Press}}\nactors: {one: {name: One}, two: {name: Two}}\nevents:\n"
        + "\n".join(events) + "\n", encoding="utf-8")  # fmt: skip
    page = open_map(build(story).html).page
    label = "strikemap.drawn().labels.find(l => l.role === 'event').text"
    assert page.evaluate(label) == ["Raqqa", "20 strikes"]
    page.evaluate("strikemap.filter({actors: ['one']})")
    assert page.evaluate(label) == ["Raqqa"]
    assert json.dumps(page.evaluate("strikemap.drawn().piles.map(p => p.badge)")) == "[null]"
