# SPDX-License-Identifier: Apache-2.0
"""Keeping: what stays with the seller of an order, as settlement will write it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from silkcast.ground.clock import day
from silkcast.ground.money import Money
from silkcast.money.rates import service as rates
from silkcast.money.rates.errors import NoRate
from silkcast.plumbing.db import Db
from silkcast.trade.orders.values import Order
from silkcast.trade.payments.values import Payment
from silkcast.who.markets import service as markets
from silkcast.who.markets.errors import NoSuchMarket
from silkcast.who.sellers.values import Seller

from .views import Kept

ELSEWHERE = "EUR"


def home_currency(shop: Seller) -> str:
    """What the seller counts in: the money of the market at home, the euro where there is none."""
    try:
        return markets.market(shop.country, date.max).currency
    except NoSuchMarket:
        return ELSEWHERE


async def keep(db: Db, order: Order, shop: Seller, payments: Sequence[Payment]) -> Kept:
    goods = Money.zero(order.currency)
    for line in order.price_lines:
        if line.kind == "goods":
            goods = goods + line.amount
    commission = Money.rounded(Fraction(goods.amount) * Fraction(shop.commission_rate), order.currency)
    fee = next((one.fee for one in payments if one.status == "succeeded" and one.fee is not None), None)
    same = fee if fee is not None and fee.currency == order.currency else None
    kept = goods - commission if same is None else goods - commission - same
    return Kept(goods, commission, same, kept, await at_home(db, kept, home_currency(shop)))


async def at_home(db: Db, amount: Money, currency: str) -> Money | None:
    """The amount in another currency at today's rate; None where no rate is known."""
    try:
        return await rates.convert(db, amount, currency, day(db.now))
    except NoRate:
        return None
