"""A style file: colours, fonts and a logo of a publisher's own, with every fault of the file at once.

Nothing that the file names is opened: fonts are those of the reader's machine, the logo stands in the file itself.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.read import values as v
from geo.read.declared import WORDS
from geo.read.faults import Faults, Mark, shown
from geo.read.shapes import Key, ListOf, Read, Record, Word
from geo.read.story import read_bytes
from geo.read.values import ValueFault
from geo.read.yamltree import Items, Limits, Node, Scalar, Table, parse

LIMITS = Limits(bytes=100_000, depth=6, nodes=300, aliases=20, text=40_000)
LOGO_BYTES = 20_000
LOGO_PX = 1_000
SLOTS = 7


@dataclass(frozen=True, slots=True)
class ThemeGiven:
    """Colours by key, as stated; actors' colours in the order of the slots; where each stands."""

    colours: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LogoGiven:
    png: str
    """Base64 without spaces."""
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class StyleGiven:
    """What a style file states; what it leaves out stays as it is."""

    file: str
    light: ThemeGiven = ThemeGiven()
    dark: ThemeGiven = ThemeGiven()
    fonts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    logo: LogoGiven | None = None


FONT_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9 _-]{0,62}$"


def _font(text: str) -> str:
    name = " ".join(text.split())
    if not re.match(FONT_PATTERN, name):
        raise ValueFault("font", f"{shown(text)} is no font's name", "write the family's name alone, as in Georgia")
    return name


def _png(text: str) -> tuple[str, int, int]:
    """Base64 of a PNG picture without its spaces, and the picture's width and height in px."""
    packed = "".join(text.removeprefix("data:image/png;base64,").split())
    cure = "write `data: |` and the output of `base64 logo.png`"
    try:
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise ValueFault("logo", f"{shown(text, 30)} is not base64", cure) from None
    if len(data) > LOGO_BYTES:
        raise ValueFault("logo", f"a picture of {len(data):,} bytes", f"make it {LOGO_BYTES:,} bytes or fewer")
    size = _png_size(data)
    if size is None:
        raise ValueFault("logo", "not a whole PNG picture", cure)
    if max(size) > LOGO_PX:
        raise ValueFault("logo", f"a picture of {size[0]} × {size[1]} px", f"make it {LOGO_PX} px or less each way")
    return (packed, *size)


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG whose chunks are whole, from IHDR to IEND with nothing after; None for anything else."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    at, names = 8, []
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            return None
        names.append(data[at + 4 : at + 8])
        at = end
    if at != len(data) or names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names:
        return None
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return (width, height) if width and height else None


COLOUR = Word("a colour", v.colour, {"pattern": v.COLOUR_PATTERN})
FONTS = ListOf(Word("a font's name", _font, {"pattern": FONT_PATTERN}), "a list of font names", True)


@dataclass(frozen=True)
class SlotsShape(ListOf):
    """One to seven colours."""

    def read(self, node: Node, path: str, faults: Faults) -> list[Any] | None:
        found = super().read(node, path, faults)
        if isinstance(node, Items) and not 1 <= len(node.items) <= SLOTS:
            faults.add("slots", node.mark, path, f"{len(node.items)} colours", f"write one to {SLOTS}")
        return found


THEME = Record(
    "a theme",
    {
        "land": Key(COLOUR, "Land, and the halo of its labels."),
        "water": Key(COLOUR, "Seas and lakes."),
        "page": Key(COLOUR, "The page around the map."),
        "coast": Key(COLOUR, "Coasts."),
        "river": Key(COLOUR, "Rivers."),
        "country": Key(COLOUR, "Borders of countries."),
        "province": Key(COLOUR, "Borders of provinces."),
        "ink": Key(COLOUR, "Text, and the labels of events."),
        "city": Key(COLOUR, "Labels of other cities."),
        "country_label": Key(COLOUR, "Labels of countries."),
        "province_label": Key(COLOUR, "Labels of provinces."),
        "water_label": Key(COLOUR, "Labels of seas and rivers."),
        "halo": Key(COLOUR, "Around labels and symbols; as the land without it."),
        "quiet": Key(COLOUR, "Dates, precisions and notes."),
        "rule": Key(COLOUR, "Lines between the parts of the page."),
        "hair": Key(COLOUR, "Lines between the events of the list."),
        "link": Key(COLOUR, "Links."),
        "slots": Key(SlotsShape(COLOUR, "a list of one to seven colours"), "Actors, in the order of their first events."),
    },
)
FONT_KEYS = Record(
    "fonts",
    {
        "latin": Key(FONTS, "Latin, Cyrillic and Greek."),
        "arabic": Key(FONTS, "Arabic script."),
        "hebrew": Key(FONTS, "Hebrew script."),
    },
)
LOGO = Record(
    "a logo",
    {
        "data": Key(Word("a PNG picture in base64", _png), f"The picture, at most {LOGO_BYTES:,} bytes."),
        "alt": Key(WORDS, "Whose logo it is, for who does not see it."),
    },
    one_of=(("data", "alt"),),
    missing=("a logo needs data and alt", "write both"),
)
STYLE = Record(
    "a style",
    {
        "light": Key(THEME, "Colours by day and on paper."),
        "dark": Key(THEME, "Colours for readers whose device is dark."),
        "fonts": Key(FONT_KEYS, "Fonts that readers have, tried before ours."),
        "logo": Key(LOGO, "At the foot of the page."),
    },
)


def read_style(path: Path | str, data: bytes | None = None) -> StyleGiven:
    """The style of a YAML file, or of `data` under that file's name. Raises InputError with every fault, by line."""
    file = str(path)
    faults = Faults(file)
    root = parse(read_bytes(path, LIMITS.bytes) if data is None else data, faults, LIMITS)
    if not isinstance(root, Table):
        got = shown(root.text) if isinstance(root, Scalar) else "a list"
        faults.add("type", root.mark, "", f"a style is a mapping, here is {got}", "begin with `light:` or `fonts:`")
        faults.raise_any()
    read = STYLE.read(root, "", faults)
    faults.raise_any()
    assert read is not None
    logo = read["logo"]
    return StyleGiven(
        file=file,
        light=_theme(read["light"]),
        dark=_theme(read["dark"]),
        fonts={script: tuple(names) for script, names in read["fonts"].values.items()} if read["fonts"] else {},
        logo=LogoGiven(png=logo["data"][0], width=logo["data"][1], height=logo["data"][2], alt=logo["alt"])
        if logo
        else None,
    )


def _theme(read: Read | None) -> ThemeGiven:
    if read is None:
        return ThemeGiven()
    colours = {key: value for key, value in read.values.items() if key != "slots"}
    return ThemeGiven(colours, tuple(read["slots"] or ()), read.marks)
