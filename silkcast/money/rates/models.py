# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import CHAR, CheckConstraint, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class RateRow(Base):
    __tablename__ = "rates"
    __table_args__ = (
        CheckConstraint("rate > 0", "over_zero"),
        CheckConstraint("base <> quote", "two_currencies"),
        CheckConstraint("base ~ '^[A-Z]{3}$' AND quote ~ '^[A-Z]{3}$'", "codes"),
        CheckConstraint("kind IN ('market', 'peg')", "kind"),
        CheckConstraint("mark IN ('verified', 'knowledge', 'ours')", "mark"),
        {"schema": "rates"},
    )

    base: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    quote: Mapped[str] = mapped_column(CHAR(3), primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[Decimal] = mapped_column(Numeric(24, 12))
    kind: Mapped[str] = mapped_column(String(6))
    source: Mapped[str]
    mark: Mapped[str] = mapped_column(String(9))
