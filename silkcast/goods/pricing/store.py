# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update

from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .models import PriceRow
from .values import Price


def _price(row: PriceRow) -> Price:
    return Price(
        VariantId(row.variant_id), Country(row.market), Money.of(row.amount, row.currency), row.since
    )


async def lock(tx: Tx, variant: VariantId, market: str) -> None:
    """One change at a time for a variant and market, also when there is no price yet."""
    await tx.session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"{variant}/{market}", 0)))
    )


async def close(tx: Tx, variant: VariantId, market: str, at: datetime) -> None:
    await tx.session.execute(
        update(PriceRow)
        .where(PriceRow.variant_id == variant, PriceRow.market == market, PriceRow.until.is_(None))
        .values(until=func.greatest(at, PriceRow.since))
        .execution_options(synchronize_session=False)
    )


async def add(tx: Tx, variant: VariantId, market: str, amount: Money, since: datetime) -> None:
    tx.session.add(
        PriceRow(
            id=new_uuid(),
            variant_id=variant,
            market=market,
            amount=amount.amount,
            currency=amount.currency,
            since=since,
        )
    )
    await tx.session.flush()


async def now(db: Db, variants: Sequence[VariantId], market: str | None) -> list[Price]:
    statement = select(PriceRow).where(PriceRow.variant_id.in_(variants), PriceRow.until.is_(None))
    if market is not None:
        statement = statement.where(PriceRow.market == market)
    rows = await db.session.scalars(statement.execution_options(populate_existing=True))
    return [_price(row) for row in rows]


async def within(db: Db, variants: Sequence[VariantId], market: str, since: datetime) -> list[Price]:
    """Every price that held at some moment since then."""
    statement = select(PriceRow).where(
        PriceRow.variant_id.in_(variants),
        PriceRow.market == market,
        # One replaced in the moment it was set was never asked of anybody.
        or_(PriceRow.until.is_(None), PriceRow.until > func.greatest(since, PriceRow.since)),
    )
    return [_price(row) for row in await db.session.scalars(statement.order_by(PriceRow.since))]
