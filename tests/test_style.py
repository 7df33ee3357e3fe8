"""The code is clean by its own tools: one test each for ruff, mypy and the TypeScript compiler."""

from __future__ import annotations

import subprocess
import sys

import pytest

from geo import build_hook
from support.program import ROOT


def assert_clean(*command: str) -> None:
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert_clean(sys.executable, "-m", "ruff", "check", ".")


def test_mypy_finds_nothing() -> None:
    assert_clean(sys.executable, "-m", "mypy")


def test_the_front_end_type_checks() -> None:
    compilers = sorted((build_hook.WEB / "node_modules" / "@typescript").glob("*/lib/tsc*"))
    if not compilers:
        pytest.fail("TypeScript is missing: pip install -e '.[test]' puts it into geo/web/node_modules")
    assert_clean(str(compilers[0]), "--noEmit", "-p", str(build_hook.WEB))
