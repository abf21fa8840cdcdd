# SPDX-License-Identifier: Apache-2.0
"""Taking back: an accepted return gets its label; what came back is refunded to the cent and sold again.

refund           seller_payable  +goods    what the seller no longer earns
                 tax_held …      +tax …    what is not owed any more, by the market's rule
                 psp_clearing    -total    what went back to the buyer (bank, where cash was paid)
commission back  commission  +c            its share of what was written with the sale: exact in the end
                 seller_payable  -c
refund bounced   psp_clearing    +total    the bank sent it back: it is owed still
                 refunds_due     -total
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

import structlog

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock import service as stock
from silkcast.ground.clock import day
from silkcast.ground.ids import FileId, OrderLineId, ReturnId, new_uuid
from silkcast.ground.money import Money
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.values import Account, Entry
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.plumbing.jobs import Job
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.events import RefundFailed, RefundSucceeded
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.events import ReturnAccepted, ReturnReceived
from silkcast.trade.returns.values import Bought, OrderFacts, Reason, Return
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.events import ParcelDelivered, ParcelMoved
from silkcast.trade.shipping.values import Booking, Content, NewParcel, Parcel, Piece
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from .errors import NothingToGiveBack
from .scene import Scene
from .settlement import HELD_FOR, MANY, alone, write_pair
from .wanted import BOOK_RETURN, REFUND, BookReturnWanted, RefundWanted

log = structlog.get_logger()
GIVES = "return/"
"""How a refund says which return it is for."""


def facts_of(order: Order) -> OrderFacts:
    """What a return needs to know of its order."""
    market = markets.market(order.market, day(order.placed_at))
    return OrderFacts(
        order=order.id,
        seller=order.seller,
        number=order.number,
        market=order.market,
        lines=tuple(Bought(line.id, line.variant, line.units, line.line_total) for line in order.lines),
        price_lines=order.price_lines,
        delivered_at=order.reached("delivered"),
        timezone=market.time_zone,
    )


async def ask(
    tx: Tx, order: Order, wanted: Mapping[OrderLineId, int], *, reason: Reason, words: str = ""
) -> Return:
    """The buyer wants to give some of it back, within the market's days."""
    rule = markets.market(order.market, day(order.placed_at)).returns
    return await returns.ask(tx, facts_of(order), wanted, reason=reason, words=words, rule=rule)


async def want_label(tx: Tx, event: ReturnAccepted) -> None:
    tx.enqueue(BOOK_RETURN, BookReturnWanted(event.returning), key=f"return-label/{event.returning}")


async def book_return(scene: Scene, returning: ReturnId) -> None:
    """A parcel for the way back, and its label."""
    async with scene.database.write() as tx:
        asked = await returns.returning(tx, returning)
        if asked.state != "accepted":  # closed meanwhile, or on its way by another label
            return
        order = await orders.order(tx, asked.order)
        parcel = await _plan(tx, order, asked)
        booking = await _booking(tx, order, asked, parcel)
    if parcel.tracking is None:
        booked = await scene.carriers[parcel.carrier].book(booking, key=str(parcel.key))
        label = FileId(new_uuid())
        await scene.files.put(shipping.label_name(label), booked.label, "application/pdf")
        async with scene.database.write() as tx:
            parcel = await shipping.note_booked(
                tx, parcel.id, tracking=booked.tracking, waybill_no=booked.waybill_no, label=label
            )
    assert parcel.tracking is not None, "it is booked"
    async with scene.database.write() as tx:
        await returns.note_label(tx, returning, parcel=parcel.id, tracking=parcel.tracking)


async def _plan(tx: Tx, order: Order, asked: Return) -> Parcel:
    sold = await catalog.variants(tx, [part.variant for part in asked.parts])
    packed = shipping.packed(
        [
            Piece(part.units, sold[part.variant].variant.gross, sold[part.variant].variant.size)
            for part in asked.parts
        ]
    )
    carrier = order.delivery.service.partition("/")[0]
    return await shipping.plan(
        tx,
        NewParcel(
            order=order.id,
            seller=order.seller,
            order_number=order.number,
            market=order.market,
            carrier=carrier,
            service="post_tracked",
            weight=packed.weight,
            size=packed.size,
            promise=None,
            timezone=markets.market(order.market, day(order.placed_at)).time_zone,
            direction="back",
            returning=asked.id,
        ),
    )


async def _booking(db: Db, order: Order, asked: Return, parcel: Parcel) -> Booking:
    shop = await sellers.seller(db, order.seller)
    by_line = {line.id: line for line in order.lines}
    parts = [(by_line[part.line], part.units) for part in asked.parts]
    value = Money.zero(order.currency)
    for line, units in parts:
        value = value + line.unit_price * units
    return Booking(
        reference=f"{order.number}-R",
        service=parcel.service,
        sender=order.ship_to,
        receiver=shop.return_address,
        weight=parcel.weight,
        size=parcel.size,
        contents=tuple(
            Content(
                line.name.text("en"),
                units,
                line.net * units,
                line.unit_price * units,
                line.hs_code,
                line.origin,
            )
            for line, units in parts
        ),
        value=value,
        direction="back",
    )


async def follow_back(tx: Tx, event: ParcelMoved) -> None:
    """A parcel on its way back: the return goes along with it."""
    if event.direction != "back" or event.returning is None or event.state in ("booked", "cancelled", "lost"):
        return
    await returns.note_sent_back(tx, event.returning)


async def arrived_back(tx: Tx, event: ParcelDelivered) -> None:
    if event.direction == "back" and event.returning is not None:
        await returns.note_sent_back(tx, event.returning)
        await returns.note_received(tx, event.returning)


async def received(tx: Tx, event: ReturnReceived) -> None:
    """The goods are back: they are sold again if they are as new, and the money is promised."""
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    if event.restock:
        held = await stock.hold_by_id(tx, order.hold)
        lies = {line.variant: line.warehouse for line in held.lines}
        for part in sorted(event.parts, key=lambda part: part.variant):
            await stock.take_back(tx, part.variant, lies[part.variant], part.units, reference=event.returning)
    if event.total.is_zero:
        await returns.note_refunded(tx, event.returning)
        return
    paid = next(
        (
            one
            for one in await payments.payments(tx, order.id)
            if one.status == "succeeded" and not one.refundable < event.total
        ),
        None,
    )
    if paid is None:
        raise NothingToGiveBack()
    why = f"{GIVES}{event.returning}"
    promised = await payments.refund_start(tx, paid.id, event.total, key=why, why=why)
    tx.enqueue(REFUND, RefundWanted(promised.id), key=f"refund/{promised.id}")


async def refunded(tx: Tx, event: RefundSucceeded) -> None:
    """The money went back: the books say so, and so do the return and the order."""
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    clearing, owner = _lies_with(event.engine)
    if not event.why.startswith(GIVES):
        await write_pair(
            tx,
            "refund",
            order,
            event.amount,
            "refunds_due",
            None,
            clearing,
            owner,
            f"refund/{event.refund}",
        )
        if order.state in ("expired", "cancelled"):
            await orders.move(tx, order.id, "refunded", event.why)
        return
    returning = await returns.returning(tx, ReturnId(UUID(event.why.removeprefix(GIVES))))
    await _write_refund(tx, order, returning, event)
    done = await returns.note_refunded(tx, returning.id)
    out = await returns.out(tx, order.id)
    if all(out.get(line.id, 0) >= line.units for line in order.lines) and _all_refunded(
        (await returns.of_orders(tx, [order.id])).get(order.id, ()), done
    ):
        await orders.move(tx, order.id, "refunded", "all of it came back")


def _all_refunded(all_of_them: tuple[Return, ...], done: Return) -> bool:
    return all(one.state in ("refunded", "declined", "closed") or one.id == done.id for one in all_of_them)


async def _write_refund(tx: Tx, order: Order, returning: Return, event: RefundSucceeded) -> None:
    seller = str(order.seller)
    clearing, owner = _lies_with(event.engine)
    entries = [Entry(Account(clearing, owner, order.currency), -event.amount)]
    goods = Money.zero(order.currency)
    for one in returning.money:
        if one.amount.is_zero:
            continue
        if one.kind == "goods":
            goods = goods + one.amount
            entries.append(Entry(Account("seller_payable", seller, order.currency), one.amount))
        else:
            entries.append(Entry(Account(HELD_FOR[one.kind], order.market, order.currency), one.amount))
    await ledger.post(tx, "refund", order.id, entries, key=f"refund/{event.refund}")
    back = await _commission_back(tx, order)
    await write_pair(
        tx,
        "commission_back",
        order,
        back,
        "commission",
        None,
        "seller_payable",
        seller,
        f"commission-back/{event.refund}",
    )


async def _commission_back(tx: Tx, order: Order) -> Money:
    """The share of the commission for all goods that went back so far, less what was given back before."""
    zero = Money.zero(order.currency)
    goods, went_back, taken = zero, zero, zero
    for transfer in (await ledger.transfers(tx, reference=order.id, limit=MANY)).items:
        for entry in transfer.entries:
            if entry.account.kind == "commission":
                taken -= entry.amount
            if entry.account.kind == "seller_payable" and transfer.kind == "sale":
                goods -= entry.amount
            if entry.account.kind == "seller_payable" and transfer.kind == "refund":
                went_back += entry.amount
    written = await _commission_written(tx, order)
    if goods.is_zero:
        return zero
    kept = Money.rounded(
        Fraction(written.amount) * (1 - Fraction(went_back.amount) / Fraction(goods.amount)), order.currency
    )
    return taken - kept


async def _commission_written(tx: Tx, order: Order) -> Money:
    """What was taken with the sale: later changes of the shop's rate do not count."""
    for transfer in (await ledger.transfers(tx, reference=order.id, limit=MANY)).items:
        if transfer.kind == "commission":
            return next(-entry.amount for entry in transfer.entries if entry.account.kind == "commission")
    return Money.zero(order.currency)


async def bounced(tx: Tx, event: RefundFailed) -> None:
    """A refund that had gone out came back: the money is with the provider again, and owed still."""
    log.warning("refund.failed", refund=str(event.refund), order=str(event.order), reason=event.reason)
    if not event.had_succeeded:
        return
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    clearing, owner = _lies_with(event.engine)
    key = f"refund-bounced/{event.refund}"
    await write_pair(tx, "refund_bounced", order, event.amount, clearing, owner, "refunds_due", None, key)


def _lies_with(engine: str) -> tuple[str, str | None]:
    """Where a refund is paid from: cash that a carrier collected goes back by bank."""
    return ("bank", None) if engine == "cod" else ("psp_clearing", engine)


REACTIONS = (
    Reaction("flows.want_return_label", ReturnAccepted, want_label),
    Reaction("flows.follow_back", ParcelMoved, follow_back),
    Reaction("flows.arrived_back", ParcelDelivered, arrived_back),
    Reaction("flows.return_received", ReturnReceived, received),
    Reaction("flows.refunded", RefundSucceeded, refunded),
    Reaction("flows.refund_bounced", RefundFailed, bounced),
)


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run(database: Database, wanted: BookReturnWanted) -> None:
        await book_return(scene, wanted.returning)

    return (Job(BOOK_RETURN, BookReturnWanted, run),)
