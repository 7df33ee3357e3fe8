"""Every small table of tests/cases/tables is read as its .expected file says: format, rows, places, refusals, account."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.read.formats import formats
from support.tablecases import CASES, cases, told


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.name)
def test_a_table_is_read_as_its_case_says(path: Path) -> None:
    assert told(path) == path.with_name(f"{path.name}.expected").read_text("utf-8")


def test_every_format_has_a_case_and_every_row_of_it_is_accounted_for() -> None:
    seen = set()
    for path in CASES.glob("*.expected"):
        lines = path.read_text("utf-8").splitlines()
        seen.add(lines[0].removeprefix("format: "))
        total, parts = lines[-1].split(" rows = ")
        assert int(total) == sum(int(part.split()[0]) for part in parts.split(" + "))
    assert seen == set(formats())
