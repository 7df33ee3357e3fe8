"""Calendar dates as sources give them: a subset of EDTF (ISO 8601-2), read strictly.

A day `2015-11-17`, a month `2015-11`, a year `2015`; with `~` approximate, `?` uncertain, `%` both; unspecified
digits `2015-11-XX`, `2015-XX-XX`, `201X`, `19XX`; an interval `a/b`, open `../b`, `a/..`, an end not known `/b`, `a/`;
`XXXX` or nothing at all: unknown. No times, no seasons, years 1000 to 2100.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from geo.model import When

FIRST_YEAR, LAST_YEAR = 1000, 2100

_ATOM = r"(?:[0-9]{4}|[0-9]{3}X|[0-9]{2}XX|XXXX)(?:-(?:[0-9]{2}|XX)(?:-(?:[0-9]{2}|XX))?)?[~?%]?"
PATTERN = rf"^(?:{_ATOM}|(?:{_ATOM}|\.\.)?/(?:{_ATOM}|\.\.)?)$"
"""What a date looks like, for the published schema; `parse_edtf` also knows the calendar."""

_PARTS = re.compile(r"(?P<y>[0-9X]{4})(?:-(?P<m>[0-9X]{2})(?:-(?P<d>[0-9X]{2}))?)?(?P<q>[~?%]?)\Z")
UNKNOWN = When("", "unknown")


class DateError(ValueError):
    """What is wrong with a date, and what to do; `str()` is both in one sentence."""

    def __init__(self, message: str, cure: str) -> None:
        self.message = message
        self.cure = cure
        super().__init__(f"{message}; {cure}" if cure else message)


def parse_edtf(text: str) -> When:
    """The date that `text` writes. Surrounding blanks are dropped; nothing else is forgiven.

    `first` and `last` bound it inclusively. An interval whose ends are the same becomes that day.
    Raises DateError (a ValueError) with a plain sentence and its cure.
    """
    text = text.strip()
    if text in ("", "XXXX", "XXXX-XX", "XXXX-XX-XX"):
        return UNKNOWN
    if len(text) > 40:
        raise DateError("far too long for a date", "write it as 2015-11-17")
    if text.count("/") == 1 and not _SLASHED.match(text):
        return _interval(*text.split("/"))
    return _single(text)


_SLASHED = re.compile(r"\d{1,2}/\d{1,4}\Z")
_DMY = re.compile(r"(\d{1,2})[/.\s-](\d{1,2})[/.\s-](\d{2}|\d{4})\Z")
_YMD = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\Z")


def _single(text: str) -> When:
    parts = _PARTS.match(text)
    if not parts:
        raise _explain(text)
    y, m, d, q = parts["y"], parts["m"], parts["d"], parts["q"]
    approximate, uncertain = q in ("~", "%") and q != "", q in ("?", "%") and q != ""
    if y == "XXXX" and (m or "XX") == "XX" and (d or "XX") == "XX":
        return UNKNOWN
    if "X" in y:
        if not re.fullmatch(r"[0-9]{3}X|[0-9]{2}XX", y) or m is not None and m != "XX" or d is not None and d != "XX":
            raise DateError(f'"{text}" leaves out a part in the middle', "write 201X for a decade, 19XX for a century")
        low, high = int(y.replace("X", "0")), int(y.replace("X", "9"))
        _year(low, text)
        _year(min(high, LAST_YEAR), text)
        return When(y + q, "interval", date(low, 1, 1), date(high, 12, 31), approximate, uncertain)
    year = int(y)
    _year(year, text)
    if m is None or m == "XX":
        if d not in (None, "XX"):
            raise DateError(f'"{text}" gives a day without its month', f"write {y}")
        return When(y + q, "year", date(year, 1, 1), date(year, 12, 31), approximate, uncertain)
    if not m.isdigit() or d is not None and d != "XX" and not d.isdigit():
        raise DateError(f'"{text}" leaves out one digit', "leave out the whole month or day: XX")
    month = int(m)
    if 21 <= month <= 41 and d is None:
        raise DateError(f'"{text}" is a season', f"write the months, {y}-06/{y}-08, or the year")
    if not 1 <= month <= 12:
        raise DateError(f'"{text}" has no month {m}', "months are 01 to 12, as in 2015-11-17")
    days = monthrange(year, month)[1]
    if d is None or d == "XX":
        return When(f"{y}-{m}{q}", "month", date(year, month, 1), date(year, month, days), approximate, uncertain)
    if not 1 <= int(d) <= days:
        raise DateError(f'"{text}" does not exist', f"{y}-{m} has {days} days")
    day = date(year, month, int(d))
    return When(f"{y}-{m}-{d}{q}", "day", day, day, approximate, uncertain)


def _interval(a: str, b: str) -> When:
    open_a, open_b = a in ("", ".."), b in ("", "..")
    if open_a and open_b:
        raise DateError(f'"{a}/{b}" says nothing', "leave the date out when it is not known")
    first = None if open_a else _single(a)
    last = None if open_b else _single(b)
    if (first or last) and UNKNOWN in (first, last):
        raise DateError(f'"{a}/{b}" has an end that is not known', "write ../ or /.. for an open end")
    if first and last:
        assert first.first and last.last and first.last and last.first
        if last.last < first.first:
            raise DateError(f'"{a}/{b}" ends before it begins', f"write {last.edtf}/{first.edtf}")
        if first == last:
            return first
    return When(
        f"{first.edtf if first else a}/{last.edtf if last else b}",
        "interval",
        first.first if first else None,
        last.last if last else None,
        any(w.approximate for w in (first, last) if w),
        any(w.uncertain for w in (first, last) if w),
    )


def joined(start: When, end: When) -> When:
    """The interval from one date to another, as `date` and `date_end` give it. Raises DateError."""
    if start.precision == "unknown":
        return _interval("..", end.edtf)
    if end.precision == "unknown":
        return start
    if "/" in start.edtf or "/" in end.edtf:
        raise DateError(
            "an interval cannot begin or end with an interval", "write one interval in date, without date_end"
        )
    return _interval(start.edtf, end.edtf)


def _year(year: int, text: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateError(f'"{text}" is outside the years {FIRST_YEAR} to {LAST_YEAR}', "check the year")


def _explain(text: str) -> DateError:
    """The sentence for a text that is no date of ours: what it probably is."""
    if match := _DMY.match(text):
        a, b, y = int(match[1]), int(match[2]), match[3]
        if len(y) == 2:
            return DateError(f'"{text}" has a year of two digits', "write it as 2015-11-17")
        if a <= 12 and b <= 12 and a != b:
            return DateError(
                f'"{text}" may be day first or month first: ambiguous',
                f"write {y}-{b:02d}-{a:02d} or {y}-{a:02d}-{b:02d}",
            )
        month, day = (b, a) if b <= 12 else (a, b)
        if 1 <= month <= 12:
            return DateError(f'"{text}" is not written year first', f"write {y}-{month:02d}-{day:02d}")
    if match := _YMD.match(text):
        return DateError(
            f'"{text}" is not written with hyphens', f"write {match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"
        )
    if re.match(r"-\d", text):
        return DateError(f'"{text}" is a year before our era', f"years are {FIRST_YEAR} to {LAST_YEAR}")
    if re.match(r"Y?\d{5,}-", text) or re.match(r"Y\d{5,}\Z", text):
        return DateError(f'"{text}" is outside the years {FIRST_YEAR} to {LAST_YEAR}', "check the year")
    if match := re.match(r"(\d{4})(\d\d)(\d\d)\Z", text):
        return DateError(f'"{text}" is not a date with hyphens', "write it as 2015-11-17")
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        return DateError(f'"{text}" holds a time', f"write date: {text[:10]} and put the clock time in time")
    if re.match(r"\d{4}-\d{1,2}(-\d{1,2})?\Z", text):
        y, *rest = text.split("-")
        return DateError(f'"{text}" lacks a nought', "write it as " + "-".join([y, *(f"{int(r):02d}" for r in rest)]))
    return DateError(f'"{text}" is not a date', "write 2015-11-17, 2015-11, 2015, 2015-11-15/2015-11-16 or 2015-11-17~")
