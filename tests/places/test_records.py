"""Every record of places.yaml, checked against the geography and the registries that the package carries."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
import shapely

from geo.api import page_languages
from geo.errors import InputError
from geo.geometry.areas import outline
from geo.model import Place
from geo.places import compile as compiler
from geo.places.names import fold
from geo.places.records import Records, read_places
from geo.places.resolve import SAME_PLACE_KM, km
from geo.scene.text import readable

PLACES = read_places(compiler.ROOT / "places.yaml").places
COAST_DEG = 0.01
"""Bundled coasts are simplified to some 500 m: a port may lie so far outside its country."""


@pytest.fixture(scope="module")
def derived() -> dict[str, compiler.Row]:
    return {row.id: row for row in compiler.read_derived(compiler.DERIVED)}


def test_there_are_enough_places_of_every_kind() -> None:
    kinds = [place.kind for place in PLACES.values()]
    assert len(PLACES) >= 220
    assert kinds.count("airfield") >= 20
    assert kinds.count("sea") >= 10
    assert kinds.count("region") >= 10
    assert len({code for place in PLACES.values() for code in place.countries}) >= 10


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_record_has_names_in_each_language_of_the_page_and_in_its_letters(place: Place) -> None:
    for lang in page_languages():
        forms = place.names.get(lang, ())
        assert forms, f"{place.id} has no name in {lang}"
        folded = [fold(form) for form in forms]
        assert len(set(folded)) == len(folded), f"{place.id}: {lang} lists one name twice: {forms}"
        assert readable(place.name(lang)[0], lang), lang


@pytest.mark.parametrize("place", [p for p in PLACES.values() if p.outline], ids=lambda place: place.id)
def test_an_outline_is_valid_and_holds_its_position(place: Place) -> None:
    area = outline(place.outline or "")
    assert area.is_valid
    assert not area.is_empty
    assert area.contains(shapely.Point(place.position))


@pytest.mark.parametrize("place", [p for p in PLACES.values() if p.kind != "region"], ids=lambda place: place.id)
def test_a_place_lies_in_its_country_and_in_every_claimant(place: Place) -> None:
    if place.kind == "sea":
        assert not place.countries
        return
    assert place.countries
    for code in place.countries:
        assert outline(f"country:{code}").distance(shapely.Point(place.position)) <= COAST_DEG, code


@pytest.mark.parametrize("place", [p for p in PLACES.values() if p.admin1], ids=lambda place: place.id)
def test_a_place_lies_in_or_beside_its_province(place: Place) -> None:
    # GeoNames and Natural Earth draw some provinces differently; farther off than this is a mistake.
    assert outline(f"province:{place.admin1}").distance(shapely.Point(place.position)) <= 0.15


def test_a_position_agrees_with_the_registry_that_knows_it_or_states_its_source(
    records: Records, derived: dict[str, compiler.Row]
) -> None:
    wrong = []
    for place in PLACES.values():
        links = records.replaces.get(place.id, ())
        if place.outline or links:
            for link in links:
                row = derived[link]
                if km(place.position, compiler_position(row)) > 10:
                    wrong.append(f"{place.id}: {km(place.position, compiler_position(row)):.0f} km from {link}")
        elif not place.source:
            wrong.append(f"{place.id}: in no registry, and no source is written")
    assert not wrong


def compiler_position(row: compiler.Row) -> tuple[float, float]:
    from geo.model import Position

    return Position(row.lon, row.lat)


def test_names_are_unique_or_their_ambiguity_is_declared(records: Records) -> None:
    by_name: dict[str, list[Place]] = defaultdict(list)
    for place in PLACES.values():
        for name in {fold(form) for forms in place.names.values() for form in forms}:
            by_name[name].append(place)
    undeclared = []
    for name, places in by_name.items():
        for other in places[1:]:
            first = places[0]
            near = km(first.position, other.position) <= SAME_PLACE_KM
            # A province and its chief city share a name by rule, as do a sea or a country and the region round it.
            seat = first.admin1 is not None and first.admin1 == other.admin1
            if not (near or seat or name in records.ambiguous):
                undeclared.append(f"{name}: {first.id}, {other.id}")
    assert not undeclared


def test_a_declared_ambiguity_has_two_bearers(records: Records, gazetteer: object) -> None:
    from geo.places.gazetteer import Gazetteer

    assert isinstance(gazetteer, Gazetteer)
    for name in records.ambiguous:
        assert len(gazetteer.lookup(name)) >= 2, name


def test_every_sea_has_a_hull_and_every_hull_a_sea(records: Records) -> None:
    seas = {p.id for p in PLACES.values() if p.outline == f"sea:{p.id}"}
    assert seas == set(records.hulls)


FAULTY = """\
places:
  Bad Id:
    kind: city
    names: {en: [Somewhere]}
    at: [0, 0]
  swapped:
    kind: vilage
    names: {en: [Somewhere]}
    at: [35.0, 136.0]
    contry: SY
    outline: circle
"""


def test_every_fault_of_a_file_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(FAULTY, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_places(file)
    told = [str(fault) for fault in caught.value.faults]
    assert [fault.line for fault in caught.value.faults] == [2, 6, 6, 6, 6]
    assert "kebab-case" in told[0]
    assert any("did you mean country?" in line for line in told)
    assert any("'vilage' is no kind" in line for line in told)
    assert any("[35.0, 136.0]" in line for line in told)
    assert any("'circle' is no outline reference" in line for line in told)


@pytest.mark.parametrize(
    "text",
    [
        "- {id: 1}", "", "places: [1]", "places: {1: 2}", "{[1]: 2}", "ambiguous: [1]\nplaces: {}",
        "places: {a: {kind: [1], names: {en: [1]}, at: x, country: {a: 1}, precision: [1]}}",
        "places: {x: {kind: city, names: {en: X}, at: [1, 2], radius_m: abc, population: many}}",
        "places: {x: {kind: city, names: {en: X}, at: [1, 2], label: 3, admin1: [1], geonames: {a: 1}}}",
        "places: {x: {kind: city, names: {en: X}, at: [.nan, 2]}}",
    ],
)  # fmt: skip
def test_a_file_that_is_no_places_file_is_a_fault_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_places(path)
    assert all(fault.line == 1 and fault.file == str(path) for fault in caught.value.faults)


def test_a_missing_places_file_is_said_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_places(tmp_path / "nowhere.yaml")
