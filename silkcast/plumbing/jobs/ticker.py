# SPDX-License-Identifier: Apache-2.0
"""The ticker: runs each tick about as often as it says, by one process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog

from silkcast.plumbing.db import AWAY, Database
from silkcast.plumbing.jobs import store
from silkcast.plumbing.jobs.job import Tick

log = structlog.get_logger(__name__)


AT_ONCE = 5
"""Each takes two connections, and at the start all are due: more would leave none, for themselves either."""


class Ticker:
    """Runs beside the site until cancelled. Every process may have one: a lock in the database, which ends
    with its connection, keeps two of them from running the same tick."""

    def __init__(
        self, database: Database, ticks: Iterable[Tick], *, look_every: timedelta = timedelta(seconds=1)
    ) -> None:
        self._database = database
        self._ticks = {tick.name: tick for tick in ticks}
        self._look_every = look_every
        self._next: dict[str, datetime] = {}
        self._running: set[str] = set()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Tick for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                now = self._database.clock.now()
                for tick in self._ticks.values():
                    if tick.name not in self._running and self._next.get(tick.name, now) <= now:
                        self._next[tick.name] = now + min(tick.every, timedelta(minutes=1))
                        self._running.add(tick.name)
                        group.create_task(self._run_and_leave(tick))
                await asyncio.sleep(self._look_every.total_seconds())

    async def run_due(self) -> int:
        """Run each tick whose time has come, once, one after another, for tests. How many ran."""
        return sum([await self.run_tick(tick) for tick in self._ticks.values()])

    async def run_tick(self, tick: Tick) -> bool:
        """Run it if its time has come and nobody else is at it."""
        name = {"name": tick.name}
        async with self._database.engine.connect() as opened:
            connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
            if not (await connection.execute(store.TRY_LOCK, name)).scalar_one():
                return False
            try:
                ran = await self._begin_and_run(tick)
                await connection.execute(store.UNLOCK, name)
            except BaseException:
                # the lock ends with its connection, which may be in the middle of an answer
                await opened.invalidate()
                raise
            return ran

    async def _begin_and_run(self, tick: Tick) -> bool:
        async with self._database.write() as tx:
            if not await store.tick_began(tx, tick.name, tick.every):
                return False
        await self._run_one(tick)
        return True

    async def _run_and_leave(self, tick: Tick) -> None:
        try:
            async with self._turns:
                await self.run_tick(tick)
        except AWAY as fault:
            log.warning("ticks.database_away", tick=tick.name, error=type(fault).__name__)
        finally:
            self._running.discard(tick.name)

    async def _run_one(self, tick: Tick) -> None:
        error = ""
        with structlog.contextvars.bound_contextvars(tick=tick.name):
            try:
                await tick.run(self._database)
            except Exception as failure:
                # a tick that fails is due again at its next time; the others must still run
                error = type(failure).__name__
                log.warning("ticks.failed", exc_info=failure)
        async with self._database.write() as tx:
            await store.tick_ended(tx, tick.name, error)
