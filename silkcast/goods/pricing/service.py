# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from silkcast.ground.ids import VariantId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .events import PriceSet
from .rules import read
from .values import Floor, Price

__all__ = [
    "clear_price",
    "floors_everywhere",
    "lowest_in_30_days",
    "prices",
    "prices_everywhere",
    "read",
    "set_floor",
    "set_price",
]


async def set_price(tx: Tx, variant: VariantId, market: Country, amount: Money, *, currency: str) -> None:
    """Set what a unit costs in a market, in that market's `currency`. The same again changes nothing."""
    rules.check(amount, currency)
    await store.lock(tx, variant, market)
    now = await store.now(tx, [variant], market)
    if now and now[0].amount == amount:
        return
    await store.close(tx, variant, market, tx.now)
    await store.add(tx, variant, market, amount, tx.now)
    tx.announce(PriceSet(variant, market, amount))


async def clear_price(tx: Tx, variant: VariantId, market: Country) -> None:
    """No longer sold in this market."""
    await store.lock(tx, variant, market)
    if await store.now(tx, [variant], market):
        await store.close(tx, variant, market, tx.now)
        tx.announce(PriceSet(variant, market, None))


async def prices(db: Db, variants: Sequence[VariantId], market: Country) -> Mapping[VariantId, Price]:
    """What each costs in a market now; those without a price are missing."""

    async def ask(unread: Sequence[VariantId]) -> Mapping[VariantId, Price]:
        return {price.variant: price for price in await store.now(db, unread, market)}

    return await db.once(f"prices in {market}", variants, ask)


async def prices_everywhere(
    db: Db, variants: Sequence[VariantId]
) -> Mapping[VariantId, Mapping[Country, Price]]:
    """What each costs now, in every market that has a price."""
    found: dict[VariantId, dict[Country, Price]] = {variant: {} for variant in variants}
    for price in await store.now(db, variants, None):
        found[price.variant][price.market] = price
    return found


async def lowest_in_30_days(
    db: Db, variants: Sequence[VariantId], market: Country
) -> Mapping[VariantId, Money]:
    """The lowest price each had at any moment of the last thirty days."""
    lowest: dict[VariantId, Money] = {}
    since = db.now - timedelta(days=30)
    for price in await store.within(db, variants, market, since):
        known = lowest.get(price.variant)
        if known is None or (price.amount.currency == known.currency and price.amount < known):
            lowest[price.variant] = price.amount
    return lowest


async def set_floor(
    tx: Tx, variant: VariantId, market: Country, amount: Money | None, *, currency: str
) -> None:
    """Set the price under which a unit is not to go in a market; None takes it away."""
    if amount is None:
        await store.clear_floor(tx, variant, market)
        return
    rules.check(amount, currency)
    await store.set_floor(tx, variant, market, amount)


async def floors_everywhere(
    db: Db, variants: Sequence[VariantId]
) -> Mapping[VariantId, Mapping[Country, Floor]]:
    """The floors of each, in every market that has one."""
    found: dict[VariantId, dict[Country, Floor]] = {variant: {} for variant in variants}
    for floor in await store.floors(db, variants):
        found[floor.variant][floor.market] = floor
    return found
