# SPDX-License-Identifier: Apache-2.0
"""Reconciliation: what becomes of a payment whose answer was lost, and of an order nobody paid.

A payment that says nothing for a while is asked about; one that never got an answer is asked for again with
its old key. An order whose time is up is closed only after the provider has let go of its payment: money
that was faster than the letting go is settled like any other.
"""

from __future__ import annotations

from datetime import timedelta

import structlog

from silkcast.ground.ids import OrderId, PaymentId
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.jobs import Job, Tick
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.errors import WrongState
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.events import PaymentSucceeded
from silkcast.trade.payments.port import RefundOrder
from silkcast.trade.payments.values import Payment

from . import settlement
from .scene import Scene
from .wanted import LOOK, REFUND, LookWanted, RefundWanted

log = structlog.get_logger()
UNDECIDED = ("created", "requires_action", "pending")


async def want_fee(tx: Tx, event: PaymentSucceeded) -> None:
    """Some providers tell their fee only to those who ask."""
    if event.fee is None and event.engine != "cod":
        tx.enqueue(LOOK, LookWanted(event.payment), key=f"look/{event.payment}")


async def look(scene: Scene, payment_id: PaymentId) -> Payment:
    """Ask the provider how a payment stands, and keep what it says."""
    async with scene.database.read() as db:
        payment = await payments.payment(db, payment_id)
    engine = scene.payments[payment.engine]
    if not payment.provider_id:
        begun = await engine.begin(payment.charge)
        async with scene.database.write() as tx:
            return await settlement.keep_begun(tx, payment_id, begun)
    known = await engine.look(payment.provider_id)
    async with scene.database.write() as tx:
        return await payments.note_known(tx, payment_id, known)


async def refund(scene: Scene, wanted: RefundWanted) -> None:
    """Send promised money back. The key was written before: asking again moves nothing twice."""
    async with scene.database.read() as db:
        promised = await payments.refund(db, wanted.refund)
        payment = await payments.payment(db, promised.payment)
    if promised.status in ("succeeded", "failed"):
        return
    engine = scene.payments[payment.engine]
    if promised.provider_refund_id and not engine.by_hand:
        answer = await engine.look_refund(promised.provider_refund_id)
    else:
        answer = await engine.refund(
            RefundOrder(promised.id, payment.id, payment.provider_id, promised.amount, promised.key)
        )
    async with scene.database.write() as tx:
        await payments.note_refunded(tx, promised.id, answer)


async def ask_about_the_silent(scene: Scene) -> None:
    """Payments and refunds of which nothing final was heard for a while."""
    async with scene.database.read() as db:
        since = db.now - timedelta(seconds=scene.settings.patience_seconds)
        silent = await payments.unsettled(db, older_than=since, engines=scene.asked)
        silent_refunds = await payments.unsettled_refunds(db, older_than=since, engines=scene.asked)
    for payment in silent:
        try:
            await look(scene, payment.id)
        except Refusal as refusal:
            log.warning(
                "payment.still_silent", payment=str(payment.id), engine=payment.engine, code=refusal.code
            )
    for promised in silent_refunds:
        try:
            await refund(scene, RefundWanted(promised.id))
        except Refusal as refusal:
            log.warning("refund.still_silent", refund=str(promised.id), code=refusal.code)


async def close_unpaid(scene: Scene) -> None:
    """Orders whose time is up: let go of their payments first, then of their goods."""
    async with scene.database.read() as db:
        overdue = await orders.due_to_expire(db, db.now)
    for order in overdue:
        try:
            settled = await let_go(scene, order)
        except Refusal as refusal:
            # one provider that says nothing, or nonsense, must not keep the other orders open
            log.warning("order.expiry_waits_for_provider", order=str(order), code=refusal.code)
            continue
        if settled:
            continue
        async with scene.database.write() as tx:
            try:
                await orders.move(tx, order, "expired", "not paid in time")
            except WrongState:
                log.info("order.paid_meanwhile", order=str(order))


async def let_go(scene: Scene, order: OrderId) -> bool:
    """Void every undecided payment of the order. Whether one of them turned out to be paid, or promised."""
    async with scene.database.read() as db:
        attempts = await payments.payments(db, order)
    for attempt in attempts:
        engine = scene.payments[attempt.engine]
        if attempt.status in UNDECIDED and not (engine.by_hand and attempt.provider_id):
            attempt = await look(scene, attempt.id)
        if engine.by_hand:
            if attempt.status in ("pending", "succeeded"):
                return True
            continue
        if attempt.status in UNDECIDED:
            known = await engine.void(attempt.provider_id, key=f"void/{attempt.id}")
            async with scene.database.write() as tx:
                attempt = await payments.note_known(tx, attempt.id, known)
        if attempt.status == "succeeded":
            return True
    return False


REACTIONS = (Reaction("flows.want_fee", PaymentSucceeded, want_fee),)


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run_refund(database: Database, wanted: RefundWanted) -> None:
        await refund(scene, wanted)

    async def run_look(database: Database, wanted: LookWanted) -> None:
        await look(scene, wanted.payment)

    return (Job(REFUND, RefundWanted, run_refund), Job(LOOK, LookWanted, run_look))


def ticks(scene: Scene) -> tuple[Tick, ...]:
    async def ask(database: Database) -> None:
        await ask_about_the_silent(scene)

    async def close(database: Database) -> None:
        await close_unpaid(scene)

    return (
        Tick("flows.ask_about_the_silent", timedelta(seconds=10), ask),
        Tick("flows.close_unpaid", timedelta(seconds=10), close),
    )
