"""The inset that shows where in the world the map lies. Twin of web/src/layer/overview.ts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.geometry.mask import Mask
from geo.geometry.plane import Point, Rect, around, grow, holds, join, meets, rect, unit, within
from geo.render.svg.arcs import Arc
from geo.render.svg.ground import Ground, Line
from geo.render.svg.names import km_across
from geo.render.svg.spots import Spot, around8, centred
from geo.render.svg.type import set_line, stack
from geo.render.svg.view import View, unit_box
from geo.scene.scene import Scene
from geo.scene.text import direction

SHARE, LEAST = 0.22, 96.0
NEAR_KM = 1500.0
"""Below this many km across, the surroundings are shown."""
EDGE, OVER_SCALE = 10.0, 48.0
NAMES = 2


@dataclass(frozen=True, slots=True)
class Overview:
    box: Rect
    """Where it stands in the picture; everything else is in px from its upper left corner."""
    land: list[Line]
    lines: list[tuple[list[Point], int]]
    """Sortie lines from their origin, with their slots."""
    view: Rect
    """What the picture shows."""
    names: list[tuple[Spot, Rect | None, str]]
    """Places that a reader knows: the name, the dot of a capital, the role."""


def overview(
    scene: Scene, ground: Ground, view: View, lines: Sequence[Arc], sites: Sequence[Point], areas: Mask
) -> Overview | None:
    """None where the picture is wide enough to speak for itself, or has no land to show."""
    frame = scene.frame
    near = km_across(scene, view, ground.width) < NEAR_KM
    if not (frame["overview"] or near or any(view.cropped)) or not ground.world:
        return None
    whole = unit_box(frame["overview"] or frame["bounds"])
    width = max(LEAST, round(ground.width * SHARE))
    height = float(round(width * max(0.5, min(0.8, whole.height / whole.width))))
    world = _crop(scene, whole, width / height, view.box)
    k = width / world.width
    inset = View(k, world, ())
    land = ground.coarse(inset, width, height)
    if not land:
        return None
    box = _corner(ground.frame, width, height, lines, sites, areas)
    corner = view.box
    seen = Rect((corner.left - world.left) * k, (corner.top - world.top) * k, (corner.right - world.left) * k,
                (corner.bottom - world.top) * k)  # fmt: skip
    seen = join(seen, around(*seen.middle, 3.0))
    ways = [([inset.px(p) for p in line["path"]], line["slot"]) for line in scene.sorties]
    return Overview(box, land, ways, seen, _names(scene, inset, width, height, seen, [p for way, _ in ways for p in way]))


def _crop(scene: Scene, whole: Rect, aspect: float, view: Rect) -> Rect:
    """As much of the extent as the inset's shape allows, around the view and the lines' origins."""
    wide = whole.height * aspect if whole.width / whole.height > aspect else whole.width
    high = whole.height if whole.width / whole.height > aspect else whole.width / aspect
    around_all = view
    for line in scene.sorties:
        around_all = join(around_all, Rect(*unit(line["path"][0]), *unit(line["path"][0])))
    x = max(whole.left, min(whole.right - wide, around_all.middle.x - wide / 2))
    y = max(whole.top, min(whole.bottom - high, around_all.middle.y - high / 2))
    return rect(x, y, wide, high)


def _corner(
    frame: Rect, width: float, height: float, lines: Sequence[Arc], sites: Sequence[Point], areas: Mask
) -> Rect:
    """The corner with the fewest marks, lines and areas; the left ones hold the scale and come last."""
    points = [p for line in lines for p in line.points[::8]]

    def load(corner: tuple[bool, bool]) -> float:
        left, top = corner
        box = grow(rect(0 if left else frame.right - width, 0 if top else frame.bottom - height, width, height), EDGE)
        held = sum(holds(grow(box, 24), p) for p in sites)
        crossed = sum(holds(grow(box, 30), p) for p in points)
        covered, cells = areas.count(box)
        return 40 * held + 4 * crossed + 48 * covered / cells + left

    left, top = min(((False, False), (True, False), (False, True), (True, True)), key=load)
    x = EDGE if left else frame.right - width - EDGE
    y = EDGE if top else frame.bottom - height - (OVER_SCALE if left else EDGE)
    return rect(x, y, width, height)


def _names(
    scene: Scene, inset: View, width: float, height: float, seen: Rect, taken: Sequence[Point]
) -> list[tuple[Spot, Rect | None, str]]:
    """Two places that a reader knows, where they leave the view's box and the lines free."""
    lang = scene.languages[0]
    left, top, right, bottom = seen
    busy = [rect(left - 2, top - 2, seen.width + 4, 4), rect(left - 2, bottom - 2, seen.width + 4, 4),
            rect(left - 2, top, 4, seen.height), rect(right - 2, top, 4, seen.height)]  # fmt: skip
    busy += [around(p.x, p.y, 3) for p in taken]
    inner = rect(4, 4, width - 8, height - 8)
    found: list[tuple[Spot, Rect | None, str]] = []
    known = [label for label in scene.labels if label.get("capital") or label["role"] in ("country", "sea")]
    for label in sorted(known, key=lambda one: (not one.get("capital", False), one["rank"])):
        said, code = _said(label["names"], lang)
        role = "river" if label["role"] == "sea" else "city"
        block = stack([set_line(said, role, code, 768.0)])
        if block is None:
            continue
        p = inset.px(label["at"][0])
        dot = around(p.x, p.y, 1.75) if label.get("capital") else None
        spots = around8(dot, block, direction(lang) == "rtl") if dot else [centred(p, block)]
        spot = next((one for one in spots if within(one.box, inner) and not any(
            meets(other, one.box) or (dot is not None and meets(other, dot)) for other in busy)), None)  # fmt: skip
        if spot:
            busy.append(spot.box)
            found.append((spot, dot, label["role"]))
            if len(found) == NAMES:
                break
    return found


def _said(names: Mapping[str, Any], lang: str) -> tuple[str, str]:
    value = names.get(lang) or next(iter(names.values()), "")
    said, code = (value, lang) if isinstance(value, str) else value
    return said, lang if code == "und" else code
