"""Our columns as text → typed columns. The same rules as for a story's events, each distinct value judged once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from operator import methodcaller
from typing import TYPE_CHECKING, Any, TypeVar

from geo.columns import Coded, Table, combined, constant, nothing
from geo.errors import Fault, InputError
from geo.model import Actor, Claim, Kind, Position, Precision, Range, Receipt, Source, Status, Text, When
from geo.read import values as v
from geo.read.datecolumn import ORDERS, Ambiguous, Dates, read_dates, western
from geo.read.dates import UNKNOWN, DateError, joined, parse_edtf
from geo.read.faults import nearest, shown
from geo.read.formats import Mapped
from geo.read.sheet import BROKEN, Sheet, TableLimits
from geo.read.values import ValueFault

if TYPE_CHECKING:
    from geo.columns import Flags, Floats, Ints

T = TypeVar("T")
TEXTS = ("title", "note", "against", "aircraft", "weapon")
NUMBERS = ("strikes", "killed", "aircraft_count")
MOST_AMBIGUOUS = 0.1
"""Share of rows with a date that reads both ways up to which they are bad rows; past it the file is."""


class Columns:
    """The columns of one mapped sheet, judged; `table()` gives the rows that are sound."""

    def __init__(self, sheet: Sheet, mapped: Mapped, limits: TableLimits, *, order: str | None = None) -> None:
        import numpy as np

        self.sheet, self.mapped, self.limits, self.order = sheet, mapped, limits, order
        self.n = sheet.n
        self.bad: Flags = np.zeros(self.n, bool)
        self.faults: list[Fault] = list(sheet.bad)
        self.left_out: dict[str, int] = {}
        self.notes = [*sheet.notes, *mapped.notes]
        self.warnings = list(sheet.warnings)

    # -- reading columns

    def column(self, name: str) -> Coded[str] | None:
        found = self.mapped.columns.get(name)
        return None if found is None or found.empty else found

    def refuse(self, rows: Ints, field: str, why: Callable[[int], ValueFault | DateError]) -> None:
        """Keeps `rows` out, each with its reason; `why` is asked for those that are described."""
        self.bad[rows] = True
        for row in rows[: max(0, self.limits.faults - len(self.faults))].tolist():
            error = why(row)
            code = getattr(error, "code", "date")
            line, number = self.line(row), int(self.sheet.row[row])
            at = self.mapped.headers.get(field)
            self.faults.append(Fault(code, error.message, error.cure, self.sheet.file, line, at, number, field))

    def line(self, row: int) -> int | None:
        """The line of a row, in a file that has lines of rows."""
        return int(self.sheet.line[row]) or None

    def read(self, name: str, parse: Callable[[str], T]) -> Coded[T]:
        """The column `name` parsed. Rows with a value that does not parse are refused, or lose it where the format is loose."""
        import numpy as np

        column = self.column(name)
        if column is None:
            return nothing(self.n)
        if parse is v.ident and _idents(column.values):
            return column  # type: ignore[return-value]
        good: list[T] = []
        to = np.full(len(column.values) + 1, -1, np.int32)
        wrong: dict[int, ValueFault | DateError] = {}
        for code, text in enumerate(column.values):
            try:
                value = parse(text)
            except (ValueFault, DateError) as fault:
                wrong[code] = fault
            else:
                to[code] = len(good)
                good.append(value)
        if wrong:
            self._wrong(name, column, wrong)
        return Coded(tuple(good), to[column.codes])

    def _wrong(self, name: str, column: Coded[str], wrong: Mapping[int, ValueFault | DateError]) -> None:
        import numpy as np

        flags = np.zeros(len(column.values) + 1, bool)
        flags[list(wrong)] = True
        rows = np.flatnonzero(flags[column.codes]).astype(np.int32)
        if name in self.mapped.loose:
            self.left_out[name] = self.left_out.get(name, 0) + len(rows)
        else:
            self.refuse(rows, name, lambda row: wrong[int(column.codes[row])])

    def texts(self, name: str) -> dict[str, Coded[str]]:
        """The text column `name` by language, "" for the one that states none."""
        found = {}
        for key, column in self.mapped.columns.items():
            base, _, lang = key.partition(":")
            if base == name and not column.empty:
                if lang:
                    try:
                        lang = v.language(lang)
                    except ValueFault as fault:
                        raise InputError([self.of_file(fault.code, key, fault.message, fault.cure)]) from None
                found[lang] = self._told(column)
        return found

    def _told(self, column: Coded[str]) -> Coded[str]:
        """A column of text without what failed formulas left."""
        return column.map(self._text) if any(map(methodcaller("startswith", "#"), column.values)) else column

    def _text(self, text: str) -> str | None:
        if text.startswith("#") and text.lower() in BROKEN:
            self.left_out["failed formulas"] = self.left_out.get("failed formulas", 0) + 1
            return None
        return text

    def of_file(self, code: str, field: str, message: str, cure: str) -> Fault:
        """A fault of a whole column, at the header's line."""
        line = None if self.sheet.headerless or self.sheet.syntax != "csv" else 1
        return Fault(code, message, cure, self.sheet.file, line, self.mapped.headers.get(field), None, field)

    # -- dates

    def dates(self, name: str) -> tuple[Coded[When], Coded[str]]:
        """A date column and the clock times that stood in it."""
        import numpy as np

        column = self.column(name)
        if column is None:
            return nothing(self.n), nothing(self.n)
        found = read_dates(
            column.values, column.counts().tolist(), order=self.order, usual=self.mapped.usual, sign=self.mapped.sign, century=self.mapped.century,
            epoch=self.sheet.epoch,
        )
        if found.ambiguous > MOST_AMBIGUOUS * self.n:
            self._undecided(name, column, found)
        if found.why:
            self.notes.append(f"{self.header(name)}: {found.why}")
        if found.order and self.order is None:
            self.order_found = found.order
        good = [when for when in found.of if isinstance(when, When)]
        to = np.full(len(column.values) + 1, -1, np.int32)
        wrong = {code: error for code, error in enumerate(found.of) if isinstance(error, DateError)}
        to[[code for code in range(len(column.values)) if code not in wrong]] = np.arange(len(good), dtype=np.int32)
        if wrong:
            self._wrong(name, column, wrong)
        times = {time: number for number, time in enumerate(dict.fromkeys(t for t in found.times if t))}
        clock = np.array([*(times[t] if t else -1 for t in found.times), -1], np.int32)
        return Coded(tuple(good), to[column.codes]), Coded(tuple(times), clock[column.codes])

    def _undecided(self, name: str, column: Coded[str], found: Dates) -> None:
        import numpy as np

        unclear = np.array([*(isinstance(error, Ambiguous) for error in found.of), False])
        row = int(np.flatnonzero(unclear[column.codes])[0])
        said = f"{found.why}, and " if found.why else ""
        raise InputError([
            Fault(
                "date_order", f"{said}{found.ambiguous:,} dates like {shown(column.at(row) or '')} may be day first or month first",
                "say --dates dmy (day first) or --dates mdy (month first)", self.sheet.file, self.line(row),
                self.mapped.headers.get(name), int(self.sheet.row[row]), name,
            )
        ])  # fmt: skip

    def header(self, name: str) -> str:
        at = self.mapped.headers.get(name)
        return self.sheet.header[at - 1].strip() if at and at <= len(self.sheet.header) else name

    def when(self) -> tuple[Coded[When], Coded[str]]:
        start, clock = self.dates("date")
        rough = self.column("date_precision")
        if rough is not None:
            start = combined((start, rough), _roughly)
        end, _ = self.dates("date_end")
        if end.empty:
            return start, clock
        errors: dict[int, DateError] = {}

        def both(a: When | None, b: When | None) -> When | None:
            if a is None or b is None:
                return a or (None if b is None else joined(UNKNOWN, b))
            try:
                return joined(a, b)
            except DateError as error:
                errors[len(errors)] = error
                return When("!" + str(len(errors) - 1), "unknown")

        found = combined((start, end), both)
        if errors:
            import numpy as np

            flags = np.array([*(when.edtf.startswith("!") for when in found.values), False])
            rows = np.flatnonzero(flags[found.codes] & ~self.bad).astype(np.int32)
            self.refuse(rows, "date_end", lambda row: errors[int((found.at(row) or UNKNOWN).edtf[1:])])
        return found, clock

    # -- positions

    def positions(self, lat: str, lon: str) -> tuple[Floats, Floats]:
        """Degrees, NaN where there are none. Coordinates come in pairs: the half that is missing refuses the row."""
        import numpy as np

        a, b = (_stated(self.column(name)) for name in (lat, lon))
        if a is None and b is None:
            return np.full(self.n, np.nan), np.full(self.n, np.nan)
        if a is None or b is None:
            name, other = (lat, lon) if a is None else (lon, lat)
            there = a or b
            assert there is not None
            self.refuse(
                np.flatnonzero(there.codes >= 0).astype(np.int32), name,
                lambda row: ValueFault("pair", f"is missing while {other} is given", f"write both {lat} and {lon}"),
            )  # fmt: skip
            return np.full(self.n, np.nan), np.full(self.n, np.nan)
        packed = _packed(a, b) if self.mapped.packed else None
        north, north_wrong, north_nought = self._degrees(a, _latitude, 90.0)
        east, east_wrong, east_nought = self._degrees(b, _longitude, 180.0)
        nowhere = north_nought & east_nought
        if packed is not None:
            rows, lats, lons = packed
            north[rows], east[rows] = lats, lons
            north_wrong[rows] = east_wrong[rows] = False
        if nowhere.any():
            north[nowhere] = east[nowhere] = np.nan
            self.left_out["0, 0"] = self.left_out.get("0, 0", 0) + int(nowhere.sum())
        half = (a.codes >= 0) != (b.codes >= 0)
        for name, other, column, wrong in ((lat, lon, a, north_wrong), (lon, lat, b, east_wrong)):
            parse = _latitude if column is a else _longitude
            self.refuse(np.flatnonzero(wrong).astype(np.int32), name, lambda row, c=column, p=parse: _fault_of(c.at(row), p))  # type: ignore[misc]
            gone = np.flatnonzero(half & (column.codes < 0)).astype(np.int32)
            self.refuse(
                gone, name, lambda row, o=other: ValueFault("pair", f"is empty while {o} is given", f"write both {lat} and {lon}")  # type: ignore[misc]
            )
        return north, east

    def _degrees(self, column: Coded[str], parse: Callable[[str], float], most: float) -> tuple[Floats, Flags, Flags]:
        """Degrees of each row, whether they are wrong, and whether they are a plain nought."""
        import numpy as np

        n = len(column.values)
        values = np.full(n + 1, np.nan)
        wrong, nought = np.zeros(n + 1, bool), np.zeros(n + 1, bool)
        for start in range(0, n, BLOCK):
            texts = column.values[start : start + BLOCK]
            block = slice(start, start + len(texts))
            plain = _plain_numbers(texts)
            if plain is not None and (np.abs(plain) <= most).all():
                values[block] = plain
                continue
            for code, text in enumerate(texts, start):
                try:
                    values[code] = parse(text)
                except ValueFault:
                    wrong[code] = True
        for code in np.flatnonzero((values[:n] == 0) | wrong[:n]).tolist():
            nought[code] = _NOUGHT.match(column.values[code]) is not None
        return values[column.codes], wrong[column.codes], nought[column.codes]

    # -- the parts of an event

    def choice(self, name: str, enum: type[StrEnum], synonyms: dict[str, Any] | None = None) -> Coded[Any]:
        known = [member.value for member in enum]

        def one(text: str) -> StrEnum:
            word = text.lower()
            if word in known:
                return enum(word)
            if synonyms and word in synonyms:
                return enum(synonyms[word])
            near = nearest(text, known)
            cure = f'did you mean "{near}"?' if near else f"write one of {', '.join(known)}"
            raise ValueFault("choice", f"{shown(text)} is not known", cure)

        return self.read(name, one)

    def claims(self) -> Coded[Claim]:
        names = self.texts("place")
        langs = list(names)
        parts: list[Coded[Any]] = [
            self.choice("precision", Precision, dict(v.PRECISION_SYNONYMS)),
            self.read("radius_m", lambda text: v.radius(_point(text))),
            self._plain("admin2"), self._plain("admin1"), self._plain("country"), self._plain("place_id"),
            *names.values(),
        ]  # fmt: skip

        def one(precision: Any, radius: Any, admin2: Any, admin1: Any, country: Any, place_id: Any, *said: str | None) -> Claim | None:
            name = {lang: text for lang, text in zip(langs, said, strict=True) if text}
            if not (name or place_id or admin1 or admin2 or country or precision or radius):
                return None
            return Claim(
                name={lang or "und": text for lang, text in name.items()} or None, place=place_id or _main(name), precision=precision,
                radius_m=radius, admin2=admin2, admin1=admin1, country=country,
            )  # fmt: skip

        return combined(parts, one)

    def _plain(self, name: str) -> Coded[str]:
        column = self.column(name)
        return nothing(self.n) if column is None else self._told(column)

    def origins(self) -> Coded[tuple[Claim, ...]] | None:
        import numpy as np

        lat, lon = self.positions("origin_lat", "origin_lon")
        names, precision = self._plain("origin"), self.choice("origin_precision", Precision, dict(v.PRECISION_SYNONYMS))
        if names.empty and np.isnan(lat).all():
            return None
        where = _positions(lat, lon)

        def one(name: str | None, at: Position | None, rung: Precision | None) -> tuple[Claim, ...] | None:
            if at is not None:
                return (Claim(name={"und": name} if name else None, place=name, position=at, precision=rung),)
            parts = [part.strip() for part in (name or "").split(";") if part.strip()]
            return tuple(Claim(name={"und": part}, place=part, precision=rung) for part in parts) or None

        return combined((names, where, precision), one)

    def actors(self) -> Coded[Actor] | None:
        names = self.texts("actor")
        if not names:
            return None
        langs = list(names)

        def one(*said: str | None) -> Actor | None:
            name = {lang or "und": text for lang, text in zip(langs, said, strict=True) if text}
            return Actor(_main(name) or "", name) if name else None

        return combined(list(names.values()), one)

    def ranges(self, name: str) -> Coded[Range]:
        if self.column(name) is not None:
            return self.read(name, lambda text: v.count_range(_whole(text)))
        low = self.read(f"{name}_min", lambda text: v.count(_whole(text)))
        high = self.read(f"{name}_max", lambda text: v.count(_whole(text)))
        found = combined((low, high), lambda a, b: None if a is None and b is None else Range(a, b))
        flags = [r.low is not None and r.high is not None and r.low > r.high for r in found.values]
        if any(flags):
            import numpy as np

            rows = np.flatnonzero(np.array([*flags, False])[found.codes]).astype(np.int32)
            if f"{name}_min" in self.mapped.loose:
                self.left_out[f"{name}_min"] = self.left_out.get(f"{name}_min", 0) + len(rows)
                to = np.arange(len(flags) + 1, dtype=np.int32)
                to[np.flatnonzero(flags)] = to[-1] = -1
                return Coded(found.values, to[found.codes])
            self.refuse(rows, f"{name}_min", lambda row: ValueFault("range", "the least is more than the most", "swap the two"))
        return found

    def receipts(self) -> Coded[tuple[Receipt, ...]] | None:
        listed = self.column("sources")
        if listed is not None and any(text.startswith("[{") for text in listed.values[:3]):
            return combined((listed,), lambda text: _receipts(text) if text else None)
        publishers, titles = self.texts("source_publisher"), self.texts("source_title")
        if not publishers and listed is not None:
            publishers = {"": listed}
        langs, title_langs = list(publishers), list(titles)
        parts: list[Coded[Any]] = [
            self.read("source_url", _link), self.read("source_archived_url", _link),
            self.read("source_published", lambda text: parse_edtf(text)), *publishers.values(), *titles.values(),
        ]  # fmt: skip
        if all(part.empty for part in parts):
            return None
        number = 0

        def one(url: Any, archived: Any, published: Any, *said: str | None) -> tuple[Receipt, ...] | None:
            nonlocal number
            publisher = {lang or "und": text for lang, text in zip(langs, said, strict=False) if text}
            title = {lang or "und": text for lang, text in zip(title_langs, said[len(langs) :], strict=True) if text}
            if not (publisher or title or url or archived):
                return None
            number += 1
            return (Receipt(Source(f"s{number}", publisher, title or None, url, archived, published)),)

        return combined(parts, one)

    # -- the table

    def wanted(self, where: Mapping[str, tuple[str, ...]]) -> Flags:
        """Rows that have one of the values in each of the columns. Raises InputError for a column that is not there."""
        import numpy as np

        wanted: Flags = np.ones(self.n, bool)
        index = self.sheet.names()
        for name, values in where.items():
            column = self.sheet.columns[index[name]] if name in index else self.mapped.columns.get(name)
            if column is None:
                known = [*index, *self.mapped.columns]
                near = nearest(name, known)
                cure = f'did you mean "{near}"?' if near else f"its columns are {shown(', '.join(index), 120)[1:-1]}"
                raise InputError([Fault("column", f"where: there is no column {shown(name, 40)}", cure, self.sheet.file)])
            has = {value.casefold() for value in values}
            wanted &= np.array([*(text.casefold() in has for text in column.values), False])[column.codes]
        return wanted

    def table(self, where: Mapping[str, tuple[str, ...]] | None = None, first: date | None = None, last: date | None = None) -> Table:
        """The sound rows among those that are wanted. Raises InputError for a column that is at fault as a whole."""
        import numpy as np

        wanted = self.wanted(where or {})

        when, clock = self.when()
        lat, lon = self.positions("lat", "lon")
        claim = self.claims()
        kind, status = self.choice("kind", Kind), self.choice("status", Status)
        ids = self.ids()
        texts = {name: found for name in TEXTS if (found := self.texts(name))}
        time = self.read("time", v.clock) if self.column("time") is not None else clock
        numbers = {name: told for name in NUMBERS if not (told := self.ranges(name)).empty}
        mission = self.read("mission", v.ident)
        origins, actor, receipts = self.origins(), self.actors(), self.receipts()
        quote, quote_language = self._plain("quote"), self.read("quote_language", v.language)
        placed = ~np.isnan(lat)
        stated = np.array([*(bool(c.place or c.admin1 or c.admin2 or c.country) for c in claim.values), False])[claim.codes]
        void = np.flatnonzero((when.codes < 0) & ~placed & ~stated & ~self.bad).astype(np.int32)
        self.refuse(void, "date", lambda row: ValueFault("missing", "has neither a date nor a place", "write one, or delete the row"))
        if first or last:
            late = [bool(first and w.last and w.last < first) or bool(last and w.first and w.first > last) for w in when.values]
            wanted &= ~np.array([*late, False])[when.codes]
        self.bad &= wanted
        refused = set(self.sheet.row[self.bad].tolist()) | {fault.row for fault in self.sheet.bad}
        keep = np.flatnonzero(~self.bad & wanted).astype(np.int32)

        def kept(column: Coded[T]) -> Coded[T]:
            return column.take(keep)

        def some(column: Coded[T] | None) -> Coded[T] | None:
            return None if column is None or column.empty else column.take(keep)

        there = self.sheet.names()
        profile = self.mapped.profile
        return Table(
            file=self.sheet.file, format=self.mapped.format, line=self.sheet.line[keep], row=self.sheet.row[keep],
            lat=lat[keep], lon=lon[keep], when=kept(when), claim=kept(claim),
            kind=kept(kind) if not kind.empty else constant(Kind.STRIKE, len(keep)), status=kept(status), id=kept(ids),
            texts={name: {lang: kept(c) for lang, c in by.items()} for name, by in texts.items()},
            actor=some(actor), time=some(time), mission=some(mission),
            numbers={name: kept(c) for name, c in numbers.items()},
            origins=some(origins), receipts=some(receipts), quote=some(quote), quote_language=some(quote_language),
            extra={name: kept(c) for name, c in self.mapped.extra.items()},
            profile=replace(profile, withheld=tuple(name for name in profile.withheld if name in there)), refused=int(self.bad.sum()) + self.sheet.bad_rows,
            faults=tuple(sorted((f for f in self.faults if f.row in refused), key=lambda f: (f.row or 0, f.column or 0))),
            notes=tuple(dict.fromkeys(self.notes)), warnings=(*self.warnings, *self._lost()),
        )  # fmt: skip

    def _lost(self) -> list[str]:
        said = []
        for name, count in self.left_out.items():
            many = f"{count:,} {'value' if count == 1 else 'values'}"
            if name == "0, 0":
                said.append(f"{self.sheet.file}: {many.replace('value', 'position')} at 0, 0 taken for an empty cell")
            elif name == "failed formulas":
                said.append(f"{self.sheet.file}: {many} that a spreadsheet's failed formula left (#NAME?, #REF!) were left out")
            else:
                said.append(f"{self.sheet.file}: {self.header(name)}: {many} not taken as {name}")
        return said

    def ids(self) -> Coded[str]:
        """The rows' own ids. In a table of ours one that stands twice refuses the later row; in others it is no id."""
        import numpy as np

        ids = self.read("id", v.ident)
        if ids.empty:
            return ids
        counts = ids.counts()
        if int(counts.max()) == 1:
            return ids
        rows = np.flatnonzero(ids.codes >= 0).astype(np.int32)
        _, first = np.unique(ids.codes[rows], return_index=True)
        again = np.ones(len(rows), bool)
        again[first] = False
        later = rows[again]
        if self.mapped.format != "strikemap":
            codes = ids.codes.copy()
            codes[later] = -1
            return Coded(ids.values, codes)
        where = {int(ids.codes[row]): int(self.sheet.row[row]) for row in rows[first].tolist()}
        self.refuse(
            later, "id",
            lambda row: ValueFault(
                "duplicate_id", f"the id stands twice (first in row {where[int(ids.codes[row])]})", "give each row an id of its own"
            ),
        )  # fmt: skip
        return ids


# -- values


def _roughly(when: When | None, code: str | None) -> When | None:
    """A date whose source knows the week (2: about that day) or the month (3) only."""
    if when is None or when.precision != "day" or code is None or code.removesuffix(".0") not in ("2", "3"):
        return when
    return parse_edtf(f"{when.edtf}~" if code.startswith("2") else when.edtf[:7])


def _main(name: dict[str, str]) -> str | None:
    return name.get("") or name.get("und") or name.get("en") or (name[min(name)] if name else None)


_IDENTS = re.compile(r"[-.0-9:A-Z_a-z]+\Z")


def _idents(values: Sequence[str]) -> bool:
    """Whether all of them are ids as programs write them: what `values.ident` gives back unchanged."""
    return max(map(len, values)) <= 100 and _IDENTS.match("".join(values)) is not None


BLOCK = 4_096
"""Numbers that are read at once; one of another form among them, and they are read one by one."""


def _plain_numbers(texts: Sequence[str]) -> Floats | None:
    """Each text as a number, as `values.number` reads it; None where one has more to it than digits, a sign and a point."""
    import numpy as np

    text = "".join(texts)
    if not text.isascii() or text.encode().translate(None, b"0123456789.+-") or max(map(len, texts)) > 400:
        return None
    try:
        return np.fromiter(map(float, texts), float, len(texts))
    except ValueError:
        return None


_NO_NUMBER = frozenset(("-", "--", "—", "–", "?", "unknown", "unkn", "na", "n.a.", "not known", "tbc", "tbd"))
"""What people write where there is no number, in small letters."""


def _stated(column: Coded[str] | None) -> Coded[str] | None:
    """A column of numbers without the words for none; None for one that says nothing else."""
    if column is None or not any(len(text) < 10 and text.lower() in _NO_NUMBER for text in column.values):
        return column
    found = column.map(lambda text: None if text.lower() in _NO_NUMBER else text)
    return None if found.empty else found


_NOUGHT = re.compile(r"[+-]?0+([.,]0*)?\Z")
_COMMA = re.compile(r"([+\-−]?\d{1,3}),(\d+)\Z")
_ONE_ANGLE = re.compile(
    r"(?P<h>[NSEW])?\s*(?P<d>\d{1,3})\s*[°º˚]\s*(?:(?P<m>\d{1,2}(?:[.,]\d+)?)\s*[′'’]\s*)?(?:(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:[″\"”]|''|′′)\s*)?(?P<t>[NSEW])?\Z",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?P<h>[NSEW])?\s*(?P<d>\d{1,3})[\s:\-](?P<m>\d{1,2}(?:[.,]\d+)?)(?:[\s:\-](?P<s>\d{1,2}(?:[.,]\d+)?))?\s*(?P<t>[NSEW])?\Z", re.I)
_LETTERED = re.compile(r"(?:([NSEW])\s*)?(\d{1,3}(?:[.,]\d+)?)\s*°?\s*([NSEW])?\Z", re.IGNORECASE)


def _point(text: str) -> str:
    """A decimal comma as a point, a true minus as a hyphen, digits of any script as ours."""
    text = western(text).replace("−", "-")
    match = _COMMA.match(text)
    return f"{match[1]}.{match[2]}" if match else text


def _latitude(text: str) -> float:
    return v.latitude(_angle(text, "NS"))


def _longitude(text: str) -> float:
    return v.longitude(_angle(text, "EW"))


def _angle(text: str, letters: str) -> str:
    """Degrees in the ways that tables write them, as a plain number; what is none of these stays as it is."""
    if text.lower() in BROKEN:
        raise ValueFault("number", f"{shown(text)} is what a failed formula leaves", "mend the formula, or write the number")
    if text[-1].isdigit() and text[0] in "+-.0123456789" and "," not in text:
        return text
    text = _point(text)
    if match := _LETTERED.match(text):
        letter = (match[1] or match[3] or "").upper()
        if letter and letter in letters:
            return f"{'-' if letter in 'SW' else ''}{match[2].replace(',', '.')}"
        return match[2] if not letter else text
    spaced = _SPACED.match(text)
    if match := _ONE_ANGLE.match(text) or (spaced if spaced and (spaced["h"] or spaced["t"]) else None):
        letter = (match["h"] or match["t"] or "").upper()
        minutes, seconds = (float((match[k] or "0").replace(",", ".")) for k in "ms")
        if (not letter or letter in letters) and minutes < 60 and seconds < 60:
            return repr((-1 if letter in ("S", "W") else 1) * (int(match["d"]) + minutes / 60 + seconds / 3600))
    return text


def _fault_of(text: str | None, parse: Callable[[str], float]) -> ValueFault:
    try:
        parse(text or "")
    except ValueFault as fault:
        return fault
    raise AssertionError(text)


def _packed(a: Coded[str], b: Coded[str]) -> tuple[Ints, Floats, Floats] | None:
    """Rows whose two numbers are degrees and minutes in one (4248, 1355), and what they mean: north and east."""
    import numpy as np

    def unpack(text: str, most: int) -> float | None:
        digits = text.removesuffix(".0")
        if not re.match(r"\d{4,5}\Z", digits) or int(digits[-2:]) >= 60 or int(digits[:-2]) > most:
            return None
        return int(digits[:-2]) + int(digits[-2:]) / 60

    north = np.array([*((unpack(text, 90) if (text[:1].isdigit()) else None) or np.nan for text in a.values), np.nan])[a.codes]
    east = np.array([*((unpack(text, 180) if (text[:1].isdigit()) else None) or np.nan for text in b.values), np.nan])[b.codes]
    rows = np.flatnonzero(~np.isnan(north) & ~np.isnan(east)).astype(np.int32)
    return (rows, north[rows], east[rows]) if len(rows) else None


def _positions(lat: Floats, lon: Floats) -> Coded[Position]:
    """Each distinct position once."""
    import numpy as np

    there = ~np.isnan(lat)
    codes = np.full(len(lat), -1, np.int32)
    pairs = np.stack((lon[there], lat[there]), axis=1)
    if not len(pairs):
        return Coded((), codes)
    found, of = np.unique(pairs.view(np.complex128).reshape(-1), return_inverse=True)
    codes[there] = of.astype(np.int32)
    return Coded(tuple(map(Position, found.real.tolist(), found.imag.tolist())), codes)


def _whole(text: str) -> str:
    text = text if text.isascii() else western(text)
    return text[:-2] if text.endswith(".0") else text


def _link(text: str) -> str:
    return v.link(text)


def _receipts(text: str) -> tuple[Receipt, ...] | None:
    """The sources of a feature that we wrote ourselves, from their JSON."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    out = []
    for number, one in enumerate(item for item in found if isinstance(item, dict)):
        def said(key: str, of: dict[str, Any] = one) -> Text | None:
            value = of.get(key)
            if isinstance(value, dict):
                return {str(k): str(t) for k, t in value.items()}
            return {"und": str(value)} if value else None

        def day(key: str, of: dict[str, Any] = one) -> When | None:
            try:
                return parse_edtf(str(of[key])) if of.get(key) else None
            except DateError:
                return None

        def url(key: str, of: dict[str, Any] = one) -> str | None:
            try:
                return v.link(str(of[key])) if of.get(key) else None
            except ValueFault:
                return None

        source = Source(str(one.get("id") or f"s{number + 1}"), said("publisher") or {}, said("title"), url("url"), url("archived_url"), day("published"), day("accessed"))  # fmt: skip
        quote = one.get("quote")
        out.append(Receipt(source, str(quote) if quote else None, str(one["language"]) if one.get("language") else None))
    return tuple(out) or None


__all__ = ["Columns", "ORDERS"]
