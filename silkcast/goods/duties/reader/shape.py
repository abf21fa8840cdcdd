# SPDX-License-Identifier: Apache-2.0
"""A place in a document: reads what must stand there, or says where and why it does not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NoReturn

from silkcast.goods.duties.errors import BrokenRules

from .document import Document, Fault

DECIMAL = re.compile(r"-?[0-9]{1,1000}(\.[0-9]{1,1000})?\Z")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
CURRENCY = re.compile(r"[A-Z]{3}\Z")
COUNTRY = re.compile(r"[A-Z]{2}\Z")
DEEPEST = 200


class Place:
    """A value and where it stands; the path is put together only when something is wrong."""

    __slots__ = ("above", "depth", "step", "value")

    def __init__(self, value: Any, step: str | int | Document, above: Place | None = None) -> None:
        self.value = value
        self.step = step
        self.above = above
        self.depth: int = 0 if above is None else above.depth + 1

    @classmethod
    def of(cls, document: Document) -> Place:
        return cls(document.value, document)

    def at(self, *steps: str | int) -> Place:
        """A place further down, in what has been read already."""
        place = self
        for step in steps:
            value = place.value[step] if not isinstance(place.value, dict) else place.value.get(step)
            place = Place(value, step, place)
        return place

    @property
    def path(self) -> str:
        steps = self._steps()
        parts = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps]
        return "file" + "".join(parts)

    def _steps(self) -> list[str | int]:
        if self.above is None:
            return [] if isinstance(self.step, Document) else [self.step]
        assert not isinstance(self.step, Document), "a document stands above all"
        return [*self.above._steps(), self.step]

    def line(self) -> int | None:
        place = self
        while place.above is not None:
            place = place.above
        return place.step.line(self._steps()) if isinstance(place.step, Document) else None

    def wrong(self, reason: str) -> NoReturn:
        if isinstance(self.value, Fault):
            raise BrokenRules(self.path, self.value.reason, self.value.line)
        raise BrokenRules(self.path, reason, self.line())

    def keys(self, needed: Collection[str], allowed: Collection[str] = ()) -> Mapping[str, Place]:
        """The places of a mapping that has all `needed` keys and none beside `allowed`."""
        if not isinstance(self.value, dict):
            self.wrong("a mapping is wanted")
        if self.depth > DEEPEST:
            self.wrong("nested too deep")
        for key in self.value:
            if key not in needed and key not in allowed:
                self._unknown(key)
        for key in needed:
            if key not in self.value:
                self.wrong(f"the key {key!r} is missing")
        return {key: Place(value, key, self) for key, value in self.value.items()}

    def _unknown(self, key: Any) -> NoReturn:
        if isinstance(key, str):
            Place(None, key, self).wrong("this key is not known here")
        self.wrong(f"unknown key {key!r}")

    def items(self) -> Iterator[Place]:
        if not isinstance(self.value, list):
            self.wrong("a list is wanted")
        for index, value in enumerate(self.value):
            yield Place(value, index, self)

    def sound(self) -> None:
        """Nothing below is a fault: for what is kept for people and not read."""
        waiting, seen = [self.value], set[int]()
        while waiting:
            value = waiting.pop()
            if isinstance(value, Fault):
                raise BrokenRules(self.path, value.reason, value.line)
            if isinstance(value, (dict, list)) and id(value) not in seen:
                seen.add(id(value))
                waiting += value.values() if isinstance(value, dict) else value

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            self.wrong("a text is wanted" + self._quote_hint())
        return self.value

    def _quote_hint(self) -> str:
        return ", in quotes" if isinstance(self.value, (bool, int, float, date)) else ""

    def words(self) -> str:
        """Text for people, which may be empty."""
        return self.value if isinstance(self.value, str) else self.text()

    def texts(self) -> tuple[str, ...]:
        return tuple(place.text() for place in self.items())

    def one_of(self, words: Collection[str]) -> str:
        text = self.text()
        if text not in words:
            self.wrong(f"{text!r} is none of {', '.join(words)}")
        return text

    def whole(self, least: int, most: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self.wrong("a whole number is wanted, without quotes")
        if not least <= self.value <= most:
            self.wrong(f"{self.value} is not from {least} to {most}")
        return self.value

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            self.wrong("true or false is wanted")
        return self.value

    def decimal(self, *, signed: bool = False) -> Decimal:
        if not isinstance(self.value, str) or not DECIMAL.match(self.value):
            self.wrong("a decimal in quotes is wanted, such as '19.90'")
        if self.value.startswith("-") and not signed:
            self.wrong("must not be negative")
        return Decimal(self.value)

    def exact(self, *, signed: bool = False) -> Fraction:
        return Fraction(self.decimal(signed=signed))

    def day(self) -> date:
        if not isinstance(self.value, str) or not DAY.match(self.value):
            self.wrong("a date in quotes is wanted, such as '2026-11-22'")
        try:
            return date.fromisoformat(self.value)
        except ValueError:
            self.wrong(f"there is no day {self.value}")

    def matching(self, pattern: re.Pattern[str], what: str) -> str:
        text = self.text()
        if not pattern.match(text):
            self.wrong(f"{what} is wanted, not {text!r}")
        return text

    def currency(self) -> str:
        return self.matching(CURRENCY, "a currency code")

    def country(self) -> str:
        return self.matching(COUNTRY, "a country code")
