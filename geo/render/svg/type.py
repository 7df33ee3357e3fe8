"""Type on the map: what a text measures without any font at hand. Twin of web/src/layout/type.ts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import ceil
from unicodedata import category, east_asian_width, normalize

from geo.geometry.plane import Rect
from geo.scene import text as words
from geo.scene.style import TYPE, size_class

SPARE = 1.12
"""Nobody knows which font will draw the picture: an eighth more room than Arial needs."""

# Advance widths of Arial in thousandths of an em, by letter; Helvetica and Liberation Sans share them.
_ADVANCES = {
    191: "'", 222: "ijlіłı’‘", 260: "|", 278: " fIt.,:;/!\\[]İїІЇ", 333: "-r()`", 355: '"', 365: "гґ", 389: "*",
    400: "¹°", 438: "кќ", 469: "^", 500: "cJkvxyszθухсѕ", 510: "єэ", 531: "вьч", 537: "¶", 552: "нимй", 556: "abdeghnopqu?_$#0123456789L–«»±£€ФоаереS",
    570: "бцт", 584: "+<>=~", 611: "FTZßþП", 625: "ъ", 656: "БЛЬ", 667: "ABEKPSVXYÞАВЕКРХЧЄЭ", 688: "мюф", 722: "CDHNRUwСНИЙУТ",
    740: "ЦЯ", 760: "Ф", 778: "GOQОПЗ", 802: "ш", 823: "фщ", 833: "mMМ", 889: "%æ", 917: "ШЖж", 938: "ЩЫы", 944: "W", 1000: "ÆŒœ—…@ЮѦ→↘↓↙←↖↑↗",
}  # fmt: skip
ADVANCE: Mapping[str, int] = {letter: width for width, letters in _ADVANCES.items() for letter in letters}
ARABIC_NARROW = frozenset("اأإآلدذرزوؤىةه،.0123456789 ")
BOLD, HEAVY_FROM = 1.07, 600


def advance(letter: str) -> float:
    """Width of one letter in em; a letter of an unknown script is taken as wide."""
    if category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    if letter in ADVANCE:
        return ADVANCE[letter] / 1000
    bare = normalize("NFD", letter)[0]
    if bare in ADVANCE:
        return ADVANCE[bare] / 1000
    if "\u0590" <= letter <= "\u05ff":
        return 0.56
    if _ARABIC.match(letter):
        return 0.42 if letter in ARABIC_NARROW else 0.66
    if east_asian_width(letter) in "WF":
        return 1.0
    return 0.72 if letter.isupper() else 0.6


_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_HEBREW = re.compile("[\u0590-\u05ff]")
# One digit, or a run that begins and ends with digits: 10, 1,200, 10–20, "1, 2, 3".
_NUMBERS = re.compile("[0-9\u0660-\u0669](?:[0-9\u0660-\u0669.,\u066b\u066c\\s\u2013-]*[0-9\u0660-\u0669])?")


def script_of(text: str) -> str:
    return "arabic" if _ARABIC.search(text) else "hebrew" if _HEBREW.search(text) else "latin"


def isolate(text: str) -> str:
    """Numbers and their ranges in isolates: in a right-to-left line "10–20" would come out as 20–10."""
    return text if re.search("[\u2066-\u2069]", text) else _NUMBERS.sub("\u2066\\g<0>\u2069", text)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as it will be drawn, in px."""

    text: str
    role: str
    lang: str
    script: str
    size: float
    weight: int
    italic: bool
    rtl: bool
    spacing: float
    """Letter-spacing; 0 in joined scripts."""
    width: float

    @property
    def up(self) -> float:
        return self.size * (0.95 if self.script == "arabic" else 0.78)

    @property
    def down(self) -> float:
        return self.size * (0.42 if self.script == "arabic" else 0.24)

    @property
    def leading(self) -> float:
        return self.size * (1.6 if self.script == "arabic" else 1.25)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under each other, and what they take together."""

    lines: tuple[Line, ...]
    width: float
    height: float


def measure(text: str, size: float, weight: int, spacing: float) -> float:
    wide = sum(advance(letter) for letter in text) * size * (BOLD if weight >= HEAVY_FROM else 1.0)
    return ceil((wide + spacing * len(text)) * SPARE)


def set_line(text: str, role: str, lang: str, width: float) -> Line | None:
    """A text in the type of its role in a picture of `width` px; None where that role is not shown or nothing is said."""
    style = TYPE[role]
    base = style.sizes["SML".index(size_class(width))]
    if not base or not text:
        return None
    script = script_of(text)
    latin = script == "latin"
    size = max(13, ceil(base * 1.15)) if script == "arabic" else base
    rtl = words.direction_of(text, lang) == "rtl"
    said = text.upper() if style.capitals and latin else text
    weight = 600 if style.italic and not latin else style.weight
    spacing = round(size * 0.08, 2) if style.capitals and latin else 0.0
    said = isolate(said) if rtl else said
    return Line(said, role, lang, script, size, weight, style.italic and latin, rtl, spacing,
                measure(said, size, weight, spacing))  # fmt: skip


def stack(lines: Sequence[Line | None]) -> Block | None:
    found = tuple(line for line in lines if line is not None)
    if not found:
        return None
    height = found[0].up + sum(line.leading for line in found[1:]) + found[-1].down
    return Block(found, max(line.width for line in found), height)


def fold(line: Line, count: int = 2) -> list[Line]:
    """A text over so many lines, as even as its words allow."""
    parts = re.split("[ \u202f]+", line.text)
    if not count <= len(parts) <= 12:
        return [line]

    def widest(lines: Sequence[Line]) -> float:
        # A bracket torn over two lines costs more than a wider line.
        torn = sum(one.text.count("(") != one.text.count(")") for one in lines)
        return max(one.width for one in lines) + (20 if count < 3 else 8) * torn

    best = [line]
    for cuts in combinations(range(1, len(parts)), count - 1):
        ends = [0, *cuts, len(parts)]
        lines = [_said(line, " ".join(parts[a:b])) for a, b in zip(ends, ends[1:], strict=False)]
        if widest(lines) < widest(best):
            best = lines
    return best


def _said(line: Line, text: str) -> Line:
    return replace(line, text=text, width=measure(text, line.size, line.weight, line.spacing))


def fits_in(text: str, size: float, weight: int, width: float) -> list[str]:
    """Words over as many lines as `width` px ask for; a word that is longer than a line is broken."""
    lines: list[str] = []
    for word in text.split():
        if lines and measure(f"{lines[-1]} {word}", size, weight, 0.0) <= width:
            lines[-1] += f" {word}"
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and measure(lines[-1] + letter, size, weight, 0.0) > width:
                lines.append("")
            lines[-1] += letter
    return lines


def folds(line: Line) -> list[Block]:
    """The text flat, then over two lines, then three; only what is narrower each time."""
    blocks: list[Block] = []
    for lines in ([line], fold(line), fold(line, 3)):
        block = stack(lines)
        if block and (not blocks or block.width < blocks[-1].width):
            blocks.append(block)
    return blocks


def rows(block: Block, box: Rect) -> list[tuple[Line, float]]:
    """Each line with its baseline, when the block stands in `box`."""
    found: list[tuple[Line, float]] = []
    y = box.top
    for line in block.lines:
        y += line.leading if found else line.up
        found.append((line, y))
    return found
