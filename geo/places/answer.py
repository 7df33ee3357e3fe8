"""What `strikemap locate` says about a name, as data."""

from __future__ import annotations

from typing import Any

from geo.model import Claim, Location, Place, Position, Precision, Unplaced
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import Bounds, bounds_within, candidates_for, locate_within
from geo.places.sphere import km


def answer(name: str, gazetteer: Gazetteer, within: str | None = None) -> dict[str, Any]:
    """The object of `locate --json` for one name; `within` is a country or place that it must lie in.

    Raises `errors.UsageError` with a plain sentence when `within` itself is not understood.
    """
    bounds = bounds_within(within, gazetteer) if within else Bounds()
    found = locate_within(Claim(place=name, name={"und": name}), bounds, gazetteer)
    return describe(name, found, candidates_for(name, bounds, gazetteer))


def describe(query: str, found: Location | Unplaced, others: tuple[Place, ...] = ()) -> dict[str, Any]:
    """The JSON object of one answer. `candidates` holds every bearer of the name, best first.

    An ambiguous or unknown answer has no position of its own: `id`, `lat` and `lon` are null.
    """
    out: dict[str, Any] = {"query": query}
    if isinstance(found, Location):
        place = found.place
        precision = found.precision
        radius = found.radius_m if found.radius_m is not None else precision.radius_m
        out |= {
            "status": "found",
            "id": place.id if place else None,
            "name": place.name("en")[0] if place else query,
            "kind": place.kind if place else "position",
            "lat": round(found.position.lat, 6),
            "lon": round(found.position.lon, 6),
            "precision": str(precision),
            "radius_m": radius if precision is not Precision.NOT_STATED else None,
            "country": found.countries[0] if len(found.countries) == 1 else None,
            "admin1": place.admin1 if place else None,
            "reason": "; ".join((found.reason, *found.warnings)),
        }
        first: Position | None = found.position
        listed = [place, *(p for p in others if p is not place)] if place else list(others)
    else:
        listed = [c.place for c in found.candidates] or list(others)
        first = listed[0].position if listed else None
        out |= {
            "status": "ambiguous" if found.code == "ambiguous" else "unknown",
            **dict.fromkeys(("id", "name", "kind", "lat", "lon", "precision", "radius_m", "country", "admin1")),
            "reason": found.reason,
        }
    out["candidates"] = [_candidate(p, km(first, p.position) if first else 0.0) for p in listed]
    return out


def _candidate(place: Place, far: float) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name("en")[0],
        "kind": place.kind,
        "lat": round(place.position.lat, 6),
        "lon": round(place.position.lon, 6),
        "km": round(far, 1),
        "precision": str(place.precision),
        "country": place.countries[0] if len(place.countries) == 1 else None,
        "admin1": place.admin1,
        "population": place.population or None,
        "source": place.source or None,
    }
