"""The snippet that puts a built map into somebody else's page."""

from __future__ import annotations

import re
from html import escape
from math import ceil

from geo.render.body import web_address
from geo.scene import text
from geo.scene.scene import Scene

COLUMN = 720
"""Width of the column that the fixed height is for, in CSS px: an article's on a desk, where the map is 4 by 3."""
LEAST, MOST = 640, 1000


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
    }
    snippet = re.sub("%(title|slug|src|where|height)%", lambda mark: parts[mark[1]], _template())
    return snippet.replace("<!-- The map.  -->", "<!-- The map. -->").encode("utf-8")


def usable_height(scene: Scene) -> int:
    """A height in which title, standfirst, map and legend stand in `COLUMN` before (or without) any script of the host.

    An estimate from the lengths of the texts, rounded up to 20 CSS px; the list scrolls within the frame.
    """
    words = text.page_strings(scene)[scene.languages[0]]
    tall = 1.1 if scene.languages[0] == "ar" else 1.0
    inner = COLUMN - 48
    title = _lines(words["title"], 40) * 29 * tall + 16
    standfirst = _lines(words["summary"], 68) * 24 * tall + 8 if "summary" in words else 0
    keys = [words[f"actor{legend.slot}"] for legend in scene.actors]
    keys += [words[f"key.{key}"] for key in text.legend_keys(scene)]
    rows = [max(map(lambda key: _lines(key, 40), keys[i : i + 2])) for i in range(0, len(keys), 2)]
    legend = 24 + sum(6 + max(20, 18 * lines) * tall for lines in rows)
    height = 24 + title + standfirst + inner * 3 / 4 + legend
    return max(LEAST, min(MOST, 20 * ceil(height / 20)))


def _lines(said: str | tuple[str, str], characters: int) -> int:
    return ceil(len(said if isinstance(said, str) else said[0]) / characters)


def _template() -> str:
    from importlib.resources import files

    return (files("geo") / "web/templates/embed.html").read_text(encoding="utf-8")
