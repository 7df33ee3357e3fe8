"""No key is read and then forgotten: each one changes the story that it stands in."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest
import yaml

from geo.model import Story
from geo.read import declared
from geo.read.shapes import Record
from geo.read.story import read_story

BASE: dict[str, Any] = {
    "lang": "en",
    "sources": {"a": {"publisher": "A"}},
    "actors": {"b": {"name": "B"}},
    "corrections": [{"date": "2015-12-01", "text": "C"}],
    "tables": [{"file": "rows.csv"}],
    "events": [{"date": "2015-11-17", "sources": [{"id": "a", "quote": "q"}], "location": {"admin1": "X"}}],
}
WHERE = {
    "place": "Raqqa",
    "admin2": "D",
    "admin1": "P",
    "country": "SY",
    "lat": 1,
    "lon": 2,
    "precision": "town",
    "radius_m": 7,
}
# Record → where it stands in BASE, and a value for each of its keys (with what else a key needs beside it).
VALUES: dict[str, tuple[Record, tuple[str | int, ...], dict[str, Any]]] = {
    "story": (declared.STORY, (), {
        "title": "T", "summary": "S", "slug": "other", "lang": "fr", "languages": ["en", "fr"], "date": "2015-11-18", "zone": "UTC",
        "frame": [1, 2, 3, 4], "coarsen": "town", "url": "https://e.org/map.html", "sources": {"a": {"publisher": "Z"}}, "actors": {"c": "C"}, "corrections": [],
        "tables": "other.csv", "events": [{"date": "1943"}],
    }),
    "table": (declared.TABLE, ("tables", 0), {
        "file": "other.csv", "as": "ucdp", "columns": {"date": "When"}, "dates": "dmy", "where": {"actor": ["B"]}, "from": "2015",
        "to": "2016", "accessed": "2016-01-02",
    }),
    "event": (declared.EVENT, ("events", 0), {
        **WHERE, "id": "i", "kind": "crash", "date": "2015", "date_end": "2015-11-18", "time": "03:30", "title": "T",
        "location": {"place": "L"}, "actor": "b", "against": "G", "mission": "m", "origin": "O", "origin_lat": 3, "origin_lon": 4,
        "origin_precision": "exact", "aircraft": "F", "aircraft_count": 2, "weapon": "W", "strikes": 1, "strikes_min": 1,
        "strikes_max": 2, "killed": 1, "killed_min": 1, "killed_max": 2, "status": "declared", "note": "N", "sources": [],
        "source_publisher": "P", "source_title": "T", "source_url": "https://e.org/", "source_archived_url": "https://e.org/a",
        "source_published": "2015", "quote": "Q", "quote_language": "fr", "as_published": True,
    }),
    "location": (declared.EVENT.keys["location"].shape, ("events", 0, "location"), WHERE),
    "receipt": (declared.RECEIPT, ("events", 0, "sources", 0), {"id": "z", "quote": "Q", "language": "fr", "translation": "T"}),
    "source": (declared.SOURCE, ("sources", "a"), {
        "publisher": "P", "title": "T", "url": "https://e.org/", "archived_url": "https://e.org/a", "published": "2015",
        "accessed": "2015", "language": "fr",
    }),
    "actor": (declared.ACTOR, ("actors", "b"), {"name": "N", "colour": "#123456"}),
    "correction": (declared.CORRECTION, ("corrections", 0), {"date": "2015-12-02", "text": "X", "event": "e1"}),
}  # fmt: skip
# What must stand beside a key for it to mean anything, before and after it is set.
BESIDE: dict[str, dict[str, Any]] = {
    "lat": {"lat": 8, "lon": 9}, "lon": {"lat": 9, "lon": 8}, "origin_lat": {"origin_lat": 8, "origin_lon": 9},
    "origin_lon": {"origin_lat": 9, "origin_lon": 8}, "origin_precision": {"origin": "O"}, "quote": {"sources": ["a"]},
    "quote_language": {"sources": ["a"], "quote": "q"}, "precision": {"place": "P"}, "radius_m": {"place": "P"},
}  # fmt: skip


def read(data: dict[str, Any]) -> Story:
    return read_story("s.yaml", yaml.safe_dump(data, sort_keys=False).encode())


def at(data: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def shown(story: Story) -> str:
    """The model without the lines it came from."""
    return re.sub(r"(line|column)=\d+", "", repr(story))


@pytest.mark.parametrize("name", VALUES)
def test_every_key_of_a_record_is_tried(name: str) -> None:
    record, _, values = VALUES[name]
    assert set(values) == set(record.keys)


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, (_, _, values) in VALUES.items() for key in values])
def test_every_key_changes_the_story(name: str, key: str) -> None:
    _, path, values = VALUES[name]
    before = deepcopy(BASE)
    before["sources"]["z"] = {"publisher": "Z"}
    if name == "event" and key in WHERE:
        before["events"][0].pop("location")
    if name == "story" and key == "sources":
        before["events"][0].pop("sources")
    if name in ("event", "location"):
        at(before, path).update(BESIDE.get(key, {}))
    after = deepcopy(before)
    at(after, path)[key] = values[key]
    assert shown(read(before)) != shown(read(after))
