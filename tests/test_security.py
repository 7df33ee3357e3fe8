"""What SECURITY.md says is so."""

from __future__ import annotations

import json
import re

import pytest

from geo import build_hook
from support.program import ROOT

SCRIPTS = sorted((build_hook.WEB / "src").rglob("*.ts"))
# What makes HTML or code of a text. Leaflet has some of them in its own code; ours never calls them.
CALLS = re.compile(
    r"\.(?:innerHTML|outerHTML|srcdoc)\s*\+?=|insertAdjacentHTML|document\.write|setHTMLUnsafe|createContextualFragment|"
    r"bindPopup|bindTooltip|setContent|L\.popup|L\.tooltip|divIcon|\beval\(|new Function|setTimeout\(\s*[\"'`]|javascript:"
)


def code(text: str) -> str:
    """TypeScript without its comments."""
    return re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: str(path.relative_to(build_hook.WEB / "src")))
def test_no_script_of_ours_makes_html_or_code_of_a_text(path: object) -> None:
    assert CALLS.findall(code(path.read_text("utf-8"))) == []  # type: ignore[attr-defined]


def test_the_search_finds_what_it_looks_for() -> None:
    for line in ("a.innerHTML = b", "m.bindPopup(x)", "eval(x)", "new Function(x)", "setTimeout('x')"):
        assert CALLS.search(code(line))
    assert not CALLS.search(code("/** not innerHTML = */ a.textContent = b"))
    assert len(SCRIPTS) > 20


def test_templates_let_nothing_through_unescaped_but_what_we_have_drawn() -> None:
    found = []
    for path in sorted((build_hook.WEB / "templates").glob("*.html.jinja")):
        found += re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", path.read_text("utf-8"))
    assert sorted(found) == ["{{ lines|safe }}", "{{ map_mark|safe }}", "{{ picture|safe }}"]


def test_leaflet_is_the_version_that_the_answer_to_scanners_names() -> None:
    lock = json.loads((build_hook.WEB / "package-lock.json").read_text("utf-8"))
    version = lock["packages"]["node_modules/leaflet"]["version"]
    assert f"Leaflet {version} " in (ROOT / "SECURITY.md").read_text("utf-8")
