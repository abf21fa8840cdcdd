# SPDX-License-Identifier: Apache-2.0
"""Cutting a folded comment into atoms: words, single letters of scripts without spaces, numbers, signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from .folding import bare, fold

Kind = Literal["word", "letter", "number", "figure", "mention", "sign", "end"]
"""A figure is digits that count nothing: a time, a score, a price, a phone number, a link."""

UNSPACED = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
MOST_DIGITS = 5
ATOM = re.compile(
    rf"""(?P<link>https?://\S*|www\.\S*)
    |(?P<mention>@[\w.]+)
    |(?P<number>[0-9]+(?:[.:/][0-9]+)*)
    |(?P<letter>[{UNSPACED}])
    |(?P<word>(?:(?![{UNSPACED}])[^\W\d_])+)
    |(?P<end>\n)
    |(?P<sign>\S)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Atom:
    text: str
    kind: Kind
    bare: str
    """Without accents."""
    is_glued: bool = False
    """Nothing stands between it and the atom before."""


def cut(folded: str) -> list[Atom]:
    atoms = []
    before = -1
    for found in ATOM.finditer(folded):
        name, text = found.lastgroup, found.group()
        plain = bare(text) if name == "word" else text
        atoms.append(Atom(text, _kind(name or "sign", text), plain, is_glued=found.start() == before))
        before = found.end()
    return atoms


def _kind(name: str, text: str) -> Kind:
    if name == "link":
        return "figure"
    if name == "number":
        return "number" if text.isdecimal() and len(text) <= MOST_DIGITS else "figure"
    return cast(Kind, name)


def spell(phrase: str) -> tuple[str, ...]:
    """The atoms of a phrase of a grammar, a code or a label."""
    return tuple(atom.text for atom in cut(fold(phrase)))
