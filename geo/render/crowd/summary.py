"""Very many events counted by place: what their page says without scripts. The numbers add up to all rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.scene.crowd.crowd import Crowd, Location, Unplaced
from geo.scene.text import LRI, PDI, Said, Speaker, plain

MOST = 500
"""Lines that a reader may still go through."""
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
"""Sides of the cells that bare coordinates are counted in, in degrees."""

Key = tuple[Any, ...]


def by_place(crowd: Crowd) -> list[tuple[Said, str]]:
    """A name and its number of events as the page's language writes it, the most first; the unplaced come last.

    Names are places, where there are too many of them provinces, then countries; bare coordinates, and those of what is in no one
    country, are counted by cell.
    """
    speak = Speaker(crowd.languages[0], crowd.story.lang)
    combos, counts, first = _combinations(crowd)
    placed = [(a, c, n, row) for (a, c), n, row in zip(combos, counts.tolist(), first.tolist(), strict=True) if isinstance(a, Location)]
    cells = _cells(crowd, _bare)
    groups: dict[Key, int] = {}
    names: dict[Key, Said] = {}
    for level in (_by_place, _by_province, _by_country):
        groups, names = _grouped(placed, level, speak)
        if len(groups) <= MOST - len(cells):
            break
    if () in groups:
        # Where no country is known, the coordinates of what is pinned say where.
        keys = [(id(answer), level(answer, claim, speak)[0]) for answer, claim, _, _ in placed]
        astray = {id(one[0]) for one in placed if one[0].precision.pinned} - {of for of, key in keys if key}
        cells = _cells(crowd, lambda answer: _bare(answer) or id(answer) in astray)
        groups, names = _grouped([one for one in placed if id(one[0]) not in astray], level, speak)
    if len(groups) > MOST - len(cells):
        groups, names = _most(groups, names, MOST - len(cells), speak)
    lines = [(names[key], n) for key, n in groups.items()] + [(_cell(*key, speak), n) for key, n in cells.items()]
    lines.sort(key=lambda line: (-line[1], plain(line[0])))
    unplaced = crowd.n - sum(n for _, n in lines)
    if unplaced:
        lines.append((speak("section.unplaced"), unplaced))
    return [(name, speak.integer(n)) for name, n in lines]


def _combinations(crowd: Crowd) -> tuple[list[tuple[Location | Unplaced, Any]], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct answers with the claims that they answer, without those that are bare coordinates; how many rows have each."""
    answers, claims = crowd.located.answers, crowd.table.claim
    bare = np.array([isinstance(a, Location) and _bare(a) for a in answers], bool)
    rows = np.flatnonzero(~bare[crowd.located.answer])
    keys = crowd.located.answer[rows].astype(np.int64) * (len(claims.values) + 1) + claims.codes[rows] + 1
    used, first, counts = np.unique(keys, return_index=True, return_counts=True)
    found = [divmod(key, len(claims.values) + 1) for key in used.tolist()]
    return [(answers[a], claims.values[c - 1] if c else None) for a, c in found], counts, rows[first]


def _grouped(placed: Any, level: Callable[[Location, Any, Speaker], tuple[Key, Callable[[], Said]]], speak: Speaker) -> tuple[dict[Key, int], dict[Key, Said]]:
    groups: dict[Key, int] = {}
    names: dict[Key, Said] = {}
    for answer, claim, count, _ in placed:
        key, name = level(answer, claim, speak)
        if key not in names:
            names[key] = name()
        groups[key] = groups.get(key, 0) + count
    return groups, names


def _by_place(answer: Location, claim: Any, speak: Speaker) -> tuple[Key, Callable[[], Said]]:
    key = (answer.place.id,) if answer.place else tuple(answer.name.values())
    return key, lambda: speak.place(answer)


def _by_province(answer: Location, claim: Any, speak: Speaker) -> tuple[Key, Callable[[], Said]]:
    """The province that the row states; the country where it states none."""
    province = claim.admin1 if claim else None
    if not province:
        return _by_country(answer, claim, speak)
    code = answer.countries[0] if len(answer.countries) == 1 else ""
    country = speak.country(code)
    return (code, province.casefold()), lambda: speak("country_of", place=speak.within(province), country=country) if country else province


def _by_country(answer: Location, claim: Any, speak: Speaker) -> tuple[Key, Callable[[], Said]]:
    if len(answer.countries) == 1:
        return answer.countries, lambda: speak.country(answer.countries[0]) or answer.countries[0]
    return (), lambda: speak("key.others")


def _most(groups: Mapping[Key, int], names: Mapping[Key, Said], most: int, speak: Speaker) -> tuple[dict[Key, int], dict[Key, Said]]:
    """The commonest groups; the others as one."""
    order = sorted(groups, key=lambda key: -groups[key])
    kept = {key: groups[key] for key in order[: most - 1]}
    rest = sum(groups[key] for key in order[most - 1 :])
    return {**kept, (): kept.get((), 0) + rest}, {**names, (): speak("key.others")}


def _bare(answer: Location) -> bool:
    """Whether there is nothing but coordinates."""
    return answer.place is None and not answer.name


def _cells(crowd: Crowd, which: Callable[[Location], bool]) -> dict[tuple[float, float, float], int]:
    """Latitude, longitude (lower left corner) and side of each cell that holds rows of such answers → number of rows."""
    located = crowd.located
    wanted = np.array([isinstance(a, Location) and which(a) for a in located.answers], bool)
    rows = np.flatnonzero(wanted[located.answer])
    if not len(rows):
        return {}
    lat, lon = located.lat[rows], located.lon[rows]
    for step in STEPS:
        # A little is added: 20.3 / 0.1 is 202.99999999999997.
        x, y = np.floor(lon / step + 1e-9).astype(np.int64), np.floor(lat / step + 1e-9).astype(np.int64)
        keys, counts = np.unique(y * 100_000 + x + 50_000, return_counts=True)
        if len(keys) <= MOST // 2:
            break
    cells = {}
    for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
        row, column = divmod(key, 100_000)
        cells[(round(row * step, 1), round((column - 50_000) * step, 1), float(step))] = count
    return cells


def _cell(lat: float, lon: float, step: float, speak: Speaker) -> str:
    """`20°–21° N, 106°–107° E`: degrees and quarters as ISO 6709 writes them, the same in every language."""
    written = f"{_span(lat, step, 'N', 'S')}, {_span(lon, step, 'E', 'W')}"
    return f"{LRI}{written}{PDI}" if speak.rtl else written


def _span(low: float, step: float, above: str, below: str) -> str:
    ends = sorted((abs(low), abs(round(low + step, 1))))
    a, b = (str(floor(end)) if end == floor(end) else f"{end:.1f}" for end in ends)
    return f"{a}°–{b}° {above if low >= 0 else below}"
