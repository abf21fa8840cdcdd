# SPDX-License-Identifier: Apache-2.0
"""Settlement: money has come, so goods are sold and the books are written; or it goes back.

    sale         psp_clearing    +T     what the buyer paid lies with the provider
                 seller_payable  -G     the goods' price is owed to the seller
                 freight_held    -F     held for the carrier, with its fee for collecting cash
                 duty_held       -D     held for customs, with fees at the border
                 tax_held        -X     held for the tax office
    commission   seller_payable  +c     commission    -c
    fee          seller_payable  +f     psp_clearing  -f

Money that cannot be kept (paid twice, sold out meanwhile, called off) is owed back until it has gone:

    receipt      psp_clearing    +T     refunds_due   -T
    fee          provider_fees   +f     psp_clearing  -f     nobody else is to blame
    refund       refunds_due     +T     psp_clearing  -T

With cash on delivery the money lies with the carrier (cod_clearing) once it was collected.
"""

from __future__ import annotations

from fractions import Fraction

import structlog

from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import HoldGone, StockShort
from silkcast.ground.ids import OrderId, PaymentId, new_uuid
from silkcast.ground.money import Money, total
from silkcast.ground.price import PriceLine
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

from . import store
from .wanted import REFUND, RefundWanted

log = structlog.get_logger()

SOLD = ("paid", "declared", "shipped", "delivered")
MANY = 200
"""More transfers than one order ever has."""

HELD_FOR = {
    "freight": "freight_held",
    "insurance": "freight_held",
    "duty": "duty_held",
    "excise": "duty_held",
    "tax": "tax_held",
    "fee": "duty_held",
}
"""Whose money a line of the price is, by its kind; see `held_for`."""
CASH_FEE = "fee.cash_on_delivery"


def held_for(line: PriceLine) -> str:
    """The account a line's money waits on. The carrier's fee for collecting cash is the carrier's."""
    return "freight_held" if line.code == CASH_FEE else HELD_FOR[line.kind]


async def alone(tx: Tx, order: OrderId) -> None:
    """Nobody else settles, closes or refunds this order before the transaction ends."""
    await store.alone(tx, f"order/{order}")


async def settle(tx: Tx, event: PaymentSucceeded) -> None:
    """The buyer has paid: sell what is held. If the hold ran out and all is gone, the money goes back."""
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    if order.payment_method == "cod" and order.reached("cod_accepted"):
        await write_sale(tx, order, "cod_clearing", event.engine)
        if event.fee is not None:
            await write_fee(
                tx, order, event.engine, event.fee, f"fee/{event.payment}", clearing="cod_clearing"
            )
        return
    if order.reached("paid"):
        await _give_back(tx, order, event, "paid_twice" if order.state in SOLD else "order_closed")
        return
    if order.state in ("cancelled", "refunded") or order.erased_at is not None:
        # Nobody knows any more where to send an order whose buyer was erased.
        await _give_back(tx, order, event, "order_closed")
        return
    if not await _sell(tx, order):
        await orders.move(tx, order.id, "expired", "sold out before the money came")
        await _give_back(tx, order, event, "sold_out")
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


async def _give_back(tx: Tx, order: Order, event: PaymentSucceeded, why: str) -> None:
    log.info("settlement.gives_back", order=str(event.order), why=why)
    await write_pair(
        tx,
        "receipt",
        order,
        event.amount,
        "psp_clearing",
        event.engine,
        "refunds_due",
        None,
        _receipt_key(event.payment),
    )
    if event.fee is not None:
        await _write_lost_fee(tx, order, event.engine, event.fee, event.payment)
    await promise_back(tx, event.payment, event.amount, why)


def _receipt_key(payment: PaymentId) -> str:
    return f"receipt/{payment}"


async def promise_back(tx: Tx, payment: PaymentId, amount: Money, why: str) -> None:
    """Money is promised back, and a job sends it."""
    refund = await payments.refund_start(tx, payment, amount, key=f"{why}/{payment}", why=why)
    tx.enqueue(REFUND, RefundWanted(refund.id), key=f"refund/{refund.id}")


async def accept_cash(tx: Tx, order_id: OrderId) -> bool:
    """Taken on the promise to pay at the door: the goods are sold, the books wait for the money.

    False where the time was up and the goods are gone: the order is closed.
    """
    await alone(tx, order_id)
    order = await orders.order(tx, order_id)
    if order.state not in ("held", "awaiting_payment"):
        return order.reached("cod_accepted") is not None
    if not await _sell(tx, order):
        await orders.move(tx, order.id, "expired", "sold out before it was accepted")
        return False
    await orders.move(tx, order.id, "cod_accepted", "cash on delivery")
    return True


async def keep_begun(tx: Tx, payment: PaymentId, begun: Begun) -> Payment:
    """Keep the provider's answer to a charge; a promise to pay at the door is enough to sell."""
    kept = await payments.note_begun(tx, payment, begun)
    if kept.method == "cod" and kept.status == "pending" and not await accept_cash(tx, kept.order):
        return await no_cash(tx, kept, "order_closed")
    return kept


async def no_cash(tx: Tx, payment: Payment, reason: str) -> Payment:
    """Nobody is to collect cash for this any more."""
    news = ProviderEvent(
        id=f"no-cash/{payment.id}",
        kind="payment",
        at=tx.now,
        payment=payment.id,
        status="cancelled",
        reason=reason,
    )
    await payments.note_event(tx, payment.engine, news)
    return await payments.payment(tx, payment.id)


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
    """A fee that was told after the money: the seller's, or ours where the money went back at once."""
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    written = await ledger.transfers(tx, reference=order.id, limit=MANY)
    if any(transfer.key == _receipt_key(event.payment) for transfer in written.items):
        await _write_lost_fee(tx, order, event.engine, event.fee, event.payment)
        return
    clearing = "cod_clearing" if order.payment_method == "cod" else "psp_clearing"
    await write_fee(tx, order, event.engine, event.fee, f"fee/{event.payment}", clearing=clearing)


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
            kind = held_for(line)
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


async def write_fee(
    tx: Tx, order: Order, engine: str, fee: Money, key: str, *, clearing: str = "psp_clearing"
) -> None:
    """The provider's fee: kept back from what it owes us, borne by the seller."""
    await write_pair(
        tx, "provider_fee", order, fee, "seller_payable", str(order.seller), clearing, engine, key
    )


async def _write_lost_fee(tx: Tx, order: Order, engine: str, fee: Money, payment: PaymentId) -> None:
    """The fee of money that went back at once: the seller earned nothing by it, so we bear it."""
    await write_pair(
        tx, "lost_fee", order, fee, "provider_fees", None, "psp_clearing", engine, f"fee/{payment}"
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
    """An order that will not be and was not sold: what it held is free again."""
    await alone(tx, event.order)
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
