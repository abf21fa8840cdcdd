# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class LineRow(Base):
    __tablename__ = "lines"
    __table_args__ = (
        CheckConstraint("kind IN ('viewer', 'host', 'system')", name="kind_known"),
        CheckConstraint("state IN ('shown', 'held', 'hidden')", name="state_known"),
        CheckConstraint("char_length(text) BETWEEN 1 AND 200", name="text_length"),
        Index("lines_of_show", "show_id", "state", "at"),
        Index("lines_of_author", "show_id", "author", "at"),
        {"schema": "chat"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    show_id: Mapped[UUID]
    author: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(8))
    held_for: Mapped[str | None] = mapped_column(String(8))
    at: Mapped[datetime]


class MuteRow(Base):
    __tablename__ = "mutes"
    __table_args__ = ({"schema": "chat"},)

    show_id: Mapped[UUID] = mapped_column(primary_key=True)
    author: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    until: Mapped[datetime]
