# SPDX-License-Identifier: Apache-2.0
"""From the wish to the money back, with the real programs outside and the books read after every step."""

from __future__ import annotations

from datetime import timedelta

import pytest

from silkcast.flows import dispatch, taking_back
from silkcast.ground.ids import ReturnId
from silkcast.ground.money import Money
from silkcast.trade.customs import service as customs
from silkcast.trade.orders.values import Order
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.values import Return
from tests.flows.build import World
from tests.flows.shop import STOCK


def euro(**amounts: str) -> dict[str, Money]:
    return {kind: Money.of(amount, "EUR") for kind, amount in amounts.items()}


SOLD = euro(
    psp_clearing="36.58",  # 37.98 less the provider's 1.40
    seller_payable="-21.60",  # 25.00 of goods less 2.00 and 1.40
    commission="-2.00",
    freight_held="-3.65",
    duty_held="-3.00",
    tax_held="-6.33",
)


async def test_a_card_is_paid_and_the_books_say_so(world: World) -> None:
    outcome = await world.buy()
    assert (outcome.order.state, outcome.payment.status) == ("awaiting_payment", "requires_action")
    assert await world.free() == (STOCK, STOCK - 2)
    assert await world.books() == {}

    await world.card(outcome.action)
    order = await world.reaches(outcome.order.id, "paid")

    assert order.total == Money.of("37.98", "EUR")
    assert await world.books() == SOLD
    assert await world.free() == (STOCK - 2, STOCK - 2)
    assert await world.letters() == ["order_placed"]
    await world.nothing_failed()


@pytest.mark.parametrize("card", ["bank", "slow"])
async def test_a_bank_that_asks_and_one_that_takes_its_time(world: World, card: str) -> None:
    outcome = await world.buy()
    await world.card(outcome.action, card)

    await world.reaches(outcome.order.id, "paid")

    assert await world.books() == SOLD


async def test_a_declined_card_keeps_the_goods_for_another(world: World) -> None:
    outcome = await world.buy()
    await world.card(outcome.action, "declined")
    await world.listen()
    await world.quiet()
    assert (await world.order(outcome.order.id)).state == "awaiting_payment"
    assert await world.free() == (STOCK, STOCK - 2)
    assert await world.books() == {}

    await world.card(outcome.action)
    await world.reaches(outcome.order.id, "paid")

    assert await world.books() == SOLD
    await world.nothing_failed()


@pytest.mark.parametrize(("code", "currency"), [("US", "USD"), ("SA", "SAR"), ("SG", "SGD")])
async def test_every_market_pays_in_its_own_money(world: World, code: str, currency: str) -> None:
    order = await world.bought(code)

    books = await world.books()
    assert {amount.currency for amount in books.values()} == {currency}
    fee = (await world.payments(order.id))[0].fee
    assert fee is not None
    assert books["psp_clearing"] == order.total - fee
    await world.nothing_failed()


async def test_packed_declared_carried_delivered_as_promised(world: World) -> None:
    order = await world.bought(want={"cup": 2, "scarf": 1})
    paid = await world.books()

    parcel = await world.dispatched(order)
    assert parcel.state == "booked"
    label = await world.scene.files.get(f"labels/{parcel.label}.pdf")
    assert label.startswith(b"%PDF")
    async with world.database.read() as db:
        assert len(await customs.messages(db, order.id)) == 4
    await world.reaches(order.id, "declared")
    async with world.database.read() as db:
        declaration = (await customs.of_orders(db, [order.id]))[order.id]
    statuses = [receipt.status for receipt in declaration.receipts]
    assert {120, 800} <= set(statuses)

    await world.carry(parcel.tracking, 2)
    await world.reaches(order.id, "shipped")
    await world.carry(parcel.tracking, 20)
    await world.reaches(order.id, "delivered")

    assert (await world.parcel(order.id)).promise_kept is True
    assert await world.books() == paid, "carrying moves no money"
    assert await world.letters() == ["order_delivered", "order_placed", "order_shipped"]
    await dispatch.dispatch(world.scene, order.id, seller=order.seller)  # pressed again: nothing
    await world.nothing_failed()


async def test_cash_is_promised_carried_and_collected(world: World) -> None:
    order = await world.bought("SA", method="cod")
    assert order.state == "cod_accepted"
    assert [line.code for line in order.price_lines].count("fee.cash_on_delivery") == 1
    assert await world.books() == {}
    assert await world.free() == (STOCK - 2, STOCK - 2)
    parcel = await world.dispatched(order)
    assert parcel.cod == order.total
    await world.reaches(order.id, "declared")
    assert await world.books() == {}

    await world.carry(parcel.tracking, 20)
    await world.reaches(order.id, "delivered")

    books = await world.books()
    assert books["cod_clearing"] == order.total
    assert "psp_clearing" not in books
    freight = next(line.amount for line in order.price_lines if line.kind == "freight")
    assert books["freight_held"] == -(freight + Money.of("15.00", "SAR")), "the carrier's, with its fee"
    await world.nothing_failed()


async def test_a_parcel_not_taken_at_the_door_undoes_a_cash_order(world: World) -> None:
    from dataclasses import replace

    from tests.flows.build import HOMES

    home = replace(HOMES["SA"], street="Sandbox-refused 22")
    order = await world.bought("SA", method="cod", ship_to=home)
    parcel = await world.dispatched(order)
    await world.reaches(order.id, "declared")

    await world.carry(parcel.tracking, 20)
    await world.reaches(order.id, "cancelled")
    await world.quiet()

    assert await world.books() == {}
    assert await world.free() == (STOCK, STOCK)
    assert [payment.status for payment in await world.payments(order.id)] == ["cancelled"]
    await world.nothing_failed()


async def asked(world: World, order: Order, units: int) -> Return:
    async with world.database.write() as tx:
        return await taking_back.ask(tx, order, {order.lines[0].id: units}, reason="changed_mind")


async def accepted(world: World, returning: ReturnId) -> None:
    async with world.database.write() as tx:
        await returns.answer(tx, returning, accept=True)
    await world.quiet()


async def sent_back(world: World, returning: Return) -> None:
    async with world.database.read() as db:
        tracking = (await returns.returning(db, returning.id)).tracking
    await world.carry(tracking, 20)

    async def is_refunded() -> bool:
        async with world.database.read() as db:
            return (await returns.returning(db, returning.id)).state == "refunded"

    await world.until(is_refunded)


async def later(world: World, order: Order) -> Order:
    """The parcel's journey was told with the carrier's own moments: stand after them."""
    delivered = order.reached("delivered")
    assert delivered is not None
    world.clock.at = max(world.clock.at, delivered) + timedelta(minutes=1)
    return order


async def test_a_part_comes_back_then_the_rest_and_nothing_is_left(world: World) -> None:
    order = await later(world, await world.delivered(want={"cup": 3}))
    paid = await world.books()
    fee = (await world.payments(order.id))[0].fee
    assert fee is not None

    first = await asked(world, order, 1)
    await accepted(world, first.id)
    assert await world.books() == paid, "nothing moves before the goods are back"
    await sent_back(world, first)
    after_one = await world.books()
    assert (await world.order(order.id)).state == "delivered"
    assert await world.free() == (STOCK - 2, STOCK - 2)
    assert after_one["psp_clearing"] == paid["psp_clearing"] - first.total

    rest = await asked(world, order, 2)
    await accepted(world, rest.id)
    await sent_back(world, rest)
    await world.reaches(order.id, "refunded")

    books = await world.books()
    assert "commission" not in books, "all of it went back, to the cent"
    assert books["seller_payable"] == fee, "what is left is the provider's fee"
    assert "tax_held" not in books
    back = (await world.payments(order.id))[0].refunded
    assert books["psp_clearing"] == order.total - fee - back
    assert await world.free() == (STOCK, STOCK)
    kinds = await world.letters()
    assert kinds.count("refund_made") == 2
    assert kinds.count("order_delivered") == 1
    await world.nothing_failed()


async def test_a_return_nobody_answers_is_accepted_by_the_clock(world: World) -> None:
    order = await later(world, await world.delivered())
    returning = await asked(world, order, 2)
    await world.tick("returns.accept_overdue")
    async with world.database.read() as db:
        assert (await returns.returning(db, returning.id)).state == "asked"

    await world.pass_time(returning.answer_by - world.clock.at + timedelta(seconds=1))
    await world.tick("returns.accept_overdue")

    async with world.database.read() as db:
        now = await returns.returning(db, returning.id)
    assert (now.state, now.answered_by) == ("accepted", "clock")
    assert now.tracking is not None, "its label was booked"
    await sent_back(world, returning)
    await world.reaches(order.id, "refunded")
    await world.nothing_failed()
