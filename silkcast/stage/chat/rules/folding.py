# SPDX-License-Identifier: Apache-2.0
"""Folding: what a line says, whatever it is dressed in. Wide letters, capitals, marks that are not seen,
letters with spaces between, digits in place of letters, letters drawn out: all read as the plain word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b

_DRESSES = str.maketrans("0134578@$", "oleastbas")
_DRESSED = frozenset("0134578@$")
_TOKEN = re.compile(r"[^\W_](?:[^\W_]|[@$](?=[^\W_]))*")
_TATWEEL = "\u0640"
_RUN = re.compile(r"(.)\1{2,}")
_ALEFS = str.maketrans("أإآٱىة", "اااايه")
UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts whose words stand without spaces."""


@lru_cache(maxsize=8192)
def is_unspaced(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(UNSPACED)


def plain(text: str) -> str:
    """One form, small letters, no accents on them, nothing that is not seen."""
    wide = unicodedata.normalize("NFKC", text).casefold()
    if wide.isascii():
        return wide
    kept = []
    for letter in unicodedata.normalize("NFD", wide):
        kind = unicodedata.category(letter)
        # Thai and its like write vowels as marks: those are letters to them
        if kind == "Cf" or letter == _TATWEEL or (kind == "Mn" and not is_unspaced(letter)):
            continue
        kept.append(letter)
    return unicodedata.normalize("NFKC", "".join(kept)).translate(_ALEFS)


def tokens(text: str) -> list[str]:
    """The words of a plain text; letters one by one with something between them are one word."""
    found: list[str] = []
    single: list[str] = []
    for token in _TOKEN.findall(text):
        if len(token) == 1 and token.isalpha():
            single.append(token)
            continue
        found += _joined(single)
        single = []
        found.append(token)
    return found + _joined(single)


def _joined(single: list[str]) -> list[str]:
    return ["".join(single)] if len(single) > 2 else single


def undressed(token: str) -> str:
    """Digits and signs among letters read as the letters they look like; numbers stay numbers."""
    if _DRESSED.isdisjoint(token) or sum(letter.isalpha() for letter in token) < 2:
        return token
    return token.translate(_DRESSES)


def readings(text: str) -> tuple[str, ...]:
    """The ways to read a line word by word, each between spaces: as it stands, and undressed."""
    found = tokens(plain(text))
    if not found:
        return ()
    bare = [undressed(token) for token in found]
    ways = [
        found,
        bare,
        [_RUN.sub(r"\1\1", token) for token in bare],
        [_RUN.sub(r"\1", token) for token in bare],
    ]
    return tuple(dict.fromkeys(f" {' '.join(way)} " for way in ways))


def closed(text: str) -> str:
    """A line without anything between its letters, for scripts that have no spaces."""
    return "".join(letter for letter in plain(text) if letter.isalnum() or is_unspaced(letter))


def key_of(text: str) -> bytes:
    """The same for lines that say the same: `+1`, `＋1` and ` +1 !` are one text to a reader."""
    found = plain(text)
    spoken = " ".join(re.findall(r"[^\s!?.,;:…。！？，、~～·]+", found)) or found
    return blake2b(_RUN.sub(r"\1\1", spoken).encode(), digest_size=16).digest()
