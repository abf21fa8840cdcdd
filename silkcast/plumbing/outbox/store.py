# SPDX-License-Identifier: Apache-2.0
"""Outbox statements: which (event, reaction) is due, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from silkcast.plumbing.db import Db, Tx


@dataclass(frozen=True, slots=True)
class Due:
    """One event on its way to one reaction, locked by us."""

    event_id: UUID
    reaction: str
    attempts: int
    name: str
    body: Any


# Fan-out: an event without deliveries yet gets one for each reaction that answers it. `fanned_out` moves
# under a row lock, so two relays cannot both do it, and the primary key would stop the second one anyway.
_FAN_OUT = text("""
WITH taken AS (
    SELECT id, name FROM outbox.event
    WHERE NOT fanned_out ORDER BY seq LIMIT :limit FOR UPDATE SKIP LOCKED
), marked AS (
    UPDATE outbox.event SET fanned_out = true WHERE id IN (SELECT id FROM taken)
)
INSERT INTO outbox.delivery (event_id, reaction, state, attempts, due_at, error, reason)
SELECT taken.id, wanted.reaction, 'waiting', 0, :now, '', ''
FROM taken
JOIN unnest(CAST(:names AS text[]), CAST(:reactions AS text[])) AS wanted (name, reaction) USING (name)
ON CONFLICT DO NOTHING
""")

_ANY_NEW = text("SELECT EXISTS (SELECT 1 FROM outbox.event WHERE NOT fanned_out)")

_DUE = text("""
SELECT event_id, reaction FROM outbox.delivery
WHERE state = 'waiting' AND due_at <= :now AND reaction = ANY(:reactions)
ORDER BY due_at, event_id LIMIT :limit
""")

_LOCK = text("""
SELECT d.event_id, d.reaction, d.attempts, e.name, e.body
FROM outbox.delivery d JOIN outbox.event e ON e.id = d.event_id
WHERE d.event_id = :event_id AND d.reaction = :reaction AND d.state = 'waiting' AND d.due_at <= :now
FOR UPDATE OF d SKIP LOCKED
""")

_DONE = text("""
UPDATE outbox.delivery SET state = 'done', attempts = attempts + 1, ended_at = :now, error = ''
WHERE event_id = :event_id AND reaction = :reaction
""")

_FAILED = text("""
UPDATE outbox.delivery SET attempts = attempts + 1, error = :error, due_at = :due_at,
    state = CASE WHEN attempts + 1 >= :most THEN 'failed' ELSE 'waiting' END
WHERE event_id = :event_id AND reaction = :reaction AND state = 'waiting'
RETURNING state
""")

_ATTEMPTS = text("""
SELECT attempts FROM outbox.delivery WHERE event_id = :event_id AND reaction = :reaction
""")

_LIST_FAILED = text("""
SELECT d.event_id, d.reaction, d.attempts, d.error, e.name, e.announced_at
FROM outbox.delivery d JOIN outbox.event e ON e.id = d.event_id
WHERE d.state = 'failed' ORDER BY e.seq DESC LIMIT :limit
""")

_RETRY = text("""
UPDATE outbox.delivery SET state = 'waiting', attempts = 0, due_at = :now
WHERE event_id = :event_id AND reaction = :reaction AND state = 'failed' RETURNING 1
""")

_DROP = text("""
UPDATE outbox.delivery SET state = 'dropped', reason = :reason, ended_at = :now
WHERE event_id = :event_id AND reaction = :reaction AND state = 'failed' RETURNING 1
""")

_SWEEP = text("""
DELETE FROM outbox.event e WHERE e.fanned_out AND e.announced_at < :before AND NOT EXISTS (
    SELECT 1 FROM outbox.delivery d WHERE d.event_id = e.id AND d.state IN ('waiting', 'failed')
)
""")

_LAG = text("""
SELECT min(at) FROM (
    SELECT min(announced_at) AS at FROM outbox.event WHERE NOT fanned_out
    UNION ALL
    SELECT min(due_at) FROM outbox.delivery WHERE state = 'waiting' AND due_at <= :now
) waiting
""")

_COUNT_FAILED = text("SELECT count(*) FROM outbox.delivery WHERE state = 'failed'")


async def fan_out(tx: Tx, reactions_by_event: Mapping[str, Collection[str]], *, limit: int) -> bool:
    """Give new events a delivery for each reaction; False when there were no new ones."""
    if not (await tx.session.execute(_ANY_NEW)).scalar_one():
        return False
    pairs = [(name, reaction) for name, names in reactions_by_event.items() for reaction in names]
    values = {
        "now": tx.now,
        "limit": limit,
        "names": [pair[0] for pair in pairs],
        "reactions": [pair[1] for pair in pairs],
    }
    await tx.session.execute(_FAN_OUT, values)
    return True


async def due(db: Db, reactions: Collection[str], *, limit: int) -> list[tuple[UUID, str]]:
    """(event, reaction) that wait and whose time has come, those that have waited longest first."""
    found = await db.session.execute(_DUE, {"now": db.now, "reactions": list(reactions), "limit": limit})
    return [(row.event_id, row.reaction) for row in found]


async def lock(tx: Tx, event_id: UUID, reaction: str) -> Due | None:
    """Take one to run it now; None when another relay has it or has done it."""
    values = {"event_id": event_id, "reaction": reaction, "now": tx.now}
    row = (await tx.session.execute(_LOCK, values)).one_or_none()
    return Due(row.event_id, row.reaction, row.attempts, row.name, row.body) if row else None


async def mark_done(tx: Tx, event_id: UUID, reaction: str) -> None:
    await tx.session.execute(_DONE, {"event_id": event_id, "reaction": reaction, "now": tx.now})


async def mark_failed(
    tx: Tx, event_id: UUID, reaction: str, *, error: str, pause: timedelta, most: int
) -> str | None:
    """Count the failure; the state it is in now: waiting, or failed for good."""
    values = {
        "event_id": event_id,
        "reaction": reaction,
        "error": error,
        "due_at": tx.now + pause,
        "most": most,
    }
    return (await tx.session.execute(_FAILED, values)).scalar_one_or_none()


async def attempts(db: Db, event_id: UUID, reaction: str) -> int:
    values = {"event_id": event_id, "reaction": reaction}
    found: int = (await db.session.execute(_ATTEMPTS, values)).scalar_one()
    return found


async def list_failed(db: Db, limit: int) -> list[Any]:
    return list((await db.session.execute(_LIST_FAILED, {"limit": limit})).all())


async def retry(tx: Tx, event_id: UUID, reaction: str) -> bool:
    values = {"event_id": event_id, "reaction": reaction, "now": tx.now}
    return (await tx.session.execute(_RETRY, values)).scalar_one_or_none() is not None


async def drop(tx: Tx, event_id: UUID, reaction: str, reason: str) -> bool:
    values = {"event_id": event_id, "reaction": reaction, "now": tx.now, "reason": reason}
    return (await tx.session.execute(_DROP, values)).scalar_one_or_none() is not None


async def sweep(tx: Tx, before: datetime) -> int:
    """Remove events announced before then whose reactions have all ended."""
    result = await tx.session.execute(_SWEEP, {"before": before})
    return int(result.rowcount)  # type: ignore[attr-defined]


async def oldest_waiting(db: Db) -> datetime | None:
    found: datetime | None = (await db.session.execute(_LAG, {"now": db.now})).scalar_one()
    return found


async def count_failed(db: Db) -> int:
    found: int = (await db.session.execute(_COUNT_FAILED)).scalar_one()
    return found
