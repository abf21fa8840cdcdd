# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class LineRow(Base):
    """`number` is the place of a line: lines of one show get theirs one transaction after the other."""

    __tablename__ = "lines"
    __table_args__ = (
        CheckConstraint("kind IN ('viewer', 'moderator', 'host', 'system')", name="kind_known"),
        CheckConstraint("state IN ('shown', 'held', 'hidden', 'folded')", name="state_known"),
        CheckConstraint("char_length(text) BETWEEN 1 AND 200", name="text_length"),
        CheckConstraint("voices >= 1", name="voices_counted"),
        CheckConstraint("(state = 'folded') = (folded_into IS NOT NULL)", name="folded_somewhere"),
        CheckConstraint("state <> 'shown' OR shown_at IS NOT NULL", name="shown_some_time"),
        Index("lines_seen", "show_id", "number", postgresql_where=text("shown_at IS NOT NULL")),
        Index("lines_shown", "show_id", "shown_at", "fold", postgresql_where=text("shown_at IS NOT NULL")),
        Index("lines_held", "show_id", "number", postgresql_where=text("state = 'held'")),
        Index("lines_of_author", "show_id", "author", "at"),
        {"schema": "chat"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    show_id: Mapped[UUID]
    author: Mapped[bytes] = mapped_column(LargeBinary)
    kind: Mapped[str] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(12))
    fold: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(8))
    held_for: Mapped[str | None] = mapped_column(String(8))
    voices: Mapped[int] = mapped_column(server_default="1")
    folded_into: Mapped[UUID | None]
    at: Mapped[datetime]
    shown_at: Mapped[datetime | None]


class SpeakingRow(Base):
    """What a show's chat allows, and the line pinned over it."""

    __tablename__ = "speaking"
    __table_args__ = (
        CheckConstraint("slow_seconds BETWEEN 0 AND 600", name="slow_bounded"),
        CheckConstraint("who IN ('everyone', 'known', 'nobody')", name="who_known"),
        {"schema": "chat"},
    )

    show_id: Mapped[UUID] = mapped_column(primary_key=True)
    slow_seconds: Mapped[int] = mapped_column(server_default=text("0"))
    has_links: Mapped[bool] = mapped_column(server_default=text("false"))
    who: Mapped[str] = mapped_column(String(8), server_default="everyone")
    pinned: Mapped[UUID | None]


class BanRow(Base):
    """Without a show in the whole shop; lifted ones stay, with when."""

    __tablename__ = "bans"
    __table_args__ = (
        CheckConstraint("char_length(reason) <= 200", name="reason_length"),
        CheckConstraint("show_id IS NOT NULL OR until IS NULL", name="shop_bans_have_no_end"),
        Index("bans_in_force", "seller_id", "author", postgresql_where=text("lifted_at IS NULL")),
        {"schema": "chat"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller_id: Mapped[UUID]
    show_id: Mapped[UUID | None]
    author: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime | None]
    reason: Mapped[str]
    by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class ModeratorRow(Base):
    """Named by the seller; `user_id` once the person has come by the link. The link opens once."""

    __tablename__ = "moderators"
    __table_args__ = (
        CheckConstraint("rights <@ ARRAY['hide', 'ban', 'pin', 'slow']::varchar[]", name="rights_known"),
        CheckConstraint("cardinality(rights) > 0", name="some_right"),
        Index("moderators_of_user", "user_id"),
        Index("moderators_of_shop", "seller_id"),
        {"schema": "chat"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seller_id: Mapped[UUID]
    show_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(60))
    rights: Mapped[list[str]] = mapped_column(ARRAY(String(8)))
    secret_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    named_by: Mapped[str] = mapped_column(String(80))
    named_at: Mapped[datetime]
    opens_until: Mapped[datetime]


class MarketWordRow(Base):
    """A word that a market's team keeps out of all rooms, in lines from there."""

    __tablename__ = "market_words"
    __table_args__ = ({"schema": "chat"},)

    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    added_at: Mapped[datetime]


class WordRow(Base):
    """A word of a shop's own list."""

    __tablename__ = "words"
    __table_args__ = ({"schema": "chat"},)

    seller_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    added_at: Mapped[datetime]
