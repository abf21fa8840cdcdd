# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, only_added_to


class EntryRow(Base):
    __tablename__ = "entries"
    __table_args__ = (
        Index("entries_by_time", "at", "id"),
        Index("entries_of_object", "object_kind", "object_id"),
        {"schema": "audit"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[UUID | None]
    verb: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(80))
    facts: Mapped[dict[str, Any]]


only_added_to(EntryRow.__table__)
