# SPDX-License-Identifier: Apache-2.0
"""Blocked words: those of the house by market and language, and those a shop added. Words of scripts with
spaces count whole, so that a street in Scunthorpe may be named; Chinese, Japanese and Thai ones anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from ahocorasick_rs import AhoCorasick

from silkcast.ground.language import closest
from silkcast.stage.chat.errors import BadWord

from . import folding

FILE = Path(__file__).parents[1] / "data" / "words.yaml"
MOST_WORDS = 200
_SHORTEST, _LONGEST = 2, 40


class BlockedWords:
    """A list made ready: each line is read once for all of its words."""

    def __init__(self, words: Iterable[str]) -> None:
        whole, inside = set(), set()
        for word in words:
            found = folding.plain(word)
            if any(folding.is_unspaced(letter) for letter in found):
                inside.add(folding.closed(word))
            elif split := folding.tokens(found):
                whole.add(f" {' '.join(split)} ")
        self._whole = AhoCorasick(sorted(whole)) if whole else None
        self._inside = AhoCorasick(sorted(inside)) if inside else None

    def is_in(self, text: str) -> bool:
        """Does the line hold one of them, whatever it is dressed in?"""
        if self._whole is not None and any(
            self._whole.find_matches_as_indexes(way) for way in folding.readings(text)
        ):
            return True
        return self._inside is not None and bool(self._inside.find_matches_as_indexes(folding.closed(text)))


def check_word(word: str) -> str:
    """A word for a shop's list, trimmed, or `BadWord`."""
    found = " ".join(word.split())
    plain = folding.plain(found)
    if not _SHORTEST <= len(found) <= _LONGEST or not any(letter.isalpha() for letter in plain):
        raise BadWord()
    if not folding.tokens(plain):
        raise BadWord()
    return found


@lru_cache(maxsize=1)
def house_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """`{"everywhere": {"*": …}, "languages": {"fr": …}, "markets": {"CN": …}}` of the file."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if set(read) != {"mark", "source", "everywhere", "languages", "markets"}:
        raise ValueError(f"{FILE.name} has other parts than it should")
    kinds = {
        "everywhere": {"*": read["everywhere"]},
        "languages": read["languages"],
        "markets": read["markets"],
    }
    return {
        kind: {place: tuple(str(word) for word in words) for place, words in lists.items()}
        for kind, lists in kinds.items()
    }


@lru_cache(maxsize=512)
def words_for(language: str, market: str, own: frozenset[str]) -> BlockedWords:
    """What is blocked in a line of this language, from a viewer in this market, in a shop with such words."""
    house = house_words()
    spoken = closest(language, house["languages"])
    return BlockedWords(
        (
            *house["everywhere"]["*"],
            *house["languages"].get(spoken or "", ()),
            *house["markets"].get(market, ()),
            *own,
        )
    )
