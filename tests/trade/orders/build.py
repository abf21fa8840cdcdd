# SPDX-License-Identifier: Apache-2.0
"""Builders of orders for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from silkcast.ground.ids import HoldId, ProductId, SellerId, VariantId
from silkcast.ground.language import Words
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Address, Country
from silkcast.ground.price import PriceLine
from silkcast.ground.quantity import Weight
from silkcast.trade.orders.values import Buyer, Delivery, NewLine, NewOrder

SHOP = SellerId(UUID(int=1))
OTHER_SHOP = SellerId(UUID(int=2))


def line(variant: int = 10, units: int = 2, price: str = "12.50", currency: str = "EUR") -> NewLine:
    return NewLine(
        variant=VariantId(UUID(int=variant)),
        product=ProductId(UUID(int=variant + 1000)),
        sku=f"CUP-{variant}",
        name=Words({"en": "Tea cup", "zh": "茶杯"}),
        options="Blue",
        units=units,
        unit_price=Money.of(price, currency),
        hs_code="691110",
        origin=Country("CN"),
        net=Weight(310),
        gross=Weight(420),
        unit_code="007",
    )


def new_order(**changes: Any) -> NewOrder:
    """Two cups to France: 25.00 of goods, 4.90 of freight, 3.00 of duty, 6.58 of tax."""
    values: dict[str, Any] = {
        "seller": SHOP,
        "market": Country("FR"),
        "currency": Currency("EUR"),
        "buyer": Buyer("Léa Martin", "lea@example.org", "+33612345678"),
        "ship_to": Address(Country("FR"), "Léa Martin", "3 rue des Lilas", "Lyon", "69003"),
        "lines": (line(),),
        "price_lines": (
            PriceLine("goods", Money.of("25.00", "EUR"), "goods.line"),
            PriceLine("freight", Money.of("4.90", "EUR"), "freight.service"),
            PriceLine(
                "duty",
                Money.of("3.00", "EUR"),
                "duty.rate",
                rule="flat duty a kind",
                rate="3.00 EUR each",
                base=Money.of("25.00", "EUR"),
                valid_from=date(2026, 7, 1),
                source="eu-2026",
                mark="verified",
                facts={"kinds": "1"},
            ),
            PriceLine("tax", Money.of("6.58", "EUR"), "tax.rate", rate="20 %"),
        ),
        "total": Money.of("39.48", "EUR"),
        "due_at_door": Money.zero("EUR"),
        "delivery": Delivery("economy", "Economy", date(2026, 12, 2), date(2026, 12, 5)),
        "payment_method": "card",
        "language": "fr",
        "hold": HoldId(UUID(int=50)),
        "held_until": datetime(2026, 11, 22, 12, 15, tzinfo=UTC),
    }
    return NewOrder(**(values | changes))
