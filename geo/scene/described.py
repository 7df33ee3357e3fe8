"""The map in a few sentences, for a reader who does not see it: made of the scene alone, in any of its languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.scene.scene import Entry, Location, Scene
from geo.scene.text import Speaker, account, origin_of, title_of

MOST = 8
"""Places, missions or titles that are named; the rest is counted."""


def described(scene: Scene, lang: str) -> str:
    """What the map of `scene` shows, in `lang`: events and their dates, places in order of time, lines, what is not on it.

    Plain text, a sentence each. A place comes with how precisely it is known, so that an area never sounds like a point.
    Raises KeyError for a language that has no words file.
    """
    speak = Speaker(lang, scene.story.lang)
    sentences = [
        sentence(speak, speak("map"), _text(speak.said(scene.story.title)) or scene.story.slug),
        f"{account(scene, speak)}.",
    ]
    if dates := _dates(scene, speak):
        sentences.append(sentence(speak, speak("field.when"), dates))
    sentences += _places(scene, speak)
    sentences += _lines(scene, speak)
    for section, entries in (
        ("outside", [e for e in scene.entries if e.placement != "unplaced" and not e.on_map]),
        ("unplaced", [e for e in scene.entries if e.placement == "unplaced"]),
    ):
        if entries:
            titles = (speak.within(_text(title_of(speak, entry))) for entry in entries[:MOST])
            sentences.append(sentence(speak, speak(f"section.{section}"), joined(speak, titles, len(entries))))
    return " ".join(sentences)


def sentence(speak: Speaker, what: str, words: str) -> str:
    """`What: words.`"""
    # A Russian date ends in a full stop of its own.
    return speak("said", what=speak.within(what), words=speak.within(words.removesuffix(".")))


def _text(said: str | tuple[str, str] | None) -> str:
    return "" if said is None else said if isinstance(said, str) else said[0]


def joined(speak: Speaker, parts: Iterable[str], whole: int) -> str:
    """The parts in turn; where `whole` is more than `MOST`, how many are left."""
    shown = list(parts)
    if whole > MOST:
        shown.append(speak("and_more", n=speak.integer(whole - MOST)))
    line = shown[0]
    for part in shown[1:]:
        line = speak("pair", first=line, second=part)
    return line


def _dates(scene: Scene, speak: Speaker) -> str:
    """From the first day of any event to the last; empty when none is known."""
    known = [day for entry in scene.entries for day in (entry.event.date.first, entry.event.date.last) if day]
    if not known:
        return ""
    first, last = min(known), max(known)
    if first == last:
        return speak.single(first, "day")
    return speak.interval(first, last, "day", "day")


def _places(scene: Scene, speak: Speaker) -> list[str]:
    """`Raqqa, known to the city: Strike; 3 events; France and Russia.` for each place, in order of time."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for entry in scene.entries:
        if entry.on_map and isinstance(entry.answer, Location):
            key = (_text(speak.place(entry.answer)), speak.known(entry.answer.precision))
            groups.setdefault(key, []).append(entry)
    found = []
    for (name, precision), entries in list(groups.items())[:MOST]:
        kinds = _distinct(speak(f"kind.{entry.event.kind.value}") for entry in entries)
        actors = _distinct(_text(speak.said(entry.event.actor.name)) for entry in entries if entry.event.actor)
        line = speak("pair", first=speak.listed(kinds), second=speak.plural("account.events", len(entries)))
        if actors:
            line = speak("pair", first=line, second=speak.listed([speak.within(name) for name in actors]))
        found.append(sentence(speak, speak("title_from", kind=speak.within(name), place=precision), line))
    if len(groups) > MOST:
        rest = sum(len(entries) for entries in list(groups.values())[MOST:])
        more = speak("and_more", n=speak.integer(len(groups) - MOST))
        found.append(sentence(speak, more, speak.plural("account.events", rest)))
    return found


def _lines(scene: Scene, speak: Speaker) -> list[str]:
    """Where the aircraft of each mission came from, as reported."""
    flown = [entry for entry in scene.entries if entry.on_map and entry.sorties]
    found = []
    for entry in flown[:MOST]:
        line = speak("pair", first=speak.within(_text(title_of(speak, entry))), second=_text(origin_of(entry, speak)))
        found.append(sentence(speak, speak("field.origin"), speak("pair", first=line, second=speak("origin.route"))))
    return found


def _distinct(names: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(name for name in names if name))
