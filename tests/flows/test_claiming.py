# SPDX-License-Identifier: Apache-2.0
"""From a tap in the rush to a paid order at the deal's price; and what becomes of units nobody pays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from silkcast.flows.checkout import Outcome
from silkcast.flows.claiming import ClaimOf, Counter, CouponOf
from silkcast.flows.terms import keep_terms
from silkcast.goods.pricing import service as pricing
from silkcast.ground.clock import day
from silkcast.ground.ids import OrderId, ShowId, new_salt, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import SYSTEM
from silkcast.stage.deals import coupons
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import Committer
from silkcast.stage.deals.errors import ClaimOver, CouponNotHere, NoSuchClaim, NoSuchCoupon, OverLimit
from silkcast.stage.deals.values import Answer, Coupon, Deal, NewCoupon, NewDeal, NewLane, Want, claim_key
from silkcast.trade.orders import service as orders
from tests.flows.build import World
from tests.flows.shop import STOCK
from tests.who.sellers.build import open_shop

FR = Country("FR")


async def open_deal(world: World, units: int = 2, **changes: object) -> Deal:
    """A deal on the cup at 9.90 EUR instead of 12.50, its countdown over."""
    lane = NewLane(world.variant("cup"), world.products["cup"].id, units, {FR: Money.of("9.90", "EUR")})
    new = NewDeal(ShowId(new_uuid()), (lane,), countdown=timedelta(seconds=10))
    async with world.database.write() as tx:
        deal = await deals.plan(tx, world.shop.id, replace(new, **changes))  # type: ignore[arg-type]
        deal = await deals.launch(tx, deal.id, world.shop.id)
    world.clock.at += timedelta(seconds=10)
    await world.quiet()
    return deal


async def tap(world: World, deal: Deal, buyer: UUID | None = None) -> Answer:
    async with world.database.write() as tx:
        market = world.market("FR")
        variant = deal.lanes[0].variant
        terms = (await keep_terms(tx, world.scene, deal, {variant: 1}, market, "en"))[variant]
        buyer = buyer or new_uuid()
        key = claim_key(deal.id, buyer, new_salt())
        want = Want(deal.lanes[0].id, key, buyer, 1, terms, OrderId(new_uuid()), "FR")
        return (await deals.claim_many(tx, [want]))[0]


async def finish(world: World, answer: Answer, buyer: UUID, **changes: object) -> Outcome:
    claim = ClaimOf(answer.lane, answer.number, buyer)
    return await world.buy("FR", {"cup": 1}, claim=claim, **changes)


async def test_a_claim_is_paid_at_the_deals_price(world: World) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    assert await world.free() == (STOCK, STOCK - 2)
    answer = await tap(world, deal, buyer)

    outcome = await finish(world, answer, buyer)
    await world.card(outcome.action)
    order = await world.reaches(outcome.order.id, "paid")

    assert order.id == answer.order, "the order that was claimed"
    assert order.lines[0].unit_price == Money.of("9.90", "EUR")
    async with world.database.read() as db:
        promised = await orders.terms(db, [t for c in await deals.claims(db, answer.lane) if (t := c.terms)])
        claim = await deals.claim(db, answer.lane, answer.number)
    assert {terms.total for terms in promised.values()} == {order.total}, "what was seen is what is paid"
    assert claim.state == "paid"
    assert await world.free() == (STOCK - 1, STOCK - 2)

    async with world.database.write() as tx:
        await deals.end(tx, deal.id, "by_hand")
    await world.tick("deals.by_the_clock")
    assert await world.free() == (STOCK - 1, STOCK - 1)
    await world.nothing_failed()


async def test_a_market_that_refuses_keeps_no_other_from_its_price(world: World) -> None:
    """Indonesia takes nothing so cheap; who asks from a market behind it finds the price worked out."""
    cup = world.variant("cup")
    prices = {Country("ID"): Money.of("150000", "IDR"), Country("US"): Money.of("9.90", "USD")}
    lane = NewLane(cup, world.products["cup"].id, 2, prices)
    async with world.database.write() as tx:
        await pricing.set_price(tx, cup, Country("ID"), Money.of("220000", "IDR"), currency="IDR")
    deal = await open_deal(world, lanes=(lane,))
    counter = Counter(world.scene, Committer(world.database))
    await counter.warm(deal.id)
    known = {code: counter.terms_known((deal.id, cup, code, language, 1), day(world.clock.now()))
             for code, language in (("ID", "id"), ("US", "en"))}  # fmt: skip
    assert (known["ID"], known["US"] is not None) == (None, True)


async def test_the_price_outside_the_deal_stays(world: World) -> None:
    await open_deal(world)

    outcome = await world.buy("FR", {"cup": 1})

    assert outcome.order.lines[0].unit_price == Money.of("12.50", "EUR")


async def test_a_claim_is_finished_once_and_by_its_buyer(world: World) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    answer = await tap(world, deal, buyer)

    with pytest.raises(NoSuchClaim):
        await finish(world, answer, new_uuid())
    with pytest.raises(NoSuchClaim):
        await world.buy("FR", {"cup": 2}, claim=ClaimOf(answer.lane, answer.number, buyer))
    first = await finish(world, answer, buyer, key="once-and-once-only")
    again = await finish(world, answer, buyer, key="once-and-once-only")
    assert first.order.id == again.order.id
    with pytest.raises(ClaimOver):
        await finish(world, answer, buyer)
    assert await world.free() == (STOCK, STOCK - 2)


async def test_one_person_under_two_names(world: World) -> None:
    deal = await open_deal(world)
    one, other = new_uuid(), new_uuid()
    answers = [await tap(world, deal, one), await tap(world, deal, other)]
    await finish(world, answers[0], one)

    with pytest.raises(OverLimit):
        await finish(world, answers[1], other)

    async with world.database.read() as db:
        assert (await deals.claim(db, answers[1].lane, 2)).state == "open", "nothing has moved"


async def test_what_is_not_paid_goes_to_the_next_in_line(world: World) -> None:
    deal = await open_deal(world, 1)
    slow, quick, line = new_uuid(), new_uuid(), []
    line.append(await tap(world, deal, slow))
    line.append(await tap(world, deal, quick))
    outcome = await finish(world, line[0], slow)
    assert [answer.outcome for answer in line] == ["granted", "waiting"]

    await world.pass_time(timedelta(minutes=6))
    await world.tick("flows.close_unpaid")

    assert (await world.order(outcome.order.id)).state == "expired"
    async with world.database.read() as db:
        states = [claim.state for claim in await deals.claims(db, deal.lanes[0].id)]
    assert states == ["expired", "open"]
    assert await world.free() == (STOCK, STOCK - 1)

    paid = await finish(world, line[1], quick)
    await world.card(paid.action)
    await world.reaches(paid.order.id, "paid")
    assert await world.free() == (STOCK - 1, STOCK - 1)
    await world.nothing_failed()


async def test_nobody_finishes_what_has_run_out(world: World) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    answer = await tap(world, deal, buyer)

    await world.pass_time(timedelta(minutes=6))
    await world.tick("deals.expire")

    with pytest.raises(ClaimOver):
        await finish(world, answer, buyer)


async def test_an_order_called_off_before_it_is_paid_comes_back_to_the_lane(world: World) -> None:
    deal, buyer = await open_deal(world, 1), new_uuid()
    answer = await tap(world, deal, buyer)
    outcome = await finish(world, answer, buyer)

    async with world.database.write(SYSTEM) as tx:
        await orders.move(tx, outcome.order.id, "cancelled", "changed their mind")
    await world.quiet()

    async with world.database.read() as db:
        lane = (await deals.the_deal(db, deal.id)).lanes[0]
        assert (await deals.claim(db, lane.id, 1)).state == "called_off"
    assert (lane.taken, lane.left) == (0, 1)
    assert await world.free() == (STOCK, STOCK - 1)
    assert (await tap(world, deal)).outcome == "granted"
    await world.nothing_failed()


async def spend(world: World, **changes: Any) -> tuple[Coupon, CouponOf]:
    """A coupon of the shop, ten in the hundred off, in somebody's hands."""
    buyer = new_uuid()
    now = world.clock.now()
    new = NewCoupon("TEA10", 5, now, now + timedelta(hours=1), percent=10)
    async with world.database.write() as tx:
        made = await coupons.make(tx, world.shop.id, ShowId(new_uuid()), replace(new, **changes))
        claimed = await coupons.claim(tx, made.id, buyer, key=new_uuid())
    return made, CouponOf(made.id, claimed.number, (buyer,))


async def test_a_coupon_lowers_the_goods_and_what_follows_from_them(world: World) -> None:
    _, coupon = await spend(world)
    plain = await world.buy("FR", {"cup": 1})

    outcome = await world.buy("FR", {"cup": 1}, coupon=coupon)

    assert outcome.order.lines[0].unit_price == Money.of("11.25", "EUR")
    tax = {
        order.id: [line.amount for line in order.price_lines if line.kind == "tax"]
        for order in (plain.order, outcome.order)
    }
    assert tax[outcome.order.id] < tax[plain.order.id]
    with pytest.raises(NoSuchCoupon):
        await world.buy("FR", {"cup": 1}, coupon=coupon)
    async with world.database.write() as tx:
        await orders.move(tx, outcome.order.id, "cancelled", "changed their mind")
    await world.quiet()
    again = await world.buy("FR", {"cup": 1}, coupon=coupon)
    assert again.order.lines[0].unit_price == Money.of("11.25", "EUR")


@pytest.mark.parametrize(("stacks", "paid"), [(True, "8.91"), (False, None)])
async def test_a_coupon_comes_on_top_of_a_deal_only_if_it_says_so(
    world: World, stacks: bool, paid: str | None
) -> None:
    deal, buyer = await open_deal(world), new_uuid()
    _, coupon = await spend(world, stacks=stacks)
    answer = await tap(world, deal, buyer)

    if paid is None:
        with pytest.raises(CouponNotHere):
            await finish(world, answer, buyer, coupon=coupon)
        outcome = await finish(world, answer, buyer)
        paid = "9.90"
    else:
        outcome = await finish(world, answer, buyer, coupon=coupon)

    assert outcome.order.lines[0].unit_price == Money.of(paid, "EUR")


async def test_another_shops_coupon_is_not_for_these_goods(world: World) -> None:
    async with world.database.write() as tx:
        other = await open_shop(tx)
        now = tx.now
        new = NewCoupon("TEA10", 5, now, now + timedelta(hours=1), percent=10)
        made = await coupons.make(tx, other.id, ShowId(new_uuid()), new)
        buyer = new_uuid()
        claimed = await coupons.claim(tx, made.id, buyer, key=new_uuid())

    with pytest.raises(CouponNotHere):
        await world.buy("FR", {"cup": 1}, coupon=CouponOf(made.id, claimed.number, (buyer,)))
