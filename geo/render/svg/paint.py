"""How SVG is written here: colours by role, numbers to a tenth, text that no parser can take for markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from geo.scene.style import Theme

Paint = Callable[[str], str]
"""A role (`land`, `ink`, `s0` … `s6`, `tint`) → the value of a presentation attribute."""

def by_property(role: str) -> str:
    """Colours of a picture inside a page, whose style sheet knows dark, paper and forced colours."""
    return f"var(--{re.sub('([A-Z])', lambda capital: '-' + capital[1].lower(), role)})"


def by_value(theme: Theme) -> Paint:
    """Colours of a picture that stands alone."""

    def paint(role: str) -> str:
        if re.fullmatch("s[0-6]", role):
            return theme.slots[int(role[1])]
        return number(theme.tint, 2) if role == "tint" else str(getattr(theme, role))

    return paint


def number(value: float, digits: int = 1) -> str:
    """The shortest writing: 12.0 → 12, 0.5 → .5, -0.04 → 0."""
    said = f"{value:.{digits}f}"
    if "." in said:
        said = said.rstrip("0").rstrip(".")
    said = re.sub(r"^(-?)0\.", r"\1.", said)
    return "0" if said in ("-0", "", "-") else said


def numbers(values: Iterable[float], digits: int = 1) -> str:
    """Numbers in a row, with no more between them than a path needs."""
    out = ""
    for value in values:
        said = number(value, digits)
        out += said if not out or said[0] == "-" else f" {said}"
    return out


def path(points: Sequence[Sequence[float]], *, closed: bool = False, digits: int = 1) -> str:
    """Path data, each point relative to the one before it as it was rounded; points that fall together become one."""
    scale = 10**digits
    grid = [(round(x * scale), round(y * scale)) for x, y in points]
    kept = [p for n, p in enumerate(grid) if not n or p != grid[n - 1]]
    if closed and len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    if len(kept) < (3 if closed else 2):
        return ""
    out = ["M", *_pair(*kept[0], digits), "l"]
    first = True
    for a, b in zip(kept, kept[1:], strict=False):
        x, y = _pair(b[0] - a[0], b[1] - a[1], digits)
        out += [x if first or x[0] == "-" else f" {x}", y]
        first = False
    return "".join(out) + ("z" if closed else "")


def _pair(x: int, y: int, digits: int) -> tuple[str, str]:
    """Two numbers of a path in units of its last digit, the second set off from the first."""
    second = _whole(y, digits)
    return _whole(x, digits), second if second[0] == "-" else f" {second}"


@cache
def _whole(value: int, digits: int) -> str:
    return number(value / 10**digits, digits)


# XML 1.0 allows no other control characters, and no half of a surrogate pair.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\x7e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """Text for an element: escaped, on one line, and with a mark in place of what XML cannot hold."""
    text = " ".join(_UNWRITABLE.sub("\ufffd", text).split(" "))
    text = re.sub(r"[\t\n\r\u0085\u2028\u2029]+", " ", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def element(tag: str, content: str | None = None, /, **attributes: Any) -> str:
    """An element. Names of attributes are written with underscores; None leaves one out, a float is rounded to a tenth."""
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, float | int) else value}"'
        for name, value in attributes.items() if value is not None
    )  # fmt: skip
    return f"<{tag}{said}/>" if content is None else f"<{tag}{said}>{content}</{tag}>"
