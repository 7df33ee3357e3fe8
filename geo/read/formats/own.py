"""Our own columns, and any other table whose headers say what they hold."""

from __future__ import annotations

import re

from geo.columns import combined, nothing
from geo.read.formats import Columns, Format, Mapped, clock
from geo.read.ourcolumns import OWN, TEXTS, plain, split
from geo.read.sheet import Sheet

SYNONYMS: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "event_date", "day", "datum", "fecha", "data", "дата", "التاريخ", "تاريخ", "jour", "date_start",
        "start_date", "date_of_event", "incident_date", "when", "datetime", "timestamp", "תאריך", "tarih", "تاریخ", "dato", "dzień",
        "strike_date", "attack_date", "date_utc", "datetime_utc", "ημερομηνία", "日期",
    ),
    "date_end": ("date_end", "end_date", "date_fin", "fecha_fin", "enddatum", "data_fine", "дата_окончания", "تاريخ_النهاية"),
    "time": ("time", "heure", "hora", "ora", "uhrzeit", "время", "час", "الوقت", "saat", "שעה", "time_of_event", "incident_time", "event_time", "time_local"),
    "title": ("title", "titre", "titel", "título", "titulo", "titolo", "название", "назва", "العنوان", "כותרת", "headline", "event", "name", "incident"),
    "place": (
        "place", "location", "town", "city", "village", "lieu", "ville", "commune", "lugar", "ciudad", "localidad", "ort", "stadt", "gemeinde",
        "luogo", "località", "città", "comune", "local", "cidade", "место", "город", "населенный_пункт", "населённый_пункт", "місце", "місто",
        "населений_пункт", "المكان", "الموقع", "المدينة", "البلدة", "البلدية", "القرية", "מקום", "עיר", "ישוב", "יישוב", "yer", "şehir", "konum",
        "miejsce", "miejscowość", "مکان", "شهر", "محل", "location_name", "place_name", "settlement", "locality", "localité", "community", "target_city", "target_location", "target_name",
        "destination", "site", "地点",
    ),
    "admin1": (
        "admin1", "province", "governorate", "gouvernorat", "provincia", "província", "oblast", "state", "région", "regione", "région_administrative",
        "bundesland", "область", "регион", "المحافظة", "محافظة", "il", "i̇l", "استان", "מחוז", "województwo", "admin_1", "adm1", "adm_1", "admin1_name",
        "adm1_name", "state_province", "provstate",
    ),
    "admin2": (
        "admin2", "district", "département", "departamento", "distrito", "landkreis", "район", "القضاء", "المنطقة", "المديرية", "ilçe", "i̇lçe", "شهرستان",
        "admin_2", "adm2", "adm_2", "admin2_name", "adm2_name", "county",
    ),
    "country": (
        "country", "pays", "país", "pais", "land", "paese", "stato", "страна", "країна", "البلد", "الدولة", "ülke", "کشور", "מדינה", "kraj",
        "country_name", "country_txt", "country_territory", "adm0_name", "admin0", "admin0_name", "iso3",
    ),
    "lat": (
        "lat", "latitude", "breite", "breitengrad", "latitud", "latitudine", "широта", "خط_العرض", "دائرة_العرض", "enlem", "عرض_جغرافیایی", "קו_רוחב",
        "szerokość", "szerokość_geograficzna", "y", "lat_dd", "target_latitude", "纬度",
    ),
    "lon": (
        "lon", "lng", "long", "longitude", "länge", "längengrad", "laengengrad", "longitud", "longitudine", "долгота", "довгота", "خط_الطول",
        "boylam", "طول_جغرافیایی", "קו_אורך", "długość", "długość_geograficzna", "x", "lon_dd", "target_longitude", "经度",
    ),
    "actor": ("actor", "acteur", "perpetrator", "belligerent", "force", "страна_удара", "الجهة", "auteur", "attacker", "gname"),
    "against": ("against", "target", "cible", "objetivo", "ziel", "obiettivo", "alvo", "цель", "ціль", "الهدف", "hedef", "מטרה", "target_type"),
    "note": (
        "note", "notes", "description", "remarks", "comment", "comments", "details", "beschreibung", "descripción", "descripcion", "descrizione",
        "descrição", "описание", "опис", "الوصف", "ملاحظات", "açıklama", "توضیحات", "شرح", "תיאור", "opis", "summary", "text", "remarques",
    ),
    "weapon": ("weapon", "weapons", "arme", "munition", "оружие", "السلاح", "weapon_type", "weapon_used"),
    "aircraft": ("aircraft", "avion", "avions", "aircraft_type", "самолет", "الطائرة"),
    "killed_min": ("killed_min", "fatalities_min", "deaths_min", "min_killed", "minimum_killed", "low"),
    "killed_max": ("killed_max", "fatalities_max", "deaths_max", "max_killed", "maximum_killed", "high"),
    "killed": (
        "killed", "fatalities", "deaths", "dead", "no_killed", "number_killed", "people_killed", "total_killed", "killed_total", "morts", "tués", "muertos", "fallecidos", "tote", "morti", "mortos", "погибшие", "убито",
        "загинуло", "загиблі", "القتلى", "ölü", "کشته", "הרוגים", "zabici", "nkill",
    ),
    "strikes": ("strikes", "airstrikes", "air_strikes", "raids", "frappes", "удары", "الغارات"),
    "source_url": ("source_url", "url", "link", "lien", "enlace", "ссылка", "посилання", "الرابط", "קישור", "bağlantı", "source_link"),
    "source_publisher": (
        "source_publisher", "source", "publisher", "fuente", "quelle", "fonte", "источник", "джерело", "المصدر", "kaynak", "منبع", "מקור", "źródło",
    ),
    "source_title": ("source_title", "article_title"),
    "id": ("id", "event_id", "eventid", "incident_id", "uid", "code", "row"),
    "status": ("status",),
    "kind": ("kind",),
    "precision": ("precision", "accuracy", "geo_accuracy"),
    "radius_m": ("radius_m",),
    "origin": ("origin", "takeoff_base", "origine", "base", "departure"),
    "origin_lat": ("origin_lat", "takeoff_latitude", "from_lat", "origin_latitude"),
    "origin_lon": ("origin_lon", "takeoff_longitude", "from_lon", "from_lng", "origin_longitude"),
}
"""Our column → headers of other people's tables, small letters, underscores for blanks; the first that a table has counts."""
DAYS = (
    ("year", "month", "day"), ("iyear", "imonth", "iday"), ("año", "mes", "día"), ("année", "mois", "jour"), ("jahr", "monat", "tag"),
    ("year", "month"), ("month",), ("year",), ("année",), ("año",), ("jahr",),
)  # fmt: skip
"""Headers of columns that make up the date where no other is one."""

LOOSE = frozenset(("id", "kind", "status", "precision", "radius_m", "time", "killed", "killed_min", "killed_max", "strikes", "source_url"))
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
    # A placemark's words were not written under our headers.
    mapped = Mapped("strikemap", loose=LOOSE if sheet.syntax == "kml" else frozenset())
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


PAIRS = (
    "coordinates", "coords", "coordinate", "lat_lon", "lat_long", "latlon", "latlng", "lat_lng", "latitude_longitude", "geolocation", "gps",
    "gps_coordinates", "geo", "position", "mgrs", "grid", "координаты", "координати", "الإحداثيات", "coordonnées", "coordenadas", "coordinate_gps",
    "koordinaten", "koordinatlar", "مختصات", "wkt", "geom", "the_geom", "geom_wkt", "geometry", "point",
)  # fmt: skip
"""Headers of one column that holds latitude and longitude, a POINT or a grid reference."""
_PAIR = re.compile(r"\(?\s*([+\-−]?\d{1,2}(?:\.\d+)?)°?\s*[,;\s]\s*([+\-−]?\d{1,3}(?:\.\d+)?)°?\s*\)?\Z")
_COMMA_PAIR = re.compile(r"\(?\s*([+\-−]?\d{1,2},\d+)\s*(?:;|,\s|\s)\s*([+\-−]?\d{1,3},\d+)\s*\)?\Z")
_POINT = re.compile(r"(?:SRID=4326;)?\s*POINT\s*Z?\s*\(\s*(?P<lon>[+\-]?\d+(?:\.\d+)?)\s+(?P<lat>[+\-]?\d+(?:\.\d+)?)(?:\s+[+\-]?\d+(?:\.\d+)?)?\s*\)\Z", re.I)
_PLACED = re.compile(r".*\d.*[NSEWСЮВЗ]|\d{1,2}\s*[C-X]\s*[A-Z]{2}\s*\d", re.I)
_NORTH, _EAST = frozenset(("lat", "latitude")), frozenset(("lon", "lng", "long", "longitude"))
_WORDS = (
    ("date", "date"), ("lat", "latitude"), ("lon", "longitude"), ("lat", "lat"), ("lon", "lon"), ("lon", "lng"), ("place", "location"),
    ("place", "place"), ("place", "city"), ("source_url", "link"), ("source_url", "url"),
)  # fmt: skip
"""Our column by one word of a longer header, where no whole one is known."""
_NOT_BY_WORD = {
    "date": frozenset("added published updated created source accessed modified retrieved posted entry end upload report reported".split()),
    "source_url": frozenset("thumbnail image photo picture icon logo video media author profile map".split()),
}
"""Words with which such a header says something else: the day of the entry, a picture."""


def _whole_name(header: str) -> str:
    return plain(header)


def _brackets_opened(header: str) -> str:
    return plain(re.sub(r"[()\[\]]", " ", header))


def _without_brackets(header: str) -> str:
    return plain(re.sub(r"\(.*?\)|\[.*?\]", "", header))


def _last_part(header: str) -> str:
    """Of a record in a record: `location.country`."""
    return plain(header.rpartition(".")[2]) if "." in header.strip(". ") else ""


def _guessed(sheet: Sheet) -> dict[str, int]:
    """Our column → index of the file's: by its whole header, without what stands in brackets, then by a word in it."""
    bare: dict[str, int] = {}
    for shorten in (_whole_name, _brackets_opened, _without_brackets, _last_part):
        for index, header in enumerate(sheet.header):
            if name := shorten(header):
                bare.setdefault(name, index)
    found: dict[str, int] = {}
    for ours, theirs in SYNONYMS.items():
        at = next((bare[name] for name in theirs if name in bare and bare[name] not in found.values()), None)
        if at is not None:
            found[ours] = at
    for ours, word in _WORDS:
        for name, index in bare.items():
            said = set(name.split("_"))
            if ours not in found and word in said and index not in found.values() and not said & _NOT_BY_WORD.get(ours, frozenset()):
                if not (said & _NORTH and said & _EAST):  # that is a column of pairs
                    found[ours] = index
    return found


def _is_generic(names: frozenset[str], sheet: Sheet) -> bool:
    if sheet.headerless:
        return False
    found = set(_guessed(sheet))
    if _pair(names, sheet):
        found |= {"lat", "lon"}
    if _parts_of_day(sheet):
        found.add("date")
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
    if parts := _parts_of_day(sheet):
        table.join("date", parts, _one_day)
        taken = [text for text in taken if not text.endswith(" as date")]
        taken.append(f"{', '.join(sheet.header[table.index[name]].strip() for name in parts)} as date")
    if (time := mapped.columns.get("time")) is not None:
        mapped.columns["time"] = time.map(clock)
    pair = _pair(frozenset(table.index), sheet)
    if pair and not {"lat", "lon"} <= set(mapped.columns):
        # What is no pair of numbers stays in both halves, so that the row is refused for it.
        table.take("lat", pair, change=lambda text: _half(text, 0))
        table.take("lon", pair, change=lambda text: _half(text, 1))
        taken.append(f"{sheet.header[table.index[pair]].strip()} as lat and lon")
        # A grid reference, or degrees with minutes, is read where names are.
        name = mapped.columns.get("place") or nothing(sheet.n)
        mapped.columns["place"] = combined((sheet.columns[table.index[pair]], name), lambda at, said: at if at and _is_grid(at) else said)
    left = [header.strip() for index, header in enumerate(sheet.header) if header.strip() and index not in table.used]
    mapped.notes.append(f"columns taken: {', '.join(taken)}" + (f"; not taken: {_listed(left)}" if left else ""))
    table.rest()
    return mapped


def _pair(names: frozenset[str], sheet: Sheet) -> str | None:
    """The column of pairs: one of those headers, most of whose values are positions."""
    for name in PAIRS:
        if name in names:
            said = sheet.columns[sheet.names()[name]].values[:200]
            if said and sum(1 for text in said if _half(text, 0) != text) * 2 > len(said):
                return name
    return None


def _half(text: str, part: int) -> str | None:
    """Latitude (0) or longitude (1) of a pair; what is neither a pair nor a grid reference stays as it is."""
    if match := _PAIR.match(text) or _COMMA_PAIR.match(text):
        return match[part + 1]
    if match := _POINT.match(text):
        return match["lon" if part else "lat"]
    return None if _is_grid(text) else text


def _is_grid(text: str) -> bool:
    return not (_PAIR.match(text) or _COMMA_PAIR.match(text) or _POINT.match(text)) and _PLACED.match(text) is not None


def _parts_of_day(sheet: Sheet) -> tuple[str, ...] | None:
    """The columns that make up the date, year first; a month alone is one where its cells hold a year too."""
    index = sheet.names()
    at = _guessed(sheet).get("date")
    if at is not None and plain(sheet.header[at]) not in ("day", "jour", "tag", "día"):
        return None
    for parts in DAYS:
        if set(parts) <= set(index):
            if parts != ("month",) or all(re.search(r"\d{4}", text) for text in sheet.columns[index["month"]].values[:50]):
                return parts
    return None


def _one_day(year: str | None, month: str | None = None, day: str | None = None) -> str | None:
    """The date of some cells, as far as they know it; 0 and 99 are not known. What is no number is left for the reader of dates."""
    if year is None:
        return None
    if re.search(r"\D", year.removesuffix(".0")) and month is None and day is None:
        return year
    numbers = [part.removesuffix(".0") if part else "" for part in (year, month, day)]
    if all(part.isdigit() or not part for part in numbers):
        known = [numbers[0].zfill(4)]
        for part in numbers[1:]:
            if not part or int(part) in (0, 99):
                break
            known.append(part.zfill(2))
        return "-".join(known)
    return " ".join(part for part in reversed(numbers) if part)


def _listed(names: list[str], most: int = 12) -> str:
    said = ", ".join(name[:40] for name in names[:most])
    return f"{said} and {len(names) - most} more" if len(names) > most else said


FORMAT = Format("strikemap", "strikemap's own columns", _is_own, _own)
GENERIC = Format("generic", "a table with recognisable headers", _is_generic, _generic)
