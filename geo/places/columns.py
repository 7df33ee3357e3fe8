"""Many rows located at once: each distinct claim is looked up once, and no object stands for a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.columns import LocatedTable, Table, without_collection
from geo.model import Claim, Location, Place, Position, Unplaced
from geo.places.credits import attributions_of, credit
from geo.places.doubts import doubts_in
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import Context, as_stated, country_named, is_given, locate, words_of

if TYPE_CHECKING:
    from geo.columns import Floats, Ints

Answer = Location | Unplaced
Progress = Callable[[int, int], None]


def locate_columns(
    claims: Sequence[Claim],
    codes: Ints,
    lat: Floats,
    lon: Floats,
    gazetteer: Gazetteer,
    progress: Progress | None = None,
) -> tuple[list[Answer], Ints]:
    """An answer for each distinct combination of claim and position, and the index of each row's answer.

    `claims[codes[i]]` is the claim of row `i` (none where the code is -1) and `lat`, `lon` its position (NaN where none is
    stated). As in a story, each claim is looked up alone first; then the countries of all the others are its context.
    """
    asked = _asked(claims, codes, lat, lon)
    return asked.answers(gazetteer, Counter(), progress), asked.of


@without_collection()
def locate_table(table: Table, gazetteer: Gazetteer, progress: Progress | None = None) -> LocatedTable:
    """Every row of `table` placed, and where its aircraft came from; a claim is looked up once, however many rows make it.

    Rows that state their own position share the answer to their claim, and are doubted by the message. The rest, and
    those whose position stands for an area, are answered as `locate_columns` does.
    """
    import numpy as np

    known = _Known(gazetteer)
    claims, codes = table.claim.values, table.claim.codes
    pinned = np.array([*(is_given(c) and (c.precision is None or c.precision.pinned) for c in claims), True], bool)
    own = pinned[codes] & ~np.isnan(table.lat)
    pins = np.flatnonzero(own).astype(np.int32)
    answers, of = _pins(table, pins, known)
    everywhere = _countries(answers, np.bincount(of, minlength=len(answers)).tolist())
    answer = np.empty(table.n, np.int32)
    answer[pins] = of
    lat, lon = table.lat, table.lon
    said = [(message, int(pins[rows[0]]), len(rows)) for message, rows in _doubts(table, pins, known).items()]
    if len(pins) < table.n:
        rest = np.flatnonzero(~own).astype(np.int32)
        asked = _asked(claims, codes[rest], lat[rest], lon[rest])
        found = asked.answers(gazetteer, everywhere, progress)
        answer[rest] = asked.of + len(answers)
        answers += found
        spots = np.array([a.position if isinstance(a, Location) else (np.nan, np.nan) for a in found], float)[asked.of]
        lat, lon = lat.copy(), lon.copy()
        lon[rest], lat[rest] = spots.T
        said += [
            (message, int(rest[row]), count)
            for one, row, count in zip(found, asked.first, asked.counts, strict=True)
            if isinstance(one, Location)
            for message in one.warnings
        ]
    origins = _origins(table.origins.values, known) if table.origins is not None else ()
    used = [*answers, *(end for ends in origins for end in ends)]
    return LocatedTable(table, tuple(answers), answer, lat, lon, origins, _once(said), (*credit(table), *attributions_of(used)))


def _once(said: Iterable[tuple[str, int, int]]) -> tuple[tuple[str, int, int], ...]:
    """Each message once, with the first row of which it is said and how many there are, in the order of those rows."""
    found: dict[str, tuple[int, int]] = {}
    for message, row, count in said:
        first, before = found.get(message, (row, 0))
        found[message] = (min(first, row), before + count)
    return tuple(sorted(((message, row, count) for message, (row, count) in found.items()), key=lambda one: (one[1], one[0])))


# --- rows that state their own position -----------------------------------------------------------------------


class _Known:
    """What the gazetteer knows of the ids and countries that claims state, each looked up once."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.places: dict[str | None, Place | None] = {None: None, "": None}
        self.countries: dict[str | None, Place | None] = {None: None, "": None}

    def place(self, claim: Claim) -> Place | None:
        if claim.place not in self.places:
            self.places[claim.place] = self.gazetteer.get(claim.place or "")
        return self.places[claim.place]

    def country(self, claim: Claim) -> Place | None:
        if claim.country not in self.countries:
            self.countries[claim.country] = country_named(claim.country or "", self.gazetteer)
        return self.countries[claim.country]

    def stated(self, claim: Claim, at: Position, warnings: tuple[str, ...] = ()) -> Location:
        return as_stated(claim, at, words_of(claim), self.place(claim), self.country(claim), warnings)

    def doubts(self, claims: Sequence[Claim], codes: Ints, lat: Floats, lon: Floats) -> dict[str, Ints]:
        """`doubts_in` of rows that have a position and make the claim `claims[codes[i]]`."""
        import numpy as np

        places: dict[str, tuple[int, Place]] = {}
        to = np.full(len(claims) + 1, -1, np.int32)
        for code, claim in enumerate(claims):
            if country := self.country(claim):
                to[code] = places.setdefault(country.id, (len(places), country))[0]
        return doubts_in(lat, lon, [place for _, place in places.values()], to[codes], self.gazetteer)


def _pins(table: Table, rows: Ints, known: _Known) -> tuple[list[Answer], Ints]:
    """An answer for each claim that `rows` make, at the position of its first row, and the index of each row's answer."""
    import numpy as np

    codes = table.claim.codes[rows]
    first = np.full(len(table.claim.values) + 1, -1, np.int32)
    # The last of several that are set at one place stays: from behind, that is the first row.
    first[codes[::-1]] = rows[::-1]
    used = np.flatnonzero(first >= 0)
    of = np.zeros(len(first), np.int32)
    of[used] = np.arange(len(used), dtype=np.int32)
    answers: list[Answer] = []
    for row in first[used].tolist():
        at = Position(float(table.lon[row]), float(table.lat[row]))
        answers.append(known.stated(table.claim.at(row) or Claim(), at))
    return answers, of[codes]


def _doubts(table: Table, rows: Ints, known: _Known) -> dict[str, Ints]:
    """Messages about positions, each with the places in `rows` where the rows stand of which it is said."""
    return known.doubts(table.claim.values, table.claim.codes[rows], table.lat[rows], table.lon[rows])


# --- the rest: names, and positions that stand for areas ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """Distinct claims with their positions: the first row that makes each, how many do, and which of them each row makes."""

    claims: list[Claim]
    first: list[int]
    counts: list[int]
    of: Ints

    def answers(self, gazetteer: Gazetteer, everywhere: Counter[str], progress: Progress | None) -> list[Answer]:
        """An answer to each; `everywhere` counts the countries of what was answered before."""
        alone: list[Answer] = []
        for number, claim in enumerate(self.claims):
            alone.append(locate(claim, gazetteer))
            if progress and number % 200 == 199:
                progress(number + 1, len(self.claims))
        if all(claim.position is not None for claim in self.claims):
            return alone
        countries = everywhere + _countries(alone, self.counts)
        return [
            answer if claim.position is not None else _in_context(claim, answer, count, countries, gazetteer)
            for claim, answer, count in zip(self.claims, alone, self.counts, strict=True)
        ]


def _asked(claims: Sequence[Claim], codes: Ints, lat: Floats, lon: Floats) -> _Asked:
    import numpy as np

    there = ~np.isnan(lat)
    lats, south_north = np.unique(np.where(there, lat, 999.0), return_inverse=True)
    lons, west_east = np.unique(np.where(there, lon, 999.0), return_inverse=True)
    key = (codes.astype(np.int64) + 1) * (len(lats) * len(lons)) + south_north * len(lons) + west_east
    _, first, of, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    asked = []
    for row in first.tolist():
        claim = claims[codes[row]] if codes[row] >= 0 else Claim()
        asked.append(replace(claim, position=Position(float(lon[row]), float(lat[row]))) if there[row] else claim)
    return _Asked(asked, first.tolist(), counts.tolist(), np.asarray(of, np.int32))


def _countries(answers: Sequence[Answer], counts: Sequence[int]) -> Counter[str]:
    """How many rows lie in each country."""
    found: Counter[str] = Counter()
    for answer, count in zip(answers, counts, strict=True):
        if isinstance(answer, Location):
            found.update(dict.fromkeys(answer.countries, count))
    return found


def _in_context(claim: Claim, alone: Answer, count: int, everywhere: Counter[str], gazetteer: Gazetteer) -> Answer:
    """The answer to a claim that `count` rows make among rows that lie in the countries `everywhere`."""
    others = everywhere.copy()
    if isinstance(alone, Location):
        others.subtract(dict.fromkeys(alone.countries, count))
    countries = tuple(sorted((c for c, k in others.items() if k > 0), key=lambda c: (-others[c], c)))
    return locate(claim, gazetteer, Context(countries)) if countries else alone


# --- where the aircraft came from -----------------------------------------------------------------------------


def _origins(values: Sequence[tuple[Claim, ...]], known: _Known) -> tuple[tuple[Answer, ...], ...]:
    """An answer to each claim of each tuple; those that state no position are looked up once."""
    import numpy as np

    claims = [claim for found in values for claim in found]
    given = [number for number, claim in enumerate(claims) if claim.position is not None and is_given(claim)]
    warnings: dict[int, tuple[str, ...]] = {}
    if given:
        stated = [claims[number] for number in given]
        lon, lat = np.array([claim.position for claim in stated], float).T
        for message, rows in known.doubts(stated, np.arange(len(stated), dtype=np.int32), lat, lon).items():
            for row in rows.tolist():
                warnings[given[row]] = (*warnings.get(given[row], ()), message)
    found: dict[object, Answer] = {}
    answers: list[Answer] = []
    for number, claim in enumerate(claims):
        if claim.position is not None and is_given(claim):
            answers.append(known.stated(claim, claim.position, warnings.get(number, ())))
            continue
        key = (tuple((claim.name or {}).items()), replace(claim, name=None))
        if key not in found:
            found[key] = locate(claim, known.gazetteer)
        answers.append(found[key])
    if all(len(found) == 1 for found in values):
        return tuple((answer,) for answer in answers)
    each = iter(answers)
    return tuple(tuple(next(each) for _ in claims) for claims in values)
