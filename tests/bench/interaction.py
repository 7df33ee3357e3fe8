"""Measures how soon the story's page answers its reader: python tests/bench/interaction.py [STORY [TRIES]]

From the input event's own time stamp to the end of the first frame that was painted after it, in headless Chromium without
a GPU: a message that is posted from within an animation frame arrives when that frame has been produced. Median, 95th
percentile and the worst of the tries, in ms; the promise is 100. Run it on a quiet machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Page, sync_playwright

from support.chromium import DRAWN, FLAGS, chromium
from support.program import STORY, run_strikemap

TRIES = 24
# Every input notes when its first frame was painted; a try waits for the note.
WATCH = """() => {
  window.taken = [];
  let open = false;
  const note = (e) => {
    if (open) return;
    open = true;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { open = false; taken.push(performance.now() - e.timeStamp); };
    requestAnimationFrame(() => port2.postMessage(null));
  };
  // A box is ticked when the key comes up.
  addEventListener('keydown', (e) => { if (e.key !== ' ') note(e); }, true);
  for (const type of ['click', 'input']) addEventListener(type, note, true);
}"""


def act(name: str, page: Page, number: int) -> None:
    """One input of the kind `name`; even and odd ones take each other back."""
    if name == "filter":
        page.locator("[data-facet] input").nth(number // 2 % 5).press("Space")
    elif name == "search":
        page.get_by_role("searchbox").press("r" if number % 2 == 0 else "Backspace")
    elif name == "select":
        page.locator("li[data-event-id] summary").nth(number // 2 % 5).press("Enter")
    elif name == "timeline step":
        page.locator(".sm-step").nth(2 if number % 10 < 5 else 0).press("Enter")
    elif name == "period":
        page.get_by_role("slider").first.press("ArrowRight" if number % 2 == 0 else "ArrowLeft")
    else:
        page.locator("[data-lang]").nth(number % page.locator("[data-lang]").count()).press("Enter")


NAMES = ("filter", "search", "select", "timeline step", "period", "language")


def measure(page: Page, name: str, tries: int, done: Callable[[str, Page, int], None] = act) -> list[float]:
    page.evaluate("taken.length = 0")
    for number in range(tries):
        done(name, page, number)
        page.wait_for_function("n => taken.length > n", arg=number)
    page.evaluate("strikemap.filter(null)")
    page.evaluate("strikemap.select(null)")
    return page.evaluate("taken")


def main(story: Path, tries: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        out = Path(folder) / "map.html"
        done = run_strikemap("build", story, "-o", out)
        if done.returncode:
            sys.exit(done.stderr)
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for width, height in ((1280, 800), (320, 640)):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(out.as_uri())
            page.wait_for_selector(DRAWN, state="attached")
            page.evaluate(WATCH)
            if page.locator(".sm-fold[aria-expanded=false]").count():
                page.locator(".sm-fold").press("Enter")
                page.wait_for_function("() => taken.length > 0")
            for name in NAMES:
                taken = sorted(measure(page, name, tries))
                p95 = taken[max(0, round(0.95 * len(taken)) - 1)]
                print(f"{width:5d} px  {name:14s} median {statistics.median(taken):6.1f}  p95 {p95:6.1f}  worst {taken[-1]:6.1f} ms")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STORY, int(sys.argv[2]) if len(sys.argv) > 2 else TRIES)
