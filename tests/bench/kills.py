"""What kill -9 leaves: python tests/bench/kills.py [--kills 500] [--seed 1]

Half of the kills hit `strikemap build` between its start and its end, half a writer that does nothing but replace one
set of files by another. Counted: sets that are whole, mixed and broken as the kill left them, and after the next build.
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
        left, mended, alive = Counter[str](), Counter[str](), 0
        for number in range(asked.kills):
            if number % 2:
                process = start_writer(out, [base / "set0", base / "set1"])
                alive += kill(process, random.uniform(0, 0.05))
            else:
                process = subprocess.Popen(
                    program(stories[number // 2 % 2], out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
                alive += kill(process, random.uniform(0, 1.05 * seconds))
            left[found(out, sets)] += 1
            mend(out)
            mended[found(out, sets)] += 1
            assert ours_in(out) == []
    print(f"{asked.kills} kills, {alive} of them while it ran; a build takes {seconds:.2f} s")
    print("as the kill left it:      " + ", ".join(f"{left[what]} {what}" for what in ("whole", "mixed", "broken")))
    print("after the next build:     " + ", ".join(f"{mended[what]} {what}" for what in ("whole", "mixed", "broken")))
    return int(left["broken"] + left["mixed"] + mended["broken"] + mended["mixed"] > 0)


if __name__ == "__main__":
    sys.exit(main())
