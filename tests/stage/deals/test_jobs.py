# SPDX-License-Identifier: Apache-2.0
"""The deals' clock: what goes wrong with one deal is its own affair."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from silkcast.ground.clock import SetClock
from silkcast.ground.refusals import Unavailable
from silkcast.plumbing.db import Database
from silkcast.stage.deals import jobs
from silkcast.stage.deals import service as deals
from tests.stage.deals.build import Stall, claim, levels, running, stall, tick, want

Standing = tuple[str, list[str], int]
"""The deal's state, its claims' states, and how many units are held."""
LATER = timedelta(minutes=6)


async def due(database: Database, clock: SetClock) -> Stall:
    async with database.write() as tx:
        return await stall(tx, launch_at=clock.at + LATER)


async def over(database: Database, clock: SetClock) -> Stall:
    return await running(database, clock)


async def not_paid(database: Database, clock: SetClock) -> Stall:
    made = await running(database, clock, length=2 * LATER)
    await claim(database, [want(made.deal)])
    return made


async def ended(database: Database, clock: SetClock) -> Stall:
    made = await running(database, clock)
    async with database.write() as tx:
        await deals.end(tx, made.deal.id, "by_hand")
    return made


async def run(database: Database, statement: str) -> None:
    async with database.write() as tx:
        await tx.session.execute(text(statement))


async def standing(database: Database, made: Stall) -> Standing:
    async with database.read() as db:
        deal = await deals.the_deal(db, made.deal.id)
        claims = await deals.claims(db, made.lane.id)
    return deal.state, [one.state for one in claims], (await levels(database, deal))[1]


@pytest.mark.parametrize(
    ("what", "prepare", "poison", "before", "after"),
    [
        ("launch", due, "deals.deals|id", ("planned", [], 0), ("launched", [], 5)),
        ("end", over, "deals.deals|id", ("launched", [], 5), ("ended", [], 5)),
        ("expire", not_paid, "deals.lanes|deal_id", ("launched", ["open"], 5), ("launched", ["expired"], 5)),
        ("settle", ended, "deals.lanes|deal_id", ("ended", [], 5), ("ended", [], 0)),
    ],
    ids=["launch", "end", "expire", "settle"],
)
async def test_a_deal_that_fails_stops_no_other_and_is_tried_again(
    database: Database,
    clock: SetClock,
    what: str,
    prepare: Callable[[Database, SetClock], Awaitable[Stall]],
    poison: str,
    before: Standing,
    after: Standing,
) -> None:
    first, poisoned, last = [await prepare(database, clock) for _ in range(3)]
    table, column = poison.split("|")
    await run(
        database,
        f"ALTER TABLE {table} ADD CONSTRAINT poisoned CHECK ({column} <> '{poisoned.deal.id}') NOT VALID",
    )
    clock.at += LATER

    with capture_logs() as lines:
        await tick(database)

    assert await standing(database, poisoned) == before
    assert [await standing(database, made) for made in (first, last)] == [after, after]
    (line,) = [line for line in lines if line["event"] == "deals.clock_failed"]
    assert (line["log_level"], line["what"]) == ("error", what)
    assert (line.get("deal") or line.get("lane")) in (str(poisoned.deal.id), str(poisoned.lane.id))

    await run(database, f"ALTER TABLE {table} DROP CONSTRAINT poisoned")
    await tick(database)
    assert await standing(database, poisoned) == after


async def test_a_deal_is_not_called_off_because_the_database_was_away(
    database: Database, clock: SetClock
) -> None:
    made = await due(database, clock)
    await run(
        database,
        """
        CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$
        """,
    )
    await run(
        database,
        "CREATE TRIGGER cut_off BEFORE UPDATE ON deals.deals FOR EACH ROW"
        " WHEN (NEW.state = 'launched') EXECUTE FUNCTION cut_off()",
    )
    clock.at += LATER

    with pytest.raises(Unavailable):
        await tick(database)
    assert await standing(database, made) == ("planned", [], 0)

    await run(database, "DROP TRIGGER cut_off ON deals.deals")
    await tick(database)
    assert await standing(database, made) == ("launched", [], 5)


async def test_a_crowd_that_does_not_pay_is_closed_in_portions_and_others_claim_between(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deals, "PORTION", 3)
    monkeypatch.setattr(jobs, "REST_SECONDS", 60)  # of it the share that was closed
    made = await running(database, clock, 7, length=2 * LATER)
    await claim(database, [want(made.deal) for _ in range(7 + 2)])
    clock.at += LATER

    closing = asyncio.create_task(jobs.expire(database))
    while (await standing(database, made))[1].count("expired") < 3:
        await asyncio.sleep(0.01)
    (late,) = await claim(database, [want(made.deal)])
    assert (late.outcome, late.number) == ("granted", 10), "two of three went to the line, the third is left"
    assert (await standing(database, made))[1] == ["expired"] * 3 + ["open"] * 7
    closing.cancel()

    monkeypatch.setattr(jobs, "REST_SECONDS", 0)
    await jobs.expire(database)
    assert (await standing(database, made))[1] == ["expired"] * 7 + ["open"] * 3
    async with database.read() as db:
        moves = [(moved.what, moved.number) for _, moved in await deals.moves(db, made.lane.id)]
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
    assert moves[1:] == [
        *(("expired", number) for number in (1, 2, 3)),
        *(("offered", number) for number in (8, 9)),
        *(("expired", number) for number in (4, 5, 6, 7)),
    ]
    assert (lane.taken, lane.waiting) == (3, 0)


async def test_the_clock_looks_into_indexes_and_reads_no_table_of_claims(
    database: Database, clock: SetClock
) -> None:
    """A planner that thinks the table short reads all of it, each second, and a rush has made it long."""
    made = await not_paid(database, clock)
    async with database.write() as tx:
        await deals.end(tx, made.deal.id, "by_hand")
        await tx.session.execute(text("ANALYZE deals.claims"))  # and sees that it is short
    async with database.read() as db:
        assert not await deals.unsettled(db)
        assert not await deals.overdue_lanes(db)
        looks = text("SELECT pg_stat_get_xact_numscans('deals.claims'::regclass)")
        assert await db.session.scalar(looks) == 0
