# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.plumbing.db import Db, Tx

from .models import AnswerRow


async def claim(tx: Tx, asker: str, key: str, fingerprint: bytes) -> bool:
    """Whether the key is new. Another transaction with the same key is waited for."""
    statement = (
        insert(AnswerRow)
        .values(asker=asker, key=key, fingerprint=fingerprint, at=tx.now)
        .on_conflict_do_nothing(index_elements=["asker", "key"])
        .returning(AnswerRow.key)
    )
    return (await tx.session.execute(statement)).first() is not None


async def there(tx: Tx, asker: str, key: str) -> tuple[bytes, int, bytes]:
    """The fingerprint, status and body kept under a key."""
    statement = select(AnswerRow.fingerprint, AnswerRow.status, AnswerRow.body).where(
        AnswerRow.asker == asker, AnswerRow.key == key
    )
    row = (await tx.session.execute(statement)).one()
    return row[0], row[1], row[2]


async def is_there(db: Db, asker: str, key: str) -> bool:
    found = select(AnswerRow.key).where(AnswerRow.asker == asker, AnswerRow.key == key)
    return (await db.session.execute(found)).first() is not None


async def keep(tx: Tx, asker: str, key: str, status: int, body: bytes) -> None:
    await tx.session.execute(
        update(AnswerRow)
        .where(AnswerRow.asker == asker, AnswerRow.key == key)
        .values(status=status, body=body)
        .execution_options(synchronize_session=False)
    )


async def forget(tx: Tx, before: datetime) -> None:
    await tx.session.execute(delete(AnswerRow).where(AnswerRow.at < before))
