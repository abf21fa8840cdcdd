# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class HookRow(Base):
    __tablename__ = "hooks"
    __table_args__ = (Index("hooks_of_seller", "seller", "made_at"), {"schema": "hooks"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    is_active: Mapped[bool] = mapped_column(server_default="true")
    secret: Mapped[str]
    """Sealed."""
    old_secret: Mapped[str | None]
    old_until: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    made_at: Mapped[datetime]


class DeliveryRow(Base):
    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state_known"),
        Index("one_delivery_a_key", "hook", "key", unique=True),
        Index("deliveries_of_hook", "hook", "made_at", "id"),
        Index("deliveries_waiting", "next_at", postgresql_where=text("state = 'waiting'")),
        {"schema": "hooks"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hook: Mapped[UUID] = mapped_column(ForeignKey("hooks.hooks.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8), server_default="waiting")
    tries: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[int] = mapped_column(server_default="0")
    fault: Mapped[str] = mapped_column(String(80), server_default="")
    made_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
