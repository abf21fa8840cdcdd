# SPDX-License-Identifier: Apache-2.0
"""The ledger in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, Table, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import TransferId
from silkcast.ground.money import Currency, Money
from silkcast.plumbing.db import Db, Tx

from .models import AccountRow, EntryRow, TransferRow
from .values import Account, Balance, Entry, Fault, Transfer

_ACCOUNTS = cast(Table, AccountRow.__table__)
_TRANSFERS = cast(Table, TransferRow.__table__)
_ENTRIES = cast(Table, EntryRow.__table__)

_FAULTS = text("""
    SELECT 'not_balanced' AS kind, transfer || ' ' || currency || ' ' || sum(amount) AS about
    FROM ledger.entries GROUP BY transfer, currency HAVING sum(amount) <> 0
    UNION ALL
    SELECT 'sides', head.id || ' ' || head.sides || ' ' || count(entry.number)
    FROM ledger.transfers AS head LEFT JOIN ledger.entries AS entry ON entry.transfer = head.id
    GROUP BY head.id, head.sides HAVING count(entry.number) <> head.sides
    UNION ALL
    SELECT 'currency_of_account', entry.number::text
    FROM ledger.entries AS entry JOIN ledger.accounts AS account ON account.id = entry.account
    WHERE account.currency <> entry.currency
    UNION ALL
    SELECT 'books_not_zero', currency || ' ' || sum(amount)
    FROM ledger.entries GROUP BY currency HAVING sum(amount) <> 0
    ORDER BY 1, 2
""")


def _account(row: Row[Any]) -> Account:
    return Account(row.kind, row.owner or None, Currency(row.currency))


async def add(tx: Tx, transfer: Transfer) -> bool:
    """Whether it was added: the key may be there, perhaps since a moment ago."""
    head = {
        "id": transfer.id,
        "kind": transfer.kind,
        "reference": transfer.reference,
        "key": transfer.key,
        "sides": len(transfer.entries),
        "actor": f"{tx.actor.kind}:{tx.actor.id}" if tx.actor.id else tx.actor.kind,
        "at": transfer.at,
    }
    added = insert(_TRANSFERS).values(head).on_conflict_do_nothing().returning(_TRANSFERS.c.id)
    if (await tx.session.execute(added)).first() is None:
        return False
    accounts = await _account_numbers(tx, {entry.account for entry in transfer.entries})
    rows = [
        {
            "transfer": transfer.id,
            "account": accounts[entry.account],
            "currency": entry.amount.currency,
            "amount": entry.amount.amount,
        }
        for entry in transfer.entries
    ]
    await tx.session.execute(insert(_ENTRIES), rows)
    return True


async def _account_numbers(tx: Tx, accounts: Iterable[Account]) -> dict[Account, int]:
    # Always in the same order: two that open the same accounts wait for each other, but never in a circle.
    keys = sorted((account.kind, account.owner or "", str(account.currency)) for account in accounts)
    columns = tuple_(_ACCOUNTS.c.kind, _ACCOUNTS.c.owner, _ACCOUNTS.c.currency)
    query = select(_ACCOUNTS).where(columns.in_(keys))
    found = {_account(row): row.id for row in await tx.session.execute(query)}
    missing = [key for key in keys if Account(key[0], key[1] or None, Currency(key[2])) not in found]
    if not missing:
        return found
    rows = [{"kind": kind, "owner": owner, "currency": currency} for kind, owner, currency in missing]
    await tx.session.execute(insert(_ACCOUNTS).values(rows).on_conflict_do_nothing())
    return {_account(row): row.id for row in await tx.session.execute(query)}


async def by_key(db: Db, key: str) -> Transfer:
    head = (await db.session.execute(select(_TRANSFERS).where(_TRANSFERS.c.key == key))).one()
    return (await _with_entries(db, [head]))[0]


async def transfers(
    db: Db,
    *,
    reference: str | None,
    owner: str | None = None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Transfer]:
    """Newest first."""
    query = select(_TRANSFERS).order_by(_TRANSFERS.c.at.desc(), _TRANSFERS.c.id.desc()).limit(limit)
    if reference is not None:
        query = query.where(_TRANSFERS.c.reference == reference)
    if owner is not None:
        theirs = select(_ENTRIES.c.transfer).join(_ACCOUNTS, _ACCOUNTS.c.id == _ENTRIES.c.account)
        query = query.where(_TRANSFERS.c.id.in_(theirs.where(_ACCOUNTS.c.owner == owner)))
    if after is not None:
        query = query.where(tuple_(_TRANSFERS.c.at, _TRANSFERS.c.id) < after)
    return await _with_entries(db, list(await db.session.execute(query)))


async def _with_entries(db: Db, heads: Sequence[Row[Any]]) -> list[Transfer]:
    query = (
        select(_ENTRIES.c.transfer, _ENTRIES.c.amount, _ACCOUNTS)
        .join(_ACCOUNTS, _ACCOUNTS.c.id == _ENTRIES.c.account)
        .where(_ENTRIES.c.transfer.in_([head.id for head in heads]))
        .order_by(_ENTRIES.c.number)
    )
    entries: dict[UUID, list[Entry]] = {head.id: [] for head in heads}
    for row in await db.session.execute(query):
        entries[row.transfer].append(Entry(_account(row), Money(row.amount, Currency(row.currency))))
    return [
        Transfer(TransferId(head.id), head.kind, head.reference, head.key, head.at, tuple(entries[head.id]))
        for head in heads
    ]


async def balances(
    db: Db, *, kind: str | None = None, owner: str | None = None, currency: str | None = None
) -> list[Balance]:
    query = (
        select(_ACCOUNTS, func.sum(_ENTRIES.c.amount).label("amount"))
        .join(_ENTRIES, _ENTRIES.c.account == _ACCOUNTS.c.id)
        .group_by(_ACCOUNTS.c.id)
        .order_by(_ACCOUNTS.c.kind, _ACCOUNTS.c.owner, _ACCOUNTS.c.currency)
    )
    for column, wanted in ((_ACCOUNTS.c.kind, kind), (_ACCOUNTS.c.currency, currency)):
        if wanted is not None:
            query = query.where(column == wanted)
    if owner is not None:
        query = query.where(_ACCOUNTS.c.owner == owner)
    rows = await db.session.execute(query)
    return [Balance(_account(row), Money(row.amount, Currency(row.currency))) for row in rows]


async def faults(db: Db) -> list[Fault]:
    return [Fault(row.kind, row.about) for row in await db.session.execute(_FAULTS)]
