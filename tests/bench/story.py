"""Measures the story's map, each figure the best of five: python tests/bench/story.py [STORY]

Build seconds include Python's start. Drawn is `performance.mark("strikemap:drawn").startTime` in headless Chromium, without
a GPU. Run it on a quiet machine; `taskset -c 0,1` gives it two cores.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import sync_playwright

from support.chromium import DRAWN, FLAGS, chromium
from support.program import STORY, run_strikemap

ROUNDS = 5
DRAWN_AT = "performance.getEntriesByName('strikemap:drawn')[0].startTime"


def build_seconds(story: Path, out: Path) -> float:
    started = time.perf_counter()
    done = run_strikemap("build", story, "-o", out)
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - started


def drawn_seconds(page: Path) -> list[float]:
    found = []
    with sync_playwright() as playwright:
        for _ in range(ROUNDS):
            # A browser of its own for each, so that no compiled script is kept from the one before.
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            tab = browser.new_page(viewport={"width": 1280, "height": 800})
            tab.goto(page.as_uri())
            tab.wait_for_selector(DRAWN, state="attached")
            found.append(tab.evaluate(DRAWN_AT) / 1000)
            browser.close()
    return found


def main(story: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "map.html"
        builds = [build_seconds(story, out) for _ in range(ROUNDS)]
        page = out.read_bytes()
        drawn = drawn_seconds(out)
    parts = {
        tag: sum(map(len, re.findall(rb"<%s\b[^>]*>(.*?)</%s>" % (tag.encode(), tag.encode()), page, re.DOTALL)))
        for tag in ("script", "style")
    }
    print(f"build  {min(builds):6.2f} s   (all: {' '.join(f'{x:.2f}' for x in builds)})")
    print(f"drawn  {min(drawn):6.2f} s   (all: {' '.join(f'{x:.2f}' for x in drawn)})")
    print(f"page   {len(page):6d} bytes (scripts and data {parts['script']}, style {parts['style']})")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STORY)
