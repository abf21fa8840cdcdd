# SPDX-License-Identifier: Apache-2.0
"""What deals does by the clock."""

from __future__ import annotations

from datetime import timedelta

import structlog

from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import service

log = structlog.get_logger()


async def by_the_clock(database: Database) -> None:
    """Launch what is due, end what is over, give what nobody paid to the next in line, close what is done."""
    async with database.read() as db:
        planned, over = await service.due(db)
        overdue = await service.overdue_lanes(db)
        unsettled = await service.unsettled(db)
    for deal in planned:
        try:
            async with database.write() as tx:
                await service.launch(tx, deal.id, deal.seller)
        except Refusal as refusal:  # sold out meanwhile, or another one runs
            log.warning("deals.not_launched", deal=str(deal.id), refusal_code=refusal.code)
            async with database.write() as tx:
                await service.end(tx, deal.id, "by_hand")
    for deal in over:
        async with database.write() as tx:
            await service.end(tx, deal.id, "time")
    for lane in overdue:
        async with database.write() as tx:
            await service.expire(tx, lane)
    for deal in unsettled:
        async with database.write() as tx:
            await service.settle(tx, deal)


TICKS = (Tick("deals.by_the_clock", timedelta(seconds=1), by_the_clock),)
