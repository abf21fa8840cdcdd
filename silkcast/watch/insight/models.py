# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class ShowSumRow(Base):
    __tablename__ = "show_sums"
    __table_args__ = ({"schema": "insight"},)

    show_id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    orders: Mapped[int]
    units: Mapped[int]
    takings: Mapped[Decimal]


class ProductSumRow(Base):
    __tablename__ = "product_sums"
    __table_args__ = ({"schema": "insight"},)

    show_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    units: Mapped[int]
    takings: Mapped[Decimal]


class DaySumRow(Base):
    __tablename__ = "day_sums"
    __table_args__ = ({"schema": "insight"},)

    seller_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    orders: Mapped[int]
    units: Mapped[int]
    takings: Mapped[Decimal]
