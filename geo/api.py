"""The stages in order: load → locate → scene → render. The one way that the command line, a notebook and a script share."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from geo.errors import Fault, InputError, UsageError
from geo.model import Actor, Box, Candidate, Claim, LocatedStory, Location, Precision, Story, Unplaced

if TYPE_CHECKING:
    from geo.columns import Table
    from geo.places.gazetteer import Gazetteer
    from geo.places.online import OnlineOptions
    from geo.read.story import Limits
    from geo.read.tables import TableOptions
    from geo.scene.crowd import Crowd
    from geo.scene.dress import Style
    from geo.scene.scene import Counts, Scene

FORMATS = ("html", "svg", "geojson", "csv", "embed", "fragment")
SUFFIX = {
    "html": ".html", "svg": ".svg", "geojson": ".geojson", "csv": ".csv", "embed": ".embed.html",
    "fragment": ".fragment.html", "manifest": ".manifest.json",
}  # fmt: skip


@cache
def page_languages() -> tuple[str, ...]:
    """Languages that the page has words in: one for each file of `scene/words`."""
    folder = files("geo") / "scene/words"
    names = (item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(name for name in names if name != "same"))



@dataclass(frozen=True, slots=True)
class BuildOptions:
    """Everything that changes what is built, with its default."""

    formats: tuple[str, ...] = ("html",)
    langs: tuple[str, ...] | None = None
    """Languages of the page, the first one first; None: the story's own."""
    basemap: str = "embedded"
    coarsen: Precision | None = None
    strict: bool = False
    places: tuple[Path, ...] = ()
    user_gazetteer: bool = True
    """Whether places that the user has added with `strikemap gazetteer add` are looked up."""
    limits: Limits | None = None
    style: Path | None = None
    """A style file: colours, fonts and logo of one's own."""
    table: TableOptions | None = None
    """How a table is read, where the source is one."""
    raw: bool = False
    """Whether CSV cells that a spreadsheet takes for formulas stay as they are."""
    manifest: bool = False
    """Whether an output `manifest` says what the others were made from (`geo.manifest`)."""
    online: OnlineOptions | None = None
    """The online service that is asked for names that the gazetteer does not know; None: nobody is."""
    against: Path | None = None
    """What was published: events of it that are gone without a correction bring a warning."""
    inputs: str | None = None
    """The hash of what everything is made from, for the page to carry; set by `manifest`."""
    progress: Callable[[int, int], None] | None = field(default=None, compare=False, repr=False)
    """Told now and then how many of a table's distinct places are located, and of how many."""


@dataclass(frozen=True, slots=True)
class Account:
    """events = pinned + areas + unplaced + refused."""

    events: int
    pinned: int
    areas: int
    unplaced: int
    refused: int
    sorties: int

    def __str__(self) -> str:
        return (
            f"{self.events} events = {self.pinned} pinned + {self.areas} areas + {self.unplaced} unplaced"
            f" + {self.refused} refused; {self.sorties} sorties"
        )


@dataclass(frozen=True, slots=True)
class Built:
    slug: str
    outputs: dict[str, bytes]
    """Format → bytes."""
    account: Account
    warnings: tuple[str, ...] = field(default_factory=tuple)
    notes: tuple[str, ...] = ()
    """What the columns of a table were taken for."""
    faults: tuple[Fault, ...] = ()
    """Why rows of a table were kept out."""


def open_gazetteer(options: BuildOptions) -> Gazetteer:
    """The bundled gazetteer with the user's places, and behind it the online service that `options` name."""
    from geo.places.gazetteer import Gazetteer

    gazetteer = Gazetteer.open(options.places, user=options.user_gazetteer)
    if options.online:
        from geo.geometry import ground
        from geo.places.online import Online

        try:
            gazetteer.beyond = Online(options.online, ground)
        except BaseException:
            gazetteer.close()
            raise
    return gazetteer


def load(path: Path | str, *, limits: Limits | None = None) -> Story:
    """Read a story file, or a table as one; raises `InputError` with all its faults."""
    if is_table(path):
        from geo.tables import story_with_credit

        return story_with_credit(load_table(path))
    story, tables = _read(path, limits=limits)
    return _told(story, tables) if tables else story


def _read(path: Path | str, *, limits: Limits | None) -> tuple[Story, list[Table]]:
    """A story, and the tables that it names."""
    from geo.read.story import Limits, read_story

    story = read_story(path, limits=limits or Limits())
    if not story.tables:
        return story, []
    from geo.places.sentences import place_words
    from geo.read.storytables import tables_of
    from geo.read.tables import TableOptions

    return story, tables_of(story, TableOptions(place_words=place_words))


def _told(story: Story, tables: Sequence[Table]) -> Story:
    """`story` with the rows of its tables among its events."""
    from geo.places.credits import credit
    from geo.read.storytables import with_tables

    return with_tables(story, tables, credit)


def locate(story: Story, gazetteer: Gazetteer) -> LocatedStory:
    """Resolve every claim of `story`; what cannot be placed stays unplaced, with its reason."""
    from geo.places.resolve import locate_story

    located = locate_story(story, gazetteer)
    if isinstance(story.frame, tuple) and story.frame and isinstance(story.frame[0], str):
        located = dataclasses.replace(located, frame_places=frame_places(story, gazetteer))
    if story.coarsen:
        from geo.places.coarsen import RUNGS, coarsen

        if story.coarsen not in RUNGS:
            raise UsageError(f"coarsen: {story.coarsen}: choose from {', '.join(RUNGS)}")
        located = coarsen(located, story.coarsen, gazetteer)
    return dataclasses.replace(located, attributions=(*story.credits, *_attributions(located)))


def _attributions(located: LocatedStory) -> tuple[str, ...]:
    used = [*located.where.values(), *located.frame_places]
    used += [end for sortie in located.sorties for end in (sortie.origin, sortie.target)]
    from geo.places.credits import attributions_of

    return attributions_of(used)


def frame_places(story: Story, gazetteer: Gazetteer) -> tuple[Location, ...]:
    """The places that the story's frame names; raises `InputError` for one that is not known."""
    from geo.places.resolve import locate as locate_claim

    found, faults = [], []
    for name in story.frame if isinstance(story.frame, tuple) and not isinstance(story.frame, Box) else ():
        answer = locate_claim(Claim(place=str(name)), gazetteer)
        if isinstance(answer, Location):
            found.append(answer)
        else:
            faults.append(
                Fault(
                    code="unknown-place", file=story.file, field="frame",
                    message=f"{name!r} is not one known place{among(answer.candidates)}",
                    cure="name another place, or give [west, south, east, north]",
                )
            )  # fmt: skip
    if faults:
        raise InputError(faults)
    return tuple(found)


def among(candidates: Sequence[Candidate]) -> str:
    """Candidates for a place that is in doubt, for the end of a message."""
    names = ", ".join(candidate.place.id for candidate in candidates[:5])
    return f" (candidates: {names})" if names else ""


def languages_of(story: Story, langs: Sequence[str] | None = None) -> tuple[str, ...]:
    """The page's languages, the first one first; raises `UsageError` for one that has no words."""
    wanted = tuple(langs) if langs else (story.lang, *story.languages)
    unknown = [lang for lang in wanted if lang not in page_languages()]
    if unknown and langs:
        raise UsageError(f"--lang: no words in {', '.join(unknown)}; choose from {', '.join(page_languages())}")
    # A story in a language without words of its own keeps its texts; the page around them is in English.
    known = tuple(dict.fromkeys(lang for lang in wanted if lang in page_languages()))
    return known or ("en",)


def make_scene(
    story: Story,
    gazetteer: Gazetteer,
    *,
    langs: Sequence[str] | None = None,
    basemap: str = "embedded",
    style: Path | None = None,
) -> tuple[LocatedStory, Scene]:
    """Locate `story` and decide what is drawn of it. Raises `InputError` for a style that cannot be read by everyone."""
    from geo.scene.build import build

    worn = load_style(style) if style else None

    located = locate(story, gazetteer)
    scene = build(located, languages_of(story, langs), gazetteer, basemap=basemap != "none", refused=story.refused)
    return located, dressed(scene, worn)


def many_events(story: Story) -> bool:
    """Whether a map of the story's own events is made in columns, near marks and lines drawn as one."""
    from geo.scene.scene import crowded

    return crowded(len(story.events), sum(len(event.origins) for event in story.events))


Drawn = TypeVar("Drawn", "Scene", "Crowd")


def dressed(scene: Drawn, worn: Style | None) -> Drawn:
    """`scene` in a publisher's style, if any, and in the colours that its actors have of their own."""
    from geo.scene.dress import coloured

    scene = dataclasses.replace(scene, style=worn) if worn else scene
    return dataclasses.replace(scene, style=coloured(scene.style, _own_colours(scene))[0])


def _own_colours(scene: Scene | Crowd) -> dict[int, str]:
    """Actor slot → the colour that the story gives its actor; the last slot is shared, and keeps ours."""
    from geo.scene.scene import Scene
    from geo.scene.style import OTHERS

    actors: Iterable[tuple[int, Actor | None]]
    if isinstance(scene, Scene):
        actors = ((entry.slot, entry.event.actor) for entry in scene.entries)
    else:
        actors = zip(scene.slots, scene.actor.values, strict=True)
    return {slot: actor.colour.lower() for slot, actor in sorted(dict(actors).items()) if slot != OTHERS and actor and actor.colour}


def colour_warnings(scene: Scene | Crowd) -> list[str]:
    """A line for each actor's colour that is too faint for a theme, where ours is kept."""
    from geo.scene.dress import coloured

    colours = _own_colours(scene)
    return [
        f"{scene.story.file}: colour {colours[slot]} is kept out of the {theme} theme: on its {found.ground} it has a contrast"
        f" of {int(found.ratio * 100) / 100:.2f} to 1, and a mark needs {found.least:g}"
        for slot, theme, found in coloured(scene.style, colours)[1]
    ]


def load_style(path: Path | str) -> Style:
    """The style of a file; raises `InputError` with all its faults, among them every colour that is too faint."""
    from geo.read.stylefile import read_style
    from geo.scene.dress import STYLE, Logo, Style, dressed, stack, too_faint

    given = read_style(path)
    light = dressed(STYLE.light, given.light.colours, given.light.slots)
    dark = dressed(STYLE.dark, given.dark.colours, given.dark.slots)
    faults = []
    for name, theme, look in (("light", given.light, light), ("dark", given.dark, dark)):
        for found in too_faint(look):
            stated = next((key for key in (found.key, found.key.partition(".")[0], found.ground) if key in theme.marks), None)
            mark = theme.marks[stated] if stated else None
            faults.append(
                Fault(
                    code="contrast", file=given.file, line=mark.line if mark else None, column=mark.column if mark else None,
                    field=f"{name}.{found.key}",
                    message=f"{look.colour(found.key)} on {found.ground} {look.colour(found.ground)} has a contrast of"
                    f" {int(found.ratio * 100) / 100:.2f} to 1",
                    cure=f"{'text' if found.least > 3 else 'a mark'} needs {found.least:g} to 1; change one of the two",
                )
            )  # fmt: skip
    if faults:
        raise InputError(sorted(faults, key=lambda fault: (fault.line or 0, fault.column or 0)))
    logo = Logo(given.logo.png, given.logo.width, given.logo.height, given.logo.alt) if given.logo else None
    return Style(light, dark, {script: stack(script, names) for script, names in given.fonts.items()}, logo)


def is_table(path: Path | str) -> bool:
    """Whether a source is a table, by its name."""
    from geo.read.tables import is_table

    return is_table(path)


def load_table(path: Path | str, options: TableOptions | None = None) -> Table:
    """The sound rows of a table, in columns; raises `InputError` for a bad file."""
    from geo.places.sentences import place_words
    from geo.read.tables import TableOptions, read_table

    return read_table(path, dataclasses.replace(options or TableOptions(), place_words=place_words))


def locate_table(table: Table, gazetteer: Gazetteer, progress: Callable[[int, int], None] | None = None) -> LocatedStory:
    """The rows of a table as a located story: each distinct claim and position is looked up once."""
    from geo.tables import located

    found = located(table, gazetteer, progress)
    return dataclasses.replace(found, attributions=(*found.attributions, *_attributions(found)))


def build_story(path: Path | str, options: BuildOptions = BuildOptions()) -> Built:
    """Build every format of one story or table in memory; nothing is written.

    Raises `InputError` for faults of the file (with `options.strict`: also for a place in doubt).
    """
    if options.manifest:
        from geo.manifest import build_with_manifest

        return build_with_manifest(path, options)
    if is_table(path):
        from geo.tables import build_table

        return build_table(path, options)
    story, tables = _read(path, limits=options.limits)
    if options.coarsen:
        story = dataclasses.replace(story, coarsen=options.coarsen)
    gazetteer = open_gazetteer(options)
    try:
        if tables or many_events(story):
            from geo.tables import build_crowded

            if built := build_crowded(story, tables, options, gazetteer):
                return built
            story = _told(story, tables)
        located, scene = make_scene(story, gazetteer, langs=options.langs, basemap=options.basemap, style=options.style)
    finally:
        gazetteer.close()
    in_doubt = doubts(located)
    if options.strict and in_doubt:
        raise InputError(in_doubt)
    outputs = {name: render(name, scene, options) for name in options.formats}
    warnings = [
        *story.notes, *online_warnings(gazetteer), *(str(fault) for fault in in_doubt), *place_warnings(located), *too_fresh(located),
        *colour_warnings(scene),
    ]  # fmt: skip
    return Built(story.slug, outputs, account_of(scene.counts), tuple(warnings))


def online_warnings(gazetteer: Gazetteer) -> list[str]:
    """What went wrong with single names of the online service, or with its cache."""
    return list(gazetteer.beyond.warnings) if gazetteer.beyond else []


def account_of(counts: Counts) -> Account:
    return Account(counts.events, counts.pinned, counts.areas, counts.unplaced, counts.refused, counts.sorties)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in a sound story or table."""

    events: int
    warnings: tuple[str, ...] = ()
    refused: int = 0
    """Rows of a table that were kept out, and why."""
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def check_story(
    path: Path | str,
    *,
    places: Sequence[Path] = (),
    user_gazetteer: bool = True,
    limits: Limits | None = None,
    table: TableOptions | None = None,
) -> Checked:
    """The events of a sound story or table, and warnings for its places in doubt; raises `InputError` with its faults."""
    from geo.places.gazetteer import Gazetteer

    rows = load_table(path, table) if is_table(path) else None
    story = load(path, limits=limits) if rows is None else None
    gazetteer = Gazetteer.open(places, user=user_gazetteer)
    try:
        if rows is not None:
            from geo.places.columns import locate_table
            from geo.tables import doubts_of, warnings_of

            found = locate_table(rows, gazetteer)
            warnings = (*rows.warnings, *map(str, doubts_of(found)), *warnings_of(found))
            return Checked(rows.n, warnings, rows.refused, rows.faults, rows.notes)
        assert story is not None
        located = locate(story, gazetteer)
    finally:
        gazetteer.close()
    return Checked(len(located.story.events), (*located.story.notes, *map(str, doubts(located)), *place_warnings(located)))


def render(name: str, scene: Scene, options: BuildOptions = BuildOptions()) -> bytes:
    if name == "html":
        from geo.render.page import render_page

        return render_page(scene, inputs=options.inputs)
    if name == "csv":
        from geo.render.csv import render_csv

        return render_csv(scene, raw=options.raw)
    if name == "svg":
        from geo.render.svg import render_svg

        return render_svg(scene)
    if name == "geojson":
        from geo.render.geojson import render_geojson

        return render_geojson(scene)
    if name == "embed":
        from geo.render.embed import render_embed

        return render_embed(scene)
    if name == "fragment":
        from geo.render.fragment import render_fragment

        return render_fragment(scene)
    raise UsageError(f"format {name} is not built yet; choose from {', '.join(FORMATS)}")


def doubts(located: LocatedStory, *, once: bool = False) -> list[Fault]:
    """Places that were stated and could not be resolved: warnings, or faults under `strict`.

    `once` tells of each name once, with the number of events that have it.
    """
    claims = {event.id: event for event in located.story.events}
    found = []
    more: dict[tuple[str, str, str], int] = {}
    for _, answer in [*located.where.items(), *located.unplaced_origins] if once else ():
        if isinstance(answer, Unplaced):
            more[(answer.code, answer.words, answer.reason)] = more.get((answer.code, answer.words, answer.reason), -1) + 1
    answers = [(event_id, "place", answer) for event_id, answer in located.where.items()]
    answers += [(event_id, "origin", answer) for event_id, answer in located.unplaced_origins]
    for event_id, name, answer in answers:
        if isinstance(answer, Unplaced) and answer.code != "no_place":
            others = more.pop((answer.code, answer.words, answer.reason), None) if once else 0
            if others is None:
                continue
            event = claims[event_id]
            claim = event.claim if name == "place" else None
            found.append(
                Fault(
                    code=f"{answer.code}-place", file=located.story.file,
                    line=claim.line if claim and claim.line else event.line,
                    column=claim.column if claim and claim.line else None,
                    field=name,
                    message=f"{answer.words!r} of event {event_id}{f' and {others} more' if others else ''}: {answer.reason or answer.code}"
                    + among(answer.candidates),
                    cure="name the country or province, a place id, or coordinates",
                )
            )  # fmt: skip
    return found


def place_warnings(located: LocatedStory) -> list[str]:
    """One line a place and warning, however many events share it."""
    events: dict[tuple[object, str], list[str]] = {}
    for event_id, answer in located.where.items():
        if isinstance(answer, Location):
            for warning in answer.warnings:
                events.setdefault((answer.position, warning), []).append(event_id)
    return [
        f"{located.story.file}: event {ids[0]}{f' and {len(ids) - 1} more there' if len(ids) > 1 else ''}: {warning}"
        for (_, warning), ids in events.items()
    ]


FINER_THAN_TOWN = frozenset({
    Precision.EXACT, Precision.LANDMARK, Precision.STREET, Precision.NEIGHBOURHOOD, Precision.VILLAGE,
    Precision.NOT_STATED,
})  # fmt: skip


def too_fresh(located: LocatedStory, now: datetime | None = None) -> list[str]:
    """Warnings for events of the last 48 hours that are placed more finely than a town. They never change a byte."""
    since = ((now or datetime.now(UTC)) - timedelta(hours=48)).date()
    found = []
    for event in located.story.events:
        answer = located.where[event.id]
        if (
            isinstance(answer, Location)
            and answer.precision in FINER_THAN_TOWN
            and event.date.last is not None
            and event.date.last >= since
            and not event.as_published
            and not located.story.coarsen
        ):
            found.append(
                f"{located.story.file}:{event.line or 1}: event {event.id} is less than 48 hours old and placed more finely"
                " than a town; say `coarsen: town` in the story (or --coarsen town), or `as_published: true` on the event"
            )
    return found


class StrikeMap:
    """A story's map: save it, show it in a notebook, or add folium layers to it.

    `story` is a `Story` or the path of one. `langs` are the page's languages, first one first. `style` is the path of a
    style file.
    """

    def __init__(
        self,
        story: Story | Path | str,
        *,
        langs: Sequence[str] | None = None,
        basemap: str = "embedded",
        places: Sequence[Path] = (),
        user_gazetteer: bool = True,
        style: Path | str | None = None,
    ) -> None:
        self.story = story if isinstance(story, Story) else load(story)
        self.langs = tuple(langs) if langs else None
        self.basemap = basemap
        self.places = tuple(places)
        self.user_gazetteer = user_gazetteer
        self.style = Path(style) if style else None

    @cached_property
    def scene(self) -> Scene:
        """What is drawn, in no renderer's words."""
        from geo.places.gazetteer import Gazetteer

        gazetteer = Gazetteer.open(self.places, user=self.user_gazetteer)
        try:
            return make_scene(self.story, gazetteer, langs=self.langs, basemap=self.basemap, style=self.style)[1]
        finally:
            gazetteer.close()

    @cached_property
    def _crowd(self) -> Crowd | None:
        """What is drawn of very many events, in columns; None where there are few."""
        if not many_events(self.story):
            return None
        from geo.places.gazetteer import Gazetteer
        from geo.read.tablestory import table_of
        from geo.tables import made_crowd

        gazetteer = Gazetteer.open(self.places, user=self.user_gazetteer)
        try:
            options = BuildOptions(langs=self.langs, basemap=self.basemap, style=self.style)
            return made_crowd(table_of(self.story), dataclasses.replace(self.story, events=()), options, gazetteer)[0]
        finally:
            gazetteer.close()

    def _render(self, name: str) -> str:
        if self._crowd is None:
            return render(name, self.scene).decode("utf-8")
        from geo.render import crowd

        if name not in crowd.FORMATS:
            self._drawn_singly(name)
            return render(name, self.scene).decode("utf-8")
        return crowd.render(name, self._crowd).decode("utf-8")

    def _drawn_singly(self, what: str) -> None:
        """Raises UsageError where there are too many events for each to be drawn by itself."""
        from geo.tables import drawn_singly, too_many_for

        if self._crowd is not None and not drawn_singly(self._crowd.table):
            raise UsageError(too_many_for(what))

    @cached_property
    def folium(self) -> Any:
        """The page's map as a real `folium.Map`: any folium layer or plugin can be added to it."""
        from geo.render.leaflet.page_map import PageMap
        from geo.render.page import identifier

        return PageMap(identifier(self.story.slug))

    def html(self, *, allow_foreign: bool = False) -> str:
        """The page. Foreign layers on `.folium` need `allow_foreign=True`: such a page has no CSP."""
        if "folium" not in self.__dict__ or not self.folium.foreign():
            return self._render("html")
        self._drawn_singly("layers that are not strikemap's")
        if not allow_foreign:
            names = ", ".join(sorted(set(self.folium.foreign())))
            raise UsageError(
                f"the map holds layers that are not strikemap's ({names}): they may load from other hosts and run"
                " their own scripts; save with allow_foreign=True to accept a page without its security policy"
            )
        from geo.render.leaflet.page_map import skeleton
        from geo.render.page import render_page

        return render_page(self.scene, foreign=skeleton(self.folium)).decode("utf-8")

    def save(self, path: Path | str, *, allow_foreign: bool = False) -> Path:
        """Write the page by atomic rename and give its path; raises `OutputError` and leaves an older file as it was."""
        from geo.render.write import write_all

        target = Path(path)
        write_all({target: self.html(allow_foreign=allow_foreign).encode("utf-8")})
        return target

    def geojson(self) -> dict[str, Any]:
        """The map's features, as `strikemap build -f geojson` writes them."""
        import json

        return dict(json.loads(self._render("geojson")))

    def svg(self) -> str:
        """The map as a picture for print or for a page without scripts, as `strikemap build -f svg` writes it."""
        return self._render("svg")

    def fragment(self) -> str:
        """The map as one element to paste into a page that allows inline scripts; it shares nothing with that page.

        Raises UsageError for very many events, which only a page of their own holds.
        """
        return self._render("fragment")

    def _repr_html_(self) -> str:
        """The map in a notebook's output: the same page in a sandboxed frame."""
        from html import escape

        from geo.render.embed import SANDBOX, usable_height

        page = escape(self.html(), quote=True)
        shown = self.scene if self._crowd is None else self._crowd
        title = self.story.title.get(shown.languages[0]) or self.story.slug
        return (
            f'<iframe srcdoc="{page}" title="{escape(title)}" sandbox="{SANDBOX}" loading="lazy"'
            f' width="100%" height="{usable_height(shown)}" frameborder="0"></iframe>'
        )


def StrikeLayer(story: Story | Path | str, **options: Any) -> Any:  # noqa: N802 (reads as folium's own layers do)
    """The symbols of a story's pinned events, for someone else's `folium.Map`.

    `lang` is the language of labels, `name` the caller's own text for a LayerControl, `show` whether it is on at first.
    """
    return _layer("StrikeLayer", story, **options)


def SortieLayer(story: Story | Path | str, **options: Any) -> Any:  # noqa: N802
    """The sortie lines of a story, with the areas and bases they come from. Options as for `StrikeLayer`."""
    return _layer("SortieLayer", story, **options)


def AreaLayer(story: Story | Path | str, **options: Any) -> Any:  # noqa: N802
    """The hatched areas of events known to a district or wider. Options as for `StrikeLayer`."""
    return _layer("AreaLayer", story, **options)


def _layer(
    kind: str,
    story: Story | Path | str,
    *,
    lang: str | None = None,
    name: str | None = None,
    show: bool = True,
    places: Sequence[Path] = (),
) -> Any:
    from geo.render.leaflet import layers

    scene = StrikeMap(story, langs=[lang] if lang else None, basemap="none", places=places).scene
    return getattr(layers, kind)(scene, name=name, show=show)
