# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import service as hooks


async def forget(database: Database) -> None:
    """Deliveries of more than a month ago."""
    async with database.write() as tx:
        await hooks.sweep(tx)


TICKS = (Tick("hooks.forget", timedelta(hours=6), forget),)
