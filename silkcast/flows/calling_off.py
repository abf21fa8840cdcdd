# SPDX-License-Identifier: Apache-2.0
"""Calling off: an order that was sold and will not be. Its goods are free again, its money goes back.

    called off      seller_payable  +G   freight_held +F   duty_held +D   tax_held +X   refunds_due  -T
    commission      commission      +c   seller_payable -c
    refund          refunds_due     +T   psp_clearing   -T                (see settlement)

A booked parcel is taken back from the carrier, and whoever still has the provider's page open is told no.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from silkcast.goods.stock import service as stock
from silkcast.ground.ids import OrderId, ParcelId
from silkcast.ground.refusals import Conflict, NotFound
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.values import Entry, Transfer
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.jobs import Job
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import OrderCancelled
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import ParcelGone

from . import reconciliation, settlement
from .errors import TooLateToCallOff
from .scene import Scene
from .wanted import CALL_OFF, CallOffWanted

log = structlog.get_logger()
WHY = "called_off"
TURNED = ("sale", "commission")


BY_BUYER = ("held", "awaiting_payment", "cod_accepted")
"""Nothing was paid yet, and nothing went to customs or the carrier."""


async def by_buyer(tx: Tx, id: OrderId) -> Order:
    """The buyer calls their own order off, or `TooLateToCallOff`. Again: nothing more happens."""
    await settlement.alone(tx, id)
    order = await orders.order(tx, id)
    if order.state == "cancelled":
        return order
    if order.state not in BY_BUYER:
        raise TooLateToCallOff(order.state)
    await orders.move(tx, id, "cancelled", "called off by the buyer")
    return await orders.order(tx, id)


async def want_called_off(tx: Tx, event: OrderCancelled) -> None:
    """Books and stock at once; the carrier and the provider are told by a job."""
    await settlement.alone(tx, event.order)
    order = await orders.order(tx, event.order)
    if order.reached("paid") or order.reached("cod_accepted"):
        await _goods_back(tx, order)
        await _money_back(tx, order)
    tx.enqueue(CALL_OFF, CallOffWanted(order.id), key=f"call-off/{order.id}")


async def _goods_back(tx: Tx, order: Order) -> None:
    held = await stock.hold_by_id(tx, order.hold)
    for line in sorted(held.lines, key=lambda line: (line.variant, line.warehouse)):
        await stock.take_back(tx, line.variant, line.warehouse, line.units, reference=order.id)


async def _money_back(tx: Tx, order: Order) -> None:
    written = (await ledger.transfers(tx, reference=order.id, limit=settlement.MANY)).items
    for transfer in written:
        if transfer.kind in TURNED:
            kind = "called_off" if transfer.kind == "sale" else "commission_back"
            await ledger.post(tx, kind, order.id, _turned(transfer), key=f"{kind}/{order.id}")
    for payment in await payments.payments(tx, order.id):
        if payment.status == "succeeded" and not payment.refundable.is_zero:
            await settlement.promise_back(tx, payment.id, payment.refundable, WHY)
        elif payment.method == "cod" and payment.status == "pending":
            await settlement.no_cash(tx, payment, WHY)


def _turned(transfer: Transfer) -> list[Entry]:
    """The same the other way round, but for what lies with the provider: that is owed to the buyer."""
    return [
        Entry(
            replace(entry.account, kind="refunds_due", owner=None)
            if entry.account.kind in ("psp_clearing", "cod_clearing")
            else entry.account,
            -entry.amount,
        )
        for entry in transfer.entries
    ]


async def call_off(scene: Scene, order: OrderId) -> None:
    """Let go of what is open outside: payments nobody finished, a parcel nobody picked up."""
    await reconciliation.let_go(scene, order)
    async with scene.database.read() as db:
        parcels = (await shipping.parcels(db, [order])).get(order, ())
    for parcel in parcels:
        if parcel.direction == "out" and parcel.state in ("planned", "booked"):
            await _take_back(scene, parcel.id)


async def _take_back(scene: Scene, parcel_id: ParcelId) -> None:
    async with scene.database.read() as db:
        parcel = await shipping.parcel(db, parcel_id)
    try:
        if parcel.tracking is not None:
            await scene.carriers[parcel.carrier].cancel(parcel.tracking)
        async with scene.database.write() as tx:
            await shipping.note_cancelled(tx, parcel_id)
    except (ParcelGone, Conflict, NotFound) as refusal:
        log.warning("calling_off.parcel_on_its_way", parcel=str(parcel_id), code=refusal.code)


REACTIONS = (Reaction("flows.want_called_off", OrderCancelled, want_called_off),)


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run(database: Database, wanted: CallOffWanted) -> None:
        await call_off(scene, wanted.order)

    return (Job(CALL_OFF, CallOffWanted, run),)
