# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base

KEEP_ENTRIES = """
CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are only ever added';
END $$;
CREATE TRIGGER keep_entries BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
"""


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


for _statement in KEEP_ENTRIES.strip().split(";\nCREATE TRIGGER"):
    _text = _statement if _statement.startswith("CREATE OR") else "CREATE TRIGGER" + _statement
    event.listen(EntryRow.__table__, "after_create", DDL(_text))  # type: ignore[no-untyped-call]
