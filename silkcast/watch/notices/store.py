# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import case, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from silkcast.ground.ids import NoticeId, SellerId, UserId
from silkcast.plumbing.db import Db, Tx

from .models import FollowerRow, NoticeRow
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


async def follow(tx: Tx, seller: SellerId, user: UserId, market: str) -> None:
    statement = insert(FollowerRow).values(seller_id=seller, user_id=user, market=market, agreed_at=tx.now)
    await tx.session.execute(
        statement.on_conflict_do_update(index_elements=["seller_id", "user_id"], set_={"market": market})
    )


async def unfollow(tx: Tx, user: UserId, seller: SellerId | None) -> None:
    statement = delete(FollowerRow).where(FollowerRow.user_id == user)
    if seller is not None:
        statement = statement.where(FollowerRow.seller_id == seller)
    await tx.session.execute(statement.execution_options(synchronize_session=False))


async def followers_in(db: Db, market: str, after: UUID | None, limit: int) -> list[tuple[UUID, UUID]]:
    """(user, a shop they follow), one line a user, by their ids."""
    asked = select(FollowerRow.user_id, FollowerRow.seller_id).where(FollowerRow.market == market)
    if after is not None:
        asked = asked.where(FollowerRow.user_id > after)
    asked = asked.ext(distinct_on(FollowerRow.user_id))
    rows = await db.session.execute(asked.order_by(FollowerRow.user_id, FollowerRow.agreed_at).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def count_followers(db: Db, seller: SellerId) -> int:
    asked = select(func.count()).select_from(FollowerRow).where(FollowerRow.seller_id == seller)
    return int((await db.session.execute(asked)).scalar_one())


async def is_following(db: Db, seller: SellerId, user: UserId) -> bool:
    asked = select(FollowerRow.user_id).where(FollowerRow.seller_id == seller, FollowerRow.user_id == user)
    return (await db.session.execute(asked)).first() is not None
