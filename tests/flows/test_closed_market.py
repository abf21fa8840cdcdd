# SPDX-License-Identifier: Apache-2.0
"""A show sells to two markets; one is closed in the middle of it."""

from __future__ import annotations

import asyncio

import pytest

from silkcast.flows import checkout
from silkcast.flows.claiming import Counter
from silkcast.flows.commenting import Commenting
from silkcast.flows.shutting import LOOK_SECONDS, Shut
from silkcast.ground.ids import new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import SYSTEM, Database
from silkcast.plumbing.wire import InProcess
from silkcast.stage.deals.committer import Committer
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import MarketIsClosed
from tests.conftest import VAULT
from tests.flows.build import World
from tests.flows.shop import STOCK
from tests.flows.test_claiming import finish, open_deal, tap

FR = Country("FR")


async def close(world: World, **changes: object) -> None:
    async with world.database.write() as tx:
        await closings.close(tx, FR, reason="a strike", **changes)  # type: ignore[arg-type]


async def test_one_market_is_closed_and_the_other_buys_on(world: World) -> None:
    before = await world.bought("FR")
    await close(world)

    with pytest.raises(MarketIsClosed) as refused:
        await world.buy("FR")
    american = (await world.buy("US")).order

    assert refused.value.market == "FR"
    assert american.market == "US"
    assert await world.free() == (STOCK - 2, STOCK - 4), "nothing is held for the one who was refused"
    parcel = await world.dispatched(before)
    assert parcel.order == before.id, "what was open goes its way"
    async with world.database.write() as tx:
        await closings.reopen(tx, FR, "the strike is over")
    assert (await world.buy("FR")).order.market == "FR"
    await world.nothing_failed()


async def test_the_same_key_again_is_the_same_order_whatever_is_closed_now(world: World) -> None:
    first = await world.buy("FR", key="the-very-same-key")
    await close(world)

    again = await world.buy("FR", key="the-very-same-key")

    assert again.order.id == first.order.id


async def test_a_claim_from_before_is_finished_where_open_orders_finish(world: World) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    answer = await tap(world, deal, buyer)
    await close(world)

    assert (await tap(world, deal)).outcome == "closed"
    assert (await finish(world, answer, buyer)).order.id == answer.order


async def test_a_claim_from_before_is_not_finished_where_open_orders_are_refunded(world: World) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    answer = await tap(world, deal, buyer)
    await close(world, open_orders="refund")

    with pytest.raises(MarketIsClosed):
        await finish(world, answer, buyer)


async def test_a_checkout_that_stands_in_the_gate_is_waited_for(world: World) -> None:
    """From two processes: the one that buys has connections of its own."""
    other = Database(world.database.url, VAULT, clock=world.clock, pool_size=2, hide_parameters=False)
    closed = asyncio.Event()

    async def shut() -> None:
        async with other.write() as tx:
            await closings.close(tx, FR, reason="a strike")
        closed.set()

    try:
        async with world.database.write(SYSTEM) as tx:
            placed = await checkout.reserve(tx, world.scene, world.wish("FR"), key=f"shop/{new_uuid()}")
            closing = asyncio.create_task(shut())
            await asyncio.sleep(0.2)
            assert not closed.is_set()
        await asyncio.wait_for(closing, 5)
        assert (await world.order(placed.order.id)).state == "held"
        with pytest.raises(MarketIsClosed):
            await world.buy("FR")
    finally:
        await other.close()


async def test_every_process_knows_within_a_second(world: World) -> None:
    """By the wire where there is one; one that hears nothing looks by itself."""
    bus = InProcess()
    other = Database(world.database.url, VAULT, clock=world.clock, pool_size=2, hide_parameters=False)
    here, wired, deaf = Shut(world.database, bus), Shut(other, bus), Shut(other, InProcess())
    works = [asyncio.create_task(one.run()) for one in (here, wired, deaf)]

    async def all_know(is_closed: bool, seconds: float, *those: Shut) -> None:
        async with asyncio.timeout(seconds):
            while any((one.of("FR") is not None) != is_closed for one in those):
                await asyncio.sleep(0.01)

    try:
        await asyncio.sleep(0.1)
        await close(world)
        await all_know(True, LOOK_SECONDS / 2, here, wired)
        await all_know(True, LOOK_SECONDS + 0.3, deaf)
        with pytest.raises(MarketIsClosed):
            wired.check("FR")
        wired.check("US")
        async with world.database.write() as tx:
            await closings.reopen(tx, FR, "the strike is over")
        await all_know(False, LOOK_SECONDS / 2, here, wired)
        await all_know(False, LOOK_SECONDS + 0.3, deaf)
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
        await other.close()


async def test_a_comment_from_a_closed_market_orders_nothing(world: World) -> None:
    deal = await open_deal(world)
    committer = Committer(world.database)
    counter = Counter(world.scene, committer)
    work = asyncio.create_task(committer.run())
    commenting = Commenting(counter)
    try:
        await close(world)
        said = await commenting.order(
            deal.show, "CUP +1", market=world.market("FR"), language="en", buyer=new_uuid()
        )
        assert said is not None
        assert [answer.outcome for _, answer in said.answers if answer] == ["closed"]
        await counter.shut.look()
        with pytest.raises(MarketIsClosed):
            await commenting.order(
                deal.show, "CUP +1", market=world.market("FR"), language="en", buyer=new_uuid()
            )
    finally:
        work.cancel()
