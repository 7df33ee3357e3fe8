"""Coordinates as people write them."""

from __future__ import annotations

import pytest

from geo.model import Precision
from geo.places.positions import parse_position

WRITTEN = [
    ("36.2, 37.1", 36.2, 37.1),
    ("36.2,37.1", 36.2, 37.1),
    ("36,2 37,1", 36.2, 37.1),
    ("(36.2; 37.1)", 36.2, 37.1),
    ("N36.2 E37.1", 36.2, 37.1),
    ("37.1E, 36.2N", 36.2, 37.1),
    ("38.8895° N, 77.0353° W", 38.8895, -77.0353),
    ("-33.9 151.2", -33.9, 151.2),
    ("36°12'30\"N 37°10'E", 36.208333, 37.166667),
    ("36 12 30 N, 37 10 00 E", 36.208333, 37.166667),
    ("36° 12′ N, 37° 10′ E", 36.2, 37.166667),
    ("171520N1054540E", 17.255556, 105.761111),
    ("3412N 04402E", 34.2, 44.033333),
    ("4248, 1355", 42.8, 13.916667),
    ("POINT (37.1 36.2)", 36.2, 37.1),
]


@pytest.mark.parametrize(("text", "lat", "lon"), WRITTEN, ids=[row[0] for row in WRITTEN])
def test_a_written_position_is_read(text: str, lat: float, lon: float) -> None:
    found = parse_position(text)
    assert found is not None
    assert found.position.lat == pytest.approx(lat, abs=1e-6)
    assert found.position.lon == pytest.approx(lon, abs=1e-6)


# Middles of squares of 1 m, 100 m and 1 km in both hemispheres, one beside the zone exceptions of Svalbard; figures
# from GEOTRANS.
MGRS = [
    ("18SUJ2348306479", 38.889467, -77.035236, Precision.EXACT),
    ("38SLC 419 034", 33.458846, 43.299343, Precision.LANDMARK),
    ("4QFJ 12345 67890", 21.409801, -157.916076, Precision.EXACT),
    ("33XVG7459480935", 78.200037, 13.887053, Precision.EXACT),
    ("56HLH 34 52", -33.854833, 151.211011, Precision.VILLAGE),
]


@pytest.mark.parametrize(("text", "lat", "lon", "precision"), MGRS, ids=[row[0] for row in MGRS])
def test_a_grid_reference_is_the_middle_of_its_square(text: str, lat: float, lon: float, precision: Precision) -> None:
    found = parse_position(text)
    assert found is not None
    assert found.form == "MGRS"
    assert found.precision is precision
    assert found.position.lat == pytest.approx(lat, abs=2e-6)
    assert found.position.lon == pytest.approx(lon, abs=2e-6)


@pytest.mark.parametrize(
    "text", ["Raqqa", "T4", "Hill 70, 3", "12 34", "17 November 2015", "95.5, 10.2", "91.0N 10.0E", "36.2N 37.1N", "4299, 1355",
             "38SLC 419 03", "38IOC 419 034", "61SLC 419 034", ""]
)  # fmt: skip
def test_what_is_no_position_stays_a_name(text: str) -> None:
    assert parse_position(text) is None
