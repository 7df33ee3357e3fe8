"""What kill -9 leaves: python tests/bench/kills.py [--kills 500] [--writer 250] [--seed 1]

First `strikemap build` is killed between its start and its end; then a writer that does nothing but replace one set
of files by another, so that every kill hits it there. Counted: sets that are whole, mixed and broken as the kill left
them, and after the next build. Between the renames of one set lie some 20 µs, in which no system can help: a kill of
the writer may hit them (its sets are whole again after the next build), a kill of the program hardly ever does.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from geo.render.write import mend  # noqa: E402
from support.kills import found, kill, ours_in, start_writer  # noqa: E402
from support.program import STORY  # noqa: E402

FORMATS = "html,geojson,embed"


def program(story: Path, folder: Path) -> list[str]:
    start = [sys.executable, "-c", "from geo.cli import main; main()"]
    return [*start, "build", str(story), "-f", FORMATS, "-o", str(folder)]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=500)
    options.add_argument("--writer", type=int, default=250)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    random = Random(asked.seed)
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        text = STORY.read_text("utf-8")
        stories, sets, seconds = [], [], 0.0
        for number in range(2):
            folder = base / f"set{number}"
            folder.mkdir()
            story = base / f"story{number}.yaml"
            story.write_text(text.replace("fr: Frappes russes", f"fr: {number} Frappes russes"), "utf-8")
            began = time.perf_counter()
            subprocess.run(program(story, folder), check=True, capture_output=True)
            seconds = time.perf_counter() - began
            stories.append(story)
            sets.append({path.name: path.read_bytes() for path in sorted(folder.iterdir())})
        assert sets[0] != sets[1]
        out = base / "out"
        out.mkdir()
        for name, data in sets[0].items():
            (out / name).write_bytes(data)
        print(f"a build takes {seconds:.2f} s")
        bad = 0
        for what, kills in (("program", asked.kills), ("writer", asked.writer)):
            left, mended, alive = Counter[str](), Counter[str](), 0
            for number in range(kills):
                if what == "writer":
                    alive += kill(start_writer(out, [base / "set0", base / "set1"]), random.uniform(0, 0.05))
                else:
                    command = program(stories[(number + 1) % 2], out)
                    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                    alive += kill(process, random.uniform(0, 1.05 * seconds))
                left[found(out, sets)] += 1
                mend(out)
                mended[found(out, sets)] += 1
                assert ours_in(out) == []
            print(f"{kills} kills of the {what}, {alive} of them while it ran")
            for when, counted in (("as the kill left it", left), ("after the next build", mended)):
                print(f"  {when}: " + ", ".join(f"{counted[name]} {name}" for name in ("whole", "mixed", "broken")))
            bad += left["broken"] + mended["broken"] + mended["mixed"] + (left["mixed"] if what == "program" else 0)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
