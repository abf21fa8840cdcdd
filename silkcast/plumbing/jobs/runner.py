# SPDX-License-Identifier: Apache-2.0
"""The runner: takes jobs from the queue and runs them, outside any transaction.

pgqueuer keeps the queue; its own loop is not used, since it takes a cancelled job out of the queue and
writes the text of errors into a table. Here a job cut short by our stopping goes back as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import structlog

from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import AWAY, Database, Tx
from silkcast.plumbing.db.queue import statements
from silkcast.plumbing.jobs import store
from silkcast.plumbing.jobs.job import Job
from silkcast.plumbing.jobs.values import ClaimedJob
from silkcast.plumbing.pauses import pause_after

log = structlog.get_logger(__name__)


class JobCrashed(Exception):
    """The job took its process down, or was lost with it, as often as it may be tried."""


class Runner:
    """Runs beside the site until cancelled. Any number of runners may run on one database."""

    def __init__(
        self,
        database: Database,
        jobs: Iterable[Job],
        *,
        at_once: int = 4,
        poll: timedelta = timedelta(seconds=1),
        lost_after: timedelta = timedelta(seconds=60),
        pause: Callable[[int], timedelta] = pause_after,
    ) -> None:
        self._database = database
        self._jobs = {job.name: job for job in jobs}
        self._id = new_uuid()
        self._at_once = at_once
        self._poll = poll
        self._lost_after = lost_after
        self._pause = pause
        self._running: dict[int, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        database.after_commit(self._woken)

    async def run(self) -> None:
        """Run jobs for ever; woken by commits of this process that want some, else about every second."""
        await self._wait()
        await asyncio.to_thread(statements)  # takes a while the first time: not in the way of visitors
        async with asyncio.TaskGroup() as group:
            group.create_task(self._beat())
            while True:
                self._wake.clear()
                try:
                    if await self._start_due(group):
                        continue
                except AWAY as fault:
                    log.warning("jobs.database_away", error=type(fault).__name__)
                await self._wait()

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._poll.total_seconds()):
                await self._wake.wait()

    async def run_due(self) -> int:
        """Run what is due until nothing is, for tests and for seeding. How many jobs were tried."""
        tried = 0
        while True:
            async with asyncio.TaskGroup() as group:
                started = await self._start_due(group)
            if not started:
                return tried
            tried += started

    async def _start_due(self, group: asyncio.TaskGroup) -> int:
        free = self._at_once - len(self._running)
        if not free or not self._jobs:
            return 0
        async with self._database.write() as tx:
            claimed = await store.claim(tx, self._jobs, self._id, limit=free, lost_after=self._lost_after)
        started = 0
        for job in claimed:
            if job.id in self._running:
                continue  # our own heartbeat came late: it still runs here
            task = group.create_task(self._run_one(job))
            self._running[job.id] = task
            task.add_done_callback(partial(self._ended, job.id))
            started += 1
        return started

    async def _run_one(self, claimed: ClaimedJob) -> None:
        job = self._jobs[claimed.name]
        with structlog.contextvars.bound_contextvars(job=claimed.name, job_id=claimed.id):
            try:
                if claimed.attempts > job.retries + 1:
                    raise JobCrashed
                payload: Any = msgspec.json.decode(claimed.payload or b"null", type=job.payload)
                await job.run(self._database, payload)
            except asyncio.CancelledError:
                # we are stopping: give it back as it was, for whoever runs next
                await asyncio.shield(self._give_back(claimed))
                raise
            except Exception as failure:
                # whatever a job raises is its own; the others must still run
                await self._settle(claimed, job, failure)
            else:
                await self._settle(claimed, job, None)

    async def _settle(self, claimed: ClaimedJob, job: Job, failure: Exception | None) -> None:
        try:
            async with self._database.write() as tx:
                if failure is None:
                    await store.mark_done(tx, claimed.id)
                elif claimed.attempts > job.retries:
                    await store.mark_failed(tx, claimed.id, type(failure).__name__)
                else:
                    at = tx.now + self._pause(claimed.attempts)
                    await store.mark_again(
                        tx, claimed, self._id, at=at, attempts=claimed.attempts, error=type(failure).__name__
                    )
        except AWAY as fault:
            # it will be found lost and run again: at least once
            log.warning("jobs.not_marked", error=type(fault).__name__)
        if failure is not None:
            is_last = claimed.attempts > job.retries
            log.warning("jobs.failed", attempts=claimed.attempts, is_last=is_last, exc_info=failure)

    async def _give_back(self, claimed: ClaimedJob) -> None:
        with suppress(*AWAY):
            async with self._database.write() as tx:
                await store.mark_again(
                    tx, claimed, self._id, at=tx.now, attempts=claimed.attempts - 1, error=""
                )

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._lost_after.total_seconds() / 4)
            if self._running:
                with suppress(*AWAY):
                    async with self._database.write() as tx:
                        await store.heartbeat(tx, list(self._running), self._id)

    def _ended(self, job_id: int, _: asyncio.Task[None]) -> None:
        self._running.pop(job_id, None)
        self._wake.set()

    def _woken(self, tx: Tx) -> None:
        if tx.enqueued:
            self._wake.set()
