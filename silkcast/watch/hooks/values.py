# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from silkcast.ground.ids import HookId, SellerId

KINDS = frozenset(
    {
        "order.placed",
        "order.paid",
        "order.accepted_for_cash",
        "order.declared",
        "order.shipped",
        "order.delivered",
        "order.cancelled",
        "order.expired",
        "order.refunded",
        "return.asked",
        "return.accepted",
        "return.refunded",
        "declaration.refused",
        "stock.low",
        "payout.made",
    }
)
"""All there is to be told."""

SEND = "hooks.send"
"""The job that sends a delivery."""

DeliveryState = Literal["waiting", "sent", "failed"]
Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class DeliveryWanted:
    """The payload of that job."""

    delivery: UUID


@dataclass(frozen=True, slots=True)
class Hook:
    id: HookId
    seller: SellerId
    url: str
    kinds: frozenset[str]
    is_active: bool
    failing_since: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class NewHook:
    """A hook just made, or with a new secret: the only time the secret is seen."""

    hook: Hook
    secret: str

    def __repr__(self) -> str:
        return f"NewHook({self.hook.id}, …)"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One piece of news for one hook. `status` is the HTTP status of the last answer, 0 for none."""

    id: UUID
    hook: HookId
    kind: str
    state: DeliveryState
    tries: int
    status: int
    fault: str
    made_at: datetime
    next_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery as it goes over the wire."""

    url: str
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Outgoing({self.url})"
