"""Where the names of countries and provinces may stand: the roomiest spot of each on the Mercator map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.geometry import areas, packed
from geo.geometry.detail import Part, Polygon, Window, detail, unwrapped, windows
from geo.geometry.packed import Coordinates
from geo.geometry.rings import ring_area

STEPS = 400
"""Parts of a frame's width that are told apart."""
SEEN = 25.0
"""Square steps of the smallest polygon that has room for a name."""
WIDE_DEG = 85.0
"""In a frame wider than this an area that lies within several boxes has one spot for all of them."""


@dataclass(frozen=True)
class Spot:
    """Where a label may stand: the centre of the largest circle that fits, and its radius in degrees of longitude."""

    lon: float
    lat: float
    room: float


def country_spots(
    boxes: Sequence[Sequence[float]], codes: Sequence[str] | None = None, drawn_deg: float = 0.0
) -> dict[str, list[Spot | None]]:
    """For every country that meets a box, one spot for each box, or None where it does not.

    Keys are ISO 3166-1 alpha-2 codes for the undisputed part of a country and `case:ID` for a disputed territory that
    has a name of its own (see `case_names`). Sorted by key. `codes` limits the answer to these keys. `drawn_deg` is the
    tolerance of the map that the boxes show: what was simplified for it serves a wide one.
    """
    labelled = {f"case:{case['id']}" for case in packed.cases() if case["label"] and case["drawn"]}
    numbers = {
        name.removeprefix("country:"): number
        for name, number in packed.objects().items()
        if name.startswith("country:") or name in labelled
    }
    return _spots(numbers, boxes, codes, drawn_deg)


def province_spots(
    countries: Sequence[str], boxes: Sequence[Sequence[float]], units: Sequence[str] | None = None
) -> dict[str, list[Spot | None]]:
    """The same for the provinces of some countries, by unit id (see `province_names`)."""
    if not countries:
        return {}
    world = packed.load("world")
    numbers = {world.head["objects"][n]: n for n, owner in enumerate(world.head["owners"]) if owner in countries}
    return _spots(numbers, boxes, units)


def case_names(case: str) -> Mapping[str, str]:
    """Names by language of a disputed territory; `case` with or without `case:` before it. Raises KeyError."""
    for record in packed.cases():
        if record["id"] == case.removeprefix("case:"):
            names: Mapping[str, str] = record["names"]
            return names
    raise KeyError(case)


def province_names(unit: str) -> Mapping[str, str]:
    """Names by language of a unit. Raises KeyError for an id that the data does not have."""
    number = packed.objects()[unit]
    names: Mapping[str, str] = packed.unit(number)["names"]
    return names


def _spots(
    numbers: Mapping[str, int], boxes: Sequence[Sequence[float]], only: Sequence[str] | None, drawn_deg: float = 0.0
) -> dict[str, list[Spot | None]]:
    frames = [unwrapped(box) for box in boxes]
    names = {number: name for name, number in numbers.items() if only is None or name in only}
    items = sorted(names)
    widest = max(frame[2] - frame[0] for frame in frames)
    shared: dict[int, Spot | None] = {}
    out: dict[str, list[Spot | None]] = {}
    for at, frame in enumerate(frames):
        # The boxes of a wide frame differ by little: what serves the widest serves all.
        wide = widest > WIDE_DEG
        tolerance = (widest if wide else frame[2] - frame[0]) / STEPS
        for a, b, shift in windows(frame[0], frame[2]):
            part = Window(detail("world", tolerance, wide, drawn_deg if wide else 0.0), (a, frame[1], b, frame[3]))
            polygons: dict[int, list[Part]] = {}
            for found in part.polygons(items, SEEN * tolerance**2):
                polygons.setdefault(found.item, []).append(found)
            for item, parts in polygons.items():
                spot = _roomiest(parts, tolerance, shared if wide else None)
                if spot is None:
                    continue
                row = out.setdefault(names[item], [None] * len(frames))
                held = row[at]
                if held is None or spot.room > held.room:
                    row[at] = Spot(spot.lon + shift, spot.lat, spot.room)
    return dict(sorted(out.items()))


def _roomiest(parts: Sequence[Part], tolerance: float, shared: dict[int, Spot | None] | None) -> Spot | None:
    """The largest circle in any of the two largest polygons; `shared` holds those that several boxes show whole."""
    best: Spot | None = None
    sized = [(abs(ring_area(part.rings[0])), part) for part in parts]
    for size, part in sorted(sized, key=lambda one: -one[0])[:2]:
        if size < SEEN * tolerance**2:
            continue
        if shared is None or not part.whole:
            spot = _room(part.rings, tolerance)
        else:
            if part.number not in shared:
                shared[part.number] = _room(part.rings, tolerance)
            spot = shared[part.number]
        if spot and (best is None or spot.room > best.room):
            best = spot
    return best


def _room(polygon: Polygon, tolerance: float) -> Spot | None:
    shape = areas.sound(shapely.Polygon(_mercator(polygon[0]), [_mercator(ring) for ring in polygon[1:]]))
    if shape.is_empty:
        return None
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    radius = shapely.maximum_inscribed_circle(largest, tolerance=2 * tolerance)
    (x, y), _ = shapely.get_coordinates(radius)
    lat = float(np.degrees(np.arctan(np.sinh(np.radians(y)))))
    return Spot(float(x), lat, float(radius.length))


def _mercator(ring: Coordinates) -> Coordinates:
    out = ring.copy()
    out[:, 1] = np.degrees(np.arcsinh(np.tan(np.radians(np.clip(ring[:, 1], -85.0, 85.0)))))
    return out
