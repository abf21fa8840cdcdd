# SPDX-License-Identifier: Apache-2.0
"""Limits, changes and settings of local teams in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from silkcast.ground.ids import ChangeId, SellerId, VariantId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .models import BaseRow, ChangeRow, LimitRow, SettingRow
from .values import Base, Change, Limits, What

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
_UNDOING = aliased(ChangeRow)


async def alone(tx: Tx, market: str, what: str, key: str) -> None:
    """Nobody else changes this before the transaction ends."""
    await tx.session.execute(_ALONE, {"what": f"teams/{market}/{what}/{key}"})


async def add_limits(tx: Tx, limits: Limits) -> None:
    tx.session.add(
        LimitRow(
            id=new_uuid(),
            market=limits.market,
            seller_id=limits.seller,
            price_down=limits.price_down,
            price_up=limits.price_up,
            floor_down=limits.floor_down,
            floor_up=limits.floor_up,
            deal_most=limits.deal_most,
            set_at=tx.now,
            set_by=tx.actor.id,
            why=limits.why,
        )
    )
    await tx.session.flush()


def _limits(row: LimitRow) -> Limits:
    return Limits(
        market=Country(row.market),
        seller=SellerId(row.seller_id) if row.seller_id else None,
        price_down=row.price_down,
        price_up=row.price_up,
        floor_down=row.floor_down,
        floor_up=row.floor_up,
        deal_most=row.deal_most,
        set_at=row.set_at,
        set_by=row.set_by,
        why=row.why,
    )


async def limits(db: Db, market: str) -> list[Limits]:
    """The newest for all shops and for each shop that has its own."""
    asked = select(LimitRow).where(LimitRow.market == market).ext(distinct_on(LimitRow.seller_id))
    asked = asked.order_by(LimitRow.seller_id, LimitRow.set_at.desc(), LimitRow.id.desc())
    return [_limits(row) for row in await db.session.scalars(asked)]


async def limits_history(db: Db, market: str, limit: int) -> list[Limits]:
    asked = select(LimitRow).where(LimitRow.market == market)
    asked = asked.order_by(LimitRow.set_at.desc(), LimitRow.id.desc()).limit(limit)
    return [_limits(row) for row in await db.session.scalars(asked)]


async def add_change(tx: Tx, change: Change) -> bool:
    """False where the change it undoes was undone already."""
    row = ChangeRow(
        id=change.id,
        market=change.market,
        what=change.what,
        key=change.key,
        label=change.label,
        before=change.before,
        after=change.after,
        why=change.why,
        at=change.at,
        by=change.by,
        undoes=change.undoes,
    )
    try:
        async with tx.session.begin_nested():
            tx.session.add(row)
    except IntegrityError:
        return False
    return True


def _change(row: ChangeRow, undone_by: UUID | None) -> Change:
    return Change(
        id=ChangeId(row.id),
        market=Country(row.market),
        what=cast(What, row.what),
        key=row.key,
        label=row.label,
        before=row.before,
        after=row.after,
        why=row.why,
        at=row.at,
        by=row.by,
        undoes=ChangeId(row.undoes) if row.undoes else None,
        undone_by=ChangeId(undone_by) if undone_by else None,
    )


def _changes() -> Any:
    return select(ChangeRow, _UNDOING.id).outerjoin(_UNDOING, _UNDOING.undoes == ChangeRow.id)


async def change(db: Db, id: UUID) -> Change | None:
    row = (await db.session.execute(_changes().where(ChangeRow.id == id))).one_or_none()
    return _change(row[0], row[1]) if row else None


async def changes(
    db: Db,
    market: str | None,
    what: str | None,
    search: str,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Change]:
    asked = _changes().order_by(ChangeRow.at.desc(), ChangeRow.id.desc()).limit(limit)
    if market is not None:
        asked = asked.where(ChangeRow.market == market)
    if what is not None:
        asked = asked.where(ChangeRow.what == what)
    if search:
        found = (ChangeRow.label, ChangeRow.why, ChangeRow.before, ChangeRow.after, ChangeRow.key)
        asked = asked.where(or_(*(column.icontains(search, autoescape=True) for column in found)))
    if before is not None:
        asked = asked.where(tuple_(ChangeRow.at, ChangeRow.id) < before)
    return [_change(row[0], row[1]) for row in await db.session.execute(asked)]


async def newest(db: Db, market: str, what: str, key: str) -> UUID | None:
    """The last change of a thing."""
    asked = select(ChangeRow.id).where(
        ChangeRow.market == market, ChangeRow.what == what, ChangeRow.key == key
    )
    asked = asked.order_by(ChangeRow.at.desc(), ChangeRow.id.desc()).limit(1)
    return (await db.session.execute(asked)).scalar_one_or_none()


async def last_changed(db: Db) -> dict[str, datetime]:
    asked = select(ChangeRow.market, func.max(ChangeRow.at)).group_by(ChangeRow.market)
    return {row[0]: row[1] for row in await db.session.execute(asked)}


async def settings(db: Db, what: str, market: str | None) -> dict[tuple[str, str], str]:
    """By market and key."""
    asked = select(SettingRow.market, SettingRow.key, SettingRow.value).where(SettingRow.what == what)
    if market is not None:
        asked = asked.where(SettingRow.market == market)
    return {(row[0], row[1]): row[2] for row in await db.session.execute(asked)}


async def put_setting(tx: Tx, market: str, what: str, key: str, value: str) -> None:
    """An empty value takes it away."""
    if not value:
        gone = delete(SettingRow).where(
            SettingRow.market == market, SettingRow.what == what, SettingRow.key == key
        )
        await tx.session.execute(gone.execution_options(synchronize_session=False))
        return
    made = insert(SettingRow).values(market=market, what=what, key=key, value=value)
    await tx.session.execute(
        made.on_conflict_do_update(index_elements=["market", "what", "key"], set_={"value": value})
    )


async def base(db: Db, variant: VariantId, market: str) -> Base | None:
    asked = select(BaseRow).where(BaseRow.variant_id == variant, BaseRow.market == market)
    row = (await db.session.scalars(asked.execution_options(populate_existing=True))).first()
    if row is None:
        return None
    return Base(Money(row.base, Currency(row.currency)), Money(row.local, Currency(row.currency)))


async def put_base(tx: Tx, variant: VariantId, market: str, base: Base) -> None:
    values = {"base": base.base.amount, "local": base.local.amount, "currency": base.base.currency}
    made = insert(BaseRow).values(variant_id=variant, market=market, **values)
    await tx.session.execute(made.on_conflict_do_update(index_elements=["variant_id", "market"], set_=values))
