"""Readers of the tables of places that others publish: bytes in, `Entry` rows out, every fault with its line.

The shape of the file tells the format: a GeoNames dump has 19 columns between tabs and no header; the others say
what they are in their header (`ADM1_PCODE` an OCHA administrative table, `placetype` Who's On First) or are GeoJSON.
Any other table needs `name`, `lat` and `lon`.
"""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, pi, sqrt
from pathlib import Path
from typing import Any

from geo.errors import Fault, InputError
from geo.model import Position, Precision
from geo.places.kinds import KINDS
from geo.places.names import fold, script

MAX_BYTES = 400_000_000
"""The largest file that is read: every GeoNames country dump is smaller."""
MAX_FAULTS = 50
"""After so many faults reading stops: the file is probably something else."""
CITY_FROM, TOWN_FROM = 100_000, 5_000
"""Populations from which a settlement is a city or a town rather than a village, as in the bundled gazetteer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One place as a file gives it. `admin1` is the file's own word for its province, a code or a name."""

    line: int
    key: str
    """The file's own number or code for the place; may be empty."""
    names: Mapping[str, tuple[str, ...]]
    kind: str
    position: Position
    others: tuple[str, ...] = ()
    """Further spellings, for looking up only."""
    country: str = ""
    admin1: str = ""
    population: int = 0
    precision: Precision | None = None
    radius_m: float | None = None
    outline: str | None = None
    """Reference of the outline that the file gives."""


ReadArea = Callable[[Mapping[str, Any]], tuple[str, Any]]
"""GeoJSON polygon → outline reference and inner point (lon, lat); ValueError with a sentence for a bad one."""
Outline = tuple[str, Position]


@dataclass(frozen=True, slots=True)
class Dump:
    """A file that was read. `left_out` counts rows that are sound but no places of a map of strikes."""

    format: str
    entries: tuple[Entry, ...]
    licence: str = ""
    attribution: str = ""
    left_out: int = 0


class RowFault(ValueError):
    """What is wrong with one row: message, cure, and the field where there is one."""

    def __init__(self, message: str, cure: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.cure, self.field = message, cure, field


@dataclass(slots=True)
class _Reading:
    """Rows and faults of one file as they come in."""

    file: str
    read_area: ReadArea
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: int = 0

    def fault(self, line: int | None, message: str, cure: str, field: str = "", row: int | None = None) -> None:
        self.faults.append(Fault("gazetteer", message, cure, self.file, line, row=row, field=field))
        if len(self.faults) == MAX_FAULTS:
            self.faults.append(Fault("gazetteer", f"reading stopped after {MAX_FAULTS} faults", "", self.file))
            raise InputError(self.faults)

    def take(self, line: int, read: Any) -> None:
        """Keeps what `read()` gives: an entry, or None for a row that is left out."""
        try:
            entry = read()
        except RowFault as fault:
            self.fault(line, fault.message, fault.cure, fault.field)
            return
        if entry is None:
            self.left_out += 1
        else:
            self.entries.append(entry)

    def dump(self, format: str, licence: str = "", attribution: str = "") -> Dump:
        if self.faults:
            raise InputError(self.faults)
        if not self.entries:
            raise InputError([Fault("gazetteer", "holds no place", "give a file with places", self.file)])
        return Dump(format, tuple(self.entries), licence, attribution, self.left_out)


def read_dump(path: Path, read_area: ReadArea) -> Dump:
    """The places of one file, whatever its format. Raises `InputError` with its faults, one a line."""
    name = str(path)
    data = _bytes(path)
    if data[:4] == b"PK\x03\x04":
        data, name = _unzipped(data, path)
    text = _text(data, name)
    del data
    if not text.strip():
        raise InputError([Fault("gazetteer", "is empty", "give a file with places", name)])
    reading = _Reading(name, read_area)
    if text.lstrip()[:1] in "{[":
        return _geojson(text, reading)
    first = text.split("\n", 1)[0].rstrip("\r")
    cells = first.split("\t")
    if len(cells) == 19 and cells[0].isdigit():
        return _geonames(text, reading)
    return _table(text, reading)


def _bytes(path: Path) -> bytes:
    def refuse(message: str, cure: str) -> InputError:
        return InputError([Fault("unreadable", message, cure, str(path))])

    try:
        if not path.is_file():
            raise refuse("is a folder" if path.is_dir() else "there is no such file", "name a file of places")
        if path.stat().st_size > MAX_BYTES:
            raise refuse(f"is larger than {MAX_BYTES // 10**6} MB", "give a country's file rather than the world's")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"could not be read ({reason.lower()})", "see its permissions") from None


def _unzipped(data: bytes, path: Path) -> tuple[bytes, str]:
    """The one table in an archive, and its name: the readme beside it is no table."""

    def refuse(message: str, cure: str) -> InputError:
        return InputError([Fault("unreadable", message, cure, str(path))])

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            tables = [
                item for item in archive.infolist()
                if Path(item.filename).suffix.lower() in (".txt", ".csv", ".tsv", ".geojson", ".json")
                and "readme" not in item.filename.lower() and not item.filename.startswith("__MACOSX")
            ]  # fmt: skip
            if path.suffix.lower() in (".xlsx", ".ods"):
                raise refuse("is a workbook", "save the sheet as CSV")
            if len(tables) != 1:
                raise refuse(f"holds {len(tables)} tables", "unpack it and name the one you mean")
            (table,) = tables
            if table.file_size > MAX_BYTES:
                raise refuse(f"unpacks to more than {MAX_BYTES // 10**6} MB", "give a country's file")
            with archive.open(table) as member:
                # The header's size may lie.
                unpacked = member.read(MAX_BYTES + 1)
            if len(unpacked) > MAX_BYTES:
                raise refuse(f"unpacks to more than {MAX_BYTES // 10**6} MB", "give a country's file")
            return unpacked, f"{path}/{table.filename}"
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise refuse(f"cannot be unpacked ({' '.join(str(error).split())[:80]})", "fetch it again") from None


def _text(data: bytes, name: str) -> str:
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Fault("encoding", "is not UTF-8", "save it as UTF-8", name, line)]) from None


# --- one cell --------------------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    """A name without control characters and superfluous space; joiners inside words stay."""
    if text.isprintable():
        return " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(c if c in "\u200c\u200d" or unicodedata.category(c) not in _CONTROL else " " for c in text)
    return " ".join(unicodedata.normalize("NFC", kept).split())


_CONTROL = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def _degrees(text: str, field: str, limit: float) -> float:
    plain = text.strip().replace("−", "-")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise RowFault(f"{text[:40]!r} is no number", "write decimal degrees such as 36.3891", field) from None
    if not isfinite(value) or abs(value) > limit:
        raise RowFault(f"{text[:40]} is not within -{limit:g}..{limit:g}", "write decimal degrees", field)
    return value


def _at(lat: str, lon: str, fields: tuple[str, str] = ("lat", "lon")) -> Position:
    at = Position(round(_degrees(lon, fields[1], 180), 6), round(_degrees(lat, fields[0], 90), 6))
    if at == (0, 0):
        raise RowFault("the position is 0, 0: an empty cell", "give the position, or leave the row out", fields[0])
    return at


def _people(text: str) -> int:
    try:
        return max(0, int(float(text.replace(" ", "").replace("\u202f", "") or 0)))
    except (ValueError, OverflowError):
        return 0


def _country_code(text: str) -> str:
    code = text.strip().upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) else ""


def _by_people(population: int) -> str:
    return "city" if population >= CITY_FROM else "town" if population >= TOWN_FROM else "village"


def _names(name: str, spellings: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The name with the first spelling in Arabic and in Cyrillic script for the map, and all the rest."""
    names: dict[str, tuple[str, ...]] = {script(name): (name,)}
    arabic = [s for s in spellings if script(s) == "ar"]
    # Persian, Urdu and Kurdish have letters that Arabic lacks.
    plain = [s for s in arabic if not set(s) & set("پچژگکیڤەۆێھہ")]
    if arabic and script(name) != "ar":
        names["ar"] = ((plain or arabic)[0],)
    russian = [s for s in spellings if script(s) == "ru"]
    if russian and script(name) != "ru":
        names["ru"] = (russian[0],)
    shown = {form for forms in names.values() for form in forms}
    return names, tuple(dict.fromkeys(s for s in spellings if s not in shown))


# --- GeoNames --------------------------------------------------------------------------------------------------

_SETTLED = frozenset((
    "PPL", "PPLA", "PPLA2", "PPLA3", "PPLA4", "PPLA5", "PPLC", "PPLF", "PPLG", "PPLL", "PPLQ", "PPLR", "PPLS", "PPLW",
    "STLMT",
))  # fmt: skip
_FEATURES: Mapping[str, str] = {
    "PPLX": "neighbourhood", "CMPRF": "neighbourhood", "ADM1": "governorate", "ADM2": "district", "ADM3": "district",
    "ADM4": "district", "AIRB": "airfield", "AIRF": "airfield", "AIRP": "airfield", "AIRQ": "airfield",
    "BRKS": "landmark", "DAM": "landmark", "INSM": "landmark", "MILB": "landmark", "OILR": "landmark",
    "PRN": "landmark", "PRT": "landmark", "PS": "landmark",
}  # fmt: skip
_RADIUS = {"ADM1": 60_000.0, "ADM2": 25_000.0, "ADM3": 12_000.0, "ADM4": 6_000.0}
"""Half the usual width of an administrative unit, for one whose outline is not known."""


def _geonames(text: str, reading: _Reading) -> Dump:
    for line, row in enumerate(text.split("\n"), 1):
        if row.strip():
            reading.take(line, lambda row=row, line=line: _geoname(row.rstrip("\r").split("\t"), line))
    return reading.dump("GeoNames", "CC BY 4.0", "GeoNames")


def _geoname(cells: list[str], line: int) -> Entry | None:
    if len(cells) != 19:
        raise RowFault(f"has {len(cells)} columns, not 19", "fetch the file again; it may have been cut")
    number, name, ascii_name, alternates, lat, lon, _, code, country, _, admin1 = cells[:11]
    if not number.isdigit():
        raise RowFault(f"{number[:40]!r} is no GeoNames number", "leave the row out", "geonameid")
    if code not in _SETTLED and code not in _FEATURES:
        return None
    population = _people(cells[14])
    if code in _SETTLED:
        kind = _by_people(population)
        if code == "PPLC":
            kind = "city"
        elif code in ("PPLA", "PPLA2") and kind == "village":
            kind = "town"
    else:
        kind = _FEATURES[code]
    name = _clean(name)
    if not fold(name):
        raise RowFault("has no name", "leave the row out", "name")
    spellings = [_clean(s) for s in (ascii_name, *alternates.split(",")) if s and not s.isspace()]
    names, others = _names(name, spellings)
    position = _at(lat, lon, ("latitude", "longitude"))
    return Entry(
        line, number, names, kind, position, others, _country_code(country), f"{country}.{admin1}" if admin1 else "",
        population, radius_m=_RADIUS.get(code),
    )  # fmt: skip


# --- tables with a header --------------------------------------------------------------------------------------


def _table(text: str, reading: _Reading) -> Dump:
    head = text.split("\n", 1)[0]
    delimiter = max("\t;,|", key=head.count)
    csv.field_size_limit(10_000_000)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    make: Any = None
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            reading.fault(rows.line_num, f"is no row of a table ({error})", "mend its quotation marks")
            break
        if cells is None:
            break
        line = rows.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = [cell.strip() for cell in cells]
            make = _maker(header, reading)
            continue
        # Spreadsheets leave empty cells at a row's end.
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(header):
            reading.fault(line, f"has {len(cells)} cells, not {len(header)}", "quote a cell that holds the separator")
            continue
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()}
        reading.take(line, lambda row=row, line=line, make=make: make.read(row, line, None))
    return reading.dump(*((make.format, make.licence, make.attribution) if make else ("CSV",)))


def _maker(header: Sequence[str], reading: _Reading) -> Any:
    """The reader of rows with these columns. Raises `InputError` when there is none."""
    lower = [name.lower() for name in header]
    if any(_PCODE.fullmatch(name) for name in header):
        return _Ocha(header)
    if "placetype" in lower or "wof:placetype" in lower:
        return _Wof()
    columns = _Columns.of(header)
    if columns.missing:
        near = difflib.get_close_matches(columns.missing[0], lower, 1, 0.5)
        cure = "the header needs name, lat and lon; kind, country, admin1, population and name_ar … may follow"
        if near:
            cure = f"is it {near[0]}? {cure}"
        raise InputError([Fault("gazetteer", f"no column {', '.join(columns.missing)}", cure, reading.file, 1)])
    return _Plain(columns)


_LAT = ("lat", "latitude", "y", "lat_dd", "lbl_latitude", "geom_latitude", "latitude_y", "center_lat", "centroid_lat",
        "y_coord", "point_y", "latitude_dd", "reversegeo_latitude")  # fmt: skip
_LON = ("lon", "longitude", "lng", "long", "x", "lon_dd", "lbl_longitude", "geom_longitude", "longitude_x",
        "center_lon", "centroid_lon", "x_coord", "point_x", "longitude_dd", "reversegeo_longitude")  # fmt: skip


def _first(row: Mapping[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _lowered(row: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in row.items()}


def _where(row: Mapping[str, str], outline: Outline | None) -> Position:
    if outline is not None:
        return outline[1]
    lat, lon = _first(row, _LAT), _first(row, _LON)
    if not lat or not lon:
        raise RowFault("has no position", "fill in latitude and longitude, or leave the row out", "lon" if lat else "lat")
    return _at(lat, lon)


_PCODE = re.compile(r"(?:adm|admin)([0-5])_?pcode", re.IGNORECASE)
_ADMIN_NAME = re.compile(
    r"(?:adm([0-5])_(?:ref_)?([a-z]{2})|admin([0-5])(?:ref)?name_([a-z]{2})|adm([0-5])_name()|admin([0-5])name())",
    re.IGNORECASE,
)
_NAME_LANG = re.compile(r"adm([0-5])_(name[1-3]|ref_name|alt[0-9]_?(?:name|[a-z]{2})|altname)|adm([0-5])alt\w+", re.IGNORECASE)


class _Ocha:
    """An administrative table of OCHA's Common Operational Datasets: one row for each unit of its finest level."""

    format, licence, attribution = "OCHA COD-AB", "CC BY-IGO", "OCHA Common Operational Datasets"

    def __init__(self, header: Sequence[str]) -> None:
        self.codes: dict[int, str] = {}
        self.named: dict[int, list[tuple[str, str]]] = {}
        self.others: dict[int, list[str]] = {}
        for name in header:
            if match := _PCODE.fullmatch(name):
                self.codes[int(match[1])] = name
            elif match := _ADMIN_NAME.fullmatch(name):
                level, lang = [part for part in match.groups() if part is not None]
                self.named.setdefault(int(level), []).append((lang.lower() or "und", name))
            elif match := _NAME_LANG.fullmatch(name):
                self.others.setdefault(int(match[1] or match[3]), []).append(name)

    def read(self, row: Mapping[str, str], line: int, outline: Outline | None) -> Entry | None:
        levels = [n for n, column in self.codes.items() if row.get(column)]
        if not levels:
            raise RowFault("has no code of a unit", "leave the row out", self.codes[max(self.codes)])
        level = max(levels)
        code = row[self.codes[level]]
        if level == 0:
            return None
        names: dict[str, tuple[str, ...]] = {}
        for lang, column in self.named.get(level, ()):
            if fold(row.get(column, "")):
                names[lang] = (*names.get(lang, ()), _clean(row[column]))
        others = tuple(_clean(row[c]) for c in self.others.get(level, ()) if fold(row.get(c, "")))
        for form in others:
            # Where the columns do not say the language, its script does.
            names.setdefault(script(form), (form,))
        if not names:
            raise RowFault(f"{code[:40]} has no name", "fill it in, or leave the row out", f"ADM{level}")
        low = _lowered(row)
        # In Syria's table the fourth level is communities: C and a number.
        village = level >= 4 and re.fullmatch(r"C\d+", code) is not None
        kind = "governorate" if level == 1 else "village" if village else "district"
        try:
            area = float(_first(low, ("area_sqkm", "shape_area_sqkm", "area_km2")) or 0)
        except ValueError:
            area = 0.0
        radius = 1_200 * sqrt(area / pi) if area > 0 else _RADIUS.get(f"ADM{level}", 6_000.0)
        country = row.get(self.codes.get(0, ""), "") or code[:2]
        return Entry(
            line, code, names, kind, _where(low, outline), others, _country_code(country[:2]),
            row.get(self.codes.get(1, ""), ""), radius_m=None if village else round(radius), outline=outline[0] if outline else None,
        )  # fmt: skip


_WOF_KINDS: Mapping[str, str] = {
    "region": "governorate", "macrocounty": "district", "county": "district", "localadmin": "district",
    "borough": "neighbourhood", "macrohood": "neighbourhood", "neighbourhood": "neighbourhood",
    "microhood": "neighbourhood", "campus": "landmark",
}  # fmt: skip
_WOF_RADIUS = {"region": 60_000.0, "macrocounty": 40_000.0, "county": 25_000.0, "localadmin": 12_000.0}
# Who's On First writes ISO 639-3.
_SHORT = {"ara": "ar", "eng": "en", "fra": "fr", "fre": "fr", "rus": "ru", "ukr": "uk", "heb": "he", "fas": "fa",
          "kur": "ku", "tur": "tr", "deu": "de", "ger": "de", "spa": "es"}  # fmt: skip
_WOF_NAME = re.compile(r"name[:_]([a-z]{3})(?:_x)?(?:_(preferred|variant|colloquial))?")


class _Wof:
    """Who's On First: a table of its places, or its GeoJSON."""

    format, licence, attribution = "Who's On First", "CC BY 4.0", "Who's On First"

    def read(self, row: Mapping[str, str], line: int, outline: Outline | None) -> Entry | None:
        row = {name.removeprefix("wof:").removeprefix("mz:"): value for name, value in _lowered(row).items()}
        placetype = row.get("placetype", "")
        if not placetype:
            raise RowFault("has no placetype", "leave the row out", "placetype")
        stale = row.get("is_current") == "0" or any(
            row.get(key, "") not in ("", "0", "-1", "[]", "uuuu", "u") for key in ("superseded_by", "deprecated", "edtf:deprecated")
        )
        if placetype not in _WOF_KINDS and placetype != "locality" or stale:
            return None
        population = _people(_first(row, ("population", "gn:population", "wk:population")))
        kind = _WOF_KINDS.get(placetype) or _by_people(population)
        name = _clean(row.get("name", ""))
        if not fold(name):
            raise RowFault("has no name", "fill it in, or leave the row out", "name")
        if kind == "landmark" and "air" in fold(name):
            kind = "airfield"
        names: dict[str, tuple[str, ...]] = {"und": (name,)}
        others = []
        for column, value in row.items():
            match = _WOF_NAME.fullmatch(column)
            forms = [form for part in value.split("|") if fold(form := _clean(part))] if match else []
            if match and forms:
                lang = _SHORT.get(match[1])
                if lang and match[2] in (None, "preferred") and lang not in names:
                    names[lang] = (forms.pop(0),)
                others += forms
        low = {**row, "lat": _first(row, ("lat", "lbl:latitude", "geom:latitude")), "lon": _first(row, ("lon", "lbl:longitude", "geom:longitude"))}
        return Entry(
            line, row.get("id", ""), names, kind, _where(low, outline), tuple(dict.fromkeys(others)),
            _country_code(_first(row, ("iso:country", "iso", "iso_country", "country", "country_code"))), row.get("region_id", ""), population,
            radius_m=_WOF_RADIUS.get(placetype), outline=outline[0] if outline else None,
        )  # fmt: skip


_KIND_WORDS: Mapping[str, str] = {
    "hamlet": "village", "locality": "village", "settlement": "village", "ville": "city", "suburb": "neighbourhood",
    "neighborhood": "neighbourhood", "quarter": "neighbourhood", "airport": "airfield", "airbase": "airfield",
    "air base": "airfield", "aerodrome": "airfield", "province": "governorate", "state": "governorate",
    "region": "region", "county": "district", "subdistrict": "district", "municipality": "district", "site": "landmark",
    "building": "landmark", "poi": "landmark", "adm1": "governorate", "adm2": "district", "adm3": "district",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of a plain table says what."""

    lat: str
    lon: str
    names: tuple[tuple[str, str], ...]
    """(language, column), the one that is shown first."""
    missing: tuple[str, ...]

    @classmethod
    def of(cls, header: Sequence[str], positions: bool = True) -> _Columns:
        lower = [name.lower() for name in header]
        lat = next((name for name in _LAT if name in lower), "")
        lon = next((name for name in _LON if name in lower), "")
        plain = next((name for name in ("name", "place", "place_name", "title", "nom", "asciiname") if name in lower), "")
        names: list[tuple[str, str]] = [("und", plain)] if plain else []
        for name in lower:
            match = re.fullmatch(r"(?:name|nom)[:_ ]([a-z]{2})(?:-[a-z]+)?", name)
            if match or name in ("ar", "en", "fr", "ru", "uk", "he", "tr", "fa"):
                names.append((match[1] if match else name, name))
        missing = [] if names else ["name"]
        if positions:
            missing += [said for said, column in (("lat", lat), ("lon", lon)) if not column]
        return cls(lat, lon, tuple(names), tuple(missing))


class _Plain:
    """A table of one's own: name, lat, lon, and what else is known."""

    format, licence, attribution = "CSV", "", ""

    def __init__(self, columns: _Columns, format: str = "CSV") -> None:
        self.columns, self.format = columns, format

    def read(self, row: Mapping[str, str], line: int, outline: Outline | None) -> Entry | None:
        row = _lowered(row)
        names: dict[str, tuple[str, ...]] = {}
        others: list[str] = []
        for lang, column in self.columns.names:
            forms = [form for part in re.split(r"[|;]", row.get(column, "")) if fold(form := _clean(part))]
            if forms:
                lang = script(forms[0]) if lang == "und" else lang
                names[lang] = (*names.get(lang, ()), forms[0])
                others += forms[1:]
        if not names:
            raise RowFault("has no name", "fill it in, or leave the row out", "name")
        spellings = _first(row, ("alternates", "alternatenames", "alternate_names", "other_names", "alt_name", "aliases"))
        others += [form for part in re.split(r"[|;,]", spellings) if fold(form := _clean(part))]
        population = _people(row.get("population", ""))
        said = row.get("kind", "").lower()
        kind = said if said in KINDS else _KIND_WORDS.get(said)
        if said and kind is None:
            near = difflib.get_close_matches(said, [*KINDS, *_KIND_WORDS], 1)
            cure = f"did you mean {near[0]}?" if near else f"use one of {', '.join(KINDS)}"
            raise RowFault(f"{said[:40]!r} is no kind of place", cure, "kind")
        for column in ("type", "place", "fclass", "placetype"):
            # Columns that others use for this and for more: a word that means no kind here is passed over.
            said = row.get(column, "").lower()
            kind = kind or (said if said in KINDS else _KIND_WORDS.get(said))
        precision = None
        if stated := row.get("precision", "").lower():
            if stated not in set(Precision):
                raise RowFault(f"{stated[:40]!r} is no precision", f"use one of {', '.join(Precision)}", "precision")
            precision = Precision(stated)
        country = _first(row, ("country", "country_code", "iso", "iso2", "cc"))
        if country and not _country_code(country):
            raise RowFault(f"{country[:40]!r} is no ISO 3166-1 code", "use two capital letters such as SY", "country")
        kind = kind or ("district" if outline else _by_people(population))
        if kind == "country" or kind == "sea" and not outline:
            raise RowFault(f"is a {kind}", "leave it out: strikemap brings countries and seas with it", "kind")
        radius = None
        if kind in ("district", "governorate", "region") and not outline:
            radius = _RADIUS["ADM2" if kind == "district" else "ADM1"]
        return Entry(
            line, row.get("id", ""), names, kind, _where(row, outline), tuple(dict.fromkeys(others)), _country_code(country),
            _first(row, ("admin1", "adm1", "province", "governorate", "state")), population, precision, radius, outline[0] if outline else None,
        )  # fmt: skip


# --- GeoJSON ---------------------------------------------------------------------------------------------------


def _geojson(text: str, reading: _Reading) -> Dump:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        reading.fault(error.lineno, f"is no JSON ({error.msg.lower()})", "mend it, or fetch it again")
        data = None
    except RecursionError:
        reading.fault(1, "is nested too deeply", "give a FeatureCollection")
        data = None
    kind = data.get("type") if isinstance(data, dict) else None
    features = data.get("features") if isinstance(data, dict) and kind == "FeatureCollection" else [data]
    if kind not in ("FeatureCollection", "Feature") or not isinstance(features, list):
        if not reading.faults:
            reading.fault(1, "is no GeoJSON", "give a FeatureCollection with points or polygons")
        raise InputError(reading.faults)
    lines = _feature_lines(text, len(features)) if kind == "FeatureCollection" else [1]
    makers: dict[str, Any] = {}
    format, licence, attribution = "GeoJSON", "", ""
    for line, feature in zip(lines, features, strict=True):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if not isinstance(properties, dict) or not isinstance(geometry, dict):
            reading.fault(line, "is no feature with a geometry and properties", "leave it out")
            continue
        row = _flat(properties)
        if "id" in feature and "id" not in row and isinstance(feature["id"], str | int):
            row["id"] = str(feature["id"])
        family = "ocha" if any(map(_PCODE.fullmatch, row)) else "wof" if "wof:placetype" in row else "plain"
        if family == "ocha":
            maker = makers.setdefault(" ".join(sorted(row)), None) or _Ocha(list(row))
        else:
            maker = _Wof() if family == "wof" else _Plain(_Columns.of(list(row), False), "GeoJSON")
        if family != "plain":
            format, licence, attribution = maker.format, maker.licence, maker.attribution
        reading.take(line, lambda maker=maker, row=row, line=line, geometry=geometry: _feature(
            maker, row, line, geometry, reading.read_area
        ))
    return reading.dump(format, licence, attribution)


def _feature(
    maker: Any, row: dict[str, str], line: int, geometry: Mapping[str, Any], read_area: ReadArea
) -> Entry | None:
    shape = geometry.get("type")
    row = {key: value for key, value in row.items() if key.lower() not in (*_LAT, *_LON)}
    if shape == "Point":
        pair = geometry.get("coordinates")
        if not isinstance(pair, list) or len(pair) < 2 or not all(type(v) in (int, float) for v in pair[:2]):
            raise RowFault("the point has no coordinates", "give [longitude, latitude]", "geometry")
        return _entry(maker.read({**row, "lat": repr(pair[1]), "lon": repr(pair[0])}, line, None))
    if shape not in ("Polygon", "MultiPolygon"):
        raise RowFault(f"is a {str(shape)[:30]}", "points and polygons are read: leave it out", "geometry")
    try:
        ref, inner = read_area(geometry)
    except ValueError as error:
        raise RowFault(str(error), "mend it, or leave it out", "geometry") from None
    return _entry(maker.read(row, line, (ref, Position(*inner))))


def _entry(entry: Any) -> Entry | None:
    return entry if isinstance(entry, Entry) else None


def _flat(properties: Mapping[str, Any]) -> dict[str, str]:
    """Properties as cells: lists joined by "|", nothing nested."""
    row = {}
    for key, value in properties.items():
        if isinstance(value, list) and all(isinstance(v, str | int | float) for v in value):
            row[str(key)] = "|".join(map(str, value))
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            row[str(key)] = str(value).strip()
    return {key: value for key, value in row.items() if value}


_FEATURES_KEY = re.compile(r'"features"\s*:\s*\[\s*')


def _feature_lines(text: str, count: int) -> list[int]:
    """The line on which each feature begins; the first line for all when they cannot be told apart."""
    decoder = json.JSONDecoder()
    for match in _FEATURES_KEY.finditer(text):
        found, at, line, seen = [], match.end(), 1, 0
        try:
            while text[at] != "]":
                line += text.count("\n", seen, at)
                seen = at
                found.append(line)
                _, at = decoder.raw_decode(text, at)
                at = _gap(text, at)
        except (ValueError, IndexError):
            continue
        if len(found) == count:
            return found
    return [1] * count


def _gap(text: str, at: int) -> int:
    while text[at] in " \t\r\n,":
        at += 1
    return at
