"""Which files have changed since we last looked.

A look every 0.3 s at the handful of files that a build names costs nothing, works on network disks and in containers,
where the system's own notices often don't arrive, and needs no compiled package: hence no watcher library.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

SECONDS = 0.3
"""Between two looks."""

State = dict[Path, tuple[int, int, int] | None]


def state(paths: Iterable[Path]) -> State:
    """Inode, size and time of change of each file; None for one that is not there (an editor may be replacing it)."""
    found: State = {}
    for path in paths:
        try:
            stat = os.stat(path)
            found[path] = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
        except (OSError, ValueError):
            found[path] = None
    return found


def changes(watched: Callable[[], Iterable[Path]], *, seconds: float = SECONDS) -> Iterator[list[Path]]:
    """Gives the changed files whenever a file of `watched()` was saved, appeared or went; never ends by itself.

    The first look is taken at once: a save during the first build counts. A change is given once it has settled: two
    looks in a row find the same, and no file is missing that was there.
    """
    return _changes(watched, state(watched()), seconds)


def _changes(watched: Callable[[], Iterable[Path]], known: State, seconds: float) -> Iterator[list[Path]]:
    before = known
    waited = 0
    while True:
        time.sleep(seconds)
        now = state(watched())
        gone = [path for path in now if now[path] is None and known.get(path) is not None]
        # A file that is being replaced is away for a moment; one that stays away has been deleted.
        waited = waited + 1 if gone else 0
        if now != known and now == before and (not gone or waited > 3):
            yield sorted(path for path in {*now, *known} if now.get(path) != known.get(path))
            known = now
        before = now
