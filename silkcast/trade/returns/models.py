# SPDX-License-Identifier: Apache-2.0
"""Tables of returns."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class ReturnRow(Base):
    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint(
            "state in ('asked', 'accepted', 'declined', 'sent_back', 'received', 'refunded', 'closed')",
            name="state",
        ),
        CheckConstraint("return_freight in ('buyer', 'seller')", name="return_freight"),
        CheckConstraint("(answered_at is null) = (answered_by is null)", name="answered"),
        CheckConstraint(
            "state not in ('received', 'refunded') or received_at is not null", name="received_when"
        ),
        CheckConstraint("state <> 'refunded' or refunded_at is not null", name="refunded_when"),
        Index("ix_returns_order", "order_id"),
        Index("ix_returns_seller", "seller_id", "id"),
        Index("ix_returns_unanswered", "answer_by", postgresql_where=text("state = 'asked'")),
        Index("ix_returns_unsent", "send_by", postgresql_where=text("state = 'accepted'")),
        {"schema": "returns"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    seller_id: Mapped[UUID]
    number: Mapped[str]
    market: Mapped[str] = mapped_column(CHAR(2))
    reason: Mapped[str]
    words: Mapped[str]  # sealed, as the answer
    state: Mapped[str]
    currency: Mapped[str] = mapped_column(CHAR(3))
    basis: Mapped[dict[str, Any]]
    money: Mapped[list[Any]]
    return_freight: Mapped[str]
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    answer: Mapped[str] = mapped_column(server_default="")
    send_by: Mapped[datetime | None]
    parcel_id: Mapped[UUID | None]
    tracking: Mapped[str | None]
    sent_back_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    condition: Mapped[str | None]
    refunded_at: Mapped[datetime | None]


class WithdrawalRow(Base):
    """A buyer's statement that they withdraw from the contract. Never changed; no words of theirs in it."""

    __tablename__ = "withdrawals"
    __table_args__ = ({"schema": "returns"},)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    seller_id: Mapped[UUID]
    at: Mapped[datetime]


class PartRow(Base):
    __tablename__ = "parts"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        Index("ix_parts_order_line", "order_line_id"),
        {"schema": "returns"},
    )

    return_id: Mapped[UUID] = mapped_column(ForeignKey("returns.returns.id"), primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant_id: Mapped[UUID]
    units: Mapped[int]
