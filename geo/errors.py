"""One error tree. A fault is data first (code, place, cause, cure) and a line of text second."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one file, with the place where it stands and what to do.

    `line` and `column` count from 1; `row` is a table's data row, from 1, header not counted.
    """

    code: str
    message: str
    cure: str
    file: str = ""
    line: int | None = None
    column: int | None = None
    row: int | None = None
    field: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.line is not None:
            where += f":{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        parts = [where] if where else []
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.field:
            parts.append(self.field)
        text = f"{self.message}; {self.cure}" if self.cure else self.message
        return visible(": ".join([*parts, text]))

    def as_dict(self) -> dict[str, object]:
        """The fields that `--json` prints, in their fixed order."""
        return {
            "code": self.code,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "row": self.row,
            "field": self.field,
            "message": self.message,
            "cure": self.cure,
        }


class StrikemapError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(StrikemapError):
    """One or more faults of what the user gave; nothing has been written."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(StrikemapError):
    """The command or call was wrong, rather than the file."""


class OutputError(StrikemapError):
    """The output could not be written; an older one stands as it was."""

    def __init__(self, path: PurePath | str, reason: str) -> None:
        self.path = str(path)
        super().__init__(f"{visible(self.path)}: {reason}")


FOLDED_LINES = 3
"""Lines that the faults of one file are told in where they are folded."""


LINES_TOLD = 20
"""Lines that share a fault with another are named up to this number."""


def folded(faults: Iterable[Fault]) -> list[str]:
    """Every fault in few lines: those of a kind are one line with the places of the others.

    A file has at most `FOLDED_LINES` of them; where it has more kinds of faults, the last line says where those are.
    """
    files: dict[str, dict[tuple[str, str, str], list[Fault]]] = {}
    for fault in faults:
        kind = (fault.code, fault.field.rpartition(".")[2], fault.cure)
        files.setdefault(fault.file, {}).setdefault(kind, []).append(fault)
    lines = []
    for file, kinds in files.items():
        groups = list(kinds.values())
        told = groups if len(groups) <= FOLDED_LINES else groups[: FOLDED_LINES - 1]
        lines += [str(first) + (f"; the same on {_lines(more)}" if more else "") for first, *more in told]
        rest = groups[len(told) :]
        if rest:
            where = "; ".join(f"{group[0].field.rpartition('.')[2] or group[0].code} on {_lines(group)}" for group in rest)
            count = sum(map(len, rest))
            lines.append(visible(f"{file}: {count} more faults: {where}; strikemap check tells each with its cure"))
    return lines


def _lines(faults: Iterable[Fault]) -> str:
    numbers = list(dict.fromkeys(str(fault.line) for fault in faults if fault.line is not None))
    if not numbers:
        return "the whole file"
    more = f" and {len(numbers) - LINES_TOLD} more" if len(numbers) > LINES_TOLD else ""
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(numbers[:LINES_TOLD])}{more}"


_INVISIBLE = {
    *range(0x00, 0x20),
    *range(0x7F, 0xA0),
    0x061C,
    *range(0x200B, 0x2010),
    *range(0x2028, 0x202F),
    *range(0x2066, 0x206A),
    0xFEFF,
    *range(0xD800, 0xE000),
}


def visible(text: str) -> str:
    """`text` with control, bidirectional-override and lone surrogate characters written as `\\uXXXX`.

    What a stranger's file says must not move the cursor, recolour or reorder a terminal's line.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(c):04x}" if ord(c) in _INVISIBLE else c for c in text)
