# SPDX-License-Identifier: Apache-2.0
"""The door of rates: what one currency is worth in another on a day, and prices suggested from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from silkcast.ground.clock import day
from silkcast.ground.money import BadMoney, Currency, Money, Rounding, minor_units
from silkcast.plumbing.db import Db, Tx

from . import rules, shipped, store
from .errors import BadRate, NoRate
from .settings import DEFAULT, RatesSettings
from .values import Habit, Quoted, Rate

HUBS = ("EUR", "USD")
"""Currencies that others are quoted in: a way between two others leads over one or both."""


async def rate(db: Db, base: str, quote: str, on: date, *, settings: RatesSettings = DEFAULT) -> Rate:
    """The newest rate of the day or before, if it is not too old: direct, turned round, or over the euro."""
    not_before = on - timedelta(days=settings.max_age_days)
    known = () if base == quote else await store.latest(db, {base, quote, *HUBS}, on, not_before)
    found = rules.cross(Currency(base), Currency(quote), known, on)
    if found is None:
        raise NoRate(base, quote, on)
    return found


async def convert(
    db: Db,
    money: Money,
    to: str,
    on: date,
    rounding: Rounding = "half_up",
    *,
    settings: RatesSettings = DEFAULT,
) -> Money:
    """The amount in another currency, rounded once to its minor unit."""
    found = await rate(db, money.currency, to, on, settings=settings)
    return Money.rounded(Fraction(money.amount) * found.rate, to, rounding)


async def suggest(
    db: Db, cost: Money, market: Habit, on: date, *, settings: RatesSettings = DEFAULT
) -> Money:
    """A price in the market's currency that ends as prices end there, never below the cost."""
    found = await rate(db, cost.currency, market.currency, on, settings=settings)
    return rules.habit_price(Fraction(cost.amount) * found.rate, market.currency, market.price_habit)


async def add_rates(tx: Tx, quoted: Iterable[Quoted]) -> int:
    """Keeps rates, and says how many were new. A rate known for a day is not changed."""
    rows = tuple(quoted)
    for row in rows:
        try:
            minor_units(row.base), minor_units(row.quote)
        except BadMoney:
            raise BadRate(row.base, row.quote) from None
        if not row.rate.is_finite() or row.rate <= 0 or row.base == row.quote:
            raise BadRate(row.base, row.quote)
    return await store.add(tx, rows)


async def load_shipped_rates(tx: Tx, *, settings: RatesSettings = DEFAULT) -> int:
    """Keeps the rates that come with the program; safe to repeat. How many were new."""
    since = day(tx.now) - timedelta(days=settings.shipped_days)
    return await add_rates(tx, (*shipped.packed(), *shipped.reference_rates(since)))


def packed_rates() -> int:
    """Read the rates of the packs: how many there are, or a refusal that names the file."""
    return len(shipped.packed())


async def newest_day(db: Db) -> date | None:
    """The day of the newest published rate; None if there is none."""
    return await store.newest_day(db)
