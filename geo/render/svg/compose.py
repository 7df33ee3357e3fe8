"""Everything that a picture of one size shows, in px from its upper left corner. Twin of web/src/layer/compose.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.geometry.plane import Point, Rect, around, grow, rect
from geo.render.svg.arcs import Arc, arcs
from geo.render.svg.ground import Ground
from geo.render.svg.marks import QUESTION, Hatch, Placement, each, hatches, placements
from geo.render.svg.names import Writer, ground_wishes, story_wishes
from geo.render.svg.overview import Overview, overview
from geo.render.svg.place import Label, place
from geo.render.svg.scale import Bar, scale_bar
from geo.render.svg.spots import Field
from geo.render.svg.view import View, fit
from geo.scene import text
from geo.scene.scene import Scene
from geo.scene.style import MOST_LABELS, arrow_head, size_class


@dataclass(frozen=True, slots=True)
class Picture:
    lang: str
    width: float
    height: float
    view: View
    ground: Ground
    hatches: list[Hatch]
    marks: list[Placement]
    arcs: list[Arc]
    nodes: list[tuple[Point, int]]
    """Pinned origins, with their slots."""
    tints: list[tuple[str, int]]
    """Outlines of origins that are areas, with their slots."""
    labels: list[Label]
    bar: Bar | None
    overview: Overview | None


def compose(scene: Scene, width: float, height: float) -> Picture:
    """The same picture for the same scene and size."""
    frame = Rect(0.0, 0.0, width, height)
    view = fit(scene.frame, width, height)
    # Symbols and bows have their size in pixels: what they need shows only once a scale is chosen.
    for _ in range(2):
        marks, lines = _marks_and_arcs(scene, Ground({}, view, width, height), view, frame)
        edges = [p for mark in each(marks) for p in ((mark.box.left, mark.box.top), (mark.box.right, mark.box.bottom))]
        if not any(view.cropped):
            edges += [p for line in lines for p in line.points[::16]]
        k, corner = view.k, view.box
        view = fit(scene.frame, width, height, [Point(corner.left + x / k, corner.top + y / k) for x, y in edges])
    ground = Ground(scene.base, view, width, height)
    marks, lines = _marks_and_arcs(scene, ground, view, frame)
    bar = scale_bar(view, width, height, scene.languages[0])
    drawn = each(marks)
    stands = [mark.stand for mark in drawn] + [view.px(site["at"]) for site in scene.sites if site["area"]]
    struck = ground.mask([ring for shape in dict.fromkeys(area["shape"] for area in scene.areas) for ring in ground.shape(shape)])
    inset = overview(scene, ground, view, lines, stands, struck)
    flown = {line["origin"] for line in scene.sorties}
    origins = [origin for origin in scene.origins if origin["place"] in flown]
    nodes = [(view.px(origin["at"]), origin["slot"]) for origin in origins if not origin["shape"]]
    return Picture(
        scene.languages[0], width, height, view, ground, hatches(scene), drawn, lines, nodes,
        [(origin["shape"], origin["slot"]) for origin in origins if origin["shape"]],
        _labels(scene, ground, view, marks, lines, [p for p, _ in nodes], [one.box for one in (bar, inset) if one]), bar, inset,
    )  # fmt: skip


def _marks_and_arcs(
    scene: Scene, ground: Ground, view: View, frame: Rect
) -> tuple[list[Placement | None], list[Arc]]:
    marks = placements(scene, ground, view, frame.width)
    return marks, arcs(scene, marks, view, frame)


def taken(
    frame: Rect, marks: Sequence[Placement], lines: Sequence[Arc], nodes: Sequence[Point], over: Sequence[Rect]
) -> Field:
    """Where no label may stand: on marks, badges, discs, lines with their heads, nodes, and what lies over the map."""
    field = Field(frame.width, frame.height)
    for mark in marks:
        for g in mark.glyphs:
            field.add(around(g.x, g.y, g.reach))
            if g.unknown:
                field.add(rect(g.x + g.reach, g.y - g.reach - 5, QUESTION, 12))
        if mark.badge:
            field.add(mark.badge.box)
        if mark.disc and mark.disc.r > 6:
            field.add(around(mark.disc.x, mark.disc.y, mark.disc.r * 0.8))
    for line in lines:
        field.add_line(line.points, line.sortie["width"] + 3)
        field.add(around(*line.points[-1], arrow_head(line.sortie["width"])[0] * 0.7))
    for p in nodes:
        field.add(around(p.x, p.y, 4))
    for box in over:
        field.add(grow(box, 4))
    return field


def _labels(
    scene: Scene, ground: Ground, view: View, marks: Sequence[Placement | None], lines: Sequence[Arc],
    nodes: Sequence[Point], over: Sequence[Rect],
) -> list[Label]:  # fmt: skip
    size = size_class(ground.width)
    writer = Writer(scene, ground, view, marks, lines, list_numbers(scene))
    events, origins, crops, missions = story_wishes(writer)
    rest = ground_wishes(writer)
    field = taken(ground.frame, each(marks), lines, nodes, over)
    # Words at the edge have few places and events some more: whichever order serves both better.
    orders = [[events, origins, crops, missions]]
    if crops:
        orders += [[crops, missions, events, origins], [missions, crops, events, origins]]
    elif missions:
        orders.append([missions, events, origins])
    best: tuple[int, list[Label], Field] | None = None
    for groups in orders:
        trial = field.copy()
        placed = place(groups, trial, writer.inner, MOST_LABELS[size])
        cost = 6 * (len(crops) + len(missions) - sum(label.role in ("crop", "line") for label in placed))
        cost += sum(10 * label.numbered + (label.spot.anchor == "leader") + 2 * label.cut
                    for label in placed if label.role == "event")  # fmt: skip
        if best is None or cost < best[0]:
            best = cost, placed, trial
    assert best is not None
    _, placed, field = best
    return [*placed, *place(rest, field, writer.inner, MOST_LABELS[size] - len(placed))]


def list_numbers(scene: Scene) -> Mapping[str, int]:
    """The number that each event has in the list of the page."""
    listed: list[Any] = [entry for _, entries in text.sections(scene) for entry in entries]
    return {entry.event.id: number for number, entry in enumerate(listed, start=1)}


