"""Parquet. The reader is an extra: pip install 'strikemap[parquet]'."""

from __future__ import annotations

import io

from geo.errors import Fault, InputError
from geo.read.sheet import Sheet, TableLimits, sheet_of


def read_parquet(data: bytes, file: str, limits: TableLimits) -> Sheet:
    """The rows of a Parquet file; a timestamp at midnight is a date."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise InputError([Fault("extra", "reading .parquet needs a package that is not installed", "pip install 'strikemap[parquet]', or save it as CSV", file)]) from None
    from geo.read.sheets.workbook import _said

    try:
        opened = parquet.ParquetFile(io.BytesIO(data))
        if opened.metadata.num_rows > limits.rows:
            raise InputError([Fault("size", f"more than {limits.rows:,} rows", "split the table, or say --max-rows", file)])
        if opened.metadata.num_columns > limits.columns:
            raise InputError([Fault("size", f"more than {limits.columns:,} columns", "leave out what is not needed, or say --max-columns", file)])
        table = opened.read()
    except (arrow.ArrowException, OSError, ValueError):
        raise InputError([Fault("parquet", "this is no Parquet file, or a broken one", "export it again, or as CSV", file)]) from None
    columns = [[_said(value) for value in column.to_pylist()] for column in table.columns]
    return sheet_of(file, table.column_names, zip(*columns, strict=True), [0] * table.num_rows, syntax="parquet")
