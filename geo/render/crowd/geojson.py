"""GeoJSON of very many rows, written from columns: the features that `geo.render.geojson` makes of single events.

Each distinct value is written once; a feature is its pieces put side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.render.crowd.pieces import UNKNOWN, Pieces, none
from geo.render.geojson import (
    DIGITS,
    as_json,
    collection,
    dates_of,
    line_of,
    number_of,
    place_id,
    place_of,
    polygon_of,
    range_of,
    receipt_of,
    text_in,
    where_of,
)
from geo.scene.crowd.crowd import Coded, Crowd, Kind, Location, Position, Sortie, Status

Cells = NDArray[np.object_]


def render_crowd_geojson(crowd: Crowd) -> bytes:
    """A FeatureCollection in UTF-8, one feature a line, the events in the order of the list."""
    features = _Features(crowd)
    events = list(features.events())
    lines = list(features.lines())
    return collection(crowd.story, crowd, crowd.counts, crowd.attributions, dict(sorted(features.places.items())), (*events, *lines))


class _Features(Pieces):
    def __init__(self, crowd: Crowd) -> None:
        super().__init__(crowd)
        self.lang = crowd.languages[0]
        self.places: dict[str, Any] = {}
        self.ids = self.written(self.id, as_json)
        actor = self.table.actor or none(self.table.n)
        self.actors = self.written(actor, lambda a: as_json(text_in(self.told(a.name), self.lang)), "null")
        flown = self.crowd.order[self.crowd.flights[0]]
        self.flights_of = np.bincount(flown, minlength=self.table.n)

    def written(self, column: Coded[Any], write: Callable[[Any], str], absent: str = "") -> Cells:
        """Every row's value as `write` writes it, in the order of the page."""
        cells: Cells = np.array([*(write(value) for value in column.values), absent], object)[column.codes[self.crowd.order]]
        return cells

    # -- events

    def events(self) -> Iterator[str]:
        table, crowd = self.table, self.crowd
        written = self.written
        on_map = np.array(['"on_map":true,', '"on_map":false,'], object)[(crowd.outcome > 1).astype(np.int8)]
        places = self.answers()
        count = table.numbers.get("aircraft_count") or none(table.n)
        parts: list[Cells | str] = [
            '{"type":"Feature","id":', self.ids, ',"geometry":', self.geometry(), ',"properties":{"id":', self.ids, ',"kind":',
            written(table.kind, as_json, as_json(Kind.STRIKE.value)), ',"title":', self.text("title"), ",",
            written(table.when, lambda when: _members(dates_of(when)), _members(dates_of(UNKNOWN))), ',"actor":', self.actors, ",",
            places, ',"status":', written(table.status, as_json, as_json(Status.REPORTED.value)), ",",
            *(part for name in ("strikes", "killed") for part in (self.range(name), ",")),
            '"time":', written(table.time or none(table.n), as_json, "null"), ',"against":', self.text("against"), ',"note":', self.text("note"),
            ',"weapon":', self.text("weapon"), ',"mission":', self.missions(), ',"aircraft":', self.text("aircraft"), ',"aircraft_count":',
            written(count, lambda value: as_json(number_of(value)), "null"), ",", on_map, '"sources":',
            written(self.receipts, lambda found: as_json([receipt_of(receipt, crowd) for receipt in found]), "[]"), "}}",
        ]  # fmt: skip
        return _joined(parts, crowd.n)

    def text(self, name: str) -> Cells:
        """The page's own language, else the first that the row has."""
        by_language = self.texts(name)
        found = np.full(self.crowd.n, "null", object)
        left = np.ones(self.crowd.n, bool)
        for lang in sorted(by_language, key=lambda lang: lang != self.lang):
            here = left & (by_language[lang].codes[self.crowd.order] >= 0)
            if here.any():
                found[here] = self.written(by_language[lang], as_json)[here]
                left &= ~here
        return found

    def range(self, name: str) -> Cells:
        column = self.table.numbers.get(name) or none(self.table.n)
        return self.written(column, lambda value: _members(range_of(name, value)), _members(range_of(name, None)))

    def missions(self) -> Cells:
        """The mission, of an event with lines its own id."""
        cells = self.written(self.table.mission or none(self.table.n), as_json, "null")
        codes = self.table.mission.codes[self.crowd.order] if self.table.mission else np.full(self.crowd.n, -1)
        own = (codes < 0) & (self.flights_of[self.crowd.order] > 0)
        cells[own] = self.ids[own]
        return cells

    def answers(self) -> Cells:
        """The place of each row as properties."""
        cells: Cells = np.array([*(_members(where_of(answer, self.crowd)) for answer in self.crowd.located.answers), ""], object)
        return cells[self.crowd.answer]

    def geometry(self) -> Cells:
        crowd = self.crowd
        answers = crowd.located.answers
        point = np.array([isinstance(a, Location) and a.precision.pinned and not a.outline for a in answers], bool)[crowd.answer]
        cells: Cells = np.full(crowd.n, "null", object)
        rows = np.flatnonzero(point)
        lon, lat = (_degrees(of[crowd.order[rows]]) for of in (crowd.located.lon, crowd.located.lat))
        cells[rows] = '{"type":"Point","coordinates":[' + lon + "," + lat + "]}"
        rest = np.flatnonzero(~point)
        used, of = np.unique(crowd.answer[rest], return_inverse=True)
        shapes = [as_json(polygon_of(a)) if isinstance(a := answers[code], Location) else "null" for code in used.tolist()]
        cells[rest] = np.array([*shapes, ""], object)[of.reshape(-1)]
        return cells

    # -- sortie lines

    def lines(self) -> Iterator[str]:
        """One feature a line. A pair of places has one geodesic, however often it was flown."""
        from geo.scene.build import sortie_path

        crowd, located = self.crowd, self.crowd.located
        row, code, number = crowd.flights
        if not len(row):
            return
        table_row = crowd.order[row]
        size = np.array([len(found) for found in located.origins], np.int64)
        start = (np.cumsum(size) - size)[code] + number
        origins = [answer for found in located.origins for answer in found]
        origin_of: dict[int, Location] = {n: answer for n, answer in enumerate(origins) if isinstance(answer, Location)}
        # Which origin, which target and where the target stands.
        keys = np.stack([start.astype(float), located.answer[table_row].astype(float), located.lon[table_row], located.lat[table_row]])
        _, first, of = np.unique(keys, axis=1, return_index=True, return_inverse=True)
        shapes: list[str] = []
        ends: list[str] = []
        for at in first.tolist():
            origin = origin_of[int(start[at])]
            target = self.standing(int(table_row[at]))
            shapes.append(as_json(line_of(sortie_path(Sortie("", "", "", origin, target)))))
            ends.append(f'"origin":{as_json(place_id(origin))},"target":{as_json(place_id(target))},"route":"unknown"')
            for end in (origin, target):
                self.places[place_id(end)] = place_of(end, crowd)
        of = of.reshape(-1)
        mission = self.missions()[row]
        ids = np.array([as_json(f"{name}-{k + 1}") for name, k in zip(self.plain_ids()[row].tolist(), number.tolist(), strict=True)], object)
        count = self.table.numbers.get("aircraft_count") or none(self.table.n)
        own = self.written(count, lambda value: "" if (n := number_of(value)) is None else f',"aircraft_count":{as_json(n)}')[row]
        own[self.flights_of[table_row] != 1] = ""
        yield from _joined(
            ['{"type":"Feature","id":', ids, ',"geometry":', np.array([*shapes, ""], object)[of], ',"properties":{"id":', ids, ',"kind":"sortie","mission":',
             mission, ',"event":', self.ids[row], ',"actor":', self.actors[row], ",", np.array([*ends, ""], object)[of], own, "}}"],
            len(row),
        )  # fmt: skip

    def plain_ids(self) -> Cells:
        return self.written(self.id, lambda text: text)

    def standing(self, row: int) -> Location:
        """The answer of a row, at the row's own position."""
        answer = self.crowd.located.answers[self.crowd.located.answer[row]]
        assert isinstance(answer, Location)
        at = Position(float(self.crowd.located.lon[row]), float(self.crowd.located.lat[row]))
        return answer if answer.position == at else replace(answer, position=at)


def _members(found: dict[str, Any]) -> str:
    """The members of an object, without its braces."""
    return as_json(found)[1:-1]


def _degrees(values: NDArray[np.float64]) -> Cells:
    distinct, of = np.unique(values, return_inverse=True)
    cells: Cells = np.array([*(as_json(round(value, DIGITS) + 0.0) for value in distinct.tolist()), ""], object)
    return cells[of.reshape(-1)]


def _joined(parts: Sequence[Cells | str], n: int) -> Iterator[str]:
    """Row by row what stands in `parts`; a text stands in every row."""
    columns = [repeat(part, n) if isinstance(part, str) else part.tolist() for part in parts]
    return map("".join, zip(*columns, strict=True))
