"""The still picture: well formed, self-contained, and with every label clear of marks, lines and other labels."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from geo.api import StrikeMap
from geo.geometry.plane import Rect, grow, meets, within
from geo.render.svg import inline_svg, render_svg
from geo.render.svg.compose import Picture, compose, taken
from geo.render.svg.paint import number, path, plain
from geo.render.svg.sheet import HEIGHT, WIDTH
from geo.render.svg.spots import Field
from geo.scene import style
from geo.scene.scene import Scene
from geo.scene.text import legend_keys, page_strings
from support.program import ROOT, STORY, run_strikemap

SVG = "{http://www.w3.org/2000/svg}"
SRC = ROOT / "geo" / "web" / "src"


def source(path: Path, **story: Any) -> Path:
    path.write_text(json.dumps({"lang": "en", **story}), "utf-8")  # JSON is YAML
    return path


def strike(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "kind": "strike", "date": "2017-05-05", "title": f"Strike {id}", **more}


def many(count: int, **more: Any) -> dict[str, Any]:
    """Events of four actors, scattered over eastern Syria, the same every time."""
    return {"title": "Many", "events": [
        strike(f"e{n}", lat=round(33.5 + n * 37 % 101 / 40, 3), lon=round(36.5 + n * 53 % 103 / 25, 3), precision="town",
               place=f"Town {n}", actor="ABCD"[n % 4], status=("declared", "reported", "contested")[n % 3],
               **({"strikes_min": 1 + n % 5, "strikes_max": 1 + n % 5 + n % 2} if n % 2 else {}))
        for n in range(count)
    ], **more}  # fmt: skip


STORIES: dict[str, dict[str, Any]] = {
    "across-180": {"title": "Fiji", "events": [
        strike("a", place="Taveuni", country="FJ", lat=-16.85, lon=-179.97, precision="village"),
        strike("b", place="Suva", country="FJ", origin="Tonga"), strike("c", place="Fiji"),
    ]},
    "from-afar": {"title": "Korea", "events": [
        strike("a", place="Rason", country="KP", origin="Okinawa", aircraft_count=35, actor="UN"),
        strike("b", place="Pyongyang", strikes_min=4, strikes_max=4, status="declared", actor="UN"),
        strike("c", place="Sinuiju", status="contested", actor="UN"), strike("d", lat=39.5, lon=127.0),
    ]},
    "crowd": many(60),
    "throng": many(400),
    "nowhere": {"title": "Nowhere", "events": [strike("a", place="Xyzzyville")]},
}  # fmt: skip

Maps = Callable[[str], Scene]


@pytest.fixture(scope="module")
def scene_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maps]:
    """The scene of one of `STORIES`, or the published story in a language, made once."""
    made: dict[str, Scene] = {}
    folder = tmp_path_factory.mktemp("stories")

    def scene_of(name: str) -> Scene:
        if name not in made:
            told = source(folder / f"{name}.yaml", **STORIES[name]) if name in STORIES else STORY
            made[name] = StrikeMap(told, langs=None if name in STORIES else [name]).scene
        return made[name]

    yield scene_of


NAMES = ["fr", "en", "ar", "he", "ru", *STORIES]


def picture(scene: Scene) -> Picture:
    return compose(scene, WIDTH, HEIGHT)


# -- what it promises as a file


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_sound_xml_that_needs_nothing_from_elsewhere(scene_of: Maps, name: str) -> None:
    scene = scene_of(name)
    data = render_svg(scene)
    root = ET.fromstring(data)
    assert root.tag == f"{SVG}svg" and root.get("lang") == scene.languages[0]
    assert root.get("role") == "img"
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    title, desc = (named[root.get(f"aria-{kind}") or ""] for kind in ("labelledby", "describedby"))
    assert title.tag == f"{SVG}title" and title.text
    assert desc.tag == f"{SVG}desc" and len(desc.text or "") > 20
    text = data.decode()
    assert re.findall(r"url\(([^)]*)\)", text) == re.findall(r"url\((#sm-[^)]*)\)", text)
    assert {found[1:] for found in re.findall(r"url\((#[^)]*)\)", text)} <= set(named)
    assert "var(" not in text
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "desc", "defs", "g", "path", "rect", "circle", "text", "use", "linearGradient", "stop", "clipPath",
        }  # fmt: skip
        for attribute, value in element.attrib.items():
            assert attribute not in ("style", "class") and not attribute.startswith("on"), attribute
            assert attribute != "href" or value[1:] in named, value


@pytest.mark.parametrize("name", ["fr", "ar", "crowd"])
def test_inside_a_page_it_has_no_colours_and_no_style_of_its_own(scene_of: Maps, name: str) -> None:
    svg = inline_svg(scene_of(name), "strikemap-x", "Map")
    root = ET.fromstring(svg)
    assert "style=" not in svg and "<style" not in svg and "font-family" not in svg
    assert not re.search(r'"#[0-9A-Fa-f]{3,6}"', svg)
    ids = {element.get("id") or "" for element in root.iter() if element.get("id")}
    assert ids and all(id.startswith("strikemap-x-") for id in ids)
    assert {found[1:] for found in re.findall(r"(?:url\(|href=\")(#[^)\"]*)", svg)} == ids


def test_every_colour_that_it_asks_of_the_page_is_one_that_the_page_has(scene_of: Maps) -> None:
    css = "".join((ROOT / f"geo/web/css/{name}.css").read_text("utf-8") for name in ("page", "picture"))
    asked = {found for name in NAMES for found in re.findall(r"var\(--([a-z0-9-]+)\)", inline_svg(scene_of(name), "x", "Map"))}
    assert {"land", "water", "coast", "ink", "halo", "tint", "country-label"} <= asked
    assert not [name for name in asked if f"--{name}:" not in css]


@pytest.mark.parametrize(("theme", "rule"), [(style.LIGHT, "\n.strikemap {"), (style.DARK, "prefers-color-scheme: dark")])
def test_the_page_has_the_maps_own_colours_for_it(theme: style.Theme, rule: str) -> None:
    css = (ROOT / "geo/web/css/picture.css").read_text("utf-8")
    block = css[css.index(rule) :]
    found = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6})", block[: block.index("}")]))
    names = ("coast", "river", "country", "province", "city", "countryLabel", "provinceLabel", "waterLabel")
    assert found == {re.sub("([A-Z])", r"-\1", name).lower(): getattr(theme, name) for name in names}


def test_the_storys_picture_keeps_to_its_share_of_the_page(scene_of: Maps) -> None:
    for lang in ("fr", "en", "ar"):
        assert len(inline_svg(scene_of(lang), "strikemap-2015_11_17_raqqa", "Map").encode()) <= 26_000
    assert len(render_svg(scene_of("throng"))) < 80_000


def test_the_same_story_gives_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for seed in ("1", "2"):
        done = run_strikemap("build", STORY, "-f", "svg", "-o", tmp_path / f"{seed}.svg", env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        files.append((tmp_path / f"{seed}.svg").read_bytes())
    assert files[0] == files[1]
    assert files[0] == render_svg(StrikeMap(STORY).scene) == StrikeMap(STORY).svg().encode()


def test_the_program_writes_it_in_the_language_asked_for(tmp_path: Path) -> None:
    done = run_strikemap("build", STORY, "-f", "svg", "--lang", "ar", "-o", "-")
    assert done.returncode == 0, done.stderr
    assert 'lang="ar"' in done.stdout and "الرقة" in done.stdout and "Raqqa" not in done.stdout


# -- text is text


def test_text_of_a_story_is_never_markup(tmp_path: Path) -> None:
    hostile = "\"><script>alert(1)</script>&amp;<!-- {{7*191}} ]]> '"
    story = source(
        tmp_path / "hostile.yaml", title=hostile,
        events=[strike("a", lat=15.0, lon=44.0, precision="town", place=hostile, origin="Egypt", aircraft_count=3)],
    )  # fmt: skip
    scene = StrikeMap(story).scene
    root = ET.fromstring(render_svg(scene))
    assert root.findtext(f"{SVG}title") == hostile
    labels = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any("<script>alert(1)</script>" in label for label in labels)
    assert "<script" not in inline_svg(scene, "x", hostile)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x00b\x1bc\x7fd", "a\ufffdb\ufffdc\ufffdd"), ("\ud800", "\ufffd"), ("\ufffe\uffff", "\ufffd\ufffd"),
        ("a\r\n b\t\u2028c", "a  b c"), ('<&">', "&lt;&amp;&quot;&gt;"), ("الرقة 🛩", "الرقة 🛩"),
    ],
)  # fmt: skip
def test_what_xml_cannot_hold_is_shown_as_missing(text: str, written: str) -> None:
    assert plain(text) == written
    ET.fromstring(f"<a b='{plain(text)}'>{plain(text)}</a>".encode())


@pytest.mark.parametrize(
    ("value", "written"), [(12.0, "12"), (0.5, ".5"), (-0.04, "0"), (-0.25, "-.2"), (100.0, "100"), (3.14159, "3.1")]
)
def test_numbers_are_written_short(value: float, written: str) -> None:
    assert number(value) == written


def test_a_path_keeps_its_place_however_long_it_is() -> None:
    d = path([(n * 0.333, n * 0.777) for n in range(1000)])
    steps = [float(value) for value in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", d)]
    assert sum(steps[::2]) == pytest.approx(332.7, abs=0.06)
    assert sum(steps[1::2]) == pytest.approx(776.2, abs=0.06)
    assert path([(1, 1), (1.01, 1.01)]) == "" == path([(0, 0), (9, 9), (0, 0)], closed=True)


# -- what stands where


def clear(boxes: list[tuple[str, Rect]]) -> list[str]:
    return [f"{a} on {b}" for (a, one), (b, other) in combinations(boxes, 2) if meets(one, other)]


@pytest.mark.parametrize("name", NAMES)
def test_no_label_stands_on_another_on_a_mark_or_on_a_line(scene_of: Maps, name: str) -> None:
    p = picture(scene_of(name))
    frame = Rect(0, 0, WIDTH, HEIGHT)
    labels = [(label.key, label.spot.box) for label in p.labels if not label.numbered]
    assert clear(labels) == []
    marks: Field = taken(frame, p.marks, p.arcs, [at for at, _ in p.nodes], [over.box for over in (p.bar, p.overview) if over])
    for label in p.labels:
        if not label.numbered:
            assert marks.free(label.spot.box, pad=0), label.key
        assert within(label.spot.box, grow(frame, -style.MARGIN["M"] + 0.01)) or label.numbered, label.key


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("nowhere", "throng")])
def test_every_place_of_the_story_has_its_name_or_its_number(scene_of: Maps, name: str) -> None:
    scene = scene_of(name)
    p = picture(scene)
    labelled = {int(label.key.removeprefix("site ")) for label in p.labels if label.key.startswith("site ")}
    shared = {site for mark in p.marks for site in mark.sites if set(mark.sites) & labelled}
    assert labelled | shared == set(range(len(scene.sites)))


@pytest.mark.parametrize("name", NAMES)
def test_every_event_on_the_map_is_drawn(scene_of: Maps, name: str) -> None:
    scene = scene_of(name)
    p = picture(scene)
    drawn = {id for mark in p.marks for id in mark.events} | {area["id"] for area in scene.areas}
    assert drawn == {entry.event.id for entry in scene.entries if entry.on_map}
    for mark in p.marks:
        assert len(mark.events) == (mark.badge.n if mark.badge else 1)
    assert {hatch.shape for hatch in p.hatches} == {area["shape"] for area in scene.areas}


def test_the_missions_number_is_written_once(scene_of: Maps) -> None:
    for lang, words in (("fr", "10 avions au total"), ("en", "10 aircraft in total")):
        root = ET.fromstring(render_svg(scene_of(lang)))
        assert [text.text for text in root.iter(f"{SVG}text")].count(words) == 1


def test_a_line_that_the_picture_crops_says_where_it_comes_from(scene_of: Maps) -> None:
    p = picture(scene_of("from-afar"))
    (crop,) = [label for label in p.labels if label.role == "crop"]
    assert "".join(line.text for line in crop.spot.block.lines).startswith("from Okinawa")


@pytest.mark.parametrize("name", ["fr", "ar", "crowd", "from-afar"])
def test_a_sheet_says_what_its_signs_mean_and_whose_words_they_are(scene_of: Maps, name: str) -> None:
    scene = scene_of(name)
    root = ET.fromstring(render_svg(scene))
    written = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    strings = page_strings(scene)[scene.languages[0]]
    said = ["title", "map_credit", *(f"key.{key}" for key in legend_keys(scene)), *(f"actor{one.slot}" for one in scene.actors)]
    said += [key for key in strings if re.fullmatch(r"summary|s\d+\.publisher", key)]
    for key in said:
        value = strings[key]
        assert (value if isinstance(value, str) else value[0]).split()[0] in written, key
    assert len(said) > 6
    height = float(root.get("height") or 0)
    assert 650 < height < 1100 and max(float(text.get("y") or 0) for text in root.iter(f"{SVG}text")) < height


def test_arabic_is_set_from_the_right_without_tracking_or_slant(scene_of: Maps) -> None:
    root = ET.fromstring(render_svg(scene_of("ar")))
    groups = [group for group in root.iter(f"{SVG}g") if any(re.search("[\u0600-\u06ff]", t.text or "") for t in group.findall(f"{SVG}text"))]
    assert groups
    for group in groups:
        assert group.get("direction") == "rtl"
        assert group.get("letter-spacing") is None and group.get("font-style") is None
        assert float(group.get("font-size") or 0) >= 13
        assert (group.get("font-family") or "").startswith("'SF Arabic'")


@pytest.mark.parametrize("name", ["fr", "ar", "from-afar", "across-180"])
def test_an_inset_shows_where_in_the_world_the_map_lies(scene_of: Maps, name: str) -> None:
    p = picture(scene_of(name))
    assert p.overview is not None
    box = p.overview.box
    assert within(box, Rect(0, 0, WIDTH, HEIGHT)) and box.width == pytest.approx(0.22 * WIDTH, abs=1)
    assert within(p.overview.view, Rect(0, 0, box.width, box.height))
    for mark in p.marks:
        assert not meets(mark.box, box), mark.events
    for spot, _, _ in p.overview.names:
        assert within(spot.box, Rect(0, 0, box.width, box.height))
        assert clear([("name", spot.box), ("edge", p.overview.view._replace(right=p.overview.view.left + 1))]) == []


def test_a_map_of_the_world_needs_no_inset(tmp_path: Path) -> None:
    far = [strike("a", lat=40.0, lon=-100.0, precision="town"), strike("b", lat=-20.0, lon=140.0, precision="town")]
    assert picture(StrikeMap(source(tmp_path / "far.yaml", title="Far", events=far)).scene).overview is None


def test_a_throng_is_drawn_in_piles_that_keep_apart(scene_of: Maps) -> None:
    p = picture(scene_of("throng"))
    assert 20 < len(p.marks) <= 90
    assert sum(len(mark.events) for mark in p.marks) == 400


def test_without_a_base_map_marks_stand_on_land() -> None:
    scene = StrikeMap(STORY, basemap="none").scene
    assert f'<rect width="720" height="540" fill="{style.LIGHT.land}"/>' in render_svg(scene).decode()


# -- the same sizes as on the moving map


def constants(path: str) -> str:
    return (SRC / path).read_text("utf-8")


def stated(text: str, name: str) -> float:
    (found,) = re.findall(rf"const {name}(?:: [^=]+)? = ([\d.]+)", text)
    return float(found)


@pytest.mark.parametrize(
    ("file", "name", "value"),
    [
        ("layout/piles.ts", "D", style.SYMBOL_D), ("layout/piles.ts", "D_SMALL", style.SYMBOL_D_SMALL),
        ("layout/piles.ts", "CRASH", style.CRASH_D), ("layout/piles.ts", "BADGE", style.BADGE_D),
        ("layout/piles.ts", "SHOWN", style.PILE_MOST), ("layout/spots.ts", "GAP", style.LABEL_GAP),
        ("layout/spots.ts", "LEADER_MOST", style.LEADER_MOST), ("layer/marks.ts", "RIM", style.RIM_FROM),
        ("layer/marks.ts", "ONE_PILE", style.ONE_PILE), ("layer/arcs.ts", "TIP", style.TIP_GAP),
        ("draw/arcs.ts", "CASING", style.CASING), ("draw/arcs.ts", "FADE", style.LINE_FADE),
        ("draw/symbols.ts", "CASING", style.CASING), ("draw/symbols.ts", "RING", style.RING),
        ("draw/text.ts", "HALO", style.HALO), ("draw/text.ts", "HALO_ALPHA", style.HALO_OPACITY),
    ],
)  # fmt: skip
def test_both_pictures_have_one_size_for_each_thing(file: str, name: str, value: float) -> None:
    assert stated(constants(file), name) == value


def table(text: str, name: str) -> dict[str, float]:
    (body,) = re.findall(rf"const {name}[^=]*= \{{ ([^}}]+) \}}", text)
    return {key: float(value) for key, value in re.findall(r"(\w): ([\d.]+)", body)}


def test_both_pictures_have_the_same_margins_limits_and_type() -> None:
    assert table(constants("layout/frame.ts"), "MARGIN") == style.MARGIN
    assert table(constants("layout/type.ts"), "MOST") == style.MOST_LABELS
    assert table(constants("layout/piles.ts"), "D_MOST") == style.SYMBOL_D_MAX
    found = {}
    for role, sizes, weight, more in re.findall(
        r"(\w+): \{ sizes: \[([^\]]+)\], weight: (\d+)([^}]*)\}", constants("layout/type.ts")
    ):
        s, m, large = (int(value) for value in sizes.split(","))
        found[role] = style.Type((s, m, large), int(weight), "italic: true" in more, "capitals: true" in more)
    assert found == style.TYPE
