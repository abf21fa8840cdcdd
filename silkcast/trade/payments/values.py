# SPDX-License-Identifier: Apache-2.0
"""Values of a payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.ids import OrderId, PaymentId, RefundId
from silkcast.ground.money import Money

from .port import Action, Charge, ProviderEvent, RefundStatus, Status

Outcome = Literal["applied", "stale", "unknown", "ignored"]
"""What news did: moved something, told what was known, spoke of no payment of ours, or of something else."""


@dataclass(frozen=True, slots=True)
class Payment:
    """An attempt to pay for an order, with one provider."""

    id: PaymentId
    order: OrderId
    amount: Money
    engine: str
    method: str
    status: Status
    key: str
    charge: Charge
    """What is asked of the provider: the same each time it is asked."""
    provider_id: str
    action: Action | None
    reason: str
    paid: Money
    fee: Money | None
    refunded: Money
    refunding: Money
    """Refunds under way: already promised, so not free to be refunded again."""
    attempts: int
    created_at: datetime
    updated_at: datetime

    @property
    def refundable(self) -> Money:
        return self.paid - self.refunded - self.refunding


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back."""

    id: RefundId
    payment: PaymentId
    order: OrderId
    engine: str
    amount: Money
    key: str
    why: str
    status: RefundStatus
    provider_refund_id: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Webhook:
    """News as it came in."""

    id: UUID
    engine: str
    event: ProviderEvent
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    outcome: Outcome | None
