# SPDX-License-Identifier: Apache-2.0
"""The table of quotes."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class UseRow(Base):
    """What an order uses of a quota the law gives a person. Persons are keyed digests, never names."""

    __tablename__ = "uses"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index("ix_uses_persons", "persons", postgresql_using="gin"),
        Index("ix_uses_on_day", "on_day"),
        {"schema": "quotes"},
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    quota: Mapped[str] = mapped_column(String(40), primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    persons: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    amount: Mapped[Decimal]
    on_day: Mapped[date]
    counts: Mapped[bool]
    """Not for an order that came to nothing."""


class QuoteRow(Base):
    """An offer as it was promised. Never changed: there is no verb for it."""

    __tablename__ = "quotes"
    __table_args__ = (
        CheckConstraint("until > kept_at", name="until"),
        Index("quotes_by_end", "until"),
        {"schema": "quotes"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    delivery: Mapped[str] = mapped_column(String(80))
    offer: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
    until: Mapped[datetime]
