"""The map of very many rows adds up at every zoom and under every filter, does not make a reader wait, and shows no gap."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from support.chromium import OpenMap
from support.program import run_strikemap

ROWS, PACIFIC = 4000, 2600

# Of Leaflet's own map: the page's global of the container's id.
MAP = "window[document.querySelector('.leaflet-container').id]"
MOVES = f"""async () => {{
  const map = {MAP}, found = [];
  const note = () => found.push(strikemap.drawn());
  note();
  for (let zoom = Math.ceil(map.getMinZoom()); zoom <= map.getMaxZoom(); zoom++) {{
    map.setZoom(zoom, {{ animate: false }});
    note();
    map.panBy([700, -260], {{ animate: false }});
    note();
    strikemap.filter({{ from: "2016-03", to: "2016-07" }});
    note();
    strikemap.filter(null);
  }}
  return found.map(({{ zoom, sums, piles }}) => ({{ zoom, sums, piles }}));
}}"""


def flown(rows: int) -> str:
    """Rows with an origin each around Syria, of three actors; some heaped on one spot."""
    dice = random.Random(7)
    lines = ["id,kind,date,title,lat,lon,precision,actor,origin,origin_lat,origin_lon"]
    for n in range(rows):
        lat, lon = (35.2, 38.1) if n % 20 == 0 else (dice.gauss(35, 1), dice.gauss(38.5, 1.5))
        base = dice.choice(
            [("Incirlik", 37.0, 35.43), ("Akrotiri", 34.59, 32.99), ("Amman", 31.97, 35.99), ("Doha", 25.26, 51.56)]
        )
        lines.append(
            f"e{n},strike,2016-{n % 12 + 1:02d}-{n % 28 + 1:02d},No {n},{lat:.4f},{lon:.4f},village,{dice.choice('ABC')},"
            f"{base[0]},{base[1]},{base[2]}"
        )
    return "\n".join(lines) + "\n"


def pacific(rows: int) -> str:
    """Rows on both sides of the 180th meridian, each flown to over it."""
    dice = random.Random(8)
    lines = ["id,kind,date,title,lat,lon,precision,origin,origin_lat,origin_lon"]
    for n in range(rows):
        lon = 178 + dice.uniform(-4, 4)
        start = -172 if n % 2 else 168
        lines.append(
            f"p{n},strike,1943-{n % 12 + 1:02d}-{n % 28 + 1:02d},No {n},{dice.uniform(-19, -12):.4f},{(lon + 180) % 360 - 180:.4f},village,"
            f"{'East' if n % 2 else 'West'},-14,{start}"
        )
    return "\n".join(lines) + "\n"


def build(text: str, path: Path) -> Path:
    path.write_text(text, "utf-8")
    out = path.with_suffix(".html")
    done = run_strikemap("build", path, "-o", out, "--lang", "en")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layers")


@pytest.fixture(scope="module")
def many(folder: Path) -> Path:
    return build(flown(ROWS), folder / "many.csv")


@pytest.fixture
def page(open_map: OpenMap, many: Path) -> Page:
    return open_map(many).page


def add_up(sums: dict[str, int]) -> None:
    assert sums["drawn"] + sums["outside"] == sums["pinned"]
    assert sums["flown"] + sums["still"] + sums["away"] == sums["lines"]


def test_what_is_drawn_adds_up_at_every_zoom_place_and_filter(page: Page) -> None:
    seen: list[dict[str, Any]] = page.evaluate(MOVES)
    assert len({round(one["zoom"], 2) for one in seen}) >= 4
    within = {one["sums"]["pinned"] for one in seen}
    assert within == {ROWS, sum(2 < n % 12 + 1 < 8 for n in range(ROWS))}
    for one in seen:
        add_up(one["sums"])
        assert one["sums"]["lines"] == one["sums"]["pinned"]
    assert seen[0]["sums"]["outside"] == 0
    assert sum(pile["n"] for pile in seen[0]["piles"]) == ROWS


def test_no_pile_lies_on_another(page: Page) -> None:
    piles = sorted(page.evaluate("strikemap.drawn().piles"), key=lambda pile: -pile["n"])
    assert len(piles) > 30
    for i, one in enumerate(piles):
        for other in piles[i + 1 :]:
            apart = math.hypot(one["x"] - other["x"], one["y"] - other["y"])
            radii = (one["box"][2] - one["box"][0] + other["box"][2] - other["box"][0]) / 2
            assert apart > 0.4 * radii, (one, other)


def test_a_zoom_does_not_wait_for_its_picture(page: Page) -> None:
    found = page.evaluate(f"""async () => {{
      const map = {MAP};
      const state = () => [...document.querySelectorAll('.leaflet-strikemap-pane canvas')].filter(c => c.style.visibility !== 'hidden').map(c => c.style.transform);
      const before = state();
      let drawn = 0;
      const stop = strikemap.on('drawn', () => drawn++);
      map.setZoom(map.getZoom() + 1, {{ animate: false }});
      const asked = drawn, stretched = state();
      await new Promise(done => setTimeout(done, 1500));
      const now = strikemap.drawn();
      return {{ asked, stretched, before, zoom: now.zoom, wanted: map.getZoom(), sums: now.sums, later: state() }};
    }}""")
    assert found["asked"] == 0
    assert any("scale(2" in way for way in found["stretched"]), found["stretched"]
    assert found["zoom"] == found["wanted"]
    assert not any("scale(2" in way for way in found["later"])
    add_up(found["sums"])


def test_a_drag_shows_no_gap(page: Page) -> None:
    box = page.locator(".leaflet-container").bounding_box()
    assert box is not None
    page.evaluate(f"{MAP}.setZoom({MAP}.getZoom() + 2, {{ animate: false }})")
    page.evaluate("strikemap.drawn()")
    x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], 500) / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 31):
        page.mouse.move(x - step * 12, y)
        if step % 5:
            continue
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)))")
        gap = page.evaluate("""() => {
          const view = document.querySelector('.leaflet-container').getBoundingClientRect();
          return [...document.querySelectorAll('.leaflet-strikemap-pane canvas')].filter(c => c.style.visibility !== 'hidden').map(c => c.getBoundingClientRect())
            .map(r => Math.max(r.left - view.left, r.top - view.top, view.right - r.right, view.bottom - r.bottom));
        }""")
        assert max(gap) <= 0, (step, gap)
    page.mouse.up()
    add_up(page.evaluate("strikemap.drawn().sums"))


def test_a_press_right_after_a_zoom_opens_what_lies_there(page: Page) -> None:
    page.evaluate(f"""() => {{
      const map = {MAP};
      map.setView([35.2, 38.1], map.getMaxZoom(), {{ animate: false }});
      const at = strikemap.project('e0');
      for (const type of ['mousedown', 'mouseup', 'click']) {{
        document.querySelector('.leaflet-container').dispatchEvent(new MouseEvent(type, {{ bubbles: true, clientX: at.x, clientY: at.y, view: window }}));
      }}
    }}""")
    panel = page.locator(".sm-panel")
    panel.wait_for(state="visible")
    assert int((panel.locator("h3").first.text_content() or "").split()[0]) >= ROWS // 20


def test_a_map_across_the_180th_meridian_is_one(open_map: OpenMap, folder: Path) -> None:
    page = open_map(build(pacific(PACIFIC), folder / "pacific.csv")).page
    drawn = page.evaluate("strikemap.drawn()")
    add_up(drawn["sums"])
    assert drawn["sums"]["pinned"] == drawn["sums"]["drawn"] == drawn["sums"]["lines"] == PACIFIC
    # Eight degrees of longitude side by side: not one half at each edge of a map of the world.
    across = [pile["x"] for pile in drawn["piles"]]
    assert 0 <= min(across) and max(across) <= drawn["width"]
    assert drawn["sums"]["flown"] > drawn["sums"]["lines"] / 2
