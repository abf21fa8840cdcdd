# SPDX-License-Identifier: Apache-2.0
"""A language nobody speaks, made of English: every letter with an accent, two fifths longer, in brackets.
What a page shows without brackets was left out of the catalog; what does not fit will not fit in Russian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from silkcast.faces.words import gather
from silkcast.plumbing import tongues
from silkcast.plumbing.tongues import LanguageSettings

OPEN, CLOSE = "⟦", "⟧"
ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀçđéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽ",
)
KEPT = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]+>|&\w+;|`[^`]+`|\n")
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "data-label")
DATA = ("bdi", "time", "code", "textarea", "script", "style")
"""What people wrote, and figures: not for the catalog."""


def pseudo(sentence: str) -> str:
    """`Log out` as `⟦Ļöĝ öûţ ~~~⟧`; places, tags and code stay."""
    parts = KEPT.split(sentence)
    kept = [*KEPT.findall(sentence), ""]
    said = "".join(part.translate(ACCENTS) + keep for part, keep in zip(parts, kept, strict=True))
    length = round(sum(map(len, parts)) * 0.4)
    lines = said.rstrip("\n")
    return f"{OPEN}{lines} {'~' * max(1, length)}{CLOSE}" + said[len(lines) :]


def translated(message: Message, forms: int) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return pseudo(message.id)
    one, many = message.id
    return (pseudo(one), *[pseudo(many)] * (forms - 1)) if forms > 1 else (pseudo(many),)


def write_language(folder: Path, tag: str, name: str, script: str = "Latn", forms: int = 2) -> None:
    """A whole language, as an operator would bring one: its file, and its sentences beside it."""
    place = folder / tag.replace("-", "_")
    (place / "LC_MESSAGES").mkdir(parents=True)
    (place / "language.toml").write_text(
        f'tag = "{tag}"\nname = "{name}"\ndirection = "ltr"\nscript = "{script}"\nplace = 900\n'
        'made_by = "machine"\n',
        encoding="utf-8",
    )
    made = Catalog(locale="en" if forms == 2 else tag.replace("-", "_"), project="Silkcast")
    assert made.num_plurals == forms
    for message in gather.gathered():
        if message.id:
            made.add(message.id, translated(message, forms), locations=message.locations)
    with (place / "LC_MESSAGES" / "silkcast.po").open("wb") as file:
        write_po(file, made)


@contextmanager
def spoken_from(folder: Path) -> Iterator[None]:
    """The languages of this folder are spoken, for a while."""
    tongues.use(LanguageSettings(folder))
    try:
        yield
    finally:
        tongues.use(LanguageSettings())


class Plain(HTMLParser):
    """What stands on a page outside of all brackets, in text and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.depth = 0
        self.inside: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in DATA:
            self.inside.append(tag)
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value:
                self.found += outside(value)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if any(tag in ("script", "style") for tag in self.inside):
            return
        for piece in re.split(f"([{OPEN}{CLOSE}])", data):
            if piece in (OPEN, CLOSE):
                self.depth += 1 if piece == OPEN else -1
            elif self.depth == 0 and not self.inside and piece.strip():
                self.found.append(piece.strip())


def outside(text: str) -> list[str]:
    """Pieces of an attribute outside of its brackets."""
    depth, found = 0, []
    for piece in re.split(f"([{OPEN}{CLOSE}])", text):
        if piece in (OPEN, CLOSE):
            depth += 1 if piece == OPEN else -1
        elif depth == 0 and piece.strip():
            found.append(piece.strip())
    return found


def left_out(page: str) -> list[str]:
    """Words of a page that no catalog has."""
    reader = Plain()
    reader.feed(page)
    assert reader.depth == 0, "a bracket is lost"
    return [text for text in reader.found if re.search(r"[A-Za-z]{2}", text)]
