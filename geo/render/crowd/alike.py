"""Columns of texts that say much the same: a name in another language, a name with its country after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

SAME = 0
PLACE = "\x7f"
"""Stands in a text for the other column's."""
PROBES = 256
"""Rows that a choice is measured on."""
MOST = 8192
"""Rows of all other columns together that it is measured on."""
WORTH = 0.3
"""Share of its characters that a column must have from another one."""
LEAST = 4
"""Characters of a text that is worth finding in another."""


def best(values: Sequence[Any], others: Mapping[str, Sequence[Any]]) -> str | None:
    """The column that says most of what `values` say, if it is enough. Each has a value, or None, for every row."""
    if not others:
        return None
    probes = max(PROBES // 16, min(PROBES, MOST // len(others)))
    rows = range(0, len(values), max(1, len(values) // probes))
    mine = [values[row] for row in rows]
    if not all(map(_is_text, mine)):
        return None
    least = WORTH * sum(len(_text(value)) for value in mine)
    found = None
    for name, other in others.items():
        saved = sum(_saved(value, other[row]) for value, row in zip(mine, rows, strict=True))
        if saved > least:
            found, least = name, saved
    return found


def told(values: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """The values by what the other column has in the same rows; no value stays none."""
    return [_told(value, theirs) for value, theirs in zip(values, other, strict=True)]


def _told(value: Any, theirs: Any) -> Any:
    if value is None:
        return None
    if not _is_text(value):
        return [value]
    if _is_text(theirs) and value == theirs:
        return SAME
    if not isinstance(value, str) or PLACE in value:
        return [value]
    return value.replace(_text(theirs), PLACE, 1) if _saved(value, theirs) else value


def _is_text(value: Any) -> bool:
    """A text, alone or with its language. Of other values equal ones may be written differently, as 1 and true."""
    if isinstance(value, list | tuple):
        return len(value) == 2 and all(isinstance(one, str) for one in value)
    return value is None or isinstance(value, str)


def _text(value: Any) -> str:
    """Without its language; "" for anything else."""
    return value if isinstance(value, str) else str(value[0]) if value is not None and _is_text(value) else ""


def _saved(value: Any, theirs: Any) -> int:
    """Characters of the text `value` that the other column has."""
    text, found = _text(value), _text(theirs)
    if isinstance(value, str):
        return len(found) if len(found) >= LEAST and found in text else 0
    return len(text) if value == theirs else 0
