"""The program as it is typed: what it prints where, and with which status it ends."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import geo.api
from geo import cli
from geo.api import Account, BuildOptions, Built
from geo.errors import InputError, OutputError
from geo.model import Precision
from geo.read.story import read_story
from support.program import STORY, run_strikemap

SOUND = "title: T\nlang: en\nevents:\n  - {date: 2015-11-17, place: Raqqa, country: SY}\n"
WRONG = "title: T\nevents:\n  - {date: 12/11/2015, plcae: Raqqa}\n"
FAULTS = [
    'wrong.yaml:3:12: events.e1.date: "12/11/2015" may be day first or month first: ambiguous;'
    " write 2015-11-12 or 2015-12-11",
    'wrong.yaml:3:24: events.e1.plcae: not a key of an event; did you mean "place"?',
]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs the program in this process, in a folder of its own; gives status, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*args: str | Path) -> tuple[int, str, str]:
        status = cli.run([str(arg) for arg in args])
        out, err = capfd.readouterr()
        return status, out, err

    return run


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[BuildOptions]:
    """Stands in for the stages after reading; notes the options it is called with."""
    seen: list[BuildOptions] = []

    def build_story(path: Path, options: BuildOptions) -> Built:
        story = read_story(path, limits=options.limits) if options.limits else read_story(path)
        seen.append(options)
        outputs = {name: f"{name} of {story.slug}\n".encode() for name in options.formats}
        return Built(story.slug, outputs, Account(len(story.events), 1, 0, 0, 0, 2), (f"{path}: mind \x1b[31mthe gap",))

    monkeypatch.setattr(geo.api, "build_story", build_story)
    return seen


def write(name: str, text: str = SOUND) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def here() -> list[str]:
    return sorted(str(path.relative_to(".")) for path in Path(".").rglob("*") if path.is_file())


# -- build: where things go


def test_a_map_goes_beside_its_story_and_stderr_says_where(run: Run, built: list[BuildOptions]) -> None:
    write("maps/one.yaml")
    status, out, err = run("build", "maps/one.yaml")
    assert (status, out) == (0, "")
    lines = err.splitlines()
    assert lines[:2] == ["warning: maps/one.yaml: mind \\u001b[31mthe gap", "maps/one.html"]
    assert lines[2].startswith("1 events = 1 pinned + 0 areas + 0 unplaced + 0 refused; 2 sorties; 12 bytes; ")
    assert lines[2].endswith(" s")
    assert len(lines) == 3
    assert here() == ["maps/one.html", "maps/one.yaml"]


def test_without_a_source_every_story_in_maps_is_built(run: Run, built: list[BuildOptions]) -> None:
    write("maps/b.yml")
    write("maps/a.yaml")
    write("maps/notes.txt", "no story")
    status, _, err = run("build")
    assert status == 0
    assert [line for line in err.splitlines() if line.startswith("maps/")] == ["maps/a.html", "maps/b.html"]
    assert err.splitlines()[-1].startswith("2 events = 2 pinned")


def test_without_a_source_and_without_maps_the_cure_is_named(run: Run) -> None:
    assert run("build") == (2, "", "there is no story in maps/; name one, or write one with strikemap new NAME\n")


def test_several_formats_go_into_a_folder(run: Run, built: list[BuildOptions]) -> None:
    write("one.yaml")
    status, _, _ = run("build", "one.yaml", "-f", "html, geojson,embed,html", "-o", "out")
    assert status == 0
    assert built[0].formats == ("html", "geojson", "embed")
    assert here() == ["one.yaml", "out/one.embed.html", "out/one.geojson", "out/one.html"]


def test_one_format_goes_to_the_file_that_is_named(run: Run, built: list[BuildOptions]) -> None:
    write("one.yaml")
    assert run("build", "one.yaml", "-o", "elsewhere.htm")[0] == 0
    assert Path("elsewhere.htm").read_text() == "html of one\n"


def test_a_hyphen_is_standard_output_and_nothing_else_is_there(run: Run, built: list[BuildOptions]) -> None:
    write("one.yaml")
    status, out, err = run("build", "one.yaml", "-f", "geojson", "-o", "-")
    assert (status, out) == (0, "geojson of one\n")
    assert len(err.splitlines()) == 2
    assert here() == ["one.yaml"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["one.yaml", "-f", "html,svg,png"], "-f png: not built yet"),
        (["one.yaml", "-f", "geojson", "-o", "-", "--manifest"], "--manifest: standard output takes one file"),
        (["one.yaml", "-f", "kml"], "-f kml: not built yet"),
        (["one.yaml", "-f", "docx"], "-f docx: no such format"),
        (["one.yaml", "-f", ","], "-f names no format"),
        (["one.yaml", "--basemap", "OpenStreetMap"], "--basemap OpenStreetMap: online base maps are not built yet"),
        (["one.yaml", "--lang", "french"], '--lang: "french" is not a language'),
        (["one.yaml", "--watch", "-o", "-"], "--watch: standard output takes one build only"),
        (["one.yaml", "--coarsen", "galaxy"], "galaxy"),
        (["one.yaml", "--max-events", "none"], "--max-events"),
        (["one.yaml", "-f", "html,geojson", "-o", "-"], "standard output takes one format of one story"),
        (["one.yaml", "-o", ""], "-o is empty"),
        (["one.yaml", "--lagn", "fr"], "--lagn"),
        (["one.csv"], "one.csv: there is no such file"),
        (["one.doc"], "one.doc: this is neither a story nor a table"),
        (["one.html"], "one.html: a built map is no source"),
        (["none.yaml"], "none.yaml: there is no such file"),
        (["folder.yaml"], "folder.yaml: this is a folder"),
        (["one.yaml", "-o", "missing/one.html"], "missing/one.html: the folder missing does not exist"),
        (["one.yaml", "-o", "folder.yaml"], "folder.yaml: is a folder"),
        (["one.yaml", "-o", "one.yaml"], "one.yaml: is the story itself"),
        (["one.yaml", "again/one.yaml", "-o", "out"], "two stories have the slug one"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_done_is_refused_in_one_line(
    run: Run, built: list[BuildOptions], args: list[str], words: str
) -> None:
    write("one.yaml")
    write("again/one.yaml")
    Path("folder.yaml").mkdir()
    before = here()
    status, out, err = run("build", *args)
    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert here() == before


def test_options_arrive(run: Run, built: list[BuildOptions]) -> None:
    write("one.yaml")
    write("mine.yaml", "[]")
    run("build", "one.yaml", "--lang", "ar,fr", "--strict", "--coarsen", "town", "--basemap", "none", "--places", "mine.yaml",
        "--max-events", "3", "--max-bytes", "4000")  # fmt: skip
    (options,) = built
    assert options.langs == ("ar", "fr")
    assert (options.strict, options.coarsen, options.basemap) == (True, Precision.TOWN, "none")
    assert options.places == (Path("mine.yaml"),)
    assert options.limits is not None
    assert (options.limits.events, options.limits.bytes) == (3, 4000)


@pytest.mark.parametrize(
    ("limit", "words"), [("--max-events", "more than 1 events"), ("--max-bytes", "larger than 1 bytes")]
)
def test_limits_change_what_is_refused(run: Run, built: list[BuildOptions], limit: str, words: str) -> None:
    write("one.yaml", SOUND + "  - {date: 2015}\n")
    assert run("build", "one.yaml")[0] == 0
    status, _, err = run("build", "one.yaml", limit, "1")
    assert status == 2 and words in err


def test_open_shows_the_page_and_only_the_page(
    run: Run, built: list[BuildOptions], monkeypatch: pytest.MonkeyPatch
) -> None:
    import webbrowser

    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    write("one.yaml")
    run("build", "one.yaml")
    assert opened == []
    run("build", "one.yaml", "-f", "html,geojson,embed", "--open")
    assert opened == [Path("one.html").resolve().as_uri()]


def test_warnings_are_twenty_and_a_count_for_people_and_all_for_machines(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = Built("one", {"html": b"x"}, Account(1, 1, 0, 0, 0, 0), tuple(f"w{n}" for n in range(25)))
    monkeypatch.setattr(geo.api, "build_story", lambda *_: one)
    write("one.yaml")
    _, _, err = run("build", "one.yaml")
    lines = [line for line in err.splitlines() if line.startswith("warning: ")]
    assert lines[19:] == ["warning: w19", "warning: 5 more; --json prints all of them"]
    _, _, err = run("build", "one.yaml", "--json")
    told = [json.loads(line) for line in err.splitlines() if line.startswith("{")]
    assert [(warning["code"], warning["message"]) for warning in told] == [("warning", f"w{n}") for n in range(25)]


# -- faults


def test_faults_of_every_story_are_told_and_nothing_is_written(run: Run, built: list[BuildOptions]) -> None:
    write("sound.yaml")
    write("wrong.yaml", WRONG)
    write("torn.yaml", 'title: "T\n')
    Path("sound.html").write_text("old")
    status, out, err = run("build", "sound.yaml", "wrong.yaml", "torn.yaml")
    assert (status, out) == (2, "")
    assert err.splitlines() == [*FAULTS, "torn.yaml:1:8: a quoted text is not closed; close the quotes"]
    assert Path("sound.html").read_text() == "old"


@pytest.mark.parametrize("command", ["build", "check"])
def test_faults_as_json_have_the_promised_fields(run: Run, command: str) -> None:
    write("wrong.yaml", WRONG)
    status, out, err = run(command, "wrong.yaml", "--json")
    assert (status, out) == (2, "")
    first, second = (json.loads(line) for line in err.splitlines())
    assert list(first) == ["code", "file", "line", "column", "row", "field", "message", "cure"]
    assert (first["code"], first["file"], first["line"], first["column"]) == ("date", "wrong.yaml", 3, 12)
    assert (second["field"], second["cure"]) == ("events.e1.plcae", 'did you mean "place"?')


def test_usage_faults_are_json_too_where_json_is_asked_for(run: Run) -> None:
    write("one.yaml")
    status, _, err = run("build", "one.yaml", "--json", "-f", "kml")
    assert status == 2
    assert json.loads(err)["code"] == "usage"


def test_check_prints_every_fault_and_writes_nothing(run: Run) -> None:
    write("wrong.yaml", WRONG)
    status, out, err = run("check", "wrong.yaml")
    assert (status, out, err.splitlines()) == (2, "", FAULTS)
    assert here() == ["wrong.yaml"]


def test_check_says_that_a_story_is_sound(run: Run) -> None:
    write("one.yaml")
    status, out, err = run("check", "one.yaml")
    assert (status, out) == (0, "")
    assert err.splitlines()[-1] == "one.yaml: no fault in 1 event"


def test_check_warns_of_a_place_in_doubt(run: Run) -> None:
    write("one.yaml", "events:\n  - {id: where, date: 2015, place: Nowhereville}\n")
    status, _, err = run("check", "one.yaml")
    assert status == 0
    assert err.startswith("warning: one.yaml:2:") and "Nowhereville" in err


def test_text_of_a_story_cannot_steer_the_terminal(run: Run) -> None:
    write("one.yaml", 'events: [{date: 2015, "\\e[31m\\u202e": x}]\n')
    _, _, err = run("check", "one.yaml")
    assert err.rstrip("\n").isprintable()
    assert "\\u001b[31m\\u202e" in err


# -- our own failures


def test_our_own_failure_is_one_line_and_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Built:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(geo.api, "build_story", fail)
    write("one.yaml")
    status, out, err = run("build", "one.yaml")
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "ZeroDivisionError: division by zero" in err and "report" in err
    assert here() == ["one.yaml"]
    status, out, err = run("build", "one.yaml", "--debug")
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1 and "strikemap-trace.txt" in err
    trace = Path("strikemap-trace.txt").read_text()
    assert trace.startswith("strikemap ") and "Traceback" in trace and "ZeroDivisionError" in trace
    assert json.loads(run("build", "one.yaml", "--json")[2])["code"] == "internal"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, click.Abort])
def test_a_stop_from_the_keyboard_is_quiet(
    run: Run, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def interrupted(*_: Any) -> Built:
        raise stop

    monkeypatch.setattr(geo.api, "build_story", interrupted)
    write("one.yaml")
    assert run("build", "one.yaml") == (130, "", "stopped\n")


def test_output_errors_keep_the_old_file(run: Run, built: list[BuildOptions], monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    write("one.yaml")
    Path("one.html").write_text("old")
    monkeypatch.setattr(os, "replace", no)
    status, _, err = run("build", "one.yaml")
    assert status == 2
    assert err.splitlines() == [
        "one.html: could not be written (permission denied); the old file, if any, is as it was"
    ]
    assert here() == ["one.html", "one.yaml"]
    assert Path("one.html").read_text() == "old"


def test_a_folder_that_was_made_for_nothing_is_gone_again(
    run: Run, built: list[BuildOptions], monkeypatch: pytest.MonkeyPatch
) -> None:
    import geo.render.write

    def no(*_: Any) -> None:
        raise OutputError("x", "disk full")

    write("one.yaml")
    monkeypatch.setattr(geo.render.write, "write_all", no)
    assert run("build", "one.yaml", "-f", "html,geojson", "-o", "out")[0] == 2
    assert not Path("out").exists()


# -- locate, new, what is to come


def test_locate_answers_one_object_a_line_in_the_order_asked(run: Run) -> None:
    status, out, err = run("locate", "--json", "Raqqa", "Nowhereville", "Tripoli")
    assert (status, err) == (0, "")
    found = [json.loads(line) for line in out.splitlines()]
    assert [(one["query"], one["status"], one["id"]) for one in found] == [
        ("Raqqa", "found", "raqqa"), ("Nowhereville", "unknown", None), ("Tripoli", "ambiguous", None),
    ]  # fmt: skip
    assert {
        "name",
        "kind",
        "lat",
        "lon",
        "precision",
        "radius_m",
        "country",
        "admin1",
        "reason",
        "candidates",
    } <= found[0].keys()


def test_locate_looks_only_where_it_is_told_to(run: Run) -> None:
    _, out, _ = run("locate", "--json", "Tripoli", "--in", "Lebanon")
    assert json.loads(out)["id"] == "tripoli-lebanon"


def test_locate_tells_people_what_it_chose_and_why(run: Run) -> None:
    status, out, _ = run("locate", "Raqqa")
    assert status == 0
    first, reason, *others = out.splitlines()
    assert first.startswith("Raqqa: Raqqa [raqqa], city, ")
    assert reason.startswith("  ")
    assert all(line.startswith("  or ") for line in others)


@pytest.mark.parametrize(
    "args", [["locate"], ["locate", "--online", "nominatim", "Raqqa"], ["locate", "--in", "Nowhereville", "Homs"]]
)
def test_locate_refuses_in_one_line(run: Run, args: list[str]) -> None:
    status, out, err = run(*args)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_new_writes_a_story_that_passes_check_as_it_is(run: Run) -> None:
    status, out, err = run("new", "my-story")
    assert (status, out) == (0, "")
    assert "my-story.yaml" in err
    assert run("check", "my-story.yaml") == (0, "", "my-story.yaml: no fault in 2 events\n")
    story = read_story("my-story.yaml")
    assert story.slug == "my-story"
    first = Path("my-story.yaml").read_text("utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=file:///") and first.endswith("/story.schema.json")


def test_every_key_that_new_hides_in_a_comment_is_a_key(run: Run) -> None:
    import re

    run("new", "s")
    text = Path("s.yaml").read_text("utf-8").replace("…", "x")
    text = re.sub(r"(?m)^( *)# ((?:archived_)?url: https://)x.*$", r"\1\2example.org/", text)
    text = re.sub(r"(?m)^( *)# ([a-z_]+: .*|corrections:)$", r"\1\2", text).replace("#   - {", "  - {")
    text = text.replace("zone:", "zone:", 1)
    assert "\ncorrections:" in text and "\n    time:" in text and "\n    lat:" in text
    Path("s.yaml").write_text(text, "utf-8")
    read_story("s.yaml")


@pytest.mark.parametrize("name", ["taken", "taken.yaml", "missing/story", "", ".yaml"])
def test_new_never_touches_what_is_there(run: Run, name: str) -> None:
    write("taken.yaml", "mine")
    status, out, err = run("new", name)
    assert (status, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert here() == ["taken.yaml"]
    assert Path("taken.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    "args",
    [["draft", "article.txt"], ["draft", "--help"]],
)
def test_commands_to_come_are_refused_by_name(run: Run, args: list[str]) -> None:
    status, out, err = run(*args)
    assert (status, out) == (2, "")
    assert err.startswith(f"strikemap {args[0]}: not built yet")
    assert len(err.splitlines()) == 1


def test_a_slip_in_a_command_is_met_with_the_nearest(run: Run) -> None:
    status, _, err = run("bild")
    assert status == 2
    assert "'bild'" in err and "build" in err


def test_every_option_is_documented(run: Run) -> None:
    for name, command in cli.strikemap.commands.items():
        status, out, _ = run(name, "--help") if not command.hidden else (0, "", "")
        assert status == 0
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, f"{name} {option.name}"
                assert option.opts[-1] in out


# -- the real program


def test_help_is_instant_and_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from geo.cli import main; main(['--help'])"],
        capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    loaded = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "click" in loaded
    assert not loaded & {
        "folium",
        "branca",
        "shapely",
        "geopy",
        "numpy",
        "jinja2",
        "babel",
        "pydantic",
        "yaml",
        "sqlite3",
    }
    assert done.stdout.startswith("Usage: strikemap")


def test_the_program_reads_names_from_standard_input() -> None:
    done = run_strikemap("locate", "--json", "-", stdin="\ufeffRaqqa\r\n\nحلب\n")
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["raqqa", "aleppo"]


def test_the_program_prints_utf_8_whatever_the_locale() -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = run_strikemap("locate", "الرقة", env=env)
    assert done.returncode == 0
    assert done.stdout.startswith("الرقة: Raqqa")


def test_a_reader_that_has_had_enough_is_no_failure(tmp_path: Path) -> None:
    command = f"{sys.executable} -c 'from geo.cli import main; main()' locate --json - | head -n 1"
    names = tmp_path / "names"
    names.write_text("Raqqa\n" * 2_000)
    with names.open() as asked:
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {command}"],
            stdin=asked,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1


def test_the_story_is_built_and_accounted_for(tmp_path: Path) -> None:
    done = run_strikemap("build", STORY, "-o", tmp_path / "map.html")
    assert (done.returncode, done.stdout) == (0, "")
    account = done.stderr.splitlines()[-1]
    assert account.startswith("11 events = ")
    events, pinned, areas, unplaced, refused = (int(word) for word in account.split(";")[0].split() if word.isdigit())
    assert events == pinned + areas + unplaced + refused
    page = tmp_path / "map.html"
    assert f"; 2 sorties; {page.stat().st_size} bytes; " in account
    assert stat.S_IMODE(page.stat().st_mode) & 0o111 == 0


def test_standard_output_and_a_file_carry_the_same_bytes(tmp_path: Path) -> None:
    run_strikemap("build", STORY, "-f", "geojson", "-o", tmp_path / "map.geojson")
    done = run_strikemap("build", STORY, "-f", "geojson", "-o", "-")
    assert done.stdout.encode() == (tmp_path / "map.geojson").read_bytes()


def test_a_polite_end_leaves_nothing_behind(tmp_path: Path) -> None:
    """SIGTERM in the middle of writing: the temporary is removed on the way out."""
    script = (
        "import os, time, geo.api, geo.cli\n"
        "from geo.api import Account, Built\n"
        "geo.api.build_story = lambda *_: Built('s', {'html': b'new'}, Account(1, 1, 0, 0, 0, 0), ())\n"
        "def wait(_):\n    print('writing', flush=True); time.sleep(60)\n"
        "os.fsync = wait\n"
        "geo.cli.main(['build', 's.yaml'])\n"
    )
    (tmp_path / "s.yaml").write_text(SOUND)
    (tmp_path / "s.html").write_text("old")
    with subprocess.Popen([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={
        **os.environ, "PYTHONPATH": str(Path(cli.__file__).parents[1])}) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert len(list(tmp_path.iterdir())) == 3
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        assert process.wait(10) == 128 + signal.SIGTERM
    assert time.monotonic() - began < 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.html", "s.yaml"]
    assert (tmp_path / "s.html").read_text() == "old"


def test_faults_are_the_errors_that_python_sees() -> None:
    with pytest.raises(InputError) as refused:
        read_story("wrong.yaml", WRONG.encode())
    assert str(refused.value).splitlines() == FAULTS
