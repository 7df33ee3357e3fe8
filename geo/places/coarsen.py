"""Draws everything finer than a rung at that rung, so that a map can be published without pointing at a doorstep."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from math import cos, hypot, radians
from typing import Protocol

from geo.columns import Coded, LocatedTable
from geo.model import Box, Claim, Event, LocatedStory, Location, Place, Position, Precision, Unplaced

_LADDER = tuple(Precision)
RUNGS = (*(rung for rung in Precision if rung.radius_m is not None), Precision.GOVERNORATE, Precision.COUNTRY)
"""What `coarsen` can draw at."""
_NEAR_DEG = 0.25
"""How far the nearest settlement is looked for: 28 km of latitude."""
_GRID_DEG = 0.1
"""Where there is no settlement, positions fall on this grid (11 km of latitude)."""


class Gazetteer(Protocol):
    def cities_in(self, box: Box, limit: int) -> Sequence[Place]: ...
    def area(self, ref: str) -> Place | None: ...
    def countries_around(self, at: Position) -> tuple[str, ...]: ...


class _WithBoxes(Gazetteer, Protocol):
    def countries_around(self, at: Position) -> tuple[str, ...]: ...


def coarsen(located: LocatedStory, rung: Precision, gazetteer: Gazetteer) -> LocatedStory:
    """`located` with every location that is finer than `rung` drawn at `rung`: exact … city, governorate or country.

    The finer position is given up, not hidden: the nearest settlement takes its place, else a coarse grid; and so is what
    the source said of it, which no page and no data then has. At a
    governorate or country, what lies in none that the gazetteer knows becomes unplaced.
    Raises ValueError for another rung.
    """
    coarse = _at(rung, gazetteer)
    where = {event_id: coarse(answer) for event_id, answer in located.where.items()}
    begin: dict[str, list[Location]] = {}
    for sortie in located.sorties:
        begin.setdefault(sortie.event, []).append(sortie.origin)
    events = tuple(
        dataclasses.replace(
            event,
            claim=event.claim if where[event.id] is located.where[event.id] else _told(where[event.id], event.claim),
            origins=_origins(event, begin.get(event.id, []), coarse),
        )
        for event in located.story.events
    )
    return dataclasses.replace(
        located,
        story=dataclasses.replace(located.story, events=events),
        where=where,
        sorties=tuple(
            dataclasses.replace(sortie, origin=origin, target=target)
            for sortie in located.sorties
            if isinstance(origin := coarse(sortie.origin), Location)
            and isinstance(target := coarse(sortie.target), Location)
        ),
    )


def _told(answer: Location | Unplaced, claim: Claim | None) -> Claim | None:
    """A coarse answer as its source might have put it: what it really said is given up with its place."""
    line, column = (claim.line, claim.column) if claim else (None, None)
    if isinstance(answer, Unplaced):
        return None
    if answer.place:
        return Claim(place=answer.place.id, precision=answer.precision, line=line, column=column)
    return Claim(position=answer.position, precision=answer.precision, line=line, column=column)


def _origins(event: Event, placed: Sequence[Location], coarse: Coarse) -> tuple[Claim, ...]:
    """The origins of an event, those that are too fine as they are drawn."""
    if len(placed) != len(event.origins):
        # Some are not placed: which is which is not known any more, but a position is never told.
        return tuple(dataclasses.replace(claim, position=None, radius_m=None) for claim in event.origins)
    return tuple(claim if (found := coarse(at)) is at else _told(found, claim) or Claim() for claim, at in zip(event.origins, placed, strict=True))


def coarsen_table(located: LocatedTable, rung: Precision, gazetteer: Gazetteer) -> LocatedTable:
    """`coarsen` for very many rows: each answer at each position is drawn at `rung` once."""
    import numpy as np

    coarse, table = _at(rung, gazetteer), located.table
    there = ~np.isnan(located.lat)
    keys = np.stack([located.answer.astype(float), np.where(there, located.lat, 999.0), np.where(there, located.lon, 999.0)])
    _, first, of = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    of = of.reshape(-1)
    answers: list[Location | Unplaced] = []
    changed: list[bool] = []
    for row in first.tolist():
        answer = located.answers[located.answer[row]]
        if isinstance(answer, Location):
            answer = dataclasses.replace(answer, position=Position(float(located.lon[row]), float(located.lat[row])))
        answers.append(coarse(answer))
        changed.append(answers[-1] is not answer)
    spots = np.array([a.position if isinstance(a, Location) else (np.nan, np.nan) for a in answers], float).reshape(-1, 2)[of]
    coarser = np.array(changed, bool)[of]
    # A place that is known by its name needs no position; what a row really said is given up.
    by_name = np.array([not isinstance(a, Location) or a.place is not None for a in answers], bool)[of]
    told = [_told(a, None) for a in answers]
    claim = Coded((*table.claim.values, *(dataclasses.replace(c or Claim(), position=None) for c in told)),
                  np.where(coarser, of + len(table.claim.values), table.claim.codes).astype(np.int32))  # fmt: skip
    lat, lon = (np.where(coarser, np.where(by_name, np.nan, spots[:, n]), own) for n, own in ((1, table.lat), (0, table.lon)))
    origins = tuple(tuple(coarse(answer) for answer in found) for found in located.origins)
    bases = table.origins
    if bases is not None:
        claims = tuple(
            tuple(c if new is old else _told(new, c) or Claim() for c, old, new in zip(said, before, after, strict=True))
            for said, before, after in zip(bases.values, located.origins, origins, strict=True)
        )
        bases = Coded(claims, bases.codes)
    return dataclasses.replace(
        located,
        table=dataclasses.replace(table, lat=lat, lon=lon, claim=claim, origins=bases),
        answers=tuple(answers),
        answer=of.astype(np.int32),
        lat=spots[:, 1],
        lon=spots[:, 0],
        origins=origins,
    )


Coarse = Callable[[Location | Unplaced], Location | Unplaced]


def _at(rung: Precision, gazetteer: Gazetteer) -> Coarse:
    if rung not in RUNGS:
        raise ValueError(f"cannot coarsen to {rung}: choose from {', '.join(RUNGS)}")

    def coarse(answer: Location | Unplaced) -> Location | Unplaced:
        if isinstance(answer, Unplaced) or not _finer(answer.precision, rung):
            return answer
        if rung.radius_m is None:
            return _area(answer, rung, gazetteer)
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

    return coarse


def area_at(position: Position, rung: Precision, gazetteer: _WithBoxes) -> Location | Unplaced:
    """The province that holds a position (the country, for that rung), by the nearest settlement; the country where none is near.

    `coarse` where even that is in doubt: at sea, or near a border.
    """
    if rung is Precision.SEA:
        return Unplaced("coarse", "", reason="the sea is not named, and no land stands for it")
    found = _area(
        Location(position, Precision.NOT_STATED), Precision.COUNTRY if rung is Precision.COUNTRY else Precision.GOVERNORATE, gazetteer
    )
    if isinstance(found, Unplaced):
        codes = gazetteer.countries_around(position)
        country = gazetteer.area(f"country:{codes[0]}") if len(codes) == 1 else None
        if country is None:
            return found
        found = Location(country.position, Precision.COUNTRY, country, outline=f"country:{codes[0]}", countries=country.countries)
    return dataclasses.replace(found, reason=f"its source knows it to the {rung}; the {found.precision} of its position is shown")


def _area(answer: Location, rung: Precision, gazetteer: Gazetteer) -> Location | Unplaced:
    near = answer.place or _nearest(answer.position, gazetteer)
    if rung is Precision.COUNTRY:
        codes = answer.countries or (near.countries if near else ())
        ref = f"country:{codes[0]}" if len(codes) == 1 else None
    else:
        ref = f"province:{near.admin1}" if near and near.admin1 else None
    place = gazetteer.area(ref) if ref else None
    if ref is None or place is None:
        return Unplaced("coarse", "", reason=f"no {rung} is known for it")
    return Location(place.position, rung, place, outline=ref, reason=f"coarsened to {rung}", countries=place.countries)


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
