# SPDX-License-Identifier: Apache-2.0
"""What the catalog refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.refusals import Conflict, Invalid, NotFound

from .values import Fault


@dataclass(eq=False)
class ProductNotFound(NotFound):
    """There is no such product, or it is not yours."""

    code: ClassVar[str] = "catalog.not_found"


@dataclass(eq=False)
class BadProduct(Invalid):
    """What cannot be right of a product: all of it at once, so that a form can say so."""

    code: ClassVar[str] = "catalog.bad_product"
    faults: tuple[Fault, ...]


@dataclass(eq=False)
class NotReady(Conflict):
    """The draft lacks what a listed product must have."""

    code: ClassVar[str] = "catalog.not_ready"
    faults: tuple[Fault, ...]


@dataclass(eq=False)
class SlugTaken(Conflict):
    """Another product of the shop has this address."""

    code: ClassVar[str] = "catalog.slug_taken"
    slug: str


@dataclass(eq=False)
class SkuTaken(Conflict):
    """Another variant of the shop has this SKU."""

    code: ClassVar[str] = "catalog.sku_taken"
    sku: str


@dataclass(eq=False)
class ProductChanged(Conflict):
    """Somebody revised the product since it was read. Read it again."""

    code: ClassVar[str] = "catalog.changed"
    version: int
