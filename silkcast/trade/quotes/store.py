# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the table of quotes."""

from __future__ import annotations

import msgspec

from silkcast.ground.ids import QuoteId
from silkcast.plumbing.db import Db, Tx

from .models import QuoteRow
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
