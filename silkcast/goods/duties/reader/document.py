# SPDX-License-Identifier: Apache-2.0
"""YAML to plain mappings, lists and scalars, straight from the parser's events.

A key given twice is a fault of its mapping, found when the mapping is read: one bad case of a file leaves the
others as they are. Anchors come out as one and the same object. The line of a place is looked up only when
something is wrong there.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

import yaml
from yaml import events as ev

from silkcast.goods.duties.errors import BrokenRules

if TYPE_CHECKING:
    _Loader = yaml.SafeLoader
else:
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DEEPEST = 200
MOST_BEHIND_AN_ANCHOR = 200_000
"""Anchors in anchors multiply: what lies behind one of them, all told, is bounded."""
MERGE = "tag:yaml.org,2002:merge"
TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Fault:
    """Stands where YAML holds something that cannot be read."""

    reason: str
    line: int
    of: object = None
    """What could be read, to know what it is a fault of."""


@dataclass(slots=True)
class Document:
    value: object
    text: str | bytes
    _root: yaml.Node | None = field(default=None)

    def line(self, path: Sequence[str | int]) -> int | None:
        """Where a place stands, as far as it can be followed."""
        try:
            if self._root is None:
                with _no_collecting():
                    self._root = yaml.compose(self.text, Loader=_Loader)
        except yaml.YAMLError:
            return None
        node = self._root
        line = None if node is None else node.start_mark.line + 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line


def load(text: str | bytes) -> Document:
    """The document as it stands. Raises `BrokenRules` where it is not YAML at all."""
    try:
        with _no_collecting():
            return Document(_Builder(text).document(), text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise BrokenRules("file", str(reason), mark.line + 1 if mark else None) from None
    except (ValueError, UnicodeError) as error:
        raise BrokenRules("file", f"not YAML: {error}") from None


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Nothing here is rubbish until the end, and looking for it takes most of the time of a big file."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _child(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if key.value == step:
            return key.start_mark.line + 1, value
    for key, value in node.value:
        if key.tag == MERGE:
            for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                found = _child(one, step)
                if found is not None:
                    return found
    return None


class _Builder:
    def __init__(self, text: str | bytes) -> None:
        self.parser: Any = _Loader(text)  # untyped in PyYAML
        self.next: Callable[[], Any] = self.parser.get_event
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.words: dict[tuple[str | None, str, bool], Any] = {}
        self.size = 0

    def document(self) -> object:
        self.next()
        event = self.next()
        if isinstance(event, ev.StreamEndEvent):
            return None
        value = self.node(self.next(), 0)
        self.next()
        event = self.next()
        if not isinstance(event, ev.StreamEndEvent):
            self.wrong(event, "one document is wanted, here begins a second")
        return value

    def wrong(self, event: Any, reason: str) -> NoReturn:
        raise BrokenRules("file", reason, event.start_mark.line + 1)

    def node(self, event: Any, depth: int) -> Any:
        before = self.size
        self.size += 1
        kind = type(event)
        if kind is ev.ScalarEvent:
            value = self.scalar(event)
        elif kind is ev.AliasEvent:
            if event.anchor not in self.anchors:
                self.wrong(event, f"there is no anchor {event.anchor!r} above")
            value, size = self.anchors[event.anchor]
            self.size += size
            return value
        elif depth > DEEPEST:
            self.wrong(event, "nested too deep")
        elif kind is ev.MappingStartEvent:
            value = self.mapping(event, depth + 1)
        else:
            value = self.sequence(event, depth + 1)
        if event.anchor is not None:
            self.anchors[event.anchor] = value, self.size - before
            if self.size - before > MOST_BEHIND_AN_ANCHOR:
                self.wrong(event, f"too much lies behind the anchor {event.anchor!r}")
        return value

    def sequence(self, start: Any, depth: int) -> Any:
        items = []
        while type(event := self.next()) is not ev.SequenceEndEvent:
            items.append(self.node(event, depth))
        return items if start.tag in (None, "!", "tag:yaml.org,2002:seq") else _tag(start)

    def mapping(self, start: Any, depth: int) -> Any:
        found: dict[Any, Any] = {}
        merged: list[Any] = []
        fault = None if start.tag in (None, "!", "tag:yaml.org,2002:map") else _tag(start)
        while type(event := self.next()) is not ev.MappingEndEvent:
            line = event.start_mark.line + 1
            is_merge = type(event) is ev.ScalarEvent and event.value == "<<" and event.implicit[0]
            key = self.node(event, depth)
            value = self.node(self.next(), depth)
            if is_merge:
                merged += value if isinstance(value, list) else [value]
            elif type(event) is not ev.ScalarEvent or isinstance(key, Fault):
                fault = fault or Fault("a key is a plain word", line)
            elif key in found:
                fault = fault or Fault(f"the key {key!r} is given twice", line)
            else:
                found[key] = value
        for one in merged:
            if not isinstance(one, dict):
                fault = fault or Fault("only mappings can be merged", start.start_mark.line + 1)
                continue
            found = one | found
        return found if fault is None else replace(fault, of=found)

    def scalar(self, event: Any) -> Any:
        tag, text, is_plain = event.tag, event.value, event.implicit[0]
        if tag is None and not is_plain:
            return text
        known = self.words.get((tag, text, is_plain))
        if known is None:
            known = self.word(event)
            if not isinstance(known, Fault):
                self.words[tag, text, is_plain] = known
        return known

    def word(self, event: Any) -> Any:
        if event.tag not in (None, "!", TEXT):
            return _tag(event)
        tag = (
            event.tag
            if event.tag == TEXT
            else self.parser.resolve(yaml.ScalarNode, event.value, event.implicit)
        )
        if tag in (TEXT, MERGE):
            return event.value
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            return self.parser.construct_object(node)
        except (ValueError, ArithmeticError, yaml.YAMLError):
            return Fault(f"{event.value[:40]!r} cannot be read", event.start_mark.line + 1)


def _tag(event: Any) -> Fault:
    return Fault(f"the tag {event.tag} has no place here", event.start_mark.line + 1)
