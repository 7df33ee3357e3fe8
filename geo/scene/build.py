"""A located story → the scene: what is drawn, where, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import hypot
from typing import Any, Protocol
from unicodedata import combining, normalize

from geo.geometry import frame as framing
from geo.geometry.frame import Extent
from geo.model import (
    Actor,
    Box,
    Event,
    Kind,
    LocatedStory,
    Location,
    Place,
    Precision,
    Sortie,
    Status,
    Text,
    Unplaced,
)
from geo.scene import text
from geo.scene.scene import Counts, Entry, LegendActor, Scene
from geo.scene.style import OTHERS, line_width

GRID_PX = 1 / 32
"""The base map's grid, in px of the largest nominal frame: still finer than a pixel after four steps of zoom."""

DIGITS = 5
"""Positions in the scene: 1e-5° is 1.1 m."""

LARGE = (1280.0, 720.0, 32.0)
"""Width, height and margin of the largest nominal frame; the page recomposes for others."""
SHAPES_OF_FRAME = (LARGE, (768.0, 576.0, 24.0), (320.0, 400.0, 16.0))

COASTS = 4
"""Pieces of coarse land that an overview shows at least."""
CITY_LABELS = 32
# GeoNames writes the names of these countries in scholarly romanisation, which no newspaper prints.
ROMANISED = frozenset("SY IQ YE LY LB JO EG PS SA KW QA BH AE OM SD TN DZ MA IR AF PK".split())
WIDE = {Precision.COUNTRY, Precision.REGION, Precision.SEA}


class Gazetteer(Protocol):
    """What the scene asks of the gazetteer for its labels."""

    def cities_in(self, box: Box, limit: int) -> Sequence[Place]: ...
    def seas_in(self, box: Box) -> Sequence[Place]: ...


def build(
    located: LocatedStory,
    languages: Sequence[str],
    gazetteer: Gazetteer,
    *,
    basemap: bool = True,
    refused: int = 0,
) -> Scene:
    """The scene of `located` with its words in `languages` (the first is the page's own).

    `basemap=False` draws marks only. Raises KeyError for a language that has no words file.
    """
    return _Builder(located, tuple(languages), gazetteer, basemap, refused).scene()


def order(event: Event) -> tuple[date, date, str, str]:
    """Sort key of an event: by its first day, then its last; an open start comes first, the undated last."""
    when = event.date
    if when.first is None and when.last is None:
        return (date.max, date.max, "", event.id)
    return (when.first or date.min, when.last or date.max, event.time or "", event.id)


class _Builder:
    def __init__(
        self, located: LocatedStory, languages: tuple[str, ...], gazetteer: Gazetteer, basemap: bool, refused: int
    ) -> None:
        self.located, self.languages, self.gazetteer = located, languages, gazetteer
        self.story, self.with_base, self.refused = located.story, basemap, refused
        self.events = sorted(self.story.events, key=order)
        self.outlines: dict[str, str] = {}
        self.middle = 0.0

    # -- the parts in their order -----------------------------------------------------------------------------

    def scene(self) -> Scene:
        slots = self.slots()
        extents = {event.id: self.extent(event) for event in self.events}
        core, bounds = self.frame(extents)
        large_view = framing.view(core, *LARGE)
        entries = self.entries(slots, extents, large_view)
        drawn = [entry for entry in entries if entry.on_map and entry.event.status is not Status.RETRACTED]
        shapes: dict[str, str] = {}
        sites, site_of = self.sites(drawn)
        marks = [self.mark(entry, site_of[entry.event.id], shapes) for entry in drawn if entry.placement == "pinned"]
        areas = self.areas(drawn, site_of, shapes)
        origins, sorties = self.lines(drawn, site_of, shapes)
        starts = [line["path"][0] for line in sorties]
        overview = self.overview(core, sorties)
        base, labels, disputed = self.base(core, bounds, large_view, drawn, overview, shapes)
        # A crash is drawn in ink, whoever it befell: it brings no colour to the key.
        used = {entry.slot for entry in drawn if entry.event.kind is not Kind.CRASH}
        actors: dict[int, LegendActor] = {}
        for entry in drawn:
            known = entry.event.actor if entry.slot != OTHERS else None
            actors.setdefault(entry.slot, LegendActor(known, entry.slot))
        counted = [entry.placement for entry in entries]
        return Scene(
            story=self.story,
            languages=self.languages,
            entries=tuple(entries),
            actors=tuple(actors[slot] for slot in sorted(used)),
            counts=Counts(
                events=len(entries) + self.refused,
                pinned=counted.count("pinned"),
                areas=counted.count("area"),
                unplaced=counted.count("unplaced"),
                refused=self.refused,
                sorties=len(self.located.sorties),
                outside=sum(1 for entry in entries if entry.placement != "unplaced" and not entry.on_map),
            ),
            sites=tuple(sites),
            marks=tuple(marks),
            areas=tuple(areas),
            origins=tuple(origins),
            sorties=tuple(sorties),
            labels=tuple(labels),
            frame={
                "core": _box(core),
                "starts": starts,
                "bounds": _box(bounds),
                "overview": overview,
            },
            base=base,
            disputed=disputed,
            has_numbers=any(mark["n"] for mark in marks),
            shapes=self.outlines,
            attributions=self.located.attributions,
        )

    def slots(self) -> dict[str, int]:
        """Actor id → slot, by first appearance in time; the seventh actor and later share the last slot."""
        found: dict[str, int] = {}
        for event in self.events:
            if event.actor and event.actor.id not in found:
                found[event.actor.id] = min(len(found), OTHERS)
        return found

    def extent(self, event: Event) -> Extent | None:
        answer = self.located.where[event.id]
        if isinstance(answer, Unplaced):
            return None
        return self.extent_of(answer)

    def extent_of(self, location: Location) -> Extent:
        lon, lat = location.position
        if location.outline:
            return _extent(self.outline(location.outline))
        return framing.circle_extent(lon, lat, location.drawn_radius_m or 0.0)

    def outline(self, ref: str) -> Any:
        from geo.geometry import areas

        return areas.outline(ref)

    def frame(self, extents: Mapping[str, Extent | None]) -> tuple[Extent, Extent]:
        """The core that every width shows, and the bounds of the detailed base map."""
        core = self.stated_frame() or self.chosen_frame(extents)
        wide = framing.pad(framing.view(core, *LARGE), 0.3)
        # A phone's view is higher than wide: its ground, too, has to reach the edge.
        bounds = framing.union([wide, *(framing.view(core, *shape) for shape in SHAPES_OF_FRAME)])
        turn = 360.0 * ((bounds.west + 180.0) // 360.0)
        self.middle = (bounds.west + bounds.east) / 2 - turn
        return framing.shift_near(core, self.middle), framing.shift_near(bounds, self.middle)

    def at(self, position: Sequence[float]) -> list[float]:
        """A position, rounded, on the turn of the globe that the frame is on."""
        lon, lat = _point(position)
        return [round(lon + 360.0 * round((self.middle - lon) / 360.0), DIGITS), lat]

    def course(self, path: Sequence[Sequence[float]]) -> list[list[float]]:
        """A line on the frame's turn of the globe, in one piece."""
        shift = self.at(path[-1])[0] - _point(path[-1])[0]
        return [[round(lon + shift, DIGITS), lat] for lon, lat in path]

    def stated_frame(self) -> Extent | None:
        stated = self.story.frame
        if stated is None:
            return None
        if isinstance(stated, Box):
            east = stated.east if stated.east > stated.west else stated.east + 360
            return framing.grow_to(Extent(stated.west, stated.south, east, stated.north), 0.2)
        found = [self.extent_of(place) for place in self.located.frame_places]
        return framing.grow_to(framing.union(found), framing.MIN_SPAN_DEG) if found else None

    def chosen_frame(self, extents: Mapping[str, Extent | None]) -> Extent:
        placed = [(event, extents[event.id]) for event in self.events if extents[event.id] is not None]
        if not placed:
            return Extent(-60.0, -40.0, 150.0, 65.0)

        def fine(event: Event) -> bool:
            answer = self.located.where[event.id]
            return isinstance(answer, Location) and answer.precision not in WIDE

        strikes = [e for event, e in placed if e and event.kind is Kind.STRIKE and fine(event)]
        core = strikes or [e for event, e in placed if e and event.kind is Kind.STRIKE] or [
            e for event, e in placed if e and fine(event)
        ] or [e for _, e in placed if e]  # fmt: skip
        inside = set(core)
        return framing.choose_core(core, [e for _, e in placed if e and e not in inside])

    def entries(
        self, slots: Mapping[str, int], extents: Mapping[str, Extent | None], view: Extent
    ) -> list[Entry]:
        lines: dict[str, list[Sortie]] = {}
        for sortie in self.located.sorties:
            lines.setdefault(sortie.event, []).append(sortie)
        lost: dict[str, list[Unplaced]] = {}
        for event_id, unknown in self.located.unplaced_origins:
            lost.setdefault(event_id, []).append(unknown)
        entries = []
        for number, event in enumerate(self.events, start=1):
            answer = self.located.where[event.id]
            extent = extents[event.id]
            placement = (
                "unplaced" if isinstance(answer, Unplaced) else "pinned" if answer.precision.pinned else "area"
            )
            entries.append(
                Entry(
                    number=number,
                    event=event,
                    answer=answer,
                    placement=placement,
                    on_map=extent is not None and framing.intersects(view, extent),
                    slot=slots[event.actor.id] if event.actor else OTHERS,
                    sorties=tuple(lines.get(event.id, ())),
                    unplaced_origins=tuple(lost.get(event.id, ())),
                )
            )
        return entries

    def sites(self, drawn: Sequence[Entry]) -> tuple[list[dict[str, Any]], dict[str, int]]:
        groups: dict[tuple[Any, ...], list[Entry]] = {}
        for entry in drawn:
            answer = entry.answer
            assert isinstance(answer, Location)
            lon, lat = _point(answer.position)
            key = (entry.placement, lon, lat, answer.outline or "", answer.drawn_radius_m or 0)
            groups.setdefault(key, []).append(entry)
        sites, site_of = [], {}
        for index, members in enumerate(groups.values()):
            first = members[0].answer
            assert isinstance(first, Location)
            for member in members:
                site_of[member.event.id] = index
            sites.append(
                {
                    "place": _place_key(first),
                    "at": self.at(first.position),
                    "names": text.place_names(first, self.languages),
                    "sub": text.site_sub([member.event for member in members], self.languages),
                    "events": [member.event.id for member in members],
                    "area": members[0].placement == "area",
                }
            )
        return sites, site_of

    def mark(self, entry: Entry, site: int, shapes: dict[str, str]) -> dict[str, Any]:
        answer, event = entry.answer, entry.event
        assert isinstance(answer, Location)
        strikes = event.strikes
        low = strikes.low if strikes and strikes.low is not None else strikes.high if strikes else None
        high = strikes.high if strikes and strikes.high is not None else low
        return {
            "id": event.id,
            "site": site,
            "kind": event.kind.value,
            "at": self.at(answer.position),
            "precision": answer.precision.value,
            "radius_m": _metres(answer.drawn_radius_m),
            "shape": self.shape(answer, shapes) if answer.outline else None,
            "slot": entry.slot,
            "status": event.status.value,
            "n": None if low is None or high is None else [low, high],
        }

    def areas(
        self, drawn: Sequence[Entry], site_of: Mapping[str, int], shapes: dict[str, str]
    ) -> list[dict[str, Any]]:
        angles: dict[int, int] = {}
        found = []
        for entry in drawn:
            if entry.placement != "area":
                continue
            answer = entry.answer
            assert isinstance(answer, Location)
            crash = entry.event.kind is Kind.CRASH
            if not crash and entry.slot not in angles:
                angles[entry.slot] = 45 if not angles else 135
            # A third actor that is known by area only is told apart by its name: two hatch directions read, not three.
            slot = entry.slot if crash or list(angles).index(entry.slot) < 2 else OTHERS
            found.append(
                {
                    "id": entry.event.id,
                    "site": site_of[entry.event.id],
                    "kind": entry.event.kind.value,
                    "shape": self.shape(answer, shapes),
                    "slot": slot,
                    "solid": _real_boundary(answer.outline),
                    "angle": 45 if crash else angles[entry.slot],
                    "status": entry.event.status.value,
                }
            )
        return found

    def shape(self, location: Location, shapes: dict[str, str]) -> str:
        """Id of the location's outline, whose reference is kept for the base map."""
        name = location.place.id if location.place else f"circle-{len(shapes) + 1}"
        if name not in shapes:
            lon, lat = location.position
            drawn = _drawn(location.outline) if location.outline else f"circle:{lon},{lat},{location.drawn_radius_m or 0.0}"
            shapes[name] = drawn
            self.outlines[name] = drawn
        return name

    def lines(
        self, drawn: Sequence[Entry], site_of: Mapping[str, int], shapes: dict[str, str]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        origins: dict[str, dict[str, Any]] = {}
        sorties = []
        courses: dict[tuple[Any, ...], list[list[float]]] = {}

        def course(sortie: Sortie) -> list[list[float]]:
            """A pair of places that was flown a thousand times has one geodesic."""
            key = tuple((end.position, end.outline, end.drawn_radius_m) for end in (sortie.origin, sortie.target))
            if key not in courses:
                courses[key] = self.course(sortie_path(sortie))
            return courses[key]

        for entry in drawn:
            event = entry.event
            paths = [(sortie, course(sortie)) for sortie in entry.sorties]
            # The mission's number is written once, on the longer line.
            longest = max(paths, key=lambda pair: (_length(pair[1]), pair[0].id), default=(None, None))[0]
            alone = len(paths) == 1
            for sortie, path in paths:
                origin = sortie.origin
                area = not origin.precision.pinned
                key = _place_key(origin)
                if key not in origins:
                    origins[key] = {
                        "place": key,
                        "shape": self.shape(origin, shapes) if area else None,
                        "at": self.at(origin.position),
                        "names": text.place_names(origin, self.languages),
                        "slot": entry.slot,
                    }
                count = event.aircraft_count
                stated = count.low if alone and count and count.low == count.high else None
                sorties.append(
                    {
                        "id": sortie.id,
                        "event": event.id,
                        "mission": sortie.mission,
                        "origin": key,
                        "site": site_of[event.id],
                        "slot": entry.slot,
                        "path": path,
                        "width": line_width(stated),
                        "fromArea": area,
                        "label": text.sortie_label(event, self.languages) if sortie is longest else None,
                        "cropLabel": text.crop_label(origin, self.languages),
                    }
                )
        return list(origins.values()), sorties

    def overview(self, core: Extent, sorties: Sequence[Mapping[str, Any]]) -> list[float] | None:
        """Extent of the overview inset: the core with every line, in a part of the world a reader knows."""
        if not sorties and framing.square_km(core) >= 1500:
            return None
        extents = [core] + [
            Extent(
                min(p[0] for p in line["path"]), min(p[1] for p in line["path"]),
                max(p[0] for p in line["path"]), max(p[1] for p in line["path"]),
            )
            for line in sorties
        ]  # fmt: skip
        box = framing.grow_to(framing.pad(framing.union(extents), 0.3), 45.0)
        if self.with_base:
            from geo.geometry import basemap

            # A part of the world that a reader knows: on the open ocean the inset reaches for the next coasts.
            while len(basemap.world(_box(box))) < COASTS and box.east - box.west < 200:
                box = framing.pad(box, 0.15)
        return _box(box)

    def base(
        self,
        core: Extent,
        bounds: Extent,
        view: Extent,
        drawn: Sequence[Entry],
        overview: Sequence[float] | None,
        shapes: Mapping[str, str],
    ) -> tuple[dict[str, Any], list[dict[str, Any]], bool]:
        from geo.geometry import basemap

        px = (view.east - view.west) / LARGE[0]
        tolerance = round(max(0.0005, px * 0.45), 5)
        limits = _box(bounds)
        layers: list[tuple[str, str, Any]] = []
        labels: list[dict[str, Any]] = []
        disputed = False
        if self.with_base and not drawn:
            # Nothing is on the map: coarse land says where it would be.
            layers.append(("land", "polygon", basemap.world(limits)))
        elif self.with_base:
            countries = _countries(drawn)
            clipped = basemap.clip(limits, tolerance, countries)
            layers += clipped.layers()
            layers.append(("world", "polygon", basemap.world(_wide(overview) if overview else limits)))
            disputed = bool(clipped.disputed)
            labels = self.labels(core, view, drawn, countries, clipped.rivers)
        for name in sorted(shapes):
            layers.append((f"shape:{name}", "polygon", basemap.clip_outline(shapes[name], limits, tolerance)))
        return basemap.encode(layers, min(100_000, max(100, round(1 / (px * GRID_PX))))), labels, disputed

    def labels(
        self, core: Extent, view: Extent, drawn: Sequence[Entry], countries: Sequence[str], rivers: Sequence[Any]
    ) -> list[dict[str, Any]]:
        from geo.geometry import basemap

        boxes = [_box(framing.view(core, *shape)) for shape in SHAPES_OF_FRAME]
        own = {entry.answer.place.id for entry in drawn if isinstance(entry.answer, Location) and entry.answer.place}
        labels: list[dict[str, Any]] = []
        found = basemap.country_spots(boxes)
        for code in sorted(found, key=lambda code: (-_room(found[code]), code)):
            names = (
                text.names_of(basemap.case_names(code), self.languages)
                if code.startswith("case:")
                else text.country_names(code, self.languages)
            )
            self.spots("country", names, found[code], labels)
        found = basemap.province_spots(countries, boxes)
        # A unit with ~ in its code is a remainder of the data (a buffer zone), not a province.
        for unit in sorted((unit for unit in found if "~" not in unit), key=lambda unit: (-_room(found[unit]), unit)):
            self.spots("province", text.names_of(basemap.province_names(unit), self.languages), found[unit], labels)
        wide = Box(*_box(framing.pad(view, 0.2)))
        for rank, (sea, points) in enumerate(self.seas(boxes, own, drawn)):
            labels.append(_label("sea", text.names_of_place(sea, self.languages), points, rank))
        named = [river for river in rivers if river.names]
        for rank, river in enumerate(sorted(named, key=lambda river: (-sum(map(len, river.lines)), str(river.names)))):
            course = max(river.lines, key=len)
            labels.append(_label("river", text.names_of(river.names, self.languages), course[:: 1 + len(course) // 60], rank))
        for rank, city in enumerate(self.cities(wide, own, drawn)):
            names = text.names_of_place(city, self.languages)
            if city.id.startswith("gn:") and ROMANISED.intersection(city.countries):
                names = {lang: _plain_latin(name) for lang, name in names.items()}
            # A town that is there for orientation only is left out where its name would be in foreign letters.
            names = {lang: name if text.readable(name, lang) else "" for lang, name in names.items()}
            if any(names.values()):
                labels.append(_label("city", names, [self.at(city.position)], rank, capital=city.capital))
        return labels

    def cities(self, box: Box, own: set[str], drawn: Sequence[Entry]) -> list[Place]:
        """Towns a reader may know, capitals first; a suburb gives way to its city and to the story's own places."""
        spots = [entry.answer.position for entry in drawn if isinstance(entry.answer, Location)
                 and entry.placement == "pinned"]  # fmt: skip
        apart = (box.east - box.west) / 60
        kept: list[Place] = []
        found = [city for city in self.gazetteer.cities_in(box, 4 * CITY_LABELS) if city.id not in own]
        for city in sorted(found, key=lambda c: (not c.capital, c.id.startswith("gn:"), -c.population, c.id)):
            lon, lat = city.position
            if all(hypot(lon - x, lat - y) >= apart for x, y in [*spots, *(place.position for place in kept)]):
                kept.append(city)
        return kept[:CITY_LABELS]

    def spots(self, role: str, names: Any, spots: Sequence[Any], labels: list[dict[str, Any]]) -> None:
        """A label that may stand at the roomiest spot of each nominal view."""
        found = sorted((spot for spot in spots if spot), key=lambda spot: -spot.room)
        if names and found:
            points = _distinct([_point((spot.lon, spot.lat)) for spot in found])
            labels.append(_label(role, names, points, len(labels), room=found[0].room))

    def seas(
        self, boxes: Sequence[Sequence[float]], own: set[str], drawn: Sequence[Entry]
    ) -> list[tuple[Place, list[list[float]]]]:
        """Seas in view, the largest first, each with its inner points within the nominal views.

        One water has one name: a part that is most of what is seen of its sea gives way to it, another keeps its
        water for itself; and the story's own sea is named by its event.
        """
        from shapely.geometry import Point

        from geo.geometry import areas, shapes

        water = areas.water(boxes[0])
        seen: list[tuple[float, Place, Any]] = []
        for sea in self.gazetteer.seas_in(Box(-180.0, -90.0, 180.0, 90.0)):
            if sea.id not in own and sea.outline and sea.outline.startswith("sea:"):
                part = areas.polygonal(areas.hull(sea.outline[4:]).intersection(water))
                if not part.is_empty:
                    seen.append((part.area, sea, part))
        seen.sort(key=lambda item: (-item[0], item[1].id))
        kept: list[tuple[float, Place, Any]] = []
        for size, sea, part in seen:
            inside = [n for n, (_, _, large) in enumerate(kept) if large.intersection(part).area > 0.8 * size]
            if any(size > 0.5 * kept[n][0] for n in inside):
                continue
            for n in inside:
                area, larger, large = kept[n]
                kept[n] = area, larger, areas.polygonal(large.difference(part))
            kept.append((size, sea, part))
        taken = [self.outline(entry.answer.outline) for entry in drawn if isinstance(entry.answer, Location)
                 and entry.answer.precision is Precision.SEA and entry.answer.outline]  # fmt: skip
        found = []
        for _, sea, part in kept:
            clipped = [shapes.within(part, box) for box in boxes]
            inner = [areas.inner_point(piece) for piece in clipped if piece is not None]
            points = [self.at(point) for point in inner if not any(area.intersects(Point(point)) for area in taken)]
            if points:
                found.append((sea, _distinct(points)))
        return found


def sortie_path(sortie: Sortie) -> list[list[float]]:
    """The geodesic from the edge of the origin to the edge of the target, unwrapped and rounded."""
    from geo.geometry import arcs, areas

    origin, target = sortie.origin, sortie.target
    line = arcs.sortie_line(
        origin.position,
        areas.outline(origin.outline) if origin.outline else None,
        origin.drawn_radius_m,
        target.position,
        target.drawn_radius_m,
        areas.outline(target.outline) if target.outline else None,
    )
    return [_point(point) for point in line]


def _label(role: str, names: Any, points: Iterable[Any], rank: int, *, room: float | None = None,
           capital: bool = False) -> dict[str, Any]:  # fmt: skip
    label: dict[str, Any] = {"role": role, "names": names, "at": [_point(p) for p in points], "rank": rank}
    if capital:
        label["capital"] = True
    if room is not None:
        label["room"] = round(room, 2)
    return label


def _real_boundary(ref: str | None) -> bool:
    """Whether an outline follows boundaries that exist, rather than a stated circle."""
    return bool(ref) and not str(ref).startswith("circle:")


def _drawn(ref: str) -> str:
    """The outline that is drawn: a country without what it claims, where it has land that nobody disputes."""
    from geo.geometry import areas

    if not ref.startswith("country:"):
        return ref
    own = ref.replace("country:", "undisputed:", 1)
    try:
        areas.outline(own)
    except areas.UnknownArea:
        return ref
    return own


def _extent(geom: Any) -> Extent:
    """Extent of an outline; one that was cut at ±180 is taken as one piece again."""
    parts = [Extent(*part.bounds) for part in getattr(geom, "geoms", [geom])]
    west, south, east, north = geom.bounds
    if east - west > 180 and len(parts) > 1:
        return framing.union(parts)
    return Extent(west, south, east, north)


def _point(position: Sequence[float]) -> list[float]:
    return [round(float(position[0]), DIGITS) + 0.0, round(float(position[1]), DIGITS) + 0.0]


def _box(extent: Sequence[float]) -> list[float]:
    west, south, east, north = (round(float(value), 3) + 0.0 for value in extent)
    # Rounding must not make the world wider than it is.
    return [west, south, min(east, round(west + 360.0, 3)), north]


def _metres(radius: float | None) -> float | None:
    return None if radius is None else round(radius)


def _length(path: Sequence[Sequence[float]]) -> float:
    return sum(hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(path, path[1:], strict=False))


def _plain_latin(name: Any) -> Any:
    """A romanised name without the signs of the scholarly systems: Al Aḩmadī → Al Ahmadi.

    A name that some language has for its own keeps its accents: Koweït, Túnez.
    """
    if isinstance(name, str) or name[1] != "und":
        return name
    bare = (c for c in normalize("NFD", name[0]) if not combining(c) and c not in "ʿʾʻʼ’‘")
    return normalize("NFC", "".join(bare)), name[1]


def _countries(drawn: Sequence[Entry]) -> list[str]:
    """Countries whose provinces are shown: those of the strikes, or of all events where nothing was struck."""
    strikes = [entry for entry in drawn if entry.event.kind is Kind.STRIKE]
    return sorted(
        {code for entry in strikes or drawn if isinstance(entry.answer, Location) and entry.answer.precision not in WIDE
         for code in entry.answer.countries}
    )  # fmt: skip


def _wide(box: Sequence[float]) -> list[float]:
    """A box with room for an inset of another shape."""
    return _box(framing.pad(Extent(*box), 0.5))


def _place_key(location: Location) -> str:
    """The same for an origin and a target that lie at the same place."""
    if location.place:
        return location.place.id
    return "{},{}".format(*_point(location.position))


def _room(spots: Sequence[Any]) -> float:
    return max((spot.room for spot in spots if spot), default=0.0)


def _distinct(points: Iterable[list[float]]) -> list[list[float]]:
    return [list(p) for p in dict.fromkeys(tuple(p) for p in points)]


__all__ = ["Actor", "Text", "build", "order", "sortie_path"]
