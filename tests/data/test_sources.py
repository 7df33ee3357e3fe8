"""Every bundled file is the one that its record describes."""

from __future__ import annotations

import gzip
import hashlib
from importlib.resources import files
from typing import Any

import pytest
import yaml

DATA = files("geo") / "data"
RECORD: dict[str, Any] = yaml.safe_load((DATA / "SOURCES.yaml").read_text(encoding="utf-8"))
DERIVED = {item["file"]: item for item in RECORD["derived"]}


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_a_derived_file_has_its_checksum(name: str) -> None:
    data = (DATA / name).read_bytes()
    assert len(data) == DERIVED[name]["bytes"]
    assert hashlib.sha256(data).hexdigest() == DERIVED[name]["sha256"]
    assert hashlib.sha256(gzip.decompress(data)).hexdigest() == DERIVED[name]["unpacked_sha256"]


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_a_derived_file_carries_no_clock(name: str) -> None:
    assert (DATA / name).read_bytes()[4:8] == bytes(4)


def test_every_packed_file_is_recorded() -> None:
    packed = {entry.name for entry in DATA.iterdir() if entry.name.endswith((".bin.gz", ".json.gz"))}
    assert packed == set(DERIVED)


def test_the_bundle_stays_small() -> None:
    sizes = [item["bytes"] for item in DERIVED.values()]
    assert max(sizes) <= 1_500_000
    assert sum(sizes) <= 3_000_000


def test_every_source_says_its_package_version_licence_and_checksum() -> None:
    named = {source["package"].removeprefix("npm ") for source in RECORD["sources"]}
    for source in RECORD["sources"]:
        assert source["version"] and source["licence"] and len(source["sha256"]) == 64
    assert {name for item in DERIVED.values() for name in item["from"]} == named
