"""The snippet that puts a built map into somebody else's page."""

from __future__ import annotations

import re
from html import escape

from geo.scene.scene import Scene

HEIGHT = 900
"""A usable height before (or without) any script of the host, in CSS px."""


def render_embed(scene: Scene) -> bytes:
    """An `<iframe>` that needs no script on the host, and a few optional lines for its automatic height."""
    lang = scene.languages[0]
    title = scene.story.title.get(lang) or next(iter(scene.story.title.values()), scene.story.slug)
    parts = {"title": escape(title), "slug": escape(scene.story.slug), "height": str(HEIGHT)}
    return re.sub("%(title|slug|height)%", lambda mark: parts[mark[1]], _template()).encode("utf-8")


def _template() -> str:
    from importlib.resources import files

    return (files("geo") / "web/templates/embed.html").read_text(encoding="utf-8")
