"""Names become places, or stay unplaced with a reason."""

from __future__ import annotations

import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from geo.errors import UsageError
from geo.model import Claim, Event, Kind, Location, Position, Precision, Story, Unplaced, When
from geo.places.answer import answer
from geo.places.gazetteer import Gazetteer, GazetteerMissing
from geo.places.resolve import Context, km, locate, locate_story


def place_of(found: Location | Unplaced) -> str:
    assert isinstance(found, Location), found
    assert found.place is not None
    assert found.reason
    return found.place.id


FOUND = [
    ("Rakka", "raqqa"),
    ("Alep", "aleppo"),
    ("ville d'Alep", "aleppo"),
    ("province d'Alep", "aleppo-governorate"),
    ("Aleppo Governorate", "aleppo-governorate"),
    ("محافظة حلب", "aleppo-governorate"),
    ("ريف حلب", "aleppo-governorate"),
    ("провинции Алеппо", "aleppo-governorate"),
    ("в Ракке", "raqqa"),
    ("Anbar", "anbar"),
    ("Jordanie", "jordan"),
    ("Turkey", "turkey"),
    ("Kuwait", "kuwait"),
    ("Washington", "washington"),
    ("Paris", "paris"),
    ("le Golfe", "gulf-region"),
    ("the Gulf", "gulf-region"),
    ("الخليج", "gulf-region"),
    ("Залив", "gulf-region"),
    ("golfe Arabo-Persique", "persian-gulf"),
    ("Sinaï", "sinai"),
    ("mer Méditerranée", "mediterranean-sea"),
    ("Eastern Mediterranean", "eastern-mediterranean"),
    ("Shayrat air base", "shayrat-air-base"),
    ("T-4", "t4-air-base"),
    ("Hama Military Airport", "hama-air-base"),
    ("Tadmur/Palmyra", "palmyra"),
    ("Tiyas Military Airbase (T4)", "t4-air-base"),
    ("Tripoli, Lebanon", "tripoli-lebanon"),
    ("Al-Bab, Aleppo, Syria", "al-bab"),
    ("Hit in Al Anbar Province", "hit"),
    ("gn:170063", "aleppo"),
    ("sy-hl", "aleppo-governorate"),
    ("icao:OSLK", "khmeimim-air-base"),
]


@pytest.mark.parametrize(("text", "id"), FOUND, ids=[row[0] for row in FOUND])
def test_a_name_leads_to_its_place(gazetteer: Gazetteer, text: str, id: str) -> None:
    assert place_of(locate(Claim(place=text), gazetteer)) == id


@pytest.mark.parametrize("text", ["Tripoli", "طرابلس", "Kurdistan", "عمان", "Springfield", "Congo", "Hyderabad"])
def test_a_name_of_several_places_is_not_decided(gazetteer: Gazetteer, text: str) -> None:
    found = locate(Claim(place=text), gazetteer)
    assert isinstance(found, Unplaced)
    assert found.code == "ambiguous"
    assert len(found.candidates) >= 2
    assert found.candidates[0].km == 0
    assert max(candidate.km for candidate in found.candidates) > 25


@pytest.mark.parametrize("text", ["Xyzzy", "none", "market", "unknown", "the bridge", "checkpoint"])
def test_a_word_that_is_no_place_finds_none(gazetteer: Gazetteer, text: str) -> None:
    found = locate(Claim(place=text), gazetteer)
    assert isinstance(found, Unplaced)
    assert found.code == "unknown"


def test_a_slip_is_suggested_and_never_decided(gazetteer: Gazetteer) -> None:
    found = locate(Claim(place="Manbidge"), gazetteer)
    assert isinstance(found, Unplaced)
    assert "did you mean Manbij" in found.reason


def test_the_rest_of_a_story_decides_between_namesakes(gazetteer: Gazetteer) -> None:
    assert place_of(locate(Claim(place="Tripoli"), gazetteer, Context(countries=("LB",)))) == "tripoli-lebanon"
    assert place_of(locate(Claim(place="Tripoli"), gazetteer, Context(countries=("LY",)))) == "tripoli-libya"


def test_an_unknown_settlement_falls_back_to_its_province_and_says_so(gazetteer: Gazetteer) -> None:
    found = locate(Claim(place="Nowhere village", admin1="Idlib", country="Syria"), gazetteer)
    assert place_of(found) == "idlib-governorate"
    assert isinstance(found, Location)
    assert found.precision is Precision.GOVERNORATE
    assert found.outline == "province:SY-ID"
    assert "not in the gazetteer" in found.reason
    assert found.warnings


def test_a_claim_of_areas_alone_is_the_smallest_of_them(gazetteer: Gazetteer) -> None:
    assert place_of(locate(Claim(country="SY"), gazetteer)) == "syria"
    assert place_of(locate(Claim(country="Syria", admin1="Homs Governorate"), gazetteer)) == "homs-governorate"


def test_a_district_without_an_outline_is_its_province(gazetteer: Gazetteer) -> None:
    found = locate(Claim(place="Manbij district", admin1="Aleppo", country="Syria"), gazetteer)
    assert place_of(found) == "aleppo-governorate"


def test_no_place_is_told_apart_from_an_unknown_one(gazetteer: Gazetteer) -> None:
    found = locate(Claim(), gazetteer)
    assert isinstance(found, Unplaced)
    assert found.code == "no_place"


RELATIVE = [
    ("5 km west of Kobani", "kobani", 5.0, 270.0),
    ("2NM S of Kisik", "kisik", 3.7, 180.0),
    ("à 6 km au sud de Homs", "homs", 6.0, 180.0),
    ("على بعد 5 كم شمال الرقة", "raqqa", 5.0, 0.0),
    ("в 10 км к северу от Ракки", "raqqa", 10.0, 0.0),
    ("approximately 80nm west of Bagdad", "baghdad", 148.2, 270.0),
    ("25 nautical miles off Latakia", "latakia", 0.0, None),
]


@pytest.mark.parametrize(("text", "id", "far", "bearing"), RELATIVE, ids=[row[0] for row in RELATIVE])
def test_a_distance_and_a_direction_move_the_place(
    gazetteer: Gazetteer, text: str, id: str, far: float, bearing: float | None
) -> None:
    found = locate(Claim(place=text), gazetteer)
    assert place_of(found) == id
    assert isinstance(found, Location)
    assert found.radius_m is not None
    assert found.place is not None
    base = found.place.position
    assert km(base, found.position) == pytest.approx(far, abs=0.5)
    if bearing == 270.0:
        assert found.position.lon < base.lon
    elif bearing == 180.0:
        assert found.position.lat < base.lat
    elif bearing == 0.0:
        assert found.position.lat > base.lat


def test_near_widens_the_radius_and_keeps_the_middle(gazetteer: Gazetteer) -> None:
    at, near = (locate(Claim(place=text), gazetteer) for text in ("Ayn Isa", "near Ayn Isa"))
    assert isinstance(at, Location)
    assert isinstance(near, Location)
    assert at.position == near.position
    assert near.radius_m == 10_000
    assert near.precision is Precision.CITY


def test_between_two_places_is_an_area_that_touches_both(gazetteer: Gazetteer) -> None:
    found = locate(Claim(place="between Raqqa and Deir ez-Zor"), gazetteer)
    assert isinstance(found, Location)
    assert found.precision is Precision.DISTRICT
    assert found.outline is not None
    assert found.outline.startswith("circle:")


@pytest.mark.parametrize(("text", "id"), [("south of Mosul", "nineveh"), ("northern Aleppo", "aleppo-governorate")])
def test_a_direction_without_a_distance_is_no_finer_than_the_province(
    gazetteer: Gazetteer, text: str, id: str
) -> None:
    assert place_of(locate(Claim(place=text), gazetteer)) == id


def test_coordinates_are_kept_whatever_the_name_says(gazetteer: Gazetteer) -> None:
    at = Position(38.0, 36.0)
    found = locate(Claim(place="Paris", position=at), gazetteer)
    assert isinstance(found, Location)
    assert found.position == at
    assert found.precision is Precision.NOT_STATED


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (Position(0.0, 0.0), "0, 0"),
        (Position(36.2, 37.16), "swapped"),
        (Position(2.35, 48.85), "outside Syria"),
    ],
)
def test_a_doubtful_position_is_flagged_and_not_moved(gazetteer: Gazetteer, at: Position, words: str) -> None:
    at = at if words != "swapped" else Position(34.8, 38.9)  # Homs desert with its numbers exchanged
    found = locate(Claim(position=at, country="Syria"), gazetteer)
    assert isinstance(found, Location)
    assert found.position == at
    assert any(words in warning for warning in found.warnings), found.warnings


def test_the_middle_of_a_country_is_flagged(gazetteer: Gazetteer) -> None:
    syria = gazetteer.get("syria")
    assert syria is not None
    found = locate(Claim(position=syria.position, country="Syria"), gazetteer)
    assert isinstance(found, Location)
    assert any("the middle of Syria" in warning for warning in found.warnings)


def test_a_stated_coarser_precision_takes_the_province(gazetteer: Gazetteer) -> None:
    found = locate(Claim(place="Raqqa", precision=Precision.GOVERNORATE), gazetteer)
    assert place_of(found) == "raqqa-governorate"


def event(id: str, place: str | None, *origins: str, mission: str | None = None) -> Event:
    return Event(
        id, Kind.STRIKE, When("2015-11-17", "day"), {"en": id}, Claim(place=place) if place else None,
        origins=tuple(Claim(place=origin) for origin in origins), mission=mission,
    )  # fmt: skip


def test_a_story_gets_a_line_from_every_origin_of_a_mission(gazetteer: Gazetteer) -> None:
    events = (
        event("second", "Raqqa", "Jordan", "the Gulf", mission="ten"),
        event("nowhere", None, "Jordan"),
        event("lost", "Raqqa", "Xyzzy"),
    )
    located = locate_story(Story("s", {"en": "s"}, "en", ("en",), events), gazetteer)
    assert [(s.id, s.mission, s.origin.place and s.origin.place.id) for s in located.sorties] == [
        ("second-1", "ten", "jordan"),
        ("second-2", "ten", "gulf-region"),
    ]
    nowhere = located.where["nowhere"]
    assert isinstance(nowhere, Unplaced)
    assert nowhere.code == "no_place"
    assert [id for id, _ in located.unplaced_origins] == ["lost"]


def test_the_countries_of_a_story_decide_its_doubtful_names(gazetteer: Gazetteer) -> None:
    events = (event("a", "Beirut"), event("b", "Sidon"), event("c", "Tripoli"))
    located = locate_story(Story("s", {"en": "s"}, "en", ("en",), events), gazetteer)
    assert place_of(located.where["c"]) == "tripoli-lebanon"


def test_a_namesake_far_from_the_story_is_not_taken_for_the_place_meant(gazetteer: Gazetteer) -> None:
    # Hays in Kansas is the larger one.
    events = (event("a", "Hodeidah"), event("b", "Mocha"), event("c", "Hays"))
    located = locate_story(Story("s", {"en": "s"}, "en", ("en",), events), gazetteer)
    assert place_of(located.where["c"]) == "hays-yemen"


def test_an_answer_is_the_object_that_locate_prints(gazetteer: Gazetteer) -> None:
    found = answer("Rakka", gazetteer)
    assert list(found) == [
        "query", "status", "id", "name", "kind", "lat", "lon", "precision", "radius_m", "country", "admin1", "reason",
        "candidates",
    ]  # fmt: skip
    assert found["status"] == "found"
    assert found["admin1"] == "SY-RA"
    doubtful = answer("Tripoli", gazetteer)
    assert doubtful["status"] == "ambiguous"
    assert doubtful["lat"] is None
    assert {"id", "name", "kind", "lat", "lon", "km"} <= set(doubtful["candidates"][0])
    assert answer("Tripoli", gazetteer, "Lebanon")["id"] == "tripoli-lebanon"
    assert answer("Xyzzy", gazetteer)["status"] == "unknown"


def test_an_area_to_look_in_that_is_not_known_is_an_error(gazetteer: Gazetteer) -> None:
    with pytest.raises(UsageError, match="Lebannon"):
        answer("Tripoli", gazetteer, "Lebannon")


def test_a_users_own_places_come_first(gazetteer: Gazetteer, tmp_path: object) -> None:
    from pathlib import Path

    from geo.places import gazetteer as module

    file = Path(str(tmp_path)) / "mine.yaml"
    file.write_text(
        "places:\n  my-raqqa:\n    kind: village\n    names: {en: [Raqqa]}\n    at: [10.0, 50.0]\n    country: DE\n", "utf-8"
    )
    with module.Gazetteer.open([file], path=_path_of(gazetteer)) as mine:
        assert [place.id for place in mine.lookup("raqqa")][0] == "my-raqqa"
        assert mine.get("my-raqqa") is not None


def _path_of(gazetteer: Gazetteer) -> object:
    from pathlib import Path

    return Path(gazetteer._db.execute("PRAGMA database_list").fetchone()[2])


def test_a_missing_gazetteer_says_how_to_build_it(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(GazetteerMissing, match="python -m geo.places.compile"):
        Gazetteer.open(path=Path(str(tmp_path)) / "none.sqlite")


def test_looking_up_is_fast_and_loads_nothing_heavy(gazetteer: Gazetteer) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom geo.model import Claim\nfrom geo.places.gazetteer import Gazetteer\n"
        "from geo.places.resolve import locate\n"
        f"g = Gazetteer.open(path=Path({str(_path_of(gazetteer))!r}))\n"
        "locate(Claim(place='near Raqqa'), g)\n"
        "print([m for m in ('shapely', 'folium', 'geopy', 'pandas', 'numpy', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    names = ["Raqqa", "Alep", "دمشق", "Хомс", "Mosul", "Sanaa", "Kharkiv", "Beirut"] * 50
    begin = time.perf_counter()
    for name in names:
        gazetteer.lookup(name)
    assert (time.perf_counter() - begin) / len(names) < 0.001


def test_cities_for_labels_come_capital_first_then_by_size(gazetteer: Gazetteer) -> None:
    from geo.model import Box

    cities = gazetteer.cities_in(Box(35.5, 32.0, 42.5, 37.5), 5)
    assert [city.id for city in cities[:3]] == ["beirut", "damascus", "aleppo"] or cities[0].capital
    assert [c.population for c in cities if not c.capital] == sorted(
        (c.population for c in cities if not c.capital), reverse=True
    )
    assert {sea.id for sea in gazetteer.seas_in(Box(30.0, 31.0, 36.5, 37.0))} == {"eastern-mediterranean"}


@pytest.mark.parametrize("within", [None, "Israel", "Syria"])
def test_a_word_that_shares_only_consonants_is_unknown(gazetteer: Gazetteer, within: str | None) -> None:
    assert answer("Nowhere", gazetteer, within)["status"] == "unknown"


def test_the_area_that_is_looked_through_is_no_answer(gazetteer: Gazetteer) -> None:
    assert answer("Nowhereville", gazetteer, "Syria")["status"] == "unknown"
    found = locate(Claim(place="Nowhereville", country="Syria"), gazetteer)
    assert place_of(found) == "syria"
    assert isinstance(found, Location) and found.warnings


def test_the_registrys_long_tail_does_not_outrank_a_well_known_place(gazetteer: Gazetteer) -> None:
    found = locate(Claim(place="Djalalabad"), gazetteer)
    assert isinstance(found, Unplaced)
    assert found.code == "ambiguous"
    assert found.candidates[0].place.id == "jalalabad"


@pytest.mark.parametrize(
    ("country", "names"),
    [("EG", "Le Caire"), ("GR", "Athènes"), ("IR", "Téhéran"), ("IQ", "Bagdad"), ("SY", "Damas"), ("LB", "Beyrouth"),
     ("DZ", "Alger"), ("PL", "Varsovie"), ("RU", "Moscou"), ("GB", "Londres"), ("CN", "Pékin"), ("KW", "Koweït")],
)  # fmt: skip
def test_capitals_are_known_and_shown_by_their_french_names(gazetteer: Gazetteer, country: str, names: str) -> None:
    found = locate(Claim(place=names, country=country), gazetteer)
    towns = [p for p in gazetteer.lookup(names) if p.kind == "city" and country in p.countries]
    assert towns and towns[0].capital
    assert towns[0].name("fr")[0] in (names, "Koweït")
    assert isinstance(found, Location)


def test_every_large_capital_has_an_arabic_and_a_russian_name(gazetteer: Gazetteer) -> None:
    rows = gazetteer._db.execute("SELECT no FROM place WHERE capital = 1 AND population >= 300000")
    capitals = [gazetteer._place(no) for (no,) in rows]
    assert len(capitals) > 100
    assert [p.id for p in capitals if "ru" not in p.names] == []
    assert len([p.id for p in capitals if "ar" not in p.names]) <= 3


def test_a_gazetteer_in_a_wheel_is_small(gazetteer: Gazetteer) -> None:
    path = gazetteer._db.execute("PRAGMA database_list").fetchone()[2]
    assert len(zlib.compress(Path(path).read_bytes(), 6)) < 5_000_000
