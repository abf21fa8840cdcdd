# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Db, Tx

from . import store
from .values import Entry


async def record(
    tx: Tx, verb: str, object_kind: str, object_id: object, **facts: str | int | bool | None
) -> None:
    """Write down what the actor of this transaction does, in this transaction."""
    entry = Entry(new_uuid(), tx.now, tx.actor.kind, tx.actor.id, verb, object_kind, str(object_id), facts)
    await store.add(tx, entry)


async def entries(
    db: Db,
    *,
    verb: str | None = None,
    object_id: str | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Entry]:
    """The newest first; `verb` by its beginning; go on with `before` = (at, id) of the last one seen."""
    return await store.several(db, verb=verb, object_id=object_id, before=before, limit=limit)
