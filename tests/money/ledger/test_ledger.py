# SPDX-License-Identifier: Apache-2.0
"""The books balance after every step, whoever writes to them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from silkcast.ground.ids import SellerId, new_uuid
from silkcast.ground.money import Currency, Money, share
from silkcast.money.ledger import rules
from silkcast.money.ledger import service as ledger
from silkcast.money.ledger.errors import BadEntry, KeyReused, NotBalanced
from silkcast.money.ledger.events import TransferPosted
from silkcast.money.ledger.values import Account, Entry
from silkcast.plumbing.db import Database, Tx

EUR = Currency("EUR")
JPY = Currency("JPY")
SELLER = SellerId(new_uuid())
CLEARING = Account("psp_clearing", "sandbox", EUR)
PAYABLE = Account("seller_payable", str(SELLER), EUR)
TAX = Account("tax_held", "FR", EUR)
CHECK_NOW = text("SET CONSTRAINTS ALL IMMEDIATE")


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def sale(total: str = "12.00", tax: str = "2.00") -> list[Entry]:
    goods = euro(tax) - euro(total)
    return [Entry(CLEARING, euro(total)), Entry(TAX, -euro(tax)), Entry(PAYABLE, goods)]


async def test_a_sale_is_owed_to_the_seller(tx: Tx) -> None:
    order = new_uuid()
    posted = await ledger.post(tx, "sale", order, sale(), key="sale/1")
    await tx.session.execute(CHECK_NOW)

    assert await ledger.balance(tx, CLEARING) == euro("12.00")
    assert await ledger.balance(tx, Account("bank", None, JPY)) == Money.zero("JPY")
    assert await ledger.payouts_owed(tx, SELLER) == {EUR: euro("10.00")}
    assert [found.amount for found in await ledger.balances(tx, owner=SELLER)] == [euro("-10.00")]
    assert (await ledger.transfers(tx, reference=order)).items == (posted,)
    assert await ledger.check(tx) == ()
    assert tx.announced == [TransferPosted(posted.id, "sale", str(order))]


async def test_a_key_is_posted_once(tx: Tx) -> None:
    order = new_uuid()
    first = await ledger.post(tx, "sale", order, sale(), key="sale/1")
    again = await ledger.post(tx, "sale", order, list(reversed(sale())), key="sale/1")
    assert again == first
    assert await ledger.balance(tx, CLEARING) == euro("12.00")
    for kind, reference, entries in (
        ("sale", order, sale("13.00")),
        ("refund", order, sale()),
        ("sale", new_uuid(), sale()),
    ):
        with pytest.raises(KeyReused):
            await ledger.post(tx, kind, reference, entries, key="sale/1")


async def test_what_does_not_balance_is_refused(tx: Tx) -> None:
    yen = Money.of("12", "JPY")
    for entries in (
        [],
        [Entry(CLEARING, euro("1.00"))],
        [Entry(CLEARING, euro("1.00")), Entry(Account("bank", None, JPY), -yen)],
    ):
        with pytest.raises(NotBalanced):
            await ledger.post(tx, "sale", "x", entries, key="k")


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (Entry(Account("pocket", None, EUR), euro("1.00")), "not_in_chart"),
        (Entry(Account("seller_payable", None, EUR), euro("1.00")), "no_owner"),
        (Entry(Account("bank", None, JPY), euro("1.00")), "currency"),
        (Entry(CLEARING, euro("0.00")), "zero"),
    ],
)
async def test_entries_that_cannot_be_right_are_refused(tx: Tx, entry: Entry, fault: str) -> None:
    with pytest.raises(BadEntry) as refused:
        await ledger.post(tx, "sale", "x", [entry, Entry(CLEARING, -euro("1.00"))], key="k")
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger.entries SET amount = amount * 2",
        "DELETE FROM ledger.entries",
        "UPDATE ledger.transfers SET kind = 'gift'",
        "DELETE FROM ledger.transfers",
        "UPDATE ledger.accounts SET owner = 'me'",
        "TRUNCATE ledger.entries",
    ],
)
async def test_nothing_in_the_books_is_changed_or_removed(tx: Tx, statement: str) -> None:
    await ledger.post(tx, "sale", "x", sale(), key="k")
    await tx.session.execute(CHECK_NOW)
    with pytest.raises(IntegrityError, match="only ever added to"):
        await tx.session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("VALUES (:transfer, :account, 'EUR', 5)", "does not balance"),
        ("VALUES (:transfer, :account, 'EUR', 5), (:transfer, :account, 'EUR', -5)", "sides"),
        ("VALUES (:transfer, :account, 'JPY', 5), (:transfer, :account, 'JPY', -5)", "fk_entries"),
    ],
)
async def test_nothing_is_slipped_into_the_books(tx: Tx, statement: str, fault: str) -> None:
    """Even by somebody who goes round the door: PostgreSQL looks again before it commits."""
    posted = await ledger.post(tx, "sale", "x", sale(), key="k")
    await tx.session.execute(CHECK_NOW)
    await tx.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    account = (await tx.session.execute(text("SELECT min(id) FROM ledger.accounts"))).scalar_one()
    with pytest.raises(IntegrityError, match=fault):
        await tx.session.execute(
            text(f"INSERT INTO ledger.entries (transfer, account, currency, amount) {statement}"),
            {"transfer": posted.id, "account": account},
        )
        await tx.session.execute(CHECK_NOW)


async def test_an_unbalanced_commit_fails_as_a_whole(database: Database) -> None:
    with pytest.raises(IntegrityError, match="more or fewer sides"):
        async with database.write() as tx:
            await ledger.post(tx, "sale", "x", sale(), key="right")
            head = (
                "INSERT INTO ledger.transfers VALUES (gen_random_uuid(), 'sale', 'x', 'wrong', 2, '', now())"
            )
            await tx.session.execute(text(head))
    async with database.read() as db:
        assert (await ledger.transfers(db)).items == ()


async def test_check_tells_what_went_round_the_guards(tx: Tx) -> None:
    await ledger.post(tx, "sale", "x", sale(), key="k")
    await tx.session.execute(CHECK_NOW)
    await tx.session.execute(text("ALTER TABLE ledger.entries DISABLE TRIGGER USER"))
    await tx.session.execute(text("UPDATE ledger.entries SET amount = 13 WHERE amount = 12"))
    assert {fault.kind for fault in await ledger.check(tx)} == {"not_balanced", "books_not_zero"}


async def test_one_key_by_many_at_once_is_posted_once(database: Database) -> None:
    async def post(number: int) -> object:
        async with database.write() as tx:
            same = await ledger.post(tx, "sale", "x", sale(), key="same")
            await ledger.post(tx, "sale", "x", sale(), key=f"own/{number}")
            return same.id

    assert len(set(await asyncio.gather(*(post(number) for number in range(8))))) == 1
    async with database.read() as db:
        assert await ledger.balance(db, CLEARING) == euro("108.00")
        assert await ledger.check(db) == ()


async def test_transfers_are_told_page_by_page_and_as_a_journal(tx: Tx) -> None:
    for number in range(3):
        await ledger.post(tx, "sale", "x", sale(), key=f"k/{number}")
    first = await ledger.transfers(tx, limit=2)
    rest = await ledger.transfers(tx, after=first.next, limit=2)
    assert sorted(transfer.key for transfer in (*first.items, *rest.items)) == ["k/0", "k/1", "k/2"]
    assert rest.next is None
    assert (await ledger.journal(tx)).startswith(
        '2026-11-22 * "sale" "x"\n  psp_clearing:sandbox  12.00 EUR\n  tax_held:FR  -2.00 EUR\n'
    )


amounts = st.integers(1, 10**9)
weights = st.lists(st.integers(0, 100), min_size=1, max_size=6)


@given(amounts, weights, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_whatever_is_shared_out_to_the_last_unit_balances(
    minor: int, shares: list[int], currency: str
) -> None:
    whole = Money.from_minor(minor, currency)
    parts = [part for part in share(whole, shares) if not part.is_zero]
    bank = Account("bank", None, whole.currency)
    entries = [Entry(bank, whole), *(Entry(bank, -part) for part in parts)]
    rules.check(entries)
    with pytest.raises(NotBalanced):
        rules.check([*entries, Entry(bank, Money.from_minor(1, currency))])


async def test_any_sequence_of_sales_and_refunds_balances(tx: Tx) -> None:
    """Refunds in parts never leave a cent behind."""
    for number, (total, parts) in enumerate([("100.00", 3), ("0.05", 2), ("19.99", 7)]):
        whole = euro(total)
        await ledger.post(
            tx, "sale", "x", [Entry(CLEARING, whole), Entry(PAYABLE, -whole)], key=f"sale/{number}"
        )
        for part, amount in enumerate(share(whole, [1] * parts)):
            if amount.is_zero:
                continue
            back = [Entry(PAYABLE, amount), Entry(CLEARING, -amount)]
            await ledger.post(tx, "refund", "x", back, key=f"refund/{number}/{part}")
        await tx.session.execute(CHECK_NOW)
        await tx.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        assert await ledger.check(tx) == ()
    assert await ledger.payouts_owed(tx, SELLER) == {}
    found = await ledger.balances(tx)
    assert sum((one.amount.amount for one in found), Decimal(0)) == 0
    assert all(left.account.kind <= right.account.kind for left, right in pairwise(found))
