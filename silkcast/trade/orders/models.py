# SPDX-License-Identifier: Apache-2.0
"""Tables of orders."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, made_with, vacuumed_after_changes

from .rules import STATES

_STATES = ", ".join(f"'{state}'" for state in STATES)


class OrderRow(Base):
    """An order. What is personal is sealed; look-ups go by blind indexes and hashes."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("total > 0 AND due_at_door >= 0", name="amounts"),
        CheckConstraint("promise_from <= promise_to", name="promise"),
        UniqueConstraint("number"),
        UniqueConstraint("key"),
        UniqueConstraint("secret_hash"),
        Index("ix_orders_seller", "seller", "id"),
        Index("ix_orders_user", "buyer_user", postgresql_where=text("buyer_user IS NOT NULL")),
        Index("ix_orders_show", "show", postgresql_where=text("show IS NOT NULL")),
        Index(
            "ix_orders_unpaid",
            "held_until",
            postgresql_where=text("state IN ('held', 'awaiting_payment')"),
        ),
        Index(
            "ix_orders_open",
            "market",
            "id",
            postgresql_where=text(
                "state IN ('awaiting_payment', 'cod_accepted', 'declared', 'held', 'paid')"
            ),
        ),
        {"schema": "orders"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[bytes]
    seller: Mapped[UUID]
    market: Mapped[str] = mapped_column(String(2))
    currency: Mapped[str] = mapped_column(String(3))
    buyer_user: Mapped[UUID | None]
    buyer: Mapped[str | None]
    ship_to: Mapped[str | None]
    email_blind: Mapped[bytes | None] = mapped_column(index=True)
    phone_blind: Mapped[bytes | None] = mapped_column(index=True)
    total: Mapped[Decimal]
    due_at_door: Mapped[Decimal]
    price_lines: Mapped[list[Any]]
    delivery_service: Mapped[str]
    delivery_name: Mapped[str]
    promise_from: Mapped[date]
    promise_to: Mapped[date]
    show: Mapped[UUID | None]
    hold: Mapped[UUID]
    held_until: Mapped[datetime]
    quote: Mapped[UUID | None]
    payment_method: Mapped[str]
    language: Mapped[str]
    state: Mapped[str]
    secret_hash: Mapped[bytes]
    secret: Mapped[str]
    placed_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class NumberRow(Base):
    """A number of the receiver that customs asks for. Sealed, and gone some days after the order ended."""

    __tablename__ = "numbers"
    __table_args__ = ({"schema": "orders"},)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), primary_key=True)
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    sealed: Mapped[str]
    kept_at: Mapped[datetime]


class LineRow(Base):
    """Goods of an order, as they were when bought."""

    __tablename__ = "lines"
    __table_args__ = (
        CheckConstraint("units > 0", name="units"),
        CheckConstraint("unit_price >= 0 AND line_total = unit_price * units", name="line_total"),
        CheckConstraint("net_grams >= 0 AND gross_grams >= 0", name="weights"),
        UniqueConstraint("order_id", "position"),
        UniqueConstraint("order_id", "variant"),
        {"schema": "orders"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"))
    position: Mapped[int]
    variant: Mapped[UUID]
    product: Mapped[UUID]
    sku: Mapped[str]
    name: Mapped[dict[str, Any]]
    options: Mapped[str]
    units: Mapped[int]
    unit_price: Mapped[Decimal]
    line_total: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    hs_code: Mapped[str]
    origin: Mapped[str] = mapped_column(String(2))
    net_grams: Mapped[int]
    gross_grams: Mapped[int]
    unit_code: Mapped[str]


class MoveRow(Base):
    """One step from state to state."""

    __tablename__ = "history"
    __table_args__ = (
        CheckConstraint(f"new_state IN ({_STATES})", name="new_state"),
        {"schema": "orders"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True)
    old_state: Mapped[str | None]
    new_state: Mapped[str]
    why: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class TermsRow(Base):
    """What many claimed orders have in common: an order with nobody's name in it yet. Never changed."""

    __tablename__ = "terms"
    __table_args__ = ({"schema": "orders"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller: Mapped[UUID]
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class ClaimedRow(Base):
    """A held order in its thinnest form, placed among thousands: what is its own, and its terms.

    No index beside the key, on purpose: each would cost more than the row. Who claimed it keeps the id.
    """

    __tablename__ = "claimed"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'whole', 'expired', 'called_off')", name="state"),
        {"schema": "orders"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    terms: Mapped[UUID]
    buyer_user: Mapped[UUID | None]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="open")
    placed_at: Mapped[datetime]


vacuumed_after_changes(ClaimedRow.__table__)
made_with(
    ClaimedRow.__table__,
    """
CREATE OR REPLACE FUNCTION orders.place_claimed(
    order_ids uuid[], order_terms uuid[], order_users uuid[], open_until timestamptz, moment timestamptz
) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO orders.claimed (id, terms, buyer_user, until, placed_at)
    SELECT new.id, new.terms, new.buyer, open_until, moment
    FROM unnest(order_ids, order_terms, order_users) AS new (id, terms, buyer) WHERE new.id IS NOT NULL;
END $$;
""",
)
