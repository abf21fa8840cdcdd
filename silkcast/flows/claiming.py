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
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from uuid import UUID

import structlog

from silkcast.goods.admission.events import Ruled
from silkcast.goods.catalog import service as catalog
from silkcast.ground.clock import day
from silkcast.ground.ids import CouponId, DealId, OrderId, ShowId, TermsId, UserId, VariantId, new_octets
from silkcast.plumbing.db import Tx, swift_uuid
from silkcast.plumbing.outbox import Reaction
from silkcast.plumbing.wire import Alone, InProcess, Owners
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import Committer
from silkcast.stage.deals.errors import NoSuchDeal
from silkcast.stage.deals.events import DealLaunched
from silkcast.stage.deals.values import Deal, LaneId, Want, claim_key
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.events import ShowEnded
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from .admitting import check_pin
from .carrying import Carrier
from .errors import PinBarred
from .scene import Scene
from .shutting import Shut
from .terms import keep_terms

log = structlog.get_logger()
MOST_KNOWN = 50_000
MOST_DEALS = 200
MOST_AT_ONCE = 50


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
class CouponOf:
    """A coupon that somebody spends, and the digests they may have claimed it under."""

    coupon: CouponId
    number: int
    buyers: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where claims for a variant of a deal queue."""

    deal: DealId
    show: ShowId
    lane: LaneId
    variant: VariantId
    room: str
    """The show as its room is called among processes."""


Tell = Callable[[ShowId, DealId, Mapping[VariantId, int]], None]
"""Told after each commit how many units of each variant are left in a deal of a room."""

TermsKey = tuple[DealId, VariantId, str, str, int]
"""Deal, variant, market, language, units."""


def mark_of(text: str) -> UUID:
    """A digest of a browser's key, or of a claim's: nobody can read one out of it."""
    return swift_uuid(_digest(text.encode()))


_EMPTY = blake2b(digest_size=16, person=b"silkcast.claim")


def _digest(octets: bytes) -> bytes:
    digest = _EMPTY.copy()
    digest.update(octets)
    return digest.digest()


def want_of(
    seat: Seat, key: str, buyer: UUID, units: int, terms: TermsId, market: str, user: UserId | None = None
) -> Want:
    """What is handed in: `key` is the buyer's own word for this claim, the same when they ask again."""
    order = OrderId(swift_uuid(new_octets()))
    return Want(seat.lane, key_of(seat.deal, buyer, key), buyer, units, terms, order, market, user)


def key_of(deal: DealId, buyer: UUID, key: str) -> UUID:
    """A buyer's key as it is kept: two buyers may choose the same."""
    return claim_key(deal, buyer, _digest(buyer.bytes + key.encode()))


class Counter:
    """Where claims are handed in: what they need to know is kept here, and the committer answers them."""

    def __init__(
        self,
        scene: Scene,
        committer: Committer,
        owners: Owners | None = None,
        shut: Shut | None = None,
    ) -> None:
        self.scene = scene
        self.shut = shut or Shut(scene.database, InProcess())
        self.committer = committer
        carrier = Carrier(committer, owners or Alone(), self._learn)
        self.put, self.ask = carrier.put, carrier.ask
        committer.claimed = self._claimed
        self.tell: Tell | None = None
        self.version = 0
        """Grows when seats or terms that were handed out may be others now."""
        self._deals: dict[DealId, Deal] = {}
        self._lanes: dict[LaneId, Seat] = {}
        self._at_once = asyncio.Semaphore(2)
        self._seats: dict[tuple[str, str], Seat] = {}
        """By deal and variant as they are written in an address: most are never parsed."""
        self._terms: dict[TermsKey, TermsId] = {}
        self._refused: dict[TermsKey, NotSoldHere] = {}
        """Why it is not sold there."""
        self._terms_day: date | None = None
        self._making: dict[TermsKey, asyncio.Task[TermsId]] = {}

    async def _learn(self, lanes: set[LaneId]) -> None:
        """Other processes hand in claims for lanes that nobody asked for here."""
        for lane in lanes - self._lanes.keys():
            async with self.scene.database.read() as db:
                deal = await deals.deal_of(db, lane)
            await self._known(deal.id)

    def seat_known(self, deal: str, variant: str) -> Seat | None:
        """The seat, if it was asked for before, by ids as text."""
        return self._seats.get((deal, variant))

    async def seat(self, deal: UUID, variant: UUID) -> Seat:
        """The seat, or `NoSuchDeal`."""
        names = (str(deal), str(variant))
        if names not in self._seats:
            await self._known(DealId(deal))
        known = self._seats.get(names)
        if known is None:
            raise NoSuchDeal
        return known

    async def _known(self, id: DealId) -> Deal:
        """A deal as it was launched: its lanes, their prices and holds stay as they are."""
        found = self._deals.get(id)
        if found is not None:
            return found
        async with self.scene.database.read() as db:
            found = await deals.the_deal(db, id)
        if found.state == "planned":
            raise NoSuchDeal
        while len(self._deals) >= MOST_DEALS:
            self.version += 1
            gone = self._deals.pop(next(iter(self._deals)))
            for lane in gone.lanes:
                self._seats.pop((str(gone.id), str(lane.variant)), None)
                self._lanes.pop(lane.id, None)
        self._deals[id] = found
        for lane in found.lanes:
            seat = Seat(found.id, found.show, lane.id, lane.variant, str(found.show))
            self._seats[str(found.id), str(lane.variant)] = self._lanes[lane.id] = seat
        return found

    def _claimed(self, left: Mapping[LaneId, int], granted: int) -> None:
        by_deal: dict[tuple[ShowId, DealId], dict[VariantId, int]] = {}
        for lane, units in left.items():
            seat = self._lanes.get(lane)
            if seat is not None:
                by_deal.setdefault((seat.show, seat.deal), {})[seat.variant] = units
        if self.tell is not None:
            for (show, deal), units_left in by_deal.items():
                self.tell(show, deal, units_left)

    def terms_known(self, key: TermsKey, today: date) -> TermsId | None:
        """The terms of today, if they were worked out before."""
        if self._terms_day != today:
            return None
        return self._terms.get(key)

    async def terms(self, key: TermsKey, market: Market) -> TermsId:
        """The terms, worked out once for all who come from the same market with the same wish; none where the
        market is known to be closed."""
        self.shut.check(key[2])
        today = day(self.scene.database.clock.now())
        if self._terms_day != today or len(self._terms) >= MOST_KNOWN:
            self.version += 1
            self._terms.clear()
            self._refused.clear()
            self._terms_day = today
        known = self._terms.get(key)
        if known is not None:
            return known
        if key in self._refused:
            raise replace(self._refused[key])
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._make(key, market))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)

    def forget(self, variants: Iterable[VariantId]) -> None:
        """Work out anew what claims of these cost. Whoever finishes a claim is asked again in any case."""
        gone = set(variants)
        self.version += 1
        for known in (self._terms, self._refused):
            for key in [key for key in known if key[1] in gone]:
                del known[key]

    async def _make(self, key: TermsKey, market: Market) -> TermsId:
        deal, variant, _, language, units = key
        try:
            async with self._at_once:
                await self._make_many(await self._known(deal), {variant: units}, market, language)
        except NotSoldHere as refusal:  # worked out once, too, however many ask from there
            if len(self._refused) >= MOST_KNOWN:
                self._refused.clear()
            self._refused[key] = replace(refusal)
            raise
        return self._terms[key]

    async def _make_many(
        self, deal: Deal, want: Mapping[VariantId, int], market: Market, language: str
    ) -> None:
        async with self.scene.database.write() as tx:
            made = await keep_terms(tx, self.scene, deal, want, market, language)
        for variant, terms in made.items():
            key = (deal.id, variant, str(market.code), language, want[variant])
            self._terms[key] = TermsId(swift_uuid(terms.bytes))

    async def warm(self, id: DealId) -> None:
        """Work out beforehand what most will ask for: one unit, in each market's own language."""
        deal = await self._known(id)
        today = day(self.scene.database.clock.now())
        self._terms_day = self._terms_day or today
        for market in markets.markets(today):
            sold = [lane.variant for lane in deal.lanes if market.code in lane.prices]
            for start in range(0, len(sold), MOST_AT_ONCE):
                want = dict.fromkeys(sold[start : start + MOST_AT_ONCE], 1)
                with suppress(NotSoldHere):  # the one thing of the deal; who asks from there is told why
                    async with self._at_once:
                        await self._make_many(deal, want, market, markets.page_language(market))


def reactions(counter: Counter) -> tuple[Reaction, ...]:
    warming: set[asyncio.Task[None]] = set()

    async def launched(tx: Tx, event: DealLaunched) -> None:
        """The countdown has begun: prices are worked out while it runs."""
        task = asyncio.create_task(_warm(counter, event.deal))
        warming.add(task)
        task.add_done_callback(warming.discard)

    async def ruled(tx: Tx, event: Ruled) -> None:
        """What was worked out before may not be sold now, or may be."""
        counter.forget(one.id for one in (await catalog.product(tx, event.product)).variants)

    return (
        Reaction("flows.warm_deal", DealLaunched, launched),
        Reaction("flows.pin_deal", DealLaunched, pin),
        Reaction("flows.end_deals", ShowEnded, end_with_show),
        Reaction("flows.forget_terms", Ruled, ruled),
    )


async def pin(tx: Tx, event: DealLaunched) -> None:
    """What is in the deal lies on the table, whoever launched it: the host, a program, or the clock."""
    deal = await deals.the_deal(tx, event.deal)
    show = await rooms.the_show(tx, event.show)
    product = deal.lanes[0].product
    if show.is_live and product in show.run:
        try:
            await check_pin(tx, product)
        except PinBarred:
            log.warning("claiming.deal_not_pinned", deal=str(deal.id), product=str(product))
            return
        await rooms.pin(tx, show.id, deal.seller, product)


async def end_with_show(tx: Tx, event: ShowEnded) -> None:
    """Nobody is in the room any more: what ran is over, what was planned is called off."""
    for deal in await deals.deals_of(tx, event.show):
        if deal.state in ("planned", "launched"):
            await deals.end(tx, deal.id, "show_ended")


async def _warm(counter: Counter, deal: DealId) -> None:
    try:
        await counter.warm(deal)
    except Exception:  # it is worked out when the first one asks
        log.exception("claiming.not_warmed")
