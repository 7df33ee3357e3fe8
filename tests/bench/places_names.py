"""Prints how many spellings of known places are right, wrong, ambiguous and unknown, and what a lookup costs.

    python tests/bench/places_names.py [TRUTH]
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.model import Claim, Location, Position, Unplaced  # noqa: E402
from geo.places.gazetteer import Gazetteer  # noqa: E402
from geo.places.resolve import km, locate  # noqa: E402

TRUTH = Path(__file__).with_name("places_truth.txt")
RIGHT_KM = 15.0


def verdict(truth: str, found: Location | Unplaced) -> str:
    if isinstance(found, Unplaced):
        return found.code
    if truth.startswith("A:"):
        return "right" if found.place is not None and found.place.id == truth[2:] else "wrong"
    lat, lon = map(float, truth.split(","))
    near = found.precision.pinned and km(found.position, Position(lon, lat)) <= RIGHT_KM
    return "right" if near else "wrong"


def main() -> None:
    truth = Path(sys.argv[1]) if len(sys.argv) > 1 else TRUTH
    begin = time.perf_counter()
    gazetteer = Gazetteer.open()
    opened = time.perf_counter() - begin
    counts: Counter[str] = Counter()
    names = []
    for line in truth.read_text("utf-8").splitlines():
        if "|" not in line or line.startswith("#"):
            continue
        where, _, spellings = line.partition("|")
        for name in spellings.split(";"):
            names.append(name)
            found = locate(Claim(place=name), gazetteer)
            outcome = verdict(where, found)
            counts[outcome] += 1
            if outcome != "right":
                print(f"{outcome}: {name} ({where}): {found.reason}")
    total = sum(counts.values())
    for outcome, count in counts.most_common():
        print(f"{outcome:10} {count:5} {count / total:.1%}")
    begin = time.perf_counter()
    for name in names * 10:
        gazetteer.lookup(name)
    warm = (time.perf_counter() - begin) / len(names) / 10
    print(f"opened in {opened * 1000:.1f} ms; a warm lookup takes {warm * 1e6:.0f} µs")


if __name__ == "__main__":
    main()
