"""Bytes and seconds of a table's columns as a page carries them: python tests/bench/payload.py FILE… [--rows N] [--columns]

Every column of the table is written as `geo.render.crowd.block` writes it, in the order of a page's rows: by day. `block` is
what was DEFLATEd, `text` the same as it stands in a page, `Parquet` what pyarrow makes of the file's own columns in the
file's order (`write_table(compression="zstd", compression_level=19)`), `share` the second of the third. Seconds are the
best of three; `--rows` repeats the rows until there are so many; `--columns` lists what takes most.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from geo import api
from geo.columns import NO_DAY, Coded, Table
from geo.model import Range
from geo.render.crowd.block import Block, by_appearance

ROUNDS = 3
LARGEST = 25


def columns_of(table: Table) -> dict[str, Coded[str]]:
    """What a page shows of a row, as texts."""
    found: dict[str, Coded[Any] | None] = {
        name: getattr(table, name) for name in ("id", "time", "mission", "quote", "quote_language")
    }
    found["kind"] = table.kind.map(lambda kind: kind.value)
    found["status"] = table.status.map(lambda status: status.value)
    found["actor"] = table.actor and table.actor.map(lambda actor: actor.id)
    found["place"] = table.claim.map(lambda claim: "\n".join((claim.name or {}).values()) or None)
    found["precision"] = table.claim.map(lambda claim: claim.precision.value if claim.precision else None)
    found["origins"] = table.origins and table.origins.map(
        lambda claims: "\n".join(f"{one.position} {' '.join((one.name or {}).values())}" for one in claims)
    )
    found["receipts"] = table.receipts and table.receipts.map(lambda receipts: "\n".join(map(str, receipts)))
    found |= {f"{name}@{lang}": column for name, by_lang in table.texts.items() for lang, column in by_lang.items()}
    found |= {name: column.map(as_text) for name, column in table.numbers.items()}
    found |= {f"x:{header}": column for header, column in table.extra.items()}
    return {name: column for name, column in found.items() if column is not None and not column.empty}


def as_text(number: Range) -> str:
    return str(number.low) if number.low == number.high else f"{number.low}/{number.high}"


def by_day(table: Table, rows: int | None) -> np.ndarray[Any, Any]:
    """Rows of the table in the order of a page, over and over where more are asked for."""
    first, last = (np.where(days == NO_DAY, np.iinfo(np.int32).max, days) for days in table.days)
    wanted = np.arange(rows or table.n, dtype=np.int64) % table.n
    return wanted[np.lexsort([last[wanted], first[wanted]])]


def positions(lon: Any, lat: Any) -> tuple[Any, Any, Any]:
    """Distinct pairs by first appearance, and each row's; -1 where there is none."""
    there = ~np.isnan(lat)
    pairs, first, of = np.unique(np.stack([lon[there], lat[there]]), axis=1, return_index=True, return_inverse=True)
    codes = np.full(len(lat), -1, np.int32)
    used, codes[there] = by_appearance(of.reshape(-1).astype(np.int32), len(first))
    return pairs[0][used], pairs[1][used], codes


def written(table: Table, columns: dict[str, Coded[str]], order: Any, spots: tuple[Any, Any, Any]) -> tuple[str, float]:
    """The block, and the seconds that it took."""
    began = time.perf_counter()
    block = Block()
    rows = block.table("rows", len(order))
    used, codes = by_appearance(table.when.codes[order], len(table.when.values))
    rows.codes("date", codes, of="dates")
    block.table("dates", len(used)).texts("edtf", [table.when.values[code].edtf for code in used.tolist()])
    rows.ints("number", table.row[order], delta=True)
    lon, lat, spot = spots
    rows.codes("spot", spot, of="positions")
    place = block.table("positions", len(lon))
    place.decimals("lon", lon)
    place.decimals("lat", lat)
    for name, column in columns.items():
        rows.texts(name, column)
    text = block.text()
    return text, time.perf_counter() - began


def parquet(path: str, rows: int | None) -> int:
    """Bytes of the file's own columns; 0 for a file that pyarrow takes for no CSV."""
    try:
        table = pa.csv.read_csv(path, parse_options=pa.csv.ParseOptions(newlines_in_values=True))
    except pa.ArrowInvalid:
        return 0
    if rows:
        table = table.take(np.arange(rows) % table.num_rows)
    into = io.BytesIO()
    pa.parquet.write_table(table, into, compression="zstd", compression_level=19)
    return into.tell()


def largest(text: str) -> list[tuple[int, str]]:
    """Characters of each column, the longest first."""
    found = []
    for name, table in json.loads(text.partition("\n")[0])["tables"].items():
        for called, column in table["columns"].items():
            size = 0
            for part in (column["at"], column.get("values", [])):
                size += sum(length for _, length in part) if not part or isinstance(part[0], list) else part[1]
            how = ", ".join(
                [
                    column["is"],
                    *(
                        f"{key} {column[key]}"
                        for key in ("w", "by", "new", "delta", "none", "scale", "size")
                        if key in column
                    ),
                ]
            )
            found.append((size, f"{name}.{called} ({how})"))
    return sorted(found, reverse=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("files", nargs="+")
    options.add_argument("--rows", type=int, help="repeat the rows until there are so many")
    options.add_argument("--columns", action="store_true", help=f"list the {LARGEST} largest columns")
    asked = options.parse_args()
    print(
        f"{'file':32} {'rows':>9} {'columns':>7} {'block':>10} {'text':>10} {'Parquet':>10} {'share':>6} {'seconds':>8}"
    )
    for path in asked.files:
        table = api.load_table(path)
        order = by_day(table, asked.rows)
        columns = {name: Coded(column.values, column.codes[order]) for name, column in columns_of(table).items()}
        spots = positions(table.lon[order], table.lat[order])
        text, seconds = min((written(table, columns, order, spots) for _ in range(ROUNDS)), key=lambda one: one[1])
        packed = len(text.partition("\n")[2]) * 4 // 5
        other = parquet(path, asked.rows)
        share = f"{len(text) / other:6.2f}" if other else "     –"
        print(
            f"{Path(path).name[:32]:32} {len(order):9,} {len(columns) + 4:7} {packed:10,} {len(text):10,} {other:10,} {share} {seconds:8.2f}"
        )
        if asked.columns:
            for size, name in largest(text)[:LARGEST]:
                print(f"    {size:9,} {name}")


if __name__ == "__main__":
    main()
