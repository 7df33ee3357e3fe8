"""TimeMap and Bellingcat exports: JSON with events, sources and associations, and the older sheet."""

from __future__ import annotations

from geo.columns import Profile
from geo.read.formats import Columns, Format, Mapped
from geo.read.sheet import Sheet


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    told = {"date", "latitude", "longitude", "description"} <= names
    return told and bool({"associations", "association_1", "association1", "filters"} & names)


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("timemap", profile=Profile("TimeMap"), usual="mdy", loose=frozenset(("id", "time", "source_url")))
    table = Columns(sheet, mapped)
    table.take("id", "id", "civid")
    table.take("date", "date")
    table.take("time", "time")
    table.take("place", "location")
    table.take("lat", "latitude")
    table.take("lon", "longitude")
    table.take("title", "title", "name", "location")
    table.take("note", "description", "summary")
    names = tuple(name for name in table.index if name.startswith("association") or name == "filters")
    table.join("kind", names, lambda *said: _kind(" ".join(part for part in said if part)))
    table.take("source_url", "source_url", "source", "url")
    table.take("source_title", "source_title")
    table.take("source_publisher", "source_publisher", "sources")
    table.rest()
    return mapped


def _kind(said: str) -> str:
    """A strike where an association says so; without associations, the format's usual subject."""
    words = said.lower()
    if not words or any(word in words for word in ("strike", "bomb", "shell", "missile", "rocket", "drone")):
        return "strike"
    return "other"


FORMAT = Format("timemap", "TimeMap or Bellingcat", _fits, _mapped)
