"""YAML becomes a tree of texts that know their line; what is no story's YAML is refused in one line."""

from __future__ import annotations

from itertools import pairwise

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import Fault, InputError
from geo.read.faults import Faults
from geo.read.yamltree import Items, Limits, Node, Scalar, Table, parse


def tree(text: str | bytes, limits: Limits = Limits()) -> Node:  # noqa: B008
    faults = Faults("story.yaml")
    node = parse(text.encode() if isinstance(text, str) else text, faults, limits)
    faults.raise_any()
    return node


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.pairs.items()}


def refusal(text: str | bytes, limits: Limits = Limits()) -> Fault:  # noqa: B008
    with pytest.raises(InputError) as refused:
        tree(text, limits)
    (fault,) = refused.value.faults
    return fault


def test_scalars_stay_text() -> None:
    text = "{a: no, b: 12:30, c: 017, d: 2015-11-17, e: 1e3, f: .nan, g: 0x1F, h: 1_000, i: ~}"
    assert plain(tree(text)) == {
        "a": "no", "b": "12:30", "c": "017", "d": "2015-11-17", "e": "1e3", "f": ".nan", "g": "0x1F", "h": "1_000",
        "i": "~",
    }  # fmt: skip


def test_only_an_unquoted_null_is_empty() -> None:
    node = tree('[~, null, "null", "", , x]'.replace(", ,", ","))
    assert isinstance(node, Items)
    assert [item.empty for item in node.items] == [True, True, False, False, False]


def test_every_node_knows_its_line_and_column() -> None:
    node = tree("a: 1\nb:\n  - x\n  - {c: ü, d: y}\n")
    assert isinstance(node, Table)
    key, value = node.pairs["b"]
    assert key == (2, 1)
    assert isinstance(value, Items)
    inner = value.items[1]
    assert isinstance(inner, Table)
    assert inner.mark == (4, 5)
    assert inner.pairs["d"][0] == (4, 12)


SOUND = "title: Zürich الرقة\nevents:\n- date: 2015\n"


@pytest.mark.parametrize(
    "data",
    [
        SOUND.encode(),
        b"\xef\xbb\xbf" + SOUND.encode(),
        SOUND.encode("utf-16"),
        b"\xfe\xff" + SOUND.encode("utf-16-be"),
        SOUND.encode("utf-32"),
        SOUND.replace("\n", "\r\n").encode(),
        SOUND.replace("\n", "\r").encode(),
        b"# comment\n---\n" + SOUND.encode(),
        SOUND.encode() + b"...\n",
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-be", "utf-32", "crlf", "cr", "comment", "end"],
)
def test_the_usual_encodings_and_line_ends_are_one_story(data: bytes) -> None:
    assert plain(tree(data)) == {"title": "Zürich الرقة", "events": [{"date": "2015"}]}


@pytest.mark.parametrize(
    ("data", "line", "column", "word"),
    [
        ("a: 1\nb: Mösul\n".encode("latin-1"), 2, 5, "0xf6"),
        (b"a: 1\nb: No\xff\xfete\n", 2, 6, "0xff"),
        (b"a: 1\nb: No\x00te\n", 2, 6, "U+0000"),
        (b"a: 1\nb: No\x07te\n", 2, 6, "U+0007"),
        ("a: 1\nb: No\x9fte\n".encode(), 2, 6, "U+009F"),
        (b'a: 1\nb: "\\ud800"\n', 2, None, ""),
        ("a: 1\nb: x\n".encode("utf-16-le"), 1, 2, "U+0000"),
    ],
)
def test_bytes_that_are_no_text_are_named_with_their_line(
    data: bytes, line: int, column: int | None, word: str
) -> None:
    fault = refusal(data)
    assert fault.line == line
    assert column is None or fault.column == column
    assert word in fault.message


def test_merged_keys_give_way_to_the_mappings_own() -> None:
    text = "- &a {x: 1, y: 2}\n- &b {y: 3, z: 4}\n- {<<: [*a, *b], x: own}\n"
    assert plain(tree(text)) == [{"x": "1", "y": "2"}, {"y": "3", "z": "4"}, {"y": "2", "z": "4", "x": "own"}]


def test_a_quoted_double_arrow_is_a_key_like_any_other() -> None:
    assert plain(tree('{"<<": 1}')) == {"<<": "1"}


LETTERS = "abcdefghi"
BOMBS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in pairwise(LETTERS)),
    "merges": "a: &a {k: 1}\n"
    + "".join(f"{b}: &{b} {{<<: [{','.join(['*' + a] * 9)}]}}\n" for a, b in pairwise(LETTERS)),
    "an anchor in itself": "x: &x [*x]\n",
    "many aliases": "a: &a x\nb: [" + "*a," * 100_000 + "]",
    "a million brackets": "events: " + "[" * 1_000_000,
    "closed brackets": "events: " + "[" * 100_000 + "]" * 100_000,
    "braces": "events: " + "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "question marks": "? " * 100_000,
    "deep indentation": "".join(" " * n + "a:\n" for n in range(3_000)),
    "values": "events: [" + "x," * 3_900_000 + "]",
    "keys": "{" + ",".join(f"k{n}: 1" for n in range(500_000)) + "}",
    "one text": "title: " + "word " * 1_500_000,
    "digits": "lat: " + "9" * 7_900_000,
    "one key": "? " + "k" * 7_900_000 + "\n: 1\n",
    "documents": "--- a\n" * 100_000,
    "bytes": " " * 9_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_a_limit_and_in_one_line(name: str) -> None:
    # What it costs is measured by tests/bench/bombs.py.
    fault = refusal(BOMBS[name])
    assert fault.code in {"alias", "aliases", "depth", "size", "long", "documents"}
    assert len(str(fault)) < 200


def test_tags_are_refused_and_standard_ones_do_nothing() -> None:
    assert plain(tree("[!!str 1, !!int '2', !!map {a: ! b}]")) == ["1", "2", {"a": "b"}]
    for tag in ("!!python/object/apply:os.system", "!!python/name:os.system", "!!binary", "!!set", "!include", "!env"):
        assert refusal(f"a: {tag} x\n").code == "tag"


@given(st.binary(max_size=200))
def test_no_bytes_bring_anything_but_a_tree_or_an_input_error(data: bytes) -> None:
    try:
        tree(data)
    except InputError as error:
        assert error.faults


@settings(max_examples=300)
@given(st.text(st.sampled_from("ab:-?&*!|>'\"%@`{}[],#<=~ \n\t.\\0é"), max_size=60))
def test_no_punctuation_brings_anything_but_a_tree_or_an_input_error(text: str) -> None:
    try:
        tree(text)
    except InputError as error:
        assert error.faults


values = st.recursive(
    # PyYAML itself does not read back the line ends that YAML 1.1 had.
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcä<- ", max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_pyyaml_writes_is_read_back_with_or_without_its_c_parser(value: object) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert plain(tree(text)) == value
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader", raising=False)
        assert plain(tree(text)) == value
