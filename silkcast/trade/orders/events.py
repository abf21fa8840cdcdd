# SPDX-License-Identifier: Apache-2.0
"""What orders announces. Ids, sums and counts only: nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import OrderId, SellerId, ShowId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class OrderEvent(Event):
    """What every event of an order carries."""

    order: OrderId
    seller: SellerId
    market: Country
    show: ShowId | None
    total: Money
    units: int
    payment_method: str


@dataclass(frozen=True, slots=True)
class OrderPlaced(OrderEvent):
    name: ClassVar[str] = "orders.placed.v1"


@dataclass(frozen=True, slots=True)
class OrderPaid(OrderEvent):
    name: ClassVar[str] = "orders.paid.v1"


@dataclass(frozen=True, slots=True)
class OrderAcceptedForCash(OrderEvent):
    """Taken on the promise to pay at the door."""

    name: ClassVar[str] = "orders.accepted_for_cash.v1"


@dataclass(frozen=True, slots=True)
class OrderCancelled(OrderEvent):
    name: ClassVar[str] = "orders.cancelled.v1"


@dataclass(frozen=True, slots=True)
class OrderExpired(OrderEvent):
    name: ClassVar[str] = "orders.expired.v1"


@dataclass(frozen=True, slots=True)
class OrderDeclared(OrderEvent):
    name: ClassVar[str] = "orders.declared.v1"


@dataclass(frozen=True, slots=True)
class OrderShipped(OrderEvent):
    name: ClassVar[str] = "orders.shipped.v1"


@dataclass(frozen=True, slots=True)
class OrderDelivered(OrderEvent):
    name: ClassVar[str] = "orders.delivered.v1"


@dataclass(frozen=True, slots=True)
class OrderRefunded(OrderEvent):
    name: ClassVar[str] = "orders.refunded.v1"
