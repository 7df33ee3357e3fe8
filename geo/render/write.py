"""Bytes → files, all or none: an older output stays as it was until every new one is safely on the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

from geo.errors import OutputError


def write_all(outputs: Mapping[Path, bytes]) -> None:
    """Writes every file beside its target, flushes it to the disk, then renames all of them.

    Raises OutputError naming the target when a folder is missing, a target is a link, a folder or a device, the disk
    is full or writing is not allowed; then nothing has changed and nothing is left behind. Only between the renames
    of several files can a crash leave some new and some old, each of them whole. New files get the permissions of the
    user's umask, existing ones keep theirs.
    """
    targets = [Path(path) for path in outputs]
    for target in targets:
        _check(target)
    made: list[tuple[Path, Path]] = []
    try:
        for target, data in zip(targets, outputs.values(), strict=True):
            made.append((_write_beside(target, data), target))
        for temporary, target in made:
            try:
                os.replace(temporary, target)
            except OSError as error:
                raise OutputError(target, _reason(error)) from None
        for folder in {target.parent for target in targets}:
            _flush_folder(folder)
    finally:
        for temporary, _ in made:
            with suppress(OSError):
                temporary.unlink()


def _check(target: Path) -> None:
    try:
        found = target.lstat()
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise OutputError(target, f"the folder {target.parent} does not exist; make it first") from None
        return
    except (OSError, ValueError) as error:
        raise OutputError(target, _reason(error)) from None
    if stat.S_ISLNK(found.st_mode):
        raise OutputError(target, "is a symbolic link; name the file it points to, or delete the link")
    if stat.S_ISDIR(found.st_mode):
        raise OutputError(target, "is a folder; name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise OutputError(target, "is no ordinary file; name another (- is standard output)")


def _write_beside(target: Path, data: bytes) -> Path:
    """A new file in the target's folder with `data` on the disk; the file is gone again if that fails."""
    name = target.name.encode("utf-8", "surrogateescape")[:200].decode("utf-8", "ignore")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    temporary: Path | None = None
    try:
        for n in count():
            candidate = target.with_name(f".{name}.{os.getpid()}-{n}.tmp")
            try:
                descriptor = os.open(candidate, flags, 0o666)
            except FileExistsError:
                continue
            temporary = candidate
            break
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError):
            os.chmod(candidate, stat.S_IMODE(target.stat().st_mode))
    except BaseException as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        if isinstance(error, OSError | ValueError):
            raise OutputError(target, _reason(error)) from None
        raise
    return candidate


def _flush_folder(folder: Path) -> None:
    """Makes the renames last through a power cut, where the system lets a folder be flushed."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return f"could not be written ({text[:1].lower()}{text[1:]}); the old file, if any, is as it was"
