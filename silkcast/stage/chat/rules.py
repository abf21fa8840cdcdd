# SPDX-License-Identifier: Apache-2.0
"""What may be said at once, and what the host looks at first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from .errors import NothingSaid, TooFast, TooLong
from .values import HeldFor

LONGEST = 200
PACE = 5
PACE_WINDOW = timedelta(seconds=10)

_LINK = re.compile(r"https?://|www\.|\b[a-z0-9-]+\.(?:com|net|org|cn|shop|store|top|xyz|me|ly|io|cc)\b", re.I)
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
    kept = "".join(
        " " if letter in "\r\n\t" else letter
        for letter in text
        if letter in "\r\n\t\u200d" or unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cs")
    )
    line = re.sub(r"\s+", " ", kept).strip()
    if not line:
        raise NothingSaid()
    if len(line) > LONGEST:
        raise TooLong(LONGEST)
    return line


def hold_reason(text: str, *, words: Collection[str], recent: Sequence[str]) -> HeldFor | None:
    """Why the host should look at it first, if so: a link, a phone number, a listed word, the same again."""
    if _LINK.search(text):
        return "link"
    if _DIGITS.search(unicodedata.normalize("NFKC", text)):
        return "phone"
    folded = text.casefold()
    if any(word.casefold() in folded for word in words):
        return "word"
    if len(text) > 12 and sum(1 for earlier in recent if earlier.casefold() == folded) >= 2:
        return "repeat"
    return None


def check_pace(moments: Sequence[datetime], now: datetime) -> None:
    """At most `PACE` lines in `PACE_WINDOW`; else says how many seconds to wait."""
    within = [moment for moment in moments if moment > now - PACE_WINDOW]
    if len(within) >= PACE:
        wait = min(within) + PACE_WINDOW - now
        raise TooFast(max(1, -(-int(wait.total_seconds() * 1000) // 1000)))


def language_of(text: str, spoken: str) -> str:
    """By its letters where they tell, else the language of the person's page."""
    for letter in text:
        if letter.isalpha():
            name = unicodedata.name(letter, "")
            for script, language in _SCRIPTS:
                if name.startswith(script):
                    return spoken if spoken.startswith("ja") and language == "zh" else language
    return spoken
