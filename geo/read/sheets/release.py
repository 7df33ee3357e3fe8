"""A strike release as it was published, in plain text: its date, the countries as headings, a line a strike."""

from __future__ import annotations

import re

from geo.read.sheet import Sheet, TableLimits, sheet_of

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DATE = re.compile(rf"\b({_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\s+\d{{4}}|\d{{4}}-\d\d-\d\d)\b")
_ON = re.compile(rf"\bon\s+{_DATE.pattern}", re.I)
SHORT = 60
"""Characters up to which a line with a date is a heading."""
_STRIKE = re.compile(r"\b(?:\w+|\d+) (?:\w+ ){0,2}(?:air)?strikes?\b.*\b(?:struck|engaged|destroyed|damaged|suppressed|targeted|degraded|cratered|against|hit)\b", re.I)
_LINE = re.compile(r"^\s*(?:--|[-*•·–—]|(?:Near|In|North|South|East|West|Approximately)\b)", re.I)
_HEADING = re.compile(r"\s*(?:(?:Air)?strikes in |In )?(Iraq|Syria|Libya|Yemen|Afghanistan|Somalia)\s*:?\s*\Z", re.I)
HEADER = ("date", "country", "line")


def is_release(text: str) -> bool:
    """Whether a plain text is a release: it has a date, and most of its lines that tell of strikes begin as they do there."""
    told = [_DATE.sub("", line, count=1).lstrip(" :.,;\t") for line in text[:50_000].splitlines() if _STRIKE.search(line)]
    marked = sum(1 for line in told if _LINE.match(line))
    return bool(told) and marked * 2 > len(told) and _DATE.search(text[:50_000]) is not None


def read_release(text: str, file: str, limits: TableLimits) -> Sheet:
    """A row for each line of a strike, with the last date and country above it, or the date that it begins with itself."""
    rows: list[list[str]] = []
    lines: list[int] = []
    day = country = ""
    for number, line in enumerate(text.splitlines(), 1):
        heading = _HEADING.match(line)
        dated = _DATE.search(line)
        said = line
        if dated:
            said = line[dated.end() :].lstrip(" :.,;\t") if not line[: dated.start()].strip(" -*•") else line
        if _STRIKE.search(said) and _LINE.match(said):
            rows.append([dated[1] if dated and said is not line else day, country, said.strip()])
            lines.append(number)
        elif heading:
            country = heading[1].title()
        elif dated:
            # A release is dated, too; the strikes are of the day that its first sentence names.
            if named := _ON.search(line):
                day = named[1]
            elif not day or len(line) < SHORT:
                day = dated[1]
    return sheet_of(file, HEADER, rows, lines, syntax="txt")
