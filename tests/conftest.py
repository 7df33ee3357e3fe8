"""The built story, for every test that looks at an output."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from support.program import STORY, Build, Built, run_strikemap

# The same examples on every run of a pipeline; a developer's machine goes on looking for new ones.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("dev", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# What a developer has added to their own gazetteer changes no test.
os.environ["STRIKEMAP_GAZETTEER"] = ""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two processes for all tests or those of folders; none but this one for files named one by one: it starts at once."""
    return 2 if all(Path(arg).is_dir() for arg in config.args) else 0


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build a story's page and GeoJSON in a fresh folder; fails with the program's own words."""

    def build(story: Path) -> Built:
        out = tmp_path_factory.mktemp("built")
        done = run_strikemap("build", story, "-f", "html,geojson", "-o", out)
        assert done.returncode == 0, done.stderr
        (html,) = out.glob("*.html")
        (geojson,) = out.glob("*.geojson")
        return Built(html, geojson, done.stderr.strip().splitlines()[-1])

    return build


@pytest.fixture(scope="session")
def story_map(build: Build) -> Built:
    """The story of 17 November 2015, built once for all tests."""
    return build(STORY)
