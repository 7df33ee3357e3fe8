"""Bows of sortie lines, as drawing: pixels, y down, angles in radians growing clockwise. Twin of web/src/layout/bows.ts.

A sagitta is the height of the bow over the chord's middle; positive lies to the right of the flight. A quadratic of
sagitta s over a chord c leaves and meets its chord at atan(4 s / c).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan, hypot, pi, radians, tan

from geo.geometry.plane import Point

AIM = radians(20.0)
"""Arrivals are ≥ 18° apart; the tip lies short of the target, where the tangent has turned back a little."""
MOST = 0.12
STRAIGHT_BELOW = 60.0


@dataclass(frozen=True, slots=True)
class Chord:
    start: Point
    end: Point
    back: float
    """Direction from the target back along the line before it is bowed (a geodesic is not its chord)."""
    returns: bool = False
    """Another line flies the other way between the same two places: both keep to their right."""

    @property
    def length(self) -> float:
        return hypot(self.end.x - self.start.x, self.end.y - self.start.y)


def bow(chord: float) -> float:
    """Sagitta over chord for a line of `chord` px: longer bends more, the shortest stay straight."""
    return 0.0 if chord < STRAIGHT_BELOW else min(MOST, 0.06 + 0.04 * chord / 300)


def _lean(ratio: float) -> float:
    return atan(4 * ratio)


def _fan(backs: Sequence[float]) -> tuple[list[int], float, list[float]]:
    """Indices by direction, beginning after the widest gap; that gap; and directions that only grow in that order."""
    turn = [back % (2 * pi) for back in backs]
    order = sorted(range(len(turn)), key=lambda i: (turn[i], i))
    gap, first = -1.0, 0
    for i, line in enumerate(order):
        room = (turn[line] - turn[order[i - 1]]) % (2 * pi)
        if room > gap:
            gap, first = room, i
    order = order[first:] + order[:first]
    start = turn[order[0]]
    return order, gap, [t + 2 * pi if t < start else t for t in turn]


def sagittas(chords: Sequence[Chord], emptier: int) -> list[float]:
    """Signed sagittas in px for the lines of one target.

    The outer two bow outwards and inner ones less; then neighbours are pushed apart until they arrive ≥ 18° apart, as
    far as the greatest bow allows. `emptier` is the side of a lone line: 1 right of the flight, -1 left.
    """
    n = len(chords)
    px = [chord.length for chord in chords]
    if n == 1:
        return [px[0] * bow(px[0]) * (1 if chords[0].returns else emptier)]
    order, gap, turn = _fan([chord.back for chord in chords])
    # A bow to the right of the flight turns the direction back anticlockwise: lean and sagitta have opposite signs.
    at = []
    for i, line in enumerate(order):
        most = _lean(bow(px[line]))
        at.append(-most if chords[line].returns else most * (2 * i / (n - 1) - 1))
    limit = [0.0 if px[line] < STRAIGHT_BELOW else _lean(MOST) for line in order]
    # Many lines from one bearing cannot all stand so far apart: then as far as the greatest bows let them.
    aim = AIM
    for i in range(n):
        for j in range(i + 1, n):
            aim = min(aim, (turn[order[j]] + limit[j] - turn[order[i]] + limit[i]) / (j - i))
    for _ in range(400):
        moved = False
        for i in range(n):
            after = (i + 1) % n
            room = turn[order[after]] + at[after] - turn[order[i]] - at[i] + (2 * pi if after == 0 else 0.0)
            if room >= aim - 1e-4 or (after == 0 and gap < aim):
                continue
            at[i] = max(-limit[i], min(limit[i], at[i] + (room - aim) / 2))
            at[after] = max(-limit[after], min(limit[after], at[after] + (aim - room) / 2))
            moved = True
        if not moved:
            break
    out = [0.0] * n
    for i, line in enumerate(order):
        out[line] = -tan(at[i]) / 4 * px[line] + 0.0
    return out


def bend(path: Sequence[Point], sagitta: float) -> list[Point]:
    """The path with the bow added: each point moves right of the chord by 4 t (1 - t) sagitta."""
    a, b = path[0], path[-1]
    dx, dy = b.x - a.x, b.y - a.y
    chord = hypot(dx, dy)
    if not chord or not sagitta:
        return list(path)
    bent = []
    for p in path:
        t = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (chord * chord)
        off = 4 * t * (1 - t) * sagitta / chord
        bent.append(Point(p.x - dy * off, p.y + dx * off))
    return bent


def resample(path: Sequence[Point], n: int) -> list[Point]:
    """`n` points evenly along a line, ends exact."""
    sums = [0.0]
    for a, b in zip(path, path[1:], strict=False):
        sums.append(sums[-1] + hypot(b.x - a.x, b.y - a.y))
    out: list[Point] = []
    i = 1
    for step in range(n):
        s = sums[-1] * step / (n - 1)
        while i < len(path) - 1 and sums[i] < s:
            i += 1
        long = sums[i] - sums[i - 1]
        part = (s - sums[i - 1]) / long if long else 0.0
        a, b = path[i - 1], path[i]
        out.append(Point(a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part))
    return out
