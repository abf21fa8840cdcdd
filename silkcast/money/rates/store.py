# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from silkcast.ground.money import Currency
from silkcast.plumbing.db import Db, Tx

from .models import RateRow
from .values import Kind, Mark, Quoted


async def latest(db: Db, touching: Collection[str], on: date, not_before: date) -> tuple[Quoted, ...]:
    """Of each pair that touches one of the currencies, the newest rate of the day or before."""
    statement = (
        select(RateRow)
        .where(RateRow.on <= on, or_(RateRow.kind == "peg", RateRow.on >= not_before))
        .where(or_(RateRow.base.in_(touching), RateRow.quote.in_(touching)))
        .ext(distinct_on(RateRow.base, RateRow.quote))
        .order_by(RateRow.base, RateRow.quote, RateRow.on.desc())
    )
    return tuple(_quoted(row) for row in await db.session.scalars(statement))


def _quoted(row: RateRow) -> Quoted:
    return Quoted(
        Currency(row.base),
        Currency(row.quote),
        row.on,
        row.rate,
        cast(Kind, row.kind),
        row.source,
        cast(Mark, row.mark),
    )


async def add(tx: Tx, quoted: Sequence[Quoted]) -> int:
    """How many were new: a rate once known for a day stays."""
    added = 0
    for start in range(0, len(quoted), 2000):
        rows = [asdict(one) for one in quoted[start : start + 2000]]
        statement = insert(RateRow).values(rows).on_conflict_do_nothing().returning(RateRow.quote)
        added += len((await tx.session.scalars(statement)).all())
    return added


async def newest_day(db: Db) -> date | None:
    return await db.session.scalar(select(func.max(RateRow.on)).where(RateRow.kind == "market"))
