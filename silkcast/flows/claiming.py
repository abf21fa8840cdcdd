# SPDX-License-Identifier: Apache-2.0
"""Claiming: from a tap in the rush to a unit that is held, and from there to a whole order.

    ask        which lane, on which terms: both are known beforehand, nothing is asked of the database
    claim      the committer answers, hundreds in one transaction
    finish     the buyer says where it goes and how it is paid: the checkout as ever, at the deal's price,
               with the unit that is held already

Price priority: the price of a deal that runs takes the place of the seller's own price for the units claimed
in it, and for no others; duty, tax and freight follow from it by the market's own rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from silkcast.ground.clock import day
from silkcast.ground.ids import DealId, ShowId, TermsId, VariantId
from silkcast.ground.places import Address, Country
from silkcast.plumbing.db import Tx
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import Committer
from silkcast.stage.deals.errors import NoSuchDeal
from silkcast.stage.deals.values import Deal, Lane, LaneId
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer, Delivery, NewLine, NewOrder
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets.values import Market

from . import offers
from .offers import Wanted
from .scene import Scene

MOST_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class ClaimOf:
    """A claim that somebody finishes: which, and by whose browser or account."""

    lane: LaneId
    number: int
    buyer: UUID

    @property
    def name(self) -> str:
        return f"{self.lane}-{self.number}"


@dataclass(frozen=True, slots=True)
class Seat:
    """Where claims for a variant of a deal queue."""

    deal: DealId
    show: ShowId
    lane: LaneId
    variant: VariantId


Tell = Callable[[ShowId, DealId, Mapping[VariantId, int]], None]
"""Told after each commit how many units of each variant are left in a deal of a room."""

TermsKey = tuple[DealId, VariantId, str, str, int]
"""Deal, variant, market, language, units."""


class Counter:
    """Where claims are handed in: what they need to know is kept here, and the committer answers them."""

    def __init__(self, scene: Scene, committer: Committer) -> None:
        self.scene = scene
        self.committer = committer
        committer.claimed = self._claimed
        self.tell: Tell | None = None
        self._lanes: dict[LaneId, Seat] = {}
        self._seats: dict[tuple[UUID, UUID], Seat] = {}
        self._terms: dict[TermsKey, TermsId] = {}
        self._terms_day: date | None = None
        self._making: dict[TermsKey, asyncio.Task[TermsId]] = {}

    def seat_known(self, deal: UUID, variant: UUID) -> Seat | None:
        """The seat, if it was asked for before."""
        return self._seats.get((deal, variant))

    async def seat(self, deal: UUID, variant: UUID) -> Seat:
        """The seat, or `NoSuchDeal`."""
        known = self._seats.get((deal, variant))
        if known is not None:
            return known
        async with self.scene.database.read() as db:
            found = await deals.the_deal(db, DealId(deal))
        lane = found.lane(VariantId(variant))
        if lane is None:
            raise NoSuchDeal
        if len(self._seats) >= MOST_KNOWN:
            self._seats.clear()
            self._lanes.clear()
        seat = self._seats[deal, variant] = Seat(found.id, found.show, lane.id, lane.variant)
        self._lanes[lane.id] = seat
        return seat

    def _claimed(self, left: Mapping[LaneId, int], granted: int) -> None:
        by_deal: dict[tuple[ShowId, DealId], dict[VariantId, int]] = {}
        for lane, units in left.items():
            seat = self._lanes.get(lane)
            if seat is not None:
                by_deal.setdefault((seat.show, seat.deal), {})[seat.variant] = units
        if self.tell is not None:
            for (show, deal), units_left in by_deal.items():
                self.tell(show, deal, units_left)

    def terms_known(self, key: TermsKey) -> TermsId | None:
        """The terms of today, if they were worked out before."""
        if self._terms_day != day(self.scene.database.clock.now()):
            return None
        return self._terms.get(key)

    async def terms(self, key: TermsKey, market: Market) -> TermsId:
        """The terms, worked out once for all who come from the same market with the same wish."""
        today = day(self.scene.database.clock.now())
        if self._terms_day != today or len(self._terms) >= MOST_KNOWN:
            self._terms.clear()
            self._terms_day = today
        known = self._terms.get(key)
        if known is not None:
            return known
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._make(key, market))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)

    async def _make(self, key: TermsKey, market: Market) -> TermsId:
        deal_id, variant, _, language, units = key
        async with self.scene.database.write() as tx:
            deal = await deals.the_deal(tx, deal_id)
            terms = await keep_terms(tx, self.scene, deal, variant, units, market, language)
        self._terms[key] = terms
        return terms

    async def warm(self, deal: Deal, markets: Mapping[Country, tuple[Market, str]]) -> None:
        """Work out beforehand what most will ask for: one unit, in each market's own language."""
        for lane in deal.lanes:
            for code in lane.prices:
                if code in markets:
                    market, language = markets[code]
                    key = (deal.id, lane.variant, str(code), language, 1)
                    await self.seat(deal.id, lane.variant)
                    await self.terms(key, market)


def at_deal_price(wanted: Wanted, lane: Lane, market: Market) -> Wanted:
    """The same goods at the deal's price. A market the deal does not name has no deal."""
    amount = lane.prices.get(market.code)
    if amount is None or wanted.price is None:
        raise NotSoldHere(market.code, "no_deal")
    return replace(wanted, price=replace(wanted.price, amount=amount))


async def keep_terms(
    tx: Tx, scene: Scene, deal: Deal, variant: VariantId, units: int, market: Market, language: str
) -> TermsId:
    """The whole price of a claim, kept once for all who claim the same."""
    lane = deal.lane(variant)
    if lane is None or lane.hold is None or deal.ends_at is None:
        raise NoSuchDeal
    wanted = (await offers.gather(tx, {variant: units}, market)).get(variant)
    if wanted is None:
        raise NoSuchDeal
    priced = at_deal_price(wanted, lane, market)
    whole = offers.whole([priced], market, scene.carriers.values(), at=tx.now)
    until = deal.ends_at + deal.pay_within
    kept = await quotes.keep(
        tx, whole.offer, delivery=offers.option_key(whole.chosen), until=max(until, tx.now)
    )
    new = NewOrder(
        seller=deal.seller,
        market=market.code,
        currency=market.currency,
        buyer=Buyer(""),
        ship_to=Address(market.code, "", "", ""),
        lines=(line_of(priced, language),),
        price_lines=whole.offer.lines,
        total=whole.offer.total,
        due_at_door=whole.offer.due_at_door,
        delivery=Delivery(
            service=offers.option_key(whole.chosen),
            name=whole.chosen.name.text(language),
            promise_from=whole.chosen.promise.from_day,
            promise_to=whole.chosen.promise.to_day,
        ),
        payment_method="",
        language=language,
        hold=lane.hold,
        held_until=until,
        quote=kept.id,
        show=deal.show,
    )
    return await orders.keep_terms(tx, new)


def line_of(one: Wanted, language: str) -> NewLine:
    """Goods as they are at the moment of buying."""
    assert one.price is not None, "what is ordered has a price"
    return NewLine(
        variant=one.variant.id,
        product=one.product.id,
        sku=one.variant.sku,
        name=one.product.names,
        options=one.variant.label(language),
        units=one.units,
        unit_price=one.price.amount,
        hs_code=one.product.hs_code,
        origin=one.product.origin,
        net=one.variant.net,
        gross=one.variant.gross,
        unit_code=one.variant.unit_code,
    )
