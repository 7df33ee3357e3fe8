"""What the package declares is what it uses, and its lock files pin by content, never by address."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib

import pytest

from support.program import ROOT

DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
# Import name → distribution, where they differ.
DISTRIBUTION = {"yaml": "PyYAML"}
MADE_ONCE = {"build_hook.py", "build.py", "build_gazetteer.py"}
"""Scripts that make the package; they are not in it."""


def imported_packages() -> set[str]:
    found = set()
    for path in (ROOT / "geo").rglob("*.py"):
        if path.name in MADE_ONCE and path.parent.name in ("geo", "data"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"geo"}


def test_every_package_that_is_imported_is_declared() -> None:
    extras = DECLARED["project"]["optional-dependencies"]
    # A module that needs an extra says which when it is not there.
    lines = [*DECLARED["project"]["dependencies"], *extras["xlsx"], *extras["parquet"]]
    declared = {re.split(r"[<>=!;\[ ]", line)[0].lower() for line in lines}
    used = {DISTRIBUTION.get(name, name).lower() for name in imported_packages()}
    assert used <= declared
    assert "folium" in used


@pytest.mark.parametrize("folder", ["geo/web", "tests/bench/comparing/copies"])
def test_npm_packages_are_locked_by_content_and_without_an_address(folder: str) -> None:
    text = (ROOT / folder / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    lock = json.loads(text)
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert "node_modules/leaflet" in packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


def test_python_packages_are_locked_by_content_and_without_an_address() -> None:
    for name in ("requirements.txt", "requirements-node.txt"):
        text = (ROOT / ".ci" / name).read_text("utf-8")
        assert "://" not in text
        pinned = re.findall(r"^([A-Za-z0-9._-]+)==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert pinned
        assert len(pinned) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE))


def test_every_declared_dependency_is_locked() -> None:
    text = (ROOT / ".ci" / "requirements.txt").read_text("utf-8").lower()
    extras = DECLARED["project"]["optional-dependencies"]
    for line in [
        *DECLARED["project"]["dependencies"],
        *extras["test"],
        *extras["lint"],
        *DECLARED["build-system"]["requires"],
    ]:
        name = re.split(r"[<>=!;\[ ]", line)[0].lower()
        assert re.search(rf"^{re.escape(name)}==", text, re.MULTILINE), f"{name}: run .ci/lock"


def test_ci_runs_every_python_that_is_promised() -> None:
    promised = re.findall(r"Python :: (3\.\d+)", " ".join(DECLARED["project"]["classifiers"]))
    workflow = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    assert [f'"{version}"' in workflow for version in promised] == [True] * len(promised) != []
    assert DECLARED["project"]["requires-python"] == f">={promised[0]}"
