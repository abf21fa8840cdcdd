# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.ids import ChangeId, SellerId
from silkcast.ground.money import Money
from silkcast.ground.places import Country

What = Literal["price", "floor", "deal_discount", "word", "text"]
WHATS: tuple[What, ...] = ("price", "floor", "deal_discount", "word", "text")
DISCOUNT_KEY = "most"


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a local team may go, in whole percent. Without a word from head office: nowhere."""

    market: Country
    seller: SellerId | None
    """None: for every shop there that has no limits of its own."""
    price_down: int
    price_up: int
    floor_down: int
    floor_up: int
    deal_most: int
    """The highest discount of deals that the team may allow."""
    set_at: datetime | None = None
    set_by: UUID | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of a market was set otherwise. `before` and `after` are as written: empty for nothing."""

    id: ChangeId
    market: Country
    what: What
    key: str
    """Of what: a variant, a word, a language."""
    label: str
    """What people call it."""
    before: str
    after: str
    why: str
    at: datetime
    by: UUID | None
    undoes: ChangeId | None
    """The change that this one took back."""
    undone_by: ChangeId | None


@dataclass(frozen=True, slots=True)
class Base:
    """The shop's own price, and what the team made of it last."""

    base: Money
    local: Money
