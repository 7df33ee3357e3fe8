"""UCDP Georeferenced Event Dataset, any version since 5.0, with its header or without (Uppsala Conflict Data Program, CC BY 4.0)."""

from __future__ import annotations

import re

from geo.columns import Profile
from geo.read.formats import Columns, Format, Mapped, whole
from geo.read.sheet import Sheet

HEADER = (
    "id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id"
    " dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources"
    " source_article source_office source_date source_headline source_original where_prec where_coordinates"
    " where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity"
    " date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob"
).split()
"""The 49 columns of GED 17.1 to 25.1, in order; the monthly releases come without this line."""

PROFILE = Profile(
    "UCDP GED",
    "UCDP Georeferenced Event Dataset (Uppsala Conflict Data Program, Uppsala University; Sundberg and Melander 2013), CC BY 4.0",
    "CC BY 4.0",
)
PRECISIONS = {"1": "town", "2": "city", "3": "district", "4": "governorate", "5": "region", "6": "country", "7": "sea"}
"""`where_prec`: 1 a named place, 2 within 25 km of one, 3 a district, 4 a province, 5 a line or a wider area, 6 a country, 7 sea
or air outside territory (GED codebook 25.1, p. 14)."""
NEAR_M = "25000"

_RUNGS = (
    ("village", re.compile(r"\b(?:village|hamlet)\b", re.I)),
    ("neighbourhood", re.compile(r"\b(?:neighbou?rhood|quarter|suburb)\b", re.I)),
    ("city", re.compile(r"\bcity\b", re.I)),
    ("landmark", re.compile(r"\b(?:air ?base|airport|hospital|checkpoint|mosque|prison|bridge|military base|factory)\b", re.I)),
)


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    if sheet.headerless:
        return len(sheet.columns) == len(HEADER) and _looks(sheet)
    return {"where_prec", "date_prec", "latitude", "longitude", "date_start"} <= names


def _looks(sheet: Sheet) -> bool:
    """Whether columns 25, 38 and 39 of a file without header hold what GED has there."""
    where, start = sheet.columns[24], sheet.columns[38]
    return all(re.match(r"[1-7](\.0)?\Z", v) for v in where.values) and all(re.match(r"\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{4}", v) for v in start.values[:50])


def _mapped(sheet: Sheet) -> Mapped:
    if sheet.headerless:
        sheet = sheet.named(HEADER)
    mapped = Mapped("ucdp", profile=PROFILE, loose=frozenset(("killed_min", "killed_max", "source_published", "source_url")))
    table = Columns(sheet, mapped)
    table.take("id", "id", change=lambda text: text.removesuffix(".0"))
    table.fixed("kind", "attack")
    table.take("date", "date_start")
    table.take("date_end", "date_end")
    table.take("lat", "latitude")
    table.take("lon", "longitude")
    table.take("place", "where_coordinates")
    table.take("admin1", "adm_1")
    table.take("admin2", "adm_2")
    table.take("country", "country", change=_country)
    table.join("precision", ("where_prec", "where_coordinates"), _precision)
    table.take("radius_m", "where_prec", change=lambda text: NEAR_M if text.removesuffix(".0") == "2" else None)
    table.take("actor", "side_a")
    table.take("against", "side_b")
    table.join("title", ("dyad_name", "type_of_violence"), lambda dyad, _: dyad or None)
    table.take("killed_min", "low", "low_est", change=whole)
    table.take("killed_max", "high", "high_est", change=whole)
    table.take("source_publisher", "source_office", "source_original", "source_article")
    table.take("source_title", "source_headline")
    table.take("source_published", "source_date", change=_day)
    table.rest(frozenset(("geom_wkt", "priogrid_gid", "source_article", "gwnoa", "gwnob", "gwno", "gwab", "year", "active_year", "code_status")))
    return mapped


def _precision(code: str | None, place: str | None) -> str | None:
    """The rung of `where_prec`; a named place is a village, a city or a town by the word that its name carries."""
    found = PRECISIONS.get((code or "").removesuffix(".0"))
    if found == "town" and place:
        return next((rung for rung, word in _RUNGS if word.search(place)), found)
    return found


_COUNTRIES = {"Congo": "Republic of the Congo", "Kingdom of eSwatini": "Eswatini", "Macedonia": "North Macedonia"}


def _country(text: str) -> str:
    """`Russia (Soviet Union)` is the country's name today, with an older one behind it."""
    name = re.sub(r"\s*\([^()]*\)\Z|,\s*FYR\Z", "", text)
    return _COUNTRIES.get(name, name)


def _day(text: str) -> str | None:
    """The first day of a list of several sources' days."""
    match = re.match(r"\d{4}-\d\d-\d\d", text)
    return match[0] if match else None


FORMAT = Format("ucdp", "UCDP GED", _fits, _mapped)
