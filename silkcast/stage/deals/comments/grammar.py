# SPDX-License-Identifier: Apache-2.0
"""Grammars and habits, read from `data/`, and put together to the vocabulary of a market."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from silkcast.ground.language import closest

from .atoms import spell
from .errors import BrokenGrammar
from .folding import bare
from .trie import Trie, squeeze

FOLDER = Path(__file__).parent / "data"

Role = Literal[
    "claim",
    "claim_what",
    "want",
    "want_what",
    "self",
    "please",
    "filler",
    "praise",
    "counter",
    "code_word",
    "code_word_after",
    "size_word",
    "and",
    "or",
    "cancel",
    "no_cancel",
    "negation",
    "question",
    "hypothetical",
    "past",
    "others",
    "interest",
    "measure",
]
ROLES: tuple[Role, ...] = get_args(Role)
COUNTED = ("number", "units", "option")


@dataclass(frozen=True, slots=True)
class Word:
    """What a phrase does in a comment: its role, and the number or the option it stands for."""

    role: Role | Literal["number", "units", "option"]
    number: int = 0
    option: str = ""


@dataclass(frozen=True, slots=True)
class Grammar:
    language: str
    words: Mapping[tuple[str, ...], Word]


@dataclass(frozen=True, slots=True)
class Habit:
    """What a market does with the words."""

    languages: tuple[str, ...]
    is_bare_code_order: bool = False
    """A code alone (`A12`) orders one."""
    is_plus_after: bool = False
    """The plus may stand behind its number, as it does when typed from right to left."""
    glued: tuple[str, ...] = ()
    """Claims that are written in one with the code: `cfb3`."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    words: Trie[Word]
    habit: Habit


@lru_cache(maxsize=1)
def grammars() -> Mapping[str, Grammar]:
    files = sorted(path for path in FOLDER.glob("*.yaml") if path.stem != "markets")
    return {path.stem: read_grammar(path.read_text(encoding="utf-8"), path.name) for path in files}


@lru_cache(maxsize=1)
def habits() -> Mapping[str, Habit]:
    path = FOLDER / "markets.yaml"
    return read_habits(path.read_text(encoding="utf-8"), path.name)


@lru_cache(maxsize=256)
def vocabulary(market: str | None, language: str) -> Vocabulary:
    """The words of the language, then those of the market's languages; where they differ the first has it."""
    habit = habits().get(market or "", Habit(("en",)))
    words: Trie[Word] = Trie()
    kept = grammars()
    wanted = (closest(tag, kept) for tag in (language, *habit.languages))
    spoken = list(dict.fromkeys(tag for tag in wanted if tag is not None))
    for tag in spoken:
        for path, word in kept[tag].words.items():
            words.add(path, word)
    for tag in spoken:
        for path, word in kept[tag].words.items():
            words.add(tuple(squeeze(bare(atom)) for atom in path), word)
    return Vocabulary(words, habit)


@lru_cache(maxsize=1)
def options() -> Mapping[tuple[str, ...], str]:
    """Every language's words for sizes and colours, so that `Red`, `红色` and `rouge` are one."""
    found: dict[tuple[str, ...], str] = {}
    for grammar in grammars().values():
        for path, word in grammar.words.items():
            if word.role == "option":
                found.setdefault(tuple(map(bare, path)), word.option)
    return found


def read_grammar(text: str, file: str) -> Grammar:
    document = _load(text, file)
    language = document.pop("language", None)
    if not isinstance(language, str):
        raise BrokenGrammar(file, "it does not say its language")
    words: dict[tuple[str, ...], Word] = {}
    for word, phrase in _words(document, file):
        path = spell(phrase)
        if not path:
            raise BrokenGrammar(file, f"nothing is left of {phrase!r}")
        if words.setdefault(path, word) != word:
            raise BrokenGrammar(file, f"{phrase!r} stands in two places")
    return Grammar(language, words)


def read_habits(text: str, file: str) -> Mapping[str, Habit]:
    found = {}
    for market, table in _load(text, file).items():
        lists: dict[str, Any] = {
            key: tuple(one) if isinstance(one, list) else one for key, one in table.items()
        }
        try:
            found[market] = Habit(**lists)
        except TypeError as fault:
            raise BrokenGrammar(file, f"{market}: {fault}") from None
    return found


def _load(text: str, file: str) -> dict[str, Any]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise BrokenGrammar(file, f"not YAML: {fault}") from None
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise BrokenGrammar(file, "its first level is words with something behind them")
    return document


def _words(document: Mapping[str, Any], file: str) -> Iterator[tuple[Word, str]]:
    for role, held in document.items():
        if role in ROLES:
            yield from ((Word(role), phrase) for phrase in _phrases(held, file, role))
        elif role in COUNTED and isinstance(held, dict):
            for key, phrases in held.items():
                word = _word(role, key, file)
                yield from ((word, phrase) for phrase in _phrases(phrases, file, f"{role}.{key}"))
        else:
            raise BrokenGrammar(file, f"{role!r} is no role")


def _word(role: str, key: object, file: str) -> Word:
    if role == "option":
        return Word("option", option=str(key))
    if not isinstance(key, int) or isinstance(key, bool) or key < 1:
        raise BrokenGrammar(file, f"{key!r} is no number of units")
    return Word("units" if role == "units" else "number", key)


def _phrases(held: object, file: str, place: str) -> list[str]:
    if not isinstance(held, str):
        raise BrokenGrammar(
            file, f"{place}: phrases are a text with commas (in quotes where YAML means something else)"
        )
    return [phrase for one in held.split(",") if (phrase := one.strip())]
