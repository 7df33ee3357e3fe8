"""Every limit is stated, can be raised by the person at the keyboard, and stops a bomb before it costs much."""

from __future__ import annotations

import dataclasses
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from read.test_yamltree import BOMBS

from geo import cli
from geo.errors import InputError
from geo.read.page import MOST_BYTES
from geo.read.story import Limits, read_story
from support.program import ROOT, run_strikemap

SMALL = "title: T\nevents:\n  - {date: 2015-11-17, place: Raqqa, country: SY}\n  - {date: 2015-11-18, place: Raqqa, country: SY}\n"
# Limit → a story that passes it, and a value under which it does not.
PASSING = {
    "events": (SMALL, 1),
    "bytes": (SMALL, 60),
    "text": (SMALL + "summary: four words of text\n", 8),
    "depth": (SMALL, 2),
    "aliases": (SMALL + "summary: &a {en: &b x, fr: *b, ar: *b}\n", 1),
    "nodes": (SMALL, 5),
}


def test_every_limit_of_a_story_has_an_option_that_states_its_default() -> None:
    defaults = dataclasses.asdict(Limits())
    assert {name: most for name, (_, most) in cli._LIMITS.items()} == defaults
    told = run_strikemap("build", "--help").stdout
    for name, most in defaults.items():
        assert re.search(rf"--max-{name} N", told)
        assert f"({most})" in " ".join(told.split())
    assert f"({MOST_BYTES})" in " ".join(run_strikemap("data", "--help").stdout.split())
    assert set(PASSING) == set(defaults)


@pytest.mark.parametrize("name", PASSING)
def test_each_limit_lowered_refuses_and_raised_lets_through(name: str) -> None:
    text, low = PASSING[name]
    read_story("s.yaml", text.encode())
    with pytest.raises(InputError) as error:
        read_story("s.yaml", text.encode(), limits=dataclasses.replace(Limits(), **{name: low}))
    assert len(error.value.faults) >= 1 and all(fault.cure for fault in error.value.faults)


@pytest.mark.parametrize("name", ["text", "aliases", "nodes", "depth"])
def test_an_option_raises_its_limit(tmp_path: Path, name: str) -> None:
    most = getattr(Limits(), name)
    over = {
        "text": f"title: {'x' * (most + 1)}\nevents:\n  - {{date: 2015}}\n",
        "aliases": f"events:\n  - {{date: 2015, title: &a x, sources: [{'*a, ' * (most + 1)}]}}\nsources: {{x: {{publisher: P}}}}\n",
        "nodes": "title: T\nevents:\n" + "  - {date: 2015, title: x, note: y, weapon: z, time: '03:30'}\n" * 4_800,
        "depth": "title: T\nevents:\n  - {date: 2015}\n",
    }[name]
    story = tmp_path / "s.yaml"
    story.write_text(over)
    if name == "depth":
        assert run_strikemap("check", story, "--max-depth", "2").returncode == 2
        assert run_strikemap("check", story, "--max-depth", "3").returncode == 0
    elif name == "nodes":
        assert run_strikemap("check", story, "--max-nodes", "50000").returncode == 2
        assert run_strikemap("check", story, "--max-nodes", "60000").returncode == 0
    else:
        assert f"{most:,}" in run_strikemap("check", story).stderr
        assert f"{most:,}" not in run_strikemap("check", story, f"--max-{name}", str(10 * most)).stderr


def test_bombs_cost_less_than_two_seconds_and_a_gigabyte(tmp_path: Path) -> None:
    """All kinds in one program, one after the other, within a gigabyte of address space for what they add."""
    for number, bomb in enumerate(BOMBS.values()):
        (tmp_path / f"{number}.yaml").write_text(bomb)
    script = (
        "import sys, time, resource\n"
        "from geo.errors import InputError\nfrom geo.read.story import read_story\n"
        "worst = 0\n"
        "for path in sys.argv[1:]:\n"
        "    began = time.process_time()\n"
        "    try:\n        read_story(path)\n"
        "    except InputError:\n        pass\n"
        "    worst = max(worst, time.process_time() - began)\n"
        "print(worst, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    paths = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run(
        [sys.executable, "-c", script, *paths], capture_output=True, encoding="utf-8", check=False, timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    worst, peak = done.stdout.split()
    assert int(peak) < 1 << 20
    # A busy machine counts another program's use of the caches too.
    assert float(worst) < 4


PLACES = {
    "aliases": "places:\n  a: &a {names: {en: [x, x, x, x, x, x, x, x, x]}}\n" + "".join(
        f"  {b}: &{b} {{names: {{en: [{', '.join(['*' + a] * 9)}]}}}}\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    "nesting": "places: " + "[" * 100_000,
    "a text": "places: {a: {names: {en: [" + "x" * 7_000_000 + "]}}}\n",
    "digits": "places: {a: {lat: " + "9" * 1_000_000 + "}}\n",
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_places_file_can_be_a_bomb_no_more_than_a_story(tmp_path: Path, name: str) -> None:
    (tmp_path / "s.yaml").write_text(SMALL)
    (tmp_path / "p.yaml").write_text(PLACES[name])
    began = time.monotonic()
    done = run_strikemap("check", "s.yaml", "--places", "p.yaml", cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert "p.yaml" in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr) < 100_000
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("slug", ["../up", "a/b", "..", ".hidden", "a\\b", "con:", "/etc/passwd", "a.b", "A"])
def test_a_slug_cannot_leave_the_folder(slug: str) -> None:
    with pytest.raises(InputError, match="is not a slug"):
        read_story("s.yaml", f"slug: '{slug}'\n{SMALL}".encode())


def test_an_output_is_written_where_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in/s.yaml").write_text(SMALL)
    done = run_strikemap("build", "s.yaml", "-f", "geojson", "-o", "../out/m.geojson", cwd=tmp_path / "in")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/m.geojson").is_file()
    for output in ("../out/../m.geojson", "x/../../m.geojson", str(tmp_path / "in" / ".." / "m.geojson")):
        done = run_strikemap("build", "s.yaml", "-f", "geojson", "-o", output, cwd=tmp_path / "in")
        assert done.returncode == 2, output
        assert "leads out of the folder" in done.stderr
    assert not (tmp_path / "m.geojson").exists()
