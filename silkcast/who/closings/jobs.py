# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import service


async def keep_time(database: Database) -> None:
    """Closures that were set up ahead begin and end by the clock. Orders heed the moment itself; this tells
    rooms and buyers of it."""
    async with database.write() as tx:
        await service.keep_time(tx)


TICKS = (Tick("closings.keep_time", timedelta(seconds=1), keep_time),)
