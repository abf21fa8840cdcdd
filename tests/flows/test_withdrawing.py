# SPDX-License-Identifier: Apache-2.0
"""Withdrawing from a contract: before it is sent, on its way, once it is there; and where no law has it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from silkcast.flows import withdrawing
from silkcast.flows.errors import NothingToWithdraw, WithdrawalNotOffered
from silkcast.ground.ids import OrderId
from silkcast.plumbing.db import SYSTEM
from silkcast.trade.orders.values import Order
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.errors import TooLate
from silkcast.trade.returns.values import Return
from tests.flows.build import World


async def withdraw(world: World, order: Order) -> None:
    async with world.database.write(SYSTEM) as tx:
        await withdrawing.withdraw(tx, order)
    await world.quiet()


async def returns_of(world: World, order: OrderId) -> tuple[Return, ...]:
    async with world.database.read() as db:
        return tuple((await returns.of_orders(db, [order])).get(order, ()))


async def withdrawals_in_letters(world: World) -> int:
    from silkcast.watch.notices import service as notices

    async with world.database.read() as db:
        return sum(one.kind == "withdrawal_received" for one in await notices.notices(db, limit=200))


async def test_before_it_is_sent_the_order_is_off_and_the_money_goes_back(world: World) -> None:
    order = await world.bought("FR")

    await withdraw(world, order)
    await withdraw(world, order)

    assert (await world.order(order.id)).state in ("cancelled", "refunded")
    assert await withdrawals_in_letters(world) == 1, "acknowledged once"
    assert await world.free() == (50, 50)

    async def is_back() -> bool:
        return (await world.order(order.id)).state == "refunded"

    await world.until(is_back)
    assert await returns_of(world, order.id) == ()


async def test_on_its_way_it_is_written_down_and_goes_back_when_it_has_come(world: World) -> None:
    order = await world.bought("FR")
    parcel = await world.dispatched(order)
    await world.reaches(order.id, "declared")
    await world.carry(parcel.tracking, 3)
    await world.reaches(order.id, "shipped")

    await withdraw(world, order)
    assert (await world.order(order.id)).state == "shipped"
    assert await returns_of(world, order.id) == ()
    assert await withdrawals_in_letters(world) == 1

    await world.carry(parcel.tracking, 20)
    await world.reaches(order.id, "delivered")
    await world.quiet()
    (made,) = await returns_of(world, order.id)
    assert (made.state, made.answered_by, sum(part.units for part in made.parts)) == ("accepted", "law", 2)


async def test_once_it_is_there_all_of_it_goes_back_and_nobody_is_asked(world: World) -> None:
    order = await world.delivered("FR")

    await withdraw(world, order)

    (made,) = await returns_of(world, order.id)
    assert (made.state, made.answered_by, made.reason) == ("accepted", "law", "changed_mind")
    assert made.tracking is not None, "its label is made at once"
    assert await withdrawals_in_letters(world) == 1


async def test_after_the_last_day_it_is_refused_and_nothing_is_written(world: World) -> None:
    order = await world.delivered("FR")
    await world.pass_time(timedelta(days=world.market("FR").returns.days + 2))

    with pytest.raises(TooLate):
        await withdraw(world, order)

    assert await returns_of(world, order.id) == ()
    assert await withdrawals_in_letters(world) == 0


async def test_where_the_law_has_no_such_function_it_is_refused(world: World) -> None:
    order = await world.bought("US")

    with pytest.raises(WithdrawalNotOffered) as refused:
        await withdraw(world, order)

    assert refused.value.code == "withdrawing.not_offered"
    assert (await world.order(order.id)).state == "paid"


async def test_a_contract_that_has_ended_cannot_be_withdrawn_from(world: World) -> None:
    made = await world.buy("FR")
    async with world.database.write(SYSTEM) as tx:
        from silkcast.trade.orders import service as orders

        await orders.move(tx, made.order.id, "expired", "time is up")
    await world.quiet()

    with pytest.raises(NothingToWithdraw) as refused:
        await withdraw(world, made.order)
    assert (refused.value.code, refused.value.state) == ("withdrawing.nothing", "expired")
