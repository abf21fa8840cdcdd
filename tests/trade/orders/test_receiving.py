# SPDX-License-Identifier: Apache-2.0
"""Numbers of receivers: sealed, shown by their end, out by one door, and gone in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import UserId
from silkcast.plumbing.db import Database, Tx
from silkcast.trade.orders import receiving
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.errors import KeyReused
from silkcast.trade.orders.values import Buyer, NewOrder, ReceiverNumber
from tests.trade.orders.build import new_order

CPF = "39053344705"
MONTH = timedelta(days=30)


def with_number(number: str = CPF) -> NewOrder:
    return new_order(numbers=(ReceiverNumber("CPF", number),))


async def test_a_number_leaves_whole_for_papers_and_by_its_end_for_people(tx: Tx) -> None:
    order = (await orders.place(tx, with_number(), key="k1")).order

    assert await receiving.for_papers(tx, order.id) == {"CPF": CPF}
    assert await receiving.tails(tx, order.id) == {"CPF": "705"}
    assert CPF not in repr(order)
    assert CPF not in repr(with_number())
    assert all(CPF not in repr(event) for event in tx.announced)


async def test_no_table_holds_a_number_that_can_be_read(database: Database) -> None:
    async with database.write() as tx:
        await orders.place(tx, with_number(), key="k1")

    async with database.read() as db:
        tables = await db.session.execute(
            text("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT LIKE 'pg_%'")
        )
        for (name,) in tables.all():
            if name.startswith("information_schema"):
                continue
            rows = (await db.session.execute(text(f"SELECT t::text FROM {name} AS t"))).scalars().all()
            assert not any(CPF in row for row in rows), name
        sealed = (await db.session.execute(text("SELECT count(*) FROM orders.numbers"))).scalar_one()
    assert sealed == 1


async def test_the_same_key_with_another_number_is_refused(tx: Tx) -> None:
    first = await orders.place(tx, with_number(), key="k1")
    again = await orders.place(tx, with_number(), key="k1")
    assert again.order.id == first.order.id

    with pytest.raises(KeyReused):
        await orders.place(tx, with_number("12345678909"), key="k1")


async def test_it_is_purged_some_days_after_the_order_has_ended_and_not_before(
    database: Database, clock: SetClock
) -> None:
    async with database.write() as tx:
        ended = (await orders.place(tx, with_number(), key="ended")).order.id
        open_ = (await orders.place(tx, replace(with_number()), key="open")).order.id
        await orders.move(tx, ended, "cancelled", "called off")

    clock.advance(MONTH - timedelta(minutes=1))
    async with database.write() as tx:
        assert await receiving.purge(tx, tx.now - MONTH) == 0
        assert await receiving.for_papers(tx, ended) == {"CPF": CPF}

    clock.advance(timedelta(minutes=2))
    async with database.write() as tx:
        assert await receiving.purge(tx, tx.now - MONTH) == 1
        assert await receiving.for_papers(tx, ended) == {}
        assert await receiving.for_papers(tx, open_) == {"CPF": CPF}, "an order on its way needs it"
        assert not (await orders.place(tx, with_number(), key="ended")).is_new, "the key still answers"


async def test_erasing_the_buyer_purges_at_once(tx: Tx) -> None:
    order = (await orders.place(tx, with_number(), key="k1")).order
    await orders.move(tx, order.id, "cancelled", "called off")

    await orders.erase_buyer(tx, order.id)

    assert await receiving.for_papers(tx, order.id) == {}


async def test_who_closes_their_account_leaves_no_number_of_what_has_ended(tx: Tx) -> None:
    user, other = UserId(UUID(int=7)), UserId(UUID(int=8))
    placed = {}
    for key, who in (("ended", user), ("open", user), ("another's", other)):
        new = replace(with_number(), buyer=Buyer("Ana", "ana@example.org", user=who))
        placed[key] = (await orders.place(tx, new, key=key)).order.id
    for key in ("ended", "another's"):
        await orders.move(tx, placed[key], "cancelled", "called off")

    await receiving.purge_of_user(tx, user)

    assert await receiving.for_papers(tx, placed["ended"]) == {}
    assert await receiving.for_papers(tx, placed["open"]) == {"CPF": CPF}, "the carrier still needs it"
    assert await receiving.for_papers(tx, placed["another's"]) == {"CPF": CPF}
