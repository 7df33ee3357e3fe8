"""What a command costs: seconds of wall time and the largest resident size of its process."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    seconds: float
    peak: int
    """Bytes."""
    output: str
    """What it wrote to standard output."""
    fault: str = ""
    """Why it failed, in its own last line, or that it did not end in time."""


def run(command: Sequence[str], *, within: float) -> Cost:
    """Runs `command` to its end, or for so many seconds; then it and its children are killed."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=err, stdin=subprocess.DEVNULL, start_new_session=True)
        late = threading.Event()

        def stop() -> None:
            late.set()
            os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(within, stop)
        timer.start()
        # Of this child alone: `RUSAGE_CHILDREN` is the largest of all that ever ran.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said = err.read().decode("utf-8", "replace").strip().splitlines()
        fault = ""
        if late.is_set():
            fault = f"no end in {within:.0f} s"
        elif process.returncode:
            fault = said[-1][:160] if said else f"ended with {process.returncode}"
        return Cost(seconds, usage.ru_maxrss * 1024, out.read().decode("utf-8", "replace"), fault)
