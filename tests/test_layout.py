"""Data flows one way: read → model → places → geometry → scene → render. These are the imports that keep it so."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

GEO = Path(__file__).parents[1] / "geo"

# First folder (or module) under geo/ → what of ours it may import. Not listed: api, cli and the build hook, which join all.
ALLOWED = {
    "errors": set(),
    "model": set(),
    "columns": {"model", "errors"},
    "read": {"read", "model", "columns", "errors"},
    "places": {"places", "model", "columns", "errors"},
    "geometry": {"geometry", "errors"},
    "scene": {"scene", "model", "columns", "geometry", "errors"},
    "render": {"render", "scene", "geometry", "errors"},
}
# Third-party package → the only place that may import it.
KEPT_TO = {
    "folium": "geo/render/leaflet/",
    "branca": "geo/render/leaflet/",
    "geopy.geocoders": "geo/places/online.py",
}
MODULES = sorted(GEO.rglob("*.py"))


def imported(source: str, package: tuple[str, ...]) -> set[str]:
    """Every name that a module of `package` imports, anywhere in it, as a dotted path."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{stem}.{alias.name}" for alias in node.names}
    return found


def imports_of(path: Path) -> set[str]:
    return imported(path.read_text("utf-8"), path.relative_to(GEO.parent).parts[:-1])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(GEO)))
def test_a_module_imports_only_what_lies_before_it(path: Path) -> None:
    part = path.relative_to(GEO).parts[0].removesuffix(".py")
    ours = {name.split(".")[1] for name in imports_of(path) if name.startswith("geo.")}
    assert "cli" not in ours or path.name == "__main__.py", f"{path}: nobody imports cli"
    if part in ALLOWED:
        assert ours <= ALLOWED[part], f"{path}: {part} may not import {sorted(ours - ALLOWED[part])}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(GEO)))
def test_folium_and_online_geocoders_stay_in_their_place(path: Path) -> None:
    here = path.relative_to(GEO.parent).as_posix()
    for name in imports_of(path):
        for package, place in KEPT_TO.items():
            if f"{name}.".startswith(f"{package}."):
                assert here.startswith(place), f"{here} imports {name}; only {place} may"


def test_relative_and_nested_imports_are_seen() -> None:
    source = "from .model import Box\nfrom ..errors import Fault\ndef f():\n    import folium.map\n"
    assert imported(source, ("geo", "read")) == {"geo.read.model.Box", "geo.errors.Fault", "folium.map"}
    assert GEO / "model.py" in MODULES
