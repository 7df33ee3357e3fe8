"""The page: the constant skeleton that folium rendered, filled with one story's words, data, style and script.

The skeleton is kept beside the templates (a test holds it equal to what `folium` renders now), because importing folium
costs more than the rest of a build. Filling it is one pass over its marks: no text of a story is ever looked at again.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from geo.errors import StrikemapError
from geo.render.body import MAP_MARK, render_body, web_address
from geo.render.carried import carry
from geo.render.dressing import style_rules
from geo.render.packing import packed
from geo.scene import events, text, timeline
from geo.scene.dress import Style
from geo.scene.scene import Scene, Story
from geo.scene.style import SHAPES, SYMBOL_PATHS

_MARK = re.compile(r"%strikemap:([a-z]+)%")
_INLINE = re.compile(r"<(script|style)(?P<attributes>[^>]*)>(?P<body>.*?)</\1>", re.DOTALL)

CSP = (
    "default-src 'none'; script-src {script}; style-src {style}; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What a page may do: run and style itself by hash, and nothing else."""


@cache
def asset(name: str) -> str:
    """A file of the built front end; raises StrikemapError when the package was not built."""
    path = files("geo") / "web/dist" / name
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StrikemapError(f"the front end is not built ({name} is missing); run: pip install -e .") from None


@cache
def skeleton() -> str:
    return (files("geo") / "web/templates/skeleton.html").read_text(encoding="utf-8")


def render_page(scene: Scene, *, foreign: str | None = None, inputs: str | None = None) -> bytes:
    """One HTML file of `scene`: UTF-8, LF, the same bytes for the same scene.

    `foreign` is a skeleton that holds somebody else's folium layers: the page then has no CSP. `inputs` is the hash of
    what the page is made from, as its manifest has it.
    """
    strings = text.page_strings(scene)
    return assembled(
        scene.story,
        scene.style,
        strings,
        scene.languages[0],
        body=render_body(scene, strings),
        data=packed(payload(scene, strings)),
        css="".join(asset(name) for name in ("page.css", *["foreign.css"] * bool(foreign))),
        script=asset("foreign.js" if foreign else "page.js").strip(),
        foreign=foreign,
        inputs=inputs,
    )


def assembled(
    story: Story,
    style: Style,
    strings: Mapping[str, Any],
    lang: str,
    *,
    body: str,
    data: str,
    css: str,
    script: str,
    rows: str = "",
    foreign: str | None = None,
    inputs: str | None = None,
) -> bytes:
    """The skeleton (or `foreign`) with a page's parts in it. `body` holds `MAP_MARK` once; `rows` are inert elements behind it."""
    before, after = body.split(MAP_MARK)
    words = strings[lang]
    parts: dict[str, str] = {
        "uid": identifier(story.slug),
        "lang": escape(lang),
        "dir": text.direction(lang),
        "csp": "",
        "title": escape(_plain(words["title"])),
        "meta": _meta(story, words) + (f'<meta name="strikemap:inputs" content="{inputs}">\n' if inputs else ""),
        "css": css.strip() + style_rules(style),
        "before": before,
        "after": after,
        "data": data,
        "script": script,
    }
    frame = foreign or skeleton()
    if foreign is None:
        parts["csp"] = f'<meta http-equiv="Content-Security-Policy" content="{_policy(_filled(frame, parts))}">\n'
    # What is inert needs no hash, and there may be much of it.
    page = _filled(frame, {**parts, "after": after + rows})
    # A browser drops a NUL or shows this in its place, by where it stands.
    return page.replace("\r\n", "\n").replace("\0", "\ufffd").encode("utf-8")


def _filled(frame: str, parts: Mapping[str, str]) -> str:
    return _MARK.sub(lambda mark: parts[mark[1]], frame)


def payload(scene: Scene, strings: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script is told: `Payload` of geo/web/src/payload.ts."""
    return {
        **wording(scene.story, scene.languages, scene.style, strings),
        "counts": scene.counts.as_dict(),
        "frame": scene.frame,
        "base": scene.base,
        "labels": list(scene.labels),
        "sites": list(scene.sites),
        "marks": list(scene.marks),
        "areas": list(scene.areas),
        "origins": list(scene.origins),
        "sorties": list(scene.sorties),
        "events": events.table(scene),
        # Beside the quotes that both have, so that they share the room.
        "carried": carry(scene, strings),
        **({"time": line.as_dict()} if (line := timeline.timeline(scene)) else {}),
    }


def wording(story: Story, languages: Sequence[str], style: Style, strings: Mapping[str, Any]) -> dict[str, Any]:
    """What every page's script is told first: languages, words, colours and symbols."""
    return {
        "v": 1,
        "slug": story.slug,
        "lang": languages[0],
        "languages": text.language_list(languages),
        "strings": strings,
        "words": {lang: text.words_for_script(lang) for lang in languages},
        "theme": {"light": style.light.theme.as_dict(), "dark": style.dark.theme.as_dict()},
        **({"fonts": dict(style.fonts)} if style.fonts else {}),
        "symbols": [SYMBOL_PATHS[shape] for shape in SHAPES],
    }


def identifier(slug: str) -> str:
    """The slug as the tail of a JavaScript name and an element id; distinct slugs stay distinct."""
    plain = re.sub(r"[^0-9a-z]", "_", slug.lower())
    if plain == slug.replace("-", "_"):
        return plain
    return f"{plain}_{hashlib.sha256(slug.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else value[0]


def _meta(story: Story, words: Mapping[str, Any]) -> str:
    found = [("og:title", words["title"]), ("og:type", "article")]
    if words.get("summary"):
        found.append(("og:description", words["summary"]))
    public = web_address(story.url)
    if public:
        found.append(("og:url", public))
    lines = [f'<meta property="{name}" content="{escape(_plain(value))}">' for name, value in found]
    if public:
        lines.append(f'<link rel="canonical" href="{escape(public)}">')
    if words.get("summary"):
        lines.append(f'<meta name="description" content="{escape(_plain(words["summary"]))}">')
    lines.append('<meta name="generator" content="strikemap">')
    return "\n".join(lines) + "\n"


def _policy(page: str) -> str:
    found: dict[str, list[str]] = {"script": [], "style": []}
    for element in _INLINE.finditer(page):
        if "application/json" not in element["attributes"]:
            digest = hashlib.sha256(element["body"].encode("utf-8")).digest()
            source = f"'sha256-{base64.b64encode(digest).decode()}'"
            if source not in found[element[1]]:
                found[element[1]].append(source)
    return CSP.format(script=" ".join(found["script"]), style=" ".join(found["style"]))
