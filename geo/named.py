"""The files that a source names besides itself: a story's tables."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from geo.errors import StrikemapError


def tables_of(path: Path | str) -> tuple[Path, ...]:
    """The tables of a story, in its order; none for a table, or for a story that cannot be read. Read once a save."""
    path = Path(path)
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return ()
    if path.suffix.lower() not in (".yaml", ".yml") or not path.is_file():
        return ()
    return _tables(path, stat.st_ino, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _tables(path: Path, *_: int) -> tuple[Path, ...]:
    from geo.read.story import read_story

    try:
        return tuple(path.parent / ref.file for ref in read_story(path).tables)
    except (StrikemapError, OSError):
        return ()
