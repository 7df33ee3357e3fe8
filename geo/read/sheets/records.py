"""JSON lines, a JSON list of records, and TimeMap exports with their sources and associations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from geo.errors import Fault, InputError
from geo.read.faults import shown
from geo.read.sheet import Sheet, TableLimits, sheet_of
from geo.read.sheets.jsontext import decoded, flat, parsed


def read_lines(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """One JSON object or GeoJSON feature a line. A line that is none is kept out, with its number."""
    text = decoded(data, file)
    from geo.read.sheets.features import Bad, record_of

    records: list[dict[str, str]] = []
    warnings: list[str] = []
    lines: list[int] = []
    numbers: list[int] = []
    bad: list[Fault] = []
    count = 0
    # A text sequence begins each with a record separator; other breaks than a line feed may stand in a text.
    for number, line in enumerate(text.split("\n"), 1):
        line = line.lstrip("\x1e")
        if not line.strip():
            continue
        count += 1
        if count > limits.rows:
            raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])
        try:
            value = parsed(line, file, number)
        except InputError as error:
            (fault,) = error.faults
            bad.append(Fault(fault.code, fault.message, fault.cure, file, number, fault.column, count))
            continue
        if not isinstance(value, dict):
            bad.append(Fault("type", "this is no JSON object", "write one {…} a line", file, number, None, count))
            continue
        if value.get("type") == "Feature":
            try:
                record, doubt = record_of(value)
            except Bad as error:
                bad.append(Fault("geometry", error.message, error.cure, file, number, None, count, "geometry"))
                continue
            if doubt:
                warnings.append(f"{file}:{number}: row {count}: {doubt}")
        else:
            record = flat(value)
        records.append(record)
        lines.append(number)
        numbers.append(count)
    return _sheet(file, records, lines, "jsonl", limits, numbers, bad, warnings)


def read_records(value: Any, file: str, limits: TableLimits) -> Sheet:
    """A list of objects, or an object that holds one at any depth: under a name like `events` or `data`, else under any.

    Also the ways in which data frames are written: an object of columns or of records, or `columns` and rows of values.
    """
    others: list[tuple[str, int]] = []
    shared: dict[str, Any] = {}
    value = _framed(value)
    if not isinstance(value, list):
        shared, value = _listed(value, others)
        value = _framed(value)
    warnings = [f"{file}: the records of {shown(name, 40)} are not read: {count}" for name, count in others]
    if not isinstance(value, list) or not value:
        raise InputError([Fault("type", "there is no list of records in it", "name a table, GeoJSON, or a list of objects", file)])
    if len(value) > limits.rows:
        raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])
    records, numbers, bad = [], [], []
    for number, item in enumerate(value, 1):
        if isinstance(item, dict):
            records.append(flat(_joined(item, shared)))
            numbers.append(number)
        else:
            bad.append(Fault("type", "this is no object", "write {…} for each record", file, None, None, number))
    return _sheet(file, records, [0] * len(numbers), "json", limits, numbers, bad, warnings)


def _framed(value: Any) -> Any:
    """The records of a data frame written as JSON; anything else as it is."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(row, list) for row in value):
        header, *rows = value
        if all(isinstance(name, str) and name for name in header):
            return [dict(zip(header, row, strict=False)) for row in rows]
    if not isinstance(value, dict) or not value:
        return value
    names, cells = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(cells, list) and cells and all(isinstance(row, list) for row in cells):
        return [dict(zip(map(str, names), row, strict=False)) for row in cells]
    columns = list(value.values())
    if not any(isinstance(part, dict | list) for part in columns):
        return [value]
    if all(isinstance(column, list) and len(column) == len(columns[0]) and not any(isinstance(cell, dict | list) for cell in column) for column in columns):
        return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
    if all(isinstance(part, dict) and part for part in columns) and len(columns) > 1:
        if all(map(str.isdigit, columns[0])) and all(part.keys() == columns[0].keys() for part in columns):
            return [{name: column[row] for name, column in value.items()} for row in columns[0]]
        shared = set.intersection(*(set(part) for part in columns))
        if len(shared) > 1 and not any(isinstance(part[name], dict) for part in columns for name in shared):
            return [{"id": name, **part} for name, part in value.items()]
    return value


_LISTS = ("events", "data", "records", "results", "result", "rows", "items", "incidents", "videos", "value")


def _listed(value: Any, others: list[tuple[str, int]], depth: int = 0) -> tuple[dict[str, Any], Any]:
    """The list of records in `value`, and the object that it stands in.

    Of several under names that say nothing, those of the same keys are one table; the rest goes to `others`, with its length.
    """
    if not isinstance(value, dict):
        return {}, value
    named = {key.lower(): part for key, part in value.items()}
    parts = [*(named[key] for key in _LISTS if key in named), *value.values()]
    lists = {key: part for key, part in value.items() if isinstance(part, list) and part and all(isinstance(item, dict) for item in part)}
    for part in parts:
        if any(part is one for one in lists.values()):
            if any(part is named.get(key) for key in _LISTS):
                return value, part
            alike = [one for one in lists.values() if one[0].keys() == part[0].keys()]
            others += [(key, len(one)) for key, one in lists.items() if one[0].keys() != part[0].keys()]
            return value, [item for one in alike for item in one]
    if depth < 4:
        for part in parts:
            if isinstance(part, dict):
                shared, found = _listed(part, others, depth + 1)
                if found is not None:
                    return shared, found
    return value, next((part for part in parts if isinstance(part, list) and part), None)


def _joined(event: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """A TimeMap event with its first source's title, address and date, and its associations' titles, written into it."""
    sources, associations = shared.get("sources"), shared.get("associations")
    within = event.get("sources")
    if isinstance(within, list) and within and all(isinstance(source, dict) for source in within):
        first = within[0]
        paths = first.get("paths") or [first.get("path"), first.get("url"), first.get("id")]
        link = next((p for p in paths if isinstance(p, str) and p.startswith("http")), None)
        said = first.get("title") or first.get("description")
        event = {**event, "sources": None, "source_url": link, "source_title": said, "source_publisher": first.get("publisher")}
    if not isinstance(sources, dict | list) and not isinstance(associations, list):
        return event
    out = dict(event)
    by_id = sources if isinstance(sources, dict) else {s.get("id"): s for s in sources or () if isinstance(s, dict)}
    named = event.get("sources")
    first = by_id.get(str(named[0])) if isinstance(named, list) and named else None
    if isinstance(first, dict):
        paths = first.get("paths") or ()
        out["source_title"] = first.get("title")
        out["source_url"] = next((p for p in [*paths, first.get("id")] if isinstance(p, str) and p.startswith("http")), None)
    if isinstance(named, list):
        out["sources"] = [str(name) for name in named]
    titles = {a.get("id"): a.get("title") or a.get("id") for a in associations or () if isinstance(a, dict)} if isinstance(associations, list) else {}
    if isinstance(event.get("associations"), list):
        out["associations"] = [str(titles.get(name, name)) for name in event["associations"] if isinstance(name, str)]
    return out


def _sheet(
    file: str, records: list[dict[str, str]], lines: list[int], syntax: str, limits: TableLimits, numbers: list[int], bad: list[Fault],
    warnings: Sequence[str] = (),
) -> Sheet:
    header = list(dict.fromkeys(key for record in records for key in record))
    if len(header) > limits.columns:
        raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file)])
    rows: Iterable[list[str]] = ([record.get(key, "") for key in header] for record in records)
    return sheet_of(file, header, rows, lines, syntax=syntax, numbers=numbers, bad=bad, warnings=warnings)
