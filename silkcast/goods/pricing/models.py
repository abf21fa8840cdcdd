# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class PriceRow(Base):
    __tablename__ = "prices"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_over_zero"),
        CheckConstraint("until >= since", name="not_backwards"),
        Index(
            "one_price_at_a_time", "variant_id", "market", unique=True, postgresql_where=text("until IS NULL")
        ),
        Index("prices_in_time", "variant_id", "market", "since"),
        {"schema": "pricing"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID]
    market: Mapped[str] = mapped_column(String(2))
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class FloorRow(Base):
    __tablename__ = "floors"
    __table_args__ = (CheckConstraint("amount > 0", name="floor_over_zero"), {"schema": "pricing"})

    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
