# SPDX-License-Identifier: Apache-2.0
"""What payments announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from silkcast.ground.ids import OrderId, PaymentId, RefundId
from silkcast.ground.money import Money
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class PaymentSucceeded(Event):
    """Announced once for a payment. The fee may come later, as `PaymentFeeKnown`."""

    name: ClassVar[str] = "payments.succeeded.v1"
    order: OrderId
    payment: PaymentId
    engine: str
    amount: Money
    fee: Money | None


@dataclass(frozen=True, slots=True)
class PaymentFeeKnown(Event):
    """The provider's fee for a payment whose success was announced without one."""

    name: ClassVar[str] = "payments.fee_known.v1"
    order: OrderId
    payment: PaymentId
    engine: str
    fee: Money


@dataclass(frozen=True, slots=True)
class PaymentFailed(Event):
    """Failed or cancelled. Should money come after all, `PaymentSucceeded` follows."""

    name: ClassVar[str] = "payments.failed.v1"
    order: OrderId
    payment: PaymentId
    reason: str


@dataclass(frozen=True, slots=True)
class RefundSucceeded(Event):
    name: ClassVar[str] = "payments.refund_succeeded.v1"
    order: OrderId
    payment: PaymentId
    refund: RefundId
    engine: str
    amount: Money
    why: str


@dataclass(frozen=True, slots=True)
class RefundFailed(Event):
    """The money is still here. With `had_succeeded`, `RefundSucceeded` was announced before."""

    name: ClassVar[str] = "payments.refund_failed.v1"
    order: OrderId
    payment: PaymentId
    refund: RefundId
    engine: str
    amount: Money
    reason: str
    had_succeeded: bool


@dataclass(frozen=True, slots=True)
class WebhookStored(Event):
    name: ClassVar[str] = "payments.webhook_stored.v1"
    webhook: UUID
    engine: str
