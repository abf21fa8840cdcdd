# SPDX-License-Identifier: Apache-2.0
"""The door of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import SellerId, TransferId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, decode_cursor, length, page

from . import rules, store
from .errors import KeyReused
from .events import TransferPosted
from .values import Account, Balance, Entry, Fault, Transfer


async def post(
    tx: Tx,
    kind: str,
    reference: UUID | str,
    entries: Sequence[Entry],
    *,
    key: str,
    at: datetime | None = None,
) -> Transfer:
    """Move money. The same key again gives the transfer that is there, if it is the same one."""
    rules.check(entries)
    transfer = Transfer(TransferId(new_uuid()), kind, str(reference), key, at or tx.now, tuple(entries))
    if await store.add(tx, transfer):
        tx.announce(TransferPosted(transfer.id, kind, transfer.reference))
        return transfer
    there = await store.by_key(tx, key)
    same = (there.kind, there.reference) == (kind, transfer.reference)
    if not same or not rules.same_entries(there.entries, entries):
        raise KeyReused(key)
    return there


async def balance(db: Db, account: Account) -> Money:
    """What one account comes to; zero where nothing was ever posted."""
    found = await store.balances(db, kind=account.kind, owner=account.owner or "", currency=account.currency)
    return found[0].amount if found else Money.zero(account.currency)


async def balances(db: Db, *, owner: UUID | str | None = None) -> tuple[Balance, ...]:
    """Every account that was ever used, or those of one owner."""
    return tuple(await store.balances(db, owner=None if owner is None else str(owner)))


async def transfers(
    db: Db,
    *,
    reference: UUID | str | None = None,
    owner: UUID | str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Transfer]:
    """Transfers, the newest first: all, of one reference, or those that touch an owner's accounts."""
    found = await store.transfers(
        db,
        reference=None if reference is None else str(reference),
        owner=None if owner is None else str(owner),
        after=decode_cursor(after) if after else None,
        limit=length(limit) + 1,
    )
    return page(
        found, limit, key=lambda transfer: (transfer.at, transfer.id), value=lambda transfer: transfer
    )


async def payouts_owed(db: Db, seller: SellerId) -> Mapping[Currency, Money]:
    """What is owed to a seller, by currency; below zero where the seller owes us."""
    owed = await store.balances(db, kind="seller_payable", owner=str(seller))
    return {found.account.currency: -found.amount for found in owed if not found.amount.is_zero}


async def check(db: Db) -> tuple[Fault, ...]:
    """What is wrong in the books. Empty, or something went round the database's own guards."""
    return tuple(await store.faults(db))


async def journal(db: Db) -> str:
    """The books as text that plain-text accounting programs read, the oldest transfer first."""
    lines: list[str] = []
    after: str | None = None
    while True:
        page = await transfers(db, after=after, limit=500)
        for transfer in page.items:
            lines.append("\n".join(_journal_lines(transfer)))
        if page.next is None:
            return "\n\n".join(reversed(lines)) + "\n" if lines else ""
        after = page.next


def _journal_lines(transfer: Transfer) -> list[str]:
    head = f'{transfer.at.date()} * "{transfer.kind}" "{transfer.reference}"'
    sides = [
        f"  {':'.join(filter(None, (entry.account.kind, entry.account.owner)))}  {entry.amount}"
        for entry in transfer.entries
    ]
    return [head, *sides]
