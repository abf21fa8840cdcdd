# SPDX-License-Identifier: Apache-2.0
"""Scripts: what letters a text is in, and whether a reader of a language can be expected to read it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

_RANGES = (
    (0x41, 0x24F, "Latn"),
    (0x370, 0x3FF, "Grek"),
    (0x400, 0x52F, "Cyrl"),
    (0x531, 0x58F, "Armn"),
    (0x590, 0x5FF, "Hebr"),
    (0x600, 0x8FF, "Arab"),
    (0x900, 0x97F, "Deva"),
    (0x980, 0xDFF, "Indic"),
    (0xE00, 0xE7F, "Thai"),
    (0xE80, 0xEFF, "Laoo"),
    (0x1000, 0x109F, "Mymr"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1100, 0x11FF, "Hang"),
    (0x1780, 0x17FF, "Khmr"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x3040, 0x30FF, "Jpan"),
    (0x3130, 0x318F, "Hang"),
    (0x3400, 0x9FFF, "Hani"),
    (0xAC00, 0xD7AF, "Hang"),
    (0xF900, 0xFAFF, "Hani"),
    (0xFB1D, 0xFB4F, "Hebr"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFC, "Arab"),
    (0xFF21, 0xFF5A, "Latn"),
    (0xFF66, 0xFF9F, "Jpan"),
    (0x20000, 0x323AF, "Hani"),
)
_STARTS = [first for first, _, _ in _RANGES]

_WRITTEN_IN = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "sd", "ug"), ("Arab",)),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "kk", "ky", "mn"), ("Cyrl",)),
    **dict.fromkeys(("hi", "mr", "ne"), ("Deva",)),
    **dict.fromkeys(("he", "yi"), ("Hebr",)),
    "el": ("Grek",),
    "hy": ("Armn",),
    "ja": ("Jpan", "Hani"),
    "ka": ("Geor",),
    "km": ("Khmr",),
    "ko": ("Hang", "Hani"),
    "lo": ("Laoo",),
    "my": ("Mymr",),
    "sr": ("Cyrl", "Latn"),
    "th": ("Thai",),
    "zh": ("Hani",),
}
"""Every other language is taken to be written in Latin letters."""


def script_of(text: str) -> str:
    """The script that most letters are of, empty where there are no letters. Kana among Han is Japanese."""
    found = Counter(script for letter in text if letter.isalpha() and (script := _script(ord(letter))))
    if not found:
        return ""
    if found["Jpan"] and found["Jpan"] + found["Hani"] >= found.most_common(1)[0][1]:
        return "Jpan"
    return found.most_common(1)[0][0]


def _script(point: int) -> str:
    place = bisect_right(_STARTS, point) - 1
    if place < 0:
        return ""
    _, last, script = _RANGES[place]
    return script if point <= last else ""


def is_written_in(text: str, language: str) -> bool:
    """Whether the letters are such as this language is written in. A text without letters is in all."""
    script = script_of(text)
    return not script or script in _WRITTEN_IN.get(language.split("-")[0], ("Latn",))


def source_of(text: str, said: str) -> str | None:
    """The language a text is said to be in, unless its letters speak against that."""
    return said if said and is_written_in(text, said) else None


def is_foreign(text: str, said: str, reader: str) -> bool:
    """Whether a reader of a language may want it translated."""
    if not script_of(text):
        return False
    if not is_written_in(text, reader):
        return True
    source = source_of(text, said)
    return source is not None and not is_same(source, reader)


def is_same(one: str, other: str) -> bool:
    """Regions do not part languages; the two ways to write Chinese do."""
    return _read(one) == _read(other)


def _read(tag: str) -> tuple[str, bool]:
    parts = tag.replace("_", "-").split("-")
    return parts[0].lower(), bool({"Hant", "TW", "HK", "MO"} & set(parts[1:]))
