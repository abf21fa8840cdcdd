# SPDX-License-Identifier: Apache-2.0
"""Which events are news to sellers' programs. Ids, states and sums, nothing personal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock.events import StockChanged
from silkcast.ground.ids import SellerId
from silkcast.ground.money import Money
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.events import TransferPosted
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.customs.events import DeclarationRefused
from silkcast.trade.orders.events import (
    OrderAcceptedForCash,
    OrderCancelled,
    OrderDeclared,
    OrderDelivered,
    OrderEvent,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
)
from silkcast.trade.returns.events import ReturnAccepted, ReturnAsked, ReturnRefunded

from . import rules
from . import service as hooks
from .values import Fact

ORDERS: dict[type[OrderEvent], str] = {
    OrderPlaced: "order.placed",
    OrderPaid: "order.paid",
    OrderAcceptedForCash: "order.accepted_for_cash",
    OrderDeclared: "order.declared",
    OrderShipped: "order.shipped",
    OrderDelivered: "order.delivered",
    OrderCancelled: "order.cancelled",
    OrderExpired: "order.expired",
    OrderRefunded: "order.refunded",
}


def _sum(name: str, money: Money) -> dict[str, Fact]:
    return {name: str(money.amount), "currency": str(money.currency)}


def _of_order(kind: str) -> Callable[[Tx, OrderEvent], Awaitable[None]]:
    async def react(tx: Tx, event: OrderEvent) -> None:
        facts: dict[str, Fact] = {
            "order": str(event.order),
            "market": str(event.market),
            "show": str(event.show) if event.show else None,
            "units": event.units,
            "payment_method": event.payment_method,
            **_sum("total", event.total),
        }
        await hooks.tell(tx, event.seller, kind, facts, key=f"{kind}/{event.order}")

    return react


async def return_asked(tx: Tx, event: ReturnAsked) -> None:
    facts: dict[str, Fact] = {
        "return": str(event.returning),
        "order": str(event.order),
        "market": event.market,
        "units": event.units,
    }
    await hooks.tell(tx, event.seller, "return.asked", facts, key=f"return.asked/{event.returning}")


async def return_accepted(tx: Tx, event: ReturnAccepted) -> None:
    facts: dict[str, Fact] = {"return": str(event.returning), "order": str(event.order), "by": event.by}
    await hooks.tell(tx, event.seller, "return.accepted", facts, key=f"return.accepted/{event.returning}")


async def return_refunded(tx: Tx, event: ReturnRefunded) -> None:
    facts: dict[str, Fact] = {
        "return": str(event.returning),
        "order": str(event.order),
        **_sum("total", event.total),
    }
    await hooks.tell(tx, event.seller, "return.refunded", facts, key=f"return.refunded/{event.returning}")


async def declaration_refused(tx: Tx, event: DeclarationRefused) -> None:
    said = "; ".join(f"CEB{one.kind} {one.status}" for one in event.reasons)
    facts: dict[str, Fact] = {
        "declaration": str(event.declaration),
        "order": str(event.order),
        "refused": said,
    }
    key = f"declaration.refused/{event.declaration}/{tx.now.isoformat()}"
    await hooks.tell(tx, event.seller, "declaration.refused", facts, key=key)


async def stock_low(tx: Tx, event: StockChanged) -> None:
    """Told once a day for each number of units left."""
    if event.free > rules.LOW_STOCK:
        return
    of = (await catalog.variants(tx, [event.variant])).get(event.variant)
    if of is None:
        return
    facts: dict[str, Fact] = {"variant": str(event.variant), "sku": of.variant.sku, "free": event.free}
    key = f"stock.low/{event.variant}/{event.free}/{tx.now.date()}"
    await hooks.tell(tx, of.product.seller, "stock.low", facts, key=key)


async def payout_made(tx: Tx, event: TransferPosted) -> None:
    if event.kind != "payout":
        return
    found = await ledger.transfers(tx, reference=event.reference)
    for transfer in found.items:
        for entry in transfer.entries:
            if (
                transfer.id == event.transfer
                and entry.account.kind == "seller_payable"
                and entry.account.owner
            ):
                facts: dict[str, Fact] = {"transfer": str(transfer.id), **_sum("amount", entry.amount)}
                seller = SellerId(UUID(entry.account.owner))
                await hooks.tell(tx, seller, "payout.made", facts, key=f"payout.made/{transfer.id}")


REACTIONS = (
    *(Reaction(f"hooks.{kind}", event, _of_order(kind)) for event, kind in ORDERS.items()),
    Reaction("hooks.return_asked", ReturnAsked, return_asked),
    Reaction("hooks.return_accepted", ReturnAccepted, return_accepted),
    Reaction("hooks.return_refunded", ReturnRefunded, return_refunded),
    Reaction("hooks.declaration_refused", DeclarationRefused, declaration_refused),
    Reaction("hooks.stock_low", StockChanged, stock_low),
    Reaction("hooks.payout_made", TransferPosted, payout_made),
)
