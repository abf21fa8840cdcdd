# SPDX-License-Identifier: Apache-2.0
"""What the desk does with jobs: see those that failed, try one again, drop one with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import msgspec

from silkcast.ground.refusals import Invalid, NotFound
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.plumbing.jobs import store
from silkcast.plumbing.jobs.values import FailedJob, QueueState


@dataclass(eq=False)
class NoFailedJob(NotFound):
    """It is not among the failed ones: never was, or somebody has seen to it."""

    code: ClassVar[str] = "jobs.no_failed_job"


@dataclass(eq=False)
class ReasonMissing(Invalid):
    """What is dropped is dropped for a reason."""

    code: ClassVar[str] = "jobs.reason_missing"


async def failed(db: Db, *, limit: int = 100) -> list[FailedJob]:
    """Parked jobs, the latest failure first."""
    return await store.list_failed(db, limit)


async def retry(tx: Tx, job_id: int) -> None:
    """Give it all its attempts again, from now."""
    if not await store.is_failed(tx, job_id):
        raise NoFailedJob
    await store.requeue(tx, job_id)


async def drop(tx: Tx, job_id: int, *, reason: str) -> None:
    """Give it up, and say why; the reason stays in the queue's log."""
    if not reason.strip():
        raise ReasonMissing
    if not await store.is_failed(tx, job_id):
        raise NoFailedJob
    note = {"dropped": reason.strip(), "by": str(tx.actor.id or tx.actor.kind)}
    await store.drop(tx, job_id, msgspec.json.encode(note).decode())


async def state(db: Db) -> QueueState:
    """How the queue stands now."""
    rows = {row.status: row for row in await store.counts(db)}
    due = rows.get("queued")
    return QueueState(
        due=due.n if due else 0,
        running=rows["picked"].n if "picked" in rows else 0,
        failed=rows["failed"].n if "failed" in rows else 0,
        lag=max(db.now - due.oldest, timedelta(0)) if due else timedelta(0),
    )


async def sweep(database: Database, *, keep: timedelta = timedelta(days=14)) -> None:
    """Forget what the queue's log says of longer ago than `keep`."""
    async with database.write() as tx:
        await store.sweep_log(tx, tx.now - keep)
