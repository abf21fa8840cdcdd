# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from silkcast.ground.ids import ProductId
from silkcast.ground.money import Money
from silkcast.ground.places import Country


@dataclass(frozen=True, slots=True)
class MarketSum:
    """Sales of one market: orders, pieces, and what buyers paid in that market's currency."""

    market: Country
    orders: int
    units: int
    takings: Money


@dataclass(frozen=True, slots=True)
class ProductSum:
    product: ProductId
    units: int
    takings: Money


@dataclass(frozen=True, slots=True)
class DaySum:
    day: date
    market: Country
    orders: int
    units: int
    takings: Money
