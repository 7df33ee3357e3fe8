"""A map in somebody else's page: drawn, silent, as high as it says, and never in the way of the page's own scrolling."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import CDPSession, Frame, Page

import geo
from geo.render.embed import COLUMN, render_embed
from support.chromium import DRAWN, WITHIN_MS, Opened, OpenMap, Server
from support.program import ROOT, STORY, Built

TEXT = "<p>" + "Words of the host page. " * 60 + "</p>"
HEARS = """<script>
var told = [];
addEventListener("message", function (event) {
  told.push(event.data);
  if (!event.data || event.data.type !== "strikemap:height") return;
  document.querySelectorAll("iframe").forEach(function (frame) {
    if (frame.contentWindow === event.source) frame.height = event.data.height;
  });
});
</script>"""


@pytest.fixture(scope="module")
def snippet() -> str:
    """The `<iframe>` that `strikemap build -f embed` writes, without the lines for its height."""
    (frame,) = re.findall("<iframe.*?</iframe>", render_embed(geo.StrikeMap(STORY).scene).decode("utf-8"))
    return frame


def page_of(body: str, *, script: str = HEARS) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>'
        f"{script}</head><body>{TEXT}{body}{TEXT * 30}</body></html>"
    )


@dataclass(frozen=True)
class Case:
    """How a map is put into a page. `column` is the frame's width; None: the map is opened alone."""

    column: int | None = 768
    sandbox: str | None = None
    srcdoc: bool = False
    csp: bool = False
    """The host allows nothing but the frame: no script, no style."""
    lazy: bool = False
    two: bool = False


CASES = {
    "file": Case(column=None),
    "http": Case(column=None),
    "320": Case(column=320),
    "768": Case(column=768),
    "1200": Case(column=1200),
    "sandbox": Case(sandbox="allow-scripts"),
    "strict host": Case(csp=True),
    "srcdoc": Case(srcdoc=True),
    "lazy": Case(lazy=True),
    "two": Case(two=True),
}


def opened(case: str, how: Case, open_map: OpenMap, server: Server, built: Built, snippet: str) -> Opened:
    if case == "file":
        return open_map(built.html)
    address = server.put("map.html", built.page)
    if case == "http":
        return open_map(address)
    frame = re.sub('src="[^"]*"', f'src="{address}"', snippet)
    if how.sandbox:
        frame = re.sub('sandbox="[^"]*"', f'sandbox="{how.sandbox}"', frame)
    if how.srcdoc:
        frame = frame.replace(f'src="{address}"', f'srcdoc="{html.escape(built.page)}"')
    body = frame.replace('width="100%"', f'width="{how.column}"')
    if how.two:
        body += TEXT + body
    if how.lazy:
        body = TEXT * 60 + body
    headers = {"Content_Security_Policy": f"default-src 'none'; frame-src {server.url}"} if how.csp else {}
    host = server.put("host.html", page_of(body, script="" if how.csp else HEARS), **headers)
    return open_map(host, width=max(how.column or 0, 340) + 60, height=900, touch=True, wait=False)


def frames(page: Page, how: Case) -> list[Frame]:
    found = []
    for element in page.query_selector_all("iframe"):
        frame = element.content_frame()
        assert frame is not None
        if how.lazy:
            assert not frame.url.startswith("http"), "a lazy frame is read before it is near"
        element.scroll_into_view_if_needed()
        frame.wait_for_selector(DRAWN, state="attached", timeout=WITHIN_MS)
        found.append(frame)
    return found


def assert_painted(where: Page | Frame) -> None:
    shot = where.locator(".leaflet-container").screenshot()
    colours = Image.open(io.BytesIO(shot)).convert("RGB").getcolors(1 << 24)
    assert colours is not None and len(colours) > 24
    assert max(count for count, _ in colours) < 0.97 * sum(count for count, _ in colours)


def until(where: Page | Frame, test: str, arg: Any = None) -> None:
    """Waits for a JavaScript function of `arg` to be true. `wait_for_function` is `eval`, which a strict page refuses."""
    where.evaluate(
        """([arg, within, words]) => new Promise((done, fail) => {
          const test = TEST, end = performance.now() + within;
          const look = () => test(arg) ? done() : performance.now() > end ? fail(new Error(`never: ${words}`)) : setTimeout(look, 20);
          look();
        })""".replace("TEST", test),
        [arg, WITHIN_MS, test],
    )


def settle(frame: Frame) -> None:
    """Until the frame is as high as its content, and stays so while thirty pictures are drawn."""
    # A frame out of view is given no pictures to draw.
    frame.frame_element().evaluate("frame => frame.scrollIntoView()")
    until(frame, "() => innerHeight === Math.ceil(document.body.getBoundingClientRect().height)")
    before = frame.evaluate("innerHeight")
    frame.evaluate(
        "() => new Promise((done) => { let n = 0; const next = () => ++n < 30 ? requestAnimationFrame(next) : done(); next(); })"
    )
    assert frame.evaluate("[innerHeight, document.documentElement.scrollHeight]") == [before, before]


def assert_scrolls(page: Page) -> None:
    """The wheel and one finger on the map scroll the host; where the frame is lower than the map's page, after that page."""
    touches = page.context.new_cdp_session(page)
    frame = page.query_selector("iframe").content_frame()
    for move in ("wheel", "finger"):
        page.evaluate("document.querySelector('iframe').scrollIntoView()")
        frame.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        room = frame.evaluate("document.documentElement.scrollHeight - innerHeight")
        at = page.query_selector("iframe").bounding_box()
        x, y = at["x"] + at["width"] / 2, at["y"] + 420
        before = page.evaluate("scrollY")
        if room == 0:
            assert frame.evaluate("([x, y]) => !!document.elementFromPoint(x, y).closest('.leaflet-container')", [at["width"] / 2, 420])
        if move == "wheel":
            page.mouse.move(x, y)
            page.mouse.wheel(0, 150)
        else:
            drag(touches, [(x, y)], (0, -200))
        until(page, "y => scrollY > y", before)


def drag(touches: CDPSession, fingers: list[tuple[float, float]], by: tuple[float, float]) -> None:
    """Moves fingers together, as a hand does: in steps, from touching down to letting go."""

    def send(kind: str, part: float | None) -> None:
        points = [] if part is None else [{"x": x + by[0] * part, "y": y + by[1] * part, "id": n} for n, (x, y) in enumerate(fingers)]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", 0)
    for step in range(1, 13):
        send("touchMove", step / 12)
    send("touchEnd", None)


@pytest.mark.parametrize("case", list(CASES))
def test_a_map_stands_anywhere(case: str, open_map: OpenMap, server: Server, story_map: Built, snippet: str) -> None:
    how = CASES[case]
    seen = opened(case, how, open_map, server, story_map, snippet)
    page = seen.page
    if how.column is None:
        assert_painted(page)
        return
    inside = frames(page, how)
    assert len(inside) == (2 if how.two else 1)
    for frame in inside:
        frame.frame_element().evaluate("frame => frame.scrollIntoView()")
        assert_painted(frame)
        assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if not how.csp:
        for frame in inside:
            settle(frame)
        first = inside[0]
        first.evaluate("document.querySelector('li[data-event-id] summary').click()")
        settle(first)
        first.evaluate("strikemap.filter({kinds: ['crash']})")
        settle(first)
        first.evaluate("strikemap.filter(null); strikemap.language('ar')")
        settle(first)
        said = [message["height"] for message in page.evaluate("told") if isinstance(message, dict) and message.get("type") == "strikemap:height"]
        assert first.evaluate("innerHeight") in said and len(said) <= 12 * len(inside)
    if how.two:
        assert [frame.evaluate("document.documentElement.lang") for frame in inside] == ["ar", "fr"]
        counts = [frame.evaluate("strikemap.filter({kinds: ['strike']})") if n else 0 for n, frame in enumerate(inside)]
        assert inside[0].locator("li[data-event-id]:not([hidden])").count() > counts[1]
    assert_scrolls(page)


@pytest.fixture
def framed(open_map: OpenMap, server: Server, story_map: Built, snippet: str) -> Iterator[tuple[Page, Frame]]:
    page = opened("768", CASES["768"], open_map, server, story_map, snippet).page
    (frame,) = frames(page, CASES["768"])
    settle(frame)
    page.evaluate("document.querySelector('iframe').scrollIntoView()")
    yield page, frame


APART = """() => {
  const [a, b] = [...document.querySelectorAll("li[data-event-id]")].map((e) => strikemap.project(e.dataset.eventId))
    .filter(Boolean).sort((p, q) => p.x - q.x).filter((_, i, all) => i === 0 || i === all.length - 1);
  return Math.hypot(a.x - b.x, a.y - b.y);
}"""
PLACE = "strikemap.project(document.querySelector('li[data-event-id]').dataset.eventId)"


def middle(page: Page, frame: Frame) -> tuple[float, float]:
    """The middle of the map in the page's px."""
    at = frame.locator(".leaflet-container").bounding_box()
    return at["x"] + at["width"] / 2, at["y"] + at["height"] / 2


def test_in_a_frame_a_wheel_alone_tells_how_to_zoom_in_the_pages_language(framed: tuple[Page, Frame]) -> None:
    page, frame = framed
    before = frame.evaluate(APART)
    frame.evaluate("strikemap.language('en')")
    page.mouse.move(*middle(page, frame))
    page.mouse.wheel(0, 40)
    frame.wait_for_selector(".sm-hint.sm-on")
    assert "Ctrl" in frame.locator(".sm-hint").inner_text()
    assert frame.evaluate(APART) == pytest.approx(before)


def test_in_a_frame_ctrl_and_the_wheel_zoom_the_map_and_not_the_page(framed: tuple[Page, Frame]) -> None:
    page, frame = framed
    before, scrolled = frame.evaluate(APART), page.evaluate("[scrollY, visualViewport.scale]")
    page.mouse.move(*middle(page, frame))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    until(frame, f"before => ({APART})() > 1.5 * before", before)
    assert page.evaluate("[scrollY, visualViewport.scale]") == scrolled


def test_in_a_frame_two_fingers_move_and_zoom_the_map_and_one_does_not(framed: tuple[Page, Frame]) -> None:
    page, frame = framed
    touches = page.context.new_cdp_session(page)
    x, y = middle(page, frame)
    place = frame.evaluate(PLACE)
    drag(touches, [(x, y)], (120, 0))
    frame.wait_for_selector(".sm-hint.sm-on")
    assert frame.evaluate(PLACE) == place
    scrolled = page.evaluate("scrollY")

    def pinch(kind: str, spread: float | None) -> None:
        points = [] if spread is None else [{"x": x - spread, "y": y, "id": 0}, {"x": x + spread, "y": y, "id": 1}]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = frame.evaluate(APART)
    pinch("touchStart", 40)
    for step in range(1, 13):
        pinch("touchMove", 40 + 6 * step)
    pinch("touchEnd", None)
    until(frame, f"before => ({APART})() > 1.5 * before", before)
    assert page.evaluate("[scrollY, visualViewport.scale]") == [scrolled, 1]


def test_alone_the_wheel_zooms_and_one_finger_moves_the_map(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, width=768, height=900, touch=True).page
    x, y = middle(page, page.main_frame)
    before = page.evaluate(APART)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -200)
    until(page, f"before => ({APART})() > 1.5 * before", before)
    assert page.evaluate("scrollY") == 0 and page.locator(".sm-hint.sm-on").count() == 0
    place = page.evaluate(PLACE)
    drag(page.context.new_cdp_session(page), [(x, y)], (60, 40))
    until(page, f"before => {PLACE}.x > before.x + 30", place)
    assert page.evaluate("scrollY") == 0


def test_alone_a_wheel_that_can_zoom_no_further_scrolls_the_page(open_map: OpenMap, story_map: Built) -> None:
    page = open_map(story_map.html, width=768, height=700).page
    page.mouse.move(*middle(page, page.main_frame))
    for _ in range(40):
        page.mouse.wheel(0, 400)
        if page.evaluate("scrollY"):
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    until(page, "() => scrollY > 0")


def test_the_fixed_height_shows_title_map_and_filters(open_map: OpenMap, server: Server, story_map: Built, snippet: str) -> None:
    address = server.put("map.html", story_map.page)
    body = re.sub('src="[^"]*"', f'src="{address}"', snippet).replace('width="100%"', f'width="{COLUMN}"')
    seen = open_map(server.put("host.html", page_of(body, script="")), width=COLUMN + 60, wait=False)
    frame = seen.frame()
    end = frame.evaluate("document.querySelector('.sm-filters').getBoundingClientRect().bottom")
    assert end - 10 <= frame.evaluate("innerHeight") <= end + 80


RESIZER = "[iFrameSizer]one:8:false:false:32:true:true:null:bodyOffset:null:null:0:false:parent:scroll:true"


@pytest.fixture
def talk(open_map: OpenMap, server: Server, story_map: Built) -> Any:
    """A host with a frame whose address is pym's; gives what it was told once something was said to the frame."""
    address = server.put("map.html", story_map.page)
    body = f'<iframe title="Map" src="{address}?childId=pym-7" width="700" height="900"></iframe>'
    seen = open_map(server.put("host.html", page_of(body)), wait=False)
    frame = seen.frame()
    settle(frame)

    def talk(message: Any, wanted: str) -> Any:
        seen.page.evaluate("told.length = 0")
        seen.page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", message)
        until(seen.page, f"() => told.some((m) => m && {wanted})")
        return seen.page.evaluate(f"told.find((m) => m && {wanted})")

    talk.frame, talk.page = frame, seen.page  # type: ignore[attr-defined]
    return talk


def test_hosts_of_every_kind_are_told_the_height_in_their_own_words(talk: Any) -> None:
    height = talk.frame.evaluate("innerHeight")
    assert talk({"type": "strikemap:height"}, "m.type === 'strikemap:height'")["height"] == height
    assert talk({"type": "strikemap:height"}, "m['datawrapper-height']")["datawrapper-height"] == {STORY.stem: height}
    assert talk({"type": "strikemap:height"}, "m.sentinel === 'amp'") == {"sentinel": "amp", "type": "embed-size", "height": height}
    assert talk({"type": "strikemap:height"}, "/^pym/.test(m)") == f"pymxPYMxpym-7xPYMxheightxPYMx{height}"
    assert talk(RESIZER, "/^.iFrameSizer/.test(m)") == f"[iFrameSizer]one:{height}:700:init"
    assert talk("[iFrameSizer]resize", "/^.iFrameSizer/.test(m)") == f"[iFrameSizer]one:{height}:700:size"
    assert talk('[iFrameSizer]pageInfo:{"a":1}:x', "/^.iFrameSizer/.test(m)") == f"[iFrameSizer]one:{height}:700:size"


def test_a_host_hears_what_a_reader_does_and_asks_as_a_reader_would(talk: Any) -> None:
    frame = talk.frame
    assert talk({"type": "strikemap:select", "id": "russia-aleppo"}, "m.type === 'strikemap:select'")["id"] == "russia-aleppo"
    filtered = talk({"type": "strikemap:filter", "kinds": ["crash"]}, "m.type === 'strikemap:filter'")
    assert (filtered["shown"], filtered["of"]) == (1, len(geo.load(STORY).events))
    assert talk({"type": "strikemap:language", "lang": "en"}, "m.type === 'strikemap:language'")["lang"] == "en"
    assert talk({"type": "strikemap:counts"}, "m.type === 'strikemap:counts'")["counts"] == frame.evaluate("strikemap.counts")
    point = talk({"type": "strikemap:project", "id": "russia-aleppo"}, "m.type === 'strikemap:project'")["point"]
    assert point == frame.evaluate("strikemap.project('russia-aleppo')")


def test_what_is_no_message_of_ours_does_nothing(talk: Any) -> None:
    for message in ("", "x" * 100_000, None, 7, [], {}, {"type": "strikemap:select", "id": {}}, {"type": "<img src=x>"},
                    {"type": "strikemap:language", "lang": "__proto__"}, "[iFrameSizer]", "[iFrameSizer]<b>:8:x", {"method": "setHtml"}):  # fmt: skip
        talk.page.evaluate("m => document.querySelector('iframe').contentWindow.postMessage(m, '*')", message)
    assert talk({"type": "strikemap:counts"}, "m.type === 'strikemap:counts'")
    assert talk.frame.evaluate("document.documentElement.lang") == "fr"


def test_the_example_of_a_host_page_does_what_it_shows(open_map: OpenMap, server: Server, story_map: Built) -> None:
    server.put(f"{STORY.stem}.html", story_map.page)
    page = open_map(server.put("host.html", (ROOT / "tests/cases/host/host.html").read_text("utf-8")), wait=False).page
    (frame,) = frames(page, Case())
    settle(frame)
    until(page, f"() => document.getElementById('shown').textContent === '{len(geo.load(STORY).events)}'")
    # A frame in a process of its own takes the clicks of where it stood until the next pictures are drawn.
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("() => new Promise((done) => { let n = 0; const next = () => ++n < 10 ? requestAnimationFrame(next) : done(); next(); })")
    for button, test in (
        ("The raids in Aleppo", "() => document.getElementById('chosen').textContent === 'russia-aleppo'"),
        ("France only", "() => /^[0-9] of [0-9]+$/.test(document.getElementById('shown').textContent)"),
        ("Everything", f"() => document.getElementById('shown').textContent === '{len(geo.load(STORY).events)} of {len(geo.load(STORY).events)}'"),
    ):  # fmt: skip
        page.get_by_role("button", name=button).click()
        until(page, test)
    page.get_by_role("button", name="In English").click()
    until(frame, "() => document.documentElement.lang === 'en'")
    settle(frame)
