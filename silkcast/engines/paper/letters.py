# SPDX-License-Identifier: Apache-2.0
"""Letters for print without shipping a font: Latin by the built-in Helvetica, Chinese by the reader's own
song typeface, Arabic and accents beyond Western Europe in Latin letters, as the post asks abroad."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

CHINESE = "STSong-Light"

_ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "aa", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh",
    "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z",
    "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w",
    "ي": "y", "ى": "a", "ة": "a", "ء": "", "ؤ": "w", "ئ": "y", "ـ": "", "،": ",", "؛": ";", "؟": "?",
}  # fmt: skip


@lru_cache(maxsize=1)
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def _is_chinese(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef" or "\u3000" <= char <= "\u303f"


def _western(char: str) -> str:
    if char in _ARABIC:
        return _ARABIC[char]
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        bare = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
        return bare or ("" if unicodedata.category(char)[0] in "MC" else "?")
    return char if char.isprintable() else " "


def printable(text: str) -> str:
    """The text with every letter replaced that could not be printed."""
    arabic_words = any(char in _ARABIC for char in text)
    made = "".join(char if _is_chinese(char) else _western(char) for char in text)
    return made.title() if arabic_words else made


def runs(text: str, font: str) -> Iterator[tuple[str, str]]:
    """(font, piece) for each piece of one script."""
    piece, chinese = "", False
    for char in printable(text):
        if piece and _is_chinese(char) != chinese:
            yield (CHINESE if chinese else font), piece
            piece = ""
        chinese = _is_chinese(char)
        piece += char
    if piece:
        yield (CHINESE if chinese else font), piece


def width(text: str, font: str, size: int) -> int:
    """In points, rounded up."""
    _register()
    return int(sum(pdfmetrics.stringWidth(piece, name, size) for name, piece in runs(text, font))) + 1


def wrap(text: str, font: str, size: int, widest: int, lines: int) -> list[str]:
    """Lines of at most `widest` points; what does not fit into `lines` of them ends in an ellipsis."""
    made: list[str] = []
    for word in _words(printable(text)):
        if made and width(made[-1] + word, font, size) <= widest:
            made[-1] += word
        else:
            made.append(word.lstrip())
    if len(made) <= lines:
        return [line.rstrip() for line in made]
    last = made[lines - 1]
    while last and width(last + "…", font, size) > widest:
        last = last[:-1]
    return [line.rstrip() for line in made[: lines - 1]] + [last.rstrip() + "…"]


def _words(text: str) -> Iterator[str]:
    """Words with the space before them; each Chinese character is a word; very long ones are cut."""
    word = ""
    for char in text:
        if char.isspace() or _is_chinese(char) or len(word) > 40:
            if word:
                yield word
            word = " " if char.isspace() else char
            if _is_chinese(char):
                yield word
                word = ""
        else:
            word += char
    if word:
        yield word


def write(canvas: Canvas, x: int, y: int, text: str, size: int = 9, font: str = "Helvetica") -> None:
    """One line from its left end."""
    _register()
    line = canvas.beginText(x, y)
    for name, piece in runs(text, font):
        line.setFont(name, size)
        line.textOut(piece)
    canvas.drawText(line)


def write_right(canvas: Canvas, x: int, y: int, text: str, size: int = 9, font: str = "Helvetica") -> None:
    """One line that ends at `x`."""
    write(canvas, x - width(text, font, size), y, text, size, font)


def write_lines(
    canvas: Canvas, x: int, y: int, texts: list[str], size: int = 9, font: str = "Helvetica", step: int = 0
) -> int:
    """Lines under one another; the y of the line that would come next."""
    for text in texts:
        write(canvas, x, y, text, size, font)
        y -= step or size + 2
    return y
