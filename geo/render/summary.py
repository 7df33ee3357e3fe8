"""Events counted by place: what a page says without scripts when its list is too long to stand in it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from geo.scene.scene import Location, Scene
from geo.scene.text import Speaker


def by_place(scene: Scene) -> list[tuple[str | tuple[str, str], str]]:
    """Each place with its number of events as the page's language writes it, the most first; the unplaced come last.

    The numbers add up to all events of the list.
    """
    lang = scene.languages[0]
    speak = Speaker(lang, scene.story.lang)
    counts: Counter[Any] = Counter()
    first: dict[Any, Location] = {}
    for entry in scene.entries:
        answer = entry.answer
        if isinstance(answer, Location):
            key = answer.place.id if answer.place else tuple(answer.position)
            first.setdefault(key, answer)
            counts[key] += 1
    rows = [(speak.place(first[key]), count) for key, count in counts.items()]
    rows.sort(key=lambda row: (-row[1], row[0] if isinstance(row[0], str) else row[0][0]))
    unplaced = len(scene.entries) - counts.total()
    if unplaced:
        rows.append((speak("section.unplaced"), unplaced))
    return [(name, speak.integer(count)) for name, count in rows]
