"""TimeMap and Bellingcat exports: JSON with events, sources and associations, and the older sheet."""

from __future__ import annotations

import re

from geo.columns import Profile
from geo.read.formats import Columns, Format, Mapped, clock
from geo.read.sheet import Sheet


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    told = {"date", "latitude", "longitude", "description"} <= names
    return told and bool({"associations", "association_1", "association1", "filters"} & names)


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("timemap", profile=Profile("TimeMap"), usual="mdy", loose=frozenset(("id", "time", "source_url")))
    table = Columns(sheet, mapped)
    table.take("id", "id", "civid")
    table.take("date", "date")
    table.take("time", "time", change=clock)
    table.take("place", "location")
    table.take("lat", "latitude")
    table.take("lon", "longitude")
    table.take("title", "title", "name", "location")
    table.take("note", "description", "summary")
    names = tuple(name for name in table.index if name.startswith("association") or name == "filters")
    table.join("kind", (*names, "description"), lambda *said: _kind(" ".join(filter(None, said[:-1])), said[-1] or ""))
    listed = table.get("sources")
    if "source_url" in table.index or listed is None:
        table.take("source_url", "source_url", "source", "url")
    else:
        table.put("source_url", listed.map(_link), "sources")
    table.take("source_title", "source_title")
    table.take("source_publisher", "source_publisher", "sources", change=lambda text: None if _link(text) else text)
    table.rest()
    return mapped


def _kind(said: str, description: str) -> str:
    """A strike where an association or the description says so; without associations, the format's usual subject."""
    words = f"{said} {description}".lower()
    if not said or any(word in words for word in ("strike", "bomb", "shell", "missile", "rocket", "drone")):
        return "strike"
    return "other"


def _link(text: str) -> str | None:
    """The first address of a list of sources."""
    match = re.search(r"https?://[^\s,;\"'\]]+", text)
    return match[0] if match else None


FORMAT = Format("timemap", "TimeMap or Bellingcat", _fits, _mapped)
