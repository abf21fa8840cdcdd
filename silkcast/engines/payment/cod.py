# SPDX-License-Identifier: Apache-2.0
"""Cash on delivery: the carrier collects, so there is nobody to ask. What the carrier and the desk report is
turned into the same news that a provider would send, and settles payments by the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.engines import Engine
from silkcast.trade.payments.port import (
    BadSignature,
    Begun,
    Charge,
    EngineRefused,
    Form,
    Known,
    Method,
    ProviderEvent,
    Refunded,
    RefundOrder,
    Status,
)
from silkcast.trade.payments.values import Payment, Refund

NAME = "cod"


@dataclass(frozen=True, slots=True)
class CodSettings:
    """Where cash is collected."""

    markets: tuple[str, ...] = ()
    """Only there; empty: wherever the market itself takes cash."""


class Cod:
    """Keeps nothing itself: a payment waits until the carrier reports."""

    name = NAME
    by_hand = True
    pages: tuple[str, ...] = ()
    is_framed = False
    form: Form | None = None

    def __init__(self, settings: CodSettings) -> None:
        self._markets = frozenset(settings.markets)

    def methods(self, market: Country, currency: Currency) -> tuple[Method, ...]:
        is_there = not self._markets or market in self._markets
        return (Method("cod", NAME, at_door=True),) if is_there else ()

    async def begin(self, charge: Charge) -> Begun:
        # The id carries the amount, so that what is asked about it can be answered from nothing else.
        return Begun("pending", f"cod:{charge.payment}:{charge.amount.minor}:{charge.amount.currency}")

    async def look(self, provider_id: str) -> Known:
        """Waiting, as far as anybody here knows: only the carrier's report says more."""
        return _known(provider_id, "pending")

    async def capture(self, provider_id: str, amount: Money, *, key: str) -> Known:
        raise EngineRefused(NAME, "collected_at_the_door")

    async def void(self, provider_id: str, *, key: str) -> Known:
        """Nobody is to collect any more; whoever asks for this tells the carrier. Cash that was collected
        all the same stays so: what has succeeded is not undone by news."""
        return _known(provider_id, "cancelled")

    async def refund(self, order: RefundOrder) -> Refunded:
        """By bank transfer, by hand: pending until the desk says that it went out."""
        return Refunded("pending", f"cod-{order.refund}")

    async def look_refund(self, provider_refund_id: str) -> Refunded:
        raise EngineRefused(NAME, "ask_the_desk")

    def read_webhook(self, headers: Mapping[str, str], body: bytes) -> ProviderEvent:
        raise BadSignature

    async def close(self) -> None:
        return None


def collected(payment: Payment, *, fee: Money, at: datetime) -> ProviderEvent:
    """The carrier has the cash: news that the payment succeeded, the carrier's fee with it."""
    return _news(payment, "succeeded", at, fee=fee)


def not_collected(payment: Payment, *, reason: str, at: datetime) -> ProviderEvent:
    """The parcel was refused at the door, or the order called off before."""
    return _news(payment, "cancelled", at, reason=reason)


def paid_out(refund: Refund, *, at: datetime) -> ProviderEvent:
    """The desk has sent the transfer of a refund."""
    return ProviderEvent(
        id=f"cod-{refund.id}-paid-out",
        kind="refund",
        at=at,
        payment=refund.payment,
        amount=refund.amount,
        refund=refund.id,
        provider_refund_id=f"cod-{refund.id}",
        refund_status="succeeded",
    )


def _news(
    payment: Payment, status: Status, at: datetime, *, fee: Money | None = None, reason: str = ""
) -> ProviderEvent:
    return ProviderEvent(
        id=f"cod-{payment.id}-{status}",
        kind="payment",
        at=at,
        provider_id=payment.provider_id,
        payment=payment.id,
        status=status,
        amount=payment.amount,
        fee=fee,
        reason=reason,
    )


def _known(provider_id: str, status: Status) -> Known:
    match provider_id.split(":"):
        case ["cod", _, minor, currency] if minor.isdecimal():
            return Known(status, Money.from_minor(int(minor), currency), Money.zero(currency))
    raise EngineRefused(NAME, "unknown")


def make_cod(settings: CodSettings) -> Cod:
    return Cod(settings)


ENGINE = Engine("payment", NAME, "Cash on delivery", CodSettings, make_cod)
