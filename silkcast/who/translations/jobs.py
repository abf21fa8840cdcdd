# SPDX-License-Identifier: Apache-2.0
"""What translations does by the clock."""

from __future__ import annotations

from datetime import timedelta

from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import store

KEPT = timedelta(days=90)


async def forget_old(database: Database) -> None:
    """What nobody read for ninety days: chat is people's speech."""
    async with database.write() as tx:
        await store.forget(tx, tx.now - KEPT)


TICKS = (Tick("translations.forget_old", timedelta(hours=6), forget_old),)
