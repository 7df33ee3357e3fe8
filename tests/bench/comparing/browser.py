"""Opens one page in headless Chromium and measures how it answers; run as a process of its own by `makers.py`, so that a
page that never answers can be given up: python tests/bench/comparing/browser.py PAGE.html KIND OPTIONS-AS-JSON

Each figure is one line of JSON on standard output, and before it one that names what is being measured.

drawn   ours: `performance.mark("strikemap:drawn")`. Others: the document is complete, their own map holds every mark and
        line that was put in (for WebGL: says it has loaded them), and two more animation frames have begun. From navigation
        start. Of ours also whether the map then shows what it shows at rest. The longest task is that of the opening.
pan     the mouse drags the map by 300 px in 30 moves and back, from the view that the page opens with: differences of the
        time stamps of animation frames, from the press until 150 ms after the release or the last frame that came late.
        Where a page opens with the whole world and cannot be dragged, a notch of the wheel nearer.
zoom    three notches of the wheel in and three out over the middle of the map, then the buttons the same, each for 300 ms
        (debounce and animation) or until the last frame that came late. The table has the slower of the two; `step` is the
        longest frame of a step, median of the steps: one long frame a step stays below a 95th percentile.
card    a real click (for makers that answer a pointer only: a move) on a mark: from the event's own time stamp to the end
        of the first painted frame in which the card, popup or tooltip shows a text.
filter  `strikemap.filter({from, to})` and back: until two animation frames have begun and all canvases show what they show
        when everything has come to rest.
typed   a facet's box, an arrow key on the period, a letter in the search: as `card`, until the first painted frame.

What takes more than ten seconds is done once, not three times.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page, Route, sync_playwright

from comparing.copies import Copies
from comparing.table import percentile
from support.chromium import FLAGS, chromium

PAGES = Path(__file__).parent / "pages"
WIDTH, HEIGHT = 1280, 800
DRAG, MOVES = 300, 30
TRIES = 3
SLOW = 10.0
"""Seconds; what takes longer is not tried again."""
PRESSES = 12
"""After so many without a card there is none."""
SOFTWARE_WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
"""Chromium draws WebGL on the processor; without these it has none on a machine without a GPU."""


class NothingMovedError(Exception):
    """The map took an input and shows the same as before."""


class NothingThereError(Exception):
    """No mark stands where it can be pressed."""


def tell(**said: Any) -> None:
    print(json.dumps(said), flush=True)


@contextmanager
def address(path: Path, served: bool) -> Iterator[str]:
    """Where the page is opened from: its file, or this machine's own server."""
    if not served:
        yield path.resolve().as_uri()
        return

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Standard error is for faults."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(path.resolve().parent))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{path.name}"
        server.shutdown()


def centre(page: Page) -> tuple[float, float]:
    box = page.evaluate("() => maker.map().getBoundingClientRect().toJSON()")
    return (box["left"] + box["right"]) / 2, (max(box["top"], 0) + min(box["bottom"], HEIGHT)) / 2


def moved(page: Page, act: Callable[[], None], least: int) -> list[float]:
    """The frames while `act` moves the map."""
    before = page.evaluate("() => maker.view()")
    page.evaluate("() => bench.start()")
    act()
    frames: list[float] = page.evaluate("least => bench.stop(least)", least)
    if page.evaluate("() => maker.view()") == before:
        raise NothingMovedError
    return frames


def pan(page: Page) -> list[float]:
    x, y = centre(page)
    frames = []
    for way in (-1, 1):
        start = x - way * DRAG / 2
        page.mouse.move(start, y)

        def drag(start: float = start, way: int = way) -> None:
            page.mouse.down()
            for step in range(1, MOVES + 1):
                page.mouse.move(start + way * DRAG * step / MOVES, y)
            page.mouse.up()

        began = time.monotonic()
        frames += moved(page, drag, 150)
        if time.monotonic() - began > SLOW:
            break
    return frames


def pan_where_it_moves(page: Page) -> list[float]:
    """From the view that the page opens with; a step nearer where that shows the whole world and stays where it is."""
    for _ in range(2):
        try:
            return pan(page)
        except NothingMovedError:
            page.mouse.move(*centre(page))
            page.mouse.wheel(0, -120)
            rest(page)
    return pan(page)


def spread(frames: list[float]) -> dict[str, float]:
    return {"median": statistics.median(frames), "p95": percentile(frames, 95), "worst": max(frames), "n": len(frames)}


def steps(page: Page, closer: Callable[[], None], farther: Callable[[], None]) -> dict[str, float]:
    """The frames of so many steps in and out again; one each where that takes long."""
    began = time.monotonic()
    found = [moved(page, closer, 300)]
    more = TRIES - 1 if time.monotonic() - began < SLOW else 0
    found += [moved(page, act, 300) for act in (*[closer] * more, *[farther] * (more + 1))]
    return {
        **spread([ms for frames in found for ms in frames]),
        "step": statistics.median(max(frames) for frames in found),
    }


def wheel(page: Page) -> dict[str, float]:
    page.mouse.move(*centre(page))
    return steps(page, lambda: page.mouse.wheel(0, -120), lambda: page.mouse.wheel(0, 120))


def buttons(page: Page) -> dict[str, float]:
    def press(name: str) -> None:
        box = page.locator(f".leaflet-control-zoom-{name}").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    return steps(page, lambda: press("in"), lambda: press("out"))


def rest(page: Page) -> None:
    page.evaluate("() => bench.start().then(() => bench.stop(300))")


def card(page: Page) -> list[float]:
    """ms of each try. A pile of many is pressed until the map has come so near that the press opens something."""
    how = page.evaluate("() => maker.input")
    # A control that was typed into may have scrolled the map away.
    page.evaluate("() => scrollTo(0, 0)")
    rest(page)
    found: list[float] = []
    began = time.monotonic()
    while len(found) < (TRIES if time.monotonic() - began < SLOW else 1):
        at = None
        for attempt in range(PRESSES):
            at = page.evaluate("attempt => maker.spot(attempt)", attempt)
            if at is None:
                raise NothingThereError
            if how != "click":
                break
            rest(page)
            page.mouse.click(at["x"], at["y"])
            rest(page)
            if page.evaluate("() => maker.card()"):
                break
        else:
            raise NothingMovedError
        assert at is not None
        page.evaluate("() => { maker.close(); }")
        page.mouse.move(at["x"] + 40, at["y"] + 40)
        rest(page)
        page.evaluate("how => bench.await(how, () => maker.card())", how)
        if how == "click":
            page.mouse.click(at["x"], at["y"])
        else:
            page.mouse.move(at["x"], at["y"])
        found.append(page.evaluate("() => bench.answer"))
        page.evaluate("() => { maker.close(); }")
        rest(page)
    return found


TIMED_FILTER = """async ([period, wanted]) => {
  const began = performance.now();
  const shown = strikemap.filter(period);
  let now = await bench.painted();
  while (bench.picture() !== wanted && now - began < 5000) { await bench.frame(); now = performance.now(); }
  return { ms: now - began, shown, same: bench.picture() === wanted };
}"""


def filters(page: Page, period: dict[str, str]) -> dict[str, Any]:
    """Both ways, after each state has been looked at once at rest."""
    pictures = {}
    for name, asked in (("all", None), ("some", period), ("all", None)):
        page.evaluate("period => { strikemap.filter(period); }", asked)
        rest(page)
        pictures[name] = page.evaluate("() => bench.picture()")
    if pictures["all"] == pictures["some"]:
        raise NothingMovedError
    taken, shown, same = [], None, True
    for _ in range(TRIES):
        for name, asked in (("some", period), ("all", None)):
            done = page.evaluate(TIMED_FILTER, [asked, pictures[name]])
            rest(page)
            taken.append(done["ms"])
            same = same and done["same"]
            shown = done["shown"] if name == "some" else shown
    return {"ms": taken, "shown": shown, "same": same}


def typed(page: Page) -> dict[str, list[float]]:
    """Controls by the keyboard; a control that the page does not have is left out."""
    page.evaluate("() => strikemap.filter(null)")
    controls = {
        "facet": (page.locator("[data-facet] input"), ("Space", "Space"), "click"),
        "period": (page.get_by_role("slider"), ("ArrowRight", "ArrowLeft"), "keydown"),
        "search": (page.get_by_role("searchbox"), ("r", "Backspace"), "input"),
    }
    found: dict[str, list[float]] = {}
    for name, (control, keys, event) in controls.items():
        if not control.count() or not control.first.is_visible():
            continue
        control.first.focus()
        rest(page)
        for key in keys * TRIES:
            page.evaluate("event => bench.await(event, () => true)", event)
            page.keyboard.press(key)
            found.setdefault(name, []).append(page.evaluate("() => bench.answer"))
            rest(page)
    page.evaluate("() => strikemap.filter(null)")
    return found


def measured(page: Page, name: str, act: Callable[[], Any]) -> None:
    tell(begin=name)
    try:
        value = act()
    except NothingMovedError:
        value = "does nothing"
    except NothingThereError:
        value = "no mark in reach"
    except Exception as error:
        value = f"{type(error).__name__}: {str(error).strip().splitlines()[0][:80]}"
    tell(measure=name, value=value)


def main(path: Path, kind: str, options: dict[str, Any]) -> None:
    copies = Copies(Path(options["copies"]) if options.get("copies") else None)
    asked: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        asked.append(url)
        copy = copies.find(url)
        if copy is None:
            route.abort()
        elif copy.path is not None:
            route.fulfill(path=copy.path)
        else:
            route.fulfill(body=copy.body, content_type=copy.type)

    with address(path, bool(options.get("served"))) as url, sync_playwright() as playwright:
        flags = (
            [*(flag for flag in FLAGS if flag != "--disable-gpu"), *SOFTWARE_WEBGL]
            if options.get("webgl")
            else list(FLAGS)
        )
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.set_default_timeout(0)
        # Not the page itself: what is intercepted is held in memory once more.
        own = url[: url.rindex("/")]
        page.route(lambda asked_for: not asked_for.startswith((own, "data:", "blob:", "about:")), answer)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error).splitlines()[0][:120]))
        scripts = [(PAGES / f"{name}.js").read_text("utf-8") for name in ("frames", kind)]
        expected = json.dumps({"marks": options.get("marks", 0), "lines": options.get("lines", 0)})
        page.add_init_script("\n".join([*scripts, f"window.expected = {expected};", "if (!maker.said) bench.watch();"]))
        tell(begin="drawn")
        page.goto(url, wait_until="commit")
        if kind == "strikemap":
            page.wait_for_selector("html[data-strikemap=drawn]", state="attached")
            drawn = page.evaluate("() => maker.drawnAt()")
        else:
            while (drawn := page.evaluate("() => bench.drawn")) is None:
                time.sleep(0.1)
        tell(measure="drawn", value=drawn / 1000)
        tell(
            measure="load",
            value=page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventStart") / 1000,
        )
        rest(page)
        tell(measure="longest", value=page.evaluate("() => bench.longest"))
        if kind == "strikemap":
            tell(measure="final", value=page.evaluate("() => maker.first.then((then) => then === bench.picture())"))
        tell(
            measure="requests",
            value={
                "n": len(asked),
                "missing": copies.missing,
                "tiles": copies.tiles,
                "bytes": copies.bytes,
                "faults": faults[:3],
            },
        )
        wanted = options["measures"]
        if "pan" in wanted:
            measured(page, "pan", lambda: spread(pan_where_it_moves(page)))
        if "zoom" in wanted:
            measured(page, "wheel", lambda: wheel(page))
            if kind in ("strikemap", "leaflet"):
                measured(page, "buttons", lambda: buttons(page))
        if kind == "strikemap" and "filter" in wanted and options.get("period"):
            measured(page, "filter", lambda: filters(page, options["period"]))
        if kind == "strikemap" and "typed" in wanted:
            measured(page, "typed", lambda: typed(page))
        # Last: it may leave the map much nearer.
        if "card" in wanted:
            measured(page, "card", lambda: card(page))
        if shot := options.get("picture"):
            page.screenshot(path=shot)
        tell(end=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
