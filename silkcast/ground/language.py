# SPDX-License-Identifier: Apache-2.0
"""Language: BCP 47 tags the house speaks, their direction, and texts that exist in several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NewType

Language = NewType("Language", str)

ENGLISH = Language("en")
CHINESE = Language("zh")
FRENCH = Language("fr")
ARABIC = Language("ar")
SPOKEN = (ENGLISH, CHINESE, FRENCH, ARABIC)
"""The languages every page is complete in."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "ug", "yi", "dv"})


def direction(language: str) -> Literal["ltr", "rtl"]:
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in one or more languages, for names and descriptions that sellers write."""

    by_language: Mapping[str, str]

    def __post_init__(self) -> None:
        if not self.by_language:
            raise ValueError("words are in at least one language")

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_language)

    def pick(self, language: str) -> tuple[str, str]:
        """(language, text): the one asked for, else its base, else English, else the first there is."""
        for tag in (language, language.split("-")[0], "en"):
            if text := self.by_language.get(tag):
                return tag, text
        return next(iter(self.by_language.items()))

    def text(self, language: str) -> str:
        return self.pick(language)[1]
