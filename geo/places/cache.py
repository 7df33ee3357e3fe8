"""What online services have answered, kept on this machine: one SQLite file, committed after every answer.

An answer and "not found" are both kept, so that no name is asked for twice, whatever ends a run. Several programs may
use the file at once; they share the service's rate, too, since the time of the next request stands in the file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from geo.errors import OutputError, UsageError

WHERE = "STRIKEMAP_ONLINE_CACHE"
"""The environment variable that says where the file lies; empty for none."""
FORMAT = 1
APPLICATION = 0x73744D6F
LOCK_SECONDS = 30.0
FAR_S = 3_600.0
"""A next request that lies further ahead than this was written by a clock that was wrong."""

SCHEMA = """
CREATE TABLE answer (
    service TEXT NOT NULL, host TEXT NOT NULL, query TEXT NOT NULL, countries TEXT NOT NULL, lang TEXT NOT NULL,
    hits TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (service, host, query, countries, lang)
) WITHOUT ROWID;
CREATE TABLE turn (host TEXT PRIMARY KEY, next REAL NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Key:
    """What one answer belongs to. `query` is written as `normal` gives it, `countries` are codes with spaces."""

    service: str
    host: str
    query: str
    countries: str = ""
    lang: str = ""


def where() -> Path | None:
    """The cache, whether or not it exists: $STRIKEMAP_ONLINE_CACHE, else in the user's cache folder.

    None when the variable is set and empty, or there is no home folder.
    """
    said = os.environ.get(WHERE)
    if said is not None:
        return Path(said).expanduser() if said.strip() else None
    if base := os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA"):
        return Path(base) / "strikemap" / "online.sqlite"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "strikemap" / "online.sqlite"


class Cache:
    """Open it with `Cache.open`; without a file it remembers for as long as the program runs."""

    def __init__(self, db: sqlite3.Connection, path: Path | None = None) -> None:
        self._db, self.path = db, path

    @classmethod
    def open(cls, path: Path | None, warn: Callable[[str], None]) -> Self:
        """The cache at `path`; None keeps it in memory. A damaged file is set aside, with a warning.

        A place that cannot be written warns, too, and memory serves. Raises `UsageError` for another program's file.
        """
        if path is None:
            return cls(_prepared(sqlite3.connect(":memory:", isolation_level=None)))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return cls(_opened(path), path)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                aside = _set_aside(path)
                warn(f"{path}: cannot be read ({error}); it was set aside as {aside.name}, and names are asked for again")
                return cls(_opened(path), path)
        except (OSError, sqlite3.Error) as error:
            warn(f"{path}: cannot be used ({error}); answers are remembered for this run only")
            return cls.open(None, warn)

    def close(self) -> None:
        self._db.close()

    def get(self, key: Key) -> list[dict[str, Any]] | None:
        """The hits that were answered, none of them for "not found"; None where the name was never answered."""
        with suppress(sqlite3.Error, ValueError):
            row = self._db.execute(
                "SELECT hits FROM answer WHERE service = ? AND host = ? AND query = ? AND countries = ? AND lang = ?",
                (key.service, key.host, key.query, key.countries, key.lang),
            ).fetchone()
            hits = json.loads(row[0]) if row else None
            return hits if isinstance(hits, list) else None
        return None

    def put(self, key: Key, hits: Sequence[dict[str, Any]], at: str) -> None:
        """Keeps an answer; it is on the disk when this returns. `at` is the time, ISO 8601."""
        text = json.dumps(list(hits), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        with self._writing():
            self._db.execute(
                "INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?, ?)",
                (key.service, key.host, key.query, key.countries, key.lang, text, at),
            )

    def turn(self, host: str, now: float, pause: float) -> float:
        """When the next request may go, seconds since 1970; the one after it waits `pause` seconds longer."""
        with self._writing():
            at = self._next(host, now)
            self._db.execute("INSERT OR REPLACE INTO turn VALUES (?, ?)", (host, at + pause))
        return at

    def hold(self, host: str, until: float, now: float) -> None:
        """No request before `until`: the service has said so."""
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO turn VALUES (?, ?)", (host, max(until, self._next(host, now))))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, on the disk at its end. Raises `OutputError` when the disk does not take it."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise OutputError(self.path or WHERE, f"the answer could not be kept ({error})") from None

    def _next(self, host: str, now: float) -> float:
        row = self._db.execute("SELECT next FROM turn WHERE host = ?", (host,)).fetchone()
        at = float(row[0]) if row else now
        return at if now < at <= now + FAR_S else now


def forget(path: Path | None = None) -> tuple[Path | None, int]:
    """Deletes every answer; gives the file and how many there were. Raises `OutputError` when it cannot."""
    path = path or where()
    if path is None or not path.is_file():
        return path, 0
    try:
        db = _opened(path)
        try:
            count = int(db.execute("SELECT count(*) FROM answer").fetchone()[0])
            db.execute("DELETE FROM answer")
        finally:
            db.close()
    except sqlite3.Error as error:
        raise OutputError(path, f"could not be emptied ({error}); delete the file") from None
    return path, count


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, timeout=LOCK_SECONDS)
    try:
        return _prepared(db, path)
    except BaseException:
        db.close()
        raise


def _prepared(db: sqlite3.Connection, path: Path | None = None) -> sqlite3.Connection:
    db.execute("BEGIN IMMEDIATE")
    try:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        owner = db.execute("PRAGMA application_id").fetchone()[0]
        if not tables and not owner:
            for statement in SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION}")
            db.execute(f"PRAGMA user_version = {FORMAT}")
        elif owner != APPLICATION:
            raise UsageError(f"{path}: belongs to another program; name another file in {WHERE}")
        elif db.execute("PRAGMA user_version").fetchone()[0] != FORMAT or not {"answer", "turn"} <= tables:
            raise sqlite3.DatabaseError("it is of another version of strikemap")
    except BaseException:
        with suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    return db


def _set_aside(path: Path) -> Path:
    """Renames a damaged file, its journal first: an old journal beside a new file would be played into it."""
    for end in ("-journal", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    aside = path.with_name(f"{path.name}.broken")
    os.replace(path, aside)
    return aside
