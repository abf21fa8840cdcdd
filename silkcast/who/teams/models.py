# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, only_added_to

_WHATS = "'price', 'floor', 'deal_discount', 'word', 'text'"


class LimitRow(Base):
    """What head office allows; of a market and shop the newest counts."""

    __tablename__ = "limits"
    __table_args__ = (
        CheckConstraint("price_down BETWEEN 0 AND 99 AND floor_down BETWEEN 0 AND 99", name="not_to_nothing"),
        CheckConstraint("price_up >= 0 AND floor_up >= 0 AND deal_most BETWEEN 0 AND 95", name="percent"),
        Index("limits_of_market", "market", "set_at", "id"),
        {"schema": "teams"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    seller_id: Mapped[UUID | None]
    price_down: Mapped[int]
    price_up: Mapped[int]
    floor_down: Mapped[int]
    floor_up: Mapped[int]
    deal_most: Mapped[int]
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None]
    why: Mapped[str] = mapped_column(Text)


class ChangeRow(Base):
    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint(f"what IN ({_WHATS})", name="what_known"),
        Index("changes_of_market", "market", "at", "id"),
        Index("changes_of_thing", "market", "what", "key", "at", "id"),
        Index("one_undoing_a_change", "undoes", unique=True),
        {"schema": "teams"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2))
    what: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[UUID | None]
    undoes: Mapped[UUID | None] = mapped_column(ForeignKey("teams.changes.id"))


class SettingRow(Base):
    """The discount of deals, and texts by their language."""

    __tablename__ = "settings"
    __table_args__ = ({"schema": "teams"},)

    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    what: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class BaseRow(Base):
    """The shop's own price of a thing, and what the team made of it: a price that is neither is the shop's
    newer one."""

    __tablename__ = "bases"
    __table_args__ = (CheckConstraint("base > 0 AND local > 0", name="over_zero"), {"schema": "teams"})

    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    base: Mapped[Decimal]
    local: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))


only_added_to(LimitRow.__table__)
only_added_to(ChangeRow.__table__)
