# SPDX-License-Identifier: Apache-2.0
"""What stock does by the clock."""

from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import service


async def release_overdue(database: Database) -> None:
    """Free the units of holds nobody paid for in time, a batch a transaction."""
    batch = 200
    while True:
        async with database.write() as tx:
            released = await service.expire(tx, limit=batch)
        if released < batch:
            return


TICKS = (Tick("stock.release_overdue", timedelta(seconds=15), release_overdue),)
