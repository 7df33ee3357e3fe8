"""Coordinates written as text: decimal, DMS, packed and MGRS. Pure: text in, a position and its precision out.

Latitude comes first where no letter says otherwise. What is out of range, or could be read in two ways, is not a
position: None is returned and the text stays a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import asin, atan2, atanh, cos, cosh, degrees, sin, sinh, sqrt, tan

from geo.model import Position, Precision


@dataclass(frozen=True, slots=True)
class Written:
    """A position as it was written; `precision` says what its last digit can tell, None where it tells nothing."""

    position: Position
    form: str
    precision: Precision | None = None


_SIGNED = r"[+\-−]?\d{{1,3}}(?:[.,]\d+)?"
_HALF = r"(?P<{0}h>[NSEWnsew])?\s*(?P<{0}>" + _SIGNED + r")\s*°?\s*(?P<{0}t>[NSEWnsew])?"
_DECIMAL = re.compile(rf"^\(?\s*{_HALF.format('a')}\s*(?:[;/]|,\s|,(?=[+\-−\d])|\s)\s*{_HALF.format('b')}\s*\)?$")
_POINT = re.compile(r"^POINT\s*\(\s*([+\-]?\d+(?:\.\d+)?)\s+([+\-]?\d+(?:\.\d+)?)\s*\)$", re.IGNORECASE)
_ANGLE = (
    r"(?P<{0}h>[NSEW])?\s*(?P<{0}d>\d{{1,3}})\s*[°º˚d:\s]\s*(?P<{0}m>\d{{1,2}}(?:[.,]\d+)?)\s*[′'’m:]?\s*"
    r"(?:(?P<{0}s>\d{{1,2}}(?:[.,]\d+)?)\s*(?:[″\"”s]|''|′′)?)?\s*(?P<{0}t>[NSEW])?"
)
_DMS = re.compile(rf"^{_ANGLE.format('a')}\s*[,;/]?\s*{_ANGLE.format('b')}$", re.IGNORECASE)
_PACKED = re.compile(r"^(\d{4}(?:\d\d(?:\.\d+)?)?)\s*([NS])[\s,;/]*(\d{5}(?:\d\d(?:\.\d+)?)?)\s*([EW])$", re.IGNORECASE)
_PACKED_BARE = re.compile(r"^(\d{4})\s*,\s*(\d{4,5})$")
_MGRS = re.compile(r"^(\d{1,2})\s*([C-HJ-NP-X])\s*([A-HJ-NP-Z])([A-HJ-NP-V])\s*([\d\s]+)$", re.IGNORECASE)


def parse_position(text: str) -> Written | None:
    """The position that `text` states, or None when it is not one."""
    text = text.strip()
    if not any(c.isdigit() for c in text) or len(text) > 80:
        return None
    for read in _READERS:
        if found := read(text):
            return found
    return None


def _decimal(text: str) -> Written | None:
    if match := _POINT.match(text):
        return _checked(float(match[2]), float(match[1]), "WKT")
    match = _DECIMAL.match(text)
    if not match:
        return None
    hemispheres = [(match[f"{k}h"] or match[f"{k}t"] or "").upper() for k in "ab"]
    if not re.search(r"[.,]\d", text) and not all(hemispheres):
        return None  # "12 34" and "Hill 70, 3" are no coordinates
    values = [float(match[k].replace(",", ".").replace("−", "-")) for k in "ab"]
    return _ordered(values, hemispheres, "decimal degrees")


def _ordered(
    values: list[float], hemispheres: list[str], form: str, precision: Precision | None = None
) -> Written | None:
    """Latitude and longitude from two numbers with their letters, in either order."""
    first, second = hemispheres
    if first and second and (first in "NS") == (second in "NS"):
        return None
    a, b = (-abs(v) if h in ("S", "W") else v for v, h in zip(values, hemispheres, strict=True))
    if (first and first in "EW") or (second and second in "NS"):
        a, b = b, a
    return _checked(a, b, form, precision)


def _dms(text: str) -> Written | None:
    match = _DMS.match(text)
    if not match:
        return None
    values = []
    for k in "ab":
        minutes = float(match[f"{k}m"].replace(",", "."))
        seconds = float((match[f"{k}s"] or "0").replace(",", "."))
        if minutes >= 60 or seconds >= 60:
            return None
        values.append(int(match[f"{k}d"]) + minutes / 60 + seconds / 3600)
    hemispheres = [(match[f"{k}h"] or match[f"{k}t"] or "").upper() for k in "ab"]
    if not all(hemispheres) and not re.search(r"[°º˚]", text):
        return None
    fine = match["as"] is not None or "." in match["am"]
    return _ordered(values, hemispheres, "degrees, minutes", Precision.EXACT if fine else Precision.VILLAGE)


def _packed(text: str) -> Written | None:
    """`171520N1054540E` (with seconds), `3412N04402E`, and THOR's `4248, 1355` (degrees, minutes, north and east)."""
    if match := _PACKED.match(text):
        values = [_unpack(match[1], 2), _unpack(match[3], 3)]
        hemispheres = [match[2].upper(), match[4].upper()]
        fine = len(match[1]) > 4
    elif match := _PACKED_BARE.match(text):
        values = [_unpack(match[1], 2), _unpack(match[2], len(match[2]) - 2)]
        hemispheres, fine = ["N", "E"], False
    else:
        return None
    if None in values:
        return None
    known = [v for v in values if v is not None]
    return _ordered(known, hemispheres, "packed degrees", Precision.EXACT if fine else Precision.VILLAGE)


def _unpack(digits: str, wide: int) -> float | None:
    minutes = int(digits[wide : wide + 2])
    seconds = float(digits[wide + 2 :] or 0)
    return int(digits[:wide]) + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None


# --- MGRS ------------------------------------------------------------------------------------------------------

_A = 6378137.0
_F = 1 / 298.257223563
_K0 = 0.9996
_E2 = _F * (2 - _F)
_N = _F / (2 - _F)
_RUNGS = {1: Precision.CITY, 2: Precision.VILLAGE, 3: Precision.LANDMARK, 4: Precision.EXACT, 5: Precision.EXACT}


def _mgrs(text: str) -> Written | None:
    """Military grid reference: the middle of its square, as the usual converters give it.

    The precision's radius holds the square: `38SLC 419 034` is one of 100 m, so a landmark's 250 m.
    """
    match = _MGRS.match(text)
    if not match:
        return None
    zone, band, column, row = int(match[1]), match[2].upper(), match[3].upper(), match[4].upper()
    groups = match[5].split()
    digits = "".join(groups)
    if len(digits) % 2 or not 2 <= len(digits) <= 10 or (len(groups) == 2 and len(groups[0]) != len(groups[1])):
        return None
    if not 1 <= zone <= 60:
        return None
    columns = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")[(zone - 1) % 3]
    if column not in columns:
        return None
    rows = "ABCDEFGHJKLMNPQRSTUV"
    half = len(digits) // 2
    square = 10 ** (5 - half)
    easting = (columns.index(column) + 1) * 100_000 + int(digits[:half]) * square + square / 2
    shift = 5 if zone % 2 == 0 else 0
    northing = ((rows.index(row) - shift) % 20) * 100_000 + int(digits[half:]) * square + square / 2
    # The row letters come round every 2,000 km; the band says which round is meant.
    south = "CDEFGHJKLMNPQRSTUVWX".index(band) * 8 - 80
    for turn in range(6):
        lat, lon = _from_utm(zone, easting, northing + turn * 2_000_000, north=band >= "N")
        if south - 0.5 <= lat <= south + (12 if band == "X" else 8) + 0.5:
            return _checked(lat, lon, "MGRS", _RUNGS[half])
    return None


def _from_utm(zone: int, easting: float, northing: float, *, north: bool) -> tuple[float, float]:
    """Latitude and longitude in degrees, by Krüger's series to the fourth order (Karney 2011, eq. 36).

    Within 1 mm of the exact projection inside a zone.
    """
    n = _N
    radius = _A / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
        17 * n**3 / 480 - 37 * n**4 / 840,
        4397 * n**4 / 161280,
    )
    xi = (northing - (0 if north else 10_000_000)) / (_K0 * radius)
    eta = (easting - 500_000) / (_K0 * radius)
    xi0 = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(beta, 1))
    eta0 = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(beta, 1))
    conformal = asin(sin(xi0) / cosh(eta0))
    tau0 = tan(conformal)
    tau = tau0
    for _ in range(5):  # Newton's method on the conformal latitude
        sigma = sinh(sqrt(_E2) * atanh(sqrt(_E2) * tau / sqrt(1 + tau**2)))
        taui = tau * sqrt(1 + sigma**2) - sigma * sqrt(1 + tau**2)
        step = (tau0 - taui) / sqrt(1 + taui**2) * (1 + (1 - _E2) * tau**2) / ((1 - _E2) * sqrt(1 + tau**2))
        tau += step
    lat = degrees(atan2(tau, 1))
    lon = zone * 6 - 183 + degrees(atan2(sinh(eta0), cos(xi0)))
    return lat, lon


def _checked(lat: float, lon: float, form: str, precision: Precision | None = None) -> Written | None:
    if abs(lat) > 90 or abs(lon) > 180:
        return None
    return Written(Position(lon, lat), form, precision)


_READERS: tuple[Callable[[str], Written | None], ...] = (_decimal, _dms, _packed, _mgrs)
