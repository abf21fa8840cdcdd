# SPDX-License-Identifier: Apache-2.0
"""What deals does when an order that began as a claim goes on, or does not."""

from __future__ import annotations

from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import OrderAcceptedForCash, OrderCancelled, OrderExpired, OrderPaid

from . import coupons, service


async def sold(tx: Tx, event: OrderPaid | OrderAcceptedForCash) -> None:
    await service.paid(tx, event.order)


async def not_paid(tx: Tx, event: OrderExpired) -> None:
    order = await orders.order(tx, event.order)
    await coupons.give_back(tx, order.id)
    await service.fall_back(tx, order.id, order.hold, "expired")


async def called_off(tx: Tx, event: OrderCancelled) -> None:
    order = await orders.order(tx, event.order)
    if order.reached("paid") is None and order.reached("cod_accepted") is None:
        await coupons.give_back(tx, order.id)
    await service.fall_back(tx, order.id, order.hold, "called_off")


REACTIONS = (
    Reaction("deals.sold", OrderPaid, sold),
    Reaction("deals.sold_for_cash", OrderAcceptedForCash, sold),
    Reaction("deals.not_paid", OrderExpired, not_paid),
    Reaction("deals.called_off", OrderCancelled, called_off),
)
