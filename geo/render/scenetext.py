"""The scene as text: what is drawn and why, line by line. Golden files are read by people before pages are compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geo.errors import visible
from geo.scene.scene import Entry, Location, Scene, Unplaced


def render_scene_text(scene: Scene) -> bytes:
    """UTF-8, LF; stable for the same scene. Long coordinate lists are given as counts and ends."""
    return ("\n".join(_lines(scene)) + "\n").encode("utf-8", "backslashreplace")


def _lines(scene: Scene) -> Iterator[str]:
    counts = scene.counts
    yield f"scene {scene.story.slug} ({', '.join(scene.languages)})"
    yield (
        f"  {counts.events} events = {counts.pinned} pinned + {counts.areas} areas + {counts.unplaced} unplaced"
        f" + {counts.refused} refused; {counts.sorties} sorties; {counts.outside} outside the map"
    )
    yield f"frame core {_box(scene.frame['core'])}"
    yield f"  bounds {_box(scene.frame['bounds'])}"
    yield f"  overview {_box(scene.frame['overview']) if scene.frame['overview'] else 'none'}"
    for actor in scene.actors:
        yield f"actor slot {actor.slot}: {actor.actor.id if actor.actor else 'others, unknown'}"
    for entry in scene.entries:
        yield from _entry(entry)
    for index, site in enumerate(scene.sites):
        yield f"site {index} {'area' if site['area'] else 'spot'} {site['place']} {_point(site['at'])}"
        yield f"  events {', '.join(site['events'])}"
        yield f"  names {_names(site['names'])}"
        if site["sub"]:
            yield f"  below {_names(site['sub'])}"
    for mark in scene.marks:
        radius = f"outline {mark['shape']}" if mark["shape"] else f"radius {mark['radius_m']} m"
        number = f", strikes {mark['n'][0]}-{mark['n'][1]}" if mark["n"] else ""
        yield (
            f"mark {mark['id']} at site {mark['site']}: {mark['kind']}, {mark['precision']}, {radius},"
            f" slot {mark['slot']}, {mark['status']}{number}"
        )
    for area in scene.areas:
        edge = "solid" if area["solid"] else "dashed"
        yield f"area {area['id']}: {area['shape']}, {area['kind']}, slot {area['slot']}, hatch {area['angle']}°, {edge} edge"
    for origin in scene.origins:
        kind = f"area {origin['shape']}" if origin["shape"] else "node"
        yield f"origin {origin['place']}: {kind}, {_names(origin['names'])}"
    for line in scene.sorties:
        path = line["path"]
        yield (
            f"sortie {line['id']} of mission {line['mission']}: {line['origin']} -> site {line['site']}, width {line['width']},"
            f" {len(path)} points {_point(path[0])} -> {_point(path[-1])}"
        )
        if line["label"]:
            yield f"  label {_names(line['label'])}"
        yield f"  where cropped {_names(line['cropLabel'])}"
    for label in scene.labels:
        yield f"label {label['role']} {label['rank']} {_names(label['names'])} {_point(label['at'][0])}"
    for layer in scene.base.get("layers", ()):
        yield f"layer {layer['name']}: {layer['type']}, {sum(layer['parts'])} lines"


def _entry(entry: Entry) -> Iterator[str]:
    event, answer = entry.event, entry.answer
    where = "on the map" if entry.on_map else "outside the map" if isinstance(answer, Location) else "not placed"
    yield f"event {entry.number} {event.id}: {event.kind}, {event.date.edtf or 'undated'}, {entry.placement}, {where}, slot {entry.slot}"
    if isinstance(answer, Unplaced):
        yield f"  {answer.code}: {visible(answer.words)!r} {answer.reason}".rstrip()
    else:
        place = answer.place.id if answer.place else "position"
        yield f"  {place} {_point(answer.position)} known to {answer.precision}; {answer.reason}".rstrip("; ")
    for receipt in event.receipts:
        yield f"  source {receipt.source.id}"


def _box(box: Any) -> str:
    return "{} {} .. {} {}".format(*box)


def _point(point: Any) -> str:
    return f"({round(float(point[0]), 3)}, {round(float(point[1]), 3)})"


def _names(names: Any) -> str:
    if isinstance(names, str):
        return names
    return " | ".join(visible(value if isinstance(value, str) else f"{value[0]} [{value[1]}]") for value in names.values())
