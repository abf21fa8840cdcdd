# SPDX-License-Identifier: Apache-2.0
"""Claims that were handed over by a link, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import UserId
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.deals.models import ClaimRow, HandedRow
from silkcast.stage.deals.values import Claim, LaneId


async def add(tx: Tx, claim: Claim, buyer: UUID) -> None:
    """The first one keeps it; a second one waits for the first to commit, and changes nothing."""
    row = {"lane": claim.lane, "number": claim.number, "buyer": buyer, "at": tx.now}
    await tx.session.execute(insert(HandedRow).values(**row).on_conflict_do_nothing())


async def taker(db: Db, claim: Claim) -> UUID | None:
    asked = select(HandedRow.buyer).where(HandedRow.lane == claim.lane, HandedRow.number == claim.number)
    return (await db.session.execute(asked)).scalar_one_or_none()


async def know_user(tx: Tx, claim: Claim, user: UserId) -> None:
    await tx.session.execute(
        update(ClaimRow)
        .where(ClaimRow.lane == claim.lane, ClaimRow.number == claim.number)
        .values(user_id=user)
        .execution_options(synchronize_session=False)
    )


async def taken_by(db: Db, lanes: Sequence[LaneId], buyer: UUID) -> list[tuple[LaneId, int]]:
    """Which claims of some lanes somebody took over."""
    asked = select(HandedRow.lane, HandedRow.number).where(
        HandedRow.buyer == buyer, HandedRow.lane.in_(lanes)
    )
    return [(LaneId(lane), number) for lane, number in await db.session.execute(asked)]


async def taken_among(db: Db, names: Collection[tuple[LaneId, int]]) -> set[tuple[LaneId, int]]:
    asked = select(HandedRow.lane, HandedRow.number).where(
        tuple_(HandedRow.lane, HandedRow.number).in_(names)
    )
    return {(LaneId(lane), number) for lane, number in await db.session.execute(asked)}
