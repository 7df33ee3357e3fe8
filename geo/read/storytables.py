"""The tables that a story names, read and told among its events."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

from geo.columns import Table, joined
from geo.errors import Fault, InputError
from geo.model import Event, Story, TableRef
from geo.read.ourcolumns import plain
from geo.read.tables import TableOptions, read_table
from geo.read.tablestory import events_of, table_of


def tables_of(story: Story, options: TableOptions) -> list[Table]:
    """The tables that `story` names, in its language.

    Raises InputError for a file that lies outside the story's folder or is a bad table.
    """
    found = []
    for ref in story.tables:
        table = read_table(
            _path(story, ref),
            dataclasses.replace(
                options, format=ref.format or options.format, columns={**options.columns, **ref.columns}, dates=ref.dates or options.dates,
                accessed=ref.accessed.edtf if ref.accessed else options.accessed, where={plain(k): w for k, w in ref.where.items()},
                first=ref.first, last=ref.last,
            ),
        )  # fmt: skip
        found.append(dataclasses.replace(table, lang=story.lang))
    return found


def with_tables(story: Story, tables: Sequence[Table], credit: Callable[[Table], tuple[str, ...]]) -> Story:
    """`story` with the rows of its tables after its own events; an id that is taken gets the table's name before it."""
    events = list(story.events)
    taken = {event.id for event in events}
    refused, credits, notes = 0, list(story.credits), list(story.notes)
    sources = {source.id: source for source in story.sources}
    for ref, table in zip(story.tables, tables, strict=True):
        told, named = events_of(table, prefix="" if not sources else f"{Path(ref.file).stem}.")
        for event in told:
            events.append(_renamed(event, taken, Path(ref.file).stem))
        sources.update((source.id, source) for source in named)
        refused += table.refused
        credits += credit(table)
        notes += notes_of(table)
    return dataclasses.replace(
        story, events=tuple(events), sources=tuple(sources.values()), refused=refused, credits=tuple(dict.fromkeys(credits)), notes=tuple(notes)
    )


def as_one(story: Story, tables: Sequence[Table]) -> Table:
    """The events of `story` and the rows of its tables as one table."""
    names = [Path(ref.file).stem for ref in story.tables]
    if not story.events:
        return joined(tables, names)
    return joined([table_of(story), *tables], [story.slug, *names])


def notes_of(table: Table) -> list[str]:
    """What was found while a table of a story was read."""
    return [*(f"{table.file}: {note}" for note in table.notes), *(str(fault) for fault in table.faults), *table.warnings]


def _renamed(event: Event, taken: set[str], stem: str) -> Event:
    name = event.id
    while name in taken:
        name = f"{stem}.{name}" if not name.startswith(f"{stem}.") else f"{name}-"
    taken.add(name)
    return event if name == event.id else dataclasses.replace(event, id=name)


def _path(story: Story, ref: TableRef) -> Path:
    """The table's file, which must lie in the story's folder after every link is followed."""
    folder = Path(story.file).parent
    path = folder / ref.file
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        inside = False
    if not inside:
        raise InputError([
            Fault(
                "outside", f"{ref.file!r} leads out of the story's folder", "put the table itself beside the story", story.file,
                ref.line, ref.column, None, "table.file",
            )
        ])  # fmt: skip
    return path
