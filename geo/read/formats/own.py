"""Our own columns, and any other table whose headers say what they hold."""

from __future__ import annotations

import re

from geo.columns import Coded, Profile, combined, nothing
from geo.read.formats import Columns, Format, Mapped, clock
from geo.read.formats.guess import guessed, hemispheres, of_persons, one_day, parts_of_day
from geo.read.formats.pairs import halves, is_grid, pair_column
from geo.read.ourcolumns import OWN, TEXTS, split
from geo.read.sheet import Sheet

LOOSE = frozenset(("id", "kind", "status", "precision", "radius_m", "time", "killed", "killed_min", "killed_max", "strikes", "source_url"))
"""In a table that is not ours a word that is none of our own is no fault of the row."""


def _is_own(names: frozenset[str], sheet: Sheet) -> bool:
    if sheet.headerless:
        return False
    ours = {name for header in sheet.header if (name := split(header)[0]) in OWN}
    named = [header for header in sheet.header if header.strip()]
    said = {"date"} & ours and ({"place", "admin1", "country"} & ours or {"lat", "lon"} <= ours)
    distinct = {"title", "kind", "actor", "place", "source_publisher", "source_url", "note", "strikes_min", "quote"}
    return bool(said) and len(ours) * 2 >= len(named) and len(ours & distinct) >= 2


def _own(sheet: Sheet) -> Mapped:
    # A placemark's words were not written under our headers.
    mapped = Mapped("strikemap", loose=LOOSE if sheet.syntax == "kml" else frozenset())
    others: dict[int, str] = {}
    for index, header in enumerate(sheet.header):
        name, lang = split(header)
        if name in OWN and (not lang or name in TEXTS):
            key = f"{name}:{lang}" if lang else name
            mapped.columns[key] = sheet.columns[index]
            mapped.headers[key] = index + 1
        elif header.strip():
            others[index] = header.strip()
    if (credit := mapped.columns.pop("credit", None)) is not None and credit.values:
        # Whoever made the data is named on a map of what a map of them gave back, too.
        mapped.profile = Profile("", credit.values[0])
    # A header that is not ours may say what one of ours would: `Latitude` among them is the latitude.
    found = {ours: index for ours, index in guessed(sheet).items() if index in others and ours not in mapped.columns}
    if ("lat" in found) != ("lon" in found):
        found = {ours: index for ours, index in found.items() if ours not in ("lat", "lon")}
    for ours, index in found.items():
        mapped.columns[ours], mapped.headers[ours] = sheet.columns[index], index + 1
        mapped.loose |= {ours} & LOOSE
    if found:
        mapped.notes.append(f"columns taken: {', '.join(f'{others.pop(index)} as {ours}' for ours, index in found.items())}")
    mapped.extra |= {header: sheet.columns[index] for index, header in others.items()}
    if others:
        mapped.notes.append(f"not taken: {_listed(list(others.values()))}")
    return mapped


def _is_generic(names: frozenset[str], sheet: Sheet) -> bool:
    if sheet.headerless:
        return False
    found = set(guessed(sheet))
    if pair_column(sheet) is not None:
        found |= {"lat", "lon"}
    if parts_of_day(sheet):
        found.add("date")
    return "date" in found and ({"lat", "lon"} <= found or bool({"place", "admin1"} & found)) or {"lat", "lon"} <= found


def _generic(sheet: Sheet) -> Mapped:
    mapped = Mapped("generic", loose=LOOSE)
    table = Columns(sheet, mapped)
    found = guessed(sheet)
    pair = None if {"lat", "lon"} <= found.keys() else pair_column(sheet)
    found = {ours: index for ours, index in found.items() if index != pair}
    for index, header in enumerate(sheet.header):
        name, lang = split(header)
        if lang and name in TEXTS and index not in found.values():
            found[f"{name}:{lang}"] = index
        elif not lang and name in OWN and name not in found and index not in found.values():
            found[name] = index
    if "source_url" not in found and "source_publisher" in found and _are_links(sheet.columns[found["source_publisher"]]):
        found["source_url"] = found.pop("source_publisher")
    taken = []
    for ours, index in found.items():
        table.used.add(index)
        mapped.columns[ours], mapped.headers[ours] = sheet.columns[index], index + 1
        header = sheet.header[index].strip()
        taken.append(f"{header} as {ours}" if header != ours else ours)
    if parts := parts_of_day(sheet):
        table.join("date", parts, one_day)
        taken = [text for text in taken if not text.endswith(" as date")]
        taken.append(f"{', '.join(sheet.header[table.index[name]].strip() for name in parts)} as date")
    for ours, index in (hemispheres(sheet) if {"lat", "lon"} <= found.keys() else {}).items():
        table.used.add(index)
        mapped.columns[ours] = combined((mapped.columns[ours], sheet.columns[index]), _on_its_half)
        taken.append(f"{sheet.header[index].strip()} as the half of the world of {ours}")
    for ours, change in _CHANGES.items():
        if (column := mapped.columns.get(ours)) is not None:
            mapped.columns[ours] = column.map(change)
    if pair is not None:
        table.used.add(pair)
        header = sheet.header[pair].strip()
        mapped.columns["lat"], mapped.columns["lon"] = halves(sheet, pair)
        mapped.headers["lat"] = mapped.headers["lon"] = pair + 1
        taken.append(f"{header} as lat and lon")
        # A grid reference, or degrees with minutes, is read where names are.
        name_column = mapped.columns.get("place") or nothing(sheet.n)
        mapped.columns["place"] = combined((sheet.columns[pair], name_column), lambda at, said: at if at and is_grid(at) else said)
    left = [header.strip() for index, header in enumerate(sheet.header) if header.strip() and index not in table.used]
    mapped.notes.append(f"columns taken: {', '.join(taken)}" + (f"; not taken: {_listed(left)}" if left else ""))
    table.rest(of_persons(table.index))
    return mapped


_FOOTNOTE = re.compile(r"\s*\[[\w ]{1,12}\]")
_TO = re.compile(r"(\d+)\s*(?:to|or|à|bis|до|[-–—])\s*(\d+)\Z", re.I)
_THOUSANDS = re.compile(r"\d{1,3}(?:[ ,'’]\d{3})+\Z")
_AT_LEAST = re.compile(r"(?:at least|≥|>=)\s*(\d+)\Z|(\d+)\s*(?:or more|\+)\Z", re.I)


def _without_footnotes(text: str) -> str:
    """`Mosul[3]` as `Mosul`, as tables of encyclopedias have it."""
    return _FOOTNOTE.sub("", text) if "[" in text else text


def _counted(text: str) -> str:
    """`105–141[1]` as `105-141`, `at least 8` as `8+`."""
    text = _without_footnotes(text)
    if _THOUSANDS.match(text):
        return re.sub(r"\D", "", text)
    if match := _TO.match(text):
        return f"{match[1]}-{match[2]}"
    if match := _AT_LEAST.match(text):
        return f"{match[1] or match[2]}+"
    return text


def _on_its_half(degrees: str | None, letter: str | None) -> str | None:
    return f"{degrees} {letter.upper()}" if degrees and letter and degrees[:1].isdigit() and degrees[-1:].isdigit() else degrees


def _first_link(text: str) -> str:
    match = re.search(r"https?://[^\s,;\"'\]]+", text)
    return match[0] if match else text


_CHANGES = {
    "time": clock, "date": _without_footnotes, "date_end": _without_footnotes, "place": _without_footnotes, "killed": _counted,
    "killed_min": _without_footnotes, "killed_max": _without_footnotes, "strikes": _counted, "source_url": _first_link,
}  # fmt: skip


def _are_links(column: Coded[str]) -> bool:
    said = column.values[:200]
    return sum(1 for text in said if re.search(r"https?://", text)) * 2 > len(said)


def _listed(names: list[str], most: int = 12) -> str:
    said = ", ".join(name[:40] for name in names[:most])
    return f"{said} and {len(names) - most} more" if len(names) > most else said


FORMAT = Format("strikemap", "strikemap's own columns", _is_own, _own)
GENERIC = Format("generic", "a table with recognisable headers", _is_generic, _generic)
