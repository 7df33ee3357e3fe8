"""Who must be named on a map: the makers of a table, and the publishers of places that are not bundled."""

from __future__ import annotations

from collections.abc import Iterable

from geo.columns import Table
from geo.model import Location, Unplaced

NOT_BUNDLED = ("user:", "online:")
"""What the ids of places begin with whose publishers must be named on the map."""


def attributions_of(used: Iterable[Location | Unplaced]) -> tuple[str, ...]:
    """Who must be named for the places among `used` that are not bundled."""
    places = [answer.place for answer in used if isinstance(answer, Location) and answer.place]
    return tuple(sorted({place.source for place in places if place.id.startswith(NOT_BUNDLED) and place.source}))


def credit(table: Table) -> tuple[str, ...]:
    """What the data set's makers ask to stand on every map of it."""
    profile = table.profile
    if not profile.citation:
        return ()
    parts = [profile.citation]
    if table.accessed:
        parts.append(f"accessed {table.accessed}")
    if profile.withheld:
        parts.append(f"left out by its terms: {', '.join(profile.withheld)}")
    return ("; ".join(parts),)
