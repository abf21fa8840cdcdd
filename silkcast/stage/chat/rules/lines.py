# SPDX-License-Identifier: Apache-2.0
"""One line of text: made clean, told what it holds besides words, and in which language it is."""

from __future__ import annotations

import re
import unicodedata

from silkcast.ground.language import base_of
from silkcast.stage.chat.errors import NothingSaid, TooLong
from silkcast.stage.chat.values import HeldFor

LONGEST = 200

_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|cn|shop|store|top|xyz|me|ly|io|cc|app|link|site|online|vip|ru)\b",
    re.I,
)
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\s?\.\s?\w{2,}")
_DIGITS = re.compile(r"(?:\d[\s().·-]*){8,}")
_SCRIPTS = (
    ("ARABIC", "ar"),
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("THAI", "th"),
)


def clean(text: str) -> str:
    """One line of text: control and direction-override characters out, spaces folded, length checked."""
    is_plain = text.isascii() and text.isprintable()
    kept = (
        text
        if is_plain
        else "".join(
            " " if letter in "\r\n\t" else letter
            for letter in text
            if letter in "\r\n\t\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs")
        )
    )
    line = re.sub(r"\s+", " ", kept).strip()
    if not line.strip("\u200d "):
        raise NothingSaid()
    if len(line) > LONGEST:
        raise TooLong(LONGEST)
    return line


def address_in(text: str, *, has_links: bool = False) -> HeldFor | None:
    """What in a line leads elsewhere, if anything: an e-mail address, a link, a phone number."""
    plain = unicodedata.normalize("NFKC", text)
    if _EMAIL.search(plain):
        return "email"
    if not has_links and _LINK.search(plain):
        return "link"
    return "phone" if _DIGITS.search(plain) else None


def language_of(text: str, spoken: str) -> str:
    """By its letters where they tell, else the language of the person's page."""
    if text.isascii():
        return spoken
    for letter in text:
        if letter.isalpha() and not letter.isascii():
            name = unicodedata.name(letter, "")
            for script, language in _SCRIPTS:
                if name.startswith(script):
                    is_theirs = base_of(spoken) == language or (base_of(spoken), language) == ("ja", "zh")
                    return spoken if is_theirs else language
    return spoken
