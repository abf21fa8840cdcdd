# SPDX-License-Identifier: Apache-2.0
"""One numbering for all: who reads, wherever, gets the same events under the same ids in the same order."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import text

from silkcast.plumbing.db import Database
from silkcast.plumbing.wire import ME, NoOwner
from silkcast.plumbing.wire import sharing as sharing
from silkcast.plumbing.wire.server import NatsServer
from tests.plumbing.wire.build import Ears, Node, node, until

ROOM = "show:7"


@pytest.fixture
async def nodes(nats_server: NatsServer, database: Database) -> AsyncIterator[list[Node]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(node(nats_server, database)) for _ in range(3)]


def owner_of(nodes: list[Node]) -> Node:
    held = [one for one in nodes if one.owners.holds("7")]
    assert len(held) == 1, "one owner, never two"
    return held[0]


async def listen(nodes: list[Node], after: str | None = None) -> list[Ears]:
    """An ear at each."""
    made = []
    for one in nodes:
        ears = Ears()
        one.hub.attach(ROOM, ears, after)
        made.append(ears)
    for one in nodes:
        await one.hub.position(ROOM)
    return made


async def test_events_told_anywhere_reach_all_in_one_order(nodes: list[Node]) -> None:
    ears = await listen(nodes)
    for number in range(300):
        nodes[number % 3].hub.publish(ROOM, "chat", {"line": number})
        if number % 10 == 0:
            await asyncio.sleep(0.005)
    await until(lambda: all(len(one.ids) == 300 for one in ears))
    assert ears[0].heard == ears[1].heard == ears[2].heard
    assert [int(id.rpartition("-")[2]) for id in ears[0].ids] == list(range(1, 301))
    assert [one.snapshots for one in ears] == [0, 0, 0]
    owner_of(nodes)


async def test_who_comes_back_elsewhere_gets_what_was_missed(nodes: list[Node]) -> None:
    first, *_ = await listen(nodes[:1])
    for number in range(20):
        nodes[1].hub.publish(ROOM, "chat", {"line": number})
    await until(lambda: len(first.ids) == 20)
    # the third has never heard of the room
    elsewhere = Ears()
    nodes[2].hub.attach(ROOM, elsewhere, first.ids[11])
    await until(lambda: elsewhere.heard)
    assert elsewhere.ids == first.ids[12:]
    assert await nodes[2].hub.position(ROOM) == first.ids[-1]


async def test_a_batch_that_was_lost_is_asked_for(nodes: list[Node], monkeypatch: pytest.MonkeyPatch) -> None:
    ears = await listen(nodes)
    owner = owner_of(nodes)
    deaf = next(one for one in nodes if one is not owner)
    hear = deaf.hub._hear
    lost: list[bytes] = []
    await deaf.hub._ends[0]()

    def sometimes(subject: str, octets: bytes) -> None:
        if len(lost) < 3 and b"chat" in octets:
            lost.append(octets)
        else:
            hear(subject, octets)

    await deaf.bus.subscribe("wire.*", sometimes)
    for number in range(50):
        owner.hub.publish(ROOM, "chat", {"line": number})
        await asyncio.sleep(0.01)
    await until(lambda: all(len(one.ids) == 50 for one in ears))
    assert len(lost) == 3
    assert ears[0].heard == ears[1].heard == ears[2].heard
    assert sum(one.snapshots for one in ears) == 0


async def test_the_last_batch_lost_is_found_out_too(nodes: list[Node]) -> None:
    ears = await listen(nodes)
    owner = owner_of(nodes)
    bus_publish = owner.bus.publish
    owner.bus.publish = lambda subject, octets: True  # type: ignore[method-assign]
    owner.hub.publish(ROOM, "stock", {"left": 0})
    await until(lambda: ears[nodes.index(owner)].ids)
    owner.bus.publish = bus_publish  # type: ignore[method-assign]
    await until(lambda: all(one.ids for one in ears))
    assert ears[0].heard == ears[1].heard == ears[2].heard


async def test_what_is_too_old_is_a_snapshot(nodes: list[Node]) -> None:
    ears = await listen(nodes)
    owner = owner_of(nodes)
    for one in nodes:
        one.hub._ring = 5
    deaf = next(one for one in nodes if one is not owner)
    await deaf.hub._ends[0]()
    for number in range(40):
        owner.hub.publish(ROOM, "chat", {"line": number})
        await asyncio.sleep(0.005)
    await until(lambda: len(ears[nodes.index(owner)].ids) == 40)
    deaf.hub._ends[0] = await deaf.bus.subscribe("wire.*", deaf.hub._hear)
    mine = ears[nodes.index(deaf)]
    await until(lambda: mine.snapshots == 1)
    assert await deaf.hub.position(ROOM) == await owner.hub.position(ROOM)


async def test_an_owner_that_leaves_is_followed_at_once(nats_server: NatsServer, database: Database) -> None:
    async with node(nats_server, database) as stays:
        async with node(nats_server, database) as leaves:
            assert await leaves.owners.owner("7") == ME
            ears = (await listen([stays]))[0]
            leaves.hub.publish(ROOM, "chat", {"line": 1})
            await until(lambda: len(ears.ids) == 1)
        took = await until(lambda: stays.owners.holds("7"))
        await until(lambda: ears.snapshots == 1)
        stays.hub.publish(ROOM, "chat", {"line": 2})
        await until(lambda: len(ears.ids) == 2)
        assert took < 1
        assert ears.ids[0].split("-")[0] != ears.ids[1].split("-")[0], "another life"


async def test_an_owner_whose_session_ends_owns_nothing_any_more(
    nodes: list[Node], database: Database
) -> None:
    ears = await listen(nodes)
    before = owner_of(nodes)
    term = before.owners.term("7")
    async with database.engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )
    await until(lambda: all(one.snapshots for one in ears))
    await until(lambda: any(one.owners.holds("7") for one in nodes))
    assert owner_of(nodes).owners.term("7") > term
    for number, one in enumerate(nodes):
        one.hub.publish(ROOM, "chat", {"line": number})
    await until(lambda: all(len(one.ids) == 3 for one in ears))
    assert ears[0].ids == ears[1].ids == ears[2].ids


async def test_two_who_want_a_room_at_once_do_not_both_get_it(nodes: list[Node]) -> None:
    for room in range(20):
        said = await asyncio.gather(*(one.owners.owner(str(room)) for one in nodes))
        assert said.count(ME) == 1
        others = {one for one in said if one != ME}
        assert len(others) == 1


async def test_a_room_nobody_needs_is_given_back_and_one_that_is_read_is_kept(
    nats_server: NatsServer, database: Database
) -> None:
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(node(nats_server, database, idle=1.0)) for _ in range(2)
        ]
        for each in (one, other):
            each.hub._touch_beats = 1
        assert await one.owners.owner("7") == ME
        assert await one.owners.owner("8") == ME
        ears = (await listen([other]))[0]
        one.hub.publish(ROOM, "chat", {"line": 1})
        await until(lambda: not one.owners.holds("8"))
        assert one.owners.holds("7"), "somebody reads it elsewhere"
        assert await other.owners.owner("8") == ME, "anybody may have it now"
        one.hub.publish(ROOM, "chat", {"line": 2})
        await until(lambda: len(ears.ids) == 2)
        assert ears.snapshots == 0


async def test_the_owner_does_what_anybody_asks(nodes: list[Node]) -> None:
    done: list[str] = []

    def claim_at(one: Node) -> Any:
        async def claim(room: str, octets: bytes) -> bytes:
            done.append(one.owners.me)
            return room.encode() + b" " + octets

        return claim

    for one in nodes:
        one.owners.verb("claim", claim_at(one))
    for one in nodes:
        assert await one.owners.call("7", "claim", b"a unit") == b"7 a unit"
    assert done == [owner_of(nodes).owners.me] * 3


async def test_nats_restarted_in_the_middle_loses_no_event(
    nodes: list[Node], nats_server: NatsServer
) -> None:
    keeping = asyncio.create_task(nats_server.keep(every_seconds=0.3))
    ears = await listen(nodes)
    owner = owner_of(nodes)
    for number in range(100):
        nodes[number % 3].hub.publish(ROOM, "chat", {"line": number})
        if number == 30:
            assert nats_server.pid is not None
            os.kill(nats_server.pid, signal.SIGKILL)
        await asyncio.sleep(0.02)
    await until(lambda: all(len(one.ids) == 100 for one in ears), 10)
    assert ears[0].ids == ears[1].ids == ears[2].ids
    assert owner_of(nodes) is owner, "the lease is the database's, not the bus's"
    keeping.cancel()


async def test_too_much_for_an_owner_that_is_away_ends_in_a_snapshot(
    nodes: list[Node], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "MOST_UNTOLD", 10)
    ears = await listen(nodes)
    owner = owner_of(nodes)
    teller = next(one for one in nodes if one is not owner)
    call = teller.owners.call

    async def away(*asked: Any, **named: Any) -> bytes:
        raise NoOwner("7")

    teller.owners.call = away  # type: ignore[method-assign]
    for number in range(100):
        teller.hub.publish(ROOM, "chat", {"line": number})
        await asyncio.sleep(0)
    teller.owners.call = call  # type: ignore[method-assign]
    await until(lambda: all(one.snapshots for one in ears))
    teller.hub.publish(ROOM, "chat", {"line": "last"})
    await until(lambda: len({one.ids[-1] for one in ears if one.ids}) == 1)
