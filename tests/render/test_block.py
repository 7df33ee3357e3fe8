"""Columns as inert text: whatever goes in comes out again in Python and in a page's own script, and it stays small."""

from __future__ import annotations

import json
import math
import re
import subprocess
from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import build_hook
from geo.columns import Coded
from geo.read import block as reading
from geo.render import packing
from geo.render.crowd import alike, predict
from geo.render.crowd.block import CHUNK, EXACT, MANY, Block, Table
from geo.render.crowd.planes import in_ascii

NASTY = (
    "", "\0", "a\0", "</script>", "<!--", "]]>", "\ud800", "x\udc00y", "😀", "\u2028", "\ufeffbom", "'\"\\", "عربي", "{{7*7}}",
    "r1", "0", "00", "007",
)  # fmt: skip
VALUES = [*NASTY, None, ["Alep", "fr"], 5, -1.5, True, False, [], {"a": [None]}]
SIZES = (0, 1, 2, CHUNK - 1, CHUNK, CHUNK + 1, MANY + 1, 70_000)

Case = dict[str, Any]
"""Name of a column → what stands in its rows."""


def coded(values: list[Any]) -> Coded[Any]:
    known: dict[Any, int] = {}
    codes = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
    return Coded(tuple(known), np.array(codes, np.int32))


def filled(table: Table, chance: Random) -> Case:
    """Every kind of column in a table, and what must come out of it."""
    n = table.n
    found: Case = {}

    def put(name: str, values: list[Any], add: Callable[[], None]) -> None:
        found[name] = values
        add()

    few = [chance.choice([-1, 0, 1, 2]) for _ in range(n)]
    put("few", [None if c < 0 else NASTY[c] for c in few], lambda: table.codes("few", few, values=list(NASTY)))
    pairs = [["a", "fr"], "b", None, 4]
    given = [chance.randrange(4) for _ in range(n)]
    put("pairs", [pairs[c] for c in given], lambda: table.codes("pairs", given, values=pairs))
    rows = [chance.choice([-1, 0, 1, 2, 300]) for _ in range(n)]
    put("of", [None if c < 0 else c for c in rows], lambda: table.codes("of", rows, of="other"))
    new = [max(0, number - chance.randrange(5)) // 2 for number in range(n)]
    texts = [f"value {number} of many" for number in new]
    put("new", texts, lambda: table.texts("new", coded(texts)))
    # Foretold, down a chain: by `new`, and that by what it foretells.
    second = [None if number % 7 == 0 else f"{number * 7919 % 997}" for number in new]
    put("second", second, lambda: table.texts("second", coded(second)))
    third = [None if one is None else "odd" * (int(one) % 2) for one in second]
    put("third", third, lambda: table.texts("third", coded(third)))
    several = [chance.choice(NASTY) for _ in range(n)]
    put("nasty", several, lambda: table.texts("nasty", coded(several)))
    anything = [chance.choice(VALUES) for _ in range(n)]
    put("anything", anything, lambda: table.texts("anything", anything))
    ids = [f"r{number:07d}" for number in range(n)]
    put("ids", ids, lambda: table.texts("ids", coded(ids)))
    holes = [None if number % 5 == 3 else str(number * 31 % 100_003) for number in range(n)]
    put("holes", holes, lambda: table.texts("holes", coded(holes)))
    notes = [f"{chance.random()} {chance.choice(NASTY)}" for _ in range(n)]
    put("notes", notes, lambda: table.texts("notes", coded(notes)))
    names = [chance.choice([f"place {number}", ["Alep", "fr"], None, "a\x7fb"]) for number in range(n)]
    put("name@a", names, lambda: table.texts("name@a", names))
    told = [one[0] if isinstance(one, list) else one for one in names]
    places = [one if chance.random() < 0.5 else f"at {text}, X" for one, text in zip(names, told, strict=True)]
    put("name@b", places, lambda: table.texts("name@b", places))
    others = [
        chance.choice([place, "x", 0, [0], {"a": 1}]) if row % 300 == 5 else place for row, place in enumerate(places)
    ]
    put("name@c", others, lambda: table.texts("name@c", others))
    put("count", list(range(5, 5 + n)), lambda: table.ints("count", range(5, 5 + n), delta=True))
    wide = [chance.choice([EXACT, -EXACT, 0, -1, 255, 2**31, -(2**40)]) for _ in range(n)]
    put("wide", wide, lambda: table.ints("wide", wide))
    put("steps", wide, lambda: table.ints("steps", wide, delta=True))
    degrees = [round(chance.uniform(-180, 180), 4) for _ in range(n)]
    put("degrees", degrees, lambda: table.decimals("degrees", degrees))
    some = [None if number % 3 else value for number, value in enumerate(degrees)]
    put("some", some, lambda: table.decimals("some", [math.nan if value is None else value for value in some]))
    floats = [chance.choice([None, -0.0, 1e300, 5e-324, 0.1, 1 / 3, chance.random()]) for _ in range(n)]
    put("floats", floats, lambda: table.decimals("floats", [math.nan if value is None else value for value in floats]))
    return found


def case(n: int) -> tuple[str, Case]:
    block = Block()
    found = filled(block.table("rows", n), Random(n))
    other = block.table("other", 301)
    other.ints("number", range(301))
    block.table("empty", 0).texts("none", [])
    return block.text(), found


def read(text: str, table: str = "rows") -> Case:
    block = reading.Block(text)
    found = {name: block.all(table, name) for name in block.columns(table) if name != "of"}
    if block.has(table, "of"):
        found["of"] = [None if code < 0 else code for code in block.codes(table, "of").tolist()]
    return {name: found[name] for name in block.columns(table)}


def as_json(values: Any) -> Any:
    """Halves of a pair that meet are one character to JSON."""
    return json.loads(json.dumps(values))


@pytest.mark.parametrize("n", SIZES)
def test_every_kind_of_column_comes_back(n: int) -> None:
    text, wanted = case(n)
    found = read(text)
    assert list(found) == list(wanted)
    for name, values in wanted.items():
        assert found[name] == as_json(values), name
    assert all(math.copysign(1, one) == -1 for one in found["floats"] if one == 0)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[tuple[str, Any]]], list[Any]]:
    """Asks `block.ts`, run by node: of each text, what `query` asks; an error's words where it refuses."""
    folder = tmp_path_factory.mktemp("block")
    (program,) = (build_hook.WEB / "node_modules" / "@esbuild").glob("*/bin/esbuild*")
    bundled = [program, "--bundle", "--format=esm", f"--outfile={folder / 'block.mjs'}", "--log-level=error"]
    subprocess.run([*bundled, build_hook.WEB / "src/crowd/block.ts"], check=True)
    (folder / "ask.mjs").write_text(ASK, "utf-8")

    def ask(asked: list[tuple[str, Any]]) -> list[Any]:
        (folder / "asked.json").write_text(json.dumps(asked), "utf-8")
        command = [*build_hook._node().node, "ask.mjs"]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


ASK = """
import { readFileSync } from "node:fs";
import { Block } from "./block.mjs";
const answers = {
  all: async (block, table, column) => ({ values: await block.all(table, column) }),
  rows: async (block, table, column, rows) => {
    await block.ready(table, [column, "nothing"], rows);
    return { values: rows.map((row) => block.text(table, column, row)) };
  },
  codes: async (block, table, column) => ({ values: [...await block.codes(table, column)] }),
  ints: async (block, table, column) => ({ values: [...await block.ints(table, column)] }),
  values: async (block, table, column) => ({ values: await block.values(table, column) }),
  about: async (block, table) => ({ n: block.n(table), columns: block.columns(table) }),
};
const out = [];
for (const [text, [query, ...rest]] of JSON.parse(readFileSync("asked.json", "utf8"))) {
  try {
    out.push(await answers[query](Block.parse(text), ...rest));
  } catch (error) {
    out.push({ error: error.message });
  }
}
process.stdout.write(JSON.stringify(out));
"""

Ask = Callable[[list[tuple[str, Any]]], list[Any]]


@pytest.mark.parametrize("n", SIZES)
def test_a_page_s_script_reads_every_kind_of_column(opened: Ask, n: int) -> None:
    text, wanted = case(n)
    rows = sorted({*range(min(n, 3)), *(row for row in (CHUNK - 1, CHUNK, n - 1) if 0 <= row < n)})
    whole = [["all", "rows", name] for name in wanted]
    parts = [["rows", "rows", name, rows] for name in wanted]
    answers = opened([(text, asked) for asked in (["about", "rows"], *whole, *parts)])
    about, every, some = answers[0], answers[1 : 1 + len(wanted)], answers[1 + len(wanted) :]
    assert about == {"n": n, "columns": list(wanted)}
    for name, all_of, part in zip(wanted, every, some, strict=True):
        values = as_json(wanted[name])
        assert all_of == {"values": values}, name
        assert part == {"values": [values[row] for row in rows]}, name


def test_a_page_s_script_reads_codes_numbers_and_values(opened: Ask) -> None:
    block = Block()
    table = block.table("rows", 4)
    table.codes("bare", [2, -1, 0, 7])
    table.codes("kind", [1, -1, 0, 1], values=["a", "b"])
    table.decimals("radius", [1.5, math.nan, -2, 0])
    text = block.text()
    wanted = [
        (["codes", "rows", "bare"], {"values": [2, -1, 0, 7]}),
        (["codes", "rows", "kind"], {"values": [1, -1, 0, 1]}),
        (["values", "rows", "kind"], {"values": ["a", "b"]}),
        (["ints", "rows", "radius"], {"values": [1.5, None, -2, 0]}),
        (["values", "rows", "bare"], {"error": "rows.bare has no values"}),
        (["codes", "rows", "radius"], {"error": "rows.radius has no codes"}),
        (["ints", "rows", "kind"], {"error": "rows.kind has no numbers"}),
        (["all", "rows", "lacks"], {"error": "there is no rows.lacks"}),
        (["rows", "rows", "kind", [4]], {"error": "rows has no row 4"}),
    ]
    assert opened([(text, asked) for asked, _ in wanted]) == [answer for _, answer in wanted]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2))


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, Case]:
    n = draw(st.integers(0, 40))
    columns: Case = {}
    for name in draw(st.lists(st.text(max_size=8), unique=True, max_size=5)):
        kind = draw(st.sampled_from(("codes", "ints", "delta", "decimals", "texts", "coded")))
        each = {
            "codes": st.integers(-1, draw(st.integers(0, 2**31 - 3))),
            "ints": st.integers(-EXACT, EXACT),
            "delta": st.integers(-EXACT, EXACT),
            "decimals": st.one_of(st.floats(), st.decimals(-999, 999, places=3).map(float)),
            "texts": JSON,
            "coded": st.none() | st.text(max_size=3) | st.integers(0, 999).map(lambda number: f"x{number}"),
        }[kind]
        columns[name] = kind, draw(st.lists(each, min_size=n, max_size=n))
    return n, columns


@given(tables())
def test_any_table_comes_back(table: tuple[int, Case]) -> None:
    n, columns = table
    block = Block()
    rows = block.table("rows", n)
    for name, (kind, values) in columns.items():
        if kind == "codes":
            rows.codes(name, values)
        elif kind in ("ints", "delta"):
            rows.ints(name, values, delta=kind == "delta")
        elif kind == "decimals":
            rows.decimals(name, values)
        else:
            rows.texts(name, values if kind == "texts" else coded(values))
    found = reading.Block(block.text())
    assert found.columns("rows") == tuple(columns)
    for name, (kind, values) in columns.items():
        if kind == "codes":
            assert found.codes("rows", name).tolist() == values
        elif kind in ("ints", "delta"):
            assert found.ints("rows", name).tolist() == values
        elif kind == "decimals":
            assert np.array_equal(found.decimals("rows", name), np.array(values, float), equal_nan=True)
        else:
            assert found.all("rows", name) == as_json(values)


@given(st.lists(st.integers(-1, 6), max_size=60), st.lists(st.integers(-1, 3), min_size=60, max_size=60), st.booleans())
def test_codes_that_are_foretold_are_told_apart(raw: list[int], others: list[int], new: bool) -> None:
    by = np.array(others[: len(raw)], np.int32)
    codes = coded([None if one < 0 else one for one in raw]).codes
    told = predict.numbers(codes, by, new)
    last: dict[int, int] = {}
    seen = 0
    for number, one, code in zip(told.tolist(), by.tolist(), codes.tolist(), strict=True):
        if last.get(one, -1) == code:
            assert number == 0
        else:
            assert number == 1 + (0 if code < 0 else seen - code + 1 if new else code + 1)
        last[one] = code
        seen = max(seen, code + 1)


def test_a_column_that_another_foretells_takes_next_to_nothing() -> None:
    chance = Random(1)
    place = [chance.randrange(500) for _ in range(20_000)]
    block = Block()
    table = block.table("rows", len(place))
    table.texts("place", coded([f"place {one}" for one in place]))
    alone = Block()
    alone.table("rows", len(place)).texts("country", coded([f"country {one * 7919 % 40}" for one in place]))
    before = len(alone.text())
    table.texts("country", coded([f"country {one * 7919 % 40}" for one in place]))
    told = json.loads(block.text().partition("\n")[0])["tables"]["rows"]["columns"]
    assert told["country"]["by"] == "place" and "by" not in told["place"]
    assert told["country"]["at"][1] < before / 10


OTHERS = ["abcd", "abcde", "x abcd", 0, 1, True, [], [0], ["abcd", "fr"], ["abcde", "fr"], {"a": "abcd"}]
TEXT = st.none() | st.text("ab\x7f,", max_size=9) | st.sampled_from(OTHERS)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_texts_are_told_by_those_of_another_column(rows: list[tuple[Any, Any]]) -> None:
    values, others = [row[0] for row in rows], [row[1] for row in rows]
    block = Block()
    table = block.table("rows", len(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alike, "best", lambda values, others: next(iter(others), None))
        table.texts("a", others)
        table.texts("b", values)
    text = block.text()
    assert json.loads(text.partition("\n")[0])["tables"]["rows"]["columns"]["b"]["like"] == "a"
    found = read(text)
    assert repr(found) == repr({"a": others, "b": values})


def test_names_that_are_the_same_in_another_language_take_next_to_nothing() -> None:
    chance = Random(4)
    names = ["".join(chance.choice("abcdefghij") for _ in range(12)) for _ in range(2_000)]
    block = Block()
    table = block.table("places", len(names))
    for code in ("en", "fr"):
        table.texts(f"name@{code}", coded(names))
        table.texts(f"where@{code}", coded([f"{name}, Syria" for name in names]))
    told = json.loads(block.text().partition("\n")[0])["tables"]["places"]["columns"]
    assert [column.get("like") for column in told.values()] == [None, "name@en", "name@en", "where@en"]
    sizes = [sum(length for _, length in column["at"]) for column in told.values()]
    assert sizes[0] > 10_000 and max(sizes[1:]) < 200


def test_columns_that_foretell_each_other_do_so_one_way() -> None:
    chance = Random(2)
    names = [chance.randrange(300) for _ in range(5_000)]
    block = Block()
    table = block.table("rows", len(names))
    for times in (1, 7, 11, 13):
        table.texts(f"c{times}", coded([f"{times} {one * times % 300}" for one in names]))
    text = block.text()
    told = json.loads(text.partition("\n")[0])["tables"]["rows"]["columns"]
    assert sum("by" in column for column in told.values()) == 3
    assert read(text) == {f"c{times}": [f"{times} {one * times % 300}" for one in names] for times in (1, 7, 11, 13)}


def test_nothing_of_a_block_means_anything_to_html() -> None:
    text, _ = case(CHUNK + 1)
    head, _, segments = text.partition("\n")
    assert not re.search("[<>&\u2028\u2029]", text)
    assert segments.isascii() and "\n" not in segments
    text.encode("utf-8")


def test_the_same_columns_make_the_same_bytes() -> None:
    assert len({case(5_000)[0] for _ in range(3)}) == 1


@given(st.binary(max_size=40))
def test_base_85_is_that_of_every_page(raw: bytes) -> None:
    assert in_ascii(raw) == packing.in_ascii(raw)


def test_decimals_are_exact_and_take_no_more_places_than_they_have() -> None:
    block = Block()
    table = block.table("rows", 3)
    table.decimals("tenths", [0.1, 0.2, 0.3])
    table.decimals("whole", [1, 2, 3])
    table.decimals("sum", [0.1 + 0.2, 0.2, 0.3])
    table.decimals("none", [math.nan] * 3)
    table.decimals("zero", [0.0, -0.0, 1])
    text = block.text()
    told = json.loads(text.partition("\n")[0])["tables"]["rows"]["columns"]
    assert [told[name].get("scale") for name in told] == [10, None, None, None, None]
    assert [told[name]["is"] for name in told] == ["ints", "ints", "floats", "ints", "floats"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda block, table: block.table("rows", 1),
        lambda block, table: (table.ints("a", [1, 2]), table.ints("a", [1, 2])),
        lambda block, table: table.ints("a", [1]),
        lambda block, table: table.texts("a", ["x"]),
        lambda block, table: table.texts("a", coded(["x"])),
        lambda block, table: table.codes("a", [0, 2], values=["x", "y"]),
        lambda block, table: table.codes("a", [0, -2]),
        lambda block, table: table.ints("a", [0, 2**52]),
        lambda block, table: table.texts("a", [math.nan, 1]),
    ],
)
def test_what_is_no_column_is_refused(wrong: Callable[[Block, Table], Any]) -> None:
    block = Block()
    with pytest.raises(ValueError):
        wrong(block, block.table("rows", 2))


def test_a_page_s_script_refuses_what_is_damaged(opened: Ask) -> None:
    from tests.read.test_block import DAMAGED, damaged

    # Browsers refuse what stands after a stream, this node does not.
    cases = [how for how in DAMAGED if how != "more after the stream"]
    asked = [(damaged(how), ["all", "rows", "c"]) for how in cases]
    for how, answer in zip(cases, opened(asked), strict=True):
        assert answer == {"error": "the page's data is damaged"}, how


def test_a_page_s_script_reads_or_refuses_a_block_with_other_characters(opened: Ask) -> None:
    from tests.read.test_block import sound

    chance = Random(6)
    whole = sound()
    head = whole.index("\n")
    asked = []
    for number in range(150):
        text = list(whole)
        for _ in range(chance.randrange(1, 4)):
            # Every other time in the head, a fiftieth of the text.
            text[chance.randrange(head if number % 2 else len(text))] = chr(chance.randrange(33, 127))
        asked.append(("".join(text), ["all", "rows", chance.choice("bclift")]))
    errors = [answer["error"] for answer in opened(asked) if "error" in answer]
    assert len(errors) > 50
    for error in errors:
        assert error == "the page's data is damaged" or re.match("there is no rows|rows.* has no", error), error
