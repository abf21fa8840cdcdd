# SPDX-License-Identifier: Apache-2.0
"""Tables of customs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class DeclarationRow(Base):
    __tablename__ = "declarations"
    __table_args__ = (
        CheckConstraint("mode = '9610'", name="mode"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint(
            "state in ('drafted', 'sent', 'stored', 'reviewing', 'inspecting', 'refused', 'failed',"
            " 'released', 'closed')",
            name="state",
        ),
        CheckConstraint("state = 'drafted' or sent_at is not null", name="sent_when"),
        CheckConstraint(
            "state not in ('released', 'closed') or released_at is not null", name="released_when"
        ),
        Index("ux_declarations_parcel", "parcel_id", unique=True),
        Index("ux_declarations_cop_no", "cop_no", unique=True),
        Index("ix_declarations_order", "order_id"),
        Index("ix_declarations_seller", "seller_id", "id"),
        Index(
            "ix_declarations_open", "drafted_at", postgresql_where=text("state not in ('released', 'closed')")
        ),
        {"schema": "customs"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    parcel_id: Mapped[UUID]
    seller_id: Mapped[UUID]
    order_no: Mapped[str]
    cop_no: Mapped[str]
    mode: Mapped[str]
    attempt: Mapped[int]
    state: Mapped[str]
    reasons: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    pre_no: Mapped[str] = mapped_column(server_default="")
    inventory_no: Mapped[str] = mapped_column(server_default="")
    drafted_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    stored_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]


class MessageRow(Base):
    """A message as it was sent, kept as it was: customs may ask years later."""

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("kind in ('303', '403', '505', '603')", name="kind"),
        CheckConstraint("guid = upper(guid) and unit_guid = upper(unit_guid)", name="upper_case"),
        Index("ux_messages_attempt", "declaration_id", "attempt", "kind", unique=True),
        Index("ux_messages_unit", "unit_guid", unique=True),
        {"schema": "customs"},
    )

    guid: Mapped[str] = mapped_column(primary_key=True)
    unit_guid: Mapped[str]
    declaration_id: Mapped[UUID] = mapped_column(ForeignKey("customs.declarations.id"))
    attempt: Mapped[int]
    kind: Mapped[str]
    xml: Mapped[str]
    sent_at: Mapped[datetime | None]


class ReceiptRow(Base):
    __tablename__ = "receipts"
    __table_args__ = ({"schema": "customs"},)

    unit_guid: Mapped[str] = mapped_column(ForeignKey("customs.messages.unit_guid"), primary_key=True)
    status: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    info: Mapped[str]
    pre_no: Mapped[str]
    inventory_no: Mapped[str]
    heard_at: Mapped[datetime]
