# SPDX-License-Identifier: Apache-2.0
"""What sellers announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import SellerId, UserId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class ShopOpened(Event):
    """Somebody opened a shop."""

    name: ClassVar[str] = "sellers.shop_opened.v1"
    seller: SellerId
    owner: UserId


@dataclass(frozen=True, slots=True)
class ShopRevised(Event):
    """A shop told something else about itself."""

    name: ClassVar[str] = "sellers.shop_revised.v1"
    seller: SellerId


@dataclass(frozen=True, slots=True)
class ShopSuspended(Event):
    """The shop sells nothing until it is reinstated."""

    name: ClassVar[str] = "sellers.shop_suspended.v1"
    seller: SellerId
    why: str


@dataclass(frozen=True, slots=True)
class ShopReinstated(Event):
    """The shop may sell again."""

    name: ClassVar[str] = "sellers.shop_reinstated.v1"
    seller: SellerId
