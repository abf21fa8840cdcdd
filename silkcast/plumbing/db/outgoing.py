# SPDX-License-Identifier: Apache-2.0
"""Outgoing: the outbox row of each event announced, and the queue row of each job wanted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BigInteger, Identity, Index, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db.queue import enqueueing
from silkcast.plumbing.db.table import Base
from silkcast.plumbing.db.transaction import Tx

_AT_ONCE = timedelta(0)
# in the order they were announced: `seq` counts up as the rows come
_ANNOUNCE = """
INSERT INTO outbox.event (id, name, body, announced_at)
SELECT id, name, CAST(body AS jsonb), $4 FROM unnest($1::uuid[], $2::text[], $3::text[])
    WITH ORDINALITY AS announced (id, name, body, turn) ORDER BY turn
"""


class OutboxRow(Base):
    """One event, announced. Removed by the relay's sweep when every reaction has run."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_announced_at", "announced_at"),
        Index("ix_event_new", "seq", postgresql_where=text("NOT fanned_out")),
        {"schema": "outbox"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    name: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    announced_at: Mapped[datetime]
    fanned_out: Mapped[bool] = mapped_column(server_default=text("false"))
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


async def write_outgoing(tx: Tx) -> None:
    """One statement for all events of the transaction, one for all its jobs."""
    if events := tx.announced:
        connection = await tx.session.connection()
        rows = (
            [new_uuid() for _ in events],
            [event.name for event in events],
            [msgspec.json.encode(event).decode() for event in events],
            tx.now,
        )
        await connection.exec_driver_sql(_ANNOUNCE, rows)
    if jobs := tx.enqueued:
        connection = await tx.session.connection()
        columns = (
            [0] * len(jobs),
            [wanted.job for wanted in jobs],
            [msgspec.json.encode(wanted.payload) for wanted in jobs],
            [max(wanted.at - tx.now, _AT_ONCE) if wanted.at else _AT_ONCE for wanted in jobs],
            [f"{wanted.job}:{wanted.key}" if wanted.key else None for wanted in jobs],
            ["{}"] * len(jobs),
            tx.now,
        )
        await connection.exec_driver_sql(enqueueing(), columns)
