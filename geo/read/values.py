"""Plain values: text → number, count, colour, link, language tag, id. Each raises ValueFault for what it refuses."""

from __future__ import annotations

import re
from functools import cache
from math import isfinite

from geo.model import Precision, Range
from geo.read.faults import nearest, shown

NUMBER_PATTERN = r"^\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*$"
COUNT_PATTERN = r"^\s*[0-9]{1,7}\s*$"
RANGE_PATTERN = r"^\s*[0-9]{1,7}\s*(\+|[-\u2013]\s*[0-9]{1,7})?\s*$"
ID_PATTERN = r"^[^\u0000-\u0020!-,/;-@\[-\^`{-\u00a0]{1,100}$"
"""Letters of any script, digits, - _ . : and nothing that would need quoting anywhere."""
SLUG_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?$"
COLOUR_PATTERN = r"^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"
URL_PATTERN = r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#\\@]+([/?#]\S*)?$"
CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?([-\u2013/]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$"
ZONE_PATTERN = r"^(UTC|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}|[+-][0-9]{2}:[0-9]{2})$"

MOST = 1_000_000


class ValueFault(ValueError):
    """What is wrong with one value, and what to do."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code = code
        self.message = message
        self.cure = cure
        super().__init__(f"{message}; {cure}")


def number(text: str, low: float, high: float, what: str) -> float:
    """A finite number in `low..high`, in ASCII digits with a point."""
    if not re.match(NUMBER_PATTERN, text, re.ASCII) or len(text) > 400:
        raise ValueFault("number", f"{shown(text)} is not a number", f"write {what}")
    value = float(text)
    if not isfinite(value) or not low <= value <= high:
        raise ValueFault("bounds", f"{shown(text, 24)[1:-1]} is outside {low:g} to {high:g}", f"write {what}")
    return value


def latitude(text: str) -> float:
    """-90..90 degrees; says so when the value would do as a longitude."""
    try:
        return number(text, -90, 90, "degrees with a point, north positive, as in 35.95")
    except ValueFault as fault:
        if fault.code == "bounds" and abs(float(text)) <= 180:
            raise ValueFault(fault.code, fault.message, "are lat and lon swapped?") from None
        raise


def longitude(text: str) -> float:
    """-180..180 degrees."""
    return number(text, -180, 180, "degrees with a point, east positive, as in 39.01")


def radius(text: str) -> float:
    """Metres, above nought and up to a million."""
    value = number(text, 0, MOST, "metres, as in 500")
    if value <= 0:
        raise ValueFault("bounds", "a radius of nought", "leave it out, or write metres")
    return value


def count(text: str) -> int:
    """A whole number of at most a million."""
    text = text.strip()
    if not re.match(COUNT_PATTERN, text, re.ASCII):
        raise ValueFault("count", f"{shown(text)} is not a whole number", "write digits only, as in 10")
    return _most(int(text))


def _most(value: int) -> int:
    if value > MOST:
        raise ValueFault("bounds", f"{value} is more than {MOST:,}", "check the number")
    return value


def count_range(text: str) -> Range:
    """`10`, `10-20` or `10+` (ten or more)."""
    if not re.match(RANGE_PATTERN, text, re.ASCII):
        raise ValueFault(
            "count", f"{shown(text)} is not a number or a range", "write 10, 10-20, 10+ or {min: 10, max: 20}"
        )
    parts = [int(p) for p in re.findall("[0-9]+", text)]
    for part in parts:
        _most(part)
    if "+" in text:
        return Range(parts[0], None)
    if parts[0] > parts[-1]:
        raise ValueFault("range", f"{shown(text)} ends below its beginning", f"write {parts[-1]}-{parts[0]}")
    return Range(parts[0], parts[-1])


def ident(text: str) -> str:
    """An id: one word without blanks, quotes or punctuation other than - _ . :"""
    text = text.strip()
    if not re.match(ID_PATTERN, text) or not text.isprintable():
        raise ValueFault(
            "id", f"{shown(text)} is not an id", "write one word of letters, digits, - _ . : (at most 100)"
        )
    return text


def slug(text: str) -> str:
    """The name of the built file: small Latin letters, digits and hyphens."""
    if not re.match(SLUG_PATTERN, text):
        raise ValueFault(
            "slug", f"{shown(text)} is not a slug", "write small letters, digits and hyphens, as in 2015-11-17-raqqa"
        )
    return text


def colour(text: str) -> str:
    """`#rgb` or `#rrggbb`; returned as seven small characters."""
    if not re.match(COLOUR_PATTERN, text.strip()):
        raise ValueFault(
            "colour", f"{shown(text)} is not a colour", 'write six hexadecimal digits in quotes, as in "#0743a4"'
        )
    digits = text.strip()[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * d for d in digits))


def link(text: str) -> str:
    """An http or https URL with a host and without a user name."""
    text = text.strip()
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise ValueFault(
            "url", f"links with {scheme[1][:20]}: are not taken", "write the https:// address, or leave it out"
        )
    if not re.match(URL_PATTERN, text) or not text.isprintable() or len(text) > 2_000:
        raise ValueFault(
            "url", f"{shown(text)} is not a web address", "write the whole https:// address, or leave it out"
        )
    return text


def clock(text: str) -> str:
    """`03:30`, or from–to `03:30-04:00`, in the place's own time."""
    if not re.match(CLOCK_PATTERN, text.strip()):
        raise ValueFault(
            "time", f"{shown(text)} is not a clock time", "write 03:30 or 03:30-04:00; other words go into note"
        )
    return re.sub("[-/]", "\u2013", text.strip())


def date_order(text: str) -> str:
    """`dmy` or `mdy`: whether a table's dates begin with the day or with the month."""
    word = text.strip().lower()
    if word not in ("dmy", "mdy"):
        raise ValueFault("date_order", f"{shown(text)} is neither dmy nor mdy", "write dmy (day first) or mdy (month first)")
    return word


def zone(text: str) -> str:
    """An IANA time zone, UTC or an offset `+03:00`. Not checked against a list where the machine has none."""
    text = text.strip()
    fault = ValueFault(
        "zone", f"{shown(text)} is not a time zone", "write a name like Asia/Damascus, UTC, or an offset like +03:00"
    )
    if not re.match(ZONE_PATTERN, text):
        raise fault
    if text[0] not in "+-" and text != "UTC":
        from zoneinfo import ZoneInfo, available_timezones

        try:
            ZoneInfo(text)
        except (KeyError, ValueError, OSError):
            names = available_timezones()
            if names:
                near = nearest(text, names)
                if near:
                    fault.cure = f'did you mean "{near}"?'
                raise fault from None
    return text


def boolean(text: str) -> bool:
    """true or false (yes and no are read too)."""
    word = text.strip().lower()
    if word not in ("true", "false", "yes", "no"):
        raise ValueFault("boolean", f"{shown(text)} is neither true nor false", "write true or false")
    return word in ("true", "yes")


_COMMON = frozenset(["ar", "de", "en", "es", "fa", "fr", "he", "it", "pt", "ru", "tr", "uk", "und"])
"""Known without opening CLDR."""


@cache
def _languages() -> frozenset[str]:
    """Every language code that CLDR has an English name for."""
    from babel import Locale

    return frozenset(str(code) for code in Locale("en").languages if "_" not in str(code))


def language(text: str) -> str:
    """A BCP 47 tag: a language CLDR knows, then perhaps a script and a region, in the usual capitals."""
    tag = text.strip()
    match = re.match(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?\Z", tag)
    if not match or not (match[1].lower() in _COMMON or match[1].lower() in _languages()):
        raise ValueFault("language", f"{shown(tag, 40)} is not a language", "write a tag like fr, en, ar or ar-EG")
    parts = (match[1].lower(), (match[2] or "").capitalize(), (match[3] or "").upper())
    right = "-".join(part for part in parts if part)
    if right != tag:
        raise ValueFault("language", f"{shown(tag, 40)} is not written as usual", f"write {right}")
    return tag


PRECISION_SYNONYMS = {
    **dict.fromkeys(("coordinates", "point", "precise"), Precision.EXACT),
    **dict.fromkeys(("site", "facility", "building"), Precision.LANDMARK),
    **dict.fromkeys(("road", "intersection"), Precision.STREET),
    **dict.fromkeys(("neighborhood", "quarter", "suburb", "neighbourhood_area"), Precision.NEIGHBOURHOOD),
    **dict.fromkeys(("hamlet",), Precision.VILLAGE),
    **dict.fromkeys(("place",), Precision.CITY),
    **dict.fromkeys(("subdistrict", "sub-district", "admin2", "county"), Precision.DISTRICT),
    **dict.fromkeys(
        ("province", "admin1", "oblast", "state", "province_governorate", "province/governorate"), Precision.GOVERNORATE
    ),
    **dict.fromkeys(("admin0", "nation"), Precision.COUNTRY),
    **dict.fromkeys(("area",), Precision.REGION),
    **dict.fromkeys(("waters", "ocean", "gulf"), Precision.SEA),
    **dict.fromkeys(("not_stated", "unknown", "unstated"), Precision.NOT_STATED),
}
"""Other words for the rungs. "place" is the city's rung: whoever writes it knows the place and no finer."""
