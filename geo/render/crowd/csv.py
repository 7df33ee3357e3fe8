"""CSV of very many rows, written from columns: the same bytes as `geo.render.csv` writes for the same rows one by one.

The file's other columns stand behind ours, under their own headers, where a page carries them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from geo.render.carried import shown
from geo.render.crowd.pieces import Pieces, event_with, none
from geo.render.csv import CREDIT, TEXTS, cell_of, guarded, headers, row_of
from geo.scene.crowd.crowd import Coded, Crowd, Kind, Status

_QUOTED = re.compile('[",\r\n]')


def render_crowd_csv(crowd: Crowd, *, raw: bool = False, extra: bool = False) -> bytes:
    """Every row of `crowd` in the order of its file; with `extra` the other columns of the file, too."""
    cells = _Cells(crowd)
    columns = cells.columns(raw)
    if credit := "; ".join(crowd.attributions):
        first = np.full(crowd.n, -1, np.int32)
        first[:1] = 0
        columns.append((CREDIT, [(Coded((credit,), first), lambda text: cell_of(CREDIT, text, raw=raw))]))
    if extra:
        taken = {header for header, _ in columns}
        for header, column in crowd.table.extra.items():
            name = header if header not in taken else f"{header} (2)"
            columns.append((name, [(column, lambda text: text if raw else guarded(text))]))
    lines = zip(*(_written(parts, crowd.n) for _, parts in columns), strict=True)
    head = io.StringIO(newline="")
    csv.writer(head, lineterminator="\n").writerow([header for header, _ in columns])
    return (head.getvalue() + "".join(f"{','.join(line)}\n" for line in lines)).encode("utf-8", "replace")


Part = tuple[Coded[Any], Callable[[Any], str]]
"""A column and how a distinct value of it is written; where it has none, the next part of a cell may have one."""


class _Cells(Pieces):
    """The columns of a table, each distinct value taken apart once by what takes an event apart."""

    def __init__(self, crowd: Crowd) -> None:
        super().__init__(crowd)
        t = self.table
        self.of: dict[str, tuple[Coded[Any], dict[str, Any]]] = {}
        self.take(t.when, lambda v: {"date": v}, "date", "date_end")
        self.take(t.kind, lambda v: {"kind": v}, "kind")
        self.take(t.status, lambda v: {"status": v}, "status")
        self.take(t.claim, lambda v: {"claim": self.claim(v)}, "place", "admin2", "admin1", "country", "precision", "radius_m")
        if t.actor:
            self.take(t.actor, lambda v: {"actor": _Actor(self.told(v.name))}, "actor")
        if t.origins:
            self.take(t.origins, lambda v: {"origins": tuple(self.claim(c) for c in v)}, "origin", "origin_lat", "origin_lon", "origin_precision")
        for name, fields in (("aircraft_count", ("aircraft_count",)), ("strikes", ("strikes_min", "strikes_max")), ("killed", ("killed_min", "killed_max"))):
            if name in t.numbers:
                self.take(t.numbers[name], lambda v, name=name: {name: v}, *fields)  # type: ignore[misc]
        self.take(self.receipts, lambda v: {"receipts": v}, "source_publisher", "source_title", "source_url", "source_archived_url",
                  "source_published", "quote", "quote_language", "sources")  # fmt: skip
        self.numbers = {name: _distinct(of) for name, of in (("lat", t.lat), ("lon", t.lon))}

    def take(self, column: Coded[Any], field: Callable[[Any], dict[str, Any]], *names: str) -> None:
        rows = [row_of(event_with(**field(value)), self.crowd) for value in column.values]
        for name in names:
            self.of[name] = column, {number: row[name] for number, row in enumerate(rows)}  # type: ignore[misc]

    def columns(self, raw: bool) -> list[tuple[str, list[Part]]]:
        """Header and parts of each of our columns."""
        texts = {name: self.text(name) for name in TEXTS}
        given = {name: self.languages(found) for name, found in texts.items()}
        one_name = all(len(shown(value, self.crowd)) < 2 for value in self.of["place"][1].values())
        out: list[tuple[str, list[Part]]] = []
        for header in headers(given, one_name):
            name, _, lang = header.partition(":")
            if name in texts:
                parts = [texts[name][lang]] if lang else list(texts[name].values())
                out.append((header, [(column, lambda v, name=name: cell_of(name, v, raw=raw)) for column in parts]))  # type: ignore[misc]
            else:
                out.append((header, self.parts(name, raw)))
        return out

    def parts(self, name: str, raw: bool) -> list[Part]:
        t = self.table
        if name == "id":
            return [(self.id, lambda v: cell_of(name, v, raw=raw))]
        if name in self.numbers:
            return [(self.numbers[name], lambda v: cell_of(name, v))]
        if name in ("time", "mission"):
            column: Coded[Any] | None = getattr(t, name)
            return [(column or none(t.n), lambda v: cell_of(name, v, raw=raw))]
        if name not in self.of:
            return [(none(t.n), str)]
        column, values = self.of[name]
        default = {"kind": Kind.STRIKE.value, "status": Status.REPORTED.value}.get(name)
        written = [cell_of(name, value, raw=raw) for value in values.values()]
        found: list[Part] = [(Coded(tuple(range(len(written))), column.codes), written.__getitem__)]
        return [*found, (Coded((default,), np.zeros(t.n, np.int32)), str)] if default else found

    # -- texts, by language as they are shown

    def text(self, name: str) -> dict[str, Coded[str]]:
        """The languages in which rows have the text `name`, as `carried.shown` chooses them."""
        if name in self.of:
            column, values = self.of[name]
            texts = [shown(value, self.crowd) for value in values.values()]
            langs = dict.fromkeys(lang for text in texts for lang in text)
            return {lang: Coded(tuple(range(len(texts))), column.codes).map(lambda n, lang=lang: texts[n].get(lang)) for lang in langs}  # type: ignore[misc]
        by_language = self.texts(name)
        own = {lang: column for lang, column in by_language.items() if lang in self.crowd.languages}
        told = np.zeros(self.table.n, bool)
        for column in own.values():
            told |= column.codes >= 0
        rest = [lang for lang in (self.crowd.story.lang, "en", *by_language) if lang in by_language and lang not in own]
        for lang in dict.fromkeys(rest):
            column = by_language[lang]
            own[lang] = Coded(column.values, np.where(told, -1, column.codes).astype(np.int32))
            told |= column.codes >= 0
        return {lang: column for lang, column in own.items() if not column.empty}

    def languages(self, found: Mapping[str, Coded[str]]) -> list[str]:
        """Those of the page first, in its order; others by their first row."""
        others = [lang for lang in found if lang not in self.crowd.languages]
        others.sort(key=lambda lang: int(np.argmax(found[lang].codes >= 0)))
        return [*(lang for lang in self.crowd.languages if lang in found), *others]


class _Actor:
    def __init__(self, name: Mapping[str, str]) -> None:
        self.name = name


def _distinct(numbers: Any) -> Coded[float]:
    """Numbers as a column; NaN is no value."""
    there = np.flatnonzero(~np.isnan(numbers))
    values, of = np.unique(numbers[there], return_inverse=True)
    codes = np.full(len(numbers), -1, np.int32)
    codes[there] = of.reshape(-1)
    return Coded(tuple(values.tolist()), codes)


def _written(parts: Sequence[Part], n: int) -> list[str]:
    """The cells of one column, quoted where they must be: each distinct value once."""
    cells = np.full(n, "", object)
    left = np.ones(n, bool)
    for column, write in parts:
        here = left & (column.codes >= 0)
        if here.any():
            written = np.array([*(_cell(write(value)) for value in column.values), ""], object)
            cells[here] = written[column.codes[here]]
            left &= ~here
    found: list[str] = cells.tolist()
    return found


def _cell(text: str) -> str:
    """As the csv module writes it."""
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text

