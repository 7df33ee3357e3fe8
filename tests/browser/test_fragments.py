"""Maps as elements of somebody else's page: they draw under any style of its, and share nothing with it or each other."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import ElementHandle, Page

import geo
from support.chromium import WITHIN_MS, OpenMap
from support.program import ROOT, STORY

LEAFLET = (ROOT / "geo/web/node_modules/leaflet/dist/leaflet.js").read_text("utf-8").replace("1.9.4", "host's own")
OTHER = """
title: Another story
lang: en
events:
  - {id: one, kind: strike, date: 2015-11-17, place: Mosul, country: IQ, title: A strike at Mosul}
  - {id: two, kind: crash, date: 2015-11-18, place: Kirkuk, country: IQ, title: A crash at Kirkuk}
"""
HOSTILE = """
html { font-size: 7px } body { margin: 0; font: 16px/3 serif; letter-spacing: 3px; text-transform: uppercase; direction: rtl }
* { box-sizing: content-box !important; float: left } img { max-width: 10% } svg, details, canvas { display: none !important }
button { background: red !important; padding: 30px } h1 { font-size: 90px } .sm-map, .leaflet-container { height: 3px !important }
.strikemap { float: none } article { width: WIDTHpx; float: none; overflow: hidden }
"""
ELEMENTS = "h1 p a button li input svg details summary".split()
HOST = """<!doctype html><html lang="de"><head><meta charset="utf-8"><title>The host</title><style>{css}</style>
<script>{leaflet}</script><script>
const before = Object.getOwnPropertyNames(window);
document.addEventListener("strikemap:ready", (e) => {{ (window.maps ??= []).push([e.target, e.detail]); }});
</script></head><body><div id="probe"><h1>x</h1><p>x</p><a href="#x">x</a><button>x</button><ul><li>x</li></ul><input><svg></svg>
<details><summary>x</summary></details></div><article>{body}</article></body></html>"""
COMPUTED = """tags => tags.map((tag) => {
  const style = getComputedStyle(document.querySelector(`#probe ${tag}`));
  return [...style].map((name) => `${tag} ${name}: ${style.getPropertyValue(name)}`);
}).flat()"""


@pytest.fixture(scope="module")
def fragment() -> str:
    return geo.StrikeMap(STORY).fragment()


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> str:
    story = tmp_path_factory.mktemp("other") / "another.yaml"
    story.write_text(OTHER, "utf-8")
    return geo.StrikeMap(story).fragment()


def host(folder: Path, body: str, *, width: int = 680, css: str = HOSTILE, leaflet: str = LEAFLET) -> Path:
    page = folder / "host.html"
    page.write_text(HOST.format(css=css.replace("WIDTH", str(width)), leaflet=leaflet, body=body), "utf-8")
    return page


def drawn(page: Page, count: int) -> list[ElementHandle]:
    page.wait_for_function(
        "n => document.querySelectorAll('.strikemap[data-strikemap=drawn]').length === n", arg=count, timeout=WITHIN_MS
    )
    return page.query_selector_all(".strikemap[data-strikemap]")


def shown(page: Page, which: int) -> list[str]:
    """The ids in the list of a map that are not filtered out."""
    return page.evaluate(
        "n => [...maps[n][0].shadowRoot.querySelectorAll('[data-event-id]')].filter(e => e.checkVisibility())"
        ".map(e => e.dataset.eventId)",
        which,
    )


def assert_painted(page: Page, map_element: ElementHandle) -> None:
    canvas = map_element.query_selector(".leaflet-container")
    assert canvas is not None
    colours = Image.open(io.BytesIO(canvas.screenshot())).convert("RGB").getcolors(1 << 24)
    assert colours is not None and len(colours) > 24
    assert max(count for count, _ in colours) < 0.97 * sum(count for count, _ in colours)


def test_two_stories_and_one_of_them_twice_draw_in_a_hostile_page_and_share_nothing(
    open_map: OpenMap, fragment: str, other: str, tmp_path: Path
) -> None:
    page = open_map(host(tmp_path, fragment + other + fragment), wait=False).page
    for element in drawn(page, 3):
        assert_painted(page, element)
    first, second, third = (shown(page, n) for n in range(3))
    assert sorted(second) == ["one", "two"] and first == third and len(first) > 2
    assert page.evaluate("maps[0][1].filter({kinds: ['crash']})") == 1
    assert len(shown(page, 0)) == 1
    assert (shown(page, 1), shown(page, 2)) == (second, third)
    page.evaluate("maps[0][1].language('en'); maps[0][1].select(null)")
    titles = page.evaluate("maps.map(([e]) => [e.shadowRoot.querySelector('h1').textContent, e.shadowRoot.querySelector('.strikemap').lang])")
    assert titles[0] != titles[2] and [lang for _, lang in titles] == ["en", "en", "fr"]


def test_the_host_keeps_its_globals_its_styles_its_title_its_language_and_its_address(
    open_map: OpenMap, fragment: str, tmp_path: Path
) -> None:
    bare = open_map(host(tmp_path, "<p>Nothing</p>"), wait=False).page.evaluate(COMPUTED, ELEMENTS)
    page = open_map(host(tmp_path, fragment + fragment), wait=False).page
    drawn(page, 2)
    page.evaluate("maps[0][1].language('ar'); maps[0][1].select(Object.keys(maps[0][1].counts) && null)")
    assert set(page.evaluate("Object.getOwnPropertyNames(window).filter(n => !before.includes(n))")) <= {"before", "maps"}
    assert page.evaluate("L.version") == "host's own"
    assert page.evaluate(COMPUTED, ELEMENTS) == bare
    assert page.evaluate("[document.title, document.documentElement.lang, document.documentElement.dir, location.hash]") == ["The host", "de", "", ""]
    assert page.evaluate("document.documentElement.getAttributeNames()") == ["lang"]
    assert page.evaluate("[...document.querySelectorAll('article [id]')].map(e => e.id)") == []


def test_a_page_without_leaflet_has_none_afterwards(open_map: OpenMap, fragment: str, tmp_path: Path) -> None:
    page = open_map(host(tmp_path, fragment, leaflet=""), wait=False).page
    drawn(page, 1)
    assert page.evaluate("'L' in window || 'strikemap' in window") is False


@pytest.mark.parametrize("width", [320, 680, 1200])
def test_the_layout_follows_the_column_and_not_the_window(
    open_map: OpenMap, fragment: str, tmp_path: Path, width: int
) -> None:
    page = open_map(host(tmp_path, fragment, width=width), width=1280, height=900, wait=False).page
    (element,) = drawn(page, 1)
    box = element.query_selector(".leaflet-container").bounding_box()
    shape = {320: 4 / 5, 680: 4 / 3, 1200: 16 / 9}[width]
    assert box["width"] <= width and box["width"] / box["height"] == pytest.approx(shape, rel=0.01)
    assert page.evaluate("getComputedStyle(maps[0][0].shadowRoot.querySelector('.sm-legend')).fontSize") in ("13px", "14px")
    assert page.evaluate("document.querySelector('article').scrollWidth") <= width


def test_markup_that_a_notebook_puts_in_by_innerhtml_draws_too(open_map: OpenMap, fragment: str, tmp_path: Path) -> None:
    page = open_map(host(tmp_path, "<div id='out'></div>"), wait=False).page
    page.evaluate(
        """html => {
          const out = document.getElementById("out");
          out.innerHTML = html;
          for (const old of out.querySelectorAll("script")) {
            const script = document.createElement("script");
            script.textContent = old.textContent;
            old.replaceWith(script);
          }
        }""",
        # Chromium warns of an attribute that it does not heed in `innerHTML`; older browsers heed it nowhere.
        fragment.replace(' shadowrootmode="open"', ""),
    )
    (element,) = drawn(page, 1)
    assert_painted(page, element)


def test_without_scripts_every_event_can_be_read(open_map: OpenMap, fragment: str, tmp_path: Path) -> None:
    page = open_map(host(tmp_path, fragment), js=False).page
    listed = page.locator("li[data-event-id]")
    assert listed.count() == len(geo.load(STORY).events)
    assert listed.last.is_visible() is True


def test_the_host_page_scrolls_over_a_fragment(open_map: OpenMap, fragment: str, tmp_path: Path) -> None:
    body = f"{fragment}<p style='height:3000px'>More</p>"
    page = open_map(host(tmp_path, body, css="body { margin: 0 }"), width=768, height=700, wait=False).page
    (element,) = drawn(page, 1)
    box = element.query_selector(".leaflet-container").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 100)
    page.mouse.wheel(0, 100)
    page.wait_for_function("scrollY > 0")
