"""Sortie lines as they are drawn: bowed, trimmed at their target, and where the picture crops them. Twin of web/src/layer/arcs.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import atan2, hypot
from typing import Any

from geo.geometry.bows import Chord, bend, resample, sagittas
from geo.geometry.plane import Point, Rect, holds
from geo.render.svg.marks import Placement, each
from geo.render.svg.piles import clearance
from geo.render.svg.view import View
from geo.scene.scene import Scene
from geo.scene.style import TIP_GAP

SAMPLES = 96
MOST_LINES = 60


@dataclass(frozen=True, slots=True)
class Arc:
    sortie: Mapping[str, Any]
    points: tuple[Point, ...]
    """px, from the origin to the tip."""
    chord: float
    crop: tuple[Point, Point] | None
    """Where the line comes into the picture, and the way back to its origin; None when it begins within."""


def arcs(scene: Scene, marks: Sequence[Placement | None], view: View, frame: Rect) -> list[Arc]:
    sorties = _kept(scene.sorties, marks)
    places = [site["place"] for site in scene.sites]
    others = [view.px(site["at"]) for site in scene.sites]
    px = [resample([view.px(p) for p in line["path"]], SAMPLES) for line in sorties]
    out: dict[int, Arc] = {}
    # Sites that share a pile share its arrivals too; a site without a mark (an area) stands for itself.
    ends = list(dict.fromkeys(_end(marks, line["site"]) for line in sorties))
    for end in ends:
        lines = [n for n, line in enumerate(sorties) if _end(marks, line["site"]) == end]
        chords = []
        for n in lines:
            first, last, before = px[n][0], px[n][-1], px[n][int(SAMPLES * 0.85)]
            returns = any(other is not sorties[n] and other["origin"] == places[sorties[n]["site"]]
                          and places[other["site"]] == sorties[n]["origin"] for other in sorties)  # fmt: skip
            chords.append(Chord(first, last, atan2(before.y - last.y, before.x - last.x), returns))
        bows = sagittas(chords, _emptier(chords[0].start, chords[0].end, others))
        own = mark.circles if (mark := marks[end]) else []
        foreign = [circle for other in each(marks) if other is not mark for circle in other.circles]
        for n, chord, whole in zip(lines, chords, bows, strict=True):
            # None under a foreign symbol: a lone line may change sides, any line may bend less or more.
            turned = (-1.0, -0.8, -1.2) if len(lines) == 1 and not chord.returns else ()
            ways = [whole * f for f in (1.0, 0.8, 1.2, 0.6, *turned, 0.4)]
            ways = [way for way in ways if abs(way) <= 0.12 * chord.length + 0.01]
            clear = next((way for way in ways if _is_clear(bend(px[n], way)[:-4], foreign)), whole)
            out[n] = _finish(sorties[n], bend(px[n], clear), chord.length, own, frame)
    return [out[n] for n in sorted(out)]


def _kept(sorties: Sequence[Mapping[str, Any]], marks: Sequence[Placement | None]) -> list[Mapping[str, Any]]:
    """All lines; of very many only one between the same origin and the same pile."""
    if len(sorties) <= MOST_LINES:
        return list(sorties)
    return list({(line["origin"], _end(marks, line["site"])): line for line in reversed(sorties)}.values())[::-1]


def _end(marks: Sequence[Placement | None], site: int) -> int:
    """The first of the sites that share the pile of `site`."""
    mark = marks[site]
    return mark.sites[0] if mark else site


def _is_clear(points: Sequence[Point], foreign: Sequence[tuple[float, float, float]]) -> bool:
    return bool((clearance(foreign, points) >= 4).all())


def _emptier(a: Point, b: Point, others: Sequence[Point]) -> int:
    """The side with fewer marks; with no difference, the bow goes up."""
    reach, middle = hypot(b.x - a.x, b.y - a.y), Point((a.x + b.x) / 2, (a.y + b.y) / 2)
    balance = 0
    for p in others:
        if hypot(p.x - middle.x, p.y - middle.y) < reach:
            side = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
            balance += (side > 0) - (side < 0)
    return (-1 if balance > 0 else 1) if balance else (-1 if b.x > a.x else 1)


def _finish(
    sortie: Mapping[str, Any], bent: Sequence[Point], chord: float, own: Sequence[tuple[float, float, float]], frame: Rect
) -> Arc:
    points = resample(bent, 3 * SAMPLES)
    near = clearance(own, points) < TIP_GAP
    stop = int(near.argmax())
    if near.any() and stop > 1:
        points = points[:stop]
    enters = 0 if holds(frame, points[0]) else next((i for i, p in enumerate(points) if holds(frame, p)), 0)
    return Arc(sortie, tuple(points), chord, (points[enters], points[0]) if enters else None)
