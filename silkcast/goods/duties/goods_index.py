# SPDX-License-Identifier: Apache-2.0
"""The alphabetical index of goods: what sellers call a thing, and the codes it may fall under.

Data of ours, in `index/*.tsv`: English words, Chinese words, and the codes with what chooses between them
(`620442:cotton+woven`: of cotton and woven; `a/b`: either of the two; `other`: of a material that no other
code of the line names). `facets.tsv` has the choosing words and how they are said in both languages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import wording

FOLDER = Path(__file__).parent / "index"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Choice:
    """A code of a line, and what must be said for it."""

    code: str
    wants: tuple[tuple[str, frozenset[str]], ...]
    """Group (`mat`, `who`, `make`, …) and the values of it that fit."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]
    choices: tuple[Choice, ...]
    materials: frozenset[str]
    """All that its codes name; `other` is the rest."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A word that chooses: its group, and the wider words it falls under."""

    group: str
    name: str
    under: frozenset[str]


@dataclass(frozen=True, slots=True)
class Index:
    entries: tuple[Entry, ...]
    facets: Mapping[str, Facet]
    facet_words: Mapping[str, tuple[Facet, ...]]
    """Stems run together, or Chinese, and what they say."""
    phrases: Mapping[str, tuple[int, ...]]
    """Stems run together, or Chinese, and the lines that are called so."""
    loose: Mapping[str, tuple[tuple[frozenset[str], str, int], ...]]
    """By each word: the phrases of several words that contain it."""
    tails: Mapping[str, tuple[str, ...]]
    """By their last sign: Chinese words of three signs and more."""
    known: Mapping[str, frozenset[str]]
    """All English stems with their trigrams."""


def rows(path: Path) -> Iterator[tuple[str, ...]]:
    """The lines of a file of tabs; those that begin with # are for people."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield tuple(line.split("\t"))


def listed(cell: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in cell.split(",") if one.strip())


@lru_cache(maxsize=1)
def index() -> Index:
    """Read when it is first asked for."""
    facets, facet_words = _facets()
    entries = tuple(_entry(row, facets) for file in files() for row in rows(file))
    phrases: dict[str, list[int]] = defaultdict(list)
    loose: dict[str, list[tuple[frozenset[str], str, int]]] = defaultdict(list)
    tails: dict[str, list[str]] = defaultdict(list)
    known: dict[str, frozenset[str]] = {}
    for number, entry in enumerate(entries):
        for phrase in entry.english:
            stems = tuple(wording.words(phrase))
            phrases["".join(stems)].append(number)
            known.update((one, wording.trigrams(one)) for one in stems if one not in known)
            if len(stems) > 1:
                for one in stems:
                    loose[one].append((frozenset(stems), phrase, number))
        for word in entry.chinese:
            phrases[wording.plain(word)].append(number)
            if len(word) > 2:
                tails[word[-1]].append(wording.plain(word))
    return Index(
        entries=entries,
        facets=facets,
        facet_words=facet_words,
        phrases={word: tuple(dict.fromkeys(lines)) for word, lines in phrases.items()},
        loose={word: tuple(found) for word, found in loose.items()},
        tails={sign: tuple(dict.fromkeys(found)) for sign, found in tails.items()},
        known=known,
    )


def files() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.tsv") if path.name != "facets.tsv")


def _facets() -> tuple[dict[str, Facet], dict[str, tuple[Facet, ...]]]:
    under: dict[str, str] = {}
    group: dict[str, str] = {}
    spoken: dict[str, list[str]] = defaultdict(list)
    for row in rows(FOLDER / "facets.tsv"):
        kind, name, wider, english, *chinese = row
        group[name], under[name] = kind, wider
        for phrase in listed(english):
            spoken["".join(wording.words(phrase)) or phrase].append(name)
        for word in listed(chinese[0] if chinese else ""):
            spoken[wording.plain(word)].append(name)
    facets = {name: Facet(kind, name, _wider(name, under)) for name, kind in group.items()}
    words = {word: tuple(facets[name] for name in dict.fromkeys(names)) for word, names in spoken.items()}
    return facets, words


def _wider(name: str, under: Mapping[str, str]) -> frozenset[str]:
    found = [name]
    while under.get(found[-1]):
        found.append(under[found[-1]])
    return frozenset(found)


def _entry(row: tuple[str, ...], facets: Mapping[str, Facet]) -> Entry:
    english, chinese, codes, *_ = row
    choices = tuple(_choice(one, facets) for one in codes.split())
    materials = frozenset(
        value for one in choices for group, values in one.wants if group == "mat" for value in values
    )
    return Entry(listed(english), listed(chinese), choices, materials - {OTHER})


def _choice(written: str, facets: Mapping[str, Facet]) -> Choice:
    code, _, wants = written.partition(":")
    groups = []
    for part in filter(None, wants.split("+")):
        values = [value.lower() for value in re.split("/", part)]
        first = next((facets[value].group for value in values if value in facets), None)
        group = first or ("mat" if OTHER in values else values[0])
        groups.append((group, frozenset(values)))
    return Choice(code, tuple(groups))
