"""A style file: every fault with its line and column, every key with an effect, nothing that could escape a style sheet."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from geo.api import load_style
from geo.errors import InputError
from geo.read import stylefile
from geo.read.stylefile import read_style
from geo.render.dressing import style_rules
from geo.scene.dress import FONTS, PAGE_KEYS, STYLE, THEME_KEYS, contrast


def picture(width: int = 60, height: int = 20, kind: str = "PNG", noise: bool = False) -> bytes:
    made = io.BytesIO()
    size = (width, height)
    (Image.effect_noise(size, 200) if noise else Image.new("RGB", size, "#9b1b30")).save(made, kind)
    return made.getvalue()


def written(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def faults(text: str, folder: Path) -> list[str]:
    """The faults of a style, each as `line:column: field: message; cure`."""
    path = folder / "style.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        load_style(path)
    return [str(fault).removeprefix(f"{path}:") for fault in refused.value.faults]


def style(text: str, folder: Path) -> stylefile.StyleGiven:
    return read_style(folder / "style.yaml", text.encode())


def test_every_fault_of_a_file_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    found = faults(
        'light:\n  lnad: "#000000"\n  water: blue\n  slots: []\ndark: {page: [1]}\nfonts: {latin: "Georgia; } *{}"}\nlogo: {alt: A}\nfont: x\n',
        tmp_path,
    )
    assert [line.split(": ")[0] for line in found] == ["2:3", "3:10", "4:10", "5:14", "6:16", "7:7", "8:1"]
    assert 'did you mean "land"?' in found[0] and '"blue" is not a colour' in found[1] and 'did you mean "fonts"?' in found[6]


@pytest.mark.parametrize(
    "name", ["url(x)", "Georgia, serif", 'a"b', "a\\b", "a;b", "a}b", "var(--x)", "-x", "", "a" * 64, "é"]
)
def test_what_is_no_plain_name_is_no_font(name: str, tmp_path: Path) -> None:
    assert "font" in faults(f"fonts: {{latin: [{json.dumps(name)}]}}", tmp_path)[0]


@pytest.mark.parametrize("colour", ["red", "#12345", "rgb(0,0,0)", "#00000000", "#000;x:url(y)", "var(--ink)", "#ggg"])
def test_what_is_no_hexadecimal_colour_is_refused(colour: str, tmp_path: Path) -> None:
    assert "is not a colour" in faults(f'dark: {{ink: "{colour}"}}', tmp_path)[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg onload=alert(1)>", "not a whole PNG"),
        (picture(kind="GIF"), "not a whole PNG"),
        (picture()[:-4], "not a whole PNG"),
        (picture() + b"<script>", "not a whole PNG"),
        (picture().replace(b"IDAT", b"IDAX"), "not a whole PNG"),
        (picture(200, 200, noise=True), "bytes"),
        (picture(1001, 1), "1001 × 1 px"),
    ],
)
def test_a_logo_is_a_whole_and_small_png(data: bytes, said: str, tmp_path: Path) -> None:
    assert said in faults(f"logo: {{alt: A, data: {written(data)}}}", tmp_path)[0]


def test_a_logo_is_read_over_lines_and_with_the_address_that_tools_write_before_it(tmp_path: Path) -> None:
    packed = written(picture())
    for text in (f"|\n    {packed[:40]}\n    {packed[40:]}\n", f"data:image/png;base64,{packed}"):
        logo = style(f"logo:\n  alt: The Example\n  data: {text}", tmp_path).logo
        assert logo and (logo.png, logo.width, logo.height, logo.alt) == (packed, 60, 20, "The Example")


# A value that passes beside our other colours, light and dark.
PASSES = {
    "land": ("#F7F5F0", "#1B1E22"), "water": ("#DFE7EB", "#2A3037"), "page": ("#FEFEFE", "#111316"),
    "coast": ("#A0B0B9", "#4B5660"), "river": ("#B0C2CB", "#3E4A55"), "country": ("#98938A", "#656C74"),
    "province": ("#C0BBB1", "#42484F"), "ink": ("#000000", "#FFFFFF"), "city": ("#111111", "#EEEEEE"),
    "country_label": ("#444444", "#BBBBBB"), "province_label": ("#555555", "#AAAAAA"), "water_label": ("#335566", "#B0C8D8"),
    "halo": ("#FFFFFF", "#000000"), "quiet": ("#444444", "#BBBBBB"), "rule": ("#BBBBBB", "#444444"),
    "hair": ("#DDDDDD", "#333333"), "link": ("#0000AA", "#BBBBFF"),
}  # fmt: skip


@pytest.mark.parametrize("key", [*THEME_KEYS, *PAGE_KEYS])
def test_every_colour_of_both_themes_reaches_the_map_and_the_page_around_it(key: str, tmp_path: Path) -> None:
    for which, theme in enumerate(("light", "dark")):
        path = tmp_path / f"{theme}.yaml"
        path.write_text(f'{theme}: {{{key}: "{PASSES[key][which]}"}}', "utf-8")
        worn = load_style(path)
        look, ours = getattr(worn, theme), getattr(STYLE, theme)
        assert look.colour(key).lower() == PASSES[key][which].lower() != ours.colour(key).lower()
        drawn = look.theme.as_dict() != ours.theme.as_dict()
        assert PASSES[key][which].lower() in style_rules(worn)
        assert drawn == (key in THEME_KEYS)
        other = {"light": worn.dark, "dark": worn.light}[theme]
        assert other == {"light": STYLE.dark, "dark": STYLE.light}[theme]


def test_actors_colours_come_in_their_order_and_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    path.write_text('light: {slots: ["#9b1b30", "#0b5563"]}', "utf-8")
    worn = load_style(path)
    assert worn.light.theme.slots == ("#9b1b30", "#0b5563", *STYLE.light.theme.slots[2:])
    assert "--s0:#9b1b30;--s1:#0b5563}" in style_rules(worn)


def test_a_new_land_brings_its_halo(tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    path.write_text('light: {land: "#ffffff"}', "utf-8")
    assert load_style(path).light.theme.halo == "#ffffff"


@pytest.mark.parametrize("script", list(FONTS))
def test_fonts_stand_before_ours_which_every_reader_has(script: str, tmp_path: Path) -> None:
    path = tmp_path / "style.yaml"
    path.write_text(f"fonts: {{{script}: [Gill Sans MT, serif]}}", "utf-8")
    worn = load_style(path)
    assert worn.fonts == {script: f'"Gill Sans MT", serif, {FONTS[script]}'}
    assert f'.strikemap{{--{script}:"Gill Sans MT", serif, ' in style_rules(worn)


def test_what_too_few_could_read_is_refused_with_its_contrast(tmp_path: Path) -> None:
    found = faults('light:\n  ink: "#999999"\ndark:\n  slots: ["#5388e4", "#222222"]\n', tmp_path)
    assert "2:8: light.ink: #999999 on page #FFFFFF has a contrast of 2.84 to 1; text needs 4.5 to 1; change one of the two" in found
    assert any(line.startswith("4:10: dark.slots.2: #222222 on land") and "a mark needs 3 to 1" in line for line in found)


def test_a_ground_is_held_to_the_colours_that_stand_on_it(tmp_path: Path) -> None:
    found = faults('dark: {land: "#777777"}', tmp_path)
    assert found and all(line.startswith("1:14: dark.") for line in found)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)
    assert contrast("#D75414", "#F5F3EE") == contrast("#F5F3EE", "#D75414") == pytest.approx(3.66, abs=0.01)


def test_our_own_style_needs_no_rules() -> None:
    assert style_rules(STYLE) == ""


@pytest.mark.parametrize("data", [b"", b"- a", b"x", b"light: &a {land: *a}", b"a: [", b"\xff\xfe\x00", b"x" * 200_000])
def test_a_file_that_is_no_style_is_a_fault(data: bytes) -> None:
    with pytest.raises(InputError):
        read_style("style.yaml", data)


def test_a_missing_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        load_style(tmp_path / "none.yaml")
