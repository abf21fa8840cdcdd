# SPDX-License-Identifier: Apache-2.0
"""Who looks round is let pass before the next batch, and no batch waits for long."""

from __future__ import annotations

import asyncio

import pytest

from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database
from silkcast.stage.deals import courtesy
from silkcast.stage.deals.committer import FEW, Committer
from silkcast.stage.deals.courtesy import Courtesy
from tests.stage.deals.build import Stall, at_work, running, want

MANY = FEW + 1


def for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches wait, and guests are guests, for longer than any test."""
    monkeypatch.setattr(courtesy, "REST_SECONDS", 60)
    monkeypatch.setattr(courtesy, "GUEST_SECONDS", 60)


def claims(committer: Committer, made: Stall, count: int) -> asyncio.Future[list[object]]:
    return asyncio.gather(*(committer.ask(want(made.deal)) for _ in range(count)))


async def test_many_claims_wait_until_a_guest_is_served(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_long(monkeypatch)
    made = await running(database, clock, MANY)
    committer = Committer(database)
    guest = committer.courtesy.guest()
    asked = claims(committer, made, MANY)

    async with at_work(committer):
        await asyncio.sleep(0.3)
        assert (committer.waiting, committer.claims) == (MANY, 0)
        guest.leave()
        await asyncio.wait_for(asked, 30)
    assert (committer.batches, committer.claims) == (2, MANY)


async def test_no_batch_waits_longer_than_a_moment(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, MANY)
    committer = Committer(database)

    with committer.courtesy.guest():
        async with at_work(committer):
            await asyncio.wait_for(claims(committer, made, MANY), 30)
        assert committer.courtesy.guests == 1


async def test_a_few_claims_keep_nobody_waiting_and_do_not_wait(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_long(monkeypatch)
    made = await running(database, clock, FEW)
    committer = Committer(database)

    with committer.courtesy.guest():
        async with at_work(committer):
            await asyncio.wait_for(claims(committer, made, FEW), 30)


async def test_who_stays_is_no_guest_and_nobody_leaves_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(courtesy, "REST_SECONDS", 60)
    monkeypatch.setattr(courtesy, "GUEST_SECONDS", 0.05)
    house = Courtesy()
    first, second = house.guest(), house.guest()
    first.leave()
    first.leave()
    assert house.guests == 1

    await asyncio.wait_for(house.let_pass(), 30)
    assert house.guests == 0
    second.leave()
    assert house.guests == 0
