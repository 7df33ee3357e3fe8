"""The drawing itself, on a bare Leaflet map: the craft rules, read from what the layer says it drew and from pixels."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from itertools import combinations
from math import hypot
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geo import build_hook
from geo.api import StrikeMap, load
from geo.render.packing import inert
from geo.render.page import payload
from geo.scene import text
from support.program import STORY

SIZES = {"S": (320, 400), "M": (768, 576), "L": (1280, 720)}
MARGIN = {"S": 16, "M": 24, "L": 32}
MOST = {"S": 9, "M": 18, "L": 30}
LANGUAGES = ("fr", "en", "ar")
STRIKES_AT_RAQQA = ("russia-raqqa", "france-first-series", "france-second-series")

Payload = dict[str, Any]
OpenLayer = Callable[..., Page]


@pytest.fixture(scope="session")
def story_payload() -> Payload:
    scene = StrikeMap(load(STORY)).scene
    found: Payload = json.loads(inert(payload(scene, text.page_strings(scene))))
    return found


@pytest.fixture
def open_layer(browser: Browser) -> Iterator[OpenLayer]:
    """Draw a payload on a bare map; `window.layer` and `window.map` are the test's. No request, no console error."""
    faults: list[str] = []
    contexts = []
    leaflet = build_hook.WEB / "node_modules" / "leaflet" / "dist"

    def open_layer(
        drawn: Payload,
        size: str = "L",
        lang: str = "en",
        *,
        dark: bool = False,
        base: bool = True,
        hidden: bool = False,
    ) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_content(
            f"<!doctype html><style>{(leaflet / 'leaflet.css').read_text()} body{{margin:0}}"
            f"#map{{width:{width}px;height:{height}px;{'display:none' if hidden else ''}}}</style><div id=map></div>"
        )
        page.evaluate((leaflet / "leaflet.js").read_text())
        page.evaluate((build_hook.DIST / "layers.js").read_text(encoding="utf-8"))
        page.evaluate(
            """async ([packed, options]) => {
              window.map = L.map("map", {zoomSnap: 0, zoomAnimation: false, fadeAnimation: false, inertia: false,
                attributionControl: false}).setView([35, 38], 6);
              window.layer = strikemapLayers.add(map, packed, options);
              await layer.ready;
            }""",
            [base64.b64encode(json.dumps(drawn).encode()).decode(), {"lang": lang, "dark": dark, "base": base}],
        )
        return page

    yield open_layer
    for context in contexts:
        context.close()
    assert faults == []


def drawn(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("layer.drawn()")
    return found


def overlap(a: list[float], b: list[float], pad: float = 0) -> bool:
    return a[0] - pad < b[2] and b[0] - pad < a[2] and a[1] - pad < b[3] and b[1] - pad < a[3]


def in_view(picture: dict[str, Any]) -> list[dict[str, Any]]:
    view = [0, 0, picture["width"], picture["height"]]
    return [label for label in picture["labels"] if overlap(label["box"], view)]


@pytest.fixture(scope="module")
def first_views() -> dict[tuple[str, str], dict[str, Any]]:
    """Pictures that several tests read, by size and language."""
    return {}


@pytest.fixture
def picture(
    open_layer: OpenLayer,
    story_payload: Payload,
    first_views: dict[tuple[str, str], dict[str, Any]],
    size: str,
    lang: str,
) -> dict[str, Any]:
    """What the story's first view draws at a size, in a language."""
    if (size, lang) not in first_views:
        first_views[size, lang] = drawn(open_layer(story_payload, size, lang))
    return first_views[size, lang]


every_page = pytest.mark.parametrize(("size", "lang"), [(size, lang) for size in SIZES for lang in LANGUAGES])


@every_page
def test_labels_keep_off_each_other_and_off_marks_and_lines(picture: dict[str, Any]) -> None:
    labels = in_view(picture)
    # The name of a river lies aslant in its box; the box says more than the letters take.
    level = [label for label in labels if label["role"] != "river"]
    assert level
    touching = [(a["text"], b["text"]) for a, b in combinations(level, 2) if overlap(a["box"], b["box"])]
    assert touching == []
    for label in level:
        for mark in picture["symbols"]:
            half = mark["d"] / 2
            around = [mark["x"] - half, mark["y"] - half, mark["x"] + half, mark["y"] + half]
            assert not overlap(label["box"], around), (label["text"], mark["id"])
        for arc in picture["arcs"]:
            assert not any(overlap(label["box"], [x, y, x, y]) for x, y in arc["points"]), (label["text"], arc["id"])


@every_page
def test_labels_stay_within_the_margin_and_no_view_holds_too_many(
    picture: dict[str, Any], size: str, lang: str
) -> None:
    labels = in_view(picture)
    m = MARGIN[size] - 0.5
    for label in labels:
        left, top, right, bottom = label["box"]
        assert left >= m and right <= picture["width"] - m, label["text"]
        assert top >= m and bottom <= picture["height"] - m, label["text"]
    forced = [label for label in labels if label["role"] in ("event", "place", "line", "crop")]
    assert len(labels) <= max(MOST[size], len(forced))
    assert all(label["size"] >= (13 if lang == "ar" and not label["text"][0].isascii() else 11) for label in labels)


@every_page
def test_every_event_on_the_map_is_named_and_none_by_a_bare_number(
    picture: dict[str, Any], story_payload: Payload
) -> None:
    named = {label["site"]: label for label in in_view(picture) if label["role"] == "event"}
    assert set(named) == set(range(len(story_payload["sites"])))
    assert [label["text"] for label in named.values() if label["numbered"]] == []


@every_page
def test_the_number_of_a_mission_is_written_once(picture: dict[str, Any]) -> None:
    assert [label["role"] for label in in_view(picture)].count("line") == 1


@pytest.mark.parametrize("size", SIZES)
def test_lines_arrive_18_degrees_apart_and_stop_6_px_short_of_a_symbol(
    open_layer: OpenLayer, story_payload: Payload, size: str
) -> None:
    picture = drawn(open_layer(story_payload, size))
    assert len(picture["arcs"]) == 2
    first, second = (arc["arrival"] for arc in picture["arcs"])
    apart = abs(first - second) % 360
    assert min(apart, 360 - apart) >= 18
    for arc in picture["arcs"]:
        assert abs(arc["sagitta"]) <= 0.121 * arc["chord"]
        x, y = arc["end"]
        gaps = [hypot(x - mark["x"], y - mark["y"]) - mark["d"] / 2 for mark in picture["symbols"]]
        assert 5.9 <= min(gaps) <= 12


@pytest.mark.parametrize("size", SIZES)
def test_what_the_story_is_about_lies_within_the_margin(
    open_layer: OpenLayer, story_payload: Payload, size: str
) -> None:
    picture = drawn(open_layer(story_payload, size))
    west, north, east, south = picture["frame"]["core"]
    m = MARGIN[size] - 1
    assert west >= m and north >= m and east <= picture["width"] - m and south <= picture["height"] - m
    assert max((east - west) / picture["width"], (south - north) / picture["height"]) >= 0.25


def test_a_line_that_the_frame_crops_says_where_it_comes_from(open_layer: OpenLayer, story_payload: Payload) -> None:
    picture = drawn(open_layer(story_payload, "S", "en"))
    (cropped,) = (arc for arc in picture["arcs"] if arc["cropped"])
    words = " ".join(next(label for label in picture["labels"] if label["role"] == "crop")["text"])
    assert "Gulf" in words
    assert words.endswith("\u2198"), "the origin lies to the south-east"
    assert cropped["start"][0] > picture["width"]


def test_a_picture_with_room_for_the_origins_shows_them(open_layer: OpenLayer, story_payload: Payload) -> None:
    picture = drawn(open_layer(story_payload, "L"))
    assert not any(arc["cropped"] for arc in picture["arcs"])
    assert not any(label["role"] == "crop" for label in picture["labels"])


def test_panning_moves_no_label(open_layer: OpenLayer, story_payload: Payload) -> None:
    page = open_layer(story_payload, "M")
    page.evaluate("map.setZoom(map.getZoom() + 1, {animate: false})")
    before = {label["key"]: label["box"] for label in drawn(page)["labels"]}
    page.evaluate("map.panBy([90, 40], {animate: false})")
    after = {label["key"]: label["box"] for label in drawn(page)["labels"]}
    assert after.keys() == before.keys()
    shifts = {(round(after[key][0] - box[0], 1), round(after[key][1] - box[1], 1)) for key, box in before.items()}
    assert len({(round(x), round(y)) for x, y in shifts}) == 1


@pytest.mark.parametrize("event", STRIKES_AT_RAQQA)
def test_each_strike_of_a_pile_is_reached_by_its_own_glyph(
    open_layer: OpenLayer, story_payload: Payload, event: str
) -> None:
    page = open_layer(story_payload, "S")
    page.evaluate("layer.on('select', e => window.chosen = e.id)")
    spot = page.evaluate("id => layer.project(id)", event)
    page.mouse.click(spot["x"], spot["y"])
    assert page.evaluate("window.chosen") == event
    picture = drawn(page)
    assert next(pile for pile in picture["piles"] if event in pile["events"])["open"]
    for other in STRIKES_AT_RAQQA:
        spot = page.evaluate("id => layer.project(id)", other)
        page.mouse.click(spot["x"], spot["y"])
        assert page.evaluate("window.chosen") == other


def test_the_glyphs_of_a_pile_overlap_by_a_third_under_a_badge_that_counts_them(
    open_layer: OpenLayer, story_payload: Payload
) -> None:
    picture = drawn(open_layer(story_payload, "L"))
    glyphs = sorted((mark for mark in picture["symbols"] if mark["id"] in STRIKES_AT_RAQQA), key=lambda mark: mark["x"])
    assert len(glyphs) == 3
    assert len({mark["slot"] for mark in glyphs}) == 2
    for left, right in zip(glyphs, glyphs[1:], strict=False):
        assert right["x"] - left["x"] == pytest.approx((left["d"] + right["d"]) / 3, abs=0.05)
    (pile,) = picture["piles"]
    assert pile["badge"]["n"] == 3


def test_an_open_pile_stands_on_a_circle_with_its_lines_between_the_glyphs(
    open_layer: OpenLayer, story_payload: Payload
) -> None:
    page = open_layer(story_payload, "L")
    page.evaluate("layer.setSelected('russia-raqqa')")
    picture = drawn(page)
    (pile,) = picture["piles"]
    assert pile["open"] and pile["badge"] is None
    for mark in picture["symbols"]:
        assert hypot(mark["x"] - pile["x"], mark["y"] - pile["y"]) == pytest.approx(22, abs=0.1)
        for arc in picture["arcs"]:
            assert min(hypot(x - mark["x"], y - mark["y"]) for x, y in arc["points"]) > mark["d"] / 2


def test_a_pile_of_more_than_eight_opens_in_the_list(open_layer: OpenLayer, story_payload: Payload) -> None:
    crowd = json.loads(json.dumps(story_payload))
    mark = crowd["marks"][0]
    crowd["marks"] = [{**mark, "id": f"strike-{n}"} for n in range(9)]
    crowd["sites"][mark["site"]]["events"] = [f"strike-{n}" for n in range(9)]
    page = open_layer(crowd, "L")
    page.evaluate("layer.on('pile', e => window.pile = e.events)")
    assert drawn(page)["piles"][0]["badge"]["n"] == 9
    assert len(drawn(page)["symbols"]) == 3
    page.evaluate("layer.setSelected('strike-8')")
    assert len(page.evaluate("window.pile")) == 9
    assert not drawn(page)["piles"][0]["open"]


def test_reports_of_one_place_at_other_precisions_share_a_pile_and_a_name(
    open_layer: OpenLayer, story_payload: Payload
) -> None:
    changed = json.loads(json.dumps(story_payload))
    mark = changed["marks"][0]
    site = changed["sites"][mark["site"]]
    changed["sites"].append({**site, "events": ["vague"]})
    changed["marks"].append({**mark, "id": "vague", "site": len(changed["sites"]) - 1, "radius_m": 30_000})
    page = open_layer(changed, "L")
    picture = drawn(page)
    (pile,) = picture["piles"]
    assert pile["badge"]["n"] == 4 and set(pile["events"]) == {"vague", *STRIKES_AT_RAQQA}
    assert [label["text"] for label in picture["labels"]].count(["Raqqa"]) == 1
    page.evaluate("layer.setSelected('vague')")
    assert len(drawn(page)["symbols"]) == 4


def test_what_is_filtered_out_is_not_drawn_and_moves_no_other_label(
    open_layer: OpenLayer, story_payload: Payload
) -> None:
    page = open_layer(story_payload, "L")
    before = drawn(page)
    page.evaluate("layer.setFilter(id => !id.startsWith('france'))")
    after = drawn(page)
    assert [mark["id"] for mark in after["symbols"]] == ["russia-raqqa"]
    assert after["arcs"] == []
    assert {"line", "place"}.isdisjoint(label["role"] for label in after["labels"])
    kept = {label["key"]: label["box"] for label in after["labels"]}
    assert {label["key"]: label["box"] for label in before["labels"] if label["key"] in kept} == kept
    assert page.evaluate("layer.project('france-first-series')") is None


def test_a_language_is_switched_in_place(open_layer: OpenLayer, story_payload: Payload) -> None:
    page = open_layer(story_payload, "L", "fr")
    page.evaluate("layer.setLanguage('ar')")
    labels = {label["key"]: label for label in drawn(page)["labels"]}
    raqqa = next(label for label in labels.values() if label["role"] == "event" and label["text"][0] == "الرقة")
    assert raqqa["rtl"]


def test_retracted_events_are_not_on_the_map(open_layer: OpenLayer, story_payload: Payload) -> None:
    changed = json.loads(json.dumps(story_payload))
    changed["marks"][0]["status"] = "retracted"
    page = open_layer(changed, "L")
    assert changed["marks"][0]["id"] not in [mark["id"] for mark in drawn(page)["symbols"]]


def pixel(page: Page, x: float, y: float) -> tuple[int, ...]:
    """Colour of the drawing's own canvas under a point of the view; alpha last."""
    found = page.evaluate(
        """([x, y]) => {
          const canvases = [...document.querySelectorAll("#map canvas.leaflet-zoom-animated")];
          return canvases.map(c => {
            const box = c.getBoundingClientRect();
            const by = c.width / box.width;
            const [left, top] = [Math.round((x - box.left) * by), Math.round((y - box.top) * by)];
            return [...c.getContext("2d").getImageData(left, top, 1, 1).data];
          });
        }""",
        [x, y],
    )
    return tuple(next((colour for colour in reversed(found) if colour[3]), [0, 0, 0, 0]))


def rgb(hexed: str) -> tuple[int, ...]:
    return tuple(int(hexed[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("dark", [False, True])
def test_a_declared_strike_is_filled_and_a_reported_one_is_a_ring(
    open_layer: OpenLayer, story_payload: Payload, dark: bool
) -> None:
    changed = json.loads(json.dumps(story_payload))
    changed["marks"] = changed["marks"][:1]
    theme = changed["theme"]["dark" if dark else "light"]
    mark = changed["marks"][0]
    changed["sorties"], changed["origins"] = [], []
    changed["sites"][mark["site"]]["events"] = [mark["id"]]
    for status, colour in (("declared", theme["slots"][mark["slot"]]), ("reported", theme["halo"])):
        mark["status"] = status
        page = open_layer(changed, "L", dark=dark)
        (symbol,) = drawn(page)["symbols"]
        assert pixel(page, symbol["x"], symbol["y"])[:3] == rgb(colour)


def test_dragging_shows_no_gap(open_layer: OpenLayer, story_payload: Payload) -> None:
    page = open_layer(story_payload, "M")
    page.evaluate("map.setZoom(map.getZoom() + 2, {animate: false})")
    page.mouse.move(600, 300)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(600 - 45 * step, 300 - 10 * step)
        for x, y in ((2, 2), (765, 2), (2, 573), (765, 573)):
            assert pixel(page, x, y)[3] == 255
    page.mouse.up()


def test_a_map_that_was_hidden_is_composed_when_it_is_shown(open_layer: OpenLayer, story_payload: Payload) -> None:
    page = open_layer(story_payload, "M", hidden=True)
    assert drawn(page) is None
    page.evaluate("document.getElementById('map').style.display = 'block'")
    page.wait_for_function("layer.drawn()?.frame.home")
    assert drawn(page)["width"] == SIZES["M"][0]


def test_a_narrower_map_is_composed_anew_and_not_shrunk(open_layer: OpenLayer, story_payload: Payload) -> None:
    page = open_layer(story_payload, "L")
    page.evaluate("Object.assign(document.getElementById('map').style, {width: '320px', height: '400px'})")
    page.wait_for_function("layer.drawn().cls === 'S'")
    west, _, east, _ = drawn(page)["frame"]["core"]
    assert west >= 15 and east <= 305


def test_two_layers_share_a_page_and_someone_elses_map_keeps_its_view(
    open_layer: OpenLayer, story_payload: Payload
) -> None:
    page = open_layer(story_payload, "M", base=False)
    picture = drawn(page)
    assert picture["zoom"] == 6
    assert not any(label["role"] in ("country", "sea", "city") for label in picture["labels"])
    page.evaluate(
        "packed => { window.second = strikemapLayers.add(map, packed, {parts: ['areas']}); return second.ready; }",
        base64.b64encode(json.dumps(story_payload).encode()).decode(),
    )
    assert page.evaluate("[second.drawn().symbols.length, second.drawn().arcs.length]") == [0, 0]
    assert page.evaluate("second.drawn().areas.length") == len(picture["areas"])
    page.evaluate("second.remove()")
    assert page.evaluate("document.querySelectorAll('#map canvas.leaflet-zoom-animated').length") == 1


def test_damaged_map_data_is_refused_in_words(open_layer: OpenLayer, story_payload: Payload) -> None:
    page = open_layer(story_payload, "S")
    for damage in ("cut", "noise"):
        changed = json.loads(json.dumps(story_payload))
        data = changed["base"]["data"]
        changed["base"]["data"] = data[: len(data) // 2 // 4 * 4] if damage == "cut" else "AAAA" + data[4:]
        said = page.evaluate(
            "packed => strikemapLayers.add(map, packed, {}).ready.then(() => 'drawn', e => e.message)",
            base64.b64encode(json.dumps(changed).encode()).decode(),
        )
        assert said.startswith("map data is damaged: ")


def test_the_scale_bar_is_60_to_120_px_of_a_round_length(open_layer: OpenLayer, story_payload: Payload) -> None:
    for size in SIZES:
        scale = drawn(open_layer(story_payload, size))["scale"]
        assert 48 <= scale["px"] <= 120
        assert scale["text"].split()[0] in {"50", "100", "200", "500"}
