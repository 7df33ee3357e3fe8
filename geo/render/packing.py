"""The page's data, packed: text of one language stands together, DEFLATEd, in 85 characters of ASCII.

`geo/web/src/unpack.ts` and `geo.read.page` open it. Eight languages of a short story take 45 KB so; as one JSON object
in base64 they took 60.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

CELL = "$"
"""Key of an object that stands for a text of all languages: its value is the row in the columns."""

# Three characters of RFC 1924 mean something to HTML; three others do not.
_SAFE = bytes.maketrans(b"&<>", b",.:")
_SURROGATE = re.compile("[\ud800-\udfff]")


def packed(data: Mapping[str, Any]) -> str:
    """The payload as it stands in the page: JSON that holds two packed parts. The base map is DEFLATEd already."""
    base = dict(data["base"])
    ground = base64.b64decode(base.pop("data"))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = b""
    for part in _parts({**data, "base": base}):
        # Each language has letters of its own: it gets a code of its own.
        raw += packer.compress(part.encode("utf-8")) + packer.flush(zlib.Z_BLOCK)
    raw += packer.flush()
    return inert({"v": 1, "deflate": in_ascii(raw), "ground": in_ascii(ground)})


def in_ascii(raw: bytes) -> str:
    """Five characters for four bytes, none of which HTML or JSON would have to escape."""
    return base64.b85encode(raw).translate(_SAFE).decode("ascii")


def _parts(data: Mapping[str, Any]) -> list[str]:
    """JSON in parts: `[rest, languages, keys, words, column, …]`.

    A column has a language's strings in the order of `keys`, its words in the order of `words`, then every text of
    `rest` that all languages have. Languages of one script stand together.
    """
    codes = [language["code"] for language in data["languages"]]
    order = [language["code"] for language in sorted(data["languages"], key=lambda one: str(one["name"]))]
    cells: list[Mapping[str, Any]] = []

    def drawn_out(node: Any) -> Any:
        if isinstance(node, Mapping):
            if CELL in node:
                raise ValueError(f"{CELL!r} is a key of the payload")
            if list(node) == codes:
                cells.append(node)
                return {CELL: len(cells) - 1}
            return {key: drawn_out(value) for key, value in node.items()}
        return [drawn_out(value) for value in node] if isinstance(node, list | tuple) else node

    rest = drawn_out({key: value for key, value in data.items() if key not in ("strings", "words")})
    strings, words = data["strings"], data["words"]
    keys, word_keys = list(strings[codes[0]]), list(words[codes[0]])
    columns = [
        [
            *(strings[lang][key] for key in keys),
            *(words[lang][key] for key in word_keys),
            *(cell[lang] for cell in cells),
        ]
        for lang in order
    ]
    head = inert([rest, order, keys, word_keys])[:-1]
    return [head, *(f",{inert(column)}" for column in columns), "]"]


def inert(data: Any) -> str:
    """JSON that no HTML parser can take for markup and no script parser for a line end."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return _SURROGATE.sub(lambda lone: f"\\u{ord(lone[0]):04x}", written)
