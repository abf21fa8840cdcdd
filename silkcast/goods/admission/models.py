# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, only_added_to


class RulingRow(Base):
    """A decision of a person. Another one is another row: what was decided stays to be read."""

    __tablename__ = "rulings"
    __table_args__ = (
        CheckConstraint("decision IN ('admit', 'bar')", name="decision"),
        Index("rulings_of_product", "product", "market", "at"),
        {"schema": "admission"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product: Mapped[UUID]
    market: Mapped[str] = mapped_column(CHAR(2))
    decision: Mapped[str]
    rows: Mapped[list[Any]]
    reason: Mapped[str]
    until: Mapped[date]
    digest: Mapped[bytes]
    by: Mapped[UUID | None]
    at: Mapped[datetime]
    paper: Mapped[UUID | None]


only_added_to(RulingRow.__table__)


class AppealRow(Base):
    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'admitted', 'refused')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        Index("one_open_appeal", "product", "market", unique=True, postgresql_where=text("state = 'open'")),
        Index("appeals_in_time", "asked_at", "id"),
        Index("appeals_of_seller", "seller", "asked_at", "id"),
        {"schema": "admission"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product: Mapped[UUID]
    seller: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    market: Mapped[str] = mapped_column(CHAR(2))
    name: Mapped[str]
    rows: Mapped[list[Any]]
    words: Mapped[str]
    paper: Mapped[UUID | None]
    paper_type: Mapped[str]
    digest: Mapped[bytes]
    state: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str]
    until: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
