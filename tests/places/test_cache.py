"""What online services answered stays on the disk, whatever happens to the program or to the file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from geo.errors import OutputError, UsageError
from geo.places import cache
from geo.places.cache import Cache, Key

KEY = Key("nominatim", "localhost", "tell x", "SY", "en")
HIT = {"name": "Tell X", "lat": 35.0, "lon": 38.0}
AT = "2024-01-01T00:00:00+00:00"


def opened(path: Path | None) -> tuple[Cache, list[str]]:
    warnings: list[str] = []
    return Cache.open(path, warnings.append), warnings


def test_an_answer_and_not_found_are_remembered_and_told_apart(tmp_path: Path) -> None:
    first, _ = opened(tmp_path / "deep" / "online.sqlite")
    assert first.get(KEY) is None
    first.put(KEY, [HIT], AT)
    first.put(Key("nominatim", "localhost", "nowhere"), [], AT)
    first.close()
    second, warnings = opened(tmp_path / "deep" / "online.sqlite")
    assert second.get(KEY) == [HIT]
    assert second.get(Key("nominatim", "localhost", "nowhere")) == []
    assert second.get(Key("photon", "localhost", "tell x", "SY", "en")) is None
    assert warnings == []


def test_the_file_lies_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIKEMAP_ONLINE_CACHE", str(tmp_path / "a.sqlite"))
    assert cache.where() == tmp_path / "a.sqlite"
    monkeypatch.setenv("STRIKEMAP_ONLINE_CACHE", "")
    assert cache.where() is None
    monkeypatch.delenv("STRIKEMAP_ONLINE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.where() == tmp_path / "strikemap" / "online.sqlite"


@pytest.mark.parametrize("damage", [b"this is no database, and it is long enough to be looked at" * 40, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_set_aside_with_a_warning(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "online.sqlite"
    path.write_bytes(damage)
    fresh, warnings = opened(path)
    fresh.put(KEY, [HIT], AT)
    assert fresh.get(KEY) == [HIT]
    assert len(warnings) == 1
    assert "set aside as online.sqlite.broken" in warnings[0]
    assert (tmp_path / "online.sqlite.broken").read_bytes() == damage


def test_a_cache_of_another_version_is_set_aside_but_another_programs_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "online.sqlite"
    opened(path)[0].close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    assert "another version" in opened(path)[1][0]
    other = tmp_path / "notes.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE note (text)")
    with pytest.raises(UsageError, match="another program"):
        opened(other)


def test_where_nothing_can_be_written_memory_serves(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept, warnings = opened(tmp_path / "file" / "online.sqlite")
    kept.put(KEY, [HIT], AT)
    assert kept.get(KEY) == [HIT]
    assert "for this run only" in warnings[0]


def test_an_answer_that_cannot_be_kept_is_an_error_of_the_output(tmp_path: Path) -> None:
    kept, _ = opened(tmp_path / "online.sqlite")
    with sqlite3.connect(tmp_path / "online.sqlite") as db:
        db.execute("DROP TABLE answer")
    with pytest.raises(OutputError, match="could not be kept"):
        kept.put(KEY, [HIT], AT)


def test_requests_of_several_programs_take_turns_at_one_pace(tmp_path: Path) -> None:
    one, two = opened(tmp_path / "c.sqlite")[0], opened(tmp_path / "c.sqlite")[0]
    turns = [one.turn("h", 100.0, 1.0), two.turn("h", 100.0, 1.0), one.turn("h", 100.2, 1.0), two.turn("other", 100.2, 1.0)]
    assert turns == [100.0, 101.0, 102.0, 100.2]
    one.hold("h", 150.0, 100.3)
    assert two.turn("h", 101.0, 1.0) == 150.0
    assert one.turn("h", 900.0, 1.0) == 900.0


def test_a_turn_from_a_clock_that_was_wrong_holds_nobody_up(tmp_path: Path) -> None:
    kept, _ = opened(tmp_path / "c.sqlite")
    kept.turn("h", 9_000_000.0, 1.0)
    assert kept.turn("h", 100.0, 1.0) == 100.0


WRITER = """
import sys
from geo.places.cache import Cache, Key
from pathlib import Path
kept = Cache.open(Path(sys.argv[1]), print)
for n in range(60):
    kept.put(Key("s", "h", f"{sys.argv[2]} {n}"), [], "2024")
"""


def test_several_programs_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], stdout=subprocess.PIPE) for name in ("a", "b", "c")
    ]
    assert [(one.communicate(timeout=60)[0], one.returncode) for one in writers] == [(b"", 0)] * 3
    kept, _ = opened(path)
    assert all(kept.get(Key("s", "h", f"{name} {n}")) == [] for name in "abc" for n in range(60))


def test_forgetting_empties_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    assert cache.forget(path) == (path, 0)
    kept, _ = opened(path)
    kept.put(KEY, [HIT], AT)
    assert cache.forget(path) == (path, 1)
    assert kept.get(KEY) is None
