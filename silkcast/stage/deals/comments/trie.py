# SPDX-License-Identifier: Apache-2.0
"""Phrases as paths of atoms: the longest that begins at an atom, found in as many steps as it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Generic, TypeVar

from .atoms import Atom
from .folding import bare

T = TypeVar("T")
DEEPEST = 24
"""Atoms of the longest phrase."""


@dataclass(slots=True)
class Trie(Generic[T]):
    """Paths go by bare words; where phrases differ in accents only, the accents that were typed decide."""

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
        node, best, entry = self, 0, None
        for steps, atom in enumerate(atoms[start : start + DEEPEST], 1):
            found = node.next.get(atom.bare)
            if found is None and atom.kind == "word":
                found = node.next.get(squeeze(atom.bare))
            if found is None:
                break
            node = found
            if node.entry is not None and (meant := node.meant(atoms[start : start + steps])) is not None:
                best, entry = steps, meant
        return best, entry

    def meant(self, typed: Sequence[Atom]) -> T | None:
        """The entry whose accents are those typed; who types none means the first."""
        if all(atom.text == atom.bare for atom in typed):
            return self.spelled.get(tuple(atom.text for atom in typed), self.entry)
        for path, entry in self.spelled.items():
            if all(atom.text in (one, atom.bare) for atom, one in zip(typed, path, strict=True)):
                return entry
        return None


def squeeze(word: str) -> str:
    """Each doubled letter once, for `mineee` and `keeep`; short words and sizes (XXL) stay as they are."""
    if len(word) < 4:
        return word
    return word[0] + "".join(after for before, after in pairwise(word) if before != after)
