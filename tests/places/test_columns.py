"""Locating in columns: one look-up a distinct claim, the same answers as a story's, areas for what is known to an area."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.api import BuildOptions, build_story
from geo.model import Claim, Location, Position, Precision, Unplaced
from geo.places import columns
from geo.places.columns import locate_columns
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import locate


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(user=False)


def test_ten_thousand_rows_of_one_claim_are_one_look_up(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Claim] = []

    def counted(claim: Claim, *rest: object) -> Location | Unplaced:
        asked.append(claim)
        return locate(claim, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(columns, "locate", counted)
    n = 10_000
    nowhere = np.full(n, np.nan)
    answers, of = locate_columns([Claim(place="Raqqa", country="Syria")], np.zeros(n, np.int32), nowhere, nowhere, gazetteer)
    assert len(asked) <= 2 and len(answers) == 1 and of.tolist() == [0] * n
    assert isinstance(answers[0], Location) and answers[0].place is not None and answers[0].place.id == "raqqa"


def test_the_countries_of_the_other_rows_decide_between_bearers_of_a_name(gazetteer: Gazetteer) -> None:
    claims = [Claim(place="Tripoli"), Claim(place="Sirte"), Claim(place="Misrata")]
    codes = np.array([0, 1, 2], np.int32)
    nowhere = np.full(3, np.nan)
    answers, of = locate_columns(claims, codes, nowhere, nowhere, gazetteer)
    tripoli = answers[of[0]]
    assert isinstance(tripoli, Location) and tripoli.countries == ("LY",)


def test_a_row_without_claim_or_position_is_unplaced(gazetteer: Gazetteer) -> None:
    answers, of = locate_columns([], np.array([-1], np.int32), np.array([np.nan]), np.array([np.nan]), gazetteer)
    answer = answers[of[0]]
    assert isinstance(answer, Unplaced) and answer.code == "no_place"


@pytest.mark.parametrize(
    ("claim", "outline"),
    [
        (Claim(precision=Precision.GOVERNORATE, admin1="Idlib", country="Syria"), "province:SY-ID"),
        (Claim(precision=Precision.GOVERNORATE), "province:SY-HL"),
        (Claim(precision=Precision.COUNTRY, country="Syria"), "country:SY"),
        (Claim(precision=Precision.DISTRICT, place="Somewhere unknown"), "province:SY-HL"),
    ],
    ids=["its name", "its position", "a country", "no name that is known"],
)
def test_a_position_known_to_an_area_is_that_area_and_no_pin(gazetteer: Gazetteer, claim: Claim, outline: str) -> None:
    answers, of = locate_columns([claim], np.array([0], np.int32), np.array([36.2]), np.array([37.16]), gazetteer)
    answer = answers[of[0]]
    assert isinstance(answer, Location) and not answer.precision.pinned and answer.outline == outline


def test_a_stated_position_is_never_moved(gazetteer: Gazetteer) -> None:
    claim = Claim(place="Raqqa", precision=Precision.TOWN)
    answers, of = locate_columns([claim], np.array([0], np.int32), np.array([36.0]), np.array([39.5]), gazetteer)
    answer = answers[of[0]]
    assert isinstance(answer, Location) and answer.position == Position(39.5, 36.0)


def test_a_long_table_says_how_many_of_its_distinct_places_are_located(tmp_path: Path) -> None:
    table = tmp_path / "long.csv"
    rows = [f"2016-01-01,Nowhere No. {number // 2}" for number in range(900)]
    table.write_text("\n".join(["date,place", *rows]) + "\n", encoding="utf-8")
    told: list[tuple[int, int]] = []
    build_story(table, BuildOptions(formats=("geojson",), progress=lambda number, of: told.append((number, of))))
    assert told == [(200, 450), (400, 450)]
