# SPDX-License-Identifier: Apache-2.0
"""The flash sale: many buyers, few units. First without the guard, to see the race; then with it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import StockShort
from silkcast.goods.stock.values import Available
from silkcast.ground.ids import VariantId, WarehouseId, new_uuid
from silkcast.plumbing.db import Database

BUYERS = 200
UNITS = 50
AT_ONCE = 16
HOUR = timedelta(hours=1)
YIWU = WarehouseId(new_uuid())


async def _fill(database: Database, *variants: VariantId) -> None:
    async with database.write() as tx:
        for variant in variants:
            await stock.receive(tx, variant, YIWU, UNITS)


async def test_without_the_guard_read_decide_write_oversells(database: Database) -> None:
    """What `stock.hold` must not be: a buyer reads, decides, and writes what was read."""
    cup = VariantId(new_uuid())
    await _fill(database, cup)
    buyers = 8
    all_have_read = asyncio.Barrier(buyers)
    sold = 0

    async def buy_all() -> None:
        nonlocal sold
        async with database.write() as tx:
            read = text("SELECT on_hand - held FROM stock.levels WHERE variant = :variant")
            free = (await tx.session.execute(read, {"variant": cup})).scalar_one()
            await all_have_read.wait()
            if free >= UNITS:
                write = text("UPDATE stock.levels SET held = :held WHERE variant = :variant")
                await tx.session.execute(write, {"held": UNITS, "variant": cup})
                sold += UNITS

    await asyncio.gather(*(buy_all() for _ in range(buyers)))
    assert sold == buyers * UNITS, "each of them believes to have bought the last fifty"


async def test_two_hundred_buyers_share_fifty_units_exactly(database: Database) -> None:
    cup = VariantId(new_uuid())
    await _fill(database, cup)
    gate = asyncio.Semaphore(AT_ONCE)

    async def buy() -> bool:
        async with gate:
            try:
                async with database.write() as tx:
                    hold = await stock.hold(tx, {cup: 1}, until=tx.now + HOUR, reference=new_uuid())
                async with database.write() as tx:
                    await stock.take(tx, hold.id)
            except StockShort:
                return False
            return True

    bought = await asyncio.gather(*(buy() for _ in range(BUYERS)))

    assert sum(bought) == UNITS
    async with database.read() as db:
        assert (await stock.levels(db, [cup]))[cup] == Available(0, 0)


async def test_baskets_in_any_order_do_not_wait_for_each_other_in_a_circle(database: Database) -> None:
    cup, pot = VariantId(new_uuid()), VariantId(new_uuid())
    await _fill(database, cup, pot)
    gate = asyncio.Semaphore(AT_ONCE)

    async def buy(number: int) -> bool:
        want = {cup: 1, pot: 1} if number % 2 else {pot: 1, cup: 1}
        async with gate:
            try:
                async with database.write() as tx:
                    hold = await stock.hold(tx, want, until=tx.now + HOUR, reference=new_uuid())
                if number % 5 == 0:
                    async with database.write() as tx:
                        await stock.release(tx, hold.id)
                    return False
            except StockShort:
                return False
            return True

    bought = await asyncio.gather(*(buy(number) for number in range(120)))

    async with database.read() as db:
        levels = await stock.levels(db, [cup, pot])
    assert sum(bought) == levels[cup].held == levels[pot].held == UNITS


async def test_one_hold_taken_by_many_at_once_sells_once(database: Database) -> None:
    cup = VariantId(new_uuid())
    await _fill(database, cup)
    async with database.write() as tx:
        hold = await stock.hold(tx, {cup: 3}, until=tx.now + HOUR, reference=new_uuid())

    async def take() -> None:
        async with database.write() as tx:
            await stock.take(tx, hold.id)

    await asyncio.gather(*(take() for _ in range(8)))
    async with database.read() as db:
        assert (await stock.levels(db, [cup]))[cup] == Available(UNITS - 3, 0)


async def test_one_reference_held_by_many_at_once_holds_once(database: Database) -> None:
    cup = VariantId(new_uuid())
    await _fill(database, cup)
    reference = new_uuid()

    async def hold() -> object:
        async with database.write() as tx:
            return (await stock.hold(tx, {cup: 2}, until=tx.now + HOUR, reference=reference)).id

    assert len(set(await asyncio.gather(*(hold() for _ in range(8))))) == 1
    async with database.read() as db:
        assert (await stock.levels(db, [cup]))[cup].held == 2


@pytest.mark.parametrize("ending", ["take", "release"])
async def test_a_hold_ends_once_when_the_clock_and_the_buyer_race(database: Database, ending: str) -> None:
    cup = VariantId(new_uuid())
    await _fill(database, cup)
    async with database.write() as tx:
        hold = await stock.hold(tx, {cup: 5}, until=tx.now, reference=new_uuid())

    async def end() -> None:
        async with database.write() as tx:
            await getattr(stock, ending)(tx, hold.id)

    async def expire() -> None:
        async with database.write() as tx:
            await stock.expire(tx)

    await asyncio.gather(*(step() for _ in range(4) for step in (end, expire)), return_exceptions=True)
    async with database.read() as db:
        state = (await stock.hold_by_id(db, hold.id)).state
        left = UNITS - 5 if state == "taken" else UNITS
        assert (await stock.levels(db, [cup]))[cup] == Available(left, 0)
