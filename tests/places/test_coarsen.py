"""Coarsening gives a fine position up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from geo.model import (
    Box,
    Claim,
    Event,
    Kind,
    LocatedStory,
    Location,
    Place,
    Position,
    Precision,
    Sortie,
    Story,
    Unplaced,
    When,
)
from geo.places.coarsen import coarsen

AL_BAB = Place("al-bab", {"en": ("Al-Bab",)}, "city", Position(37.51, 36.37), Precision.TOWN, ("SY",), admin1="SY-HL")
ALEPPO = Place(
    "aleppo-governorate", {"en": ("Aleppo Governorate",)}, "governorate", Position(37.43, 36.17), Precision.GOVERNORATE,
    ("SY",), outline="province:SY-HL",
)  # fmt: skip


class Settlements:
    def __init__(self, *places: Place) -> None:
        self.places = places

    def cities_in(self, box: Box, limit: int) -> Sequence[Place]:
        return [p for p in self.places if p.kind == "city" and box.west <= p.position.lon <= box.east and box.south <= p.position.lat <= box.north]

    def lookup(self, name: str) -> Sequence[Place]:
        return []

    def area(self, ref: str) -> Place | None:
        return next((place for place in self.places if place.outline == ref), None)


def located(precision: Precision, position: Position) -> LocatedStory:
    event = Event("e1", Kind.STRIKE, When("2015-11-17", "day", date(2015, 11, 17), date(2015, 11, 17)), {})
    story = Story("s", {}, "en", ("en",), (event,))
    return LocatedStory(story, {"e1": Location(position, precision, name={"en": "a house"}, radius_m=precision.radius_m)})


def test_a_doorstep_becomes_the_nearest_town() -> None:
    answer = coarsen(located(Precision.EXACT, Position(37.51234, 36.36789)), Precision.TOWN, Settlements(AL_BAB)).where["e1"]
    assert isinstance(answer, Location)
    assert (answer.position, answer.precision, answer.radius_m) == (AL_BAB.position, Precision.TOWN, 5000)
    assert answer.name == {}


def test_without_a_town_near_by_the_position_falls_on_a_coarse_grid() -> None:
    answer = coarsen(located(Precision.NOT_STATED, Position(40.123456, 30.987654)), Precision.TOWN, Settlements()).where["e1"]
    assert isinstance(answer, Location)
    assert answer.position == Position(40.1, 31.0)


def test_what_is_as_coarse_already_stays() -> None:
    before = located(Precision.CITY, Position(39.0, 35.95))
    assert coarsen(before, Precision.TOWN, Settlements(AL_BAB)).where == before.where


def test_a_sea_is_no_rung_to_coarsen_to() -> None:
    with pytest.raises(ValueError, match="choose from"):
        coarsen(located(Precision.EXACT, Position(0, 0)), Precision.SEA, Settlements())


def test_a_doorstep_becomes_its_province() -> None:
    answer = coarsen(
        located(Precision.EXACT, Position(37.51, 36.36)), Precision.GOVERNORATE, Settlements(AL_BAB, ALEPPO)
    ).where["e1"]
    assert isinstance(answer, Location)
    assert (answer.outline, answer.position) == ("province:SY-HL", ALEPPO.position)


def test_what_lies_in_no_known_province_is_not_placed_at_all() -> None:
    answer = coarsen(located(Precision.EXACT, Position(0, 0)), Precision.GOVERNORATE, Settlements()).where["e1"]
    assert isinstance(answer, Unplaced)


def test_what_a_source_said_of_a_finer_place_is_given_up_with_it() -> None:
    before = located(Precision.EXACT, Position(37.51234, 36.36789))
    claims = (Claim({"en": "House of Omar"}, "House of Omar", Position(37.51234, 36.36789), Precision.EXACT),)
    event = replace(before.story.events[0], claim=claims[0], origins=claims)
    home = Location(Position(37.6, 36.36789), Precision.EXACT)
    before = replace(before, story=replace(before.story, events=(event,)), sorties=(Sortie("e1-1", "e1", "e1", home, home),))
    for places, claim in (((AL_BAB,), Claim(place="al-bab", precision=Precision.TOWN)), ((), Claim(position=Position(37.5, 36.4), precision=Precision.TOWN))):
        (after,) = coarsen(before, Precision.TOWN, Settlements(*places)).story.events
        assert after.claim == claim
        assert "Omar" not in repr(after)
        assert "36.36789" not in repr(after)
