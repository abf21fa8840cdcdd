# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the tables of payments. A payment is locked before it or its refunds change."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

import msgspec
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import OrderId, PaymentId, RefundId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.plumbing.db import Db, Tx

from .models import PaymentRow, RefundRow, WebhookRow
from .port import Action, Charge, ProviderEvent, RefundStatus, Status
from .rules import OPEN, Standing
from .values import Outcome, Payment, Refund, Webhook

_T = TypeVar("_T")


async def add_payment(tx: Tx, order: OrderId, engine: str, charge: Charge) -> bool:
    """False where the charge's key stands for a payment already."""
    statement = (
        insert(PaymentRow)
        .values(
            id=charge.payment,
            order_id=order,
            engine=engine,
            method=charge.method,
            key=charge.key,
            charge=tx.vault.seal(msgspec.json.encode(charge).decode(), _context(charge.payment, "charge")),
            amount=charge.amount.amount,
            currency=charge.amount.currency,
            status="created",
            provider_id="",
            paid=0,
            refunded=0,
            refunding=0,
            reason="",
            attempts=0,
            created_at=tx.now,
            updated_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(PaymentRow.id)
    )
    return (await tx.session.execute(statement)).first() is not None


async def payment(db: Db, id: PaymentId) -> Payment | None:
    return _first(await _payments(db, PaymentRow.id == id))


async def payment_by_key(db: Db, key: str) -> Payment | None:
    return _first(await _payments(db, PaymentRow.key == key))


async def payment_by_provider(db: Db, engine: str, provider_id: str) -> Payment | None:
    found = await _payments(db, PaymentRow.engine == engine, PaymentRow.provider_id == provider_id)
    return _first(found) if provider_id else None


async def payments_of(db: Db, orders: Sequence[OrderId]) -> list[Payment]:
    return await _payments(db, PaymentRow.order_id.in_(orders))


async def unsettled(
    db: Db, engines: Collection[str] | None, older_than: datetime, limit: int
) -> list[Payment]:
    statement = (
        select(PaymentRow)
        .where(PaymentRow.status.in_(sorted(OPEN)), PaymentRow.updated_at < older_than)
        .order_by(PaymentRow.updated_at)
        .limit(limit)
    )
    if engines is not None:
        statement = statement.where(PaymentRow.engine.in_(sorted(engines)))
    return [_payment(db, row) for row in (await db.session.execute(statement)).scalars()]


async def lock(tx: Tx, id: PaymentId) -> Payment | None:
    """The payment, with nobody else changing it before this transaction ends."""
    statement = select(PaymentRow).where(PaymentRow.id == id).with_for_update()
    row = (await tx.session.execute(statement, execution_options={"populate_existing": True})).scalar()
    return _payment(tx, row) if row else None


async def standing(db: Db, id: PaymentId) -> Standing:
    """What was heard of a payment so far."""
    row = (await db.session.execute(select(PaymentRow).where(PaymentRow.id == id))).scalar_one()
    succeeded = row.status == "succeeded"
    return Standing(
        status=cast(Status, row.status),
        paid=Money(row.paid, Currency(row.currency)) if succeeded else None,
        fee=_fee(row),
        reason=row.reason,
        reason_at=row.reason_at,
    )


async def write_standing(
    tx: Tx, id: PaymentId, now_known: Standing, *, provider_id: str, action: Action | None, tries: int
) -> None:
    values: dict[str, Any] = {
        "status": now_known.status,
        "provider_id": provider_id,
        "reason": now_known.reason,
        "reason_at": now_known.reason_at,
        "attempts": PaymentRow.attempts + tries,
        "updated_at": tx.now,
    }
    if now_known.paid is not None:
        values["paid"] = now_known.paid.amount
    if now_known.fee is not None:
        values |= {"fee": now_known.fee.amount, "fee_currency": now_known.fee.currency}
    if action is not None:
        values["action"] = tx.vault.seal(msgspec.json.encode(action).decode(), _context(id, "action"))
    await tx.session.execute(update(PaymentRow).where(PaymentRow.id == id).values(**values))


_RESERVE = text(
    """
    UPDATE payments.payments SET refunding = refunding + :amount, updated_at = :now
    WHERE id = :payment AND status = 'succeeded' AND refunded + refunding + :amount <= paid
    RETURNING id
    """
)


async def reserve_refund(tx: Tx, payment: PaymentId, amount: Money) -> bool:
    """Set an amount aside to go back, if that much is left."""
    found = await tx.session.execute(_RESERVE, {"payment": payment, "amount": amount.amount, "now": tx.now})
    return found.first() is not None


async def add_refund(
    tx: Tx, of: Payment, amount: Money, *, key: str, why: str, provider_refund_id: str = ""
) -> RefundId | None:
    """None where the key stands for a refund already."""
    statement = (
        insert(RefundRow)
        .values(
            id=new_uuid(),
            payment_id=of.id,
            order_id=of.order,
            engine=of.engine,
            key=key,
            amount=amount.amount,
            currency=amount.currency,
            why=why,
            status="created",
            provider_refund_id=provider_refund_id,
            reason="",
            created_at=tx.now,
            updated_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(RefundRow.id)
    )
    made = (await tx.session.execute(statement)).scalar()
    return RefundId(made) if made else None


async def refund(db: Db, id: RefundId) -> Refund | None:
    return _first(await _refunds(db, RefundRow.id == id))


async def refund_by_key(db: Db, key: str) -> Refund | None:
    return _first(await _refunds(db, RefundRow.key == key))


async def refund_by_provider(db: Db, engine: str, provider_refund_id: str) -> Refund | None:
    if not provider_refund_id:
        return None
    same = RefundRow.provider_refund_id == provider_refund_id
    return _first(await _refunds(db, RefundRow.engine == engine, same))


async def refunds_of(db: Db, orders: Sequence[OrderId]) -> list[Refund]:
    return await _refunds(db, RefundRow.order_id.in_(orders))


async def unsettled_refunds(
    db: Db, engines: Collection[str] | None, older_than: datetime, limit: int
) -> list[Refund]:
    statement = (
        select(RefundRow)
        .where(RefundRow.status.in_(["created", "pending"]), RefundRow.updated_at < older_than)
        .order_by(RefundRow.updated_at)
        .limit(limit)
    )
    if engines is not None:
        statement = statement.where(RefundRow.engine.in_(sorted(engines)))
    return [_refund(row) for row in (await db.session.execute(statement)).scalars()]


async def write_refund(
    tx: Tx, id: RefundId, status: RefundStatus, *, provider_refund_id: str, reason: str
) -> None:
    await tx.session.execute(
        update(RefundRow)
        .where(RefundRow.id == id)
        .values(status=status, provider_refund_id=provider_refund_id, reason=reason, updated_at=tx.now)
    )


async def shift_refunds(tx: Tx, payment: PaymentId, *, refunded: Money, refunding: Money) -> None:
    """Add to what has gone back and to what is on its way; either may be less than zero."""
    await tx.session.execute(
        update(PaymentRow)
        .where(PaymentRow.id == payment)
        .values(
            refunded=PaymentRow.refunded + refunded.amount,
            refunding=PaymentRow.refunding + refunding.amount,
            updated_at=tx.now,
        )
    )


async def add_webhook(
    tx: Tx, engine: str, event: ProviderEvent, headers: Mapping[str, str], body: bytes
) -> UUID | None:
    """None where this event of this engine is here already."""
    id = new_uuid()
    statement = (
        insert(WebhookRow)
        .values(
            id=id,
            engine=engine,
            event_id=event.id,
            event=msgspec.to_builtins(event),
            headers=dict(headers),
            body=tx.vault.seal(body, _webhook_context(id)),
            received_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["engine", "event_id"])
        .returning(WebhookRow.id)
    )
    return (await tx.session.execute(statement)).scalar()


async def webhook(db: Db, id: UUID) -> Webhook | None:
    row = (await db.session.execute(select(WebhookRow).where(WebhookRow.id == id))).scalar()
    if row is None:
        return None
    event = msgspec.convert(row.event, ProviderEvent, strict=False)
    outcome = cast("Outcome | None", row.outcome)
    body = db.vault.open_bytes(row.body, _webhook_context(id)) if row.body else b""
    return Webhook(row.id, row.engine, event, row.headers, body, row.received_at, outcome)


_ERASE = text(
    """
    UPDATE payments.webhooks w SET body = ''
    FROM payments.payments p
    WHERE p.id = ANY(:payments) AND w.engine = p.engine
      AND (w.event ->> 'payment' = p.id::text OR w.event ->> 'provider_id' = nullif(p.provider_id, ''))
    """
)


async def erase_webhooks(tx: Tx, payments: Sequence[PaymentId]) -> None:
    await tx.session.execute(_ERASE, {"payments": list(payments)})


async def write_outcome(tx: Tx, webhook: UUID, outcome: Outcome) -> None:
    await tx.session.execute(update(WebhookRow).where(WebhookRow.id == webhook).values(outcome=outcome))


def _context(payment: UUID, column: str) -> str:
    return f"payments.payments/{payment}/{column}"


def _webhook_context(webhook: UUID) -> str:
    return f"payments.webhooks/{webhook}/body"


def _first(found: Sequence[_T]) -> _T | None:
    return found[0] if found else None


async def _payments(db: Db, *where: Any) -> list[Payment]:
    statement = select(PaymentRow).where(*where).order_by(PaymentRow.created_at, PaymentRow.id)
    rows = await db.session.execute(statement, execution_options={"populate_existing": True})
    return [_payment(db, row) for row in rows.scalars()]


async def _refunds(db: Db, *where: Any) -> list[Refund]:
    statement = select(RefundRow).where(*where).order_by(RefundRow.created_at, RefundRow.id)
    rows = await db.session.execute(statement, execution_options={"populate_existing": True})
    return [_refund(row) for row in rows.scalars()]


def _fee(row: PaymentRow) -> Money | None:
    if row.fee is None or row.fee_currency is None:
        return None
    return Money(row.fee, Currency(row.fee_currency))


def _payment(db: Db, row: PaymentRow) -> Payment:
    currency = Currency(row.currency)
    action = None
    if row.action is not None:
        action = msgspec.json.decode(db.vault.open(row.action, _context(row.id, "action")), type=Action)
    return Payment(
        id=PaymentId(row.id),
        order=OrderId(row.order_id),
        amount=Money(row.amount, currency),
        engine=row.engine,
        method=row.method,
        status=cast(Status, row.status),
        key=row.key,
        charge=msgspec.json.decode(db.vault.open(row.charge, _context(row.id, "charge")), type=Charge),
        provider_id=row.provider_id,
        action=action,
        reason="" if row.status == "succeeded" else row.reason,
        paid=Money(row.paid, currency),
        fee=_fee(row),
        refunded=Money(row.refunded, currency),
        refunding=Money(row.refunding, currency),
        attempts=row.attempts,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _refund(row: RefundRow) -> Refund:
    return Refund(
        id=RefundId(row.id),
        payment=PaymentId(row.payment_id),
        order=OrderId(row.order_id),
        engine=row.engine,
        amount=Money(row.amount, Currency(row.currency)),
        key=row.key,
        why=row.why,
        status=cast(RefundStatus, row.status),
        provider_refund_id=row.provider_refund_id,
        reason=row.reason,
        created_at=row.created_at,
    )
