# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from silkcast.ground.ids import VariantId
from silkcast.ground.money import Money
from silkcast.ground.places import Country


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs in a market, and since when."""

    variant: VariantId
    market: Country
    amount: Money
    since: datetime


@dataclass(frozen=True, slots=True)
class Floor:
    """Under what a unit is not meant to go in a market."""

    variant: VariantId
    market: Country
    amount: Money

    def is_over(self, price: Money) -> bool:
        """Whether a price lies under it. In another currency, from before its market changed, it is none."""
        return self.amount.currency == price.currency and price < self.amount
