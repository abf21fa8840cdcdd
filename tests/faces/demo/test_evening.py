# SPDX-License-Identifier: Apache-2.0
"""What the demo's host does while the film runs."""

from __future__ import annotations

from datetime import timedelta

from silkcast.faces.demo.evening import is_selling
from silkcast.flows.terms import keep_terms
from silkcast.ground.ids import OrderId, ShowId, new_salt, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import NewDeal, NewLane, Want, claim_key
from tests.flows.build import World


async def test_a_deal_keeps_its_place_while_there_is_something_left(world: World) -> None:
    show, cup, price = ShowId(new_uuid()), world.variant("cup"), {Country("FR"): Money.of("9.90", "EUR")}

    async def selling() -> bool:
        async with world.database.read() as db:
            return await is_selling(db, show)

    async def sell_one() -> None:
        async with world.database.write() as tx:
            made = await keep_terms(tx, world.scene, deal, {cup: 1}, world.market("FR"), "en")
            buyer, lane = new_uuid(), deal.lanes[0].id
            key = claim_key(deal.id, buyer, new_salt())
            await deals.claim_many(tx, [Want(lane, key, buyer, 1, made[cup], OrderId(new_uuid()), "FR")])

    lane = NewLane(cup, world.products["cup"].id, 2, price)
    async with world.database.write() as tx:
        deal = await deals.plan(tx, world.shop.id, NewDeal(show, (lane,), countdown=timedelta(seconds=10)))
    assert not await selling(), "only planned"
    async with world.database.write() as tx:
        deal = await deals.launch(tx, deal.id, world.shop.id)
    assert await selling(), "counting down"
    world.clock.at += timedelta(seconds=10)
    await sell_one()
    assert await selling()
    await sell_one()
    assert not await selling(), "nothing is left"
