"""The dates of a column, read together: which of day and month comes first is decided from all its values, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from geo.model import When
from geo.read.dates import UNKNOWN, DateError, joined, parse_edtf
from geo.read.faults import shown

ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year"}
MINORITY = 0.02
"""A share of values that speak for the other order up to which they count as slips, not as a second order."""

_ISO_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d?):(\d\d)(?::\d\d(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?\Z")
_NUMERIC = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[/.\-\s])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?:[,\s]+(?P<t>\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?))?\Z"
)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:\s+\d{1,2}:\d\d(?::\d\d)?)?\Z")
_LOOSE_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)\Z")
_RUN = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])([0-5]\d)([0-5]\d)?\Z")
_MILLISECONDS = re.compile(r"-?\d{11,13}(\.0)?\Z")
_SECONDS = re.compile(r"\d{10}(\.\d+)?\Z")
_TO_THE_HOUR = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])([01]\d|2[0-3])\Z")
_WITH_TIME = re.compile(
    r"(.*\d{4}),?\s+(?:at\s+)?(\d{1,2}:\d\d(?::\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?)\s*((?:GMT|UTC|Z)?\s*(?:[+-]\d\d:?\d\d)?)\s*(?:\([^)]*\))?\Z"
)
_SERIAL = re.compile(r"([1-6]\d{4})(\.\d+)?\Z")
_FROM_TO = re.compile(r"\s*[–—]\s*|\s+-\s+|\s+(?:to|until|till|au|bis|hasta|al|до|по|إلى|עד)\s+")
_DAYS_OF_MONTH = re.compile(r"(\d{1,2})\s?[-–/]\s?(\d{1,2})(\.?\s+[^\W\d]+\.?,?\s+\d{4})\Z")
_MONTH_AND_DAYS = re.compile(r"([^\W\d]+\.?\s+)(\d{1,2})\s?[-–/]\s?(\d{1,2})(,?\s+\d{4})\Z")
NOT_KNOWN = frozenset(("unknown", "unkn", "undated", "n.d.", "n.d", "nd", "no date", "not known", "?", "-", "--", "—", "–", "tbc", "tbd", "неизвестно", "غير معروف"))
"""What people write where a date is not known, in small letters."""
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.", "\u200e\u200f")
_NAMED_DMY = re.compile(r"(?:[^\W\d]+,?\s+)?(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-]+(?:de\s+)?([^\W\d]+(?:\s[^\W\d]{3,})?)\.?,?[\s\-]+(?:de\s+)?(\d{4}|\d{2})(?:\s+г\.?)?\Z")
_NAMED_MDY = re.compile(r"(?:[^\W\d]+,?\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\Z")
_NAMED_MY = re.compile(r"([^\W\d]+)\.?\s+(\d{4})\Z")

_ENGLISH = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"),
            ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"), ("october", "oct"), ("november", "nov"),
            ("december", "dec"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
LANGUAGES = ("fr", "es", "de", "ru", "uk", "ar", "he", "it", "pt", "tr")


@dataclass(frozen=True, slots=True)
class Dates:
    """What a column was found to say: a date for each distinct value, or why it is none."""

    of: tuple[When | DateError, ...]
    times: tuple[str | None, ...]
    order: str | None
    """dmy, mdy, or None where no value needed the decision."""
    why: str
    """How it was decided, for the reader of stderr."""
    ambiguous: int
    """Rows whose date could be read both ways and was not."""


def read_dates(
    values: Sequence[str], counts: Sequence[int], *, order: str | None = None, usual: str | None = None, sign: str | None = None,
    century: int | None = None, epoch: date | None = None,
) -> Dates:
    """Each value's date. `order` is the user's word; `usual` the format's own, taken only where no value decides
    and, where `sign` is named, only between dates that this stands in: others went through another program.

    `century` (1900) completes years of two digits; without it they are refused. `epoch` is the day from which the file counts
    days where it has plain numbers; without it they are refused.
    """
    values = [value if value.isascii() else western(value) for value in values]
    votes: dict[str, Counter[str]] = {}
    for value, count in zip(values, counts, strict=True):
        if match := _NUMERIC.match(value):
            a, b = int(match["a"]), int(match["b"])
            if (a > 12) != (b > 12):
                votes.setdefault(match["s"], Counter())["dmy" if a > 12 else "mdy"] += int(count)
    undecided = 0
    decided: dict[str, str | None] = {}
    reasons: list[str] = []
    for mark in sorted({match["s"] for value in values if (match := _NUMERIC.match(value))}):
        found, why = _decided(votes.get(mark, Counter()), order, usual if sign in (None, mark) else None)
        decided[mark] = found
        if why:
            reasons.append(why)
    of: list[When | DateError] = []
    times: list[str | None] = []
    for value, count in zip(values, counts, strict=True):
        try:
            when, time = _one(value, decided, century, epoch)
        except DateError as error:
            of.append(error)
            times.append(None)
            undecided += int(count) if isinstance(error, Ambiguous) else 0
        else:
            of.append(when)
            times.append(time)
    days = sum(int(count) for value, count in zip(values, counts, strict=True) if epoch and _SERIAL.match(value))
    if days:
        reasons.append(f"{days:,} plain {'number' if days == 1 else 'numbers'} read as the workbook counts days")
    orders = {found for found in decided.values() if found}
    return Dates(tuple(of), tuple(times), next(iter(orders)) if len(orders) == 1 else None, "; ".join(dict.fromkeys(reasons)), undecided)


class Ambiguous(DateError):
    """A date that day first and month first read differently, in a column that does not say which."""


def _decided(votes: Counter[str], order: str | None, usual: str | None) -> tuple[str | None, str]:
    if order:
        return order, f"read as {ORDERS[order]}, as you said"
    dmy, mdy = votes["dmy"], votes["mdy"]
    if not dmy and not mdy:
        return usual, f"read as {ORDERS[usual]}, as this format writes them" if usual else ""
    found, other = ("dmy", mdy) if dmy > mdy else ("mdy", dmy)
    if other <= MINORITY * (dmy + mdy):
        rows = votes[found]
        return found, f"read as {ORDERS[found]}: {rows:,} {'row' if rows == 1 else 'rows'} can be read no other way"
    return None, f"{dmy:,} rows can only be day first and {mdy:,} only month first"


def western(text: str) -> str:
    """`text` with Arabic and Persian digits as 0 to 9."""
    return text.translate(_DIGITS)


def _one(text: str, decided: Mapping[str, str | None], century: int | None, epoch: date | None = None) -> tuple[When, str | None]:
    """The date and the clock time of one cell. Raises DateError."""
    if match := _NUMERIC.match(text):
        return _numeric(text, match, decided.get(match["s"]), century)
    if match := _ISO_TIME.match(text):
        # A time with a zone is an instant, not a clock at the place: only its day is kept.
        time = f"{int(match[2]):02d}:{match[3]}" if not match[4] and (match[2], match[3]) != ("00", "00") else None
        return parse_edtf(match[1]), time if int(match[2]) < 24 else None
    if match := _PACKED.match(text.removesuffix(".0")):
        return _day(text, int(match[1]), int(match[2]), int(match[3])), None
    if match := _YEAR_FIRST.match(text) or _LOOSE_ISO.match(text):
        return _day(text, int(match[1]), int(match[2]), int(match[3])), None
    if not text.isascii() or any(c.isalpha() for c in text):
        if match := _NAMED_DMY.match(text):
            return _day(text, _year(text, match[3], century), _month(match[2], text), int(match[1])), None
        if match := _NAMED_MDY.match(text):
            return _day(text, int(match[3]), _month(match[1], text), int(match[2])), None
        if (match := _NAMED_MY.match(text)) and (month := _months().get(match[1].casefold())):
            return parse_edtf(f"{match[2]}-{month:02d}"), None
        if match := _WITH_TIME.match(text):
            return _one(match[1], decided, century)[0], None if match[3] else _clock(match[2])
        if text.casefold() in NOT_KNOWN:
            return UNKNOWN, None
    elif text in NOT_KNOWN:
        return UNKNOWN, None
    if match := _RUN.match(text) or _TO_THE_HOUR.match(text):
        return _day(text, int(match[1]), int(match[2]), int(match[3])), _clock(f"{match[4]}:{match[5]}") if match.re is _RUN else None
    if _MILLISECONDS.match(text):
        # As map servers write days: milliseconds since 1970, UTC.
        day = date(1970, 1, 1) + timedelta(milliseconds=int(text.removesuffix(".0")))
        return parse_edtf(day.isoformat()), None
    if _SECONDS.match(text):
        # Seconds since 1970, UTC, as programs write instants.
        return parse_edtf((date(1970, 1, 1) + timedelta(seconds=int(float(text)))).isoformat()), None
    if match := _SERIAL.match(text):
        if epoch is not None:
            return parse_edtf((epoch + timedelta(days=int(match[1]))).isoformat()), None
        raise DateError(f"{shown(text)} is a spreadsheet's number for a day", "format the column as dates and export it again")
    if re.match(r"\d{4}\.0\Z", text):
        text = text[:4]
    if found := _interval(text, decided, century):
        return found, None
    return parse_edtf(text), None


def _interval(text: str, decided: Mapping[str, str | None], century: int | None) -> When | None:
    """`17-18 March 2017`, `28 Feb – 2 March 2017` or `2017-03-20 to 2017-03-22`; None for what is none. Raises DateError."""
    if match := _DAYS_OF_MONTH.match(text):
        first, last = f"{match[1]}{match[3]}", f"{match[2]}{match[3]}"
    elif match := _MONTH_AND_DAYS.match(text):
        first, last = f"{match[1]}{match[2]}{match[4]}", f"{match[1]}{match[3]}{match[4]}"
    else:
        parts = _FROM_TO.split(text)
        if len(parts) != 2 or not all(re.search(r"\d", part) for part in parts):
            return None
        first, last = parts
        if first.isdigit() and len(first) < 3:
            first = re.sub(r"\d{1,2}", first, last, count=1)
        elif not re.search(r"\d{4}", first):
            first = f"{first} {last[-4:]}"
    return joined(_one(first, decided, century)[0], _one(last, decided, century)[0])


def _numeric(text: str, match: re.Match[str], order: str | None, century: int | None) -> tuple[When, str | None]:
    a, b, year = int(match["a"]), int(match["b"]), match["y"]
    number = _year(text, year, century)
    if order is None:
        if a <= 12 and b <= 12 and a != b:
            raise Ambiguous(f"{shown(text)} may be day first or month first", "say --dates dmy or --dates mdy")
        order = "dmy" if a > 12 else "mdy"
    day, month = (a, b) if order == "dmy" else (b, a)
    time = _clock(match["t"]) if match["t"] else None
    return _day(text, number, month, day), time


def _year(text: str, year: str, century: int | None) -> int:
    """A year of four digits, or of two in a format whose century is known. Raises DateError."""
    if len(year) == 2:
        if century is None:
            raise DateError(f"{shown(text)} has a year of two digits", "write it with four")
        return century + int(year)
    return int(year)


def _clock(text: str) -> str | None:
    """`14:30` of a date with a time; midnight is what programs write where no time is known."""
    hour, minute = (int(part) for part in re.findall(r"\d+", text)[:2])
    half = text.rstrip(". ").upper().replace(".", "")
    if half.endswith("PM") and hour < 12:
        hour += 12
    if half.endswith("AM") and hour == 12:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if (hour, minute) != (0, 0) and hour < 24 and minute < 60 else None


def _day(text: str, year: int, month: int, day: int) -> When:
    if year < 1000:
        raise DateError(f"{shown(text)} has no year", "write it as 2015-11-17")
    try:
        return parse_edtf(f"{year:04d}-{month:02d}-{day:02d}")
    except DateError as error:
        raise DateError(f"{shown(text)} does not exist" if "exist" in error.message else error.message, error.cure) from None


def _month(name: str, text: str) -> int:
    month = _ENGLISH.get(name.casefold()) or _months().get(name.casefold())
    if month is None:
        raise DateError(f"{shown(text)} is not a date", "write 2015-11-17")
    return month


@cache
def _months() -> dict[str, int]:
    """Names of months in the languages of our readers, from CLDR, in the forms that dates are written with."""
    from babel import Locale

    found: dict[str, int] = {}
    for lang in LANGUAGES:
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(lang).months[form][width].items():
                    found.setdefault(name.casefold().rstrip("."), number)
    # "On" stands before a month in Hebrew without a blank.
    found |= {f"ב{name}": number for name, number in found.items() if "א" <= name[0] <= "ת"}
    # Arabic as written in Syria, Iraq and Lebanon, which CLDR keeps under those regions.
    for number, name in Locale("ar", "SY").months["format"]["wide"].items():
        found.setdefault(name, number)
    return found | _ENGLISH


