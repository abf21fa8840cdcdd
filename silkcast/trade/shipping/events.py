# SPDX-License-Identifier: Apache-2.0
"""What shipping announces. Ids, days and amounts; nobody's name, nobody's street."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.ids import OrderId, ParcelId, ReturnId, SellerId
from silkcast.ground.money import Money
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class ParcelBooked(Event):
    name: ClassVar[str] = "shipping.parcel_booked.v1"
    parcel: ParcelId
    order: OrderId
    seller: SellerId
    carrier: str
    tracking: str
    direction: str


@dataclass(frozen=True, slots=True)
class ParcelMoved(Event):
    """The parcel reached a new state on its way; told once for each state reached."""

    name: ClassVar[str] = "shipping.parcel_moved.v1"
    parcel: ParcelId
    order: OrderId
    seller: SellerId
    direction: str
    returning: ReturnId | None
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelDelivered(Event):
    name: ClassVar[str] = "shipping.parcel_delivered.v1"
    parcel: ParcelId
    order: OrderId
    seller: SellerId
    direction: str
    returning: ReturnId | None
    delivered_at: datetime
    promise_kept: bool | None


@dataclass(frozen=True, slots=True)
class CashCollected(Event):
    """The carrier took the money at the door and owes it to us."""

    name: ClassVar[str] = "shipping.cash_collected.v1"
    parcel: ParcelId
    order: OrderId
    carrier: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class ParcelLost(Event):
    name: ClassVar[str] = "shipping.parcel_lost.v1"
    parcel: ParcelId
    order: OrderId
    seller: SellerId
    direction: str
