"""A publisher's style in the outputs; and ours, which stands in three places that must agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import geo
from geo.api import load_style
from geo.scene.dress import FONTS, PAGE_KEYS, STYLE, THEME_KEYS, Look
from support.program import ROOT, STORY, run_strikemap

CSS = (ROOT / "geo/web/css/page.css").read_text("utf-8")
# Of the picture for readers without scripts: by day, and in the dark.
PICTURE = (ROOT / "geo/web/css/picture.css").read_text("utf-8").split("@media")[:2]
PROPERTIES = {key.replace("_", "-"): key for key in (*THEME_KEYS, *PAGE_KEYS)} | {f"s{n - 1}": f"slots.{n}" for n in range(1, 8)}
PROPERTIES["dim"] = PROPERTIES.pop("quiet")
LOGO = (
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGOcLW3AwMDAxMDAwMDA"
    "AAALXQDqXpenBgAAAABJRU5ErkJggg=="
)


def declared(block: str) -> dict[str, str]:
    """The custom properties of a block of rules."""
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-Fa-f]{6})", block))


@pytest.mark.parametrize(
    ("look", "block"),
    [
        (STYLE.light, CSS[CSS.index("\n.strikemap {") : CSS.index("color-scheme: light")] + PICTURE[0]),
        (STYLE.dark, CSS[CSS.index("@media (prefers-color-scheme: dark)") : CSS.index("  color-scheme: dark;")] + PICTURE[1]),
    ],
    ids=["light", "dark"],
)
def test_the_page_and_the_map_have_the_same_colours(look: Look, block: str) -> None:
    found = declared(block)
    assert {name: found[name].upper() for name in PROPERTIES} == {
        name: look.colour(key).upper() for name, key in PROPERTIES.items()
    }


@pytest.mark.parametrize("script", list(FONTS))
def test_the_page_and_the_map_have_the_same_fonts(script: str) -> None:
    assert f"--{script}: {FONTS[script]};" in CSS
    assert f"{script}: `{FONTS[script]}`" in (ROOT / "geo/web/src/layout/type.ts").read_text("utf-8")


def test_a_style_dresses_page_and_fragment_and_the_page_stays_strict(tmp_path: Path) -> None:
    style = tmp_path / "style.yaml"
    style.write_text(
        'light: {page: "#FFF9EE", slots: ["#9B1B30"]}\nfonts: {latin: Gill Sans MT}\n'
        f"logo: {{alt: 'The <Example>', data: {LOGO}}}\n",
        "utf-8",
    )
    done = run_strikemap("build", STORY, "--style", style, "-f", "html,fragment", "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / f"{STORY.stem}.html").read_text("utf-8")
    fragment = (tmp_path / f"{STORY.stem}.fragment.html").read_text("utf-8")
    for output in (page, fragment):
        assert "--page:#fff9ee" in output and '--latin:"Gill Sans MT", system-ui' in output
        assert f'src="data:image/png;base64,{LOGO}" width="2" height="2" alt="The &lt;Example&gt;"' in output
    assert "body:has(>.strikemap){background:#fff9ee}" in page and "body:has" not in fragment
    assert "unsafe" not in page.split("</head>")[0]
    plain = geo.StrikeMap(STORY)
    assert geo.StrikeMap(STORY, style=style).html() == page != plain.html()


def test_a_faint_style_builds_nothing(tmp_path: Path) -> None:
    style = tmp_path / "style.yaml"
    style.write_text('light: {ink: "#CCCCCC"}', "utf-8")
    done = run_strikemap("build", STORY, "--style", style, "-o", tmp_path / "map.html")
    assert done.returncode == 2 and not (tmp_path / "map.html").exists()
    assert f"{style}:1:14: light.ink: #cccccc on page #FFFFFF" in done.stderr


def test_the_style_in_the_readme_is_sound(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(light:.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    style = tmp_path / "house.yaml"
    style.write_text(re.sub("data: .*", f"data: {LOGO}", example), "utf-8")
    worn = load_style(style)
    assert worn.logo and worn.fonts.keys() == set(FONTS) and worn.light != STYLE.light


OWN_COLOUR = """title: T
lang: en
date: 2016-03-01
sources: {a: {publisher: P}}
actors:
  one: {name: One, colour: "%s"}
  two: Two
events:
  - {id: a, kind: strike, title: A, date: 2016-03-01, place: Aleppo, actor: one, sources: [a]}
  - {id: b, kind: strike, title: B, date: 2016-03-02, place: Raqqa, actor: two, sources: [a]}
"""


def test_an_actor_keeps_the_colour_that_its_story_gives_it(tmp_path: Path) -> None:
    story = tmp_path / "own.yaml"
    story.write_text(OWN_COLOUR % "#c03", "utf-8")
    scene = geo.StrikeMap(geo.load(story)).scene
    assert scene.style.light.theme.slots[:2] == ("#cc0033", STYLE.light.theme.slots[1])
    assert "--s0:#cc0033" in geo.StrikeMap(geo.load(story)).html().replace(" ", "").lower()


@pytest.mark.parametrize(("colour", "kept", "changed"), [("#ffe14d", "light", "dark"), ("#1a1a5e", "dark", "light")])
def test_a_colour_that_a_theme_is_too_faint_for_gives_way_to_ours_there_and_is_told(
    tmp_path: Path, colour: str, kept: str, changed: str
) -> None:
    story = tmp_path / "own.yaml"
    story.write_text(OWN_COLOUR % colour, "utf-8")
    style = geo.StrikeMap(geo.load(story)).scene.style
    assert getattr(style, kept) == getattr(STYLE, kept)
    assert getattr(style, changed).theme.slots[0] == colour
    done = run_strikemap("build", str(story), "-o", str(tmp_path / "own.html"))
    assert done.returncode == 0
    assert f"colour {colour} is kept out of the {kept} theme" in done.stderr
