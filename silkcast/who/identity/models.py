# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


class UserRow(Base):
    __tablename__ = "users"
    __table_args__ = ({"schema": "identity"},)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_sealed: Mapped[str]
    contact_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    name_sealed: Mapped[str]
    language: Mapped[str] = mapped_column(String(12))
    password_hash: Mapped[str | None]
    is_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    confirmed_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    """When the terms were agreed to, by who came in with a code."""
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class DoorRow(Base):
    """Who knocks at a contact, whether somebody lives there or not: a door that shuts tells nothing."""

    __tablename__ = "doors"
    __table_args__ = (
        CheckConstraint("failures >= 0 AND codes >= 0", name="counts"),
        {"schema": "identity"},
    )

    contact_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int] = mapped_column(server_default="0")
    shut_until: Mapped[datetime | None]
    codes: Mapped[int] = mapped_column(server_default="0")
    """Asked for since `codes_since`."""
    codes_since: Mapped[datetime]
    code_at: Mapped[datetime | None]
    """When the last one was."""
    touched_at: Mapped[datetime] = mapped_column(index=True)


class CodeRow(Base):
    """The last code of a contact for a purpose, whether somebody has that contact or not; a new one takes its
    place. The code itself is nowhere: it is what the house's key makes of `salt`."""

    __tablename__ = "codes"
    __table_args__ = (
        CheckConstraint("tries_left >= 0", name="tries_not_negative"),
        {"schema": "identity"},
    )

    contact_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(12), primary_key=True)
    sending: Mapped[UUID] = mapped_column(unique=True)
    contact_sealed: Mapped[str]
    language: Mapped[str] = mapped_column(String(12))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    tries_left: Mapped[int]
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    proof_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """Of who gave the right code and has no account yet: they may open one until `ends_at`."""


class TextsRow(Base):
    """How many texts went to numbers that begin like this on a day; all of them under the empty beginning."""

    __tablename__ = "texts"
    __table_args__ = (CheckConstraint("sent > 0", name="sent_positive"), {"schema": "identity"})

    day: Mapped[date] = mapped_column(primary_key=True)
    beginning: Mapped[str] = mapped_column(String(16), primary_key=True)
    sent: Mapped[int]


class PasskeyRow(Base):
    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("counter >= 0", name="counter_not_negative"),
        Index("passkeys_of_user", "user_id"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    credential: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    counter: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    copied_at: Mapped[datetime | None]
    """When its counter first went back. It opens nothing from then on."""


class ChallengeRow(Base):
    """What a browser has to sign, once, within minutes. It is good in that browser only."""

    __tablename__ = "challenges"
    __table_args__ = ({"schema": "identity"},)

    challenge: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_id: Mapped[UUID | None]
    """Who adds a passkey; nobody where one is used to come in."""
    ends_at: Mapped[datetime] = mapped_column(index=True)


class SessionRow(Base):
    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_of_user", "user_id"), {"schema": "identity"})

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class TokenRow(Base):
    __tablename__ = "tokens"
    __table_args__ = (Index("tokens_of_seller", "seller_id"), {"schema": "identity"})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    seller_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(30)))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class OneTapRow(Base):
    """Somebody asked to order with one tap in a market: where to, and how it is paid."""

    __tablename__ = "one_taps"
    __table_args__ = ({"schema": "identity"},)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"), primary_key=True)
    market: Mapped[str] = mapped_column(String(2), primary_key=True)
    receiver_sealed: Mapped[str]
    method: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]


class ManagerRow(Base):
    """Somebody may change some things of one market. What was taken back stays as it was."""

    __tablename__ = "managers"
    __table_args__ = (
        Index(
            "one_grant_a_market", "user_id", "market", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("managers_of_market", "market"),
        {"schema": "identity"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("identity.users.id"))
    market: Mapped[str] = mapped_column(String(2))
    rights: Mapped[list[str]] = mapped_column(ARRAY(String(30)))
    why: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_why: Mapped[str]
