# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from silkcast.ground.ids import ProductId, SellerId, ShowId
from silkcast.plumbing.db import Db

from . import store
from .values import DaySum, MarketSum, ProductSum


async def sales_of_show(db: Db, show: ShowId) -> tuple[MarketSum, ...]:
    """What a show sold so far, by market, the busiest first."""
    return await store.of_show(db, show)


async def products_of_show(db: Db, show: ShowId) -> Mapping[ProductId, tuple[ProductSum, ...]]:
    """What each product sold in a show, one sum a currency."""
    found: dict[ProductId, tuple[ProductSum, ...]] = {}
    for line in await store.products_of_show(db, show):
        found[line.product] = (*found.get(line.product, ()), line)
    return found


async def sales_by_day(db: Db, seller: SellerId, since: date, until: date) -> tuple[DaySum, ...]:
    """Sales of a seller by UTC day and market, both days included; days without sales have no line."""
    return await store.days(db, seller, since, until)


async def sales_of_day(db: Db, day: date) -> tuple[MarketSum, ...]:
    """Sales of all shops on a UTC day, by market, the busiest first."""
    return await store.of_day(db, day)
