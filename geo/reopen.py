"""A built page as a source: its story, its scene, its data again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geo.api import BuildOptions, Built, account_of, page_languages, render
from geo.errors import Fault, InputError
from geo.model import Box, LocatedStory, Place
from geo.scene.scene import Scene

if TYPE_CHECKING:
    from geo.read.page import Page
    from geo.read.pagerows import PageRows


def reopen(path: Path | str, *, most: int | None = None) -> tuple[LocatedStory, Scene]:
    """The story that a built page carries, and its scene without ground; raises `InputError` with one fault.

    `most` is the size in bytes above which a page is refused.
    """
    from geo.read.page import MOST_BYTES, read_page

    return _reopened(read_page(path, most=most or MOST_BYTES), path)


def _reopened(page: Page, path: Path | str) -> tuple[LocatedStory, Scene]:
    from geo.geometry.areas import UnknownArea
    from geo.scene.build import build

    try:
        return page.located, build(page.located, _known(page.languages), _NoPlaces(), basemap=False, refused=page.refused)
    except (UnknownArea, ValueError, ArithmeticError) as error:
        raise _unknown_outline(error, str(path)) from None


def _known(languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(lang for lang in languages if lang in page_languages()) or ("en",)


def _unknown_outline(error: Exception, path: str) -> InputError:
    what = f"an outline in this page is not known here ({error})"
    return InputError([Fault("outline", what, "use the strikemap that built the page", path)])


def open_data(path: Path | str, formats: Sequence[str], *, raw: bool = False, most: int | None = None) -> Built:
    """What a built page carries, in formats of data (`geojson`, `csv`)."""
    from geo.read.page import MOST_BYTES, read_page

    page = read_page(path, most=most or MOST_BYTES)
    if page.rows:
        return _of_rows(page.rows, _known(page.languages), formats, raw, str(path))
    located, scene = _reopened(page, path)
    options = BuildOptions(formats=tuple(formats), raw=raw)
    outputs = {name: render(name, scene, options) for name in formats}
    return Built(located.story.slug, outputs, account_of(scene.counts))


def _of_rows(rows: PageRows, languages: tuple[str, ...], formats: Sequence[str], raw: bool, path: str) -> Built:
    """The data of very many rows, without an event for any of them."""
    from geo.geometry.areas import UnknownArea
    from geo.render.crowd.csv import render_crowd_csv
    from geo.render.crowd.geojson import render_crowd_geojson
    from geo.scene.crowd.reopened import reopened

    crowd = reopened(rows.located, rows.story, languages, rows.order, rows.outcome)
    try:
        outputs = {
            name: render_crowd_csv(crowd, raw=raw, extra=True) if name == "csv" else render_crowd_geojson(crowd) for name in formats
        }
    except (UnknownArea, ValueError, ArithmeticError) as error:
        raise _unknown_outline(error, path) from None
    return Built(rows.story.slug, outputs, account_of(crowd.counts))


class _NoPlaces:
    """A gazetteer for a scene without ground: it has no labels."""

    def cities_in(self, box: Box, limit: int) -> Sequence[Place]:
        return ()

    def seas_in(self, box: Box) -> Sequence[Place]:
        return ()
