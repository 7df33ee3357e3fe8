"""Yemen Data Project air raids."""

from __future__ import annotations

import re

from geo.columns import Profile
from geo.read.formats import Columns, Format, Mapped
from geo.read.sheet import Sheet

PROFILE = Profile("Yemen Data Project", "Yemen Data Project (yemendataproject.org), air raids data", "credit Yemen Data Project")


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    return {"incident_id", "governorate", "main_category"} <= names


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("yemen", profile=PROFILE, usual="dmy", loose=frozenset(("strikes", "strikes_min", "strikes_max", "time")))
    table = Columns(sheet, mapped)
    table.take("id", "incident_id")
    table.fixed("kind", "strike")
    table.take("date", "date")
    table.take("admin1", "governorate")
    table.take("admin2", "district")
    # "Area" is a village or quarter that no gazetteer may know; its district then stands for it.
    table.take("place", "area", change=_known)
    table.fixed("country", "Yemen")
    table.take("against", "target", change=_known)
    table.join("title", ("target", "main_category", "sub_category"), _title)
    table.take("time", "time", change=_clock)
    table.take("strikes", "air_raids", "number_of_air_raids", change=_count)
    # Later releases count the least and the most.
    for end in ("min", "max"):
        told = [name for name in table.index if "air_raids" in name and end in re.split(r"\W|_", name)]
        table.take(f"strikes_{end}", *told, change=_count)
    table.fixed("actor", "Saudi-led coalition")
    table.fixed("source_publisher", "Yemen Data Project")
    table.rest()
    return mapped


def _count(text: str) -> str | None:
    return text if text.strip().isdigit() else None


def _known(text: str) -> str | None:
    return None if text.lower() in ("unkn", "unknown", "n/a", "-") else text


def _title(target: str | None, main: str | None, sub: str | None) -> str | None:
    parts = [part for part in (target, sub or main) if part and _known(part)]
    return ": ".join(dict.fromkeys(parts)) or None


def _clock(text: str) -> str | None:
    """`Dawn` and `Unkn` are no clock times."""
    return text if ":" in text else None


FORMAT = Format("yemen", "Yemen Data Project", _fits, _mapped)
