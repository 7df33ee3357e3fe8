"""Outlines leave as valid GeoJSON on a grid."""

from __future__ import annotations

import json

import pytest
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape

from geo.geometry import areas, shapes


@pytest.mark.parametrize("ref", ["province:SY-HL", "country:JO", "country:UA", "sea:mediterranean-sea", "country:FJ"])
def test_an_outline_is_valid_geojson(ref: str) -> None:
    written = json.loads(json.dumps(shapes.geojson(areas.outline(ref), 5)))
    polygon = shape(written)
    assert polygon.is_valid
    assert polygon.area == pytest.approx(areas.outline(ref).area, rel=0.01)
    rings = written["coordinates"] if written["type"] == "Polygon" else [r for p in written["coordinates"] for r in p]
    for ring in rings:
        assert ring[0] == ring[-1]
        assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)


def test_shells_run_anticlockwise() -> None:
    ring = shapes.geojson(box(0, 0, 1, 1), 3)["coordinates"][0]
    assert sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False)) < 0


def test_a_part_of_an_area_is_found_across_the_date_line() -> None:
    fiji = areas.outline("country:FJ")
    part = shapes.within(fiji, (176, -20, 184, -15))
    assert part is not None
    assert part.bounds[0] < 180 < part.bounds[2]
    assert part.area == pytest.approx(fiji.area, rel=0.05)


def test_an_outline_that_the_quick_clipping_fails_on_is_clipped_all_the_same() -> None:
    # No wider than the last digit of its numbers where it crosses the side of the box.
    sliver = Polygon([(24.314666666666636, 40.736), (23.72218836565097, 40.67470914127424), (24.39, 40.15), (23.69, 40.7), (23.795119999999983, 40.736)])
    part = shapes.within(MultiPolygon([sliver, box(0, 0, 1, 1)]), (-76.32, -57.467, 76.88, 40.47))
    assert part is not None and part.is_valid and part.area == pytest.approx(1)


def test_what_lies_elsewhere_has_no_part() -> None:
    assert shapes.within(areas.outline("country:JO"), (0, 0, 10, 10)) is None


def test_the_part_holds_what_the_whole_holds() -> None:
    part = shapes.within(areas.outline("country:JO"), (35, 31, 37, 33))
    assert part is not None and part.contains(Point(35.93, 31.95))
