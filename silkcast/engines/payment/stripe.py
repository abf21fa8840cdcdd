# SPDX-License-Identifier: Apache-2.0
"""Stripe, through its own SDK: payment intents for cards, 3-D Secure finished in the buyer's browser.

Our server never sees a card number: the browser gets the intent's client secret and speaks to Stripe.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
import stripe

from silkcast.ground.ids import PaymentId, RefundId
from silkcast.ground.money import Currency, Money, minor_units
from silkcast.ground.places import Country
from silkcast.plumbing.engines import Engine
from silkcast.trade.payments.port import (
    Action,
    BadSignature,
    Begun,
    Charge,
    EngineRefused,
    EngineSilent,
    Form,
    Known,
    Method,
    ProviderEvent,
    Refunded,
    RefundOrder,
    RefundStatus,
    Status,
)

NAME = "stripe"
_T = TypeVar("_T")

_DECIMALS = {
    # Zero decimals in ISO 4217, but Stripe keeps two for old programs' sake: 500 ISK is sent as 50000.
    "ISK": 2,
    "UGX": 2,
    # Two in ISO 4217 (a fifth, in truth), none at Stripe.
    "MGA": 0,
    # As in ISO 4217 for charges, and named here since other providers (and Stripe's payouts) differ.
    "HUF": 2,
    "TWD": 2,
    "IDR": 2,
}
"""Stripe's own minor units where they are not, or might not be, those of ISO 4217."""

_STATUS: Mapping[str, Status] = {
    "requires_payment_method": "requires_action",
    "requires_confirmation": "requires_action",
    "requires_action": "requires_action",
    "processing": "pending",
    "requires_capture": "pending",
    "canceled": "cancelled",
    "succeeded": "succeeded",
}
_REFUND_STATUS: Mapping[str, RefundStatus] = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
_FEE = ["latest_charge.balance_transaction"]


@dataclass(frozen=True, slots=True)
class StripeSettings:
    """The account and what is agreed with it."""

    secret_key: str = ""
    publishable_key: str = ""
    webhook_secrets: tuple[str, ...] = ()
    """Two while they are turned."""
    api_url: str = stripe.DEFAULT_API_BASE
    script_url: str = "https://js.stripe.com/v3/"
    """Stripe's script, which draws the card form in the buyer's browser."""
    timeout_seconds: int = 20
    tolerance_seconds: int = 300


def to_stripe(money: Money) -> int:
    """The amount in Stripe's minor units; refused where Stripe cannot express it."""
    units = money.amount.scaleb(_decimals(money.currency))
    if units != int(units) or (_decimals(money.currency) == 3 and units % 10):
        # Of three decimals Stripe takes only two.
        raise EngineRefused(NAME, "amount_too_fine")
    return int(units)


def from_stripe(units: int, currency: str) -> Money:
    """Money of Stripe's minor units and its currency code in small letters."""
    code = currency.upper()
    return Money.of(f"{units}e-{_decimals(code)}", code)


def _decimals(currency: str) -> int:
    return _DECIMALS.get(currency, minor_units(currency))


class Stripe:
    """One Stripe account."""

    name = NAME
    by_hand = False
    pages: tuple[str, ...] = ()
    is_framed = False

    def __init__(self, settings: StripeSettings) -> None:
        if not settings.secret_key:
            raise ValueError("stripe needs a secret_key")
        if not settings.publishable_key:
            raise ValueError("stripe needs a publishable_key, for the card form")
        self._settings = settings
        self.form: Form | None = _form(settings)
        self._http = stripe.HTTPXClient(timeout=settings.timeout_seconds)
        self._client = stripe.StripeClient(
            settings.secret_key,
            base_addresses={"api": settings.api_url},
            http_client=self._http,
            max_network_retries=1,
        )

    def methods(self, market: Country, currency: Currency) -> tuple[Method, ...]:
        return (Method("card", NAME),)

    async def begin(self, charge: Charge) -> Begun:
        # Which kinds of payment an intent may take is chosen in the account; our form asks for cards alone.
        intent = await _asked(
            self._client.v1.payment_intents.create_async(
                params={
                    "amount": to_stripe(charge.amount),
                    "currency": charge.amount.currency.lower(),
                    "capture_method": "automatic" if charge.capture else "manual",
                    "metadata": {**charge.metadata, "payment": str(charge.payment)},
                },
                options={"idempotency_key": charge.key},
            )
        )
        known = _known(intent)
        return Begun(known.status, intent["id"], known.action, known.reason)

    async def look(self, provider_id: str) -> Known:
        return _known(
            await _asked(self._client.v1.payment_intents.retrieve_async(provider_id, params={"expand": _FEE}))
        )

    async def capture(self, provider_id: str, amount: Money, *, key: str) -> Known:
        intent = await _asked(
            self._client.v1.payment_intents.capture_async(
                provider_id,
                params={"amount_to_capture": to_stripe(amount)},
                options={"idempotency_key": key},
            )
        )
        return replace(_known(intent), amount=amount)

    async def void(self, provider_id: str, *, key: str) -> Known:
        try:
            return _known(
                await _asked(
                    self._client.v1.payment_intents.cancel_async(
                        provider_id, options={"idempotency_key": key}
                    )
                )
            )
        except EngineRefused:
            known = await self.look(provider_id)
            if known.status not in ("succeeded", "cancelled"):
                raise
            return known

    async def refund(self, order: RefundOrder) -> Refunded:
        refund = await _asked(
            self._client.v1.refunds.create_async(
                params={
                    "payment_intent": order.provider_id,
                    "amount": to_stripe(order.amount),
                    "metadata": {"refund": str(order.refund), "payment": str(order.payment)},
                },
                options={"idempotency_key": order.key},
            )
        )
        return _refunded(refund)

    async def look_refund(self, provider_refund_id: str) -> Refunded:
        return _refunded(await _asked(self._client.v1.refunds.retrieve_async(provider_refund_id)))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        for secret in self._settings.webhook_secrets:
            try:
                stripe.Webhook.construct_event(
                    body,
                    headers.get("stripe-signature"),
                    secret,
                    tolerance=self._settings.tolerance_seconds,
                    api_key=self._settings.secret_key,
                )
            except (stripe.SignatureVerificationError, ValueError):
                continue
            return _event(msgspec.json.decode(body))
        raise BadSignature

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]


def _form(settings: StripeSettings) -> Form:
    """Beside the script's own origin, the real one has frames and helpers at those that Stripe documents."""
    script = _origin(settings.script_url)
    is_real = script == "https://js.stripe.com"
    helpers = ("https://*.js.stripe.com",) if is_real else ()
    bank = ("https://hooks.stripe.com",) if is_real else ()
    return Form(
        kind="stripe",
        script=settings.script_url,
        key=settings.publishable_key,
        scripts=(script, *helpers),
        frames=(script, *helpers, *bank),
        asks=(_origin(settings.api_url),),
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


async def _asked(answer: Awaitable[Any]) -> dict[str, Any]:
    """Stripe's answer as plain data, its errors as the port's."""
    try:
        found: dict[str, Any] = (await answer).to_dict()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError):
        raise EngineSilent(NAME) from None
    except stripe.StripeError as refused:
        raise EngineRefused(NAME, refused.code or type(refused).__name__) from None
    return found


def _known(intent: Mapping[str, Any]) -> Known:
    status = _STATUS[intent["status"]]
    currency = intent["currency"]
    charge = intent.get("latest_charge")
    charge = charge if isinstance(charge, Mapping) else {}
    transaction = charge.get("balance_transaction")
    has_fee = status == "succeeded" and isinstance(transaction, Mapping)
    units = intent.get("amount_received", intent["amount"]) if status == "succeeded" else intent["amount"]
    secret = intent.get("client_secret")
    waits = status == "requires_action" and secret
    return Known(
        status=status,
        amount=from_stripe(units, currency),
        refunded=from_stripe(charge.get("amount_refunded") or 0, currency),
        fee=from_stripe(transaction["fee"], transaction["currency"]) if has_fee and transaction else None,
        reason=_reason(intent),
        action=Action("client_secret", secret) if waits and secret else None,
    )


def _refunded(refund: Mapping[str, Any]) -> Refunded:
    status = _REFUND_STATUS[refund["status"]]
    return Refunded(status, refund["id"], refund.get("failure_reason") or "")


def _reason(intent: Mapping[str, Any]) -> str:
    fault = intent.get("last_payment_error") or {}
    return str(fault.get("decline_code") or fault.get("code") or intent.get("cancellation_reason") or "")


def _event(told: Mapping[str, Any]) -> ProviderEvent:
    kind, thing = str(told["type"]), told["data"]["object"]
    at = datetime.fromtimestamp(told["created"], UTC)
    if kind.startswith("payment_intent.") and thing.get("status") in _STATUS:
        known = _known(thing)
        return ProviderEvent(
            id=told["id"],
            kind="payment",
            at=at,
            provider_id=thing["id"],
            payment=_payment_of(thing),
            status=known.status,
            amount=known.amount,
            fee=known.fee,
            reason=known.reason,
        )
    if thing.get("object") == "refund" and thing.get("status") in _REFUND_STATUS:
        return _refund_event(told["id"], at, thing)
    return ProviderEvent(id=told["id"], kind="other", at=at)


def _refund_event(id: str, at: datetime, refund: Mapping[str, Any]) -> ProviderEvent:
    ours = (refund.get("metadata") or {}).get("refund")
    return ProviderEvent(
        id=id,
        kind="refund",
        at=at,
        provider_id=refund.get("payment_intent") or "",
        payment=_payment_of(refund),
        amount=from_stripe(refund["amount"], refund["currency"]),
        reason=refund.get("failure_reason") or "",
        refund=RefundId(UUID(ours)) if ours else None,
        provider_refund_id=refund["id"],
        refund_status=_REFUND_STATUS[refund["status"]],
    )


def _payment_of(thing: Mapping[str, Any]) -> PaymentId | None:
    ours = (thing.get("metadata") or {}).get("payment")
    return PaymentId(UUID(ours)) if ours else None


def make_stripe(settings: StripeSettings) -> Stripe:
    return Stripe(settings)


ENGINE = Engine("payment", NAME, "Stripe", StripeSettings, make_stripe)
