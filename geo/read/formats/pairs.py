"""A column that holds a position whole: two numbers, a POINT, a link to a map, a grid reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from urllib.parse import unquote

from geo.columns import Coded
from geo.errors import Fault, InputError
from geo.read.formats.guess import EAST, NORTH
from geo.read.ourcolumns import plain
from geo.read.sheet import Sheet

PAIRS = (
    "coordinates", "coords", "coordinate", "lat_lon", "lat_long", "latlon", "latlng", "lat_lng", "latitude_longitude", "geolocation", "gps",
    "gps_coordinates", "geo", "position", "mgrs", "grid", "координаты", "координати", "الإحداثيات", "coordonnées", "coordenadas", "coordinate_gps",
    "koordinaten", "koordinatlar", "مختصات", "קואורדינטות", "wkt", "geom", "the_geom", "geom_wkt", "geometry", "point", "lnglat", "lonlat",
)  # fmt: skip
"""Headers of one column that holds latitude and longitude, a POINT, a link or a grid reference."""
_WORDS = frozenset("coordinates coords coord coordinate geolocation gps mgrs map maps geom wkt latlon latlng".split())
"""One of these in a longer header, and its values decide."""
_NAMES = frozenset(("location", "place", "site", "link", "url"))
"""Headers under which a position stands for a name or an address; only if each value is one."""

_NUMBER = r"[+\-−]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"[(\[]?\s*({_NUMBER})°?\s*[,;\s]\s*({_NUMBER})°?\s*[)\]]?\Z")
_COMMA_PAIR = re.compile(r"\(?\s*([+\-−]?\d{1,3},\d+)\s*(?:;|,\s|\s)\s*([+\-−]?\d{1,3},\d+)\s*\)?\Z")
_POINT = re.compile(r"(?:SRID=4326;)?\s*POINT\s*Z?\s*\(\s*(?P<lon>[+\-]?\d+(?:\.\d+)?)\s+(?P<lat>[+\-]?\d+(?:\.\d+)?)(?:\s+[+\-]?\d+(?:\.\d+)?)?\s*\)\Z", re.I)
_GEOJSON = re.compile(r"\{.*[\"']coordinates[\"']\s*:\s*\[\s*(?P<lon>-?\d+(?:\.\d+)?)\s*,\s*(?P<lat>-?\d+(?:\.\d+)?)\b[^\[\]]*\].*\}\Z", re.S)
_PLACED = re.compile(r".*\d.*[NSEWСЮВЗ]|\d{1,2}\s*[C-X]\s*[A-Z]{2}\s*\d", re.I)
_LINK = re.compile(r"(?:https?://|geo:)", re.I)
_DEGREES = r"(?P<lat>-?\d{1,2}(?:\.\d+)?)"
_IN_LINKS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"!3d{_DEGREES}!4d(?P<lon>-?\d{{1,3}}(?:\.\d+)?)",
        rf"[?&]mlat={_DEGREES}&mlon=(?P<lon>-?\d{{1,3}}(?:\.\d+)?)",
        rf"[?&](?:q|ll|query|center|destination|daddr|sll|viewpoint|cp)=(?:loc:)?\+?{_DEGREES}\s*[,~]\+?\s*(?P<lon>-?\d{{1,3}}(?:\.\d+)?)",
        rf"[/@:]{_DEGREES},\+?\s*(?P<lon>-?\d{{1,3}}(?:\.\d+)?)",
        rf"#(?:map=)?\d+(?:\.\d+)?/{_DEGREES}/(?P<lon>-?\d{{1,3}}(?:\.\d+)?)",
    )
)
"""Where links to maps have the position, the pin before the middle of the view."""


def pair_column(sheet: Sheet) -> int | None:
    """The column of pairs: one with such a header, most of whose values are positions."""
    index = sheet.names()
    listed = [index[name] for name in PAIRS if name in index]
    by_word = [at for name, at in index.items() if at not in listed and (_of(name) & _WORDS or (_of(name) & NORTH and _of(name) & EAST))]
    names = [at for name, at in index.items() if at not in listed and _of(name) & _NAMES]
    for some, share in ((listed, 0.5), (by_word, 0.5), (names, 0.999)):
        for at in some:
            said = sheet.columns[at].values[:200]
            if said and sum(map(_is_position, said)) > share * len(said):
                return at
    return None


def halves(sheet: Sheet, at: int) -> tuple[Coded[str], Coded[str]]:
    """Latitude and longitude of a column of pairs, as text. What is no pair stays in both, so that the row is refused for it.

    Raises InputError where nothing says which of two numbers in a list comes first.
    """
    column = sheet.columns[at]
    turned = _longitude_first(sheet, at)
    return column.map(partial(_half, part=0, turned=turned)), column.map(partial(_half, part=1, turned=turned))


def is_grid(text: str) -> bool:
    """Whether `text` is a grid reference or degrees with letters, which are read where names are."""
    return _found(text) is None and not _LINK.match(text) and _PLACED.match(text) is not None


def _of(name: str) -> set[str]:
    return set(re.split(r"[\W_]+", name))


def _is_position(text: str) -> bool:
    return _found(text) is not None or is_grid(text)


def _found(text: str) -> tuple[str, str, bool] | None:
    """The two numbers of a position, latitude first; whether their order is said, not only usual."""
    if match := _PAIR.match(text) or _COMMA_PAIR.match(text):
        return match[1], match[2], False
    if match := _POINT.match(text) or _GEOJSON.match(text):
        return match["lat"], match["lon"], True
    if _LINK.match(text):
        plain_link = unquote(text)
        for form in _IN_LINKS:
            if match := form.search(plain_link):
                return match["lat"], match["lon"], True
    return None


def _half(text: str, part: int, turned: bool) -> str | None:
    found = _found(text)
    if found is None:
        return None if is_grid(text) else text
    lat, lon, said = found
    first, second = (lon, lat) if turned and not said else (lat, lon)
    return second if part else first


def _longitude_first(sheet: Sheet, at: int) -> bool:
    """Whether the first of two bare numbers is the longitude: by the header, then by numbers that can be no latitude.

    People write latitude first; programs write lists of two numbers both ways, so in JSON one of the two must tell.
    """
    header = plain(sheet.header[at])
    said = [word for word in re.split(r"[\W_]+", header) if word in NORTH | EAST]
    if len(said) > 1 or header in ("latlon", "latlng", "lnglat", "lonlat"):
        return header.startswith(("lng", "lon")) if len(said) < 2 else said[0] in EAST
    numbers = [found for text in sheet.columns[at].values if (found := _found(text)) and not found[2]]
    first, second = _any_past_a_pole([one for one, _, _ in numbers]), _any_past_a_pole([other for _, other, _ in numbers])
    if first != second:
        return first
    if numbers and sheet.syntax in ("json", "jsonl", "parquet") and any("; " in text or text.startswith("[") for text in sheet.columns[at].values[:50]):
        name = sheet.header[at].strip()
        raise InputError([
            Fault(
                "pair_order", "lists of two numbers, of which either may be the latitude", "call it lat_lon or lon_lat",
                sheet.file, None, at + 1, None, name[:40],
            )
        ])  # fmt: skip
    return False


def _any_past_a_pole(numbers: Sequence[str]) -> bool:
    return any(abs(float(number.replace(",", ".").replace("−", "-"))) > 90 for number in numbers)
