# SPDX-License-Identifier: Apache-2.0
"""Deals on a real database: units, places in line, time running out, and what is free in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from silkcast.goods.stock.errors import StockShort
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import SellerId, new_uuid
from silkcast.ground.money import Money
from silkcast.plumbing.db import Database, Tx
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import (
    AnotherDealRuns,
    BadDeal,
    ClaimOver,
    NoSuchClaim,
    NoSuchDeal,
    OverLimit,
)
from silkcast.stage.deals.values import NewDeal, NewLane
from silkcast.trade.orders import service as orders
from tests.stage.deals.build import EUR, FR, claim, levels, running, stall, tick, want


async def test_the_units_of_a_lane_leave_the_stock_and_come_back(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5)
    assert await levels(database, made.deal) == (100, 5)

    await claim(database, [want(made.deal)])
    async with database.write() as tx:
        await deals.end(tx, made.deal.id, "by_hand", seller=made.shop.id)
    await tick(database)
    assert await levels(database, made.deal) == (100, 5), "somebody still has time to pay"

    clock.at += timedelta(minutes=6)
    await tick(database)
    await tick(database)
    assert await levels(database, made.deal) == (100, 0)


async def test_five_units_for_eight_buyers(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5)

    answers = await claim(database, [want(made.deal) for _ in range(8)])

    assert [answer.outcome for answer in answers] == ["granted"] * 5 + ["waiting"] * 3
    assert [answer.number for answer in answers] == list(range(1, 9))
    assert [answer.place for answer in answers[5:]] == [1, 2, 3]
    assert [answer.left for answer in answers[:5]] == [4, 3, 2, 1, 0]
    async with database.read() as db:
        placed = await orders.claimed(db, [answer.order for answer in answers if answer.order])
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
    assert [order.state for order in placed.values()] == ["open"] * 5
    assert (lane.taken, lane.waiting, lane.claims) == (5, 3, 8)


async def test_without_a_line_the_deal_is_over_when_all_is_gone(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 2, has_waitlist=False)

    answers = await claim(database, [want(made.deal) for _ in range(3)])
    later = await claim(database, [want(made.deal)])

    assert [answer.outcome for answer in (*answers, *later)] == ["granted", "granted", "sold_out", "sold_out"]
    async with database.read() as db:
        deal = await deals.the_deal(db, made.deal.id)
    assert (deal.state, deal.ended_why) == ("ended", "sold_out")


async def test_the_same_key_gets_the_same_answer(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 1)
    first, other = want(made.deal), want(made.deal)

    before = await claim(database, [first, other, first])
    again = await claim(database, [other, first])

    assert [(one.outcome, one.number) for one in before] == [("granted", 1), ("waiting", 2), ("granted", 1)]
    assert [(one.outcome, one.number, one.order) for one in again] == [
        ("waiting", 2, None),
        ("granted", 1, before[0].order),
    ]


async def test_a_key_is_for_one_wish(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5, limit=3)
    first = want(made.deal)
    await claim(database, [first])

    answers = await claim(
        database,
        [
            want(made.deal, key=first.key, buyer=first.buyer, units=2),
            want(made.deal, key=first.key),
        ],
    )

    assert [answer.outcome for answer in answers] == ["key_reused", "key_reused"]


async def test_a_buyer_has_no_more_than_the_limit(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 5, limit=2)
    buyer = new_uuid()

    answers = await claim(
        database,
        [
            want(made.deal, buyer=buyer),
            want(made.deal, buyer=buyer, units=2),
            want(made.deal, buyer=buyer),
            want(made.deal, buyer=buyer),
        ],
    )
    later = await claim(database, [want(made.deal, buyer=buyer)])

    said = [answer.outcome for answer in (*answers, *later)]
    assert said == ["granted", "over_limit", "granted", "over_limit", "over_limit"]


async def test_nothing_is_granted_before_the_start_or_after_the_end(
    database: Database, clock: SetClock
) -> None:
    async with database.write() as tx:
        made = await stall(tx)
        await deals.launch(tx, made.deal.id, made.shop.id)

    early = await claim(database, [want(made.deal)])
    clock.at += timedelta(seconds=10)
    first = want(made.deal)
    just = await claim(database, [first])
    clock.at += timedelta(minutes=5)
    late = await claim(database, [want(made.deal), first])

    said = [answer.outcome for answer in (*early, *just, *late)]
    assert said == ["not_running", "granted", "not_running", "granted"]
    assert (early[0].number, late[0].number) == (0, 0)


async def test_who_does_not_pay_makes_room_for_the_next_in_line(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 2)
    late, paid, first, second = (want(made.deal) for _ in range(4))
    answers = await claim(database, [late, paid, first, second])
    async with database.write() as tx:
        kept = await deals.claim(tx, made.lane.id, 2, buyer=paid.buyer)
        await deals.take_up(tx, kept, [], until=tx.now)

    clock.at += timedelta(minutes=5)
    await tick(database)

    async with database.read() as db:
        states = [one.state for one in await deals.claims(db, made.lane.id)]
        offered = await deals.claim(db, made.lane.id, 3)
        gone = await orders.claimed(db, [answers[0].order or pytest.fail("it was granted")])
        placed = await orders.claimed(db, [offered.order or pytest.fail("it was offered")])
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
    assert states == ["expired", "whole", "open", "waiting"]
    assert offered.until == clock.at + timedelta(minutes=5), "their own time to pay"
    assert [order.state for order in (*gone.values(), *placed.values())] == ["expired", "open"]
    assert (lane.taken, lane.waiting) == (2, 1)


async def test_what_a_buyer_gives_back_goes_to_the_next(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 1)
    await claim(database, [want(made.deal), want(made.deal), want(made.deal)])
    async with database.write() as tx:
        await deals.give_up(tx, await deals.claim(tx, made.lane.id, 2))
        await deals.give_up(tx, await deals.claim(tx, made.lane.id, 1))
        await deals.give_up(tx, await deals.claim(tx, made.lane.id, 1))

    async with database.read() as db:
        states = [one.state for one in await deals.claims(db, made.lane.id)]
        moves = [(after, moved.what, moved.number) for after, moved in await deals.moves(db, made.lane.id)]
    assert states == ["called_off", "called_off", "open"]
    assert moves == [(0, "launched", None), (3, "left_line", 2), (3, "called_off", 1), (3, "offered", 3)]


async def test_a_claim_is_taken_up_once_and_in_time(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 2)
    mine = want(made.deal)
    await claim(database, [mine])

    async with database.write() as tx:
        kept = await deals.claim(tx, made.lane.id, 1, buyer=mine.buyer)
        await deals.take_up(tx, kept, [b"lea"], until=tx.now + timedelta(minutes=5))
        with pytest.raises(ClaimOver):
            await deals.take_up(tx, kept, [b"lea"], until=tx.now)
        with pytest.raises(NoSuchClaim):
            await deals.claim(tx, made.lane.id, 1, buyer=new_uuid())
    assert await levels(database, made.deal) == (100, 2), "the same two units, in two holds now"


async def test_one_person_has_one_limit_under_two_names(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 2)
    await claim(database, [want(made.deal), want(made.deal)])

    async with database.write() as tx:
        await deals.take_up(tx, await deals.claim(tx, made.lane.id, 1), [b"lea", b"+33"], until=tx.now)
        with pytest.raises(OverLimit):
            await deals.take_up(tx, await deals.claim(tx, made.lane.id, 2), [b"other", b"+33"], until=tx.now)


async def test_more_units_go_to_those_in_line_first(database: Database, clock: SetClock) -> None:
    made = await running(database, clock, 1)
    await claim(database, [want(made.deal) for _ in range(3)])

    async with database.write() as tx:
        await deals.top_up(tx, made.deal.id, made.shop.id, made.lane.id, 3)
        with pytest.raises(StockShort):
            await deals.top_up(tx, made.deal.id, made.shop.id, made.lane.id, 1000)

    async with database.read() as db:
        lane = (await deals.the_deal(db, made.deal.id)).lanes[0]
        states = [one.state for one in await deals.claims(db, lane.id)]
    assert states == ["open", "open", "open"]
    assert (lane.units, lane.taken, lane.waiting) == (4, 3, 0)
    assert await levels(database, made.deal) == (100, 4)


async def test_a_deal_wants_its_units_in_stock(tx: Tx) -> None:
    made = await stall(tx, 5, in_stock=4)

    with pytest.raises(StockShort):
        await deals.launch(tx, made.deal.id, made.shop.id)


async def test_one_deal_at_a_time_in_a_room(tx: Tx) -> None:
    one = await stall(tx)
    other = await stall(tx, show=one.deal.show)
    await deals.launch(tx, one.deal.id, one.shop.id)

    with pytest.raises(AnotherDealRuns):
        await deals.launch(tx, other.deal.id, other.shop.id)


async def test_another_sellers_deal_is_no_such_deal(tx: Tx) -> None:
    made = await stall(tx)
    stranger = SellerId(new_uuid())

    for door in (
        deals.the_deal(tx, made.deal.id, seller=stranger),
        deals.launch(tx, made.deal.id, stranger),
        deals.end(tx, made.deal.id, "by_hand", seller=stranger),
        deals.top_up(tx, made.deal.id, stranger, made.lane.id, 1),
    ):
        with pytest.raises(NoSuchDeal):
            await door


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("limit", {"limit": 0}),
        ("limit", {"limit": 11}),
        ("countdown", {"countdown": timedelta(seconds=9)}),
        ("countdown", {"countdown": timedelta(seconds=301)}),
        ("length", {"length": timedelta(seconds=59)}),
        ("length", {"length": timedelta(minutes=21)}),
        ("pay_within", {"pay_within": timedelta(seconds=20)}),
        ("lanes", {"lanes": ()}),
    ],
)
async def test_a_deal_that_cannot_be_is_refused(tx: Tx, field: str, changes: dict[str, object]) -> None:
    with pytest.raises(BadDeal) as refusal:
        await stall(tx, **changes)

    assert refusal.value.field == field


async def test_a_deal_is_cheaper_than_the_shop(tx: Tx) -> None:
    made = await stall(tx)
    lane = made.deal.lanes[0]
    dear = NewLane(lane.variant, lane.product, 1, {FR: Money.of("50.00", EUR)})

    with pytest.raises(BadDeal) as refusal:
        await deals.plan(tx, made.shop.id, NewDeal(made.deal.show, (dear,)))

    assert refusal.value.field == "prices"


async def test_a_deal_begins_and_ends_by_the_clock(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        made = await stall(tx, launch_at=clock.at + timedelta(minutes=1))

    await tick(database)
    async with database.read() as db:
        assert (await deals.the_deal(db, made.deal.id)).phase(clock.at) == "planned"
    clock.at += timedelta(minutes=1)
    await tick(database)
    async with database.read() as db:
        assert (await deals.the_deal(db, made.deal.id)).phase(clock.at) == "counting"
    clock.at += timedelta(seconds=10)
    async with database.read() as db:
        assert (await deals.the_deal(db, made.deal.id)).phase(clock.at) == "running"
    clock.at += timedelta(minutes=5)
    await tick(database)
    async with database.read() as db:
        deal = await deals.the_deal(db, made.deal.id)
    assert (deal.state, deal.ended_why, deal.phase(clock.at)) == ("ended", "time", "over")
