"""A built page gives its story back, whole; a page from a stranger gives one fault at most."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.api import BuildOptions, build_story, load
from geo.errors import InputError
from geo.read.page import FORMAT, read_page
from geo.render.packing import in_ascii
from geo.reopen import open_data, reopen
from support.program import ROOT, STORY, Built, run_strikemap

STORIES = [STORY, *sorted((ROOT / "tests/cases/maps").glob("*.yaml")), *sorted((ROOT / "tests/cases/story").glob("sound*.yaml"))]
_DATA = re.compile(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.stem)
def test_a_page_gives_the_data_that_its_story_gives(story: Path, tmp_path: Path) -> None:
    built = build_story(story, BuildOptions(formats=("html", "geojson", "csv")))
    page = tmp_path / "map.html"
    page.write_bytes(built.outputs["html"])
    again = open_data(page, ("geojson", "csv"))
    assert again.outputs["geojson"] == built.outputs["geojson"]
    assert again.outputs["csv"] == built.outputs["csv"]
    assert (again.slug, again.account) == (built.slug, built.account)


def test_texts_numbers_and_receipts_come_back_as_they_were(story_map: Built) -> None:
    before, after = load(STORY), read_page(story_map.html).located.story
    assert after.title == before.title
    assert [event.id for event in after.events] == [event.id for event in before.events]
    for one, other in zip(before.events, after.events, strict=True):
        for name in ("date", "time", "title", "note", "against", "aircraft", "aircraft_count", "strikes", "killed", "status", "actor"):
            assert getattr(one, name) == getattr(other, name), (one.id, name)
        assert [r.quote for r in one.receipts] == [r.quote for r in other.receipts]
        assert [r.source for r in one.receipts] == [r.source for r in other.receipts]
    assert after.corrections == before.corrections


def test_what_a_page_carries_is_small(story_map: Built) -> None:
    def size(data: Any) -> int:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
        return len(in_ascii(packer.compress(json.dumps(data, ensure_ascii=False).encode()) + packer.flush()))

    data = dict(story_map.data)
    whole = size(data)
    del data["carried"]
    assert whole - size(data) <= 3_072


def test_the_program_gives_the_data_of_a_page(story_map: Built, tmp_path: Path) -> None:
    done = run_strikemap("data", story_map.html)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.encode() == story_map.geojson.read_bytes()
    done = run_strikemap("data", story_map.html, "-f", "geojson,csv", "-o", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["2015-11-17-raqqa.csv", "2015-11-17-raqqa.geojson"]
    assert run_strikemap("data", story_map.html, "-f", "html").returncode == 2
    done = run_strikemap("data", story_map.html, "--max-bytes", "1000")
    assert done.returncode == 2 and "larger than 1,000 bytes" in done.stderr


def test_raw_leaves_the_apostrophes_out(tmp_path: Path) -> None:
    story = tmp_path / "s.yaml"
    story.write_text("title: T\nevents:\n  - {date: 2015, place: Raqqa, title: '=1+1'}\n")
    assert run_strikemap("build", story, "-o", tmp_path / "m.html").returncode == 0
    assert ",'=1+1," in run_strikemap("data", tmp_path / "m.html", "-f", "csv").stdout
    assert ",=1+1," in run_strikemap("data", tmp_path / "m.html", "-f", "csv", "--raw").stdout
    assert ",'=1+1," in run_strikemap("build", story, "-f", "csv", "-o", "-").stdout
    assert ",=1+1," in run_strikemap("build", story, "-f", "csv", "-o", "-", "--raw").stdout


def refused(page: str | bytes) -> str:
    """The code of the one fault."""
    with pytest.raises(InputError) as error:
        read_page("map.html", page if isinstance(page, bytes) else page.encode("utf-8", "surrogatepass"))
    (fault,) = error.value.faults
    assert fault.file == "map.html" and fault.message and fault.cure
    return fault.code


def put(page: str, data: Any) -> str:
    """`page` with other data in it, unpacked."""
    text = data if isinstance(data, str) else json.dumps(data).replace("<", "\\u003c")
    return _DATA.sub(lambda found: found[1] + text + found[3], page)


def test_what_is_no_map_of_ours_is_said_in_one_fault(story_map: Built) -> None:
    assert refused("") == "no_page"
    assert refused("<html>") == "no_page"
    assert refused(b"\xff\xfe\x00") == "no_page"
    assert refused(story_map.page[: len(story_map.page) // 20]) == "no_page"
    old = {name: value for name, value in story_map.data.items() if name != "carried"}
    assert refused(put(story_map.page, old)) == "old_page"
    newer = {**story_map.data, "carried": {"v": FORMAT + 1, "anything": "else"}}
    assert refused(put(story_map.page, newer)) == "newer"


CHANGES: dict[str, Callable[[Any], Any]] = {
    "no events": lambda block: block.pop("events"),
    "events are text": lambda block: block.update(events="x"),
    "no place": lambda block: block.update(places={}),
    "no source": lambda block: block.update(sources=[]),
    "an id twice": lambda block: block["events"].append(block["events"][0]),
    "a slug that climbs": lambda block: block["story"].update(slug="../../etc/passwd"),
    "an unknown kind": lambda block: block["events"][0]["event"].update(kind="drone"),
    "a date that is none": lambda block: block["events"][0]["event"].update(date="2015-02-30"),
    "a number that is huge": lambda block: block["events"][0]["event"].update(strikes={"low": 1e300, "high": 1}),
    "a key of no text": lambda block: block["events"][0]["event"].update(title="e999.title"),
    "a latitude of 91": lambda block: block["events"][0].update(answer={"position": [0, 91], "precision": "city"}),
    "a colour that runs": lambda block: block["actors"][0].update(colour="url(x)"),
    "a language that is none": lambda block: block["story"].update(lang="<b>"),
    "a list for a mapping": lambda block: block.update(places=[1]),
    "version as text": lambda block: block.update(v="1", events=None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_data_that_does_not_fit_is_one_fault(story_map: Built, change: Callable[[Any], Any]) -> None:
    data = json.loads(json.dumps(story_map.data))
    change(data["carried"])
    assert refused(put(story_map.page, data)) == "damaged"


def test_an_address_that_a_story_would_not_take_is_dropped(story_map: Built) -> None:
    data = json.loads(json.dumps(story_map.data))
    data["carried"]["sources"][0]["url"] = "javascript:alert(1)"
    page = read_page("map.html", put(story_map.page, data).encode())
    assert page.located.story.sources[0].url is None


def test_an_outline_that_is_not_known_here_is_one_fault(story_map: Built, tmp_path: Path) -> None:
    data = json.loads(json.dumps(story_map.data))
    for place in data["carried"]["places"].values():
        if "outline" in place:
            place["outline"] = "province:XX-99"
    path = tmp_path / "map.html"
    path.write_text(put(story_map.page, data))
    with pytest.raises(InputError, match="use the strikemap that built the page"):
        reopen(path)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 100_000, "9" * 100_000, "NaN", "{", '"x"', '{"deflate":5,"ground":""}'], ids=lambda t: t[:6])
def test_json_bombs_are_one_fault(story_map: Built, text: str) -> None:
    began = time.process_time()
    assert refused(put(story_map.page, text)) == "damaged"
    assert time.process_time() - began < 2


def test_a_page_that_unpacks_to_gigabytes_is_refused_at_once(story_map: Built) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b"".join(packer.compress(b" " * 1_000_000) for _ in range(300)) + packer.flush()
    bomb = {"v": 1, "deflate": in_ascii(raw), "ground": ""}
    began = time.process_time()
    assert refused(put(story_map.page, bomb)) == "bomb"
    assert time.process_time() - began < 2


@settings(max_examples=150)
@given(st.data())
def test_no_damage_is_more_than_a_fault(story_map: Built, data: Any) -> None:
    """Any value of the carried block replaced by any JSON."""
    block = json.loads(json.dumps(story_map.data))
    spots: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            spots.append((node, key))
            walk(node[key])

    walk(block["carried"])
    holder, key = data.draw(st.sampled_from(spots))
    holder[key] = data.draw(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5)
        | st.lists(st.integers(), max_size=2) | st.dictionaries(st.text(max_size=3), st.none(), max_size=2))  # fmt: skip
    try:
        read_page("map.html", put(story_map.page, block).encode("utf-8", "surrogatepass"))
    except InputError as error:
        assert len(error.faults) == 1
