"""Very many rows located without an object for any of them: the same answers, origins and doubts as row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import api
from geo.columns import Coded, LocatedTable, Profile, Table, nothing
from geo.model import Claim, Location, Place, Position, Precision, Unplaced
from geo.places import columns
from geo.places.columns import locate_table
from geo.places.gazetteer import Gazetteer
from geo.places.resolve import locate
from geo.tables import located

NOWHERE = (float("nan"), float("nan"))
SPOTS = (
    NOWHERE, (36.2, 37.16), (35.0, 38.0), (37.16, 36.2), (0.001, -0.002), (33.3, 44.4), (35.0, -62.0), (35.0, 138.0),
    (52.52, 13.405), (-33.9, 18.4), (33.3424, 44.38), (89.9, 179.9999), (-89.9, -180.0),
)  # fmt: skip
CLAIMS = (
    Claim(), Claim(country="Syria"), Claim(country="IQ"), Claim(country="Nowhereland"), Claim(place="Raqqa"), Claim(place="raqqa"),
    Claim(place="Tripoli"), Claim(place="Tripoli", country="Libya"), Claim(place="Hamlet of none", country="Syria"),
    Claim(place="Hamlet of none"), Claim(name={"und": "Somewhere"}, precision=Precision.TOWN, country="Syria"),
    Claim(precision=Precision.GOVERNORATE, admin1="Idlib", country="Syria"), Claim(precision=Precision.COUNTRY, country="Iraq"),
    Claim(precision=Precision.DISTRICT, radius_m=4_000.0, country="Syria"), Claim(precision=Precision.EXACT, radius_m=80.0),
    Claim(place="Syria", precision=Precision.VILLAGE), Claim(place="36.2, 37.16"), Claim(precision=Precision.SEA),
)  # fmt: skip
ORIGINS = (
    (Claim(name={"und": "Hmeimim"}, place="Hmeimim"),), (Claim(position=Position(36.0, 35.4)),), (Claim(place="nobody knows it"),),
    (Claim(name={"und": "Hmeimim"}, place="Hmeimim"), Claim(name={"und": "Incirlik"}, place="Incirlik")),
    (Claim(place="Syria", position=Position(0.0, 0.0)),), (Claim(name={"und": "a ship"}, place="a ship", position=Position(34.0, 35.0)),),
    (Claim(position=Position(38.0, 35.0), precision=Precision.COUNTRY),),
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(user=False)


def table(claims: Sequence[Claim | None], at: Sequence[tuple[float, float]], origins: Sequence[tuple[Claim, ...] | None] = ()) -> Table:
    n = len(claims)
    rows = np.arange(1, n + 1, dtype=np.int32)

    def column(values: Sequence[object]) -> Coded[object]:
        known: list[object] = []
        for value in values:
            if value is not None and value not in known:
                known.append(value)
        return Coded(tuple(known), np.array([-1 if value is None else known.index(value) for value in values], np.int32))

    lat, lon = np.array(at, float).reshape(-1, 2).T
    return Table(
        "some.csv", "strikemap", rows + 1, rows, lat, lon, nothing(n), column(claims), nothing(n), nothing(n), nothing(n),  # type: ignore[arg-type]
        origins=column(origins or [None] * n),  # type: ignore[arg-type]
    )  # fmt: skip


def one_by_one(answer: Location | Unplaced) -> object:
    """What an answer says, for a comparison in which NaN has no place."""
    return answer if isinstance(answer, Unplaced) else replace(answer, warnings=())


def of_row(found: LocatedTable, row: int) -> Location | Unplaced:
    answer = found.answers[found.answer[row]]
    if isinstance(answer, Location):
        return replace(answer, position=Position(float(found.lon[row]), float(found.lat[row])))
    assert np.isnan(found.lat[row]) and np.isnan(found.lon[row])
    return answer


row = st.tuples(
    st.sampled_from((None, *CLAIMS)),
    st.one_of(
        st.sampled_from(SPOTS),
        st.tuples(st.floats(30, 40), st.floats(34, 46)),
        st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    ),
    st.sampled_from((None, *ORIGINS)),
)


@given(st.lists(row, min_size=1, max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_in_columns_get_the_answers_that_they_get_as_events(gazetteer: Gazetteer, rows: list[tuple[Claim | None, tuple[float, float], tuple[Claim, ...] | None]]) -> None:
    claims, at, origins = zip(*rows, strict=True)
    asked = table(claims, at, origins)
    found, events = locate_table(asked, gazetteer), located(asked, gazetteer)

    said: dict[str, list[int]] = {}
    for number in range(asked.n):
        answer = events.where[f"r{number + 1}"]
        assert one_by_one(of_row(found, number)) == one_by_one(answer)
        for warning in answer.warnings if isinstance(answer, Location) else ():
            said.setdefault(warning, []).append(number)
    assert {message: (first, count) for message, first, count in found.warnings} == {
        message: (numbers[0], len(numbers)) for message, numbers in said.items()
    }
    assert [first for _, first, _ in found.warnings] == sorted(first for _, first, _ in found.warnings)

    lines = [(sortie.event, sortie.origin.position, sortie.origin.place, sortie.origin.precision, sortie.origin.warnings) for sortie in events.sorties]
    column = asked.origins
    assert column is not None
    flown = []
    for at_row, code, number in zip(*(part.tolist() for part in found.flights), strict=True):
        end = found.origins[code][number]
        assert isinstance(end, Location)
        flown.append((f"r{at_row + 1}", end.position, end.place, end.precision, end.warnings))
    assert flown == lines
    lost = [(f"r{number + 1}", end) for number in range(asked.n) if column.codes[number] >= 0 for end in found.origins[column.codes[number]] if isinstance(end, Unplaced)]
    assert lost == list(events.unplaced_origins)


def test_doubts_near_a_middle_agree_with_those_of_one_position(gazetteer: Gazetteer) -> None:
    """All round forty centroids, from 0 to 2 km off, and far away from any."""
    rng = np.random.default_rng(7)
    middles = gazetteer.middles_between(-900_000, 900_000, -1_800_000, 1_800_000)
    some = [middles[number] for number in rng.choice(len(middles), 40, replace=False)]
    at = [(y / 1e4 + dy, x / 1e4 + dx) for _, x, y in some for dy, dx in rng.uniform(-0.02, 0.02, (20, 2)).tolist()]
    at += [(float(lat), float(lon)) for lat, lon in zip(rng.uniform(-90, 90, 200), rng.uniform(-180, 180, 200), strict=True)]
    found = locate_table(table([None] * len(at), at), gazetteer)
    said: dict[str, list[int]] = {}
    for number, (lat, lon) in enumerate(at):
        answer = locate(Claim(position=Position(lon, lat)), gazetteer)
        assert isinstance(answer, Location)
        for warning in answer.warnings:
            said.setdefault(warning, []).append(number)
    assert len(said) > 10
    assert {message: (first, count) for message, first, count in found.warnings} == {m: (rows[0], len(rows)) for m, rows in said.items()}


def test_ten_thousand_positions_are_one_answer_and_no_look_up(gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "locate", None)
    rng = np.random.default_rng(1)
    at = list(zip(rng.uniform(33, 36, 10_000).tolist(), rng.uniform(37, 41, 10_000).tolist(), strict=True))
    base = [(Claim(position=Position(lon, lat)),) for lat, lon in at[:500]]
    asked = table([Claim(country="Syria")] * 10_000, at)
    asked = replace(asked, origins=Coded(tuple(base), np.arange(10_000, dtype=np.int32) % 500))
    found = locate_table(asked, gazetteer)
    assert len(found.answers) == 1 and len(found.origins) == 500 and len(found.flights[0]) == 10_000
    assert found.lat.tolist() == [lat for lat, _ in at]


def test_a_doubt_is_told_once_with_its_first_row_and_how_many_share_it(gazetteer: Gazetteer) -> None:
    at = [(36.2, 37.2), (50.53, 10.37), (0.0, 0.0), (50.61, 10.12), (37.2, 36.2)]
    found = locate_table(table([Claim(country="Syria")] * 5, at), gazetteer)
    assert found.warnings[0] == ("the position is outside Syria, the stated country", 1, 2)
    assert found.warnings[1] == ("the position is 0, 0: probably an empty cell", 2, 1)


def test_the_makers_of_a_table_and_of_places_that_are_not_bundled_are_named(gazetteer: Gazetteer) -> None:
    asked = replace(
        table([Claim(place="Farmhouse 12")], [NOWHERE], [(Claim(place="Strip 4"),)]),
        profile=Profile("Set", citation="Set, by its makers", withheld=("source",)), accessed="2026-01-02",
    )  # fmt: skip
    own = Gazetteer.open(user=False)
    own.add([
        Place("user:farm", {"en": ("Farmhouse 12",)}, "village", Position(38.0, 35.0), Precision.VILLAGE, ("SY",), source="A survey"),
        Place("user:strip", {"en": ("Strip 4",)}, "airfield", Position(38.1, 35.1), Precision.LANDMARK, ("SY",), source="Another"),
    ])
    found = locate_table(asked, own)
    assert found.attributions == ("Set, by its makers; accessed 2026-01-02; left out by its terms: source", "A survey", "Another")
    assert api.locate_table(asked, own).attributions == found.attributions
