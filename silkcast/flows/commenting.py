# SPDX-License-Identifier: Apache-2.0
"""Commenting: a chat line that is an order is claimed like a tap, in the same queue, by the server's clock.

What is offered is what the room's deal has. People call a variant by its SKU, by its place in the deal (`2`,
`item 2`), by its options, or, where that is the habit, by its price in their market.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import DealId, ShowId, UserId, VariantId, new_secret
from silkcast.plumbing.db import Db
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.comments.reading import read
from silkcast.stage.deals.comments.shelf import Shelf, lay_out
from silkcast.stage.deals.comments.values import Cancellation, Offered, Order, WhichVariant
from silkcast.stage.deals.comments.written import written_in
from silkcast.stage.deals.values import Answer, Claim, Deal
from silkcast.who.markets.values import Market

from .claiming import Counter, want_of

LOOK_AGAIN_SECONDS = 1.0
MOST_SHELVES = 400


@dataclass(frozen=True, slots=True)
class Commented:
    """What came of a comment: answers to what was ordered, variants to choose from where it was not clear,
    and the claims it took back."""

    deal: DealId
    answers: tuple[tuple[VariantId, Answer | None], ...] = ()
    which: tuple[VariantId, ...] = ()
    given_up: tuple[str, ...] = ()


@dataclass(slots=True)
class Commenting:
    """Reads comments against what the deal of their room offers."""

    counter: Counter
    _launched: dict[ShowId, tuple[float, Deal | None]] = field(default_factory=dict)
    _shelves: dict[tuple[DealId, str], Shelf] = field(default_factory=dict)

    async def order(
        self,
        show: ShowId,
        text: str,
        *,
        market: Market,
        language: str,
        buyer: UUID,
        user: UserId | None = None,
    ) -> Commented | None:
        """Claim what a comment orders; None where it is no order, or nothing can be ordered now."""
        deal = await self._deal(show)
        if deal is None:
            return None
        shelf = await self.shelf(deal, market)
        written = written_in(text, language)
        reading = read(text, market=market.code, language=written, offered=shelf, most=deal.limit)
        if isinstance(reading, Cancellation):
            return Commented(deal.id, given_up=await self._give_up(deal, reading, buyer))
        if isinstance(reading, WhichVariant):
            return Commented(deal.id, which=tuple(id for ask in reading.asks for id in ask.candidates))
        if not isinstance(reading, Order):
            return None
        claiming = [
            self._claim(deal, line.variant, line.units, market, language, buyer, user)
            for line in reading.lines
        ]
        answers = await asyncio.gather(*claiming)
        lines = zip(reading.lines, answers, strict=True)
        return Commented(deal.id, answers=tuple((line.variant, answer) for line, answer in lines))

    async def _claim(
        self,
        deal: Deal,
        variant: VariantId,
        units: int,
        market: Market,
        language: str,
        buyer: UUID,
        user: UserId | None,
    ) -> Answer | None:
        seat = await self.counter.seat(deal.id, variant)
        terms = await self.counter.terms((deal.id, variant, str(market.code), language, units), market)
        want = want_of(seat, new_secret(18), buyer, units, terms, str(market.code), user)
        return await self.counter.ask(deal.show, want)

    async def _give_up(self, deal: Deal, taken_back: Cancellation, buyer: UUID) -> tuple[str, ...]:
        """What is not paid yet is given back, of the variants named or of all."""
        lanes = {lane.id: lane.variant for lane in deal.lanes}
        given: list[Claim] = []
        async with self.counter.scene.database.write() as tx:
            for claim in await deals.claims_of(tx, deal, buyer):
                named = not taken_back.variants or lanes[claim.lane] in taken_back.variants
                if named and claim.state in ("open", "waiting"):
                    await deals.give_up(tx, claim)
                    given.append(claim)
        return tuple(claim.name for claim in given)

    async def _deal(self, show: ShowId) -> Deal | None:
        """The deal that runs in a room, asked for once a second: most comments come while none does."""
        loop = asyncio.get_running_loop()
        kept = self._launched.get(show)
        if kept is None or kept[0] < loop.time():
            async with self.counter.scene.database.read() as db:
                kept = (loop.time() + LOOK_AGAIN_SECONDS, await deals.launched(db, show))
            if len(self._launched) >= MOST_SHELVES:
                self._launched.clear()
            self._launched[show] = kept
        deal = kept[1]
        is_running = deal is not None and deal.phase(self.counter.scene.database.clock.now()) == "running"
        return deal if is_running else None

    async def shelf(self, deal: Deal, market: Market) -> Shelf:
        """What can be ordered in a deal, as a market calls it; laid out once."""
        key = (deal.id, str(market.code))
        found = self._shelves.get(key)
        if found is None:
            async with self.counter.scene.database.read() as db:
                found = lay_out(await offered(db, deal, market))
            if len(self._shelves) >= MOST_SHELVES:
                self._shelves.clear()
            self._shelves[key] = found
        return found


async def offered(db: Db, deal: Deal, market: Market) -> list[Offered]:
    """What the lanes of a deal are called in a market."""
    found = await catalog.variants(db, [lane.variant for lane in deal.lanes])
    made = []
    for place, lane in enumerate(deal.lanes, 1):
        of = found.get(lane.variant)
        if of is None:
            continue
        price = lane.prices.get(market.code)
        codes = [of.variant.sku, str(place)]
        if price is not None and price.amount == price.amount.to_integral_value():
            codes.append(str(int(price.amount)))
        options = {name: dict(words.by_language) for name, words in of.variant.options.items()}
        names = dict(of.product.names.by_language)
        made.append(Offered(lane.variant, tuple(dict.fromkeys(codes)), options, names, is_pinned=True))
    return made
