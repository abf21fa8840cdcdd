# SPDX-License-Identifier: Apache-2.0
"""Orders of a market that are not with a carrier yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, literal_column, select

from silkcast.ground.ids import OrderId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db
from silkcast.trade.orders.models import OrderRow
from silkcast.trade.orders.values import OpenOrders, State


async def open_by_market(db: Db, market: Country | None, states: Iterable[State]) -> list[OpenOrders]:
    key = (
        OrderRow.market,
        OrderRow.state,
        OrderRow.currency,
        OrderRow.payment_method == literal_column("'cod'"),
    )
    asked = select(*key, func.count(), func.sum(OrderRow.total)).where(_is_in(states)).group_by(*key)
    if market is not None:
        asked = asked.where(OrderRow.market == market)
    rows: Any = (await db.session.execute(asked.order_by(*key))).all()
    return [OpenOrders(Country(row[0]), row[1], row[3], row[4], Money(row[5], row[2])) for row in rows]


async def open_in(
    db: Db, market: Country, states: Iterable[State], after: OrderId | None, limit: int
) -> list[OrderId]:
    asked = select(OrderRow.id).where(_is_in(states), OrderRow.market == market)
    if after is not None:
        asked = asked.where(OrderRow.id > after)
    return [OrderId(id) for id in await db.session.scalars(asked.order_by(OrderRow.id).limit(limit))]


def _is_in(states: Iterable[State]) -> Any:
    return OrderRow.state.in_(sorted(states))
