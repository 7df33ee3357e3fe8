"""Kills a writer at a random moment, and says what stands in the folder afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.program import ROOT

Set = Mapping[str, bytes]
"""The files of one build by name."""

WRITER = """
import sys, itertools
from pathlib import Path
from geo.render.write import write_all
folder, *sets = map(Path, sys.argv[1:])
outputs = [{folder / path.name: path.read_bytes() for path in sorted(one.iterdir())} for one in sets]
print("go", flush=True)
for n in itertools.count():
    write_all(outputs[n % len(outputs)])
"""
"""Writes one set after the other, without a pause: a kill at any moment hits it writing."""


def start_writer(folder: Path, sets: Sequence[Path]) -> subprocess.Popen[bytes]:
    """The writer above in a process of its own; gives it back once it has begun."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), *map(str, sets)],
        stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    process.stdout.close()
    return process


def kill(process: subprocess.Popen[bytes], after: float) -> bool:
    """SIGKILL after so many seconds; whether the process was still alive."""
    time.sleep(after)
    alive = process.poll() is None
    if alive:
        process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def found(folder: Path, sets: Sequence[Set]) -> str:
    """"whole", "mixed" (files of several sets) or "broken" (a file of none, or one missing)."""
    owners = []
    for name in sets[0]:
        path = folder / name
        data = path.read_bytes() if path.exists() else None
        owners.append({number for number, one in enumerate(sets) if one[name] == data})
    if not all(owners):
        return "broken"
    return "whole" if set.intersection(*owners) else "mixed"


def ours_in(folder: Path) -> list[str]:
    """What a killed build left behind."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".strikemap"))
