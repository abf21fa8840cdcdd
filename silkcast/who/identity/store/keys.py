# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import PasskeyId, UserId
from silkcast.plumbing.db import Db, Tx
from silkcast.who.identity.models import ChallengeRow, PasskeyRow
from silkcast.who.identity.values import Passkey

_FRESH: dict[str, Any] = {"populate_existing": True}


async def add_challenge(
    tx: Tx, challenge: bytes, browser_hash: bytes, user: UserId | None, ends_at: datetime
) -> None:
    tx.session.add(
        ChallengeRow(challenge=challenge, browser_hash=browser_hash, user_id=user, ends_at=ends_at)
    )
    await tx.session.flush()


async def take_challenge(tx: Tx, challenge: bytes, browser_hash: bytes, user: UserId | None) -> bool:
    """Whether this browser was asked for it and has not answered yet. It is gone with that."""
    statement = delete(ChallengeRow).where(
        ChallengeRow.challenge == challenge,
        ChallengeRow.browser_hash == browser_hash,
        ChallengeRow.user_id.is_not_distinct_from(user),
        ChallengeRow.ends_at > tx.now,
    )
    taken = await tx.session.execute(
        statement.returning(ChallengeRow.challenge).execution_options(synchronize_session=False)
    )
    return taken.first() is not None


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=PasskeyId(row.id),
        user=UserId(row.user_id),
        name=row.name,
        made_at=row.made_at,
        used_at=row.used_at,
        is_copied=row.copied_at is not None,
    )


async def add_passkey(tx: Tx, **columns: Any) -> bool:
    """Whether nobody had it."""
    made = insert(PasskeyRow).values(**columns).on_conflict_do_nothing(index_elements=["credential"])
    return (await tx.session.execute(made.returning(PasskeyRow.id))).first() is not None


async def passkeys(db: Db, user: UserId) -> tuple[Passkey, ...]:
    asked = select(PasskeyRow).where(PasskeyRow.user_id == user).order_by(PasskeyRow.made_at)
    return tuple(_passkey(row) for row in await db.session.scalars(asked.execution_options(**_FRESH)))


async def credentials(db: Db, user: UserId) -> Sequence[PasskeyRow]:
    asked = select(PasskeyRow).where(PasskeyRow.user_id == user)
    return (await db.session.scalars(asked.execution_options(**_FRESH))).all()


async def passkey_row(tx: Tx, credential: bytes) -> PasskeyRow | None:
    """A passkey by its credential, and nobody else at it until this transaction ends."""
    asked = select(PasskeyRow).where(PasskeyRow.credential == credential).with_for_update()
    return (await tx.session.scalars(asked.execution_options(**_FRESH))).first()


async def change_passkey(tx: Tx, id: PasskeyId, user: UserId, **columns: Any) -> bool:
    statement = (
        update(PasskeyRow).where(PasskeyRow.id == id, PasskeyRow.user_id == user).values(**columns)
    ).returning(PasskeyRow.id)
    changed = await tx.session.execute(statement.execution_options(synchronize_session=False))
    return changed.first() is not None


async def drop_passkey(tx: Tx, id: PasskeyId, user: UserId) -> bool:
    statement = delete(PasskeyRow).where(PasskeyRow.id == id, PasskeyRow.user_id == user)
    return (await tx.session.execute(statement.returning(PasskeyRow.id))).first() is not None
