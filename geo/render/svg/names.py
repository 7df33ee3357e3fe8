"""What is to be labelled: wishes for `place`, by group of importance. Pixels. Twin of web/src/layer/names.ts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import atan2, cos, hypot, inf, pi, radians, sin
from typing import Any

import numpy as np

from geo.geometry.mask import Mask
from geo.geometry.plane import Point, Rect, around, clip, grow, holds, join, latitude, rect
from geo.render.svg.arcs import Arc
from geo.render.svg.ground import Ground
from geo.render.svg.marks import Placement, crowded, is_quiet
from geo.render.svg.place import Wish
from geo.render.svg.spots import Spot, around8, beside, centred, on_leaders
from geo.render.svg.type import Block, Line, fold, folds, set_line, stack
from geo.render.svg.view import View, unit_box
from geo.scene.scene import Scene
from geo.scene.style import MARGIN, size_class

ENOUGH = 16
"""So many spots are tried within an area before others."""
CITY_DOT = 4.0
CITIES_APART, RIVERS_APART = 120.0, 400.0
PROVINCES_BELOW_KM, RIVERS_BELOW_KM = 900.0, 700.0
ARROWS = "→↘↓↙←↖↑↗"

_SHIFTS = sorted(
    ((dx, dy) for dy in (0, -14, 14, -28, 28, -44, 44) for dx in (0, -26, 26, -52, 52, -80, 80)),
    key=lambda way: hypot(*way),
)
"""Ways off a label's own point, nearest first."""


def arrow_to(start: Point, end: Point) -> str:
    return ARROWS[round(atan2(end.y - start.y, end.x - start.x) / (pi / 4)) % 8]


@dataclass
class Writer:
    """Everything that a wish is made from."""

    scene: Scene
    ground: Ground
    view: View
    marks: Sequence[Placement | None]
    arcs: Sequence[Arc]
    numbers: Mapping[str, int]
    """Number of an event in the list."""
    masks: dict[str, Mask] = field(default_factory=dict)
    unions: dict[tuple[str, ...], Mask] = field(default_factory=dict)

    @property
    def lang(self) -> str:
        return self.scene.languages[0]

    @property
    def width(self) -> float:
        return self.ground.width

    @property
    def frame(self) -> Rect:
        return self.ground.frame

    @property
    def inner(self) -> Rect:
        return grow(self.frame, -MARGIN[size_class(self.width)])

    def said(self, names: Mapping[str, Any]) -> tuple[str, str]:
        found = names[self.lang] if self.lang in names else next(iter(names.values()), "")
        return (found, self.lang) if isinstance(found, str) else (found[0], found[1])

    def line(self, names: Mapping[str, Any] | None, role: str, suffix: str = "") -> Line | None:
        text, lang = self.said(names) if names else ("", "")
        return set_line(text + suffix, role, self.lang if lang == "und" else lang, self.width) if text else None

    def key(self, names: Mapping[str, Any]) -> str:
        return self.said(names)[0].casefold()

    @property
    def rtl(self) -> bool:
        from geo.scene.text import direction

        return direction(self.lang) == "rtl"

    def mask(self, shape: str) -> Mask:
        if shape not in self.masks:
            self.masks[shape] = self.ground.mask(self.ground.shape(shape))
        return self.masks[shape]

    @cached_property
    def struck(self) -> list[str]:
        """Shapes that are hatched for a strike."""
        return list(dict.fromkeys(area["shape"] for area in self.scene.areas if not is_quiet(area["kind"])))

    def over(self, shapes: Iterable[str]) -> Mask:
        """What several shapes cover together."""
        names = tuple(shapes)
        if names not in self.unions:
            whole = self.ground.mask(())
            for shape in names:
                whole = whole | self.mask(shape)
            self.unions[names] = whole
        return self.unions[names]

    @cached_property
    def hatched(self) -> Mask:
        return self.over(self.struck)


def _grid(box: Rect, at: Point, n: int) -> list[Point]:
    """Candidate points inside a box, nearest to `at` first."""
    points = [at]
    for i in range(1, n):
        points += [Point(box.left + box.width * i / n, box.top + box.height * j / n) for j in range(1, n)]
    return sorted(points, key=lambda p: hypot(p.x - at.x, p.y - at.y))


def _heart(w: Writer, shape: str, at: Point) -> tuple[Rect, Point]:
    """What is seen of a shape, and where its label belongs: its own point, or the middle of what is seen."""
    seen, mask = clip(w.ground.extent(shape), w.frame), w.mask(shape)
    if holds(seen, at) and mask.inside(*at):
        return seen, at
    return seen, next((p for p in _grid(seen, seen.middle, 9) if mask.inside(*p)), at)


def _inside(w: Writer, shape: str, seen: Rect, at: Point, block: Block) -> list[Spot]:
    """Inside a shape where the whole block fits."""
    points = _grid(seen, at, 18)
    half = np.array((block.width / 2 + 1, block.height / 2 + 1))
    middles = np.array(points)
    fitting = w.mask(shape).held(np.hstack([middles - half, middles + half]))
    return [centred(points[n], block, "inside") for n in np.flatnonzero(fitting)[:ENOUGH].tolist()]


def _over(w: Writer, shape: str, seen: Rect, at: Point, block: Block, least: float = 8.0) -> list[Spot]:
    """Over a wide shape's edge, its middle within: better than outside of what is far larger than its name."""
    if seen.width * seen.height < least * block.width * block.height:
        return []
    mask = w.mask(shape)
    return [centred(p, block, "over") for p in _grid(seen, at, 12) if mask.inside(*p)][: 4 * ENOUGH]


def _outside(w: Writer, shape: str, others: Sequence[str], at: Point, block: Block) -> list[Spot]:
    """Outside a shape and every other one, on a leader that begins just within its edge."""
    mask, foreign, inner, spots = w.mask(shape), w.over(others), w.inner, []
    for i in range(16):
        turn = -pi / 4 + i * pi / 8
        dx, dy = cos(turn), sin(turn)
        out = mask.ray(at.x, at.y, dx, dy)
        if out == inf:
            continue
        for far in (10.0, 20.0, 32.0):
            edge = Point(at.x + dx * (out - 5), at.y + dy * (out - 5))
            end = Point(at.x + dx * (out + far), at.y + dy * (out + far))
            align = "center" if abs(dx) < 0.3 else "left" if dx > 0 else "right"
            x = end.x - block.width / 2 if align == "center" else end.x + 2 if align == "left" else end.x - 2 - block.width
            if align == "center":
                # Near the edge a label above or below slides along, its leader still under it.
                x = max(end.x - block.width, inner.left, min(end.x, inner.right - block.width, x))
            y = (end.y if dy > 0 else end.y - block.height) if abs(dy) > 0.9 else end.y - block.height / 2
            box = rect(x, y, block.width, block.height)
            through = any(foreign.inside(edge.x + (end.x - edge.x) * t, edge.y + (end.y - edge.y) * t)
                          for t in (0.3, 0.6, 0.9))  # fmt: skip
            if not through and mask.avoids(box) and foreign.avoids(box):
                spots.append(Spot(box, align, block, "leader", (edge, end)))
    return sorted(spots, key=_leader_length)


def _leader_length(spot: Spot) -> int:
    assert spot.leader is not None
    a, b = spot.leader
    return round(hypot(a.x - b.x, a.y - b.y))


def _area_spots(w: Writer, shape: str, at: Point, blocks: Sequence[Block]) -> list[Spot]:
    seen, heart = _heart(w, shape, at)
    others = [other for other in w.struck if other != shape]
    narrow = sorted(blocks, key=lambda block: block.width)
    within: list[Spot] = []
    for block in blocks:
        within += _inside(w, shape, seen, heart, block)
        if len(within) >= ENOUGH:
            return within
    return [
        *within,
        *(spot for block in narrow for spot in _over(w, shape, seen, heart, block)),
        *(spot for block in blocks for spot in _outside(w, shape, others, heart, block)),
    ]


def _blocks(*lines: Sequence[Line | None]) -> list[Block]:
    return [block for block in map(stack, lines) if block]


def event_wishes(w: Writer) -> list[Wish]:
    wishes = []
    for index, site in enumerate(w.scene.sites):
        listed = ", ".join(str(w.numbers[id]) for id in site["events"] if id in w.numbers)
        # A bare position has no name: its number in the list stands for it.
        name = w.line(site["names"], "event") or set_line(listed, "event", w.lang, w.width)
        sub = w.line(site["sub"], "sub")
        block, numbers = stack([name, sub]), stack([set_line(listed, "event", w.lang, w.width)])
        if name is None or block is None or numbers is None:
            continue
        key, whole = f"site {index}", len(block.lines)
        if site["area"]:
            shape = next((area["shape"] for area in w.scene.areas if area["site"] == index), None)
            if shape is None or not w.ground.shape(shape):
                continue
            at = w.view.px(site["at"])
            blocks = _blocks([name, sub], [*fold(name), sub], [name], fold(name))

            def area(shape: str = shape, at: Point = at, one: Block = numbers) -> list[Spot]:
                return [*_area_spots(w, shape, at, [one]), centred(at, one)]

            best = _area_spots(w, shape, at, blocks)
            wishes.append(Wish(key, "event", best, None if crowded(w.scene) else area, whole=whole))
            continue
        mark = w.marks[index]
        if mark is None or (crowded(w.scene) and len(mark.sites) > 1):
            continue
        # Two reports of one place that differ in precision share its name as they share its pile.
        same = (other for other in mark.sites if w.key(w.scene.sites[other]["names"]) == w.key(site["names"]))
        if next(same, None) != index:
            continue
        outline = _outline(mark)

        def spots(one: Block = numbers, outline: Rect = outline) -> list[Spot]:
            return [*around8(outline, one, w.rtl), *on_leaders(outline, one, w.rtl)]

        every = [spot for one in (_blocks([name, sub], [name]) if sub else [block]) for spot in spots(one)]
        # A name on somebody else's hatch would be read as that area's: such spots come last.
        clear = [w.hatched.avoids(spot.box) for spot in every]
        best = [spot for spot, free in zip(every, clear, strict=True) if free]
        best += [spot for spot, free in zip(every, clear, strict=True) if not free]
        wishes.append(Wish(key, "event", best, None if crowded(w.scene) else spots, whole=whole))
    return wishes


def _outline(mark: Placement) -> Rect:
    """The pile with its badge's width beside it: labels begin to the right of the badge, and outside of a disc."""
    pile = mark.box._replace(right=mark.badge.box.right) if mark.badge else mark.box
    return join(pile, around(mark.at.x, mark.at.y, mark.disc.r)) if mark.disc and mark.stand == mark.at else pile


def origin_wishes(w: Writer) -> list[Wish]:
    named = {w.key(site["names"]) for site in w.scene.sites}
    wishes = []
    for origin in w.scene.origins:
        line = w.line(origin["names"], "place")
        if line is None or w.key(origin["names"]) in named:
            continue
        at, blocks = w.view.px(origin["at"]), folds(line)
        if origin["shape"] and w.ground.shape(origin["shape"]):
            shape = origin["shape"]
            seen, heart = _heart(w, shape, at)
            spots = [spot for block in blocks for spot in _inside(w, shape, seen, heart, block)]
            if len(spots) < ENOUGH:
                spots += [spot for block in reversed(blocks) for spot in _over(w, shape, seen, heart, block, 1.0)]
                spots += [spot for block in blocks for spot in _outside(w, shape, (), heart, block)]
        elif origin["shape"]:
            continue
        else:
            node = around(at.x, at.y, 4.0)
            spots = [*around8(node, blocks[0], w.rtl), *on_leaders(node, blocks[0], w.rtl)]
        wishes.append(Wish(f"origin {origin['place']}", "place", spots))
    return wishes


def line_wishes(w: Writer) -> list[Wish]:
    """"10 aircraft in total": once a mission, on the longest of its lines that is seen."""
    wishes = []
    for arc in w.arcs:
        line = w.line(arc.sortie["label"], "line")
        if line is None:
            continue
        mission = [(other, [p for p in other.points if holds(w.frame, p)]) for other in w.arcs
                   if (other.sortie["mission"], other.sortie["site"]) == (arc.sortie["mission"], arc.sortie["site"])]  # fmt: skip
        mission.sort(key=lambda pair: -len(pair[1]) * pair[0].chord)
        spots = [spot for block in folds(line)[:2] for other, seen in mission if len(seen) > 8
                 for spot in beside(seen, block, other.sortie["width"])]  # fmt: skip
        wishes.append(Wish(f"line {arc.sortie['mission']}", "line", spots))
    return wishes


def crop_wishes(w: Writer) -> list[Wish]:
    """"from the Gulf ↘", where the picture crops a line."""
    wishes = []
    edge = w.inner
    for arc in w.arcs:
        if arc.crop is None:
            continue
        at, towards = arc.crop
        line = w.line(arc.sortie["cropLabel"], "crop", f"\u00a0{arrow_to(at, towards)}")
        if line is None:
            continue
        at = next((p for p in arc.points if holds(edge, p)), at)
        tries = [(far + 14 * i, far, block) for far in (0, 8, 16, 24, 34, 48) for i, block in enumerate(folds(line))]
        spots = []
        for _, far, block in sorted(tries, key=lambda one: one[0]):
            width, height = block.width, block.height
            for dx, dy in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)):
                x = at.x + dx * (6 + far) - (0 if dx > 0 else width if dx < 0 else width / 2)
                y = at.y + dy * (6 + far) - (0 if dy > 0 else height if dy < 0 else height / 2)
                box = rect(max(edge.left, min(edge.right - width, x)), max(edge.top, min(edge.bottom - height, y)), width, height)
                spot = Spot(box, "right" if dx < 0 else "left" if dx > 0 else "center", block, "crop")
                if w.hatched.avoids(box):
                    spots.append(spot)
        wishes.append(Wish(f"crop {arc.sortie['id']}", "crop", spots))
    return wishes


def country_wishes(w: Writer, labels: Sequence[Mapping[str, Any]]) -> list[Wish]:
    wishes = []
    for label in labels:
        block, reach = stack([w.line(label["names"], "country")]), label.get("room", 0.0) * w.view.k / 360
        if block is None or reach * 2 < 60:
            continue
        clear, touching = [], []
        for at in label["at"]:
            p = w.view.px(at)
            if not holds(grow(w.frame, 100), p):
                continue
            for dx, dy in _SHIFTS:
                if hypot(dx, dy) > max(30.0, reach):
                    break
                spot = centred(Point(p.x + dx, p.y + dy), block)
                if not w.ground.land.holds(spot.box):
                    continue
                # No border between the country's own point and its name, or the name is the neighbour's.
                if w.ground.borders.avoids(join(spot.box, Rect(*p, *p))):
                    clear.append(spot)
                elif not dx and not dy:
                    touching.append(spot)
        wishes.append(Wish(f"country {w.key(label['names'])}", "country", [*clear, *touching]))
    return wishes


def sea_wishes(w: Writer, labels: Sequence[Mapping[str, Any]]) -> list[Wish]:
    # A sea that is hatched for an event carries that event's name already.
    hatched = w.over(dict.fromkeys(area["shape"] for area in w.scene.areas))
    wishes = []
    for label in labels:
        block = stack([w.line(label["names"], "sea")])
        if block is None or ("room" in label and label["room"] * 2 * w.view.k / 360 < 90):
            continue
        points = [w.view.px(at) for at in label["at"]]
        spots = [centred(Point(p.x + dx, p.y + dy), block) for p in points
                 for dy in (0, -18, 18, -36, 36) for dx in (0, -30, 30, -60, 60)]  # fmt: skip
        free = [spot for spot in spots if w.ground.land.avoids(grow(spot.box, 2)) and hatched.avoids(grow(spot.box, 2))]
        wishes.append(Wish(f"sea {w.key(label['names'])}", "sea", free))
    return wishes


def province_wishes(w: Writer, labels: Sequence[Mapping[str, Any]]) -> list[Wish]:
    # A hatched province carries its event's label.
    wishes = []
    for label in labels:
        block = stack([w.line(label["names"], "province")])
        if block is None or ("room" in label and label["room"] * 2 * w.view.k / 360 < block.width * 0.8):
            continue
        points = [w.view.px(at) for at in label["at"]]
        spots = [centred(Point(p.x, p.y + dy), block) for p in points for dy in (0, -12, 12, -22, 22)]
        free = [spot for spot in spots if w.ground.land.holds(spot.box) and w.hatched.avoids(spot.box)]
        wishes.append(Wish(f"province {w.key(label['names'])}", "province", free))
    return wishes


def point_wishes(w: Writer, labels: Sequence[Mapping[str, Any]], role: str) -> list[Wish]:
    wishes = []
    for label in labels:
        block, p = stack([w.line(label["names"], role)]), w.view.px(label["at"][0])
        if block is None or not holds(w.frame, p):
            continue
        dot = around(p.x, p.y, CITY_DOT / 2)
        spots = around8(dot, block, w.rtl)
        # Ports write into the sea, other towns stay on land: no name half on each, none on a hatch that is not its own.
        land = w.ground.land
        own = w.hatched.inside(*p)
        cost = [2 * (not own and not w.hatched.avoids(spot.box)) + (not land.holds(spot.box) and not land.avoids(spot.box))
                for spot in spots]  # fmt: skip
        spots = [spots[n] for n in sorted(range(len(spots)), key=lambda n: cost[n])]
        if role == "place":
            spots += on_leaders(dot, block, w.rtl)
        wishes.append(Wish(f"{role} {w.key(label['names'])}", role, spots, dot=dot,
                           apart=CITIES_APART if role == "city" else 0.0))  # fmt: skip
    return wishes


def river_wishes(w: Writer, labels: Sequence[Mapping[str, Any]]) -> list[Wish]:
    """The straightest stretches of a course that hold the name."""
    wishes = []
    for label in labels:
        block = stack([w.line(label["names"], "river")])
        if block is None:
            continue
        course = [p for p in map(w.view.px, label["at"]) if holds(w.frame, p)]
        found = sorted(_stretches(course, block), key=lambda pair: pair[0])[:12]
        wishes += [Wish(f"river {w.key(label['names'])}", "river", [spot], apart=RIVERS_APART) for _, spot in found]
    return wishes


def _stretches(course: Sequence[Point], block: Block) -> Iterable[tuple[float, Spot]]:
    """Where a name can be set along a course, with how much the course bends there."""
    for i in range(len(course) - 1):
        total, j = 0.0, i
        while j + 1 < len(course) and total < block.width + 8:
            total += hypot(course[j + 1].x - course[j].x, course[j + 1].y - course[j].y)
            j += 1
        if total < block.width + 8:
            return
        a, b = sorted((course[i], course[j]))
        chord = hypot(b.x - a.x, b.y - a.y)
        if chord < block.width + 4:
            continue
        off = [((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / chord for p in course[i : j + 1]]
        above = min(0.0, *off)
        bend, slope = max(off) - above, atan2(b.y - a.y, b.x - a.x)
        if bend > 10 or abs(slope) > 1.1:
            continue
        lift = -above + 4 + block.lines[0].down
        middle = Point((a.x + b.x) / 2 + sin(slope) * lift, (a.y + b.y) / 2 - cos(slope) * lift)
        half_x = (abs(cos(slope)) * block.width + abs(sin(slope)) * block.height) / 2
        half_y = (abs(sin(slope)) * block.width + abs(cos(slope)) * block.height) / 2
        dx, dy = cos(slope) * block.width / 2, sin(slope) * block.width / 2
        box = Rect(middle.x - half_x, middle.y - half_y - 4, middle.x + half_x, middle.y + half_y - 4)
        yield bend + abs(slope) * 4, Spot(
            box, "center", block, "course",
            course=(Point(middle.x - dx, middle.y - dy), Point(middle.x + dx, middle.y + dy)),
        )  # fmt: skip


def story_wishes(w: Writer) -> tuple[list[Wish], list[Wish], list[Wish], list[Wish]]:
    """Of events, origins, cropped lines and missions."""
    return event_wishes(w), origin_wishes(w), crop_wishes(w), line_wishes(w)


def ground_wishes(w: Writer) -> list[list[Wish]]:
    """Of the base map, most important first, without any that names what the story names already."""
    named = {w.key(thing["names"]) for thing in (*w.scene.sites, *w.scene.origins)}

    def role(name: str) -> list[Mapping[str, Any]]:
        found = [label for label in w.scene.labels if label["role"] == name and w.key(label["names"]) not in named]
        return sorted(found, key=lambda label: (not label.get("capital", False), label["rank"]))

    wide, cities = km_across(w.scene, w.view, w.width), role("city")
    towns = {w.key(city["names"]) for city in cities}
    groups = [point_wishes(w, role("place"), "place"), country_wishes(w, role("country")), sea_wishes(w, role("sea"))]
    if wide < PROVINCES_BELOW_KM:
        groups.append(province_wishes(w, [label for label in role("province") if w.key(label["names"]) not in towns]))
    groups.append(point_wishes(w, cities, "city"))
    if wide < RIVERS_BELOW_KM:
        groups.append(river_wishes(w, role("river")))
    return groups


def km_across(scene: Scene, view: View, width: float) -> float:
    """Width of the picture on the ground, at the middle of the frame."""
    lat = latitude(unit_box(scene.frame["core"]).middle.y)
    return width / view.k * 40075.017 * cos(radians(lat))
