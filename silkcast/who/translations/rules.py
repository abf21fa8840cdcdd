# SPDX-License-Identifier: Apache-2.0
"""Which terms apply, and what a term may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from silkcast.ground.scripts import script_of

from .errors import BadTerm
from .values import NewTerm, Term

MOST_WORD, MOST_MEANING = 80, 120
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_UNSPACED = ("Hani", "Jpan", "Thai", "Laoo", "Khmr", "Mymr")


def checked(term: NewTerm, line: int = 0) -> NewTerm:
    """The term without what surrounds its words, or which field is wrong."""
    tidy = NewTerm(
        term.source.strip(), term.target.strip(), " ".join(term.word.split()), " ".join(term.meaning.split())
    )
    if not _TAG.fullmatch(tidy.source):
        raise BadTerm("source", line)
    if not _TAG.fullmatch(tidy.target) or tidy.target == tidy.source:
        raise BadTerm("target", line)
    if not 0 < len(tidy.word) <= MOST_WORD or not _is_sayable(tidy.word):
        raise BadTerm("word", line)
    if not 0 < len(tidy.meaning) <= MOST_MEANING or not _is_sayable(tidy.meaning):
        raise BadTerm("meaning", line)
    return tidy


def _is_sayable(text: str) -> bool:
    # angle and double brackets are how engines' fences are written
    return text.isprintable() and not set("<>⟦⟧") & set(text)


def folded(word: str) -> str:
    return word.casefold()


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """Where the word stands: whole in scripts with spaces, anywhere in those without."""
    is_free = script_of(word) in _UNSPACED
    return re.compile(re.escape(word) if is_free else rf"(?<!\w){re.escape(word)}(?!\w)")


def applying(terms: Iterable[Term], text: str) -> tuple[Term, ...]:
    """The terms whose word stands in the text, long ones first; of the same word the shop's own."""
    plain = folded(text)
    found: dict[tuple[str, str], Term] = {}
    for term in terms:
        word = folded(term.word)
        if not _pattern(word).search(plain):
            continue
        before = found.get((term.source, word))
        if before is None or before.seller is None:
            found[term.source, word] = term
    return tuple(sorted(found.values(), key=lambda term: (-len(term.word), term.source, folded(term.word))))


def said_for(engine: str, source: str | None, target: str, text: str, terms: Sequence[Term]) -> str:
    """All that a translation depends on, as one text to be digested."""
    words = [part for term in terms for part in (term.source, folded(term.word), term.meaning)]
    return "\0".join((engine, source or "", target, *words, "", text))
