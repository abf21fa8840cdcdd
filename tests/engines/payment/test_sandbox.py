# SPDX-License-Identifier: Apache-2.0
"""The sandbox engine against the sandbox provider, run as the program it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from silkcast.engines.payment.provider.cards import BANK_CODE
from silkcast.engines.payment.sandbox import ENGINE, Sandbox, SandboxSettings
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId, new_uuid
from silkcast.ground.money import Money
from silkcast.plumbing.db import Tx
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.port import (
    BadSignature,
    Begun,
    EngineRefused,
    EngineSilent,
    ProviderEvent,
    RefundOrder,
)
from tests.engines.payment.contract import AMOUNTS, PaymentContract, charge, refund, settled
from tests.engines.payment.running import Ear, listening, program

CARDS = {
    "ok": "4242 4242 4242 4242",
    "declined": "4000 0000 0000 0002",
    "insufficient": "4000000000009995",
    "bank": "4000000000003220",
    "bank_refuses": "4000008400001629",
    "slow": "4000000000000077",
}
OLD, NEW = "old-secret", "new-secret"


class PageBuyer:
    """Fills in the provider's own pages."""

    def __init__(self) -> None:
        self.client = httpx.AsyncClient(trust_env=False)

    async def pay(self, begun: Begun, how: str = "ok") -> None:
        await self.answer(begun, CARDS[how])

    async def answer(self, begun: Begun, number: str, code: str = BANK_CODE) -> httpx.Response:
        assert begun.action is not None
        page = begun.action.value
        form = {"number": number, "expiry": "12/30", "code": "123"}
        response = await self.client.post(page, data=form)
        if 'autocomplete="one-time-code"' in response.text:
            response = await self.client.post(f"{page}/bank", data={"code": code})
        return response


@pytest.fixture(scope="module")
async def ear() -> AsyncIterator[Ear]:
    async with listening() as made:
        yield made


@pytest.fixture(scope="module")
async def url(ear: Ear, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("provider")
    async with running(folder, ear) as address:
        yield address


def running(folder: Path, ear: Ear) -> Any:
    told = ["--webhook", ear.url, "--secret", OLD, "--secret", NEW, "--pace", "0.02"]
    return at_address(
        program("-m", "silkcast.engines.payment.provider", *_at(folder), *told, ready="at http")
    )


def _at(folder: Path) -> list[str]:
    return ["--data", str(folder), "--port", "0"]


class at_address:
    """The address in the line that a program prints."""

    def __init__(self, started: Any) -> None:
        self._started = started

    async def __aenter__(self) -> str:
        return str((await self._started.__aenter__()).split(" at ")[1])

    async def __aexit__(self, *why: Any) -> None:
        await self._started.__aexit__(*why)


@pytest.fixture
async def provider(url: str) -> AsyncIterator[Sandbox]:
    made = Sandbox(SandboxSettings(url=url, webhook_secrets=(NEW,)))
    yield made
    await made.close()


@pytest.fixture
async def buyer() -> AsyncIterator[PageBuyer]:
    made = PageBuyer()
    yield made
    await made.client.aclose()


async def wish(url: str, **fault: Any) -> None:
    headers = {"authorization": "Bearer sandbox-key"}
    async with httpx.AsyncClient(trust_env=False) as client:
        (await client.post(f"{url}/_faults", json=fault, headers=headers)).raise_for_status()


class TestSandbox(PaymentContract):
    async def test_the_fee_is_2_9_percent_and_30_minor_units(
        self, provider: Sandbox, buyer: PageBuyer
    ) -> None:
        fees = []
        for amount in AMOUNTS:
            begun = await self.paid(provider, buyer, charge(amount))
            fees.append((await provider.look(begun.provider_id)).fee)

        assert fees == [
            Money.of("2.21", "EUR"),
            Money.of("2.57", "USD"),
            Money.of("7.40", "SAR"),
            Money.of("2.97", "SGD"),
            Money.of("275", "JPY"),
            Money.of("0.388", "KWD"),
        ]

    async def test_the_buyer_comes_back_to_the_shop_with_what_became_of_it(
        self, provider: Sandbox, buyer: PageBuyer
    ) -> None:
        begun = await provider.begin(charge())

        response = await buyer.answer(begun, CARDS["ok"])

        assert response.status_code == 303
        back = f"http://127.0.0.1:9/order?secret=s&charge={begun.provider_id}&status=succeeded"
        assert response.headers["location"] == back

    async def test_leaving_the_page_cancels(self, provider: Sandbox, buyer: PageBuyer) -> None:
        begun = await provider.begin(charge())
        assert begun.action is not None

        response = await buyer.client.post(f"{begun.action.value}/leave")

        assert response.headers["location"].endswith("&status=cancelled")
        assert (await provider.look(begun.provider_id)).status == "cancelled"

    async def test_only_test_cards_are_taken_and_none_is_shown_again(
        self, provider: Sandbox, buyer: PageBuyer
    ) -> None:
        begun = await provider.begin(charge())

        for number in ("4111111111111111", "4242424242424241", "42 and no more", "<script>"):
            response = await buyer.answer(begun, number)
            assert response.status_code == 422
            assert number not in response.text.replace("4242 4242 4242 4242", "")
        assert (await provider.look(begun.provider_id)).status == "requires_action"

    async def test_three_refusals_end_the_charge(self, provider: Sandbox, buyer: PageBuyer) -> None:
        begun = await provider.begin(charge())

        for _ in range(3):
            await buyer.pay(begun, "insufficient")

        known = await provider.look(begun.provider_id)
        assert (known.status, known.reason) == ("failed", "insufficient_funds")

    async def test_three_wrong_codes_are_a_refusal_of_the_card(
        self, provider: Sandbox, buyer: PageBuyer
    ) -> None:
        begun = await provider.begin(charge())
        assert begun.action is not None
        await buyer.answer(begun, CARDS["bank"], "000000")

        for _ in range(2):
            await buyer.client.post(f"{begun.action.value}/bank", data={"code": "111111"})

        known = await provider.look(begun.provider_id)
        assert (known.status, known.reason) == ("requires_action", "authentication_failed")

    async def test_a_slow_card_is_pending_first(self, provider: Sandbox, buyer: PageBuyer) -> None:
        begun = await provider.begin(charge())

        await buyer.pay(begun, "slow")

        assert (await provider.look(begun.provider_id)).status == "pending"
        assert (await settled(provider, begun.provider_id)).status == "succeeded"

    @pytest.mark.parametrize(
        ("language", "word"), [("en", "Pay"), ("zh", "支付"), ("fr", "Payer"), ("ar", "ادفع")]
    )
    async def test_the_page_speaks_the_buyers_language(
        self, provider: Sandbox, buyer: PageBuyer, language: str, word: str
    ) -> None:
        begun = await provider.begin(charge(language=language))
        assert begun.action is not None

        response = await buyer.client.get(begun.action.value)

        assert f">{word} <bdi>" in response.text
        assert ('dir="rtl"' in response.text) == (language == "ar")
        assert "form-action 'self' http://127.0.0.1:9;" in response.headers["content-security-policy"]

    async def test_an_answer_lost_on_the_way_is_asked_for_again_with_the_same_key(
        self, provider: Sandbox, buyer: PageBuyer
    ) -> None:
        asked = charge(metadata={"fault": "lost_answer"})

        with pytest.raises(EngineSilent):
            await provider.begin(asked)
        begun = await provider.begin(asked)
        await buyer.pay(begun)

        assert begun == await provider.begin(asked)
        assert (await provider.look(begun.provider_id)).status == "succeeded"

    async def test_a_refund_whose_answer_was_lost_moved_money_once(
        self, provider: Sandbox, buyer: PageBuyer, url: str
    ) -> None:
        asked = charge()
        begun = await self.paid(provider, buyer, asked)
        back = refund(asked, begun, Money.of("5.00", "EUR"))
        await wish(url, fault="lost_answer", on="refund")

        with pytest.raises(EngineSilent):
            await provider.refund(back)
        assert (await provider.refund(back)).status == "succeeded"

        assert (await provider.look(begun.provider_id)).refunded == Money.of("5.00", "EUR")

    async def test_a_refund_may_be_slow_and_may_fail(
        self, provider: Sandbox, buyer: PageBuyer, url: str, ear: Ear
    ) -> None:
        asked = charge()
        begun = await self.paid(provider, buyer, asked)
        await wish(url, fault="refund_failed", on="refund")

        answer = await provider.refund(refund(asked, begun, asked.amount))

        assert (answer.status, answer.reason) == ("pending", "")
        async with asyncio.timeout(10):
            while "failed" not in [event.refund_status for event in self.told(provider, ear, begun)]:
                await asyncio.sleep(0.02)
        assert (await provider.look(begun.provider_id)).refunded.is_zero
        failed = await provider.look_refund(answer.provider_refund_id)
        assert (failed.status, failed.reason) == ("failed", "account_closed")

    async def test_late_news_comes_after_the_answer_by_a_while(
        self, provider: Sandbox, buyer: PageBuyer, ear: Ear
    ) -> None:
        late = await self.paid(provider, buyer, charge(metadata={"fault": "late"}))
        assert self.told(provider, ear, late) == []

        event, *_ = await self.news(provider, ear, late, "succeeded")

        assert event.at < datetime.now(UTC) - timedelta(seconds=1)

    async def test_a_real_story_told_in_any_order_with_doubles_ends_in_the_same_place(
        self, provider: Sandbox, buyer: PageBuyer, ear: Ear, url: str, tx: Tx
    ) -> None:
        payment = await payments.start(
            tx, OrderId(UUID(int=1)), AMOUNTS[0], "sandbox", "card", key=str(new_uuid())
        )
        begun = await provider.begin(payment.charge)
        for how in ("declined", "bank_refuses", "slow"):
            await buyer.pay(begun, how)
        known = await settled(provider, begun.provider_id)
        await payments.note_known(tx, payment.id, known)
        back = await payments.refund_start(
            tx, payment.id, Money.of("20.00", "EUR"), key=str(new_uuid()), why="return"
        )
        await wish(url, fault="refund_slow", on="refund")
        await provider.refund(RefundOrder(back.id, payment.id, begun.provider_id, back.amount, back.key))
        while [event.refund_status for event in self.told(provider, ear, begun)][-1] != "succeeded":
            await asyncio.sleep(0.02)
        story = self.told(provider, ear, begun)

        ends = set()
        for seed in range(30):
            news = story * 2
            Random(seed).shuffle(news)
            async with tx.session.begin_nested() as savepoint:
                for event in news:
                    await payments.note_event(tx, "sandbox", event)
                after = await payments.payment(tx, payment.id)
                ends.add((after.status, after.paid, after.fee, after.refunded, after.refunding))
                await savepoint.rollback()

        assert len(story) == 7
        assert ends == {("succeeded", AMOUNTS[0], Money.of("2.21", "EUR"), back.amount, Money.zero("EUR"))}

    async def test_a_charge_can_be_declined_at_once(self, provider: Sandbox) -> None:
        begun = await provider.begin(charge(metadata={"fault": "declined"}))

        assert (begun.status, begun.reason, begun.action) == ("failed", "card_declined", None)

    async def test_news_comes_doubled_and_disordered_when_wished(
        self, provider: Sandbox, buyer: PageBuyer, ear: Ear
    ) -> None:
        asked = charge(metadata={"fault": "doubled,disordered"})
        begun = await self.paid(provider, buyer, asked)

        async with asyncio.timeout(10):
            while len(self.told(provider, ear, begun)) < 4:
                await asyncio.sleep(0.02)

        told = [event.status for event in self.told(provider, ear, begun)]
        assert told == ["succeeded", "succeeded", "requires_action", "requires_action"]

    async def test_news_that_was_not_taken_is_sent_again(
        self, provider: Sandbox, buyer: PageBuyer, ear: Ear
    ) -> None:
        begun = await provider.begin(charge())
        await self.news(provider, ear, begun, "requires_action")
        ear.answers[:] = [500, 404]

        await buyer.pay(begun)

        async with asyncio.timeout(10):
            while [event.status for event in self.told(provider, ear, begun)].count("succeeded") < 3:
                await asyncio.sleep(0.02)

    async def test_both_secrets_sign_while_they_are_turned_and_old_news_is_refused(
        self, provider: Sandbox, url: str, ear: Ear
    ) -> None:
        begun = await provider.begin(charge())
        event, headers, body = await self.news(provider, ear, begun, "requires_action")
        settings = SandboxSettings(url=url, webhook_secrets=("wrong",))

        for secrets in ((OLD,), (NEW,), ("wrong", OLD)):
            assert Sandbox(replace(settings, webhook_secrets=secrets)).read_webhook(headers, body) == event
        with pytest.raises(BadSignature):
            Sandbox(settings).read_webhook(headers, body)
        late = SetClock(datetime.now(UTC) + timedelta(minutes=6))
        with pytest.raises(BadSignature):
            Sandbox(replace(settings, webhook_secrets=(NEW,)), late).read_webhook(headers, body)

    async def test_a_wrong_key_and_a_silent_provider(self, url: str) -> None:
        with pytest.raises(EngineRefused):
            await Sandbox(SandboxSettings(url=url, key="wrong")).begin(charge())
        with pytest.raises(EngineSilent):
            await Sandbox(SandboxSettings(url="http://127.0.0.1:1")).begin(charge())

    async def test_what_was_answered_is_there_after_a_restart(
        self, buyer: PageBuyer, ear: Ear, tmp_path: Path
    ) -> None:
        asked = charge()
        async with running(tmp_path, ear) as address:
            first = Sandbox(SandboxSettings(url=address))
            begun = await self.paid(first, buyer, asked)
        async with running(tmp_path, ear) as address:
            second = Sandbox(SandboxSettings(url=address))
            assert (await second.look(begun.provider_id)).status == "succeeded"
            assert (await second.begin(asked)).provider_id == begun.provider_id

    def all_told(self, provider: Sandbox, ear: Ear) -> list[ProviderEvent]:
        return [provider.read_webhook(headers, body) for headers, body in ear.heard]

    def told(self, provider: Sandbox, ear: Ear, begun: Begun) -> list[ProviderEvent]:
        return [each for each in self.all_told(provider, ear) if each.provider_id == begun.provider_id]


async def test_what_happened_can_be_listed_and_sent_again(url: str, provider: Sandbox, ear: Ear) -> None:
    begun = await provider.begin(charge())
    headers = {"authorization": "Bearer sandbox-key"}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        charges = (await client.get("/v1/charges?limit=200")).json()["charges"]
        events = (await client.get("/v1/events?limit=200")).json()["events"]
        mine = next(event for event in events if event["charge"]["id"] == begun.provider_id)
        before = len(ear.heard)
        again = await client.post(f"/v1/events/{mine['id']}/send")

        assert begun.provider_id in [each["id"] for each in charges]
        assert again.status_code == 202
        await ear.wait_for(before + 1)
        assert any(msgspec.json.decode(body)["id"] == mine["id"] for _, body in ear.heard)
        assert (await client.get("/_inspect")).json()["charges"]
        assert (await client.post("/_faults", json={"fault": "fire"})).status_code == 400
        assert (await client.post("/v1/charges", json={"amount": 1, "currency": "EUR"})).status_code == 400
        for body in ({"amount": 0}, {"amount": 1.5}, {"amount": 10, "currency": "XXX"}, {"amount": True}):
            answer = await client.post(
                "/v1/charges", json={"currency": "EUR", **body}, headers={"idempotency-key": str(new_uuid())}
            )
            assert answer.status_code == 400


def test_it_describes_itself() -> None:
    assert (ENGINE.kind, ENGINE.name) == ("payment", "sandbox")
    assert ENGINE.make(ENGINE.settings()).name == "sandbox"
