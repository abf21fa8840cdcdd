# SPDX-License-Identifier: Apache-2.0
"""The door of quotes."""

from __future__ import annotations

from datetime import datetime

from silkcast.ground.ids import QuoteId, new_uuid
from silkcast.plumbing.db import Db, Tx

from . import store
from .errors import NoSuchQuote
from .rules import with_fee, work_out
from .values import Offer, Quote

__all__ = ["keep", "quote", "with_fee", "work_out"]


async def keep(tx: Tx, offer: Offer, *, delivery: str, until: datetime) -> Quote:
    """Promise an offer until a moment."""
    kept = Quote(QuoteId(new_uuid()), offer, delivery, tx.now, until)
    await store.add(tx, kept)
    return kept


async def quote(db: Db, id: QuoteId) -> Quote:
    found = await store.by_id(db, id)
    if found is None:
        raise NoSuchQuote()
    return found
