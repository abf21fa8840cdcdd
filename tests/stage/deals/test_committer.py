# SPDX-License-Identifier: Apache-2.0
"""The committer when things go wrong: rivals, poison, deadlocks, a full queue, an end in mid-batch, a clock
that goes back. Where a race is told of, it is shown first with the guard off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import new_uuid
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import Committer, CommitterSettings
from silkcast.stage.deals.errors import Busy
from silkcast.stage.deals.functions import WRITE_CLAIMS
from silkcast.stage.deals.store import batches as store
from silkcast.stage.deals.values import Answer, Lane, LaneId
from tests.conftest import VAULT
from tests.stage.deals.build import Stall, at_work, claim, running, want

LOCKED = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@asynccontextmanager
async def rivals(database: Database, clock: SetClock) -> AsyncIterator[tuple[Committer, Committer]]:
    """Two committers, each with connections of its own, as two processes have them."""
    other = Database(database.url, VAULT, clock=clock, pool_size=2, hide_parameters=False)
    try:
        async with at_work(Committer(database)) as one, at_work(Committer(other)) as two:
            yield one, two
    finally:
        await other.close()


async def run(database: Database, *statements: str) -> None:
    async with database.write() as tx:
        for statement in statements:
            await tx.session.execute(text(statement))


async def lane_of(database: Database, made: Stall, index: int = 0) -> Lane:
    async with database.read() as db:
        return (await deals.the_deal(db, made.deal.id)).lanes[index]


async def until_one_waits(database: Database, count: int = 1) -> None:
    """Somebody stands before a lock."""
    async with asyncio.timeout(5):
        while True:
            async with database.read() as db:
                if (await db.session.execute(LOCKED)).scalar_one() >= count:
                    return
            await asyncio.sleep(0.01)


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guards off: lanes are read as anybody reads."""
    unlocked = re.sub(r"FOR NO KEY UPDATE OF \w+", "", str(store._LOCK))
    monkeypatch.setattr(store, "_LOCK", text(unlocked))


def side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two transactions have both read before either writes, if nothing keeps the second one out."""
    look, both = store.find, asyncio.Event()
    arrived: list[None] = []

    async def slowly(*asked: Any) -> Any:
        found = await look(*asked)
        arrived.append(None)
        if len(arrived) == 2:
            both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 0.3)
        return found

    monkeypatch.setattr(store, "find", slowly)


NO_KEYS = "ALTER TABLE deals.claims DROP CONSTRAINT pk_claims"
NO_COMPARING = re.sub(r"AND lane\.units = .*?;", ";", WRITE_CLAIMS, count=1, flags=re.DOTALL)
"""Counters are written whatever they were meanwhile."""


@pytest.mark.parametrize("is_guarded", [False, True])
async def test_two_processes_and_one_last_unit(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    made = await running(database, clock, 1)
    side_by_side(monkeypatch)
    if not is_guarded:
        without_locks(monkeypatch)
        await run(database, NO_KEYS, NO_COMPARING)

    async with rivals(database, clock) as (one, two):
        answers = await asyncio.gather(one.ask(want(made.deal)), two.ask(want(made.deal)))

    said = sorted((answer.outcome, answer.number) for answer in answers if answer)
    if is_guarded:
        assert said == [("granted", 1), ("waiting", 2)]
    else:
        assert said == [("granted", 1), ("granted", 1)], "one unit, sold twice"


@pytest.mark.parametrize("off", [NO_KEYS, NO_COMPARING])
async def test_without_the_lock_numbers_and_counters_still_refuse_the_second(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    made = await running(database, clock, 1)
    side_by_side(monkeypatch)
    without_locks(monkeypatch)
    await run(database, off)  # either of them is enough

    async with rivals(database, clock) as (one, two):
        answers = await asyncio.gather(one.ask(want(made.deal)), two.ask(want(made.deal)))

    assert sorted(answer.outcome if answer else "not known" for answer in answers) == ["granted", "not known"]


@pytest.mark.parametrize("is_guarded", [False, True])
async def test_the_same_key_from_two_processes(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    made = await running(database, clock, 5)
    wish = want(made.deal)
    same = want(made.deal, key=wish.key, buyer=wish.buyer)  # each process thinks of an order id of its own
    side_by_side(monkeypatch)
    if not is_guarded:
        without_locks(monkeypatch)
        await run(database, NO_KEYS, NO_COMPARING, "DROP INDEX deals.claims_by_key")

    async with rivals(database, clock) as (one, two):
        answers = await asyncio.gather(one.ask(wish), two.ask(same))

    first, second = (answer for answer in answers if answer)
    async with database.read() as db:
        rows = await deals.claims(db, made.lane.id)
    if is_guarded:
        assert (first.outcome, first.number, first.order) == (second.outcome, second.number, second.order)
        assert sorted([first.is_again, second.is_again]) == [False, True]
        assert [row.order for row in rows] == [first.order]
    else:
        assert len(rows) == 2, "one tap, two claims"


async def test_one_poisoned_claim_fails_alone(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 20)
    poison = want(made.deal, units=40_000)  # more than its column holds
    nowhere = want(made.deal)
    lost = replace(nowhere, lane=LaneId(10**9))  # a lane that vanished
    wants = [want(made.deal) for _ in range(9)]
    wants[4:4] = [poison, lost]
    with pytest.raises(Refusal):  # without the committer's halves, nobody gets anything
        await claim(database, wants)

    async with at_work(Committer(database)) as committer:
        answers = await asyncio.gather(*(committer.ask(one) for one in wants))

    said = [answer.outcome if answer else None for answer in answers]
    assert said == ["granted"] * 4 + [None, "not_running"] + ["granted"] * 5
    numbers = [answer.number for answer in answers if answer and answer.number]
    assert numbers == list(range(1, 10)), "in their order, without a gap"
    assert (await lane_of(database, made)).taken == 9


@asynccontextmanager
async def crossed(database: Database, made: Stall) -> AsyncIterator[asyncio.Task[None]]:
    """A transaction that has the second lane and wants the first, once somebody has the first."""

    async def cross() -> None:
        lock = text("SELECT 1 FROM deals.lanes WHERE id = :lane FOR UPDATE")
        async with database.write() as tx:
            await tx.session.execute(lock, {"lane": made.deal.lanes[1].id})
            has_second.set()
            await until_one_waits(database)
            await tx.session.execute(lock, {"lane": made.deal.lanes[0].id})

    has_second = asyncio.Event()
    task = asyncio.create_task(cross())
    await has_second.wait()
    yield task
    await task


async def test_a_deadlock_between_two_lanes_is_survived(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5, variants=2)
    wants = [want(made.deal, lane=0), want(made.deal, lane=1)]
    async with crossed(database, made):
        with pytest.raises(DBAPIError, match="deadlock detected"):  # without another try
            await claim(database, wants)

    async with at_work(Committer(database)) as committer, crossed(database, made):
        answers = await asyncio.gather(*(committer.ask(one) for one in wants))

    assert [answer and answer.outcome for answer in answers] == ["granted", "granted"]
    assert [answer and answer.number for answer in answers] == [1, 1]


async def test_who_does_not_fit_into_the_queue_is_told_so_and_nothing_is_kept(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 10)
    committer = Committer(database, CommitterSettings(queue=3, batch=2))
    told: list[Answer | None] = []
    wants = [want(made.deal) for _ in range(5)]
    for one in wants[:3]:
        committer.put(one, told.append)
    for one in wants[3:]:
        with pytest.raises(Busy) as refusal:
            committer.put(one, told.append)
        assert refusal.value.place == 4

    async with at_work(committer):
        again = await asyncio.wait_for(_when_there_is_room(committer, wants[4]), 5)

    assert [answer and answer.number for answer in told] == [1, 2, 3]
    assert again is not None
    assert (again.outcome, again.number, again.is_again) == ("granted", 4, False)
    assert (await lane_of(database, made)).claims == 4


async def _when_there_is_room(committer: Committer, wish: Any) -> Answer | None:
    while committer.waiting:
        await asyncio.sleep(0.01)
    return await committer.ask(wish)


async def test_ended_with_claims_waiting_and_one_batch_under_way(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 10)
    committer = Committer(database, CommitterSettings(batch=2))
    told: dict[int, list[Answer | None]] = {n: [] for n in range(5)}
    wants = [want(made.deal) for _ in told]
    async with database.write() as tx:
        await store.lock_lanes(tx, [made.lane.id])
        async with at_work(committer):
            for n, one in enumerate(wants):
                committer.put(one, told[n].append)
            await until_one_waits(database)

    assert told == {n: [None] for n in range(5)}, "each once"
    async with at_work(committer):
        answers = await asyncio.gather(*(committer.ask(one) for one in wants))
    assert [answer and answer.number for answer in answers] == [1, 2, 3, 4, 5]
    assert (await lane_of(database, made)).taken == 5


async def test_a_clock_set_back_between_batches(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 3)
    first, second = want(made.deal), want(made.deal)

    async with at_work(Committer(database)) as committer:
        before = await committer.ask(first)
        clock.at += timedelta(minutes=2)
        between = await committer.ask(second)
        clock.at -= timedelta(minutes=1, seconds=59)
        after = await asyncio.gather(
            committer.ask(first), committer.ask(want(made.deal)), committer.ask(second)
        )
        clock.at -= timedelta(minutes=1)  # to before the start
        early = await committer.ask(want(made.deal))
        known = await committer.ask(first)

    assert [one and (one.outcome, one.number) for one in (before, between, *after, early, known)] == [
        ("granted", 1),
        ("granted", 2),
        ("granted", 1),
        ("granted", 3),
        ("granted", 2),
        ("not_running", 0),
        ("granted", 1),
    ]
    lane = await lane_of(database, made)
    assert (lane.taken, lane.claims) == (3, 3)


async def test_the_committer_goes_on_whatever_happens(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 10)
    committer = Committer(database)

    def deaf(answer: Answer | None) -> None:
        raise ConnectionError("their line is gone")

    def mute(left: Mapping[LaneId, int], granted: int) -> None:
        raise RuntimeError("nobody to tell")

    committer.claimed = mute
    async with at_work(committer):
        committer.put(want(made.deal), deaf)
        beside = await committer.ask(want(made.deal))
        await run(database, "ALTER TABLE deals.claims RENAME TO gone")
        nobody_knows = await committer.ask(want(made.deal))
        await run(database, "ALTER TABLE deals.gone RENAME TO claims")
        after = await committer.ask(want(made.deal))

    assert [one and one.number for one in (beside, nobody_knows, after)] == [2, None, 3]


async def test_a_lost_batch_is_told_to_the_room_when_the_database_is_back(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 7)
    committer = Committer(database)
    heard: asyncio.Queue[Mapping[LaneId, int]] = asyncio.Queue()
    committer.claimed = lambda left, granted: heard.put_nowait(left)

    async with at_work(committer):
        await run(database, "ALTER TABLE deals.claims RENAME TO gone")
        assert await committer.ask(want(made.deal)) is None
        await run(database, "ALTER TABLE deals.gone RENAME TO claims")
        await claim(database, [want(made.deal)])  # as if it had been committed after all

        assert await asyncio.wait_for(heard.get(), 5) == {made.lane.id: 6}


async def test_a_connection_that_breaks_under_a_batch(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5)
    cut = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")

    async with at_work(Committer(database)) as committer:
        async with database.write() as tx:
            await store.lock_lanes(tx, [made.lane.id])
            asked = asyncio.create_task(committer.ask(want(made.deal)))
            await until_one_waits(database)
            async with database.read() as db:
                await db.session.execute(cut)
            await until_one_waits(database)
        answer = await asyncio.wait_for(asked, 5)

    assert answer is not None
    assert (answer.outcome, answer.number) == ("granted", 1)


async def test_told_again_the_room_hears_what_is_left_now(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5)
    mine = want(made.deal)
    await claim(database, [mine, want(made.deal), want(made.deal)])
    committer = Committer(database)
    heard: list[Mapping[LaneId, int]] = []
    committer.claimed = lambda left, granted: heard.append({**left, LaneId(0): granted})

    async with at_work(committer):
        answer = await committer.ask(mine)

    assert answer is not None
    assert (answer.number, answer.left, answer.is_again) == (1, 2, True)
    assert heard == [{made.lane.id: 2, LaneId(0): 0}]


async def test_one_buyer_whose_answer_was_lost_has_the_limit_and_no_more(
    database: Database, clock: SetClock
) -> None:
    made = await running(database, clock, 5, limit=1)
    buyer, first = new_uuid(), None
    async with at_work(Committer(database)) as committer:
        mine = want(made.deal, buyer=buyer)
        committer.put(mine, lambda answer: None)  # they never hear it
        first = await committer.ask(mine)
        other = await committer.ask(want(made.deal, buyer=buyer))  # and tap anew, with another key

    assert first is not None
    assert other is not None
    assert (first.outcome, first.number) == ("granted", 1)
    assert (other.outcome, other.number) == ("over_limit", 2)
    assert (await lane_of(database, made)).taken == 1
