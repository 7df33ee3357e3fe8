"""The snippet that puts a built map into somebody else's page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from math import ceil
from typing import TYPE_CHECKING

from geo.render.body import web_address
from geo.scene import text
from geo.scene.scene import Scene, Story
from geo.scene.timeline import timeline

if TYPE_CHECKING:
    from geo.scene.crowd import Crowd

COLUMN = 720
"""Width of the column that the fixed height is for, in CSS px: an article's on a desk, where the map is 4 by 3."""
LEAST, MOST = 640, 1000
TIMELINE, FILTERS = 200, 57

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""What a frame allows: scripts in an origin of their own, and the links of sources in windows of theirs."""


def render_embed(scene: Scene) -> bytes:
    """An `<iframe>` that needs no script on the host, and a few optional lines for its automatic height."""
    return snippet_of(scene.story, scene.languages[0], usable_height(scene))


def snippet_of(story: Story, lang: str, height: int) -> bytes:
    """The snippet for a page of `story` in `lang` that stands in a frame of `height` CSS px."""
    title = story.title.get(lang) or next(iter(story.title.values()), story.slug)
    public = web_address(story.url)
    slug = escape(story.slug)
    parts = {
        "title": escape(title),
        "slug": slug,
        "src": escape(public) if public else f"{slug}.html",
        "where": "" if public else f"Put {slug}.html beside the page, or change src to where it stands.",
        "height": str(height),
        "sandbox": SANDBOX,
    }
    snippet = re.sub("%(title|slug|src|where|height|sandbox)%", lambda mark: parts[mark[1]], _template())
    return snippet.replace("<!-- The map.  -->", "<!-- The map. -->").encode("utf-8")


def usable_height(scene: Scene | Crowd) -> int:
    """A height in which title, standfirst, map, timeline and filters stand in `COLUMN`, with no script of the host.

    An estimate from the lengths of the texts, rounded up to 20 CSS px; legend and list scroll within the frame.
    """
    if isinstance(scene, Scene):
        return height_of(text.page_strings(scene)[scene.languages[0]], scene.languages, timeline(scene) is not None)
    from geo.scene.crowd.words import page_strings

    return height_of(page_strings(scene)[scene.languages[0]], scene.languages, scene.time is not None)


def height_of(words: Mapping[str, str | tuple[str, str]], langs: Sequence[str], timed: bool) -> int:
    """`usable_height` of a page with these words, in these languages, with or without a timeline."""
    tall = 1.1 if langs[0] == "ar" else 1.0
    languages = 40 if len(langs) > 3 else 0
    title = _lines(words["title"], 40) * 29 * tall
    standfirst = _lines(words["summary"], 70) * 24 * tall + 8 if "summary" in words else 0
    below = FILTERS + TIMELINE * timed
    height = 24 + languages + title + standfirst + 16 + (COLUMN - 48) * 3 / 4 + below
    return max(LEAST, min(MOST, 20 * ceil(height / 20)))


def _lines(said: str | tuple[str, str], characters: int) -> int:
    return ceil(len(said if isinstance(said, str) else said[0]) / characters)


def _template() -> str:
    from importlib.resources import files

    return (files("geo") / "web/templates/embed.html").read_text(encoding="utf-8")
