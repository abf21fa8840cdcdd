# SPDX-License-Identifier: Apache-2.0
"""The queue's statements: pgqueuer's own where it has them, on our transaction and by our clock."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.queue import by_clock, statements
from silkcast.plumbing.jobs.values import ClaimedJob, FailedJob

# A key is unique while its job waits. pgqueuer keeps it while the job runs, too, and would swallow what is
# wanted meanwhile; so the key is let go as the job starts. Attempts count from the start of each: a job
# that takes the whole process down counts as well.
_STARTED = text("""
UPDATE jobs.queue SET dedupe_key = NULL, attempts = attempts + 1 WHERE id = ANY(:ids)
""")

_BEAT = text("UPDATE jobs.queue SET heartbeat = :now WHERE id = ANY(:ids) AND queue_manager_id = :runner")

_AGAIN = text("""
UPDATE jobs.queue SET status = 'queued', queue_manager_id = NULL, execute_after = :at, updated = :now,
    attempts = :attempts, headers = jsonb_build_object('error', CAST(:error AS text))
WHERE id = :id AND queue_manager_id = :runner
""")

_PARK = text("""
UPDATE jobs.queue SET headers = jsonb_build_object('error', CAST(:error AS text)) WHERE id = :id
""")

_FAILED = text("""
SELECT id, entrypoint, attempts, created, updated, coalesce(headers->>'error', '') AS error
FROM jobs.queue WHERE status = 'failed' ORDER BY updated DESC, id DESC LIMIT :limit
""")

_IS_FAILED = text("SELECT 1 FROM jobs.queue WHERE id = :id AND status = 'failed' FOR UPDATE")

_COUNTS = text("""
SELECT status::text AS status, count(*) AS n, min(execute_after) AS oldest FROM jobs.queue
WHERE status <> 'queued' OR execute_after <= :now GROUP BY status
""")

_SWEEP = text("DELETE FROM jobs.log WHERE created < :before")

_TICK_BEGAN = text("""
INSERT INTO jobs.tick (name, began_at, error) VALUES (:name, :now, '')
ON CONFLICT (name) DO UPDATE SET began_at = :now, ended_at = NULL
WHERE jobs.tick.began_at <= :due RETURNING 1
""")

_TICK_ENDED = text("UPDATE jobs.tick SET ended_at = :now, error = :error WHERE name = :name")

_TRY_LOCK = text("SELECT pg_try_advisory_lock(hashtextextended('silkcast tick ' || :name, 0))")
_UNLOCK = text("SELECT pg_advisory_unlock(hashtextextended('silkcast tick ' || :name, 0))")
TRY_LOCK, UNLOCK = _TRY_LOCK, _UNLOCK
"""For the connection that holds a tick's lock while it runs; it is in no transaction."""


async def _native(tx: Tx, statement: str, *values: Any) -> list[Any]:
    connection = await tx.session.connection()
    result = await connection.exec_driver_sql(statement, values)
    return list(result.mappings()) if result.returns_rows else []


async def claim(
    tx: Tx, names: Collection[str], runner: UUID, *, limit: int, lost_after: timedelta
) -> list[ClaimedJob]:
    """Take jobs that are due, and those whose runner has not been heard of for `lost_after`."""
    from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId  # large, see db/queue.py

    query = statements().build_dequeue_query(
        batch_size=limit,
        entrypoints=[QueueEntrypoint(name) for name in names],
        concurrency_limits=[0 for _ in names],
        queue_manager_id=QueueManagerId(runner),
        global_concurrency_limit=None,
        heartbeat_timeout=lost_after,
    )
    # "due" is strictly before now in its statement
    now = tx.now + timedelta(milliseconds=1)
    rows = await _native(tx, by_clock(query.sql, len(query.args) + 1), *query.args, now)
    if rows:
        await tx.session.execute(_STARTED, {"ids": [row["id"] for row in rows]})
    return [ClaimedJob(row["id"], row["entrypoint"], row["payload"], row["attempts"] + 1) for row in rows]


async def heartbeat(tx: Tx, ids: Collection[int], runner: UUID) -> None:
    await tx.session.execute(_BEAT, {"ids": list(ids), "runner": runner, "now": tx.now})


async def _log(tx: Tx, job_id: int, status: str, note: str | None) -> None:
    statement = by_clock(statements().build_log_job_query(), 4)
    await _native(tx, statement, [job_id], [status], [note], tx.now)


async def mark_done(tx: Tx, job_id: int) -> None:
    await _log(tx, job_id, "successful", None)


async def mark_again(
    tx: Tx, job: ClaimedJob, runner: UUID, *, at: datetime, attempts: int, error: str
) -> None:
    """Back to the queue, not before `at`."""
    values = {"id": job.id, "at": at, "now": tx.now, "attempts": attempts, "error": error, "runner": runner}
    await tx.session.execute(_AGAIN, values)


async def mark_failed(tx: Tx, job_id: int, error: str) -> None:
    """Parked for the desk, with the class of the error and nothing else of it."""
    await _log(tx, job_id, "failed", None)
    await tx.session.execute(_PARK, {"id": job_id, "error": error})


async def list_failed(db: Db, limit: int) -> list[FailedJob]:
    rows = await db.session.execute(_FAILED, {"limit": limit})
    return [
        FailedJob(row.id, row.entrypoint, row.attempts, row.error, row.created, row.updated) for row in rows
    ]


async def is_failed(tx: Tx, job_id: int) -> bool:
    return (await tx.session.execute(_IS_FAILED, {"id": job_id})).scalar_one_or_none() is not None


async def requeue(tx: Tx, job_id: int) -> None:
    await _native(tx, by_clock(statements().build_requeue_jobs_query(), 2), [job_id], tx.now)


async def drop(tx: Tx, job_id: int, note: str) -> None:
    await _log(tx, job_id, "deleted", note)


async def counts(db: Db) -> list[Any]:
    return list((await db.session.execute(_COUNTS, {"now": db.now})).all())


async def sweep_log(tx: Tx, before: datetime) -> None:
    await tx.session.execute(_SWEEP, {"before": before})


async def tick_began(tx: Tx, name: str, every: timedelta) -> bool:
    """True when it is this tick's time, and then it has begun."""
    values = {"name": name, "now": tx.now, "due": tx.now - every}
    return (await tx.session.execute(_TICK_BEGAN, values)).scalar_one_or_none() is not None


async def tick_ended(tx: Tx, name: str, error: str) -> None:
    await tx.session.execute(_TICK_ENDED, {"name": name, "now": tx.now, "error": error})
