# SPDX-License-Identifier: Apache-2.0
"""Payments through their door, on a real database."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from silkcast.ground.ids import OrderId, new_uuid
from silkcast.ground.money import Money
from silkcast.plumbing.db import Database, Tx
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.errors import (
    AlreadyPaid,
    AmountDiffers,
    BadAmount,
    KeyReused,
    NoSuchPayment,
    NotPaid,
    OtherProviderId,
    TooEarly,
    TooMuchBack,
)
from silkcast.trade.payments.events import WebhookStored
from silkcast.trade.payments.port import Action, Begun, Known, ProviderEvent, Refunded
from silkcast.trade.payments.reactions import settle_webhook
from silkcast.trade.payments.values import Payment

ORDER = OrderId(UUID(int=7))
FEE = Money.of("1.44", "EUR")


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


async def started(tx: Tx, key: str = "pay-1", order: OrderId = ORDER, **more: Any) -> Payment:
    return await payments.start(tx, order, eur("39.48"), "sandbox", "card", key=key, **more)


async def succeeded(tx: Tx, key: str = "pay-1", order: OrderId = ORDER) -> Payment:
    payment = await started(tx, key, order)
    await payments.note_begun(tx, payment.id, Begun("requires_action", f"ch_{payment.id}"))
    return await payments.note_known(tx, payment.id, Known("succeeded", payment.amount, eur("0"), FEE))


def told(tx: Tx) -> list[str]:
    return [event.name.removeprefix("payments.").removesuffix(".v1") for event in tx.announced]


async def test_a_payment_is_written_down_before_anybody_is_asked(tx: Tx) -> None:
    payment = await started(tx, return_url="https://shop.example/o/secret", metadata={"order": "A1"})

    assert (payment.status, payment.provider_id, payment.attempts) == ("created", "", 0)
    assert payment.charge.key == "pay-1"
    assert payment.charge.return_url == "https://shop.example/o/secret"
    assert await started(tx, return_url="https://shop.example/o/secret") == payment
    raw = (await tx.session.execute(text("SELECT row_to_json(p)::text FROM payments.payments p"))).scalar()
    assert "secret" not in str(raw)


async def test_a_key_stands_for_one_payment(tx: Tx) -> None:
    await started(tx)

    with pytest.raises(KeyReused):
        await payments.start(tx, ORDER, eur("39.49"), "sandbox", "card", key="pay-1")
    with pytest.raises(BadAmount):
        await payments.start(tx, ORDER, eur("0"), "sandbox", "card", key="pay-2")


async def test_an_order_that_is_paid_is_not_paid_again(tx: Tx) -> None:
    paid = await succeeded(tx)

    with pytest.raises(AlreadyPaid) as refused:
        await started(tx, "pay-2")

    assert refused.value.payment == paid.id


async def test_the_answer_the_action_and_the_success_are_kept_and_told_once(tx: Tx) -> None:
    payment = await started(tx)
    page = Action("redirect", "http://127.0.0.1/pay/1")

    begun = await payments.note_begun(tx, payment.id, Begun("requires_action", "ch_1", page))
    done = await payments.note_known(tx, payment.id, Known("succeeded", eur("39.48"), eur("0"), FEE))
    again = await payments.note_known(tx, payment.id, Known("succeeded", eur("39.48"), eur("0"), FEE))

    assert (begun.status, begun.action, begun.attempts) == ("requires_action", page, 1)
    assert (done.status, done.paid, done.fee, done.refundable) == (
        "succeeded",
        eur("39.48"),
        FEE,
        eur("39.48"),
    )
    assert again.paid == done.paid
    assert told(tx) == ["succeeded"]


async def test_a_fee_that_comes_after_the_success_is_told_by_itself(tx: Tx) -> None:
    payment = await started(tx)

    await payments.note_begun(tx, payment.id, Begun("succeeded", "ch_1"))
    await payments.note_known(tx, payment.id, Known("succeeded", eur("39.48"), eur("0"), FEE))

    assert told(tx) == ["succeeded", "fee_known"]


async def test_money_after_a_failure_is_still_money(tx: Tx) -> None:
    payment = await started(tx)
    await payments.note_begun(tx, payment.id, Begun("failed", "ch_1", reason="declined"))
    assert (await payments.payment(tx, payment.id)).reason == "declined"

    await payments.note_known(tx, payment.id, Known("succeeded", eur("39.48"), eur("0"), FEE))

    assert told(tx) == ["failed", "succeeded"]
    assert (await payments.payment(tx, payment.id)).reason == ""


async def test_another_amount_or_another_name_is_not_believed(tx: Tx) -> None:
    payment = await started(tx)
    await payments.note_begun(tx, payment.id, Begun("requires_action", "ch_1"))

    with pytest.raises(AmountDiffers):
        await payments.note_known(tx, payment.id, Known("succeeded", eur("40"), eur("0")))
    with pytest.raises(AmountDiffers):
        usd = Money.of("39.48", "USD")
        await payments.note_known(tx, payment.id, Known("succeeded", usd, Money.zero("USD")))
    with pytest.raises(OtherProviderId):
        await payments.note_begun(tx, payment.id, Begun("succeeded", "ch_2"))
    assert (await payments.payment(tx, payment.id)).status == "requires_action"


async def test_refunds_stop_at_what_was_paid(tx: Tx) -> None:
    payment = await succeeded(tx)

    first = await payments.refund_start(tx, payment.id, eur("30"), key="r1", why="return")
    async with tx.session.begin_nested():
        with pytest.raises(TooMuchBack) as refused:
            async with tx.session.begin_nested():
                await payments.refund_start(tx, payment.id, eur("9.49"), key="r2", why="return")
    await payments.note_refunded(tx, first.id, Refunded("succeeded", "re_1"))
    rest = await payments.refund_start(tx, payment.id, eur("9.48"), key="r3", why="return")
    await payments.note_refunded(tx, rest.id, Refunded("succeeded", "re_2"))

    assert refused.value.left == eur("9.48")
    after = await payments.payment(tx, payment.id)
    assert (after.refunded, after.refunding, after.refundable) == (eur("39.48"), eur("0"), eur("0"))
    assert told(tx) == ["succeeded", "refund_succeeded", "refund_succeeded"]
    with pytest.raises(IntegrityError):
        await tx.session.execute(text("UPDATE payments.payments SET refunded = refunded + 0.01"))


async def test_a_refund_key_stands_for_one_refund(tx: Tx) -> None:
    payment = await succeeded(tx)
    first = await payments.refund_start(tx, payment.id, eur("10"), key="r1", why="return")

    again = await payments.refund_start(tx, payment.id, eur("10"), key="r1", why="return")

    assert again == first
    assert (await payments.payment(tx, payment.id)).refunding == eur("10")
    with pytest.raises(KeyReused):
        await payments.refund_start(tx, payment.id, eur("11"), key="r1", why="return")


async def test_what_is_not_paid_or_not_its_currency_does_not_go_back(tx: Tx) -> None:
    payment = await started(tx)

    with pytest.raises(NotPaid):
        await payments.refund_start(tx, payment.id, eur("1"), key="r1", why="return")
    with pytest.raises(BadAmount):
        await payments.refund_start(tx, payment.id, Money.of("1", "USD"), key="r2", why="return")
    with pytest.raises(BadAmount):
        await payments.refund_start(tx, payment.id, eur("-1"), key="r3", why="return")


async def test_a_refund_that_fails_is_free_again_even_after_it_had_succeeded(tx: Tx) -> None:
    payment = await succeeded(tx)
    refund = await payments.refund_start(tx, payment.id, eur("39.48"), key="r1", why="return")
    await payments.note_refunded(tx, refund.id, Refunded("pending", "re_1"))
    await payments.note_refunded(tx, refund.id, Refunded("succeeded", "re_1"))

    failed = await payments.note_refunded(tx, refund.id, Refunded("failed", "re_1", "account_closed"))

    assert (failed.status, failed.reason) == ("failed", "account_closed")
    assert (await payments.payment(tx, payment.id)).refundable == eur("39.48")
    assert told(tx) == ["succeeded", "refund_succeeded", "refund_failed"]


async def test_eight_refunds_at_once_never_go_over(database: Database) -> None:
    async with database.write() as tx:
        payment = await succeeded(tx)

    async def refund(number: int) -> bool:
        try:
            async with database.write() as tx:
                await payments.refund_start(tx, payment.id, eur("10"), key=f"r{number}", why="race")
        except TooMuchBack:
            return False
        return True

    taken = await asyncio.gather(*(refund(number) for number in range(8)))

    assert sum(taken) == 3
    async with database.read() as db:
        assert (await payments.payment(db, payment.id)).refunding == eur("30")
        assert len(await payments.refunds(db, ORDER)) == 3


async def test_a_webhook_is_kept_raw_once_and_settles_once(tx: Tx) -> None:
    payment = await started(tx)
    event = ProviderEvent("evt_1", "payment", tx.now, "ch_1", payment.id, "succeeded", payment.amount, FEE)
    headers = {"sandbox-signature": "t=1,v1=ab", "cookie": "no", "content-type": "application/json"}

    first = await payments.store_webhook(tx, "sandbox", event, headers, b'{"raw": 1}')
    second = await payments.store_webhook(tx, "sandbox", event, headers, b'{"raw": 1}')
    assert first is not None
    assert second is None
    stored = next(each for each in tx.announced if isinstance(each, WebhookStored))
    await settle_webhook(tx, stored)
    await settle_webhook(tx, stored)

    kept = await payments.webhook(tx, first)
    assert (kept.body, kept.event, kept.outcome) == (b'{"raw": 1}', event, "applied")
    assert set(kept.headers) == {"sandbox-signature", "content-type"}
    assert told(tx) == ["webhook_stored", "succeeded"]
    assert (await payments.by_provider(tx, "sandbox", "ch_1")).fee == FEE


async def test_news_of_nobodys_payment_or_of_something_else_does_no_harm(tx: Tx) -> None:
    await started(tx)
    stranger = ProviderEvent("evt_1", "payment", tx.now, "ch_9", None, "succeeded", eur("1"))
    other_engine = ProviderEvent("evt_2", "payment", tx.now, "ch_9", ORDER, "succeeded", eur("1"))  # type: ignore[arg-type]

    assert await payments.note_event(tx, "sandbox", stranger) == "unknown"
    assert await payments.note_event(tx, "stripe", other_engine) == "unknown"
    assert await payments.note_event(tx, "sandbox", ProviderEvent("evt_3", "other", tx.now)) == "ignored"
    with pytest.raises(NoSuchPayment):
        await payments.by_provider(tx, "sandbox", "")


async def test_a_refund_made_at_the_provider_is_written_down_but_not_before_the_payment(tx: Tx) -> None:
    payment = await started(tx)
    event = ProviderEvent(
        "evt_1",
        "refund",
        tx.now,
        "ch_1",
        payment.id,
        amount=eur("5"),
        provider_refund_id="re_x",
        refund_status="succeeded",
    )
    with pytest.raises(TooEarly):
        await payments.note_event(tx, "sandbox", event)
    await payments.note_begun(tx, payment.id, Begun("succeeded", "ch_1"))

    assert await payments.note_event(tx, "sandbox", event) == "applied"
    assert await payments.note_event(tx, "sandbox", event) == "stale"
    assert (await payments.payment(tx, payment.id)).refunded == eur("5")
    assert [refund.why for refund in await payments.refunds(tx, ORDER)] == ["provider"]


async def test_what_is_not_settled_is_found_again_with_the_charge_to_repeat(tx: Tx) -> None:
    lost = await started(tx, return_url="https://shop.example/back")
    await succeeded(tx, "pay-2", OrderId(UUID(int=8)))
    later = tx.now + timedelta(minutes=2)

    found = await payments.unsettled(tx, older_than=later, engines=["sandbox"])

    assert [(payment.id, payment.charge) for payment in found] == [(lost.id, lost.charge)]
    assert await payments.unsettled(tx, older_than=tx.now) == ()
    assert await payments.unsettled(tx, older_than=later, engines=["stripe"]) == ()


STORY = ("requires_action", "declined", "pending", "succeeded", "refund_pending", "refunded", "refund_lost")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(STORY * 2), cut=st.integers(0, len(STORY)))
async def test_any_order_of_a_providers_news_with_doubles_ends_in_the_same_place(
    tx: Tx, order: list[str], cut: int
) -> None:
    async with tx.session.begin_nested() as savepoint:
        payment = await succeeded(tx, str(new_uuid()))
        refund = await payments.refund_start(tx, payment.id, eur("20"), key=str(new_uuid()), why="return")
        fresh = await started(tx, str(new_uuid()), OrderId(new_uuid()))
        news = _news(tx, payment, fresh, refund.id)

        for name in [*order[:cut], *order, *order[cut:]]:
            await payments.note_event(tx, "sandbox", news[name])

        paid = await payments.payment(tx, fresh.id)
        back = await payments.payment(tx, payment.id)
        await savepoint.rollback()
    assert (paid.status, paid.paid, paid.fee, paid.reason) == ("succeeded", eur("39.48"), FEE, "")
    assert (back.status, back.refunded, back.refunding) == ("succeeded", eur("0"), eur("0"))


def _news(tx: Tx, payment: Payment, fresh: Payment, refund: Any) -> dict[str, ProviderEvent]:
    """A payment that is declined, tried again and succeeds; a refund that succeeds and bounces."""

    def of_payment(number: int, status: Any, **more: Any) -> ProviderEvent:
        at = tx.now + timedelta(seconds=number)
        id = f"ch_{fresh.id}"
        return ProviderEvent(f"evt_{number}", "payment", at, id, fresh.id, status, fresh.amount, **more)

    def of_refund(number: int, status: Any) -> ProviderEvent:
        at = tx.now + timedelta(seconds=number)
        return ProviderEvent(
            f"evt_{number}",
            "refund",
            at,
            payment.provider_id,
            payment.id,
            amount=eur("20"),
            refund=refund,
            provider_refund_id=f"re_{refund}",
            refund_status=status,
        )

    return {
        "requires_action": of_payment(1, "requires_action"),
        "declined": of_payment(2, "requires_action", reason="declined"),
        "pending": of_payment(3, "pending"),
        "succeeded": of_payment(4, "succeeded", fee=FEE),
        "refund_pending": of_refund(5, "pending"),
        "refunded": of_refund(6, "succeeded"),
        "refund_lost": of_refund(7, "failed"),
    }


async def test_what_a_provider_tells_of_a_buyer_cannot_be_read_in_the_table(tx: Tx) -> None:
    payment = await started(tx)
    event = ProviderEvent("evt_1", "payment", tx.now, "ch_1", payment.id, "pending", payment.amount)
    told = (
        '{"billing_details": {"name": "Léa Martin", "email": "lea@example.org", "address": {"line1": '
        '"3 rue des Lilas"}}, "card": {"last4": "4242"}}'
    ).encode()

    stored = await payments.store_webhook(tx, "stripe", event, {"stripe-signature": "t=1,v1=ab"}, told)
    assert stored is not None

    rows = (await tx.session.execute(text("SELECT w::text FROM payments.webhooks w"))).scalars().all()
    seen = "\n".join(rows)
    assert str(stored) in seen
    for personal in ("Léa", "Martin", "lea@example.org", "Lilas", "4242", "billing_details"):
        assert personal not in seen
        assert personal.encode().hex() not in seen
    assert (await payments.webhook(tx, stored)).body == told
