"""Makes the same file into a page by folium, pydeck, plotly and strikemap, opens each, and compares them.

    python tests/bench/makers.py --data FOLDER            every data set, every maker, best of three, then growth
    python tests/bench/makers.py --sets 10k --makers folium-naive,strikemap --rounds 1
    python tests/bench/makers.py --makers strikemap --sets vietnam --page MAP.html       a page that is built already

Everything runs on two cores (`--cores 0,1` does what `taskset -c 0,1` does), in headless Chromium that draws in software.
Build is wall time less that of `python -c 'import folium'` in the same run, peak the builder's largest resident size. Every
figure is the best of the rounds (frames: the round with the lowest p95). How a page is measured stands in
`comparing/browser.py`, what each maker is asked to make in `comparing/builders.py`, what the sets are in
`comparing/sets.py`, the bounds in `comparing/bounds.py`. What does not end within its time is said so and is not tried in
another round. Pages are answered from local copies only (`comparing/copies.py`). Run it on a quiet machine.

FOLDER holds the real data: thor_wwii_1943.csv, thor_vietnam_targets.csv.gz, openflights_{airports,routes}.dat.gz. pydeck
and plotly (pip install 'strikemap[bench]') may stand in another environment, named by --python.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from comparing import copies, cost, table  # noqa: E402
from comparing.bounds import faster_than_linear, said, verdicts  # noqa: E402
from comparing.sets import LINEAR, SETS  # noqa: E402

PARTS = HERE / "comparing"
OURS = "strikemap"


@dataclass(frozen=True, slots=True)
class Maker:
    kind: str
    """Which of `comparing/pages` knows its page."""
    most: int
    """Rows; above, it is asked only with --all: it takes minutes or never ends."""
    webgl: bool = False
    served: bool = False
    """Its page is opened from a server on this machine: from a file it draws no mark, since its worker is refused."""


MAKERS = {
    "folium-naive": Maker("leaflet", 25_000),
    "folium-canvas": Maker("leaflet", 150_000),
    "folium-cluster": Maker("leaflet", 150_000),
    "folium-geojson": Maker("leaflet", 150_000),
    "pydeck": Maker("deck", 150_000, True),
    "plotly": Maker("plotly", 150_000, True, True),
    OURS: Maker("strikemap", 10_000_000),
}
AS_FOUND = ("requests", "final", "filter_detail", "typed_detail")
"""What has no best: taken from the first round."""
MEASURES = ("build", "drawn", "pan", "zoom", "filter", "typed", "card")
LONG = 60.0
"""Seconds of building after which one round is enough."""


def best(rounds: list[Any]) -> Any:
    """The lowest of what the rounds found; words only where no round found a number."""
    numbers = [one for one in rounds if not isinstance(one, str) and one is not None]
    if not numbers:
        return rounds[0] if rounds else None
    return min(numbers, key=lambda one: one["p95"] if isinstance(one, dict) and "p95" in one else one)


def opened(page: Path, maker: Maker, options: dict[str, Any], within: float) -> dict[str, Any]:
    """What `comparing/browser.py` says of a page: measure → value, "no end in N s" where it was given up."""
    command = [sys.executable, str(PARTS / "browser.py"), str(page), maker.kind, json.dumps(options)]
    found: dict[str, Any] = {}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL, start_new_session=True
        )
        assert process.stdout is not None
        doing, begun = "start", b""
        until = time.monotonic() + within
        try:
            while True:
                left = until - time.monotonic()
                if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                    found[doing] = f"no end in {within:.0f} s"
                    break
                if not (some := os.read(process.stdout.fileno(), 65536)):
                    if not found.get("end"):
                        errors.seek(0)
                        last = errors.read().decode("utf-8", "replace").strip().splitlines()
                        found[doing] = last[-1][:120] if last else "the browser ended"
                    break
                *whole, begun = (begun + some).split(b"\n")
                for line in whole:
                    told = json.loads(line)
                    if "begin" in told:
                        doing = told["begin"]
                    elif "measure" in told:
                        found[told["measure"]] = told["value"]
                    else:
                        found["end"] = True
                    until = time.monotonic() + within
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()
    return found


def given_up(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("no end")


STEPS = {"pan": "pan", "zoom": "wheel", "filter": "filter", "typed": "typed", "card": "card"}
"""Measures of a page in their order, and what `comparing/browser.py` calls the first part of each."""


def after_given_up(found: dict[str, Any], measures: list[str]) -> list[str]:
    """What has not been tried since a measure was given up; none where the page was never drawn."""
    if "drawn" not in found or given_up(found["drawn"]) or not any(map(given_up, found.values())):
        return []
    return [name for name, first in STEPS.items() if name in measures and first not in found]


def told(found: dict[str, Any]) -> dict[str, Any]:
    """One round of one page, in the words of the table."""
    answer = {
        name: found[name]
        for name in ("drawn", "load", "longest", "final", "requests", "pan", "wheel", "buttons")
        if name in found
    }
    steps = [found[name] for name in ("wheel", "buttons") if name in found]
    spreads = [one for one in steps if isinstance(one, dict)]
    if steps:
        # The slower of wheel and buttons.
        answer["zoom"] = max(spreads, key=lambda one: one["p95"]) if spreads else steps[0]
        if spreads:
            answer["step"] = max(one["step"] for one in spreads)
    for name in ("card", "filter", "typed"):
        if (value := found.get(name)) is None:
            continue
        if name == "filter" and isinstance(value, dict):
            answer["filter_detail"] = value
            value = value["ms"] if value["same"] else "never the same picture"
        if name == "typed" and isinstance(value, dict):
            answer["typed_detail"] = value
            value = [table.percentile(one, 50) for one in value.values()]
            answer["typed"] = max(value) if value else None
            continue
        answer[name] = table.percentile(value, 50) if isinstance(value, list) else value
    return answer


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: where things are, and how long they may take."""

    scratch: Path
    data: Path | None
    python: str
    copies: Path
    rounds: int
    measures: tuple[str, ...]
    build_within: float
    page_within: float
    pictures: bool

    def set(self, name: str) -> tuple[Path, dict[str, Any]]:
        """The file of a data set and what is known of it; made once a scratch folder and way of making.

        Raises SystemExit with why it cannot be made.
        """
        path = self.scratch / f"{name}.csv"
        known = self.scratch / f"{name}.json"
        maker = hashlib.sha256((PARTS / "sets.py").read_bytes()).hexdigest()
        if path.is_file() and known.is_file():
            kept: dict[str, Any] = json.loads(known.read_text("utf-8"))
            if kept["maker"] == maker:
                return path, kept
        done = cost.run(
            [sys.executable, str(PARTS / "sets.py"), name, str(path), *([str(self.data)] if self.data else [])],
            within=600,
        )
        if done.fault:
            raise SystemExit(f"{name}: {done.fault}")
        made = {**json.loads(done.output), "maker": maker}
        known.write_text(json.dumps(made), "utf-8")
        return path, made

    def imports(self) -> float:
        """Seconds of `import folium`: what every folium script pays before it begins."""
        return min(
            cost.run([sys.executable, "-c", "import folium"], within=60).seconds for _ in range(max(3, self.rounds))
        )

    def command(self, name: str, source: Path, out: Path) -> list[str]:
        if name == OURS:
            return [sys.executable, "-c", "from geo.cli import main; main()", "build", str(source), "-o", str(out)]
        python = sys.executable if name.startswith("folium") else self.python
        return [python, str(PARTS / "builders.py"), name, str(source), str(out)]

    def build(self, name: str, source: Path, out: Path, less: float) -> dict[str, Any]:
        """Best of the rounds: `build` seconds, `peak` and `bytes`, with what the builder said; one round where not asked for."""
        asked = "build" in self.measures
        rounds: list[cost.Cost] = []
        while len(rounds) < (self.rounds if asked else 1):
            done = cost.run(self.command(name, source, out), within=self.build_within)
            if done.fault:
                return {"fault": done.fault}
            rounds.append(done)
            if done.seconds > LONG:
                break
        put_in = json.loads(rounds[0].output) if name != OURS else {}
        if not asked:
            return {"bytes": out.stat().st_size, **put_in}
        return {
            "build": max(min(one.seconds for one in rounds) - less, 0.01),
            "peak": min(one.peak for one in rounds),
            "bytes": out.stat().st_size,
            "builds": [one.seconds for one in rounds],
            **put_in,
        }

    def page(self, name: str, page: Path, built: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
        """Best of the rounds of what the browser measures."""
        maker = MAKERS[name]
        rounds: list[dict[str, Any]] = []
        measures = [one for one in self.measures if name == OURS or one not in ("filter", "typed")]
        while len(rounds) < self.rounds:
            options = {
                "copies": str(self.copies), "webgl": maker.webgl, "served": maker.served, "measures": measures,
                "period": known.get("period"), "marks": built.get("marks", 0), "lines": built.get("lines", 0),
                "picture": str(page.with_suffix(".png")) if self.pictures else None,
            }  # fmt: skip
            began = time.monotonic()
            found = opened(page, maker, options, self.page_within)
            # What was given up takes nothing else with it: the rest is measured in a page opened anew.
            left = after_given_up(found, measures)
            while left:
                found = {**opened(page, maker, {**options, "measures": left}, self.page_within), **found}
                before, left = left, after_given_up(found, measures)
                if left == before:
                    break
            rounds.append(told(found))
            if any(given_up(value) for value in found.values()) or time.monotonic() - began > 2 * LONG:
                break
        names = dict.fromkeys(key for one in rounds for key in one)
        return {
            key: best([one[key] for one in rounds if key in one]) if key not in AS_FOUND else rounds[0].get(key)
            for key in names
        }


def report(name: str, known: dict[str, Any], results: dict[str, dict[str, Any]]) -> None:
    one = SETS[name]
    print(f"\n## {one.title}\n\n{known['rows']:,} rows, {one.made}; zstd Parquet {known['parquet']:,} bytes\n")
    print(
        "\n".join(
            table.lines(("maker", *table.COLUMNS), [table.maker_row(maker, found) for maker, found in results.items()])
        )
    )
    if OURS in results:
        ratios = table.ratio_rows(results, OURS)
        if ratios:
            print("\nTimes as much as ours (frames by their p95):\n")
            print("\n".join(table.lines(("maker", *table.RATIOS), ratios)))
        parquet = {"parquet": {"bytes": float(known["parquet"])}}
        others = {maker: table.figures(found) for maker, found in results.items()} | parquet
        found = verdicts(name, table.figures(results[OURS]), others)
        if found:
            print()
            print("\n".join(table.lines(("bound", "ours", "at most", ""), [table.verdict_row(each) for each in found])))
    if "longest" in results.get(OURS, {}):
        again = "" if results[OURS]["final"] else "; it said that it was drawn and went on drawing"
        print(f"\n{OURS} longest task while opening: {results[OURS]['longest']:.0f} ms{again}")
    if detail := results.get(OURS, {}).get("typed_detail"):
        print(f"\n{OURS} typed into, median / worst: {table.typed(detail)}")
    refused: dict[str, list[str]] = {}
    for maker, result in results.items():
        for url in sorted(set((result.get("requests") or {}).get("missing", ()))):
            refused.setdefault(url, []).append(maker)
    if refused:
        print("\nNo copy, so refused:", *(f"{url} ({', '.join(of)})" for url, of in refused.items()), sep="\n- ")
    for maker, result in results.items():
        if faults := (result.get("requests") or {}).get("faults"):
            print(f"\n{maker}: {'; '.join(faults)}")
    sys.stdout.flush()


def linear(bench: Bench, less: float) -> dict[str, Any]:
    """Our build at every size, and by how much each figure grows where the rows grow tenfold."""
    sizes: dict[str, dict[str, Any]] = {}
    for name in LINEAR:
        source, known = bench.set(name)
        built = bench.build(OURS, source, bench.scratch / f"{name}.html", less)
        sizes[name] = {"rows": known["rows"], "parquet": known["parquet"], **built}
    rows = []
    before: dict[str, Any] | None = None
    for found in sizes.values():
        if "fault" in found:
            rows.append([f"{found['rows']:,}", found["fault"], "–", "–", "–"])
            before = None
            continue
        cells = [f"{found['rows']:,}"]
        for measure in ("build", "peak", "bytes"):
            text = said(measure, found[measure])
            if before:
                text += f" (× {found[measure] / before[measure]:.1f})"
                if faster_than_linear((before["rows"], before[measure]), (found["rows"], found[measure])):
                    text += " MORE THAN LINEAR"
            cells.append(text)
        cells.append(f"{found['bytes'] / found['parquet']:.2f}")
        rows.append(cells)
        before = found
    print(
        "\n## Growth with the rows\n\nVietnam targets: evenly spread up to 100,000;"
        " 1,000,000 are the file again and again, each copy's rows moved\n"
    )
    print("\n".join(table.lines(("rows", "build", "peak", "file", "file / Parquet"), rows)))
    sys.stdout.flush()
    return sizes


def chosen(text: str, known: tuple[str, ...], what: str) -> list[str]:
    asked = [name for name in text.split(",") if name]
    for name in asked:
        if name not in known:
            raise SystemExit(f"{what} {name!r} is none of {', '.join(known)}")
    return asked


def keep(path: Path | None, everything: dict[str, Any]) -> None:
    """Written after every set: a run takes long."""
    if path:
        path.write_text(json.dumps(everything, indent=1), "utf-8")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--sets", default=",".join(name for name in SETS if name not in LINEAR), help="commas; %(default)s"
    )
    options.add_argument("--makers", default=",".join(MAKERS), help="commas; %(default)s")
    options.add_argument(
        "--measures", default=",".join(MEASURES), help="commas; %(default)s (drawn and requests always)"
    )
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--data", type=Path, help="folder of the real data; without it only the made sets")
    options.add_argument(
        "--scratch",
        type=Path,
        default=Path(tempfile.gettempdir()) / "strikemap-makers",
        help="sets, pages and copies; kept (%(default)s)",
    )
    options.add_argument("--copies", type=Path, help="where npm packages are installed (SCRATCH/copies)")
    options.add_argument(
        "--python", default=sys.executable, help="the interpreter that has pydeck and plotly (this one)"
    )
    options.add_argument(
        "--page",
        type=Path,
        help="a page of ours that is built already; nothing is built, and one maker and set are named",
    )
    options.add_argument("--all", action="store_true", help="ask every maker for every set, however long it takes")
    options.add_argument("--no-linear", action="store_true", help="leave the growth from 1,000 to 1,000,000 rows out")
    options.add_argument(
        "--cores", default="0,1", help="which cores everything runs on; all for as they are (%(default)s)"
    )
    options.add_argument("--build-within", type=float, default=300.0, help="seconds (%(default)s)")
    options.add_argument(
        "--page-within", type=float, default=120.0, help="seconds for each thing measured in the browser (%(default)s)"
    )
    options.add_argument("--pictures", action="store_true", help="keep a picture of every page beside it")
    options.add_argument("--json", type=Path, help="write everything that was measured to this file")
    asked = options.parse_args()
    sets = chosen(asked.sets, tuple(SETS), "set")
    makers = chosen(asked.makers, tuple(MAKERS), "maker")
    measures = tuple(chosen(asked.measures, MEASURES, "measure"))
    if asked.cores != "all":
        os.sched_setaffinity(0, {int(core) for core in asked.cores.split(",")})
    if asked.data is None:
        left = [name for name in sets if SETS[name].real]
        sets = [name for name in sets if not SETS[name].real]
        if left:
            print(f"without --data: no {', '.join(left)}", file=sys.stderr)
    asked.scratch.mkdir(parents=True, exist_ok=True)
    folder = asked.copies or asked.scratch / "copies"
    bench = Bench(
        asked.scratch,
        asked.data,
        asked.python,
        folder,
        asked.rounds,
        measures,
        asked.build_within,
        asked.page_within,
        asked.pictures,
    )
    everything: dict[str, Any] = {}
    if asked.page:
        if makers != [OURS] or len(sets) > 1:
            raise SystemExit("--page wants --makers strikemap and one of --sets")
        known = bench.set(sets[0])[1] if sets else {"rows": 0, "parquet": 0}
        found = {"bytes": asked.page.stat().st_size, **bench.page(OURS, asked.page, {}, known)}
        everything = {sets[0] if sets else "page": {"known": known, "results": {OURS: found}}}
        if sets:
            report(sets[0], known, {OURS: found})
        else:
            print("\n".join(table.lines(("page", *table.COLUMNS), [table.maker_row(asked.page.name, found)])))
    else:
        if makers != [OURS] and (fault := copies.install(folder, asked.python)):
            print(f"no local copies: {fault}", file=sys.stderr)
        less = bench.imports() if "build" in measures else 0.0
        print(f"best of {asked.rounds} on cores {asked.cores}" + (f"; `import folium` {less:.2f} s" if less else ""))
        for name in sets:
            source, known = bench.set(name)
            results: dict[str, dict[str, Any]] = {}
            for maker in makers:
                if known["rows"] > MAKERS[maker].most and not asked.all:
                    continue
                print(f"{name}: {maker} …", file=sys.stderr, flush=True)
                out = bench.scratch / f"{name}-{maker}.html"
                built = bench.build(maker, source, out, less)
                opens = "fault" not in built and measures != ("build",)
                results[maker] = {**built, **(bench.page(maker, out, built, known) if opens else {})}
            report(name, known, results)
            everything[name] = {"known": known, "results": results}
            keep(asked.json, everything)
        if not asked.no_linear and OURS in makers and asked.data and "build" in measures:
            everything["linear"] = linear(bench, less)
    keep(asked.json, everything)
    return 0


if __name__ == "__main__":
    sys.exit(main())
