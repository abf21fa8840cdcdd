# SPDX-License-Identifier: Apache-2.0
"""Plain text: how texts and keywords are made alike, and where a word begins and ends in each script.

Full width becomes half, capitals small, Arabic letters lose their vowel signs and their kinds of alef, and
all that is no letter, digit or sign of interest is one space. Chinese, Japanese, Thai and Korean are written
without spaces between words (or with endings grown on): there a keyword counts wherever it stands, and
phrases that mean something else are told apart by the list of harmless ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ک": "ك", "ی": "ي"}
)
_KEPT = "%#"
_ARTICLES = frozenset(("ال", "وال", "بال", "فال", "كال", "لل", "ولل", "و", "ب", "ل", "ك", "وب", "ول"))
_ARABIC_ENDS = frozenset(("ات", "ين", "ه", "ها", "يه", "ي"))
_PLURALS = frozenset(("s", "es"))
WITH_PLURALS = frozenset(("en", "fr", "es", "pt-BR"))


def plain(text: str) -> str:
    """The text as it is searched."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC)
    made = []
    for char in unicodedata.normalize("NFC", folded):
        kind = unicodedata.category(char)
        if char == "ـ" or kind == "Cf" or (kind == "Mn" and "\u0600" <= char <= "\u06ff"):
            continue
        made.append(char if kind[0] in "LNM" or char in _KEPT else " ")
    return re.sub(r" +", " ", "".join(made)).strip()


def unaccented(text: str) -> str:
    """As buyers and sellers write in haste: `whisky a la carte`, `medicament`."""
    taken = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(one for one in taken if unicodedata.category(one) != "Mn"))


def has_words(char: str) -> bool:
    """Whether a letter is of a script that puts spaces between words."""
    if not (char.isalnum() or unicodedata.category(char)[0] == "M"):
        return False
    return not (
        "\u0e00" <= char <= "\u0eff"  # Thai, Lao
        or "\u3040" <= char <= "\u30ff"  # kana
        or "\u31f0" <= char <= "\u31ff"
        or "\u3400" <= char <= "\u9fff"  # Han
        or "\uac00" <= char <= "\ud7af"  # Hangul
        or "\uf900" <= char <= "\ufaff"
        or char >= "\U00020000"
    )


def is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff"


def stands_alone(text: str, start: int, end: int, *, is_stem: bool, plurals: bool) -> bool:
    """Whether what stands there is a word of its own and not a part of another."""
    return _begins(text, start) and _ends(text, end, is_stem=is_stem, plurals=plurals)


def _begins(text: str, start: int) -> bool:
    if start == 0 or not has_words(text[start]) or not has_words(text[start - 1]):
        return True
    if not is_arabic(text[start]):
        return text[start].isdigit() != text[start - 1].isdigit()
    return text[text.rfind(" ", 0, start) + 1 : start] in _ARTICLES


def _ends(text: str, end: int, *, is_stem: bool, plurals: bool) -> bool:
    if end == len(text):
        return True
    if "\u0e00" <= text[end] <= "\u0eff" and unicodedata.category(text[end]) == "Mn":
        return False  # a vowel or tone that belongs to the last letter
    if is_stem or not has_words(text[end - 1]) or not has_words(text[end]):
        return True
    rest = text[end : _word_end(text, end)]
    if is_arabic(text[end - 1]):
        return rest in _ARABIC_ENDS
    if plurals and rest in _PLURALS:
        return True
    return text[end - 1].isdigit() != text[end].isdigit() and text[end].isdigit()


def _word_end(text: str, start: int) -> int:
    found = text.find(" ", start)
    return len(text) if found < 0 else found


def before(text: str, start: int) -> str:
    """The text before the word that begins (or, by its article, has begun) there."""
    if is_arabic(text[start]):
        start = text.rfind(" ", 0, start) + 1
    return text[:start].rstrip()


def ends_with_one(text: str, words: Iterable[str]) -> bool:
    """Whether the text before a keyword ends with one of these words."""
    return any(text.endswith(word) and _begins(text, len(text) - len(word)) for word in words)


def starts_with_one(text: str, words: Iterable[str]) -> bool:
    text = text.lstrip()
    return any(
        text.startswith(word) and _ends(text, len(word), is_stem=False, plurals=False) for word in words
    )


def is_only(text: str, words: Sequence[str]) -> bool:
    """Whether between two keywords there is nothing but a word that joins them."""
    return text.strip() in words
