"""Parquet and GeoParquet. The reader is an extra: pip install 'strikemap[parquet]'."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from geo.columns import Coded, nothing
from geo.errors import Fault, InputError
from geo.read.sheet import Sheet, TableLimits, said_of
from geo.read.sheets import jsontext
from geo.read.sheets.features import CRS84, Bad, position_of

if TYPE_CHECKING:
    from geo.columns import Flags

GEOMETRIES = ("geometry", "geom", "the_geom", "wkb_geometry", "wkb", "shape")
"""Columns of well-known binary that no metadata name."""


def read_parquet(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """The rows of a Parquet file; a timestamp at midnight is a date, a record in a record `a.b`, a geometry lat and lon."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise InputError([Fault("extra", "reading .parquet needs a package that is not installed", "pip install 'strikemap[parquet]', or save it as CSV", file)]) from None
    import numpy as np

    try:
        opened = parquet.ParquetFile(io.BytesIO(data))
        if opened.metadata.num_rows > limits.rows:
            raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])
        if opened.metadata.num_columns > limits.columns:
            raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file)])
        table = opened.read()
        while any(arrow.types.is_struct(column.type) for column in table.schema):
            table = table.flatten()
        n = table.num_rows
        columns = {name: _column(table.column(k), n) for k, name in enumerate(table.column_names)}
    except (arrow.ArrowException, OSError, ValueError):
        raise InputError([Fault("parquet", "this is no Parquet file, or a broken one", "export it again, or as CSV", file)]) from None
    told = _geometry_column(table, file)
    bad: list[Fault] = []
    keep: Flags = np.ones(n, bool)
    if told is not None:
        found, wrong = _positions(columns.pop(told), n)
        keep = ~wrong
        columns = {**{name: column for name, column in columns.items() if name not in found}, **found}
        rows = np.flatnonzero(wrong)[: limits.faults].tolist()
        bad = [Fault("geometry", "the geometry cannot be read", "export it again", file, None, None, row + 1, told) for row in rows]
    texts = {name: column.changed(said_of(column.values)).take(np.flatnonzero(keep).astype(np.int32)) for name, column in columns.items()}
    number = np.flatnonzero(keep).astype(np.int32) + 1
    return Sheet(
        file, tuple(texts), tuple(texts.values()), np.zeros(len(number), np.int32), number, bad=tuple(bad), bad_rows=int((~keep).sum()),
        syntax="parquet",
    )  # fmt: skip


def _column(column: Any, n: int) -> Coded[Any]:
    """A column as text, each distinct value written once; binary that is no text stays binary."""
    import numpy as np
    import pyarrow as arrow

    if not n:
        return nothing(0)
    if arrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(arrow.timestamp("us", column.type.tz), safe=False)
    if arrow.types.is_nested(column.type):
        return Coded((), np.zeros(0, np.int32)) if not n else _coded([_said(value) for value in column.to_pylist()])
    if not arrow.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, arrow.ChunkedArray):
        whole = whole.chunk(0)
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Coded(tuple(range(len(whole.dictionary))), codes).changed([_said(value) for value in whole.dictionary.to_pylist()])


def _coded(values: list[Any]) -> Coded[Any]:
    import numpy as np

    return Coded(tuple(range(len(values))), np.arange(len(values), dtype=np.int32)).changed(values)


def _said(value: Any) -> Any:
    """The text of a cell, None for nothing, bytes that are no text as they are."""
    from geo.read.sheets.workbook import cell_text

    if value is None or value != value:
        return None
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value
    return jsontext.said(value) if isinstance(value, list | dict) and _plain(value) else cell_text(value)


def _plain(value: Any) -> bool:
    """Whether JSON can say it."""
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def _geometry_column(table: Any, file: str) -> str | None:
    """The column of geometries: the one that GeoParquet's metadata name, or binary under a usual name. Raises InputError."""
    import pyarrow as arrow

    try:
        geo = json.loads((table.schema.metadata or {}).get(b"geo", b"{}"))
    except ValueError:
        geo = {}
    name = geo.get("primary_column") if isinstance(geo, dict) else None
    if isinstance(name, str) and name in table.column_names:
        about = geo.get("columns", {}).get(name, {})
        crs = about.get("crs") if isinstance(about, dict) else None
        if crs and not any(known in f"{(crs.get('id') or {}).get('authority')}:{(crs.get('id') or {}).get('code')}" for known in CRS84):
            said = str(crs.get("name") or crs)[:60]
            raise InputError([Fault("crs", f"its crs is {said}: the coordinates are not degrees", "export it again as WGS 84 (EPSG:4326)", file, None, None, None, name)])
        return name
    binary = (arrow.types.is_binary, arrow.types.is_large_binary)
    return next((one.name for one in table.schema if one.name.lower() in GEOMETRIES and any(is_one(one.type) for is_one in binary)), None)


def _positions(column: Coded[Any], n: int) -> tuple[dict[str, Coded[str]], Flags]:
    """The columns that a column of well-known binary makes, and the rows whose geometry cannot be read."""
    import numpy as np
    from shapely import from_wkb
    from shapely.errors import ShapelyError
    from shapely.geometry import mapping

    records: list[dict[str, str]] = []
    wrong = np.zeros(len(column.values) + 1, bool)
    for code, value in enumerate(column.values):
        try:
            geometry = from_wkb(value.encode() if isinstance(value, str) else value)
            records.append(position_of(json.loads(json.dumps(mapping(geometry)))) if geometry is not None and not geometry.is_empty else {})
        except (ShapelyError, Bad, TypeError, ValueError):
            records.append({})
            wrong[code] = True
    names = dict.fromkeys(name for record in records for name in record)
    return {name: column.changed([record.get(name) for record in records]) for name in names}, wrong[column.codes]
