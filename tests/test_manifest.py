"""The manifest says what went in and what came out, and the same anywhere."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from geo import manifest, named
from geo.api import BuildOptions, build_story
from geo.errors import InputError
from geo.model import Precision
from geo.read.page import unpacked
from support.program import STORY, run_strikemap

SMALL = "title: T\nslug: small\nevents:\n  - {date: 2015-11-17, place: Raqqa, country: SY}\n"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "s.yaml"
    path.write_text(SMALL, "utf-8")
    return path


def made(story: Path, **options: Any) -> dict[str, Any]:
    built = build_story(story, BuildOptions(formats=("html", "geojson"), manifest=True, **options))
    found: dict[str, Any] = json.loads(built.outputs["manifest"])
    for name in ("html", "geojson"):
        data = built.outputs[name]
        assert found["outputs"][name] == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    part = json.dumps(found["inputs"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert found["inputs_sha256"] == hashlib.sha256(part).hexdigest()
    assert f'<meta name="strikemap:inputs" content="{found["inputs_sha256"]}">' in built.outputs["html"].decode()
    return found


def test_the_program_writes_it_beside_the_outputs(tmp_path: Path, story: Path) -> None:
    done = run_strikemap("build", story, "-o", tmp_path / "map.html", "--manifest")
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "small.manifest.json").read_bytes())
    assert found["outputs"]["html"]["sha256"] == hashlib.sha256((tmp_path / "map.html").read_bytes()).hexdigest()
    assert found["inputs"]["source"]["sha256"] == hashlib.sha256(story.read_bytes()).hexdigest()
    assert str(tmp_path) not in json.dumps(found)
    assert run_strikemap("build", story, "-o", "-", "--manifest").returncode == 2


def test_a_page_without_a_manifest_carries_no_hash(story: Path) -> None:
    assert b"strikemap:inputs" not in build_story(story).outputs["html"]


def test_every_input_changes_the_hash_and_nothing_else_does(tmp_path: Path, story: Path) -> None:
    places = tmp_path / "places.yaml"
    places.write_text("places: {}\n")
    hashes = {
        "as it is": made(story)["inputs_sha256"],
        "places": made(story, places=(places,))["inputs_sha256"],
        "language": made(story, langs=("fr",))["inputs_sha256"],
        "coarsened": made(story, coarsen=Precision.COUNTRY)["inputs_sha256"],
        "no ground": made(story, basemap="none")["inputs_sha256"],
    }
    moved = tmp_path / "elsewhere.yaml"
    moved.write_bytes(story.read_bytes())
    assert made(moved)["inputs_sha256"] == hashes["as it is"]
    story.write_text(SMALL + "# a comment\n")
    hashes["story"] = made(story)["inputs_sha256"]
    assert len(set(hashes.values())) == len(hashes)


def test_two_databases_that_say_the_same_have_one_hash(tmp_path: Path) -> None:
    import sqlite3

    for name, page in (("a", 512), ("b", 4096)):
        with sqlite3.connect(tmp_path / name) as db:
            db.execute(f"PRAGMA page_size = {page}")
            db.execute("CREATE TABLE t (x)")
            db.execute("INSERT INTO t VALUES (1)")
        db.close()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()
    assert manifest.database(tmp_path / "a") == manifest.database(tmp_path / "b")


def test_a_source_that_changes_while_it_is_read_is_refused(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = manifest.inputs

    def saved_meanwhile(*args: Any, **kwargs: Any) -> Any:
        story.write_text(story.read_text() + "#\n")
        return real(*args, **kwargs)

    monkeypatch.setattr(manifest, "inputs", saved_meanwhile)
    with pytest.raises(InputError, match="saved while it was read"):
        made(story)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_cannot_be_named_in_a_manifest(tmp_path: Path) -> None:
    pipe = tmp_path / "s.yaml"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="read twice"):
        made(pipe)


def test_the_storys_manifest_is_the_same_under_another_locale_zone_and_folder(tmp_path: Path) -> None:
    found = set()
    for number, env in enumerate(({}, {"TZ": "Asia/Kolkata", "LC_ALL": "C", "PYTHONHASHSEED": "7"})):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = run_strikemap("build", STORY, "-f", "geojson", "--manifest", "-o", folder / "m.geojson", env=env, cwd=folder)
        assert done.returncode == 0, done.stderr
        found.add((folder / "2015-11-17-raqqa.manifest.json").read_bytes())
    assert len(found) == 1


def test_a_storys_tables_are_inputs_and_no_path_gets_into_an_output(tmp_path: Path) -> None:
    table = tmp_path / "raids.csv"
    table.write_text("id,date,place,country\none,2015-11-17,Raqqa,SY\nbad,yesterday,Raqqa,SY\n" + "".join(
        f"n{n},2015-11-18,Homs,SY\n" for n in range(20)))  # fmt: skip
    story = tmp_path / "s.yaml"
    story.write_text("title: T\ntables: [raids.csv]\n")
    before = made(story)
    assert before["inputs"]["tables"] == [{"bytes": table.stat().st_size, "sha256": hashlib.sha256(table.read_bytes()).hexdigest()}]
    assert named.tables_of(story) == (table,)
    built = build_story(story, BuildOptions(formats=("html", "geojson", "csv")))
    carried = json.dumps(unpacked(built.outputs["html"]))
    for told in (carried, *(data.decode() for data in built.outputs.values())):
        assert str(tmp_path) not in told and tmp_path.name not in told
    table.write_text(table.read_text().replace("Homs", "Hama"))
    assert made(story)["inputs_sha256"] != before["inputs_sha256"]
