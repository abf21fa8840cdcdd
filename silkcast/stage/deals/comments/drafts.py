# SPDX-License-Identifier: Apache-2.0
"""The lines of a comment: which code, which options, how many; and what on the shelf each of them fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .shelf import Places, Shelf
from .tokens import Token

NAMES = frozenset({"code", "option", "name"})
COUNTS = frozenset({"units", "number", "plus", "one"})


@dataclass(slots=True)
class Draft:
    """One line as far as it is read."""

    code: Places | None = None
    name: Places | None = None
    options: dict[str, str] = field(default_factory=dict)
    """By what they are one of."""
    units: int = 0
    is_sure: bool = False
    """The units are counted, not just a word for one."""
    inherited: Places | None = None
    """The code of the line before, for `D5 red M 1, black L 1`."""
    before: dict[str, str] = field(default_factory=dict)
    """Options of the line before, for `red M 1, L 1`."""

    @property
    def is_empty(self) -> bool:
        """Does it name nothing?"""
        return self.code is None and self.name is None and not self.options

    def fits(self, shelf: Shelf) -> list[int]:
        code = self.code if self.code is not None else self.inherited
        places = code if code is not None else shelf.first()
        if self.name is not None:
            places = (places & self.name) or (self.name if code is None else places)
        own = [place for place in sorted(places) if shelf.chosen[place].issuperset(self.options.values())]
        wanted = {**self.before, **self.options}.values()
        return [place for place in own if shelf.chosen[place].issuperset(wanted)] or own


def draft(tokens: Sequence[Token], shelf: Shelf) -> list[Draft]:
    """A line ends where something comes that it has already; the same count twice (`2 pcs 2 pcs`) is one."""
    lines = [Draft()]
    is_next, is_counted = False, False
    for token in tokens:
        is_next = is_next or token.kind == "and"
        line = lines[-1]
        if token.kind == "code":
            if line.code is not None and line.code != token.places:
                lines.append(Draft(code=token.places))
            else:
                line.code = token.places
        elif token.kind == "option":
            dimension = shelf.dimensions[token.option]
            held = line.options.get(dimension, token.option)
            if held != token.option or (dimension in line.options and (line.is_sure or is_next)):
                line = _another(lines)
                is_next = False
            line.options[dimension] = token.option
        elif token.kind == "name":
            line.name = token.places if line.name is None else (line.name & token.places) or line.name
        elif token.kind in COUNTS and not (is_counted and line.units == token.number):
            _count(lines, token)
        if token.kind in NAMES or token.kind in COUNTS:
            is_counted = token.kind in COUNTS
    return lines


def _another(lines: list[Draft]) -> Draft:
    before = lines[-1]
    code = before.code if before.code is not None else before.inherited
    lines.append(Draft(inherited=code, before={**before.before, **before.options}))
    return lines[-1]


def _count(lines: list[Draft], token: Token) -> None:
    line = lines[-1]
    if token.kind == "one":
        line.units = line.units or 1
        return
    if line.is_sure:
        line = _another(lines)
    line.units, line.is_sure = token.number, True
