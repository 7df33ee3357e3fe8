"""The user's own gazetteer: data sets that were added from files, in one SQLite file beside the bundled one.

It is only ever replaced as a whole: a change is made in a copy, flushed to the disk and renamed over the old file, so
that a reader, a crash or a full disk finds the old one or the new one. Writers wait for each other at a lock that
the system lets go of when a program dies.

Entries have ids `user:DATASET:N`, N being the file's own number or code where it has one for each row. They answer
after the bundled ones, which win unless the country, province or story says otherwise (`geo.places.resolve`).
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from geo.errors import Fault, InputError, OutputError, StrikemapError, UsageError
from geo.model import Place, Position, Precision
from geo.places.kinds import AIRFIELD_RADIUS_M, KINDS
from geo.places.names import family, fold

if TYPE_CHECKING:
    from geo.places.dumps import Dump, Entry

WHERE = "STRIKEMAP_GAZETTEER"
"""The environment variable that says where the file lies; empty for none."""
FORMAT = 1
APPLICATION = 0x73744D70
"""Written into the file's `user_version` and `application_id`: another program's file is refused."""
LOCK_SECONDS = 30.0
PREFIX = "user:"

SCHEMA = """
CREATE TABLE dataset (
    name TEXT PRIMARY KEY, format TEXT NOT NULL, file TEXT NOT NULL, places INTEGER NOT NULL, areas INTEGER NOT NULL,
    left_out INTEGER NOT NULL, licence TEXT NOT NULL, attribution TEXT NOT NULL
) WITHOUT ROWID;
-- names is JSON; outline stands last, so that its pages are read only when it is asked for.
CREATE TABLE place (
    no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, dataset TEXT NOT NULL, names TEXT NOT NULL, kind TEXT NOT NULL,
    lon REAL NOT NULL, lat REAL NOT NULL, precision TEXT NOT NULL, countries TEXT NOT NULL, admin1 TEXT, radius_m REAL,
    population INTEGER NOT NULL, outline TEXT
);
-- no is negative where the name is only among the file's further spellings; "~hama" is an airfield's name alone.
CREATE TABLE name (fold TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (fold, no)) WITHOUT ROWID;
CREATE TABLE family (key TEXT NOT NULL, no INTEGER NOT NULL, PRIMARY KEY (key, no)) WITHOUT ROWID;
"""
_COLUMNS = "id, dataset, names, kind, lon, lat, precision, countries, admin1, radius_m, population, outline"


class Ground(Protocol):
    """What lies where: `geo.geometry.ground`, given by the caller, since places know no geometry."""

    def provinces_at(self, points: Sequence[Sequence[float]]) -> list[tuple[tuple[str, ...], str | None]]: ...
    def read_area(self, geometry: Any) -> tuple[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was added from one file."""

    name: str
    format: str
    file: str
    places: int
    areas: int
    """How many of the places have an outline of their own."""
    left_out: int
    licence: str
    attribution: str

    @property
    def credit(self) -> str:
        """As it stands on maps that use it: `GeoNames (CC BY 4.0)`."""
        return f"{self.attribution} ({self.licence})" if self.licence else self.attribution


class BadGazetteer(StrikemapError):
    """The user's gazetteer cannot be read."""


def where() -> Path | None:
    """The user's gazetteer, whether or not it exists: $STRIKEMAP_GAZETTEER, else in the user's data folder.

    None when the variable is set and empty.
    """
    said = os.environ.get(WHERE)
    if said is not None:
        return Path(said).expanduser() if said.strip() else None
    if base := os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA"):
        return Path(base) / "strikemap" / "gazetteer.sqlite"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    inside = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    return home / inside / "strikemap" / "gazetteer.sqlite"


# --- reading ---------------------------------------------------------------------------------------------------


class UserPlaces:
    """The user's places by id and by folded name, read only."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db, self.path = db, path
        self._cache: dict[int, Place] = {}
        self._credits = {one.name: one.credit for one in datasets(db)}

    @classmethod
    def open(cls, path: Path | None = None) -> UserPlaces | None:
        """The user's gazetteer, or None where there is none. Raises `BadGazetteer` for a file that is something else."""
        path = path or where()
        if path is None or not path.is_file():
            return None
        db = _open(path)
        try:
            return cls(db, path)
        except sqlite3.Error as error:
            db.close()
            raise BadGazetteer(_damaged(path, error)) from None

    def close(self) -> None:
        self._db.close()

    def get(self, id: str) -> Place | None:
        row = self._db.execute("SELECT no FROM place WHERE id = ?", (id,)).fetchone()
        return self._place(int(row[0])) if row else None

    def bearers(self, key: str) -> list[tuple[Place, bool]]:
        """Places of a folded name, largest first, each with whether the name is one of its own."""
        rows = self._db.execute("SELECT no FROM name WHERE fold = ?", (key,)).fetchall()
        found = {abs(no): no > 0 for (no,) in sorted(rows)}
        return sorted(((self._place(no), own) for no, own in found.items()), key=lambda row: _rank(row[0]))

    def kin(self, key: str) -> list[Place]:
        """Places with a name of the same consonants (see `names.family`), largest first."""
        rows = self._db.execute("SELECT no FROM family WHERE key = ?", (key,))
        return sorted((self._place(no) for (no,) in rows), key=_rank)

    def near(self, key: str, limit: int = 5) -> list[str]:
        """Names that a slip of the pen may have meant, best first: for a reader, never for a map."""
        from difflib import SequenceMatcher

        head = key[:3]
        if not head:
            return []
        sql = "SELECT fold, abs(no) FROM name WHERE fold >= ? AND fold < ? LIMIT 2000"
        matcher = SequenceMatcher(b=key, autojunk=False)
        best: dict[int, float] = {}
        for other, no in self._db.execute(sql, (head, head[:-1] + chr(ord(head[-1]) + 1))).fetchall():
            matcher.set_seq1(other)
            if abs(len(other) - len(key)) <= 2 and matcher.quick_ratio() >= 0.75 and (ratio := matcher.ratio()) >= 0.75:
                best[no] = max(best.get(no, 0.0), ratio)
        ranked = sorted(best, key=lambda no: (-round(best[no], 2), no))[: limit * 2]
        return list(dict.fromkeys(self._place(no).name("en")[0] for no in ranked))[:limit]

    def _place(self, no: int) -> Place:
        place = self._cache.get(no)
        if place is None:
            try:
                row = self._db.execute(f"SELECT {_COLUMNS} FROM place WHERE no = ?", (no,)).fetchone()
                place = self._cache[no] = self._made(row)
            except (sqlite3.Error, ValueError, TypeError) as error:
                raise BadGazetteer(_damaged(self.path, error)) from None
        return place

    def _made(self, row: tuple[Any, ...]) -> Place:
        id, dataset, names, kind, lon, lat, precision, countries, admin1, radius, people, outline = row
        at = Position(lon, lat)
        if outline is None and not Precision(precision).pinned:
            # An area whose outline the file does not give: no more is said than about how far it reaches.
            outline = f"circle:{lon},{lat},{radius or 25_000.0:.0f}"
        return Place(
            id=id, names={lang: tuple(forms) for lang, forms in json.loads(names).items()}, kind=kind, position=at,
            precision=Precision(precision), countries=tuple(countries.split()), admin1=admin1, outline=outline,
            radius_m=radius, population=people, source=self._credits.get(dataset, dataset),
        )  # fmt: skip


def _rank(place: Place) -> tuple[int, str]:
    return -place.population, place.id


def is_users(place: Place) -> bool:
    """Whether a place was added by the user, and so gives way to a bundled one."""
    return place.id.startswith(PREFIX)


SAME_DEG = 0.05
"""Places of one name and sort that lie so near each other are one: 5.5 km of latitude."""
_AREAS = frozenset(("governorate", "country", "region", "sea"))


def known_already(place: Place, bundled: Place) -> bool:
    """Whether a user's place is one that the bundle has: the same sort of thing under one name, at one spot."""
    if bundled.kind in _AREAS or place.kind in _AREAS:
        return place.kind == bundled.kind and bool(set(place.countries) & set(bundled.countries))
    if (place.kind == "district") != (bundled.kind == "district"):
        return False
    if (place.kind == "airfield") != (bundled.kind == "airfield"):
        return False
    (x, y), (u, v) = place.position, bundled.position
    return abs(x - u) <= SAME_DEG and abs(y - v) <= SAME_DEG


def datasets(db: sqlite3.Connection) -> list[Dataset]:
    """The data sets of an open file, by name."""
    columns = "name, format, file, places, areas, left_out, licence, attribution"
    return [Dataset(*row) for row in db.execute(f"SELECT {columns} FROM dataset ORDER BY name")]


def listed(path: Path | None = None) -> list[Dataset]:
    """The data sets of the user's gazetteer; none where there is no file."""
    path = path or where()
    if path is None or not path.is_file():
        return []
    with closing(_open(path)) as db:
        try:
            return datasets(db)
        except sqlite3.Error as error:
            raise BadGazetteer(_damaged(path, error)) from None


def _open(path: Path) -> sqlite3.Connection:
    # The file is never written in place, so SQLite needs no locks and no journal to read it.
    try:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise BadGazetteer(_damaged(path, error)) from None
    try:
        ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
        version = db.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        db.close()
        raise BadGazetteer(_damaged(path, error)) from None
    if not ours or version != FORMAT:
        db.close()
        what = "is of another version of strikemap" if ours else "is no gazetteer of strikemap"
        raise BadGazetteer(f"{path}: {what}; move it away, or use --no-user-gazetteer")
    return db


def _damaged(path: Path, error: Exception) -> str:
    return f"{path}: cannot be read ({error}); move it away, or use --no-user-gazetteer"


# --- writing ---------------------------------------------------------------------------------------------------


def slug(text: str) -> str:
    """A name for a data set: small Latin letters, digits and hyphens. Empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40]


def add(
    files: Sequence[Path],
    ground: Ground,
    *,
    name: str | None = None,
    licence: str | None = None,
    attribution: str | None = None,
    country: str | None = None,
    replacing: bool = False,
    path: Path | None = None,
) -> list[Dataset]:
    """Adds every file as a data set of its own, or none of them; gives what was added.

    `licence` and `attribution` stand for what the format says of itself; `country` is for rows that name none.
    Raises `InputError` with the files' faults, `UsageError` for a name that is taken or cannot be used, `OutputError`
    when the gazetteer cannot be written. The old one is then as it was.
    """
    from geo.places.dumps import read_dump

    path = _target(path)
    if name is not None and len(files) > 1:
        raise UsageError("--name names one file: add the others on their own")
    if country is not None and not re.fullmatch(r"[A-Z]{2}", country):
        raise UsageError(f"--country {country}: write an ISO 3166-1 code such as SY")
    faults: list[Fault] = []
    read: list[tuple[Dataset, list[_Row]]] = []
    for file in files:
        label = slug(name if name is not None else _stem(file))
        if not label:
            raise UsageError(f"{name or file}: makes no name for a data set; give one with --name")
        if label in [one.name for one, _ in read]:
            raise UsageError(f"{file}: two files would be called {label}; add them one by one with --name")
        try:
            dump = read_dump(file, ground.read_area)
            rows = _rows(dump, label, ground, country)
        except InputError as error:
            faults.extend(error.faults)
            continue
        credit = _clean(attribution) or dump.attribution or _clean(name or "") or _stem(file)
        outlines = sum(1 for row in rows if row.outline and row.outline.startswith("wkt:"))
        told = Dataset(
            label, dump.format, file.name, len(rows), outlines, dump.left_out, _clean(licence) or dump.licence, credit
        )
        read.append((told, rows))
    if faults:
        raise InputError(faults)
    with _changing(path) as db:
        taken = {one.name for one in datasets(db)}
        for told, rows in read:
            if told.name in taken:
                if not replacing:
                    raise UsageError(
                        f"there is a data set {told.name} already; replace it with --replace, or give another --name"
                    )
                _drop(db, told.name)
            _insert(db, told, rows)
    return [told for told, _ in read]


def remove(name: str, *, path: Path | None = None) -> Dataset:
    """Takes a data set out. Raises `UsageError` when there is none of that name."""
    path = _target(path)
    known = {one.name: one for one in listed(path)}
    if name not in known:
        raise UsageError(_unknown(name, list(known)))
    with _changing(path) as db:
        if name not in {one.name for one in datasets(db)}:
            raise UsageError(_unknown(name, []))
        _drop(db, name)
    return known[name]


def _unknown(name: str, known: Sequence[str]) -> str:
    return f"there is no data set {name}; " + (f"choose from {', '.join(known)}" if known else "none was added yet")


def _target(path: Path | None) -> Path:
    path = path or where()
    if path is None:
        raise UsageError(f"{WHERE} is empty: name a file in it, or unset it")
    # Where the file is a link, what it points to is replaced.
    return Path(os.path.realpath(path))


def _stem(file: Path) -> str:
    return file.name.split(".")[0] or file.name


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


@dataclass(frozen=True, slots=True)
class _Row:
    id: str
    entry: Entry
    precision: Precision
    countries: tuple[str, ...]
    admin1: str | None
    outline: str | None


_ISO_PROVINCE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")


def _rows(dump: Dump, dataset: str, ground: Ground, country: str | None) -> list[_Row]:
    """Entries with their place in the world: countries, the province's ISO 3166-2 code, the outline."""
    lies = ground.provinces_at([entry.position for entry in dump.entries])
    provinces = _joined(dump.entries, lies)
    own = [entry.key for entry in dump.entries]
    keyed = len(set(own)) == len(own) and all(re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", key) for key in own)
    rows = []
    for number, (entry, (countries, _)) in enumerate(zip(dump.entries, lies, strict=True), 1):
        key = entry.key if keyed else str(number)
        stated = entry.country or (country or "")
        # Land that several states claim is every claimant's, whatever one file says.
        whose = countries if len(countries) > 1 or not stated else (stated,)
        admin1 = provinces[number - 1] if len(countries) < 2 else None
        outline = entry.outline
        if entry.kind == "governorate" and outline is None and admin1:
            outline = f"province:{admin1}"
        rows.append(_Row(
            f"{PREFIX}{dataset}:{key}", entry, entry.precision or KINDS[entry.kind], whose, admin1, outline
        ))  # fmt: skip
    return rows


MOST = 0.6
"""Part of a file's places of one province that must lie in a bundled one for the two to be the same."""


def _joined(
    entries: Sequence[Entry], lies: Sequence[tuple[tuple[str, ...], str | None]]
) -> list[str | None]:
    """The bundled province of every entry. A file's own word for its province means the one that most of its
    places lie in: the bundled borders are coarse, and a village beside one may fall on the wrong side."""
    votes: dict[tuple[str, str], Counter[str]] = {}
    for entry, (_, province) in zip(entries, lies, strict=True):
        if entry.admin1 and province:
            votes.setdefault((entry.country, fold(entry.admin1)), Counter())[province] += 1
    means = {}
    for key, count in votes.items():
        province, most = count.most_common(1)[0]
        if most >= MOST * count.total():
            means[key] = province
    found = []
    for entry, (_, here) in zip(entries, lies, strict=True):
        province = means.get((entry.country, fold(entry.admin1))) if entry.admin1 else None
        province = province or here
        found.append(province if province and _ISO_PROVINCE.fullmatch(province) else None)
    return found


def _insert(db: sqlite3.Connection, told: Dataset, rows: Sequence[_Row]) -> None:
    first = int(db.execute("SELECT coalesce(max(no), 0) + 1 FROM place").fetchone()[0])
    db.execute(
        "INSERT INTO dataset VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (told.name, told.format, told.file, told.places, told.areas, told.left_out, told.licence, told.attribution),
    )
    places = []
    names: set[tuple[str, int]] = set()
    kin: set[tuple[str, int]] = set()
    for no, row in enumerate(rows, first):
        entry = row.entry
        radius = AIRFIELD_RADIUS_M if entry.kind == "airfield" else None if row.precision.pinned else entry.radius_m
        radius = None if row.outline else radius
        places.append((
            no, row.id, told.name, json.dumps(entry.names, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            entry.kind, entry.position.lon, entry.position.lat, str(row.precision), " ".join(row.countries), row.admin1,
            radius, entry.population, row.outline,
        ))  # fmt: skip
        own = {fold(form): form for forms in entry.names.values() for form in forms}
        keys = {fold(form): form for form in entry.others} | own
        keys.pop("", None)
        names.update((key, no if key in own else -no) for key in keys)
        if entry.kind == "airfield":
            names.update((f"~{bare}", no) for key in own if (bare := _bare(key)))
        kin.update((key, no) for key in {family(form) for form in keys.values()} - {""})
    db.executemany(f"INSERT INTO place VALUES ({','.join('?' * 13)})", places)
    db.executemany("INSERT INTO name VALUES (?, ?)", sorted(names))
    db.executemany("INSERT INTO family VALUES (?, ?)", sorted(kin))


def _bare(key: str) -> str:
    from geo.places.phrases import parse

    return parse(key).bare


def _drop(db: sqlite3.Connection, name: str) -> None:
    inside = "(SELECT no FROM place WHERE dataset = ?)"
    db.execute(f"DELETE FROM name WHERE abs(no) IN {inside}", (name,))
    db.execute(f"DELETE FROM family WHERE no IN {inside}", (name,))
    db.execute("DELETE FROM place WHERE dataset = ?", (name,))
    db.execute("DELETE FROM dataset WHERE name = ?", (name,))


@contextmanager
def _changing(path: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the gazetteer to write in, which takes its place when all went well."""
    made = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise OutputError(path, f"is a folder; name a file in {WHERE}")
        with _alone(path.with_name(f"{path.name}.lock"), path):
            # What a killed run has left behind.
            for name in (made, made.with_name(f"{made.name}-journal")):
                name.unlink(missing_ok=True)
            try:
                with closing(sqlite3.connect(made, isolation_level=None)) as db:
                    if path.is_file():
                        with closing(_open(path)) as old:
                            old.backup(db)
                    db.execute("PRAGMA journal_mode = MEMORY")
                    db.execute("PRAGMA synchronous = OFF")
                    if not path.is_file():
                        db.execute(f"PRAGMA application_id = {APPLICATION}")
                        db.execute(f"PRAGMA user_version = {FORMAT}")
                        db.executescript(SCHEMA)
                    db.execute("BEGIN")
                    yield db
                    db.execute("COMMIT")
                _flush(made)
                os.replace(made, path)
                with suppress(OSError):
                    _flush(path.parent)
            finally:
                with suppress(OSError):
                    made.unlink(missing_ok=True)
    except sqlite3.Error as error:
        raise OutputError(path, f"could not be written ({error})") from None
    except OSError as error:
        raise OutputError(path, f"could not be written ({(error.strerror or str(error)).lower()})") from None


@contextmanager
def _alone(lock: Path, path: Path) -> Iterator[None]:
    """Holds the lock, which ends with the program that holds it, however that ends."""
    with closing(sqlite3.connect(lock, isolation_level=None, timeout=LOCK_SECONDS)) as held:
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise OutputError(path, "another strikemap is writing it; try again when it is done") from None
        yield


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
