# SPDX-License-Identifier: Apache-2.0
"""What sellers refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound


@dataclass(eq=False)
class SellerNotFound(NotFound):
    """There is no such shop, or it is not yours."""

    code: ClassVar[str] = "sellers.not_found"


@dataclass(eq=False)
class SlugTaken(Conflict):
    """Another shop has this address."""

    code: ClassVar[str] = "sellers.slug_taken"
    slug: str


@dataclass(eq=False)
class BadShop(Invalid):
    """Something said of the shop cannot be right: which field, and what is wrong with it."""

    code: ClassVar[str] = "sellers.bad_shop"
    field: str
    fault: str


@dataclass(eq=False)
class ShopSuspended(Conflict):
    """The shop is suspended: it can look, and send what is sold, but not sell."""

    code: ClassVar[str] = "sellers.suspended"
