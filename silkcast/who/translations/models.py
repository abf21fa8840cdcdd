# SPDX-License-Identifier: Apache-2.0
"""Tables of translations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class TermRow(Base):
    """A word of a glossary; without a seller the whole house's. `folded` is the word as it is looked for."""

    __tablename__ = "terms"
    __table_args__ = (
        CheckConstraint("char_length(word) BETWEEN 1 AND 80", name="word_length"),
        CheckConstraint("char_length(meaning) BETWEEN 1 AND 120", name="meaning_length"),
        CheckConstraint("source <> target", name="two_languages"),
        Index(
            "one_meaning",
            "seller_id",
            "source",
            "target",
            "folded",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        {"schema": "translations"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(12))
    word: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(160))
    meaning: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]


class MemoryRow(Base):
    """What was translated. The key is a keyed digest of all it depends on; the original is not kept."""

    __tablename__ = "memory"
    __table_args__ = (
        Index("memory_used", "used_at"),
        {"schema": "translations"},
    )

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12))
    engine: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime]
