"""The list of faults that a reader fills while it goes on reading."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import NamedTuple

from geo.errors import Fault, InputError


class Mark(NamedTuple):
    """Where something stands in a file; both count from 1."""

    line: int
    column: int


class Faults:
    """Collects faults of one file. After `most` of them it only counts: a file that is wrong
    everywhere must not cost more to report than to read."""

    def __init__(self, file: str, most: int = 1_000) -> None:
        self.file = file
        self.most = most
        self.more = 0
        self._comparisons = 20_000
        self._faults: list[Fault] = []

    def __len__(self) -> int:
        return len(self._faults) + self.more

    def add(self, code: str, mark: Mark | None, field: str, message: str, cure: str = "") -> None:
        if len(self._faults) >= self.most:
            self.more += 1
            return
        line, column = mark if mark is not None else (None, None)
        self._faults.append(Fault(code, message, cure, self.file, line, column, None, field))

    def nearest(self, word: str, known: Collection[str], cutoff: float = 0.6) -> str | None:
        """`nearest`, until so many comparisons were made in this file that more would cost seconds."""
        if len(self._faults) >= self.most or self._comparisons < len(known):
            return None
        self._comparisons -= len(known)
        return nearest(word, known, cutoff)

    def sorted(self) -> list[Fault]:
        """By line, then column; a count of what was left out stands last."""
        faults = sorted(self._faults, key=lambda f: (f.line or 0, f.column or 0, f.field, f.code, f.message))
        if self.more:
            faults.append(Fault("more", f"{self.more} more faults", "mend the ones above first", self.file))
        return faults

    def raise_any(self) -> None:
        """Raises InputError with every fault, in order, if there is one."""
        if self._faults:
            raise InputError(self.sorted())


def shown(text: str, most: int = 60) -> str:
    """`text` in quotes on one line, cut to `most` characters, for a message."""
    text = " ".join(text.split()) if len(text) <= 4 * most else " ".join(text[: 4 * most].split()) + "…"
    return f'"{text}"' if len(text) <= most else f'"{text[: most - 1].rstrip()}…"'


def nearest(word: str, known: Collection[str], cutoff: float = 0.6) -> str | None:
    """The known word that `word` was probably meant to be, or None."""
    if len(word) > 40:
        return None
    folded: dict[str, str] = {}
    for k in known:
        folded.setdefault(k.casefold(), k)
    found = get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[found[0]] if found else None
