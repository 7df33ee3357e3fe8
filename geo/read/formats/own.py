"""Our own columns, and any other table whose headers say what they hold."""

from __future__ import annotations

import re

from geo.read.formats import Columns, Format, Mapped
from geo.read.ourcolumns import OWN, TEXTS, plain, split
from geo.read.sheet import Sheet

SYNONYMS: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "event_date", "day", "datum", "fecha", "data", "дата", "التاريخ", "تاريخ", "jour", "date_start",
        "start_date", "date_of_event", "incident_date", "when", "datetime", "timestamp", "תאריך",
    ),
    "date_end": ("date_end", "end_date", "date_fin", "fecha_fin", "дата_окончания", "تاريخ_النهاية"),
    "time": ("time", "heure", "hora", "uhrzeit", "время", "час", "الوقت", "time_of_event"),
    "title": ("title", "titre", "titel", "título", "titulo", "название", "назва", "العنوان", "headline", "event", "name", "incident"),
    "place": (
        "place", "location", "town", "city", "village", "lieu", "ville", "lugar", "ciudad", "ort", "stadt", "место", "город",
        "населенный_пункт", "населённый_пункт", "місце", "місто", "المكان", "الموقع", "المدينة", "البلدة", "location_name",
        "place_name", "locality", "localité", "localidad", "target_city", "site", "מקום",
    ),
    "admin1": (
        "admin1", "province", "governorate", "gouvernorat", "provincia", "oblast", "state", "région", "область", "регион",
        "المحافظة", "محافظة", "admin_1", "adm1", "adm_1",
    ),
    "admin2": ("admin2", "district", "distrito", "район", "القضاء", "المنطقة", "admin_2", "adm2", "adm_2", "county"),
    "country": ("country", "pays", "país", "pais", "land", "страна", "країна", "البلد", "الدولة", "iso3", "country_name"),
    "lat": ("lat", "latitude", "breite", "latitud", "широта", "خط_العرض", "y", "lat_dd", "target_latitude"),
    "lon": ("lon", "lng", "long", "longitude", "länge", "longitud", "долгота", "довгота", "خط_الطول", "x", "target_longitude"),
    "actor": ("actor", "acteur", "perpetrator", "belligerent", "force", "страна_удара", "الجهة", "auteur", "attacker"),
    "against": ("against", "target", "cible", "objetivo", "ziel", "цель", "الهدف", "target_type"),
    "note": (
        "note", "notes", "description", "remarks", "comment", "comments", "details", "beschreibung", "descripción",
        "descripcion", "описание", "опис", "الوصف", "ملاحظات", "summary", "text", "remarques",
    ),
    "weapon": ("weapon", "weapons", "arme", "munition", "оружие", "السلاح"),
    "aircraft": ("aircraft", "avion", "avions", "aircraft_type", "самолет", "الطائرة"),
    "killed_min": ("killed_min", "fatalities_min", "deaths_min", "low"),
    "killed_max": ("killed_max", "fatalities_max", "deaths_max", "high"),
    "killed": ("killed", "fatalities", "deaths", "dead", "morts", "tués", "muertos", "tote", "погибшие", "убито", "القتلى"),
    "strikes": ("strikes", "airstrikes", "air_strikes", "raids", "frappes", "удары", "الغارات"),
    "source_url": ("source_url", "url", "link", "lien", "enlace", "ссылка", "الرابط", "source_link"),
    "source_publisher": ("source_publisher", "source", "publisher", "fuente", "quelle", "источник", "المصدر"),
    "source_title": ("source_title", "article_title"),
    "id": ("id", "event_id", "incident_id", "uid", "code", "row"),
    "status": ("status",),
    "kind": ("kind",),
    "precision": ("precision", "accuracy", "geo_accuracy"),
    "origin": ("origin", "takeoff_base", "origine", "base", "departure"),
    "origin_lat": ("origin_lat", "takeoff_latitude", "from_lat", "origin_latitude"),
    "origin_lon": ("origin_lon", "takeoff_longitude", "from_lon", "from_lng", "origin_longitude"),
}
"""Our column → headers of other people's tables, small letters, underscores for blanks; the first that a table has counts."""

LOOSE = frozenset(("id", "kind", "status", "precision", "time", "killed", "killed_min", "killed_max", "strikes", "source_url"))
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
    mapped = Mapped("strikemap")
    left = []
    for index, header in enumerate(sheet.header):
        name, lang = split(header)
        if name in OWN and (not lang or name in TEXTS):
            key = f"{name}:{lang}" if lang else name
            mapped.columns[key] = sheet.columns[index]
            mapped.headers[key] = index + 1
        elif header.strip():
            left.append(header.strip())
            mapped.extra[header.strip()] = sheet.columns[index]
    if left:
        mapped.notes.append(f"not taken: {_listed(left)}")
    return mapped


PAIRS = ("coordinates", "coords", "coordinate", "lat_lon", "lat_long", "latlon", "latlng", "lat_lng", "geolocation", "gps", "координаты", "الإحداثيات", "coordonnées", "coordenadas")
"""Headers of one column that holds latitude and longitude."""
_PAIR = re.compile(r"\(?\s*([+\-−]?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*([+\-−]?\d{1,3}(?:\.\d+)?)\s*\)?\Z")
_NOT_THE_DAY = frozenset("added published updated created source accessed modified retrieved posted entry end upload report reported".split())


def _guessed(sheet: Sheet) -> dict[str, int]:
    """Our column → index of the file's: by its whole header, without what stands in brackets, then by a word in it."""
    bare: dict[str, int] = {}
    for index, header in enumerate(sheet.header):
        for name in (plain(header), plain(re.sub(r"\(.*?\)|\[.*?\]", "", header))):
            bare.setdefault(name, index)
    found: dict[str, int] = {}
    for ours, theirs in SYNONYMS.items():
        at = next((bare[name] for name in theirs if name in bare and bare[name] not in found.values()), None)
        if at is not None:
            found[ours] = at
    for ours, word in (("date", "date"), ("lat", "latitude"), ("lon", "longitude"), ("lat", "lat"), ("lon", "lon"), ("lon", "lng"), ("place", "location"), ("place", "place"), ("place", "city")):  # fmt: skip
        for name, index in bare.items():
            said = set(name.split("_"))
            if ours not in found and word in said and index not in found.values() and not (ours == "date" and said & _NOT_THE_DAY):
                found[ours] = index
    return found


def _is_generic(names: frozenset[str], sheet: Sheet) -> bool:
    if sheet.headerless:
        return False
    found = set(_guessed(sheet))
    if names & set(PAIRS):
        found |= {"lat", "lon"}
    return "date" in found and ({"lat", "lon"} <= found or bool({"place", "admin1"} & found)) or {"lat", "lon"} <= found


def _generic(sheet: Sheet) -> Mapped:
    mapped = Mapped("generic", loose=LOOSE)
    table = Columns(sheet, mapped)
    taken = []
    for ours, index in _guessed(sheet).items():
        table.used.add(index)
        mapped.columns[ours], mapped.headers[ours] = sheet.columns[index], index + 1
        header = sheet.header[index].strip()
        taken.append(f"{header} as {ours}" if header != ours else ours)
    pair = next((name for name in PAIRS if name in table.index), None)
    if pair is not None and not {"lat", "lon"} <= set(mapped.columns):
        # What is no pair of numbers stays in both halves, so that the row is refused for it.
        table.take("lat", pair, change=lambda text: match[1] if (match := _PAIR.match(text)) else text)
        table.take("lon", pair, change=lambda text: match[2] if (match := _PAIR.match(text)) else text)
        taken.append(f"{sheet.header[table.index[pair]].strip()} as lat and lon")
    left = [header.strip() for index, header in enumerate(sheet.header) if header.strip() and index not in table.used]
    mapped.notes.append(f"columns taken: {', '.join(taken)}" + (f"; not taken: {_listed(left)}" if left else ""))
    table.rest()
    return mapped


def _listed(names: list[str], most: int = 12) -> str:
    said = ", ".join(name[:40] for name in names[:most])
    return f"{said} and {len(names) - most} more" if len(names) > most else said


FORMAT = Format("strikemap", "strikemap's own columns", _is_own, _own)
GENERIC = Format("generic", "a table with recognisable headers", _is_generic, _generic)
