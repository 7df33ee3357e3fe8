"""GeoJSON (RFC 7946): one feature a mark, the facts and receipts as properties.

Sortie lines carry the geodesic, not the bow that a map draws; areas are polygons; unplaced events have no geometry.
The places that lines begin and end at stand once in the foreign member `places`, so that a line can be checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo.render.carried import Told
from geo.scene.scene import Counts, Entry, Location, Range, Receipt, Scene, Story, Text, Unplaced, When

DIGITS = 5


def render_geojson(scene: Scene) -> bytes:
    """A FeatureCollection in UTF-8, one feature a line, the same bytes for the same scene."""
    features = [_event(entry, scene) for entry in scene.entries]
    features += _sorties(scene)
    return collection(scene.story, scene, scene.counts, scene.attributions, places_of(scene), map(as_json, features))


def collection(
    story: Story, told: Told, counts: Counts, attributions: Sequence[str], places: Mapping[str, Any], features: Iterable[str]
) -> bytes:
    """The whole file of features that are written already."""
    head: dict[str, Any] = {"title": text_in(story.title, told.languages[0]), "slug": story.slug, "counts": counts.as_dict()}
    if attributions:
        head["attributions"] = list(attributions)
    lines = ",\n".join(features)
    members = [f'"strikemap":{as_json(head)}', f'"places":{as_json(places)}', f'"features":[\n{lines}\n]']
    return ('{"type":"FeatureCollection",\n' + ",\n".join(members) + "}\n").encode("utf-8")


def _event(entry: Entry, scene: Scene) -> dict[str, Any]:
    event, answer = entry.event, entry.answer
    return {
        "type": "Feature",
        "id": event.id,
        "geometry": _geometry(entry, scene),
        "properties": {
            "id": event.id,
            "kind": event.kind.value,
            "title": text_in(event.title, scene.languages[0]),
            **dates_of(event.date),
            "actor": text_in(event.actor.name, scene.languages[0]) if event.actor else None,
            **where_of(answer, scene),
            "status": event.status.value,
            **range_of("strikes", event.strikes),
            **range_of("killed", event.killed),
            "time": event.time,
            "against": text_in(event.against, scene.languages[0]),
            "note": text_in(event.note, scene.languages[0]),
            "weapon": text_in(event.weapon, scene.languages[0]),
            "mission": event.mission or (event.id if entry.sorties else None),
            "aircraft": text_in(event.aircraft, scene.languages[0]),
            "aircraft_count": number_of(event.aircraft_count),
            "on_map": entry.on_map,
            "sources": [receipt_of(receipt, scene) for receipt in event.receipts],
        },
    }


def _geometry(entry: Entry, scene: Scene) -> dict[str, Any] | None:
    answer = entry.answer
    if isinstance(answer, Unplaced):
        return None
    if answer.precision.pinned and not answer.outline:
        return {"type": "Point", "coordinates": [round(float(v), DIGITS) + 0.0 for v in answer.position]}
    return polygon_of(answer)


def polygon_of(answer: Location) -> dict[str, Any]:
    from geo.geometry import areas, shapes

    geom = (
        areas.outline(answer.outline)
        if answer.outline
        else areas.circle(answer.position, answer.drawn_radius_m or 0.0)
    )
    return shapes.geojson(geom, DIGITS)


def line_of(path: Any) -> dict[str, Any]:
    """A line in degrees, cut where it crosses ±180."""
    from geo.geometry import arcs

    parts = [[[round(x, DIGITS) + 0.0, round(y, DIGITS) + 0.0] for x, y in part] for part in arcs.cut_antimeridian(path)]
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def _sorties(scene: Scene) -> list[dict[str, Any]]:
    lines = {line["id"]: line for line in scene.sorties}
    features = []
    for entry in scene.entries:
        for sortie in entry.sorties:
            # A line whose target lies outside the map is data all the same.
            path = lines[sortie.id]["path"] if sortie.id in lines else _path(sortie)
            features.append(
                {
                    "type": "Feature",
                    "id": sortie.id,
                    "geometry": line_of(path),
                    "properties": {
                        "id": sortie.id,
                        "kind": "sortie",
                        "mission": sortie.mission,
                        "event": sortie.event,
                        "actor": text_in(entry.event.actor.name, scene.languages[0]) if entry.event.actor else None,
                        "origin": place_id(sortie.origin),
                        "target": place_id(sortie.target),
                        "route": "unknown",
                        **_own_count(entry),
                    },
                }
            )
    return features


def _path(sortie: Any) -> Any:
    from geo.scene.build import sortie_path

    return sortie_path(sortie)


def _own_count(entry: Entry) -> dict[str, Any]:
    """The number of aircraft, only where it was stated for this very line: the mission's one and only."""
    count = number_of(entry.event.aircraft_count)
    return {"aircraft_count": count} if len(entry.sorties) == 1 and count is not None else {}


def places_of(scene: Scene) -> dict[str, Any]:
    ends = (location for entry in scene.entries for sortie in entry.sorties for location in (sortie.origin, sortie.target))
    found = {place_id(location): place_of(location, scene) for location in ends}
    return dict(sorted(found.items()))


def place_of(location: Location, told: Told) -> dict[str, Any]:
    """What a line begins or ends at."""
    from geo.geometry import areas, shapes

    outline = location.outline
    return {
        "name": location.place.name(told.languages[0])[0] if location.place else None,
        "precision": location.precision.value,
        "position": [round(float(v), DIGITS) + 0.0 for v in location.position],
        "radius_m": location.drawn_radius_m,
        "outline": shapes.geojson(areas.outline(outline), DIGITS) if outline else None,
    }


def where_of(answer: Location | Unplaced, scene: Told) -> dict[str, Any]:
    if isinstance(answer, Unplaced):
        return {
            "place": answer.words or None,
            "place_id": None,
            "precision": None,
            "radius_m": None,
            "unplaced": answer.code,
        }
    name = answer.place.name(scene.languages[0])[0] if answer.place else text_in(answer.name, scene.languages[0])
    return {
        "place": name,
        "place_id": answer.place.id if answer.place else None,
        "precision": answer.precision.value,
        "radius_m": answer.drawn_radius_m if answer.precision.pinned else None,
        "unplaced": None,
    }


def place_id(location: Location) -> str:
    if location.place:
        return location.place.id
    lon, lat = location.position
    return f"{lon:.5f},{lat:.5f}"


def dates_of(when: When) -> dict[str, Any]:
    return {
        "date_start": when.first.isoformat() if when.first else None,
        "date_end": when.last.isoformat() if when.last else None,
        "date_precision": when.precision,
        "date_edtf": when.edtf or None,
    }


def range_of(name: str, value: Range | None) -> dict[str, Any]:
    return {f"{name}_min": value.low if value else None, f"{name}_max": value.high if value else None}


def number_of(value: Range | None) -> int | str | None:
    """An exact number as a number, a range as the words of a range."""
    if value is None:
        return None
    if value.low == value.high:
        return value.low
    return f"{'' if value.low is None else value.low}-{'' if value.high is None else value.high}"


def receipt_of(receipt: Receipt, scene: Told) -> dict[str, Any]:
    source = receipt.source
    return {
        "id": source.id,
        "publisher": text_in(source.publisher, scene.languages[0]),
        "title": text_in(source.title, scene.languages[0]),
        "url": source.url,
        "archived_url": source.archived_url,
        "published": source.published.edtf if source.published else None,
        "accessed": source.accessed.edtf if source.accessed else None,
        "quote": receipt.quote,
        "language": receipt.language or source.language,
    }


def text_in(text: Text | None, lang: str) -> str | Mapping[str, str] | None:
    """A text as a string; one in several languages as the page's own (the story holds the others)."""
    if not text:
        return None
    return text.get(lang) or next(iter(text.values()))


def as_json(value: Any) -> str:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in written)
