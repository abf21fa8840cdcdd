# SPDX-License-Identifier: Apache-2.0
"""When each tick last began. The queue's own tables are pgqueuer's, made beside these."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class TickRow(Base):
    """One tick by the clock, shared by all processes."""

    __tablename__ = "tick"
    __table_args__ = ({"schema": "jobs"},)

    name: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
