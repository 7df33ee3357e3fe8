"""Colours, symbols and sizes of a strike map: the one place where they stand.

Lengths are CSS px. Contrast figures and their grounds are tested in `tests/scene/test_style.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import cos, pi, sin, sqrt


@dataclass(frozen=True, slots=True)
class Theme:
    """One ground and everything that is drawn on it."""

    land: str
    water: str
    page: str
    coast: str
    river: str
    country: str
    province: str
    ink: str
    city: str
    countryLabel: str  # noqa: N815 (the page's key)
    provinceLabel: str  # noqa: N815
    waterLabel: str  # noqa: N815
    halo: str
    slots: tuple[str, ...]
    tint: float

    def as_dict(self) -> dict[str, object]:
        return {**asdict(self), "slots": list(self.slots)}


LIGHT = Theme(
    land="#F5F3EE", water="#DDE5E9", page="#FFFFFF", coast="#A7B6BE", river="#B3C5CE",
    country="#9A958C", province="#C2BDB3", ink="#1D1C1A", city="#2A2927",
    countryLabel="#5B5852", provinceLabel="#6F6B64", waterLabel="#47687A", halo="#F5F3EE",
    slots=("#0743A4", "#D75414", "#118C95", "#681036", "#7E69F3", "#4D4100", "#6D6963"),
    tint=0.10,
)  # fmt: skip
DARK = Theme(
    land="#1C1F23", water="#2B3138", page="#121417", coast="#4A555F", river="#3D4954",
    country="#646B73", province="#41474E", ink="#F1F1EF", city="#E8E9EA",
    countryLabel="#A9AFB6", provinceLabel="#9299A1", waterLabel="#A3BACA", halo="#1C1F23",
    slots=("#5388E4", "#EF9E66", "#ADF2E8", "#DE3F6E", "#ECB0FE", "#FFEE53", "#B4ABA8"),
    tint=0.16,
)  # fmt: skip
THEMES: Mapping[str, Theme] = {"light": LIGHT, "dark": DARK}

OTHERS = 6
"""The slot of every actor past the sixth, and of the unknown."""

SHAPES = ("circle", "square", "triangle", "diamond", "triangle-down", "plus", "hexagon")
"""The symbol of each slot: colour never travels without its shape."""


def _polygon(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.4f} {y:.4f}" for x, y in points) + "Z"


def _regular(sides: int, radius: float, first_deg: float) -> str:
    turn = 2 * pi / sides
    first = first_deg * pi / 180
    return _polygon([(radius * cos(first + i * turn), radius * sin(first + i * turn)) for i in range(sides)])


def _plus(width: float) -> str:
    a, b = width / 6, width / 2
    return _polygon([(-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a), (a, b), (-a, b), (-a, a), (-b, a), (-b, -a),
                     (-a, -a)])  # fmt: skip


SYMBOL_PATHS: Mapping[str, str] = {
    "circle": "M-0.5 0A0.5 0.5 0 1 0 0.5 0A0.5 0.5 0 1 0 -0.5 0Z",
    "square": _polygon([(-0.445, -0.445), (0.445, -0.445), (0.445, 0.445), (-0.445, 0.445)]),
    "triangle": _regular(3, 1.35 / sqrt(3), -90),
    "diamond": _regular(4, 0.625, -90),
    "triangle-down": _regular(3, 1.35 / sqrt(3), 90),
    "plus": _plus(1.19),
    "hexagon": _regular(6, 0.55, 0),
}
"""SVG path data for a symbol of diameter 1 around its centroid; every shape has the circle's area within 1 %."""

SYMBOL_D = 12.0
SYMBOL_D_SMALL = 11.0
"""Diameter without a count; the second on a page 320 wide."""
SYMBOL_D_MAX = {"S": 36.0, "M": 44.0, "L": 56.0}


def symbol_diameter(count: int | None, size: str = "L") -> float:
    """Diameter for `count` strikes: area grows with the number, never beyond the size's limit."""
    if not count:
        return SYMBOL_D_SMALL if size == "S" else SYMBOL_D
    return min(SYMBOL_D * sqrt(count), SYMBOL_D_MAX[size])


def line_width(aircraft: int | None) -> float:
    """Width of a sortie line from the number of aircraft stated *for that very line*, else 2."""
    if aircraft is None:
        return 2
    return 1.5 if aircraft <= 4 else 2.5 if aircraft <= 12 else 4


# ---------------------------------------------------------------- sizes that every drawing of the scene shares


def size_class(width: float) -> str:
    """S, M or L: the column of a size table for a map of `width`."""
    return "S" if width < 560 else "M" if width < 1000 else "L"


@dataclass(frozen=True, slots=True)
class Type:
    """Type of one role on the map: sizes at S, M and L (0: not shown), weight, italic, capitals."""

    sizes: tuple[int, int, int]
    weight: int
    italic: bool = False
    capitals: bool = False


TYPE: Mapping[str, Type] = {
    "event": Type((13, 14, 15), 700),
    "sub": Type((12, 12, 13), 400),
    "place": Type((12, 13, 14), 600),
    "country": Type((11, 12, 13), 500, capitals=True),
    "sea": Type((11, 12, 13), 400, italic=True),
    "city": Type((0, 12, 12), 400),
    "province": Type((0, 12, 12), 400),
    "river": Type((0, 11, 11), 400, italic=True),
    "line": Type((12, 12, 13), 400),
    "crop": Type((12, 12, 13), 400),
}
MOST_LABELS = {"S": 9, "M": 18, "L": 30}
MARGIN = {"S": 16.0, "M": 24.0, "L": 32.0}
"""How far marks, bows and labels stay from the edge."""
LABEL_GAP = 4.0
LEADER_MOST = 40.0
"""Longest line from a mark to its label."""
CRASH_D = 16.0
BADGE_D = 16.0
PILE_MOST = 3
"""Glyphs of a closed pile; its badge counts the rest."""
RIM_FROM = 24.0
"""From this radius a symbol leaves the centre of its disc and hangs on the rim."""
ONE_PILE = 8.0
"""Spots nearer than this share a pile."""
TIP_GAP = 6.0
"""Between a symbol's edge and an arrow's tip."""
CASING = 1.5
"""Of ground colour, on each side of a symbol or a sortie line."""
RING = 2.0
"""Line of a symbol that is not filled."""
LINE_FADE = 0.2
"""A line from an area appears over this part of its length: it has no known beginning."""
HALO = 2.0
HALO_OPACITY = 0.92


def arrow_head(width: float) -> tuple[float, float]:
    """Length and width of the head of a sortie line of `width`."""
    return (16.0, 13.0) if width == 4 else (10.0, 8.0)
