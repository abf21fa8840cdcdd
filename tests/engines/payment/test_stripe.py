# SPDX-License-Identifier: Apache-2.0
"""The Stripe engine against localstripe, run as the program it is."""

from __future__ import annotations

import hashlib
import hmac
import socket
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import httpx
import msgspec
import pytest

from silkcast.engines.payment.stripe import ENGINE, Stripe, StripeSettings, from_stripe, to_stripe
from silkcast.ground.ids import new_uuid
from silkcast.ground.money import Money
from silkcast.trade.payments.port import BadSignature, Begun, EngineRefused, EngineSilent, Form
from tests.engines.payment.contract import AMOUNTS, PaymentContract, charge, refund
from tests.engines.payment.running import Ear, listening, program

CARDS = {
    "ok": "4242424242424242",
    "declined": "4000000000000341",
    "bank": "4000002760003184",
    "bank_refuses": "4000002760003184",
}
SECRET = "whsec_test"


class BrowserBuyer:
    """Does what Stripe's script would do in the buyer's browser."""

    def __init__(self, url: str) -> None:
        self.client = httpx.AsyncClient(
            base_url=url, headers={"authorization": "Bearer sk_test_1"}, trust_env=False
        )

    async def pay(self, begun: Begun, how: str = "ok") -> None:
        card = {"number": CARDS[how], "exp_month": "12", "exp_year": "2030", "cvc": "123"}
        made = await self._post("payment_methods", {"type": "card", **_nested("card", card)})
        await self._post(f"payment_intents/{begun.provider_id}", {"payment_method": made["id"]})
        intent = await self._post(f"payment_intents/{begun.provider_id}/confirm", {})
        if intent.get("status") == "requires_action":
            assert begun.action is not None
            answer = {"client_secret": begun.action.value, "success": str(how == "bank").lower()}
            await self._post(f"payment_intents/{begun.provider_id}/_authenticate", answer)

    async def _post(self, path: str, form: Mapping[str, str]) -> dict[str, Any]:
        response = await self.client.post(f"/v1/{path}", data=dict(form))
        assert response.status_code in (200, 402), response.text
        return msgspec.json.decode(response.content, type=dict[str, Any])


def _nested(name: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{name}[{key}]": value for key, value in values.items()}


@pytest.fixture(scope="module")
async def ear() -> AsyncIterator[Ear]:
    async with listening() as made:
        yield made


@pytest.fixture(scope="module")
async def url(ear: Ear) -> AsyncIterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start = ("-m", "localstripe", "--from-scratch", "--port", str(port))
    async with program(*start, ready="Running on"):
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(trust_env=False) as client:
            told = await client.post(
                f"{address}/_config/webhooks/ours", data={"url": ear.url, "secret": SECRET}
            )
            told.raise_for_status()
        yield address


@pytest.fixture
async def provider(url: str) -> AsyncIterator[Stripe]:
    made = Stripe(
        StripeSettings("sk_test_1", "pk_test_1", webhook_secrets=("whsec_other", SECRET), api_url=url)
    )
    yield made
    await made.close()


@pytest.fixture
async def buyer(url: str) -> AsyncIterator[BrowserBuyer]:
    made = BrowserBuyer(url)
    yield made
    await made.client.aclose()


class TestStripe(PaymentContract):
    lacks: ClassVar[Mapping[str, str]] = {
        "idempotency": "localstripe opens a second intent, and refunds twice, for one key",
        "refund_limit": "localstripe refunds more than was paid",
        "another_card": "localstripe keeps a declined intent from being confirmed again",
        "fees": "localstripe's balance transactions have a fee of zero",
    }
    # Of three decimals Stripe takes two.
    currencies: ClassVar[list[Money]] = [*AMOUNTS[:-1], Money.of("12.340", "KWD")]


async def test_our_key_goes_with_whatever_moves_money() -> None:
    async with listening() as ear:
        provider = Stripe(StripeSettings("sk_test_1", "pk_test_1", api_url=ear.url.removesuffix("/hook")))
        ear.answers[:] = [400] * 4
        asked = charge()
        for call in (
            provider.begin(asked),
            provider.capture("pi_1", asked.amount, key="capture-key"),
            provider.refund(refund(asked, Begun("succeeded", "pi_1"), asked.amount, "refund-key")),
        ):
            with pytest.raises((EngineRefused, EngineSilent)):
                await call

        keys = [headers["idempotency-key"] for headers, _ in ear.heard]
        assert keys == [asked.key, "capture-key", "refund-key"]
        assert all(headers["authorization"] == "Bearer sk_test_1" for headers, _ in ear.heard)


async def test_no_answer_is_silence_and_a_wrong_key_a_refusal(url: str) -> None:
    silent = Stripe(StripeSettings("sk_test_1", "pk_test_1", api_url="http://127.0.0.1:1", timeout_seconds=1))
    with pytest.raises(EngineSilent):
        await silent.begin(charge())
    with pytest.raises(EngineRefused):
        await Stripe(StripeSettings("no_key", "pk_test_1", api_url=url)).begin(charge())


@pytest.mark.parametrize(
    ("money", "units"),
    [
        (Money.of("65.88", "EUR"), 6588),
        (Money.of("8450", "JPY"), 8450),
        (Money.of("12.340", "KWD"), 12340),
        (Money.of("500", "ISK"), 50000),
        (Money.of("500", "UGX"), 50000),
        (Money.of("500", "MGA"), 500),
        (Money.of("100.50", "HUF"), 10050),
        (Money.of("100.50", "TWD"), 10050),
        (Money.of("15000.00", "IDR"), 1500000),
    ],
)
def test_amounts_go_in_stripes_own_minor_units(money: Money, units: int) -> None:
    assert to_stripe(money) == units
    assert from_stripe(units, money.currency.lower()) == money


@pytest.mark.parametrize("money", [Money.of("12.345", "KWD"), Money.of("1.20", "MGA")])
def test_what_stripe_cannot_express_is_refused_not_rounded(money: Money) -> None:
    with pytest.raises(EngineRefused) as refused:
        to_stripe(money)

    assert refused.value.reason == "amount_too_fine"


def _signed(event: dict[str, Any], *, secret: str = SECRET, age: int = 0) -> tuple[dict[str, str], bytes]:
    body = msgspec.json.encode(event)
    at = int(datetime.now(UTC).timestamp()) - age
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={at},v1={mark}"}, body


def _told(kind: str, thing: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": 1795348800,
        "data": {"object": thing},
        "api_version": "2026-01-01",
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
    }


async def test_news_of_refunds_and_of_other_things(provider: Stripe) -> None:
    payment, back = new_uuid(), new_uuid()
    thing = {
        "id": "re_1",
        "object": "refund",
        "status": "failed",
        "failure_reason": "expired_or_canceled_card",
        "amount": 500,
        "currency": "eur",
        "payment_intent": "pi_1",
        "metadata": {"payment": str(payment), "refund": str(back)},
    }

    event = provider.read_webhook(*_signed(_told("refund.failed", thing)))
    other = provider.read_webhook(*_signed(_told("customer.created", {"id": "cus_1", "object": "customer"})))

    assert (event.kind, event.payment, event.refund, event.refund_status) == (
        "refund",
        payment,
        back,
        "failed",
    )
    assert (event.amount, event.reason) == (Money.of("5.00", "EUR"), "expired_or_canceled_card")
    assert other.kind == "other"


async def test_news_signed_by_another_or_too_old_is_refused(provider: Stripe) -> None:
    event = _told("customer.created", {"id": "cus_1", "object": "customer"})

    for headers, body in (_signed(event, secret="whsec_wrong"), _signed(event, age=301)):
        with pytest.raises(BadSignature):
            provider.read_webhook(headers, body)


def test_it_describes_itself_and_wants_a_key() -> None:
    assert (ENGINE.kind, ENGINE.name) == ("payment", "stripe")
    with pytest.raises(ValueError, match="secret_key"):
        ENGINE.make(ENGINE.settings())
    with pytest.raises(ValueError, match="publishable_key"):
        Stripe(StripeSettings("sk_test_1"))


async def test_its_form_may_reach_stripe_and_nobody_else() -> None:
    real = Stripe(StripeSettings("sk_test_1", "pk_test_1"))
    local = Stripe(
        StripeSettings(
            "sk_test_1",
            "pk_test_1",
            api_url="http://127.0.0.1:1",
            script_url="http://127.0.0.1:1/js.stripe.com/v3/",
        )
    )

    assert real.form == Form(
        kind="stripe",
        script="https://js.stripe.com/v3/",
        key="pk_test_1",
        scripts=("https://js.stripe.com", "https://*.js.stripe.com"),
        frames=("https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"),
        asks=("https://api.stripe.com",),
    )
    assert local.form is not None
    assert {*local.form.scripts, *local.form.frames, *local.form.asks} == {"http://127.0.0.1:1"}
