# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from litestar import Response, get, post

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.flows import reconciliation
from silkcast.flows.wanted import REFUND, RefundWanted
from silkcast.ground.ids import OrderId, PaymentId, RefundId
from silkcast.ground.refusals import NotFound
from silkcast.trade.orders import service as orders
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.port import Refunded
from silkcast.trade.payments.values import Refund
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User

from .home import hand_engines
from .side import desk_page, seen_to
from .views import PaymentRow, PaymentsPage, RefundRow
from .words import said

PATIENCE = timedelta(seconds=30)
AT_ONCE = timedelta(seconds=1)
"""What is to be done by hand waits for nobody."""


@get("/payments")
async def list_payments(house: House, visit: Visit, operator: User) -> Response[str]:
    """Money that nothing final was heard of, and cash that somebody has to send by hand."""
    asked, by_hand = house.scene.asked, hand_engines(house)
    async with house.database.read() as db:
        silent = await payments.unsettled(db, older_than=db.now - PATIENCE, engines=asked)
        cash = await payments.unsettled_refunds(db, older_than=db.now + AT_ONCE, engines=by_hand)
        refunds = await payments.unsettled_refunds(db, older_than=db.now - PATIENCE, engines=asked)
        ids = {one.order for one in silent} | {one.order for one in (*cash, *refunds)}
        of = await orders.orders_by_id(db, list(ids))

    def rows(found: Iterable[Refund]) -> list[RefundRow]:
        return [RefundRow(one, said(one.status, visit.language), number(one.order)) for one in found]

    def number(order: OrderId) -> str:
        found = of.get(order)
        return found.number if found else ""

    view = PaymentsPage(
        waiting=[
            PaymentRow(one, said(one.status, visit.language), number(one.order), can_ask=True)
            for one in silent
        ],
        by_hand=rows(cash),
        refunds=rows(refunds),
    )
    return await desk_page(house, visit, operator, "payments.html", view)


@post("/payments/{payment:uuid}/ask")
async def ask_now(house: House, operator: User, payment: UUID) -> Response[None]:
    """Ask the provider how a payment stands. What it says is kept like any news of it."""
    id = PaymentId(payment)
    async with house.database.read() as db:
        found = await payments.payment(db, id)
    if found.engine not in house.scene.asked:
        raise NotFound()
    async with house.database.write(actor_of(operator)) as tx:
        await audit.record(tx, "payment.asked_about", "payment", payment, engine=found.engine)
    await reconciliation.look(house.scene, id)
    return seen_to("/desk/payments")


@post("/refunds/{refund:uuid}/again")
async def refund_again(house: House, operator: User, refund: UUID) -> Response[None]:
    """Ask the provider for the same refund again: its key moves nothing twice."""
    id = RefundId(refund)
    async with house.database.write(actor_of(operator)) as tx:
        await payments.refund(tx, id)
        tx.enqueue(REFUND, RefundWanted(id), key=f"refund/{id}")
        await audit.record(tx, "refund.asked_again", "refund", refund)
    return seen_to("/desk/payments")


@post("/refunds/{refund:uuid}/sent")
async def refund_sent(house: House, operator: User, refund: UUID) -> Response[None]:
    """The operator has sent the cash back by hand, by bank or through the carrier."""
    id = RefundId(refund)
    async with house.database.write(actor_of(operator)) as tx:
        found = await payments.refund(tx, id)
        if found.engine not in hand_engines(house):
            raise NotFound()
        await payments.note_refunded(tx, id, Refunded("succeeded", f"desk:{refund}"))
        await audit.record(tx, "refund.sent_by_hand", "refund", refund, amount=str(found.amount))
    return seen_to("/desk/payments")
