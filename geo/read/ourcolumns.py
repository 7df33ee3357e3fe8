"""The names of our own columns, and how a header is compared with them."""

from __future__ import annotations

import re

OWN = frozenset((
    "id", "kind", "date", "date_end", "time", "title", "place", "admin2", "admin1", "country", "lat", "lon", "precision",
    "radius_m", "actor", "against", "mission", "origin", "origin_lat", "origin_lon", "origin_precision", "aircraft",
    "aircraft_count", "weapon", "strikes", "strikes_min", "strikes_max", "killed", "killed_min", "killed_max", "status",
    "note", "source_publisher", "source_title", "source_url", "source_archived_url", "source_published", "quote",
    "quote_language", "sources", "place_id", "credit",
))  # fmt: skip
TEXTS = ("title", "place", "note", "against", "aircraft", "weapon", "actor", "source_publisher", "source_title")
"""Columns that may stand once a language: `title:fr`."""


def plain(name: str) -> str:
    """A header in small letters, with one underscore for blanks, hyphens and full stops."""
    return re.sub(r"[\s\-./]+", "_", name.strip().lower()).strip("_")


def split(header: str) -> tuple[str, str]:
    """`title:fr` as the column and its language."""
    name, _, lang = header.strip().partition(":")
    return plain(name), lang.strip()
