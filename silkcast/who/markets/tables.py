# SPDX-License-Identifier: Apache-2.0
"""Tables: a TOML document taken apart key by key. What is missing, of the wrong kind or left over is a fault
that knows its key, and so its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar, cast

from silkcast.ground.money import BadMoney, Currency, Money

from .errors import BrokenMarket

T = TypeVar("T")
_HEAD = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+")


class Fault(ValueError):
    """What is wrong, and the keys that lead there; a number among them is a place in a list."""

    def __init__(self, keys: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.keys = keys
        self.reason = reason


class Table:
    """One table. Every key is taken once; `done` refuses what nobody took."""

    def __init__(self, given: Any, keys: tuple[str | int, ...] = ()) -> None:
        if not isinstance(given, Mapping):
            raise Fault(keys, "a table belongs here")
        self._left = dict(given)
        self.keys = keys

    def fault(self, reason: str, key: str = "") -> Fault:
        return Fault((*self.keys, key) if key else self.keys, reason)

    def has(self, key: str) -> bool:
        return key in self._left

    def _take(self, key: str, kind: type[T], words: str) -> T:
        if key not in self._left:
            raise self.fault(f"{key} is missing")
        found = self._left.pop(key)
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            raise self.fault(f"{key} is {words}", key)
        return found

    def text(self, key: str, default: str | None = None) -> str:
        return default if default is not None and not self.has(key) else self._take(key, str, "a text")

    def whole(self, key: str) -> int:
        return self._take(key, int, "a whole number")

    def yes(self, key: str) -> bool:
        """Said to be so; what is not said is not."""
        return self.has(key) and self._take(key, bool, "true or false")

    def day(self, key: str) -> date:
        found = self._take(key, date, "a day")
        if isinstance(found, datetime):
            raise self.fault(f"{key} is a day without an hour", key)
        return found

    def day_or_none(self, key: str) -> date | None:
        return self.day(key) if self.has(key) else None

    def one_of(self, key: str, known: tuple[str, ...], default: str | None = None) -> Any:
        found = self.text(key, default)
        if found not in known:
            raise self.fault(f"{found!r} is none of {', '.join(known)}", key)
        return found

    def money(self, key: str, currency: Currency) -> Money:
        with self.reading(key):
            return Money.of(self.text(key), currency)

    def decimal(self, key: str) -> Decimal:
        with self.reading(key):
            return Decimal(self.text(key))

    def clock(self, key: str) -> tuple[time, time]:
        """Two times of the day: `["21:00", "08:00"]`."""
        with self.reading(key):
            begins, ends = (time.fromisoformat(one) for one in self.texts(key))
            return begins, ends

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        return self._many(key, str, default)

    def wholes(self, key: str) -> tuple[int, ...]:
        return self._many(key, int, None)

    def _many(self, key: str, kind: type[T], default: tuple[T, ...] | None) -> tuple[T, ...]:
        if default is not None and not self.has(key):
            return default
        found = self._take(key, list, "a list")
        if any(type(one) is not kind for one in found):
            raise self.fault(f"{key} has something else in it", key)
        return tuple(cast("list[T]", found))

    def table(self, key: str) -> Table:
        return Table(self._take(key, dict, "a table"), (*self.keys, key))

    def tables(self, key: str) -> list[Table]:
        if not self.has(key):
            return []
        found = self._take(key, list, "a list of tables")
        return [Table(one, (*self.keys, key, index)) for index, one in enumerate(found)]

    def mapping(self, key: str) -> Mapping[str, Any]:
        return self._take(key, dict, "a table") if self.has(key) else {}

    def raw(self, key: str) -> Any:
        """What stands there, as it is; it stays."""
        return self._left[key]

    def left(self) -> tuple[str, ...]:
        return tuple(self._left)

    def done(self) -> None:
        for key in self._left:
            raise self.fault(f"unknown key {key!r}", key)

    @contextmanager
    def reading(self, key: str) -> Iterator[None]:
        """What goes wrong inside was wrong with this key."""
        try:
            yield
        except Fault:
            raise
        except (BadMoney, InvalidOperation, ValueError, LookupError, TypeError, re.error) as fault:
            raise self.fault(f"{key}: {fault}", key) from None


def read(path: Path, build: Callable[[Table], T], text: str | None = None) -> T:
    """What `build` makes of the file, or `BrokenMarket` with its line."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8") if text is None else text
        document = tomllib.loads(text, parse_float=_no_float)
    except tomllib.TOMLDecodeError as fault:
        told = re.search(r"line (\d+)", str(fault))
        raise BrokenMarket(name, str(fault), int(told[1]) if told else 0) from None
    except (OSError, ValueError) as fault:
        raise BrokenMarket(name, str(fault)) from None
    try:
        return build(Table(document))
    except Fault as fault:
        raise BrokenMarket(name, fault.reason, line_of(text, fault.keys)) from None


def _no_float(text: str) -> Decimal:
    raise ValueError(f"amounts stand in quotes: {text}")


def line_of(text: str, keys: tuple[str | int, ...]) -> int:
    """The line of a key by the text, as readers of TOML do not tell: the head of its table, then the key
    after it; the nearest that can be found."""
    lines = text.splitlines()
    at = _head(lines, keys)
    depth, place = _depth(lines[at - 1]) if at else 0, 0
    for key in keys:
        if isinstance(key, int):
            place = key
            continue
        if depth:
            depth, place = depth - 1, 0
            continue
        at, place = _next(lines, at, key, place), 0
    return at


def _next(lines: list[str], at: int, key: str, place: int) -> int:
    """The line where the key stands for the `place`th time from here on, in this table; here, if nowhere."""
    found = at
    for number in range(max(at, 1), len(lines) + 1):
        if number > at and _HEAD.match(lines[number - 1]):
            break
        for _ in re.findall(rf"(?<![\w.-]){re.escape(key)}\s*=", lines[number - 1]):
            found = number
            if place == 0:
                return found
            place -= 1
    return found


def _depth(line: str) -> int:
    found = _HEAD.match(line)
    return len(found[1].split(".")) if found else 0


def _head(lines: list[str], keys: tuple[str | int, ...]) -> int:
    """The line of the deepest table head that the keys pass through; 0 if there is none."""
    best = 0
    counts: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        found = _HEAD.match(line)
        if found is None:
            continue
        path = tuple(part.strip() for part in found[1].split("."))
        if line.lstrip().startswith("[["):
            full = ".".join(path)
            counts[full] = counts.get(full, -1) + 1
            for known in [one for one in counts if one.startswith(f"{full}.")]:
                del counts[known]
        if _leads(path, counts, keys):
            best = number
    return best


def _leads(path: tuple[str, ...], counts: Mapping[str, int], keys: tuple[str | int, ...]) -> bool:
    """Whether a head with this path, at the present places of the lists, lies on the way of the keys."""
    walked: list[str | int] = []
    for depth, part in enumerate(path, start=1):
        walked.append(part)
        place = counts.get(".".join(path[:depth]))
        if place is not None:
            walked.append(place)
    return tuple(walked) == keys[: len(walked)]
