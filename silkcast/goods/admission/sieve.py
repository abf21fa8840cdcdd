# SPDX-License-Identifier: Apache-2.0
"""The sieve: all keywords of all markets and categories in one automaton, so that a product is read once.

A hit counts if it is a word of its own, of the text's language (or of English, or of another script), not
part of a harmless phrase of the same class (`wine glass`), and not denied (`alcohol-free`, `sans porc`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from .plain import (
    WITH_PLURALS,
    before,
    ends_with_one,
    is_only,
    plain,
    stands_alone,
    starts_with_one,
    unaccented,
)
from .values import Evidence, Goods, Text

WRITTEN_IN_HAN = frozenset(("zh", "ja"))
ACCENTS_LEFT_OUT = frozenset(("fr", "es", "pt-BR"))


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word of a class: a category (`alcohol`) or a row of a market (`SA:maps`)."""

    of: str
    language: str
    text: str
    is_harmless: bool = False


@dataclass(frozen=True, slots=True)
class Denials:
    """How a language says that something is not in it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pattern:
    keyword: Keyword
    is_stem: bool
    script: str
    """Latin letters and Han signs are of many languages: `vin` is French for wine and a number in English,
    `湿布` a Japanese plaster and a damp cloth in Chinese."""


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    pattern: _Pattern


class Sieve:
    def __init__(self, keywords: Iterable[Keyword], denials: Mapping[str, Denials]) -> None:
        by_text: dict[str, dict[_Pattern, None]] = {}
        for one in keywords:
            is_stem = one.text.endswith("*")
            word = plain(one.text.removesuffix("*"))
            pattern = _Pattern(one, is_stem, script_of(word))
            for form in {word, unaccented(word)} if one.language in ACCENTS_LEFT_OUT else {word}:
                by_text.setdefault(form, {})[pattern] = None
        self._patterns = [tuple(found) for found in by_text.values()]
        self._automaton = AhoCorasick(list(by_text) or ["\0"])
        self._denials = _by_script(denials)

    def read(self, goods: Goods) -> tuple[Evidence, ...]:
        """All that is found in the texts; `category` tells the class it belongs to."""
        found: dict[Evidence, None] = {}
        for text in goods.texts:
            for evidence in self._in(text):
                found[evidence] = None
        return tuple(found)

    def _in(self, text: Text) -> Iterator[Evidence]:
        there = plain(text.text)
        if not there:
            return
        hits = list(self._hits(there, text.language))
        harmless = [hit for hit in hits if hit.pattern.keyword.is_harmless]
        denied = self._denied(there, [hit for hit in hits if not hit.pattern.keyword.is_harmless])
        for hit in hits:
            word = hit.pattern.keyword
            if word.is_harmless or any(start <= hit.start and hit.end <= end for start, end in denied):
                continue
            if any(
                other.pattern.keyword.of == word.of and other.start <= hit.start and hit.end <= other.end
                for other in harmless
            ):
                continue
            matched = there[hit.start : hit.end]
            yield Evidence("keyword", matched, text.where, text.language, word.of)

    def _hits(self, there: str, language: str) -> Iterator[_Hit]:
        for number, start, end in self._automaton.find_matches_as_indexes(there, overlapping=True):
            for pattern in self._patterns[number]:
                if not _may_mean(pattern, language):
                    continue
                plurals = pattern.keyword.language in WITH_PLURALS
                if stands_alone(there, start, end, is_stem=pattern.is_stem, plurals=plurals):
                    yield _Hit(start, end, pattern)

    def _denied(self, there: str, hits: Sequence[_Hit]) -> set[tuple[int, int]]:
        """Where it is said that something is not there; one denial goes for all that is joined to it."""
        denying, after, joins = self._denials
        denied: set[tuple[int, int]] = set()
        last = -1
        for start, end in sorted({(hit.start, hit.end) for hit in hits}):
            joined = last >= 0 and last <= start and is_only(there[last:start], joins)
            if joined or ends_with_one(before(there, start), denying) or starts_with_one(there[end:], after):
                denied.add((start, end))
                last = end
        return denied


def script_of(word: str) -> str:
    """`latin` with a Latin letter in it, `han` if of Han signs alone, else nothing to mistake it for."""
    letters = [char for char in word if char.isalpha()]
    if any(char < "\u0370" or "\u1e00" <= char <= "\u1eff" for char in letters):
        return "latin"
    return "han" if letters and all("\u3400" <= char <= "\u9fff" for char in letters) else ""


def _may_mean(pattern: _Pattern, language: str) -> bool:
    """Whether a word of one language is looked for in a text of another. English is written everywhere."""
    own, asked = pattern.keyword.language.split("-")[0], language.split("-")[0]
    if own == asked or not pattern.script:
        return True
    if pattern.script == "latin":
        return own == "en"
    return asked not in WRITTEN_IN_HAN


def _by_script(denials: Mapping[str, Denials]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """All of them at once: a denial of one language is a keyword's neighbour in no other."""
    denying = {plain(word) for one in denials.values() for word in one.before}
    after = {plain(word) for one in denials.values() for word in one.after}
    joins = {plain(word) for one in denials.values() for word in one.joins}
    return tuple(sorted(denying)), tuple(sorted(after)), tuple(sorted(joins))
