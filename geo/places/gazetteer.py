"""The gazetteer that is opened at run time: one small SQLite file, read only, made by `geo.places.compile`.

Opening reads the header and no table; a lookup is one index probe. Nothing here needs shapely: an
outline is a reference that `geo.geometry.areas` opens when somebody draws it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self

from geo.errors import StrikemapError
from geo.model import Box, Place, Position, Precision
from geo.places.kinds import KINDS
from geo.places.names import family, fold
from geo.places.userdb import PREFIX, UserPlaces, known_already

if TYPE_CHECKING:
    from geo.places.phrases import Phrase
    from geo.places.resolve import Bounds, Context, Decision

COMPILED = Path(__file__).resolve().parents[1] / "data" / "compiled" / "gazetteer.sqlite"
FORMAT = 5
"""Written into the file's `user_version`; a file of another format is refused by name."""

UNITS = 10_000
"""Positions are kept in units of 1e-4 degrees, 11 m of latitude."""

_COLUMNS = (
    "id, gn, names, kind, lon, lat, precision, countries, admin1, outline, radius_m, label, population, capital, "
    "source, note"
)


class Beyond(Protocol):
    warnings: list[str]

    def close(self) -> None: ...
    def __call__(self, phrase: Phrase, bounds: Bounds, context: Context, gazetteer: Gazetteer) -> Decision | None: ...


class GazetteerMissing(StrikemapError):
    """The compiled gazetteer is not there, or is of another version."""


class Gazetteer:
    """Places by id and by name. Open it once; it is safe to share within one thread."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._user: UserPlaces | None = None
        self._cache: dict[int, Place] = {}
        self._by_geonames: dict[int, int] | None = None
        self._extra: dict[str, Place] = {}
        self._extra_names: dict[str, list[Place]] = {}
        self.beyond: Beyond | None = None
        """Who is asked for a name that nothing here knows: `geo.places.online.Online`, or nobody."""
        self.lookup_numbers = lru_cache(maxsize=65_536)(self._lookup_numbers)
        self._boxes: dict[str, tuple[Box, ...]] = {}

    @classmethod
    def open(cls, extra: Sequence[Path] = (), *, path: Path | None = None, user: bool = True) -> Gazetteer:
        """The bundled gazetteer, with the entries of the YAML files `extra` (as places.yaml) over it.

        Behind it stands what the user has added (`geo.places.userdb`), unless `user` is false.
        Raises `GazetteerMissing` with the command that builds it, `errors.InputError` for a faulty extra file, and
        `userdb.BadGazetteer` for a user's file that cannot be read.
        """
        path = path or COMPILED
        if not path.is_file():
            raise GazetteerMissing(
                f"the gazetteer is not built ({path.name} is missing); run: python -m geo.places.compile"
            )
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        if db.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            db.close()
            raise GazetteerMissing(f"{path.name} is of another version; run: python -m geo.places.compile")
        self = cls(db)
        self._user = UserPlaces.open() if user else None
        for file in extra:
            from geo.places.records import read_places

            self.add(read_places(file).places.values())
        return self

    def close(self) -> None:
        self._db.close()
        if self._user:
            self._user.close()
        if self.beyond:
            self.beyond.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, places: Iterable[Place]) -> None:
        """Puts `places` over the bundled ones: they answer first to their names and replace equal ids."""
        for place in places:
            self._extra[place.id] = place
            for key in {fold(name) for names in place.names.values() for name in names}:
                self._extra_names.setdefault(key, []).append(place)

    def get(self, id: str) -> Place | None:
        """The place of that id (`aleppo`, `gn:170063`, `sy-hl`, `icao:OSLK`), or None."""
        if id in self._extra:
            return self._extra[id]
        if self._user and id.startswith(PREFIX):
            return self._user.get(id)
        no = self._number(id)
        return self._place(no) if no else None

    def _number(self, id: str) -> int:
        row = None
        if id.startswith("gn:"):
            if id[3:].isascii() and id[3:].isdigit():
                no = self._geonames().get(int(id[3:]))
                row = (no,) if no else None
        else:
            row = self._db.execute("SELECT no FROM place WHERE id = ?", (id,)).fetchone()
        row = row or self._db.execute("SELECT no FROM alias WHERE id = ?", (id,)).fetchone()
        return int(row[0]) if row else 0

    def _geonames(self) -> dict[int, int]:
        """Numbers by GeoNames number. An index in the file would be a tenth of its size, for ids that few stories use."""
        if self._by_geonames is None:
            self._by_geonames = dict(self._db.execute("SELECT gn, no FROM place WHERE gn IS NOT NULL"))
        return self._by_geonames

    def lookup(self, name: str) -> list[Place]:
        """Every place that bears the name, whatever its case, accents, article or script; most prominent first."""
        return [place for place, _ in self.bearers(name)]

    def bearers(self, name: str) -> list[tuple[Place, bool]]:
        """`lookup`, each with whether the name is one of its own rather than one among a registry's alternates."""
        key = fold(name)
        if not key:
            return []
        mine = self._extra_names.get(key, [])
        ids = {place.id for place in mine}
        bundled = [(self._place(no), not alternate) for no, alternate in self.lookup_numbers(key)]
        found = [*((place, True) for place in mine), *((p, own) for p, own in bundled if p.id not in ids)]
        return found + (self._users(self._user.bearers(key), [place for place, _ in found]) if self._user else [])

    def _users(self, theirs: Iterable[tuple[Place, bool]], ours: Sequence[Place]) -> list[tuple[Place, bool]]:
        """The user's places without those that the bundle knows by the same name."""
        return [row for row in theirs if not any(known_already(row[0], place) for place in ours)]

    def lookup_family(self, name: str) -> list[Place]:
        """Places whose name has the same consonants: a spelling may differ, so this alone decides nothing."""
        key = family(name)
        if not key:
            return []
        rows = self._db.execute("SELECT no FROM family WHERE key = ? ORDER BY no", (key,))
        found = [self._place(no) for (no,) in rows]
        if self._user is None:
            return found
        return found + [place for place, _ in self._users(((p, True) for p in self._user.kin(key)), found)]

    def spellings(self, place: Place, initial: str) -> list[str]:
        """The folded names that lead to a bundled place and begin with `initial`, a registry's alternates among them."""
        no = self._number(place.id)
        if not no:
            return []
        rows = self._db.execute(
            "SELECT fold FROM name WHERE fold >= ? AND fold < ? AND no IN (?, ?)", (*_span(initial), no, -no)
        )
        return [str(key).removeprefix("~") for (key,) in rows]

    def lookup_airfield(self, name: str) -> list[Place]:
        """Airfields called after `name`, their class words apart: "Hama" for Hama Air Base."""
        key = fold(name)
        if not key:
            return []
        found = [self._place(no) for no, _ in self.lookup_numbers(f"~{key}")]
        return found + [p for p, _ in self._users(self._user.bearers(f"~{key}"), found)] if self._user else found

    def area(self, outline: str) -> Place | None:
        """The place that owns an outline reference such as `province:SY-HL` or `country:SY`."""
        for place in self._extra.values():
            if place.outline == outline:
                return place
        row = self._db.execute("SELECT no FROM place WHERE outline = ? ORDER BY no LIMIT 1", (outline,)).fetchone()
        return self._place(row[0]) if row else None

    def cities_in(self, box: Box, limit: int) -> list[Place]:
        """Cities and towns inside `box`, capitals first, then by population, at most `limit`."""
        return self._within(box, "kind IN ('city', 'town')", "capital DESC, population DESC, no", limit)

    def seas_in(self, box: Box) -> list[Place]:
        """Seas whose labelled point lies inside `box`, largest first."""
        return self._within(box, "kind = 'sea'", "no", 1000)

    def _within(self, box: Box, where: str, order: str, limit: int) -> list[Place]:
        lon = "lon BETWEEN ? AND ?" if box.west <= box.east else "(lon >= ? OR lon <= ?)"
        sql = f"SELECT no FROM place WHERE lat BETWEEN ? AND ? AND {lon} AND {where} ORDER BY {order} LIMIT ?"
        south, north, west, east = (round(v * UNITS) for v in (box.south, box.north, box.west, box.east))
        rows = self._db.execute(sql, (south, north, west, east, limit)).fetchall()
        return [self._place(no) for (no,) in rows]

    def suggest(self, name: str, limit: int = 5) -> list[str]:
        """Names that a slip of the pen may have meant, best first. They are for a reader, never for a map."""
        from difflib import SequenceMatcher

        key = fold(name)
        if not key:
            return []
        near: dict[str, tuple[float, int]] = {}
        rows = list(self._db.execute("SELECT abs(no), fold FROM name WHERE fold >= ? AND fold < ?", _span(key[:2])))
        kin = family(name)
        for place in self.lookup_family(name):
            no = self._number(place.id)
            rows += [(no, fold(form)) for forms in place.names.values() for form in forms]
        matcher = SequenceMatcher(b=key, autojunk=False)
        for no, other in rows:
            if abs(len(other) - len(key)) > 2 and family(other) != kin:
                continue
            matcher.set_seq1(other)
            if matcher.quick_ratio() < 0.7:
                continue
            score = matcher.ratio()
            if score >= 0.7:
                old = near.get(other)
                near[other] = (score, min(no, old[1]) if old else no)
        best: dict[int, float] = {}
        for score, no in near.values():
            best[no] = max(best.get(no, 0.0), score)
        ranked = sorted(best, key=lambda no: (-round(best[no], 2), no))[: limit * 2]
        names = [self._place(no).name("en")[0] for no in ranked]
        if self._user:
            names += self._user.near(key, limit)
        return list(dict.fromkeys(names))[:limit]

    def boxes(self, country: str) -> tuple[Box, ...]:
        """Bounding boxes of the provinces of a country, for a cheap "may lie inside"."""
        found = self._boxes.get(country)
        if found is None:
            rows = self._db.execute("SELECT west, south, east, north FROM box WHERE country = ?", (country,))
            found = self._boxes[country] = tuple(Box(*(v / 10 for v in row)) for row in rows)
        return found

    def countries_around(self, at: Position) -> tuple[str, ...]:
        """The countries of which a province's bounding box holds a position: where it is one, the position lies in no other."""
        lon, lat = at.lon * 10, at.lat * 10
        rows = self._db.execute(
            "SELECT DISTINCT country FROM box WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? ORDER BY country", (lon, lon, lat, lat)
        )
        return tuple(country for (country,) in rows)

    def middles(self, at: Position, degrees: float) -> list[tuple[str, float, float]]:
        """(whose, lon, lat) of country and province centroids within `degrees` of a position, nearest first."""
        lat, lon, slack = (round(v * UNITS) for v in (at.lat, at.lon, degrees))
        rows = self._db.execute(
            "SELECT whose, lon, lat FROM middle WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
            (lat - slack, lat + slack, lon - slack, lon + slack),
        )
        found = [(str(whose), x / UNITS, y / UNITS) for whose, x, y in rows]
        return sorted(found, key=lambda row: (abs(row[1] - at.lon) + abs(row[2] - at.lat), row[0]))

    def middles_between(self, south: int, north: int, west: int, east: int) -> list[tuple[str, int, int]]:
        """(whose, x, y) of the country and province centroids in a box, from south to north; all in `UNITS`."""
        return self._db.execute(
            "SELECT whose, lon, lat FROM middle WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ? ORDER BY lat",
            (south, north, west, east),
        ).fetchall()

    def hull(self, id: str) -> tuple[Position, ...]:
        """The coarse ring round a sea, not closed; empty for a place that has none."""
        row = self._db.execute("SELECT ring FROM hull WHERE id = ?", (id,)).fetchone()
        return tuple(Position(*point) for point in json.loads(row[0])) if row else ()

    def declared_ambiguous(self, key: str) -> str | None:
        """Why a folded name is declared ambiguous in places.yaml, or None."""
        row = self._db.execute("SELECT why FROM ambiguous WHERE fold = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def _lookup_numbers(self, key: str) -> tuple[tuple[int, bool], ...]:
        # Numbers are given in order of prominence, so that their order is the answer's order.
        rows = self._db.execute("SELECT no FROM name WHERE fold = ?", (key,))
        return tuple(sorted((abs(no), no < 0) for (no,) in rows))

    def _place(self, no: int) -> Place:
        place = self._cache.get(no)
        if place is None:
            row = self._db.execute(f"SELECT {_COLUMNS} FROM place WHERE no = ?", (no,)).fetchone()
            place = self._cache[no] = _place(row)
        return place


def _span(prefix: str) -> tuple[str, str]:
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _place(row: tuple[Any, ...]) -> Place:
    id, gn, names, kind, lon, lat, precision, countries, admin1, outline, radius, label, people, capital = row[:14]
    source, note = row[14:]
    if names.startswith("{"):
        forms = {lang: tuple(forms) for langs, forms in json.loads(names).items() for lang in langs.split()}
    else:
        forms = {lang: (form,) for lang, form in zip(("und", "ar", "ru"), names.split("\t"), strict=False) if form}
    return Place(
        id=id or f"gn:{gn}",
        names=forms,
        kind=kind,
        position=Position(lon / UNITS, lat / UNITS),
        precision=Precision(precision) if precision else KINDS[kind],
        countries=tuple(countries.split()) if countries else (),
        admin1=admin1,
        outline=outline,
        radius_m=radius,
        label=json.loads(label) if label else {},
        population=people or 0,
        capital=bool(capital),
        source=source or ("GeoNames" if gn else ""),
        note=note or "",
    )
