"""Names of countries and provinces stand where there is room, inside their areas."""

from __future__ import annotations

from shapely.geometry import Point

from geo.geometry import areas, spots


def test_spots_of_countries_lie_inside_them_and_in_their_box() -> None:
    frames = [(34.0, 29.0, 44.0, 38.0), (25.0, 20.0, 60.0, 45.0)]
    found = spots.country_spots(frames)
    assert {"SY", "IQ", "JO", "LB", "IL", "TR"} <= set(found)
    for code, found_spots in found.items():
        area = areas.outline(code if ":" in code else f"undisputed:{code}")
        for frame, spot in zip(frames, found_spots, strict=True):
            if spot is not None:
                assert area.buffer(0.05).contains(Point(spot.lon, spot.lat)), code
                assert frame[0] <= spot.lon <= frame[2] and frame[1] <= spot.lat <= frame[3]
                assert spot.room > 0


def test_disputed_territories_have_their_own_spots_and_no_country_has_them() -> None:
    frame = (33.0, 44.0, 37.0, 46.5)
    found = spots.country_spots([frame])
    assert found["case:crimea"][0] is not None
    crimea = areas.outline("case:crimea")
    for code in ("UA", "RU"):
        spot = found.get(code, [None])[0]
        assert spot is None or not crimea.contains(Point(spot.lon, spot.lat))
    assert spots.case_names("case:crimea")["en"] == "Crimea"


def test_spots_of_provinces_carry_names() -> None:
    found = spots.province_spots(["SY"], [(34.0, 32.0, 43.0, 38.0)])
    assert "SY-RA" in found and "IQ-AN" not in found
    assert spots.province_names("SY-HL")["ar"]
