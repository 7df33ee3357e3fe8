"""A page of very many rows gives every row back as it was; what is no such page is one fault."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.columns import Coded
from geo.errors import InputError
from geo.model import Location
from geo.read.page import read_page
from geo.read.tablestory import events_of
from geo.render.crowd.page import render_crowd
from geo.render.crowd.pieces import Pieces
from geo.reopen import open_data
from geo.scene.crowd import Crowd
from support.crowds import bare, crowd_of, mixed

ACLED = "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,country,admin1,location,latitude,longitude,geo_precision,source,notes,fatalities"


def acled(rows: int) -> str:
    lines = [ACLED]
    lines += [f"SYR{n},{n % 28 + 1:02d} May 2018,Explosions,Air/drone strike,Force {n % 3},Group,Syria,Idleb,Town {n % 40},35.{n % 90:02d},36.7,{n % 3 + 1},"
              f"Secret Gazette,never to be published {n},{n % 5}" for n in range(rows)]  # fmt: skip
    return "\n".join(lines) + "\n"


SHAPES = {"every sort of row": (mixed(2500), ("fr", "ar", "en")), "one language": (mixed(600, 3), ("en",)), "another language": (mixed(600, 4), ("de",)),
          "bare positions": (bare(2500), ("en",)), "a licence that withholds": (acled(2200), ("en",)), "one row": (bare(1), ("en",))}  # fmt: skip


@pytest.fixture(scope="module", params=SHAPES)
def shape(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Crowd, bytes]:
    text, languages = SHAPES[request.param]
    found = crowd_of(text, tmp_path_factory.mktemp("rows"), languages)
    return found, render_crowd(found)


def told(table: Any, pieces: Pieces) -> dict[str, list[Any]]:
    """Every column of a table as values by row."""

    def values(column: Any, change: Any = lambda value: value) -> list[Any]:
        if column is None:
            return [None] * table.n
        seen = [change(value) for value in column.values]
        return [None if code < 0 else seen[code] for code in column.codes.tolist()]

    found = {name: values(getattr(table, name)) for name in ("when", "kind", "status", "id", "time", "mission", "quote", "quote_language")}
    found["kind"] = [kind or "strike" for kind in found["kind"]]
    found["status"] = [status or "reported" for status in found["status"]]
    found["when"] = [when.edtf if when else "" for when in found["when"]]
    found["lat"], found["lon"] = (np.where(np.isnan(of), None, of.astype(object)).tolist() for of in (table.lat, table.lon))
    found["claim"] = values(table.claim, lambda claim: pieces.claim(claim))
    found["origins"] = values(table.origins, lambda claims: tuple(pieces.claim(claim) for claim in claims))
    found["actor"] = values(table.actor, lambda actor: (actor.id, pieces.told(actor.name)))
    found["receipts"] = values(table.receipts, lambda receipts: tuple(pieces._receipt(receipt) for receipt in receipts))
    for name, by_language in table.texts.items():
        found |= {f"{name}@{lang or table.lang}": values(column) for lang, column in by_language.items()}
    found |= {name: values(column) for name, column in table.numbers.items()}
    found |= {f"x:{name}": values(column) for name, column in table.extra.items()}
    return {name: column for name, column in found.items() if any(value is not None for value in column)}


def test_every_row_comes_back_as_it_was(shape: tuple[Crowd, bytes]) -> None:
    found, page = shape
    rows = read_page("m.html", page).rows
    assert rows is not None
    before, after = told(found.table, Pieces(found)), told(rows.located.table, Pieces(found))
    assert before.keys() == after.keys()
    for name, column in before.items():
        assert after[name] == column, name
    assert rows.located.table.row.tolist() == found.table.row.tolist()
    assert rows.refused == found.table.refused
    assert rows.order.tolist() == found.order.tolist()
    assert rows.outcome.tolist() == found.outcome.tolist()
    assert rows.located.attributions == found.attributions
    assert rows.story.title == found.story.title


def test_every_row_is_placed_as_it_was(shape: tuple[Crowd, bytes]) -> None:
    found, page = shape
    rows = read_page("m.html", page).rows
    assert rows is not None
    a, b = found.located, rows.located
    assert np.array_equal(a.lat, b.lat, equal_nan=True)
    assert np.array_equal(a.lon, b.lon, equal_nan=True)
    for row in range(found.n):
        one, other = a.answers[a.answer[row]], b.answers[b.answer[row]]
        assert type(one) is type(other)
        if isinstance(one, Location):
            assert isinstance(other, Location)
            assert (one.precision, one.outline, one.drawn_radius_m, one.countries, dict(one.name)) == (
                other.precision, other.outline, other.drawn_radius_m, other.countries, dict(other.name))  # fmt: skip
            assert (one.place and one.place.id) == (other.place and other.place.id)
    lines = [a.origins[code][k].position for code, k in zip(*found.flights[1:], strict=True)]  # type: ignore[union-attr]
    assert len(rows.located.flights[0]) == len(lines)


def test_rows_become_a_story_that_says_the_same(shape: tuple[Crowd, bytes]) -> None:
    found, page = shape
    story = read_page("m.html", page).located
    events, _ = events_of(found.table)
    assert [event.id for event in story.story.events] == [event.id for event in events]
    for event, before in zip(story.story.events, events, strict=True):
        assert (event.date, event.title, event.note, event.killed, event.strikes, event.status) == (
            before.date, before.title, before.note, before.killed, before.strikes, before.status)  # fmt: skip
        assert [receipt.quote for receipt in event.receipts] == [receipt.quote for receipt in before.receipts]
    assert Counter(line.event for line in story.sorties) == Counter(found.table.name(int(found.order[row])) for row in found.flights[0])


def test_the_data_has_our_columns_and_the_files_own(tmp_path: Path) -> None:
    text = mixed(2500)
    (tmp_path / "m.html").write_bytes(render_crowd(crowd_of(text, tmp_path, ("en", "fr"))))
    written = open_data(tmp_path / "m.html", ("csv",), raw=True).outputs["csv"].decode("utf-8")
    back = list(csv.DictReader(io.StringIO(written, newline="")))
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in back] == [row["id"] for row in rows]
    for name in ("time", "mission", "unit", "=odd header", "quote", "note:en", "title:fr", "killed_min"):
        assert [row[name] for row in back] == [row[name.removesuffix(":en")] for row in rows], name
    guarded = open_data(tmp_path / "m.html", ("csv",)).outputs["csv"].decode("utf-8")
    assert {row["=odd header"] for row in csv.DictReader(io.StringIO(guarded, newline="")) if "=odd header" in row} <= {"", "'@x"}


def test_what_a_licence_withholds_is_not_in_the_page(tmp_path: Path) -> None:
    found = crowd_of(acled(2200), tmp_path)
    (tmp_path / "m.html").write_bytes(render_crowd(found))
    written = open_data(tmp_path / "m.html", ("csv",)).outputs["csv"]
    assert b"never to be published" not in written
    assert b"Secret Gazette" not in written
    assert b"left out by its terms: notes" in (tmp_path / "m.html").read_bytes()


def test_a_finer_place_that_was_given_up_is_not_in_the_page(tmp_path: Path) -> None:
    text = "id,date,lat,lon,place,country\n" + "".join(f"e{n},2016-01-{n % 28 + 1:02d},36.{n:04d}1,37.{n:04d}7,House {n},Syria\n" for n in range(300))
    found = crowd_of(text, tmp_path, coarsen="city")
    (tmp_path / "m.html").write_bytes(render_crowd(found))
    back = open_data(tmp_path / "m.html", ("csv", "geojson"))
    for name in ("csv", "geojson"):
        assert b"36.01" not in back.outputs[name]
        assert b"House 7" not in back.outputs[name]


@pytest.mark.parametrize("cut", [100, 3000, 20_000])
def test_a_damaged_block_is_one_fault(cut: int, tmp_path: Path) -> None:
    page = render_crowd(crowd_of(mixed(400), tmp_path))
    at = page.index(b'-rows">') + 7
    broken = page[: at + cut] + b"~~~~~" + page[at + cut + 5 :]
    try:
        rows = read_page("m.html", broken).rows
        assert rows is not None
    except InputError as error:
        assert len(error.faults) == 1


def test_a_newer_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.render.crowd.rows.FORMAT", 99)
    page = render_crowd(crowd_of(bare(5), tmp_path))
    with pytest.raises(InputError) as error:
        read_page("m.html", page)
    assert error.value.faults[0].code == "newer"


def test_an_id_stands_once(tmp_path: Path) -> None:
    found = crowd_of(bare(5), tmp_path)
    table = dataclasses.replace(found.table, id=Coded(("a",), np.zeros(5, np.int32)))
    page = render_crowd(dataclasses.replace(found, located=dataclasses.replace(found.located, table=table)))
    with pytest.raises(InputError) as error:
        read_page("m.html", page)
    assert error.value.faults[0].code == "damaged"
