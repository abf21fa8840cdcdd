# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, func, select, update
from sqlalchemy.exc import IntegrityError

from silkcast.ground.ids import FileId, PinId, ProductId, SellerId, ShowId
from silkcast.ground.language import Words
from silkcast.plumbing.db import Db, Tx

from .errors import AnotherIsLive
from .models import PinRow, ShowRow
from .values import NewShow, Pin, Replay, Show, ShowState


def _show(row: ShowRow) -> Show:
    replay = Replay(row.replay_path, row.replay_seconds or 0) if row.replay_path else None
    return Show(
        id=ShowId(row.id),
        seller=SellerId(row.seller_id),
        slug=row.slug,
        titles=Words(row.titles),
        cover=FileId(row.cover) if row.cover else None,
        starts_at=row.starts_at,
        state=cast(ShowState, row.state),
        run=tuple(ProductId(product) for product in row.run),
        started_at=row.started_at,
        ended_at=row.ended_at,
        has_picture=row.has_picture,
        replay=replay,
        likes=row.likes,
        peak_viewers=row.peak_viewers,
    )


def _pin(row: PinRow) -> Pin:
    return Pin(PinId(row.id), ShowId(row.show_id), ProductId(row.product_id), row.pinned_at, row.unpinned_at)


async def add(
    tx: Tx, show: ShowId, seller: SellerId, slug: str, plan: NewShow, key: tuple[str, bytes]
) -> None:
    tx.session.add(
        ShowRow(
            id=show,
            seller_id=seller,
            slug=slug,
            titles=dict(plan.titles.by_language),
            cover=plan.cover,
            starts_at=plan.starts_at,
            run=list(plan.run),
            key_sealed=key[0],
            key_index=key[1],
        )
    )
    await tx.session.flush()


async def change(tx: Tx, show: ShowId, **columns: Any) -> None:
    await tx.session.execute(
        update(ShowRow)
        .where(ShowRow.id == show)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )


async def move(tx: Tx, show: ShowId, *, before: Sequence[str], to: ShowState, **columns: Any) -> bool:
    """Change the state if it still is one of `before`. Whether it was."""
    statement = (
        update(ShowRow)
        .where(ShowRow.id == show, ShowRow.state.in_(before))
        .values(state=to, **columns)
        .returning(ShowRow.id)
        .execution_options(synchronize_session=False)
    )
    try:
        return (await tx.session.execute(statement)).first() is not None
    except IntegrityError as error:
        if "one_live_show_a_seller" in str(error.orig):
            raise AnotherIsLive() from None
        raise


async def _one(db: Db, statement: Select[ShowRow]) -> Show | None:
    row = (await db.session.scalars(statement.execution_options(populate_existing=True))).first()
    return _show(row) if row else None


async def by_id(db: Db, show: ShowId, seller: SellerId | None) -> Show | None:
    statement = select(ShowRow).where(ShowRow.id == show)
    return await _one(db, statement if seller is None else statement.where(ShowRow.seller_id == seller))


async def by_slug(db: Db, slug: str) -> Show | None:
    return await _one(db, select(ShowRow).where(ShowRow.slug == slug))


async def by_key_index(db: Db, key_index: bytes) -> Show | None:
    return await _one(db, select(ShowRow).where(ShowRow.key_index == key_index))


async def sealed_key(db: Db, show: ShowId, seller: SellerId) -> str | None:
    return await db.session.scalar(
        select(ShowRow.key_sealed).where(ShowRow.id == show, ShowRow.seller_id == seller)
    )


async def several(
    db: Db, *, seller: SellerId | None, states: Sequence[ShowState], newest_first: bool, limit: int
) -> tuple[Show, ...]:
    order = ShowRow.starts_at.desc() if newest_first else ShowRow.starts_at
    statement = select(ShowRow).where(ShowRow.state.in_(states)).order_by(order, ShowRow.id).limit(limit)
    if seller is not None:
        statement = statement.where(ShowRow.seller_id == seller)
    rows = await db.session.scalars(statement.execution_options(populate_existing=True))
    return tuple(_show(row) for row in rows)


async def lock(tx: Tx, show: ShowId) -> None:
    await tx.session.execute(select(ShowRow.id).where(ShowRow.id == show).with_for_update())


async def open_pin(db: Db, show: ShowId) -> Pin | None:
    statement = select(PinRow).where(PinRow.show_id == show, PinRow.unpinned_at.is_(None))
    row = (await db.session.scalars(statement.execution_options(populate_existing=True))).first()
    return _pin(row) if row else None


async def add_pin(tx: Tx, pin: Pin) -> None:
    facts = asdict(pin)
    tx.session.add(
        PinRow(
            id=facts["id"], show_id=facts["show"], product_id=facts["product"], pinned_at=facts["pinned_at"]
        )
    )
    await tx.session.flush()


async def close_pin(tx: Tx, show: ShowId, at: datetime) -> Pin | None:
    statement = (
        update(PinRow)
        .where(PinRow.show_id == show, PinRow.unpinned_at.is_(None))
        .values(unpinned_at=func.greatest(at, PinRow.pinned_at))
        .returning(PinRow)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    row = (await tx.session.scalars(statement)).first()
    return _pin(row) if row else None


async def pins(db: Db, show: ShowId) -> tuple[Pin, ...]:
    statement = select(PinRow).where(PinRow.show_id == show).order_by(PinRow.pinned_at, PinRow.id)
    rows = await db.session.scalars(statement.execution_options(populate_existing=True))
    return tuple(_pin(row) for row in rows)


async def add_counts(tx: Tx, show: ShowId, *, likes: int, viewers: int) -> int:
    """Add likes, raise the peak; the likes there are now."""
    statement = (
        update(ShowRow)
        .where(ShowRow.id == show)
        .values(likes=ShowRow.likes + likes, peak_viewers=func.greatest(ShowRow.peak_viewers, viewers))
        .returning(ShowRow.likes)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.scalar(statement)) or 0


async def live_with(db: Db, product: ProductId) -> tuple[ShowId, ...]:
    statement = select(ShowRow.id).where(ShowRow.state == "live", ShowRow.run.contains([product]))
    return tuple(ShowId(show) for show in await db.session.scalars(statement))
