"""The pure parts of the drawing, run in the browser that will run them: bows, piles, the first view, the unpacking."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import atan, atan2, cos, degrees, hypot, pi, radians, sin
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from geo import build_hook

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def call(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    """Call an exported function of layout/ or decode.ts with plain data."""
    (program,) = (build_hook.WEB / "node_modules" / "@esbuild").glob("*/bin/esbuild*")
    source = build_hook.WEB / "src"
    entry = "".join(
        f'export * from "{source / name}";'
        for name in ("layout/bows", "layout/piles", "layout/frame", "layout/type", "decode")
    )
    bundle: Path = tmp_path_factory.mktemp("layout") / "layout.js"
    subprocess.run(
        [program, "--bundle", "--format=iife", "--global-name=layout", f"--outfile={bundle}", "--log-level=error"],
        input=entry, cwd=source, text=True, check=True,
    )  # fmt: skip
    page = browser.new_page()
    page.evaluate(bundle.read_text(encoding="utf-8").replace("var layout =", "window.layout ="))
    yield lambda name, *given: page.evaluate("([name, given]) => layout[name](...given)", [name, given])
    page.close()


def chord(bearing_deg: float, length: float) -> dict[str, Any]:
    """A line to (0, 0) from a bearing; clockwise from east, y down."""
    turn = radians(bearing_deg)
    return {"from": {"x": length * cos(turn), "y": length * sin(turn)}, "to": {"x": 0, "y": 0}, "back": turn}


def arrivals(chords: list[dict[str, Any]], bows: list[float]) -> list[float]:
    """Directions back along the bowed lines, degrees."""
    return [
        degrees(c["back"] - atan(4 * s / hypot(c["from"]["x"], c["from"]["y"])))
        for c, s in zip(chords, bows, strict=True)
    ]


@pytest.mark.parametrize(("length", "ratio"), [(59, 0), (60, 0.068), (300, 0.1), (450, 0.12), (900, 0.12)])
def test_longer_lines_bend_more_up_to_12_percent_and_short_ones_not_at_all(
    call: Call, length: float, ratio: float
) -> None:
    assert call("bow", length) == pytest.approx(ratio)


def test_a_lone_line_bows_to_the_emptier_side(call: Call) -> None:
    (right,) = call("sagittas", [chord(40, 300)], 1)
    (left,) = call("sagittas", [chord(40, 300)], -1)
    assert right == pytest.approx(30) and left == pytest.approx(-30)


def test_two_lines_from_one_side_bow_outwards(call: Call) -> None:
    chords = [chord(100, 300), chord(80, 300)]
    clockwise, anticlockwise = arrivals(chords, call("sagittas", chords, 1))
    assert clockwise > 100 and anticlockwise < 80


def test_lines_there_and_back_each_keep_to_their_right(call: Call) -> None:
    there = {**chord(0, 300), "returns": True}
    back = {"from": {"x": 0, "y": 0}, "to": {"x": 300, "y": 0}, "back": pi, "returns": True}
    assert call("sagittas", [there], -1)[0] > 0
    assert call("sagittas", [back], -1)[0] > 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    bearings=st.lists(st.floats(0, 359), min_size=2, max_size=4, unique=True),
    length=st.floats(80, 900),
)
def test_up_to_four_lines_arrive_18_degrees_apart_wherever_they_come_from(
    call: Call, bearings: list[float], length: float
) -> None:
    chords = [chord(bearing, length) for bearing in bearings]
    bows = call("sagittas", chords, 1)
    assert all(abs(bow) <= 0.1201 * length for bow in bows)
    found = sorted(angle % 360 for angle in arrivals(chords, bows))
    gaps = [b - a for a, b in pairwise([*found, found[0] + 360])]
    # Four from one bearing would need 60° of spread; the greatest bow gives 51.
    assert min(gaps) >= (18 - 0.01 if len(bearings) < 4 else 16.9)


def test_a_bent_line_keeps_its_ends_and_rises_by_its_sagitta(call: Call) -> None:
    path = [{"x": 10 * i, "y": 0} for i in range(31)]
    bent = call("bend", path, 24)
    assert bent[0] == path[0] and bent[-1] == path[-1]
    assert bent[15] == {"x": 150, "y": pytest.approx(24)}
    assert atan2(bent[-1]["y"] - bent[-2]["y"], 10) == pytest.approx(-atan(4 * 24 / 300), abs=0.02)


@pytest.mark.parametrize(
    ("n", "size", "d"),
    [(None, "L", 12), (None, "S", 11), (1, "S", 12), (4, "M", 24), (99, "S", 36), (99, "M", 44), (99, "L", 56)],
)
def test_the_area_of_a_symbol_grows_with_its_number(call: Call, n: int | None, size: str, d: float) -> None:
    assert call("diameter", n, size) == d


def mark(name: str, slot: int = 0, n: list[int] | None = None) -> dict[str, Any]:
    return {"id": name, "slot": slot, "n": n, "kind": "strike", "status": "declared", "precision": "city"}


def test_a_pile_shows_three_glyphs_and_each_actor_first(call: Call) -> None:
    marks = [mark("a", 0), mark("b", 0), mark("c", 0), mark("d", 1), mark("e", 2)]
    assert [glyph["id"] for glyph in call("pile", marks, "L")] == ["a", "d", "e"]


def test_a_range_is_a_symbol_of_its_low_end_in_a_ring_of_its_high_end(call: Call) -> None:
    (glyph,) = call("pile", [mark("a", n=[4, 9])], "L")
    assert (glyph["d"], glyph["ring"]) == (24, 36)


@pytest.mark.parametrize("n", range(2, 9))
def test_an_open_pile_leaves_its_lines_room(call: Call, n: int) -> None:
    backs = [radians(20), radians(135)]
    glyphs = call("spread", [mark(str(i)) for i in range(n)], "L", backs)
    radius = max(22, 4 * n)
    for glyph in glyphs:
        assert hypot(glyph["x"], glyph["y"]) == pytest.approx(radius)
    if n <= 4:
        for back in backs:
            near = min(hypot(glyph["x"] - radius * cos(back), glyph["y"] - radius * sin(back)) for glyph in glyphs)
            assert near > 6


EXTENT = {"core": [0.55, 0.40, 0.56, 0.41], "bounds": [0.50, 0.35, 0.65, 0.48]}


def test_a_frame_takes_in_near_origins_and_crops_far_ones(call: Call) -> None:
    near, far = {"x": 0.565, "y": 0.42}, {"x": 0.63, "y": 0.42}
    view = call("fit", {**EXTENT, "starts": [far, near]}, 768, 576)
    assert view["cropped"] == [True, False]
    k = 256 * 2 ** view["zoom"]
    assert 0.01 * k >= 0.25 * 576
    left, _, right, _ = view["box"]
    assert (0.55 - left) * k >= 24 - 1e-6 and (right - 0.565) * k >= 24 - 1e-6
    assert right - 0.565 > 0.55 - left, "the room to spare lies on the side that the line comes from"


def test_a_view_never_leaves_the_bounds(call: Call) -> None:
    for width, height in ((320, 400), (768, 576), (1280, 720), (2000, 300)):
        view = call("fit", {**EXTENT, "starts": []}, width, height)
        west, north, east, south = view["box"]
        assert west >= 0.5 - 1e-9 and east <= 0.65 + 1e-9 and north >= 0.35 - 1e-9 and south <= 0.48 + 1e-9
        assert view["minZoom"] <= view["zoom"] + 1e-9


@pytest.mark.parametrize(
    ("given", "isolated"),
    [
        ("10 \u0637\u0627\u0626\u0631\u0627\u062a", "\u206610\u2069 \u0637\u0627\u0626\u0631\u0627\u062a"),
        ("10\u201320 \u063a\u0627\u0631\u0629", "\u206610\u201320\u2069 \u063a\u0627\u0631\u0629"),
        ("1, 2, 3", "\u20661, 2, 3\u2069"),
        ("\u206610\u2069", "\u206610\u2069"),
    ],
)
def test_numbers_and_ranges_stand_in_an_isolate_once(call: Call, given: str, isolated: str) -> None:
    assert call("isolate", given) == isolated


def test_unpacking_bounds_what_it_reads(call: Call) -> None:
    layers = [{"name": "a", "type": "line", "parts": [1]}]
    for bytes_ in ([], [0xFF] * 8, [0xFF, 0xFF, 0xFF, 0xFF, 0x07], [2, 1, 1, 1], [1, 2, 2, 9]):
        with pytest.raises(Exception, match="map data is damaged"):
            call("unpack", {"q": 10, "layers": layers}, bytes_)
    with pytest.raises(Exception, match="more lines than data"):
        call("unpack", {"q": 10, "layers": [{"name": "a", "type": "polygon", "parts": [1_000_000_000]}]}, [1, 2, 2])
