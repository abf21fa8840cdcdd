# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import ProductId, SellerId, ShowId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Base, Db, Tx

from .models import DaySumRow, ProductSumRow, ShowSumRow
from .values import DaySum, MarketSum, ProductSum


async def add(tx: Tx, table: type[Base], key: Mapping[str, Any], sums: Mapping[str, Any]) -> None:
    """Add to the row of this key, making it if it is the first."""
    statement = insert(table).values(**key, **sums)
    added = {name: getattr(table, name) + getattr(statement.excluded, name) for name in sums}
    await tx.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=added))


async def of_show(db: Db, show: ShowId) -> tuple[MarketSum, ...]:
    rows = await db.session.scalars(
        select(ShowSumRow).where(ShowSumRow.show_id == show).order_by(ShowSumRow.orders.desc())
    )
    return tuple(
        MarketSum(Country(row.market), row.orders, row.units, Money.of(row.takings, row.currency))
        for row in rows
    )


async def products_of_show(db: Db, show: ShowId) -> Sequence[ProductSum]:
    rows = await db.session.scalars(select(ProductSumRow).where(ProductSumRow.show_id == show))
    return [
        ProductSum(ProductId(row.product_id), row.units, Money.of(row.takings, row.currency)) for row in rows
    ]


async def days(db: Db, seller: SellerId, since: date, until: date) -> tuple[DaySum, ...]:
    statement = (
        select(DaySumRow)
        .where(DaySumRow.seller_id == seller, DaySumRow.day.between(since, until))
        .order_by(DaySumRow.day, DaySumRow.market)
    )
    return tuple(
        DaySum(row.day, Country(row.market), row.orders, row.units, Money.of(row.takings, row.currency))
        for row in await db.session.scalars(statement)
    )


async def of_day(db: Db, day: date) -> tuple[MarketSum, ...]:
    orders = func.sum(DaySumRow.orders)
    statement = (
        select(
            DaySumRow.market,
            DaySumRow.currency,
            orders,
            func.sum(DaySumRow.units),
            func.sum(DaySumRow.takings),
        )
        .where(DaySumRow.day == day)
        .group_by(DaySumRow.market, DaySumRow.currency)
        .order_by(orders.desc(), DaySumRow.market)
    )
    return tuple(
        MarketSum(Country(market), int(count), int(units), Money.of(takings, currency))
        for market, currency, count, units, takings in await db.session.execute(statement)
    )
