"""A located table → its crowd: order, frame, colours, counts, and what is hatched, in arrays."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from geo.columns import NO_DAY, Coded, LocatedTable
from geo.geometry import frame as framing
from geo.geometry.frame import Extent
from geo.model import Actor, Kind, Location, Precision, Status, Story, When
from geo.scene import text
from geo.scene.build import WIDE, drawn_outline, extent_of_area, real_boundary, stated_frame
from geo.scene.crowd.crowd import Area, Crowd
from geo.scene.events import FACET_KEYS, ORDER, OUTCOMES, UNPLACED, Facet, Option, option_key
from geo.scene.ground import LARGE, NOWHERE, Gazetteer, Ground, Taken, Turn, box_of, framed, label_of, point_of
from geo.scene.scene import Counts, LegendActor
from geo.scene.style import OTHERS
from geo.scene.timeline import Timeline, histogram

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
T = TypeVar("T")

PIN, AREA, OUTSIDE, NOT_PLACED = (OUTCOMES.index(name) for name in ("pin", "area", "outside", UNPLACED))
STRAYS = 0.0025
"""Share of the rows at each of the four sides that may lie outside the map."""
SHRUNK = 0.75
"""Strays are left outside where all others would else be drawn at less than this of the size."""
ENOUGH = 1000
"""So many rows have strays; of fewer every one is shown."""
MOST_CONTEXT = 400
"""Extents, and origins of sorties, that may widen the frame."""
MOST_OPTIONS = 40
"""Actors that a reader can tick; the others are found by the search field."""
FEW_OPTIONS = 12
"""So many are taken in at a glance: they stand in the order of the colours."""
PROVINCES_KM = 1500.0
"""Provinces are drawn on maps narrower than this."""
SPOTS_ACROSS = 60
MOST_NAMES = 24
"""Places of the table that are named on the map, where there is room; the list has them all."""
WHOLE_WORLD = 300.0
"""A map so many degrees wide needs no other to say where it lies."""


def crowd(
    located: LocatedTable,
    story: Story,
    languages: Sequence[str],
    gazetteer: Gazetteer,
    *,
    basemap: bool = True,
    places: Sequence[Location] = (),
) -> Crowd:
    """What is drawn of the rows of `located`; `story` is what stands above them. Linear in the number of rows.

    `places` are those that the story's frame names, if it does.
    """
    return _Builder(located, story, tuple(languages), gazetteer, basemap, places).crowd()


class _Builder:
    def __init__(self, located: LocatedTable, story: Story, languages: tuple[str, ...], gazetteer: Gazetteer, basemap: bool,
                 places: Sequence[Location]) -> None:  # fmt: skip
        table = located.table
        self.stated = stated_frame(story, places)
        self.located, self.story, self.languages, self.gazetteer, self.basemap = located, story, languages, gazetteer, basemap
        self.order = _order(located)
        self.when = _filled(table.when, self.order, When("", "unknown"))
        self.kind = _filled(table.kind, self.order, Kind.STRIKE)
        self.status = _filled(table.status, self.order, Status.REPORTED)
        self.answer = located.answer[self.order]
        self.lon, self.lat = located.lon[self.order], located.lat[self.order]
        answers = located.answers
        self.placed = _flags(answers, lambda a: isinstance(a, Location))[self.answer]
        self.pinned = _flags(answers, lambda a: isinstance(a, Location) and a.precision.pinned)[self.answer]
        self.strike = _is(self.kind, Kind.STRIKE)
        self.crash = _is(self.kind, Kind.CRASH)
        self.told = ~_is(self.status, Status.RETRACTED)

    def crowd(self) -> Crowd:
        located, table = self.located, self.located.table
        actor = self.actors()
        slots = tuple(min(slot, OTHERS) for slot in range(len(actor.values)))
        west, width, south, north = self.extents()
        core, bounds, turn = framed(self.stated or self.core(west, width, south, north))
        view = framing.view(core, *LARGE)
        outcome = self.outcome(view, west, width, south, north)
        slot = np.array([*slots, OTHERS], np.uint8)[actor.codes]
        drawn = (outcome == PIN) | (outcome == AREA)
        hatched = (outcome == AREA) & self.told
        areas, shapes = self.areas(np.unique(self.answer[hatched]))
        hatch = _hatch(slot[hatched & ~self.crash])
        flights = self.flights()
        ends = self.ends(flights, drawn)
        ground = Ground(self.languages, self.gazetteer, self.basemap, turn)
        overview = None if bounds.east - bounds.west >= WHOLE_WORLD else ground.overview(core, [] if _holds(view, ends) else ends)
        base, labels, disputed = ground.base(core, bounds, view, self.taken(drawn & self.told, view, turn), overview, shapes)
        used = np.unique(slot[drawn & self.told & ~self.crash]).tolist()
        by_slot = {slot: LegendActor(actor.values[slot] if slot < min(OTHERS, len(actor.values)) else None, slot) for slot in used}
        precision = _precision(located, self.answer)
        return Crowd(
            story=self.story,
            located=located,
            languages=self.languages,
            order=self.order,
            when=self.when,
            kind=self.kind,
            status=self.status,
            precision=precision,
            actor=actor,
            slots=slots,
            outcome=outcome,
            flights=flights,
            counts=Counts(
                events=table.n + table.refused,
                pinned=int(self.pinned.sum()),
                areas=int((self.placed & ~self.pinned).sum()),
                unplaced=int((~self.placed).sum()),
                refused=table.refused,
                sorties=len(flights[0]),
                outside=int((outcome == OUTSIDE).sum()),
            ),
            actors=tuple(by_slot[slot] for slot in used),
            facets=tuple(_facets(actor, self.kind, self.status, precision)),
            keys=tuple(self.keys(outcome, hatched, areas, ends)),
            time=self.time(slot),
            areas=areas,
            hatch=hatch,
            frame={"core": box_of(core), "starts": self.starts(flights, drawn, turn), "bounds": box_of(bounds), "overview": overview},
            base=base,
            labels=(*labels, *self.names(drawn & self.pinned & self.told, turn)),
            shapes=shapes,
            disputed=disputed,
        )

    def actors(self) -> Coded[Actor]:
        """Actors by first appearance on the page."""
        column = self.located.table.actor
        if column is None:
            return Coded((), np.full(len(self.order), -1, np.int32))
        codes = column.codes[self.order]
        seen, first = np.unique(codes, return_index=True)
        found = seen[np.argsort(first, kind="stable")]
        found = found[found >= 0]
        to = np.full(len(column.values) + 1, -1, np.int32)
        to[found] = np.arange(len(found), dtype=np.int32)
        return Coded(tuple(column.values[code] for code in found), to[codes])

    # -- the frame ------------------------------------------------------------------------------------------------

    def extents(self) -> tuple[Floats, Floats, Floats, Floats]:
        """West, width, south and north of what each row covers, in degrees; NaN where it is not placed."""
        answers = self.located.answers
        radius = np.array([(a.drawn_radius_m or 0.0) if isinstance(a, Location) else 0.0 for a in answers])
        tall = np.degrees(radius / 6_371_008.8)[self.answer]
        wide = np.degrees(np.arcsin(np.minimum(1.0, np.radians(tall) / np.maximum(np.cos(np.radians(self.lat)), 1e-6))))
        west, width, south, north = self.lon - wide, 2 * wide, self.lat - tall, self.lat + tall
        for code, answer in enumerate(answers):
            if isinstance(answer, Location) and answer.outline:
                extent = extent_of_area(answer)
                of = self.answer == code
                west[of], width[of], south[of], north[of] = extent.west, extent.east - extent.west, extent.south, extent.north
        return west, width, south, north

    def core(self, *extents: Floats) -> Extent:
        """The extent that every width shows: strikes that are known finely, else what there is."""
        fine = _flags(self.located.answers, lambda a: isinstance(a, Location) and a.precision not in WIDE)[self.answer]
        among = self.placed
        chosen = next((rows for rows in (self.strike & fine, self.strike, fine) if (rows & among).any()), among) & among
        if not chosen.any():
            return NOWHERE
        west, width, south, north = (column[chosen] for column in extents)
        whole = framing.union_of(west, width, south, north)
        if len(west) >= ENOUGH:
            kept = _without_strays(whole, west, width, south, north)
            whole = framing.union_of(west[kept], width[kept], south[kept], north[kept])
        rest = among & ~chosen
        return framing.choose_core([whole], _distinct_extents(*(column[rest] for column in extents)))

    def outcome(self, view: Extent, west: Floats, width: Floats, south: Floats, north: Floats) -> NDArray[np.uint8]:
        shift = 360.0 * np.round(((view.west + view.east) / 2 - (west + width / 2)) / 360.0)
        with np.errstate(invalid="ignore"):
            seen = (west + shift <= view.east) & (west + shift + width >= view.west) & (south <= view.north) & (north >= view.south)
        found = np.where(seen, np.where(self.pinned, PIN, AREA), OUTSIDE)
        return np.where(self.placed, found, NOT_PLACED).astype(np.uint8)

    def taken(self, drawn: Flags, view: Extent, turn: Turn) -> Taken:
        answers = self.located.answers
        on_map = [answers[code] for code in np.unique(self.answer[drawn])]
        places = [answer for answer in on_map if isinstance(answer, Location)]
        cell = (view.east - view.west) / SPOTS_ACROSS
        rows = np.flatnonzero(drawn & self.pinned)
        cells = np.floor(self.lon[rows] / cell).astype(np.int64) * 1_000_000 + np.floor(self.lat[rows] / cell).astype(np.int64)
        _, first = np.unique(cells, return_index=True)
        struck = drawn & self.strike
        of_strikes = [answers[code] for code in np.unique(self.answer[struck if struck.any() else drawn])]
        near = framing.width_km(view) < PROVINCES_KM
        countries = {code for a in of_strikes if isinstance(a, Location) and a.precision not in WIDE for code in a.countries} if near else set()
        return Taken(
            any=bool(drawn.any()),
            countries=sorted(countries),
            places=frozenset(answer.place.id for answer in places if answer.place),
            spots=list(zip(self.lon[rows[first]].tolist(), self.lat[rows[first]].tolist(), strict=True)),
            seas=[answer.outline for answer in places if answer.precision is Precision.SEA and answer.outline],
        )

    def names(self, rows: Flags, turn: Turn) -> list[dict[str, Any]]:
        """Labels of the places that have the most events: by gazetteer entry, or by the table's own words for a position."""
        at = np.flatnonzero(rows)
        codes, first, counts = np.unique(self.answer[at], return_index=True, return_counts=True)
        found: dict[str, tuple[int, Location, int]] = {}
        for code, row, count in zip(codes.tolist(), at[first].tolist(), counts.tolist(), strict=True):
            answer = self.located.answers[code]
            assert isinstance(answer, Location)
            key = answer.place.id if answer.place else "\n".join(answer.name.values())
            if key:
                known = found.get(key)
                found[key] = (count + known[0], known[1], known[2]) if known else (count, answer, row)
        most = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))[:MOST_NAMES]
        return [
            label_of("place", text.place_names(answer, self.languages), [turn.at((self.lon[row], self.lat[row]))], rank)
            for rank, (_, (_, answer, row)) in enumerate(most)
        ]

    # -- what is hatched, and what is flown ---------------------------------------------------------------------------

    def areas(self, codes: NDArray[np.int32]) -> tuple[dict[int, Area], dict[str, str]]:
        areas: dict[int, Area] = {}
        shapes: dict[str, str] = {}
        for code in codes.tolist():
            answer = self.located.answers[code]
            assert isinstance(answer, Location)
            lon, lat = answer.position
            ref = drawn_outline(answer.outline) if answer.outline else f"circle:{lon},{lat},{answer.drawn_radius_m or 0.0}"
            known = next((name for name, other in shapes.items() if other == ref), None)
            name = known or (answer.place.id if answer.place and answer.place.id not in shapes else f"circle-{len(shapes) + 1}")
            shapes[name] = ref
            areas[code] = Area(name, real_boundary(answer.outline))
        return areas, shapes

    def flights(self) -> tuple[Ints, Ints, Ints]:
        row, code, number = self.located.flights
        if not len(row):
            return row, code, number
        place = np.empty(len(self.order), np.int32)
        place[self.order] = np.arange(len(self.order), dtype=np.int32)
        at = place[row]
        by = np.argsort(at, kind="stable")
        return at[by], code[by], number[by]

    def origins(self, code: Ints, number: Ints) -> tuple[Floats, Floats]:
        """Longitude and latitude of the origin of each flight."""
        found = self.located.origins
        size = np.array([len(answers) for answers in found], np.int64)
        begin = np.cumsum(size) - size
        spots = [answer.position if isinstance(answer, Location) else (np.nan, np.nan) for answers in found for answer in answers]
        at = np.array(spots, float).reshape(-1, 2)[begin[code] + number]
        return at[:, 0], at[:, 1]

    def ends(self, flights: tuple[Ints, Ints, Ints], drawn: Flags) -> list[Extent]:
        """The extent of all lines that end on the map, if there are any."""
        row, code, number = flights
        keep = drawn[row]
        if not keep.any():
            return []
        lon, lat = self.origins(code[keep], number[keep])
        to, up = self.lon[row[keep]], self.lat[row[keep]]
        lon = lon + 360.0 * np.round((to - lon) / 360.0)
        return [framing.union_of(np.minimum(lon, to), np.abs(lon - to), np.minimum(lat, up), np.maximum(lat, up))]

    def starts(self, flights: tuple[Ints, Ints, Ints], drawn: Flags, turn: Turn) -> list[list[float]]:
        """Where lines begin, the commonest places first."""
        row, code, number = flights
        keep = drawn[row]
        if not keep.any():
            return []
        spots, counts = np.unique(np.stack(self.origins(code[keep], number[keep])), axis=1, return_counts=True)
        best = np.argsort(-counts, kind="stable")[:MOST_CONTEXT]
        return [turn.at(point_of(spot)) for spot in spots[:, best].T.tolist()]

    # -- what is said -------------------------------------------------------------------------------------------------

    def keys(self, outcome: NDArray[np.uint8], hatched: Flags, areas: dict[int, Area], ends: Sequence[Extent]) -> list[str]:
        """What the legend explains: only what is on the map."""
        marks = (outcome == PIN) & self.told
        symbols = marks & ~self.crash
        answers = self.located.answers
        found = [status.value for status in (Status.DECLARED, Status.REPORTED, Status.CONTESTED) if (symbols & _is(self.status, status)).any()]
        on_map = [answers[code] for code in np.unique(self.answer[marks])]
        found += ["crash"] * bool((marks & self.crash).any())
        found += ["circle"] * any(isinstance(a, Location) and a.drawn_radius_m for a in on_map)
        found += ["unknown"] * any(isinstance(a, Location) and a.precision is Precision.NOT_STATED for a in on_map)
        struck = [answers[code] for code in np.unique(self.answer[hatched & self.strike])]
        if struck:
            rungs = {answer.precision for answer in struck if isinstance(answer, Location)}
            found.append("hatched_province" if rungs == {Precision.GOVERNORATE} else "hatched")
        found += ["dashed"] * any(not area.solid for area in areas.values())
        found += ["crash_area"] * bool((hatched & self.crash).any())
        found += ["context_area"] * bool((hatched & ~self.crash & ~self.strike).any())
        found += ["pile"] * bool(marks.sum() > 1)
        found += ["stream"] * bool(ends)
        return found + ["coarsened"] * bool(self.story.coarsen)

    def time(self, slot: NDArray[np.uint8]) -> Timeline | None:
        from geo.scene.events import INK

        tone = np.where(self.crash, INK, slot).astype(np.int64)
        pairs, counts = np.unique(self.when.codes.astype(np.int64) * 8 + tone, return_counts=True)
        return histogram([(self.when.values[pair >> 3], pair & 7) for pair in pairs.tolist()], counts.tolist())


def _holds(view: Extent, extents: Sequence[Extent]) -> bool:
    """Whether nothing of `extents` lies outside `view`."""
    near = [framing.shift_near(extent, (view.west + view.east) / 2) for extent in extents]
    return all(view.west <= e.west and e.east <= view.east and view.south <= e.south and e.north <= view.north for e in near)


def _order(located: LocatedTable) -> Ints:
    """Rows by first day, then last, then time, then id; the undated last, an open start first."""
    table = located.table
    first, last = table.days
    undated = (first == NO_DAY) & (last == NO_DAY)
    late = np.iinfo(np.int32).max
    first, last = np.where(undated, late, first), np.where(last == NO_DAY, late, last)
    keys: list[Any] = [last, first]
    if table.time is not None:
        keys.insert(0, np.where(undated, 0, _rank(table.time)))
    if not table.id.empty:
        keys.insert(0, _rank(table.id))
    return np.lexsort(keys).astype(np.int32)


def _rank(column: Coded[str]) -> NDArray[np.int64]:
    """Where each row's text stands in the order of code points; 0 for no text."""
    by = sorted(range(len(column.values)), key=column.values.__getitem__)
    to = np.zeros(len(column.values) + 1, np.int64)
    to[by] = np.arange(1, len(by) + 1)
    return to[column.codes]


def _filled(column: Coded[T], order: Ints, default: T) -> Coded[T]:
    """A column by page row, with `default` where there is no value."""
    codes = column.codes[order]
    if (codes >= 0).all():
        return Coded(column.values, codes)
    if default in column.values:
        return Coded(column.values, np.where(codes < 0, np.int32(column.values.index(default)), codes))
    return Coded((*column.values, default), np.where(codes < 0, np.int32(len(column.values)), codes))


def _flags(values: Sequence[Any], test: Any) -> Flags:
    return np.array([bool(test(value)) for value in values], bool)


def _is(column: Coded[T], value: T) -> Flags:
    return _flags(column.values, lambda other: other is value)[column.codes] if column.values else np.zeros(len(column), bool)


def _precision(located: LocatedTable, answer: Ints) -> Coded[str]:
    return Coded(
        tuple(a.precision.value if isinstance(a, Location) else UNPLACED for a in located.answers), answer
    ).map(lambda value: value)


def _hatch(slots: NDArray[np.uint8]) -> dict[int, int]:
    """Angle of the hatch of each actor that is known by area, by first appearance; a third has no angle of its own."""
    seen, first = np.unique(slots, return_index=True)
    return {int(seen[at]): 45 if not number else 135 for number, at in enumerate(np.argsort(first).tolist()[:2])}


def _without_strays(whole: Extent, west: Floats, width: Floats, south: Floats, north: Floats) -> Flags:
    """Rows that are shown: all of them, but for a few so far off that the others would be drawn much smaller."""
    x = (west + width / 2 - whole.west) % 360.0
    y = np.degrees(np.arcsinh(np.tan(np.radians(np.clip((south + north) / 2, -framing.MAX_LAT, framing.MAX_LAT)))))
    (left, right), (bottom, top) = (np.quantile(of, (STRAYS, 1 - STRAYS)) for of in (x, y))
    if hypot(right - left, top - bottom) >= SHRUNK * hypot(*framing.span(whole)):
        return np.ones(len(x), bool)
    across, up = (right - left) / 4, (top - bottom) / 4
    kept: Flags = (x >= left - across) & (x <= right + across) & (y >= bottom - up) & (y <= top + up)
    return kept


def _distinct_extents(west: Floats, width: Floats, south: Floats, north: Floats) -> list[Extent]:
    """The commonest extents, to a tenth of a degree."""
    if not len(west):
        return []
    boxes = np.stack([np.floor(west * 10), np.floor(south * 10), np.ceil((west + width) * 10), np.ceil(north * 10)])
    distinct, counts = np.unique(boxes, axis=1, return_counts=True)
    best = np.argsort(-counts, kind="stable")[:MOST_CONTEXT]
    return [Extent(*(float(value) / 10 for value in box)) for box in distinct[:, best].T.tolist()]


def _facets(actor: Coded[Actor], kind: Coded[Kind], status: Coded[Status], precision: Coded[str]) -> list[Facet]:
    """What there is to filter by: only where rows differ; where they differ in nothing, their kind."""
    named = [a.id for a in actor.values] + [""] * bool((actor.codes < 0).any())
    counts = [*actor.counts().tolist(), int((actor.codes < 0).sum())]
    # Many are looked through from the commonest on; none stands last.
    commonest = sorted(range(len(named)), key=lambda n: -counts[n])[:MOST_OPTIONS]
    commonest.sort(key=lambda n: (not named[n], n if len(named) <= FEW_OPTIONS else 0))
    columns: dict[str, list[tuple[int, str]]] = {
        "actor": [(n, named[n]) for n in commonest],
        "kind": list(enumerate(_by_appearance(kind.map(lambda k: k.value)))),
        "status": list(enumerate(sorted(_used(status.map(lambda s: s.value)), key=ORDER["status"].index))),
        "precision": list(enumerate(sorted(_used(precision), key=ORDER["precision"].index))),
    }
    differing = [name for name, values in columns.items() if len(values) > 1] or ["kind"]
    return [
        Facet(name, FACET_KEYS.get(name, f"field.{name}"), tuple(Option(value, option_key(name, value, n)) for n, value in columns[name]),
              len(named) - len(commonest) if name == "actor" else 0)
        for name in differing
    ]  # fmt: skip


def _used(column: Coded[str]) -> list[str]:
    return [column.values[code] for code in np.unique(column.codes).tolist()]


def _by_appearance(column: Coded[str]) -> list[str]:
    seen, first = np.unique(column.codes, return_index=True)
    return [column.values[code] for code in seen[np.argsort(first, kind="stable")].tolist()]

