"""Bytes → files, all or none: an older set stays as it was until every file of the new one is safely on the disk.

Every file is first written beside its target under a name of ours and flushed. A single file is then renamed. Several
are one set: the old files are kept under a second name, a journal says what is to be renamed, and only then are they
renamed, one right after the other. Whatever stops us, the next build into the folder finds the journal and finishes
the set, or puts the old one back; what else a killed build left is cleared away. One build at a time writes into a folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import OutputError
from geo.render.alone import alone_in

JOURNAL = ".strikemap-journal"
_OURS = re.compile(r"\.strikemap-(?:journal|[0-9]+\.(?:new|old))")
_MENDABLE = (".html", ".svg", ".png", ".geojson", ".json", ".csv", ".kml")
"""What a journal may rename to: it lies in a folder that strangers may have filled, so it is trusted with outputs only."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One file of a set: `new` becomes `target`; `old` holds the target as it was, if it was there."""

    target: Path
    new: Path
    old: Path
    sha256: str
    replaces: bool


def write_all(outputs: Mapping[Path, bytes]) -> None:
    """Writes every file, or none.

    Raises OutputError naming the target when a folder is missing, a target is a link, a folder or a device, the disk
    is full, writing is not allowed or another build does not let go; then nothing has changed and nothing is left
    behind. New files get the permissions of the user's umask, existing ones keep theirs.
    """
    targets = [Path(path) for path in outputs]
    for target in targets:
        _check(target)
    folders = {os.path.realpath(target.parent): target.parent for target in targets}
    with alone_in(folders.values()):
        for folder in folders.values():
            mend(folder)
        _write(dict(zip(targets, outputs.values(), strict=True)), list(folders.values()))


def _write(outputs: Mapping[Path, bytes], folders: list[Path]) -> None:
    steps: list[_Step] = []
    several = len(outputs) > 1
    done = False
    at = next(iter(outputs), Path())
    try:
        for number, (target, data) in enumerate(outputs.items()):
            at = target
            step = _Step(
                target, target.with_name(f".strikemap-{number}.new"), target.with_name(f".strikemap-{number}.old"),
                hashlib.sha256(data).hexdigest(), target.exists(),
            )  # fmt: skip
            steps.append(step)
            _put(step.new, data, target)
        if several:
            for step in steps:
                if step.replaces:
                    _keep(step)
            for folder in folders:
                _put(folder / JOURNAL, _journal(step for step in steps if _same(step.target.parent, folder)), folder)
            for folder in folders:
                _flush_folder(folder)
        # Nothing else between the renames: a kill there leaves a mixed set until the next build.
        replace, renames = os.replace, [(step.new, step.target) for step in steps]
        for new, at in renames:
            replace(new, at)
        for folder in folders:
            _flush_folder(folder)
        done = True
    except BaseException as error:
        _undo(steps, folders, restore=several)
        if isinstance(error, OSError | ValueError):
            raise OutputError(at, _reason(error)) from None
        raise
    finally:
        if done:
            _clear(folders, [path for step in steps for path in (step.new, step.old)] if several else [])


def _undo(steps: Iterable[_Step], folders: Iterable[Path], *, restore: bool) -> None:
    """Puts the old files back and takes away what we made."""
    left = []
    for step in steps:
        if restore and not step.new.exists():
            with suppress(OSError):
                if step.old.exists():
                    os.replace(step.old, step.target)
                elif not step.replaces:
                    step.target.unlink()
        left += [step.new, step.old]
    _clear(folders, left)


def _clear(folders: Iterable[Path], left: Iterable[Path]) -> None:
    """The journal first: without it the rest is only in the way."""
    for path in [*(folder / JOURNAL for folder in folders), *left]:
        with suppress(OSError):
            path.unlink()


# -- after a kill


def mend(folder: Path) -> None:
    """Finishes or undoes the set that a killed build left in `folder`, and clears away what else is ours.

    To be called alone in the folder. Never raises: what cannot be mended is cleared.
    """
    try:
        left = sorted(name for name in os.listdir(folder) if _OURS.fullmatch(name))
    except OSError:
        return
    if not left:
        return
    if JOURNAL in left:
        steps = _read_journal(folder)
        with suppress(OSError):
            if all(step.new.is_file() or _holds(step.target, step.sha256) for step in steps):
                for step in steps:
                    if step.new.is_file():
                        os.replace(step.new, step.target)
            else:
                for step in steps:
                    if step.old.is_file():
                        os.replace(step.old, step.target)
                    elif not step.replaces and _holds(step.target, step.sha256):
                        step.target.unlink()
        _flush_folder(folder)
    _clear([folder], [folder / name for name in left])


def _journal(steps: Iterable[_Step]) -> bytes:
    files = [[step.new.name, step.old.name, step.target.name, step.sha256, step.replaces] for step in steps]
    return json.dumps({"v": 1, "files": files}).encode("ascii")


def _read_journal(folder: Path) -> list[_Step]:
    """The steps of a journal that was written to its end; none where it was not, or says what we never write."""
    try:
        if (folder / JOURNAL).is_symlink():
            return []
        told: Any = json.loads((folder / JOURNAL).read_bytes()[:1_000_000])
        steps = []
        for new, old, name, digest, replaces in told["files"]:
            plain = _OURS.fullmatch(new) and _OURS.fullmatch(old) and os.path.basename(name) == name
            if told["v"] != 1 or not plain or not name.endswith(_MENDABLE) or name.startswith("."):
                return []
            step = _Step(folder / name, folder / new, folder / old, str(digest), bool(replaces))
            if step.new.exists() and not _holds(step.new, step.sha256) or step.target.is_dir():
                return []
            steps.append(step)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    return steps


def _holds(path: Path, sha256: str) -> bool:
    try:
        if path.is_symlink() or not path.is_file():
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except OSError:
        return False


# -- single files


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


def _put(path: Path, data: bytes, like: Path) -> None:
    """A new file with `data` on the disk, with the permissions of the file `like`, if that is one."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        _flush(file.fileno())
    with suppress(OSError):
        if like.is_file():
            os.chmod(path, stat.S_IMODE(like.stat().st_mode))


def _keep(step: _Step) -> None:
    """The old file under a second name: a link where the disk knows links, else a copy."""
    try:
        os.link(step.target, step.old)
    except OSError:
        with open(step.target, "rb") as source, open(step.old, "xb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            _flush(copy.fileno())
        shutil.copymode(step.target, step.old)


def _flush(descriptor: int) -> None:
    """Onto the disk itself: macOS keeps what fsync wrote in the drive's own memory."""
    os.fsync(descriptor)
    if os.name == "posix":
        import fcntl

        if full := getattr(fcntl, "F_FULLFSYNC", None):
            with suppress(OSError):
                fcntl.fcntl(descriptor, full)


def _flush_folder(folder: Path) -> None:
    """Makes the renames last through a power cut, where the system lets a folder be flushed."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return f"could not be written ({text[:1].lower()}{text[1:]}); the old file, if any, is as it was"
