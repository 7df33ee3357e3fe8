"""What a build was made from and what it gave: SHA-256 of inputs, gazetteer, base map, options, tool and outputs.

    {"v": 1,
     "inputs": {"source": {"kind", "bytes", "sha256"}, "tables": [{"bytes", "sha256"}], "places": [{"bytes", "sha256"}], "style", "gazetteer": {"sha256"},
                "user_gazetteer": {"sha256"} or null, "basemap": {"name", "sha256"}, "options": {…},
                "tool": {"name", "version"}},
     "inputs_sha256": of `inputs` as canonical JSON (keys sorted, no blanks, UTF-8),
     "outputs": {"html": {"bytes", "sha256"}, …}}

A page built with a manifest carries `inputs_sha256`; its own hash stands in the manifest only. There is no path, no file
name and no clock in it, so that the same story gives the same manifest anywhere.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import Fault, InputError

if TYPE_CHECKING:
    from geo.api import BuildOptions, Built

BASEMAP = ("world.bin.gz", "overview.bin.gz", "waters.bin.gz", "units.json.gz", "disputed.yaml", "waters.yaml")
"""Files of geo/data that ground, borders and outlines come from."""


def build_with_manifest(path: Path | str, options: BuildOptions) -> Built:
    """The build of `options`, its page carrying the hash of the inputs, with the manifest as one more output.

    Raises InputError for a source that is no ordinary file, or that was saved while it was read: the manifest would lie.
    """
    from geo.api import build_story, is_table
    from geo.named import tables_of
    from geo.places import userdb

    users = userdb.where() if options.user_gazetteer else None

    def gathered() -> dict[str, Any]:
        return inputs(
            {"kind": "table" if is_table(path) else "story", **hashed(path)},
            tables=[hashed(table) for table in tables_of(path)],
            places=[hashed(place) for place in options.places],
            style=hashed(options.style) if options.style else None,
            user_gazetteer=users if users and users.is_file() else None,
            basemap=options.basemap,
            options={name: _said(getattr(options, name)) for name in CHANGING},
        )

    part = gathered()
    built = build_story(path, dataclasses.replace(options, manifest=False, inputs=inputs_sha256(part)))
    if gathered() != part:
        raise InputError([Fault("changed", "a file was saved while it was read", "build again", str(path))])
    return dataclasses.replace(built, outputs={**built.outputs, "manifest": manifest(part, built.outputs)})


CHANGING = ("langs", "coarsen", "raw", "strict", "table")
"""Options that change bytes, or what is refused, beside those that name files."""


def hashed(path: Path | str) -> dict[str, Any]:
    """Size and SHA-256 of a file; a missing one is told by the build, in its own words."""
    path = Path(path)
    if path.exists() and not path.is_file() and not path.is_dir():
        cure = "save it to a file first"
        raise InputError([Fault("unreadable", "a manifest needs a file that can be read twice", cure, str(path))])
    try:
        with open(path, "rb") as file:
            return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    except OSError:
        return {"bytes": 0, "sha256": ""}


def _said(value: Any) -> Any:
    """An option as JSON, without the files that it names."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _said(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _said(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_said(one) for one in value]
    if isinstance(value, Path):
        return hashed(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def canonical(value: Any) -> bytes:
    """JSON whose bytes depend on the value alone."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("utf-8")


def digest(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def inputs(
    source: Mapping[str, Any],
    *,
    tables: Iterable[Mapping[str, Any]] = (),
    places: Iterable[Mapping[str, Any]] = (),
    style: Mapping[str, Any] | None = None,
    user_gazetteer: Path | None = None,
    basemap: str = "embedded",
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """The part `inputs`: all that a build's bytes depend on. `source`, `tables`, `places` and `style` are files as `hashed` gives them."""
    from importlib.metadata import version

    from geo.places.gazetteer import COMPILED

    return {
        "source": dict(source),
        "tables": [dict(one) for one in tables],
        "places": [dict(one) for one in places],
        "style": dict(style) if style is not None else None,
        "gazetteer": {"sha256": database(COMPILED)},
        "user_gazetteer": {"sha256": database(user_gazetteer)} if user_gazetteer else None,
        "basemap": {"name": basemap, "sha256": _ground()},
        "options": dict(options),
        "tool": {"name": "strikemap", "version": version("strikemap")},
    }


def inputs_sha256(part: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical(part)).hexdigest()


def manifest(part: Mapping[str, Any], outputs: Mapping[str, bytes]) -> bytes:
    """The file: two blanks of indent, keys in their order above."""
    whole = {
        "v": 1,
        "inputs": part,
        "inputs_sha256": inputs_sha256(part),
        "outputs": {name: digest(data) for name, data in outputs.items()},
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def database(path: Path) -> str:
    """SHA-256 of what a SQLite file says: its own bytes differ with the SQLite that wrote it."""
    return _database(path, path.stat().st_mtime_ns)


@cache
def _database(path: Path, _: int) -> str:
    whole = hashlib.sha256()
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for name in tables:
            whole.update(f"{name}\n".encode())
            for row in db.execute(f'SELECT * FROM "{name}"'):
                whole.update(repr(row).encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


@cache
def _ground() -> str:
    whole = hashlib.sha256()
    for name in BASEMAP:
        data = (files("geo") / "data" / name).read_bytes()
        whole.update(f"{name} {len(data)}\n".encode() + data)
    return whole.hexdigest()
