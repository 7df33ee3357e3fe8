"""Prints how many relative phrases are understood, and how far their positions are from the truth.

    python tests/bench/places_relative.py [TRUTH]
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from geo.model import Claim, Location, Position  # noqa: E402
from geo.places.gazetteer import Gazetteer  # noqa: E402
from geo.places.resolve import km, locate, step  # noqa: E402

TRUTH = Path(__file__).with_name("relative_truth.txt")


def read(path: Path) -> list[tuple[Position, str]]:
    """(position, phrase) of each line."""
    out = []
    for line in path.read_text("utf-8").splitlines():
        if "|" not in line or line.startswith("#"):
            continue
        base, metres, degrees, phrase = line.split("|")
        ends = [Position(*reversed([float(v) for v in end.split(",")])) for end in base.split(" .. ")]
        middle = Position(sum(p.lon for p in ends) / len(ends), sum(p.lat for p in ends) / len(ends))
        out.append((step(middle, float(degrees), float(metres)), phrase))
    return out


def main() -> None:
    truth = read(Path(sys.argv[1]) if len(sys.argv) > 1 else TRUTH)
    gazetteer = Gazetteer.open(user=False)
    errors = []
    for at, phrase in truth:
        found = locate(Claim(place=phrase), gazetteer)
        # An area or the bare place is no answer to a phrase that says more than a name.
        if not isinstance(found, Location) or found.radius_m is None:
            print(f"not understood: {phrase}: {found.reason}")
            continue
        errors.append(km(found.position, at))
        if errors[-1] > 5:
            print(f"{errors[-1]:5.1f} km: {phrase}: {found.reason}")
    print(f"{len(errors)} of {len(truth)} phrases understood ({len(errors) / len(truth):.1%})")
    print(f"median error {median(errors):.1f} km, largest {max(errors):.1f} km")


if __name__ == "__main__":
    main()
