"""Whatever stops a build, the old files stand or the new ones do, all of them, and nothing lies beside them."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from geo.errors import OutputError
from geo.render import alone
from geo.render.write import JOURNAL, mend, write_all
from support.kills import found, kill, ours_in, start_writer
from support.program import ROOT, STORY, heeds_ctrl_c, run_strikemap

NAMES = ("a.html", "a.geojson", "a.manifest.json")
SIZES = (300_000, 40_000, 900)


def make_set(folder: Path, letter: str) -> dict[str, bytes]:
    folder.mkdir()
    files = {name: letter.encode() * size for name, size in zip(NAMES, SIZES, strict=True)}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return files


@pytest.fixture
def sets(tmp_path: Path) -> tuple[list[Path], list[dict[str, bytes]]]:
    folders = [tmp_path / "set-a", tmp_path / "set-b"]
    return folders, [make_set(folder, letter) for folder, letter in zip(folders, "AB", strict=True)]


def test_kills_at_random_moments_leave_one_whole_set(
    tmp_path: Path, sets: tuple[list[Path], list[dict[str, bytes]]]
) -> None:
    folders, contents = sets
    out = tmp_path / "out"
    make_set(out, "A")
    random = Random(6)
    left = []
    for _ in range(25):
        assert kill(start_writer(out, folders), random.uniform(0, 0.03))
        mend(out)
        left.append(found(out, contents))
        assert ours_in(out) == []
    assert left == ["whole"] * 25


STEPWISE = """
import os, sys
from pathlib import Path
folder, source, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
from geo.render.write import write_all
outputs = {folder / path.name: path.read_bytes() for path in sorted(source.iterdir())}
steps = 0
def counted(do):
    def call(*args, **kwargs):
        global steps
        steps += 1
        if steps == last:
            os._exit(9)
        return do(*args, **kwargs)
    return call
for name in ("open", "fsync", "replace", "link", "unlink", "chmod"):
    setattr(os, name, counted(getattr(os, name)))
write_all(outputs)
os._exit(0)
"""


@pytest.mark.parametrize("fresh", [False, True], ids=["over an old set", "into an empty folder"])
def test_a_kill_at_any_step_is_mended_by_the_next_build(
    tmp_path: Path, sets: tuple[list[Path], list[dict[str, bytes]]], fresh: bool
) -> None:
    """Every step in turn, so that the moments between two renames are there too."""
    folders, contents = sets
    ends = []
    for last in range(1, 80):
        out = tmp_path / f"out{last}"
        if fresh:
            out.mkdir()
        else:
            make_set(out, "A")
        done = subprocess.run(
            [sys.executable, "-c", STEPWISE, str(out), str(folders[1]), str(last)],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        )  # fmt: skip
        mend(out)
        assert ours_in(out) == []
        files = sorted(path.name for path in out.iterdir())
        if fresh and not files:
            ends.append("none")
        else:
            assert found(out, contents) == "whole", f"killed at step {last}"
            ends.append((out / NAMES[0]).read_bytes()[:1].decode())
        if done.returncode == 0:
            break
        assert done.returncode == 9
    else:
        pytest.fail("the writer never came to its end")
    assert ends == sorted(ends, key=("none" if fresh else "A", "B").index)
    assert {"B", "none" if fresh else "A"} == set(ends)


def test_twenty_builds_of_one_target_leave_one_whole_winner(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from geo.render.write import write_all; sys.stdin.read(1)\n"
        "out, letter = Path(sys.argv[1]), sys.argv[2].encode()\n"
        f"write_all({{out / name: letter * size for name, size in zip({NAMES!r}, {SIZES!r})}})"
    )
    out = tmp_path / "out"
    out.mkdir()
    letters = [chr(ord("A") + n) for n in range(20)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(out), letter], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        for letter in letters
    ]
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in running:
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")
    winner = (out / NAMES[0]).read_bytes()[:1]
    assert winner.decode() in letters
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        name: winner * size for name, size in zip(NAMES, SIZES, strict=True)
    }


def test_a_folder_that_another_build_holds_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "SECONDS", 0.1)
    holder = (
        "import sys; from pathlib import Path; from geo.render.alone import alone_in\n"
        "with alone_in([Path(sys.argv[1])]):\n    print('held', flush=True); sys.stdin.read(1)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match="another build is writing"):
            write_all({tmp_path / "a.html": b"x"})
        process.stdin.write(b"\n")
    write_all({tmp_path / "a.html": b"x"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_a_folder_that_cannot_be_locked_is_locked_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks know no lock on a folder."""
    monkeypatch.setattr(alone, "_lockable", lambda _: False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    out = tmp_path / "out"
    out.mkdir()
    write_all({out / "a.html": b"x"})
    assert [path.name for path in out.iterdir()] == ["a.html"]
    assert len(list(tmp_path.glob("strikemap-*.lock"))) == 1


def test_a_failing_rename_puts_the_files_back_that_were_renamed_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    old = make_set(out, "A")
    (out / NAMES[1]).unlink()
    real, renamed = os.replace, []

    def second_fails(source: Path, target: Path) -> None:
        renamed.append(target)
        if len(renamed) == 3:
            raise PermissionError(13, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", second_fails)
    with pytest.raises(OutputError, match=f"{NAMES[2]}: could not be written"):
        write_all({out / name: b"new" for name in NAMES})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        name: data for name, data in old.items() if name != NAMES[1]
    }


def test_a_disk_without_links_keeps_the_old_files_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no)
    out = tmp_path / "out"
    make_set(out, "A")
    write_all({out / name: b"new" for name in NAMES})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == dict.fromkeys(NAMES, b"new")


@pytest.mark.parametrize(
    "files",
    [
        [[".strikemap-0.new", ".strikemap-0.old", "../outside.html", "", True]],
        [[".strikemap-0.new", ".strikemap-0.old", "story.yaml", "", True]],
        [[".strikemap-0.new", ".strikemap-0.old", ".bashrc", "", True]],
        [["story.yaml", ".strikemap-0.old", "a.html", "", True]],
        [[".strikemap-0.new", "story.yaml", "a.html", "", True]],
        [[".strikemap-0.new", ".strikemap-0.old", "a.html", "0" * 64, True]],
        [[7]],
        {"a": 1},
    ],
    ids=str,
)
def test_a_strangers_journal_renames_nothing(tmp_path: Path, files: object) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    kept = {"story.yaml": b"mine", "a.html": b"mine"}
    for name, data in kept.items():
        (folder / name).write_bytes(data)
    (folder / ".strikemap-0.new").write_bytes(b"theirs")
    (folder / JOURNAL).write_text(json.dumps({"v": 1, "files": files}))
    mend(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_full_disk_is_one_line_and_changes_nothing(tmp_path: Path) -> None:
    """The system's own limit on a file's size: the page is larger than it allows."""
    out = tmp_path / "map.html"
    out.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", "from geo.cli import main; main()", "build", str(STORY), "-o", str(out)],
        capture_output=True, encoding="utf-8", check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, 65_536)),
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{out}: could not be written (file too large); the old file, if any, is as it was\n"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"map.html": b"old"}


def test_ctrl_c_while_files_are_written_leaves_the_old_ones(tmp_path: Path) -> None:
    script = (
        "import os, time, sys\nfrom pathlib import Path\nfrom geo import cli\nimport geo.api\n"
        "from geo.api import Account, Built\n"
        "geo.api.build_story = lambda *_: Built('s', {'html': b'new', 'geojson': b'new'}, Account(1, 1, 0, 0, 0, 0))\n"
        "real, n = os.replace, []\n"
        "def slow(a, b):\n    n.append(a); real(a, b)\n"
        "    if len(n) == 1:\n        print('renamed', flush=True); time.sleep(60)\n"
        "os.replace = slow\n"
        "cli.main(['build', 's.yaml', '-f', 'html,geojson', '-o', '.'])\n"
    )
    (tmp_path / "s.yaml").write_text("title: T\nevents:\n  - {date: 2015, place: Raqqa}\n")
    (tmp_path / "s.html").write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, preexec_fn=heeds_ctrl_c,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "renamed\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)
    assert (process.returncode, err) == (130, "stopped\n")
    assert {path.name: path.read_text() for path in tmp_path.iterdir() if path.name != "s.yaml"} == {"s.html": "old"}


def test_a_folder_that_is_a_link_is_written_into(tmp_path: Path) -> None:
    """As /tmp is on macOS."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    done = run_strikemap("build", STORY, "-f", "geojson", "-o", tmp_path / "link" / "map.geojson")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "real" / "map.geojson").is_file()


def test_what_a_killed_build_left_does_not_outlive_the_next_one(tmp_path: Path) -> None:
    for name in (".strikemap-0.new", ".strikemap-1.old", JOURNAL):
        (tmp_path / name).write_bytes(b"left")
    (tmp_path / ".strikemap-notes").write_bytes(b"somebody's own")
    write_all({tmp_path / "a.html": b"x"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".strikemap-notes", "a.html"]
