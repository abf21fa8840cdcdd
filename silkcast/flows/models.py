# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class ProgressRow(Base):
    __tablename__ = "progress"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'undoing', 'done', 'undone')", name="state_known"),
        Index("one_progress_a_key", "flow", "key", unique=True),
        Index("progress_to_go_on", "touched_at", postgresql_where=text("state IN ('running', 'undoing')")),
        {"schema": "flows"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), server_default="running")
    steps_done: Mapped[int] = mapped_column(server_default="0")
    notes: Mapped[dict[str, Any]] = mapped_column(JSONB)
    refusal: Mapped[str | None] = mapped_column(String(80))
    touched_at: Mapped[datetime]


class ClearingRow(Base):
    """The open orders of a closed market are let go: how far it has come."""

    __tablename__ = "clearings"
    __table_args__ = (
        CheckConstraint("done >= 0 AND failed >= 0", name="counts"),
        {"schema": "flows"},
    )

    closure_id: Mapped[UUID] = mapped_column(primary_key=True)
    orders: Mapped[int]
    """So many were open when it began."""
    done: Mapped[int] = mapped_column(server_default="0")
    failed: Mapped[int] = mapped_column(server_default="0")
    refunded: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """Paid money that goes back, by currency, as text."""
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
