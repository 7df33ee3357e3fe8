"""The compiled gazetteer: equal inputs, equal bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo.places import compile as compiler
from geo.places.gazetteer import Gazetteer


def test_equal_inputs_give_equal_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    made = []
    for seed in ("1", "77"):
        out = tmp_path / f"{seed}.sqlite"
        script = (
            "from pathlib import Path\nfrom geo.places.compile import compile_gazetteer\n"
            f"compile_gazetteer(Path({str(out)!r}), derived=Path('none'))"
        )
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "PYTHONPATH": str(compiler.ROOT)}
        subprocess.run([sys.executable, "-c", script], check=True, env=env)
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_a_record_takes_over_what_the_registry_knows_of_it(gazetteer: Gazetteer) -> None:
    aleppo = gazetteer.get("aleppo")
    assert aleppo is not None
    assert aleppo.population > 1_000_000
    assert gazetteer.get("gn:170063") == aleppo
    assert "aleppo" in [place.id for place in gazetteer.lookup("Halep")]  # an alternate name of GeoNames


def test_a_link_to_a_derived_record_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "places.yaml"
    file.write_text(
        "places:\n  lost:\n    kind: city\n    names: {en: [Lost]}\n    at: [1.0, 1.0]\n    country: GA\n    geonames: 1\n", "utf-8"
    )
    with pytest.raises(ValueError, match="gn:1"):
        compiler.compile_gazetteer(tmp_path / "out.sqlite", places=file)


def test_the_sources_of_the_derived_file_are_stated() -> None:
    import hashlib

    stated = compiler.DERIVED.with_name("SOURCES-gazetteer.yaml").read_text("utf-8")
    assert hashlib.sha256(compiler.DERIVED.read_bytes()).hexdigest() in stated
    for licence in ("CC BY 4.0", "public domain", "Unicode License v3", "MIT"):
        assert licence in stated
