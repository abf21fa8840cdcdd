# SPDX-License-Identifier: Apache-2.0
"""Dealing: what a deal makes of the things in a room, for one market: its whole price, and the usual one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from silkcast.faces.house import House
from silkcast.faces.live.views import Deal as DealView
from silkcast.faces.live.views import OneTap as OneTapView
from silkcast.faces.shop.basket import Receiver
from silkcast.faces.shop.buying import couponed, may_be_cash
from silkcast.faces.shop.pieces import market_now
from silkcast.faces.visit import Visit
from silkcast.flows import offers
from silkcast.flows.offers import Wanted, Whole
from silkcast.flows.terms import at_deal_price
from silkcast.goods.pricing import service as pricing
from silkcast.ground.clock import day
from silkcast.ground.ids import ProductId, ShowId, new_secret
from silkcast.ground.money import Money
from silkcast.plumbing.db import Db
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal, Lane
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.identity.values import OneTap
from silkcast.who.markets.values import Market


@dataclass(frozen=True, slots=True)
class Dealt:
    """A product in a deal that counts down or runs: the lane it is bought in, and both prices, whole."""

    lane: Lane
    whole: Whole
    usual: Money
    view: DealView
    lowest: Money | None = None
    """The lowest of the last thirty days, whole, where the law wants it beside a lowered price."""


@dataclass(frozen=True, slots=True)
class Tapper:
    """Somebody who switched one tap on in this market, and the digests of their claims and coupons."""

    saved: OneTap
    marks: tuple[UUID, ...]


async def dealt(
    db: Db, house: House, show: ShowId, visit: Visit, tapper: Tapper | None = None
) -> Mapping[ProductId, Dealt]:
    """What is in the room's deal and has a price of it in this market."""
    deal = await deals.launched(db, show)
    if deal is None or deal.phase(db.now) not in ("counting", "running"):
        return {}
    market = market_now(visit)
    lanes: dict[ProductId, Lane] = {}
    for lane in sorted(deal.lanes, key=lambda lane: lane.left <= 0):
        if market.code in lane.prices:
            lanes.setdefault(lane.product, lane)
    found = await offers.gather(db, {lane.variant: 1 for lane in lanes.values()}, market)
    made = {}
    for product, lane in lanes.items():
        try:
            wanted = found[lane.variant]
            before = offers.whole([wanted], market, house.scene.carriers.values(), at=db.now)
            lowered = at_deal_price(wanted, lane, market)
            now = offers.whole([lowered], market, house.scene.carriers.values(), at=db.now)
        except (NotSoldHere, KeyError):
            continue
        view = view_of(db, deal, lane)
        lowest = await lowest_of(db, house, wanted, market)
        made[product] = Dealt(lane, now, before.offer.total, view, lowest)
        if tapper is not None and lane.left > 0:
            made[product] = await with_one_tap(db, house, made[product], wanted, market, tapper)
    return made


async def with_one_tap(
    db: Db, house: House, dealt: Dealt, wanted: Wanted, market: Market, tapper: Tapper
) -> Dealt:
    """The same at what one press would owe: as this person pays, with the coupon the sheet would take."""
    method = tapper.saved.method
    if not any(one.code == method and one.at_door for one in house.scene.methods(market)):
        return dealt
    lowered = at_deal_price(wanted, dealt.lane, market)
    priced, _ = await couponed(db, lowered, market, tapper.marks, is_deal=True)
    carriers = house.scene.carriers.values()
    try:
        now = offers.whole([priced], market, carriers, at=db.now, method=method)
        before = offers.whole([wanted], market, carriers, at=db.now, method=method)
    except NotSoldHere:
        return dealt
    if not may_be_cash(market, now, method):
        return dealt
    tap = OneTapView(now.offer.total, Receiver(tapper.saved.address).line)
    lowest = await lowest_of(db, house, wanted, market, method=method)
    return Dealt(dealt.lane, now, before.offer.total, replace(dealt.view, one_tap=tap), lowest)


async def lowest_of(
    db: Db, house: House, wanted: Wanted, market: Market, *, method: str | None = None
) -> Money | None:
    """What a lowered price is to be held against by law: the shop's own lowest of thirty days, all in."""
    if wanted.price is None or not market.owes("price_reference", day(db.now)):
        return None
    lowest = await pricing.lowest_in_30_days(db, [wanted.variant.id], market.code)
    amount = lowest.get(wanted.variant.id, wanted.price.amount)
    then = replace(wanted, price=replace(wanted.price, amount=amount))
    return offers.whole([then], market, house.scene.carriers.values(), at=db.now, method=method).offer.total


def view_of(db: Db, deal: Deal, lane: Lane) -> DealView:
    assert deal.starts_at is not None, "it was launched"
    assert deal.ends_at is not None, "it was launched"
    is_counting = deal.phase(db.now) == "counting"
    until = deal.starts_at if is_counting else deal.ends_at
    return DealView(
        id=str(deal.id),
        starts_at=deal.starts_at,
        ends_at=deal.ends_at,
        seconds=max(0, -((db.now - until) // timedelta(seconds=1))),
        is_counting=is_counting,
        has_line=deal.has_waitlist,
        variant=str(lane.variant),
        claim=f"/deals/{deal.id}/claim",
        key=new_secret(18),
        usual=f"/buy/{lane.variant}?show={deal.show}",
    )
