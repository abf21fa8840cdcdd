# SPDX-License-Identifier: Apache-2.0
"""Each event reaches each reaction once in effect, whatever fails, however many relays run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId, new_uuid
from silkcast.ground.money import Money
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.outbox import Event, Reaction, service
from silkcast.plumbing.outbox.relay import Relay


@dataclass(frozen=True, slots=True)
class OrderPlaced(Event):
    name: ClassVar[str] = "test.order_placed.v1"
    order: OrderId
    total: Money
    wanted: dict[OrderId, int]


def placed(amount: str = "19.90") -> OrderPlaced:
    order = OrderId(new_uuid())
    return OrderPlaced(order, Money(Decimal(amount), "EUR"), {order: 2})  # type: ignore[arg-type]


async def announce(database: Database, *events: Event) -> None:
    async with database.write() as tx:
        for event in events:
            tx.announce(event)


async def note(tx: Tx, event: OrderPlaced) -> None:
    await tx.session.execute(text("INSERT INTO noted VALUES (:order)"), {"order": str(event.order)})


async def noted(database: Database) -> int:
    async with database.read() as db:
        found: int = (await db.session.execute(text("SELECT count(*) FROM noted"))).scalar_one()
        return found


@pytest.fixture
async def table(database: Database) -> None:
    async with database.write() as tx:
        await tx.session.execute(text("CREATE TABLE noted (id text)"))


def reaction(run: Callable[[Tx, Any], Awaitable[None]], name: str = "test.note") -> Reaction:
    return Reaction(name, OrderPlaced, run)


async def test_an_event_arrives_as_it_was_announced(database: Database) -> None:
    seen: list[OrderPlaced] = []

    async def look(tx: Tx, event: OrderPlaced) -> None:
        seen.append(event)

    event = placed()
    await announce(database, event)
    assert await Relay(database, [reaction(look)]).deliver_all() == 1
    assert seen == [event]


@pytest.mark.usefixtures("table")
async def test_many_relays_do_each_once(database: Database) -> None:
    await announce(database, *(placed() for _ in range(40)))
    relays = [Relay(database, [reaction(note), reaction(note, "test.note_too")]) for _ in range(3)]
    await asyncio.gather(*(relay.deliver_all() for relay in relays))
    assert await noted(database) == 80
    assert await relays[0].deliver_all() == 0


@pytest.mark.usefixtures("table")
async def test_a_failing_reaction_moves_nothing_and_is_tried_again_after_growing_pauses(
    database: Database, clock: SetClock
) -> None:
    tries: list[timedelta] = []
    began = clock.now()

    async def fail_twice(tx: Tx, event: OrderPlaced) -> None:
        await note(tx, event)
        tries.append(clock.now() - began)
        if len(tries) < 3:
            raise ValueError("a name and an address that must not be kept")

    relay = Relay(database, [reaction(fail_twice), reaction(note, "test.other")])
    await announce(database, placed())
    assert await relay.deliver_all() == 2
    assert await noted(database) == 1, "the other reaction is not held up"
    assert await relay.deliver_all() == 0, "not before its pause is over"
    clock.advance(timedelta(seconds=3))
    assert await relay.deliver_all() == 1
    clock.advance(timedelta(seconds=3))
    assert await relay.deliver_all() == 0, "the second pause is longer"
    clock.advance(timedelta(seconds=3))
    assert await relay.deliver_all() == 1
    assert await noted(database) == 2
    assert len(tries) == 3


async def test_what_keeps_failing_is_parked_and_the_desk_retries_or_drops_it(
    database: Database, clock: SetClock
) -> None:
    is_broken = True

    async def break_down(tx: Tx, event: OrderPlaced) -> None:
        if is_broken:
            raise LookupError("secret")

    relay = Relay(database, [reaction(break_down)], most_attempts=3)
    await announce(database, placed(), placed())
    for _ in range(4):
        await relay.deliver_all()
        clock.advance(timedelta(hours=2))
    async with database.read() as db:
        parked = await service.failed(db)
        assert await service.count_failed(db) == 2
        assert await service.lag(db) == timedelta(0)
    assert [(one.attempts, one.error) for one in parked] == [(3, "LookupError")] * 2

    is_broken = False
    async with database.write() as tx:
        await service.retry(tx, parked[0].event_id, "test.note")
        await service.drop(tx, parked[1].event_id, "test.note", reason="a test order")
        with pytest.raises(service.NoFailedReaction):
            await service.retry(tx, parked[1].event_id, "test.note")
        with pytest.raises(service.ReasonMissing):
            await service.drop(tx, parked[0].event_id, "test.note", reason=" ")
    assert await relay.deliver_all() == 1
    async with database.read() as db:
        assert await service.failed(db) == []
    assert await service.sweep(database, keep=timedelta(0)) == 2


@pytest.mark.usefixtures("table")
async def test_a_commit_in_this_process_wakes_the_relay_at_once(database: Database) -> None:
    relay = Relay(database, [reaction(note)], poll=timedelta(seconds=60))
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.2)
    await announce(database, placed())
    async with asyncio.timeout(5):
        while await noted(database) == 0:
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.usefixtures("table")
async def test_what_another_process_announced_is_found_by_polling(database: Database) -> None:
    relay = Relay(database, [reaction(note)], poll=timedelta(milliseconds=50))
    running = asyncio.create_task(relay.run())
    elsewhere = Database(database.url, database.vault, clock=database.clock, pool_size=1)
    await announce(elsewhere, placed())
    await elsewhere.close()
    async with asyncio.timeout(5):
        while await noted(database) == 0:
            await asyncio.sleep(0.02)
    running.cancel()


@pytest.mark.usefixtures("table")
async def test_a_relay_stopped_in_the_middle_leaves_the_reaction_to_be_done_again(database: Database) -> None:
    is_inside = asyncio.Event()

    async def linger(tx: Tx, event: OrderPlaced) -> None:
        await note(tx, event)
        is_inside.set()
        await asyncio.sleep(60)

    await announce(database, placed())
    running = asyncio.create_task(Relay(database, [reaction(linger)]).run())
    await is_inside.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await noted(database) == 0
    assert await Relay(database, [reaction(note)]).deliver_all() == 1
    assert await noted(database) == 1
