# SPDX-License-Identifier: Apache-2.0
"""What goes wrong between the shop, its buyers and the world; the books balance after each of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from silkcast.flows import checkout, dispatch, taking_back
from silkcast.flows.errors import (
    CashNotTaken,
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
from silkcast.trade.orders.errors import KeyReused
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.errors import TooMuchBack
from silkcast.trade.payments.port import EngineSilent
from silkcast.trade.quotes.errors import PriceChanged
from silkcast.trade.returns.errors import MoreThanBought, NotDelivered
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import CarrierRefused, CarrierSilent
from silkcast.trade.shipping.port import Carrier
from tests.flows.build import STOCK, World
from tests.goods.catalog.build import new_product
from tests.who.sellers.build import open_shop

LOST = {"provider_fees": Money.of("1.40", "EUR"), "psp_clearing": Money.of("-1.40", "EUR")}
"""All went back to the buyer; what the provider keeps is our loss."""


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


async def test_an_answer_lost_on_the_way_is_found_by_the_clock(world: World) -> None:
    key = str(new_uuid())
    await world.payment_fault("lost_answer", "charge")
    with pytest.raises(EngineSilent):
        await world.buy(key=key)
    async with world.database.read() as db:
        placed = await orders.placed_under(db, key)
    assert placed is not None
    assert placed.state == "awaiting_payment", "silence undoes nothing"
    assert await world.free() == (STOCK, STOCK - 2)

    await world.pass_time(timedelta(seconds=31))
    await world.tick("flows.ask_about_the_silent")
    found = (await world.payments(placed.id))[0]
    assert found.status == "requires_action"
    again = await world.buy(key=key)
    assert (again.order.id, again.payment.id) == (placed.id, found.id)
    await world.card(again.action)
    await world.reaches(placed.id, "paid")
    await world.nothing_failed()


async def test_paid_and_nobody_told_us(world: World) -> None:
    outcome = await world.buy()
    await world.card(outcome.action)

    await world.pass_time(timedelta(seconds=31))
    await world.tick("flows.ask_about_the_silent")  # without listening to any news

    assert (await world.order(outcome.order.id)).state == "paid"
    await world.listen()
    await world.quiet()
    assert (await world.letters()).count("order_placed") == 1
    await world.nothing_failed()


async def test_news_twice_out_of_order_late_and_forged(world: World) -> None:
    outcome = await world.buy()
    before = world.heard["payment"]
    await world.card(outcome.action)
    ear = world.outside.ears["payment"]
    async with asyncio.timeout(10):
        while not any(b'"succeeded"' in body for _, body in ear.heard[before:]):
            await asyncio.sleep(0.02)
    news = [(headers, body) for headers, body in ear.heard[before:]]
    headers, body = news[-1]
    signed = {name: value for name, value in headers.items() if "signature" in name}

    forged = await world.client.post(
        "/hooks/payment/sandbox", content=body.replace(b"3798", b"0001"), headers=signed
    )
    unsigned = await world.client.post("/hooks/payment/sandbox", content=body)
    stranger = await world.client.post("/hooks/payment/nobody", content=body, headers=signed)
    assert (forged.status_code, unsigned.status_code, stranger.status_code) == (422, 422, 404)
    await world.quiet()
    assert (await world.order(outcome.order.id)).state == "awaiting_payment"

    for headers, body in [*reversed(news), *news]:
        kept = {name: value for name, value in headers.items() if "signature" in name}
        answer = await world.client.post("/hooks/payment/sandbox", content=body, headers=kept)
        assert answer.status_code == 200
        await world.quiet()

    assert (await world.order(outcome.order.id)).state == "paid"
    books = await world.books()
    assert books["psp_clearing"] == Money.of("36.58", "EUR")
    assert (await world.letters()).count("order_placed") == 1
    await world.nothing_failed()


async def test_paid_twice_keeps_one_and_gives_one_back(world: World) -> None:
    first = await world.buy()
    second = await checkout.pay(world.scene, first.order, first.secret, "card", attempt=2)
    assert second.payment.id != first.payment.id

    await world.card(first.action)
    await world.card(second.action)
    await world.reaches(first.order.id, "paid")

    async def is_back() -> bool:
        return sum(one.refunded == one.amount for one in await world.payments(first.order.id)) == 1

    await world.until(is_back)
    books = await world.books()
    assert books["seller_payable"] == Money.of("-21.60", "EUR"), "the seller pays one fee"
    assert books["psp_clearing"] == Money.of("35.18", "EUR")
    assert books["provider_fees"] == Money.of("1.40", "EUR")
    assert "refunds_due" not in books
    assert await world.free() == (STOCK - 2, STOCK - 2)
    await world.nothing_failed()

    order = await world.order(first.order.id)
    async with world.database.write() as tx:
        await orders.move(tx, order.id, "cancelled", "cancelled by the shop")
    await world.reaches(order.id, "refunded")
    lost = Money.of("1.40", "EUR")
    # The fee of the sale stays with the shop that called it off; the doubled one was ours before.
    assert await world.books() == {
        "psp_clearing": -(lost + lost),
        "provider_fees": lost,
        "seller_payable": lost,
    }


async def test_a_paid_order_called_off_before_it_is_packed(world: World) -> None:
    order = await world.bought(want={"cup": 1, "bowl": 2})
    async with world.database.write() as tx:
        await orders.move(tx, order.id, "cancelled", "cancelled by the shop")
    await world.reaches(order.id, "refunded")

    assert await world.free("cup") == (STOCK, STOCK)
    assert await world.free("bowl") == (STOCK, STOCK)
    fee = (await world.payments(order.id))[0].fee
    assert fee is not None
    assert await world.books() == {"psp_clearing": -fee, "seller_payable": fee}
    await world.nothing_failed()


async def test_a_booked_parcel_of_an_order_called_off_is_taken_back(world: World) -> None:
    order = await world.bought()
    parcel = await world.dispatched(order)
    async with world.database.write() as tx:
        await orders.move(tx, order.id, "cancelled", "cancelled by the shop")
    await world.reaches(order.id, "refunded")

    async with world.database.read() as db:
        assert (await shipping.parcel(db, parcel.id)).state == "cancelled"
    await world.nothing_failed()


async def test_an_order_called_off_while_paying_is_money_back(world: World) -> None:
    outcome = await world.buy()
    await world.card(outcome.action)
    async with world.database.write() as tx:
        await orders.move(tx, outcome.order.id, "cancelled", "cancelled by the buyer")

    await world.reaches(outcome.order.id, "refunded")

    assert await world.books() == LOST
    assert await world.free() == (STOCK, STOCK)
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


async def test_the_price_changed_since_it_was_shown(world: World) -> None:
    seen = Money.of("37.98", "EUR")
    async with world.database.write() as tx:
        await pricing.set_price(
            tx, world.variant("cup"), Country("FR"), Money.of("13.50", "EUR"), currency="EUR"
        )
    with pytest.raises(PriceChanged) as refused:
        await world.buy(shown=seen)
    assert refused.value.now > seen
    assert await world.free() == (STOCK, STOCK)
    assert (await world.buy(shown=refused.value.now)).order.total == refused.value.now


async def test_the_same_key_gives_the_same_answer_though_prices_move(world: World) -> None:
    key = str(new_uuid())
    first = await world.buy(key=key)
    async with world.database.write() as tx:
        await pricing.set_price(
            tx, world.variant("cup"), Country("FR"), Money.of("13.50", "EUR"), currency="EUR"
        )

    again = await world.buy(key=key)

    assert (again.order.id, again.secret, again.payment.id) == (
        first.order.id,
        first.secret,
        first.payment.id,
    )
    with pytest.raises(KeyReused):
        await world.buy(key=key, want={"cup": 3})
    assert await world.free() == (STOCK, STOCK - 2)


async def test_cash_has_a_limit_and_is_not_taken_everywhere(world: World) -> None:
    with pytest.raises(CashNotTaken):
        await world.buy("SA", want={"scarf": 8}, method="cod")
    with pytest.raises(MethodNotOffered):
        await world.buy("FR", method="cod")
    by_card = await world.buy("SA")
    with pytest.raises(MethodNotOffered):
        await checkout.pay(world.scene, by_card.order, by_card.secret, "cod")
    assert (await world.order(by_card.order.id)).state == "awaiting_payment", "a wrong word cancels nothing"


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


async def test_more_back_than_was_paid_is_refused(world: World) -> None:
    order = await world.delivered()
    delivered = order.reached("delivered")
    assert delivered is not None
    paid = (await world.payments(order.id))[0]
    async with world.database.write() as tx:
        with pytest.raises(TooMuchBack):
            await payments.refund_start(
                tx, paid.id, order.total + Money.of("0.01", "EUR"), key="k", why="greed"
            )
        with pytest.raises(MoreThanBought):
            await taking_back.ask(tx, order, {order.lines[0].id: 3}, reason="changed_mind")
    fresh = await world.bought()
    async with world.database.write() as tx:
        with pytest.raises(NotDelivered):
            await taking_back.ask(tx, fresh, {fresh.lines[0].id: 1}, reason="changed_mind")


async def test_a_refund_the_bank_sends_back_is_owed_still(world: World) -> None:
    order = await world.bought()
    await world.payment_fault("refund_failed", "refund")
    async with world.database.write() as tx:
        await orders.move(tx, order.id, "cancelled", "cancelled by the shop")

    async def has_failed() -> bool:
        async with world.database.read() as db:
            return [one.status for one in await payments.refunds(db, order.id)] == ["failed"]

    await world.until(has_failed)

    books = await world.books()
    assert books["refunds_due"] == -order.total, "the books say that it is owed"
    assert (await world.order(order.id)).state == "cancelled"


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
