# SPDX-License-Identifier: Apache-2.0
"""Tables of the ledger, with the triggers that keep its promises."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base, made_with, only_added_to


class AccountRow(Base):
    """A kind, an owner (empty where there is none) and a currency."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("kind", "owner", "currency"),
        UniqueConstraint("id", "currency"),
        {"schema": "ledger"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    owner: Mapped[str]
    currency: Mapped[str] = mapped_column(CHAR(3))


class TransferRow(Base):
    """The head of a transfer. It says how many entries it has, so none can be added later."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("sides >= 2", name="sides"),
        Index("ix_transfers_reference", "reference"),
        Index("ix_transfers_at", "at", "id"),
        {"schema": "ledger"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reference: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    sides: Mapped[int]
    actor: Mapped[str]
    at: Mapped[datetime]


class EntryRow(Base):
    """One side."""

    __tablename__ = "entries"
    __table_args__ = (
        ForeignKeyConstraint(["account", "currency"], ["ledger.accounts.id", "ledger.accounts.currency"]),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_entries_account", "account", postgresql_include=["amount"]),
        {"schema": "ledger"},
    )

    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transfer: Mapped[UUID] = mapped_column(ForeignKey("ledger.transfers.id"), index=True)
    account: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(CHAR(3))
    amount: Mapped[Decimal]


BALANCED = """
CREATE OR REPLACE FUNCTION ledger.transfer_is_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted uuid := to_jsonb(NEW) ->> TG_ARGV[0];
BEGIN
    IF EXISTS (
        SELECT FROM ledger.entries WHERE transfer = wanted GROUP BY currency HAVING sum(amount) <> 0
    ) THEN
        RAISE EXCEPTION 'transfer % does not balance', wanted USING ERRCODE = 'check_violation';
    END IF;
    IF (SELECT count(*) FROM ledger.entries WHERE transfer = wanted)
            <> (SELECT sides FROM ledger.transfers WHERE id = wanted) THEN
        RAISE EXCEPTION 'transfer % has more or fewer sides than it says', wanted
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def _balanced(table: str, column: str) -> str:
    return f"""
CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON ledger.{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.transfer_is_balanced('{column}');
"""


only_added_to(AccountRow.__table__)
made_with(TransferRow.__table__, BALANCED, _balanced("transfers", "id"))
only_added_to(TransferRow.__table__)
made_with(EntryRow.__table__, BALANCED, _balanced("entries", "transfer"))
only_added_to(EntryRow.__table__)
