# SPDX-License-Identifier: Apache-2.0
"""One spelling for what people type in many: width, case, accents, emoji, stretched letters."""

from __future__ import annotations

import re
import unicodedata

SPELLED = str.maketrans(
    {
        "➕": "+", "✖": "x", "×": "x", "✕": "x", "❓": "?", "❔": "?", "؟": "?", "¿": "?", "№": "no ",
        "°": "o",
        "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "「": '"', "」": '"', "『": '"', "』": '"', "–": "-", "—": "-", "−": "-",
        "،": ",", "、": ",", "。": ".",
    }
)  # fmt: skip
"""What Unicode's own folding leaves apart, and signs that would go with the emoji."""

LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "œ": "oe", "æ": "ae", "ı": "i", "ى": "ي", "ة": "ه", "ک": "ك", "ی": "ي", "ـ": ""}
)
ACCENTS = re.compile("[\u0300-\u036f]")
KEPT_MARKS = re.compile("[\u3099\u309a\u0e31\u0e34-\u0e4e\u0eb1-\u0ecd]")
"""Marks that make another letter: Japanese voicing, Thai and Lao vowels and tones."""

HEART = re.compile("<3+(?![0-9])")
STICKER = re.compile(r"\[[\u4e00-\u9fff]{1,6}\]")
QUOTED_LINE = re.compile(r"^[^\S\n]*>[^\n]*$", re.MULTILINE)
APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
STRETCHED = re.compile(r"([^\W\dx_])\1{2,}")
EMOJI = ("So", "Sk", "Cs", "Co", "Cn")
INVISIBLE = ("Cf", "Me")


def fold(text: str) -> str:
    """The text in small letters, without emoji and whatever cannot be seen; digits are 0 to 9."""
    shown = "".join(map(_shown, text.translate(SPELLED)))
    plain = unicodedata.normalize("NFKC", shown).casefold().translate(SPELLED)
    plain = unicodedata.normalize("NFD", plain).translate(LETTERS)
    plain = unicodedata.normalize("NFC", "".join(map(_letter, plain)))
    plain = ACCENTS.sub("", plain)  # those that no letter has
    plain = STICKER.sub(" ", QUOTED_LINE.sub(" ", HEART.sub(" ", plain)))
    return STRETCHED.sub(r"\1", APOSTROPHE.sub("", plain))


def bare(word: str) -> str:
    """The word as it is typed in haste: `chot` for `chốt`."""
    if word.isascii():
        return word
    plain = ACCENTS.sub("", unicodedata.normalize("NFD", word)).replace("đ", "d")
    return unicodedata.normalize("NFC", plain)


def _shown(character: str) -> str:
    if character.isascii():
        return character if character >= " " or character == "\n" else " "
    kind = unicodedata.category(character)
    if kind in INVISIBLE:
        return ""
    if "\ufe00" <= character <= "\ufe0f":
        return ""
    return " " if kind in EMOJI or kind == "Cc" else character


def _letter(character: str) -> str:
    if character.isascii():
        return character
    kind = unicodedata.category(character)
    if kind == "Mn":
        return character if ACCENTS.match(character) or KEPT_MARKS.match(character) else ""
    if kind == "Nd":
        return str(unicodedata.digit(character))
    return character
