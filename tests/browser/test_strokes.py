"""The painter of streams, beside a canvas's own strokes of the same curves."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geo import build_hook

W, H = 400, 300
Line = dict[str, Any]
Rect = tuple[float, float, float, float]
# Paints the same curves both ways: our pixels, the canvas's, and how far they differ. The canvas draws them four times as large, for its own thin
# lines are up to a sixth too pale.
BOTH = """([lines, clip, whole]) => {
  const sheet = (by) => {
    const canvas = document.createElement('canvas'), ctx = canvas.getContext('2d', { willReadFrequently: true });
    [canvas.width, canvas.height] = [400 * by, 300 * by];
    ctx.scale(by, by);
    return ctx;
  };
  const ours = sheet(1), theirs = sheet(4), paint = new strokes.Strokes(400, 300);
  paint.begin(clip);
  theirs.beginPath(); theirs.rect(clip[0], clip[1], clip[2] - clip[0], clip[3] - clip[1]); theirs.clip();
  for (const { curve, wide, colour, opacity, head } of lines) {
    theirs.globalAlpha = opacity; theirs.lineWidth = wide; theirs.strokeStyle = theirs.fillStyle = `rgb(${colour})`;
    theirs.beginPath();
    if (head) {
      paint.triangle(curve, colour);
      for (let i = 0; i < 6; i += 2) theirs.lineTo(curve[i], curve[i + 1]);
      theirs.closePath(); theirs.fill();
    } else {
      paint.curve(curve, wide, colour, opacity);
      theirs.moveTo(curve[0], curve[1]); theirs.quadraticCurveTo(...curve.slice(2)); theirs.stroke();
    }
  }
  paint.put(ours, false);
  const a = ours.getImageData(0, 0, 400, 300).data, fine = theirs.getImageData(0, 0, 1600, 1200).data, b = new Float64Array(a.length);
  for (let i = 3; i < fine.length; i += 4) if (fine[i]) b[((i >> 2) % 1600 >> 2) * 4 + Math.floor((i >> 2) / 6400) * 1600 + 3] += fine[i] / 16;
  let [area, reference, off, most, drawn] = [0, 0, 0, 0, 0], pixels = [];
  for (let i = 3; i < a.length; i += 4) {
    area += a[i] / 255; reference += b[i] / 255; drawn += b[i] > 0; off += Math.abs(a[i] - b[i]) / 255; most = Math.max(most, Math.abs(a[i] - b[i]));
    if (a[i] && whole) pixels.push([(i >> 2) % 400, Math.floor((i >> 2) / 400), ...a.slice(i - 3, i + 1)]);
  }
  return { area, theirs: reference, most, mean: off / Math.max(1, drawn), pixels };
}"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    (program,) = (build_hook.WEB / "node_modules" / "@esbuild").glob("*/bin/esbuild*")
    bundle: Path = tmp_path_factory.mktemp("strokes") / "strokes.js"
    subprocess.run(
        [program, "--bundle", "--format=iife", "--global-name=strokes", f"--outfile={bundle}", "--log-level=error",
         build_hook.WEB / "src" / "crowd" / "strokes.ts"], check=True,
    )  # fmt: skip
    page = browser.new_page()
    page.evaluate(bundle.read_text(encoding="utf-8").replace("var strokes =", "window.strokes ="))
    yield page
    page.close()


def bowed(ax: float, ay: float, bx: float, by: float, sagitta: float = 0.12) -> list[float]:
    out = 2 * sagitta
    return [ax, ay, (ax + bx) / 2 - (by - ay) * out, (ay + by) / 2 + (bx - ax) * out, bx, by]


def line(curve: list[float], wide: float, opacity: float = 1, colour: tuple[int, int, int] = (200, 40, 90)) -> Line:
    return {"curve": curve, "wide": wide, "colour": colour, "opacity": opacity, "head": False}


def head(corners: list[float]) -> Line:
    return {**line(corners, 1), "head": True}


def paint(page: Page, *lines: Line, clip: Rect = (0, 0, W, H)) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(BOTH, [list(lines), clip, False])
    return found


def pixels(page: Page, *lines: Line, clip: Rect = (0, 0, W, H)) -> dict[tuple[int, int], list[int]]:
    """Red, green, blue and opacity of each of our pixels that has any."""
    found = page.evaluate(BOTH, [list(lines), clip, True])["pixels"]
    return {(x, y): colour for x, y, *colour in found}


@pytest.mark.parametrize("wide", [0.75, 1, 1.5, 2, 2.5, 4.5, 8, 13.5, 24])
def test_a_line_is_as_wide_as_asked_and_lies_where_the_canvas_would_draw_it(page: Page, wide: float) -> None:
    dice = random.Random(wide)
    for sagitta in (0, 0.068, 0.12) * 4:
        start, end = (
            complex(dice.uniform(60, 160), dice.uniform(60, 240)),
            complex(dice.uniform(240, 340), dice.uniform(60, 240)),
        )
        if dice.random() < 0.5:
            start, end = end, start
        curve = bowed(start.real, start.imag, end.real, end.imag, sagitta)
        found = paint(page, line(curve, wide))
        # An arc of a small sagitta.
        long = abs(end - start) * (1 + 8 / 3 * sagitta**2)
        assert found["area"] / long == pytest.approx(wide, rel=0.05, abs=0.02), (curve, found)
        assert found["mean"] < 0.08, (curve, found)
        assert found["most"] < 64, (curve, found)


def test_colours_on_a_line_are_its_own_and_nothing_else_is_touched(page: Page) -> None:
    found = pixels(page, line([50, 150.5, 200, 150.5, 350, 150.5], 5))
    assert all(found[x, y] == [200, 40, 90, 255] for x in range(51, 349) for y in (149, 150, 151))
    assert all(49 <= x <= 350 and 147 <= y <= 153 for x, y in found)


def test_pale_lines_that_cross_add_up(page: Page) -> None:
    across = line([50, 150.5, 200, 150.5, 350, 150.5], 6, 0.3, (10, 200, 30))
    down = line([200.5, 20, 200.5, 150, 200.5, 280], 6, 0.3, (200, 20, 30))
    found = pixels(page, across, down)
    *colour, opacity = found[200, 150]
    assert opacity / 255 == pytest.approx(1 - 0.7**2, abs=0.01)
    # The second lies on the first: 0.3 of it, 0.21 of what is beneath.
    assert colour == pytest.approx([(200 * 0.3 + 10 * 0.21) / 0.51, (20 * 0.3 + 200 * 0.21) / 0.51, 30], abs=3)
    assert found[100, 150][3] / 255 == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize("turn", [(200, 30), (30, 180), (150, 140), (-170, 60)])
def test_a_line_ends_at_its_ends(page: Page, turn: tuple[int, int]) -> None:
    curve = bowed(200 - turn[0] / 2, 150 - turn[1] / 2, 200 + turn[0] / 2, 150 + turn[1] / 2)
    found = pixels(page, line(curve, 7))
    for x, y in (curve[:2], curve[4:]):
        along = [
            ((px + 0.5 - x) * (x - curve[2]) + (py + 0.5 - y) * (y - curve[3])) / hypot(x - curve[2], y - curve[3])
            for (px, py), (*_, opacity) in found.items()
            if opacity > 127 and hypot(px + 0.5 - x, py + 0.5 - y) < 12
        ]
        assert -1 < max(along) < 1


def test_nothing_is_painted_beyond_the_sheet(page: Page) -> None:
    long = [line(bowed(-300, 20, 700, 280), 9), line(bowed(100, -400, 300, 900), 5)]
    found = pixels(page, *long, head([150, 80, 260, 60, 180, 190]), clip=(120, 70, 290, 200))
    assert found
    assert all(120 <= x < 290 and 70 <= y < 200 for x, y in found)


def test_an_arrow_head_is_as_the_canvas_would_fill_it(page: Page) -> None:
    for corners in ([150, 80, 260, 60, 180, 190], [30.3, 40.2, 20.1, 44.4, 20.9, 36.6], [99, 99, 110, 103, 104, 110]):
        found = paint(page, head(corners))
        assert found["area"] == pytest.approx(found["theirs"], rel=0.03)
        assert found["most"] < 90


def test_what_lies_beneath_stays_where_it_is_asked_to_and_paint_is_put_once(page: Page) -> None:
    found = page.evaluate("""() => {
      const canvas = document.createElement('canvas'); [canvas.width, canvas.height] = [400, 300];
      const ctx = canvas.getContext('2d', { willReadFrequently: true }), paint = new strokes.Strokes(400, 300);
      const at = (x, y) => [...ctx.getImageData(x, y, 1, 1).data];
      const fresh = () => { ctx.fillStyle = 'rgb(0, 0, 255)'; ctx.fillRect(0, 0, 400, 300); };
      const draw = () => { paint.begin([0, 0, 400, 300]); paint.curve([50, 150.5, 200, 150.5, 350, 150.5], 5, [255, 0, 0], 0.5); };
      fresh(); draw(); paint.put(ctx, true);
      const over = [at(200, 150), at(200, 160)];
      fresh(); draw(); paint.put(ctx, false);
      const alone = at(200, 150);
      fresh(); paint.put(ctx, true);
      const again = at(200, 150);
      draw(); paint.begin([0, 0, 400, 300]); paint.put(ctx, true);
      return { over, alone, again, dropped: at(200, 150), named: strokes.colourOf('rebeccapurple') };
    }""")
    (red, _, blue, alpha), beside = found["over"]
    assert [red, blue, alpha] == pytest.approx([128, 128, 255], abs=2)
    assert beside == found["again"] == found["dropped"] == [0, 0, 255, 255]
    assert found["alone"][0] >= 254 and found["alone"][3] == pytest.approx(128, abs=2)
    assert found["named"] == [102, 51, 153]
