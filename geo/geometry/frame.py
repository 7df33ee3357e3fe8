"""Which part of the world a map shows. Boxes are (west, south, east, north) in degrees, unwrapped: west < east."""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, atan, cos, degrees, hypot, log, pi, radians, sinh, sqrt, tan
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_LAT = 85.0
"""Web Mercator ends at 85.05°; nothing is framed beyond this."""

MIN_SPAN_DEG = 2.7
"""A frame is never narrower than this in Mercator degrees (300 km at the equator): a lone city needs its surroundings."""

KEEP = 0.25
"""Context may widen the frame while the core still spans this share of it."""


class Extent(NamedTuple):
    west: float
    south: float
    east: float
    north: float


def mercator(lat: float) -> float:
    """Mercator ordinate of a latitude, in degrees of longitude at the equator."""
    lat = max(-MAX_LAT, min(MAX_LAT, lat))
    return degrees(log(tan(pi / 4 + radians(lat) / 2)))


def latitude(y: float) -> float:
    """Inverse of `mercator`."""
    return degrees(atan(sinh(radians(y))))


def circle_extent(lon: float, lat: float, radius_m: float) -> Extent:
    """Extent of a circle on the sphere; spherical is enough for framing (0.5 % at worst)."""
    d = radius_m / 6_371_008.8
    dlat = degrees(d)
    c = cos(radians(lat))
    dlon = 180.0 if c < 1e-6 or d >= pi / 2 else degrees(asin(min(1.0, d / c)))
    return Extent(lon - dlon, max(-90.0, lat - dlat), lon + dlon, min(90.0, lat + dlat))


def union(extents: Sequence[Extent]) -> Extent:
    """Smallest extent around all, going the short way round the globe; raises ValueError when there is none.

    The result is unwrapped: its west lies in -180..180 and its east may pass 180.
    """
    if not extents:
        raise ValueError("no extent to unite")
    south, north = min(e.south for e in extents), max(e.north for e in extents)
    spans = sorted(((e.west + 180) % 360 - 180, e.east - e.west) for e in extents)
    if any(width >= 360 for _, width in spans):
        return Extent(-180.0, south, 180.0, north)
    # Walk round the circle and open it at its widest gap.
    reach = max(west + width for west, width in spans) - 360
    best_gap, start = -1.0, spans[0][0]
    for west, width in spans:
        if west - reach > best_gap:
            best_gap, start = west - reach, west
        reach = max(reach, west + width)
    if best_gap <= 0:
        return Extent(-180.0, south, 180.0, north)
    east = max((west - start) % 360 + width for west, width in spans)
    return Extent(start, south, start + east, north)


def union_of(west: NDArray[Any], width: NDArray[Any], south: NDArray[Any], north: NDArray[Any]) -> Extent:
    """`union` of very many extents in columns (degrees; widths below 360); raises ValueError when there is none."""
    import numpy as np

    if not len(west):
        raise ValueError("no extent to unite")
    bottom, top = float(south.min()), float(north.max())
    wrapped = (west + 180.0) % 360.0 - 180.0
    order = np.argsort(wrapped, kind="stable")
    wests, widths = wrapped[order], width[order]
    reach = np.maximum.accumulate(np.append(float((wests + widths).max()) - 360.0, wests + widths))[:-1]
    at = int(np.argmax(wests - reach))
    if wests[at] - reach[at] <= 0:
        return Extent(-180.0, bottom, 180.0, top)
    start = float(wests[at])
    return Extent(start, bottom, start + float(((wests - start) % 360.0 + widths).max()), top)


def span(extent: Extent) -> tuple[float, float]:
    """Width and height in Mercator degrees."""
    return extent.east - extent.west, mercator(extent.north) - mercator(extent.south)


def shift_near(extent: Extent, lon: float) -> Extent:
    """The same extent, moved by whole turns so that its middle is within 180° of `lon`."""
    turns = round((lon - (extent.west + extent.east) / 2) / 360)
    return Extent(extent.west + 360 * turns, extent.south, extent.east + 360 * turns, extent.north)


def intersects(a: Extent, b: Extent) -> bool:
    """Whether two extents share a point, whatever turn of the globe they are written in."""
    b = shift_near(b, (a.west + a.east) / 2)
    return a.west <= b.east and b.west <= a.east and a.south <= b.north and b.south <= a.north


def choose_core(core: Sequence[Extent], context: Sequence[Extent]) -> Extent:
    """The extent that every page width must show: all of `core`, and what context fits beside it.

    Context is taken nearest first, while the core's diagonal stays at least a quarter of the whole.
    """
    whole = grow_to(union(core), MIN_SPAN_DEG)
    core_diagonal = hypot(*span(whole))
    middle_lon, middle_y = (whole.west + whole.east) / 2, (mercator(whole.south) + mercator(whole.north)) / 2

    def far(extent: Extent) -> float:
        near = shift_near(extent, middle_lon)
        return hypot(
            (near.west + near.east) / 2 - middle_lon, (mercator(near.south) + mercator(near.north)) / 2 - middle_y
        )

    for extent in sorted(context, key=lambda e: (far(e), e)):
        wider = union([whole, extent])
        if core_diagonal >= KEEP * hypot(*span(wider)):
            whole = wider
    return whole


def grow_to(extent: Extent, least: float) -> Extent:
    """`extent` about its middle, at least `least` Mercator degrees wide and high (and inside ±85°)."""
    width, _ = span(extent)
    south, north = mercator(extent.south), mercator(extent.north)
    if width < least:
        middle = (extent.west + extent.east) / 2
        extent = extent._replace(west=middle - least / 2, east=middle + least / 2)
    if north - south < least:
        middle = (south + north) / 2
        south, north = middle - least / 2, middle + least / 2
    limit = mercator(MAX_LAT)
    return extent._replace(south=latitude(max(-limit, south)), north=latitude(min(limit, north)))


def view(core: Extent, width_px: float, height_px: float, margin_px: float) -> Extent:
    """What a map of that size shows when `core` is fitted into it with a margin on every side."""
    across, up = span(core)
    scale = min((width_px - 2 * margin_px) / max(across, 1e-9), (height_px - 2 * margin_px) / max(up, 1e-9))
    middle, y = (core.west + core.east) / 2, (mercator(core.south) + mercator(core.north)) / 2
    half_w, half_h = width_px / scale / 2, height_px / scale / 2
    limit = mercator(MAX_LAT)
    return Extent(
        middle - min(half_w, 180.0),
        latitude(max(-limit, y - half_h)),
        middle + min(half_w, 180.0),
        latitude(min(limit, y + half_h)),
    )


def pad(extent: Extent, share: float) -> Extent:
    """`extent` grown on each side by `share` of its Mercator width and height; at most the whole world."""
    width, height = span(extent)
    west, east = extent.west - share * width, extent.east + share * width
    if east - west >= 360:
        middle = (west + east) / 2
        west, east = middle - 180, middle + 180
    limit = mercator(MAX_LAT)
    return Extent(
        west,
        latitude(max(-limit, mercator(extent.south) - share * height)),
        east,
        latitude(min(limit, mercator(extent.north) + share * height)),
    )


def width_km(extent: Extent) -> float:
    """Length of the extent's middle parallel, in km."""
    lat = latitude((mercator(extent.south) + mercator(extent.north)) / 2)
    return (extent.east - extent.west) * 111.320 * cos(radians(lat))


def square_km(extent: Extent) -> float:
    """Side of a square as large as the extent, in km (its mean size)."""
    width, height = span(extent)
    lat = latitude((mercator(extent.south) + mercator(extent.north)) / 2)
    return sqrt(max(width * height, 0.0)) * 111.320 * cos(radians(lat))
