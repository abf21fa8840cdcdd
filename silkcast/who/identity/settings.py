# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .values import Texting


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """Codes by text cost money, and there are people who earn by having them sent."""

    countries: tuple[str, ...] = ()
    """Countries whose numbers get codes by text, like FR; empty: those of the markets that are sold to."""
    texts_a_day: int = 5000
    """Codes by text that the whole house sends a day."""
    texts_a_country: int = 2000
    """Of them to one country."""
    texts_a_block: int = 40
    """Of them to one block of ten thousand numbers, which differ in their last four figures only."""

    def texting(self, sold_to: Iterable[str]) -> Texting:
        return Texting(
            frozenset(self.countries or sold_to),
            most_a_day=self.texts_a_day,
            most_a_country=self.texts_a_country,
            most_a_block=self.texts_a_block,
        )
