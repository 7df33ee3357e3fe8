"""What is drawn of a table in columns is what is drawn of its rows one by one."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from geo import api
from geo.geometry.frame import Extent
from geo.places.columns import locate_table
from geo.places.gazetteer import Gazetteer
from geo.read.tablestory import header_of
from geo.scene.build import build
from geo.scene.crowd import Crowd, crowd
from geo.scene.crowd.build import _without_strays
from geo.scene.crowd.words import page_strings
from geo.scene.events import OUTCOMES, outcome_of
from geo.scene.scene import Scene

HEADER = "id,kind,date,date_end,time,title,place,admin1,country,lat,lon,precision,actor,origin,origin_lat,origin_lon,status"
PLACES = ("Raqqa,,Syria,,,", "Aleppo,,Syria,,,", ",Idlib,Syria,,,", "Nowhere-at-all,,,,,", ",,,,,", ",,Iraq,36.34,43.13,town", ",,,35.1,38.9,", ",,,,,")


def table(rows: int, seed: int) -> str:
    """Rows of every sort: named, placed by hand, by province, not placed; with and without dates, actors and origins."""
    dice = random.Random(seed)
    lines = [HEADER]
    for n in range(rows):
        day = f"2016-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}" if dice.random() < 0.95 else ""
        place = dice.choice(PLACES)
        if place == ",,,35.1,38.9,":
            place = f",,,{dice.uniform(33, 37):.4f},{dice.uniform(36, 42):.4f},{dice.choice(['', 'village', 'city'])}"
        if place == ",,,,," and not day:
            day = "2016-05-05"
        origin = dice.choice([",,", ",,", "Incirlik,37.0,35.43", "Hmeimim,35.4,35.95", "Diego Garcia,-7.3,72.4"])
        kind = dice.choice(["strike", "strike", "strike", "attack", "crash"])
        status = dice.choice(["reported", "declared", "contested", "retracted"])
        lines.append(f"n{n:03d},{kind},{day},,{dice.choice(['', '', '14:30'])},,{place},{dice.choice(['', 'One', 'Two', 'Three'])},{origin},{status}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(user=False)


def both(text: str, gazetteer: Gazetteer, folder: Path) -> tuple[Crowd, Scene]:
    file = folder / "rows.csv"
    file.write_text(text, "utf-8")
    read = api.load_table(file)
    located = api.locate_table(read, gazetteer)
    scene = build(located, ("en",), gazetteer, refused=read.refused)
    return crowd(locate_table(read, gazetteer), header_of(read), ("en",), gazetteer), scene


@pytest.mark.parametrize("seed", range(4))
def test_columns_say_what_single_events_say(seed: int, gazetteer: Gazetteer, tmp_path: Path) -> None:
    found, scene = both(table(180, seed), gazetteer, tmp_path)
    assert found.counts == scene.counts
    events = [entry.event for entry in scene.entries]
    assert [found.table.name(int(row)) for row in found.order] == [event.id for event in events]
    assert [OUTCOMES[code] for code in found.outcome] == [outcome_of(entry) for entry in scene.entries]
    assert found.slot.tolist() == [entry.slot for entry in scene.entries]
    assert [found.when.values[code] for code in found.when.codes] == [event.date for event in events]
    assert [found.kind.values[code] for code in found.kind.codes] == [event.kind for event in events]
    assert found.frame["core"] == pytest.approx(scene.frame["core"], abs=0.11)
    assert found.disputed == scene.disputed
    assert set(found.shapes.values()) == set(scene.shapes.values()) - {ref for ref in scene.shapes.values() if ref.startswith("circle:")} | {
        ref for ref in found.shapes.values() if ref.startswith("circle:")
    }
    assert {found.shapes[area.shape] for area in found.areas.values()} >= {scene.shapes[a["shape"]] for a in scene.areas if a["status"] != "retracted"}
    row = found.flights[0].tolist()
    assert [events[at].id for at in row] == [sortie.event for entry in scene.entries for sortie in entry.sorties]


def test_what_is_on_the_page_adds_up(gazetteer: Gazetteer, tmp_path: Path) -> None:
    found, _ = both(table(400, 9), gazetteer, tmp_path)
    counts = found.counts
    assert counts.events == counts.pinned + counts.areas + counts.unplaced + counts.refused
    assert np.bincount(found.outcome, minlength=4)[2] == counts.outside
    assert found.time is not None
    assert sum(found.time.counts) + found.time.undated == found.n
    words = page_strings(found)["en"]
    assert "400 events" in str(words["account"]) and "400 events" in str(words["described"])


def test_rows_in_another_order_give_the_same_crowd(gazetteer: Gazetteer, tmp_path: Path) -> None:
    lines = table(150, 3).splitlines()
    again = [lines[0], *random.Random(1).sample(lines[1:], len(lines) - 1)]
    one, _ = both("\n".join(lines) + "\n", gazetteer, tmp_path)
    other, _ = both("\n".join(again) + "\n", gazetteer, tmp_path)
    assert [one.table.name(int(row)) for row in one.order] == [other.table.name(int(row)) for row in other.order]
    assert (one.frame, one.base, one.labels, one.keys, one.hatch, one.time) == (other.frame, other.base, other.labels, other.keys, other.hatch, other.time)
    assert page_strings(one) == page_strings(other)


def test_a_few_rows_typed_on_another_continent_do_not_shrink_the_map() -> None:
    dice = np.random.default_rng(5)
    west, south = dice.uniform(102, 109, 5000), dice.uniform(9, 22, 5000)
    west[:3], south[:3] = -70, 40
    kept = _without_strays(Extent(-70, 9, 109, 40), west, np.zeros(5000), south, south)
    assert not kept[:3].any() and kept[3:].all()
    # Two theatres of one war are both shown.
    west[:1000] -= 100
    assert _without_strays(Extent(2, 9, 109, 22), west, np.zeros(5000), south, south)[3:].all()
