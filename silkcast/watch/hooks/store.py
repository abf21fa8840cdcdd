# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import HookId, SellerId
from silkcast.plumbing.db import Db, Tx

from .models import DeliveryRow, HookRow
from .values import Delivery, DeliveryState, Hook


@dataclass(frozen=True, slots=True)
class Sealed:
    """The sealed secrets of a hook."""

    secret: str
    old: str | None
    old_until: datetime | None


def _hook(row: HookRow) -> Hook:
    return Hook(
        HookId(row.id),
        SellerId(row.seller),
        row.url,
        frozenset(row.kinds),
        row.is_active,
        row.failing_since,
        row.made_at,
    )


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        row.id,
        HookId(row.hook),
        row.kind,
        cast(DeliveryState, row.state),
        row.tries,
        row.status,
        row.fault,
        row.made_at,
        row.next_at,
        row.sent_at,
    )


async def add(tx: Tx, hook: Hook, secret: str) -> None:
    tx.session.add(
        HookRow(
            id=hook.id,
            seller=hook.seller,
            url=hook.url,
            kinds=sorted(hook.kinds),
            is_active=hook.is_active,
            secret=secret,
            made_at=hook.made_at,
        )
    )
    await tx.session.flush()


async def change(tx: Tx, hook: HookId, **values: Any) -> None:
    await tx.session.execute(
        update(HookRow)
        .where(HookRow.id == hook)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def remove(tx: Tx, hook: HookId) -> None:
    await tx.session.execute(
        delete(HookRow).where(HookRow.id == hook).execution_options(synchronize_session=False)
    )


async def count(db: Db, seller: SellerId) -> int:
    found = await db.session.scalar(select(func.count()).select_from(HookRow).where(HookRow.seller == seller))
    return int(found or 0)


async def hooks(db: Db, seller: SellerId) -> tuple[Hook, ...]:
    statement = select(HookRow).where(HookRow.seller == seller).order_by(HookRow.made_at, HookRow.id)
    rows = await db.session.scalars(statement.execution_options(populate_existing=True))
    return tuple(_hook(row) for row in rows)


async def hook(db: Db, id: HookId, *, lock: bool = False) -> Hook | None:
    statement = select(HookRow).where(HookRow.id == id).execution_options(populate_existing=True)
    row = await db.session.scalar(statement.with_for_update() if lock else statement)
    return _hook(row) if row else None


async def sealed(db: Db, id: HookId) -> Sealed:
    statement = select(HookRow.secret, HookRow.old_secret, HookRow.old_until).where(HookRow.id == id)
    row = (await db.session.execute(statement)).one()
    return Sealed(row[0], row[1], row[2])


async def wanting(db: Db, seller: SellerId, kind: str) -> tuple[HookId, ...]:
    """The hooks in use of a seller that want this kind of news."""
    statement = (
        select(HookRow.id)
        .where(HookRow.seller == seller, HookRow.is_active, HookRow.kinds.contains([kind]))
        .order_by(HookRow.id)
    )
    return tuple(HookId(id) for id in await db.session.scalars(statement))


async def add_delivery(tx: Tx, id: UUID, hook: HookId, *, key: str, kind: str, body: bytes) -> bool:
    """Whether it is new: the same news are told once to a hook."""
    statement = (
        insert(DeliveryRow)
        .values(id=id, hook=hook, key=key, kind=kind, body=body, made_at=tx.now, next_at=tx.now)
        .on_conflict_do_nothing(index_elements=["hook", "key"])
        .returning(DeliveryRow.id)
    )
    return (await tx.session.execute(statement)).first() is not None


async def delivery(db: Db, id: UUID, *, lock: bool = False) -> tuple[Delivery, bytes] | None:
    statement = select(DeliveryRow).where(DeliveryRow.id == id).execution_options(populate_existing=True)
    row = await db.session.scalar(statement.with_for_update() if lock else statement)
    return (_delivery(row), row.body) if row else None


async def change_delivery(tx: Tx, id: UUID, **values: Any) -> None:
    await tx.session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.id == id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def deliveries(
    db: Db, hook: HookId, *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Delivery]:
    """Newest first."""
    statement = (
        select(DeliveryRow)
        .where(DeliveryRow.hook == hook)
        .order_by(DeliveryRow.made_at.desc(), DeliveryRow.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    if after is not None:
        statement = statement.where(tuple_(DeliveryRow.made_at, DeliveryRow.id) < after)
    return [_delivery(row) for row in await db.session.scalars(statement)]


async def forget(tx: Tx, before: datetime) -> None:
    """Deliveries that ended before a moment."""
    await tx.session.execute(
        delete(DeliveryRow)
        .where(DeliveryRow.state != "waiting", DeliveryRow.made_at < before)
        .execution_options(synchronize_session=False)
    )
