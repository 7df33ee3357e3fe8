"""The place in a sentence of a release: "Near Ar Raqqah, two strikes struck an ISIL tactical unit."

Pure: a sentence in, a `Phrase` out. The words are found by how releases are written (English), not by looking any
name up: what the phrase means is for `geo.places.resolve` to say.
"""

from __future__ import annotations

import re

from geo.places.phrases import Phrase, parse

_SIDE = r"(?:north|south|east|west)(?:[\s\-]*(?:east|west))?"
_LEAD = rf"""(?:
    (?:about\s+|approximately\s+)?\d[\d.,]*\s*(?:km|kms|kilomet(?:er|re)s?|nm|mi|miles?|nautical\s+miles?)\s+
        (?:to\s+the\s+)?(?:{_SIDE}|[NESW]{{1,3}})\s+of|
    (?:just\s+)?{_SIDE}(?:\s+and\s+{_SIDE})?\s+of|
    near(?:\s+near)*|nearby|(?:just\s+)?outside(?:\s+of)?|in\s+the\s+vicinity\s+of|vicinity\s+of|around|close\s+to|
    on\s+the\s+outskirts\s+of|between|in|inside|at|within|over|against
)"""
_PARTICLES = "al|ar|as|ash|ad|at|az|an|el|ez|et|es|bin|ibn|abu|de|du|la|le"
_WORD = r"[A-Z][\w'’‘ʿʾ\-]*"
_NAME = rf"(?:(?:the|{_PARTICLES})[\s\-]+)*{_WORD}(?:[\s\-]+(?:(?:{_PARTICLES}|and|of)[\s\-]+)*{_WORD})*"

_BULLET = re.compile(r"^[\s\-–—•*·.]+")
_HEADING = re.compile(
    r"^(?:(?:air)?strikes?\s+in\s+(?P<area>[A-Z][\w ]*?)\s*[:\-–—]+|(?P<alone>[A-Z][\w ]{2,30}?)\s*(?::|--|–|—))\s*", re.IGNORECASE
)
_IN_AREA = re.compile(rf"^in\s+(?P<area>{_NAME})\s*,\s*", re.IGNORECASE)
_FIRST = re.compile(rf"^(?P<lead>{_LEAD})\s+(?P<name>[^,;:.]{{2,60}}?)\s*[,;:]", re.IGNORECASE | re.VERBOSE)
# Only the words before a name may be written in capitals or small letters; a name begins with a capital.
_ANYWHERE = re.compile(rf"(?<![\w\-])(?P<lead>(?i:{_LEAD}))\s+(?P<name>{_NAME})", re.VERBOSE)
_WEAPONS = frozenset(("ISIL", "ISIS", "Daesh", "Da'esh", "Coalition", "U.S", "US", "IED", "VBIED", "Support", "Operation"))
_PLAIN_IN = re.compile(r"(?:in|inside|at|within|over|against)\s", re.IGNORECASE)
_PROPER = re.compile(rf"(?:(?i:the|{_PARTICLES})[\s\-]+)*[A-Z]")
# A comma may be missing: "Near Fallujah an airstrike struck …".
_NUMBER = re.compile(r"\s(?=(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|air\s?strikes?|strikes?)\s)")
_TWICE = re.compile(r"^(near)(?:\s+near)+(?=\s)", re.IGNORECASE)


def find_place(sentence: str) -> Phrase | None:
    """The first place that a sentence says a strike was at, with "near", a direction or a distance kept.

    A country or province that the sentence opens with ("In Iraq, …", "Strikes in Syria: -- …") is in `within`; it is
    the place itself only where nothing finer follows. None when the sentence names no place.
    """
    words = place_words(sentence)
    return parse(words) if words else None


def place_words(sentence: str) -> str | None:
    """The words that `find_place` takes apart, as a claim's place is written: "near Ar Raqqah, Syria"."""
    text = _BULLET.sub("", " ".join(sentence.split()))
    areas: tuple[str, ...] = ()
    if match := _HEADING.match(text):
        areas = (match["area"] or match["alone"],)
        text = _BULLET.sub("", text[match.end() :])
    if match := _IN_AREA.match(text):
        finer = _in(text[match.end() :])
        if finer is None or _PLAIN_IN.match(finer):
            return ", ".join((match["area"], *areas))
        return ", ".join((finer, match["area"], *areas))
    found = _in(text)
    return ", ".join((found, *areas) if found else areas) or None


def _in(text: str) -> str | None:
    match = _FIRST.match(text)
    if match and _PROPER.match(match["name"]):
        return _joined(match["lead"], _NUMBER.split(match["name"])[0])
    for match in _ANYWHERE.finditer(text):
        if match["name"].split()[0] not in _WEAPONS:
            return _joined(match["lead"], match["name"])
    return None


def _joined(lead: str, name: str) -> str:
    return _TWICE.sub(r"\1", f"{lead.strip()} {name}")
