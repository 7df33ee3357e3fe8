"""The bundled front end: well typed, and fit to stand inside a page."""

from __future__ import annotations

import re
import subprocess

import pytest

from geo import build_hook


def test_the_typescript_compiler_finds_nothing() -> None:
    compilers = sorted((build_hook.WEB / "node_modules" / "@typescript").glob("*/lib/tsc*"))
    if not compilers:
        pytest.fail("TypeScript is missing: pip install -e '.[test]' puts it into geo/web/node_modules")
    done = subprocess.run([compilers[0], "--noEmit", "-p", build_hook.WEB], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["page.js", "crowd.js", "layers.js", "page.css", "crowd.css", "layers.css"])
def test_a_bundle_is_ascii_so_that_no_encoding_changes_its_hash(name: str) -> None:
    assert (build_hook.DIST / name).read_bytes().isascii()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.js", 'x = "</script>"'),
        ("a.js", 'x = "</SCRIPT "'),
        ("a.js", 'x = "<!--"'),
        ("a.js", 'x = "<script>"'),
        ("a.css", "a::after { content: '</style>' }"),
    ],
)
def test_a_bundle_that_would_end_its_element_early_is_refused(name: str, content: str) -> None:
    with pytest.raises(build_hook.StepFailed, match=f"{name}.*cannot stand in a page"):
        build_hook.check_inlines(name, content.encode())


def test_a_harmless_bundle_is_taken() -> None:
    build_hook.check_inlines("a.js", rb'x = "<\/script>", y = a<b, z = a </b/.c')
    build_hook.check_inlines("a.css", b"a > b { color: red }")


def test_a_fragment_s_lengths_are_the_page_s_at_sixteen_px_for_the_root_s_em() -> None:
    lengths = re.compile(r"(?<![\w#.-])-?[\d.]+(?:rem|px)\b")
    page, fragment = ((build_hook.DIST / name).read_text("utf-8") for name in ("page.css", "fragment.css"))
    page = re.sub(r"(?<=[{}])body[^{}]*\{[^{}]*\}", "", page)

    def px(css: str) -> list[float]:
        return [round(float(found[:-3]) * 16 if found.endswith("rem") else float(found[:-2]), 3) for found in lengths.findall(css)]

    assert px(page) == px(fragment)
    assert "@media(min-width" not in fragment and "@media (min-width" not in fragment
