# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import AppealId, FileId, ProductId, SellerId, UserId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .models import AppealRow, RulingRow
from .values import Appeal, Ruling


def _file(id: UUID | None) -> FileId | None:
    return FileId(id) if id is not None else None


def _user(id: UUID | None) -> UserId | None:
    return UserId(id) if id is not None else None


def _ruling(row: RulingRow) -> Ruling:
    return Ruling(
        product=ProductId(row.product),
        market=Country(row.market),
        decision="admit" if row.decision == "admit" else "bar",
        rows=tuple(row.rows),
        reason=row.reason,
        until=row.until,
        digest=row.digest,
        by=_user(row.by),
        at=row.at,
        paper=_file(row.paper),
    )


def _appeal(row: AppealRow) -> Appeal:
    return Appeal(
        id=AppealId(row.id),
        product=ProductId(row.product),
        seller=SellerId(row.seller),
        market=Country(row.market),
        name=row.name,
        rows=tuple(row.rows),
        words=row.words,
        paper=_file(row.paper),
        paper_type=row.paper_type,
        digest=row.digest,
        state=row.state,  # type: ignore[arg-type]
        asked_at=row.asked_at,
        answer=row.answer,
        until=row.until,
        decided_at=row.decided_at,
        decided_by=_user(row.decided_by),
    )


async def rulings(
    db: Db, products: Sequence[ProductId], market: str | None, since: date | None = None
) -> list[Ruling]:
    """Newest first; of one market or of all; with `since`, those that still hold on that day."""
    asked = select(RulingRow).where(RulingRow.product.in_(products))
    if market is not None:
        asked = asked.where(RulingRow.market == market)
    if since is not None:
        asked = asked.where(RulingRow.until >= since)
    rows = await db.session.scalars(asked.order_by(RulingRow.at.desc(), RulingRow.id.desc()))
    return [_ruling(row) for row in rows]


async def add_ruling(tx: Tx, ruling: Ruling) -> None:
    tx.session.add(
        RulingRow(
            id=new_uuid(),
            product=ruling.product,
            market=ruling.market,
            decision=ruling.decision,
            rows=list(ruling.rows),
            reason=ruling.reason,
            until=ruling.until,
            digest=ruling.digest,
            by=ruling.by,
            at=ruling.at,
            paper=ruling.paper,
        )
    )
    await tx.session.flush()


async def add_appeal(tx: Tx, appeal: Appeal) -> bool:
    """False if one is open already."""
    made = insert(AppealRow).values(
        id=appeal.id,
        product=appeal.product,
        seller=appeal.seller,
        market=appeal.market,
        name=appeal.name,
        rows=list(appeal.rows),
        words=appeal.words,
        paper=appeal.paper,
        paper_type=appeal.paper_type,
        digest=appeal.digest,
        state="open",
        asked_at=appeal.asked_at,
        answer="",
    )
    kept = await tx.session.execute(made.on_conflict_do_nothing().returning(AppealRow.id))
    return kept.scalar_one_or_none() is not None


async def decide(
    tx: Tx, id: AppealId, state: str, answer: str, until: date | None, by: UserId | None
) -> Appeal | None:
    """Answer an open appeal; none if there is none open of this id."""
    decided = (
        update(AppealRow)
        .where(AppealRow.id == id, AppealRow.state == "open")
        .values(state=state, answer=answer, until=until, decided_at=tx.now, decided_by=by)
        .returning(AppealRow)
        .execution_options(populate_existing=True)
    )
    row = (await tx.session.scalars(decided)).one_or_none()
    return _appeal(row) if row is not None else None


async def appeal(db: Db, id: AppealId) -> Appeal | None:
    row = await db.session.scalar(
        select(AppealRow).where(AppealRow.id == id).execution_options(populate_existing=True)
    )
    return _appeal(row) if row is not None else None


async def appeals(
    db: Db,
    *,
    seller: SellerId | None,
    product: ProductId | None,
    market: str | None,
    state: str | None,
    text: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Appeal]:
    """Newest first; every word of `text` occurs in the product's name or in what was written."""
    asked = select(AppealRow).order_by(AppealRow.asked_at.desc(), AppealRow.id.desc()).limit(limit)
    wanted: dict[Any, object] = {
        AppealRow.seller: seller,
        AppealRow.product: product,
        AppealRow.market: market,
        AppealRow.state: state,
    }
    for column, value in wanted.items():
        if value is not None:
            asked = asked.where(column == value)
    for word in (text or "").lower().split()[:8]:
        asked = asked.where(func.strpos(func.lower(AppealRow.name + " " + AppealRow.words), word) > 0)
    if after is not None:
        asked = asked.where(tuple_(AppealRow.asked_at, AppealRow.id) < after)
    rows = await db.session.scalars(asked.execution_options(populate_existing=True))
    return [_appeal(row) for row in rows]


async def count_open(db: Db) -> int:
    asked = select(func.count()).select_from(AppealRow).where(AppealRow.state == "open")
    return (await db.session.scalar(asked)) or 0
