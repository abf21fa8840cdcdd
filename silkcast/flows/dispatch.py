# SPDX-License-Identifier: Apache-2.0
"""Dispatch: a paid order is packed, booked with the carrier, and declared to customs.

    plan       the parcel is written down                  undone by: taken back
    book       the carrier takes it; its label is kept     undone by: the booking is cancelled
    draft      the four messages are written and compared
    declare    they go to customs, one by one

What is refused on our side (a field customs cannot read) undoes the booking and is shown to the seller. What
customs refuses later is corrected and sent again from the desk: `declare_again`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from silkcast.goods.catalog import service as catalog
from silkcast.ground.clock import day
from silkcast.ground.ids import DeclarationId, FileId, OrderId, ParcelId, SellerId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.money.rates import service as rates
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.plumbing.jobs import Job
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.customs import service as customs
from silkcast.trade.customs.events import DeclarationReleased
from silkcast.trade.customs.values import Exchange, Facts
from silkcast.trade.orders import receiving
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import OrderAcceptedForCash, OrderEvent, OrderPaid
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.events import ParcelDelivered, ParcelMoved
from silkcast.trade.shipping.values import Booking, Content, NewParcel, Parcel, Piece, Promise
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from . import exporting
from .errors import NotDispatchable
from .scene import Scene
from .settlement import alone
from .steps import Flow, Notes, Step, fresh_key, run
from .wanted import DECLARE, DISPATCH, DeclareWanted, DispatchWanted

READY = ("paid", "cod_accepted")


async def dispatch(scene: Scene, order: OrderId, *, seller: SellerId | None = None) -> None:
    """Send an order on its way. Again: nothing more happens."""
    async with scene.database.read() as db:
        found = await orders.order(db, order, seller=seller)
    if found.state not in READY:
        if found.state in ("declared", "shipped", "delivered"):
            return
        raise NotDispatchable(found.state)
    await run(scene, FLOW, await fresh_key(scene, FLOW, str(order)), {"order": str(order)})


async def plan(scene: Scene, notes: Notes) -> Mapping[str, Any]:
    async with scene.database.write() as tx:
        order = await orders.order(tx, OrderId(UUID(notes["order"])))
        if order.state not in READY:
            raise NotDispatchable(order.state)
        sold = await catalog.variants(tx, [line.variant for line in order.lines])
        packed = shipping.packed(
            [Piece(line.units, line.gross, sold[line.variant].variant.size) for line in order.lines]
        )
        carrier, _, service = order.delivery.service.partition("/")
        market = markets.market(order.market, day(order.placed_at))
        parcel = await shipping.plan(
            tx,
            NewParcel(
                order=order.id,
                seller=order.seller,
                order_number=order.number,
                market=order.market,
                carrier=carrier,
                service=service,
                weight=packed.weight,
                size=packed.size,
                promise=Promise(order.delivery.promise_from, order.delivery.promise_to),
                timezone=market.time_zone,
                cod=order.total if order.payment_method == "cod" else None,
            ),
        )
    return {"parcel": str(parcel.id)}


async def take_back_plan(scene: Scene, notes: Notes) -> None:
    """Found by its order: a step that was cut short left no note of its parcel."""
    order = OrderId(UUID(notes["order"]))
    async with scene.database.write() as tx:
        for parcel in (await shipping.parcels(tx, [order])).get(order, ()):
            if parcel.direction == "out" and parcel.state in ("planned", "booked"):
                await shipping.note_cancelled(tx, parcel.id)


async def book(scene: Scene, notes: Notes) -> None:
    async with scene.database.read() as db:
        parcel = await shipping.parcel(db, ParcelId(UUID(notes["parcel"])))
        order = await orders.order(db, parcel.order)
        booking = await _booking(db, order, parcel)
    if parcel.tracking is not None:
        return
    booked = await scene.carriers[parcel.carrier].book(booking, key=str(parcel.key))
    label = FileId(new_uuid())
    await scene.files.put(shipping.label_name(label), booked.label, "application/pdf")
    async with scene.database.write() as tx:
        await shipping.note_booked(
            tx, parcel.id, tracking=booked.tracking, waybill_no=booked.waybill_no, label=label
        )


async def _booking(db: Db, order: Order, parcel: Parcel) -> Booking:
    warehouses = await sellers.warehouses(db, order.seller)
    shop = await sellers.seller(db, order.seller)
    return Booking(
        reference=order.number,
        service=parcel.service,
        sender=warehouses[0].address if warehouses else shop.return_address,
        receiver=order.ship_to,
        weight=parcel.weight,
        size=parcel.size,
        contents=tuple(
            Content(
                line.name.text("en"),
                line.units,
                line.net * line.units,
                line.line_total,
                line.hs_code,
                line.origin,
            )
            for line in order.lines
        ),
        value=_goods_value(order),
        cod=parcel.cod,
        receiver_number=next(iter((await receiving.for_papers(db, order.id)).values()), ""),
    )


def _goods_value(order: Order) -> Money:
    first, *others = (line.line_total for line in order.lines)
    for other in others:
        first = first + other
    return first


async def cancel_booking(scene: Scene, notes: Notes) -> None:
    async with scene.database.read() as db:
        parcel = await shipping.parcel(db, ParcelId(UUID(notes["parcel"])))
    if parcel.tracking is not None and parcel.state == "booked":
        await scene.carriers[parcel.carrier].cancel(parcel.tracking)


async def draft(scene: Scene, notes: Notes) -> Mapping[str, Any]:
    async with scene.database.write() as tx:
        parcel = await shipping.parcel(tx, ParcelId(UUID(notes["parcel"])))
        made = await customs.draft(tx, await gather_facts(tx, scene, parcel))
    return {"declaration": str(made.id)}


CENT, USUAL, SMALLEST = Decimal("0.01"), Decimal("0.000001"), Decimal("0.0000000001")
"""A dong is a tenth of a thousandth of a dollar: six decimals of its rate would be two figures."""


async def gather_facts(db: Db, scene: Scene, parcel: Parcel) -> Facts:
    """What is declared of a parcel, as things stand now."""
    order = await orders.order(db, parcel.order)
    attempts = await payments.payments(db, order.id)
    paid = next((attempt for attempt in attempts if attempt.status == "succeeded"), None)
    return exporting.facts(
        order,
        parcel,
        await sellers.seller(db, order.seller),
        paid,
        dict(await catalog.variants(db, [line.variant for line in order.lines])),
        scene.exporting,
        await _exchange(db, order.currency, day(db.now)),
        db.now,
        markets.market(order.market, day(order.placed_at)).customs.country,
    )


async def _exchange(db: Db, currency: str, on: date) -> Exchange | None:
    declared = customs.declared_currency(currency)
    if declared == currency:
        return None
    rate = await rates.rate(db, Currency(currency), Currency(declared), on)
    figure = Decimal(rate.rate.numerator) / Decimal(rate.rate.denominator)
    step = SMALLEST if figure < CENT else USUAL
    return Exchange(declared, figure.quantize(step), rate.on, "; ".join(one.source for one in rate.steps))


async def declare(scene: Scene, notes: Notes) -> None:
    await send_declaration(scene, DeclarationId(UUID(notes["declaration"])))


async def send_declaration(scene: Scene, declaration: DeclarationId) -> None:
    """Hand customs every message it does not have yet, in their order."""
    async with scene.database.read() as db:
        waiting = await customs.unsent(db, declaration)
    for message in waiting:
        await scene.customs.send(message.xml, message.kind, key=message.guid)
        async with scene.database.write() as tx:
            await customs.note_sent(tx, declaration, message.guid)


async def declare_again(scene: Scene, declaration: DeclarationId, *, seller: SellerId | None = None) -> None:
    """Correct a refused declaration from what the order, product and shop say now, and send it again."""
    async with scene.database.write() as tx:
        await correct_and_send(tx, scene, declaration, seller=seller)


async def correct_and_send(
    tx: Tx, scene: Scene, declaration: DeclarationId, *, seller: SellerId | None = None
) -> None:
    """The same in a transaction of the caller's, who writes down who wanted it."""
    held = await customs.declaration(tx, declaration, seller=seller)
    parcel = await shipping.parcel(tx, held.parcel)
    await customs.correct(tx, declaration, await gather_facts(tx, scene, parcel))
    tx.enqueue(DECLARE, DeclareWanted(declaration), key=f"declare/{declaration}")


FLOW = Flow(
    "dispatch",
    (
        Step("plan", plan, take_back_plan),
        Step("book", book, cancel_booking),
        Step("draft", draft),
        Step("declare", declare),
    ),
)
FLOWS = (FLOW,)


async def follow(tx: Tx, event: DeclarationReleased | ParcelMoved | ParcelDelivered) -> None:
    """Bring the order to where its papers and its parcel are, whichever of them was told first."""
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    declaration = (await customs.of_orders(tx, [order.id])).get(order.id)
    parcel = next(
        (one for one in (await shipping.parcels(tx, [order.id])).get(order.id, ()) if one.direction == "out"),
        None,
    )
    if order.state in READY and declaration is not None and declaration.released_at is not None:
        order = await orders.move(tx, order.id, "declared", "released by customs")
    if (
        order.state == "declared"
        and parcel is not None
        and parcel.state not in ("planned", "booked", "cancelled")
    ):
        order = await orders.move(tx, order.id, "shipped", "with the carrier")
    if order.state == "shipped" and parcel is not None and parcel.state == "delivered":
        await orders.move(tx, order.id, "delivered", "delivered")
    if order.state == "shipped" and parcel is not None and parcel.state == "returned":
        await _not_taken(tx, order)


async def _not_taken(tx: Tx, order: Order) -> None:
    """The parcel came back from the door. Unpaid, the order is off; paid, the seller and the buyer decide."""
    if order.payment_method == "cod":
        await orders.move(tx, order.id, "cancelled", "not taken at the door")


def reactions(scene: Scene) -> tuple[Reaction, ...]:
    async def want_dispatch(tx: Tx, event: OrderEvent) -> None:
        if scene.settings.dispatch_by_itself:
            tx.enqueue(DISPATCH, DispatchWanted(event.order), key=f"dispatch/{event.order}")

    return (
        Reaction("flows.dispatch_paid", OrderPaid, want_dispatch),
        Reaction("flows.dispatch_cash", OrderAcceptedForCash, want_dispatch),
        Reaction("flows.follow_release", DeclarationReleased, follow),
        Reaction("flows.follow_parcel", ParcelMoved, follow),
        Reaction("flows.follow_delivery", ParcelDelivered, follow),
    )


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run_dispatch(database: Database, wanted: DispatchWanted) -> None:
        await dispatch(scene, wanted.order)

    async def run_declare(database: Database, wanted: DeclareWanted) -> None:
        await send_declaration(scene, wanted.declaration)

    return (Job(DISPATCH, DispatchWanted, run_dispatch), Job(DECLARE, DeclareWanted, run_declare))
