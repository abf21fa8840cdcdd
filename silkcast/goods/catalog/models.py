# SPDX-License-Identifier: Apache-2.0
"""Tables of the catalog."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class ProductRow(Base):
    """What a shop sells. `search` has every name and SKU in small letters."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("seller", "slug"),
        CheckConstraint("status IN ('draft', 'listed', 'withdrawn')", name="status"),
        CheckConstraint("hs_code ~ '^[0-9]{6,10}$'", name="hs_code"),
        Index("ix_products_created_at", "created_at", "id"),
        Index("ix_products_seller", "seller", "created_at", "id"),
        {"schema": "catalog"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    slug: Mapped[str]
    names: Mapped[dict[str, Any]]
    descriptions: Mapped[dict[str, Any]]
    material: Mapped[dict[str, Any]]
    hs_code: Mapped[str]
    hs_edition: Mapped[str]
    origin: Mapped[str] = mapped_column(CHAR(2))
    restrictions: Mapped[list[Any]]
    has_battery: Mapped[bool]
    status: Mapped[str]
    search: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]


class VariantRow(Base):
    """One thing that can be bought. Never removed: others know it by its id."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("seller", "sku"),
        CheckConstraint("0 < net_grams AND net_grams <= gross_grams", name="weights"),
        CheckConstraint("least(length_mm, width_mm, height_mm) > 0", name="size"),
        Index("ix_variants_product", "product", "position"),
        {"schema": "catalog"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id"))
    seller: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    sku: Mapped[str]
    options: Mapped[list[Any]]
    net_grams: Mapped[int]
    gross_grams: Mapped[int]
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    unit_code: Mapped[str] = mapped_column(CHAR(3))
    position: Mapped[int]
    is_sold: Mapped[bool]


class PictureRow(Base):
    """A picture, in the order to show them in."""

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0", name="size"),
        {"schema": "catalog"},
    )

    product: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[UUID]
    alt: Mapped[dict[str, Any]]
    width: Mapped[int]
    height: Mapped[int]
