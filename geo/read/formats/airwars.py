"""Airwars civilian harm incidents."""

from __future__ import annotations

import re

from geo.columns import Profile
from geo.read.formats import Columns, Format, Mapped, clock, whole
from geo.read.sheet import Sheet

PROFILE = Profile("Airwars", "Airwars (airwars.org); incidents and grades as Airwars gives them", "credit Airwars")
PRECISIONS = {
    "exact_location": "exact", "nearby_landmark": "landmark", "street": "street", "neighbourhood_area": "neighbourhood",
    "village": "village", "town": "town", "city": "city", "subdistrict": "district", "district": "district",
    "province_governorate": "governorate",
}  # fmt: skip
STATUSES = {"declared strike": "declared", "contested strike": "contested", "likely strike": "reported", "single source claim": "reported"}

_PRIVATE = ("victim", "named", "internal", "assessor", "sign_off")


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    return "strike_status_name" in names or "geolocation_accuracy_name" in names


def _mapped(sheet: Sheet) -> Mapped:
    mapped = Mapped("airwars", profile=PROFILE, loose=frozenset(("killed_min", "killed_max", "strikes", "status", "precision", "time", "source_url")))
    table = Columns(sheet, mapped)
    table.take("id", "code")
    table.fixed("kind", "strike")
    table.take("date", "date")
    table.take("date_end", "date_end")
    table.take("place", "location_name")
    for lang, language in (("ar", "arabic"), ("he", "hebrew"), ("uk", "ukrainian")):
        table.take(f"place:{lang}", f"location_name_{language}")
    table.take("time", "local_time", change=clock)
    table.take("lat", "latitude")
    table.take("lon", "longitude")
    table.take("country", "country", "country_name")
    table.take("precision", "geolocation_accuracy_name", change=_precision)
    table.take("status", "strike_status_name", change=lambda text: STATUSES.get(text.lower(), "reported"))
    table.take("title", "strike_type_name")
    table.take("actor", "belligerent_1_name", "belligerent_name")
    table.take("against", "targeted_belligerent_name", change=lambda text: None if text.lower() == "unknown" else text)
    table.take("killed_min", "civilians_killed_min", change=whole)
    table.take("killed_max", "civilians_killed_max", change=whole)
    table.take("strikes", "total_strikes", change=whole)
    table.take("note", "geolocation_notes")
    table.take("source_url", "permalink")
    table.fixed("source_publisher", "Airwars")
    table.take("source_title", "code")
    # Names of victims and of those who placed them are nobody's column.
    table.rest(frozenset(name for name in table.index if any(word in name for word in _PRIVATE)))
    return mapped


def _precision(text: str) -> str | None:
    """The class, as a code or in words: `Neighbourhood/area`, `Exact location (other)`."""
    bare = re.sub(r"\s*\(.*\)|^within\s+", "", text.strip().lower())
    return PRECISIONS.get(re.sub(r"[\s/_-]+", "_", bare))


FORMAT = Format("airwars", "Airwars", _fits, _mapped)
