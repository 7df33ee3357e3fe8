"""The page's data, packed and opened again by what reads pages."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.read.page import unpacked
from geo.render.packing import in_ascii, inert, packed
from geo.render.page import payload
from geo.scene import text
from tests.scene import factory as make

TEXTS = st.text(max_size=12)
CODES = [{"code": "fr", "name": "Français"}, {"code": "en", "name": "English"}, {"code": "ar", "name": "العربية"}]


def page_of(data: Any) -> bytes:
    return f'<script type="application/json" id="map_x-data">{packed(data)}</script>'.encode()


def told(data: Any) -> Any:
    """What JSON makes of `data`."""
    return json.loads(inert(data))


def each(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({one["code"]: value for one in CODES})


@given(
    each(st.fixed_dictionaries({"a": TEXTS, "b": st.one_of(TEXTS, st.tuples(TEXTS, st.just("fr")))})),
    each(st.fixed_dictionaries({"n": st.fixed_dictionaries({"one": TEXTS, "other": TEXTS})})),
    st.lists(st.one_of(each(TEXTS), st.dictionaries(st.sampled_from(["fr", "x"]), TEXTS), st.none(), st.integers())),
    st.binary(max_size=20),
)
def test_what_is_packed_is_read_back(strings: Any, words: Any, labels: Any, ground: bytes) -> None:
    import base64

    base = {"q": 1, "data": base64.b64encode(ground).decode()}
    data = {"v": 1, "languages": CODES, "strings": strings, "words": words, "labels": labels, "base": base}
    found = unpacked(page_of(data))
    assert found | {"base": base} == told(data)


def test_the_payload_of_a_scene_comes_back_whole() -> None:
    made = make.scene()
    data = {**payload(made, text.page_strings(made)), "base": {"q": 1, "data": ""}}
    found = unpacked(page_of(data))
    assert {key: value for key, value in found.items() if key != "base"} == told(
        {key: value for key, value in data.items() if key != "base"}
    )
    assert list(found["strings"]) == ["fr", "en", "ar"]


@given(st.binary(max_size=64))
def test_the_packed_characters_mean_nothing_to_html_or_json(raw: bytes) -> None:
    assert re.fullmatch(r"[^\s\"'\\&<>/\[\]]*", in_ascii(raw))


def test_a_key_that_stands_for_a_text_is_refused_as_data() -> None:
    data = {"languages": CODES, "strings": {"fr": {}, "en": {}, "ar": {}}, "words": {"fr": {}, "en": {}, "ar": {}}}
    with pytest.raises(ValueError, match="key of the payload"):
        packed({**data, "x": {"$": 1}, "base": {"data": ""}})


@pytest.mark.parametrize(
    "damage", ["[]", "[1,2,3,4]", "[{},[],[],[]]", '[{"languages":[{"code":"fr"}]},["fr"],["a"],[],[]]']
)
def test_parts_that_do_not_fit_are_damage(damage: str) -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = packer.compress(damage.encode()) + packer.flush()
    page = f'<script type="application/json" id="map_x-data">{inert({"v": 1, "deflate": in_ascii(raw), "ground": ""})}</script>'
    with pytest.raises(Exception, match="damaged") as caught:
        unpacked(page.encode())
    assert type(caught.value).__name__ == "_Damaged"
