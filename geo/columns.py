"""The model in columns: what every table is read into, and what locating, scene and drawing read from.

No object stands for a row. A column holds each distinct value once and an index for every row; positions are arrays of
numbers. Row `i` of every column is one row of the file that was kept; `line` says where it stands.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from geo.errors import Fault
from geo.model import Actor, Claim, Kind, Location, Precision, Range, Receipt, Status, Text, Unplaced, When

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int32]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

T = TypeVar("T")
U = TypeVar("U")

NO_DAY = -0x80000000
"""A day that is not known, in `Table.days`."""
EPOCH = 719_163
"""Ordinal of 1970-01-01: days are counted from it in the Gregorian calendar, before it negative."""


@contextmanager
def without_collection() -> Iterator[None]:
    """No search for reference cycles while very many cells or answers are made: none of them is in one.

    The search goes through all objects again and again as they grow in number, and can take as long as the work itself.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Coded(Generic[T]):
    """A column: `values[codes[i]]` is the value of row `i`; a code of -1 means that there is none."""

    values: tuple[T, ...]
    codes: Ints

    def __len__(self) -> int:
        return len(self.codes)

    def at(self, row: int) -> T | None:
        code = self.codes[row]
        return None if code < 0 else self.values[code]

    def map(self, change: Callable[[T], U | None]) -> Coded[U]:
        """Each distinct value changed once; values that become equal become one, None becomes no value."""
        return self.changed([change(value) for value in self.values])

    def changed(self, new: Sequence[U | None]) -> Coded[U]:
        """The column with `new[code]` in place of `values[code]`, as `map` does it."""
        import numpy as np

        if None not in (distinct := dict.fromkeys(new)) and len(distinct) == len(new):
            return Coded(tuple(distinct), self.codes)  # type: ignore[arg-type]
        distinct.pop(None, None)
        seen: dict[U | None, int] = {value: number for number, value in enumerate(distinct)}
        seen[None] = -1
        to = np.array([*map(seen.__getitem__, new), -1], np.int32)
        return Coded(tuple(distinct), to[self.codes])  # type: ignore[arg-type]

    def take(self, rows: Ints | Flags) -> Coded[T]:
        """The column of some rows; values that no row has any more are left out."""
        import numpy as np

        codes = self.codes[rows]
        # The last place is that of no value.
        there = np.zeros(len(self.values) + 1, bool)
        there[codes] = True
        used = np.flatnonzero(there[:-1])
        if len(used) == len(self.values):
            return Coded(self.values, codes)
        to = np.full(len(self.values) + 1, -1, np.int32)
        to[used] = np.arange(len(used), dtype=np.int32)
        return Coded(tuple(self.values[code] for code in used), to[codes])

    def counts(self) -> Ints:
        """How many rows have each value."""
        import numpy as np

        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values)).astype(np.int32)

    @property
    def empty(self) -> bool:
        return not len(self.codes) or bool((self.codes < 0).all())


def nothing(n: int) -> Coded[Any]:
    """A column of `n` rows that have no value."""
    import numpy as np

    return Coded((), np.full(n, -1, np.int32))


def constant(value: T, n: int) -> Coded[T]:
    """A column of `n` rows that share one value."""
    import numpy as np

    return Coded((value,), np.zeros(n, np.int32))


def combined(columns: Sequence[Coded[Any]], make: Callable[..., T | None]) -> Coded[T]:
    """One column of several: `make` is called once for each distinct combination of values (None where there is none)."""
    import numpy as np

    n = len(columns[0])
    key = np.zeros(n, np.int64)
    size = 1
    for column in columns:
        width = len(column.values) + 1
        if width == 1:
            continue
        if size * width >= 2**62:
            # Too many to number: what was seen so far is numbered anew.
            seen, key = np.unique(key, return_inverse=True)
            size = len(seen)
        key = key * width + (column.codes + 1)
        size *= width
    first, of = _numbered(key, size)
    found: list[T] = []
    to = np.full(len(first), -1, np.int32)
    parts = [map((*column.values, None).__getitem__, column.codes[first].tolist()) for column in columns]
    for number, made in enumerate(map(make, *parts)):
        if made is not None:
            to[number] = len(found)
            found.append(made)
    return Coded(tuple(found), to[of])


def _numbered(key: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each distinct key, in the order of the keys (0 … `size` - 1), and the number of each row's key."""
    import numpy as np

    if size > 4 * len(key) + 1_000:
        _, first, of = np.unique(key, return_index=True, return_inverse=True)
        return first, of.reshape(-1)
    # Few keys are possible: no need to sort. Of several rows with one key the last stays: from behind, the first.
    row = np.full(size, -1, np.int64)
    row[key[::-1]] = np.arange(len(key) - 1, -1, -1)
    used = np.flatnonzero(row >= 0)
    number = np.zeros(size, np.int64)
    number[used] = np.arange(len(used))
    return row[used], number[key]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the makers of a data set ask of whoever publishes a map of it."""

    name: str
    citation: str = ""
    """Stands on every output. `{accessed}` is the day the data were read, where the user or the file says it."""
    licence: str = ""
    withheld: tuple[str, ...] = ()
    """Columns of the file that may not be published; the map says that they are left out."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table that were kept, in columns. `n` rows; each column has so many."""

    file: str
    format: str
    """Name of the format it was read as: strikemap, ucdp, thor-wwii, …"""
    line: Ints
    """Line of the file on which the row begins; 0 where the file has no lines of rows (GeoJSON, Parquet)."""
    row: Ints
    """Data row, from 1, the header not counted."""
    lat: Floats
    """Degrees north, NaN where the row states no position."""
    lon: Floats
    when: Coded[When]
    claim: Coded[Claim]
    """Where the row puts it, without the position: names, precision, radius."""
    kind: Coded[Kind]
    status: Coded[Status]
    id: Coded[str]
    """Empty where the file has no ids: row `i` is then `r{row[i]}`."""
    texts: Mapping[str, Mapping[str, Coded[str]]] = field(default_factory=dict)
    """title, note, against, aircraft, weapon → language tag ("" where none is stated) → column."""
    actor: Coded[Actor] | None = None
    time: Coded[str] | None = None
    mission: Coded[str] | None = None
    numbers: Mapping[str, Coded[Range]] = field(default_factory=dict)
    """strikes, killed, aircraft_count."""
    origins: Coded[tuple[Claim, ...]] | None = None
    """Where the aircraft came from, positions included."""
    receipts: Coded[tuple[Receipt, ...]] | None = None
    """Who says so, without the words where those stand in `quote`."""
    quote: Coded[str] | None = None
    """The words of the row's last source."""
    quote_language: Coded[str] | None = None
    extra: Mapping[str, Coded[str]] = field(default_factory=dict)
    """Other columns of the file that a map may carry, by their header."""
    profile: Profile = Profile("")
    accessed: str = ""
    lang: str = "en"
    refused: int = 0
    """Rows that were kept out."""
    faults: tuple[Fault, ...] = ()
    """Why rows were kept out; at least one for each of them."""
    notes: tuple[str, ...] = ()
    """What the columns were taken for, in plain sentences."""
    warnings: tuple[str, ...] = ()

    @property
    def n(self) -> int:
        return len(self.line)

    @property
    def days(self) -> tuple[Ints, Ints]:
        """First and last day of each row, counted from 1970-01-01; NO_DAY where that end is not known."""
        import numpy as np

        first = [w.first.toordinal() - EPOCH if w.first else NO_DAY for w in self.when.values]
        last = [w.last.toordinal() - EPOCH if w.last else NO_DAY for w in self.when.values]
        codes = self.when.codes
        return np.array([*first, NO_DAY], np.int32)[codes], np.array([*last, NO_DAY], np.int32)[codes]

    def precision(self, row: int) -> Precision | None:
        claim = self.claim.at(row)
        return claim.precision if claim else None

    def name(self, row: int) -> str:
        """The id of a row: its own, or one made of its number."""
        return self.id.at(row) or f"r{self.row[row]}"


def joined(tables: Sequence[Table], names: Sequence[str]) -> Table:
    """The rows of several tables, one after the other, as one table. `names` tell their ids apart.

    An id that an earlier table has gets the name of its table before it.
    """
    import numpy as np

    def one(columns: Sequence[Coded[Any] | None]) -> Coded[Any]:
        values: list[Any] = []
        codes = []
        for table, column in zip(tables, columns, strict=True):
            if column is None:
                codes.append(np.full(table.n, -1, np.int32))
            else:
                codes.append(np.where(column.codes < 0, -1, column.codes + len(values)).astype(np.int32))
                values += column.values
        return Coded(tuple(values), np.concatenate(codes))

    def some(name: str) -> Coded[Any] | None:
        found = [getattr(table, name) for table in tables]
        return one(found) if any(column is not None for column in found) else None

    def each(name: str) -> dict[str, Coded[Any]]:
        keys = dict.fromkeys(key for table in tables for key in getattr(table, name))
        return {key: one([getattr(table, name).get(key) for table in tables]) for key in keys}

    texts = {
        name: {lang: one([table.texts.get(name, {}).get(lang) for table in tables]) for lang in dict.fromkeys(_langs(tables, name))}
        for name in dict.fromkeys(name for table in tables for name in table.texts)
    }
    profiles = [table.profile for table in tables]
    return Table(
        file=tables[0].file,
        format=tables[0].format if len({table.format for table in tables}) == 1 else "tables",
        line=np.concatenate([table.line for table in tables]),
        row=np.concatenate([table.row for table in tables]),
        lat=np.concatenate([table.lat for table in tables]),
        lon=np.concatenate([table.lon for table in tables]),
        when=one([table.when for table in tables]),
        claim=one([table.claim for table in tables]),
        kind=one([table.kind for table in tables]),
        status=one([table.status for table in tables]),
        id=one(_own_ids(tables, names)),
        texts=texts,
        actor=_same_actors(some("actor")),
        time=some("time"),
        mission=some("mission"),
        numbers=each("numbers"),
        origins=some("origins"),
        receipts=some("receipts"),
        quote=some("quote"),
        quote_language=some("quote_language"),
        extra=each("extra"),
        profile=Profile(
            ", ".join(dict.fromkeys(profile.name for profile in profiles if profile.name)),
            "; ".join(dict.fromkeys(profile.citation for profile in profiles if profile.citation)),
            "; ".join(dict.fromkeys(profile.licence for profile in profiles if profile.licence)),
            tuple(dict.fromkeys(name for profile in profiles for name in profile.withheld)),
        ),
        lang=tables[0].lang,
        refused=sum(table.refused for table in tables),
        faults=tuple(fault for table in tables for fault in table.faults),
        notes=tuple(f"{table.file}: {note}" for table in tables for note in table.notes),
        warnings=tuple(warning for table in tables for warning in table.warnings),
    )


def _langs(tables: Sequence[Table], name: str) -> Iterator[str]:
    for table in tables:
        yield from table.texts.get(name, {})


def _own_ids(tables: Sequence[Table], names: Sequence[str]) -> list[Coded[str]]:
    """The ids of every row, each once among all tables."""
    import numpy as np

    if len(tables) == 1:
        return [tables[0].id]
    taken: set[str] = set()
    found = []
    for table, name in zip(tables, names, strict=True):
        values, codes = list(table.id.values), table.id.codes.copy()
        unnamed = np.flatnonzero(codes < 0)
        values += [f"r{row}" for row in table.row[unnamed].tolist()]
        codes[unnamed] = np.arange(len(table.id.values), len(values), dtype=np.int32)
        for code, value in enumerate(values):
            while value in taken:
                value = f"{name}.{value}" if not value.startswith(f"{name}.") else f"{value}-"
            values[code] = value
        taken.update(values)
        found.append(Coded(tuple(values), codes))
    return found


def _same_actors(column: Coded[Actor] | None) -> Coded[Actor] | None:
    """Actors of one id are one, as the first table has them."""
    if column is None:
        return None
    first: dict[str, Actor] = {}
    for actor in column.values:
        first.setdefault(actor.id, actor)
    names = column.map(lambda actor: actor.id)
    return Coded(tuple(first[name] for name in names.values), names.codes)


@dataclass(frozen=True, slots=True)
class LocatedTable:
    """A table after `places`: where each row turned out to be, and what was flown to it.

    `answers[answer[i]]` says of row `i` how precisely it is known, by which name and why. Its own position is
    `lat[i], lon[i]`: an answer to a bare position serves every row that states no more than one, wherever it lies.
    """

    table: Table
    answers: tuple[Location | Unplaced, ...]
    answer: Ints
    lat: Floats
    """Degrees north of the resolved position (an area's inner point), NaN where the row is unplaced."""
    lon: Floats
    origins: tuple[tuple[Location | Unplaced, ...], ...] = ()
    """For each value of `table.origins`, an answer for each of its claims."""
    warnings: tuple[tuple[str, int, int], ...] = ()
    """What makes a stated position suspicious, the first row of which it is said, and how many rows share it."""
    attributions: tuple[str, ...] = ()
    """Who must be named: the makers of the table, and of places that are not bundled."""

    @property
    def flights(self) -> tuple[Ints, Ints, Ints]:
        """Row, code of `table.origins` and number within it of every sortie line, in the order of the rows.

        There is one for each origin that is placed, of a row that is.
        """
        import numpy as np

        column = self.table.origins
        none = np.zeros(0, np.int32)
        if column is None or column.empty:
            return none, none, none
        placed = np.append(np.array([isinstance(answer, Location) for answer in self.answers], bool), False)
        rows = np.flatnonzero((column.codes >= 0) & placed[self.answer]).astype(np.int32)
        number = [[k for k, answer in enumerate(found) if isinstance(answer, Location)] for found in self.origins]
        size = np.array([len(found) for found in number], np.int32)
        begin = np.cumsum(size) - size
        flat = np.array([k for found in number for k in found], np.int32)
        codes = column.codes[rows]
        row = np.repeat(rows, size[codes])
        within = np.arange(len(row)) - np.repeat(np.cumsum(size[codes]) - size[codes], size[codes])
        code = np.repeat(codes, size[codes])
        return row, code, flat[begin[code] + within] if len(flat) else none


def text_of(columns: Mapping[str, Coded[str]], row: int, lang: str) -> Text | None:
    """The text of one row by language."""
    found = {code or lang: value for code, column in columns.items() if (value := column.at(row)) is not None}
    return found or None
