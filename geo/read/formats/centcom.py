"""Daily strike releases of the coalition: a line of text a strike, its place, number and target in the sentence."""

from __future__ import annotations

import re

from geo.columns import Profile
from geo.errors import Fault, InputError
from geo.read.formats import Columns, Format, Mapped
from geo.read.sheet import Sheet

PROFILE = Profile("CENTCOM", "US Central Command and CJTF-OIR strike releases, US government, public domain", "public domain")
_NUMBERS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
        " nineteen twenty".split(),
        1,
    )
} | {"a": 1, "an": 1}
_COUNT = re.compile(r"\b(?P<n>\d{1,3}|" + "|".join(_NUMBERS) + r")\s+(?:\w+\s+){0,2}?(?:air\s?)?strikes?\b", re.IGNORECASE)
_TARGET = re.compile(
    r"\b(?:air\s?)?strikes?\b[^.;]*?\b(?:struck|engaged|destroyed|damaged|suppressed|targeted|against|degraded|cratered|killed)\b\s+"
    r"(?P<what>[^.;]{3,160})", re.IGNORECASE
)  # fmt: skip
_DATES = ("date", "release_date", "strike_date", "event_date", "day", "published", "date_published")
_SENTENCES = ("line", "sentence", "text", "release", "release_line", "release_text", "description", "summary", "strike", "body", "content")
_RELEASE = re.compile(r"\b(?:air\s?)?strikes?\b.*?\b(?:struck|engaged|destroyed|damaged|suppressed|targeted|degraded|cratered|against|on)\b", re.I | re.S)


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    return bool(names & set(_DATES)) and not {"lat", "latitude"} & names and _sentence(sheet) is not None


def _sentence(sheet: Sheet) -> str | None:
    """The column of release lines: most of its texts tell of strikes and what they did, as these releases do."""
    index = sheet.names()
    for name in _SENTENCES:
        if name in index:
            said = sheet.columns[index[name]].values[:200]
            if sum(1 for text in said if _RELEASE.search(text)) * 2 > len(said):
                return name
    return None


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("centcom", profile=PROFILE, usual="mdy")
    table = Columns(sheet, mapped)
    table.take("id", "id")
    table.take("date", *_DATES)
    sentence = _sentence(sheet) or next((name for name in _SENTENCES if name in table.index), "")
    column = table.get(sentence)
    if column is None:
        raise InputError([Fault("header", "no column holds release lines", "name it line", sheet.file, 1)])
    table.fixed("kind", "strike")
    # A stated location is what somebody read in the sentence; the sentence itself also says "near" and how far.
    mapped.sentence = column
    table.take("place", "location", change=_stated)
    table.take("country", "country")
    table.put("strikes", column.map(_count), sentence)
    table.put("against", column.map(_target), sentence)
    table.put("quote", column, sentence)
    table.fixed("quote_language", "en")
    table.fixed("source_publisher", "US Central Command")
    table.fixed("actor", "Coalition")
    table.take("source_url", "url", "link", "source_url")
    table.rest(frozenset(("description", "number")))
    return mapped


def _stated(text: str) -> str | None:
    return None if text.lower() == "unknown" else text


def _count(text: str) -> str | None:
    """The number of strikes that the sentence begins with."""
    match = _COUNT.search(text)
    if not match:
        return None
    word = match["n"].lower()
    return word if word.isdigit() else str(_NUMBERS[word])


def _target(text: str) -> str | None:
    match = _TARGET.search(text)
    return match["what"].strip(" ,") if match else None


FORMAT = Format("centcom", "CENTCOM releases", _fits, _mapped)
