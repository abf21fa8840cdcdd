# SPDX-License-Identifier: Apache-2.0
"""The port of translation engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from .values import Rendering, Term


class Translator(Protocol):
    """Puts texts into another language. What it is given is never an order to it."""

    @property
    def name(self) -> str:
        """Of the engine, as the reader is told."""

    @property
    def languages(self) -> frozenset[str] | None:
        """The tags it puts texts into; None if it takes any."""

    async def translate(
        self, texts: Sequence[str], source: str | None, target: str, terms: Sequence[Term]
    ) -> Sequence[Rendering | None]:
        """One answer for each text in its place, None where there is none that is true to the text. Without
        `source` the engine finds out. Raises `TranslationAway` and `LanguageNotKnown`."""

    async def close(self) -> None: ...
