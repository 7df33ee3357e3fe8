"""Which column of somebody's table is which of ours, as a user says it: `date=When` or a file of such lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geo.errors import UsageError
from geo.read.faults import nearest, shown
from geo.read.ourcolumns import OWN, TEXTS, split
from geo.read.values import ValueFault


def columns_of(given: Sequence[str]) -> dict[str, str]:
    """Our column → the file's header, from `OURS=THEIRS` words and files of `OURS: THEIRS` lines. Raises UsageError."""
    found: dict[str, str] = {}
    for word in given:
        pairs = [word.partition("=")[::2]] if "=" in word else _pairs_of(word)
        for ours, theirs in pairs:
            try:
                found[checked(ours.strip())] = theirs.strip()
            except ValueFault as fault:
                raise UsageError(f"--columns: {fault}") from None
    return found


def checked(name: str) -> str:
    """`name` if it is one of our columns, perhaps with a language. Raises ValueFault that suggests the nearest."""
    base, lang = split(name)
    if base in OWN and (not lang or base in TEXTS):
        return f"{base}:{lang}" if lang else base
    near = nearest(base, sorted(OWN))
    raise ValueFault("column", f"{shown(name)} is no column of ours", f'did you mean "{near}"?' if near else "see the README for them")


def _pairs_of(path: str) -> list[tuple[str, str]]:
    import yaml

    try:
        read = yaml.safe_load(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"--columns {path[:100]}: {(error.strerror or str(error)).lower()}; write OURS=THEIRS, or name a file") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise UsageError(f"--columns {path[:100]}: this is no list of lines like `date: When`") from None
    if not isinstance(read, dict) or not all(isinstance(k, str) and isinstance(v, (str, int)) for k, v in read.items()):
        raise UsageError(f"--columns {path[:100]}: this is no list of lines like `date: When`")
    return [(ours, str(theirs)) for ours, theirs in read.items()]
