"""A table through all stages: read → locate in columns → scene → render."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from geo.columns import LocatedTable, Table
from geo.errors import Fault, InputError, UsageError
from geo.model import LocatedStory, Location, Position, Sortie, Story, Unplaced
from geo.places.columns import locate_columns
from geo.places.credits import attributions_of, credit
from geo.read.storytables import as_one, notes_of
from geo.read.tables import TableOptions
from geo.read.tablestory import header_of, slug_of_file, story_of

if TYPE_CHECKING:
    from geo.api import BuildOptions, Built
    from geo.places.gazetteer import Gazetteer
    from geo.scene.crowd import Crowd
    from geo.scene.scene import Entry


NAMED = ("embed", "fragment")


def located(table: Table, gazetteer: Gazetteer, progress: Callable[[int, int], None] | None = None) -> LocatedStory:
    """Every row of `table` placed, as the events of a story. An origin is looked up once, however many rows name it."""
    return located_rows(table, story_of(table), gazetteer, progress)


def located_rows(
    table: Table, story: Story, gazetteer: Gazetteer, progress: Callable[[int, int], None] | None = None
) -> LocatedStory:
    """`located` for a story whose events are the rows of `table`."""
    from geo.places.resolve import locate

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


def story_with_credit(table: Table) -> Story:
    """The rows of `table` as a story, with what was found while it was read."""
    notes = (*table.notes, *(str(fault) for fault in table.faults), *table.warnings)
    return dataclasses.replace(story_of(table), refused=table.refused, credits=credit(table), notes=notes)


def build_table(path: Path | str, options: BuildOptions) -> Built:
    """Every format of one table in memory. Raises InputError for a bad file (with `strict`: for any bad row or place in doubt)."""
    from geo import api
    from geo.scene.build import build
    from geo.scene.titles import entitled

    asked = options.table or TableOptions()
    table = api.load_table(path, dataclasses.replace(asked, strict=asked.strict or options.strict))
    slug = slug_of_file(table)
    gazetteer = api.open_gazetteer(options)
    try:
        if very_many(table):
            header = header_of(table)
            built = build_crowd(table, entitled(header, table, api.languages_of(header, options.langs)), slug, options, gazetteer)
            return dataclasses.replace(built, notes=table.notes, faults=table.faults, warnings=(*table.warnings, *built.warnings))
        found = api.locate_table(table, gazetteer, options.progress)
        if options.coarsen:
            from geo.places.coarsen import coarsen

            found = coarsen(dataclasses.replace(found, story=dataclasses.replace(found.story, coarsen=options.coarsen)), options.coarsen, gazetteer)
        doubts = api.doubts(found, once=True)
        if options.strict and doubts:
            raise InputError(doubts)
        worn = api.load_style(options.style) if options.style else None
        languages = api.languages_of(found.story, options.langs)
        found = dataclasses.replace(found, story=entitled(found.story, table, languages))
        scene = build(found, languages, gazetteer, basemap=options.basemap != "none", refused=table.refused)
    finally:
        gazetteer.close()
    if worn:
        scene = dataclasses.replace(scene, style=worn)
    warnings = [*table.warnings, *api.online_warnings(gazetteer), *(str(fault) for fault in doubts), *api.place_warnings(found), *api.too_fresh(found)]
    # What names the map's own file has to know how it is called; all else is the same whatever the file's name.
    named = dataclasses.replace(scene, story=dataclasses.replace(scene.story, slug=slug))
    outputs = {name: api.render(name, named if name in NAMED else scene, options) for name in options.formats}
    return api.Built(slug, outputs, api.account_of(scene.counts), tuple(warnings), table.notes, table.faults)


# -- very many rows -------------------------------------------------------------------------------------------------


def very_many(table: Table) -> bool:
    """Whether a map of these rows is made in columns, near marks and lines drawn as one."""
    from geo.scene.scene import crowded

    return crowded(table.n, _lines(table))


def drawn_singly(table: Table) -> bool:
    """Whether these rows are few enough to be drawn one by one where somebody asks for it."""
    from geo.scene.scene import SINGLE_EVENTS, SINGLE_LINES

    return table.n <= SINGLE_EVENTS and _lines(table) <= SINGLE_LINES


def _lines(table: Table) -> int:
    """How many origins the rows state."""
    import numpy as np

    if table.origins is None:
        return 0
    return int(np.array([*map(len, table.origins.values), 0])[table.origins.codes].sum())


def build_crowded(story: Story, tables: Sequence[Table], options: BuildOptions, gazetteer: Gazetteer) -> Built | None:
    """Every format of a story whose own events and rows of tables are very many; None where they are not."""
    whole = as_one(story, tables)
    if not very_many(whole):
        return None
    credits = tuple(dict.fromkeys(line for table in tables for line in credit(table)))
    spared = frozenset(event.id for event in story.events if event.as_published)
    built = build_crowd(whole, dataclasses.replace(story, events=(), credits=credits), story.slug, options, gazetteer, spared)
    notes = [note for table in tables for note in notes_of(table)]
    return dataclasses.replace(built, warnings=(*story.notes, *notes, *built.warnings))


def build_crowd(
    table: Table, story: Story, slug: str, options: BuildOptions, gazetteer: Gazetteer, spared: frozenset[str] = frozenset()
) -> Built:
    """Every format of very many rows, without an object for any of them; `story` is what stands above them.

    `spared` are the ids of events that stand as they were published, however young they are. Raises UsageError for a
    format that such a map has not.
    """
    from geo import api
    from geo.render.crowd import FORMATS

    single = [name for name in options.formats if name not in FORMATS]
    if single and not drawn_singly(table):
        raise UsageError(too_many_for(single[0]))
    made, found, doubts = made_crowd(table, story, options, gazetteer)
    warnings = [
        *api.online_warnings(gazetteer), *(str(fault) for fault in doubts), *warnings_of(found), *too_fresh_rows(found, made.story, spared=spared),
        *api.colour_warnings(made),
    ]  # fmt: skip
    outputs = {**_rendered(made, slug, options), **(_one_by_one(made, slug, options, gazetteer) if single else {})}
    return api.Built(slug, outputs, api.account_of(made.counts), tuple(warnings))


def too_many_for(what: str) -> str:
    """Why a map of very many events is not made in a form that holds each of them as an object."""
    from geo.scene.scene import SINGLE_EVENTS, SINGLE_LINES

    return f"{what}: not for more than {SINGLE_EVENTS:,} events or {SINGLE_LINES:,} sorties; build the page (html) and put it into another with -f embed"


def made_crowd(
    table: Table, story: Story, options: BuildOptions, gazetteer: Gazetteer
) -> tuple[Crowd, LocatedTable, list[Fault]]:
    """What is drawn of very many rows, where they are, and the places in doubt (raised with `options.strict`)."""
    from geo import api
    from geo.places.columns import locate_table
    from geo.scene.crowd import crowd
    from geo.scene.scene import LISTED

    found = locate_table(table, gazetteer, options.progress)
    ends = (answer for answers in (found.answers, *found.origins) for answer in answers)
    found = dataclasses.replace(found, attributions=(*(story.credits or credit(table)), *attributions_of(ends)))
    if rung := options.coarsen or story.coarsen:
        from geo.places.coarsen import coarsen_table

        story = dataclasses.replace(story, coarsen=rung)
        found = coarsen_table(found, rung, gazetteer)
    doubts = [*doubts_of(found)]
    if options.strict and doubts:
        raise InputError(doubts)
    worn = api.load_style(options.style) if options.style else None
    places = api.frame_places(story, gazetteer)
    made = crowd(found, story, api.languages_of(story, options.langs), gazetteer, basemap=options.basemap != "none", places=places)
    if made.n <= LISTED:
        made = dataclasses.replace(made, entries=_entries(made))
    return api.dressed(made, worn), found, doubts


def _entries(made: Crowd) -> tuple[Entry, ...]:
    """A line of the list for every page row."""
    from geo.scene.scene import Entry

    told = _as_story(made)
    flown: dict[str, list[Sortie]] = {}
    for sortie in told.sorties:
        flown.setdefault(sortie.event, []).append(sortie)
    lost: dict[str, list[Unplaced]] = {}
    for name, origin in told.unplaced_origins:
        lost.setdefault(name, []).append(origin)
    found = []
    for number, (row, outcome, slot) in enumerate(zip(made.order.tolist(), made.outcome.tolist(), made.slot.tolist(), strict=True), start=1):
        event = told.story.events[row]
        answer = told.where[event.id]
        placement = "unplaced" if isinstance(answer, Unplaced) else "pinned" if answer.precision.pinned else "area"
        ends = tuple(flown.get(event.id, ())), tuple(lost.get(event.id, ()))
        found.append(Entry(number, event, answer, placement, outcome < 2, slot, *ends))
    return tuple(found)


def _as_story(made: Crowd) -> LocatedStory:
    """Every row as an event, located as it is."""
    from geo.read.pagerows import PageRows

    return PageRows(made.located, made.story, made.order, made.outcome, made.counts.refused).as_story()


def _one_by_one(made: Crowd, slug: str, options: BuildOptions, gazetteer: Gazetteer) -> dict[str, bytes]:
    """The formats that are made of single events."""
    from geo import api
    from geo.render.crowd import FORMATS
    from geo.scene.build import build

    told = _as_story(made)
    told = dataclasses.replace(told, story=dataclasses.replace(told.story, slug=slug), frame_places=api.frame_places(made.story, gazetteer))
    scene = build(told, made.languages, gazetteer, basemap=options.basemap != "none", refused=made.counts.refused)
    scene = dataclasses.replace(scene, style=made.style)
    return {name: api.render(name, scene, options) for name in options.formats if name not in FORMATS}


def _rendered(made: Crowd, slug: str, options: BuildOptions) -> dict[str, bytes]:
    from geo.render import crowd as rendering

    named = dataclasses.replace(made, story=dataclasses.replace(made.story, slug=slug))
    beside = [f"{slug}.{name}" for name in options.formats if name in ("csv", "geojson")]
    return {
        name: rendering.render(name, named if name in NAMED else made, raw=options.raw, inputs=options.inputs, beside=beside)
        for name in options.formats
        if name in rendering.FORMATS
    }


def doubts_of(located: LocatedTable) -> Iterator[Fault]:
    """Places that were stated and could not be resolved, each once, with the first row that names it."""
    import numpy as np

    from geo.api import among

    table = located.table
    codes, first, counts = np.unique(located.answer, return_index=True, return_counts=True)
    lost = [(located.answers[code], "place", row, count) for code, row, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True)]
    if table.origins is not None:
        codes, first, counts = np.unique(table.origins.codes, return_index=True, return_counts=True)
        for code, row, count in zip(codes.tolist(), first.tolist(), counts.tolist(), strict=True):
            if code >= 0:
                lost += [(answer, "origin", row, count) for answer in located.origins[code]]
    told: dict[tuple[str, str, str], tuple[Unplaced, str, int, int]] = {}
    for answer, name, row, count in lost:
        if isinstance(answer, Unplaced) and answer.code != "no_place":
            key = (answer.code, answer.words, answer.reason)
            known = told.get(key)
            told[key] = (answer, known[1], known[2], known[3] + count) if known else (answer, name, row, count)
    for answer, name, row, count in sorted(told.values(), key=lambda one: one[2]):
        yield Fault(
            code=f"{answer.code}-place", file=table.file, line=int(table.line[row]) or None, column=None,
            row=None if table.format == "story" else int(table.row[row]), field=name,
            message=f"{answer.words!r} of event {table.name(row)}{f' and {count - 1} more' if count > 1 else ''}: {answer.reason or answer.code}"
            + among(answer.candidates),
            cure="name the country or province, a place id, or coordinates",
        )  # fmt: skip


def warnings_of(located: LocatedTable) -> Iterator[str]:
    """A line for each reason to doubt a position, with the first row of which it is said."""
    for message, row, count in located.warnings:
        yield f"{located.table.file}: event {located.table.name(row)}{f' and {count - 1} more' if count > 1 else ''}: {message}"


def too_fresh_rows(
    located: LocatedTable, story: Story, now: datetime | None = None, *, spared: frozenset[str] = frozenset()
) -> Iterator[str]:
    """A warning where rows of the last 48 hours are placed more finely than a town, but for those of the ids `spared`."""
    import numpy as np

    from geo.api import FINER_THAN_TOWN
    from geo.columns import EPOCH, NO_DAY

    if story.coarsen:
        return
    since = ((now or datetime.now(UTC)) - timedelta(hours=48)).date().toordinal() - EPOCH
    fine = np.array([isinstance(a, Location) and a.precision in FINER_THAN_TOWN for a in located.answers], bool)
    last = located.table.days[1]
    rows = np.flatnonzero((last != NO_DAY) & (last >= since) & fine[located.answer])
    if spared:
        rows = rows[[located.table.name(row) not in spared for row in rows.tolist()]] if len(rows) else rows
    if len(rows):
        first = int(rows[0])
        yield (
            f"{located.table.file}: event {located.table.name(first)}{f' and {len(rows) - 1} more' if len(rows) > 1 else ''}: less than 48 hours old"
            " and placed more finely than a town; say --coarsen town (or `coarsen: town` in a story)"
        )
