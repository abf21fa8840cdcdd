# SPDX-License-Identifier: Apache-2.0
"""A market is closed in the middle of a rush: nobody there gets a unit any more, everybody else does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database
from silkcast.stage.deals import service as deals
from silkcast.trade.orders import service as orders
from silkcast.who.closings import service as closings
from tests.conftest import NOON
from tests.stage.deals.build import FR, Stall, claim, levels, running, want
from tests.trade.orders.build import new_order


async def close(database: Database) -> None:
    async with database.write() as tx:
        await closings.close(tx, FR, reason="a strike")


async def granted(database: Database, made: Stall) -> int:
    async with database.read() as db:
        return (await deals.numbers(db, made.deal))[made.lane.id].get("open", 0)


async def test_only_the_closed_market_goes_without(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5)
    mine = want(made.deal)
    (before,) = await claim(database, [mine])
    await close(database)

    asked = [want(made.deal, market=market) for market in ("FR", "US", "FR", "SG")]
    answers = await claim(database, asked)

    assert [answer.outcome for answer in answers] == ["closed", "granted", "closed", "granted"]
    assert [answer.number for answer in answers] == [0, 2, 0, 3], "numbers have no gaps"
    (again,) = await claim(database, [mine])
    assert (again.outcome, again.number) == ("granted", before.number), "what was told is told again"
    async with database.write() as tx:
        await closings.reopen(tx, FR, "the strike is over")
    (after,) = await claim(database, [want(made.deal)])
    assert after.outcome == "granted"


async def test_what_comes_free_passes_those_in_line_whose_market_is_closed(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 1)
    async with database.write() as tx:
        from_fr = await orders.keep_terms(tx, new_order(market="FR"))
        from_us = await orders.keep_terms(tx, new_order(market="US"))
    first = want(made.deal, market="US", terms=from_us)
    await claim(database, [first])
    await claim(database, [want(made.deal, market="FR", terms=from_fr)])
    await claim(database, [want(made.deal, market="US", terms=from_us)])
    await close(database)

    async with database.write() as tx:
        await deals.give_up(tx, await deals.claim(tx, made.lane.id, 1))

    async with database.read() as db:
        states = [one.state for one in await deals.claims(db, made.lane.id)]
        moves = [moved.what for _, moved in await deals.moves(db, made.lane.id)]
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
    assert states == ["called_off", "passed_over", "open"]
    assert "market_closed" in moves
    assert (lane.taken, lane.waiting) == (1, 0)


@asynccontextmanager
async def tapping(database: Database, made: Stall, market: str) -> AsyncIterator[asyncio.subprocess.Process]:
    address = database.url.render_as_string(hide_password=False)
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.stage.deals.tapping", address, str(made.lane.id), market,
        str((made.deal.countdown).total_seconds()), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
        await program.wait()


async def line(program: asyncio.subprocess.Process) -> str:
    assert program.stdout is not None
    return (await asyncio.wait_for(program.stdout.readline(), 30)).decode().strip()


async def test_two_processes_place_nothing_once_the_close_was_acknowledged(
    database: Database, clock: SetClock
) -> None:
    assert clock.now() == NOON
    made = await running(database, clock, 90_000, in_stock=100_000)
    async with tapping(database, made, "FR") as one, tapping(database, made, "FR") as other:
        assert [await line(one), await line(other)] == ["going", "going"]
        await asyncio.sleep(0.3)

        await close(database)
        at_once = await granted(database, made)

        told = [int(await line(one)), int(await line(other))]
    assert all(told), "both were in the middle of it"
    assert sum(told) == at_once == await granted(database, made), "no unit went after the close"
    assert await levels(database, made.deal) == (100_000, 90_000)


async def test_without_the_gate_an_order_slips_through(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard off: whoever looked before the close places after it."""
    made = await running(database, clock, 5)
    looked, may_go_on = asyncio.Event(), asyncio.Event()
    truly = closings.closed_among

    async def look_only(tx: object, markets: object, *, waits: bool = True) -> frozenset[str]:
        async with database.read() as db:
            found = frozenset(one.market for one in await closings.all_open(db))
        looked.set()
        await may_go_on.wait()
        return found

    async def race() -> int:
        """Units that went after the close was acknowledged."""
        looked.clear()
        may_go_on.clear()
        claiming = asyncio.create_task(claim(database, [want(made.deal)]))
        if closings.closed_among is not truly:
            await looked.wait()
        await close(database)
        at_once = await granted(database, made)
        may_go_on.set()
        await claiming
        return await granted(database, made) - at_once

    monkeypatch.setattr(closings, "closed_among", look_only)
    assert await race() == 1
    monkeypatch.setattr(closings, "closed_among", truly)
    async with database.write() as tx:
        await closings.reopen(tx, FR, "once more")
    assert await race() == 0
