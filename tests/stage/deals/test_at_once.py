# SPDX-License-Identifier: Apache-2.0
"""Batches that are decided from what the last one left, in one call: whatever happened in between, the
answers are those that the locks would have given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from silkcast.ground.clock import SetClock
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database, Tx
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import Committer
from silkcast.stage.deals.known import Known
from silkcast.stage.deals.store import batches
from silkcast.stage.deals.values import Answer, LaneId, Want
from silkcast.who.closings import service as closings
from tests.stage.deals.build import Stall, at_work, claim, running, want


async def ask(committer: Committer, *wants: Want) -> list[tuple[str, int]]:
    answers = await asyncio.gather(*(committer.ask(one) for one in wants))
    return [(answer.outcome, answer.number) if answer else ("not known", 0) for answer in answers]


async def never(*_: Any) -> Any:
    raise AssertionError("the locks were not needed")


async def test_the_second_batch_needs_no_lock(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await running(database, clock, 3, variants=2, limit=2)
    mine = want(made.deal, lane=1)
    async with at_work(Committer(database)) as committer:
        assert await ask(committer, want(made.deal), mine) == [("granted", 1), ("granted", 1)]
        monkeypatch.setattr(batches, "lock_lanes", never)
        assert await ask(committer, want(made.deal), want(made.deal, lane=1)) == [
            ("granted", 2),
            ("granted", 2),
        ]
        # who came before is found, and nothing of the batch is lost for it
        again = want(made.deal, lane=1, buyer=mine.buyer)
        more = want(made.deal, lane=1, buyer=mine.buyer)
        assert await ask(committer, mine, again, want(made.deal), more) == [
            ("granted", 1),
            ("granted", 3),
            ("granted", 3),
            ("over_limit", 4),
        ]
        assert await ask(committer, mine) == [("granted", 1)], "nothing new is in it"
        assert await ask(committer, want(made.deal)) == [("waiting", 4)]

    async with database.read() as db:
        deal = await deals.the_deal(db, made.deal.id)
        rows = [await deals.claims(db, lane.id) for lane in deal.lanes]
    assert [(lane.taken, lane.waiting, lane.claims) for lane in deal.lanes] == [(3, 1, 4), (3, 0, 4)]
    assert [[row.number for row in of_lane] for of_lane in rows] == [[1, 2, 3, 4], [1, 2, 3, 4]]


Deed = Callable[[Database, SetClock, Stall, Answer], Awaitable[None]]


async def another_process(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    await claim(database, [want(made.deal)])


async def a_unit_came_back(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    async with database.write() as tx:
        await deals.give_up(tx, await deals.claim(tx, made.lane.id, 1))


async def its_time_ran_out(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    clock.at += made.deal.pay_within
    async with database.write() as tx:
        assert await deals.expire(tx, made.lane.id) == 1
    clock.at -= made.deal.pay_within


async def more_units(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    async with database.write() as tx:
        await deals.top_up(tx, made.deal.id, made.shop.id, made.lane.id, 3)


async def ended_by_hand(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    async with database.write() as tx:
        await deals.end(tx, made.deal.id, "by_hand")


async def its_end_has_come(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    clock.at += made.deal.length


async def the_market_closed(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    async with database.write() as tx:
        await closings.close(tx, Country("FR"), reason="a new law")


async def nothing(database: Database, clock: SetClock, made: Stall, first: Answer) -> None:
    pass


BETWEEN: dict[Deed, list[tuple[str, int]]] = {
    nothing: [("granted", 2), ("waiting", 3)],
    another_process: [("waiting", 3), ("waiting", 4)],
    a_unit_came_back: [("granted", 2), ("granted", 3)],
    its_time_ran_out: [("granted", 2), ("granted", 3)],
    more_units: [("granted", 2), ("granted", 3)],
    ended_by_hand: [("not_running", 0), ("not_running", 0)],
    its_end_has_come: [("not_running", 0), ("not_running", 0)],
    the_market_closed: [("closed", 0), ("closed", 0)],
}


@pytest.mark.parametrize("between", BETWEEN, ids=lambda deed: deed.__name__)
async def test_what_happened_between_two_batches_is_heeded(
    database: Database, clock: SetClock, between: Deed
) -> None:
    made = await running(database, clock, 2)
    async with at_work(Committer(database)) as committer:
        first = await committer.ask(want(made.deal))
        assert first is not None
        await between(database, clock, made, first)
        said = await ask(committer, want(made.deal), want(made.deal))

    assert said == BETWEEN[between]
    async with database.read() as db:
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
        rows = await deals.claims(db, made.lane.id)
    assert [row.number for row in rows] == list(range(1, lane.claims + 1)), "without a gap"
    assert lane.taken == sum(row.state == "open" for row in rows) <= lane.units


async def test_two_deals_in_one_batch_are_two_calls(database: Database, clock: SetClock) -> None:
    one, other = await running(database, clock, 2), await running(database, clock, 1)
    async with at_work(Committer(database)) as committer:
        under_locks, at_once = [
            await ask(committer, want(one.deal), want(other.deal), want(one.deal), want(other.deal))
            for _ in range(2)
        ]

    assert under_locks == [("granted", 1), ("granted", 1), ("granted", 2), ("waiting", 2)]
    assert at_once == [("waiting", 3), ("waiting", 3), ("waiting", 4), ("waiting", 4)]


async def test_a_deal_that_ends_while_the_call_waits_takes_nobody(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 5)
    async with at_work(Committer(database)) as committer:
        assert await ask(committer, want(made.deal)) == [("granted", 1)]
        async with database.write() as tx:
            await deals.end(tx, made.deal.id, "by_hand")
            asked = asyncio.create_task(ask(committer, want(made.deal), want(made.deal)))
            await until_it_waits(tx)
        assert await asyncio.wait_for(asked, 5) == [("not_running", 0), ("not_running", 0)]


async def until_it_waits(tx: Tx) -> None:
    async with asyncio.timeout(5):
        while not await tx.fetch("SELECT 1 FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)


async def test_many_lanes_are_forgotten_rather_than_kept_for_ever(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("silkcast.stage.deals.known.MOST_LANES", 2)
    made = await running(database, clock, 2, variants=3)
    async with at_work(Committer(database)) as committer:
        for number in (1, 2):
            for lane in range(3):
                assert await ask(committer, want(made.deal, lane=lane)) == [("granted", number)]
        assert len(committer._known._lanes) <= 2


def test_a_lane_that_nobody_knows_is_of_no_deal() -> None:
    known = Known()
    assert known.deal_of(LaneId(1)) is None
    assert known.lanes([LaneId(1)]) is None


async def test_an_unpaid_claim_is_not_counted_once_it_ran_out(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 2, length=timedelta(minutes=20))
    mine = want(made.deal)
    async with at_work(Committer(database)) as committer:
        assert await ask(committer, mine) == [("granted", 1)]
        assert await ask(committer, want(made.deal, buyer=mine.buyer)) == [("over_limit", 2)]
        clock.at += made.deal.pay_within
        async with database.write() as tx:
            await deals.expire(tx, made.lane.id)
        assert await ask(committer, want(made.deal, buyer=mine.buyer)) == [("granted", 3)]
