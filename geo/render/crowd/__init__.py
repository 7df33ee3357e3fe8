"""A page of very many rows: its data in columns, its words, its picture; and the other outputs that are made of columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.scene.crowd import Crowd

FORMATS = ("html", "svg", "embed", "csv", "geojson")
"""What is made without an object for any row."""


def render(name: str, crowd: Crowd, *, raw: bool = False, inputs: str | None = None, beside: Sequence[str] = ()) -> bytes:
    """One output of `crowd`, in one of `FORMATS`; raises ValueError for another.

    `raw` leaves the cells of a CSV as they are; `inputs` is the hash of what a page is made from, `beside` names
    the data files that it stands beside.
    """
    if name == "html":
        from geo.render.crowd.page import render_crowd

        return render_crowd(crowd, inputs=inputs, beside=beside)
    if name == "embed":
        from geo.render.embed import snippet_of, usable_height

        return snippet_of(crowd.story, crowd.languages[0], usable_height(crowd))
    if name == "svg":
        from geo.render.crowd.svg import render_crowd_svg

        return render_crowd_svg(crowd)
    if name == "csv":
        from geo.render.crowd.csv import render_crowd_csv

        return render_crowd_csv(crowd, raw=raw)
    if name == "geojson":
        from geo.render.crowd.geojson import render_crowd_geojson

        return render_crowd_geojson(crowd)
    raise ValueError(name)
