"""The ground beneath a story's marks: which part of the world is shown, its base map, and the names on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, hypot
from typing import TYPE_CHECKING, Any, Protocol
from unicodedata import combining, normalize

from geo.geometry import frame as framing
from geo.geometry.frame import Extent
from geo.model import Box, Place
from geo.scene import text

if TYPE_CHECKING:
    from geo.geometry.basemap import ClippedBase

GRID_PX = 1 / 32
"""The base map's grid, in px of the largest nominal frame: still finer than a pixel after four steps of zoom."""
DETAIL_PX = 0.45
"""How far coasts and borders may be off, in the same px."""
WIDE_DEG = 120.0
"""Bounds wider than this are those of a map of half the world or more: its coasts are long, so that they are drawn on a grid as
coarse as three steps of zoom allow, its rivers are the long ones, and its edges lie on that grid: on whole degrees."""
WIDE_GRID_PX = 1 / 8
WIDE_DETAIL_PX = 0.55
WIDE_PX = 1600.0
"""Their bounds have no more px than this across, whatever their view has: beyond it lies what nobody asked for."""
WATER_PX = 12.0
"""Courses of a wide map that are shorter are left out, and lakes that are smaller than a square of a quarter of it."""
INSET_PX = 480.0
"""Steps across the overview of a wide map, which is some 300 px of the page."""

DIGITS = 5
"""Positions in the scene: 1e-5° is 1.1 m."""

LARGE = (1280.0, 720.0, 32.0)
"""Width, height and margin of the largest nominal frame; the page recomposes for others."""
SHAPES_OF_FRAME = (LARGE, (768.0, 576.0, 24.0), (320.0, 400.0, 16.0))

COARSE_KM = 3500.0
"""Seas of a frame wider than this are measured on coarse land: its 20 km are some 7 px there."""

COASTS = 4
"""Pieces of coarse land that an overview shows at least."""
CITY_LABELS = 32
# GeoNames writes the names of these countries in scholarly romanisation, which no newspaper prints.
ROMANISED = frozenset("SY IQ YE LY LB JO EG PS SA KW QA BH AE OM SD TN DZ MA IR AF PK".split())
NOWHERE = Extent(-60.0, -40.0, 150.0, 65.0)
"""What is shown where nothing is placed."""


class Gazetteer(Protocol):
    """What the scene asks of the gazetteer for its labels."""

    def cities_in(self, box: Box, limit: int) -> Sequence[Place]: ...
    def seas_in(self, box: Box) -> Sequence[Place]: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a story lies on the map: the names on the ground keep off it."""

    any: bool
    countries: Sequence[str]
    """Those whose provinces are shown."""
    places: frozenset[str]
    """Gazetteer ids that the story itself names."""
    spots: Sequence[tuple[float, float]]
    """Longitude and latitude of what is pinned."""
    seas: Sequence[str] = ()
    """Outlines of seas that the story hatches."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn of the globe that the frame is on: `middle` is its middle meridian."""

    middle: float

    def at(self, position: Sequence[float]) -> list[float]:
        """A position, rounded, on this turn."""
        lon, lat = point_of(position)
        return [round(lon + 360.0 * round((self.middle - lon) / 360.0), DIGITS), lat]


def framed(core: Extent) -> tuple[Extent, Extent, Turn]:
    """The core that every width shows and the bounds of the detailed base map, on the turn of the globe of the middle."""
    wide = framing.pad(framing.view(core, *LARGE), 0.3)
    # A phone's view is higher than wide: its ground, too, has to reach the edge.
    bounds = framing.union([wide, *(framing.view(core, *shape) for shape in SHAPES_OF_FRAME)])
    if bounds.east - bounds.west >= 360 and (core.west + 180) // 360 != (core.east + 180) // 360:
        # The whole world, but not cut through what it is about.
        middle = (core.west + core.east) / 2
        bounds = Extent(middle - 180, bounds.south, middle + 180, bounds.north)
    if bounds.east - bounds.west > WIDE_DEG:
        west = floor(bounds.west)
        bounds = Extent(west, floor(bounds.south), min(ceil(bounds.east), west + 360), ceil(bounds.north))
    turn = 360.0 * ((bounds.west + 180.0) // 360.0)
    middle = (bounds.west + bounds.east) / 2 - turn
    return framing.shift_near(core, middle), framing.shift_near(bounds, middle), Turn(middle)


class Ground:
    """Base map and names of one frame."""

    def __init__(self, languages: Sequence[str], gazetteer: Gazetteer, with_base: bool, turn: Turn) -> None:
        self.languages, self.gazetteer, self.with_base, self.turn = languages, gazetteer, with_base, turn

    def overview(self, core: Extent, lines: Sequence[Extent]) -> list[float] | None:
        """Extent of the overview inset: the core with every line, in a part of the world a reader knows."""
        if not lines and framing.square_km(core) >= 1500:
            return None
        box = framing.grow_to(framing.pad(framing.union([core, *lines]), 0.3), 45.0)
        if self.with_base:
            from geo.geometry import basemap

            # A part of the world that a reader knows: on the open ocean the inset reaches for the next coasts.
            while len(basemap.world(box_of(box))) < COASTS and box.east - box.west < 200:
                box = framing.pad(box, 0.15)
        return box_of(box)

    def base(
        self,
        core: Extent,
        bounds: Extent,
        view: Extent,
        taken: Taken,
        overview: Sequence[float] | None,
        shapes: Mapping[str, str],
    ) -> tuple[dict[str, Any], list[dict[str, Any]], bool]:
        """The packed base map, its labels, and whether a dashed border is in reach of the view."""
        from geo.geometry import basemap

        wide = bounds.east - bounds.west > WIDE_DEG
        px = max((view.east - view.west) / LARGE[0], (bounds.east - bounds.west) / WIDE_PX if wide else 0.0)
        tolerance = round(max(0.0005, px * (WIDE_DETAIL_PX if wide else DETAIL_PX)), 5)
        limits = box_of(bounds)
        layers: list[tuple[str, str, Any]] = []
        labels: list[dict[str, Any]] = []
        disputed = False
        if self.with_base and not taken.any:
            # Nothing is on the map: coarse land says where it would be.
            layers.append(("land", "polygon", basemap.world(limits)))
        elif self.with_base:
            clipped = basemap.clip(limits, tolerance, taken.countries, WATER_PX * px if wide else 0.0)
            layers += clipped.layers()
            inset = overview or limits
            coarse = (inset[2] - inset[0]) / INSET_PX if wide else 0.0
            layers.append(("world", "polygon", basemap.world(_wide(inset) if overview else inset, coarse)))
            disputed = bool(clipped.disputed)
            labels = self.labels(core, view, taken, clipped)
        for name in sorted(shapes):
            layers.append((f"shape:{name}", "polygon", basemap.clip_outline(shapes[name], limits, tolerance)))
        grid = round(1 / (px * (WIDE_GRID_PX if wide else GRID_PX)))
        return basemap.encode(layers, min(100_000, max(16 if wide else 100, grid))), labels, disputed

    def labels(self, core: Extent, view: Extent, taken: Taken, drawn: ClippedBase) -> list[dict[str, Any]]:
        from geo.geometry import spots

        boxes = [box_of(framing.view(core, *shape)) for shape in SHAPES_OF_FRAME]
        labels: list[dict[str, Any]] = []
        found = spots.country_spots(boxes, drawn_deg=drawn.tolerance_deg)
        for code in sorted(found, key=lambda code: (-_room(found[code]), code)):
            names = (
                text.names_of(spots.case_names(code), self.languages)
                if code.startswith("case:")
                else text.country_names(code, self.languages)
            )
            self.spots("country", names, found[code], labels)
        found = spots.province_spots(taken.countries, boxes)
        # A unit with ~ in its code is a remainder of the data (a buffer zone), not a province.
        for unit in sorted((unit for unit in found if "~" not in unit), key=lambda unit: (-_room(found[unit]), unit)):
            self.spots("province", text.names_of(spots.province_names(unit), self.languages), found[unit], labels)
        wide = Box(*box_of(framing.pad(view, 0.2)))
        for rank, (sea, points) in enumerate(self.seas(boxes, taken)):
            labels.append(label_of("sea", text.names_of_place(sea, self.languages), points, rank))
        named = [river for river in drawn.rivers if river.names]
        for rank, river in enumerate(sorted(named, key=lambda river: (-sum(map(len, river.lines)), str(river.names)))):
            course = max(river.lines, key=len)
            labels.append(label_of("river", text.names_of(river.names, self.languages), course[:: 1 + len(course) // 60], rank))
        for rank, city in enumerate(self.cities(wide, taken)):
            names = text.names_of_place(city, self.languages)
            if city.id.startswith("gn:") and ROMANISED.intersection(city.countries):
                names = {lang: _plain_latin(name) for lang, name in names.items()}
            # A town that is there for orientation only is left out where its name would be in foreign letters.
            names = {lang: name if text.readable(name, lang) else "" for lang, name in names.items()}
            if any(names.values()):
                labels.append(label_of("city", names, [self.turn.at(city.position)], rank, capital=city.capital))
        return labels

    def cities(self, box: Box, taken: Taken) -> list[Place]:
        """Towns a reader may know, capitals first; a suburb gives way to its city and to the story's own places."""
        apart = (box.east - box.west) / 60
        kept: list[Place] = []
        found = [city for city in self.gazetteer.cities_in(box, 4 * CITY_LABELS) if city.id not in taken.places]
        for city in sorted(found, key=lambda c: (not c.capital, c.id.startswith("gn:"), -c.population, c.id)):
            lon, lat = city.position
            if all(hypot(lon - x, lat - y) >= apart for x, y in [*taken.spots, *(place.position for place in kept)]):
                kept.append(city)
        return kept[:CITY_LABELS]

    def spots(self, role: str, names: Any, spots: Sequence[Any], labels: list[dict[str, Any]]) -> None:
        """A label that may stand at the roomiest spot of each nominal view."""
        found = sorted((spot for spot in spots if spot), key=lambda spot: -spot.room)
        if names and found:
            points = _distinct([point_of((spot.lon, spot.lat)) for spot in found])
            labels.append(label_of(role, names, points, len(labels), room=found[0].room))

    def seas(
        self, boxes: Sequence[Sequence[float]], taken: Taken
    ) -> list[tuple[Place, list[list[float]]]]:
        """Seas in view, the largest first, each with its inner points within the nominal views.

        One water has one name: a part that is most of what is seen of its sea gives way to it, another keeps its
        water for itself; and the story's own sea is named by its event.
        """
        from shapely.geometry import Point

        from geo.geometry import areas, shapes

        known = {
            sea.outline[4:]: sea
            for sea in self.gazetteer.seas_in(Box(-180.0, -90.0, 180.0, 90.0))
            if sea.id not in taken.places and sea.outline and sea.outline.startswith("sea:")
        }
        wet = areas.waters(known, boxes[0], framing.width_km(Extent(*boxes[0])) > COARSE_KM)
        seen: list[tuple[float, Place, Any]] = [(part.area, known[name], part) for name, part in wet.items()]
        seen.sort(key=lambda item: (-item[0], item[1].id))
        kept: list[tuple[float, Place, Any]] = []
        for size, sea, part in seen:
            inside = [n for n, (_, _, large) in enumerate(kept) if large.intersection(part).area > 0.8 * size]
            if any(size > 0.5 * kept[n][0] for n in inside):
                continue
            for n in inside:
                area, larger, large = kept[n]
                kept[n] = area, larger, areas.sound(large.difference(part))
            kept.append((size, sea, part))
        struck = [areas.outline(ref) for ref in taken.seas]
        found = []
        for _, sea, part in kept:
            clipped = [shapes.within(part, box) for box in boxes]
            # What several views show whole has one point for them.
            inner = {id(piece): areas.inner_point(piece) for piece in clipped if piece is not None}.values()
            points = [self.turn.at(at) for at in inner if not any(area.intersects(Point(at)) for area in struck)]
            if points:
                found.append((sea, _distinct(points)))
        return found


def point_of(position: Sequence[float]) -> list[float]:
    return [round(float(position[0]), DIGITS) + 0.0, round(float(position[1]), DIGITS) + 0.0]


def box_of(extent: Sequence[float]) -> list[float]:
    west, south, east, north = (round(float(value), 3) + 0.0 for value in extent)
    # Rounding must not make the world wider than it is.
    return [west, south, min(east, round(west + 360.0, 3)), north]


def label_of(role: str, names: Any, points: Iterable[Any], rank: int, *, room: float | None = None,
           capital: bool = False) -> dict[str, Any]:  # fmt: skip
    label: dict[str, Any] = {"role": role, "names": names, "at": [point_of(p) for p in points], "rank": rank}
    if capital:
        label["capital"] = True
    if room is not None:
        label["room"] = round(room, 2)
    return label


def _wide(box: Sequence[float]) -> list[float]:
    """A box with room for an inset of another shape."""
    return box_of(framing.pad(Extent(*box), 0.5))


def _room(spots: Sequence[Any]) -> float:
    return max((spot.room for spot in spots if spot), default=0.0)


def _distinct(points: Iterable[list[float]]) -> list[list[float]]:
    return [list(p) for p in dict.fromkeys(tuple(p) for p in points)]


def _plain_latin(name: Any) -> Any:
    """A romanised name without the signs of the scholarly systems: Al Aḩmadī → Al Ahmadi.

    A name that some language has for its own keeps its accents: Koweït, Túnez.
    """
    if isinstance(name, str) or name[1] != "und":
        return name
    bare = (c for c in normalize("NFD", name[0]) if not combining(c) and c not in "ʿʾʻʼ’‘")
    return normalize("NFC", "".join(bare)), name[1]
