# SPDX-License-Identifier: Apache-2.0
"""Tables of payments. The CHECKs hold even if every line of Python were wrong."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class PaymentRow(Base):
    """One attempt to pay with one provider."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint(
            "status IN ('created', 'requires_action', 'pending', 'failed', 'cancelled', 'succeeded')",
            name="status",
        ),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("paid >= 0 AND paid <= amount", name="paid"),
        CheckConstraint("paid = 0 OR status = 'succeeded'", name="paid_means_succeeded"),
        CheckConstraint(
            "refunded >= 0 AND refunding >= 0 AND refunded + refunding <= paid", name="never_more_back"
        ),
        UniqueConstraint("key"),
        Index(
            "uq_payments_provider",
            "engine",
            "provider_id",
            unique=True,
            postgresql_where=text("provider_id <> ''"),
        ),
        Index("ix_payments_order", "order_id"),
        Index(
            "ix_payments_unsettled",
            "updated_at",
            postgresql_where=text("status IN ('created', 'requires_action', 'pending')"),
        ),
        {"schema": "payments"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    engine: Mapped[str]
    method: Mapped[str]
    key: Mapped[str]
    charge: Mapped[str]
    """Sealed, as the action: the address to return to opens the order."""
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str]
    provider_id: Mapped[str]
    action: Mapped[str | None]
    paid: Mapped[Decimal]
    fee: Mapped[Decimal | None]
    fee_currency: Mapped[str | None] = mapped_column(String(3))
    refunded: Mapped[Decimal]
    refunding: Mapped[Decimal]
    reason: Mapped[str]
    reason_at: Mapped[datetime | None]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RefundRow(Base):
    """Money on its way back."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("status IN ('created', 'pending', 'succeeded', 'failed')", name="status"),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("key"),
        Index(
            "uq_refunds_provider",
            "engine",
            "provider_refund_id",
            unique=True,
            postgresql_where=text("provider_refund_id <> ''"),
        ),
        Index(
            "ix_refunds_unsettled",
            "updated_at",
            postgresql_where=text("status IN ('created', 'pending')"),
        ),
        {"schema": "payments"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.payments.id"), index=True)
    order_id: Mapped[UUID]
    engine: Mapped[str]
    key: Mapped[str]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    why: Mapped[str]
    status: Mapped[str]
    provider_refund_id: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class WebhookRow(Base):
    """News as it came in, octet for octet: sealed, since providers tell names and addresses with it."""

    __tablename__ = "webhooks"
    __table_args__ = (
        CheckConstraint("outcome IN ('applied', 'stale', 'unknown', 'ignored')", name="outcome"),
        UniqueConstraint("engine", "event_id"),
        {"schema": "payments"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    engine: Mapped[str]
    event_id: Mapped[str]
    event: Mapped[dict[str, Any]]
    headers: Mapped[dict[str, Any]]
    body: Mapped[str]
    """Sealed; empty once its buyer was erased."""
    received_at: Mapped[datetime]
    outcome: Mapped[str | None]
