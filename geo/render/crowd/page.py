"""The page of very many rows: the frame that every page has, what readers without scripts see, and the rows as inert text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from geo.render.body import Words, corrections_of, element_id, fill_body, legend_symbols, sources_of
from geo.render.crowd.lines import lines_of
from geo.render.crowd.picture import crowd_drawing
from geo.render.crowd.rows import rows_of
from geo.render.crowd.samples import samples
from geo.render.crowd.summary import by_place
from geo.render.packing import packed
from geo.render.page import assembled, asset, identifier, wording
from geo.render.svg import INLINE_HEIGHT, INLINE_WIDTH
from geo.render.svg.paint import by_property, element, plain
from geo.scene.crowd.crowd import Crowd
from geo.scene.crowd.words import page_strings
from geo.scene.style import OTHERS
from geo.scene.text import plain as words_of

ROWS = '<script type="application/x-strikemap-rows" id="map_{uid}-rows">{rows}</script>\n'


def render_crowd(crowd: Crowd, inputs: str | None = None, beside: Sequence[str] = ()) -> bytes:
    """One HTML file of `crowd`: UTF-8, LF, the same bytes for the same crowd.

    `inputs` is the hash of what the page is made from, as its manifest has it; `beside` names the files of the same rows that
    are written into its folder, which the page without scripts links.
    """
    strings = page_strings(crowd)
    with ThreadPoolExecutor(1) as apart:
        # DEFLATE lets the rest of the page be written meanwhile.
        rows = apart.submit(rows_of(crowd).text)
        body, data = _body(crowd, strings, beside), packed(_payload(crowd, strings))
    return assembled(
        crowd.story,
        crowd.style,
        strings,
        crowd.languages[0],
        body=body,
        data=data,
        css=asset("page.css") + asset("crowd.css"),
        script=asset("crowd.js").strip(),
        rows=ROWS.format(uid=identifier(crowd.story.slug), rows=rows.result()),
        inputs=inputs,
    )


def _payload(crowd: Crowd, strings: Mapping[str, Any]) -> dict[str, Any]:
    """What the page's script is told at once; all that belongs to a row it reads from the block."""
    return {
        **wording(crowd.story, crowd.languages, crowd.style, strings),
        "counts": crowd.counts.as_dict(),
        "frame": crowd.frame,
        "base": crowd.base,
        "labels": list(crowd.labels),
        "crowd": {
            "n": crowd.n,
            "hatch": {str(slot): angle for slot, angle in crowd.hatch.items()},
            # Of texts whose language the file does not state.
            "lang": crowd.table.lang,
            # Whose words a row quotes that names no source.
            "source": crowd.table.profile.name,
            "columns": list(crowd.table.extra),
            **({"corrected": corrected} if (corrected := _corrected(crowd)) else {}),
        },
        **({"time": crowd.time.as_dict()} if crowd.time else {}),
    }


def _corrected(crowd: Crowd) -> dict[str, list[int]]:
    """Page row → numbers of the corrections of its event."""
    numbers: dict[str, list[int]] = {}
    for number, item in enumerate(crowd.story.corrections, start=1):
        if item.event:
            numbers.setdefault(item.event, []).append(number)
    if not numbers:
        return {}
    names = map(crowd.table.name, crowd.order.tolist())
    return {str(row): numbers[name] for row, name in enumerate(names) if name in numbers}


def _body(crowd: Crowd, strings: Mapping[str, Any], beside: Sequence[str]) -> str:
    words = Words(strings[crowd.languages[0]], crowd.languages[0])
    return fill_body(
        crowd.story,
        crowd.languages,
        crowd.style,
        strings,
        picture=_picture(crowd, words_of(words.strings["map"])),
        fragment=False,
        several=crowd.n > 1,
        sections=(),
        actors=legend_symbols(crowd.actors),
        keys=crowd.keys,
        hatches=_hatches(crowd),
        samples=samples(crowd),
        sources=sources_of(crowd.story),
        corrections=corrections_of(crowd.story),
        long=not crowd.entries,
        beside=beside,
        by_place=() if crowd.entries else [(words.of(place), count) for place, count in by_place(crowd)],
        lines=lines_of(crowd) if crowd.entries else "",
        time=crowd.time,
        facets=crowd.facets,
    )


def _picture(crowd: Crowd, label: str) -> str:
    if not crowd.frame:
        return ""
    drawing = crowd_drawing(crowd, f"{element_id(crowd.story)}-p", by_property, INLINE_WIDTH, INLINE_HEIGHT).svg()
    return element("svg", drawing, class_="sm-picture", viewBox=f"0 0 {INLINE_WIDTH:.0f} {INLINE_HEIGHT:.0f}", role="img",
                   aria_label=plain(label))  # fmt: skip


def _hatches(crowd: Crowd) -> list[tuple[int, int]]:
    """Slot and angle of every hatch; an actor that has none of its own is drawn in that of the others."""
    found = dict(crowd.hatch)
    if crowd.areas:
        found.setdefault(OTHERS, 135)
    return sorted(found.items())
