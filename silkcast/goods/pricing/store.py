# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .models import FloorRow, PriceRow
from .values import Floor, Price


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


async def set_floor(tx: Tx, variant: VariantId, market: str, amount: Money) -> None:
    values = {"amount": amount.amount, "currency": amount.currency}
    made = insert(FloorRow).values(variant_id=variant, market=market, **values)
    await tx.session.execute(made.on_conflict_do_update(index_elements=["variant_id", "market"], set_=values))


async def clear_floor(tx: Tx, variant: VariantId, market: str) -> None:
    await tx.session.execute(
        delete(FloorRow).where(FloorRow.variant_id == variant, FloorRow.market == market)
    )


async def floors(db: Db, variants: Sequence[VariantId]) -> list[Floor]:
    row = FloorRow
    asked = select(row.variant_id, row.market, row.amount, row.currency).where(row.variant_id.in_(variants))
    return [
        Floor(VariantId(variant), Country(market), Money.of(amount, currency))
        for variant, market, amount, currency in await db.session.execute(asked)
    ]
