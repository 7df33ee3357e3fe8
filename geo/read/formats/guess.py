"""Which column of somebody's table is which of ours, by its header alone or with a look at what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from geo.read.ourcolumns import plain
from geo.read.sheet import Sheet

SYNONYMS: dict[str, tuple[str, ...]] = {
    "date": (
        "date", "event_date", "day", "datum", "fecha", "data", "дата", "التاريخ", "تاريخ", "jour", "date_start",
        "start_date", "date_of_event", "incident_date", "when", "datetime", "timestamp", "תאריך", "tarih", "تاریخ", "dato", "dzień",
        "strike_date", "attack_date", "date_utc", "datetime_utc", "ημερομηνία", "日期", "#date", "#date+occurred", "#date+start",
    ),
    "date_end": ("date_end", "end_date", "date_fin", "fecha_fin", "enddatum", "data_fine", "дата_окончания", "تاريخ_النهاية", "#date+end"),
    "time": ("time", "heure", "hora", "ora", "uhrzeit", "время", "час", "الوقت", "saat", "שעה", "time_of_event", "incident_time", "event_time", "time_local"),
    "title": ("title", "titre", "titel", "título", "titulo", "titolo", "название", "назва", "العنوان", "כותרת", "headline", "incident_title", "event_title", "event_name", "item_label", "event", "name", "incident"),
    "place": (
        "place", "location", "town", "city", "village", "lieu", "ville", "commune", "lugar", "ciudad", "localidad", "municipio", "ort", "stadt", "gemeinde",
        "luogo", "località", "città", "comune", "local", "cidade", "место", "город", "населенный_пункт", "населённый_пункт", "місце", "місто",
        "населений_пункт", "المكان", "الموقع", "المدينة", "البلدة", "البلدية", "القرية", "מקום", "עיר", "ישוב", "יישוב", "yer", "şehir", "konum",
        "miejsce", "miejscowość", "مکان", "شهر", "محل", "location_name", "place_name", "settlement", "locality", "localité", "community", "target_city", "target_location", "target_name",
        "destination", "site", "地点", "#loc+name", "#loc",
    ),
    "admin1": (
        "admin1", "province", "governorate", "gouvernorat", "provincia", "província", "oblast", "state", "région", "regione", "région_administrative",
        "bundesland", "область", "регион", "المحافظة", "محافظة", "il", "i̇l", "استان", "מחוז", "województwo", "admin_1", "adm1", "adm_1", "admin1_name",
        "adm1_name", "departamento", "state_province", "provstate", "#adm1+name",
    ),
    "admin2": (
        "admin2", "district", "département", "departamento", "distrito", "landkreis", "район", "القضاء", "المنطقة", "المديرية", "ilçe", "i̇lçe", "شهرستان",
        "admin_2", "adm2", "adm_2", "admin2_name", "adm2_name", "county", "#adm2+name",
    ),
    "country": (
        "country", "pays", "país", "pais", "land", "paese", "stato", "страна", "країна", "البلد", "الدولة", "ülke", "کشور", "מדינה", "kraj",
        "country_name", "country_label", "country_txt", "country_territory", "adm0_name", "admin0", "admin0_name", "iso3", "#country+name", "#country",
    ),
    "lat": (
        "lat", "latitude", "breite", "breitengrad", "latitud", "latitudine", "широта", "خط_العرض", "دائرة_العرض", "enlem", "عرض_جغرافیایی", "קו_רוחב",
        "szerokość", "szerokość_geograficzna", "y", "lat_dd", "target_latitude", "纬度", "#geo+lat",
    ),
    "lon": (
        "lon", "lng", "long", "longitude", "länge", "längengrad", "laengengrad", "longitud", "longitudine", "долгота", "довгота", "خط_الطول",
        "boylam", "طول_جغرافیایی", "קו_אורך", "długość", "długość_geograficzna", "x", "lon_dd", "target_longitude", "经度", "#geo+lon",
    ),
    "actor": ("actor", "acteur", "perpetrator", "belligerent", "force", "страна_удара", "الجهة", "auteur", "attacker", "gname"),
    "against": ("against", "target", "cible", "objetivo", "ziel", "obiettivo", "alvo", "цель", "ціль", "الهدف", "hedef", "מטרה", "target_type"),
    "note": (
        "note", "notes", "description", "remarks", "comment", "comments", "details", "beschreibung", "descripción", "descripcion", "descrizione",
        "descrição", "описание", "опис", "الوصف", "ملاحظات", "açıklama", "توضیحات", "شرح", "תיאור", "opis", "summary", "text", "remarques", "#description",
    ),
    "weapon": ("weapon", "weapons", "arme", "munition", "оружие", "السلاح", "weapon_type", "weapon_used"),
    "aircraft": ("aircraft", "avion", "avions", "aircraft_type", "самолет", "الطائرة"),
    "killed_min": ("killed_min", "fatalities_min", "deaths_min", "min_killed", "minimum_killed", "reported_minimum", "low"),
    "killed_max": ("killed_max", "fatalities_max", "deaths_max", "max_killed", "maximum_killed", "reported_maximum", "high"),
    "killed": (
        "killed", "fatalities", "deaths", "dead", "no_killed", "number_killed", "people_killed", "total_killed", "killed_total", "morts", "tués", "muertos", "fallecidos", "tote", "morti", "mortos", "погибшие", "убито",
        "загинуло", "загиблі", "القتلى", "عدد_القتلى", "погибло", "погибших", "число_погибших", "кількість_загиблих", "nombre_de_morts", "nombre_de_tués",
        "décès", "número_de_muertos", "todesopfer", "getötete", "anzahl_tote", "numero_di_morti", "מספר_הרוגים", "#affected+killed", "ölü", "کشته", "הרוגים", "zabici", "nkill",
    ),
    "strikes": ("strikes", "airstrikes", "air_strikes", "raids", "frappes", "удары", "الغارات"),
    "source_url": ("source_url", "url", "link", "lien", "enlace", "ссылка", "посилання", "الرابط", "קישור", "bağlantı", "source_link", "#meta+url"),
    "source_publisher": (
        "source_publisher", "source", "publisher", "fuente", "quelle", "fonte", "источник", "джерело", "المصدر", "kaynak", "منبع", "מקור", "źródło", "#meta+source", "sources",
    ),
    "source_title": ("source_title", "article_title"),
    "id": ("id", "event_id", "eventid", "incident_id", "uid", "code", "row"),
    "status": ("status",),
    "kind": ("kind",),
    "precision": ("precision", "accuracy", "geo_accuracy", "geolocation_accuracy"),
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

NORTH, EAST = frozenset(("lat", "latitude", "mlat")), frozenset(("lon", "lng", "long", "longitude", "mlon"))
_WORDS = (
    ("date", "date"), ("date", "fecha"), ("date", "datum"), ("date", "дата"), ("date", "تاريخ"), ("date", "תאריך"), ("date", "tarihi"),
    ("lat", "latitude"), ("lon", "longitude"), ("lat", "lat"), ("lon", "lon"), ("lon", "lng"),
    ("lon", "long"), ("place", "location"),
    ("place", "place"), ("place", "city"), ("source_url", "link"), ("source_url", "url"),
)  # fmt: skip
"""Our column by one word of a longer header, where no whole one is known."""
_NOT_BY_WORD = {
    "date": frozenset("added published updated created source accessed modified retrieved posted entry end upload report reported".split()),
    "lat": frozenset("centroid center centre origin takeoff launch from".split()),
    "lon": frozenset("centroid center centre origin takeoff launch from".split()),
    "source_url": frozenset("thumbnail image photo picture icon logo video media author profile map".split()),
}
"""Words with which such a header says something else: the day of the entry, the middle of a province, a picture."""
_DEAD = frozenset("killed fatalities deaths dead".split())
_LEAST, _MOST = frozenset("min minimum lowest least low".split()), frozenset("max maximum highest most high".split())
_SOME = frozenset("civilian civilians militant militants combatant combatants children child women injured wounded".split())
"""Words of a count that is not of all the dead."""


def _whole_name(header: str) -> str:
    return plain(header)


def _brackets_opened(header: str) -> str:
    return plain(re.sub(r"[()\[\]]", " ", header))


def _without_brackets(header: str) -> str:
    return plain(re.sub(r"\(.*?\)|\[.*?\]", "", header))


def _signs_away(header: str) -> str:
    return re.sub(r"[^\w#+]+", "_", header.strip().lower()).strip("_")


def _letters(header: str) -> str:
    return re.sub(r"[\W_]+", "_", header.strip().lower()).strip("_")


def _humps(header: str) -> str:
    """`eventDate` as `event_date`."""
    return plain(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header))


def _last_part(header: str) -> str:
    """Of a record in a record: `location.country`."""
    return plain(header.rpartition(".")[2]) if "." in header.strip(". ") else ""


def guessed(sheet: Sheet) -> dict[str, int]:
    """Our column → index of the file's: by its whole header, without what stands in brackets, then by a word in it."""
    bare: dict[str, int] = {}
    for shorten in (_whole_name, _brackets_opened, _without_brackets, _signs_away, _letters, _humps, _last_part):
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
                if not (said & NORTH and said & EAST):  # that is a column of pairs
                    found[ours] = index
    if ("lat" in found) != ("lon" in found):
        # Half a position by a word alone ("long description") is none.
        half = "lat" if "lat" in found else "lon"
        if not any(bare.get(name) == found[half] for name in SYNONYMS[half]):
            del found[half]
    if "title" in found and personal(bare) and bare.get("name") == found["title"]:
        del found["title"]
    _least_and_most(bare, found)
    if "date" not in found and "time" in found and _instants(sheet.columns[found["time"]].values[:50]):
        found["date"] = found.pop("time")
    return found


_OF_PERSONS = frozenset(("sex", "gender", "age", "cause_of_death", "date_of_death", "الجنس", "العمر"))


def personal(names: Iterable[str]) -> bool:
    """Whether a row is a person, by the other headers: its `name` is then nothing to publish."""
    return bool(_OF_PERSONS & set(names))


def of_persons(names: Iterable[str]) -> frozenset[str]:
    """Headers of names of victims, witnesses and pilots, which are no column of ours."""
    listed = list(names)
    whose = {"victim", "victims", "witness", "pilot", "casualty"}
    found = {name for name in listed if set(name.split("_")) & whose and set(name.split("_")) & {"name", "names"}}
    return frozenset(found | ({"name", "full_name", "name_arabic", "name_en", "الاسم"} & set(listed) if personal(listed) else set()))


def hemispheres(sheet: Sheet) -> dict[str, int]:
    """Columns that hold nothing but N and S, or E and W: the halves of the world that stand beside bare degrees."""
    found: dict[str, int] = {}
    for ours, letters in (("lat", {"N", "S"}), ("lon", {"E", "W"})):
        for index, column in enumerate(sheet.columns):
            if column.values and {text.upper() for text in column.values[:9]} <= letters and len(column.values) < 5:
                found.setdefault(ours, index)
    return found


def _least_and_most(bare: Mapping[str, int], found: dict[str, int]) -> None:
    """`killed_min` and `killed_max` of headers like "Minimum total people killed": of all the dead, else of the first group."""
    ends: dict[frozenset[str], dict[str, int]] = {}
    for name, index in bare.items():
        said = frozenset(name.split("_"))
        end = "killed_min" if said & _LEAST else "killed_max" if said & _MOST else ""
        if end and said & _DEAD and index not in found.values() and not said & {"injured", "wounded"}:
            ends.setdefault(said - _LEAST - _MOST, {}).setdefault(end, index)
    if ends and not {"killed_min", "killed_max"} & found.keys():
        found |= ends[min(ends, key=lambda group: bool(group & _SOME))]


_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]|-?\d{10,13}(\.0)?\Z")


def _instants(values: Sequence[str]) -> bool:
    """Whether a column of times holds days as well."""
    return bool(values) and all(map(_INSTANT.match, values))


def parts_of_day(sheet: Sheet) -> tuple[str, ...] | None:
    """The columns that make up the date, year first; a month alone is one where its cells hold a year too."""
    index = sheet.names()
    at = guessed(sheet).get("date")
    if at is not None and plain(sheet.header[at]) not in ("day", "jour", "tag", "día"):
        return None
    for parts in DAYS:
        if set(parts) <= set(index):
            if parts != ("month",) or all(re.search(r"\d{4}", text) for text in sheet.columns[index["month"]].values[:50]):
                return parts
    return None


def one_day(year: str | None, month: str | None = None, day: str | None = None) -> str | None:
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
