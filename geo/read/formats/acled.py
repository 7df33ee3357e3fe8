"""Armed Conflict Location & Event Data. Its terms allow maps with credit and forbid to republish the rows."""

from __future__ import annotations

import re

from geo.columns import Profile, constant
from geo.read.formats import Columns, Format, Mapped, whole
from geo.read.sheet import Sheet

WITHHELD = (
    "notes", "source", "source_scale", "tags", "timestamp", "assoc_actor_1", "assoc_actor_2", "inter1", "inter2",
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


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    return {"event_date", "event_type", "sub_event_type", "geo_precision"} <= names


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("acled", profile=PROFILE, usual="dmy", loose=frozenset(("killed",)))
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
    table.take("title", "sub_event_type", "event_type")
    # Who is actor 1 and who is actor 2 says nothing of who flew where: they are named, never joined by a line.
    table.take("actor", "actor1")
    table.take("against", "actor2")
    table.take("killed", "fatalities", change=whole)
    # `time_precision`: 1 the day, 2 the week, 3 the month.
    table.take("date_precision", "time_precision")
    table.rest(frozenset((*WITHHELD, "year", "iso", "iso3", "disorder_type", "admin3", "region")))
    return mapped


def _is_weekly(names: frozenset[str], sheet: Sheet) -> bool:
    return {"week", "country", "admin1", "sub_event_type", "events"} <= names


def _weekly(sheet: Sheet) -> Mapped:
    """The public aggregate: one row a week, province and kind of event. Its centroids are no places of events."""
    mapped = Mapped("acled-weekly", profile=PROFILE, usual="dmy", loose=frozenset(("killed",)))
    table = Columns(sheet, mapped)
    table.take("date", "week")
    table.put("date_precision", constant("2", sheet.n))
    table.take("country", "country")
    table.take("admin1", "admin1")
    table.join("kind", ("sub_event_type", "event_type"), _kind)
    table.take("title", "sub_event_type", "event_type")
    table.take("killed", "fatalities", change=whole)
    table.rest(frozenset(("centroid_latitude", "centroid_longitude", "id", "region", "disorder_type", "population_exposure")))
    return mapped


def _kind(sub: str | None, event: str | None) -> str:
    said = (sub or "").lower()
    if said in STRIKES or "air" in re.split(r"\W", said) or "drone" in said:
        return "strike"
    return KINDS.get((event or "").lower(), "attack")


FORMAT = Format("acled", "ACLED", _fits, _mapped)
WEEKLY = Format("acled-weekly", "ACLED by week and province", _is_weekly, _weekly)
