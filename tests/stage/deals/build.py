# SPDX-License-Identifier: Apache-2.0
"""A launched deal for tests: one shop, one variant (or more), some units."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import (
    OrderId,
    ProductId,
    ShowId,
    TermsId,
    VariantId,
    WarehouseId,
    new_salt,
    new_uuid,
)
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database, Tx
from silkcast.stage.deals import jobs
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.committer import Committer
from silkcast.stage.deals.values import Answer, Deal, NewDeal, NewLane, Want, claim_key
from silkcast.who.sellers.values import Seller
from tests.who.sellers.build import open_shop

FR = Country("FR")
EUR = Currency("EUR")
HERE = WarehouseId(new_uuid())
STARTS = timedelta(seconds=10)


@dataclass(frozen=True)
class Stall:
    """A shop with a deal."""

    shop: Seller
    deal: Deal

    @property
    def lane(self) -> Any:
        return self.deal.lanes[0]


async def stall(tx: Tx, units: int = 5, *, in_stock: int = 100, variants: int = 1, **changes: Any) -> Stall:
    """A planned deal, so many units of each variant."""
    shop = await open_shop(tx)
    lanes = []
    for _ in range(variants):
        variant, product = VariantId(new_uuid()), ProductId(new_uuid())
        await stock.receive(tx, variant, HERE, in_stock)
        await pricing.set_price(tx, variant, FR, Money.of("50.00", EUR), currency=EUR)
        lanes.append(NewLane(variant, product, units, {FR: Money.of("39.00", EUR)}))
    new = NewDeal(show=ShowId(new_uuid()), lanes=tuple(lanes), countdown=STARTS)
    return Stall(shop, await deals.plan(tx, shop.id, replace(new, **changes)))


async def running(database: Database, clock: SetClock, units: int = 5, **changes: Any) -> Stall:
    """A deal whose countdown is over."""
    async with database.write() as tx:
        made = await stall(tx, units, **changes)
        deal = await deals.launch(tx, made.deal.id, made.shop.id)
    clock.at += deal.countdown
    return Stall(made.shop, deal)


async def tick(database: Database) -> None:
    """What is due by the deals' clock is done."""
    for each in jobs.TICKS:
        await each.run(database)


def want(
    deal: Deal,
    *,
    buyer: UUID | None = None,
    key: UUID | None = None,
    units: int = 1,
    lane: int = 0,
    market: str = "FR",
    terms: TermsId | None = None,
) -> Want:
    """Somebody asks; a new buyer and a new key unless one is named."""
    buyer = buyer or new_uuid()
    return Want(
        lane=deal.lanes[lane].id,
        key=key or claim_key(deal.id, buyer, new_salt()),
        buyer=buyer,
        units=units,
        terms=terms or TermsId(new_uuid()),
        order=OrderId(new_uuid()),
        market=market,
    )


async def claim(database: Database, wants: Sequence[Want]) -> list[Answer]:
    async with database.write() as tx:
        return await deals.claim_many(tx, wants)


@asynccontextmanager
async def at_work(committer: Committer) -> AsyncIterator[Committer]:
    work = asyncio.create_task(committer.run())
    try:
        yield committer
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def levels(database: Database, deal: Deal) -> tuple[int, int]:
    """On hand and held of the deal's first variant."""
    async with database.read() as db:
        found = (await stock.levels(db, [deal.lanes[0].variant]))[deal.lanes[0].variant]
    return found.on_hand, found.held
