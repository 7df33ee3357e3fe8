"""The data sets of the comparison, as CSV files; run as a process of its own:
python tests/bench/comparing/sets.py NAME OUT.csv [DATA]

Prints one line of JSON: rows, the period that filters are measured with (between the quartiles of the first days), and the
size of the same columns as `pyarrow.parquet.write_table(compression="zstd", compression_level=19)` of what
`pyarrow.csv.read_csv` reads from the file, in the file's order.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[3]
GAZETTEER = ROOT / "geo/data/gazetteer.jsonl.xz"

OUR_COLUMNS = (
    "date", "kind", "place", "lat", "lon", "precision", "actor",
    "origin", "origin_lat", "origin_lon", "origin_precision", "note",
)  # fmt: skip
NOTE = 120
"""Characters."""
BASES = 200
DAYS, DEGREES = 15, 0.05
"""How far a row of a moved copy stands from its original at most."""
WORDS = (
    "about according account across activists added advance after against aircraft airport airstrike alert along"
    " ambulance ammunition armed armoured army artillery assault at attack authorities barracks base battle before"
    " began below blast bomb border bridge building buildings burned camp campaign carried casualties centre"
    " checkpoint children church city civil civilian civilians claimed clinic coalition column command commander"
    " confirmed convoy crater cross crossing damage damaged dawn day dead declared defence depot described destroyed"
    " died district doctors drone during early eastern edge eight electricity embassy engaged evening explosion"
    " explosions factory families farm field fighters fighting fire five fled footage force forces four friday from"
    " fuel garage gate government grain ground group guard hall headquarters helicopter highway hill hit home"
    " hospital hotel hour hours house houses hundred industrial infantry injured inside intelligence junction killed"
    " known large late launched leaders left line local located low main market mayor mechanised medical men midday"
    " midnight military militia minister ministry missile mission monday monitors morning mortar mosque mountain"
    " moved munitions museum near neighbourhood night nine noon northern observatory office officer officials old"
    " one operation outskirts outside over part passed patrol people photographs pilot pilots plant police port"
    " position positions post power prison province published quarter radar railway raid raids reached refinery"
    " region report reported reports rescue residents river road rocket rockets route rubble runway said satellite"
    " saturday school second security seen separate seven several shell shelling shop silo site six small soldiers"
    " source sources southern spokesman square station statement still stopped storage store street strike strikes"
    " struck suburb sunday supply support tank tankers target targeted targets team ten tents terminal three"
    " thursday tower town towards train training troops truck trucks tuesday tunnel two under unit university"
    " unknown vehicle vehicles video village villagers warehouse warplanes was water weapons wednesday well western"
    " witnesses women wounded"
).split()  # fmt: skip


@dataclass(frozen=True, slots=True)
class DataSet:
    title: str
    """As the table calls it."""
    made: str
    """How, in one sentence for the table's foot."""
    make: Callable[[Path | None], Iterator[str]]
    """Lines of CSV; the argument is the folder of the real data."""
    real: bool = False
    """Needs that folder."""


def towns(countries: tuple[str, ...], least: int) -> list[tuple[str, float, float]]:
    """Name, lon and lat of every city of the bundled gazetteer with so many people."""
    with lzma.open(GAZETTEER, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.startswith('["city"')]
    return [(next(iter(r[8].values())), r[2], r[3]) for r in records if r[4] in countries and r[6] >= least]


def events(n: int, seed: int = 5) -> Iterator[str]:
    """`n` events, each with an origin and a note."""
    chance = Random(seed)
    targets = towns(("SY", "IQ"), 5000)
    bases = chance.sample(towns(("TR", "JO", "SA", "CY", "KW", "QA", "AE", "IR", "EG", "SY", "IQ"), 20000), BASES)
    actors = ("Air force one", "Air force two", "Air force three", "Air force four")
    start = date(2014, 8, 1)
    yield ",".join(OUR_COLUMNS)
    for _ in range(n):
        town, lon, lat = chance.choice(targets)
        base, base_lon, base_lat = chance.choice(bases)
        note = ""
        while len(note) < NOTE:
            note += f"{chance.choice(WORDS)} "
        yield row(
            start + timedelta(days=chance.randrange(1826)), "strike", town,
            f"{lat + chance.gauss(0, 0.08):.4f}", f"{lon + chance.gauss(0, 0.1):.4f}",
            "village", chance.choice(actors), base, base_lat, base_lon, "town", note[:NOTE].strip().ljust(NOTE, "."),
        )  # fmt: skip


def row(*cells: object) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue()


def real(data: Path | None, name: str) -> Path:
    if data is None or not (data / name).is_file():
        raise SystemExit(f"wants {name} in --data")
    return data / name


def thor(data: Path | None) -> Iterator[str]:
    yield from real(data, "thor_wwii_1943.csv").read_text("utf-8").splitlines()


def vietnam(data: Path | None, n: int | None = None, *, moved: bool = False) -> Iterator[str]:
    """All rows; or `n` spread evenly over the file; or, where `n` is more than there are, the file again and again.

    `moved`: every row of a copy stands up to `DAYS` and `DEGREES` from where its original does, at random, so that no two
    copies are alike.
    """
    with gzip.open(real(data, "thor_vietnam_targets.csv.gz"), "rt", encoding="utf-8") as lines:
        head, *rows = lines.read().splitlines()
    yield head
    if n is None:
        yield from rows
    elif n <= len(rows):
        yield from (rows[number * len(rows) // n] for number in range(n))
    else:
        chance = Random(5)
        for number in range(n):
            one = rows[number % len(rows)]
            if moved and number >= len(rows):
                day, lat, lon = one.split(",")
                day = str(date.fromisoformat(day) + timedelta(days=chance.randint(-DAYS, DAYS)))
                one = f"{day},{float(lat) + chance.uniform(-DEGREES, DEGREES):.4f}"
                one += f",{float(lon) + chance.uniform(-DEGREES, DEGREES):.4f}"
            yield one


def openflights(data: Path | None) -> Iterator[str]:
    """Every route both of whose airports are known, from origin to target, with the airline's and the aircraft's codes."""
    with gzip.open(real(data, "openflights_airports.dat.gz"), "rt", encoding="utf-8", newline="") as lines:
        airports = {cells[0]: (cells[1], cells[6], cells[7]) for cells in csv.reader(lines)}
    yield "kind,place,lat,lon,precision,origin,origin_lat,origin_lon,origin_precision,actor,aircraft"
    with gzip.open(real(data, "openflights_routes.dat.gz"), "rt", encoding="utf-8", newline="") as lines:
        for airline, _, _, start, _, end, _, _, aircraft in csv.reader(lines):
            if start in airports and end in airports:
                yield row("other", *airports[end], "landmark", *airports[start], "landmark", airline, aircraft)


SETS = {
    "10k": DataSet(
        "10,000 events + arcs, 120-character notes",
        f"made: scattered by 8 to 10 km around towns of Syria and Iraq, each flown from one of {BASES} towns,"
        f" words of the note drawn from {len(WORDS)}",
        lambda data: events(10_000),
    ),
    "100k": DataSet("100,000 events + arcs, the same", "made as the 10,000", lambda data: events(100_000)),
    "thor": DataSet("THOR 1943, all columns shown in cards", "as published", thor, True),
    "vietnam": DataSet("137,517 Vietnam targets", "as published", vietnam, True),
    "openflights": DataSet(
        "66,771 OpenFlights arcs",
        "routes joined to the positions of their airports, in our own columns",
        openflights,
        True,
    ),
    "million": DataSet(
        "1,000,000 (Vietnam replicated)",
        "the 137,517 Vietnam targets again and again, up to a million rows",
        lambda data: vietnam(data, 1_000_000),
        True,
    ),
    "million-moved": DataSet(
        "1,000,000 (Vietnam replicated, each copy's rows moved)",
        f"the same, every row of a copy up to {DAYS} days and {DEGREES}° from its original, so that no copy packs away",
        lambda data: vietnam(data, 1_000_000, moved=True),
        True,
    ),
    **{
        f"linear-{n}": DataSet(
            f"{n:,} of Vietnam",
            "evenly spread rows of the file; above 137,517 the file again and again, each copy's rows moved",
            lambda data, n=n: vietnam(data, n, moved=True),
            True,
        )
        for n in (1_000, 10_000, 100_000, 1_000_000)
    },
}
LINEAR = tuple(name for name in SETS if name.startswith("linear-"))


def period(days: list[str]) -> dict[str, str] | None:
    """The quartiles of ISO days; None where there are none."""
    days = sorted(day for day in days if len(day) == 10)
    return {"from": days[len(days) // 4], "to": days[3 * len(days) // 4]} if days else None


def first_days(path: Path) -> list[str]:
    """ISO days of the column that holds them; THOR's month stands first."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        found = []
        for cells in csv.DictReader(lines):
            day = cells.get("date") or cells.get("mission_date") or ""
            if "/" in day:
                month, number, year = day.split("/")
                day = f"{year}-{int(month):02d}-{int(number):02d}"
            found.append(day)
    return found


def parquet_size(path: Path) -> int:
    import pyarrow.csv
    import pyarrow.parquet

    out = path.with_suffix(".parquet")
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(path), out, compression="zstd", compression_level=19)
    return out.stat().st_size


def main(name: str, out: Path, data: Path | None) -> None:
    rows = -1
    with out.open("w", encoding="utf-8") as lines:
        for line in SETS[name].make(data):
            lines.write(f"{line}\n")
            rows += 1
    print(json.dumps({"rows": rows, "period": period(first_days(out)), "parquet": parquet_size(out)}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
