# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from silkcast.ground.clock import day
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import OrderAcceptedForCash, OrderEvent, OrderPaid

from . import store
from .models import DaySumRow, ProductSumRow, ShowSumRow


async def count_sale(tx: Tx, event: OrderEvent) -> None:
    """Count a sale where it belongs; the relay runs this once for each order."""
    sums = {"orders": 1, "units": event.units, "takings": event.total.amount}
    market = {"market": event.market, "currency": event.total.currency}
    order = await orders.order(tx, event.order)
    await store.add(tx, DaySumRow, {"seller_id": event.seller, "day": day(order.placed_at), **market}, sums)
    if event.show is None:
        return
    await store.add(tx, ShowSumRow, {"show_id": event.show, **market}, sums)
    for line in sorted(order.lines, key=lambda line: line.product):
        await store.add(
            tx,
            ProductSumRow,
            {"show_id": event.show, "product_id": line.product, "currency": event.total.currency},
            {"units": line.units, "takings": line.line_total.amount},
        )


REACTIONS = (
    Reaction("insight.count_paid_sale", OrderPaid, count_sale),
    Reaction("insight.count_cash_sale", OrderAcceptedForCash, count_sale),
)
