# SPDX-License-Identifier: Apache-2.0
"""Tables of sellers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class SellerRow(Base):
    """A shop. The return address is sealed."""

    __tablename__ = "sellers"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'suspended')", name="status"),
        CheckConstraint("commission_rate BETWEEN 0 AND 0.5", name="commission_rate"),
        Index("ix_sellers_owner", "owner"),
        {"schema": "sellers"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[UUID]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[dict[str, Any]]
    story: Mapped[dict[str, Any]]
    city: Mapped[str]
    country: Mapped[str] = mapped_column(CHAR(2))
    avatar: Mapped[UUID | None]
    legal_name: Mapped[str]
    trade_code: Mapped[str]
    uscc: Mapped[str]
    ebc_code: Mapped[str]
    ebc_name: Mapped[str]
    return_address: Mapped[str]
    status: Mapped[str]
    commission_rate: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    opened_at: Mapped[datetime]


class AnswerableRow(Base):
    """Who answers for the goods. Public by law, so not sealed."""

    __tablename__ = "answerable"
    __table_args__ = ({"schema": "sellers"},)

    seller: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    email: Mapped[str]


class WarehouseRow(Base):
    """Where goods lie. The address is sealed."""

    __tablename__ = "warehouses"
    __table_args__ = ({"schema": "sellers"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    made_at: Mapped[datetime]
