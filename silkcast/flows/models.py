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
