"""The compiled templates are those that would be compiled now, and none is used that is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import FunctionLoader, ModuleLoader

import geo
from geo.render import templates
from support.program import ROOT

STORY = ROOT / "maps" / "2015-11-17-raqqa.yaml"


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    templates.environment.cache_clear()
    yield
    templates.environment.cache_clear()


def page() -> bytes:
    return geo.build_story(STORY, geo.BuildOptions(langs=("en", "ar"))).outputs["html"]


def test_compiled_templates_say_what_those_say_that_are_compiled_when_they_are_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "COMPILED", tmp_path)
    assert isinstance(templates.environment().loader, FunctionLoader)
    anew = page()
    templates.compile_all(tmp_path)
    templates.environment.cache_clear()
    assert isinstance(templates.environment().loader, ModuleLoader)
    assert page() == anew


def test_what_the_build_kept_is_used_only_where_it_is_the_code_of_these_templates(tmp_path: Path) -> None:
    if not isinstance(templates.environment().loader, ModuleLoader):
        assert not (stamp := templates.COMPILED / templates.MADE_FROM).is_file() or stamp.read_text("ascii") != templates.made_from()
        return
    templates.compile_all(tmp_path)
    for made in tmp_path.iterdir():
        assert (templates.COMPILED / made.name).read_bytes() == made.read_bytes()


def test_code_of_other_templates_or_of_another_jinja_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    templates.compile_all(tmp_path)
    monkeypatch.setattr(templates, "COMPILED", tmp_path)
    (tmp_path / templates.MADE_FROM).write_text("0" * 64, "ascii")
    assert isinstance(templates.environment().loader, FunctionLoader)
    templates.environment.cache_clear()
    (tmp_path / templates.MADE_FROM).write_text(templates.made_from(), "ascii")
    assert isinstance(templates.environment().loader, ModuleLoader)
    templates.environment.cache_clear()
    monkeypatch.setattr("jinja2.__version__", "3.1.0")
    assert isinstance(templates.environment().loader, FunctionLoader)
