# SPDX-License-Identifier: Apache-2.0
"""What the catalog hands in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from silkcast.ground.ids import FileId, ProductId, SellerId, VariantId
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight

Status = Literal["draft", "listed", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product; `alt` says what it shows to those who do not see it."""

    file: FileId
    alt: Words
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Restriction:
    """A market the product is not sold to, and why."""

    market: Country
    reason: str


@dataclass(frozen=True, slots=True)
class NewVariant:
    """What is asked of a variant. The SKU tells which one it is when a product is revised."""

    sku: str
    net: Weight
    gross: Weight
    size: Size
    options: Mapping[str, Words] = field(default_factory=dict)
    """`colour` to its words; empty where the product comes in one kind."""
    unit_code: str = "011"
    """Unit of sale by China customs' table, three digits: 011 piece, 006 set."""


@dataclass(frozen=True, slots=True)
class NewProduct:
    """What is asked of a product, and what may be changed later."""

    slug: str
    names: Words
    hs_code: str
    origin: Country
    variants: tuple[NewVariant, ...]
    descriptions: Words | None = None
    material: Words | None = None
    pictures: tuple[Picture, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    hs_edition: str = "2022"
    has_battery: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that can be bought."""

    id: VariantId
    product: ProductId
    sku: str
    options: Mapping[str, Words]
    net: Weight
    gross: Weight
    size: Size
    unit_code: str
    is_sold: bool = True
    """False where the seller has dropped it."""

    def label(self, language: str) -> str:
        """The options in words: `Celadon · 250 ml`."""
        return " · ".join(words.text(language) for words in self.options.values())


@dataclass(frozen=True, slots=True)
class Product:
    """What a shop sells. `variants` has those that are still sold."""

    id: ProductId
    seller: SellerId
    slug: str
    names: Words
    descriptions: Words | None
    hs_code: str
    hs_edition: str
    origin: Country
    material: Words | None
    pictures: tuple[Picture, ...]
    variants: tuple[Variant, ...]
    restrictions: tuple[Restriction, ...]
    has_battery: bool
    status: Status
    created_at: datetime
    updated_at: datetime
    version: int

    @property
    def is_listed(self) -> bool:
        return self.status == "listed"

    def restriction(self, market: str) -> Restriction | None:
        """Why it is not sold to a market, if so."""
        return next((found for found in self.restrictions if found.market == market), None)


@dataclass(frozen=True, slots=True)
class VariantOf:
    """A variant with the product it is of."""

    variant: Variant
    product: Product


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: `variants.0.sku`, `empty`."""

    field: str
    fault: str
