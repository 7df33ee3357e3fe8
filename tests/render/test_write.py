"""All or none: a new file is whole or the old one stands, and nothing is left lying about."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from geo.errors import OutputError
from geo.render.write import write_all


def refused(outputs: dict[Path, bytes]) -> OutputError:
    with pytest.raises(OutputError) as error:
        write_all(outputs)
    assert "\n" not in str(error.value)
    return error.value


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    write_all({tmp_path / "a.html": b"A", tmp_path / "b.geojson": b"B"})
    assert names(tmp_path) == ["a.html", "b.geojson"]
    write_all({tmp_path / "a.html": b"AA"})
    assert (tmp_path / "a.html").read_bytes() == b"AA"


def test_a_new_file_follows_the_umask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_all({tmp_path / "new.html": b"x"})
        old = tmp_path / "old.html"
        old.write_bytes(b"x")
        old.chmod(0o604)
        write_all({old: b"y"})
    finally:
        os.umask(before)
    assert (tmp_path / "new.html").stat().st_mode & 0o777 == 0o640
    assert old.stat().st_mode & 0o777 == 0o604


@pytest.mark.parametrize(
    "kind", ["folder", "link", "link to nothing", "device", "no folder", "file for a folder", "long name"]
)
def test_a_target_that_cannot_be_a_file_is_refused_and_the_others_stand(tmp_path: Path, kind: str) -> None:
    good = tmp_path / "good.html"
    good.write_bytes(b"old")
    bad = tmp_path / "bad.html"
    if kind == "folder":
        bad.mkdir()
    elif kind == "link":
        bad.symlink_to(good)
    elif kind == "link to nothing":
        bad.symlink_to(tmp_path / "nothing.html")
    elif kind == "device":
        os.mkfifo(bad)
    elif kind == "no folder":
        bad = tmp_path / "missing" / "bad.html"
    elif kind == "file for a folder":
        bad = good / "bad.html"
    else:
        bad = tmp_path / ("x" * 300)
    before = names(tmp_path)
    assert str(bad) in str(refused({good: b"new", bad: b"new"}))
    assert good.read_bytes() == b"old"
    assert names(tmp_path) == before


def test_a_disk_that_fills_up_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    first.write_bytes(b"old")
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    assert "no space left" in str(refused({first: b"new", second: b"new"}))
    assert names(tmp_path) == ["a.html"]
    assert first.read_bytes() == b"old"


def test_a_rename_that_fails_leaves_no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", no)
    assert "permission denied" in str(refused({tmp_path / "a.html": b"x"}))
    assert names(tmp_path) == []


def test_a_stop_in_the_middle_leaves_no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        write_all({tmp_path / "a.html": b"x"})
    assert names(tmp_path) == []


def test_an_old_temporary_of_another_run_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / f".a.html.{os.getpid()}-0.tmp").write_bytes(b"left")
    write_all({tmp_path / "a.html": b"x"})
    assert (tmp_path / "a.html").read_bytes() == b"x"
