"""Prints how often the place of a release's sentence is found, and what its spellings lead to.

    python tests/bench/places_releases.py FILE.csv        columns line (the sentence), location and country
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.model import Claim, Location  # noqa: E402
from geo.places.gazetteer import Gazetteer  # noqa: E402
from geo.places.names import fold  # noqa: E402
from geo.places.phrases import parse  # noqa: E402
from geo.places.resolve import locate  # noqa: E402
from geo.places.sentences import place_words  # noqa: E402


def main() -> None:
    gazetteer = Gazetteer.open(user=False)
    counts: Counter[str] = Counter()
    spellings: dict[str, set[str]] = defaultdict(set)
    lost: Counter[str] = Counter()
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        words = place_words(row["line"])
        if words is None:
            lost[row["line"][:90]] += 1
            continue
        phrase = parse(words)
        counts["a place is found"] += 1
        stated = fold(parse(f"near {row['location'].strip()}").name)
        counts["equal to the location"] += stated in map(fold, (phrase.name, *phrase.within))
        counts["near is kept"] += phrase.near
        found = locate(Claim(place=words, country=row["country"]), gazetteer)
        if isinstance(found, Location) and found.place and found.place.kind != "country":
            counts["on the map, finer than a country"] += 1
            spellings[found.place.id].add(phrase.name)
        else:
            lost[f"{words}, {row['country']}: {found.reason}"] += 1
    for what, count in counts.items():
        print(f"{what:28} {count:6} of {len(rows)}, {count / len(rows):.1%}")
    for text, count in lost.most_common(40):
        print(f"  {count:4} {text}")
    print(f"{len(set().union(*spellings.values()))} spellings lead to {len(spellings)} places")


if __name__ == "__main__":
    main()
