# SPDX-License-Identifier: Apache-2.0
"""Phrases as paths of atoms: the longest that begins at an atom, found in as many steps as it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .atoms import Atom
from .folding import bare

T = TypeVar("T")
DEEPEST = 24
"""Atoms of the longest phrase."""


@dataclass(slots=True)
class Trie(Generic[T]):
    """Paths go by bare words; where two phrases differ in accents only, the accents that were typed decide."""

    entry: T | None = None
    spelled: dict[tuple[str, ...], T] = field(default_factory=dict)
    next: dict[str, Trie[T]] = field(default_factory=dict)

    def add(self, path: Sequence[str], entry: T) -> None:
        """Put it in, unless that phrase has an entry already."""
        node = self
        for atom in path:
            node = node.next.setdefault(bare(atom), Trie())
        node.spelled.setdefault(tuple(path), entry)
        if node.entry is None:
            node.entry = entry

    def longest(self, atoms: Sequence[Atom], start: int) -> tuple[int, T | None]:
        """(how many atoms, entry) of the longest phrase that begins there."""
        node, best, held = self, 0, self
        for steps, atom in enumerate(atoms[start : start + DEEPEST], 1):
            found = node.next.get(atom.bare)
            if found is None and atom.kind == "word":
                found = node.next.get(squeeze(atom.bare))
            if found is None:
                break
            node = found
            if node.entry is not None:
                best, held = steps, node
        if len(held.spelled) < 2:
            return best, held.entry
        typed = tuple(atom.text for atom in atoms[start : start + best])
        return best, held.spelled.get(typed, held.entry)


def squeeze(word: str) -> str:
    """Each doubled letter once, for `mineee` and `keeep`; short words and sizes (XXL) stay as they are."""
    if len(word) < 4:
        return word
    return word[0] + "".join(after for before, after in zip(word, word[1:], strict=False) if before != after)
