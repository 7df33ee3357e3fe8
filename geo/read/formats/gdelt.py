"""GDELT 2 events: 61 columns, tab-separated, no header (GDELT 1: 58, or 57). Found by machine in the news of the day; places are
what it understood."""

from __future__ import annotations

import re

from geo.columns import Coded, Profile, combined
from geo.read.formats import Columns, Format, Mapped
from geo.read.sheet import Sheet

PROFILE = Profile("GDELT", "The GDELT Project (gdeltproject.org), events coded by machine from news reports", "free with citation")
HEADER = tuple(
    (
        "GLOBALEVENTID SQLDATE MonthYear Year FractionDate Actor1Code Actor1Name Actor1CountryCode Actor1KnownGroupCode"
        " Actor1EthnicCode Actor1Religion1Code Actor1Religion2Code Actor1Type1Code Actor1Type2Code Actor1Type3Code Actor2Code"
        " Actor2Name Actor2CountryCode Actor2KnownGroupCode Actor2EthnicCode Actor2Religion1Code Actor2Religion2Code"
        " Actor2Type1Code Actor2Type2Code Actor2Type3Code IsRootEvent EventCode EventBaseCode EventRootCode QuadClass"
        " GoldsteinScale NumMentions NumSources NumArticles AvgTone Actor1Geo_Type Actor1Geo_FullName Actor1Geo_CountryCode"
        " Actor1Geo_ADM1Code Actor1Geo_ADM2Code Actor1Geo_Lat Actor1Geo_Long Actor1Geo_FeatureID Actor2Geo_Type"
        " Actor2Geo_FullName Actor2Geo_CountryCode Actor2Geo_ADM1Code Actor2Geo_ADM2Code Actor2Geo_Lat Actor2Geo_Long"
        " Actor2Geo_FeatureID ActionGeo_Type ActionGeo_FullName ActionGeo_CountryCode ActionGeo_ADM1Code ActionGeo_ADM2Code"
        " ActionGeo_Lat ActionGeo_Long ActionGeo_FeatureID DATEADDED SOURCEURL"
    ).split()
)
HEADERS = {
    61: HEADER,
    58: tuple(name for name in HEADER if not name.endswith("ADM2Code")),
    57: tuple(name for name in HEADER if not name.endswith(("ADM2Code", "SOURCEURL"))),
}
"""By their number of columns: GDELT 2, GDELT 1 since April 2013, and before."""
PRECISIONS = {"1": "country", "2": "governorate", "3": "city", "4": "city", "5": "governorate"}
"""`ActionGeo_Type`: 1 country, 2 US state, 3 US city, 4 world city, 5 world state (GDELT 2.0 codebook)."""
EVENTS = {
    "190": "Use of conventional military force", "191": "Blockade", "192": "Occupation of territory",
    "193": "Fighting with small arms and light weapons", "194": "Fighting with artillery and tanks",
    "195": "Aerial weapons", "1951": "Precision-guided aerial munitions", "1952": "Remotely piloted aerial munitions",
    "196": "Violation of a ceasefire",
}  # fmt: skip
ROOTS = (
    "Public statement", "Appeal", "Intent to cooperate", "Consultation", "Diplomatic cooperation", "Material cooperation", "Provision of aid",
    "Yielding", "Investigation", "Demand", "Disapproval", "Rejection", "Threat", "Protest", "Show of military force", "Reduction of relations",
    "Coercion", "Assault", "Fight", "Unconventional mass violence",
)  # fmt: skip
"""The twenty root events of CAMEO, 01 to 20."""


def _fits(names: frozenset[str], sheet: Sheet) -> bool:
    if not sheet.headerless:
        return {"globaleventid", "sqldate", "actiongeo_lat"} <= names
    if len(sheet.columns) not in HEADERS:
        return False
    number, day, month = (column.values[:50] for column in sheet.columns[:3])
    return all(map(str.isdigit, number)) and all(re.match(r"\d{8}\Z", v) for v in day) and all(re.match(r"\d{6}\Z", v) for v in month)


def other_table(sheet: Sheet) -> str | None:
    """What a file is that GDELT publishes beside its events, by its first row: it has no header, and holds no events."""
    row = [column.at(0) or "" for column in sheet.columns] if sheet.headerless else list(sheet.header)
    if len(row) == 27 and re.match(r"\d{14}-T?\d+\Z", row[0]):
        return "GDELT's knowledge graph (gkg)"
    if len(row) in (14, 16) and row[0].isdigit() and all(re.match(r"\d{14}\Z", cell) for cell in row[1:3]):
        return "GDELT's list of mentions"
    return None


def _mapped(sheet: Sheet) -> Mapped:
    if sheet.headerless:
        sheet = sheet.named(HEADERS[len(sheet.columns)])
    mapped = Mapped("gdelt", profile=PROFILE, loose=frozenset(("source_url",)))
    table = Columns(sheet, mapped)
    table.take("id", "globaleventid")
    table.take("date", "sqldate")
    kind = table.get("actiongeo_type")
    table.take("lat", "actiongeo_lat")
    table.take("lon", "actiongeo_long")
    table.take("place", "actiongeo_fullname")
    if kind is not None:
        table.join("precision", ("actiongeo_type", "actiongeo_fullname"), _precision)
        # The last part of "Mosul, Ninawa, Iraq" is the country; the coordinates of anything wider than a city are its middle.
        table.join("country", ("actiongeo_fullname",), lambda text: text.rpartition(",")[2].strip() if text else None)
        _no_middles(table, mapped)
    table.take("kind", "eventcode", change=lambda code: "strike" if code.startswith("195") else "attack" if code.startswith("19") else "other")
    table.take("title", "eventcode", change=_title)
    table.take("actor", "actor1name", change=str.title)
    table.take("against", "actor2name", change=str.title)
    table.take("source_url", "sourceurl")
    return mapped


def _title(code: str) -> str:
    """What an event code says; one without words of its own says what its root says."""
    root = code.zfill(2)[:2]
    said = ROOTS[int(root) - 1] if root.isdigit() and 1 <= int(root) <= len(ROOTS) else "Event"
    return EVENTS.get(code, f"{said} (CAMEO {code})")


def _precision(kind: str | None, name: str | None) -> str | None:
    """The rung; a "city" without a comma in its name is a country or a state that was taken for one."""
    rung = PRECISIONS.get(kind or "")
    return "country" if rung == "city" and name and "," not in name else rung


def _no_middles(table: Columns, mapped: Mapped) -> None:
    """Countries and states lose their centroid: what remains is the name, which is drawn as an area."""
    rung = mapped.columns.get("precision")
    if rung is None:
        return
    for ours in ("lat", "lon"):
        column: Coded[str] | None = mapped.columns.get(ours)
        if column is not None:
            mapped.columns[ours] = combined((column, rung), lambda value, level: value if level == "city" else None)


FORMAT = Format("gdelt", "GDELT 2 events", _fits, _mapped)
