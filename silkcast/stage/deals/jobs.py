# SPDX-License-Identifier: Apache-2.0
"""What deals does by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog

from silkcast.ground.refusals import Refusal, Unavailable
from silkcast.plumbing.db import Database
from silkcast.plumbing.jobs import Tick

from . import service
from .values import Deal

REST_SECONDS = 0.2
"""After a whole portion."""
log = structlog.get_logger()


async def by_the_clock(database: Database) -> None:
    """Launch what is due, end what is over, close what is done."""
    async with database.read() as db:
        planned, over = await service.due(db)
        unsettled = await service.unsettled(db)
    for deal in planned:
        with _by_itself("launch", deal=deal.id):
            await _launch(database, deal)
    for deal in over:
        with _by_itself("end", deal=deal.id):
            async with database.write() as tx:
                await service.end(tx, deal.id, "time")
    for deal in unsettled:
        with _by_itself("settle", deal=deal.id):
            async with database.write() as tx:
                await service.settle(tx, deal)


async def expire(database: Database) -> None:
    """Give what nobody paid in time to the next in line: a portion of each lane, and again while there is
    more. A crowd that takes its claims at once does not pay at once either, and while a hundred thousand run
    out others claim: between two portions they have their turn."""
    while True:
        async with database.read() as db:
            overdue = await service.overdue_lanes(db)
        is_all = True
        for lane in overdue:
            closed = 0
            with _by_itself("expire", lane=lane):
                async with database.write() as tx:
                    closed = await service.expire(tx, lane)
            is_all = is_all and closed < service.PORTION
            await asyncio.sleep(REST_SECONDS * closed / service.PORTION)
        if is_all:
            return


async def _launch(database: Database, deal: Deal) -> None:
    try:
        async with database.write() as tx:
            await service.launch(tx, deal.id, deal.seller)
    except Unavailable:  # not the deal's fault: it is launched with a later tick
        raise
    except Refusal as refusal:  # sold out meanwhile, or another one runs
        log.warning("deals.not_launched", deal=str(deal.id), refusal_code=refusal.code)
        async with database.write() as tx:
            await service.end(tx, deal.id, "by_hand")


@contextmanager
def _by_itself(what: str, **which: object) -> Iterator[None]:
    """One that fails is tried again with the next tick, and stops no other. Without a database all wait."""
    try:
        yield
    except Unavailable:
        raise
    except Exception:
        log.exception("deals.clock_failed", what=what, **{name: str(id) for name, id in which.items()})


TICKS = (
    Tick("deals.expire", timedelta(seconds=1), expire),
    Tick("deals.by_the_clock", timedelta(seconds=1), by_the_clock),
)
