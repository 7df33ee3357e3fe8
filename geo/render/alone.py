"""One writer at a time in a folder, without a lock file in it."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from geo.errors import OutputError

SECONDS = 60.0
"""How long another build may write before we give up. A build holds a folder only while it writes, not while it draws."""


@contextmanager
def alone_in(folders: Iterable[Path]) -> Iterator[None]:
    """Keeps every other build out of `folders` until the block ends; the system lets go when a program dies.

    Raises OutputError naming the folder that stays taken for `SECONDS`.
    """
    with ExitStack() as held:
        # In one order everywhere, so that two builds never wait for each other.
        for folder in sorted({Path(os.path.realpath(folder)) for folder in folders}):
            descriptor = _open(folder)
            held.callback(os.close, descriptor)
            _wait(descriptor, folder)
        yield


def _open(folder: Path) -> int:
    """The folder itself where the system can lock one, else a file of its own among the temporary files."""
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            if _lockable(descriptor):
                return descriptor
            os.close(descriptor)
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    user = os.getuid() if hasattr(os, "getuid") else "user"
    name = os.path.join(tempfile.gettempdir(), f"strikemap-{user}-{digest}.lock")
    try:
        return os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(folder, f"could not be locked ({reason}: {name}); set TMPDIR to a folder of yours") from None


def _lockable(descriptor: int) -> bool:
    import errno
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno in (errno.EWOULDBLOCK, errno.EACCES)
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True


def _wait(descriptor: int, folder: Path) -> None:
    until = time.monotonic() + SECONDS
    while not _taken(descriptor):
        if time.monotonic() > until:
            raise OutputError(folder, "another build is writing into this folder; try again when it is done")
        time.sleep(0.02)


def _taken(descriptor: int) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
