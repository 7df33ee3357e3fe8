"""The tables of a crowd's page: every row in columns, and each distinct value put into words once a language.

`L` is a page language, `CODE` the language of a text of the file. A code of -1 is no value. Tables and columns:

- `rows`, in the order of the list: `date`→dates, `place`→places, `spot`→positions (none where it is not pinned),
  `stated`→positions (only where the row states another position than it stands at), `outcome`, `kind`, `status`,
  `precision`, `actor`→actors, `number` (data row in the file), `id` (where the file has ids; else it is `r` and the number),
  `time`, `mission`, `title@CODE`, `note@CODE`, `against@CODE`, `aircraft@CODE`, `weapon@CODE`, `strikes`→strikes,
  `killed`→killed, `aircraft_count`→aircraft_count, `origins`→origins, `receipts`→receipts, `quote`, `quote_language`, and
  `x:HEADER` for every other column of the file that may be published.
- `dates`: `edtf`, `first`, `last` (days since 1970-01-01), `said@L`, `certainty@L`, `carried` (where it is more than a day).
- `places`: `precision`, `radius`, `position`→positions (of an area), `shape` (layer of the base), `solid`, `place@L` (none where
  its coordinates are its name), `where@L` (with `{place}` for such coordinates; none where these are all), `precisely@L`,
  `local@L`, `how@L`, `names`, `carried`.
- `positions`: `lon`, `lat`.
- `actors`: `id`, `slot`, `name@L`, `carried`.
- `strikes`, `killed`, `aircraft_count`: `low`, `high`, `said@L`.
- `origins`: `said@L`, `carried`, `from`→positions (where every row has one origin at most).
- `flights`, one a sortie line, in the order of the rows: `row`→rows, `from`→positions (else that of the row's origin).
- `receipts`: `list`, an array of objects of `source` (its id), `publisher`, `title`, `translation` (a string in the table's
  language, or an object of them by language), `published`, `accessed` (→said: `published@L`, `accessed@L`), `url`, `archived`
  (addresses that may become links), `quote`, `language`.
- `said`: `published@L`, `accessed@L`: the day that a receipt names, in words; `carried`.
- `about`: one row: `carried`, what stands above the rows.

Every column may be absent where no row has a value. `geo.read.pagerows` reads all of it back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.render.body import web_address
from geo.render.carried import Carrier, when_as_json
from geo.render.crowd.block import Block, Table, by_appearance
from geo.render.crowd.pieces import Pieces
from geo.scene.crowd.crowd import Claim, Coded, Crowd, Location, Range, Receipt, Unplaced, When
from geo.scene.events import OUTCOMES, UNPLACED, day_number, known_names
from geo.scene.text import Said, Speaker, aircraft_of, given_up, how_of, local_name, plain

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

FORMAT = 1
NO_DAY = -0x80000000


def rows_of(crowd: Crowd) -> Block:
    """The block of `crowd`: linear in its rows, with one Python object a distinct value."""
    return _Rows(crowd).block


class _Rows:
    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.table = crowd, crowd.table
        self.block = Block()
        self.speakers = {lang: Speaker(lang, crowd.story.lang) for lang in crowd.languages}
        self.carrier = Carrier(crowd.languages)
        self.answers = crowd.located.answers
        self.answer = crowd.answer
        self.rows = self.block.table("rows", crowd.n)
        self.origin_at: dict[int, int] = {}
        self.place_and_position()
        self.dates()
        self.choices()
        self.words()
        self.numbers()
        self.origins()
        self.receipts()
        self.extras()
        self.about()

    # -- rows -------------------------------------------------------------------------------------------------------

    def choices(self) -> None:
        crowd, rows = self.crowd, self.rows
        rows.codes("outcome", crowd.outcome.astype(np.int32), values=list(OUTCOMES))
        rows.codes("kind", crowd.kind.codes, values=[kind.value for kind in crowd.kind.values])
        rows.codes("status", crowd.status.codes, values=[status.value for status in crowd.status.values])
        rows.codes("precision", crowd.precision.codes, values=list(crowd.precision.values))
        rows.ints("number", self.table.row[crowd.order], delta=True)
        if crowd.actor.values:
            rows.codes("actor", crowd.actor.codes, of="actors")
            actors = self.block.table("actors", len(crowd.actor.values))
            self.texts(actors, "id", [actor.id for actor in crowd.actor.values])
            actors.ints("slot", np.array(crowd.slots, np.int64))
            self.said(actors, "name", lambda speak: [speak.said(self.told(actor.name)) for actor in crowd.actor.values])
            names = [self.told(actor.name) for actor in crowd.actor.values]
            own = self.speakers.get(self.table.lang)
            if own is None or any(name != {self.table.lang: own.said(name)} for name in names):
                self.json(actors, "carried", names)

    def words(self) -> None:
        table, rows = self.table, self.rows
        if not table.id.empty:
            # A file that has ids for some rows has one for each in its page.
            self.column(rows, "id", Pieces(self.crowd).id)
        for name, one in (("time", table.time), ("mission", table.mission), ("quote", table.quote), ("quote_language", table.quote_language)):
            if one is not None:
                self.column(rows, name, one)
        for name, by_language in table.texts.items():
            found: dict[str, Coded[str]] = {}
            for code, column in by_language.items():
                lang = code or table.lang
                found[lang] = _over(column, found[lang]) if lang in found else column
            for lang, column in found.items():
                self.column(rows, f"{name}@{lang}", column)

    def extras(self) -> None:
        for header, column in self.table.extra.items():
            self.column(self.rows, f"x:{header}", column)

    def column(self, into: Table, name: str, column: Coded[str]) -> None:
        if not column.empty:
            into.texts(name, self.crowd.column(column))

    # -- dates and numbers ------------------------------------------------------------------------------------------

    def dates(self) -> None:
        when = self.crowd.when
        used, codes = by_appearance(when.codes, len(when.values))
        self.rows.codes("date", codes, of="dates")
        values = [when.values[code] for code in used.tolist()]
        dates = self.block.table("dates", len(values))
        self.texts(dates, "edtf", [value.edtf for value in values])
        for name, days in (("first", [v.first for v in values]), ("last", [v.last for v in values])):
            numbers = [NO_DAY if (day := day_number(d)) is None else day for d in days]
            dates.ints(name, np.array(numbers, np.int64), delta=True)
        self.said(dates, "said", lambda speak: [speak.when(value) for value in values])
        self.said(dates, "certainty", lambda speak: [speak.certainty(value) or None for value in values])
        carried = [when_as_json(value) for value in values]
        self.json(dates, "carried", [told if isinstance(told, list) else None for told in carried])

    def numbers(self) -> None:
        for name, key in (("strikes", "number.strikes"), ("killed", "number.killed")):
            column = self.table.numbers.get(name)
            if column is not None and not column.empty:
                used, codes = by_appearance(column.codes[self.crowd.order], len(column.values))
                values = [column.values[code] for code in used.tolist()]
                self.ranges(name, codes, values, lambda speak, key=key, values=values: [speak.counted(key, v) for v in values])  # type: ignore[misc]
        column = self.table.numbers.get("aircraft_count")
        if column is not None and not column.empty:
            # A number that came from several places is said to be that of them together.
            several = np.zeros(self.crowd.n, np.int32)
            if self.table.origins is not None:
                sizes = np.array([*(len(found) > 1 for found in self.table.origins.values), False], np.int32)
                several = sizes[self.table.origins.codes[self.crowd.order]]
            codes = column.codes[self.crowd.order]
            used, codes = by_appearance(np.where(codes < 0, -1, codes * 2 + several), 2 * len(column.values))
            pairs = [(column.values[code >> 1], bool(code & 1)) for code in used.tolist()]
            self.ranges("aircraft_count", codes, [value for value, _ in pairs],
                        lambda speak: [aircraft_of(value, many, speak) for value, many in pairs])  # fmt: skip

    def ranges(self, name: str, codes: Ints, values: Sequence[Range], say: Callable[[Speaker], Sequence[Said | None]]) -> None:
        self.rows.codes(name, codes, of=name)
        table = self.block.table(name, len(values))
        self.json(table, "low", [value.low for value in values])
        self.json(table, "high", [value.high for value in values])
        self.said(table, "said", say)

    # -- where ------------------------------------------------------------------------------------------------------

    def place_and_position(self) -> None:
        crowd, table, located = self.crowd, self.table, self.crowd.located
        classes, answers = _alike(self.answers)
        pinned = np.array([isinstance(a, Location) and a.precision.pinned for a in answers], bool)
        of = classes[self.answer]
        lon, lat = located.lon[crowd.order] + 0.0, located.lat[crowd.order] + 0.0
        own_lon, own_lat = table.lon[crowd.order] + 0.0, table.lat[crowd.order] + 0.0
        pins = pinned[of]
        states = ~np.isnan(own_lat)
        apart = states & ~(pins & (own_lon == lon) & (own_lat == lat))
        claim = table.claim.codes[crowd.order].astype(np.int64)
        wide = 2 * (len(table.claim.values) + 1)
        used, codes = combinations(of.astype(np.int64) * wide + (claim + 1) * 2 + states, len(answers) * wide)
        self.rows.codes("place", codes, of="places")
        area = [n for n, code in enumerate((used // wide).tolist()) if not pinned[code] and isinstance(answers[code], Location)]
        area_at = [answers[int(used[n]) // wide].position for n in area]  # type: ignore[union-attr]
        row, code, number = crowd.flights
        from_lon, from_lat = origins_of(located.origins, code, number)
        parts_lon = [lon[pins], own_lon[apart], np.array([at[0] for at in area_at], float), from_lon]
        parts_lat = [lat[pins], own_lat[apart], np.array([at[1] for at in area_at], float), from_lat]
        spots_lon, spots_lat, at = distinct_pairs(np.concatenate(parts_lon), np.concatenate(parts_lat))
        ends = np.cumsum([len(part) for part in parts_lon])
        of_pin, of_stated, of_area, of_origin = np.split(at, ends[:-1])
        positions = self.block.table("positions", len(spots_lon))
        positions.decimals("lon", spots_lon)
        positions.decimals("lat", spots_lat)
        spot = np.full(crowd.n, -1, np.int32)
        spot[pins] = of_pin
        self.rows.codes("spot", spot, of="positions")
        if apart.any():
            stated = np.full(crowd.n, -1, np.int32)
            stated[apart] = of_stated
            self.rows.codes("stated", stated, of="positions")
        if len(row):
            flights = self.block.table("flights", len(row))
            flights.ints("row", row, delta=True)
            _, first, again = np.unique(code, return_index=True, return_inverse=True)
            if (number == 0).all() and (of_origin[first][again.reshape(-1)] == of_origin).all():
                # Who names one origin a row has it said by the row's own.
                self.origin_at = dict(zip(code[first].tolist(), of_origin[first].tolist(), strict=True))
            else:
                flights.codes("from", of_origin, of="positions")
        position = np.full(len(used), -1, np.int32)
        position[area] = of_area
        self.places(used, wide, classes, answers, position)

    def places(self, used: NDArray[np.int64], wide: int, classes: Ints, answers: Sequence[Location | Unplaced], position: Ints) -> None:
        claims = self.table.claim.values
        drawn = {int(classes[code]): area for code, area in self.crowd.areas.items()}
        told = [(answers[u // wide], claims[u % wide // 2 - 1] if u % wide >= 2 else None, bool(u & 1)) for u in used.tolist()]
        places = self.block.table("places", len(told))
        self.texts(places, "precision", [a.precision.value if isinstance(a, Location) else UNPLACED for a, _, _ in told])
        places.decimals("radius", np.array([(a.drawn_radius_m if isinstance(a, Location) else None) or np.nan for a, _, _ in told], float))
        if (position >= 0).any():
            places.codes("position", position, of="positions")
        areas = [drawn.get(u // wide) for u in used.tolist()]
        if any(areas):
            self.texts(places, "shape", [area.shape if area else None for area in areas])
            places.ints("solid", np.array([bool(area and area.solid) for area in areas], np.int64))
        found = [a for a, _, _ in told]
        for name, say in (("place", _place), ("where", _where), ("precisely", partial(_precisely, {})), ("local", _local)):
            self.said(places, name, lambda speak, say=say: _once(found, lambda a: say(a, speak)))  # type: ignore[misc]
        self.said(places, "how", lambda speak: [_how(a, claim, states, speak) for a, claim, states in told])
        names = _once(found, lambda a: "\n".join(known_names(a)) or None)
        self.texts(places, "names", names)
        answered = _once(found, self.answered)
        self.json(places, "carried", [
            {**({"claim": self.carrier.fields(claim)} if claim else {}), **({"stated": 1} if states else {}), "answer": answer}
            for (_, claim, states), answer in zip(told, answered, strict=True)
        ])  # fmt: skip

    def answered(self, answer: Location | Unplaced) -> Any:
        """An answer without its position where every row has its own."""
        told = self.carrier.plain(answer)
        if isinstance(answer, Location) and answer.precision.pinned:
            told.pop("position", None)
        return told

    # -- origins and receipts ---------------------------------------------------------------------------------------

    def origins(self) -> None:
        column = self.table.origins
        if column is None or column.empty:
            return
        used, codes = by_appearance(column.codes[self.crowd.order], len(column.values))
        self.rows.codes("origins", codes, of="origins")
        table = self.block.table("origins", len(used))
        found = [(column.values[code], self.crowd.located.origins[code]) for code in used.tolist()]
        if self.origin_at:
            table.codes("from", np.array([self.origin_at.get(code, -1) for code in used.tolist()], np.int32), of="positions")

        def say(answers: Sequence[Location | Unplaced], speak: Speaker) -> str:
            placed = [speak.within(plain(speak.place(a))) for a in answers if isinstance(a, Location)]
            lost = [speak("origin.unplaced", words=speak.within(a.words)) for a in answers if isinstance(a, Unplaced)]
            return speak.listed(placed + lost)

        self.said(table, "said", lambda speak: [say(answers, speak) for _, answers in found])
        self.json(table, "carried", [
            {"claims": [self.carrier.fields(claim) for claim in claims], "answers": [self.carrier.plain(a) for a in answers]}
            for claims, answers in found
        ])  # fmt: skip

    def receipts(self) -> None:
        column = self.table.receipts
        if column is None or column.empty:
            return
        used, codes = by_appearance(column.codes[self.crowd.order], len(column.values))
        self.rows.codes("receipts", codes, of="receipts")
        table = self.block.table("receipts", len(used))
        days: dict[When, int] = {}
        self.json(table, "list", [[self.receipt(receipt, days) for receipt in column.values[code]] for code in used.tolist()])
        if days:
            said = self.block.table("said", len(days))
            for name in ("published", "accessed"):
                self.said(said, name, lambda speak, name=name: [speak(f"source.{name}", date=speak.when(day)) for day in days])  # type: ignore[misc]
            self.json(said, "carried", [when_as_json(day) for day in days])

    def receipt(self, receipt: Receipt, days: dict[When, int]) -> dict[str, Any]:
        source = receipt.source
        told: dict[str, Any] = {
            "source": source.id,
            "publisher": self.short(source.publisher),
            "title": self.short(source.title),
            "url": source.url if web_address(source.url) else None,
            "archived": source.archived_url if web_address(source.archived_url) else None,
            "published": days.setdefault(source.published, len(days)) if source.published else None,
            "accessed": days.setdefault(source.accessed, len(days)) if source.accessed else None,
            "source_language": source.language,
            "quote": receipt.quote,
            "language": receipt.language,
            "translation": self.short(receipt.translation),
        }
        return {key: value for key, value in told.items() if value is not None}

    # -- what stands above ------------------------------------------------------------------------------------------

    def about(self) -> None:
        crowd, table = self.crowd, self.table
        about = {
            "v": FORMAT,
            "story": self.carrier.plain(crowd.story),
            "core": list(crowd.frame["core"]) if crowd.story.frame else None,
            "refused": crowd.counts.refused,
            "attributions": list(crowd.attributions),
            "format": table.format,
            "lang": table.lang,
            "accessed": table.accessed,
            "profile": {"name": table.profile.name, "citation": table.profile.citation, "licence": table.profile.licence,
                        "withheld": list(table.profile.withheld)},
            "extra": list(table.extra),
            # Every place that the answers and claims above name.
            "places": self.carrier.places,
        }  # fmt: skip
        self.json(self.block.table("about", 1), "carried", [about])

    # -- values -----------------------------------------------------------------------------------------------------

    def told(self, text: Mapping[str, str]) -> dict[str, str]:
        """A text whose language nobody stated is in the table's."""
        return {self.table.lang if code == "und" else code: said for code, said in text.items()}

    def short(self, text: Mapping[str, str] | None) -> Any:
        if not text:
            return None
        told = self.told(text)
        return told[self.table.lang] if list(told) == [self.table.lang] else told

    def said(self, table: Table, name: str, say: Callable[[Speaker], Sequence[Said | None]]) -> None:
        """The column `name@L` of every language."""
        for lang, speak in self.speakers.items():
            self.texts(table, f"{name}@{lang}", say(speak))

    def texts(self, table: Table, name: str, values: Sequence[Any]) -> None:
        """A column of hashable values; none where there is none."""
        if any(value is not None for value in values):
            table.texts(name, coded(values))

    def json(self, table: Table, name: str, values: Sequence[Any]) -> None:
        """A column of any JSON."""
        if any(value is not None for value in values):
            table.texts(name, values)


# -- words of a place, where nothing depends on a row ------------------------------------------------------------------


def _bare(answer: Location) -> bool:
    """Whether a place has no name but its coordinates."""
    return answer.place is None and not answer.name


def _place(answer: Location | Unplaced, speak: Speaker) -> Said | None:
    if isinstance(answer, Unplaced):
        return answer.words or speak("unplaced.no_place")
    return None if _bare(answer) else speak.place(answer)


def _where(answer: Location | Unplaced, speak: Speaker) -> Said | None:
    if isinstance(answer, Unplaced):
        return speak.unplaced(answer)
    if not _bare(answer):
        return speak.with_country(answer)
    country = speak.country(answer.countries[0]) if len(answer.countries) == 1 else ""
    return speak("country_of", place=speak.within("{place}"), country=country) if country else None


def _precisely(known: dict[Any, str], answer: Location | Unplaced, speak: Speaker) -> str | None:
    """`known` has what was said of the same rung and radius before."""
    if not isinstance(answer, Location):
        return None
    key = (speak.lang, answer.precision, answer.drawn_radius_m)
    return known[key] if key in known else known.setdefault(key, speak.precisely(answer))


def _local(answer: Location | Unplaced, speak: Speaker) -> Said | None:
    return local_name(answer, speak) if isinstance(answer, Location) else None


def _how(answer: Location | Unplaced, claim: Any, states: bool, speak: Speaker) -> str | None:
    if not isinstance(answer, Location):
        return None
    return how_of(Claim(position=answer.position) if states else claim, answer, speak) or None


def _once(answers: Sequence[Location | Unplaced], say: Callable[[Any], Any]) -> list[Any]:
    """What `say` says of each answer, asked once for each object."""
    known: dict[int, Any] = {}
    return [known[id(a)] if id(a) in known else known.setdefault(id(a), say(a)) for a in answers]


# -- arrays ---------------------------------------------------------------------------------------------------------


def coded(values: Iterable[Any]) -> Coded[Any]:
    """Hashable values as a column: each distinct one once, by first appearance; None is no value."""
    known: dict[Any, int] = {}
    codes = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
    return Coded(tuple(known), np.array(codes, np.int32))


def combinations(keys: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], Ints]:
    """The keys (0 to `size` - 1) that occur, by first appearance, and each row's place among them."""
    if size <= 4 * len(keys) + 1_000:
        used, codes = by_appearance(keys.astype(np.int32), size)
        return used.astype(np.int64), codes
    distinct, of = np.unique(keys, return_inverse=True)
    used, codes = by_appearance(of.reshape(-1).astype(np.int32), len(distinct))
    return distinct[used], codes


def distinct_pairs(x: Floats, y: Floats) -> tuple[Floats, Floats, Ints]:
    """Distinct pairs of numbers (no NaN), by first appearance, and the place of each row's pair among them."""
    keys = x.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ y.view(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    _, first, of = np.unique(keys, return_index=True, return_inverse=True)
    of = of.reshape(-1)
    if not (np.array_equal(x[first][of], x) and np.array_equal(y[first][of], y)):
        # Two pairs share a key: numbered the long way.
        (_, a), (ys, b) = np.unique(x, return_inverse=True), np.unique(y, return_inverse=True)
        _, first, of = np.unique(a.reshape(-1) * len(ys) + b.reshape(-1), return_index=True, return_inverse=True)
        of = of.reshape(-1)
    by = np.argsort(first, kind="stable")
    to = np.empty(len(by), np.int32)
    to[by] = np.arange(len(by), dtype=np.int32)
    return x[first[by]], y[first[by]], to[of]


def _over(above: Coded[str], below: Coded[str]) -> Coded[str]:
    """Two columns as one: the value of `above` where it has one."""
    return Coded(
        (*above.values, *below.values),
        np.where(above.codes >= 0, above.codes, np.where(below.codes >= 0, below.codes + len(above.values), -1)).astype(np.int32),
    )


def _alike(answers: Sequence[Location | Unplaced]) -> tuple[Ints, list[Location | Unplaced]]:
    """For each answer a number that it shares with those that differ from it by nothing but where a pin stands."""
    known: dict[Any, int] = {}
    found: list[Location | Unplaced] = []
    of = np.empty(len(answers), np.int32)
    for code, a in enumerate(answers):
        key: tuple[Any, ...]
        if isinstance(a, Location):
            at = None if a.precision.pinned else a.position
            key = (a.precision, id(a.place) if a.place else None, *a.name.items(), a.radius_m, a.outline, a.countries, at, given_up(a))
        else:
            key = (a.code, a.words, a.reason, *(candidate.place.id for candidate in a.candidates))
        of[code] = number = known.setdefault(key, len(known))
        if number == len(found):
            found.append(a)
    return of, found


def origins_of(found: Sequence[Sequence[Location | Unplaced]], code: Ints, number: Ints) -> tuple[Floats, Floats]:
    """Longitude and latitude of where each flight came from."""
    if not len(code):
        return np.zeros(0), np.zeros(0)
    size = np.array([len(answers) for answers in found], np.int64)
    spots = [a.position if isinstance(a, Location) else (np.nan, np.nan) for answers in found for a in answers]
    at = np.array(spots, float).reshape(-1, 2)[(np.cumsum(size) - size)[code] + number] + 0.0
    return np.ascontiguousarray(at[:, 0]), np.ascontiguousarray(at[:, 1])
