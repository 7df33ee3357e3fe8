"""The page around the map: title, legend, list, notes and sources as HTML that can be read without any script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from geo.render.svg import inline_svg
from geo.scene import events, text, timeline
from geo.scene.dress import Style
from geo.scene.scene import Entry, LegendActor, Location, Scene, Story, When
from geo.scene.style import SHAPES, SYMBOL_D, SYMBOL_PATHS

MAP_MARK = "<!--strikemap:map-->"
"""Where the map's own element goes; it is in the body exactly once, since a story's text is escaped."""

Strings = Mapping[str, Mapping[str, "str | tuple[str, str]"]]


def render_body(scene: Scene, strings: Strings, *, fragment: bool = False) -> str:
    """The content of `<body>` in the page's first language, with `MAP_MARK` once; of a `fragment`, a region of a page.

    Every text carries the key of its other languages (`data-t`). What comes from the story is escaped by the template.
    """
    sections = text.sections(scene)
    listed = [entry for _, entries in sections for entry in entries]
    words = Words(strings[scene.languages[0]], scene.languages[0])
    return fill_body(
        scene.story,
        scene.languages,
        scene.style,
        strings,
        picture=inline_svg(scene, element_id(scene.story), _plain(words.strings["map"])),
        fragment=fragment,
        several=len(scene.entries) > 1,
        sections=sections,
        order={entry.number: place for place, entry in enumerate(listed, start=1)},
        actors=legend_symbols(scene.actors),
        keys=text.legend_keys(scene),
        hatches=sorted({(area["slot"], area["angle"]) for area in scene.areas if area["kind"] == "strike"}),
        samples=_samples(scene),
        sources=sources_of(scene.story),
        glyph=_Glyphs(scene),
        receipts=_Receipts(scene),
        corrections=corrections_of(scene.story),
        corrected=lambda entry: [
            index
            for index, item in enumerate(scene.story.corrections, start=1)
            if item.event == entry.event.id
        ],
        long=False,
        lines="",
        time=timeline.timeline(scene),
        facets=events.facets(scene),
        day=_day,
        located=lambda entry: isinstance(entry.answer, Location),
    )


def fill_body(story: Story, languages: Sequence[str], style: Style, strings: Strings, **parts: Any) -> str:
    """The body's template with what every page has, and with `parts`."""
    from geo.render.templates import template

    lang = languages[0]
    return template("body.html.jinja").render(
        story=story,
        lang=lang,
        dir=text.direction(lang),
        languages=text.language_list(languages),
        uid=element_id(story),
        map_mark=MAP_MARK,
        logo=style.logo,
        say=Words(strings[lang], lang),
        **parts,
    )


def element_id(story: Story) -> str:
    """The id of the page's own element, with which those of its parts begin."""
    return f"strikemap-{re.sub(r'[^0-9A-Za-z]+', '-', story.slug)}"


def legend_symbols(actors: Iterable[LegendActor]) -> list[tuple[int, str]]:
    return [(legend.slot, SYMBOL_PATHS[SHAPES[legend.slot]]) for legend in actors]


class Words:
    """A key's text with the language and direction that it must carry on its own, where these are not the page's."""

    def __init__(self, strings: Mapping[str, str | tuple[str, str]], lang: str) -> None:
        self.strings, self.lang, self.dir = strings, lang, text.direction(lang)

    def __contains__(self, key: str) -> bool:
        return key in self.strings

    def __call__(self, key: str) -> dict[str, str | None]:
        return self.of(self.strings[key])

    def of(self, value: str | tuple[str, str]) -> dict[str, str | None]:
        said, lang = (value, self.lang) if isinstance(value, str) else value
        turned = text.direction_of(said, lang)
        return {
            "text": said,
            "lang": lang if lang not in (self.lang, "und") else None,
            "dir": turned if turned != self.dir else None,
        }

    def quoted(self, quote: str, lang: str | None) -> dict[str, str | None]:
        """A source's words: in one language only, which they name whatever the page's is."""
        return {"text": quote, "lang": lang, "dir": text.direction_of(quote, lang or self.lang)}


class _Glyphs:
    """How an event is drawn, for its line in the list: path, slot and look of its symbol, or its hatch."""

    def __init__(self, scene: Scene) -> None:
        self.areas = {area["id"]: area for area in scene.areas}

    def __call__(self, entry: Entry) -> dict[str, Any]:
        event = entry.event
        area = self.areas.get(event.id)
        crash = event.kind.value == "crash"
        look = "hatch" if area else "crash" if crash else "symbol"
        slot = area["slot"] if area else entry.slot
        return {
            "look": look,
            "slot": slot,
            "angle": area["angle"] if area else 45,
            "solid": area["solid"] if area else True,
            "path": SYMBOL_PATHS[SHAPES[slot]],
            "status": event.status.value,
            "grey": "ink" if crash else "" if event.kind.value == "strike" else "quiet",
        }


class _Receipts:
    """The receipts of an event, each with the prefix of its source's texts."""

    def __init__(self, scene: Scene) -> None:
        self.keys = {source.id: f"s{index}" for index, source in enumerate(scene.story.sources, start=1)}

    def __call__(self, entry: Entry) -> list[dict[str, Any]]:
        return [
            {
                "key": self.keys.get(receipt.source.id, f"{entry.key}.r{index}"),
                "own": f"{entry.key}.r{index}",
                "quote": receipt.quote,
                "language": receipt.language or receipt.source.language,
                "url": web_address(receipt.source.url),
                "archived": web_address(receipt.source.archived_url),
                "published": receipt.source.published,
            }
            for index, receipt in enumerate(entry.event.receipts, start=1)
        ]


def corrections_of(story: Story) -> list[tuple[int, str]]:
    return [(index, item.date.edtf) for index, item in enumerate(story.corrections, start=1)]


def sources_of(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "key": f"s{index}",
            "url": web_address(source.url),
            "archived": web_address(source.archived_url),
            "published": source.published,
        }
        for index, source in enumerate(story.sources, start=1)
    ]


def _samples(scene: Scene) -> dict[str, Any]:
    """The slots that the legend's samples are drawn in: those of something that is on the map."""
    marks = [mark for mark in scene.marks if mark["kind"] != "crash"]
    areas = [area for area in scene.areas if area["kind"] == "strike"]
    first = {status: next((m["slot"] for m in marks if m["status"] == status), 6) for status in
             ("declared", "reported", "contested")}  # fmt: skip
    return {
        "status": first,
        "path": [SYMBOL_PATHS[shape] for shape in SHAPES],
        "circle": marks[0]["slot"] if marks else 6,
        "unknown": next((m["slot"] for m in marks if m["precision"] == "not stated"), 6),
        "hatch": areas[0] if areas else None,
        "line": scene.sorties[0]["slot"] if scene.sorties else 6,
        "tint": next((origin["slot"] for origin in scene.origins if origin["shape"]), 6),
        "diameter": SYMBOL_D,
    }


def web_address(url: str | None) -> str | None:
    """`url` if it is an http or https address with a host, else None: nothing else becomes a link."""
    if not url or re.search(r"[\x00-\x20\x7f]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def _plain(said: str | tuple[str, str]) -> str:
    return said if isinstance(said, str) else said[0]


def _day(when: When, end: str) -> str:
    """First or last day as ISO 8601, empty where it is open or not known."""
    day = when.first if end == "first" else when.last
    return day.isoformat() if day else ""
