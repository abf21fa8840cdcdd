# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from silkcast.plumbing.db import Db, Tx

from .models import EntryRow
from .values import Entry


async def add(tx: Tx, entry: Entry) -> None:
    tx.session.add(
        EntryRow(
            id=entry.id,
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor_id=entry.actor,
            verb=entry.verb,
            object_kind=entry.object_kind,
            object_id=entry.object_id,
            facts=dict(entry.facts),
        )
    )
    await tx.session.flush()


async def several(
    db: Db,
    *,
    verb: str | None,
    object_id: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Entry]:
    statement = select(EntryRow).order_by(EntryRow.at.desc(), EntryRow.id.desc()).limit(limit)
    if verb is not None:
        statement = statement.where(EntryRow.verb.startswith(verb, autoescape=True))
    if object_id is not None:
        statement = statement.where(EntryRow.object_id == object_id)
    if before is not None:
        statement = statement.where(tuple_(EntryRow.at, EntryRow.id) < before)
    return [
        Entry(
            row.id,
            row.at,
            row.actor_kind,
            row.actor_id,
            row.verb,
            row.object_kind,
            row.object_id,
            row.facts,
        )
        for row in await db.session.scalars(statement)
    ]
