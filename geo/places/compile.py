"""places.yaml and the derived records become the one SQLite file that is opened at run time.

    python -m geo.places.compile            writes geo/data/compiled/gazetteer.sqlite

The build hook does the same for a wheel. Equal inputs give equal bytes: rows go in by prominence, nothing asks
the clock. Needs PyYAML and the standard library.
"""

from __future__ import annotations

import json
import lzma
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil, floor
from pathlib import Path
from typing import Any

from geo.places.gazetteer import COMPILED, FORMAT
from geo.places.kinds import AIRFIELD_RADIUS_M, KINDS
from geo.places.names import family, fold
from geo.places.phrases import parse
from geo.places.records import Records, read_places

ROOT = Path(__file__).resolve().parents[2]
DERIVED = ROOT / "geo" / "data" / "gazetteer.jsonl.xz"

CITY_FROM = 100_000
TOWN_FROM = 5_000
"""Populations from which a derived settlement is drawn as a city or a town rather than as a village."""

SCHEMA = """

-- Positions are in units of 1e-4 degrees; id is NULL where it is 'gn:' and the number in gn; names is JSON by the
-- languages that share their forms ("de en"), or the tab-separated forms in und, ar and ru; precision is NULL where
-- it is the kind's own; boxes are in tenths of a degree.
CREATE TABLE place (
    no INTEGER PRIMARY KEY, id TEXT, gn INTEGER, names TEXT NOT NULL, kind TEXT NOT NULL, lon INTEGER NOT NULL,
    lat INTEGER NOT NULL, precision TEXT, countries TEXT, admin1 TEXT, outline TEXT, radius_m REAL, label TEXT,
    population INTEGER, capital INTEGER, source TEXT, note TEXT
);
-- no is negative where the name is only among a registry's alternates.
CREATE TABLE name (fold TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (fold, no)) WITHOUT ROWID;
CREATE TABLE family (key TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (key, no)) WITHOUT ROWID;
CREATE TABLE alias (id TEXT PRIMARY KEY, no INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE hull (id TEXT PRIMARY KEY, ring TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ambiguous (fold TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE box (country TEXT NOT NULL, west INTEGER, south INTEGER, east INTEGER, north INTEGER);
CREATE TABLE middle (
    lat INTEGER NOT NULL, lon INTEGER NOT NULL, whose TEXT NOT NULL, PRIMARY KEY (lat, lon, whose)
) WITHOUT ROWID;
"""
INDEXES = """
CREATE UNIQUE INDEX place_id ON place (id) WHERE id IS NOT NULL;
CREATE INDEX place_outline ON place (outline) WHERE outline IS NOT NULL;
CREATE INDEX place_lat ON place (lat) WHERE kind IN ('city', 'town', 'sea');
CREATE INDEX box_country ON box (country);
"""

# Kinds in the order in which a bare name is thought of, all else equal; population decides within a step.
_STEP = {"country": 9, "sea": 8, "region": 8, "governorate": 7}


@dataclass(slots=True)
class Row:
    """One record on its way into the file."""

    id: str
    names: dict[str, list[str]]
    kind: str
    lon: float
    lat: float
    precision: str
    countries: tuple[str, ...] = ()
    admin1: str | None = None
    outline: str | None = None
    radius_m: float | None = None
    label: dict[str, str] = field(default_factory=dict)
    population: int = 0
    capital: bool = False
    source: str = ""
    note: str = ""
    folds: set[str] = field(default_factory=set)
    aliases: list[str] = field(default_factory=list)
    hand: bool = False

    @property
    def own_folds(self) -> set[str]:
        """The names that the record itself gives, folded; `folds` are the registry's alternates."""
        return {fold(name) for names in self.names.values() for name in names}

    @property
    def prominence(self) -> int:
        step = _STEP.get(self.kind, 0)
        return step * 10**9 + (10**8 if self.hand else 0) + min(self.population, 10**8 - 1) + int(self.capital)


def compile_gazetteer(out: Path, *, places: Path | None = None, derived: Path | None = None) -> None:
    """Writes the gazetteer to `out`, over an older one. Raises `InputError` for a faulty places.yaml."""
    records = read_places(places or _places_file())
    lines = read_lines(derived or DERIVED)
    rows = merge(records, (_READ[line[0]](line) for line in lines))
    out.parent.mkdir(parents=True, exist_ok=True)
    made = out.with_name(out.name + ".part")
    made.unlink(missing_ok=True)
    db = sqlite3.connect(made)
    try:
        db.execute("PRAGMA page_size = 4096")
        db.execute("PRAGMA journal_mode = OFF")
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.executescript(SCHEMA)
        _fill(db, rows, records, lines)
        db.executescript(INDEXES)
        db.commit()
        db.execute("VACUUM")
    finally:
        db.close()
    made.replace(out)


def _places_file() -> Path:
    inside = ROOT / "geo" / "data" / "places.yaml"
    return inside if inside.is_file() else ROOT / "places.yaml"


def read_lines(path: Path) -> list[list[Any]]:
    """The derived records, as build_gazetteer.py wrote them; none when the file is not there."""
    if not path.is_file():
        return []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


SHOWN = ("en", "fr", "ar", "ru", "uk", "he", "de", "es")
"""Languages whose names are kept for the map; of the others only the spelling is, for looking up."""
SHARED = {("CG", "es")}
"""Names of a country that are also another's, in CLDR's short form: Spanish says Congo for one of the two."""


def read_derived(path: Path) -> Iterator[Row]:
    for line in read_lines(path):
        yield _READ[line[0]](line)


def _country(line: list[Any]) -> Row:
    _, code, lon, lat, names, extra, population, _area, _middle = line
    return Row(
        id=code.lower(), kind="country",
        names={lang: [names[lang]] for lang in SHOWN if lang in names and (code, lang) not in SHARED},
        lon=lon, lat=lat,
        precision="country", countries=(code,), outline=f"country:{code}", population=population,
        source="CLDR; Natural Earth", folds={fold(name) for name in [*extra, *names.values()]},
    )  # fmt: skip


def _province(line: list[Any]) -> Row:
    _, code, lon, lat, country, _gn, names, folds, _area, _middles, _box = line
    return Row(
        id=code.lower(), names={lang: [names[lang]] for lang in SHOWN if names.get(lang)}, kind="governorate",
        lon=lon, lat=lat, precision="governorate", countries=(country,), admin1=code, outline=f"province:{code}",
        source="Natural Earth", folds={*folds, *map(fold, names.values())},
    )  # fmt: skip


def _city(line: list[Any]) -> Row:
    _, number, lon, lat, country, admin1, population, capital, shown, folds = line
    kind = "city" if population >= CITY_FROM or capital else "town" if population >= TOWN_FROM else "village"
    return Row(
        id=f"gn:{number}", names={lang: [name] for lang, name in shown.items()}, kind=kind, lon=lon, lat=lat,
        precision=kind, countries=(country,), admin1=admin1 or None, population=population, capital=bool(capital), source="GeoNames",
        folds=set(folds),
    )  # fmt: skip


def _airfield(line: list[Any]) -> Row:
    _, code, lon, lat, country, name, military = line
    row = Row(
        id=f"icao:{code}", names={"und": [name]}, kind="airfield", lon=lon, lat=lat, precision="landmark",
        countries=(country,), radius_m=AIRFIELD_RADIUS_M, source="airportsdata", folds={fold(code)} if code.isalpha() else set(),
        population=1 if military else 0,
    )  # fmt: skip
    return row


_READ = {"country": _country, "province": _province, "city": _city, "airfield": _airfield}


OWNED = ("country:", "province:")
"""Outlines that belong to one derived record: a hand-made one that has it stands for that record."""


def merge(records: Records, derived: Iterable[Row]) -> list[Row]:
    """Hand-made records over derived ones, in order of prominence.

    A hand-made record that names a derived one (`geonames`, `icao`), or has its outline, takes its place and its
    other spellings, its population and province where it states none.
    """
    hand = {id: _hand(place) for id, place in records.places.items()}
    owner = {link: id for id, links in records.replaces.items() for link in links}
    owner |= {row.outline: id for id, row in hand.items() if row.outline and row.outline.startswith(OWNED)}
    rows = []
    for row in derived:
        mine = hand.get(owner.get(row.id) or owner.get(row.outline or "") or "")
        if mine is None:
            rows.append(row)
            continue
        mine.aliases.append(row.id)
        mine.folds |= row.folds | row.own_folds
        mine.population = mine.population or row.population
        mine.capital = mine.capital or row.capital
        mine.admin1 = mine.admin1 or row.admin1
        mine.source = mine.source or row.source
        for lang, names in row.names.items():
            if lang not in mine.names and lang != "und":
                mine.names[lang] = names
    missing = set(owner) - {alias for row in hand.values() for alias in row.aliases}
    missing = {link for link in missing if link.startswith(("gn:", "icao:"))}
    if missing and rows:
        raise ValueError(f"places.yaml names derived records that do not exist: {', '.join(sorted(missing))}")
    rows.extend(hand.values())
    _share_names(rows)
    return sorted(rows, key=lambda row: (-row.prominence, row.id))


SEAT_FROM = 10_000
"""People from which a derived settlement may be the one that its province is named after."""


def _share_names(rows: Iterable[Row]) -> None:
    """The city that a province is named after answers to every spelling of that name, too."""
    provinces = [row for row in rows if row.kind == "governorate" and row.admin1]
    settled: dict[str, list[Row]] = {}
    for row in rows:
        if row.admin1 and row.kind in ("city", "town", "village") and (row.hand or row.population >= SEAT_FROM):
            settled.setdefault(row.admin1, []).append(row)
    for province in provinces:
        known = province.folds | province.own_folds
        plain = {key for key in known if parse(key).kind is None}
        namesakes = [
            row for row in settled.get(province.admin1 or "", ())
            if plain & (row.folds | row.own_folds)
        ]  # fmt: skip
        if namesakes:
            city = max(namesakes, key=lambda row: (row.hand, row.population))
            # Mosul has been called Nineveh, but the province's name is another one.
            sounds = {family(names[0]) for names in city.names.values()} - {""}
            city.folds |= {key for key in plain if family(key) in sounds}


def _hand(place: Any) -> Row:
    return Row(
        id=place.id, names={lang: list(names) for lang, names in place.names.items()}, kind=place.kind,
        lon=place.position.lon, lat=place.position.lat, precision=str(place.precision), countries=place.countries,
        admin1=place.admin1, outline=place.outline, radius_m=place.radius_m, label=dict(place.label),
        population=place.population, capital=place.capital, source=place.source, note=place.note, hand=True,
    )  # fmt: skip


def _fill(db: sqlite3.Connection, rows: list[Row], records: Records, lines: list[list[Any]]) -> None:
    dump = _dump
    for no, row in enumerate(rows, 1):
        gn = int(row.id[3:]) if row.id.startswith("gn:") else None
        usual = KINDS[row.kind]
        db.execute(
            f"INSERT INTO place VALUES ({','.join('?' * 17)})",
            (no, None if gn else row.id, gn, _names(row.names), row.kind, units(row.lon), units(row.lat),
             row.precision if row.precision != usual else None, " ".join(row.countries) or None, row.admin1, row.outline,
             row.radius_m, dump(row.label) if row.label else None, row.population or None, int(row.capital) or None,
             None if gn else row.source or None, row.note or None),
        )  # fmt: skip
        folds = (row.folds | row.own_folds) - {""}
        if row.kind == "airfield":
            # "~hama": found when a class word says that an airfield is meant, never by the bare name.
            bare = {parse(name).bare for names in row.names.values() for name in names}
            folds |= {f"~{key}" for key in bare if key}
        own = row.own_folds | {key for key in folds if key[0] == "~"}
        keys = [(key, no if key in own else -no) for key in sorted(folds)]
        db.executemany("INSERT OR IGNORE INTO name VALUES (?, ?)", keys)
        if row.hand or set(row.countries) & KIN or row.population >= KIN_PEOPLE:
            kin = {family(key.removeprefix("~")) for key in folds} - {""}
            db.executemany("INSERT OR IGNORE INTO family VALUES (?, ?)", [(key, no) for key in sorted(kin)])
        aliases = {*row.aliases, *([row.outline] if row.outline and row.outline.startswith("province:") else [])}
        db.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?)", [(alias, no) for alias in sorted(aliases)])
    hulls = [(id, dump([list(p) for p in ring])) for id, ring in sorted(records.hulls.items())]
    db.executemany("INSERT INTO hull VALUES (?, ?)", hulls)
    db.executemany("INSERT INTO ambiguous VALUES (?, ?)", sorted(records.ambiguous.items()))
    db.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", _boxes(lines))
    db.executemany("INSERT OR IGNORE INTO middle VALUES (?, ?, ?)", _middles(lines))


_KIN = "SY|IQ|YE|LY|LB|JO|EG|PS|IL|UA|TR|IR|AF|SD|SA|KW|QA|BH|AE|OM|PK|SO|XK|RS|BA|ET|ML|AM|AZ|GE|SS|NE|BF|TD"
KIN = frozenset(_KIN.split("|"))
"""Countries whose derived names get a consonant key: where transliterations meet."""
KIN_PEOPLE = 200_000
"""People from which a settlement of any country gets one: those that are written of in every script."""


def _middles(lines: list[list[Any]]) -> list[tuple[int, int, str]]:
    out = []
    for line in lines:
        if line[0] == "country":
            out += [(units(lat), units(lon), line[1].lower()) for lon, lat in [*line[8], line[2:4]]]
        elif line[0] == "province":
            out += [(units(lat), units(lon), line[1].lower()) for lon, lat in line[9]]
    return sorted(set(out))


def _boxes(lines: list[list[Any]]) -> list[tuple[str, int, int, int, int]]:
    out = set()
    for line in lines:
        if line[0] == "province":
            west, south, east, north = line[10]
            out.add((line[4], floor(west * 10), floor(south * 10), ceil(east * 10), ceil(north * 10)))
    return sorted(out)


def units(degrees: float) -> int:
    """Degrees in the file's units of 1e-4."""
    return round(degrees * 10_000)


def _names(names: dict[str, list[str]]) -> str:
    short = names.keys() <= {"und", "ar", "ru"} and all(len(forms) == 1 for forms in names.values())
    if not short or "und" not in names or names["und"][0].startswith("{"):
        # Languages that write a place alike share an entry: "de en es".
        alike: dict[tuple[str, ...], list[str]] = {}
        for lang in sorted(names):
            alike.setdefault(tuple(names[lang]), []).append(lang)
        return _dump({" ".join(langs): list(forms) for forms, langs in alike.items()})
    return "\t".join(names.get(lang, [""])[0] for lang in ("und", "ar", "ru")).rstrip("\t")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else COMPILED
    compile_gazetteer(target)
    print(f"{target}: {target.stat().st_size:,} bytes", file=sys.stderr)
