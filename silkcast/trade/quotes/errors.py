# SPDX-License-Identifier: Apache-2.0
"""What quotes says no to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.money import Money
from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class NotSoldHere(Conflict):
    """These goods are not sold in this market. `reason` is a code the pages have words for."""

    code: ClassVar[str] = "quotes.not_sold_here"
    market: str
    reason: str


@dataclass(eq=False)
class PriceChanged(Conflict):
    """The price is not the one the buyer saw: show the new one before anything is charged."""

    code: ClassVar[str] = "quotes.price_changed"
    was: Money
    now: Money


@dataclass(eq=False)
class BadQuote(Invalid):
    code: ClassVar[str] = "quotes.bad"
    field: str


@dataclass(eq=False)
class TwoOrigins(Conflict):
    """A parcel is judged by the origin of its goods: those of two countries are two orders."""

    code: ClassVar[str] = "quotes.two_origins"
    origins: tuple[str, ...]


@dataclass(eq=False)
class NoSuchQuote(NotFound):
    code: ClassVar[str] = "quotes.no_such_quote"
