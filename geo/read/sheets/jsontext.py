"""JSON as strangers write it: one parser for GeoJSON, JSON lines and TimeMap exports, with plain faults."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from geo.errors import Fault, InputError

_LONE = re.compile("[\ud800-\udfff]")


class _Twice(ValueError):
    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def decoded(data: bytes, file: str) -> str:
    """The text of a JSON file: UTF-8 or UTF-16, a byte order mark or none."""
    try:
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError([Fault("encoding", "this is not UTF-8", "save the file again as UTF-8", file, line)]) from None


def parsed(text: str, file: str, line: int = 1) -> Any:
    """The value of a JSON text that begins on `line`. Raises InputError with the place where it goes wrong."""

    def fault(code: str, message: str, cure: str, at: int | None = None, column: int | None = None) -> NoReturn:
        raise InputError([Fault(code, message, cure, file, at, column)])

    try:
        # NaN and Infinity are no JSON, but programs write them: the row that holds one is told of later.
        return json.loads(text, object_pairs_hook=_once, parse_constant=float)
    except json.JSONDecodeError as error:
        what = error.msg[:1].lower() + error.msg[1:]
        fault("syntax", f"this is no JSON: {what}", "export it again, whole", line + error.lineno - 1, error.colno)
    except _Twice as error:
        fault("duplicate_key", f"the key {error.key[:40]!r} stands twice in one object", "keep one of the two")
    except RecursionError:
        fault("syntax", "brackets are nested far too deep", "export it again")
    except ValueError:
        fault("number", "a number with far too many digits", "check the coordinates")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Twice(key)
            seen.add(key)
    return found


def flat(record: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    """A record as text by column: `{"a": {"b": 1}}` is `a.b`; a list of plain values is joined with `; `."""
    found: dict[str, str] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and (at := _point(value)) and "lat" not in record and "lon" not in record:
            found |= {"lat": said(at[1]), "lon": said(at[0])}
        elif isinstance(value, dict) and depth < 4:
            found.update(flat(value, f"{name}.", depth + 1))
        else:
            found[name] = said(value)
    return found


def _point(value: dict[str, Any]) -> list[Any] | None:
    """Longitude and latitude of a GeoJSON point that stands as a value in a record."""
    at = value.get("coordinates")
    if value.get("type") != "Point" or not isinstance(at, list) or len(at) < 2:
        return None
    return at if all(isinstance(one, int | float) and not isinstance(one, bool) for one in at[:2]) else None


def said(value: Any) -> str:
    """A JSON value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _LONE.sub("\ufffd", value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return "; ".join(said(item) for item in value)
    return _LONE.sub("\ufffd", json.dumps(value, ensure_ascii=False))
