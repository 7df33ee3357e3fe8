"""The program `strikemap`: the only code that prints, reads argv and chooses exit codes.

Heavy modules are imported inside the commands, so that `--help` is instant.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import re
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from geo.errors import Fault, InputError, OutputError, StrikemapError, UsageError, folded, visible

if TYPE_CHECKING:
    from geo.api import Account, BuildOptions, Built
    from geo.places.online import OnlineOptions

FORMATS = ("html", "svg", "geojson", "csv", "embed", "fragment")
LATER_FORMATS = ("png", "kml")
DATA_FORMATS = ("geojson", "csv")
STORIES = (".yaml", ".yml")
RUNGS = (
    "exact", "landmark", "street", "neighbourhood", "village", "town", "city",
    "district", "governorate", "country", "region",
)  # fmt: skip

MOST_WARNINGS = 20

DONE, OURS, REFUSED, STOPPED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Runs the program and exits: 0 done, 2 bad input or usage, 1 our own failure."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    with suppress(ValueError, AttributeError, OSError):
        # A polite end instead of an abrupt one: temporaries are removed on the way out.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Nothing here solves equations: numpy would spend half of its start on threads for them.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a build makes it keeps to its end: looking for cycles among it over and over only costs time.
    gc.set_threshold(100_000, 50, 100)
    sys.exit(run(sys.argv[1:] if argv is None else list(argv)))


def run(argv: Sequence[str]) -> int:
    """One run of the program; gives its exit status. Nothing but SystemExit leaves it."""
    as_json = "--json" in argv
    debug = "--debug" in argv
    try:
        if "_STRIKEMAP_COMPLETE" in os.environ:
            strikemap.main(list(argv), prog_name="strikemap")
        with strikemap.make_context("strikemap", list(argv)) as context:
            strikemap.invoke(context)
        sys.stdout.flush()
        return DONE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        _say("stopped")
        return STOPPED
    except BrokenPipeError:
        # Whoever read our output has had enough.
        with suppress(OSError):
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return DONE
    except Exception as error:
        return _failed(error, as_json, debug)


def _failed(error: Exception, as_json: bool, debug: bool) -> int:
    """Says what went wrong, in one line a fault; gives the exit status. No traceback reaches a terminal."""
    if isinstance(error, _Folded) and not as_json:
        for line in folded(error.faults):
            _say(line)
    elif isinstance(error, InputError):
        _refused(error.faults, as_json)
    elif isinstance(error, OutputError):
        _print_faults([Fault("output", str(error).removeprefix(f"{visible(error.path)}: "), "", error.path)], as_json)
    elif isinstance(error, StrikemapError):
        _print_faults([Fault("usage", str(error), "")], as_json)
    elif isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "strikemap"
        said = _sentence(error.format_message())
        # Older versions of click name no nearest command.
        if (typed := re.fullmatch(r"no such command '([^']*)'", said)) and (near := _nearest_command(typed[1])):
            said += f", did you mean '{near}'?"
        _print_faults([Fault("usage", said, "" if said.endswith("?") else f"see {command} --help")], as_json)
    else:
        what = f"strikemap failed: {type(error).__name__}: {' '.join(str(error).split())[:200]}. Nothing was written"
        cure = f"please report this, with {_trace(error)}" if debug else "please report this, with the file that --debug writes"
        _print_faults([Fault("internal", what, cure)], as_json)
        return OURS
    return REFUSED


def _nearest_command(typed: str) -> str | None:
    from difflib import get_close_matches

    shown = [name for name, command in strikemap.commands.items() if not command.hidden]
    return next(iter(get_close_matches(typed, shown, n=1)), None)


def _trace(error: Exception) -> str:
    """Writes how it came about into a file of the working folder; gives that file's name."""
    import platform
    import traceback
    from importlib.metadata import version

    told = "".join(traceback.format_exception(error))
    text = f"strikemap {version('strikemap')}, Python {platform.python_version()}, {platform.platform()}\n\n{told}"
    path = Path("strikemap-trace.txt")
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError:
        click.echo(visible(told.replace("\n", " | ")), err=True)
        return "the line above"
    return str(path)


def _say(line: str) -> None:
    click.echo(visible(line), err=True)


def _sentence(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    return text[:1].lower() + text[1:]


class _Folded(InputError):
    """Faults of a build: those of one kind share a line. `strikemap check` has a line for each."""


def _refused(faults: Sequence[Fault], as_json: bool) -> None:
    """Why nothing was written: every fault, but of a table's many bad rows the first twenty and a count."""
    rows = [fault for fault in faults if fault.row is not None]
    if as_json or len(rows) <= MOST_WARNINGS:
        _print_faults(faults, as_json)
        return
    _bad_rows(rows, as_json)
    _print_faults([fault for fault in faults if fault.row is None], as_json)


def _print_faults(faults: Iterable[Fault], as_json: bool) -> None:
    for fault in faults:
        click.echo(json.dumps(fault.as_dict(), ensure_ascii=True) if as_json else str(fault), err=True)


def _warn(warnings: Iterable[str], as_json: bool) -> None:
    """All of them for a machine; for a person the first twenty and a count."""
    told = list(warnings)
    for warning in told if as_json else told[:MOST_WARNINGS]:
        if as_json:
            _print_faults([Fault("warning", warning, "")], True)
        else:
            _say(f"warning: {warning}")
    if len(told) > MOST_WARNINGS and not as_json:
        _say(f"warning: {len(told) - MOST_WARNINGS} more; --json prints all of them")


# -- what can be typed


def _words(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for part in value.split(",") if (word := part.strip())))


def _formats(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    formats = _words(value)
    for name in formats:
        if name in LATER_FORMATS:
            raise UsageError(f"-f {name}: not built yet; choose from {', '.join(FORMATS)}")
        if name not in FORMATS:
            raise UsageError(f"-f {_cut(name)}: no such format; choose from {', '.join(FORMATS)}")
    if not formats:
        raise UsageError(f"-f names no format; choose from {', '.join(FORMATS)}")
    return formats


def _data_formats(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    formats = _words(value)
    for name in formats:
        if name not in DATA_FORMATS:
            raise UsageError(f"-f {_cut(name)}: a map gives its data as {' or '.join(DATA_FORMATS)}")
    if not formats:
        raise UsageError(f"-f names no format; choose from {', '.join(DATA_FORMATS)}")
    return formats


def _langs(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None:
        return None
    from geo.read.values import ValueFault, language

    langs = _words(value)
    for name in langs:
        try:
            language(name)
        except ValueFault as fault:
            raise UsageError(f"--lang: {fault.message}; {fault.cure}") from None
    if not langs:
        raise UsageError("--lang names no language; write --lang fr,en,ar")
    return langs


def _basemap(_: click.Context, __: click.Parameter, value: str) -> str:
    if value not in ("embedded", "none"):
        raise UsageError(f"--basemap {_cut(value)}: online base maps are not built yet; write embedded or none")
    return value


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _sources(given: Sequence[str]) -> list[Path]:
    """The stories named, or every story in `maps/`. What is no story is refused by its suffix."""
    if not given:
        found = sorted(path for suffix in STORIES for path in Path("maps").glob(f"*{suffix}"))
        if not found:
            raise UsageError("there is no story in maps/; name one, or write one with strikemap new NAME")
        return found
    from geo.read.tables import is_table

    faults = []
    for name in given:
        suffix = Path(name).suffix.lower()
        if is_table(name):
            continue
        if suffix in (".html", ".htm"):
            faults.append(Fault("not_built", "a built map is no source", "name the story it was built from", name))
        elif suffix not in STORIES:
            faults.append(Fault("usage", "this is neither a story nor a table", "name a .yaml or .csv file", name))
    if faults:
        raise InputError(faults)
    return [Path(name) for name in dict.fromkeys(given)]


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False, invoke_without_command=True
)
@click.version_option(package_name="strikemap", prog_name="strikemap", message="%(prog)s %(version)s")
@click.pass_context
def strikemap(ctx: click.Context) -> None:
    """Maps of reported air strikes: a story in, one HTML file out that opens anywhere.

    Start with: strikemap new my-story, then strikemap build my-story.yaml
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


_json = click.option("--json", "as_json", is_flag=True, help="Print faults as JSON, one a line, on stderr.")
_debug = click.option("--debug", is_flag=True, help="Write strikemap-trace.txt if strikemap itself fails.")
_places = click.option(
    "--places", multiple=True, metavar="FILE", help="Gazetteer entries of your own (.yaml); may be repeated."
)
_bundled = click.option(
    "--no-user-gazetteer", "bundled", is_flag=True, help="Leave out places added with strikemap gazetteer add."
)
_max_page = click.option(
    "--max-bytes", type=click.IntRange(1), metavar="N", help="Refuse a page larger than this (64000000)."
)
_raw = click.option(
    "--raw", is_flag=True, help="CSV: no apostrophe before cells that a spreadsheet would take for formulas."
)


def _online(command: Any) -> Any:
    """Adds the options of an online service; the command takes them as one, `online`."""

    @click.option(
        "--online", metavar="PROVIDER",
        help="Ask this service (nominatim, photon, pelias, …) for names that the gazetteer does not know.",
    )
    @click.option("--online-domain", metavar="HOST", help="A server of your own: geo.example.org, localhost:8080.")
    @click.option("--online-email", metavar="ADDRESS", help="Who asks; the public Nominatim wants to know.")
    @click.option("--online-key", metavar="KEY", help="The service's key ($STRIKEMAP_ONLINE_KEY).")
    @click.option(
        "--online-rate", type=click.FloatRange(0, 1000, min_open=True), metavar="N", help="Requests a second (the service's own)."
    )
    @click.option("--online-refresh", is_flag=True, help="Ask again for names that were answered before.")
    @functools.wraps(command)
    def asking(
        online: str | None,
        online_domain: str | None,
        online_email: str | None,
        online_key: str | None,
        online_rate: float | None,
        online_refresh: bool,
        **rest: Any,
    ) -> Any:
        if online is None:
            typed = {"domain": online_domain, "email": online_email, "key": online_key, "rate": online_rate}
            named = next((name for name, value in typed.items() if value is not None), "refresh" if online_refresh else "")
            if named:
                raise UsageError(f"--online-{named}: name the service too, with --online")
            return command(online=None, **rest)
        from geo.places.online import OnlineOptions, announced

        progress = _Progress("names asked", beside_answers="source" not in rest)
        options = OnlineOptions(
            online, online_domain, online_email, online_key, online_rate, online_refresh,
            told=progress.at if "source" in rest else None,
        )  # fmt: skip
        _say(announced(options))
        try:
            return command(online=options, **rest)
        finally:
            progress.end()

    return asking


_LIMITS = {
    "events": ("Refuse a story with more events", 5_000),
    "bytes": ("Refuse a story file larger than this", 8_000_000),
    "text": ("Refuse a text of more characters", 20_000),
    "depth": ("Refuse YAML that is nested deeper", 32),
    "aliases": ("Refuse YAML with more aliases", 5_000),
    "nodes": ("Refuse YAML with more values, aliases written out", 200_000),
}
"""What is refused as too much: field of `Limits`, words, and the default (a test holds them equal)."""


def _limited(command: Any) -> Any:
    """Adds an option for each limit; the command takes them as `**most`."""
    for field, (words, most) in reversed(_LIMITS.items()):
        option = click.option(
            f"--max-{field}", f"max_{field}", type=click.IntRange(1), metavar="N", help=f"{words} ({most})."
        )
        command = option(command)
    return command


_TABLE = {
    "as_format": click.option("--as", "as_format", metavar="NAME", help="The table's format, where its header does not say: acled, ucdp, …."),
    "columns": click.option(
        "--columns", multiple=True, metavar="OURS=THEIRS|FILE",
        help="Which column of a table is which of ours: date=When, or a file (.yaml) of such lines; may be repeated.",
    ),
    "dates": click.option("--dates", type=click.Choice(("dmy", "mdy")), help="Day or month first in a table whose dates do not say."),
    "max_bad": click.option(
        "--max-bad", type=click.FloatRange(0, 100), metavar="PERCENT", help="Bad rows up to which a table is built without them (10)."
    ),
    "max_rows": click.option("--max-rows", type=click.IntRange(1), metavar="N", help="Rows of a table (2000000)."),
    "max_columns": click.option("--max-columns", type=click.IntRange(1), metavar="N", help="Columns of a table (2000)."),
    "max_cell": click.option("--max-cell", type=click.IntRange(1), metavar="N", help="Characters of a table's cell (1000000)."),
    "max_ratio": click.option(
        "--max-ratio", type=click.IntRange(1), metavar="N", help="Times its size that a packed table may unpack to (200)."
    ),
    "accessed": click.option("--accessed", metavar="DATE", help="The day a table was downloaded; some licences want it named."),
    "report": click.option("--report", metavar="FILE", help="Write every bad row of a table and its reason to FILE."),
}  # fmt: skip
"""What is typed about tables."""


def _tabled(command: Any) -> Any:
    """Adds the options about tables; the command takes them as one mapping, `table`."""
    from functools import wraps

    @wraps(command)
    def with_table(*args: Any, **given: Any) -> Any:
        return command(*args, table={name: given.pop(name) for name in _TABLE}, **given)

    for option in reversed(_TABLE.values()):
        with_table = option(with_table)
    return with_table


def _table_options(given: Mapping[str, Any], max_bytes: int | None) -> Any:
    """`TableOptions` of what was typed."""
    from dataclasses import replace

    from geo.read.mapping import columns_of
    from geo.read.tables import TableOptions

    options = TableOptions(format=given["as_format"], columns=columns_of(given["columns"]), dates=given["dates"])
    typed = {name: given[f"max_{name}"] for name in ("rows", "columns", "cell", "ratio")} | {"bytes": max_bytes}
    limits = replace(options.limits, **{name: value for name, value in typed.items() if value is not None})
    options = replace(options, limits=limits)
    if given["max_bad"] is not None:
        options = replace(options, max_bad=given["max_bad"] / 100)
    if given["accessed"] is not None:
        from geo.read.dates import DateError, parse_edtf

        try:
            options = replace(options, accessed=parse_edtf(given["accessed"]).edtf)
        except DateError as error:
            raise UsageError(f"--accessed: {error}") from None
    return options


def _report(path: str | None, faults: Iterable[Fault], as_json: bool) -> None:
    """Writes the bad rows of tables to the file that was asked for, one a line."""
    if path is None:
        return
    from geo.render.write import write_all

    lines = [json.dumps(fault.as_dict(), ensure_ascii=False) if as_json else str(fault) for fault in faults]
    write_all({Path(path): "".join(line + "\n" for line in lines).encode("utf-8", "backslashreplace")})


def _note(note: str, as_json: bool) -> None:
    """What the columns of a table were taken for."""
    if as_json:
        _print_faults([Fault("note", note, "")], True)
    else:
        _say(note)


def _bad_rows(faults: Sequence[Fault], as_json: bool) -> None:
    """Rows of tables that were kept out: all of them for a machine, the first twenty and a count for a person."""
    told = faults if as_json else faults[:MOST_WARNINGS]
    _print_faults(told, as_json)
    if len(told) < len(faults):
        _say(f"{len(faults) - len(told)} more faults of rows; --report FILE writes all of them")


@strikemap.command()
@click.argument("source", nargs=-1)
@click.option("-o", "--output", metavar="PATH", help="A file for one format, else a folder; - is standard output.")
@click.option(
    "-f",
    "--format",
    "formats",
    default="html",
    callback=_formats,
    metavar="LIST",
    help="html, svg, geojson, csv, embed, fragment; several with commas (html).",
)
@click.option(
    "--lang",
    "langs",
    callback=_langs,
    metavar="LIST",
    help="Languages of the page, the first one first: fr,en,ar (the story's).",
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in a browser.")
@click.option("--strict", is_flag=True, help="Refuse a story with a place in doubt.")
@click.option(
    "--coarsen",
    type=click.Choice(RUNGS),
    metavar="RUNG",
    help="Draw everything finer than this rung (town, city, …) at this rung.",
)
@click.option("--basemap", default="embedded", callback=_basemap, metavar="NAME", help="embedded or none (embedded).")
@click.option("--style", metavar="FILE", help="Colours, fonts and logo of your own (.yaml).")
@_places
@_bundled
@_limited
@_tabled
@click.option("--against", metavar="OLD", help="Warn of events of OLD (a story, table or map) that are gone without a correction.")
@_raw
@_online
@click.option("--manifest", is_flag=True, help="Also write SLUG.manifest.json: SHA-256 of all that went in and came out.")
@click.option("--watch", is_flag=True, help="Build again whenever a file is saved, until Ctrl-C; reload the page yourself.")
@_json
@_debug
def build(
    source: tuple[str, ...],
    output: str | None,
    formats: tuple[str, ...],
    langs: tuple[str, ...] | None,
    open_it: bool,
    strict: bool,
    coarsen: str | None,
    basemap: str,
    style: str | None,
    places: tuple[str, ...],
    bundled: bool,
    against: str | None,
    raw: bool,
    online: OnlineOptions | None,
    manifest: bool,
    watch: bool,
    as_json: bool,
    debug: bool,
    table: Mapping[str, Any],
    **most: int | None,
) -> None:
    """Build the map of each SOURCE, a story (.yaml) or a table (.csv, …); without SOURCE, of every story in maps/.

    Files go beside the story, named by its slug. Nothing is written unless every story is sound.
    """
    sources = _sources(source)
    plan = _Plan(output, formats, len(sources))
    from geo.api import BuildOptions
    from geo.model import Precision

    options = BuildOptions(
        formats=formats,
        langs=langs,
        basemap=basemap,
        coarsen=Precision(coarsen) if coarsen else None,
        strict=strict,
        places=tuple(Path(place) for place in places),
        user_gazetteer=not bundled,
        limits=_limits(most),
        style=Path(style) if style else None,
        table=_table_options(table, most["max_bytes"]),
        raw=raw,
        manifest=manifest,
        online=online,
        against=Path(against) if against else None,
    )
    if against and len(sources) > 1:
        raise UsageError("--against: one published version is compared with one source; name one")
    if manifest and plan.stdout:
        raise UsageError("--manifest: standard output takes one file; name a folder with -o")
    if watch:
        if plan.stdout:
            raise UsageError("--watch: standard output takes one build only; name a file with -o")
        _keep_building(lambda: _build(_sources(source), plan, options, as_json, table["report"]), source, options, open_it, as_json, debug)
        return
    files = _build(sources, plan, options, as_json, table["report"])
    if open_it:
        _open(files)


def _build(sources: Sequence[Path], plan: _Plan, options: BuildOptions, as_json: bool, report: str | None = None) -> list[Path]:
    """Builds and writes all of `sources`, and says so; gives the files."""
    started = time.perf_counter()
    from dataclasses import replace

    from geo.api import build_story

    progress = _Progress("places", beside_answers=False, working="building")
    try:
        # A service that is asked online has a bar of its own.
        built = _build_all(sources, replace(options, progress=None if options.online else progress.at), build_story)
    except InputError as error:
        _report(report, (fault for fault in error.faults if fault.row is not None), as_json)
        raise
    finally:
        progress.end()
    if options.against:
        from geo.diff import lost_since

        built = [(path, replace(one, warnings=(*one.warnings, *lost_since(options.against, path, options)))) for path, one in built]
    bad = [fault for _, one in built for fault in one.faults]
    _report(report, bad, as_json)
    for note in dict.fromkeys(f"{path}: {note}" for path, one in built for note in one.notes):
        _note(note, as_json)
    _bad_rows(bad, as_json)
    if plan.stdout:
        _warn(built[0][1].warnings, as_json)
        (data,) = built[0][1].outputs.values()
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        files: dict[Path, bytes] = {}
        size = len(data)
    else:
        files = _write(plan, built)
        size = sum(map(len, files.values()))
        _warn((warning for _, one in built for warning in one.warnings), as_json)
        for path in files:
            _say(str(path))
    _say(f"{_sum([one.account for _, one in built])}; {size} bytes; {time.perf_counter() - started:.2f} s")
    return list(files)


def _write(plan: _Plan, built: Sequence[tuple[Path, Built]]) -> dict[Path, bytes]:
    """Puts every output where it goes; a folder that was made for nothing is gone again."""
    from geo.render.write import write_all

    files = plan.files(built)
    made = plan.make_folder()
    try:
        write_all(files)
    except BaseException:
        if made:
            with suppress(OSError):
                made.rmdir()
        raise
    return files


def _keep_building(
    build: Callable[[], list[Path]], source: Sequence[str], options: BuildOptions, open_it: bool, as_json: bool, debug: bool
) -> None:
    """Builds now and after every save. A bad save is told like any other fault; the map stays as it was."""
    from geo.named import tables_of
    from geo.watch import changes

    def attempt() -> list[Path]:
        try:
            return build()
        except Exception as error:
            _failed(error, as_json, debug)
            return []

    def watched() -> list[Path]:
        try:
            stories = _sources(source)
        except StrikemapError:
            stories = []
        tables = [table for story in stories for table in tables_of(story)]
        return [*stories, *tables, *options.places, *([options.style] if options.style else [])]

    saves = changes(watched)
    files = attempt()
    if open_it:
        _open(files)
    _say("watching; Ctrl-C ends it")
    for changed in saves:
        _say(", ".join(map(str, changed[:3])) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "") + " changed")
        attempt()


def _limits(most: Mapping[str, int | None]) -> Any:
    """The limits that were typed, the others as they are; None where none was."""
    typed = {name.removeprefix("max_"): value for name, value in most.items() if value is not None}
    if not typed:
        return None
    from dataclasses import replace

    from geo.read.story import Limits

    limits = replace(Limits(), **typed)
    # More events are more values.
    return limits if "nodes" in typed else replace(limits, nodes=max(limits.nodes, 60 * limits.events))


def _build_all(sources: Sequence[Path], options: BuildOptions, build_story: Any) -> list[tuple[Path, Built]]:
    """Every story in memory, or the faults of all of them."""
    built: list[tuple[Path, Built]] = []
    faults: list[Fault] = []
    for path in sources:
        try:
            built.append((path, build_story(path, options)))
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise _Folded(faults)
    return built


def _sum(accounts: Sequence[Account]) -> Account:
    from geo.api import Account

    names = ("events", "pinned", "areas", "unplaced", "refused", "sorties")
    return Account(*(sum(getattr(account, name) for account in accounts) for name in names))


def _stays(output: str) -> None:
    """Refuses `..` after the name of a folder: a name that a script puts in must not lead out of that folder."""
    parts = Path(output).parts
    named = [part for part in parts if part != ".."]
    if named and ".." in parts[parts.index(named[0]) :]:
        raise OutputError(output, "the .. leads out of the folder before it; write the path without it")


class _Plan:
    """Where the outputs go: beside the story, to one file, into a folder, or to standard output."""

    def __init__(self, output: str | None, formats: Sequence[str], stories: int) -> None:
        self.stdout = output == "-"
        single = len(formats) == 1 and stories == 1
        if self.stdout and not single:
            raise UsageError("-o -: standard output takes one format of one story")
        self.file = self.folder = None
        if output == "":
            raise UsageError("-o is empty; name a file, a folder or -")
        if output is not None and not self.stdout:
            _stays(output)
        if output is not None and not self.stdout:
            if single and not output.endswith("/"):
                self.file = Path(output)
            else:
                self.folder = Path(output)

    def files(self, built: Sequence[tuple[Path, Built]]) -> dict[Path, bytes]:
        from geo.api import SUFFIX

        found: dict[Path, bytes] = {}
        for story, one in built:
            for name, data in one.outputs.items():
                folder = self.folder or (self.file.parent if self.file else story.parent)
                target = folder / f"{one.slug}{SUFFIX[name]}"
                if self.file and name != "manifest":
                    target = self.file
                if target in found:
                    raise UsageError(f"{target}: two stories have the slug {one.slug}; give one another slug")
                if target.exists() and story.exists() and target.samefile(story):
                    raise OutputError(target, "is the story itself; name another file")
                found[target] = data
        return found

    def make_folder(self) -> Path | None:
        """Makes the folder that was asked for, if only its last part is missing; gives it if it was made."""
        if self.folder is None or self.folder.exists() or not self.folder.parent.is_dir():
            return None
        try:
            self.folder.mkdir()
        except OSError as error:
            raise OutputError(
                self.folder, f"the folder could not be made ({(error.strerror or str(error)).lower()})"
            ) from None
        return self.folder


def _open(files: Iterable[Path]) -> None:
    import webbrowser

    for path in files:
        if path.suffix == ".html" and not path.name.endswith((".embed.html", ".fragment.html")):
            webbrowser.open(path.resolve().as_uri())


@strikemap.command()
@click.argument("source", nargs=-1)
@_places
@_bundled
@_limited
@_tabled
@_json
@_debug
def check(
    source: tuple[str, ...],
    places: tuple[str, ...],
    bundled: bool,
    as_json: bool,
    debug: bool,
    table: Mapping[str, Any],
    **most: int | None,
) -> None:
    """Print every fault of each SOURCE at once: file:line:column: field: what is wrong; what to do.

    Places in doubt are warnings. Without SOURCE: every story in maps/.
    """
    from geo.api import check_story

    faults: list[Fault] = []
    rows: list[Fault] = []
    sound = []
    warnings: list[str] = []
    for path in _sources(source):
        try:
            found = check_story(
                path,
                places=[Path(p) for p in places],
                user_gazetteer=not bundled,
                limits=_limits(most),
                table=_table_options(table, most["max_bytes"]),
            )
        except InputError as error:
            faults.extend(error.faults)
        else:
            for note in found.notes:
                _note(f"{path}: {note}", as_json)
            rows.extend(found.faults)
            warnings.extend(found.warnings)
            many = f"{found.events:,} {'event' if found.events == 1 else 'events'}"
            if found.refused:
                sound.append(f"{path}: {many}, {found.refused:,} bad {'row' if found.refused == 1 else 'rows'} kept out")
            else:
                sound.append(f"{path}: no fault in {many}")
    _report(table["report"], [*rows, *(fault for fault in faults if fault.row is not None)], as_json)
    _print_faults(rows, as_json)
    if faults:
        raise InputError(faults)
    _warn(warnings, as_json)
    if not as_json:
        for line in sound:
            _say(line)


@strikemap.command()
@click.argument("name", nargs=-1)
@click.option("--in", "within", metavar="COUNTRY|PLACE", help="Only places in this country, province or area.")
@_places
@_bundled
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@_online
@_debug
def locate(
    name: tuple[str, ...],
    within: str | None,
    places: tuple[str, ...],
    bundled: bool,
    as_json: bool,
    online: OnlineOptions | None,
    debug: bool,
) -> None:
    """Show what the gazetteer answers for each NAME, with every candidate and why one was chosen.

    The name - reads names from standard input, one a line, and answers each in turn.
    """
    if not name:
        raise UsageError("no name; write one or more, or - to read them from standard input")
    from geo.api import BuildOptions, online_warnings, open_gazetteer
    from geo.places.answer import answer

    gazetteer = open_gazetteer(
        BuildOptions(places=tuple(Path(place) for place in places), user_gazetteer=not bundled, online=online)
    )
    progress = _Progress()
    try:
        names, count = _names(name)
        for number, asked in enumerate(names, 1):
            found = answer(asked, gazetteer, within)
            click.echo(json.dumps(found, ensure_ascii=False) if as_json else _told(found))
            progress.at(number, count)
    finally:
        progress.end()
        _warn(online_warnings(gazetteer), as_json)
        gazetteer.close()


class _Progress:
    """A bar on standard error for work over a second: only where that is a terminal, and no answers go to it as well.

    With a word for the work a bar without an end moves while nothing is counted.
    """

    def __init__(self, label: str = "names", beside_answers: bool = True, working: str = "", after: float = 1) -> None:
        self._bar: Any = None
        self._label, self._working, self._after = label, working, after
        self._since = time.monotonic()
        self._shown = sys.stderr.isatty() and not (beside_answers and sys.stdout.isatty())
        self._over, self._one = threading.Event(), threading.Lock()
        self._counting = False
        if working and self._shown:
            threading.Thread(target=self._move, daemon=True).start()

    def at(self, number: int, of: int | None = None) -> None:
        """`number` of `of` are done; None where it is not known how many there are."""
        if not self._shown or (not self._counting and time.monotonic() - self._since < self._after):
            return
        with self._one:
            if not self._counting:
                self._open(self._label, of)
                self._counting = True
            self._bar.update(number - self._bar.pos)
            if self._working and number == of:
                self._close()

    def end(self) -> None:
        self._over.set()
        with self._one:
            self._close()

    def _move(self) -> None:
        if self._over.wait(self._after):
            return
        while not self._over.wait(0.1):
            with self._one:
                if not self._counting and not self._over.is_set():
                    if self._bar is None:
                        self._open(self._working, None)
                    self._bar.update(1)

    def _open(self, label: str, length: int | None) -> None:
        self._close()
        # click knows a bar without an end by a sequence whose length nobody knows.
        self._bar = click.progressbar(None if length is not None else (None for _ in ()), length, label, file=sys.stderr, show_pos=bool(length) or not self._working)
        self._bar.__enter__()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
        self._bar, self._counting = None, False


def _names(given: Sequence[str]) -> tuple[Iterable[str], int | None]:
    """The names, read as they come, and how many there are; None where standard input is no file."""
    if "-" not in given:
        return _read_names(given), len(given)
    with suppress(OSError, ValueError):
        if stat.S_ISREG(os.fstat(sys.stdin.fileno()).st_mode):
            names = list(_read_names(given))
            return names, len(names)
    return _read_names(given), None


def _read_names(given: Sequence[str]) -> Iterable[str]:
    for name in given:
        if name != "-":
            # Where the locale is not UTF-8, Python has escaped what it could not read.
            yield os.fsencode(name).decode("utf-8", "replace")
            continue
        for line in sys.stdin.buffer:
            text = line.decode("utf-8", "replace").strip().removeprefix("\ufeff")
            if text:
                yield text


def _told(found: dict[str, Any]) -> str:
    """The answer for one name as a few lines of text."""
    query, status = found["query"], found["status"]
    if status == "found":
        lines = [f"{query}: {_place(found)}"]
    else:
        lines = [f"{query}: {status}"]
    if found.get("reason"):
        lines.append(f"  {found['reason']}")
    for candidate in found.get("candidates") or ():
        if candidate.get("id") == found.get("id"):
            continue
        km = candidate.get("km")
        lines.append(f"  or {_place(candidate)}" + (f", {km:.0f} km away" if km else ""))
    return "\n".join(visible(line) for line in lines)


def _place(found: dict[str, Any]) -> str:
    parts = [f"{found['name']} [{found['id']}]", str(found["kind"])]
    parts += [str(found[key]) for key in ("admin1", "country") if found.get(key)]
    parts.append(f"{found['lat']:.4f} {found['lon']:.4f}")
    if found.get("precision"):
        radius = found.get("radius_m")
        parts.append(f"known to the {found['precision']}" + (f" ({radius:g} m)" if radius else ""))
    return ", ".join(parts)


@strikemap.command()
@click.argument("name")
@_debug
def new(name: str, debug: bool) -> None:
    """Write NAME.yaml, a commented story to fill in. An existing file is never touched."""
    from importlib.resources import files

    from geo.read.story import slug_of

    path = Path(name)
    if path.suffix.lower() not in STORIES:
        path = path.with_name(path.name + ".yaml") if path.name else path
    if not path.name or path.name.startswith("."):
        raise UsageError(f"{_cut(name)!r} is no name; write one like my-story")
    template = files("geo").joinpath("read", "template.yaml").read_text("utf-8")
    schema = Path(str(files("geo").joinpath("data", "story.schema.json")))
    text = template.replace("{schema}", schema.resolve().as_uri()).replace("{slug}", slug_of(path))
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(path, "exists already; choose another name") from None
    except FileNotFoundError:
        raise OutputError(path, f"the folder {path.parent} does not exist; make it first") from None
    except OSError as error:
        raise OutputError(path, f"could not be written ({(error.strerror or str(error)).lower()})") from None
    _say(f"{path}: fill it in, then: strikemap check {path}, strikemap build {path} --open")


@strikemap.group(no_args_is_help=False, invoke_without_command=True)
@click.pass_context
def gazetteer(ctx: click.Context) -> None:
    """Places of your own: add, list and remove files of them.

    They lie in one file on this machine; STRIKEMAP_GAZETTEER says where else.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@gazetteer.command("add")
@click.argument("file", nargs=-1, required=True)
@click.option("--name", metavar="NAME", help="What to call the data set (the file's name).")
@click.option("--licence", metavar="TEXT", help="Its licence, such as CC BY 4.0: it stands on every map that uses it.")
@click.option("--attribution", metavar="TEXT", help="Who made it: stands beside the licence.")
@click.option("--country", metavar="CC", help="The country of rows that name none, such as SY.")
@click.option("--replace", "replacing", is_flag=True, help="Put it in the place of a data set of that name.")
@_json
@_debug
def gazetteer_add(
    file: tuple[str, ...],
    name: str | None,
    licence: str | None,
    attribution: str | None,
    country: str | None,
    replacing: bool,
    as_json: bool,
    debug: bool,
) -> None:
    """Add each FILE of places to your gazetteer, all of them or none.

    FILE is a GeoNames country dump (SY.txt or SY.zip), an OCHA COD-AB or Who's On First table (.csv), GeoJSON with
    points or polygons, or a table with the columns name, lat and lon; kind, country, admin1, population and name_ar,
    name_fr … may follow. The bundled places answer first; yours answer inside the country or province of a story.
    """
    from geo.geometry import ground
    from geo.places import userdb

    started = time.perf_counter()
    added = userdb.add(
        [Path(one) for one in dict.fromkeys(file)], ground, name=name, licence=licence, attribution=attribution,
        country=country.upper() if country else None, replacing=replacing,
    )  # fmt: skip
    for one in added:
        _say(_dataset(one))
    _warn(
        (f"{one.name}: no licence is stated; say --licence before you publish a map with it" for one in added if not one.licence),
        as_json,
    )
    _say(f"{sum(one.places for one in added)} places added; {time.perf_counter() - started:.2f} s")


@gazetteer.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@_debug
def gazetteer_list(as_json: bool, debug: bool) -> None:
    """Show the data sets of your gazetteer: places, licence and the file that each came from."""
    from dataclasses import asdict

    from geo.places import userdb

    found = userdb.listed()
    for one in found:
        click.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else visible(_dataset(one)))
    if not found and not as_json:
        _say("no places of your own yet; add some with strikemap gazetteer add FILE")


@gazetteer.command("remove")
@click.argument("name")
@_json
@_debug
def gazetteer_remove(name: str, as_json: bool, debug: bool) -> None:
    """Take the data set NAME out of your gazetteer."""
    from geo.places import userdb

    gone = userdb.remove(name)
    _say(f"{gone.name}: {gone.places} places removed")


@gazetteer.command("forget")
@_json
@_debug
def gazetteer_forget(as_json: bool, debug: bool) -> None:
    """Forget what online services have answered (--online), found and not found.

    The answers lie in one file on this machine; STRIKEMAP_ONLINE_CACHE says where else.
    """
    from geo.places import cache

    path, count = cache.forget()
    _say(f"{path}: {count} answers forgotten" if path else "no answers are kept on this machine")


def _dataset(one: Any) -> str:
    areas = f", {one.areas} with an outline" if one.areas else ""
    left = f", {one.left_out} {'row' if one.left_out == 1 else 'rows'} left out" if one.left_out else ""
    credit = f"{one.attribution}, {one.licence or 'licence not stated'}"
    count = f"{one.places} {'place' if one.places == 1 else 'places'}"
    return f"{one.name}: {count}{areas}{left}; {one.format} file {one.file}; {credit}"


@strikemap.command()
@click.argument("old")
@click.argument("new")
@click.option("-f", "--format", "form", type=click.Choice(["text", "html"]), help="text, or html: a map of both (by -o).")
@click.option("-o", "--output", metavar="FILE", help="Where to; - is standard output (-). An .html file is a map of both.")
@click.option("--lang", "langs", callback=_langs, metavar="LIST", help="Languages of the map (those of NEW).")
@_places
@_bundled
@_max_page
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a change, and faults as JSON.")
@_debug
def diff(
    old: str, new: str, form: str | None, output: str | None, langs: tuple[str, ...] | None, places: tuple[str, ...],
    bundled: bool, max_bytes: int | None, as_json: bool, debug: bool,
) -> None:  # fmt: skip
    """Tell what changed from OLD to NEW, each a story, a table or a map that strikemap built.

    Events added and removed, moved (km), regraded (precision, status), with other numbers or dates, sources lost or
    added, texts changed. On the map each version has its colour, and what both have a third.
    """
    from geo import diff as differ
    from geo.api import BuildOptions
    from geo.changes import compare

    to_file = output is not None and output != "-"
    if to_file:
        _stays(str(output))
    if form is None:
        form = "html" if to_file and str(output).lower().endswith((".html", ".htm")) else "text"
    if form == "html" and as_json:
        raise UsageError("--json: a map is no JSON; leave out --json or -f html")
    options = BuildOptions(langs=langs, places=tuple(Path(place) for place in places), user_gazetteer=not bundled)
    before, after = differ.both(old, new, options, most=max_bytes)
    changes = compare(before, after)
    if form == "html":
        written = differ.as_map(before, after, changes, options)
    elif as_json:
        written = "".join(f"{json.dumps(one.as_dict(), ensure_ascii=False)}\n" for one in changes.changes).encode("utf-8")
    else:
        written = "".join(f"{visible(line)}\n" for line in differ.lines(changes)).encode("utf-8", "replace")
    if to_file:
        from geo.render.write import write_all

        for source in (old, new):
            if Path(str(output)).exists() and Path(source).exists() and Path(str(output)).samefile(source):
                raise OutputError(str(output), "is one of the two that are compared; name another file")
        write_all({Path(str(output)): written})
        _say(str(output))
    else:
        sys.stdout.buffer.write(written)
        sys.stdout.flush()
    _say(f"{old} → {new}: {differ.account(changes)}")


@strikemap.command()
@click.argument("page", metavar="MAP.html")
@click.option(
    "-f", "--format", "formats", default="geojson", callback=_data_formats, metavar="LIST",
    help="geojson, csv or both (geojson).",
)  # fmt: skip
@click.option("-o", "--output", metavar="PATH", help="A file for one format, else a folder; - is standard output (-).")
@_raw
@_max_page
@_json
@_debug
def data(
    page: str, formats: tuple[str, ...], output: str | None, raw: bool, max_bytes: int | None, as_json: bool, debug: bool
) -> None:
    """Give back the data that a built map carries, as strikemap build -f geojson,csv would write it.

    One format goes to standard output, both go beside the map, or to where -o says.
    """
    from geo.reopen import open_data

    if output is None:
        output = "-" if len(formats) == 1 else os.path.dirname(page) or "."
    plan = _Plan(output, formats, 1)
    one = open_data(page, formats, raw=raw, most=max_bytes)
    if plan.stdout:
        sys.stdout.buffer.write(one.outputs[formats[0]])
        sys.stdout.flush()
        return
    for path in _write(plan, [(Path(page), one)]):
        _say(str(path))


def _later(name: str, instead: str) -> None:
    """A command that is known and refused by name, whatever follows it."""

    @strikemap.command(name, hidden=True, context_settings={"ignore_unknown_options": True, "help_option_names": []})
    @click.argument("rest", nargs=-1, type=click.UNPROCESSED)
    def command(rest: tuple[str, ...]) -> None:
        raise UsageError(f"strikemap {name}: not built yet; {instead}")

    command.help = "Not built yet."


_later("draft", "write the story by hand: strikemap new NAME")

if __name__ == "__main__":
    main()
