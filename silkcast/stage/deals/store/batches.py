# SPDX-License-Identifier: Apache-2.0
"""Batches of claims, and the lanes they queue in, in PostgreSQL. What it does by itself is in `functions`.

    lock_lanes, find, write   one after the other, in a transaction: whatever the lanes are like
    claim_at_once             all in one call, for a batch that was decided from what the last one left

Who changes lanes locks their rows in id order first, as everybody does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from silkcast.ground.ids import DealId, ShowId
from silkcast.plumbing.db import Database, Tx, array_of
from silkcast.stage.deals.functions import COUNTING, MOST_OF_BUYER
from silkcast.stage.deals.rules import Counters, DealSeen, LaneNow, Mine, New
from silkcast.stage.deals.values import Claim, LaneId, Outcome, Want

from .claims import claim_of

_LOCK = text("""
    WITH by_index AS MATERIALIZED (
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true)
    ), lane AS MATERIALIZED (
        SELECT lane.id, lane.deal_id, lane.units, lane.taken, lane.waiting, lane.claims,
            lane.closed_at IS NOT NULL AS is_closed
        FROM by_index, deals.lanes AS lane
        WHERE lane.id = ANY(CAST(:lanes AS bigint[]))
        ORDER BY lane.id FOR NO KEY UPDATE OF lane
    ), deal AS MATERIALIZED (
        SELECT deal.* FROM (SELECT DISTINCT deal_id FROM lane ORDER BY deal_id OFFSET 0) AS one
            JOIN deals.deals AS deal ON deal.id = one.deal_id
        ORDER BY deal.id FOR NO KEY UPDATE OF deal
    )
    SELECT deal.id, deal.show_id, deal.limit_per_buyer, deal.has_waitlist, deal.pay_seconds, deal.state,
        deal.starts_at, deal.ends_at, deal.ended_why, array_agg(lane.id), array_agg(lane.units),
        array_agg(lane.taken), array_agg(lane.waiting), array_agg(lane.claims), array_agg(lane.is_closed)
    FROM lane JOIN deal ON deal.id = lane.deal_id
    GROUP BY deal.id, deal.show_id, deal.limit_per_buyer, deal.has_waitlist, deal.pay_seconds, deal.state,
        deal.starts_at, deal.ends_at, deal.ended_why
""")
"""The sort in the middle takes in every lane before it hands on the first: all lanes are locked, then their
deals. Both are seen as whoever locked them before us left them. A row for each deal and not for each lane: to
read a thousand rows takes as long as to decide over them."""
_FIND = "SELECT * FROM deals.find_claims($1::text::uuid[])"
_TYPES = (
    *("bigint", "integer", "integer", "integer", "bigint", "integer", "integer", "bigint"),
    *("bigint", "bigint", "uuid", "uuid", "uuid", "uuid", "uuid", "integer", "integer", "smallint"),
)


def _batch(first: int) -> str:
    """The parameters of a batch: a moment, an end, and arrays. Numbers go as text (see `array_of`). UUIDs do
    not: to read one from text costs the server more than to write it down."""
    casts = ("uuid[]" if kind == "uuid" else f"text::{kind}[]" for kind in _TYPES)
    arrays = (f"${first + 2 + place}::{cast}" for place, cast in enumerate(casts))
    return ", ".join((f"${first}", f"${first + 1}", *arrays))


_WRITE = f"SELECT deals.write_claims({_batch(1)})"
_AT_ONCE = f"SELECT * FROM deals.claim_at_once($1, $2, $3, {_batch(4)})"  # noqa: S608 - our own words
MANY = 1_000_000
"""More units than any limit."""
_TOLD: dict[Outcome, int] = {"granted": 1, "waiting": 2, "sold_out": 3, "over_limit": 4}


async def lock_lanes(tx: Tx, lanes: Sequence[LaneId]) -> dict[LaneId, LaneNow]:
    """The lanes and their deals as they are, and nobody else's until the transaction ends."""
    found: dict[LaneId, LaneNow] = {}
    for row in await tx.session.execute(_LOCK, {"lanes": sorted(lanes)}):
        deal = _seen(*row[:9]).at(tx.now)
        for id, units, taken, waiting, claims, is_closed in zip(*row[9:], strict=True):
            found[id] = LaneNow(id, deal, units, taken, waiting, claims, is_closed)
    return found


def _seen(
    id: UUID,
    show: UUID,
    limit: int,
    has_waitlist: bool,
    pay_seconds: int,
    state: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    why: str,
) -> DealSeen:
    is_launched, is_sold_out = state == "launched", state == "ended" and why == "sold_out"
    times = (pay_seconds, is_launched, is_sold_out, starts_at, ends_at)
    return DealSeen(DealId(id), ShowId(show), limit, has_waitlist, *times)


@dataclass(frozen=True, slots=True)
class Before:
    """What was there when a batch began: claims under its keys, and what its buyers have or wait for."""

    claims: dict[UUID, Claim]
    units: dict[Mine, int]


def _before(rows: Sequence[Any], wants: Sequence[Want]) -> Before:
    claims: dict[UUID, Claim] = {}
    units: dict[Mine, int] = defaultdict(int)
    found: dict[bytes, int] = defaultdict(int)
    for key, *row in rows:
        if key in claims:  # two wants of one buyer
            continue
        claim = claims[key] = claim_of(*row)
        found[key.bytes[:10]] += 1
        if claim.state in COUNTING:
            units[claim.lane, claim.buyer.bytes] += claim.units
    for want in wants:
        if found and found.get(want.key.bytes[:10], 0) >= MOST_OF_BUYER:
            units[want.lane, want.buyer.bytes] = MANY
    return Before(claims, units)


async def find(tx: Tx, wants: Sequence[Want]) -> Before:
    """Ask once the lanes are locked: before that, somebody else may still change it."""
    return _before(await tx.fetch(_FIND, array_of([want.key for want in wants])), wants)


async def write(tx: Tx, new: New, lanes: Sequence[LaneNow], before: Counters, until: datetime) -> None:
    """New claims, their orders, and the counters of their lanes. What is granted is so `until`."""
    await tx.fetch(_WRITE, tx.now, until, *_arrays(new, lanes, before))


async def claim_at_once(
    database: Database,
    now: datetime,
    new: New,
    lanes: Sequence[LaneNow],
    before: Counters,
    *,
    has_looked: bool,
) -> Before | None:
    """The same as a transaction of its own, if lanes, deal and markets are as it was decided from; else a
    fault with the state `CHANGED`. Who claimed before is given back instead, and nothing is written."""
    deal = lanes[0].deal
    markets = list({want.market for want, _ in new})
    rows = await database.at_once(
        _AT_ONCE, markets, deal.id, has_looked, now, deal.until, *_arrays(new, lanes, before)
    )
    return _before(rows, [want for want, _ in new]) if rows else None


def _arrays(new: New, lanes: Sequence[LaneNow], before: Counters) -> tuple[Any, ...]:
    wants, answers = [want for want, _ in new], [answer for _, answer in new]
    return (
        array_of([lane.id for lane in lanes]),
        array_of([counters[0] for counters in before]),
        array_of([counters[1] for counters in before]),
        _but(0, [counters[2] for counters in before]),
        array_of([counters[3] for counters in before]),
        array_of([lane.taken for lane in lanes]),
        _but(0, [lane.waiting for lane in lanes]),
        array_of([lane.claims for lane in lanes]),
        array_of([want.lane for want in wants]),
        array_of([answer.number for answer in answers]),
        [want.key for want in wants],
        [want.buyer for want in wants],
        _but_nobody([want.user for want in wants]),
        [answer.order for answer in answers],
        [want.terms for want in wants],
        _but(0, [answer.place for answer in answers]),
        _but(1, [want.units for want in wants]),
        _but(1, [_TOLD[answer.outcome] for answer in answers]),
    )


def _but(usual: int, values: Sequence[int]) -> str | None:
    """An array, but nothing where all of it is as usual: that is not worth sending."""
    return None if values.count(usual) == len(values) else array_of(values)


def _but_nobody(users: Sequence[UUID | None]) -> Sequence[UUID | None] | None:
    return users if any(users) else None
