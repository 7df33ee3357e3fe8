"""The fragment: one element for somebody else's page, with its style and data in a shadow root of its own.

Nothing of it reaches that page and nothing of that page reaches it: no global, no id, no rule, no title, no address.
"""

from __future__ import annotations

import re
from html import escape
from importlib.resources import files

from geo.render.body import MAP_MARK, render_body
from geo.render.dressing import style_rules
from geo.render.packing import packed
from geo.render.page import asset, identifier, payload
from geo.scene import text
from geo.scene.scene import Scene

_MARK = re.compile(r"%strikemap:([a-z]+)%")


def render_fragment(scene: Scene) -> bytes:
    """One `<div>` of `scene`: UTF-8, LF, the same bytes for the same scene.

    It can be pasted into a page, several of them and one of them twice; the page must allow inline scripts and styles.
    """
    strings = text.page_strings(scene)
    before, after = render_body(scene, strings, fragment=True).split(MAP_MARK)
    parts = {
        "slug": escape(scene.story.slug),
        "uid": identifier(scene.story.slug),
        "css": asset("fragment.css").strip() + style_rules(scene.style, fragment=True),
        "before": before,
        "after": after,
        "data": packed(payload(scene, strings)),
        "script": asset("fragment.js").strip(),
    }
    frame = (files("geo") / "web/templates/fragment.html").read_text(encoding="utf-8")
    return _MARK.sub(lambda mark: parts[mark[1]], frame).replace("\r\n", "\n").encode("utf-8")
