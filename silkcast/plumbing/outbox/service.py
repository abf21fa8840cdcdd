# SPDX-License-Identifier: Apache-2.0
"""What the desk does with events whose reaction failed for good: see them, try again, drop with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from silkcast.ground.refusals import Invalid, NotFound
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.plumbing.outbox import store


@dataclass(frozen=True, slots=True)
class FailedReaction:
    """An event that a reaction did not take. `error` is the class of what it raised."""

    event_id: UUID
    reaction: str
    event: str
    announced_at: datetime
    attempts: int
    error: str


@dataclass(eq=False)
class NoFailedReaction(NotFound):
    """It is not among the failed ones: never was, or somebody has seen to it."""

    code: ClassVar[str] = "outbox.no_failed_reaction"


@dataclass(eq=False)
class ReasonMissing(Invalid):
    """What is dropped is dropped for a reason."""

    code: ClassVar[str] = "outbox.reason_missing"


async def failed(db: Db, *, limit: int = 100) -> list[FailedReaction]:
    """Parked reactions, the newest event first."""
    return [
        FailedReaction(row.event_id, row.reaction, row.name, row.announced_at, row.attempts, row.error)
        for row in await store.list_failed(db, limit)
    ]


async def retry(tx: Tx, event_id: UUID, reaction: str) -> None:
    """Give it all its attempts again, from now."""
    if not await store.retry(tx, event_id, reaction):
        raise NoFailedReaction


async def drop(tx: Tx, event_id: UUID, reaction: str, *, reason: str) -> None:
    """Give it up, and say why."""
    if not reason.strip():
        raise ReasonMissing
    if not await store.drop(tx, event_id, reaction, reason.strip()):
        raise NoFailedReaction


async def lag(db: Db) -> timedelta:
    """How long the longest waiting event has been due."""
    oldest = await store.oldest_waiting(db)
    return max(db.now - oldest, timedelta(0)) if oldest else timedelta(0)


async def count_failed(db: Db) -> int:
    return await store.count_failed(db)


async def sweep(database: Database, *, keep: timedelta = timedelta(days=30)) -> int:
    """Forget events older than `keep` whose reactions have all ended."""
    async with database.write() as tx:
        return await store.sweep(tx, tx.now - keep)
