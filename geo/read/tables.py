"""A table file → `Table`: the syntax by its suffix, the format by its header, the columns by their rules."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import IO

from geo.columns import Coded, Table, combined, nothing, without_collection
from geo.errors import Fault, InputError, UsageError
from geo.read.columns import Columns
from geo.read.faults import nearest, shown
from geo.read.formats import Format, Mapped, formats
from geo.read.ourcolumns import plain
from geo.read.sheet import Sheet, TableLimits
from geo.read.story import read_bytes

MAX_BAD = 0.1
"""Share of bad rows up to which a table is read without them."""
LIMITS = TableLimits()
SUFFIXES = (
    ".csv", ".tsv", ".tab", ".txt", ".jsonl", ".ndjson", ".geojsonl", ".geojsons", ".geojsonseq", ".xlsx", ".parquet", ".geojson", ".json",
    ".kml", ".kmz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is read, with every default."""

    format: str | None = None
    """The format by name, where the header does not say."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Our column → the file's header."""
    dates: str | None = None
    """dmy or mdy."""
    max_bad: float = MAX_BAD
    strict: bool = False
    accessed: str = ""
    """The day the data were downloaded, which some licences want to be named."""
    limits: TableLimits = TableLimits()
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column (as `ourcolumns.plain` writes headers, the file's or ours) → values of which a row must have one."""
    first: date | None = None
    last: date | None = None
    """Rows whose date lies wholly before `first` or after `last` are left out, and count as no rows of the table."""
    place_words: Callable[[str], str | None] | None = None
    """Finds the words of a sentence that say where it was; without it the column of places is taken as it is."""


@without_collection()
def read_table(path: Path | str, options: TableOptions = TableOptions()) -> Table:
    """The rows of a table that are sound, in columns.

    Bad rows are kept out and described in `faults`. Raises InputError for a bad file: unreadable, of no known header, with
    an undecided date column, with more than `max_bad` of its rows bad (any, if `strict`).
    """
    file = str(path)
    sheet = read_sheet(path, options.limits)
    if not sheet.n and not sheet.bad_rows:
        raise InputError([Fault("empty", "there is no row below the header", "export the table again", file)])
    if not sheet.n and options.max_bad < 1:
        raise InputError([*sheet.bad, Fault("bad_rows", f"none of {sheet.bad_rows:,} rows can be read", "mend them, or export the table again", file)])
    mapped = _mapped(sheet, options)
    columns = Columns(sheet, mapped, options.limits, order=options.dates)
    table = columns.table(options.where, options.first, options.last)
    _enough(table, sheet, options)
    return replace(table, accessed=options.accessed)


def is_table(path: Path | str) -> bool:
    """Whether a file is a table, by its suffix (`.gz` apart). What a `.zip` holds is a table."""
    name = str(path).lower().removesuffix(".gz")
    return name.endswith((*SUFFIXES, ".zip"))


def read_sheet(path: Path | str, limits: TableLimits = LIMITS) -> Sheet:
    """The columns of a file as text, by its suffix; `.gz` is unpacked."""
    file = str(path)
    data = read_bytes(path, limits.bytes)
    suffixes = [suffix.lower() for suffix in Path(file).suffixes]
    if suffixes and suffixes[-1] == ".gz":
        data, suffixes = _unzipped(data, file, limits), suffixes[:-1]
    elif suffixes and suffixes[-1] == ".zip":
        data, suffixes = _unpacked(data, file, limits)
    if len(data) > limits.bytes:
        raise InputError([Fault("size", f"larger than {limits.bytes:,} bytes", "split it, or say --max-bytes", file)])
    return _without_tags(_by_syntax(suffixes[-1] if suffixes else "", data, file, limits))


def _without_tags(sheet: Sheet) -> Sheet:
    """The sheet without a first row of HXL tags (`#date+start`), which humanitarian exports have below the header."""
    first = [text for column in sheet.columns if sheet.n and (text := column.at(0))]
    if not first or not all(text.startswith("#") for text in first):
        return sheet
    import numpy as np

    rest = np.arange(1, sheet.n, dtype=np.int32)
    return replace(sheet, columns=tuple(column.take(rest) for column in sheet.columns), line=sheet.line[rest], row=sheet.row[rest])


def _by_syntax(suffix: str, data: bytes, file: str, limits: TableLimits) -> Sheet:
    if not data.strip():
        raise InputError([Fault("empty", "there is nothing in it", "export the table again", file)])
    if suffix in (".geojson", ".json"):
        from geo.read.sheets.features import found_geojson, read_features
        from geo.read.sheets.jsontext import decoded, parsed
        from geo.read.sheets.records import read_records

        text = decoded(data, file)
        if _is_lines(text):
            from geo.read.sheets.records import read_lines

            return read_lines(data, file, limits)
        value = parsed(text, file)
        if found := found_geojson(value) or (value if suffix == ".geojson" and isinstance(value, dict) else None):
            return read_features(found, file, limits)
        return read_records(value, file, limits)
    if suffix in (".jsonl", ".ndjson", ".geojsonl", ".geojsons", ".geojsonseq"):
        from geo.read.sheets.records import read_lines

        return read_lines(data, file, limits)
    if suffix in (".kml", ".kmz"):
        from geo.read.sheets.kml import read_kml, read_kmz

        return (read_kmz if suffix == ".kmz" else read_kml)(data, file, limits)
    if suffix == ".xlsx":
        from geo.read.sheets.workbook import read_workbook

        return read_workbook(data, file, limits, _is_known)
    if suffix == ".parquet":
        from geo.read.sheets.parquet import read_parquet

        return read_parquet(data, file, limits)
    from geo.read.sheets.delimited import as_text, read_delimited

    if suffix in (".txt", ""):
        from geo.read.sheets.release import is_release, read_release

        if is_release(text := as_text(data, file)):
            return read_release(text, file, limits)
    return read_delimited(data, file, limits)


def _is_lines(text: str) -> bool:
    """Whether a JSON file is one of an object a line, under another name."""
    first, _, rest = text[:1_000_000].lstrip().partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")


SMALL = 50_000_000
"""Up to this size a table may unpack from nothing."""


def _all_of(packed: IO[bytes] | io.BufferedIOBase, size: int, file: str, limits: TableLimits) -> bytes:
    """What a packed file holds, one byte more than is allowed at most. Raises InputError for one made to fill the memory."""
    bound = min(limits.bytes, max(SMALL, limits.ratio * size))
    data = packed.read(bound + 1)
    if bound < len(data) <= limits.bytes:
        raise InputError([Fault("size", f"unpacks to more than {limits.ratio} times its size", "say --max-ratio, if it is meant to", file)])
    return data


def _unzipped(data: bytes, file: str, limits: TableLimits) -> bytes:
    import gzip
    import zlib

    try:
        with gzip.open(io.BytesIO(data)) as packed:
            return _all_of(packed, len(data), file, limits)
    except (OSError, EOFError, zlib.error):
        raise InputError([Fault("unreadable", "this is no gzip file, or a broken one", "fetch it again", file)]) from None


def _unpacked(data: bytes, file: str, limits: TableLimits) -> tuple[bytes, list[str]]:
    """The one table of a .zip, and its suffixes; a licence or a codebook may lie beside it."""
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [info for info in packed.infolist() if not info.is_dir() and not info.filename.startswith("__MACOSX/")]
            tables = [info for info in inside if info.filename.lower().endswith(SUFFIXES) and not info.filename.lower().endswith(".txt")]
            one = tables if len(tables) == 1 else inside
            if len(one) != 1:
                raise InputError([Fault("zip", f"{len(inside)} files are in it", "unpack it and name the table", file)])
            with packed.open(one[0]) as stream:
                return _all_of(stream, len(data), file, limits), [suffix.lower() for suffix in Path(one[0].filename).suffixes]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        raise InputError([Fault("unreadable", "this is no zip file, or a broken one", "fetch it again", file)]) from None


def _mapped(sheet: Sheet, options: TableOptions) -> Mapped:
    known = formats()
    if options.format:
        if options.format not in known:
            near = nearest(options.format, known)
            raise UsageError(f"--as {options.format}: no such format; " + (f'did you mean "{near}"?' if near else f"choose from {', '.join(known)}"))
        one = known[options.format]
    elif options.columns:
        one = _owner(sheet, known) or known["generic"]
    else:
        one = _recognised(sheet, known)
    single, twice = _once(sheet)
    mapped = one.mapped(single)
    if options.format:
        _not_another(mapped, one, sheet, options)
        if (owner := _owner(sheet, known)) and owner is not one:
            _licensed(mapped, owner.mapped(single), single)
    if twice:
        _not_twice(mapped, sheet, twice)
    find = options.place_words
    if mapped.sentence is not None and find is not None:
        stated = mapped.columns.get("place") or nothing(sheet.n)
        mapped.columns["place"] = combined((mapped.sentence, stated), lambda said, place: (find(said) if said else None) or place)
    return _told(mapped, sheet, options.columns) if options.columns else mapped


def _owner(sheet: Sheet, known: Mapping[str, Format]) -> Format | None:
    """The format whose very header the sheet has, of those that are somebody's."""
    names = frozenset(sheet.names())
    return next((one for one in known.values() if one.name not in ("generic", "strikemap") and one.fits(names, sheet)), None)


def _not_another(mapped: Mapped, one: Format, sheet: Sheet, options: TableOptions) -> None:
    """Raises InputError where the format that the user named finds neither a date nor a position in the file."""
    if {"date", "lat"} & mapped.columns.keys() or {"date", "lat"} & options.columns.keys():
        return
    cure = "leave --as out, or name the columns with --columns"
    raise InputError([Fault("format", f"this is no table of {one.title}: it has no column for date or position", cure, sheet.file)])


def _licensed(mapped: Mapped, theirs: Mapped, sheet: Sheet) -> None:
    """Who made a table decides what may be published of it, however it is read: their credit, and without what they withhold."""
    mapped.profile = theirs.profile
    withheld = set(theirs.profile.withheld)
    for ours in [ours for ours, number in mapped.headers.items() if plain(sheet.header[number - 1]) in withheld]:
        del mapped.columns[ours], mapped.headers[ours]
    mapped.extra = {header: column for header, column in mapped.extra.items() if plain(header) not in withheld}


def _told(mapped: Mapped, sheet: Sheet, columns: Mapping[str, str]) -> Mapped:
    """`mapped` with the columns that the user named; a column so named is read strictly."""
    index = sheet.names()
    for ours, theirs in columns.items():
        at = index.get(plain(theirs))
        if at is None:
            near = nearest(plain(theirs), index)
            raise InputError([
                Fault(
                    "column", f"there is no column {shown(theirs, 40)}",
                    f'did you mean "{sheet.header[index[near]].strip()}"?' if near else f"the header is {shown(', '.join(sheet.header), 120)}",
                    sheet.file, None, None, None, ours,
                )
            ])  # fmt: skip
        if plain(theirs) in mapped.profile.withheld:
            terms = f"the terms of {mapped.profile.name} forbid to publish the column {shown(theirs, 40)}"
            raise InputError([Fault("licence", terms, f"leave {ours} out", sheet.file, None, None, None, ours)])
        for key in [key for key, number in mapped.headers.items() if number == at + 1]:
            del mapped.headers[key], mapped.columns[key]
        mapped.columns[ours], mapped.headers[ours] = sheet.columns[at], at + 1
    mapped.loose -= set(columns)
    said = [f"{theirs} as {ours}" for ours, theirs in columns.items()]
    # What was guessed of the others is still worth saying, what was not taken has changed.
    guesses = [note.partition("; not taken: ")[0] for note in mapped.notes]
    mapped.notes = [f"columns taken as you said: {', '.join(said)}", *guesses]
    return mapped


def _is_known(sheet: Sheet) -> bool:
    """Whether the headers of a sheet are those of a table."""
    names = frozenset(sheet.names())
    return any(one.fits(names, sheet) for one in formats().values())


def _recognised(sheet: Sheet, known: Mapping[str, Format]) -> Format:
    names = frozenset(sheet.names())
    for one in known.values():
        if one.fits(names, sheet):
            return one
    from geo.read.formats.gdelt import other_table

    if other := other_table(sheet):
        raise InputError([Fault("header", f"this is {other}, which holds no events", "take the .export.CSV of the same time", sheet.file, 1)])
    if sheet.headerless:
        message = "the first row is no header and the columns are of no known format"
    else:
        message = f"no known header: {shown(', '.join(sheet.header[:12]), 100)}"
    raise InputError([
        Fault(
            "header", message, "name date and place (or lat and lon) in the first row, or say --columns or --as", sheet.file,
            1 if sheet.syntax == "csv" else None,
        )
    ])  # fmt: skip


def _once(sheet: Sheet) -> tuple[Sheet, dict[int, int]]:
    """The sheet with each header once, and of each column (from 1) whose header stood twice with other values, the other."""
    first: dict[str, int] = {}
    header = list(sheet.header)
    twice: dict[int, int] = {}
    for number, name in enumerate(sheet.header, 1):
        key = name.strip().lower()
        if key and key in first:
            header[number - 1] = f"{name.strip()} ({number})"
            if not _same(sheet.columns[first[key] - 1], sheet.columns[number - 1]):
                twice[first[key]] = twice[number] = number
        first.setdefault(key, number)
    return (replace(sheet, header=tuple(header)) if len(first) < len(sheet.header) else sheet), twice


def _same(a: Coded[str], b: Coded[str]) -> bool:
    import numpy as np

    return a.values == b.values and bool(np.array_equal(a.codes, b.codes))


def _not_twice(mapped: Mapped, sheet: Sheet, twice: Mapping[int, int]) -> None:
    """A header that is taken and stands twice says two things: which of them is meant is for the file's owner to say."""
    used = {number: ours for ours, number in mapped.headers.items()}
    for number in sorted(twice.keys() & used.keys()):
        other = twice[number]
        name = sheet.header[other - 1].strip()
        raise InputError([
            Fault(
                "duplicate_column", f"the column {shown(name, 40)} stands twice (columns {number} and {other})",
                "rename or delete one", sheet.file, 1 if sheet.syntax == "csv" else None, other, None, name[:40],
            )
        ])  # fmt: skip


def _enough(table: Table, sheet: Sheet, options: TableOptions) -> None:
    total = sheet.n + sheet.bad_rows
    share = table.refused / total if total else 0.0
    if not table.refused or (not options.strict and share <= options.max_bad):
        return
    said = f"{table.refused:,} of {total:,} rows are bad"
    if options.strict:
        cure = "mend them, or leave --strict out"
    else:
        cure = f"mend them, or say --max-bad {min(99, int(share * 100) + 1)}" if share < 0.99 else "is this the right format? see --as and --columns"
    raise InputError([*table.faults, Fault("bad_rows", said, cure, table.file)])
