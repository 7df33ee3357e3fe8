"""A story whose every field says what a stranger might write into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from support.program import ROOT

TEXTS: list[str] = json.loads((ROOT / "tests/cases/hostile/texts.json").read_text("utf-8"))


def plain(text: str) -> str:
    """As a browser shows a text: runs of blanks are one."""
    return " ".join(text.split())


def story(texts: list[str]) -> dict[str, Any]:
    """One event a text, the text in every field that takes one."""
    return {
        "title": texts[0],
        "summary": texts[0],
        "slug": "hostile",
        "lang": "en",
        "sources": {
            f"s{n}": {"publisher": text, "title": text, "language": "en"} for n, text in enumerate(texts)
        },
        "actors": {f"a{n}": {"name": text} for n, text in enumerate(texts)},
        "corrections": [{"date": "2015-12-01", "text": text, "event": f"t{n}"} for n, text in enumerate(texts)],
        "events": [
            {
                "id": f"t{n}", "kind": "strike", "date": "2015-11-17", "title": text, "note": text, "against": text,
                "weapon": text, "aircraft": text, "actor": f"a{n}",
                **({"place": text} if n % 2 else {"lat": 35.95, "lon": 39.01, "place": text}),
                "sources": [{"id": f"s{n}", "quote": text, "language": "ar", "translation": text}],
            }
            for n, text in enumerate(texts)
        ],
    }  # fmt: skip


def write(path: Path, texts: list[str]) -> Path:
    """The story as YAML."""
    path.write_text(yaml.safe_dump(story(texts), allow_unicode=True, sort_keys=False, width=1 << 20), "utf-8")
    return path
