"""Text is text, in every output: nothing that a story says becomes an element, an attribute, code, a link or a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import folium
import pytest
from branca.element import Element

import geo
from geo.api import BuildOptions, Built, build_story
from geo.errors import InputError
from geo.read.page import read_page
from geo.render.csv import FORMULA
from support.hostile import TEXTS, plain, write

FORMATS = ("html", "svg", "geojson", "csv", "embed", "fragment")
KEPT = [text for text in TEXTS if text.strip("\ufeff \t\n\u2028") and text not in ("null",)]
"""Blank texts are no texts."""


class Page(HTMLParser):
    """Tags, names of attributes, addresses and the words of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.links: set[str] = set()
        self.words: list[str] = []
        self.feed(page.decode("utf-8"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes[f"{tag} {name}"] += 1
            if name in ("href", "src", "action", "data", "srcdoc"):
                self.links.add((value or "").split("#")[0])

    def handle_data(self, data: str) -> None:
        if not self.cdata_elem:
            self.words.append(data)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("hostile")
    return build_story(write(folder / "hostile.yaml", KEPT), BuildOptions(formats=FORMATS))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("harmless")
    texts = [f"Nowhereville {n}" for n in range(len(KEPT))]
    return build_story(write(folder / "harmless.yaml", texts), BuildOptions(formats=FORMATS))


def test_no_text_becomes_an_element_or_an_attribute(hostile: Built, harmless: Built) -> None:
    mine, twin = Page(hostile.outputs["html"]), Page(harmless.outputs["html"])
    assert set(mine.tags) <= set(twin.tags)
    assert {name for name in mine.attributes if name.split()[1].startswith(("on", "style", "srcdoc"))} == set()
    names = [{name.split()[1] for name in page.attributes} for page in (mine, twin)]
    # Words that run the other way say so; legends differ with what was placed.
    assert names[0] <= names[1] | {"dir", "stroke-dasharray"}
    assert mine.tags["script"] == twin.tags["script"] and mine.tags["style"] == twin.tags["style"]
    assert mine.links == twin.links


def test_every_text_stands_in_the_page_as_it_was_written(hostile: Built) -> None:
    words = {plain(text) for text in Page(hostile.outputs["html"]).words}
    whole = plain(" ".join(Page(hostile.outputs["html"]).words))
    lost = [text for text in KEPT if plain(text) not in words and plain(text) not in whole]
    assert lost == []


def test_every_text_comes_back_from_geojson_csv_and_the_page(hostile: Built) -> None:
    found = json.loads(hostile.outputs["geojson"])["features"]
    assert [one["properties"]["note"] for one in sorted(found, key=lambda one: int(one["id"][1:]))] == [t.strip() for t in KEPT]
    rows = list(csv.DictReader(io.StringIO(hostile.outputs["csv"].decode("utf-8"), newline="")))
    told = [cell[1:] if cell[:1] == "'" and FORMULA.match(cell[1:]) else cell for cell in (row["note"] for row in rows)]
    assert told == [text.strip() for text in KEPT]
    carried = read_page("hostile.html", hostile.outputs["html"]).located.story
    assert [event.note["en"] for event in carried.events if event.note] == [text.strip() for text in KEPT]


def test_no_template_language_is_evaluated(hostile: Built) -> None:
    for name in FORMATS:
        # The packed data is not read here: by chance it has any four characters.
        told = re.sub(rb'<script type="application/json".*?</script>', b"", hostile.outputs[name], flags=re.DOTALL)
        assert not re.search(rb"6967871", told), name


@pytest.mark.parametrize("name", ["svg", "embed", "fragment"])
def test_snippets_and_pictures_hold_no_foreign_element(hostile: Built, harmless: Built, name: str) -> None:
    mine, twin = Page(hostile.outputs[name]), Page(harmless.outputs[name])
    assert set(mine.tags) <= set(twin.tags)
    assert {attribute for attribute in mine.attributes if attribute.split()[1].startswith("on")} == set()
    if name == "svg":
        ElementTree.fromstring(hostile.outputs[name])


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "\udfff tail", "\x07", "\x1b[31m"], ids=ascii)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"events:\n  - {{date: 2015, title: {json.dumps(text)}}}\n")
    try:
        built = build_story(path, BuildOptions(formats=("html", "svg")))
    except InputError as error:
        (fault,) = error.faults
        assert (fault.line, bool(fault.cure)) == (2, True)
        assert str(fault).isprintable()
    else:
        # YAML can write a control character; no parser of HTML or XML lets a NUL through as it is.
        assert b"\0" not in built.outputs["html"] + built.outputs["svg"]
        ElementTree.fromstring(built.outputs["svg"])


def strings_of(element: Element) -> list[str]:
    """Every string in an object tree of folium, wherever it is kept."""
    found: list[str] = []
    seen: set[int] = set()

    def walk(value: Any) -> None:
        if id(value) in seen:
            return
        seen.add(id(value))
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for key, one in value.items():
                walk(key)
                walk(one)
        elif isinstance(value, list | tuple | set):
            for one in value:
                walk(one)
        elif isinstance(value, Element):
            walk(vars(value))

    walk(element)
    return found


def test_no_text_is_inside_any_folium_object(tmp_path: Path) -> None:
    marked = [f"zqz{text}" for text in KEPT[:40]]
    story = write(tmp_path / "hostile.yaml", marked)
    theirs = folium.Map(tiles=None)
    for layer in (geo.StrikeLayer, geo.SortieLayer, geo.AreaLayer):
        layer(story).add_to(theirs)
    mine = geo.StrikeMap(story)
    for tree in (theirs.get_root(), mine.folium.get_root()):
        told = strings_of(tree)
        assert len(told) > 20
        assert [text[:80] for text in told if "zqz" in text] == []
    page = theirs.get_root().render()
    assert "zqz" not in page
