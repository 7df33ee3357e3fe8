"""Prints how a table of events with known positions is geocoded by its names alone.

    python tests/bench/places_tables.py ucdp FILE.csv[.gz]       place, province, district and country of UCDP GED
    python tests/bench/places_tables.py centcom FILE.csv         `location` and `country` of the coalition's releases
"""

from __future__ import annotations

import csv
import gzip
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.model import Claim, Location, Position  # noqa: E402
from geo.places.gazetteer import Gazetteer  # noqa: E402
from geo.places.resolve import km, locate  # noqa: E402

WRONG_KM = 10.0


def rows(path: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def ucdp(path: Path) -> None:
    table = list(rows(path))
    begin = time.perf_counter()
    gazetteer = Gazetteer.open()
    counts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for row in table:
        claim = Claim(
            place=row["where_coordinates"] or None, admin1=row["adm_1"] or None, admin2=row["adm_2"] or None,
            country=row["country"],
        )  # fmt: skip
        found = locate(claim, gazetteer)
        if not isinstance(found, Location):
            counts[f"unplaced: {found.code}"] += 1
        elif not found.precision.pinned:
            stated = "province" if row["adm_1"] else "country alone"
            counts[f"area: {found.precision} ({stated} stated)"] += 1
        elif km(found.position, Position(float(row["longitude"]), float(row["latitude"]))) <= WRONG_KM:
            counts["right at settlement level"] += 1
        else:
            counts[f"wrong by more than {WRONG_KM:.0f} km"] += 1
            wrong[f"{claim.place} → {found.place.id if found.place else found.position}"] += 1
    took = time.perf_counter() - begin
    report(counts, took)
    for what, count in wrong.most_common(15):
        print(f"  {count:4} {what}")


def centcom(path: Path) -> None:
    spellings: Counter[tuple[str, str]] = Counter((row["location"].strip(), row["country"]) for row in rows(path))
    begin = time.perf_counter()
    gazetteer = Gazetteer.open()
    counts: Counter[str] = Counter()
    places: dict[str, set[str]] = defaultdict(set)
    for (name, country), count in spellings.items():
        found = locate(Claim(place=f"near {name}", country=country), gazetteer)
        pinned = isinstance(found, Location) and found.precision.pinned and found.place is not None
        counts["found" if pinned else "area or unplaced"] += count
        if pinned and isinstance(found, Location) and found.place:
            places[found.place.id].add(name)
        else:
            print(f"  {count:4} {name}, {country}: {found.reason}")
    report(counts, time.perf_counter() - begin)
    print(f"{sum(map(len, places.values()))} spellings lead to {len(places)} places")


def report(counts: Counter[str], took: float) -> None:
    total = sum(counts.values())
    print(f"{total} rows in {took:.2f} s, gazetteer opened cold")
    for what, count in counts.most_common():
        print(f"{what:45} {count:6} {count / total:.1%}")


if __name__ == "__main__":
    {"ucdp": ucdp, "centcom": centcom}[sys.argv[1]](Path(sys.argv[2]))
