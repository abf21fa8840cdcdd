# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with money, in and back; the books balance after each of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from silkcast.flows import checkout, taking_back
from silkcast.flows.errors import (
    CashNotTaken,
    MethodNotOffered,
)
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.errors import KeyReused
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.errors import TooMuchBack
from silkcast.trade.payments.port import EngineSilent
from silkcast.trade.quotes.errors import PriceChanged
from silkcast.trade.returns.errors import MoreThanBought, NotDelivered
from silkcast.trade.shipping import service as shipping
from tests.flows.build import World
from tests.flows.shop import STOCK

LOST = {"provider_fees": Money.of("1.40", "EUR"), "psp_clearing": Money.of("-1.40", "EUR")}
"""All went back to the buyer; what the provider keeps is our loss."""


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
