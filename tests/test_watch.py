"""Watching: a save is built, a bad save is told, and only Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from geo import watch
from support.program import ROOT, heeds_ctrl_c

STORY = "title: {title}\nevents:\n  - {{date: 2015-11-17, place: Raqqa, country: SY}}\n"


def save(path: Path, text: str) -> None:
    """As editors do: a new file takes the old one's name."""
    beside = path.with_suffix(".swp")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def wait(until: Callable[[], bool], what: str) -> None:
    for _ in range(600):
        if until():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within 30 s")


def test_saves_are_built_and_bad_saves_are_told(tmp_path: Path) -> None:
    story, told = tmp_path / "s.yaml", tmp_path / "told"
    save(story, STORY.format(title="First"))
    start = [sys.executable, "-c", "from geo.cli import main; main()"]
    with told.open("wb") as err, subprocess.Popen(
        [*start, "build", "s.yaml", "-f", "geojson", "--watch"], cwd=tmp_path, stderr=err,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=heeds_ctrl_c,
    ) as process:  # fmt: skip
        try:
            built = tmp_path / "s.geojson"
            wait(lambda: "watching" in told.read_text(), "the first build")
            assert '"First"' in built.read_text("utf-8")
            save(story, "title: [\n")
            wait(lambda: "s.yaml:" in told.read_text(), "the fault")
            assert '"First"' in built.read_text("utf-8")
            story.unlink()
            wait(lambda: "no such file" in told.read_text(), "the fault of the missing file")
            save(story, STORY.format(title="Second"))
            wait(lambda: '"Second"' in built.read_text("utf-8"), "the second build")
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130
        finally:
            process.kill()
    assert told.read_text().splitlines()[-1] == "stopped"
    assert "Traceback" not in told.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["s.geojson", "s.yaml", "told"]


def test_a_change_is_given_once_when_it_has_settled(tmp_path: Path) -> None:
    one = tmp_path / "one"
    one.write_text("a")
    saves = watch.changes(lambda: [one], seconds=0.01)
    one.write_text("ab")
    assert next(saves) == [one]
    one.unlink()
    assert next(saves) == [one]
    one.write_text("abc")
    assert next(saves) == [one]
    assert watch.state([one, tmp_path / "none"])[tmp_path / "none"] is None
