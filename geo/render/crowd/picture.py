"""The still picture of a crowd: the base map, hatched areas, and circles that stand for what lies near each other.

A circle's area shows how many events it stands for; the number is written on it, or beside it where it is too small.
Every event on the map is in one of these. Lines that share their ends' cells are one, as wide as it has flights, and the
commonest are drawn: the page says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.geometry.bows import bend, bow, resample
from geo.geometry.plane import MAX_LAT, Point, Rect, around, within
from geo.render.svg.arcs import Arc
from geo.render.svg.compose import Picture, taken
from geo.render.svg.ground import DETAIL, Ground
from geo.render.svg.marks import hatches
from geo.render.svg.names import Writer, ground_wishes
from geo.render.svg.overview import overview
from geo.render.svg.paint import Paint, element, plain
from geo.render.svg.picture import Drawing
from geo.render.svg.place import place
from geo.render.svg.scale import scale_bar
from geo.render.svg.spots import Field
from geo.render.svg.type import measure
from geo.render.svg.view import View, fit
from geo.scene.crowd.crowd import Crowd, Kind, Status
from geo.scene.scene import Scene
from geo.scene.style import MOST_LABELS, OTHERS, size_class
from geo.scene.text import Speaker

CELL = 38.0
"""Side of the square within which events share a circle, in px."""
MOST_R, LEAST_R = 17.0, 2.5
MOST_STREAMS = 40
"""More cover the map."""
WIDEST, NARROWEST = 4.5, 1.0
MOST_LINES = 800
"""Lines of a base map above which it is drawn coarsely from the first."""
FIGURE = 9
MOST_NUMBERS = 90

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pile:
    x: float
    y: float
    r: float
    n: int
    slot: int | None
    """None where it holds events of several."""


@dataclass(frozen=True, slots=True)
class Number:
    """A count, and where it stands."""

    said: str
    box: Rect


class CrowdDrawing(Drawing):
    """A picture with circles instead of symbols."""

    def __init__(self, picture: Picture, uid: str, paint: Paint, piles: Sequence[Pile], numbers: Sequence[Number],
                 faces: Mapping[str, str] | None = None) -> None:  # fmt: skip
        super().__init__(picture, uid, paint, faces)
        self.piles, self.numbers = piles, numbers

    def discs(self) -> Iterable[str]:
        for pile in self.piles:
            colour = self.paint("ink" if pile.slot is None else f"s{pile.slot}")
            if pile.n == 1:
                yield element("circle", cx=pile.x, cy=pile.y, r=pile.r, fill=colour)
            else:
                yield element("circle", cx=pile.x, cy=pile.y, r=pile.r, fill=colour, fill_opacity=".35", stroke=colour)

    def scale(self) -> Iterable[str]:
        """The figures stand over everything but the names."""
        texts = [element("text", plain(one.said), x=one.box.middle.x, y=one.box.middle.y + FIGURE * 0.36) for one in self.numbers]
        if texts:
            yield element("g", "".join(texts), font_size=FIGURE, font_weight=600, text_anchor="middle", **self.ink(), **self.haloed(1.2))
        yield from super().scale()


def crowd_drawing(
    crowd: Crowd, uid: str, paint: Paint, width: float, height: float, faces: Mapping[str, str] | None = None
) -> CrowdDrawing:
    """The map of `crowd`, to be written inside an `<svg>` of that size."""
    scene = ground_of(crowd)
    view = fit(crowd.frame, width, height)
    many = sum(sum(layer["parts"]) for layer in crowd.base.get("layers", ())) > MOST_LINES
    ground = Ground(crowd.base, view, width, height, DETAIL[-1:] if many else DETAIL[1:])
    piles = _piles(crowd, view, ground.frame)
    speak = Speaker(crowd.languages[0], crowd.story.lang)
    numbers = _numbers(piles, _hatched(crowd, view), ground.frame, speak)
    lines = _streams(crowd, view, ground.frame)
    bar = scale_bar(view, width, height, crowd.languages[0])
    struck = ground.mask([ring for shape in dict.fromkeys(area["shape"] for area in scene.areas) for ring in ground.shape(shape)])
    # A map of most of the world needs no map of where it lies.
    inset = None if view.box.width > 0.4 else overview(scene, ground, view, lines, [Point(pile.x, pile.y) for pile in piles], struck)
    writer = Writer(scene, ground, view, (), lines, {})
    field = taken(ground.frame, (), lines, (), [one.box for one in (bar, inset) if one])
    for pile in piles:
        field.add(around(pile.x, pile.y, pile.r))
    for number in numbers:
        field.add(number.box)
    labels = place(ground_wishes(writer), field, writer.inner, MOST_LABELS[size_class(width)])
    picture = Picture(crowd.languages[0], width, height, view, ground, hatches(scene), [], lines, [], [], labels, bar, inset)
    return CrowdDrawing(picture, uid, paint, piles, numbers, faces)


def ground_of(crowd: Crowd) -> Scene:
    """The ground and the hatched areas of `crowd`, for what draws those of a story."""
    return Scene(
        story=crowd.story, languages=crowd.languages, entries=(), actors=crowd.actors, counts=crowd.counts, areas=tuple(_areas(crowd)),
        labels=crowd.labels, frame=crowd.frame, base=crowd.base, disputed=crowd.disputed, shapes=crowd.shapes, style=crowd.style,
    )  # fmt: skip


def _told(crowd: Crowd, outcome: int) -> NDArray[np.intp]:
    """Page rows with an outcome; what was retracted stands in the list only."""
    kept = np.array([status is not Status.RETRACTED for status in crowd.status.values], bool)[crowd.status.codes]
    return np.flatnonzero((crowd.outcome == outcome) & kept)


def _areas(crowd: Crowd) -> list[dict[str, Any]]:
    """One for each outline that is hatched, in the look of most of its events: as on the live map only strikes have a colour."""
    rows = _told(crowd, 1)
    if not len(rows):
        return []
    kinds = len(crowd.kind.values)
    keys = (crowd.answer[rows].astype(np.int64) * 8 + crowd.slot[rows]) * kinds + crowd.kind.codes[rows]
    looks: dict[str, tuple[int, dict[str, Any]]] = {}
    used, counts = np.unique(keys, return_counts=True)
    for key, count in zip(used.tolist(), counts.tolist(), strict=True):
        rest, kind = divmod(key, kinds)
        answer, slot = divmod(rest, 8)
        area, of = crowd.areas[answer], crowd.kind.values[kind]
        crash = of is Kind.CRASH
        look = {
            "shape": area.shape, "solid": area.solid, "slot": slot if slot in crowd.hatch or crash else OTHERS,
            "angle": 45 if crash else crowd.hatch.get(slot, 135), "kind": (of if crash or of is Kind.STRIKE else Kind.OTHER).value, "status": "reported", "site": -1,
        }  # fmt: skip
        if count > looks.get(area.shape, (0, look))[0]:
            looks[area.shape] = count, look
    return [look for _, look in looks.values()]


def _px(lon: Floats, lat: Floats, view: View) -> tuple[Floats, Floats]:
    """Degrees → px of the picture, on the turn of the globe that is nearest to its middle (see `plane.unit`)."""
    middle = (view.box.middle.x - 0.5) * 360.0
    lon = lon + 360.0 * np.round((middle - lon) / 360.0)
    phi = np.radians(np.clip(lat, -MAX_LAT, MAX_LAT))
    y = 0.5 - np.log(np.tan(np.pi / 4 + phi / 2)) / (2 * np.pi)
    return (lon / 360.0 + 0.5 - view.box.left) * view.k, (y - view.box.top) * view.k


def _piles(crowd: Crowd, view: View, frame: Rect) -> list[Pile]:
    """One circle for each square of the picture that holds events, the largest first."""
    rows = _told(crowd, 0)
    table = crowd.order[rows]
    x, y = _px(crowd.located.lon[table], crowd.located.lat[table], view)
    # What lies a little beyond the edge of this shape of the map stands at its edge.
    x, y = np.clip(x, 3.0, frame.width - 3.0), np.clip(y, 3.0, frame.height - 3.0)
    across = int(frame.width // CELL) + 1
    cell = (y // CELL).astype(np.int64) * across + (x // CELL).astype(np.int64)
    size = (int(frame.height // CELL) + 1) * across
    n = np.bincount(cell, minlength=size)
    used = np.flatnonzero(n)
    mx, my = (np.bincount(cell, of, size)[used] / n[used] for of in (x, y))
    slots = np.bincount(cell * 8 + crowd.slot[rows], minlength=size * 8).reshape(size, 8)[used]
    most = max(int(n.max()) if len(n) else 1, 1)
    found = []
    for at, (count, px, py) in enumerate(zip(n[used].tolist(), mx.tolist(), my.tolist(), strict=True)):
        own = int(slots[at].argmax())
        found.append(Pile(px, py, max(LEAST_R, MOST_R * sqrt(count / most)), count, own if slots[at][own] == count else None))
    return sorted(found, key=lambda pile: -pile.n)


def _numbers(piles: Sequence[Pile], areas: Sequence[tuple[float, float, int]], frame: Rect, speak: Speaker) -> list[Number]:
    """The counts for which there is room, the largest first: on a circle that holds it or on an area, else beside the circle."""
    field = Field(frame.width, frame.height)
    found: list[Number] = []
    for x, y, r, n in sorted([*((p.x, p.y, p.r, p.n) for p in piles if p.n > 1), *((x, y, 99.0, n) for x, y, n in areas)], key=lambda one: -one[3]):
        if len(found) == MOST_NUMBERS:
            break
        said = speak.integer(n)
        half, high = measure(said, FIGURE, 600, 0.0) / 2, FIGURE * 0.6
        ways = [(0.0, 0.0)] if half <= r + 2 and r > 6 else [(r + half + 2, 0.0), (-r - half - 2, 0.0), (0.0, r + high + 1), (0.0, -r - high - 1)]
        boxes = [Rect(x + dx - half, y + dy - high, x + dx + half, y + dy + high) for dx, dy in ways]
        box = next((one for one in boxes if within(one, frame) and field.free(one, 1.0)), None)
        if box:
            field.add(box)
            found.append(Number(said, box))
    return found


def _hatched(crowd: Crowd, view: View) -> list[tuple[float, float, int]]:
    """Where each area has its own point, in px, and how many events are hatched in it."""
    rows = _told(crowd, 1)
    counts = np.bincount(crowd.answer[rows], minlength=len(crowd.located.answers))
    found: dict[tuple[float, float], int] = {}
    for code in crowd.areas:
        at = tuple(crowd.located.answers[code].position)  # type: ignore[union-attr]
        found[at] = found.get(at, 0) + int(counts[code])
    x, y = _px(np.array([lon for lon, _ in found]), np.array([lat for _, lat in found]), view)
    return [one for one in zip(x.tolist(), y.tolist(), found.values(), strict=True) if one[2] > 1]


def _streams(crowd: Crowd, view: View, frame: Rect) -> list[Arc]:
    """Lines whose ends share their squares as one, the commonest; each is bowed to the side that its flight leaves free."""
    row, code, number = crowd.flights
    told = np.array([status is not Status.RETRACTED for status in crowd.status.values], bool)[crowd.status.codes]
    keep = (crowd.outcome[row] < 2) & told[row]
    if not keep.any():
        return []
    row, code, number = row[keep], code[keep], number[keep]
    from geo.render.crowd.rows import origins_of

    table = crowd.order[row]
    ax, ay = _px(*origins_of(crowd.located.origins, code, number), view)
    bx, by = _px(crowd.located.lon[table], crowd.located.lat[table], view)
    # The short way round the globe.
    ax += view.k * np.round((bx - ax) / view.k)
    key = np.zeros(len(row), np.int64)
    for value in (ax, ay, bx, by):
        key = (key << 15) + (np.floor(value / CELL).astype(np.int64) & 0x7FFF)
    _, first, counts = np.unique(key, return_index=True, return_counts=True)
    slot = crowd.slot[row]
    most = int(counts.max())
    arcs = []
    for at in np.argsort(-counts, kind="stable")[:MOST_STREAMS].tolist():
        n = int(first[at])
        start, end = Point(float(ax[n]), float(ay[n])), Point(float(bx[n]), float(by[n]))
        chord = hypot(end.x - start.x, end.y - start.y)
        if chord < 12:
            continue
        # So flat a bow is round to the eye in a dozen steps.
        way = resample([start, end], 13)
        width = NARROWEST + (WIDEST - NARROWEST) * sqrt(int(counts[at]) / most)
        points = bend(way, chord * bow(chord) * (-1 if end.x > start.x else 1))
        arcs.append(Arc({"width": round(width, 2), "slot": int(slot[n]), "fromArea": False}, tuple(points), chord, None))
    return arcs
