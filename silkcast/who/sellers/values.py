# SPDX-License-Identifier: Apache-2.0
"""What sellers hands in and out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Literal

from silkcast.ground.ids import FileId, SellerId, UserId, WarehouseId
from silkcast.ground.language import Words
from silkcast.ground.places import Address, Country

Status = Literal["active", "suspended"]


@dataclass(frozen=True, slots=True)
class CustomsIdentity:
    """Who the shop is in an export declaration. Empty until the shop has registered with customs."""

    trade_code: str = ""
    """The ten characters of the customs registration."""
    uscc: str = ""
    """Unified social credit code, eighteen characters."""
    ebc_code: str = ""
    """What messages name the e-commerce company by: one of the two above."""
    ebc_name: str = ""
    """The company's name as registered, in Chinese."""


@dataclass(frozen=True, slots=True)
class NewSeller:
    """What is asked of somebody who opens a shop, and what may be changed later."""

    slug: str
    name: Words
    story: Words
    city: str
    country: Country
    legal_name: str
    return_address: Address
    customs: CustomsIdentity = field(default_factory=CustomsIdentity)
    avatar: FileId | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """A shop."""

    id: SellerId
    owner: UserId
    slug: str
    name: Words
    story: Words
    city: str
    country: Country
    avatar: FileId | None
    legal_name: str
    customs: CustomsIdentity
    return_address: Address
    status: Status
    commission_rate: Decimal
    opened_at: datetime

    @property
    def is_active(self) -> bool:
        return self.status == "active"


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for a shop's goods, shown to everybody: the maker, or a person in an area of law (`EU`)."""

    area: str
    """Empty: the maker."""
    name: str
    address: str
    email: str


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place where a shop's goods lie and parcels start from."""

    id: WarehouseId
    seller: SellerId
    name: str
    address: Address
