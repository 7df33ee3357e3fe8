"""Story in, faults out: each `cases/story/NAME.yaml` has a `NAME.faults` with the lines that `check` prints for it.

A case named `sound…` has no faults. After a change that is meant: `python tests/read/test_story_cases.py` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.errors import InputError
from geo.read.story import read_story

CASES = sorted((Path(__file__).parents[1] / "cases" / "story").glob("*.yaml"))


def faults_of(path: Path) -> str:
    try:
        read_story(path.name, path.read_bytes())
    except InputError as error:
        return "".join(f"{fault}\n" for fault in error.faults)
    return ""


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_story_brings_these_faults_and_no_others(path: Path) -> None:
    assert faults_of(path) == path.with_suffix(".faults").read_text("utf-8")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_only_sound_stories_have_no_faults(path: Path) -> None:
    assert (faults_of(path) == "") == path.stem.startswith("sound")


if __name__ == "__main__":
    for case in CASES:
        case.with_suffix(".faults").write_text(faults_of(case), "utf-8")
