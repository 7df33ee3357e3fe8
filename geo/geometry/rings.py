"""Closed rings of points: what lies inside a box, and how large it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.geometry.packed import Coordinates


def ring_area(ring: Coordinates) -> float:
    """Signed area of a closed ring in square degrees; counterclockwise is positive."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def clip_ring(ring: Coordinates, window: Sequence[float]) -> Coordinates:
    """A closed ring cut to a box, half-plane by half-plane (Sutherland and Hodgman 1974); empty if nothing is left.

    A ring that leaves the box and comes back elsewhere stays one ring, joined along the box's edge: right for an
    even-odd fill, and nothing that a reader of the box can see.
    """
    points = ring[:-1]
    for axis, limit, sign in ((0, window[0], 1), (0, window[2], -1), (1, window[1], 1), (1, window[3], -1)):
        if not len(points):
            break
        away = (points[:, axis] - limit) * sign
        inside = away >= 0
        if inside.all():
            continue
        if not inside.any():
            points = points[:0]
            break
        following = np.roll(points, -1, axis=0)
        next_away = np.roll(away, -1)
        crosses = inside != np.roll(inside, -1)
        share = np.divide(away, away - next_away, out=np.zeros_like(away), where=crosses)
        cut = points + (following - points) * share[:, None]
        cut[:, axis] = limit
        both = np.stack([points, cut], axis=1).reshape(-1, 2)
        points = both[np.stack([inside, crosses], axis=1).ravel()]
    if len(points) < 3:
        return np.empty((0, 2))
    return np.concatenate([points, points[:1]])
