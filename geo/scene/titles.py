"""What a map of a table is called: who counted, and from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from geo.columns import Table
from geo.model import Story, Text
from geo.scene.text import Speaker


def entitled(story: Story, table: Table, languages: Sequence[str]) -> Story:
    """`story` of the rows of `table`, with a title in each of the languages."""
    return replace(story, title=title_of(table, languages))


def title_of(table: Table, languages: Sequence[str]) -> Text:
    """Its makers' name, or that these are reported events, and its dates as each language writes them, if it has any."""
    first = min((when.first for when in table.when.values if when.first), default=None)
    last = max((when.last for when in table.when.values if when.last), default=None)
    known = [day for day in (first, last) if day]

    def said(lang: str) -> str:
        speak = Speaker(lang, table.lang)
        name = table.profile.name or speak("table_title")
        if not known:
            return name
        return speak("table_dated", name=speak.within(name), dates=_dates(speak, known[0], known[-1]))

    return {lang: said(lang) for lang in languages}


def _dates(speak: Speaker, first: date, last: date) -> str:
    if first == last:
        return speak.single(first, "day")
    if speak.rtl and (first.year, first.month) != (last.year, last.month):
        # A year before the dash and a day after it are no range of numbers, which would run from left to right.
        return speak("number.range", low=speak.within(speak.single(first, "day")), high=speak.within(speak.single(last, "day")))
    return speak.days(first, last)
