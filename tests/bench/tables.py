"""Seconds and memory of reading, locating and accounting for tables: python tests/bench/tables.py FILE…

Each file runs in a process of its own. `imports` is what a process that reads no row takes; `read` and `locate` are
wall time of the stages, `peak` the process's largest resident size. Every row must be accounted for, or it says so.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path


def measure(path: str) -> dict[str, object]:
    """One table, cold, in this process."""
    started = time.perf_counter()
    import numpy as np

    from geo import api
    from geo.model import Location
    from geo.places.columns import locate_columns
    from geo.places.gazetteer import Gazetteer

    gazetteer = Gazetteer.open(user=False)
    loaded = time.perf_counter()
    table = api.load_table(path)
    read = time.perf_counter()
    answers, of = locate_columns(table.claim.values, table.claim.codes, table.lat, table.lon, gazetteer)
    kinds = np.array([(1 if a.precision.pinned else 2) if isinstance(a, Location) else 0 for a in answers], np.int8)[of]
    located = time.perf_counter()
    unplaced, pinned, areas = (int((kinds == k).sum()) for k in range(3))
    return {
        "file": Path(path).name, "format": table.format, "rows": table.n + table.refused, "pinned": pinned, "areas": areas,
        "unplaced": unplaced, "refused": table.refused, "distinct": len(answers), "imports": loaded - started, "read": read - loaded,
        "locate": located - read, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2])))
        return
    print(f"{'file':38} {'format':13} {'rows':>8} = pinned + areas + unplaced + refused  distinct  imports    read  locate  peak MB")
    for path in sys.argv[1:]:
        done = subprocess.run([sys.executable, __file__, "--one", path], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{Path(path).name:38} {done.stderr.strip().splitlines()[-1][:120]}")
            continue
        m = json.loads(done.stdout)
        parts = [m[name] for name in ("pinned", "areas", "unplaced", "refused")]
        print(
            f"{m['file'][:38]:38} {m['format']:13} {m['rows']:>8} = {' + '.join(map(str, parts)):34} {m['distinct']:>8}"
            f" {m['imports']:>7.2f}s {m['read']:>6.2f}s {m['locate']:>6.2f}s {m['peak']:>8.0f}" + ("" if sum(parts) == m["rows"] else "  DOES NOT ADD UP")
        )


if __name__ == "__main__":
    main()
