# SPDX-License-Identifier: Apache-2.0
"""Values of a quote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from silkcast.ground.ids import QuoteId, VariantId
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.ground.price import PriceLine
from silkcast.ground.quantity import Weight


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """Goods to be quoted: one kind, at the price of the market."""

    variant: VariantId
    units: int
    unit_price: Money
    hs_code: str
    origin: Country
    description: str
    net: Weight
    """Of one unit."""
    proofs: frozenset[str] = frozenset()
    """Proofs of preferential origin the seller holds for it; they count if all goods of a parcel have one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The whole price. `total` leaves the buyer's account; `due_at_door` comes on top."""

    market: Country
    currency: Currency
    as_of: date
    lines: tuple[PriceLine, ...]
    total: Money
    due_at_door: Money
    rules: str
    """Which rule set it was judged by."""
    quotas: Mapping[str, str] = field(default_factory=dict)
    """What it adds to the buyer's quotas of the year, by the rules' names for them."""

    @property
    def is_all_included(self) -> bool:
        return self.due_at_door.is_zero

    @property
    def goods(self) -> Money:
        return self.amount("goods")

    def amount(self, *kinds: str) -> Money:
        """What the lines of these kinds come to."""
        result = Money.zero(self.currency)
        for line in self.lines:
            if line.kind in kinds:
                result = result + line.amount
        return result


@dataclass(frozen=True, slots=True)
class Quote:
    id: QuoteId
    offer: Offer
    delivery: str
    """The delivery option it holds for, as `carrier/service`."""
    kept_at: datetime
    until: datetime
