# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class ShowRow(Base):
    __tablename__ = "shows"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'live', 'ended')", name="state_known"),
        CheckConstraint(
            "(state = 'planned') = (started_at IS NULL AND ended_at IS NULL)", name="times_match"
        ),
        CheckConstraint("likes >= 0 AND peak_viewers >= 0", name="counts_not_negative"),
        Index("one_live_show_a_seller", "seller_id", unique=True, postgresql_where=text("state = 'live'")),
        Index("shows_by_time", "state", "starts_at"),
        Index("shows_of_seller", "seller_id", "starts_at"),
        {"schema": "rooms"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller_id: Mapped[UUID] = mapped_column(ForeignKey("sellers.sellers.id"))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    titles: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cover: Mapped[UUID | None]
    starts_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), server_default="planned")
    run: Mapped[list[UUID]] = mapped_column(ARRAY(PgUuid(as_uuid=True)))
    key_sealed: Mapped[str]
    key_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    has_picture: Mapped[bool] = mapped_column(server_default=text("false"))
    replay_path: Mapped[str | None]
    replay_seconds: Mapped[int | None]
    likes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    peak_viewers: Mapped[int] = mapped_column(Integer, server_default="0")


class PinRow(Base):
    __tablename__ = "pins"
    __table_args__ = (
        Index("one_open_pin_a_show", "show_id", unique=True, postgresql_where=text("unpinned_at IS NULL")),
        Index("pins_of_show", "show_id", "pinned_at"),
        CheckConstraint("unpinned_at >= pinned_at", name="not_backwards"),
        {"schema": "rooms"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    show_id: Mapped[UUID] = mapped_column(ForeignKey("rooms.shows.id"))
    product_id: Mapped[UUID]
    pinned_at: Mapped[datetime]
    unpinned_at: Mapped[datetime | None]
