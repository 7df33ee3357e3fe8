"""What browser tests hand to each other: an opened page with its faults, a server, a host page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Frame, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DRAWN = 'html[data-strikemap="drawn"]'
WITHIN_MS = 20_000

# A violation is said once more in words of our own: Chromium's console message names no directive that a test can read.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", e => console.debug(
  `csp: ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber} ${e.sample}`));
"""


def chromium() -> str:
    """The path of the browser; fails in words when there is none."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.fail("no chromium on the path: install Debian's (apt-get install chromium) or name one in CHROMIUM")
    return path


@dataclass
class Opened:
    """One page, and everything that it did that it should not have."""

    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def frame(self, selector: str = "iframe") -> Frame:
        """The map inside a host page's iframe, once it is drawn."""
        inside = self.page.wait_for_selector(selector).content_frame()
        assert inside is not None
        inside.wait_for_selector(DRAWN, state="attached", timeout=WITHIN_MS)
        return inside

    def read_in(self, lang: str) -> None:
        """Switch the page to `lang` as a reader does."""
        if self.page.evaluate("document.documentElement.lang") != lang:
            self.page.click(f"[data-lang={lang}]")
            self.page.wait_for_selector(f"html[lang={lang}]", state="attached")


OpenMap = Callable[..., Opened]


@dataclass(frozen=True)
class Server:
    """Serves what a test puts on it, from memory, on one port of this machine."""

    url: str
    pages: dict[str, tuple[bytes, Mapping[str, str]]]

    def put(self, path: str, body: str, **headers: str) -> str:
        """Serve `body` as HTML under `/path`; header names are written with underscores. Returns the address."""
        self.pages[f"/{path}"] = body.encode(), {name.replace("_", "-"): value for name, value in headers.items()}
        return f"{self.url}/{path}"


Host = Callable[..., str]
Audit = Callable[[Page], list[str]]
