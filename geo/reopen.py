"""A built page as a source: its story, its scene, its data again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geo.api import BuildOptions, Built, account_of, page_languages, render
from geo.errors import Fault, InputError
from geo.model import Box, LocatedStory, Place
from geo.scene.scene import Scene


def reopen(path: Path | str, *, most: int | None = None) -> tuple[LocatedStory, Scene]:
    """The story that a built page carries, and its scene without ground; raises `InputError` with one fault.

    `most` is the size in bytes above which a page is refused.
    """
    from geo.geometry.areas import UnknownArea
    from geo.read.page import MOST_BYTES, read_page
    from geo.scene.build import build

    page = read_page(path, most=most or MOST_BYTES)
    languages = tuple(lang for lang in page.languages if lang in page_languages()) or ("en",)
    try:
        return page.located, build(page.located, languages, _NoPlaces(), basemap=False, refused=page.refused)
    except (UnknownArea, ValueError, ArithmeticError) as error:
        what = f"an outline in this page is not known here ({error})"
        raise InputError([Fault("outline", what, "use the strikemap that built the page", str(path))]) from None


def open_data(path: Path | str, formats: Sequence[str], *, raw: bool = False, most: int | None = None) -> Built:
    """What a built page carries, in formats of data (`geojson`, `csv`)."""
    located, scene = reopen(path, most=most)
    options = BuildOptions(formats=tuple(formats), raw=raw)
    outputs = {name: render(name, scene, options) for name in formats}
    return Built(located.story.slug, outputs, account_of(scene.counts))


class _NoPlaces:
    """A gazetteer for a scene without ground: it has no labels."""

    def cities_in(self, box: Box, limit: int) -> Sequence[Place]:
        return ()

    def seas_in(self, box: Box) -> Sequence[Place]:
        return ()
