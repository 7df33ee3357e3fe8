"""Maps that span ±180 or the whole world."""

from __future__ import annotations

from support.chromium import OpenMap
from support.program import ROOT, Build

CASES = ROOT / "tests/cases/maps"


def test_lines_there_and_back_both_bow_to_their_right(open_map: OpenMap, build: Build) -> None:
    page = open_map(build(CASES / "there-and-back.yaml").html).page
    there, back = page.evaluate("strikemap.drawn().arcs")
    assert there["sagitta"] > 10 and back["sagitta"] > 10
    middle = [[sum(axis) / len(axis) for axis in zip(*arc["points"], strict=True)] for arc in (there, back)]
    apart = ((middle[0][0] - middle[1][0]) ** 2 + (middle[0][1] - middle[1][1]) ** 2) ** 0.5
    assert apart > 20


def test_the_whole_world_is_a_frame_too(open_map: OpenMap, build: Build) -> None:
    built = build(CASES / "round-the-world.yaml")
    page = open_map(built.html).page
    assert len(page.evaluate("strikemap.drawn().symbols")) == 3
    for name in ("fiji", "north", "west"):
        point = page.evaluate("id => strikemap.project(id)", name)
        assert 0 < point["x"] < 1280


