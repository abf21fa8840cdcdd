# SPDX-License-Identifier: Apache-2.0
"""Claims and the counters of their lanes in PostgreSQL.

Who changes lanes locks their rows in id order first, as everybody does. The statements of the committer keep
to indexes whatever the planner thinks it knows: a table that was empty when a plan was made has a hundred
thousand rows a minute later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
    tuple_,
    update,
)

from silkcast.ground.ids import DealId, OrderId, ShowId, TermsId, UserId
from silkcast.plumbing.db import Db, Tx, array_of
from silkcast.stage.deals.models import COUNTED, OF_LANE, UNCLOSED, ClaimRow, LaneRow, MoveRow, PersonRow
from silkcast.stage.deals.rules import DealNow, LaneNow
from silkcast.stage.deals.values import Answer, Claim, ClaimState, LaneId, Moved, Outcome, Want

_LOCK = text("""
    WITH by_index AS MATERIALIZED (
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true)
    ), lane AS MATERIALIZED (
        SELECT lane.id, lane.deal_id, lane.units, lane.taken, lane.waiting, lane.claims, lane.closed_at
        FROM by_index, deals.lanes AS lane
        WHERE lane.id = ANY(CAST(:lanes AS bigint[]))
        ORDER BY lane.id FOR NO KEY UPDATE OF lane
    )
    SELECT lane.id, lane.units, lane.taken, lane.waiting, lane.claims, lane.closed_at,
        deal.id, deal.show_id, deal.limit_per_buyer, deal.has_waitlist, deal.pay_seconds, deal.state,
        deal.starts_at, deal.ends_at, deal.ended_why
    FROM (SELECT * FROM lane ORDER BY deal_id OFFSET 0) AS lane
        JOIN deals.deals AS deal ON deal.id = lane.deal_id
    ORDER BY deal.id FOR NO KEY UPDATE OF deal
""")
"""The sort in the middle takes in every lane before it hands on the first: all lanes are locked, then their
deals. Both are seen as whoever locked them before us left them."""
# One look into an index for each that is asked: a lateral query with a limit or a sum stays a loop, while a
# planner that knows nothing yet might as well go through all of a lane.
_LOOK = f"""
    SELECT asked.key, claim.lane, claim.number, claim.buyer, claim.user_id, claim.units, claim.outcome,
        claim.place, claim.state, claim.order_id, claim.terms, claim.until, claim.at
    FROM unnest($1::text::uuid[]) AS asked (key)
    CROSS JOIN LATERAL (SELECT * FROM deals.claims AS claim WHERE claim.key = asked.key LIMIT 1) AS claim
    UNION ALL
    SELECT NULL, asked.lane, NULL, asked.buyer, NULL, claim.units, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM unnest($2::text::bigint[], $3::text::uuid[]) AS asked (lane, buyer)
    CROSS JOIN LATERAL (
        SELECT CAST(sum(units) AS integer) AS units FROM deals.claims
        WHERE {OF_LANE} = asked.lane AND buyer = asked.buyer AND {COUNTED}
    ) AS claim WHERE claim.units > 0
"""  # noqa: S608 - our own words
_ADD = """
    WITH new AS (
        SELECT * FROM unnest(
            $3::text::bigint[], $4::text::bigint[], $5::text::uuid[], $6::text::uuid[], $7::text::uuid[],
            $8::text::uuid[], $9::text::uuid[], $10::text::integer[], $11::text::smallint[],
            $12::text::smallint[]
        ) AS new (lane, number, key, buyer, user_id, order_id, terms, place, units, told)
    ), counted AS (
        UPDATE deals.lanes AS lane
        SET taken = now.taken, waiting = now.waiting, claims = now.claims
        FROM unnest($13::text::bigint[], $14::text::integer[], $15::text::integer[], $16::text::bigint[])
            AS now (id, taken, waiting, claims)
        WHERE lane.id = now.id
    )
    INSERT INTO deals.claims
        (lane, number, key, buyer, user_id, order_id, terms, at, until, place, units, outcome, state)
    SELECT lane, number, key, buyer, user_id, order_id, terms, $1, CASE told WHEN 1 THEN $2::timestamptz END,
        place, units,
        CASE told WHEN 1 THEN 'granted' WHEN 2 THEN 'waiting' WHEN 3 THEN 'sold_out' ELSE 'over_limit' END,
        CASE told WHEN 1 THEN 'open' WHEN 2 THEN 'waiting' ELSE 'refused' END
    FROM new
"""
_TOLD: Mapping[Outcome, int] = {"granted": 1, "waiting": 2, "sold_out": 3, "over_limit": 4}


async def lock_lanes(tx: Tx, lanes: Sequence[LaneId]) -> dict[LaneId, LaneNow]:
    """The lanes and their deals as they are, and nobody else's until the transaction ends."""
    rows = (await tx.session.execute(_LOCK, {"lanes": sorted(lanes)})).all()
    deals: dict[UUID, DealNow] = {}
    found: dict[LaneId, LaneNow] = {}
    for id, units, taken, waiting, claims, closed_at, *deal in rows:
        now = deals.get(deal[0])
        if now is None:
            now = deals[deal[0]] = _deal_now(deal, tx.now)
        found[id] = LaneNow(
            id, now, units, taken, waiting, claims, now.is_open and closed_at is None, closed_at is not None
        )
    return found


def _deal_now(row: Any, now: datetime) -> DealNow:
    id, show, limit, has_waitlist, pay_seconds, state, starts_at, ends_at, why = row
    within = starts_at is not None and starts_at <= now < ends_at
    return DealNow(
        DealId(id),
        ShowId(show),
        limit,
        has_waitlist,
        state == "launched" and within,
        state == "ended" and why == "sold_out" and within,
        now + timedelta(seconds=pay_seconds),
    )


@dataclass(frozen=True, slots=True)
class Before:
    """What was there when a batch began: claims under its keys, and what its buyers have or wait for."""

    claims: dict[UUID, Claim]
    units: dict[tuple[LaneId, UUID], int]


async def look(tx: Tx, wants: Sequence[Want]) -> Before:
    """Ask once the lanes are locked: before that, somebody else may still change it."""
    pairs = {(want.lane, want.buyer) for want in wants}
    rows = await tx.fetch(
        _LOOK,
        array_of([want.key for want in wants]),
        array_of([lane for lane, _ in pairs]),
        array_of([buyer for _, buyer in pairs]),
    )
    claims, units = {}, {}
    for key, *row in rows:
        if key is None:
            units[LaneId(row[0]), row[2]] = row[4]
        else:
            claims[key] = _claim_of(None, *row)
    return Before(claims, units)


async def add_claims(
    tx: Tx, new: Sequence[tuple[Want, Answer]], lanes: Sequence[LaneNow], until: datetime
) -> None:
    """New claims, and the counters of their lanes, in one statement. What is granted is so `until`."""
    await tx.fetch(
        _ADD,
        tx.now,
        until,
        array_of([want.lane for want, _ in new]),
        array_of([answer.number for _, answer in new]),
        array_of([want.key for want, _ in new]),
        array_of([want.buyer for want, _ in new]),
        array_of([want.user for want, _ in new]),
        array_of([answer.order for _, answer in new]),
        array_of([want.terms for want, _ in new]),
        array_of([answer.place for _, answer in new]),
        array_of([want.units for want, _ in new]),
        array_of([_TOLD[answer.outcome] for _, answer in new]),
        array_of([lane.id for lane in lanes]),
        array_of([lane.taken for lane in lanes]),
        array_of([lane.waiting for lane in lanes]),
        array_of([lane.claims for lane in lanes]),
    )


def _claim(row: Any) -> Claim:
    return _claim_of(None, *row)


def _claim_of(
    _: Any,
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


async def claims_of(db: Db, lanes: Sequence[LaneId], buyer: UUID) -> list[Claim]:
    """What a buyer has or waits for."""
    of_lanes = literal_column(OF_LANE, BigInteger).in_(lanes)
    asked = select(*_CLAIM).where(of_lanes, ClaimRow.buyer == buyer, text(COUNTED))
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


async def overdue_lanes(db: Db, limit: int) -> list[LaneId]:
    """Lanes in which somebody's time to pay is over."""
    is_overdue = exists().where(
        ClaimRow.lane == LaneRow.id, text("claims.state = 'open'"), ClaimRow.until <= db.now
    )
    asked = select(LaneRow.id).where(text(UNCLOSED), is_overdue).limit(limit)
    return [LaneId(row.id) for row in await db.session.execute(asked)]


def has_unfinished() -> ColumnElement[bool]:
    """Somebody in the lane may still pay. Both ways have an index of their own: a lane may have a hundred
    thousand claims that are done with."""
    is_open = exists().where(ClaimRow.lane == LaneRow.id, text("claims.state = 'open'"))
    is_whole = exists().where(ClaimRow.lane == LaneRow.id, text("claims.state = 'whole'"))
    return is_open | is_whole


async def unfinished(db: Db, lanes: Sequence[LaneId]) -> set[LaneId]:
    """Those of the lanes in which somebody may still pay."""
    asked = select(LaneRow.id).where(LaneRow.id.in_(lanes), has_unfinished())
    return {LaneId(row.id) for row in await db.session.execute(asked)}


async def expire(tx: Tx, lane: LaneId) -> list[Claim]:
    """Overdue claims of a lane, closed now. The lane is locked."""
    ended = (
        update(ClaimRow)
        .where(ClaimRow.lane == lane, ClaimRow.state == "open", ClaimRow.until <= tx.now)
        .values(state="expired")
        .returning(*_CLAIM)
        .execution_options(synchronize_session=False)
    )
    rows = await tx.session.execute(ended)
    return sorted((_claim(row) for row in rows), key=lambda claim: claim.number)


async def move_claim(
    tx: Tx,
    claim: Claim,
    before: Sequence[ClaimState],
    to: ClaimState,
    *,
    until: datetime | None = None,
    order: OrderId | None = None,
) -> bool:
    """Whether it was in one of `before`."""
    values: dict[str, Any] = {"state": to}
    if until is not None:
        values["until"] = until
    if order is not None:
        values["order_id"] = order
    moved = (
        update(ClaimRow)
        .where(ClaimRow.lane == claim.lane, ClaimRow.number == claim.number, ClaimRow.state.in_(before))
        .values(**values)
        .returning(ClaimRow.number)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(moved)).one_or_none() is not None


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
