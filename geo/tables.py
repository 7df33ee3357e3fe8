"""A table through all stages: read → locate in columns → scene → render."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from geo.columns import Table
from geo.errors import InputError
from geo.model import LocatedStory, Location, Position, Sortie, Story, Unplaced
from geo.places.columns import locate_columns
from geo.read.tables import TableOptions
from geo.read.tablestory import slug_of_file, story_of

if TYPE_CHECKING:
    from geo.api import BuildOptions, Built
    from geo.places.gazetteer import Gazetteer


NAMED = ("embed", "fragment")


def located(table: Table, gazetteer: Gazetteer, progress: Callable[[int, int], None] | None = None) -> LocatedStory:
    """Every row of `table` placed, as the events of a story. An origin is looked up once, however many rows name it."""
    from geo.places.resolve import locate

    story = story_of(table)
    answers, of = locate_columns(table.claim.values, table.claim.codes, table.lat, table.lon, gazetteer, progress)
    where = {event.id: answers[code] for event, code in zip(story.events, of.tolist(), strict=True)}
    bases: dict[tuple[str | None, Position | None], Location | Unplaced] = {}
    sorties: list[Sortie] = []
    unplaced: list[tuple[str, Unplaced]] = []
    for event in story.events:
        for number, claim in enumerate(event.origins, 1):
            key = (claim.place, claim.position)
            if key not in bases:
                bases[key] = locate(claim, gazetteer)
            origin, target = bases[key], where[event.id]
            if isinstance(origin, Unplaced):
                unplaced.append((event.id, origin))
            elif isinstance(target, Location):
                sorties.append(Sortie(f"{event.id}-{number}", event.mission or event.id, event.id, origin, target))
    return LocatedStory(story, where, tuple(sorties), tuple(unplaced), attributions=credit(table))


def credit(table: Table) -> tuple[str, ...]:
    """What the data set's makers ask to stand on every map of it."""
    profile = table.profile
    if not profile.citation:
        return ()
    parts = [profile.citation]
    if table.accessed:
        parts.append(f"accessed {table.accessed}")
    if profile.withheld:
        parts.append(f"left out by its terms: {', '.join(profile.withheld)}")
    return ("; ".join(parts),)


def story_with_credit(table: Table) -> Story:
    """The rows of `table` as a story, with what was found while it was read."""
    notes = (*table.notes, *(str(fault) for fault in table.faults), *table.warnings)
    return dataclasses.replace(story_of(table), refused=table.refused, credits=credit(table), notes=notes)


def build_table(path: Path | str, options: BuildOptions) -> Built:
    """Every format of one table in memory. Raises InputError for a bad file (with `strict`: for any bad row or place in doubt)."""
    from geo import api
    from geo.scene.build import build

    asked = options.table or TableOptions()
    table = api.load_table(path, dataclasses.replace(asked, strict=asked.strict or options.strict))
    gazetteer = api.open_gazetteer(options)
    try:
        found = api.locate_table(table, gazetteer, options.progress)
        if options.coarsen:
            from geo.places.coarsen import coarsen

            found = coarsen(dataclasses.replace(found, story=dataclasses.replace(found.story, coarsen=options.coarsen)), options.coarsen, gazetteer)
        doubts = api.doubts(found, once=True)
        if options.strict and doubts:
            raise InputError(doubts)
        worn = api.load_style(options.style) if options.style else None
        scene = build(found, api.languages_of(found.story, options.langs), gazetteer, basemap=options.basemap != "none", refused=table.refused)
    finally:
        gazetteer.close()
    if worn:
        scene = dataclasses.replace(scene, style=worn)
    warnings = [*table.warnings, *api.online_warnings(gazetteer), *(str(fault) for fault in doubts), *api.place_warnings(found), *api.too_fresh(found)]
    slug = slug_of_file(table)
    # What names the map's own file has to know how it is called; all else is the same whatever the file's name.
    named = dataclasses.replace(scene, story=dataclasses.replace(scene.story, slug=slug))
    outputs = {name: api.render(name, named if name in NAMED else scene, options) for name in options.formats}
    return api.Built(slug, outputs, api.account_of(scene), tuple(warnings), table.notes, table.faults)
