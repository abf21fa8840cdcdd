# SPDX-License-Identifier: Apache-2.0
"""What rates say no to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid


@dataclass(eq=False)
class NoRate(Conflict):
    """No rate between the two is in force on the day, or it is too old to be used."""

    code: ClassVar[str] = "rates.none"
    base: str
    quote: str
    on: date


@dataclass(eq=False)
class BadRate(Invalid):
    """A rate that cannot be: not over zero, or of a currency to itself, or of no currency."""

    code: ClassVar[str] = "rates.bad"
    base: str
    quote: str


@dataclass(eq=False)
class BrokenRates(Invalid):
    """A file of rates in a pack cannot be read: nothing of it is taken."""

    code: ClassVar[str] = "rates.broken"
    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"
