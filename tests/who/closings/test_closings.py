# SPDX-License-Identifier: Apache-2.0
"""The off switch: what it says no to, when it begins and ends, and that nobody slips through."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from silkcast.ground.clock import SetClock
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database, Tx
from silkcast.who.closings import jobs
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import AlreadyClosed, BadClosure, MarketIsClosed, NotClosed
from silkcast.who.closings.events import MarketClosed, MarketReopened

FR, US = Country("FR"), Country("US")


async def test_a_closed_market_says_since_when_and_why(tx: Tx) -> None:
    await closings.check(tx, FR)
    closure = await closings.close(tx, FR, reason="  Customs are\non strike ", link="/shop/other")

    with pytest.raises(MarketIsClosed) as refused:
        await closings.check(tx, FR)

    assert refused.value.code == "markets.closed"
    assert refused.value.facts() == {
        "market": "FR",
        "since": tx.now,
        "reason": "Customs are on strike",
        "link": "/shop/other",
    }
    assert tx.announced == [MarketClosed(closure.id, "FR")]
    await closings.check(tx, US)


async def test_it_is_closed_once_and_opened_once(tx: Tx) -> None:
    with pytest.raises(NotClosed):
        await closings.reopen(tx, FR, "never was")
    first = await closings.close(tx, FR, reason="a strike")
    with pytest.raises(AlreadyClosed):
        await closings.close(tx, FR, reason="another strike")

    opened = await closings.reopen(tx, FR, "the strike is over")

    assert (opened.id, opened.ended_at, opened.ended_why) == (first.id, tx.now, "the strike is over")
    assert tx.announced[-1] == MarketReopened(first.id, "FR")
    await closings.check(tx, FR)
    with pytest.raises(NotClosed):
        await closings.reopen(tx, FR, "again")
    again = await closings.close(tx, FR, reason="a second strike")
    assert {one.id for one in await closings.history(tx, FR)} == {first.id, again.id}
    assert await closings.history(tx, US) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("reason", {"reason": "  "}),
        ("reason", {"reason": "x" * 301}),
        ("begins_at", {"begins": timedelta(hours=-1)}),
        ("ends_at", {"begins": timedelta(hours=2), "ends": timedelta(hours=1)}),
        ("open_orders", {"open_orders": "burn"}),
        ("link", {"link": "javascript:alert(1)"}),
        ("link", {"link": "//elsewhere.example"}),
        ("link", {"link": "http://plain.example/"}),
        ("link", {"link": "https://bank.example@evil.example/"}),
    ],
)
async def test_what_cannot_be_so_is_refused(tx: Tx, field: str, changes: dict[str, object]) -> None:
    given = {"reason": "a strike", **changes}
    for name in ("begins", "ends"):
        if isinstance(after := given.get(name), timedelta):
            given[name] = tx.now + after

    with pytest.raises(BadClosure) as refused:
        await closings.close(tx, FR, **given)  # type: ignore[arg-type]

    assert refused.value.field == field
    await closings.check(tx, FR)


async def test_one_that_was_set_up_ahead_begins_and_ends_by_the_clock(
    database: Database, clock: SetClock
) -> None:
    """Orders heed the moment itself, before the clock has said anything."""
    async with database.write() as tx:
        begins, ends = tx.now + timedelta(hours=1), tx.now + timedelta(hours=3)
        await closings.close(tx, FR, reason="a holiday", begins=begins, ends=ends)
        assert tx.announced == []
        await closings.check(tx, FR)

    clock.at = begins
    async with database.write() as tx:
        with pytest.raises(MarketIsClosed):
            await closings.check(tx, FR)
    await jobs.keep_time(database)
    async with database.read() as db:
        known = await closings.of_market(db, FR)
    assert known is not None
    assert known.begun_at == begins

    clock.at = ends
    async with database.write() as tx:
        await closings.check(tx, FR)
    await jobs.keep_time(database)
    await jobs.keep_time(database)
    async with database.read() as db:
        assert await closings.of_market(db, FR) is None
        told = await closings.history(db, FR)
    assert [(one.ended_at, one.ended_why) for one in told] == [(ends, "its time was over")]


async def test_one_to_come_can_be_called_off(tx: Tx) -> None:
    await closings.close(tx, FR, reason="a holiday", begins=tx.now + timedelta(hours=1))

    await closings.reopen(tx, FR, "no holiday after all")

    assert tx.announced == [], "it was never closed"
    assert await closings.of_market(tx, FR) is None


async def test_who_closes_waits_for_who_stands_in_the_gate_and_others_do_not(database: Database) -> None:
    closed = asyncio.Event()

    async def close() -> None:
        async with database.write() as tx:
            await closings.close(tx, FR, reason="a strike")
        closed.set()

    async with database.write() as buying:
        await closings.check(buying, FR)
        closing = asyncio.create_task(close())
        await asyncio.sleep(0.2)
        assert not closed.is_set(), "somebody stands in the gate"
        async with database.write() as other:
            await asyncio.wait_for(closings.check(other, US), 1)
            with pytest.raises(MarketIsClosed):
                await asyncio.wait_for(closings.check_again(other, FR), 1)
        await closings.check_again(buying, FR)
    await asyncio.wait_for(closing, 5)

    async with database.write() as tx:
        assert await closings.closed_among(tx, {"FR", "US"}) == {"FR"}
