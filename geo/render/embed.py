"""The snippet that puts a built map into somebody else's page."""

from __future__ import annotations

import re
from html import escape
from math import ceil

from geo.render.body import web_address
from geo.scene import text
from geo.scene.scene import Scene
from geo.scene.timeline import timeline

COLUMN = 720
"""Width of the column that the fixed height is for, in CSS px: an article's on a desk, where the map is 4 by 3."""
LEAST, MOST = 640, 1000
TIMELINE, FILTERS = 200, 57

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What a frame allows: scripts in an origin of their own, and the links of sources in windows of theirs."""


def render_embed(scene: Scene) -> bytes:
    """An `<iframe>` that needs no script on the host, and a few optional lines for its automatic height."""
    lang = scene.languages[0]
    title = scene.story.title.get(lang) or next(iter(scene.story.title.values()), scene.story.slug)
    public = web_address(scene.story.url)
    slug = escape(scene.story.slug)
    parts = {
        "title": escape(title),
        "slug": slug,
        "src": escape(public) if public else f"{slug}.html",
        "where": "" if public else f"Put {slug}.html beside the page, or change src to where it stands.",
        "height": str(usable_height(scene)),
        "sandbox": SANDBOX,
    }
    snippet = re.sub("%(title|slug|src|where|height|sandbox)%", lambda mark: parts[mark[1]], _template())
    return snippet.replace("<!-- The map.  -->", "<!-- The map. -->").encode("utf-8")


def usable_height(scene: Scene) -> int:
    """A height in which title, standfirst, map, timeline and filters stand in `COLUMN`, with no script of the host.

    An estimate from the lengths of the texts, rounded up to 20 CSS px; legend and list scroll within the frame.
    """
    words = text.page_strings(scene)[scene.languages[0]]
    tall = 1.1 if scene.languages[0] == "ar" else 1.0
    languages = 40 if len(scene.languages) > 3 else 0
    title = _lines(words["title"], 40) * 29 * tall
    standfirst = _lines(words["summary"], 70) * 24 * tall + 8 if "summary" in words else 0
    below = FILTERS + (TIMELINE if timeline(scene) else 0)
    height = 24 + languages + title + standfirst + 16 + (COLUMN - 48) * 3 / 4 + below
    return max(LEAST, min(MOST, 20 * ceil(height / 20)))


def _lines(said: str | tuple[str, str], characters: int) -> int:
    return ceil(len(said if isinstance(said, str) else said[0]) / characters)


def _template() -> str:
    from importlib.resources import files

    return (files("geo") / "web/templates/embed.html").read_text(encoding="utf-8")
