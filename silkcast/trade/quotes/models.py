# SPDX-License-Identifier: Apache-2.0
"""The table of quotes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class QuoteRow(Base):
    """An offer as it was promised. Never changed: there is no verb for it."""

    __tablename__ = "quotes"
    __table_args__ = (
        CheckConstraint("until > kept_at", name="until"),
        Index("quotes_by_end", "until"),
        {"schema": "quotes"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    delivery: Mapped[str] = mapped_column(String(80))
    offer: Mapped[dict[str, Any]]
    kept_at: Mapped[datetime]
    until: Mapped[datetime]
