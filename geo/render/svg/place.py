"""Gives each label a spot, or gives it up. Same wishes in, same labels out. Twin of web/src/layout/place.ts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geo.geometry.plane import Rect, join, within
from geo.render.svg.spots import Field, Spot


@dataclass(frozen=True, slots=True)
class Wish:
    key: str
    role: str
    spots: Sequence[Spot]
    """Best first; only spots that are right in themselves (on water, on land, inside an area)."""
    fallback: Callable[[], Sequence[Spot]] | None = None
    """An event: when nothing else helps it gets its number in the list, at the best of these spots that is left."""
    apart: float = 0.0
    """No other label of this role nearer than this, in x and y."""
    dot: Rect | None = None
    """A dot of its own (a city)."""
    whole: int = 0
    """Lines of the full label: a spot with fewer has left something out."""


@dataclass(frozen=True, slots=True)
class Label:
    key: str
    role: str
    spot: Spot
    dot: Rect | None = None
    numbered: bool = False
    cut: bool = False
    """A second line had to be left out."""


FORCED = frozenset({"event", "place", "line", "crop"})
"""What these say stands nowhere else on the map: they count, but no limit keeps them out."""


def _fits(spot: Spot, field: Field, inner: Rect, dot: Rect | None = None) -> bool:
    if not within(join(spot.box, dot) if dot else spot.box, inner):
        return False
    if spot.leader:
        a, b = spot.leader
        for t in (0.35, 0.6, 0.85):
            x, y = a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t
            if not field.free(Rect(x, y, x, y), 1):
                return False
    return field.free(spot.box) and (dot is None or field.free(dot, 3))


def place(groups: Sequence[Sequence[Wish]], field: Field, inner: Rect, most: int) -> list[Label]:
    """Wishes in groups, the most important group first; every label lies inside `inner`.

    Within a group of events the one with the fewest free spots goes first; everything else keeps its order. `field`
    holds marks and lines, and takes every label that is placed.
    """
    placed: list[Label] = []

    def put(wish: Wish, spot: Spot, numbered: bool = False) -> None:
        field.add(spot.box)
        if spot.leader:
            field.add_line(spot.leader, 2)
        if wish.dot:
            field.add(wish.dot)
        cut = not numbered and wish.whole > 1 and all(line.role != "sub" for line in spot.block.lines)
        placed.append(Label(wish.key, wish.role, spot, wish.dot, numbered, cut))

    for group in groups:
        queue = list(group)
        if any(wish.fallback for wish in group):
            free = {wish.key: sum(_fits(spot, field, inner) for spot in wish.spots) for wish in group}
            queue.sort(key=lambda wish: free[wish.key])
        for wish in queue:
            if not wish.fallback and wish.role not in FORCED and len(placed) >= most:
                continue
            near = [label.spot.box for label in placed if label.role == wish.role] if wish.apart else []
            spot = next((spot for spot in wish.spots if _fits(spot, field, inner, wish.dot)
                         and all(_apart(box, spot.box, wish.apart) for box in near)), None)  # fmt: skip
            if spot:
                put(wish, spot)
            elif wish.fallback:
                spots = wish.fallback()
                put(wish, next((spot for spot in spots if _fits(spot, field, inner)), spots[0]), numbered=True)
    return placed


def _apart(a: Rect, b: Rect, by: float) -> bool:
    return abs(a.middle.x - b.middle.x) >= by or abs(a.middle.y - b.middle.y) >= by


