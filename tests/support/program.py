"""The program as a user runs it, and what a build leaves behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
STORY = ROOT / "maps" / "2015-11-17-raqqa.yaml"


def heeds_ctrl_c() -> None:
    """For a child's `preexec_fn`: what runs in the background is started deaf to it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run_strikemap(
    *args: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own, as a user does. `env` is added to a copy of this environment."""
    return subprocess.run(
        [sys.executable, "-c", "from geo.cli import main; main()", *map(str, args)],
        check=False,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


@dataclass(frozen=True)
class Built:
    """A story's outputs, side by side in one folder."""

    html: Path
    geojson: Path
    account: str
    """The line of account that the build ended with."""

    @cached_property
    def page(self) -> str:
        return self.html.read_text("utf-8")

    @cached_property
    def features(self) -> Sequence[Mapping[str, Any]]:
        return json.loads(self.geojson.read_text("utf-8"))["features"]

    @cached_property
    def data(self) -> Any:
        """The page's inert JSON."""
        from geo.read.page import unpacked

        return unpacked(self.html.read_bytes())


Build = Callable[[Path], Built]
