"""The published schema and the reader are one declaration: what an editor underlines, the reader refuses."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from geo.errors import InputError
from geo.read.declared import EVENT, STORY
from geo.read.story import read_story, schema

CASES = Path(__file__).parents[1] / "cases" / "story"
STORIES = [*sorted(CASES.glob("sound*.yaml")), *sorted((Path(__file__).parents[2] / "maps").glob("*.yaml"))]


@pytest.fixture(scope="module")
def validator() -> Any:
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: a date is a text, and so is `no`."""


Core.yaml_implicit_resolvers = {}
for tag, rule, first in (
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", list("-+.0123456789")),
    ("merge", r"^<<$", ["<"]),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rule), first)


def as_an_editor_reads(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=Core)


def accepted(data: Any) -> bool:
    try:
        read_story("story.yaml", yaml.safe_dump(data, allow_unicode=True).encode())
    except InputError:
        return False
    return True


def test_the_published_schema_is_the_readers() -> None:
    published = files("geo").joinpath("data", "story.schema.json").read_text("utf-8")
    assert json.loads(published) == schema(), "write it anew: python -m geo.read.declared > geo/data/story.schema.json"


def test_every_key_has_words_for_the_editor_to_show() -> None:
    properties = [schema()["properties"], schema()["$defs"]["event"]["properties"]]
    for found in properties:
        for key, value in found.items():
            assert len(value["description"]) > 9, key


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_sound_story_is_sound_to_both(path: Path, validator: Any) -> None:
    read_story(path)
    assert [error.message for error in validator.iter_errors(as_an_editor_reads(path))] == []


SOUND: dict[str, Any] = {
    "title": "T",
    "lang": "en",
    "sources": {"a": {"publisher": "A"}},
    "actors": {"b": {"name": "B"}},
    "events": [{"id": "one", "date": "2015-11-17", "place": "Raqqa", "sources": [{"id": "a", "quote": "q"}]}],
}
WRONG: dict[str, tuple[tuple[str | int, ...], Any]] = {
    "a list for a text": (("title",), ["T"]),
    "a mapping with no language": (("title",), {"a": "x"}),
    "an empty mapping for a text": (("title",), {}),
    "an unknown key of the story": (("tilte",), "T"),
    "an unknown key of an event": (("events", 0, "plcae"), "Raqqa"),
    "an unknown key of a source": (("sources", "a", "link"), "x"),
    "an unknown key of an actor": (("actors", "b", "color"), "x"),
    "an unknown key of a receipt": (("events", 0, "sources", 0, "quot"), "x"),
    "a text in no language": (("events", 0, "title:x"), "T"),
    "a slug with capitals": (("slug",), "Raqqa"),
    "a word for a number": (("events", 0, "strikes"), "ten"),
    "less than nothing": (("events", 0, "strikes"), -1),
    "half a strike": (("events", 0, "strikes_min"), 1.5),
    "a range with other keys": (("events", 0, "strikes"), {"low": 1}),
    "a list for a range": (("events", 0, "killed"), [1, 2]),
    "a kind of its own": (("events", 0, "kind"), "bombing"),
    "a status of its own": (("events", 0, "status"), "sure"),
    "a precision of its own": (("events", 0, "precision"), "roughly"),
    "a date with slashes": (("events", 0, "date"), "17/11/2015"),
    "a date as a list": (("events", 0, "date"), ["2015"]),
    "a year before the aeroplane": (("events", 0, "date"), 44),
    "a clock with 25 hours": (("events", 0, "time"), "25:00"),
    "a script for a link": (("events", 0, "source_url"), "javascript:alert(1)"),
    "a colour that is none": (("actors", "b", "colour"), "url(x)"),
    "an id with a blank": (("events", 0, "id"), "two words"),
    "a source without a word": (("sources", "a"), {"language": "fr"}),
    "a receipt without a source": (("events", 0, "sources"), [{"quote": "q"}]),
    "a frame of three": (("frame",), [1, 2, 3]),
    "a frame off the globe": (("frame",), [1, 2, 300, 4]),
    "a frame that is a name": (("frame",), "Syria"),
    "no events": (("events",), []),
    "events by name": (("events",), {"one": {"date": "2015-11-17"}}),
    "an event that is a text": (("events", 0), "Raqqa was struck"),
    "an event of no date and no place": (("events", 0), {"title": "T"}),
    "an origin of nothing": (("events", 0, "origin"), {"precision": "country"}),
    "a mission with other keys": (("events", 0, "mission"), {"id": "m", "flown": 1}),
    "a correction without a date": (("corrections",), [{"text": "x"}]),
    "a location with other keys": (("events", 0, "location"), {"town": "Raqqa"}),
    "a latitude beyond the pole": (("events", 0, "lat"), 91),
    "neither true nor false": (("events", 0, "as_published"), "maybe"),
}


def test_the_story_that_is_made_wrong_is_sound(validator: Any) -> None:
    assert accepted(SOUND)
    assert validator.is_valid(SOUND)


@pytest.mark.parametrize("name", WRONG)
def test_what_the_schema_refuses_the_reader_refuses(name: str, validator: Any) -> None:
    path, value = WRONG[name]
    data = deepcopy(SOUND)
    holder: Any = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    if path[-1] == "lat":
        holder["lon"] = 39
        holder.pop("place")
    assert (accepted(data), validator.is_valid(data)) == (False, False)


@pytest.mark.parametrize("key", [*sorted(STORY.keys.keys() - {"events"}), *(f"events.{key}" for key in EVENT.keys)])
def test_an_empty_key_is_as_good_as_none(key: str, validator: Any) -> None:
    data = deepcopy(SOUND)
    holder: Any = data["events"][0] if key.startswith("events.") else data
    name = key.removeprefix("events.")
    if key == "sources":
        data["events"][0].pop("sources")
    holder[name] = None
    assert accepted(data)
    assert validator.is_valid(data)
