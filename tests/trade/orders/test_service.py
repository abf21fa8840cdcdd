# SPDX-License-Identifier: Apache-2.0
"""Orders through their door, on a real database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import HoldId, OrderId
from silkcast.ground.money import Money
from silkcast.plumbing.db import Database, Tx
from silkcast.trade.orders import rules
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.errors import KeyReused, NoSuchOrder, StillNeeded, WrongState
from silkcast.trade.orders.values import Placed, State
from tests.trade.orders.build import OTHER_SHOP, SHOP, line, new_order


async def test_what_was_placed_is_what_is_read(tx: Tx) -> None:
    new = new_order()

    placed = await orders.place(tx, new, key="k1")
    order = await orders.order(tx, placed.order.id, seller=SHOP)

    assert placed.is_new
    assert order == placed.order
    assert (order.buyer, order.ship_to, order.price_lines) == (new.buyer, new.ship_to, new.price_lines)
    assert (order.total, order.units, order.state) == (Money.of("39.48", "EUR"), 2, "held")
    assert order.lines[0].line_total == Money.of("25.00", "EUR")
    assert [event.name for event in tx.announced] == ["orders.placed.v1"]


async def test_the_same_key_gives_the_same_answer_and_nothing_is_announced_again(tx: Tx) -> None:
    first = await orders.place(tx, new_order(), key="k1")
    again = await orders.place(tx, new_order(hold=HoldId(UUID(int=51))), key="k1")

    assert (again.order, again.secret, again.is_new) == (first.order, first.secret, False)
    assert len(tx.announced) == 1


async def test_the_same_key_with_another_address_is_refused(tx: Tx) -> None:
    first = await orders.place(tx, new_order(), key="k1")
    moved = new_order(ship_to=replace(new_order().ship_to, street="4 rue des Lilas"))

    with pytest.raises(KeyReused) as refused:
        await orders.place(tx, moved, key="k1")

    assert refused.value.code == "orders.key_reused"
    assert await orders.placed_under(tx, "k1") == first.order


async def test_one_key_sent_eight_times_at_once_makes_one_order(database: Database) -> None:
    async def place() -> Placed:
        async with database.write() as tx:
            return await orders.place(tx, new_order(), key="k1")

    answers = await asyncio.gather(*(place() for _ in range(8)))

    assert len({answer.order.id for answer in answers}) == 1
    assert len({answer.secret for answer in answers}) == 1
    assert sum(answer.is_new for answer in answers) == 1


async def test_nothing_personal_lies_readable_in_the_tables_or_the_events(database: Database) -> None:
    async with database.write() as tx:
        placed = await orders.place(tx, new_order(), key="k1")

    async with database.read() as db:
        query = (
            "SELECT row_to_json(o)::text FROM orders.orders o UNION ALL SELECT body::text FROM outbox.event"
        )
        stored = " ".join((await db.session.execute(text(query))).scalars())
    for personal in ("Martin", "lea@example", "612345678", "Lilas", "69003", placed.secret):
        assert personal not in stored
    assert "Martin" not in repr(placed) + repr(placed.order.buyer) + repr(placed.order.ship_to)


async def test_the_secret_opens_its_order_and_a_wrong_one_none(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")

    assert await orders.by_secret(tx, placed.secret) == placed.order
    assert await orders.link_secret(tx, placed.order.id) == placed.secret
    with pytest.raises(NoSuchOrder):
        await orders.by_secret(tx, placed.secret[:-1])


async def test_another_sellers_order_is_not_there(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")

    with pytest.raises(NoSuchOrder):
        await orders.order(tx, placed.order.id, seller=OTHER_SHOP)
    with pytest.raises(NoSuchOrder):
        await orders.by_number(tx, placed.order.number, seller=OTHER_SHOP)
    with pytest.raises(NoSuchOrder):
        await orders.order(tx, OrderId(UUID(int=99)))


async def test_an_order_moves_on_with_a_row_of_history_each_time(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")
    way: list[State] = ["awaiting_payment", "paid", "declared", "shipped", "delivered", "refunded"]

    for state in way:
        order = await orders.move(tx, placed.order.id, state, "test")

    assert [move.new for move in order.history] == ["held", *way]
    assert [move.old for move in order.history] == [None, "held", *way[:-1]]
    assert order.reached("paid") == tx.now
    assert [event.name.split(".")[1] for event in tx.announced] == [
        "placed",
        "paid",
        "declared",
        "shipped",
        "delivered",
        "refunded",
    ]


async def test_to_move_to_where_it_is_changes_nothing(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")
    once = await orders.move(tx, placed.order.id, "paid", "card")
    told = len(tx.announced)

    assert await orders.move(tx, placed.order.id, "paid", "card again") == once
    assert len(tx.announced) == told


async def test_a_step_that_does_not_follow_is_refused_and_nothing_moves(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")

    with pytest.raises(WrongState) as refused:
        await orders.move(tx, placed.order.id, "shipped", "too soon")

    assert (refused.value.state, refused.value.wanted) == ("held", "shipped")
    assert await orders.order(tx, placed.order.id) == placed.order


async def test_paying_and_expiring_at_once_one_wins(database: Database) -> None:
    async with database.write() as tx:
        placed = await orders.place(tx, new_order(), key="k1")

    async def move(to: State) -> bool:
        async with database.write() as tx:
            try:
                await orders.move(tx, placed.order.id, to, "race")
            except WrongState:
                return False
        return True

    won = await asyncio.gather(*(move(to) for to in ("expired", "cod_accepted")))
    async with database.read() as db:
        order = await orders.order(db, placed.order.id)

    assert sum(won) == 1
    assert len(order.history) == 2


async def test_unpaid_orders_fall_due_and_can_be_given_time(tx: Tx, clock: SetClock) -> None:
    slow = (await orders.place(tx, new_order(), key="k1")).order
    paid = (await orders.place(tx, new_order(), key="k2")).order
    await orders.move(tx, paid.id, "paid", "card")
    later = clock.now() + timedelta(minutes=16)

    assert await orders.due_to_expire(tx, clock.now()) == ()
    assert await orders.due_to_expire(tx, later) == (slow.id,)
    await orders.lengthen(tx, slow.id, later + timedelta(minutes=10))
    assert await orders.due_to_expire(tx, later) == ()
    with pytest.raises(WrongState):
        await orders.lengthen(tx, paid.id, later)


async def test_money_that_comes_late_can_take_another_hold(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")
    await orders.move(tx, placed.order.id, "expired", "clock")

    order = await orders.hold_anew(tx, placed.order.id, HoldId(UUID(int=77)), tx.now)
    paid = await orders.move(tx, order.id, "paid", "late")

    assert (paid.hold, paid.state) == (HoldId(UUID(int=77)), "paid")
    with pytest.raises(WrongState):
        await orders.hold_anew(tx, order.id, HoldId(UUID(int=78)), tx.now)


async def test_orders_are_found_by_number_email_phone_state_and_page_by_page(tx: Tx) -> None:
    placed = [(await orders.place(tx, new_order(), key=f"k{i}")).order for i in range(5)]
    await orders.place(tx, new_order(seller=OTHER_SHOP), key="other")
    await orders.move(tx, placed[0].id, "paid", "card")

    first = await orders.orders(tx, seller=SHOP, limit=3)
    rest = await orders.orders(tx, seller=SHOP, limit=3, after=first.next)

    assert [order.id for order in (*first.items, *rest.items)] == [order.id for order in placed[::-1]]
    assert rest.next is None
    for wanted in (placed[1].number[:7].lower(), placed[1].number):
        assert (await orders.orders(tx, seller=SHOP, text=wanted)).items == (placed[1],)
    for wanted in ("LEA@example.org", "+33612345678"):
        assert len((await orders.orders(tx, seller=SHOP, text=wanted)).items) == 5
    assert (await orders.orders(tx, text="lea")).items == ()
    assert [order.id for order in (await orders.orders(tx, state="paid")).items] == [placed[0].id]
    assert (await orders.by_number(tx, placed[2].number.lower())) == placed[2]


async def test_a_buyer_is_erased_for_good_once_the_order_has_ended(tx: Tx) -> None:
    placed = await orders.place(tx, new_order(), key="k1")
    with pytest.raises(StillNeeded):
        await orders.erase_buyer(tx, placed.order.id)
    await orders.move(tx, placed.order.id, "cancelled", "buyer")

    order = await orders.erase_buyer(tx, placed.order.id)

    assert (order.buyer.name, order.buyer.email, order.ship_to.street) == ("", "", "")
    assert (order.total, order.erased_at) == (placed.order.total, tx.now)
    assert (await orders.orders(tx, text="lea@example.org")).items == ()


async def test_numbers_are_ten_letters_without_look_alikes(tx: Tx) -> None:
    numbers = {
        (await orders.place(tx, new_order(lines=(line(),)), key=f"k{i}")).order.number for i in range(5)
    }

    assert len(numbers) == 5
    assert all(len(number) == 10 and not set(number) & set("ILOU") for number in numbers)


def test_events_carry_no_field_that_could_be_personal() -> None:
    from silkcast.trade.orders.events import OrderPlaced

    fields = {field.name for field in msgspec.inspect.type_info(OrderPlaced).fields}  # type: ignore[union-attr]

    assert fields == {"order", "seller", "market", "show", "total", "units", "payment_method"}
    assert rules.ENDED.isdisjoint(rules.UNPAID)
