# SPDX-License-Identifier: Apache-2.0
"""Closures and gates in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text, tuple_, update
from sqlalchemy.exc import IntegrityError

from silkcast.ground.ids import ClosureId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .models import ClosureRow
from .values import Closure, OpenOrders

_PASS = text("SELECT closed_market, closure_id FROM closings.pass(CAST(:asked AS text[]), :now, :waits)")
_SHUT_GATE = text("SELECT pg_advisory_xact_lock(closings.gate_of(:market))")
_FRESH: dict[str, Any] = {"populate_existing": True}


def _closure(row: ClosureRow) -> Closure:
    return Closure(
        id=ClosureId(row.id),
        market=Country(row.market),
        reason=row.reason,
        open_orders=cast(OpenOrders, row.open_orders),
        link=row.link,
        begins_at=row.begins_at,
        ends_at=row.ends_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        ended_why=row.ended_why,
        made_at=row.made_at,
        made_by=row.made_by,
        ended_by=row.ended_by,
    )


async def through(tx: Tx, markets: Collection[str], *, waits: bool) -> dict[str, UUID | None]:
    """Stand in the gates of these markets until the transaction ends; those that are closed. Without waiting,
    a gate that somebody is just shutting counts as shut."""
    asked = {"asked": list(markets), "now": tx.now, "waits": waits}
    return {row[0]: row[1] for row in await tx.session.execute(_PASS, asked)}


async def shut_gate(tx: Tx, market: str) -> None:
    """Wait until nobody stands in the gate, and let nobody in before the transaction ends."""
    await tx.session.execute(_SHUT_GATE, {"market": market})


async def add(tx: Tx, closure: Closure) -> bool:
    """Whether the market had no other closure."""
    row = ClosureRow(
        id=closure.id,
        market=closure.market,
        reason=closure.reason,
        open_orders=closure.open_orders,
        link=closure.link,
        begins_at=closure.begins_at,
        ends_at=closure.ends_at,
        begun_at=closure.begun_at,
        ended_why="",
        made_at=closure.made_at,
        made_by=closure.made_by,
    )
    try:
        async with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        return False
    return True


async def change(tx: Tx, id: ClosureId, **columns: Any) -> bool:
    """Whether it had not ended yet."""
    statement = (
        update(ClosureRow)
        .where(ClosureRow.id == id, ClosureRow.ended_at.is_(None))
        .values(**columns)
        .returning(ClosureRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(statement)).first() is not None


async def by_id(db: Db, id: UUID) -> Closure | None:
    row = await db.session.get(ClosureRow, id, execution_options=_FRESH)
    return _closure(row) if row else None


async def open_ones(db: Db, market: str | None = None) -> list[Closure]:
    """Those that have not ended, in force or to come."""
    asked = select(ClosureRow).where(ClosureRow.ended_at.is_(None)).order_by(ClosureRow.market)
    if market is not None:
        asked = asked.where(ClosureRow.market == market)
    return [_closure(row) for row in await db.session.scalars(asked.execution_options(**_FRESH))]


async def due(db: Db) -> list[Closure]:
    """Those whose beginning or end has come, and nobody has said so yet."""
    has_begun = ClosureRow.begun_at.is_(None) & (ClosureRow.begins_at <= db.now)
    asked = select(ClosureRow).where(
        ClosureRow.ended_at.is_(None), or_(has_begun, ClosureRow.ends_at <= db.now)
    )
    return [_closure(row) for row in await db.session.scalars(asked.execution_options(**_FRESH))]


async def several(
    db: Db, market: str | None, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Closure]:
    asked = select(ClosureRow).order_by(ClosureRow.made_at.desc(), ClosureRow.id.desc()).limit(limit)
    if market is not None:
        asked = asked.where(ClosureRow.market == market)
    if before is not None:
        key: ColumnElement[Any] = tuple_(ClosureRow.made_at, ClosureRow.id)
        asked = asked.where(key < before)
    return [_closure(row) for row in await db.session.scalars(asked.execution_options(**_FRESH))]


async def latest_by_market(db: Db) -> dict[str, datetime]:
    """When a market was closed or opened last."""
    moment = func.max(func.coalesce(ClosureRow.ended_at, ClosureRow.begun_at, ClosureRow.made_at))
    rows = await db.session.execute(select(ClosureRow.market, moment).group_by(ClosureRow.market))
    return {row[0]: row[1] for row in rows}
