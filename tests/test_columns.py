"""Columns of codes: changed, combined and cut, they say what each row would say by itself."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.columns import Coded, combined, without_collection


@st.composite
def column(draw: st.DrawFn, n: int) -> Coded[str]:
    values = draw(st.lists(st.text("abc", max_size=3), unique=True, max_size=6))
    codes = draw(st.lists(st.integers(-1, len(values) - 1), min_size=n, max_size=n))
    return Coded(tuple(values), np.array(codes, np.int32))


def said(column: Coded[str]) -> list[object]:
    return [column.at(row) for row in range(len(column))]


@given(st.integers(0, 12).flatmap(lambda n: st.lists(column(n), min_size=1, max_size=4)), st.booleans())
def test_a_column_of_several_says_of_each_row_what_its_parts_say(columns: list[Coded[str]], wide: bool) -> None:
    if wide:
        # So many values that are not used that the combinations are numbered by sorting.
        columns = [Coded((*one.values, *(f"unused {k}" for k in range(3_000))), one.codes) for one in columns]
    made = combined(columns, lambda *parts: "/".join(str(part) for part in parts) if any(parts) else None)
    rows = list(zip(*map(said, columns), strict=True))
    assert said(made) == ["/".join(str(part) for part in parts) if any(parts) else None for parts in rows]
    assert len(set(made.values)) == len(made.values) == len(set(made.codes[made.codes >= 0].tolist()))


@given(st.integers(0, 12).flatmap(column))
def test_a_changed_column_has_each_new_value_once(one: Coded[str]) -> None:
    made = one.map(lambda text: text[:1] or None)
    assert said(made) == [(text[:1] or None) if isinstance(text, str) else None for text in said(one)]
    assert len(set(made.values)) == len(made.values) and None not in made.values


@given(st.integers(0, 12).flatmap(lambda n: st.tuples(column(n), st.lists(st.booleans(), min_size=n, max_size=n))))
def test_a_cut_column_has_only_values_that_a_row_has(drawn: tuple[Coded[str], list[bool]]) -> None:
    one, keep = drawn
    made = one.take(np.array(keep, bool))
    assert said(made) == [text for text, kept in zip(said(one), keep, strict=True) if kept]
    assert sorted(set(made.codes[made.codes >= 0].tolist())) == list(range(len(made.values)))


def test_the_search_for_cycles_goes_on_after_an_error() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="x"), without_collection():
        assert not gc.isenabled()
        raise ValueError("x")
    assert gc.isenabled()
