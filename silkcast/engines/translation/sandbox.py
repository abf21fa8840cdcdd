# SPDX-License-Identifier: Apache-2.0
"""The sandbox translator: a phrasebook of live commerce, without anybody outside.

It is complete in what it knows and marks what it does not: `⟦…⟧` is the original, with the glossary's words
put over, so that nobody takes it for a translation. The same text always gives the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from silkcast.ground.scripts import is_same
from silkcast.plumbing.engines import Engine
from silkcast.who.translations.errors import LanguageNotKnown
from silkcast.who.translations.values import Rendering, Term

from .glossary import put_in

_END = re.compile(r"((?:[.!?]+(?=[\s.!?]|$)|[…。！？؟])+|\n+)")
_PAUSE = re.compile(r"((?:[,:](?=\s|$)|[،，、；：])+)")
_CUT = re.compile(r"[.!?…。！？؟\n,;:،，、；：]+")
_EDGES = " \t\u00a0\u200e\u200f¿¡\"'«»“”‘’"
_MARKS = {
    "zh": {"?": "？", "!": "！", ".": "。", ",": "，"},
    "ja": {"?": "？", "!": "！", ".": "。", ",": "、"},
    "ar": {"?": "؟", ",": "،"},
}
_PLAIN = {"？": "?", "！": "!", "。": ".", "，": ",", "、": ",", "؟": "?", "،": ",", "；": ";", "：": ":"}
_CLOSED = ("？", "！", "。", "，", "、")
"""After these no space follows."""
_SIZE = re.compile(r"[XSML]{1,4}|[0-9.,]+\s?(?:cm|mm|kg|g|ml|l)")


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Nothing to set: the book is part of the house."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the book, as it is found in one language."""

    language: str
    row: int
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Book:
    """Every phrase in every language: the columns of the file."""

    languages: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    whole: Mapping[tuple[str, str], int]
    """(language, phrase without its edges) → row."""
    with_gap: tuple[Phrase, ...]
    """Phrases with a gap for one word or number."""

    def said(self, row: int, language: str) -> str:
        return self.rows[row][self.languages.index(language)]


@cache
def book() -> Book:
    """Read once. A thirteenth language is one more column."""
    text = (files(__package__) / "data" / "phrasebook.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    languages, rows = tuple(lines[0]), tuple(tuple(line) for line in lines[1:])
    whole: dict[tuple[str, str], int] = {}
    with_gap = []
    for number, row in enumerate(rows):
        if len(row) != len(languages) or not all(row):
            raise ValueError(f"phrasebook: row {number + 1} is not in every language")
        for language, phrase in zip(languages, row, strict=True):
            if "{}" in phrase:
                before, after = (re.escape(part) for part in _tidy(phrase).split("{}"))
                pattern = re.compile(rf"{before}\s*(?P<gap>[^\s,;:，、；：][^,;:，、；：]*?)\s*{after}")
                with_gap.append(Phrase(language, number, pattern))
            else:
                whole.setdefault((language, _tidy(phrase)), number)
    return Book(languages, rows, whole, tuple(with_gap))


def _tidy(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").strip(_EDGES).split())


class Sandbox:
    """Serves the port of translations."""

    name = "sandbox"

    def __init__(self, settings: SandboxSettings) -> None:
        self._book = book()

    @property
    def languages(self) -> frozenset[str] | None:
        return frozenset(self._book.languages)

    async def translate(
        self, texts: Sequence[str], source: str | None, target: str, terms: Sequence[Term]
    ) -> Sequence[Rendering | None]:
        if target not in self._book.languages:
            raise LanguageNotKnown(target)
        return [self._put(text, source, target, terms) for text in texts]

    async def close(self) -> None:
        """Nothing is open."""

    def _put(self, text: str, source: str | None, target: str, terms: Sequence[Term]) -> Rendering:
        found = source or self._heard(text) or "en"
        if is_same(found, target):
            return Rendering(text, found)
        order = sorted(self._book.languages, key=lambda one: (one != found, _base(one) != _base(found)))
        return Rendering(_Putting(self._book, order, target, terms).text(text), found)

    def _heard(self, text: str) -> str | None:
        """The language that knows most of the text's sentences."""
        pieces = [piece for piece in map(_tidy, _CUT.split(text)) if piece]
        known = {one: sum(self._knows(one, piece) for piece in pieces) for one in self._book.languages}
        best = max(known, key=lambda one: known[one])
        return best if known[best] else None

    def _knows(self, language: str, piece: str) -> bool:
        return (language, piece) in self._book.whole or any(
            one.language == language and one.pattern.fullmatch(piece) for one in self._book.with_gap
        )


def _base(language: str) -> str:
    return language.split("-")[0]


@dataclass(frozen=True, slots=True)
class _Putting:
    """One text on its way into the target language."""

    book: Book
    order: Sequence[str]
    target: str
    terms: Sequence[Term]

    def text(self, text: str) -> str:
        return self._joined(text, _END, self._sentence)

    def _sentence(self, text: str) -> str:
        return self._known(text) or self._joined(text, _PAUSE, self._piece)

    def _piece(self, text: str) -> str:
        return self._known(text) or self._marked(text)

    def _joined(self, text: str, cuts: re.Pattern[str], put: Callable[[str], str]) -> str:
        """Cut, put each piece, and join with the target's own marks."""
        has_spaces = _base(self.target) not in ("zh", "ja")
        made = ""
        for place, piece in enumerate(cuts.split(text)):
            if place % 2:
                made = (made if has_spaces else made.rstrip(" ")) + self._marks(piece)
                continue
            words = piece.strip()
            lead, _, tail = piece.partition(words) if words else (piece, "", "")
            if made.endswith(_CLOSED):
                lead = lead.strip(" ")
            elif place and has_spaces and words and not lead:
                lead = " "
            made += lead + (put(words) if words else "") + tail
        return made

    def _marks(self, marks: str) -> str:
        there = _MARKS.get(_base(self.target), {})
        return "".join(there.get(_PLAIN.get(mark, mark), _PLAIN.get(mark, mark)) for mark in marks)

    def _known(self, piece: str) -> str | None:
        """The phrase in the book, a glossary's word, or what is the same in every language."""
        plain = _tidy(piece)
        if _SIZE.fullmatch(piece) or not any(sign.isalpha() for sign in plain):
            return piece
        for term in self.terms:
            if plain == _tidy(term.word):
                return term.meaning
        for language in self.order:
            row = self.book.whole.get((language, plain))
            if row is not None:
                return self.book.said(row, self.target)
        return self._with_gap(piece, plain)

    def _with_gap(self, piece: str, plain: str) -> str | None:
        for phrase in self.book.with_gap:
            if _base(phrase.language) != _base(self.order[0]):
                continue
            found = phrase.pattern.fullmatch(plain)
            if found is not None:
                at = piece.casefold().find(found["gap"])
                gap = piece[at : at + len(found["gap"])] if at >= 0 else found["gap"]
                return self.book.said(phrase.row, self.target).replace("{}", self._piece(gap))
        return None

    def _marked(self, piece: str) -> str:
        return f"⟦{put_in(piece, self.terms)}⟧"


ENGINE = Engine("translation", "sandbox", "Sandbox phrasebook", SandboxSettings, Sandbox)
