"""A short run of the seeded fuzz that tests/bench/fuzz.py does at length."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from bench import fuzz

from geo.errors import StrikemapError


def test_a_seed_gives_the_same_cases() -> None:
    data = [b"title: T\nevents: []\n", b"a,b\n1,2\n"]
    one, other = ([fuzz.damaged(data[0], data, random) for _ in range(50)] for random in (Random(3), Random(3)))
    assert one == other
    assert len(set(one)) > 40


@pytest.mark.parametrize("reader", ["story", "table", "page", "places", "style"])
def test_damaged_files_bring_faults_and_nothing_else(tmp_path: Path, reader: str) -> None:
    files, read = fuzz.targets(tmp_path)[reader]
    everything = [data for _, data in files]
    random = Random(f"suite {reader}")
    refused = 0
    for _ in range(200):
        name, data = random.choice(files)
        path = tmp_path / name
        path.write_bytes(fuzz.damaged(data, everything, random))
        try:
            read(path)
        except StrikemapError as error:
            assert str(error)
            refused += 1
    assert refused > 20
