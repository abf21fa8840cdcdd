# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class NoticeRow(Base):
    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sent', 'failed', 'erased')", name="state_known"),
        Index("notices_about", "about"),
        Index("notices_by_time", "created_at"),
        {"schema": "notices"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(12))
    about: Mapped[UUID | None]
    sealed: Mapped[str]
    """Empty once erased."""
    state: Mapped[str] = mapped_column(String(8), server_default="queued")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class FollowerRow(Base):
    """Somebody asked to be told of a shop, in a market."""

    __tablename__ = "followers"
    __table_args__ = (Index("followers_of_market", "market", "user_id"), {"schema": "notices"})

    seller_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    agreed_at: Mapped[datetime]
