"""One module a format: which headers it has, and which of our columns each of them is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.columns import Coded, Profile, combined, constant
from geo.read.ourcolumns import plain
from geo.read.sheet import Sheet
from geo.read.values import MOST


@dataclass(slots=True)
class Mapped:
    """A sheet whose columns have our names. Values are still text, as a table of our own would write them."""

    format: str
    columns: dict[str, Coded[str]] = field(default_factory=dict)
    headers: dict[str, int] = field(default_factory=dict)
    """Our name → number of the file's column that it came from, from 1, for messages."""
    profile: Profile = Profile("")
    usual: str | None = None
    """Order of day and month of this format, where no value of a column decides."""
    sign: str | None = None
    """What this format writes between day, month and year: dates with another sign have been rewritten in an order that it does not know."""
    century: int | None = None
    """1900 where years of two digits are written."""
    loose: frozenset[str] = frozenset()
    """Columns whose values are left out where they do not read, instead of refusing the row."""
    packed: bool = False
    """4248, 1355 in the position columns means 42°48′ N 13°55′ E."""
    extra: dict[str, Coded[str]] = field(default_factory=dict)
    """Columns to carry along, by the file's header."""
    notes: list[str] = field(default_factory=list)
    sentence: Coded[str] | None = None
    """Sentences whose words say where it was, better than the column of places does."""


@dataclass(frozen=True, slots=True)
class Format:
    """`fits` decides by the headers (as `sheet.plain` writes them); `mapped` gives the columns our names."""

    name: str
    title: str
    fits: Callable[[frozenset[str], Sheet], bool]
    mapped: Callable[[Sheet], Mapped]


class Columns:
    """The columns of a sheet by header, taken one by one into a `Mapped`."""

    def __init__(self, sheet: Sheet, mapped: Mapped) -> None:
        self.sheet = sheet
        self.mapped = mapped
        self.index = sheet.names()
        self.used: set[int] = set()

    def get(self, *names: str) -> Coded[str] | None:
        """The first column of those names."""
        for name in names:
            if (index := self.index.get(name)) is not None:
                self.used.add(index)
                return self.sheet.columns[index]
        return None

    def take(self, ours: str, *names: str, change: Callable[[str], str | None] | None = None) -> None:
        """Our column `ours` is the first of those headers that the sheet has, each distinct value changed once."""
        for name in names:
            column = self.get(name)
            if column is not None:
                self.put(ours, column.map(lambda text: change(text) or None) if change else column, name)
                return

    def put(self, ours: str, column: Coded[str], header: str = "") -> None:
        self.mapped.columns[ours] = column
        if header in self.index:
            self.mapped.headers[ours] = self.index[header] + 1

    def fixed(self, ours: str, value: str) -> None:
        self.mapped.columns[ours] = constant(value, self.sheet.n)

    def join(self, ours: str, names: tuple[str, ...], make: Callable[..., str | None]) -> None:
        """Our column `ours` made of several, once for each distinct combination."""
        columns = [self.get(name) or constant("", self.sheet.n) for name in names]
        self.put(ours, combined(columns, lambda *said: make(*said) or None), names[0])

    def rest(self, withheld: frozenset[str] = frozenset()) -> None:
        """Everything that was not taken is carried along under its own header."""
        for index, (name, column) in enumerate(zip(self.sheet.header, self.sheet.columns, strict=True)):
            if index not in self.used and plain(name) not in withheld and not column.empty:
                self.mapped.extra[name.strip() or f"c{index + 1}"] = column


def whole(text: str) -> str | None:
    """`4.0` as `4`; -1, 9999 and what is no number are not known."""
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return None
    if not 0 <= value <= MOST or value != int(value) or value in (9999, 99999):
        return None
    return str(int(value))


def clock(text: str) -> str:
    """`2:30 PM`, `2.30`, `14h30` and `14:30:00` as `14:30`; anything else as it is."""
    match = re.match(r"(\d{1,2})[:.h](\d\d)(?:[:.]\d\d)?\s*(?:([ap])\.?m\.?)?\Z", text.strip(), re.IGNORECASE)
    if not match:
        return text
    hour, half = int(match[1]), (match[3] or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{match[2]}"


def words(text: str) -> str:
    """A text in capitals as words: `TIEN HO AIRDROME` → `Tien Ho Airdrome`; anything else as it is."""
    return text.title() if text.isupper() and len(text) > 3 else text


def formats() -> Mapping[str, Format]:
    """Every format by name, in the order in which they are tried; the generic one is last."""
    from geo.read.formats import acled, airwars, centcom, gdelt, own, thor, timemap, ucdp, yemen

    known = (acled, ucdp, airwars, timemap, gdelt, centcom, yemen)
    found: list[Any] = [*(one.FORMAT for one in known), acled.WEEKLY, *thor.FORMATS, own.FORMAT, own.GENERIC]
    return {one.name: one for one in found}
