# SPDX-License-Identifier: Apache-2.0
"""Words of a title in English and Chinese: cut, brought to one form, and mended where a letter is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HAN = re.compile(r"[\u4e00-\u9fff]")
TOKEN = re.compile(r"[a-z]+|[,;|/()\-–—]")
SIZE = re.compile(r"\d+(?:[.,]\d+)?\s*(?:x\s*\d+\s*)?(?:ml|cm|mm|kg|g|l|oz|inch|mah|w|v|pcs|pc|pack|m|k)?\b")
KARAT = re.compile(r"\b(?:14|18|22|24)\s*k\b")
SMALL_WORDS = frozenset(
    "a an and any for in is its kind not of on or other the to whether with n e s by from new pcs".split()
)
TURNS = frozenset("for with in by from of to without".split())
"""What follows one of these says more about the goods; the goods themselves stand before."""
SPELLINGS: Mapping[str, str] = {
    "colour": "color", "jewellery": "jewelry", "aluminum": "aluminium", "pyjama": "pajama",
    "mould": "mold", "grey": "gray", "tyre": "tire", "moulding": "molding", "fibre": "fiber",
    "men": "man", "women": "woman", "knives": "knife", "scarves": "scarf", "shelves": "shelf",
    "leaves": "leaf", "loaves": "loaf", "tshirt": "tshirt", "enamelled": "enameled", "woolen": "woollen",
    "babies": "baby", "ladies": "lady", "earphones": "earphone", "moisturising": "moisturizing",
    "coloured": "colored", "moisturiser": "moisturizer", "feet": "foot", "teeth": "tooth",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A title as it is searched for."""

    stems: tuple[str, ...]
    words: tuple[str, ...]
    """As they were written, one for each stem."""
    weights: tuple[float, ...]
    """1 where the goods are named; less behind a turn such as `with`."""
    han: str
    """The whole title without spaces, if there is Chinese in it."""


def plain(text: str) -> str:
    """Lower case, full-width forms made narrow, possessives and accents dropped."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).lower()
    bare = "".join(one for one in spread if not unicodedata.combining(one))
    bare = re.sub(r"\bnon[- ]woven", "nonwoven", bare)
    return re.sub(r"['\u2019]s\b|(?<=s)['\u2019]", "", bare)


def stem(word: str) -> str:
    """Plurals and spellings brought to one form; both sides are cut alike, so it need not be good English."""
    word = SPELLINGS.get(word, word)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and word[-3] in "sxzh":
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us")):
        word = word[:-1]
    return SPELLINGS.get(word, word)


def words(text: str) -> Iterable[str]:
    """The stems of a text, small words left out."""
    return (stem(word) for word in re.findall(r"[a-z]+", plain(text)) if word not in SMALL_WORDS)


def said(text: str) -> Said:
    """Cut a title."""
    lowered = plain(text)
    kept = KARAT.sub(lambda found: " karatgold " if not HAN.search(lowered) else found[0], lowered)
    stems: list[str] = []
    written: list[str] = []
    weights: list[float] = []
    weight = 1.0
    for word in TOKEN.findall(SIZE.sub(" ", kept)):
        if not word.isalpha():
            weight = min(weight, 0.85) if word in ",;|()" and stems else weight
        elif word in TURNS:
            weight = min(weight, 0.6) if stems else weight
        elif word not in SMALL_WORDS:
            stems.append(stem(word))
            written.append(word)
            weights.append(weight)
    han = re.sub(r"[\s\-]+", "", lowered) if HAN.search(lowered) else ""
    return Said(tuple(stems), tuple(written), tuple(weights), han)


def trigrams(word: str) -> frozenset[str]:
    edged = f"^{word}$"
    return frozenset(edged[at : at + 3] for at in range(len(edged) - 2))


def mended(word: str, known: Mapping[str, frozenset[str]]) -> str | None:
    """The known word that is nearly this one, for a slip of the finger; None if none is near enough."""
    if len(word) < 5:
        return None
    asked = trigrams(word)
    best, nearest = 0.0, None
    for one, parts in known.items():
        if abs(len(one) - len(word)) > 2 or one[0] != word[0]:
            continue
        near = 2 * len(asked & parts) / (len(asked) + len(parts))
        if near > best:
            best, nearest = near, one
    return nearest if best >= 0.55 else None
