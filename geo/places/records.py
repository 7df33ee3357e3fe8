"""places.yaml and files of the same format: one record a place, checked while it is read.

    places:
      raqqa:                          # the id: kebab-case English
        kind: city                    # see KINDS
        names: {en: [Raqqa, Ar-Raqqah], fr: [Raqqa], ar: [الرقة], ru: [Ракка]}   # the first of each is shown
        at: [39.008, 35.953]          # longitude, latitude, inside the outline
        country: SY                   # or every claimant: [IL, SY]
        spans: [SY, IQ]               # for a region: the countries that it reaches into
        admin1: SY-RA                 # ISO 3166-2, where it has one
        outline: province:SY-RA       # or country:SY, union:REF+REF, sea:ID, case:ID, circle:LON,LAT,METRES
        hull: [[lon, lat], …]         # kind sea: a coarse ring round the water; the land is taken out
        geonames: 172955              # replaces that derived record and takes over its other spellings
        icao: OSLK                    # the same for an airfield
        source: where the position comes from, when no registry knows it
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import Fault, InputError
from geo.model import Place, Position, Precision
from geo.places.kinds import AIRFIELD_RADIUS_M, KINDS
from geo.places.names import fold

_KEYS = (
    "kind", "names", "at", "country", "spans", "admin1", "outline", "hull", "precision", "radius_m", "label",
    "population", "capital", "geonames", "icao", "source", "note",
)  # fmt: skip
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_REF = re.compile(
    r"country:[A-Z]{2}|province:[A-Z]{2}-[A-Z0-9]{1,3}|sea:[a-z0-9-]+|case:[a-z0-9-]+|circle:-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?"
)


@dataclass(frozen=True, slots=True)
class Records:
    """What a file of places says, by id and in the order of the file."""

    places: Mapping[str, Place]
    hulls: Mapping[str, tuple[Position, ...]] = field(default_factory=dict)
    replaces: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of derived records (`gn:172955`, `icao:OSLK`) that the place stands for."""
    ambiguous: Mapping[str, str] = field(default_factory=dict)
    """Names that must never be decided by prominence, folded, and why."""


def read_places(path: Path) -> Records:
    """Reads a file of places. Raises `InputError` with every fault at once, each with its line."""
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError([Fault("unreadable", "there is no such file", "check the path", file=str(path))]) from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise InputError([Fault("unreadable", f"cannot be read ({why})", "give a file", file=str(path))]) from None
    except UnicodeDecodeError:
        raise InputError([Fault("unreadable", "is not UTF-8 text", "save it as UTF-8", file=str(path))]) from None
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _measure(yaml.parse(text, Loader=loader))
        lines = _lines(yaml.compose(text, Loader=loader))
        data = yaml.load(text, Loader=loader)
    except RecursionError:
        raise InputError([Fault("yaml", "is nested too deeply", "write it as places.yaml is", str(path))]) from None
    except (ValueError, TypeError) as error:
        # An unhashable key, a date that is none.
        raise InputError([Fault("yaml", f"is not as YAML should be ({error})", "mend it", str(path), 1)]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "not YAML"
        raise InputError([Fault("yaml", problem, "mend the syntax", str(path), line)]) from None
    faults: list[Fault] = []

    def fault(id: str, where: str, message: str, cure: str) -> None:
        faults.append(Fault("place", message, cure, file=str(path), line=lines.get(id), field=f"{id}.{where}" if where else id))

    if not isinstance(data, dict) or not isinstance(data.get("places"), dict):
        held = data.get("places") if isinstance(data, dict) else data
        what = "a list" if isinstance(held, list) else "nothing" if held is None else "something else"
        message = f"a mapping `places:` from id to place is expected, {what} was found"
        raise InputError([Fault("place", message, "see the head of places.yaml", str(path), lines.get("places", 1))])
    if not isinstance(data.get("ambiguous") or {}, dict):
        message = "`ambiguous:` is not a mapping from name to reason"
        raise InputError([Fault("place", message, "see the head of places.yaml", str(path), lines.get("ambiguous"))])
    places: dict[str, Place] = {}
    hulls: dict[str, tuple[Position, ...]] = {}
    replaces: dict[str, tuple[str, ...]] = {}
    for id, record in data["places"].items():
        id = str(id)
        if not isinstance(record, dict):
            fault(id, "", "is not a mapping", "give it kind, names and at")
            continue
        for where, message, cure in _faults(id, record):
            fault(id, where, message, cure)
        if any(f.field.startswith(f"{id}.") for f in faults):
            continue
        places[id] = _place(id, record)
        if "hull" in record:
            hulls[id] = tuple(Position(float(x), float(y)) for x, y in record["hull"])
        links = [f"gn:{n}" for n in _list(record.get("geonames"))] + [f"icao:{n}" for n in _list(record.get("icao"))]
        if links:
            replaces[id] = tuple(links)
    if faults:
        raise InputError(faults)
    ambiguous = {fold(str(name)): str(why) for name, why in (data.get("ambiguous") or {}).items()}
    return Records(places, hulls, replaces, ambiguous)


def _faults(id: str, record: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    if not _ID.fullmatch(id):
        yield "id", f"{id!r} is not kebab-case", "write it in small Latin letters and hyphens"
    for key in record:
        if key not in _KEYS:
            near = difflib.get_close_matches(str(key), _KEYS, 1)
            cure = f"did you mean {near[0]}?" if near else f"use one of {', '.join(_KEYS)}"
            yield str(key), "is no key of a place", cure
    if not isinstance(record.get("kind"), str) or record["kind"] not in KINDS:
        yield "kind", f"{record.get('kind')!r} is no kind", f"use one of {', '.join(KINDS)}"
    names = record.get("names")
    if not isinstance(names, dict) or not names or not all(_texts(v) for v in names.values()):
        yield "names", "is not a mapping from language to names", "write names: {en: [Raqqa], ar: [الرقة]}"
    at = record.get("at")
    if not _position(at):
        yield "at", f"{at!r} is not [longitude, latitude]", "give two numbers, -180..180 and -90..90"
    for code in [*_list(record.get("country")), *_list(record.get("spans"))]:
        if not re.fullmatch(r"[A-Z]{2}", str(code)):
            yield "country", f"{code!r} is not an ISO 3166-1 code", "use two capital letters; quote NO as 'NO'"
    outline = record.get("outline")
    if outline is not None:
        parts = str(outline).removeprefix("union:").split("+")
        if not all(_REF.fullmatch(part) for part in parts):
            yield "outline", f"{outline!r} is no outline reference", "use country:, province:, union:, sea:, case: or circle:"
    hull = record.get("hull")
    if hull is not None and not (isinstance(hull, list) and len(hull) >= 4 and all(_position(p) for p in hull)):
        yield "hull", "is not a ring of at least four [longitude, latitude]", "list its corners in turn"
    for key, right, cure in _VALUES:
        if record.get(key) is not None and not right(record[key]):
            yield key, f"{record[key]!r} will not do", cure
    if "precision" in record and str(record["precision"]) not in set(Precision):
        yield "precision", f"{record['precision']!r} is no precision", f"use one of {', '.join(Precision)}"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e10


def _plain(value: Any) -> bool:
    return all(isinstance(v, str | int) and not isinstance(v, bool) for v in _list(value))


_VALUES: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("radius_m", _number, "give a number of metres"),
    ("population", _number, "give a number"),
    ("capital", lambda v: isinstance(v, bool), "write true or false"),
    ("admin1", lambda v: isinstance(v, str), "write an ISO 3166-2 code such as SY-RA"),
    ("source", lambda v: isinstance(v, str), "write a text"),
    ("note", lambda v: isinstance(v, str), "write a text"),
    ("geonames", _plain, "give its number"),
    ("icao", _plain, "give its code"),
    ("label", lambda v: isinstance(v, dict) and all(isinstance(t, str) for t in v.values()), "write label: {en: …}"),
)


def _place(id: str, record: dict[str, Any]) -> Place:
    kind = record["kind"]
    radius = record.get("radius_m")
    if radius is None and kind == "airfield":
        radius = AIRFIELD_RADIUS_M
    return Place(
        id=id,
        names={str(lang): tuple(_list(forms)) for lang, forms in record["names"].items()},
        kind=kind,
        position=Position(float(record["at"][0]), float(record["at"][1])),
        precision=Precision(record.get("precision", KINDS[kind])),
        countries=tuple(str(c) for c in [*_list(record.get("country")), *_list(record.get("spans"))]),
        admin1=record.get("admin1"),
        outline=record.get("outline"),
        radius_m=float(radius) if radius is not None else None,
        label=record.get("label") or {},
        population=int(record.get("population") or 0),
        capital=bool(record.get("capital")),
        source=record.get("source") or "",
        note=record.get("note") or "",
    )


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _texts(value: Any) -> bool:
    return bool(_list(value)) and all(isinstance(v, str) and fold(v) for v in _list(value))


def _position(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
        and -180 <= value[0] <= 180
        and -90 <= value[1] <= 90
    )


DEPTH = 32
"""libyaml builds its tree by recursion in C, which no limit of Python's catches: a deep file would end the program."""


def _measure(events: Iterable[Any]) -> None:
    """Raises RecursionError for YAML that is nested deeper than `DEPTH`."""
    depth = 0
    for event in events:
        name = type(event).__name__
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > DEPTH:
            raise RecursionError


def _lines(node: Any) -> dict[str, int]:
    """The line, from 1, on which each record's id stands, and `places` itself."""
    lines: dict[str, int] = {}
    for key, value in _pairs(node):
        if getattr(key, "value", None) in ("places", "ambiguous"):
            lines.setdefault(key.value, key.start_mark.line + 1)
        if getattr(key, "value", None) == "places":
            lines |= {k.value: k.start_mark.line + 1 for k, _ in _pairs(value) if isinstance(k.value, str)}
    return lines


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    """The keys and values of a mapping's node; none of a list, a text or an empty file."""
    return list(node.value) if getattr(node, "id", None) == "mapping" else []
