# SPDX-License-Identifier: Apache-2.0
"""Settlement: money has come, so goods are sold and the books are written; or it goes back.

    sale      psp_clearing      +T      what the buyer paid lies with the provider
              seller_payable    -G      the goods' price is owed to the seller
              freight_held      -F      held for the carrier
              duty_held         -D      held for customs
              tax_held          -X      held for the tax office (with fees)
    commission  seller_payable  +c, commission     -c
    fee         seller_payable  +f, psp_clearing   -f

With cash on delivery the money lies with the carrier (cod_clearing) once it was collected.
"""

from __future__ import annotations

from fractions import Fraction

import structlog

from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import HoldGone, StockShort
from silkcast.ground.ids import OrderId, PaymentId, new_uuid
from silkcast.ground.money import Money, total
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.values import Account, Entry
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import OrderCancelled, OrderExpired
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.events import PaymentFeeKnown, PaymentSucceeded
from silkcast.trade.payments.port import Begun, ProviderEvent
from silkcast.trade.payments.values import Payment
from silkcast.trade.shipping.events import CashCollected
from silkcast.who.sellers import service as sellers

from .wanted import REFUND, RefundWanted

log = structlog.get_logger()

HELD_FOR = {
    "freight": "freight_held",
    "insurance": "freight_held",
    "duty": "duty_held",
    "excise": "duty_held",
    "tax": "tax_held",
    "fee": "tax_held",
}


async def settle(tx: Tx, event: PaymentSucceeded) -> None:
    """The buyer has paid: sell what is held. If the hold ran out and all is gone, the money goes back."""
    order = await orders.order(tx, event.order)
    if order.payment_method == "cod":
        await write_sale(tx, order, "cod_clearing", event.engine)
        return
    if order.state in ("paid", "declared", "shipped", "delivered"):
        await _give_back(tx, event, "paid_twice")
        return
    if order.state in ("cancelled", "refunded") or not await _sell(tx, order):
        await _give_back(tx, event, "sold_out" if order.state == "expired" else "order_closed")
        return
    await orders.move(tx, order.id, "paid", "payment succeeded")
    await write_sale(tx, order, "psp_clearing", event.engine)
    if event.fee is not None:
        await write_fee(tx, order, event.engine, event.fee, f"fee/{event.payment}")


async def _sell(tx: Tx, order: Order) -> bool:
    """Take what is held, or hold and take anew if the hold ran out. Whether it was there."""
    try:
        await stock.take(tx, order.hold)
        return True
    except HoldGone:
        pass
    wanted = {line.variant: line.units for line in order.lines}
    try:
        held = await stock.hold(tx, wanted, until=tx.now, reference=new_uuid())
    except StockShort:
        log.info("settlement.sold_out_meanwhile", order=str(order.id))
        return False
    await orders.hold_anew(tx, order.id, held.id, tx.now)
    await stock.take(tx, held.id)
    return True


async def _give_back(tx: Tx, event: PaymentSucceeded, why: str) -> None:
    log.info("settlement.gives_back", order=str(event.order), why=why)
    order = await orders.order(tx, event.order)
    await write_pair(
        tx,
        "receipt",
        order,
        event.amount,
        "psp_clearing",
        event.engine,
        "refunds_due",
        None,
        f"receipt/{event.payment}",
    )
    refund = await payments.refund_start(
        tx, event.payment, event.amount, key=f"{why}/{event.payment}", why=why
    )
    tx.enqueue(REFUND, RefundWanted(refund.id), key=f"refund/{refund.id}")


async def accept_cash(tx: Tx, order_id: OrderId) -> None:
    """Taken on the promise to pay at the door: the goods are sold, the books wait for the money."""
    order = await orders.order(tx, order_id)
    if order.state not in ("held", "awaiting_payment"):
        return
    await stock.take(tx, order.hold)
    await orders.move(tx, order.id, "cod_accepted", "cash on delivery")


async def keep_begun(tx: Tx, payment: PaymentId, begun: Begun) -> Payment:
    """Keep the provider's answer to a charge; a promise to pay at the door is enough to sell."""
    kept = await payments.note_begun(tx, payment, begun)
    if kept.method == "cod" and kept.status in ("pending", "succeeded"):
        await accept_cash(tx, kept.order)
    return kept


async def cash_collected(tx: Tx, event: CashCollected) -> None:
    """The carrier took the money at the door: news of the payment like any provider's."""
    for payment in await payments.payments(tx, event.order):
        if payment.method == "cod":
            news = ProviderEvent(
                id=f"cash/{event.parcel}",
                kind="payment",
                at=event.at,
                payment=payment.id,
                status="succeeded",
                amount=event.amount,
            )
            await payments.note_event(tx, payment.engine, news)


async def fee_known(tx: Tx, event: PaymentFeeKnown) -> None:
    order = await orders.order(tx, event.order)
    await write_fee(tx, order, event.engine, event.fee, f"fee/{event.payment}")


async def write_sale(tx: Tx, order: Order, clearing: str, holder: str) -> None:
    """The transfers of a sale: what came in, for whom it is held, and our commission."""
    currency = order.currency
    parts: dict[str, Money] = {}
    goods = Money.zero(currency)
    for line in order.price_lines:
        if line.collected_at != "checkout":
            continue
        if line.kind == "goods":
            goods += line.amount
        else:
            kind = HELD_FOR[line.kind]
            parts[kind] = parts.get(kind, Money.zero(currency)) + line.amount
    seller = str(order.seller)
    entries = [
        Entry(Account(clearing, holder, currency), order.total),
        Entry(Account("seller_payable", seller, currency), -goods),
        *(Entry(Account(kind, order.market, currency), -amount) for kind, amount in parts.items()),
    ]
    assert total((entry.amount for entry in entries), currency).is_zero, "a sale adds up"
    await ledger.post(
        tx, "sale", order.id, [entry for entry in entries if not entry.amount.is_zero], key=f"sale/{order.id}"
    )
    shop = await sellers.seller(tx, order.seller)
    commission = Money.rounded(Fraction(goods.amount) * Fraction(shop.commission_rate), currency)
    await write_pair(
        tx,
        "commission",
        order,
        commission,
        "seller_payable",
        seller,
        "commission",
        None,
        f"commission/{order.id}",
    )


async def write_fee(tx: Tx, order: Order, engine: str, fee: Money, key: str) -> None:
    """The provider's fee: kept back from what it owes us, borne by the seller."""
    await write_pair(
        tx, "provider_fee", order, fee, "seller_payable", str(order.seller), "psp_clearing", engine, key
    )


async def write_pair(
    tx: Tx,
    kind: str,
    order: Order,
    amount: Money,
    debit: str,
    debit_owner: str | None,
    credit: str,
    credit_owner: str | None,
    key: str,
) -> None:
    """One amount from one account to another; nothing where it is zero."""
    if amount.is_zero:
        return
    entries = [
        Entry(Account(debit, debit_owner, amount.currency), amount),
        Entry(Account(credit, credit_owner, amount.currency), -amount),
    ]
    await ledger.post(tx, kind, order.id, entries, key=key)


async def let_go(tx: Tx, event: OrderCancelled | OrderExpired) -> None:
    """An order that will not be: what it held is free again."""
    order = await orders.order(tx, event.order)
    if order.reached("paid") or order.reached("cod_accepted"):
        return
    await stock.release(tx, order.hold)


REACTIONS = (
    Reaction("flows.settle_payment", PaymentSucceeded, settle),
    Reaction("flows.write_fee", PaymentFeeKnown, fee_known),
    Reaction("flows.write_cash", CashCollected, cash_collected),
    Reaction("flows.let_go_of_cancelled", OrderCancelled, let_go),
    Reaction("flows.let_go_of_expired", OrderExpired, let_go),
)
