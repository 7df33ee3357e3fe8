"""Plain JSON of a page → dataclasses of the model, typed field by field.

A page may come from anybody: addresses, ids and colours are held to the patterns of a story; what does not fit raises
ValueError, TypeError or KeyError.
"""

from __future__ import annotations

import dataclasses
import math
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any

from geo.model import Actor, Location, Place, Position, Source, Unplaced, When
from geo.read import values as v
from geo.read.values import ValueFault


class Typed:
    """Types what was told by the annotations of the model; sources, actors and places are named by their ids."""

    def __init__(self) -> None:
        self.sources: dict[str, Source] = {}
        self.actors: dict[str, Actor] = {}
        self.places: dict[str, Place] = {}

    def answer(self, told: Mapping[str, Any]) -> Location | Unplaced:
        answer: Location | Unplaced = self.fields(Unplaced, told) if "code" in told else self.location(told)
        return answer

    def location(self, told: Mapping[str, Any]) -> Location:
        """What the place says as well stands with the place only."""
        stated = dict(told)
        place = self.places[told["place"]] if "place" in told else None
        found: dict[str, Any] = {}
        for name in ("position", "precision", "outline", "radius_m", "countries"):
            if place is not None and name not in stated:
                found[name] = getattr(place, name)
            elif stated.get(name, 0) is None:
                del stated[name]
        hints = _hints(Location)
        found |= {name: self.value(hints[name], value, name) for name, value in stated.items() if name in hints}
        return Location(**found)

    def fields(self, cls: type, told: Any) -> Any:
        """A dataclass of the model from the fields that are told; those it does not know are passed over."""
        hints = _hints(cls)
        known = {name: self.value(hints[name], value, name) for name, value in mapping(told).items() if name in hints}
        return cls(**known)

    def value(self, hint: Any, told: Any, name: str) -> Any:
        options = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
        if told is None:
            if type(None) in options:
                return None
            raise ValueError(f"{name} is missing")
        (wanted, *_) = [option for option in options if option is not type(None)]
        if name in _HELD:
            return _HELD[name](plain_text(told))
        if wanted is When:
            return when_of(told)
        if wanted is Location:
            return self.location(told)
        if wanted is Place:
            return self.places[told]
        if wanted is Source and isinstance(told, str):
            return self.sources[told]
        if wanted is Actor and isinstance(told, str):
            return self.actors[told]
        origin = typing.get_origin(wanted)
        if origin is tuple:
            inner = typing.get_args(wanted)[0]
            return tuple(self.value(inner, item, f"{name}[]") for item in listed(told))
        if origin is not None and issubclass(origin, Mapping):
            if typing.get_args(wanted)[1] is str:
                return self.text(told)
            return {short(key): tuple(plain_text(one) for one in listed(names)) for key, names in mapping(told).items()}
        if wanted is Position:
            lon, lat = (degrees(x) for x in listed(told))
            if abs(lat) > 90:
                raise ValueError("no latitude")
            return Position(lon, lat)
        if dataclasses.is_dataclass(wanted):
            return self.fields(typing.cast(type, wanted), told)
        return _plain(wanted, told)

    def text(self, told: Any) -> dict[str, str]:
        """A text by language."""
        return {short(lang): plain_text(words) for lang, words in mapping(told).items()}


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _link(told: str) -> str | None:
    """An address that a story would not take is dropped: it is never to become a link again."""
    try:
        return v.link(told)
    except ValueFault:
        return None


_HELD: Mapping[str, Callable[[str], Any]] = {
    "slug": v.slug,
    "id": lambda told: short(told),
    "url": _link,
    "archived_url": _link,
    "colour": v.colour,
    "lang": v.language,
    "languages[]": v.language,
    "time": v.clock,
}
"""What must look as in a story, by the field's name."""


def _plain(wanted: Any, told: Any) -> Any:
    if wanted is bool:
        return bool(told)
    if wanted is str:
        return plain_text(told)
    if wanted is int:
        return int(number(told))
    if wanted is float:
        return float(number(told))
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return wanted(told)
    raise TypeError(f"no reader for {wanted}")


def when_of(told: Any) -> When:
    if isinstance(told, str):
        day = date.fromisoformat(told)
        return When(day.isoformat(), "day", day, day)
    edtf, precision, first, last, approximate, uncertain = listed(told)
    if precision not in ("day", "month", "year", "interval", "unknown"):
        raise ValueError("no precision of a date")
    bounds = [date.fromisoformat(plain_text(day)) if day is not None else None for day in (first, last)]
    return When(short(edtf), precision, bounds[0], bounds[1], bool(approximate), bool(uncertain))


def mapping(told: Any) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise TypeError("no mapping")
    return told


def listed(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise TypeError("no list")
    return told


_SURROGATE = re.compile("[\ud800-\udfff]")


def plain_text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("no text")
    return told if told.isascii() else _SURROGATE.sub("\ufffd", told)


def short(told: Any) -> str:
    name = plain_text(told)
    if len(name) > 200 or not name.isprintable():
        raise ValueError("no name")
    return name


def number(told: Any) -> float | int:
    if isinstance(told, bool) or not isinstance(told, int | float) or not math.isfinite(told) or abs(told) > 1e9:
        raise ValueError("no number")
    return told


def degrees(told: Any) -> float:
    angle = float(number(told))
    if abs(angle) > 720:
        raise ValueError("no angle")
    return angle


def turned(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180
