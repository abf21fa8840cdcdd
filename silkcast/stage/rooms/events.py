# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from silkcast.ground.ids import PinId, ProductId, SellerId, ShowId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class ShowPlanned(Event):
    name: ClassVar[str] = "rooms.show_planned.v1"
    show: ShowId
    seller: SellerId
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class ShowStarted(Event):
    name: ClassVar[str] = "rooms.show_started.v1"
    show: ShowId
    seller: SellerId
    at: datetime


@dataclass(frozen=True, slots=True)
class ShowEnded(Event):
    name: ClassVar[str] = "rooms.show_ended.v1"
    show: ShowId
    seller: SellerId
    at: datetime


@dataclass(frozen=True, slots=True)
class ProductPinned(Event):
    name: ClassVar[str] = "rooms.product_pinned.v1"
    show: ShowId
    pin: PinId
    product: ProductId
    at: datetime


@dataclass(frozen=True, slots=True)
class ProductUnpinned(Event):
    name: ClassVar[str] = "rooms.product_unpinned.v1"
    show: ShowId
    pin: PinId
    product: ProductId
    at: datetime


@dataclass(frozen=True, slots=True)
class PictureChanged(Event):
    """The stream came or went. The show goes on either way: the shop stays open."""

    name: ClassVar[str] = "rooms.picture_changed.v1"
    show: ShowId
    has_picture: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReplayReady(Event):
    name: ClassVar[str] = "rooms.replay_ready.v1"
    show: ShowId
    seconds: int
