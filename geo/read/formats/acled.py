"""Armed Conflict Location & Event Data. Its terms allow maps with credit and forbid to republish the rows."""

from __future__ import annotations

import re

from geo.columns import Profile, constant
from geo.read.formats import Columns, Format, Mapped, whole
from geo.read.sheet import Sheet

WITHHELD = (
    "notes", "source", "source_scale", "tags", "timestamp", "assoc_actor_1", "assoc_actor_2", "ally_actor_1", "ally_actor_2", "inter1", "inter2",
    "interaction", "civilian_targeting", "population_best", "population_1km", "population_2km", "population_5km",
)  # fmt: skip
PROFILE = Profile(
    "ACLED",
    "Armed Conflict Location & Event Data (ACLED), acleddata.com; kinds and numbers as coded by ACLED, drawn by strikemap",
    "ACLED terms of use: no republication of raw data",
    WITHHELD,
)
PRECISIONS = {"1": "town", "2": "district", "3": "governorate"}
"""`geo_precision`: 1 a named place, 2 a part of a region, 3 a region (ACLED codebook 2024, p. 42)."""
KINDS = {"strategic developments": "other", "protests": "other", "riots": "other"}
STRIKES = ("air/drone strike", "shelling/artillery/missile attack")


_ITS_OWN = frozenset((
    "event_id_cnty", "event_id_no_cnty", "data_id", "sub_event_type", "disorder_type", "geo_precision", "assoc_actor_1", "ally_actor_1",
))  # fmt: skip


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    """Also a part of its columns, and its older exports, which know no kinds below the six main ones."""
    return {"event_date", "event_type"} <= names and bool(names & _ITS_OWN)


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("acled", profile=PROFILE, usual="dmy", sign="-", loose=frozenset(("killed",)))
    table = Columns(sheet, mapped)
    table.take("id", "event_id_cnty", "data_id")
    table.take("date", "event_date")
    table.take("lat", "latitude")
    table.take("lon", "longitude")
    table.take("place", "location")
    table.take("admin1", "admin1")
    table.take("admin2", "admin2")
    table.take("country", "country")
    table.take("precision", "geo_precision", change=lambda text: PRECISIONS.get(text.removesuffix(".0"), text))
    table.join("kind", ("sub_event_type", "event_type"), _kind)
    table.join("title", ("sub_event_type", "event_type"), lambda sub, event: sub or event)
    # Who is actor 1 and who is actor 2 says nothing of who flew where: they are named, never joined by a line.
    table.take("actor", "actor1")
    table.take("against", "actor2")
    table.take("killed", "fatalities", change=whole)
    # `time_precision`: 1 the day, 2 the week, 3 the month.
    table.take("date_precision", "time_precision")
    unused = ("year", "iso", "iso3", "gwno", "disorder_type", "admin3", "region", "data_id", "event_id_no_cnty")
    table.rest(frozenset((*WITHHELD, *unused)))
    return mapped


def _is_weekly(names: frozenset[str], sheet: Sheet) -> bool:
    weekly = {"week", "country", "events"} <= names and bool({"admin1", "admin_1"} & names)
    return weekly or {"month", "year", "country", "events", "fatalities", "iso3"} <= names


def _weekly(sheet: Sheet) -> Mapped:
    """The public aggregates: one row a week, province and kind of event, or a month and district. Centroids are no places of events."""
    mapped = Mapped("acled-weekly", profile=PROFILE, usual="dmy", sign="-", loose=frozenset(("killed",)))
    table = Columns(sheet, mapped)
    if "week" in table.index:
        table.take("date", "week")
        table.put("date_precision", constant("2", sheet.n))
    else:
        table.join("date", ("month", "year"), lambda month, year: f"{month} {year}" if month and year else year)
    table.take("country", "country")
    table.take("admin1", "admin1", "admin_1")
    table.take("admin2", "admin2", "admin_2")
    table.join("kind", ("sub_event_type", "event_type"), _kind)
    table.join("title", ("sub_event_type", "event_type", "events"), lambda sub, event, n: sub or event or (f"{n} events" if n else None))
    table.take("killed", "fatalities", change=whole)
    table.rest(frozenset((
        "centroid_latitude", "centroid_longitude", "id", "region", "disorder_type", "population_exposure", "population_best", "iso3",
        "admin1_pcode", "admin2_pcode",
    )))  # fmt: skip
    return mapped


def _kind(sub: str | None, event: str | None) -> str:
    said = (sub or "").lower()
    if said in STRIKES or "air" in re.split(r"\W", said) or "drone" in said:
        return "strike"
    return KINDS.get((event or "").lower(), "attack")


FORMAT = Format("acled", "ACLED", _fits, _mapped)
WEEKLY = Format("acled-weekly", "ACLED by week and province", _is_weekly, _weekly)
