"""What very many rows have in common with an event of a story: distinct texts, claims and receipts in a story's form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from geo.scene.crowd.crowd import Claim, Coded, Crowd, Event, Kind, Receipt, Source, When, combined

UNKNOWN = When("", "unknown")


class Pieces:
    """The values of a table, by table row."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.table = crowd, crowd.table

    def told(self, text: Mapping[str, str]) -> dict[str, str]:
        """A text whose language nobody stated is in the table's."""
        return {self.table.lang if code == "und" else code: said for code, said in text.items()}

    def claim(self, claim: Claim) -> Claim:
        return Claim(self.told(claim.name) if claim.name else None, claim.place, claim.position, claim.precision, claim.radius_m,
                     claim.admin2, claim.admin1, claim.country)  # fmt: skip

    def texts(self, name: str) -> dict[str, Coded[str]]:
        """The text `name` by language; where two columns are of one language, the later one is above."""
        found: dict[str, Coded[str]] = {}
        for code, column in self.table.texts.get(name, {}).items():
            lang = code or self.table.lang
            found[lang] = combined([found[lang], column], lambda a, b: a if b is None else b) if lang in found else column
        return found

    @cached_property
    def id(self) -> Coded[str]:
        """Every row's id: its own, or one made of its number."""
        own = self.table.id
        lost = np.flatnonzero(own.codes < 0)
        codes = own.codes.copy()
        codes[lost] = len(own.values) + np.arange(len(lost), dtype=np.int32)
        return Coded((*own.values, *(f"r{number}" for number in self.table.row[lost].tolist())), codes)

    @cached_property
    def receipts(self) -> Coded[tuple[Receipt, ...]]:
        """The receipts of each row, the last one with the row's own quote."""
        t = self.table
        return combined([t.receipts or none(t.n), t.quote or none(t.n), t.quote_language or none(t.n)], self._receipts)

    def _receipts(self, found: tuple[Receipt, ...] | None, quote: str | None, language: str | None) -> tuple[Receipt, ...] | None:
        told = tuple(self._receipt(receipt) for receipt in found or ())
        if not quote:
            return told or None
        profile = self.table.profile.name
        last = told[-1] if told else Receipt(Source("table", {self.table.lang: profile} if profile else {}))
        return (*told[:-1], Receipt(last.source, quote, language or last.source.language))

    def _receipt(self, receipt: Receipt) -> Receipt:
        s = receipt.source
        source = Source(s.id, self.told(s.publisher), self.told(s.title) if s.title else None, s.url, s.archived_url, s.published, s.accessed, s.language)
        return Receipt(source, receipt.quote, receipt.language, receipt.translation)


def event_with(**fields: Any) -> Event:
    """An event of nothing but `fields`: what takes events apart then takes these."""
    return Event(**{"id": "", "kind": Kind.STRIKE, "date": UNKNOWN, "title": {}, **fields})


def none(n: int) -> Coded[Any]:
    """A column without a value."""
    return Coded((), np.full(n, -1, np.int32))
