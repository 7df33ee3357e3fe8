"""Symbols, piles, discs and hatches as they stand in the picture, in px. Twin of web/src/layer/marks.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, hypot, inf, pi, radians, sin
from typing import Any

from geo.geometry.plane import Point, Rect, around, hull, metres_to_px
from geo.render.svg.ground import Ground
from geo.render.svg.piles import Glyph, paint_order, pile
from geo.render.svg.view import View
from geo.scene.scene import Scene
from geo.scene.style import BADGE_D, ONE_PILE, RIM_FROM, size_class

MOST_PILES = 90
"""A picture cannot be zoomed: with more spots than this, those near each other share a pile."""
QUESTION = 9.0
"""Width of the question mark at a glyph's upper right."""


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    r: float
    shape: str | None
    slot: int | None


@dataclass(frozen=True, slots=True)
class Badge:
    x: float
    y: float
    n: int

    @property
    def box(self) -> Rect:
        return around(self.x, self.y, BADGE_D / 2 + 1)


@dataclass(frozen=True, slots=True)
class Placement:
    sites: tuple[int, ...]
    """Sites that stand here: one, or several too near each other."""
    events: tuple[str, ...]
    at: Point
    """The true spot."""
    stand: Point
    """Where the pile stands: the spot, or the rim of a wide disc."""
    glyphs: tuple[Glyph, ...]
    """In the order of painting."""
    badge: Badge | None
    disc: Disc | None
    box: Rect
    """What the pile covers, badge apart."""

    @property
    def circles(self) -> list[tuple[float, float, float]]:
        """What lines keep clear of: x, y and radius."""
        found = [(one.x, one.y, one.reach) for one in self.glyphs]
        return [*found, (self.badge.x, self.badge.y, 6.0)] if self.badge else found


def placements(scene: Scene, ground: Ground, view: View, width: float) -> list[Placement | None]:
    """For each site what stands there; None at the index of one that has no mark to draw."""
    size = size_class(width)
    drawn: list[list[Mapping[str, Any]]] = [[] for _ in scene.sites]
    for mark in scene.marks:
        if mark["status"] != "retracted":
            drawn[mark["site"]].append(mark)
    order = {mark["id"]: number for number, mark in enumerate(scene.marks)}
    spots = [view.px(marks[0]["at"]) if marks else None for marks in drawn]
    out: list[Placement | None] = [None] * len(scene.sites)
    for sites in _groups(spots):
        marks = sorted((mark for site in sites for mark in drawn[site]), key=lambda mark: order[mark["id"]])
        at = spots[sites[0]]
        assert at is not None
        glyphs = pile(marks, size)
        half = hull([(g.x + s * g.reach, g.y + s * g.reach) for g in glyphs for s in (-1, 1)])
        half = half._replace(right=max([half.right, *(g.x + g.reach + QUESTION for g in glyphs if g.unknown)]))
        # A circle is about one place: a pile of many has none.
        disc = _disc(marks, at, ground, view) if len(sites) == 1 or not crowded(scene) else None
        # A symbol stands for a disc narrower than itself.
        if disc and 2 * disc.r <= half.width + 3:
            disc = None
        ways = [line["path"] for line in scene.sorties if line["site"] in sites]
        stand = _rim(disc, [view.px(way[int(len(way) * 0.8)]) for way in ways]) if disc and disc.r >= RIM_FROM else at
        box = Rect(half.left + stand.x, half.top + stand.y, half.right + stand.x, half.bottom + stand.y)
        n = len(marks)
        placement = Placement(
            tuple(sites), tuple(mark["id"] for mark in marks), at, stand,
            tuple(paint_order([replace(g, x=stand.x + g.x, y=stand.y + g.y) for g in glyphs])),
            Badge(box.right + BADGE_D / 2 - 3, box.top - BADGE_D / 2 + 3, n) if n > 1 else None, disc, box,
        )  # fmt: skip
        for site in sites:
            out[site] = placement
    return out


def crowded(scene: Scene) -> bool:
    """Whether the picture has more spots than it can keep apart."""
    return len(scene.sites) > MOST_PILES


def each(marks: Sequence[Placement | None]) -> list[Placement]:
    """Each placement once: several sites may share one."""
    return list({mark.sites: mark for mark in marks if mark is not None}.values())


def _groups(spots: Sequence[Point | None]) -> list[list[int]]:
    """Indices of sites that stand together: those nearer than `ONE_PILE`, or farther while there are too many piles."""
    near = ONE_PILE
    while (groups := _together(spots, near)) is None:
        near *= 1.4
    return groups


def _together(spots: Sequence[Point | None], near: float) -> list[list[int]] | None:
    """None as soon as there are more than `MOST_PILES`."""
    groups: list[tuple[Point, list[int]]] = []
    for site, at in enumerate(spots):
        if at is None:
            continue
        group = next((sites for p, sites in groups if hypot(p.x - at.x, p.y - at.y) < near), None)
        if group is None:
            if len(groups) == MOST_PILES:
                return None
            groups.append((at, [site]))
        else:
            group.append(site)
    return [sites for _, sites in groups]


def _disc(marks: Sequence[Mapping[str, Any]], at: Point, ground: Ground, view: View) -> Disc | None:
    slots = {mark["slot"] for mark in marks}
    slot = slots.pop() if len(slots) == 1 else None
    shape = next((mark["shape"] for mark in marks if mark["shape"] and ground.shape(mark["shape"])), None)
    if shape:
        box = ground.extent(shape)
        return Disc(at.x, at.y, max(box.width, box.height) / 2, shape, slot)
    metres = max([0.0, *(mark["radius_m"] or 0.0 for mark in marks if mark["precision"] != "not stated")])
    return Disc(at.x, at.y, metres_to_px(metres, marks[0]["at"][1], view.k), None, slot) if metres else None


def _rim(disc: Disc, arrivals: Sequence[Point]) -> Point:
    """The point of the rim farthest from where lines come in; upwards when none do."""

    def free(turn: float) -> float:
        gaps = [abs(atan2(p.y - disc.y, p.x - disc.x) - turn) % (2 * pi) for p in arrivals]
        return min([inf, *(min(gap, 2 * pi - gap) for gap in gaps)])

    turns = [radians(d) for d in (-90, -45, -135, 0, 180, 45, 135, 90)]
    best = next((turn for turn in turns if free(turn) > pi / 3), None)
    turn = max(turns, key=free) if best is None else best
    return Point(disc.x + disc.r * cos(turn), disc.y + disc.r * sin(turn))


@dataclass(frozen=True, slots=True)
class Hatch:
    shape: str
    slot: int
    ink: bool
    """Ink instead of a slot: a crash."""
    quiet: bool
    """No strike: context, drawn thin."""
    angle: int
    solid: bool


def is_quiet(kind: str) -> bool:
    return kind not in ("strike", "attack")


def hatches(scene: Scene) -> list[Hatch]:
    """One hatch for each shape and look, wide context below and strikes above."""
    made: dict[tuple[Any, ...], Hatch] = {}
    for area in scene.areas:
        if area["status"] != "retracted":
            quiet = is_quiet(area["kind"])
            key = (area["shape"], quiet or area["slot"], area["angle"])
            made.setdefault(key, Hatch(area["shape"], area["slot"], area["kind"] == "crash", quiet, area["angle"],
                                       area["solid"]))  # fmt: skip
    return sorted(made.values(), key=lambda hatch: not hatch.quiet)
