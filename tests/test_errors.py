"""Faults in few lines: none is left out."""

from __future__ import annotations

import re
from pathlib import Path

from geo.errors import Fault, folded
from support.program import run_strikemap


def fault(code: str, line: int, field: str = "events.e1.date", cure: str = "mend it", file: str = "s.yaml") -> Fault:
    return Fault(code, f"wrong {line}", cure, file, line, 3, None, field)


def test_one_kind_is_one_line_with_every_place() -> None:
    told = folded([fault("date", 3), fault("date", 5, "events.e2.date"), fault("date", 9, "events.e3.date")])
    assert told == ["s.yaml:3:3: events.e1.date: wrong 3; mend it; the same on lines 5, 9"]


def test_few_faults_are_told_as_ever() -> None:
    some = [fault("date", 3), fault("url", 4, "url"), fault("date", 5, cure="another way")]
    assert folded(some) == [str(one) for one in some]


def test_many_kinds_are_three_lines_and_every_line_number_is_there() -> None:
    some = [fault(f"kind{n % 7}", n, f"events.e{n}.field{n % 7}") for n in range(1, 60)]
    told = folded(some)
    assert len(told) == 3
    assert told[2].startswith("s.yaml: ") and told[2].endswith("strikemap check tells each with its cure")
    assert set(map(int, re.findall(r"\d+", " ".join(told)))) >= set(range(1, 60))


def test_every_file_has_its_own_lines() -> None:
    assert len(folded([fault("date", 3), fault("date", 3, file="t.yaml")])) == 2


def test_a_build_folds_and_check_does_not(tmp_path: Path) -> None:
    folder = tmp_path
    (folder / "s.yaml").write_text("title: T\nevents:\n" + "".join(f"  - {{date: 2015-02-{day}}}\n" for day in (30, 31, 32, 33)))
    built = run_strikemap("build", "s.yaml", cwd=folder)
    assert built.returncode == 2 and len(built.stderr.splitlines()) < 4
    checked = run_strikemap("check", "s.yaml", cwd=folder)
    assert checked.returncode == 2 and len(checked.stderr.splitlines()) == 4
    as_data = run_strikemap("build", "s.yaml", "--json", cwd=folder)
    assert len(as_data.stderr.splitlines()) == 4
