"""The declared shape of a story: each shape both reads a node and describes itself as JSON Schema.

One declaration makes the two, so that what an editor completes and what the reader accepts cannot drift apart. Reading
reports faults and goes on: a value that is wrong reads as None, and its key still counts as given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geo.model import Range, When
from geo.read.dates import PATTERN, DateError, parse_edtf
from geo.read.faults import Faults, Mark, shown
from geo.read.values import COUNT_PATTERN, RANGE_PATTERN, ValueFault, count, count_range, language
from geo.read.yamltree import Items, Node, Scalar, Table

JSON = dict[str, Any]

PLAIN: JSON = {"type": ["string", "number", "boolean", "null"]}
LANG_PATTERN = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"


class Shape:
    """What a value may be. `name` says it in a message: "a text", "a number"."""

    name: str

    def schema(self) -> JSON:
        raise NotImplementedError

    def read(self, node: Node, path: str, faults: Faults) -> Any:
        """The value of `node`, or None after a fault has been reported. Never raises."""
        raise NotImplementedError

    def blank(self, node: Node) -> bool:
        """Whether `node` says no more than a key that is not there."""
        return node.empty

    def refuse(self, node: Node, path: str, faults: Faults) -> None:
        """Reports that `node` is a list or mapping (or a plain value) where something else is due."""
        got = {Items: "a list", Table: "a mapping", Scalar: "a plain value"}[type(node)]
        if isinstance(node, Scalar):
            got = "empty" if node.empty else shown(node.text)
        faults.add("type", node.mark, path, f"{got} stands where {self.name} is due", f"write {self.name}")


@dataclass(frozen=True)
class Word(Shape):
    """A plain value that `parse` makes something of; it raises ValueFault with what is wrong.

    `also` are the JSON types, beside string, that an editor's YAML reader makes of such a value.
    """

    name: str
    parse: Callable[[str], Any]
    extra: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[str, ...] = ()

    def schema(self) -> JSON:
        types: Any = ["string", *self.also] if self.also else "string"
        return {"type": types, **self.extra}

    def read(self, node: Node, path: str, faults: Faults) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            self.refuse(node, path, faults)
            return None
        try:
            return self.parse(node.text)
        except ValueFault as fault:
            faults.add(fault.code, node.mark, path, fault.message, fault.cure)
            return None


class DateShape(Shape):
    """An EDTF date."""

    name = "a date"

    def blank(self, node: Node) -> bool:
        return node.empty or isinstance(node, Scalar) and not node.text.strip()

    def schema(self) -> JSON:
        return {
            "anyOf": [
                {"type": "string", "pattern": PATTERN},
                {"type": "integer", "minimum": 1000, "maximum": 2100, "description": "A year."},
            ]
        }

    def read(self, node: Node, path: str, faults: Faults) -> When | None:
        if not isinstance(node, Scalar):
            self.refuse(node, path, faults)
            return None
        try:
            return parse_edtf(node.text)
        except DateError as error:
            faults.add("date", node.mark, path, error.message, error.cure)
            return None


class Choice(Shape):
    """One word of a list; `synonyms` are other spellings that are read and never suggested."""

    def __init__(self, enum: type[StrEnum], synonyms: Mapping[str, str] | None = None) -> None:
        self.enum = enum
        self.synonyms = dict(synonyms or {})
        self.words = [member.value for member in enum]
        self.name = "one of " + ", ".join(self.words)

    def schema(self) -> JSON:
        return {"type": "string", "enum": [*self.words, *sorted(self.synonyms)]}

    def read(self, node: Node, path: str, faults: Faults) -> Any:
        if not isinstance(node, Scalar):
            self.refuse(node, path, faults)
            return None
        text = node.text.strip()
        word = self.synonyms.get(text, text)
        if word in self.words:
            return self.enum(word)
        near = faults.nearest(text, self.words)
        cure = f'did you mean "{near}"?' if near else f"write {self.name}"
        faults.add("choice", node.mark, path, f"{shown(text)} is not known" if text else "is empty", cure)
        return None


class Texts(Shape):
    """A text, or one a language. Reads as {language: text}; a plain text stands under ""."""

    name = "a text or {language: text}"

    def blank(self, node: Node) -> bool:
        return node.empty or isinstance(node, Scalar) and not node.text.strip()

    def schema(self) -> JSON:
        return {
            "anyOf": [
                {"type": ["string", "number", "boolean"]},
                {
                    "type": "object",
                    "patternProperties": {f"^{LANG_PATTERN}$": dict(PLAIN)},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }

    def text(self, node: Node, path: str, faults: Faults) -> str | None:
        if not isinstance(node, Scalar):
            faults.add(
                "type",
                node.mark,
                path,
                "a list or mapping stands where a text is due",
                "write a text, in quotes if it needs them",
            )
            return None
        return "" if node.empty else node.text.strip()

    def read(self, node: Node, path: str, faults: Faults) -> dict[str, str] | None:
        if isinstance(node, Items):
            self.refuse(node, path, faults)
            return None
        if isinstance(node, Scalar):
            text = self.text(node, path, faults)
            return {"": text} if text else None
        found: dict[str, str] = {}
        if not node.pairs:
            faults.add("type", node.mark, path, "an empty mapping", "write {en: …} with a text a language")
        for key, (mark, value) in node.pairs.items():
            try:
                code = language(key)
            except ValueFault as fault:
                faults.add(fault.code, mark, path, fault.message, fault.cure)
                continue
            if text := self.text(value, f"{path}:{code}", faults):
                found[code] = text
        return found or None


@dataclass(frozen=True)
class Alone(Shape):
    """A plain value that stands for a record with one key."""

    key: str
    shape: Shape

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.shape.name

    def schema(self) -> JSON:
        return self.shape.schema()

    def read(self, node: Node, path: str, faults: Faults) -> Read | None:
        value = self.shape.read(node, path, faults)
        return None if value is None else Read(node.mark, path, {self.key: value}, {self.key: node.mark}, set())


@dataclass(frozen=True)
class RangeShape(Shape):
    """A number as its source gives it: `10`, `10-20`, `10+`, or {min, max}."""

    name: str = "a number or a range (10, 10-20, 10+)"

    def schema(self) -> JSON:
        end = {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 1_000_000},
                {"type": "string", "pattern": COUNT_PATTERN},
                {"type": "null"},
            ]
        }
        return {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 1_000_000},
                {"type": "string", "pattern": RANGE_PATTERN},
                {
                    "type": "object",
                    "properties": {"min": end, "max": end},
                    "additionalProperties": False,
                    "minProperties": 1,
                },
            ]
        }

    def read(self, node: Node, path: str, faults: Faults) -> Range | None:
        if isinstance(node, Items):
            self.refuse(node, path, faults)
            return None
        if isinstance(node, Scalar):
            return Word(self.name, count_range).read(node, path, faults)  # type: ignore[no-any-return]
        ends: dict[str, int | None] = {"min": None, "max": None}
        before = len(faults)
        if not node.pairs:
            faults.add("type", node.mark, path, "an empty mapping", "write {min: 10, max: 20}")
        for key, (mark, value) in node.pairs.items():
            if key not in ends:
                faults.add("unknown_key", mark, path, f"{shown(key)} is not a key here", "write min and max")
            elif not value.empty:
                ends[key] = Word("a whole number", count).read(value, f"{path}.{key}", faults)
        if len(faults) > before:
            return None
        return ordered(ends["min"], ends["max"], node.mark, path, faults)


def ordered(low: int | None, high: int | None, mark: Mark, path: str, faults: Faults) -> Range | None:
    """The range of two ends; None if both are missing, or after a fault if they are the wrong way round."""
    if low is not None and high is not None and low > high:
        faults.add("range", mark, path, f"the minimum {low} is more than the maximum {high}", f"write {high}-{low}")
        return None
    return None if low is None and high is None else Range(low, high)


@dataclass(frozen=True)
class ListOf(Shape):
    """A list; with `single`, one value stands for a list of one; with `split`, a text is split at semicolons."""

    item: Shape
    name: str
    single: bool = False
    split: bool = False

    def schema(self) -> JSON:
        item = self.item.schema()
        array = {"type": "array", "items": item}
        return {"anyOf": [array, item]} if self.single else array

    def read(self, node: Node, path: str, faults: Faults) -> list[Any] | None:
        if isinstance(node, Items):
            found = [self.item.read(n, path, faults) for n in node.items]
            return [value for value in found if value is not None]
        if not self.single:
            self.refuse(node, path, faults)
            return None
        if self.split and isinstance(node, Scalar):
            parts = [part.strip() for part in node.text.split(";")]
            found = [self.item.read(Scalar(part, node.mark, True), path, faults) for part in parts if part]
        else:
            found = [self.item.read(node, path, faults)]
        return [value for value in found if value is not None]


@dataclass(frozen=True)
class Forms(Shape):
    """Different shapes for a plain value, a list, a mapping; a form that is None is refused."""

    name: str
    scalar: Shape | None = None
    items: Shape | None = None
    table: Shape | None = None

    def schema(self) -> JSON:
        return {"anyOf": [shape.schema() for shape in (self.scalar, self.items, self.table) if shape]}

    def read(self, node: Node, path: str, faults: Faults) -> Any:
        shape = {Scalar: self.scalar, Items: self.items, Table: self.table}[type(node)]
        if shape is None:
            self.refuse(node, path, faults)
            return None
        return shape.read(node, path, faults)


@dataclass(frozen=True)
class MapOf(Shape):
    """A mapping from ids of the user's own to values."""

    key: Word
    value: Shape
    name: str

    def schema(self) -> JSON:
        return {"type": "object", "propertyNames": self.key.schema(), "additionalProperties": self.value.schema()}

    def read(self, node: Node, path: str, faults: Faults) -> dict[str, tuple[Mark, Any]] | None:
        if not isinstance(node, Table):
            self.refuse(node, path, faults)
            return None
        found: dict[str, tuple[Mark, Any]] = {}
        for key, (mark, value) in node.pairs.items():
            name = self.key.read(Scalar(key, mark), path, faults)
            if name is not None:
                found[name] = (mark, self.value.read(value, f"{path}.{shown(key, 40)[1:-1]}", faults))
        return found


@dataclass(frozen=True)
class Key:
    """One key of a record: its shape and what it is for (the words an editor shows)."""

    shape: Shape
    help: str
    alias: str | None = None
    """A second spelling of the key."""


@dataclass(eq=False)
class Read:
    """A record that was read: values by key, and the marks of keys and of the record itself."""

    mark: Mark
    path: str
    values: dict[str, Any]
    marks: dict[str, Mark]
    """Of every key that was given, also of those whose value was empty or wrong."""
    empty: set[str]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)

    def given(self, *keys: str) -> bool:
        """Whether any of the keys stands in the file with something in it, be it wrong."""
        return any(key in self.marks and key not in self.empty for key in keys)

    def where(self, key: str) -> Mark:
        return self.marks.get(key, self.mark)

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


class Record(Shape):
    """A mapping with known keys. Text keys may be written `key:language` as well.

    `one_of`: groups of keys of which one must be given (all the keys of that group).
    """

    def __init__(
        self,
        name: str,
        keys: Mapping[str, Key],
        *,
        one_of: Sequence[Sequence[str]] = (),
        missing: tuple[str, str] = ("", ""),
        refused: Mapping[str, tuple[str, str]] | None = None,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.keys = dict(keys)
        self.one_of = one_of
        self.missing = missing
        self.refused = dict(refused or {})
        self.hints = dict(hints or {})
        self.aliases = {key.alias: name for name, key in self.keys.items() if key.alias}

    def schema(self) -> JSON:
        properties: JSON = {}
        texts: list[str] = []
        for name, key in self.keys.items():
            for spelling in (name, key.alias) if key.alias else (name,):
                properties[spelling] = {"description": key.help, "anyOf": [key.shape.schema(), {"type": "null"}]}
            if isinstance(key.shape, Texts):
                texts.append(name)
        found: JSON = {"type": "object", "properties": properties, "additionalProperties": False}
        if texts:
            # title:fr is the title in French.
            found["patternProperties"] = {f"^({'|'.join(texts)}):{LANG_PATTERN}$": dict(PLAIN)}
        if self.one_of:
            found["anyOf"] = [{"required": list(group)} for group in self.one_of]
        return found

    def read(self, node: Node, path: str, faults: Faults) -> Read | None:
        if not isinstance(node, Table):
            self.refuse(node, path, faults)
            return None
        read = Read(node.mark, path, {}, {}, set())
        for written, (mark, value) in node.pairs.items():
            name, code = self._name(written)
            if name not in self.keys:
                self._unknown(written, mark, read, faults)
                continue
            shape = self.keys[name].shape
            if shape.blank(value):
                if name not in read.marks:
                    read.marks[name] = mark
                    read.empty.add(name)
                continue
            if code is not None:
                self._one_language(read, name, code, mark, value, faults)
            elif read.given(name) and isinstance(shape, Texts):
                self._add_texts(read, name, shape.read(value, read.at(name), faults) or {}, mark, faults)
            elif read.given(name):
                faults.add("twice", mark, read.at(written), f"the same as {name}, which is given too", "keep one")
            else:
                read.values[name] = shape.read(value, read.at(name), faults)
            read.marks[name] = value.mark
            read.empty.discard(name)
        if self.one_of and not any(all(read.given(key) for key in group) for group in self.one_of):
            faults.add("missing", node.mark, path, *self.missing)
        return read

    def _name(self, written: str) -> tuple[str, str | None]:
        """The key that was meant, and the language of `title:fr`."""
        name = self.aliases.get(written, written)
        stem, colon, code = written.partition(":")
        if name not in self.keys and colon and stem in self.keys and isinstance(self.keys[stem].shape, Texts):
            return stem, code
        return name, None

    def _one_language(self, read: Read, name: str, code: str, mark: Mark, value: Node, faults: Faults) -> None:
        try:
            code = language(code)
        except ValueFault as fault:
            faults.add(fault.code, mark, read.at(name), fault.message, fault.cure)
            return
        text = Texts().text(value, read.at(f"{name}:{code}"), faults)
        self._add_texts(read, name, {code: text} if text else {}, mark, faults)

    @staticmethod
    def _add_texts(read: Read, name: str, texts: Mapping[str, str], mark: Mark, faults: Faults) -> None:
        """`title` and `title:fr` together make one text, unless they give a language twice."""
        known = dict(read.values.get(name) or {})
        for code, text in texts.items():
            if code in known:
                which = f"in {code} " if code else ""
                faults.add("twice", mark, read.at(name), f"a text {which}is given twice", "keep one")
            known.setdefault(code, text)
        read.values[name] = known or None

    def _unknown(self, key: str, mark: Mark, read: Read, faults: Faults) -> None:
        if key in self.refused:
            faults.add("not_built", mark, read.at(key), *self.refused[key])
            return
        field = read.at(shown(key, 40)[1:-1])
        known = [*self.keys, *self.aliases]
        near = faults.nearest(key, known)
        hint = self.hints.get(key)
        listed = f"its keys are {', '.join(self.keys)}"
        if len(self.keys) > 15:
            listed = "delete it; strikemap new NAME writes a story that shows the keys"
        cure = hint or (f'did you mean "{near}"?' if near else listed)
        faults.add("unknown_key", mark, field, f"not a key of {self.name}", cure)
