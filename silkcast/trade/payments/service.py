# SPDX-License-Identifier: Apache-2.0
"""The door of payments.

A flow goes: `start` and commit; ask the engine for `payment.charge`; `note_begun`. Should the answer be lost,
`unsettled` finds the payment, and the same charge is asked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import OrderId, PaymentId, RefundId, new_uuid
from silkcast.ground.money import Money
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .errors import (
    AlreadyPaid,
    AmountDiffers,
    BadAmount,
    KeyReused,
    NoSuchPayment,
    NoSuchRefund,
    NoSuchWebhook,
    NotPaid,
    OtherProviderId,
    TooEarly,
    TooMuchBack,
)
from .events import (
    PaymentFailed,
    PaymentFeeKnown,
    PaymentSucceeded,
    RefundFailed,
    RefundSucceeded,
    WebhookStored,
)
from .port import Action, Begun, Charge, Known, ProviderEvent, Refunded, RefundStatus
from .rules import Standing
from .values import Outcome, Payment, Refund, Webhook

_KEPT_HEADERS = ("content-type", "user-agent")


async def start(
    tx: Tx,
    order: OrderId,
    amount: Money,
    engine: str,
    method: str,
    *,
    key: str,
    return_url: str = "",
    language: str = "en",
    metadata: Mapping[str, str] | None = None,
) -> Payment:
    """Write down a payment before its provider is asked. The same key gives the same payment again."""
    if amount.minor <= 0:
        raise BadAmount(amount)
    charge = Charge(
        payment=PaymentId(new_uuid()),
        amount=amount,
        key=key,
        return_url=return_url,
        method=method,
        language=language,
        metadata=dict(metadata or {}),
    )
    if not await store.add_payment(tx, order, engine, charge):
        before = await store.payment_by_key(tx, key)
        assert before is not None, "a key that conflicts is there"
        if (before.order, before.amount, before.engine, before.method) != (order, amount, engine, method):
            raise KeyReused
        return before
    for other in await store.payments_of(tx, [order]):
        if other.status == "succeeded":
            raise AlreadyPaid(other.id)
    return await payment(tx, charge.payment)


async def note_begun(tx: Tx, payment: PaymentId, begun: Begun) -> Payment:
    """Keep the provider's answer to a charge."""
    locked = await _lock(tx, payment)
    paid = locked.amount if begun.status == "succeeded" else None
    news = Standing(begun.status, paid, None, begun.reason, tx.now if begun.reason else None)
    await _hear(tx, locked, news, begun.provider_id, action=begun.action, tries=1)
    return await _payment(tx, payment)


async def note_known(tx: Tx, payment: PaymentId, known: Known) -> Payment:
    """Keep what the provider said when asked how the payment stands."""
    locked = await _lock(tx, payment)
    paid = known.amount if known.status == "succeeded" else None
    news = Standing(known.status, paid, known.fee, known.reason, tx.now if known.reason else None)
    await _hear(tx, locked, news, locked.provider_id, action=known.action)
    return await _payment(tx, payment)


async def note_event(tx: Tx, engine: str, event: ProviderEvent) -> Outcome:
    """Keep what a provider tells by itself: twice, late or out of order, it ends in the same place."""
    if event.kind == "other":
        return "ignored"
    found = await _spoken_of(tx, engine, event)
    if found is None:
        return "unknown"
    locked = await _lock(tx, found.id)
    if event.kind == "refund":
        return await _hear_refund(tx, locked, event)
    assert event.status is not None, "news of a payment has a status"
    paid = (event.amount or locked.amount) if event.status == "succeeded" else None
    news = Standing(event.status, paid, event.fee, event.reason, event.at if event.reason else None)
    moved = await _hear(tx, locked, news, event.provider_id)
    return "applied" if moved else "stale"


async def store_webhook(
    tx: Tx, engine: str, event: ProviderEvent, headers: Mapping[str, str], body: bytes
) -> UUID | None:
    """Keep a webhook whose signature is good, raw, before anything is done. None: it was here before."""
    kept = {name: value for name, value in headers.items() if name in _KEPT_HEADERS or "signature" in name}
    stored = await store.add_webhook(tx, engine, event, kept, body)
    if stored is not None:
        tx.announce(WebhookStored(stored, engine))
    return stored


async def settle_webhook(tx: Tx, id: UUID) -> Outcome:
    """Let a stored webhook have its effect."""
    stored = await webhook(tx, id)
    outcome = stored.outcome or await note_event(tx, stored.engine, stored.event)
    await store.write_outcome(tx, id, outcome)
    return outcome


async def erase_webhooks(tx: Tx, order: OrderId) -> None:
    """What the providers told of the order's payments, for good. That it was told, and its outcome, stays."""
    await store.erase_webhooks(tx, [one.id for one in await store.payments_of(tx, [order])])


async def refund_start(tx: Tx, payment: PaymentId, amount: Money, *, key: str, why: str) -> Refund:
    """Promise money back before the provider is asked: never more than was paid less what went back."""
    of = await _lock(tx, payment)
    if amount.minor <= 0 or amount.currency != of.amount.currency:
        raise BadAmount(amount)
    made = await store.add_refund(tx, of, amount, key=key, why=why)
    if made is None:
        before = await store.refund_by_key(tx, key)
        assert before is not None, "a key that conflicts is there"
        if (before.payment, before.amount) != (payment, amount):
            raise KeyReused
        return before
    if not await store.reserve_refund(tx, payment, amount):
        if of.status != "succeeded":
            raise NotPaid(of.status)
        raise TooMuchBack(amount, of.refundable)
    return await refund(tx, made)


async def note_refunded(tx: Tx, refund: RefundId, refunded: Refunded) -> Refund:
    """Keep the provider's answer to a refund."""
    before = await _refund(tx, refund)
    of = await _lock(tx, before.payment)
    await _move_refund(tx, of, refund, refunded.status, refunded.provider_refund_id, reason=refunded.reason)
    return await _refund(tx, refund)


async def payment(db: Db, id: PaymentId) -> Payment:
    """One payment."""
    return await _payment(db, id)


async def by_provider(db: Db, engine: str, provider_id: str) -> Payment:
    """The payment that a provider calls so."""
    found = await store.payment_by_provider(db, engine, provider_id)
    if found is None:
        raise NoSuchPayment
    return found


async def payments(db: Db, order: OrderId) -> tuple[Payment, ...]:
    """All attempts to pay for an order, the first one first."""
    return tuple(await store.payments_of(db, [order]))


async def payments_of(db: Db, orders: Sequence[OrderId]) -> Mapping[OrderId, tuple[Payment, ...]]:
    """The payments of many orders."""
    found = await store.payments_of(db, orders)
    return {order: tuple(each for each in found if each.order == order) for order in orders}


async def refund(db: Db, id: RefundId) -> Refund:
    """One refund."""
    return await _refund(db, id)


async def refunds(db: Db, order: OrderId) -> tuple[Refund, ...]:
    """All refunds of an order, the first one first."""
    return tuple(await store.refunds_of(db, [order]))


async def webhook(db: Db, id: UUID) -> Webhook:
    """One webhook as it came in."""
    found = await store.webhook(db, id)
    if found is None:
        raise NoSuchWebhook
    return found


async def unsettled(
    db: Db, *, older_than: datetime, engines: Collection[str] | None = None, limit: int = 100
) -> tuple[Payment, ...]:
    """Payments of which nothing final was heard for a while. Name the `engines` that can be asked: cash
    waits for days, and would fill the page.

    Without a `provider_id` the answer to the charge was lost: ask for the same charge again.
    """
    return tuple(await store.unsettled(db, engines, older_than, limit))


async def unsettled_refunds(
    db: Db, *, older_than: datetime, engines: Collection[str] | None = None, limit: int = 100
) -> tuple[Refund, ...]:
    """Refunds of which nothing final was heard for a while. `engines` as in `unsettled`.

    Without a `provider_refund_id` the answer was lost: ask for the same refund again. With one,
    `look_refund`: the same key would only repeat the provider's first answer.
    """
    return tuple(await store.unsettled_refunds(db, engines, older_than, limit))


async def _spoken_of(db: Db, engine: str, event: ProviderEvent) -> Payment | None:
    if event.payment is not None:
        found = await store.payment(db, event.payment)
        return found if found is not None and found.engine == engine else None
    return await store.payment_by_provider(db, engine, event.provider_id)


async def _hear(
    tx: Tx, locked: Payment, news: Standing, provider_id: str, *, action: Action | None = None, tries: int = 0
) -> bool:
    """Join news to what was known, and tell what it means. True where something moved."""
    if provider_id and locked.provider_id and provider_id != locked.provider_id:
        raise OtherProviderId(locked.id)
    if news.paid is not None and (news.paid.currency != locked.amount.currency or news.paid > locked.amount):
        raise AmountDiffers(locked.id, locked.amount, news.paid)
    before = await store.standing(tx, locked.id)
    after = rules.join(before, news)
    await store.write_standing(
        tx, locked.id, after, provider_id=provider_id or locked.provider_id, action=action, tries=tries
    )
    _tell(tx, locked, before, after)
    return after != before


def _tell(tx: Tx, of: Payment, before: Standing, after: Standing) -> None:
    if after.status == "succeeded":
        assert after.paid is not None, "what succeeded has an amount"
        if before.status != "succeeded":
            tx.announce(PaymentSucceeded(of.order, of.id, of.engine, after.paid, after.fee))
        elif before.fee is None and after.fee is not None:
            tx.announce(PaymentFeeKnown(of.order, of.id, of.engine, after.fee))
        return
    if after.status in rules.ENDED_UNPAID and before.status not in rules.ENDED_UNPAID:
        tx.announce(PaymentFailed(of.order, of.id, after.reason))


async def _hear_refund(tx: Tx, of: Payment, event: ProviderEvent) -> Outcome:
    assert event.refund_status is not None, "news of a refund has a status"
    found = await store.refund(tx, event.refund) if event.refund else None
    found = found or await store.refund_by_provider(tx, of.engine, event.provider_refund_id)
    if found is None:
        found = await _foreign_refund(tx, of, event)
    if found.payment != of.id:
        return "unknown"
    moved = await _move_refund(
        tx, of, found.id, event.refund_status, event.provider_refund_id, reason=event.reason
    )
    return "applied" if moved else "stale"


async def _foreign_refund(tx: Tx, of: Payment, event: ProviderEvent) -> Refund:
    """A refund that somebody made at the provider itself: it has happened, so it is written down."""
    if of.status != "succeeded":
        raise TooEarly(of.id)
    assert event.amount is not None, "news of a refund has an amount"
    key = f"{of.engine}:{event.provider_refund_id}"
    made = await store.add_refund(
        tx, of, event.amount, key=key, why="provider", provider_refund_id=event.provider_refund_id
    )
    assert made is not None, "its key is made of the id it was not found by"
    if not await store.reserve_refund(tx, of.id, event.amount):
        raise TooMuchBack(event.amount, of.refundable)
    return await _refund(tx, made)


async def _move_refund(
    tx: Tx, of: Payment, id: RefundId, news: RefundStatus, provider_refund_id: str, *, reason: str
) -> bool:
    # Read again under the payment's lock.
    before = await _refund(tx, id)
    after = rules.join_refund(before.status, news)
    await store.write_refund(
        tx,
        id,
        after,
        provider_refund_id=before.provider_refund_id or provider_refund_id,
        reason=reason or before.reason,
    )
    if after == before.status:
        return False
    refunded, refunding = rules.refund_sums(after, before.amount)
    refunded_before, refunding_before = rules.refund_sums(before.status, before.amount)
    await store.shift_refunds(
        tx, of.id, refunded=refunded - refunded_before, refunding=refunding - refunding_before
    )
    if after == "succeeded":
        tx.announce(RefundSucceeded(of.order, of.id, id, of.engine, before.amount, before.why))
    if after == "failed":
        had = before.status == "succeeded"
        tx.announce(RefundFailed(of.order, of.id, id, of.engine, before.amount, reason, had))
    return True


async def _lock(tx: Tx, id: PaymentId) -> Payment:
    found = await store.lock(tx, id)
    if found is None:
        raise NoSuchPayment
    return found


async def _payment(db: Db, id: PaymentId) -> Payment:
    found = await store.payment(db, id)
    if found is None:
        raise NoSuchPayment
    return found


async def _refund(db: Db, id: RefundId) -> Refund:
    found = await store.refund(db, id)
    if found is None:
        raise NoSuchRefund
    return found
