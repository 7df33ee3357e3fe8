"""What each kind of YAML bomb costs before it is refused: python tests/bench/bombs.py

Seconds of the processor, and the ratio to reading the published story in the same run.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from read.test_yamltree import BOMBS, refusal  # noqa: E402

from geo.read.story import read_story  # noqa: E402


def main() -> None:
    began = time.process_time()
    read_story(ROOT / "maps/2015-11-17-raqqa.yaml")
    story = time.process_time() - began
    print(f"{'the published story':28} {story:6.2f} s")
    for name, bomb in BOMBS.items():
        began = time.process_time()
        code = refusal(bomb).code
        took = time.process_time() - began
        print(f"{name:28} {took:6.2f} s  {took / story:6.1f} x  refused as {code}")


if __name__ == "__main__":
    main()
