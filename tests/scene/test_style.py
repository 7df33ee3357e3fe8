"""The palette's contrasts, distances and symbol sizes, as figures that fail when a colour drifts."""

from __future__ import annotations

import re
from itertools import combinations
from math import pi

import pytest
from coloraide import Color

from geo.scene.style import DARK, LIGHT, OTHERS, SHAPES, SYMBOL_PATHS, Theme, line_width, symbol_diameter

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def contrast(a: str, b: str) -> float:
    return Color(a).contrast(b, method="wcag21")


@THEMES
def test_marks_stand_out_from_land_and_water(theme: Theme) -> None:
    for slot in theme.slots:
        assert contrast(slot, theme.land) >= 3
        assert contrast(slot, theme.water) >= 3


@THEMES
def test_text_is_readable_on_its_ground(theme: Theme) -> None:
    for ink in (theme.ink, theme.city, theme.countryLabel, theme.waterLabel):
        assert contrast(ink, theme.land) >= 4.5
        assert contrast(ink, theme.water) >= 4.5
    assert contrast(theme.provinceLabel, theme.land) >= 4.5
    assert contrast(theme.ink, theme.page) >= 7


@THEMES
def test_the_base_map_stays_behind_the_marks(theme: Theme) -> None:
    assert 1.1 <= contrast(theme.land, theme.water) <= 1.3
    assert 2.3 <= contrast(theme.country, theme.land) <= 3.5
    for line in (theme.coast, theme.river, theme.province):
        assert 1.4 <= contrast(line, theme.land) <= 2.25


@pytest.mark.parametrize(
    ("theme", "on_land"),
    [(LIGHT, (8.1, 3.7, 3.6, 11.0, 3.6, 9.1, 4.9)), (DARK, (4.7, 7.7, 13.1, 4.0, 9.6, 13.9, 7.3))],
    ids=["light", "dark"],
)
def test_each_slot_has_the_contrast_that_its_place_in_the_palette_states(theme: Theme, on_land: tuple[float, ...]) -> None:
    assert [round(contrast(slot, theme.land), 1) for slot in theme.slots] == pytest.approx(on_land, abs=0.1)


@THEMES
@pytest.mark.parametrize("vision", [None, "protan", "deutan", "tritan"])
def test_actors_are_told_apart_in_every_vision(theme: Theme, vision: str | None) -> None:
    seen = [Color(slot) if vision is None else Color(slot).filter(vision, 1, method="machado") for slot in theme.slots]
    assert min(a.delta_e(b, method="2000") for a, b in combinations(seen, 2)) >= 14.5


def area(path: str) -> float:
    """Area of a symbol's path: shoelace for polygons, πr² for the circle that is drawn by two arcs."""
    if "A" in path:
        return pi * 0.25
    points = [tuple(map(float, pair.split())) for pair in re.split("[MLZ]", path) if pair.strip()]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True))) / 2


@pytest.mark.parametrize("shape", SHAPES)
def test_every_symbol_weighs_the_same(shape: str) -> None:
    assert area(SYMBOL_PATHS[shape]) == pytest.approx(pi / 4, rel=0.01)


def test_a_symbol_s_area_follows_its_number_up_to_a_limit() -> None:
    assert symbol_diameter(None) == 12
    assert symbol_diameter(None, "S") == 11
    assert symbol_diameter(4) ** 2 == pytest.approx(4 * symbol_diameter(1) ** 2)
    assert [symbol_diameter(10_000, size) for size in "SML"] == [36, 44, 56]


def test_a_line_is_as_wide_as_its_own_number_says() -> None:
    assert [line_width(n) for n in (None, 1, 4, 5, 12, 13)] == [2, 1.5, 1.5, 2.5, 2.5, 4]


def test_there_is_a_shape_and_a_colour_for_each_slot() -> None:
    assert len(SHAPES) == len(LIGHT.slots) == len(DARK.slots) == OTHERS + 1
