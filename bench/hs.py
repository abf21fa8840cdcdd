# SPDX-License-Identifier: Apache-2.0
"""The search for HS codes: how often the right six digits are among the first, and how fast.

Three sets of titles in `tests/goods/duties/hs`, in both languages: the one the index was tuned on, one from
before it that is only measured, and one that somebody else wrote, who did not see the index.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from bench.row import Row
from silkcast.goods.duties import service as duties

FOLDER = Path(__file__).parent.parent / "tests/goods/duties/hs"
LANGUAGES = {"en": "English", "zh": "Chinese"}
AIM = 85
"""Percent of titles with the right code in the first five."""
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Title:
    codes: tuple[str, ...]
    """Any of them is right."""
    language: str
    text: str


def titles(name: str) -> list[Title]:
    """The titles of a set: six digits, or several with commas ; language ; title."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    cut = (line.split(" ; ", 2) for line in lines if line and not line.startswith("#"))
    return [Title(tuple(codes.split(",")), language, text) for codes, language, text in cut]


def share(found: list[Title], first: int) -> float:
    """Of these titles the share, in percent, whose code is among the first so many."""
    hits = sum(any(code.code in one.codes for code in duties.hs_search(one.text, first)) for one in found)
    return round(100 * hits / len(found), 1)


def rows() -> list[Row]:
    duties.hs_search("warm up")
    measured = []
    for name in ("development", "second", "strangers"):
        every = titles(name)
        for language, words in LANGUAGES.items():
            found = [one for one in every if one.language == language]
            for first in (1, 5, 10):
                least = AIM if first == 5 else None
                what = f"{name} set, {words}, right code in the first {first} of {len(found)} titles"
                measured.append(Row(what, share(found, first), "%", at_least=least))
        began = time.perf_counter()
        for _ in range(ROUNDS):
            for one in every:
                duties.hs_search(one.text)
        spent = (time.perf_counter() - began) / ROUNDS / len(every) * 1000
        measured.append(Row(f"{name} set, a query, warm", round(spent, 2), "ms", at_most=5))
    return measured
