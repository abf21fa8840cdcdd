# SPDX-License-Identifier: Apache-2.0
"""What the catalog announces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import ProductId, SellerId
from silkcast.plumbing.outbox import Event


@dataclass(frozen=True, slots=True)
class ProductListed(Event):
    """A product can be bought from now on."""

    name: ClassVar[str] = "catalog.product_listed.v1"
    product: ProductId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class ProductRevised(Event):
    """Something else is said of a product."""

    name: ClassVar[str] = "catalog.product_revised.v1"
    product: ProductId
    seller: SellerId


@dataclass(frozen=True, slots=True)
class ProductWithdrawn(Event):
    """A product can no longer be bought."""

    name: ClassVar[str] = "catalog.product_withdrawn.v1"
    product: ProductId
    seller: SellerId
