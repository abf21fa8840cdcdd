# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import case, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import NoticeId
from silkcast.plumbing.db import Db, Tx

from .models import NoticeRow
from .values import CODES, Kind, Notice, NoticeState


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        id=NoticeId(row.id),
        kind=cast(Kind, row.kind),
        language=row.language,
        about=row.about,
        state=cast(NoticeState, row.state),
        created_at=row.created_at,
        sent_at=row.sent_at,
    )


async def add(tx: Tx, notice: Notice, *, key: str, sealed: str) -> bool:
    """Whether it is new: the same key twice adds one."""
    statement = (
        insert(NoticeRow)
        .values(
            id=notice.id,
            key=key,
            kind=notice.kind,
            language=notice.language,
            about=notice.about,
            sealed=sealed,
            created_at=notice.created_at,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(NoticeRow.id)
    )
    return (await tx.session.execute(statement)).first() is not None


async def sealed(db: Db, notice: NoticeId, *, no_codes_before: datetime) -> tuple[str, NoticeState] | None:
    """What is in a letter, and how it stands; nothing is in a code's that is old."""
    is_over = NoticeRow.kind.in_(CODES) & (NoticeRow.created_at <= no_codes_before)
    kept = case((is_over, ""), else_=NoticeRow.sealed)
    found = (await db.session.execute(select(kept, NoticeRow.state).where(NoticeRow.id == notice))).first()
    return (found[0], cast(NoticeState, found[1])) if found else None


async def note(tx: Tx, notice: NoticeId, state: NoticeState, at: datetime) -> None:
    await tx.session.execute(
        update(NoticeRow)
        .where(NoticeRow.id == notice)
        .values(state=state, sent_at=at if state == "sent" else None)
        .execution_options(synchronize_session=False)
    )
    forgotten = update(NoticeRow).where(NoticeRow.id == notice, NoticeRow.kind.in_(CODES))
    await tx.session.execute(forgotten.values(sealed="").execution_options(synchronize_session=False))


async def erase(tx: Tx, about: UUID) -> None:
    unsent = update(NoticeRow).where(NoticeRow.about == about, NoticeRow.state != "sent")
    await tx.session.execute(unsent.values(state="erased").execution_options(synchronize_session=False))
    statement = update(NoticeRow).where(NoticeRow.about == about).values(sealed="")
    await tx.session.execute(statement.execution_options(synchronize_session=False))


async def several(
    db: Db, *, about: UUID | None, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Notice]:
    statement = select(NoticeRow).order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc()).limit(limit)
    if about is not None:
        statement = statement.where(NoticeRow.about == about)
    if before is not None:
        statement = statement.where(tuple_(NoticeRow.created_at, NoticeRow.id) < before)
    return [_notice(row) for row in await db.session.scalars(statement)]
