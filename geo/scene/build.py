"""A located story → the scene: what is drawn, where, in which order, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import hypot
from typing import Any

from geo.geometry import frame as framing
from geo.geometry.frame import Extent
from geo.model import (
    Actor,
    Box,
    Event,
    Kind,
    LocatedStory,
    Location,
    Precision,
    Sortie,
    Status,
    Story,
    Text,
    Unplaced,
)
from geo.scene import text
from geo.scene.ground import DIGITS, LARGE, NOWHERE, Gazetteer, Ground, Taken, Turn, box_of, framed, point_of
from geo.scene.scene import Counts, Entry, LegendActor, Scene
from geo.scene.style import OTHERS, line_width

WIDE = {Precision.COUNTRY, Precision.REGION, Precision.SEA}


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
        self.turn = Turn(0.0)

    # -- the parts in their order -----------------------------------------------------------------------------

    def scene(self) -> Scene:
        slots = self.slots()
        extents = {event.id: self.extent(event) for event in self.events}
        core, bounds, self.turn = framed(stated_frame(self.story, self.located.frame_places) or self.chosen_frame(extents))
        large_view = framing.view(core, *LARGE)
        entries = self.entries(slots, extents, large_view)
        drawn = [entry for entry in entries if entry.on_map and entry.event.status is not Status.RETRACTED]
        shapes: dict[str, str] = {}
        sites, site_of = self.sites(drawn)
        marks = [self.mark(entry, site_of[entry.event.id], shapes) for entry in drawn if entry.placement == "pinned"]
        areas = self.areas(drawn, site_of, shapes)
        origins, sorties = self.lines(drawn, site_of, shapes)
        starts = [line["path"][0] for line in sorties]
        ground = Ground(self.languages, self.gazetteer, self.with_base, self.turn)
        overview = ground.overview(core, [_reach(line["path"]) for line in sorties])
        base, labels, disputed = ground.base(core, bounds, large_view, _taken(drawn), overview, shapes)
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
                "core": box_of(core),
                "starts": starts,
                "bounds": box_of(bounds),
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
        return extent_of_area(answer)

    def course(self, path: Sequence[Sequence[float]]) -> list[list[float]]:
        """A line on the frame's turn of the globe, in one piece."""
        shift = self.turn.at(path[-1])[0] - point_of(path[-1])[0]
        return [[round(lon + shift, DIGITS), lat] for lon, lat in path]

    def chosen_frame(self, extents: Mapping[str, Extent | None]) -> Extent:
        placed = [(event, extents[event.id]) for event in self.events if extents[event.id] is not None]
        if not placed:
            return NOWHERE

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
            lon, lat = point_of(answer.position)
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
                    "at": self.turn.at(first.position),
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
            "at": self.turn.at(answer.position),
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
                    "solid": real_boundary(answer.outline),
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
            drawn = drawn_outline(location.outline) if location.outline else f"circle:{lon},{lat},{location.drawn_radius_m or 0.0}"
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
                        "at": self.turn.at(origin.position),
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


def _taken(drawn: Sequence[Entry]) -> Taken:
    answers = [(entry.answer, entry.placement) for entry in drawn if isinstance(entry.answer, Location)]
    return Taken(
        any=bool(drawn),
        countries=_countries(drawn),
        places=frozenset(answer.place.id for answer, _ in answers if answer.place),
        spots=[answer.position for answer, placement in answers if placement == "pinned"],
        seas=[answer.outline for answer, _ in answers if answer.precision is Precision.SEA and answer.outline],
    )


def _reach(path: Sequence[Sequence[float]]) -> Extent:
    lons, lats = [p[0] for p in path], [p[1] for p in path]
    return Extent(min(lons), min(lats), max(lons), max(lats))


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
    return [point_of(point) for point in line]


def real_boundary(ref: str | None) -> bool:
    """Whether an outline follows boundaries that exist, rather than a stated circle."""
    return bool(ref) and not str(ref).startswith("circle:")


def drawn_outline(ref: str) -> str:
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


def stated_frame(story: Story, places: Sequence[Location]) -> Extent | None:
    """What the story itself says is to be shown: a box, or `places`; None where it leaves that to the events."""
    stated = story.frame
    if isinstance(stated, Box):
        east = stated.east if stated.east > stated.west else stated.east + 360
        return framing.grow_to(Extent(stated.west, stated.south, east, stated.north), 0.2)
    found = [extent_of_area(place) for place in places]
    return framing.grow_to(framing.union(found), framing.MIN_SPAN_DEG) if stated is not None and found else None


def extent_of_area(location: Location) -> Extent:
    """What a location covers: its outline or its circle."""
    from geo.geometry import areas

    lon, lat = location.position
    if location.outline:
        return _extent(areas.outline(location.outline))
    return framing.circle_extent(lon, lat, location.drawn_radius_m or 0.0)


def _extent(geom: Any) -> Extent:
    """Extent of an outline; one that was cut at ±180 is taken as one piece again."""
    parts = [Extent(*part.bounds) for part in getattr(geom, "geoms", [geom])]
    west, south, east, north = geom.bounds
    if east - west > 180 and len(parts) > 1:
        return framing.union(parts)
    return Extent(west, south, east, north)


def _metres(radius: float | None) -> float | None:
    return None if radius is None else round(radius)


def _length(path: Sequence[Sequence[float]]) -> float:
    return sum(hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(path, path[1:], strict=False))


def _countries(drawn: Sequence[Entry]) -> list[str]:
    """Countries whose provinces are shown: those of the strikes, or of all events where nothing was struck."""
    strikes = [entry for entry in drawn if entry.event.kind is Kind.STRIKE]
    return sorted(
        {code for entry in strikes or drawn if isinstance(entry.answer, Location) and entry.answer.precision not in WIDE
         for code in entry.answer.countries}
    )  # fmt: skip


def _place_key(location: Location) -> str:
    """The same for an origin and a target that lie at the same place."""
    if location.place:
        return location.place.id
    return "{},{}".format(*point_of(location.position))


__all__ = ["Actor", "Text", "build", "order", "sortie_path"]
