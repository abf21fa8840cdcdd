# SPDX-License-Identifier: Apache-2.0
"""What can be bought just now, laid out so that a comment finds it by code, option or name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from silkcast.ground.ids import VariantId

from .atoms import spell
from .folding import bare
from .grammar import options
from .trie import Trie
from .values import Offered

Places = frozenset[int]
"""Where on the shelf: indexes into its variants."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What a phrase means on this shelf."""

    kind: Literal["code", "option", "name"]
    places: Places = frozenset()
    option: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    variants: tuple[VariantId, ...]
    pinned: Places
    codes: Trie[Tag]
    labels: Trie[Tag]
    by_number: Mapping[int, Places]
    """Codes that are digits and nothing else: a number needs a reason to be one of them."""
    chosen: tuple[frozenset[str], ...]
    """The options of each variant."""
    dimensions: Mapping[str, str]
    """What an option is one of: `red` of `colour`."""

    def first(self) -> Places:
        """What a comment means that names nothing."""
        return self.pinned or frozenset(range(len(self.variants)))


def lay_out(offered: Sequence[Offered]) -> Shelf:
    codes: Trie[Tag] = Trie()
    labels: Trie[Tag] = Trie()
    by_path: dict[tuple[str, ...], set[int]] = {}
    dimensions: dict[str, str] = {}
    chosen = []
    for place, one in enumerate(offered):
        for code in one.codes:
            by_path.setdefault(spell(code), set()).add(place)
        keys = set()
        for dimension, words in one.options.items():
            for label in words.values():
                key = _key(label)
                keys.add(key)
                dimensions[key] = dimension
                labels.add(spell(label), Tag("option", option=key))
        chosen.append(frozenset(keys))
    by_path.pop((), None)
    by_number = {int(path[0]): frozenset(places) for path, places in by_path.items() if _is_number(path)}
    for path, places in by_path.items():
        if not _is_number(path):
            _add_code(codes, path, frozenset(places))
    _add_names(labels, offered)
    pinned = frozenset(place for place, one in enumerate(offered) if one.is_pinned)
    variants = tuple(one.variant for one in offered)
    return Shelf(variants, pinned, codes, labels, by_number, tuple(chosen), dimensions)


def _key(label: str) -> str:
    """What all languages' words for one option share: `red`; else the label itself."""
    path = tuple(map(bare, spell(label)))
    return options().get(path) or " ".join(path)


def _is_number(path: Sequence[str]) -> bool:
    return len(path) == 1 and path[0].isdecimal() and len(path[0]) < 10


def _add_code(codes: Trie[Tag], path: tuple[str, ...], places: Places) -> None:
    """With its dashes, and without."""
    codes.add(path, Tag("code", places))
    bare = tuple(atom for atom in path if atom.isalnum())
    if bare and bare != path:
        codes.add(bare, Tag("code", places))
    if len(bare) > 1:
        dashed = tuple(part for atom in bare for part in ("-", atom))[1:]
        codes.add(dashed, Tag("code", places))


def _add_names(labels: Trie[Tag], offered: Iterable[Offered]) -> None:
    """Whole names, and each word of them with its plural; a word of several names means each of them."""
    found: dict[tuple[str, ...], set[int]] = {}
    for place, one in enumerate(offered):
        for name in one.names.values():
            path = spell(name)
            found.setdefault(path, set()).add(place)
            for word in path:
                if len(word) > 2 and word.isalpha():
                    for form in (word, f"{word}s", f"{word}es"):
                        found.setdefault((form,), set()).add(place)
    found.pop((), None)
    for path, places in found.items():
        labels.add(path, Tag("name", frozenset(places)))
