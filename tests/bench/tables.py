"""Seconds and memory of reading, locating and accounting for tables: taskset -c 0,1 python tests/bench/tables.py FILE…

Each file runs in a process of its own. `imports` is what a process that reads no row takes; `read` and `locate` are
wall time of the stages, `peak` the process's largest resident size. Every row must be accounted for, or it says so.
With --notes N [ORIGINS] a table of ours is measured that has N rows, each with an id and a note of 120 characters of
its own, and as many origins (100; with as many as rows, each row has its own).
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def measure(path: str) -> dict[str, object]:
    """One table, cold, in this process."""
    started = time.perf_counter()
    import numpy as np

    from geo import api
    from geo.model import Location
    from geo.places.columns import locate_table
    from geo.places.gazetteer import Gazetteer

    gazetteer = Gazetteer.open(user=False)
    loaded = time.perf_counter()
    table = api.load_table(path)
    read = time.perf_counter()
    found = locate_table(table, gazetteer)
    located = time.perf_counter()
    kinds = np.array([(1 if a.precision.pinned else 2) if isinstance(a, Location) else 0 for a in found.answers], np.int8)[found.answer]
    unplaced, pinned, areas = (int((kinds == k).sum()) for k in range(3))
    return {
        "file": Path(path).name, "format": table.format, "rows": table.n + table.refused, "pinned": pinned, "areas": areas,
        "unplaced": unplaced, "refused": table.refused, "answers": len(found.answers), "lines": len(found.flights[0]), "imports": loaded - started, "read": read - loaded,
        "locate": located - read, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def write_notes(path: Path, rows: int, origins: int) -> None:
    """A table in our columns, of words that nobody wrote."""
    pick = random.Random(1)
    words = ["".join(pick.choices("abcdefghijklmnopqrstuvwxyz", k=pick.randint(3, 10))) for _ in range(3_000)]
    bases = [(f"Base {k}", round(pick.uniform(25, 40), 5), round(pick.uniform(30, 50), 5)) for k in range(origins)]
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow("id kind date title lat lon actor origin origin_lat origin_lon note".split())
        for number in range(rows):
            day = f"{pick.randint(2014, 2017)}-{pick.randint(1, 12):02}-{pick.randint(1, 28):02}"
            out.writerow([
                f"e{number:07}", pick.choice(("strike", "attack", "crash")), day, f"Strike near {pick.choice(words)}",
                round(pick.uniform(32, 37), 5), round(pick.uniform(36, 42), 5), pick.choice(("Coalition", "Russia", "Syria")),
                *bases[number if origins == rows else pick.randrange(origins)], " ".join(pick.choices(words, k=30))[:120],
            ])  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["--notes"]:
        rows, origins = int(sys.argv[2]), int((*sys.argv[3:], "100")[0])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{rows}-{origins}.csv"
            write_notes(path, rows, origins)
            report([str(path)])
        return
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2])))
        return
    report(sys.argv[1:])


def report(paths: list[str]) -> None:
    print(f"{'file':38} {'format':13} {'rows':>8} = pinned + areas + unplaced + refused   answers   lines  imports    read  locate  peak MB")
    for path in paths:
        done = subprocess.run([sys.executable, __file__, "--one", path], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{Path(path).name:38} {done.stderr.strip().splitlines()[-1][:120]}")
            continue
        m = json.loads(done.stdout)
        parts = [m[name] for name in ("pinned", "areas", "unplaced", "refused")]
        print(
            f"{m['file'][:38]:38} {m['format']:13} {m['rows']:>8} = {' + '.join(map(str, parts)):34} {m['answers']:>8} {m['lines']:>7}"
            f" {m['imports']:>7.2f}s {m['read']:>6.2f}s {m['locate']:>6.2f}s {m['peak']:>8.0f}" + ("" if sum(parts) == m["rows"] else "  DOES NOT ADD UP")
        )


if __name__ == "__main__":
    main()
