"""What a publisher may change of a map's looks: colours of both themes, fonts, a logo. `STYLE` is ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from geo.scene.style import DARK, LIGHT, Theme

THEME_KEYS: Mapping[str, str] = {
    re.sub("[A-Z]", lambda capital: "_" + capital[0].lower(), name): name
    for name in Theme.__slots__
    if name not in ("slots", "tint")
}
"""A colour's name in a style file → its name in a theme."""
PAGE_KEYS = ("quiet", "rule", "hair", "link")
"""Colours that the page around the map has alone."""


@dataclass(frozen=True, slots=True)
class Look:
    """One theme with the colours of the page around the map."""

    theme: Theme
    quiet: str
    """Of dates, precision, notes."""
    rule: str
    hair: str
    """Thinner lines: between the events of a list."""
    link: str

    def colour(self, key: str) -> str:
        """A colour by its name in a style file; `slots.1` is the first actor's."""
        stem, _, number = key.partition(".")
        if stem == "slots":
            return self.theme.slots[int(number) - 1]
        return str(getattr(self, key) if key in PAGE_KEYS else getattr(self.theme, THEME_KEYS[key]))


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG picture, as base64, with its size in px and the words that stand for it."""

    png: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Style:
    light: Look
    dark: Look
    fonts: Mapping[str, str]
    """CSS font stacks by script (latin, arabic, hebrew), of those that are not ours."""
    logo: Logo | None = None


STYLE = Style(
    Look(LIGHT, quiet="#5B5852", rule="#C2BDB3", hair="#E4E0D8", link="#0743A4"),
    Look(DARK, quiet="#A9AFB6", rule="#41474E", hair="#2B3138", link="#A3BACA"),
    {},
)

FONTS: Mapping[str, str] = {
    "latin": 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
    "arabic": '"SF Arabic", "Segoe UI", "Noto Sans Arabic", "Geeza Pro", Tahoma, sans-serif',
    "hebrew": '"SF Hebrew", "Arial Hebrew", "Segoe UI", "Noto Sans Hebrew", Arial, sans-serif',
}
"""Our own stacks; those of a style stand before them, since a reader may lack every font that a publisher likes."""
GENERIC = frozenset({"serif", "sans-serif", "monospace", "system-ui", "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded"})


def dressed(look: Look, colours: Mapping[str, str], slots: tuple[str, ...] = ()) -> Look:
    """`look` in other colours, by their names in a style file; the first of `slots` replace its first.

    A new land brings its halo, unless the halo is given too: labels are set off from the ground they stand on.
    """
    given = {"halo": colours["land"], **colours} if "land" in colours else dict(colours)
    drawn: dict[str, Any] = {THEME_KEYS[key]: value for key, value in given.items() if key in THEME_KEYS}
    theme = replace(look.theme, slots=(*slots, *look.theme.slots[len(slots) :]), **drawn)
    return replace(look, theme=theme, **{key: value for key, value in given.items() if key in PAGE_KEYS})


def coloured(style: Style, colours: Mapping[int, str]) -> tuple[Style, list[tuple[int, str, TooFaint]]]:
    """`style` with a story's own colours for some actor slots (0 to 6), as `#rrggbb`.

    In a theme where one would be too faint the style's own is kept; the second result names slot, theme and contrast.
    """
    faint: list[tuple[int, str, TooFaint]] = []
    looks: dict[str, Look] = {}
    for name in ("light", "dark"):
        look: Look = getattr(style, name)
        for slot, colour in sorted(colours.items()):
            slots = (*look.theme.slots[:slot], colour, *look.theme.slots[slot + 1 :])
            tried = replace(look, theme=replace(look.theme, slots=slots))
            found = next((one for one in too_faint(tried) if one.key == f"slots.{slot + 1}"), None)
            if found:
                faint.append((slot, name, found))
            else:
                look = tried
        looks[name] = look
    return replace(style, light=looks["light"], dark=looks["dark"]), faint


def stack(script: str, names: tuple[str, ...]) -> str:
    """The CSS font stack of some names before ours for the script."""
    return ", ".join([*(name if name in GENERIC else f'"{name}"' for name in names), FONTS[script]])


@dataclass(frozen=True, slots=True)
class TooFaint:
    """A colour that does not stand out enough from what it is seen on (WCAG 2.2, 1.4.3 and 1.4.11)."""

    key: str
    ground: str
    ratio: float
    least: float


_TEXT = {"ink": ("page", "land", "water"), "city": ("land", "water"), "country_label": ("land", "water"),
         "province_label": ("land",), "water_label": ("land", "water"), "quiet": ("page",), "link": ("page",)}  # fmt: skip


def too_faint(look: Look) -> Iterator[TooFaint]:
    """Texts under 4.5 to 1 and marks under 3 to 1, each on every ground that it is seen on."""
    pairs = [(key, ground, 4.5) for key, grounds in _TEXT.items() for ground in grounds]
    for number in range(1, len(look.theme.slots) + 1):
        pairs += [(f"slots.{number}", ground, 3.0) for ground in ("page", "land", "water")]
    for key, ground, least in pairs:
        ratio = contrast(look.colour(key), look.colour(ground))
        if ratio < least:
            yield TooFaint(key, ground, ratio, least)


def contrast(one: str, other: str) -> float:
    """The contrast of two `#rrggbb` colours, 1 to 21, unrounded: WCAG 2.2, "contrast ratio"."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1: WCAG 2.2, "relative luminance"."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
