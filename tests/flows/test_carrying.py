# SPDX-License-Identifier: Apache-2.0
"""Carrying: two processes' worth of it on a real nats-server, with a real deal behind the one that owns the
room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from silkcast.flows import carrying
from silkcast.flows.carrying import MOST_ON_THE_WAY, Carrier
from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database
from silkcast.plumbing.wire.server import NatsServer
from silkcast.stage.deals.committer import Committer, CommitterSettings
from silkcast.stage.deals.errors import Busy
from silkcast.stage.deals.lots import Given, given_in, wants_in
from silkcast.stage.deals.values import Answer, LaneId
from tests.plumbing.wire.build import Node, node
from tests.stage.deals.build import Stall, at_work, running, want


@dataclass
class Pair:
    """Who owns the room, and who carries to it."""

    owner: Carrier
    other: Carrier
    nodes: tuple[Node, Node]
    committer: Committer
    """The owner's."""
    learnt: list[set[LaneId]]


@asynccontextmanager
async def pair(database: Database, folder: Path, made: Stall, **settings: int) -> AsyncIterator[Pair]:
    server = NatsServer(folder / "wire")
    server.start()
    learnt: list[set[LaneId]] = []

    async def learn(lanes: set[LaneId]) -> None:
        learnt.append(lanes)

    try:
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(node(server, database))
            second = await stack.enter_async_context(node(server, database))
            committers = [Committer(database, CommitterSettings(**settings)) for _ in range(2)]
            owner, other = (
                Carrier(committer, one.owners, learn)
                for committer, one in zip(committers, (first, second), strict=True)
            )
            await first.owners.owner(str(made.deal.show))
            yield Pair(owner, other, (first, second), committers[0], learnt)
    finally:
        server.stop()


async def test_a_claim_from_elsewhere_is_answered_like_one_from_here(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    made = await running(database, clock, 2)
    show = made.deal.show
    wants = [want(made.deal) for _ in range(3)]

    async with pair(database, tmp_path, made) as both, at_work(both.committer):
        here = await both.owner.ask(show, wants[0])
        there = await asyncio.gather(*(both.other.ask(show, one) for one in wants[1:]))
        again = await both.owner.ask(show, wants[1])

    told = [one for one in (here, *there) if one is not None]
    assert [(one.outcome, one.number) for one in told] == [("granted", 1), ("granted", 2), ("waiting", 3)]
    assert [one.order for one in told] == [wants[0].order, wants[1].order, None]
    assert again is not None
    assert (again.number, again.order, again.is_again) == (2, wants[1].order, True)
    assert both.learnt == [{made.lane.id}]


async def test_who_finds_the_owners_queue_full_is_told_their_place(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    made = await running(database, clock, 10)
    wants = [want(made.deal) for _ in range(5)]

    async with pair(database, tmp_path, made, queue=3) as both:
        asked = [asyncio.create_task(both.other.ask(made.deal.show, one)) for one in wants]
        async with asyncio.timeout(10):
            while both.committer.waiting < 3:
                await asyncio.sleep(0.01)
        async with at_work(both.committer):
            told = await asyncio.gather(*asked, return_exceptions=True)

    places = [one.place for one in told if isinstance(one, Busy)]
    assert places == [4, 4]
    assert [one.outcome for one in told if isinstance(one, Answer)] == ["granted"] * 3


async def test_what_gathers_while_lots_are_on_their_way_goes_together(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Nobody waits for a turn of their own, and the owner is not asked for each."""
    made = await running(database, clock, 100)
    show = made.deal.show
    lots: list[int] = []

    async with pair(database, tmp_path, made) as both:
        decide = both.nodes[0].owners._verbs[carrying.VERB]

        async def counted(room: str, octets: bytes) -> bytes:
            lots.append(len(wants_in(octets)))
            return await decide(room, octets)

        both.nodes[0].owners.verb(carrying.VERB, counted)
        asked: list[asyncio.Task[Any]] = []
        for count in (1, 2, 30, 7):
            asked += [asyncio.create_task(both.other.ask(show, want(made.deal))) for _ in range(count)]
            await asyncio.sleep(0.2)
        assert lots == [1, 2], "so many are on their way while the committer rests"
        assert len(lots) == MOST_ON_THE_WAY
        async with at_work(both.committer):
            told = await asyncio.gather(*asked)

    assert lots == [1, 2, 37]
    assert sorted(one.number for one in told) == list(range(1, 41))


async def test_an_answer_of_another_length_is_none(
    database: Database, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked is told that nobody knows, and asks again with the key."""
    made = await running(database, clock, 10)
    one = want(made.deal)

    async with pair(database, tmp_path, made) as both, at_work(both.committer):

        def short(octets: bytes) -> list[Given]:
            return given_in(octets)[:-1]

        with monkeypatch.context() as wrong:
            wrong.setattr(carrying, "given_in", short)
            assert await both.other.ask(made.deal.show, one) is None
        again = await both.other.ask(made.deal.show, one)

    assert again is not None
    assert (again.outcome, again.is_again) == ("granted", True)
