"""Seconds and bytes of the ground of five frames: python tests/bench/ground.py

Each frame runs in a process of its own, so that nothing is cached. `imports` is what the process loads before it draws
(numpy, shapely, the gazetteer, the words of its languages); `overview` and `base` are wall time of `Ground.overview` and `Ground.base`, the best of five;
`data` is the base map as the page carries it. Run it on a quiet machine; `taskset -c 0,1` gives it two cores.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time

FRAMES: dict[str, tuple[tuple[float, float, float, float], tuple[str, ...], tuple[str, ...]]] = {
    # Core (west, south, east, north), countries whose provinces are drawn, outlines that are hatched.
    "story": ((34.9, 33.0, 43.4, 37.2), ("SY", "IQ"), ("province:SY-RA", "province:SY-ID", "circle:38.3,34.6,20000")),
    "Vietnam": ((102.1, 8.6, 109.5, 22.4), ("VN", "LA", "KH"), ("province:LA-SV", "undisputed:LA")),
    "WWII world": (
        (-109.3, -21.4, 177.5, 63.43),
        (),
        ("undisputed:IT", "undisputed:GR", "undisputed:FR", "province:IT-PA", "sea:mediterranean-sea", "circle:9.0,54.0,300000"),
    ),
    "Pacific": ((115.0, -25.0, 215.0, 45.0), (), ("undisputed:JP", "undisputed:ID", "undisputed:PG", "sea:indian-ocean")),
    "one town": ((36.2, 37.0, 36.21, 37.01), ("TR", "SY"), ()),
}
ROUNDS = 5


def measure(name: str) -> dict[str, object]:
    """One frame, cold, in this process."""
    started = time.perf_counter()
    from geo.geometry import basemap  # noqa: F401
    from geo.geometry import frame as framing
    from geo.geometry.frame import Extent
    from geo.places.gazetteer import Gazetteer
    from geo.scene import text
    from geo.scene.ground import LARGE, Ground, Taken, framed

    core, countries, outlines = FRAMES[name]
    gazetteer = Gazetteer.open(user=False)
    core, bounds, turn = framed(framing.grow_to(Extent(*core), framing.MIN_SPAN_DEG))
    view = framing.view(core, *LARGE)
    spots = [(core.west + n * (core.east - core.west) / 19, (core.south + core.north) / 2) for n in range(20)]
    taken = Taken(any=True, countries=countries, places=frozenset(), spots=spots, seas=[o for o in outlines if o[:4] == "sea:"])
    languages = ("en", "fr", "ar")
    text.country_names("SY", languages)
    ground = Ground(languages, gazetteer, True, turn)
    loaded = time.perf_counter()
    overview = ground.overview(core, [core])
    seen = time.perf_counter()
    base, labels, _ = ground.base(core, bounds, view, taken, overview, {f"s{n}": ref for n, ref in enumerate(outlines)})
    drawn = time.perf_counter()
    made = json.dumps([base, labels], ensure_ascii=False).encode()
    return {
        "imports": loaded - started, "overview": seen - loaded, "base": drawn - seen, "data": len(base["data"]),
        "labels": len(labels), "sum": hashlib.sha256(made).hexdigest()[:12],
    }  # fmt: skip


def main() -> None:
    print(f"{'frame':12}{'imports':>9}{'overview':>10}{'base':>8}{'data':>8}{'labels':>8}  checksum")
    for name in FRAMES:
        runs = []
        for _ in range(ROUNDS):
            done = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
            runs.append(json.loads(done.stdout))
        best = {key: min(run[key] for run in runs) for key in runs[0]}
        print(f"{name:12}{best['imports']:9.3f}{best['overview']:10.3f}{best['base']:8.3f}{best['data']:8d}{best['labels']:8d}  {best['sum']}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
