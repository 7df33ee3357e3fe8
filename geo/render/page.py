"""The page: the constant skeleton that folium rendered, filled with one story's words, data, style and script.

The skeleton is kept beside the templates (a test holds it equal to what `folium` renders now), because importing folium
costs more than the rest of a build. Filling it is one pass over its marks: no text of a story is ever looked at again.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from geo.errors import StrikemapError
from geo.render.body import MAP_MARK, line_table, render_body, web_address
from geo.render.carried import carry
from geo.render.dressing import style_rules
from geo.render.packing import packed
from geo.scene import events, text, timeline
from geo.scene.scene import Scene
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


def story_script(scene: Scene, name: str) -> str:
    """The page's own script; where the list is long or the map crowded, with what that takes, in a scope that leaves no name behind."""
    script = asset(name).strip()
    return f"(()=>{{{asset('long.js').strip()}\n{script}\n}})()" if text.long_list(scene) or scene.crowded else script


@cache
def skeleton() -> str:
    return (files("geo") / "web/templates/skeleton.html").read_text(encoding="utf-8")


def render_page(scene: Scene, *, foreign: str | None = None, inputs: str | None = None) -> bytes:
    """One HTML file of `scene`: UTF-8, LF, the same bytes for the same scene.

    `foreign` is a skeleton that holds somebody else's folium layers: the page then has no CSP. `inputs` is the hash of
    what the page is made from, as its manifest has it.
    """
    strings = text.page_strings(scene)
    before, after = render_body(scene, strings).split(MAP_MARK)
    uid = identifier(scene.story.slug)
    parts: dict[str, str] = {
        "uid": uid,
        "lang": escape(scene.languages[0]),
        "dir": text.direction(scene.languages[0]),
        "csp": "",
        "title": escape(_plain(strings[scene.languages[0]]["title"])),
        "meta": _meta(scene, strings) + (f'<meta name="strikemap:inputs" content="{inputs}">\n' if inputs else ""),
        "css": (asset("page.css") + (asset("foreign.css") if foreign else "")).strip() + style_rules(scene.style),
        "before": before,
        "after": after,
        "data": packed(payload(scene, strings)),
        "script": story_script(scene, "foreign.js" if foreign else "page.js"),
    }
    frame = foreign or skeleton()
    page = _MARK.sub(lambda mark: parts[mark[1]], frame)
    if foreign is None:
        parts["csp"] = f'<meta http-equiv="Content-Security-Policy" content="{_policy(page)}">\n'
        page = _MARK.sub(lambda mark: parts[mark[1]], frame)
    # A browser drops a NUL or shows this in its place, by where it stands.
    return page.replace("\r\n", "\n").replace("\0", "\ufffd").encode("utf-8")


def payload(scene: Scene, strings: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script is told: `Payload` of geo/web/src/payload.ts."""
    style, long = scene.style, text.long_list(scene)
    return {
        "v": 1,
        "slug": scene.story.slug,
        "lang": scene.languages[0],
        "languages": text.language_list(scene.languages),
        "strings": strings,
        "words": {lang: text.words_for_script(lang) for lang in scene.languages},
        "theme": {"light": style.light.theme.as_dict(), "dark": style.dark.theme.as_dict()},
        **({"fonts": dict(style.fonts)} if style.fonts else {}),
        "symbols": [SYMBOL_PATHS[shape] for shape in SHAPES],
        "counts": scene.counts.as_dict(),
        "frame": scene.frame,
        "base": scene.base,
        "labels": list(scene.labels),
        "sites": list(scene.sites),
        "marks": list(scene.marks),
        "areas": list(scene.areas),
        "origins": list(scene.origins),
        "sorties": list(scene.sorties),
        "events": events.table(scene, quotes=not long),
        # Beside the quotes that both have, so that they share the room.
        "carried": carry(scene, strings),
        **({"time": line.as_dict()} if (line := timeline.timeline(scene)) else {}),
        **({"list": line_table(scene)} if long else {}),
    }


def identifier(slug: str) -> str:
    """The slug as the tail of a JavaScript name and an element id; distinct slugs stay distinct."""
    plain = re.sub(r"[^0-9a-z]", "_", slug.lower())
    if plain == slug.replace("-", "_"):
        return plain
    return f"{plain}_{hashlib.sha256(slug.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else value[0]


def _meta(scene: Scene, strings: Mapping[str, Any]) -> str:
    words = strings[scene.languages[0]]
    found = [("og:title", words["title"]), ("og:type", "article")]
    if words.get("summary"):
        found.append(("og:description", words["summary"]))
    public = web_address(scene.story.url)
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
