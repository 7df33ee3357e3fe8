"""CSV in our own columns (RFC 4180 with LF, UTF-8): one row an event, values as they were stated.

A text cell that a spreadsheet would take for a formula is written with an apostrophe before it, as spreadsheets mark
text themselves; so is one that begins with an apostrophe. Dropping one leading apostrophe before such a sign (or
before another apostrophe) gives every text back; `raw` leaves them out.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from geo.render.carried import Told, shown
from geo.scene.scene import Event, Range, Receipt, Scene, Text, When

COLUMNS = (
    "id", "kind", "date", "date_end", "time", "title", "place", "admin2", "admin1", "country", "lat", "lon", "precision",
    "radius_m", "actor", "against", "mission", "origin", "origin_lat", "origin_lon", "origin_precision", "aircraft",
    "aircraft_count", "weapon", "strikes_min", "strikes_max", "killed_min", "killed_max", "status", "note",
    "source_publisher", "source_title", "source_url", "source_archived_url", "source_published", "quote",
    "quote_language", "sources",
)  # fmt: skip
TEXTS = ("title", "place", "actor", "against", "aircraft", "weapon", "note", "source_publisher", "source_title")
"""Columns that become `title:fr`, `title:ar`, … where a story is not in English alone; `place` where it has translations."""
CREDIT = "credit"
"""A last column where somebody must be named; its first cell does."""
NUMBERS = frozenset(name for name in COLUMNS if name.endswith(("lat", "lon", "_m", "_min", "_max")))

FORMULA = re.compile("[=+\\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]")
"""First characters that some spreadsheet takes for the beginning of a formula, and the mark itself."""


def render_csv(scene: Scene, *, raw: bool = False) -> bytes:
    """Every event of `scene` in the story's order, its texts in the page's languages; the same bytes for the same scene."""
    rows = [row_of(event, scene) for event in scene.story.events]
    for row in rows:
        row.update({name: shown(row[name], scene) for name in TEXTS})
    given: dict[str, list[str]] = {}
    for name in TEXTS:
        langs = dict.fromkeys(lang for row in rows for lang in row[name])
        given[name] = [*(lang for lang in scene.languages if lang in langs), *(lang for lang in langs if lang not in scene.languages)]
    header = headers(given, all(len(row["place"]) < 2 for row in rows))
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    credit = "; ".join(scene.attributions)
    writer.writerow([*header, CREDIT] if credit else header)
    for number, row in enumerate(rows):
        cells = []
        for column in header:
            name, _, lang = column.partition(":")
            value = row[name]
            if isinstance(value, Mapping):
                value = value.get(lang, "") if lang else next(iter(value.values()), "")
            cells.append(cell_of(name, value, raw=raw))
        if credit:
            cells.append("" if number else cell_of(CREDIT, credit, raw=raw))
        writer.writerow(cells)
    return written.getvalue().encode("utf-8", "replace")


def headers(given: Mapping[str, list[str]], one_name: bool) -> list[str]:
    """The header's cells. `given` are the languages of each of `TEXTS`; `one_name`: no place has names in several."""
    bare = set(TEXTS) if all(langs in ([], ["en"]) for langs in given.values()) else set()
    if one_name:
        # A name to look up, in whatever language.
        bare.add("place")
    return [cell for name in COLUMNS for cell in _header(name, given.get(name, []), name in bare)]


def cell_of(name: str, value: Any, *, raw: bool = False) -> str:
    """A value of column `name` as text."""
    return _plain(value) if raw or name in NUMBERS else guarded(_plain(value))


def guarded(text: str) -> str:
    """`text`, with an apostrophe before it where a spreadsheet would calculate it."""
    return f"'{text}" if FORMULA.match(text) else text


def _header(name: str, langs: Sequence[str], bare: bool) -> list[str]:
    return [f"{name}:{lang}" for lang in langs] if langs and not bare and name in TEXTS else [name]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def row_of(event: Event, scene: Told) -> dict[str, Any]:
    claim = event.claim
    receipt = event.receipts[0] if event.receipts else None
    source = receipt.source if receipt else None
    origins = event.origins
    only = origins[0] if len(origins) == 1 else None
    start, end = _dates(event.date)
    return {
        "id": event.id,
        "kind": event.kind.value,
        "date": start,
        "date_end": end,
        "time": event.time,
        "title": event.title,
        "place": _named(claim, scene),
        "admin2": claim.admin2 if claim else None,
        "admin1": claim.admin1 if claim else None,
        "country": claim.country if claim else None,
        "lat": claim.position.lat if claim and claim.position else None,
        "lon": claim.position.lon if claim and claim.position else None,
        "precision": claim.precision.value if claim and claim.precision else None,
        "radius_m": claim.radius_m if claim else None,
        "actor": event.actor.name if event.actor else {},
        "against": event.against or {},
        "mission": event.mission,
        "origin": "; ".join(origin.place for origin in origins if origin.place),
        "origin_lat": only.position.lat if only and only.position else None,
        "origin_lon": only.position.lon if only and only.position else None,
        "origin_precision": only.precision.value if only and only.precision else None,
        "aircraft": event.aircraft or {},
        "aircraft_count": _count(event.aircraft_count),
        "weapon": event.weapon or {},
        "strikes_min": event.strikes.low if event.strikes else None,
        "strikes_max": event.strikes.high if event.strikes else None,
        "killed_min": event.killed.low if event.killed else None,
        "killed_max": event.killed.high if event.killed else None,
        "status": event.status.value,
        "note": event.note or {},
        "source_publisher": source.publisher if source else {},
        "source_title": (source.title or {}) if source else {},
        "source_url": source.url if source else None,
        "source_archived_url": source.archived_url if source else None,
        "source_published": source.published.edtf if source and source.published else None,
        "quote": receipt.quote if receipt else None,
        "quote_language": receipt.language if receipt and receipt.quote else None,
        "sources": _further(event.receipts[1:], scene),
    }


def _named(claim: Any, scene: Told) -> Text:
    """The words for the place by language; a place that is looked up by an id only stands under the story's language."""
    if claim is None:
        return {}
    return claim.name or ({scene.story.lang: claim.place} if claim.place else {})


def _dates(when: When) -> tuple[str, str]:
    """A closed interval as its two ends, anything else in one cell."""
    start, slash, end = when.edtf.partition("/")
    return (start, end) if slash and start not in ("", "..") and end not in ("", "..") else (when.edtf, "")


def _count(value: Range | None) -> str | None:
    if value is None:
        return None
    if value.low == value.high:
        return str(value.low)
    return f"{value.low}+" if value.high is None else f"{value.low or 0}-{value.high}"


def _further(receipts: Iterable[Receipt], scene: Told) -> str:
    """The second source and later ones, as JSON: a table has columns for one."""
    found = []
    for receipt in receipts:
        source = receipt.source
        told: dict[str, Any] = {
            "publisher": _one(source.publisher, scene), "title": _one(source.title, scene), "url": source.url,
            "archived_url": source.archived_url, "published": source.published.edtf if source.published else None,
            "quote": receipt.quote, "quote_language": receipt.language if receipt.quote else None,
        }  # fmt: skip
        found.append({key: value for key, value in told.items() if value})
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def _one(text: Text | None, scene: Told) -> str | Mapping[str, str] | None:
    if not text:
        return None
    found = shown(text, scene)
    return next(iter(found.values())) if len(found) == 1 and scene.story.lang in found else found
