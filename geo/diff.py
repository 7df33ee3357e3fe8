"""Two sources, each a story, a table or a built page → what changed, as lines, as data and as a map."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.changes import Change, Changes, vanished
from geo.errors import Fault, InputError
from geo.model import Actor, Event, LocatedStory, Location, Story, Text

if TYPE_CHECKING:
    from geo.api import BuildOptions
    from geo.places.gazetteer import Gazetteer

PAGES = (".html", ".htm")
LONGEST = 100
"""Characters of a text in a line."""
SIGNS = {"added": "+", "removed": "-"}


def opened(path: Path | str, gazetteer: Gazetteer, options: BuildOptions, *, most: int | None = None) -> LocatedStory:
    """A story or table with its places looked up, or a built page as it was. Raises InputError with its faults."""
    from geo import api

    if Path(path).suffix.lower() in PAGES:
        from geo.read.page import MOST_BYTES, read_page

        return read_page(path, most=most or MOST_BYTES).located
    if api.is_table(path):
        return api.locate_table(api.load_table(path, options.table), gazetteer)
    if Path(path).suffix.lower() not in (".yaml", ".yml"):
        what = "this is no story, table or built map"
        raise InputError([Fault("usage", what, "name a .yaml, a table or an .html that strikemap built", str(path))])
    story = api.load(path, limits=options.limits)
    if options.coarsen:
        story = dataclasses.replace(story, coarsen=options.coarsen)
    return api.locate(story, gazetteer)


def both(old: Path | str, new: Path | str, options: BuildOptions, *, most: int | None = None) -> tuple[LocatedStory, LocatedStory]:
    """Both sources, or the faults of both."""
    from geo.api import is_table
    from geo.places.gazetteer import Gazetteer

    found: list[LocatedStory] = []
    faults: list[Fault] = []
    gazetteer = Gazetteer.open(options.places, user=options.user_gazetteer)
    try:
        for path in (old, new):
            try:
                found.append(opened(path, gazetteer, options, most=most))
            except InputError as error:
                faults.extend(error.faults)
    finally:
        gazetteer.close()
    if faults:
        raise InputError(faults)
    first, second = found
    if is_table(old) and is_table(new):
        # A table has no title of its own: the one that is made from its dates changes with every row.
        first = dataclasses.replace(first, story=dataclasses.replace(first.story, title=second.story.title))
    return first, second


def lost_since(old: Path | str, new: Path | str, options: BuildOptions) -> list[str]:
    """A warning for each event of a published `old` that would vanish from `new` without a word."""
    before, after = both(old, new, options)
    return [
        f"{old}: event {gone.event}{f' ({cut(gone.title)})' if gone.title else ''} was published and is gone;"
        " name it in a correction, or keep it with status: retracted"
        for gone in vanished(before, after)
    ]


# -- in lines


def account(changes: Changes) -> str:
    """`1 added, 2 moved, …`, counting events."""
    return ", ".join(f"{count} {kind}" for kind, count in changes.counts().items()) or "no change"


def lines(changes: Changes) -> Iterator[str]:
    """One line a change: `+ id: …`, `- id: …`, `~ id: moved 250.3 km: A → B`."""
    for one in changes.changes:
        name = f"{one.event} ({cut(one.title)})" if one.event and one.title else one.event or "the story"
        yield f"{SIGNS.get(one.kind, '~')} {name}: {_said(one)}"


def _said(one: Change) -> str:
    if one.kind in SIGNS:
        return cut(one.new or one.old or "")
    if one.kind == "moved":
        return f"moved {_km(one.km or 0.0)} km: {one.old} → {one.new}"
    if one.kind.startswith("sources"):
        return f"source {one.kind.split()[1]}: {cut(one.old or one.new or '')}"
    return f"{one.field}: {cut(one.old or 'none')} → {cut(one.new or 'none')}"


def _km(km: float) -> str:
    return f"{km:.3f}" if km < 1 else f"{km:.1f}" if km < 100 else f"{km:.0f}"


def cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


# -- as a map


def merged(old: LocatedStory, new: LocatedStory, changes: Changes, words: dict[str, dict[str, str]]) -> LocatedStory:
    """One story of both: what only the older has, what only the newer has, and what both have, each in its own colour.

    An event that moved stands at both places. `words` are the names of these three and the title, by language.
    """

    def said(key: str) -> Text:
        return {lang: texts[key] for lang, texts in words.items()}

    gone = Actor("older", said("older"), None)
    come = Actor("newer", said("newer"), None)
    same = Actor("both", said("both"), None)
    apart = {one.event for one in changes.changes if one.kind == "moved"}
    apart |= {one.event for one in changes.changes if one.field == "precision" and "not placed" in (one.old, one.new)}
    told: dict[str, list[str]] = {}
    for one in changes.changes:
        if one.event and one.kind not in SIGNS:
            told.setdefault(one.event, []).append(_said(one))
    of_old = {a: b for a, b in changes.pairs}
    of_new = {b: a for a, b in changes.pairs}
    events: list[Event] = []
    where: dict[str, Any] = {}
    sorties = []
    for side, located, actor in (("old", old, gone), ("new", new, come)):
        for event in located.story.events:
            pair = of_old.get(event.id) if side == "old" else of_new.get(event.id)
            twin = event.id if side == "new" else pair
            if pair is not None and twin not in apart and side == "old":
                continue
            whose = actor if pair is None or twin in apart else same
            id = f"{side}:{event.id}"
            note = "; ".join(told.get(twin or "", ())) if pair is not None else ""
            parts = {**(event.note or {})}
            if note:
                lang = located.story.lang
                parts = {lang: "\n".join(part for part in (note, parts.get(lang, "")) if part)}
            events.append(dataclasses.replace(event, id=id, actor=whose, note=parts or None, mission=None))
            where[id] = located.where[event.id]
            sorties += [
                dataclasses.replace(line, id=f"{side}:{line.id}", event=id, mission=id)
                for line in located.sorties if line.event == event.id and isinstance(located.where[event.id], Location)
            ]  # fmt: skip
    sources = {source.id: source for source in (*old.story.sources, *new.story.sources)}
    story: Story = dataclasses.replace(
        new.story, events=tuple(events), actors=(gone, come, same), slug=f"{new.story.slug[:90].rstrip('-')}-changes",
        title={lang: f"{texts['changes']}: {new.story.title.get(lang) or next(iter(new.story.title.values()))}"
               for lang, texts in words.items()},
        summary=None, sources=tuple(sources.values()), frame=None,
    )  # fmt: skip
    return LocatedStory(story, where, tuple(sorties), attributions=tuple(sorted({*old.attributions, *new.attributions})))


def as_map(old: LocatedStory, new: LocatedStory, changes: Changes, options: BuildOptions) -> bytes:
    """The two-tone page of what changed."""
    from geo import api
    from geo.places.gazetteer import Gazetteer
    from geo.scene.build import build
    from geo.scene.text import words as words_in

    languages = api.languages_of(new.story, options.langs)
    names = ("older", "newer", "both", "changes")
    words = {lang: {name: str(words_in(lang)[f"diff.{name}"]) for name in names} for lang in languages}
    gazetteer = Gazetteer.open(options.places, user=options.user_gazetteer)
    try:
        located = merged(old, new, changes, words)
        scene = build(located, languages, gazetteer, basemap=options.basemap != "none")
    finally:
        gazetteer.close()
    return api.render("html", scene, options)
