# SPDX-License-Identifier: Apache-2.0
"""The outbox's own table: what became of each (event, reaction)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class DeliveryRow(Base):
    """One event on its way to one reaction. Unique, so that once done it is never done again."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed', 'dropped')", name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("state <> 'dropped' OR reason <> ''", name="dropped_has_reason"),
        Index("ix_delivery_due", "due_at", postgresql_where=text("state = 'waiting'")),
        Index("ix_delivery_failed", "due_at", postgresql_where=text("state = 'failed'")),
        {"schema": "outbox"},
    )

    event_id: Mapped[UUID] = mapped_column(
        ForeignKey("outbox.event.id", ondelete="CASCADE"), primary_key=True
    )
    reaction: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
