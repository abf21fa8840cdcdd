# SPDX-License-Identifier: Apache-2.0
"""Tables of the ledger, with the triggers that keep its promises."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    CHAR,
    DDL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from silkcast.plumbing.db import Base


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
STAYS = """
CREATE OR REPLACE FUNCTION ledger.written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def _balanced(table: str, column: str) -> str:
    return f"""
CREATE CONSTRAINT TRIGGER {table}_balanced AFTER INSERT ON ledger.{table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger.transfer_is_balanced('{column}');
"""


def _stays(table: str) -> tuple[str, str]:
    return (
        f"""
CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON ledger.{table}
    FOR EACH ROW EXECUTE FUNCTION ledger.written_once();
""",
        f"""
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON ledger.{table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.written_once();
""",
    )


ACCOUNT_TRIGGERS = (STAYS, *_stays("accounts"))
TRANSFER_TRIGGERS = (BALANCED, STAYS, _balanced("transfers", "id"), *_stays("transfers"))
ENTRY_TRIGGERS = (BALANCED, STAYS, _balanced("entries", "transfer"), *_stays("entries"))
"""In the order to make them in, each after its table. A migration runs the same text."""

for _table, _statements in (
    (AccountRow.__table__, ACCOUNT_TRIGGERS),
    (TransferRow.__table__, TRANSFER_TRIGGERS),
    (EntryRow.__table__, ENTRY_TRIGGERS),
):
    for _statement in _statements:
        # DDL formats its text with %, so a plain % is written twice.
        _made = DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(_table, "after_create", _made)
