"""Draws everything finer than a rung at that rung, so that a map can be published without pointing at a doorstep."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from math import cos, hypot, radians
from typing import Protocol

from geo.model import Box, LocatedStory, Location, Place, Position, Precision, Unplaced

_LADDER = tuple(Precision)
_NEAR_DEG = 0.25
"""How far the nearest settlement is looked for: 28 km of latitude."""
_GRID_DEG = 0.1
"""Where there is no settlement, positions fall on this grid (11 km of latitude)."""


class Gazetteer(Protocol):
    def cities_in(self, box: Box, limit: int) -> Sequence[Place]: ...


def coarsen(located: LocatedStory, rung: Precision, gazetteer: Gazetteer) -> LocatedStory:
    """`located` with every location that is finer than `rung` drawn at `rung`: exact … city.

    The finer position is given up, not hidden: the nearest settlement takes its place, else a coarse grid.
    Raises ValueError for a rung wider than a city.
    """
    if rung.radius_m is None:
        raise ValueError(f"cannot coarsen to {rung}: choose a rung from exact to city")

    def coarse(answer: Location | Unplaced) -> Location | Unplaced:
        if isinstance(answer, Unplaced) or not _finer(answer.precision, rung):
            return answer
        place = _nearest(answer.position, gazetteer)
        position = place.position if place else _snapped(answer.position)
        return Location(
            position=position,
            precision=rung,
            place=place,
            name={} if place else {"und": f"{position.lat:.1f}, {position.lon:.1f}"},
            radius_m=rung.radius_m,
            reason=f"coarsened to {rung}",
            countries=place.countries if place else answer.countries,
        )

    return dataclasses.replace(
        located,
        where={event_id: coarse(answer) for event_id, answer in located.where.items()},
        sorties=tuple(
            dataclasses.replace(sortie, origin=coarse(sortie.origin), target=coarse(sortie.target))
            for sortie in located.sorties
        ),
    )


def _finer(precision: Precision, rung: Precision) -> bool:
    # A bare position claims no precision, but it may be exact: it is treated as the finest.
    return precision is Precision.NOT_STATED or _LADDER.index(precision) < _LADDER.index(rung)


def _nearest(position: Position, gazetteer: Gazetteer) -> Place | None:
    lon, lat = position
    shrink = max(0.05, cos(radians(lat)))
    reach = min(_NEAR_DEG / shrink, 179.0)
    box = Box(lon - reach, max(-90.0, lat - _NEAR_DEG), lon + reach, min(90.0, lat + _NEAR_DEG))
    near = gazetteer.cities_in(box, 200)
    return min(
        near,
        key=lambda place: (hypot((place.position[0] - lon) * shrink, place.position[1] - lat), place.id),
        default=None,
    )


def _snapped(position: Position) -> Position:
    return Position(
        round(round(position.lon / _GRID_DEG) * _GRID_DEG, 1), round(round(position.lat / _GRID_DEG) * _GRID_DEG, 1)
    )
