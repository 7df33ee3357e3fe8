"""The gazetteer for the tests: the installed one, or one compiled afresh where a source is newer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from geo.places import compile as compiler
from geo.places.gazetteer import COMPILED, Gazetteer
from geo.places.records import Records, read_places


@pytest.fixture(scope="session")
def records() -> Records:
    return read_places(compiler.ROOT / "places.yaml")


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    sources = [compiler.ROOT / "places.yaml", compiler.DERIVED, *(compiler.ROOT / "geo" / "places").glob("*.py")]
    path = COMPILED
    if not path.is_file() or path.stat().st_mtime < max(source.stat().st_mtime for source in sources):
        path = tmp_path_factory.mktemp("compiled") / "gazetteer.sqlite"
        compiler.compile_gazetteer(path)
    with Gazetteer.open(path=path) as opened:
        yield opened
