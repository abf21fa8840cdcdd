# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import store


async def forget_old(database: Database) -> None:
    """Sessions and codes that ended yesterday are of no use to anybody."""
    async with database.write() as tx:
        await store.forget_old(tx, tx.now - timedelta(days=1))


TICKS = (Tick("identity.forget_old", timedelta(hours=1), forget_old),)
