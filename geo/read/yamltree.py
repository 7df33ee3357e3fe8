"""YAML bytes → a tree of nodes that know their line and column.

The tree is built from PyYAML's events with a stack of our own, so that nothing recurses, nothing is
constructed and a bomb costs what its first limit costs. Scalars stay text: the schema types them, so that
`lang: no` is "no", `time: 12:30` is no number of seconds and `id: 017` keeps its nought.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from geo.errors import Fault, InputError
from geo.read.faults import Faults, Mark, shown


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused. A story is written by hand; tables are read elsewhere."""

    bytes: int = 8_000_000
    depth: int = 32
    nodes: int = 200_000
    """Nodes, an alias counting as all that it stands for."""
    aliases: int = 5_000
    events: int = 5_000
    text: int = 20_000
    """Characters of one text."""


DEFAULTS = Limits()


@dataclass(slots=True, eq=False)
class Scalar:
    text: str
    mark: Mark
    plain: bool = False
    """Not quoted and no block: `null` and nothing at all are then empty."""
    size: int = 1

    @property
    def empty(self) -> bool:
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(slots=True, eq=False)
class Items:
    mark: Mark
    items: list[Node] = field(default_factory=list)
    size: int = 1
    empty = False


@dataclass(slots=True, eq=False)
class Table:
    mark: Mark
    pairs: dict[str, tuple[Mark, Node]] = field(default_factory=dict)
    """By key: where the key stands, and its value."""
    size: int = 1
    empty = False


Node = Scalar | Items | Table

_BOMS = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAGS = frozenset(f"tag:yaml.org,2002:{t}" for t in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq"))


def decode(data: bytes, file: str) -> str:
    """UTF-8, or UTF-16/32 with a byte order mark. Raises InputError naming the line of the first bad byte."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        what = f"byte 0x{data[error.start]:02x} is not {encoding.removesuffix('-sig').upper()}"
        raise InputError([Fault("encoding", what, "save the file as UTF-8", file, line, column)]) from None
    bad = _FORBIDDEN.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        column = bad.start() - (text.rfind("\n", 0, bad.start()) + 1) + 1
        what = f"the control character U+{ord(bad[0]):04X} stands in the text"
        raise InputError([Fault("control", what, "delete it", file, line, column)])
    return text


def parse(data: bytes, faults: Faults, limits: Limits = DEFAULTS) -> Node:
    """The one document of the YAML file that `faults` is about.

    What can be read past (a key given twice, a tag) is added to `faults`. Raises InputError, with those, for what
    cannot: no YAML, a second document, a limit passed. Nothing else is raised, whatever the bytes.
    """
    if len(data) > limits.bytes:
        raise _refusal("size", f"larger than {limits.bytes:,} bytes", "split the story", faults.file)
    text = decode(data, faults.file)
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _tree(yaml.parse(text, Loader=loader), faults, limits)
    except InputError as error:
        raise InputError([*faults.sorted(), *error.faults]) from None
    except yaml.YAMLError as error:
        raise InputError([*faults.sorted(), _syntax(error, faults.file)]) from None
    except (RecursionError, ValueError, OverflowError) as error:
        fault = Fault("syntax", f"not YAML: {shown(str(error))}", "check the file", faults.file)
        raise InputError([*faults.sorted(), fault]) from None


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _refusal(code: str, message: str, cure: str, file: str, mark: Mark | None = None) -> InputError:
    line, column = mark if mark else (None, None)
    return InputError([Fault(code, message, cure, file, line, column)])


@dataclass(slots=True)
class _Open:
    """A collection that is being read: its anchor, the key that waits for a value, and what is to be merged."""

    node: Items | Table
    anchor: str | None
    key: tuple[str | None, Mark, bool] | None = None
    merges: list[tuple[Mark, Node]] = field(default_factory=list)


class _Builder:
    """Takes the parser's events in turn; the open collections stand on `stack`, innermost last."""

    def __init__(self, faults: Faults, limits: Limits) -> None:
        self.faults = faults
        self.limits = limits
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, Node | None] = {}
        """None while the anchored collection is still open."""
        self.documents = self.nodes = self.aliases = 0

    def refusal(self, code: str, message: str, cure: str, mark: Mark) -> InputError:
        return _refusal(code, message, cure, self.faults.file, mark)

    def count(self, more: int, mark: Mark, code: str = "size") -> None:
        self.nodes += more
        if self.nodes > self.limits.nodes:
            message = f"more than {self.limits.nodes:,} values" + (", the aliases written out" if more > 1 else "")
            raise self.refusal(code, message, "split the story", mark)

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self.refusal("documents", "a second document begins (`---`)", "one story a file", _mark(event))

    def tag(self, event: Any, mark: Mark) -> None:
        if event.tag is None or event.tag == "!" or event.tag in _TAGS:
            return
        self.faults.add("tag", mark, "", f"the tag {shown(event.tag)} is not read", "delete it; a story needs no tags")
        if len(self.faults) >= 100:
            raise self.refusal("tag", "and so on: this is a file for another program", "write a story", mark)

    def scalar(self, event: Any) -> None:
        mark = _mark(event)
        self.count(1, mark)
        self.tag(event, mark)
        text = event.value
        if len(text) > self.limits.text:
            what = f"a text of more than {self.limits.text:,} characters ({shown(text, 30)})"
            self.faults.add("long", mark, "", what, "shorten it")
            text = text[: self.limits.text]
        if not text.isascii() and _SURROGATE.search(text):
            self.faults.add("encoding", mark, "", "half a character (a lone surrogate)", "write the character itself")
            text = ""
        node = Scalar(text, mark, not event.style)
        if event.anchor:
            self.anchors[event.anchor] = node
        self.give(node, mark)

    def alias(self, event: Any) -> None:
        mark = _mark(event)
        name = event.anchor or ""
        self.aliases += 1
        if self.aliases > self.limits.aliases:
            most = f"more than {self.limits.aliases:,} aliases"
            raise self.refusal("aliases", most, "write the values out", mark)
        if name not in self.anchors:
            what = f"the alias *{name[:40]} has no anchor"
            raise self.refusal("alias", what, "put the text in quotes, or write the value out", mark)
        target = self.anchors[name]
        if target is None:
            what = f"the alias *{name[:40]} stands inside what it names"
            raise self.refusal("alias", what, "write the value out", mark)
        self.count(target.size, mark, "aliases")
        self.give(target, mark)

    def items(self, event: Any) -> None:
        self.open(event, Items(_mark(event)))

    def table(self, event: Any) -> None:
        self.open(event, Table(_mark(event)))

    def open(self, event: Any, node: Items | Table) -> None:
        self.count(1, node.mark)
        self.tag(event, node.mark)
        if len(self.stack) >= self.limits.depth:
            what = f"nested more than {self.limits.depth} deep"
            raise self.refusal("depth", what, "a story is flatter", node.mark)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(node, event.anchor))

    def close(self, _: Any) -> None:
        done = self.stack.pop()
        for mark, value in done.merges:
            self.merge(done.node, mark, value)
        if done.anchor is not None:
            self.anchors[done.anchor] = done.node
        self.give(done.node, done.node.mark)

    def merge(self, node: Node, mark: Mark, value: Node) -> None:
        """`<<`: keys of the mapping's own win over merged ones, earlier merged ones over later ones."""
        for source in value.items if isinstance(value, Items) else [value]:
            if isinstance(source, Table) and isinstance(node, Table):
                for key, pair in source.pairs.items():
                    node.pairs.setdefault(key, pair)
            else:
                cure = "write `<<: *name` with the anchor of a mapping"
                self.faults.add("merge", mark, "<<", "only a mapping can be merged", cure)

    def give(self, node: Node, mark: Mark) -> None:
        """Puts a finished node where it belongs."""
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        parent.node.size += node.size
        if isinstance(parent.node, Items):
            parent.node.items.append(node)
        elif parent.key is None:
            if isinstance(node, Scalar):
                parent.key = (node.text, mark, node.plain)
            else:
                self.faults.add("key", mark, "", "a key must be a plain word", "write `key: value`")
                parent.key = (None, mark, False)
        else:
            key, key_mark, plain = parent.key
            parent.key = None
            if key == "<<" and plain:
                parent.merges.append((key_mark, node))
            elif key in parent.node.pairs:
                what = f"the key stands twice (first on line {parent.node.pairs[key][0].line})"
                self.faults.add("duplicate_key", key_mark, shown(key, 40)[1:-1], what, "keep one")
            elif key is not None:
                parent.node.pairs[key] = (key_mark, node)


def _tree(events: Iterator[Any], faults: Faults, limits: Limits) -> Node:
    import yaml.events as ev

    builder = _Builder(faults, limits)
    take: dict[type, Callable[[Any], None]] = {
        ev.ScalarEvent: builder.scalar,
        ev.AliasEvent: builder.alias,
        ev.SequenceStartEvent: builder.items,
        ev.SequenceEndEvent: builder.close,
        ev.MappingStartEvent: builder.table,
        ev.MappingEndEvent: builder.close,
        ev.DocumentStartEvent: builder.document,
    }
    for event in events:
        if (step := take.get(type(event))) is not None:
            step(event)
    if builder.root is None:
        raise _refusal("empty", "the file is empty", "`strikemap new NAME` writes a story to fill in", faults.file)
    return builder.root


# What libyaml and PyYAML say → what it means in a story, and the cure.
_PLAIN_WORDS = (
    ("'\\t'", "a tab stands in the indentation", "indent with spaces"),
    ("tab character", "a tab stands in the indentation", "indent with spaces"),
    (
        "mapping values are not allowed",
        "a colon stands inside an unquoted text, or the indentation is wrong",
        "put the text in quotes or indent like the keys above",
    ),
    ("could not find expected ':'", "this is no `key: value`", "write a colon and a space after the key"),
    ("unexpected end of stream", "a quoted text is not closed", "close the quotes"),
    (
        "did not find expected key",
        "the indentation or a quote is wrong",
        "align the key with its neighbours; quote a text that holds quotes",
    ),
    (
        "did not find expected '-' indicator",
        "the list is broken off",
        "begin the item with `- `, aligned with the others",
    ),
    ("expected ',' or", "a [list] or {mapping} is not closed", "close it"),
    ("did not find expected ',' or", "a [list] or {mapping} is not closed", "close it"),
    ("did not find expected node content", "a [list] or {mapping} is not closed", "close it"),
    ("cannot start any token", "a text cannot begin with this character", "put the text in quotes"),
    (
        "did not find expected alphabetic or numeric",
        "`*` and `&` begin an alias or an anchor",
        "put the text in quotes",
    ),
    ("found undefined tag handle", "a text cannot begin with `!`", "put the text in quotes"),
)


def _syntax(error: Any, file: str) -> Fault:
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error).split("\n")[0]
    context = str(getattr(error, "context", None) or "")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    message, cure = f"not YAML: {problem[:120]}", "check the indentation and the quotes"
    for needle, words, remedy in _PLAIN_WORDS:
        if needle in problem:
            message, cure = words, remedy
            break
    if "end of stream" in problem and "quoted" in context:
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
    return Fault("syntax", message, cure, file, line, column)
