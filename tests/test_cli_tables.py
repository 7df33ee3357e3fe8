"""Tables from the command line: each option changes something, stderr accounts for every row, and outputs carry the credit."""

from __future__ import annotations

import gzip
import io
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from geo import cli

Run = Callable[..., tuple[int, str, str]]
CASES = Path(__file__).parent / "cases/tables"
HEAD = "id,date,place,country,title\n"
GOOD = "".join(f"g{n},2015-11-{n:02d},Raqqa,Syria,Strike {n}\n" for n in range(1, 30))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRIKEMAP_GAZETTEER", "")

    def runner(*args: str) -> tuple[int, str, str]:
        capfd.readouterr()
        status = cli.run(args)
        return (status, *capfd.readouterr())

    return runner


def built(run: Run, *args: str) -> dict[str, dict[str, object]]:
    """The events of a build, by id."""
    status, out, err = run("build", *args, "-f", "geojson", "-o", "-")
    assert status == 0, err
    return {feature["id"]: feature["properties"] for feature in json.loads(out)["features"]}


def test_a_table_becomes_a_page_beside_it_and_every_row_is_accounted_for(run: Run) -> None:
    Path("raids.csv").write_text(HEAD + GOOD + "b,2015-02-30,Raqqa,Syria,No such day\nu,2015-11-30,Nowhereville,Syria,x\n")
    status, out, err = run("build", "raids.csv")
    assert (status, out) == (0, "") and Path("raids.html").stat().st_size > 10_000
    assert 'raids.csv:31:2: row 30: date: "2015-02-30" does not exist' in err
    assert "31 events = 29 pinned + 1 areas + 0 unplaced + 1 refused; 0 sorties;" in err


def test_the_first_twenty_bad_rows_are_told_and_a_report_has_all(run: Run) -> None:
    Path("raids.csv").write_text(HEAD + GOOD + "".join(f"b{n},never,Raqqa,,x\n" for n in range(25)))
    status, out, err = run("build", "raids.csv", "--max-bad", "50", "--report", "bad.txt")
    assert status == 0 and err.count("is not a date") == 20 and "5 more faults of rows; --report FILE" in err
    assert len(Path("bad.txt").read_text().splitlines()) == 25
    status, out, err = run("build", "raids.csv", "--report", "all.txt")
    assert status == 2 and "25 of 54 rows are bad" in err and len(Path("all.txt").read_text().splitlines()) == 25


def test_strict_and_max_bad_move_the_line(run: Run) -> None:
    Path("raids.csv").write_text(HEAD + GOOD + "b,never,Raqqa,,x\n")
    assert run("build", "raids.csv", "-f", "geojson")[0] == 0
    assert run("build", "raids.csv", "-f", "geojson", "--strict")[0] == 2
    assert run("build", "raids.csv", "-f", "geojson", "--max-bad", "1")[0] == 2


def test_faults_are_json_with_their_row(run: Run) -> None:
    Path("raids.csv").write_text(HEAD + GOOD + "b,never,Raqqa,,x\n")
    for command in ("build", "check"):
        status, out, err = run(command, "raids.csv", "--json")
        faults = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
        (fault,) = [fault for fault in faults if fault["row"] is not None]
        assert status == 0 and (fault["file"], fault["line"], fault["column"], fault["row"], fault["field"]) == ("raids.csv", 31, 2, 30, "date")


def test_check_tells_every_bad_row_and_what_the_columns_were_taken_for(run: Run) -> None:
    Path("sheet.csv").write_text("When it was,Date,Town,Lat,Lon\nx,24/03/2016,Raqqa,35.9,39\n" * 1 + "y,never,Raqqa,35.9,39\n")
    status, out, err = run("check", "sheet.csv", "--max-bad", "60")
    assert (status, out) == (0, "")
    assert "columns taken: Date as date, Town as place, Lat as lat, Lon as lon; not taken: When it was" in err
    assert "Date: read as day/month/year" in err and "row 2: date" in err and "1 event, 1 bad row kept out" in err


@pytest.mark.parametrize(("order", "day"), [("dmy", "2016-04-03"), ("mdy", "2016-03-04")])
def test_dates_says_what_a_column_does_not(run: Run, order: str, day: str) -> None:
    Path("t.csv").write_text("date,town,lat,lon\n03/04/2016,Raqqa,35.9,39\n")
    status, _, err = run("build", "t.csv")
    assert status == 2 and "say --dates dmy (day first) or --dates mdy" in err
    assert built(run, "t.csv", "--dates", order)["r1"]["date_start"] == day


def test_columns_are_named_by_word_or_by_file(run: Run) -> None:
    Path("t.csv").write_text("Tag;Ort;Was\n2016-04-03;Raqqa;Bomben\n")
    Path("columns.yaml").write_text("date: Tag\nplace: Ort\ntitle: Was\n")
    assert run("build", "t.csv")[0] == 2
    by_file = built(run, "t.csv", "--columns", "columns.yaml")
    assert by_file == built(run, "t.csv", "--columns", "date=Tag", "--columns", "place=Ort", "--columns", "title=Was")
    assert by_file["r1"]["title"] == "Bomben"
    status, _, err = run("build", "t.csv", "--columns", "dat=Tag")
    assert status == 2 and 'did you mean "date"?' in err
    assert run("build", "t.csv", "--columns", "none.yaml")[0] == 2


def test_as_names_the_format(run: Run) -> None:
    Path("t.csv").write_text((CASES / "airwars.csv").read_text("utf-8"))
    assert built(run, "t.csv")["CS001"]["precision"] == "landmark"
    status, _, err = run("build", "t.csv", "--as", "airwar")
    assert status == 2 and 'did you mean "airwars"?' in err


def test_max_rows_and_max_bytes_are_refused_by_name(run: Run) -> None:
    Path("raids.csv").write_text(HEAD + GOOD)
    assert "more than 10 rows" in run("build", "raids.csv", "--max-rows", "10")[2]
    assert "larger than 100 bytes" in run("build", "raids.csv", "--max-bytes", "100")[2]


def test_columns_cells_and_packing_have_limits_that_an_option_raises(run: Run) -> None:
    Path("wide.csv").write_text(HEAD.strip() + "," + ",".join(f"c{n}" for n in range(2001)) + "\n" + GOOD)
    assert "more than 2,000 columns" in run("build", "wide.csv")[2]
    assert run("build", "wide.csv", "--max-columns", "3000", "--max-bad", "100")[0] == 0
    Path("long.csv").write_text(HEAD + GOOD.replace("\n", " " + "x" * 300 + "\n", 1))
    assert "a cell of more than 200 characters" in run("build", "long.csv", "--max-cell", "200")[2]
    assert run("build", "long.csv")[0] == 0
    row = b"2016-01-01,36,38\n"
    Path("packed.csv.gz").write_bytes(gzip.compress(b"date,lat,lon\n" + row * (51_000_000 // len(row))))
    assert "unpacks to more than 200 times its size; say --max-ratio" in run("build", "packed.csv.gz")[2]
    assert "more than 10 rows" in run("build", "packed.csv.gz", "--max-ratio", "1000", "--max-rows", "10")[2]


@pytest.mark.parametrize(
    ("case", "credit"),
    [
        ("acled.csv", "acleddata.com"), ("ucdp.csv", "CC BY 4.0"), ("airwars.csv", "airwars.org"), ("gdelt.csv", "gdeltproject.org"),
        ("yemen.csv", "yemendataproject.org"),
    ],
)  # fmt: skip
def test_every_output_carries_the_credit_that_the_data_ask_for(run: Run, case: str, credit: str) -> None:
    for name in ("html", "geojson"):
        status, out, err = run("build", str(CASES / case), "-f", name, "-o", "-", "--accessed", "2025-06-01", "--max-bad", "50")
        assert status == 0, err
        assert credit in out and "accessed 2025-06-01" in out


def test_what_acled_withholds_is_in_no_output_and_is_named(run: Run) -> None:
    for name in ("html", "geojson", "svg"):
        status, out, err = run("build", str(CASES / "acled.csv"), "-f", name, "-o", "-")
        assert status == 0 and "Words that may not be republished" not in out
        assert name == "svg" or "left out by its terms: notes, source" in out


def test_a_table_is_a_story_in_python(run: Run) -> None:
    import geo

    story = geo.load(CASES / "ucdp.csv")
    assert len(story.events) == 4 and story.credits
    assert "UCDP" in geo.StrikeMap(story, user_gazetteer=False).html()


def test_a_table_under_another_name_is_the_same_map_in_another_file(run: Run) -> None:
    Path("raids.csv").write_text(HEAD + GOOD)
    Path("a copy.csv").write_text(HEAD + GOOD)
    assert run("build", "raids.csv", "a copy.csv", "-f", "html,embed", "-o", "out")[0] == 0
    assert Path("out/raids.html").read_bytes() == Path("out/a-copy.html").read_bytes()
    assert "<title>Reported events, 1–\u206029 November 2015" in Path("out/raids.html").read_text("utf-8")
    assert "raids.html" in Path("out/raids.embed.html").read_text("utf-8")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_bar_moves_on_a_terminal_while_nothing_is_counted_and_counts_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.cli import _Progress

    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    progress = _Progress("places", beside_answers=False, working="building", after=0)
    deadline = time.monotonic() + 10
    while "building" not in terminal.getvalue() and time.monotonic() < deadline:
        time.sleep(0.01)
    progress.at(1, 2)
    progress.at(2, 2)
    progress.end()
    said = terminal.getvalue()
    assert "building" in said and "places" in said and "2/2" in said


def test_a_bar_that_does_not_know_the_end_counts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.cli import _Progress

    terminal = _Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    progress = _Progress("names", beside_answers=False, after=0)
    progress.at(1)
    progress.end()
    assert "names" in terminal.getvalue()


def test_a_csv_names_who_must_be_named_and_a_map_of_it_does_so_again(run: Run, tmp_path: Path) -> None:
    status, _, _ = run("build", str(CASES / "acled.csv"), "-f", "csv,html", "-o", "out")
    (made,) = (tmp_path / "out").glob("*.csv")
    header, first, second, *_ = made.read_text("utf-8").splitlines()
    assert status == 0 and header.endswith(",credit") and "acleddata.com" in first and second.endswith(",")
    status, _, _ = run("build", str(made), "-f", "geojson", "-o", "again.geojson")
    (told,) = json.loads((tmp_path / "again.geojson").read_text("utf-8"))["strikemap"]["attributions"]
    assert status == 0 and told.startswith("Armed Conflict Location & Event Data (ACLED)")
