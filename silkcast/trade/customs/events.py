# SPDX-License-Identifier: Apache-2.0
"""What customs announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import DeclarationId, OrderId, ParcelId, SellerId
from silkcast.plumbing.events import Event
from silkcast.trade.customs.values import Reason


@dataclass(frozen=True, slots=True)
class DeclarationSent(Event):
    """All four messages are with customs."""

    name: ClassVar[str] = "customs.declaration_sent.v1"
    declaration: DeclarationId
    order: OrderId
    parcel: ParcelId
    seller: SellerId
    attempt: int


@dataclass(frozen=True, slots=True)
class DeclarationStored(Event):
    name: ClassVar[str] = "customs.declaration_stored.v1"
    declaration: DeclarationId
    order: OrderId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class DeclarationHeld(Event):
    """A person looks at the papers, or at the goods: it may take days."""

    name: ClassVar[str] = "customs.declaration_held.v1"
    declaration: DeclarationId
    order: OrderId
    seller: SellerId
    state: str


@dataclass(frozen=True, slots=True)
class DeclarationReleased(Event):
    name: ClassVar[str] = "customs.declaration_released.v1"
    declaration: DeclarationId
    order: OrderId
    parcel: ParcelId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class DeclarationRefused(Event):
    """Refused or failed; correct it and send it again."""

    name: ClassVar[str] = "customs.declaration_refused.v1"
    declaration: DeclarationId
    order: OrderId
    seller: SellerId
    reasons: tuple[Reason, ...]
