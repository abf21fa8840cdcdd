# SPDX-License-Identifier: Apache-2.0
"""What the demo's buyers did before anybody looks."""

from __future__ import annotations

import asyncio

from silkcast.faces.demo import history
from silkcast.ground.ids import OrderId
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.values import Return
from tests.flows.build import World

KEY, WORDS = "demo/1", "Trop grand pour ma petite table."


async def asked_for(world: World, order: OrderId) -> list[tuple[str, str]]:
    async with world.database.read() as db:
        found: tuple[Return, ...] = (await returns.of_orders(db, [order])).get(order, ())
    return [(one.reason, one.words) for one in found]


async def test_a_return_is_asked_for_once_it_is_delivered_and_only_once(world: World) -> None:
    order = await world.bought(key=KEY)
    asking = asyncio.create_task(history._give_back(world.scene, KEY, WORDS))
    await asyncio.sleep(0.1)
    assert await asked_for(world, order.id) == []
    assert not asking.done()

    parcel = await world.dispatched(order)
    await world.reaches(order.id, "declared")
    await world.carry(parcel.tracking, 20)
    await world.reaches(order.id, "delivered")
    async with asyncio.timeout(10):
        await asking
    await history._give_back(world.scene, KEY, WORDS)
    assert await asked_for(world, order.id) == [("changed_mind", WORDS)]


async def test_an_order_that_was_never_placed_keeps_nobody_waiting(world: World) -> None:
    async with asyncio.timeout(5):
        await history._give_back(world.scene, "demo/9", WORDS)
