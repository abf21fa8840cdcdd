# SPDX-License-Identifier: Apache-2.0
"""What returns do by the clock."""

from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick
from silkcast.trade.returns import service

FULL = 100


async def accept_overdue(database: Database) -> None:
    """Accept what sellers left without an answer."""
    more = FULL
    while more == FULL:
        async with database.write() as tx:
            more = await service.accept_overdue(tx, limit=FULL)


async def close_unsent(database: Database) -> None:
    """Close what buyers never sent."""
    more = FULL
    while more == FULL:
        async with database.write() as tx:
            more = await service.close_unsent(tx, limit=FULL)


TICKS = (
    Tick("returns.accept_overdue", timedelta(minutes=1), accept_overdue),
    Tick("returns.close_unsent", timedelta(minutes=10), close_unsent),
)
