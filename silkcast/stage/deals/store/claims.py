# SPDX-License-Identifier: Apache-2.0
"""Claims in PostgreSQL, one by one. Who changes them has locked their lanes; batches are in `batches`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    bindparam,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)

from silkcast.ground.ids import DealId, OrderId, TermsId, UserId
from silkcast.plumbing.db import Db, Tx, array_of
from silkcast.stage.deals.functions import COUNTING
from silkcast.stage.deals.models import UNCLOSED, ClaimRow, LaneRow, MoveRow, PersonRow
from silkcast.stage.deals.values import Claim, ClaimState, LaneId, Moved, Outcome, keys_of


def _claim(row: Any) -> Claim:
    return claim_of(*row)


def claim_of(
    lane: int,
    number: int,
    buyer: UUID,
    user: UUID | None,
    units: int,
    outcome: Outcome,
    place: int,
    state: ClaimState,
    order: UUID | None,
    terms: UUID,
    until: datetime | None,
    at: datetime,
) -> Claim:
    whose, placed = UserId(user) if user else None, OrderId(order) if order else None
    return Claim(
        LaneId(lane), number, buyer, whose, units, outcome, place, state, placed, TermsId(terms), until, at
    )


_CLAIM = (
    ClaimRow.lane,
    ClaimRow.number,
    ClaimRow.buyer,
    ClaimRow.user_id,
    ClaimRow.units,
    ClaimRow.outcome,
    ClaimRow.place,
    ClaimRow.state,
    ClaimRow.order_id,
    ClaimRow.terms,
    ClaimRow.until,
    ClaimRow.at,
)


async def claim(db: Db, lane: LaneId, number: int) -> Claim | None:
    asked = select(*_CLAIM).where(ClaimRow.lane == lane, ClaimRow.number == number)
    row = (await db.session.execute(asked)).one_or_none()
    return _claim(row) if row else None


async def claim_of_order(db: Db, order: OrderId) -> Claim | None:
    asked = select(*_CLAIM).where(ClaimRow.order_id == order, ClaimRow.state.in_(("whole", "paid")))
    row = (await db.session.execute(asked)).one_or_none()
    return _claim(row) if row else None


async def open_claim_of(db: Db, order: OrderId) -> Claim | None:
    asked = select(*_CLAIM).where(ClaimRow.order_id == order, text("claims.state = 'open'"))
    row = (await db.session.execute(asked)).one_or_none()
    return _claim(row) if row else None


async def claims(db: Db, lane: LaneId, after: int, limit: int) -> list[Claim]:
    asked = select(*_CLAIM).where(ClaimRow.lane == lane, ClaimRow.number > after)
    rows = await db.session.execute(asked.order_by(ClaimRow.number).limit(limit))
    return [_claim(row) for row in rows]


async def claims_of(db: Db, deal: DealId, buyer: UUID) -> list[Claim]:
    """What a buyer has or waits for."""
    asked = select(*_CLAIM).where(
        ClaimRow.key.between(*keys_of(deal, buyer)), ClaimRow.buyer == buyer, ClaimRow.state.in_(COUNTING)
    )
    return [_claim(row) for row in await db.session.execute(asked.order_by(ClaimRow.at))]


async def named(db: Db, names: Collection[tuple[LaneId, int]]) -> dict[tuple[LaneId, int], Claim]:
    asked = select(*_CLAIM).where(tuple_(ClaimRow.lane, ClaimRow.number).in_(names))
    found = [_claim(row) for row in await db.session.execute(asked)]
    return {(claim.lane, claim.number): claim for claim in found}


async def waiting(tx: Tx, lane: LaneId, *, most: int, limit: int) -> list[Claim]:
    """The first in line who want no more than `most` units."""
    asked = select(*_CLAIM).where(ClaimRow.lane == lane, ClaimRow.state == "waiting", ClaimRow.units <= most)
    rows = await tx.session.execute(asked.order_by(ClaimRow.number).limit(limit))
    return [_claim(row) for row in rows]


async def place(db: Db, claim: Claim) -> int:
    asked = select(func.count()).where(
        ClaimRow.lane == claim.lane, ClaimRow.state == "waiting", ClaimRow.number <= claim.number
    )
    return int((await db.session.execute(asked)).scalar_one())


async def by_index(db: Db) -> None:
    """What follows in this transaction looks into indexes, whatever the planner thinks it knows of a table
    that a rush fills within a minute: it read a million claims to find out about a thousand lanes."""
    await db.session.execute(text("SET LOCAL enable_seqscan TO off"))


def _first_open() -> Any:
    """When the first of a lane's open claims runs out: one look into their index. A subquery and no `EXISTS`,
    of which the planner may make a list of all open claims there are."""
    first = select(func.min(ClaimRow.until)).where(ClaimRow.lane == LaneRow.id, text("claims.state = 'open'"))
    return first.scalar_subquery()


_OVERDUE = select(LaneRow.id).where(text(UNCLOSED), _first_open() <= bindparam("now"))


async def overdue_lanes(db: Db, limit: int) -> list[LaneId]:
    """Lanes in which somebody's time to pay is over."""
    await by_index(db)
    return [LaneId(row.id) for row in await db.session.execute(_OVERDUE.limit(limit), {"now": db.now})]


def has_unfinished() -> ColumnElement[bool]:
    """Somebody in the lane may still pay. Both ways have an index of their own: a lane may have a hundred
    thousand claims that are done with."""
    whole = select(ClaimRow.lane).where(ClaimRow.lane == LaneRow.id, text("claims.state = 'whole'")).limit(1)
    found: ColumnElement[bool] = _first_open().is_not(None) | whole.scalar_subquery().is_not(None)
    return found


async def unfinished(db: Db, lanes: Sequence[LaneId]) -> set[LaneId]:
    """Those of the lanes in which somebody may still pay."""
    await by_index(db)
    asked = select(LaneRow.id).where(LaneRow.id.in_(lanes), has_unfinished())
    return {LaneId(row.id) for row in await db.session.execute(asked)}


async def expire(tx: Tx, lane: LaneId, most: int) -> list[Claim]:
    """The first `most` overdue claims of a lane, closed now. The lane is locked."""
    overdue = (
        select(ClaimRow.number)
        .where(ClaimRow.lane == lane, text("claims.state = 'open'"), ClaimRow.until <= tx.now)
        .order_by(ClaimRow.until)
        .limit(most)
    )
    ended = (
        update(ClaimRow)
        .where(ClaimRow.lane == lane, ClaimRow.number.in_(overdue.scalar_subquery()))
        .values(state="expired")
        .returning(*_CLAIM)
        .execution_options(synchronize_session=False)
    )
    rows = await tx.session.execute(ended)
    return sorted((_claim(row) for row in rows), key=lambda claim: claim.number)


_OFFER = """
    UPDATE deals.claims AS claim SET state = 'open', until = $2, order_id = new.order_id
    FROM unnest($3::text::bigint[], $4::text::uuid[]) AS new (number, order_id)
    WHERE claim.lane = $1 AND claim.number = new.number AND claim.state = 'waiting'
    RETURNING claim.number
"""
_ADD_MOVES = """
    INSERT INTO deals.moves (lane, at, what, after, number, units)
    SELECT $1, $2, $3, $4, new.number, new.units
    FROM unnest($5::text::bigint[], $6::text::integer[]) WITH ORDINALITY AS new (number, units, turn)
    ORDER BY turn
"""


async def move_claim(tx: Tx, claim: Claim, before: Sequence[ClaimState], to: ClaimState) -> bool:
    """Whether it was in one of `before`."""
    moved = (
        update(ClaimRow)
        .where(ClaimRow.lane == claim.lane, ClaimRow.number == claim.number, ClaimRow.state.in_(before))
        .values(state=to)
        .returning(ClaimRow.number)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(moved)).one_or_none() is not None


async def offer(tx: Tx, lane: LaneId, orders: Mapping[int, OrderId], until: datetime) -> int:
    """Who waits has a held order `until` now, by the number of their claim; how many they are."""
    ids = array_of(orders.values())
    return len(await tx.fetch(_OFFER, lane, until, array_of(orders), ids))


async def add_persons(tx: Tx, claim: Claim, persons: Sequence[bytes]) -> None:
    for mark in set(persons):
        row = {"lane": claim.lane, "mark": mark, "number": claim.number}
        await tx.session.execute(insert(PersonRow).values(**row))


async def units_of(tx: Tx, lane: LaneId, persons: Sequence[bytes], *, but: int) -> int:
    """Units that these have in a lane under other claims. The lane is locked."""
    others = (
        select(PersonRow.number)
        .where(PersonRow.lane == lane, PersonRow.mark.in_(persons), PersonRow.number != but)
        .distinct()
    )
    asked = select(func.coalesce(func.sum(ClaimRow.units), 0)).where(
        ClaimRow.lane == lane, ClaimRow.number.in_(others), ClaimRow.state.in_(("whole", "paid"))
    )
    return int((await tx.session.execute(asked)).scalar_one())


async def pass_over(tx: Tx, lanes: Sequence[LaneId]) -> None:
    """Nobody is waiting any more."""
    ended = (
        update(ClaimRow)
        .where(ClaimRow.lane.in_(lanes), ClaimRow.state == "waiting")
        .values(state="passed_over")
        .execution_options(synchronize_session=False)
    )
    await tx.session.execute(ended)


async def change_lane(tx: Tx, lane: LaneId, **values: Any) -> None:
    await tx.session.execute(
        update(LaneRow)
        .where(LaneRow.id == lane)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def add_move(
    tx: Tx, lane: LaneId, what: str, *, after: int, number: int | None = None, units: int = 0
) -> None:
    row = {"lane": lane, "at": tx.now, "what": what, "number": number, "units": units, "after": after}
    await tx.session.execute(insert(MoveRow).values(**row))


async def add_moves(tx: Tx, lane: LaneId, what: str, claims: Sequence[Claim], *, after: int) -> None:
    """The same happened to each of these claims, in their order."""
    numbers, units = array_of([claim.number for claim in claims]), array_of([claim.units for claim in claims])
    await tx.fetch(_ADD_MOVES, lane, tx.now, what, after, numbers, units)


async def moves(db: Db, lane: LaneId) -> list[tuple[int, Moved]]:
    """Each with the number of the last claim before it."""
    row = MoveRow
    asked = (
        select(row.after, row.at, row.what, row.number, row.units).where(row.lane == lane).order_by(row.id)
    )
    return [(found.after, Moved(*found[1:])) for found in await db.session.execute(asked)]


async def left_in(db: Db, lanes: Collection[LaneId]) -> dict[LaneId, int]:
    asked = select(LaneRow.id, LaneRow.units - LaneRow.taken).where(LaneRow.id.in_(lanes))
    return {LaneId(id): left for id, left in await db.session.execute(asked)}


async def count_by_state(db: Db, lanes: Sequence[LaneId]) -> dict[LaneId, dict[ClaimState, int]]:
    asked = (
        select(ClaimRow.lane, ClaimRow.state, func.sum(ClaimRow.units))
        .where(ClaimRow.lane.in_(lanes))
        .group_by(ClaimRow.lane, ClaimRow.state)
    )
    found: dict[LaneId, dict[ClaimState, int]] = {lane: {} for lane in lanes}
    for lane, state, units in await db.session.execute(asked):
        found[LaneId(lane)][cast(ClaimState, state)] = units
    return found
