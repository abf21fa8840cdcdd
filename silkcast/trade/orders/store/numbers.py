# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the table of receivers' numbers; seals and opens them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, text

from silkcast.ground.ids import OrderId, UserId
from silkcast.plumbing.db import Db, Tx
from silkcast.trade.orders.models import NumberRow, OrderRow
from silkcast.trade.orders.values import ReceiverNumber


def _context(order: UUID, code: str) -> str:
    return f"orders.numbers/{order}/{code}"


async def add(tx: Tx, order: OrderId, numbers: Sequence[ReceiverNumber]) -> None:
    rows = [
        {
            "order_id": order,
            "code": one.code,
            "sealed": tx.vault.seal(one.text, _context(order, one.code)),
            "kept_at": tx.now,
        }
        for one in numbers
    ]
    if rows:
        await tx.session.execute(insert(NumberRow), rows)


async def of_order(db: Db, order: OrderId) -> Mapping[str, str]:
    question = select(NumberRow.code, NumberRow.sealed).where(NumberRow.order_id == order)
    found = (await db.session.execute(question.order_by(NumberRow.code))).all()
    return {row.code: db.vault.open(row.sealed, _context(order, row.code)) for row in found}


async def drop(tx: Tx, order: OrderId) -> None:
    await tx.session.execute(delete(NumberRow).where(NumberRow.order_id == order))


async def drop_of_user(tx: Tx, user: UserId, states: Iterable[str]) -> None:
    ended = select(OrderRow.id).where(OrderRow.buyer_user == user, OrderRow.state.in_(sorted(states)))
    await tx.session.execute(delete(NumberRow).where(NumberRow.order_id.in_(ended)))


_PURGE = text(
    """
    DELETE FROM orders.numbers AS n USING orders.orders AS o
    WHERE o.id = n.order_id AND o.state = ANY(:states)
      AND NOT EXISTS (SELECT FROM orders.history AS h WHERE h.order_id = o.id AND h.at > :before)
    RETURNING n.order_id
    """
)


async def purge(tx: Tx, states: Iterable[str], before: datetime) -> set[OrderId]:
    """Orders in one of the states since before a moment lose their numbers."""
    found = await tx.session.execute(_PURGE, {"states": sorted(states), "before": before})
    return {OrderId(order) for order in found.scalars()}
