"""The published stories give, stage by stage, what is committed beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.golden import golden, stories


def test_there_is_a_published_story() -> None:
    assert stories()


@pytest.mark.parametrize("story", stories(), ids=lambda path: path.stem)
def test_a_story_gives_its_golden_files(story: Path) -> None:
    # In the order of the stages, so that the first red line names the one that changed.
    for path, data in golden(story):
        assert path.is_file(), f"{path.name} is missing; look at the scene, then run: python tests/golden.py"
        assert data.decode("utf-8") == path.read_text(encoding="utf-8"), (
            f"{path.name} changed; if it should: python tests/golden.py"
        )
