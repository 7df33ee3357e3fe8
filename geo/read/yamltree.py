"""YAML bytes → a tree of nodes that know their line and column.

The tree is built from PyYAML's events with a stack of our own, so that nothing recurses, nothing is
constructed and a bomb costs what its first limit costs. Scalars stay text: the schema types them, so that
`lang: no` is "no", `time: 12:30` is no number of seconds and `id: 017` keeps its nought.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from geo.errors import Fault, InputError
from geo.read.faults import Faults, Mark, shown


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused. A story is written by hand; tables are read elsewhere."""

    bytes: int = 8_000_000
    depth: int = 32
    nodes: int = 300_000
    """Nodes, an alias counting as all that it stands for."""
    aliases: int = 5_000
    events: int = 10_000
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


def parse(data: bytes, file: str, limits: Limits = DEFAULTS) -> Node:
    """The one document of a YAML file. Raises InputError; nothing else, whatever the bytes."""
    if len(data) > limits.bytes:
        _refuse("size", f"larger than {limits.bytes:,} bytes", "split the story", file)
    text = decode(data, file)
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    faults = Faults(file, most=100)
    try:
        root = _tree(yaml.parse(text, Loader=loader), faults, limits)
    except yaml.YAMLError as error:
        raise InputError([*faults.sorted(), _syntax(error, file)]) from None
    except (RecursionError, ValueError, OverflowError) as error:
        raise InputError([Fault("syntax", f"not YAML: {shown(str(error))}", "check the file", file)]) from None
    faults.raise_any()
    return root


def _refuse(code: str, message: str, cure: str, file: str, mark: Mark | None = None) -> None:
    line, column = mark if mark else (None, None)
    raise InputError([Fault(code, message, cure, file, line, column)])


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


_NO_KEY: Any = object()


def _tree(events: Iterator[Any], faults: Faults, limits: Limits) -> Node:
    import yaml.events as ev

    root: Node | None = None
    documents = count = aliases = 0
    anchors: dict[str, Node | None] = {}
    # The open collections, innermost last: node, its anchor, the pending key, the values to be merged.
    stack: list[tuple[Items | Table, str | None]] = []
    keys: list[Any] = []
    merges: list[list[tuple[Mark, Node]]] = []

    def give(node: Node, mark: Mark) -> None:
        """Puts a finished node where it belongs."""
        nonlocal root
        if not stack:
            root = node
            return
        parent, _ = stack[-1]
        parent.size += node.size
        if isinstance(parent, Items):
            parent.items.append(node)
        elif keys[-1] is _NO_KEY:
            if isinstance(node, Scalar):
                keys[-1] = (node.text, mark, node.plain)
            else:
                faults.add("key", mark, "", "a key must be a plain word", "write `key: value`")
                keys[-1] = (None, mark, False)
        else:
            key, key_mark, plain = keys[-1]
            keys[-1] = _NO_KEY
            if key is None:
                return
            if key == "<<" and plain:
                merges[-1].append((key_mark, node))
            elif key in parent.pairs:
                first = parent.pairs[key][0].line
                faults.add(
                    "duplicate_key",
                    key_mark,
                    shown(key, 40)[1:-1],
                    f"the key stands twice (first on line {first})",
                    "keep one",
                )
            else:
                parent.pairs[key] = (key_mark, node)

    def close() -> None:
        node, anchor = stack.pop()
        keys.pop()
        for mark, value in merges.pop():
            assert isinstance(node, Table)
            for source in value.items if isinstance(value, Items) else [value]:
                if not isinstance(source, Table):
                    faults.add(
                        "merge",
                        mark,
                        "<<",
                        "only a mapping can be merged",
                        "write `<<: *name` with the anchor of a mapping",
                    )
                    continue
                for key, pair in source.pairs.items():
                    node.pairs.setdefault(key, pair)
        if anchor is not None:
            anchors[anchor] = node
        give(node, node.mark)

    for event in events:
        if isinstance(event, ev.ScalarEvent | ev.SequenceStartEvent | ev.MappingStartEvent | ev.AliasEvent):
            mark = _mark(event)
            count += 1
            if count > limits.nodes:
                _refuse("size", f"more than {limits.nodes:,} values", "split the story", faults.file, mark)
        if isinstance(event, ev.AliasEvent):
            aliases += 1
            if aliases > limits.aliases:
                _refuse("aliases", f"more than {limits.aliases:,} aliases", "write the values out", faults.file, mark)
            name = event.anchor or ""
            if name not in anchors:
                _refuse(
                    "alias",
                    f"the alias *{name[:40]} has no anchor",
                    f"write &{name[:40]} before it",
                    faults.file,
                    mark,
                )
            target = anchors[name]
            if target is None:
                _refuse(
                    "alias",
                    f"the alias *{name[:40]} stands inside what it names",
                    "write the value out",
                    faults.file,
                    mark,
                )
            assert target is not None
            count += target.size
            if count > limits.nodes:
                _refuse(
                    "aliases",
                    f"the aliases stand for more than {limits.nodes:,} values",
                    "write the values out",
                    faults.file,
                    mark,
                )
            give(target, mark)
        elif isinstance(event, ev.ScalarEvent | ev.SequenceStartEvent | ev.MappingStartEvent):
            if event.tag is not None and event.tag != "!" and event.tag not in _TAGS:
                faults.add(
                    "tag", mark, "", f"the tag {shown(event.tag)} is not read", "delete it; a story needs no tags"
                )
            if isinstance(event, ev.ScalarEvent):
                text = event.value
                if len(text) > limits.text:
                    faults.add(
                        "long",
                        mark,
                        "",
                        f"a text of more than {limits.text:,} characters ({shown(text, 30)})",
                        "shorten it",
                    )
                    text = text[: limits.text]
                if any("\ud800" <= c <= "\udfff" for c in text):
                    faults.add(
                        "encoding", mark, "", "half a character (a lone surrogate)", "write the character itself"
                    )
                    text = ""
                scalar = Scalar(text, mark, not event.style)
                if event.anchor:
                    anchors[event.anchor] = scalar
                give(scalar, mark)
            else:
                if len(stack) >= limits.depth:
                    _refuse("depth", f"nested more than {limits.depth} deep", "a story is flatter", faults.file, mark)
                if event.anchor:
                    anchors[event.anchor] = None
                stack.append((Items(mark) if isinstance(event, ev.SequenceStartEvent) else Table(mark), event.anchor))
                keys.append(_NO_KEY)
                merges.append([])
        elif isinstance(event, ev.CollectionEndEvent):
            close()
        elif isinstance(event, ev.DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse("documents", "a second document begins (`---`)", "one story a file", faults.file, _mark(event))
            anchors.clear()
    if root is None:
        _refuse("empty", "the file is empty", "`strikemap new NAME` writes a story to fill in", faults.file)
    assert root is not None
    return root


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
