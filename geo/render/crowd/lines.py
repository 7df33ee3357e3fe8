"""The list of a page that all its events stand in, for readers without scripts: a few words each, in the page's first language.

With scripts a line is told anew in the reader's language, with its card, as the reader comes to it (web/src/crowd/whole.ts).
What is the same of every event is said once, above them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from geo.render.body import Words, web_address
from geo.scene.crowd.crowd import Crowd, Receipt
from geo.scene.scene import Entry
from geo.scene.text import Said, Speaker, entry_strings, source_of

SECTIONS = ("on_map", "outside", "unplaced")
LABELLED = ("against", "aircraft", "weapon", "origin")
"""Fields that need their name before them to be understood."""


def lines_of(crowd: Crowd) -> str:
    """The sections of the list with an element for each of `crowd.entries`, in the order of `orders` of web/src/crowd/query.ts."""
    return _Lines(crowd).html()


class _Lines:
    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        lang = crowd.languages[0]
        self.speak = Speaker(lang, crowd.story.lang)
        self.words = Words({}, lang)
        self.known: dict[Said, str] = {}
        self.corrected: dict[str, list[str]] = {}
        for item in crowd.story.corrections:
            if item.event and (said := self.speak.said(item.text)):
                text = f"{self.told(self.speak('field.corrected'))}: {self.told(self.speak.when(item.date))} {self.told(said)}"
                self.corrected.setdefault(item.event, []).append(text)

    def html(self) -> str:
        parts: dict[str, list[tuple[str, dict[str, str]]]] = {name: [] for name in SECTIONS}
        for entry in self.crowd.entries:
            section = "on_map" if entry.on_map else "unplaced" if entry.placement == "unplaced" else "outside"
            said = dict(entry_strings(entry, self.crowd.story.zone, self.speak))
            told = {name: self.told(value) for name, value in said.items() if value}
            opening = f'<li data-event-id="{escape(entry.event.id)}"><b>{told["title"]}</b> '
            parts[section].append((opening, dict(self.facts(entry, told))))
        facts = [told for lines in parts.values() for _, told in lines]
        shared = {name: said for name, said in facts[0].items() if len(facts) > 1 and all(told.get(name) == said for told in facts)}
        found = []
        if shared:
            found.append(f'<p class="sm-shared">{self.told(self.speak("list_shared"))} {_joined(shared)}</p>')
        for section, lines in parts.items():
            if lines:
                head = f'<span data-t="section.{section}">{escape(self.speak(f"section.{section}"))}</span>'
                found.append(f'<h3>{head} <span class="sm-count">{self.speak.integer(len(lines))}</span></h3>\n<ol class="sm-list">')
                found += [f"{start}{_joined({name: said for name, said in told.items() if name not in shared})}</li>" for start, told in lines]
                found.append("</ol>")
        return "\n".join(found)

    def facts(self, entry: Entry, told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """What is said of an event besides its title, by field, as HTML; `told` are its texts."""

        def some(*names: str) -> str:
            return " ".join(told[name] for name in names if name in told)

        yield "when", told["when"]
        yield "where", some("where", "local")
        for name in ("certainty", "precision", "how", "who"):
            if name in told:
                yield name, told[name]
        yield "kind", escape(self.speak(f"kind.{entry.event.kind.value}"))
        yield "status", escape(self.speak(f"status.{entry.event.status.value}"))
        for name in LABELLED:
            if value := some(name, "mission") if name == "aircraft" else told.get(name, ""):
                yield name, f"{escape(self.speak(f'field.{name}'))}: {value}"
        if "numbers" in told:
            yield "numbers", told["numbers"]
        for number, correction in enumerate(self.corrected.get(entry.event.id, ()), start=1):
            yield f"c{number}", correction
        if "note" in told:
            yield "note", f"<p>{told['note']}</p>"
        for number, receipt in enumerate(entry.event.receipts, start=1):
            yield f"r{number}", f"<p>{self.receipt(receipt)}</p>"

    def receipt(self, receipt: Receipt) -> str:
        said = dict(source_of("s", receipt.source, self.speak))
        origin = [self.told(said[key]) for key in ("s.publisher", "s.title", "s.published", "s.accessed") if key in said]
        links = [(url, word) for url, word in ((receipt.source.url, "source.link"), (receipt.source.archived_url, "source.archived")) if web_address(url)]
        origin += [
            f'<a href="{escape(url or "")}" target="_blank" rel="noopener noreferrer nofollow">{escape(self.speak(word))}</a>' for url, word in links
        ] or [escape(self.speak("source.no_link"))]
        quoted = ""
        if receipt.quote:
            found = self.words.quoted(receipt.quote, receipt.language or receipt.source.language)
            quoted = f"<q{_carried(found)}>{escape(receipt.quote)}</q> "
        if translation := self.speak.said(receipt.translation):
            quoted += f"{escape(self.speak('source.translation'))}: <q>{self.told(translation)}</q> "
        return quoted + ", ".join(origin)

    def told(self, said: Said) -> str:
        """A text, with the language and direction that it must carry."""
        if said not in self.known:
            self.known[said] = self.carried(said)
        return self.known[said]

    def carried(self, said: Said) -> str:
        found = self.words.of(said)
        carried = _carried(found)
        text = escape(found["text"] or "")
        return f"<span{carried}>{text}</span>" if carried else text


def _carried(found: dict[str, str | None]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name in ("lang", "dir") if (value := found.get(name)))


def _joined(facts: dict[str, str]) -> str:
    """Facts with a dot between them; paragraphs stand for themselves, last."""
    short = " · ".join(said for said in facts.values() if said and not said.startswith("<p>"))
    return short + "".join(said for said in facts.values() if said.startswith("<p>"))
