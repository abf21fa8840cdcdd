# SPDX-License-Identifier: Apache-2.0
"""A job wanted in a transaction runs after it, at least once, and is never lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Job, Tick, service
from silkcast.plumbing.jobs.runner import Runner
from silkcast.plumbing.jobs.ticker import AT_ONCE, Ticker
from tests.conftest import VAULT


@dataclass(frozen=True, slots=True)
class Polish:
    bell: UUID
    strokes: int = 3


def job(run: Callable[[Database, Any], Awaitable[None]], retries: int = 8) -> Job:
    return Job("test.polish", Polish, run, retries)


async def want(database: Database, *payloads: Polish, key: str | None = None, **later: timedelta) -> None:
    async with database.write() as tx:
        for payload in payloads:
            tx.enqueue("test.polish", payload, key=key, at=tx.now + timedelta(**later) if later else None)  # type: ignore[arg-type]


async def test_a_job_gets_its_payload_as_it_was_wanted(database: Database) -> None:
    seen: list[Polish] = []

    async def polish(_: Database, payload: Polish) -> None:
        seen.append(payload)

    payload = Polish(new_uuid(), 7)
    await want(database, payload)
    runner = Runner(database, [job(polish)])
    assert await runner.run_due() == 1
    assert seen == [payload]
    assert await runner.run_due() == 0


async def test_a_job_waits_for_its_time(database: Database, clock: SetClock) -> None:
    seen: list[Polish] = []

    async def polish(_: Database, payload: Polish) -> None:
        seen.append(payload)

    await want(database, Polish(new_uuid()), hours=1)
    runner = Runner(database, [job(polish)])
    assert await runner.run_due() == 0
    clock.advance(timedelta(minutes=61))
    assert await runner.run_due() == 1


async def test_a_key_is_unique_while_it_waits_and_free_once_the_job_has_begun(database: Database) -> None:
    runs = 0

    async def polish(inside: Database, payload: Polish) -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            await want(inside, payload, key="bell")

    payload = Polish(new_uuid())
    await want(database, payload, key="bell")
    await want(database, payload, key="bell")
    assert await Runner(database, [job(polish)]).run_due() == 2, "the third was wanted while the first ran"


async def test_two_runners_do_not_run_the_same_job(database: Database) -> None:
    seen: list[UUID] = []

    async def polish(_: Database, payload: Polish) -> None:
        await asyncio.sleep(0.01)
        seen.append(payload.bell)

    bells = [new_uuid() for _ in range(20)]
    await want(database, *(Polish(bell) for bell in bells))
    await asyncio.gather(*(Runner(database, [job(polish)]).run_due() for _ in range(2)))
    assert sorted(seen) == sorted(bells)


async def test_a_failing_job_is_tried_again_after_growing_pauses_then_parked_without_its_words(
    database: Database, clock: SetClock
) -> None:
    tries = 0

    async def polish(_: Database, payload: Polish) -> None:
        nonlocal tries
        tries += 1
        raise ConnectionError("buyer@example.org lives at 5 rue des Lilas")

    await want(database, Polish(new_uuid()))
    runner = Runner(database, [job(polish, retries=2)])
    assert await runner.run_due() == 1
    assert await runner.run_due() == 0
    for _ in range(4):
        clock.advance(timedelta(seconds=6))
        await runner.run_due()
    assert tries == 3
    async with database.read() as db:
        (parked,) = await service.failed(db)
        assert (parked.name, parked.attempts, parked.error) == ("test.polish", 3, "ConnectionError")
        assert (await service.state(db)).failed == 1
        for table in ("jobs.queue", "jobs.log"):
            rows = (await db.session.execute(text(f"SELECT t::text FROM {table} t"))).scalars()
            assert "Lilas" not in " ".join(rows)


async def test_the_desk_retries_or_drops_with_a_reason(database: Database) -> None:
    is_broken = True

    async def polish(_: Database, payload: Polish) -> None:
        if is_broken:
            raise ValueError

    await want(database, Polish(new_uuid()), Polish(new_uuid()))
    runner = Runner(database, [job(polish, retries=0)])
    await runner.run_due()
    is_broken = False
    async with database.read() as db:
        first, second = await service.failed(db)
    async with database.write() as tx:
        await service.retry(tx, first.id)
        with pytest.raises(service.NoFailedJob):
            await service.retry(tx, first.id)
        with pytest.raises(service.ReasonMissing):
            await service.drop(tx, second.id, reason="")
        await service.drop(tx, second.id, reason="the bell was sold")
    assert await runner.run_due() == 1
    async with database.read() as db:
        assert await service.failed(db) == []
        said = await db.session.execute(
            text("SELECT traceback->>'dropped' FROM jobs.log WHERE status = 'deleted'")
        )
        assert said.scalar_one() == "the bell was sold"


async def test_a_job_cut_short_by_our_stopping_goes_back_as_it_was(database: Database) -> None:
    is_inside = asyncio.Event()

    async def linger(_: Database, payload: Polish) -> None:
        is_inside.set()
        await asyncio.sleep(60)

    await want(database, Polish(new_uuid()))
    running = asyncio.create_task(Runner(database, [job(linger)]).run())
    await is_inside.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    async with database.read() as db:
        assert (await service.state(db)).due == 1

    async def polish(_: Database, payload: Polish) -> None:
        return

    assert await Runner(database, [job(polish)]).run_due() == 1


async def test_a_job_whose_runner_died_is_found_and_one_that_kills_is_parked(
    database: Database, clock: SetClock
) -> None:
    """`_claim` without settling is what kill -9 leaves behind."""
    from silkcast.plumbing.jobs import store

    await want(database, Polish(new_uuid()))
    for _ in range(3):
        async with database.write() as tx:
            lost = timedelta(seconds=60)
            (claimed,) = await store.claim(tx, ["test.polish"], new_uuid(), limit=1, lost_after=lost)
        clock.advance(timedelta(seconds=59))
        async with database.write() as tx:
            assert await store.claim(tx, ["test.polish"], new_uuid(), limit=1, lost_after=lost) == []
        clock.advance(timedelta(seconds=2))
    assert claimed.attempts == 3

    async def polish(_: Database, payload: Polish) -> None:
        raise AssertionError("it is not tried a fourth time")

    await Runner(database, [job(polish, retries=2)]).run_due()
    async with database.read() as db:
        (parked,) = await service.failed(db)
    assert parked.error == "JobCrashed"


async def test_a_commit_in_this_process_wakes_the_runner_at_once(database: Database) -> None:
    done = asyncio.Event()

    async def polish(_: Database, payload: Polish) -> None:
        done.set()

    running = asyncio.create_task(Runner(database, [job(polish)], poll=timedelta(seconds=60)).run())
    await asyncio.sleep(0.2)
    await want(database, Polish(new_uuid()))
    async with asyncio.timeout(5):
        await done.wait()
    running.cancel()


async def test_a_tick_runs_when_its_time_has_come_by_one_process_at_a_time(
    database: Database, clock: SetClock
) -> None:
    ran = 0
    is_inside, may_end = asyncio.Event(), asyncio.Event()

    async def ring(_: Database) -> None:
        nonlocal ran
        ran += 1
        is_inside.set()
        await may_end.wait()

    tick = Tick("test.ring", timedelta(minutes=5), ring)
    first = asyncio.create_task(Ticker(database, [tick]).run_due())
    await is_inside.wait()
    clock.advance(timedelta(minutes=6))
    assert await Ticker(database, [tick]).run_due() == 0, "the first still runs"
    may_end.set()
    assert await first == 1
    assert await Ticker(database, [tick]).run_due() == 1
    assert await Ticker(database, [tick]).run_due() == 0, "another process has just run it"
    clock.advance(timedelta(minutes=5))
    assert await Ticker(database, [tick]).run_due() == 1
    assert ran == 3


async def test_a_tick_that_fails_or_is_cancelled_lets_go_of_its_lock(
    database: Database, clock: SetClock
) -> None:
    is_inside = asyncio.Event()

    async def fail(_: Database) -> None:
        is_inside.set()
        if clock.now().minute == 0:
            await asyncio.sleep(60)
        raise ValueError

    ticker = Ticker(database, [Tick("test.fail", timedelta(minutes=1), fail)])
    running = asyncio.create_task(ticker.run_due())
    await is_inside.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        assert await ticker.run_due() == 1


async def test_all_ticks_due_at_once_leave_connections_to_others(database: Database, clock: SetClock) -> None:
    ran: set[str] = set()

    async def look(name: str, database: Database) -> None:
        async with database.read() as db:
            await db.session.execute(text("SELECT pg_sleep(0.01)"))
        ran.add(name)

    small = Database(database.url, VAULT, clock=clock, pool_size=AT_ONCE)
    ticks = [Tick(f"test.{n}", timedelta(hours=1), partial(look, f"{n}")) for n in range(4 * AT_ONCE)]
    ticking = asyncio.create_task(Ticker(small, ticks).run())
    try:
        async with asyncio.timeout(8):  # sooner than one waits for a connection
            while len(ran) < len(ticks):
                await asyncio.sleep(0.01)
    finally:
        ticking.cancel()
        await asyncio.gather(ticking, return_exceptions=True)
        await small.close()
