# SPDX-License-Identifier: Apache-2.0
"""Tables of shipping. No address is kept: the label has it, and the order."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CHAR, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class ParcelRow(Base):
    __tablename__ = "parcels"
    __table_args__ = (
        CheckConstraint("grams > 0", name="weighs_something"),
        CheckConstraint("direction in ('out', 'back')", name="direction"),
        CheckConstraint("(promise_from is null) = (promise_to is null)", name="whole_promise"),
        CheckConstraint("promise_from <= promise_to", name="promise_in_order"),
        CheckConstraint("(cod_amount is null) = (cod_currency is null)", name="whole_cod"),
        CheckConstraint(
            "state in ('planned', 'booked', 'picked_up', 'exported', 'imported', 'out', 'failed',"
            " 'delivered', 'returning', 'returned', 'lost', 'cancelled')",
            name="state",
        ),
        CheckConstraint("(state = 'planned') = (tracking is null) or state = 'cancelled'", name="booked"),
        CheckConstraint("state <> 'delivered' or delivered_at is not null", name="delivered_when"),
        Index("ix_parcels_order", "order_id"),
        Index("ix_parcels_seller", "seller_id", "id"),
        Index("ux_parcels_tracking", "tracking", unique=True),
        Index(
            "ux_parcels_out",
            "order_id",
            unique=True,
            postgresql_where=text("direction = 'out' and state <> 'cancelled'"),
        ),
        Index("ux_parcels_return", "return_id", unique=True, postgresql_where=text("state <> 'cancelled'")),
        Index(
            "ix_parcels_under_way",
            "booked_at",
            postgresql_where=text(
                "state in ('booked', 'picked_up', 'exported', 'imported', 'out', 'failed', 'returning')"
            ),
        ),
        {"schema": "shipping"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    seller_id: Mapped[UUID]
    order_number: Mapped[str]
    market: Mapped[str] = mapped_column(CHAR(2))
    direction: Mapped[str]
    return_id: Mapped[UUID | None]
    carrier: Mapped[str]
    service: Mapped[str]
    grams: Mapped[int]
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    tracking: Mapped[str | None]
    waybill_no: Mapped[str | None]
    label_id: Mapped[UUID | None]
    promise_from: Mapped[date | None]
    promise_to: Mapped[date | None]
    timezone: Mapped[str]
    cod_amount: Mapped[Decimal | None]
    cod_currency: Mapped[str | None] = mapped_column(CHAR(3))
    cod_collected: Mapped[Decimal | None]
    state: Mapped[str]
    planned_at: Mapped[datetime]
    booked_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    promise_kept: Mapped[bool | None]


class TrackRow(Base):
    """One event as the carrier told it; told twice it is one row."""

    __tablename__ = "track"
    __table_args__ = (
        CheckConstraint("(amount is null) = (currency is null)", name="whole_amount"),
        {"schema": "shipping"},
    )

    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("shipping.parcels.id"), primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str]
    at: Mapped[datetime]
    place: Mapped[str]
    country: Mapped[str]
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(CHAR(3))
    heard_at: Mapped[datetime]
