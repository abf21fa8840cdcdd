# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the tables of quotes, and of what persons used of their quotas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import OrderId, QuoteId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .models import QuoteRow, UseRow
from .values import Offer, Quote


async def add(tx: Tx, quote: Quote) -> None:
    tx.session.add(
        QuoteRow(
            id=quote.id,
            market=quote.offer.market,
            delivery=quote.delivery,
            offer=msgspec.to_builtins(quote.offer),
            kept_at=quote.kept_at,
            until=quote.until,
        )
    )
    await tx.session.flush()


async def by_id(db: Db, quote: QuoteId) -> Quote | None:
    row = await db.session.get(QuoteRow, quote)
    if row is None:
        return None
    offer = msgspec.convert(row.offer, Offer)
    return Quote(QuoteId(row.id), offer, row.delivery, row.kept_at, row.until)


_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:person, 0))")


async def alone(tx: Tx, persons: Sequence[bytes]) -> None:
    for person in sorted(persons):  # one order for all: no deadlock
        await tx.session.execute(_ALONE, {"person": f"quota/{person.hex()}"})


async def used(
    db: Db, market: Country, quota: str, persons: Sequence[bytes], since: date, until: date
) -> Decimal:
    found = await db.session.execute(
        select(func.coalesce(func.sum(UseRow.amount), 0)).where(
            UseRow.persons.overlap(list(persons)),
            UseRow.market == market,
            UseRow.quota == quota,
            UseRow.on_day.between(since, until),
            UseRow.counts,
        )
    )
    # the column has four decimals, the currency perhaps none
    return Decimal(f"{Decimal(found.scalar_one()).normalize():f}")


async def add_uses(
    tx: Tx,
    order: OrderId,
    market: Country,
    adds: Mapping[str, Decimal],
    persons: Sequence[bytes],
    on: date,
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "order_id": order,
            "quota": quota,
            "market": market,
            "persons": sorted(persons),
            "amount": amount,
            "on_day": on,
            "counts": True,
        }
        for quota, amount in adds.items()
    ]
    if rows:
        await tx.session.execute(insert(UseRow).on_conflict_do_nothing(), rows)


async def set_counts(tx: Tx, order: OrderId, *, counts: bool) -> None:
    await tx.session.execute(update(UseRow).where(UseRow.order_id == order).values(counts=counts))


async def drop(tx: Tx, order: OrderId) -> None:
    await tx.session.execute(delete(UseRow).where(UseRow.order_id == order))


async def drop_before(tx: Tx, day: date) -> int:
    gone = await tx.session.execute(delete(UseRow).where(UseRow.on_day < day).returning(UseRow.order_id))
    return len(gone.all())
