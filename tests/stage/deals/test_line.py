# SPDX-License-Identifier: Apache-2.0
"""The line of a lane: who is offered what, and in which order its rows are locked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from silkcast.goods.stock import service as stock
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Database
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.store import batches as store
from tests.stage.deals.build import claim, levels, running, want


async def test_many_who_want_more_do_not_keep_the_one_who_wants_less_waiting(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 1, limit=2)
    await claim(database, [want(made.deal), *(want(made.deal, units=2) for _ in range(40)), want(made.deal)])

    async with database.write() as tx:
        await deals.give_up(tx, await deals.claim(tx, made.lane.id, 1))

    async with database.read() as db:
        states = [one.state for one in await deals.claims(db, made.lane.id)]
    assert states == ["called_off", *["waiting"] * 40, "open"]


async def test_two_units_free_at_once_go_to_the_first_two(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 2)
    await claim(database, [want(made.deal) for _ in range(5)])

    async def give_up(number: int) -> None:
        async with database.write() as tx:
            await deals.give_up(tx, await deals.claim(tx, made.lane.id, number))

    await asyncio.gather(give_up(1), give_up(2))

    async with database.read() as db:
        states = [one.state for one in await deals.claims(db, made.lane.id)]
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
    assert states == ["called_off", "called_off", "open", "open", "waiting"]
    assert (lane.taken, lane.waiting) == (2, 1)


async def test_a_top_up_waits_for_a_buyer_who_takes_up_and_both_succeed(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 2)

    async def top_up() -> None:
        async with database.write() as tx:
            await deals.top_up(tx, made.deal.id, made.shop.id, made.lane.id, 1)

    async with database.write() as tx:  # as taking up does: the lane, then the lane's hold
        await store.lock_lanes(tx, [made.lane.id])
        more = asyncio.create_task(top_up())
        await asyncio.sleep(0.3)
        part = {made.lane.variant: 1}
        until = tx.now + timedelta(minutes=5)
        await stock.part(tx, made.lane.hold, part, until=until, reference=new_uuid())
    await asyncio.wait_for(more, 5)

    assert await levels(database, made.deal) == (100, 3)
