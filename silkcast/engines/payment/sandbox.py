# SPDX-License-Identifier: Apache-2.0
"""The sandbox provider's engine: redirects the buyer to its page, hears its signed news."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import msgspec

from silkcast.ground.clock import Clock, SystemClock
from silkcast.ground.ids import PaymentId, RefundId
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.engines import Engine
from silkcast.plumbing.http import HttpSettings, make_client
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

NAME = "sandbox"
_STATUS: Mapping[str, Status] = {
    "requires_action": "requires_action",
    "authorised": "pending",
    "processing": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
}


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Where the provider runs, and what is agreed with it."""

    url: str = "http://127.0.0.1:8790"
    pages_url: str = ""
    """Where its pages are, if buyers reach it under another address than we do."""
    key: str = "sandbox-key"
    webhook_secrets: tuple[str, ...] = ("sandbox-secret",)
    """Two while they are turned: news signed with any of them is taken."""
    merchant: str = "Silkcast"
    timeout_seconds: int = 10
    tolerance_seconds: int = 300


class Sandbox:
    """Speaks to the provider of the folder beside this file."""

    name = NAME
    by_hand = False
    is_framed = True
    form: Form | None = None

    def __init__(self, settings: SandboxSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._client = make_client(
            HttpSettings(answer_timeout_seconds=settings.timeout_seconds),
            base_url=settings.url,
            headers={"authorization": f"Bearer {settings.key}"},
        )

    @property
    def pages(self) -> tuple[str, ...]:
        parts = urlsplit(self._settings.pages_url or self._settings.url)
        return (f"{parts.scheme}://{parts.netloc}",)

    def methods(self, market: Country, currency: Currency) -> tuple[Method, ...]:
        return (Method("card", NAME),)

    async def begin(self, charge: Charge) -> Begun:
        body = {
            "amount": charge.amount.minor,
            "currency": charge.amount.currency,
            "return_url": charge.return_url,
            "language": charge.language,
            "capture": charge.capture,
            "merchant": self._settings.merchant,
            "metadata": {**charge.metadata, "payment": str(charge.payment)},
        }
        answer = await self._ask("POST", "/v1/charges", body, key=charge.key)
        known = _known(answer)
        return Begun(known.status, answer["id"], known.action, known.reason)

    async def look(self, provider_id: str) -> Known:
        return _known(await self._ask("GET", f"/v1/charges/{provider_id}"))

    async def capture(self, provider_id: str, amount: Money, *, key: str) -> Known:
        path = f"/v1/charges/{provider_id}/capture"
        return _known(await self._ask("POST", path, {"amount": amount.minor}, key=key))

    async def void(self, provider_id: str, *, key: str) -> Known:
        try:
            return _known(await self._ask("POST", f"/v1/charges/{provider_id}/cancel", {}, key=key))
        except EngineRefused as refused:
            if refused.reason != "cannot_cancel":
                raise
            return await self.look(provider_id)

    async def refund(self, order: RefundOrder) -> Refunded:
        body = {
            "charge": order.provider_id,
            "amount": order.amount.minor,
            "metadata": {"refund": str(order.refund), "payment": str(order.payment)},
        }
        return _refunded(await self._ask("POST", "/v1/refunds", body, key=order.key))

    async def look_refund(self, provider_refund_id: str) -> Refunded:
        return _refunded(await self._ask("GET", f"/v1/refunds/{provider_refund_id}"))

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        self._check(headers.get("sandbox-signature", ""), body)
        return _event(msgspec.json.decode(body))

    async def close(self) -> None:
        await self._client.aclose()

    def _check(self, signature: str, body: bytes) -> None:
        parts = [part.partition("=") for part in signature.split(",")]
        times = [value for name, _, value in parts if name == "t" and value.isdecimal()]
        marks = [value for name, _, value in parts if name == "v1"]
        if len(times) != 1:
            raise BadSignature
        age = self._clock.now().timestamp() - int(times[0])
        if abs(age) > self._settings.tolerance_seconds:
            raise BadSignature
        signed = times[0].encode() + b"." + body
        for secret in self._settings.webhook_secrets:
            wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
            if any(hmac.compare_digest(wanted.encode(), mark.encode()) for mark in marks):
                return
        raise BadSignature

    async def _ask(self, method: str, path: str, body: Any = None, *, key: str = "") -> dict[str, Any]:
        headers = {"idempotency-key": key} if key else {}
        try:
            response = await self._client.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            raise EngineSilent(NAME) from None
        if response.status_code >= 500:
            raise EngineSilent(NAME)
        answer = msgspec.json.decode(response.content, type=dict[str, Any])
        if response.is_error:
            raise EngineRefused(NAME, answer["error"]["code"])
        return answer


def _known(charge: Mapping[str, Any]) -> Known:
    status = _STATUS[charge["status"]]
    currency = charge["currency"]
    has_succeeded = status == "succeeded"
    waits = status == "requires_action" and "page_url" in charge
    return Known(
        status=status,
        amount=Money.from_minor(charge["captured"] if has_succeeded else charge["amount"], currency),
        refunded=Money.from_minor(charge["refunded"], currency),
        fee=Money.from_minor(charge["fee"], currency) if has_succeeded else None,
        reason=charge["reason"],
        action=Action("redirect", charge["page_url"]) if waits else None,
    )


def _refunded(refund: Mapping[str, Any]) -> Refunded:
    return Refunded(cast(RefundStatus, refund["status"]), refund["id"], refund["reason"])


def _event(told: Mapping[str, Any]) -> ProviderEvent:
    charge, refund = told["charge"], told["refund"]
    at = datetime.fromtimestamp(told["created_ms"] // 1000, UTC).replace(
        microsecond=told["created_ms"] % 1000 * 1000
    )
    known = _known(charge)
    ours = charge["metadata"].get("payment")
    payment = PaymentId(UUID(ours)) if ours else None
    if refund is None:
        return ProviderEvent(
            id=told["id"],
            kind="payment",
            at=at,
            provider_id=charge["id"],
            payment=payment,
            status=known.status,
            amount=known.amount,
            fee=known.fee,
            reason=known.reason,
        )
    our_refund = refund["metadata"].get("refund")
    return ProviderEvent(
        id=told["id"],
        kind="refund",
        at=at,
        provider_id=charge["id"],
        payment=payment,
        amount=Money.from_minor(refund["amount"], charge["currency"]),
        reason=refund["reason"],
        refund=RefundId(UUID(our_refund)) if our_refund else None,
        provider_refund_id=refund["id"],
        refund_status=cast(RefundStatus, refund["status"]),
    )


def make_sandbox(settings: SandboxSettings) -> Sandbox:
    return Sandbox(settings)


ENGINE = Engine("payment", NAME, "Sandbox (test cards, no money)", SandboxSettings, make_sandbox)
