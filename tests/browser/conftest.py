"""A headless Chromium that forgives nothing: any request, console error, page error or CSP violation fails the test.

Tests wait on conditions, never on time. The browser is Debian's `chromium`; none is downloaded.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

from geo import build_hook
from support.chromium import DRAWN, FLAGS, TELL_VIOLATIONS, WITHIN_MS, Audit, Host, Opened, OpenMap, Server, chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def open_map(browser: Browser) -> Iterator[OpenMap]:
    """Open a file or an address; at the end of the test all of its pages must have been blameless.

    `lang` switches the page after it was drawn. `offline` (files only) cuts the network as well; without it a
    request is still refused and recorded unless it goes to the address's own host. `wait=False` for a page that is not a
    map or that runs without scripts.
    """
    opened: list[tuple[BrowserContext, Opened]] = []

    def open_map(
        target: Path | str,
        *,
        width: int = 1280,
        height: int = 800,
        lang: str | None = None,
        dark: bool = False,
        js: bool = True,
        offline: bool = True,
        touch: bool = False,
        wait: bool = True,
        locale: str = "en-GB",
        timezone: str = "UTC",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        forced_colors: Literal["active", "none"] = "none",
    ) -> Opened:
        address = target.resolve().as_uri() if isinstance(target, Path) else target
        own = address.split("#")[0] if isinstance(target, Path) else "/".join(address.split("/")[:3]) + "/"
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=js,
            has_touch=touch,
            locale=locale,
            timezone_id=timezone,
            reduced_motion=reduced_motion,
            forced_colors=forced_colors,
            offline=offline and isinstance(target, Path),
        )
        context.add_init_script(TELL_VIOLATIONS)
        seen = Opened(context.new_page())
        opened.append((context, seen))

        def guard(route: Route, request: Request) -> None:
            allowed = request.url.split("#")[0] == own if isinstance(target, Path) else request.url.startswith(own)
            if allowed or request.url.startswith(("data:", "about:")):
                route.continue_()
            else:
                seen.requests.append(request.url)
                route.abort()

        context.route("**/*", guard)
        context.on("console", partial(_note_console, seen.faults))
        context.on("weberror", lambda error: seen.faults.append(f"page error: {error.error}"))
        seen.page.goto(address, wait_until="load")
        if js and wait:
            seen.page.wait_for_selector(DRAWN, state="attached", timeout=WITHIN_MS)
        if lang:
            seen.read_in(lang)
        return seen

    yield open_map
    for context, _ in opened:
        context.close()
    assert [seen.requests for _, seen in opened if seen.requests] == []
    assert [seen.faults for _, seen in opened if seen.faults] == []


def _note_console(faults: list[str], message: Any) -> None:
    if message.type in ("error", "warning") or message.text.startswith("csp: "):
        faults.append(f"{message.type}: {message.text}")


@pytest.fixture
def server() -> Iterator[Server]:
    pages: dict[str, tuple[bytes, Mapping[str, str]]] = {"/favicon.ico": (b"", {})}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing: a test's output is its own."""

        def do_GET(self) -> None:
            body, headers = pages.get(self.path.split("?")[0], (b"", None))
            self.send_response(404 if headers is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield Server(f"http://localhost:{running.server_address[1]}", pages)
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def host_page(server: Server) -> Host:
    """Put a map into somebody else's page and give its address.

    `how`: "frame", "sandbox" (allow-scripts only) or "srcdoc". The host has text above and below, and no script.
    """

    def host_page(page: str, how: str = "frame", *, width: str = "768px", height: str = "600px", csp: str = "") -> str:
        size = f"width:{width};height:{height};border:0;display:block"
        if how == "srcdoc":
            source = f'srcdoc="{html.escape(page)}"'
        else:
            source = f'src="{server.put("map.html", page)}"'
        sandbox = ' sandbox="allow-scripts"' if how == "sandbox" else ""
        text = "<p>" + "Words of the host page. " * 80 + "</p>"
        body = (
            "<!doctype html><html lang=en><meta charset=utf-8><title>Host</title><body>"
            f'{text}<iframe title="Map" {source}{sandbox} style="{size}"></iframe>{text * 20}</body></html>'
        )
        return server.put("host.html", body, **({"Content_Security_Policy": csp} if csp else {}))

    return host_page


@pytest.fixture(scope="session")
def axe_source() -> str:
    """axe-core's script, from npm by the front end's lock file; fetched once when it is not there."""
    script = build_hook.WEB / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        try:
            build_hook.install_packages(development=True)
        except build_hook.StepFailed as failure:
            pytest.fail(f"axe-core is needed and could not be installed: {failure}")
    return script.read_text("utf-8")


@pytest.fixture
def audit(axe_source: str) -> Audit:
    """Run axe-core on a page: one line for each finding of any level."""

    def audit(page: Page) -> list[str]:
        # Through the debugger, since the page's own policy rightly refuses a script that it does not know.
        if not page.evaluate("'axe' in window"):
            page.evaluate(axe_source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: true}}})")
        return [
            f"{finding['impact']} {finding['id']}: {finding['help']} ({node['html'][:120]})"
            for finding in found["violations"]
            for node in finding["nodes"]
        ]

    return audit
