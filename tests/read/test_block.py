"""Columns of a page that come from anybody: what is no column of ours is one fault, before memory is taken for it."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.read.block import MOST_ROWS, Block
from geo.render.crowd import block as writing
from geo.render.crowd.planes import deflated, in_ascii

N = 3000


def sound() -> str:
    """A table of every kind of column; `c` is foretold by `b`, and `t` by nothing."""
    chance = Random(3)
    b = [chance.randrange(400) for _ in range(N)]
    block = writing.Block()
    table = block.table("rows", N)
    table.codes("b", b, values=[f"b {one}" for one in range(400)])
    table.codes("c", [one * 7919 % 50 for one in b], of="other")
    table.codes("l", [one % 2 for one in b], values=["x", "y"])
    table.ints("i", b)
    table.decimals("f", [1 / (1 + one) for one in b])
    table.texts("t", [f"{one} text" for one in b])
    block.table("other", 50).ints("i", range(50))
    return block.text()


def block_of(n: int, columns: dict[str, Any], segments: str) -> str:
    return json.dumps({"v": 1, "tables": {"rows": {"n": n, "columns": columns}}}) + "\n" + segments


def column(told: dict[str, Any], raw: bytes, n: int = 4) -> str:
    """A block whose one column `c` is said to be `told`, at a segment that holds `raw` bytes as they are."""
    written = in_ascii(raw)
    return block_of(n, {"c": {"at": [0, len(written)], **told}}, written)


def ints(raw: bytes) -> str:
    return column({"is": "ints", "w": 1}, raw)


def codes(numbers: bytes, **more: Any) -> str:
    return column({"is": "codes", "w": 1, **more}, deflated(numbers), n=len(numbers))


def texts(values: Any, n: int) -> str:
    written = in_ascii(deflated(values if isinstance(values, bytes) else json.dumps(values).encode()))
    return block_of(n, {"c": {"is": "texts", "at": [[0, len(written)]]}}, written)


def like(values: list[Any], **more: Any) -> str:
    """Texts `c` that are like those of `b`: "x", none and 5."""
    b, c = (in_ascii(deflated(json.dumps(column).encode())) for column in (["x", None, 5], values))
    told = {
        "b": {"is": "texts", "at": [[0, len(b)]]},
        "c": {"is": "texts", "at": [[len(b), len(c)]], "like": "b", **more},
    }
    return block_of(3, told, b + c)


def headed(change: Callable[[dict[str, Any]], object]) -> str:
    """The sound block with another head."""
    head, _, segments = sound().partition("\n")
    told = json.loads(head)
    change(told)
    return json.dumps(told) + "\n" + segments


def of_rows(name: str, **more: Any) -> str:
    return headed(lambda told: told["tables"]["rows"]["columns"][name].update(more))


DAMAGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no line end": lambda: sound().partition("\n")[0],
    "no JSON": lambda: "{\n",
    "a list": lambda: "[]\n",
    "another version": lambda: headed(lambda told: told.update(v=2)),
    "no tables": lambda: headed(lambda told: told.pop("tables")),
    "tables in a list": lambda: headed(lambda told: told.update(tables=[1])),
    "rows that are no number": lambda: headed(lambda told: told["tables"]["rows"].update(n="3")),
    "half a row": lambda: headed(lambda told: told["tables"]["rows"].update(n=0.5)),
    "fewer rows than none": lambda: headed(lambda told: told["tables"]["rows"].update(n=-1)),
    "too many rows": lambda: headed(lambda told: told["tables"]["rows"].update(n=MOST_ROWS + 1)),
    "more rows than the segments hold": lambda: headed(lambda told: told["tables"]["rows"].update(n=10_000_000)),
    "one row more": lambda: headed(lambda told: told["tables"]["rows"].update(n=N + 1)),
    "one row less": lambda: headed(lambda told: told["tables"]["rows"].update(n=N - 1)),
    "a column that is null": lambda: headed(lambda told: told["tables"]["rows"]["columns"].update(c=None)),
    "another kind": lambda: of_rows("c", **{"is": "pickle"}),
    "a kind that is a list": lambda: of_rows("c", **{"is": []}),
    "no place": lambda: of_rows("c", at=None),
    "a place beyond the text": lambda: of_rows("c", at=[10**9, 5]),
    "a place before the text": lambda: of_rows("c", at=[-5, 5]),
    "a length beyond the text": lambda: of_rows("c", at=[0, 10**9]),
    "a place of texts beyond": lambda: of_rows("t", at=[[0, 10**9]] * 3),
    "a segment less": lambda: headed(lambda told: told["tables"]["rows"]["columns"]["t"]["at"].pop()),
    "no width": lambda: of_rows("c", w=0),
    "too wide": lambda: of_rows("c", w=5),
    "another width": lambda: of_rows("c", w=2),
    "foretold by nothing": lambda: of_rows("c", by="nothing"),
    "foretold by itself": lambda: of_rows("c", by="c"),
    "foretold in a circle": lambda: of_rows("b", by="c"),
    "foretold by numbers": lambda: of_rows("c", by="i"),
    "foretold by a list": lambda: of_rows("c", by=["b"]),
    "rows of no table": lambda: of_rows("c", of="nothing"),
    "rows of a shorter table": lambda: headed(lambda told: told["tables"]["other"].update(n=49, columns={})),
    "values in an object": lambda: codes(b"\1", list={"a": 1}),
    "more codes than values": lambda: codes(b"\1\2\3", list=["a", "b"]),
    "a code before the first": lambda: codes(b"\1\3", new=1),
    "values of another size": lambda: _sized(399),
    "values without a size": lambda: codes(b"\1", values=[[0, 5]]),
    "a scale of nothing": lambda: column({"is": "ints", "w": 1, "scale": 0}, deflated(b"abcd")),
    "a pad without end": lambda: column({"is": "numbered", "w": 1, "prefix": "r", "pad": 10**9}, deflated(b"abcd")),
    "a prefix of no text": lambda: column({"is": "numbered", "w": 1, "prefix": 5, "pad": 0}, deflated(b"abcd")),
    "an integer that is not exact": lambda: column({"is": "ints", "w": 7}, deflated(b"\xff" * 7), n=1),
    "no DEFLATE": lambda: ints(b"\xff\xff\xff\xff"),
    "a stream cut short": lambda: ints(deflated(b"abcd")[:-3]),
    "more after the stream": lambda: ints(deflated(b"abcd") + b"more"),
    "bytes too many": lambda: ints(deflated(b"abcde")),
    "bytes too few": lambda: ints(deflated(b"abc")),
    "no digit": lambda: ints(deflated(b"abcd"))[:-1] + '"',
    "no ASCII": lambda: ints(deflated(b"abcd"))[:-1] + "é",
    "digits beyond 32 bits": lambda: block_of(4, {"c": {"is": "ints", "w": 1, "at": [0, 5]}}, "~~~~~"),
    "one digit too many": lambda: block_of(4, {"c": {"is": "ints", "w": 1, "at": [0, 6]}}, "000000"),
    "texts of no JSON": lambda: texts(b"[1,", 1),
    "texts of no UTF-8": lambda: texts(b'["\xff"]', 1),
    "texts of NaN": lambda: texts(b"[NaN]", 1),
    "texts in an object": lambda: texts({"length": 1}, 1),
    "texts too few": lambda: texts([1], 2),
    "texts too many": lambda: texts([1, 2, 3], 2),
    "like nothing": lambda: like([0, 0, 0], like="nothing"),
    "like itself": lambda: like([0, 0, 0], like="c"),
    "like numbers": lambda: _like_numbers(),
    "like in a list": lambda: like([0, 0, 0], like=["b"]),
    "in the place of none": lambda: like([0, "\x7f", 0]),
    "in the place of a number": lambda: like([0, 0, "\x7f"]),
    "a number that is not 0": lambda: like([0, 0, 5]),
    "true for 0": lambda: like([0, 0, False]),
    "two values for one": lambda: like([0, 0, [1, 2]]),
    "a value that is not in a list": lambda: like([0, 0, {}]),
    "texts too deep": lambda: texts(b"[" * 100_000, 1),
}
"""What is wrong → a block whose column `rows.c` is."""


def _sized(size: int) -> str:
    values, at = in_ascii(deflated(json.dumps(["a"] * 400).encode())), in_ascii(deflated(b"\1"))
    told = {"is": "codes", "w": 1, "size": size, "values": [[0, len(values)]], "at": [len(values), len(at)]}
    return block_of(1, {"c": told}, values + at)


def _like_numbers() -> str:
    b, c = in_ascii(deflated(b"abc")), in_ascii(deflated(b"[0,0,0]"))
    told = {
        "b": {"is": "ints", "w": 1, "at": [0, len(b)]},
        "c": {"is": "texts", "at": [[len(b), len(c)]], "like": "b"},
    }
    return block_of(3, told, b + c)


def damaged(how: str) -> str:
    return DAMAGED[how]()


def everything(text: str) -> None:
    """Reads every column, and what its codes stand for."""
    block = Block(text, "map.html")
    for table in block.tables.values():
        for name in table:
            if table.form(name) != "codes":
                table.all(name)
            elif {"list", "values"} & json.loads(text.partition("\n")[0])["tables"][table.name]["columns"][name].keys():
                table.all(name)
            else:
                table.codes(name)


def test_a_sound_block_is_read() -> None:
    everything(sound())
    assert Block(like([0, 0, 0])).all("rows", "c") == ["x", None, 5]
    assert Block(like(["a \x7f b \x7f", [0], ["\x7f"]])).all("rows", "c") == ["a x b \x7f", 0, "\x7f"]


@pytest.mark.parametrize("how", DAMAGED)
def test_what_is_damaged_is_one_fault(how: str) -> None:
    with pytest.raises(InputError) as error:
        everything(damaged(how))
    (fault,) = error.value.faults
    assert str(fault) == "map.html: the data in this page is damaged; take an unaltered copy of the page"


@given(st.integers(0, 2**31), st.integers(1, 4))
def test_a_block_with_other_characters_is_read_or_is_one_fault(where: int, many: int) -> None:
    chance = Random(where)
    text = list(_SOUND)
    for _ in range(many):
        text[chance.randrange(len(text))] = chr(chance.randrange(33, 127))
    try:
        everything("".join(text))
    except InputError as error:
        assert len(error.faults) == 1


_SOUND = sound()


def test_memory_is_not_taken_for_what_inflates_without_end() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(b"[" + b"1," * 500_000) for _ in range(200)) + packer.flush()
    written = in_ascii(bomb)
    for told, words in (
        ({"is": "texts", "at": [[0, len(written)]]}, "unpacks to more than it may"),
        ({"is": "ints", "w": 1, "at": [0, len(written)]}, "damaged"),
    ):
        tracemalloc.start()
        try:
            with pytest.raises(InputError, match=words):
                Block(block_of(1, {"c": told}, written)).all("rows", "c")
            assert tracemalloc.get_traced_memory()[1] < 150_000_000
        finally:
            tracemalloc.stop()
