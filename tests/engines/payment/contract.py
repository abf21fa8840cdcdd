# SPDX-License-Identifier: Apache-2.0
"""What every payment engine must do, whoever it speaks to. Each provider's tests subclass this."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol
from uuid import UUID

import pytest

from silkcast.ground.ids import OrderId, PaymentId, RefundId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Tx
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.errors import TooMuchBack
from silkcast.trade.payments.port import (
    BadSignature,
    Begun,
    Charge,
    EngineRefused,
    Known,
    PaymentEngine,
    ProviderEvent,
    RefundOrder,
)
from tests.engines.payment.running import Ear

AMOUNTS = [
    Money.of("65.88", "EUR"),
    Money.of("78.12", "USD"),
    Money.of("244.95", "SAR"),
    Money.of("92.00", "SGD"),
    Money.of("8450", "JPY"),
    Money.of("12.345", "KWD"),
]


class Buyer(Protocol):
    """Does what the buyer would do in their browser."""

    async def pay(self, begun: Begun, how: str = "ok") -> None:
        """`ok`, `declined`, `bank` (their bank asks, they answer right), `bank_refuses`."""


def charge(amount: Money = AMOUNTS[0], **changes: Any) -> Charge:
    values: dict[str, Any] = {
        "payment": PaymentId(new_uuid()),
        "amount": amount,
        "key": str(new_uuid()),
        "return_url": "http://127.0.0.1:9/order?secret=s",
        "method": "card",
        "metadata": {"order": "A1B2"},
    }
    return Charge(**(values | changes))


def refund(of: Charge, begun: Begun, amount: Money, key: str | None = None) -> RefundOrder:
    return RefundOrder(RefundId(new_uuid()), of.payment, begun.provider_id, amount, key or str(new_uuid()))


async def settled(provider: PaymentEngine, provider_id: str) -> Known:
    async with asyncio.timeout(20):
        while True:
            known = await provider.look(provider_id)
            if known.status not in ("created", "pending"):
                return known
            await asyncio.sleep(0.05)


class PaymentContract:
    """Subclasses give the fixtures `provider` (the engine), `buyer` and `ear`."""

    lacks: ClassVar[Mapping[str, str]] = {}
    """What the counterpart of the tests (not the provider itself) cannot do, and how that shows.
    Where something is listed, the test asserts the lack: the day it is gone, the test says so."""
    currencies: ClassVar[list[Money]] = AMOUNTS

    async def paid(self, provider: PaymentEngine, buyer: Buyer, of: Charge) -> Begun:
        begun = await provider.begin(of)
        await buyer.pay(begun)
        assert (await settled(provider, begun.provider_id)).status == "succeeded"
        return begun

    async def test_it_names_its_methods(self, provider: PaymentEngine) -> None:
        methods = provider.methods(Country("SA"), Currency("SAR"))

        assert methods
        assert all(method.engine == provider.name for method in methods)

    async def test_a_charge_waits_for_its_buyer_then_succeeds_with_a_fee(
        self, provider: PaymentEngine, buyer: Buyer
    ) -> None:
        asked = charge()

        begun = await provider.begin(asked)
        assert begun.status == "requires_action"
        assert begun.action is not None
        await buyer.pay(begun)

        known = await settled(provider, begun.provider_id)
        assert (known.status, known.amount, known.refunded) == (
            "succeeded",
            asked.amount,
            Money.zero("EUR"),
        )
        if "fees" in self.lacks:
            assert known.fee is None or known.fee.is_zero
        else:
            assert known.fee is not None
            assert known.fee.minor > 0

    async def test_every_currency_comes_back_as_it_went(self, provider: PaymentEngine, buyer: Buyer) -> None:
        for amount in self.currencies:
            asked = charge(amount)
            begun = await self.paid(provider, buyer, asked)

            assert (await provider.look(begun.provider_id)).amount == amount

    async def test_the_bank_asks_and_is_answered(self, provider: PaymentEngine, buyer: Buyer) -> None:
        begun = await provider.begin(charge())

        await buyer.pay(begun, "bank")

        assert (await settled(provider, begun.provider_id)).status == "succeeded"

    @pytest.mark.parametrize("how", ["declined", "bank_refuses"])
    async def test_a_card_that_is_refused_pays_nothing_and_another_may_be_tried(
        self, provider: PaymentEngine, buyer: Buyer, how: str
    ) -> None:
        begun = await provider.begin(charge())

        await buyer.pay(begun, how)
        refused = await settled(provider, begun.provider_id)

        assert (refused.status, refused.fee) == ("requires_action", None)
        assert refused.reason
        if "another_card" in self.lacks and how == "declined":
            return
        await buyer.pay(begun)
        assert (await settled(provider, begun.provider_id)).status == "succeeded"

    async def test_the_same_key_opens_one_charge(self, provider: PaymentEngine) -> None:
        asked = charge()

        first, again = await provider.begin(asked), await provider.begin(asked)

        if "idempotency" in self.lacks:
            assert first.provider_id != again.provider_id, "it can now: take it out of `lacks`"
            return
        assert first == again
        with pytest.raises(EngineRefused):
            await provider.begin(charge(AMOUNTS[1], key=asked.key, payment=asked.payment))

    async def test_money_goes_back_in_parts(self, provider: PaymentEngine, buyer: Buyer) -> None:
        asked = charge()
        begun = await self.paid(provider, buyer, asked)

        for part in ("20.00", "45.88"):
            answer = await provider.refund(refund(asked, begun, Money.of(part, "EUR")))
            assert answer.status == "succeeded"
            assert await provider.look_refund(answer.provider_refund_id) == answer

        assert (await provider.look(begun.provider_id)).refunded == asked.amount

    async def test_the_same_key_sends_money_back_once(self, provider: PaymentEngine, buyer: Buyer) -> None:
        asked = charge()
        begun = await self.paid(provider, buyer, asked)
        back = refund(asked, begun, Money.of("20.00", "EUR"))

        first, again = await provider.refund(back), await provider.refund(back)

        sent_back = (await provider.look(begun.provider_id)).refunded
        if "idempotency" in self.lacks:
            assert sent_back == Money.of("40.00", "EUR"), "it can now: take it out of `lacks`"
            return
        assert first == again
        assert sent_back == Money.of("20.00", "EUR")

    async def test_more_than_was_paid_does_not_go_back(self, provider: PaymentEngine, buyer: Buyer) -> None:
        asked = charge()
        begun = await self.paid(provider, buyer, asked)
        await provider.refund(refund(asked, begun, Money.of("60.00", "EUR")))
        too_much = refund(asked, begun, Money.of("5.89", "EUR"))

        if "refund_limit" in self.lacks:
            assert (await provider.refund(too_much)).status == "succeeded", (
                "it can now: take it out of `lacks`"
            )
            return
        with pytest.raises(EngineRefused):
            await provider.refund(too_much)
        assert (await provider.look(begun.provider_id)).refunded == Money.of("60.00", "EUR")

    async def test_our_side_refuses_to_send_back_too_much_before_anybody_is_asked(
        self, provider: PaymentEngine, buyer: Buyer, tx: Tx
    ) -> None:
        amount = AMOUNTS[0]
        payment = await payments.start(
            tx, OrderId(UUID(int=1)), amount, provider.name, "card", key=str(new_uuid())
        )
        begun = await self.paid(provider, buyer, payment.charge)
        await payments.note_begun(tx, payment.id, begun)
        await payments.note_known(tx, payment.id, await provider.look(begun.provider_id))

        with pytest.raises(TooMuchBack):
            await payments.refund_start(tx, payment.id, amount + Money.of("0.01", "EUR"), key="r", why="test")

        assert (await provider.look(begun.provider_id)).refunded.is_zero

    async def test_what_is_only_reserved_is_taken_in_part_or_let_go(
        self, provider: PaymentEngine, buyer: Buyer
    ) -> None:
        taken, let_go = (
            await provider.begin(charge(capture=False)),
            await provider.begin(charge(capture=False)),
        )
        for begun in (taken, let_go):
            await buyer.pay(begun)
            assert (await provider.look(begun.provider_id)).status == "pending"

        captured = await provider.capture(taken.provider_id, Money.of("50.00", "EUR"), key=str(new_uuid()))
        voided = await provider.void(let_go.provider_id, key=str(new_uuid()))

        assert (captured.status, captured.amount) == ("succeeded", Money.of("50.00", "EUR"))
        assert voided.status == "cancelled"

    async def test_what_waits_can_be_let_go_and_what_has_succeeded_stays(
        self, provider: PaymentEngine, buyer: Buyer
    ) -> None:
        waiting = await provider.begin(charge())
        done = await self.paid(provider, buyer, charge())

        assert (await provider.void(waiting.provider_id, key=str(new_uuid()))).status == "cancelled"
        assert (await provider.void(done.provider_id, key=str(new_uuid()))).status == "succeeded"

    async def test_a_charge_that_nobody_opened_is_refused(self, provider: PaymentEngine) -> None:
        with pytest.raises(EngineRefused):
            await provider.look("pi_nobody")
        with pytest.raises(EngineRefused):
            await provider.look_refund("re_nobody")

    async def test_news_of_a_payment_is_signed_and_says_whose_it_is(
        self, provider: PaymentEngine, buyer: Buyer, ear: Ear
    ) -> None:
        asked = charge()
        begun = await self.paid(provider, buyer, asked)

        event, headers, body = await self.news(provider, ear, begun, "succeeded")

        assert (event.kind, event.payment, event.amount) == ("payment", asked.payment, asked.amount)
        for spoiled in (
            (headers, body + b" "),
            ({name: value.replace("v1=", "v1=0") for name, value in headers.items()}, body),
            ({}, body),
        ):
            with pytest.raises(BadSignature):
                provider.read_webhook(*spoiled)

    async def test_news_settles_a_payment_whose_answer_was_never_heard(
        self, provider: PaymentEngine, buyer: Buyer, ear: Ear, tx: Tx
    ) -> None:
        payment = await payments.start(
            tx, OrderId(UUID(int=1)), AMOUNTS[0], provider.name, "card", key=str(new_uuid())
        )
        begun = await self.paid(provider, buyer, payment.charge)
        event, headers, body = await self.news(provider, ear, begun, "succeeded")

        stored = await payments.store_webhook(tx, provider.name, event, headers, body)
        assert stored is not None
        assert await payments.settle_webhook(tx, stored) == "applied"

        after = await payments.payment(tx, payment.id)
        assert (after.status, after.provider_id) == ("succeeded", begun.provider_id)

    async def news(
        self, provider: PaymentEngine, ear: Ear, begun: Begun, status: str
    ) -> tuple[ProviderEvent, dict[str, str], bytes]:
        """The news of this charge with this status, once it has come."""
        async with asyncio.timeout(20):
            while True:
                for headers, body in ear.heard:
                    event = provider.read_webhook(headers, body)
                    if (event.provider_id, event.status) == (begun.provider_id, status):
                        return event, headers, body
                await asyncio.sleep(0.05)
