"""A composed picture as SVG: ground, areas, lines, words and symbols, in this order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import atan2, ceil, degrees, floor, hypot
from typing import Any

from geo.geometry.plane import Point, Rect, hull
from geo.render.svg.arcs import Arc
from geo.render.svg.compose import Picture
from geo.render.svg.marks import Badge, Disc, Hatch
from geo.render.svg.paint import Paint, element, number, numbers, path, plain
from geo.render.svg.piles import Glyph
from geo.render.svg.type import Line, rows
from geo.scene.style import (
    BADGE_D,
    CASING,
    HALO,
    HALO_OPACITY,
    LINE_FADE,
    RING,
    SHAPES,
    SYMBOL_PATHS,
    arrow_head,
    size_class,
)
from geo.scene.text import direction_of

FINE = 10
"""The ground is written in tenths of a px, as whole numbers: a quarter fewer bytes."""

COLOUR = {"country": "countryLabel", "province": "provinceLabel", "sea": "waterLabel", "river": "waterLabel", "city": "city"}


class Drawing:
    """Draws one picture. `uid` begins every id; `faces` are font stacks by script, where no style sheet has them."""

    def __init__(self, picture: Picture, uid: str, paint: Paint, faces: Mapping[str, str] | None = None) -> None:
        self.p, self.uid, self.paint, self.faces = picture, uid, paint, faces
        self.defs: list[str] = []

    def svg(self) -> str:
        """Everything inside the `<svg>`, its corner at 0, 0."""
        body = self.body()
        return self.definitions() + body

    def definitions(self) -> str:
        """What the parts that were drawn so far refer to."""
        return element("defs", "".join(self.defs)) if self.defs else ""

    def body(self) -> str:
        body = [*self.ground(), *self.areas(), *self.discs()]
        body += [part for arc in self.p.arcs for part in self.arc(arc)]
        body += [self.node(at, slot) for at, slot in self.p.nodes]
        body += [*self.scale(), *self.labels()]
        for mark in self.p.marks:
            body += [part for glyph in mark.glyphs for part in self.glyph(glyph)]
            if mark.badge:
                body.append(self.badge(mark.badge))
        return "".join([*body, *self.inset()])

    # -- ground and areas: in tenths

    def outline(self, rings: Iterable[Any], *, closed: bool = True) -> str:
        return "".join(path(ring * FINE, closed=closed, digits=0) for ring in rings)

    def ground(self) -> Iterable[str]:
        p, c = self.p, self.paint
        rings = p.ground.rings
        bare = not rings("land")
        yield element("rect", width=p.width, height=p.height, fill=c("land" if bare else "water"))
        shore = {"stroke": c("coast"), "stroke_width": 0.75 * FINE, "fill_rule": "evenodd"}
        parts = [
            element("path", fill=c("land"), d=self.outline(rings("land")), **shore),
            element("path", fill=c("water"), d=self.outline(rings("lakes")), **shore),
        ]
        for name, colour, width, dash in (
            ("river", "river", 0.75, None), ("province", "province", 0.75, None), ("country", "country", 1.0, None),
            ("disputed", "country", 1.0, f"{4 * FINE} {3 * FINE}"),
        ):  # fmt: skip
            d = self.outline(rings(name), closed=False)
            parts.append(element("path", fill="none", stroke=c(colour), stroke_width=width * FINE, stroke_dasharray=dash, d=d))
        yield self.fine("".join(part for part in parts if 'd=""' not in part))

    def fine(self, content: str) -> str:
        return element("g", content, transform=f"scale({number(1 / FINE)})", stroke_linejoin="round") if content else ""

    def areas(self) -> Iterable[str]:
        parts = []
        for shape, slot in self.p.tints:
            d = self.outline(self.p.ground.shape(shape))
            if d:
                parts.append(element("path", fill=self.paint(f"s{slot}"), fill_opacity=".1", fill_rule="evenodd", d=d))
        for hatch in self.p.hatches:
            rings = self.p.ground.shape(hatch.shape)
            d = self.outline(rings)
            if d:
                parts.append(self.hatched(hatch, d, hull([p for ring in rings for p in ring.tolist()])))
        yield self.fine("".join(parts))

    def hatched(self, hatch: Hatch, d: str, box: Rect) -> str:
        """A tint, strokes cut to the outline (no pattern: on paper a pattern's tile is a blurred picture), and the outline."""
        colour = self.paint("countryLabel" if hatch.ink else "country" if hatch.quiet else f"s{hatch.slot}")
        name = f"{self.uid}-h{len(self.defs)}"
        self.defs.append(element("clipPath", element("path", id=f"{name}p", d=d, clip_rule="evenodd", fill_rule="evenodd"), id=name))
        tint = self.paint("tint")
        small = size_class(self.p.width) == "S"
        line = 0.75 if hatch.quiet else 1.0 if small else 1.25
        size = (8 if small else 10) * (2 if hatch.quiet else 1)
        strokes = element("path", d=_strokes(box, size, hatch.angle), clip_path=f"url(#{name})", stroke=colour, stroke_width=line * FINE)
        edge = {"stroke": colour, "stroke_width": (1.0 if hatch.quiet else 1.5) * FINE,
                "stroke_dasharray": None if hatch.solid else f"{4 * FINE} {3 * FINE}"}  # fmt: skip
        if hatch.quiet:  # half the tint, whatever it is
            return element("use", href=f"#{name}p", fill=colour, fill_opacity=tint, opacity=".5") + strokes + \
                element("use", href=f"#{name}p", fill="none", **edge)  # fmt: skip
        return element("use", href=f"#{name}p", fill=colour, fill_opacity=tint, **edge) + strokes

    def swatch(self, box: Rect, hatch: Hatch) -> str:
        """A rectangle of a hatch, for a key."""
        corners = [(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)]
        fine = [(x * FINE, y * FINE) for x, y in corners]
        return self.fine(self.hatched(hatch, path(fine, closed=True, digits=0), box))

    def course(self, a: Point, bend: Point, tip: Point, sortie: Mapping[str, Any]) -> str:
        """A short sortie line, for a key."""
        points = [Point((1 - t) ** 2 * a.x + 2 * t * (1 - t) * bend.x + t * t * tip.x,
                        (1 - t) ** 2 * a.y + 2 * t * (1 - t) * (bend.y - 8) + t * t * tip.y) for t in (n / 40 for n in range(41))]  # fmt: skip
        return "".join(self.arc(Arc({**sortie, "fromArea": False}, tuple(points), 34.0, None)))

    def discs(self) -> Iterable[str]:
        for mark in self.p.marks:
            if mark.disc:
                yield self.disc(mark.disc)

    def disc(self, disc: Disc) -> str:
        colour = self.paint("countryLabel" if disc.slot is None else f"s{disc.slot}")
        look = {"fill": colour, "fill_opacity": self.paint("tint"), "stroke": colour}
        if disc.shape:
            d = self.outline(self.p.ground.shape(disc.shape))
            return self.fine(element("path", d=d, fill_rule="evenodd", stroke_width=FINE, **look))
        return element("circle", cx=disc.x, cy=disc.y, r=disc.r, **look)

    # -- lines

    def arc(self, arc: Arc) -> Iterable[str]:
        width, slot = arc.sortie["width"], arc.sortie["slot"]
        line, head = _split(arc, width)
        d = path(_simplified(line))
        tip = f"M{'L'.join(numbers(p) for p in head)}Z"
        land, colour = self.paint("land"), self.paint(f"s{slot}")
        if not d:
            return
        for ink, wide in ((land, width + 2 * CASING), (colour, width)):
            stroke = self.fade(line, ink) if arc.sortie["fromArea"] else ink
            yield element("path", d=d, fill="none", stroke=stroke, stroke_width=wide, stroke_linejoin="round")
            if ink == land:
                yield element("path", d=tip, fill=land, stroke=land, stroke_width=2 * CASING, stroke_linejoin="round")
        yield element("path", d=tip, fill=colour)

    def fade(self, line: Sequence[Point], colour: str) -> str:
        a, z = line[0], line[int((len(line) - 1) * LINE_FADE)]
        name = f"{self.uid}-f{len(self.defs)}"
        stops = element("stop", stop_color=colour, stop_opacity=".2") + element("stop", offset="1", stop_color=colour)
        self.defs.append(element("linearGradient", stops, id=name, gradientUnits="userSpaceOnUse", x1=a.x, y1=a.y, x2=z.x,
                                 y2=z.y))  # fmt: skip
        return f"url(#{name})"

    def node(self, at: Point, slot: int) -> str:
        """A pinned origin: an air base."""
        return self.cased("circle", f"s{slot}", cx=at.x, cy=at.y, r=3.5)

    # -- symbols

    def cased(self, tag: str, colour: str, **attributes: Any) -> str:
        return element(tag, **attributes, fill=self.paint(colour), stroke=self.paint("halo"), stroke_width=2 * CASING,
                       paint_order="stroke", stroke_linejoin="round")  # fmt: skip

    def glyph(self, g: Glyph, role: str | None = None) -> Iterable[str]:
        """A symbol, in its actor's colour or that of `role`."""
        role = role or f"s{g.slot}"
        colour = self.paint(role)
        if g.kind == "crash":
            yield from self.crash(g)
        else:
            if g.ring is not None:
                yield from self.ring(replace(g, d=g.ring), colour, "none")
            if g.status == "declared":
                tag, shape = _symbol(g, g.d)
                yield self.cased(tag, role, **shape)
            else:
                yield from self.ring(g, colour, self.paint("halo"))
        if g.unknown:
            yield element("text", "?", x=g.x + g.reach + 1, y=g.y - g.reach + 5, font_size=11, font_weight=700,
                          **self.ink(), **self.haloed(1.5))  # fmt: skip

    def ring(self, g: Glyph, colour: str, fill: str) -> Iterable[str]:
        """A ring's stroke stands inside the symbol's size, so that a ring is no bigger than a disc."""
        tag, shape = _symbol(g, g.d - RING)
        yield element(tag, **shape, fill=fill, stroke=self.paint("halo"), stroke_width=RING + 2 * CASING, stroke_linejoin="round")
        if g.status == "contested" and fill != "none":
            name = f"{self.uid}-c{len(self.defs)}"
            lower = element("rect", x=g.x - g.d, y=g.y, width=2 * g.d, height=g.d)
            self.defs.append(element("clipPath", lower, id=name))
            yield element(tag, **shape, fill=colour, clip_path=f"url(#{name})")
        yield element(tag, **shape, fill="none", stroke=colour, stroke_width=RING, stroke_linejoin="round")

    def crash(self, g: Glyph) -> Iterable[str]:
        """An ink × in an ink ring."""
        r = g.d / 2 - 1
        arm = r * 0.5
        cross = "".join(f"M{numbers((g.x - arm, g.y - arm * way))}L{numbers((g.x + arm, g.y + arm * way))}" for way in (1, -1))
        for colour, width in (("halo", 1.75 + 2 * CASING), ("ink", 1.75)):
            yield element("circle", cx=g.x, cy=g.y, r=r, fill=self.paint("halo"), stroke=self.paint(colour), stroke_width=width)
        yield element("path", d=cross, stroke=self.paint("ink"), stroke_width=1.75)

    def badge(self, badge: Badge) -> str:
        said = "99+" if badge.n > 99 else str(badge.n)
        return element("circle", cx=badge.x, cy=badge.y, r=BADGE_D / 2, fill=self.paint("halo"), stroke=self.paint("ink")) + \
            element("text", said, x=badge.x, y=badge.y + (4 if badge.n < 100 else 3), font_size=11 if badge.n < 100 else 8, font_weight=700, text_anchor="middle", **self.ink())  # fmt: skip

    # -- words

    def ink(self) -> dict[str, str]:
        return {"fill": self.paint("ink"), **self.face("latin")}

    def face(self, script: str) -> dict[str, str]:
        return {"font_family": self.faces[script].replace('"', "'")} if self.faces else {}

    def haloed(self, by: float = HALO, colour: str = "halo") -> dict[str, Any]:
        return {"stroke": self.paint(colour), "stroke_width": 2 * by, "stroke_opacity": number(HALO_OPACITY, 2),
                "stroke_linejoin": "round", "paint_order": "stroke"}  # fmt: skip

    def scale(self) -> Iterable[str]:
        bar = self.p.bar
        if bar:
            d = f"M{numbers((bar.x, bar.y - 4))}v4h{number(bar.px)}v-4"
            for colour, width in (("halo", 3.0), ("ink", 1.0)):
                yield element("path", d=d, fill="none", stroke=self.paint(colour), stroke_width=width)
            rtl = direction_of(bar.text, self.p.lang) == "rtl"
            yield element("text", plain(bar.text), x=bar.x, y=bar.y - 7, font_size=11, direction="rtl" if rtl else None,
                          text_anchor="end" if rtl else None, **self.ink(), **self.haloed())  # fmt: skip

    def inset(self) -> Iterable[str]:
        """Where in the world the picture lies, over one of its corners."""
        o = self.p.overview
        if o is None:
            return
        width, height = o.box.width, o.box.height
        parts = [
            element("rect", width=width, height=height, fill=self.paint("water")),
            self.fine(element("path", d=self.outline(o.land), fill=self.paint("land"), stroke=self.paint("coast"), fill_rule="evenodd",
                              stroke_width=0.75 * FINE)),
        ]  # fmt: skip
        for points, slot in o.lines:
            colour = self.paint(f"s{slot}")
            parts.append(element("path", d=path(_simplified(points)), fill="none", stroke=colour, stroke_width=1.25))
            parts.append(element("circle", cx=points[0].x, cy=points[0].y, r=2, fill=colour))
        parts.append(element("rect", x=o.view.left, y=o.view.top, width=o.view.width, height=o.view.height, fill="none",
                             stroke=self.paint("ink"), stroke_width=1.5))  # fmt: skip
        for spot, dot, role in o.names:
            ((line, y),) = rows(spot.block, spot.box)
            colour = self.paint("city" if dot else COLOUR[role])
            if dot:
                parts.append(element("circle", cx=dot.middle.x, cy=dot.middle.y, r=dot.width / 2, fill=colour))
            parts.append(element("g", self.word(line, spot, y), fill=colour, font_size=line.size,
                                 font_style="italic" if line.italic else None, direction="rtl" if line.rtl else None,
                                 **self.face(line.script), **self.haloed(1.5)))  # fmt: skip
        parts.append(element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, fill="none", stroke=self.paint("country")))
        yield element("svg", "".join(parts), x=o.box.left, y=o.box.top, width=width, height=height)

    def labels(self) -> Iterable[str]:
        groups: dict[tuple[Any, ...], list[str]] = {}
        for label in self.p.labels:
            spot = label.spot
            halo = "water" if label.role == "sea" else "halo"
            if spot.leader:
                d = path(spot.leader)
                for colour, width in ((halo, 3.0), ("ink", 1.0)):
                    yield element("path", d=d, stroke=self.paint(colour), stroke_width=width)
            if label.dot:
                x, y = label.dot.middle
                yield element("circle", cx=x, cy=y, r=label.dot.width / 2, fill=self.paint("city"), stroke=self.paint(halo),
                              stroke_width=2.0, paint_order="stroke")  # fmt: skip
            for line, y in rows(spot.block, spot.box):
                look = (line.role, line.size, line.weight, line.italic, line.spacing, line.script, line.rtl, halo)
                groups.setdefault(look, []).append(self.word(line, label.spot, y))
        for (role, size, weight, italic, spacing, script, rtl, halo), texts in groups.items():
            yield element(
                "g", "".join(texts), fill=self.paint(COLOUR.get(role, "ink")), font_size=size,
                font_weight=weight if weight != 400 else None, font_style="italic" if italic else None,
                letter_spacing=spacing or None, direction="rtl" if rtl else None,
                **self.face(script), **self.haloed(colour=halo),
            )  # fmt: skip

    def word(self, line: Line, spot: Any, y: float) -> str:
        if spot.course:
            a, z = spot.course
            way = f"translate({numbers(_middle(a, z))})rotate({number(_turn(a, z))})"
            return element("text", plain(line.text), transform=way, text_anchor="middle")
        # An estimated width is only room kept free: the text itself begins at the mark whatever its font.
        at = {"left": spot.box.left, "center": spot.box.middle.x, "right": spot.box.right}[spot.align]
        anchor = {"left": "end" if line.rtl else None, "center": "middle", "right": None if line.rtl else "end"}[spot.align]
        return element("text", plain(line.text), x=float(at), y=float(y), text_anchor=anchor)


def _middle(a: Point, z: Point) -> tuple[float, float]:
    return (a.x + z.x) / 2, (a.y + z.y) / 2


def _turn(a: Point, z: Point) -> float:
    return degrees(atan2(z.y - a.y, z.x - a.x))


def _strokes(box: Rect, size: float, angle: int) -> str:
    """Lines across a box at 45° or 135°, `size` px apart along its sides; those of neighbouring boxes line up."""
    sign = 1 if angle == 45 else -1
    # Along such a line x + y (45°) or x - y is the same everywhere.
    ends = [box.left + sign * box.top, box.right + sign * box.top, box.left + sign * box.bottom, box.right + sign * box.bottom]
    parts = []
    for n in range(ceil(min(ends) / size), floor(max(ends) / size) + 1):
        top = min(max(sign * (n * size - box.left), box.top), box.bottom)
        low = min(max(sign * (n * size - box.right), box.top), box.bottom)
        a, b = (n * size - sign * top, top), (n * size - sign * low, low)
        parts.append(path([(x * FINE, y * FINE) for x, y in (a, b)], digits=0))
    return "".join(parts)


def _symbol(g: Glyph, d: float) -> tuple[str, dict[str, Any]]:
    """The slot's shape at a diameter: an element's name and geometry."""
    shape = SHAPES[g.slot] if g.slot < len(SHAPES) else SHAPES[-1]
    if shape == "circle":
        return "circle", {"cx": g.x, "cy": g.y, "r": d / 2}
    flat = [float(value) for value in re.findall(r"-?[\d.]+", SYMBOL_PATHS[shape])]
    return "path", {"d": path([(g.x + x * d, g.y + y * d) for x, y in zip(flat[::2], flat[1::2], strict=True)], closed=True)}


def _split(arc: Arc, width: float) -> tuple[list[Point], list[Point]]:
    """Points up to the head's base, and the head."""
    long, wide = arrow_head(width)
    points, tip = arc.points, arc.points[-1]
    i = len(points) - 2
    while i > 0 and hypot(points[i].x - tip.x, points[i].y - tip.y) < long:
        i -= 1
    back = points[i]
    d = hypot(tip.x - back.x, tip.y - back.y) or 1.0
    ux, uy = (tip.x - back.x) / d, (tip.y - back.y) / d
    base, half = Point(tip.x - ux * long, tip.y - uy * long), wide / 2
    # The line ends a little inside the head, so that no gap shows between them.
    return [*points[: i + 1], Point(base.x + ux * 2, base.y + uy * 2)], [
        tip, Point(base.x - uy * half, base.y + ux * half), Point(base.x + uy * half, base.y - ux * half),
    ]  # fmt: skip


def _simplified(points: Sequence[Point]) -> Any:
    import shapely

    return shapely.get_coordinates(shapely.simplify(shapely.LineString(points), 0.08, preserve_topology=False))
