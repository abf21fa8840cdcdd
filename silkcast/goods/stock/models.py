# SPDX-License-Identifier: Apache-2.0
"""Tables of stock, with the checks that keep its promises."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, only_added_to


class LevelRow(Base):
    """One variant in one warehouse."""

    __tablename__ = "levels"
    __table_args__ = (
        CheckConstraint("0 <= held AND held <= on_hand", name="held_within_on_hand"),
        # Levels change in place all day: room on the page keeps the updates off the index.
        {"schema": "stock", "postgresql_with": {"fillfactor": 60}},
    )

    variant: Mapped[UUID] = mapped_column(primary_key=True)
    warehouse: Mapped[UUID] = mapped_column(primary_key=True)
    on_hand: Mapped[int]
    held: Mapped[int] = mapped_column(server_default=text("0"))


class HoldRow(Base):
    """Units set aside until a moment."""

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("state IN ('held', 'taken', 'released')", name="state"),
        CheckConstraint("(state = 'held') = (ended_at IS NULL)", name="ended_with_state"),
        Index("uq_holds_reference", "reference", unique=True, postgresql_where=text("state <> 'released'")),
        Index("ix_holds_until", "until", postgresql_where=text("state = 'held'")),
        {"schema": "stock"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[UUID]
    state: Mapped[str]
    until: Mapped[datetime]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class HoldLineRow(Base):
    """Where the units of a hold lie."""

    __tablename__ = "hold_lines"
    __table_args__ = (CheckConstraint("units >= 0", name="units"), {"schema": "stock"})

    hold: Mapped[UUID] = mapped_column(ForeignKey("stock.holds.id"), primary_key=True)
    variant: Mapped[UUID] = mapped_column(primary_key=True)
    warehouse: Mapped[UUID] = mapped_column(primary_key=True)
    units: Mapped[int]


class MovementRow(Base):
    """What changed on a level. Only ever added to."""

    __tablename__ = "movements"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('received', 'adjusted', 'held', 'released', 'sold', 'returned')", name="kind"
        ),
        CheckConstraint("on_hand <> 0 OR held <> 0", name="moves"),
        Index("ix_movements_variant", "variant", "number"),
        Index(
            "uq_movements_returned",
            "reference",
            "variant",
            "warehouse",
            unique=True,
            postgresql_where=text("kind = 'returned'"),
        ),
        {"schema": "stock"},
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    variant: Mapped[UUID]
    warehouse: Mapped[UUID]
    kind: Mapped[str]
    on_hand: Mapped[int]
    held: Mapped[int]
    reference: Mapped[UUID | None]
    why: Mapped[str] = mapped_column(server_default="")
    actor: Mapped[str]
    at: Mapped[datetime]


only_added_to(MovementRow.__table__)
