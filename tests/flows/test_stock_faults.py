# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with goods, on the shelf and on their way; the books balance after each of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from silkcast.flows import checkout, dispatch
from silkcast.flows.errors import (
    MethodNotOffered,
    NoDelivery,
    NothingWanted,
    OrderNotPayable,
    TwoShops,
)
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import NewProduct, NewVariant, Product
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import StockShort
from silkcast.ground.ids import SellerId, ShowId, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import SYSTEM
from silkcast.stage.rooms import service as rooms
from silkcast.trade.customs import service as customs
from silkcast.trade.orders import service as orders
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import CarrierRefused, CarrierSilent
from silkcast.trade.shipping.port import Carrier
from tests.flows.build import World
from tests.flows.shop import STOCK
from tests.flows.test_payment_faults import LOST
from tests.goods.catalog.build import new_product
from tests.who.sellers.build import open_shop


async def test_sold_out_while_paying_gives_the_money_back(world: World) -> None:
    outcome = await world.buy()
    await world.pass_time(timedelta(minutes=16))
    await world.tick("stock.release_overdue")  # the shelf is quicker than the order's own clock
    async with world.database.write() as tx:
        await stock.adjust(tx, world.variant("cup"), world.warehouse, -STOCK, "sold in the street")

    await world.card(outcome.action)
    order = await world.reaches(outcome.order.id, "refunded")

    assert [move.new for move in order.history][-2:] == ["expired", "refunded"]
    assert await world.books() == LOST
    assert (await world.payments(order.id))[0].refunded == order.total
    assert (await world.letters()).count("refund_made") == 1
    await world.nothing_failed()


async def test_money_that_comes_after_the_time_buys_what_is_left(world: World) -> None:
    outcome = await world.buy()
    await world.pass_time(timedelta(minutes=16))
    await world.tick("stock.release_overdue")
    assert await world.free() == (STOCK, STOCK)

    await world.card(outcome.action)
    await world.reaches(outcome.order.id, "paid")

    assert await world.free() == (STOCK - 2, STOCK - 2)
    await world.nothing_failed()


async def test_nobody_paid_so_the_goods_are_free_and_the_page_is_closed(world: World) -> None:
    outcome = await world.buy()
    await world.pass_time(timedelta(minutes=16))
    await world.tick("flows.close_unpaid")
    await world.tick("stock.release_overdue")

    assert (await world.order(outcome.order.id)).state == "expired"
    assert await world.free() == (STOCK, STOCK)
    await world.card(outcome.action)
    await world.listen()
    await world.quiet()
    assert [payment.status for payment in await world.payments(outcome.order.id)] == ["cancelled"]
    assert await world.books() == {}
    with pytest.raises(OrderNotPayable):
        await checkout.pay(world.scene, outcome.order, outcome.secret, "card")
    await world.nothing_failed()


async def test_what_is_a_strangers_is_not_found(world: World) -> None:
    order = await world.bought()
    parcel = await world.dispatched(order)
    async with world.database.write() as tx:
        stranger = (await open_shop(tx, slug="stranger")).id
        declaration = (await customs.of_orders(tx, [order.id]))[order.id]
        show = ShowId(new_uuid())
    for seller in (stranger, SellerId(new_uuid())):
        async with world.database.read() as db:
            with pytest.raises(NotFound):
                await orders.order(db, order.id, seller=seller)
            with pytest.raises(NotFound):
                await orders.by_number(db, order.number, seller=seller)
            with pytest.raises(NotFound):
                await shipping.parcel(db, parcel.id, seller=seller)
            with pytest.raises(NotFound):
                await customs.declaration(db, declaration.id, seller=seller)
            with pytest.raises(NotFound):
                await rooms.stream_key(db, show, seller)
        with pytest.raises(NotFound):
            await dispatch.dispatch(world.scene, order.id, seller=seller)
        with pytest.raises(NotFound):
            await dispatch.declare_again(world.scene, declaration.id, seller=seller)


async def test_customs_refuse_the_seller_corrects_customs_release(world: World) -> None:
    cup = world.products["cup"]
    async with world.database.write() as tx:
        await catalog.revise(
            tx, cup.id, _renamed(cup, "Cup SANDBOX-REFUSE"), seller=world.shop.id, version=cup.version
        )
    order = await world.bought()
    await world.dispatched(order)

    async def state() -> str:
        async with world.database.read() as db:
            return (await customs.of_orders(db, [order.id]))[order.id].state

    async def is_refused() -> bool:
        return await state() == "refused"

    await world.until(is_refused)
    async with world.database.read() as db:
        declaration = (await customs.of_orders(db, [order.id]))[order.id]
    assert declaration.reasons
    assert (await world.order(order.id)).state == "paid"

    async with world.database.write() as tx:
        now = await catalog.product(tx, cup.id)
        await catalog.revise(
            tx, cup.id, _renamed(cup, "Celadon tea cup"), seller=world.shop.id, version=now.version
        )
    await dispatch.declare_again(world.scene, declaration.id, seller=world.shop.id)
    await world.reaches(order.id, "declared")
    async with world.database.read() as db:
        assert (await customs.declaration(db, declaration.id)).attempt == 2
    await world.nothing_failed()


def _renamed(product: Product, name: str) -> NewProduct:
    variant = product.variants[0]
    return new_product(
        slug=product.slug,
        names=Words({"en": name, "zh": "青瓷茶杯"}),
        hs_code=product.hs_code,
        material=product.material,
        variants=(
            NewVariant(
                sku=variant.sku,
                net=variant.net,
                gross=variant.gross,
                size=variant.size,
                options=variant.options,
            ),
        ),
    )


async def test_a_silent_carrier_is_asked_again_with_the_same_key(world: World) -> None:
    order = await world.bought()
    carrier = world.scene.carriers["sandbox"]
    deaf = replace(world.scene, carriers={"sandbox": cast(Carrier, Deaf(carrier))})
    with pytest.raises(CarrierSilent):
        await dispatch.dispatch(deaf, order.id)
    parcel = await world.parcel(order.id)
    assert parcel.state == "planned", "silence takes nothing back"

    await dispatch.dispatch(world.scene, order.id)

    again = await world.parcel(order.id)
    assert (again.id, again.state) == (parcel.id, "booked")
    await world.reaches(order.id, "declared")
    await world.nothing_failed()


class Deaf:
    """A carrier that does what it is asked, and whose answer is lost."""

    def __init__(self, carrier: object) -> None:
        self._carrier = carrier

    def __getattr__(self, name: str) -> object:
        return getattr(self._carrier, name)

    async def book(self, *asked: object, **named: object) -> None:
        await self._carrier.book(*asked, **named)  # type: ignore[attr-defined]
        raise CarrierSilent("sandbox")


async def test_what_the_carrier_refuses_is_undone_and_can_be_sent_after_all(world: World) -> None:
    order = await world.bought()
    carrier = world.scene.carriers["sandbox"]
    fussy = replace(world.scene, carriers={"sandbox": cast(Carrier, Fussy(carrier))})
    for _ in range(2):
        with pytest.raises(CarrierRefused):
            await dispatch.dispatch(fussy, order.id)
    async with world.database.read() as db:
        parcels = (await shipping.parcels(db, [order.id]))[order.id]
    assert [parcel.state for parcel in parcels] == ["cancelled", "cancelled"]
    assert (await world.order(order.id)).state == "paid"

    await dispatch.dispatch(world.scene, order.id)

    await world.reaches(order.id, "declared")


class Fussy(Deaf):
    async def book(self, *asked: object, **named: object) -> None:
        raise CarrierRefused("weight", "not today")


async def test_lost_news_of_parcel_and_papers_is_asked_for(world: World) -> None:
    order = await world.bought()
    parcel = await world.dispatched(order)
    await asyncio.sleep(0.5)
    await world.pass_time(timedelta(minutes=6))
    await world.tick("flows.ask_customs")
    assert (await world.order(order.id)).state == "declared"
    await world.carry(parcel.tracking, 20)
    await world.tick("flows.ask_carriers")
    assert (await world.order(order.id)).state == "delivered"
    await world.nothing_failed()


async def test_what_cannot_be_bought(world: World) -> None:
    async with world.database.write() as tx:
        other = await open_shop(tx, slug="other")
        theirs = await catalog.list_product(tx, other.id, new_product())
        await pricing.set_price(
            tx, theirs.variants[0].id, Country("FR"), Money.of("5.00", "EUR"), currency="EUR"
        )
        await stock.adjust(tx, world.variant("cup"), world.warehouse, 1 - STOCK, "broken")
    cup, foreign = world.variant("cup"), theirs.variants[0].id
    for wrong, refusal in (
        ({}, NothingWanted),
        ({cup: 0}, NothingWanted),
        ({cup: -1}, NothingWanted),
        ({foreign: 1, cup: 1}, TwoShops),
        ({cup: 2}, StockShort),
    ):
        wish = replace(world.wish(), want=wrong)
        with pytest.raises(refusal):
            await checkout.buy(world.scene, wish, key=str(new_uuid()), actor=SYSTEM)
    with pytest.raises(NoDelivery):
        await world.buy(delivery="sandbox/rocket", want={"cup": 1})
    with pytest.raises(MethodNotOffered):
        await world.buy(method="shells")
    assert await world.free() == (1, 1)


async def test_fifty_units_and_two_hundred_buyers(world: World) -> None:
    refused = 0
    at_once = asyncio.Semaphore(16)

    async def try_once(number: int) -> bool:
        async with at_once:
            try:
                async with world.database.write() as tx:
                    wish = world.wish(want={"cup": 1})
                    await checkout.reserve(tx, world.scene, wish, key=f"buyer-{number}")
            except StockShort:
                return False
            return True

    got = await asyncio.gather(*(try_once(number) for number in range(200)))

    refused = got.count(False)
    assert (sum(got), refused) == (STOCK, 200 - STOCK)
    assert await world.free() == (STOCK, 0)
    async with world.database.read() as db:
        placed = await orders.orders(db, seller=world.shop.id, limit=200)
    assert len(placed.items) == STOCK


async def test_the_same_key_pressed_five_times_at_once_is_one_order(world: World) -> None:
    outcomes = await asyncio.gather(*(world.buy(key="double-click") for _ in range(5)))

    assert len({outcome.order.id for outcome in outcomes}) == 1
    assert len({outcome.payment.provider_id for outcome in outcomes}) == 1
    assert await world.free() == (STOCK, STOCK - 2), "held once"
