"""Theater History of Operations (US Air Force): WWII in both headers, Vietnam."""

from __future__ import annotations

from geo.columns import Profile
from geo.read.formats import Columns, Format, Mapped, whole, words
from geo.read.sheet import Sheet

PROFILE = Profile("THOR", "Theater History of Operations (THOR), US Air Force, public domain", "public domain")
UNKNOWN = frozenset(("unknown", "unknown or not indicated", "unidentified target", "not indicated", "unidentified"))


def _fits_wwii(names: frozenset[str], sheet: Sheet) -> bool:
    lower = {"mission_date", "target_latitude", "target_longitude", "takeoff_base"} <= names
    upper = {"msndate", "takeoff_base", "latitude", "longitude"} <= names and bool({"tgt_location", "tgt_country"} & names)
    return lower or upper


def _fits_vietnam(names: frozenset[str], sheet: Sheet) -> bool:
    return {"msndate", "tgtlatdd_ddd_wgs84", "tgtlonddd_ddd_wgs84"} <= names


def _known(text: str) -> str | None:
    return None if text.lower() in UNKNOWN else words(text)


def _wwii(sheet: Sheet) -> Mapped:
    mapped = Mapped("thor-wwii", profile=PROFILE, usual="mdy", century=1900, packed=True, loose=LOOSE)
    table = Columns(sheet, mapped)
    table.take("id", "mission_id", "wwii_id")
    table.fixed("kind", "strike")
    table.take("date", "mission_date", "msndate")
    table.take("lat", "target_latitude", "latitude")
    table.take("lon", "target_longitude", "longitude")
    table.take("place", "target_city", "tgt_location", change=_known)
    table.take("country", "target_country", "tgt_country", change=_known)
    table.take("against", "target_type", "tgt_type", change=_known)
    table.take("actor", "country", "country_flying_mission", change=words)
    table.take("aircraft", "aircraft_series", "aircraft_name")
    table.take("aircraft_count", "airborne_aircraft", "attacking_aircraft", "ac_attacking", change=whole)
    table.take("origin", "takeoff_base", change=words)
    table.take("origin_lat", "takeoff_latitude")
    table.take("origin_lon", "takeoff_longitude")
    table.join("title", ("aircraft_series" if "aircraft_series" in table.index else "aircraft_name",
                         "target_type" if "target_type" in table.index else "tgt_type",
                         "target_city" if "target_city" in table.index else "tgt_location"), _title)  # fmt: skip
    table.join("time", ("time_over_target",), _time)
    table.rest()
    return mapped


LOOSE = frozenset(("aircraft_count", "time", "precision", "strikes_min", "strikes_max", "quantity"))


def _title(aircraft: str | None, target: str | None, place: str | None) -> str | None:
    at = _known(place) if place else None
    what = _known(target) if target else None
    said = ", ".join(part for part in (what, at) if part)
    return f"{aircraft}: {said}" if aircraft and said else said or aircraft or None


def _time(text: str | None) -> str | None:
    """`745` and `07:45` as a clock time; hour 24 is midnight of a day that cannot be told, so no time."""
    digits = (text or "").removesuffix(".0").replace(":", "")
    if not digits.isdigit() or not 3 <= len(digits) <= 4:
        return None
    hour, minute = int(digits[:-2]), int(digits[-2:])
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def _vietnam(sheet: Sheet) -> Mapped:
    mapped = Mapped("thor-vietnam", profile=PROFILE, usual="mdy", century=1900, loose=LOOSE)
    table = Columns(sheet, mapped)
    table.take("id", "thor_data_viet_id")
    table.fixed("kind", "strike")
    table.take("date", "msndate")
    table.take("lat", "tgtlatdd_ddd_wgs84")
    table.take("lon", "tgtlonddd_ddd_wgs84")
    # The coordinates as they were typed stand in for a position that nobody converted.
    table.join("place", ("tgtorigcoords", "tgtlatdd_ddd_wgs84"), lambda typed, lat: None if lat or not typed else typed)
    # However many digits were typed, nobody says how well they were known.
    table.join("precision", ("tgtorigcoords", "tgtlatdd_ddd_wgs84"), lambda typed, lat: None if lat or not typed else "not_stated")
    table.take("country", "tgtcountry", change=_known)
    table.take("against", "tgttype", change=_known)
    table.take("actor", "countryflyingmission", "milservice", change=words)
    table.take("aircraft", "aircraft_root", "valid_aircraft_root")
    table.take("aircraft_count", "numofacft", change=whole)
    table.take("origin", "takeofflocation", change=words)
    table.take("weapon", "weapontype")
    table.take("mission", "operationsupported", change=lambda text: None)
    table.join("time", ("timeontarget",), _time)
    table.join("title", ("valid_aircraft_root" if "valid_aircraft_root" in table.index else "aircraft_root", "tgttype"),
               lambda aircraft, target: _title(aircraft, target, None))  # fmt: skip
    table.rest()
    return mapped


FORMATS = (
    Format("thor-wwii", "THOR WWII", _fits_wwii, _wwii),
    Format("thor-vietnam", "THOR Vietnam", _fits_vietnam, _vietnam),
)
