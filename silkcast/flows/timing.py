# SPDX-License-Identifier: Apache-2.0
"""Timing: when a show is best begun, for all the markets it is for, and what speaks against a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from silkcast.ground.ids import SellerId, ShowId
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show
from silkcast.watch.insight import service as insight
from silkcast.who.markets import service as markets
from silkcast.who.markets.moments import STEP, Moment
from silkcast.who.markets.values import Market

AWAKE = Decimal("0.45")
"""How much an hour outside of the peak is worth, when people are awake."""
PRAYED = Decimal("0.75")
FASTING = Decimal("0.25")
FREE_DAY = Decimal("1.1")
BY_EXPERIENCE = Decimal("0.5")
"""How much more the best hour of past shows counts than one that never sold anything."""
APART = timedelta(hours=4)
USUAL = timedelta(hours=2)
"""How long a show is taken to be."""
DAYS, MOST, A_DAY, PAST = 14, 10, 2, 60

Past = Mapping[str, Mapping[int, int]]
"""Orders by market and by the hour there, in the seller's past shows."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time to begin: `worth` from 0 (everybody sleeps) to about 1 (peak everywhere)."""

    begins: datetime
    worth: Decimal
    moments: tuple[Moment, ...]
    clashes: tuple[Show, ...] = ()
    """The seller's own shows at that time."""


def worth(moment: Moment, past: Mapping[int, int]) -> Decimal:
    """What a span is worth in one market."""
    awake = moment.steps - moment.in_peak - moment.asleep
    found = (moment.in_peak + awake * AWAKE) / moment.steps
    if moment.iftar is not None:
        found *= FASTING
    elif moment.prayers:
        found *= PRAYED
    if moment.holiday or moment.is_rest_day:
        found *= FREE_DAY
    if past:
        found *= 1 + BY_EXPERIENCE * past.get(moment.begins.hour, 0) / max(past.values())
    return found


def look(
    begins: datetime, length: timedelta, wanted: Sequence[Market], weights: Mapping[str, int], past: Past
) -> Proposal:
    """One time for all the markets, each with its weight."""
    moments = tuple(markets.moment(of, begins, length) for of in wanted)
    total = sum(weights.get(of.code, 1) for of in wanted)
    sums = sum(
        (weights.get(one.market, 1) * worth(one, past.get(one.market, {})) for one in moments), Decimal(0)
    )
    return Proposal(begins, (sums / total).quantize(Decimal("0.001")), moments)


def best(
    since: datetime,
    length: timedelta,
    wanted: Sequence[Market],
    weights: Mapping[str, int],
    past: Past,
    taken: Sequence[Show] = (),
) -> tuple[Proposal, ...]:
    """The best times of two weeks: at most two a day, hours apart, clear of the seller's shows."""
    first = since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    looked = (
        look(first + STEP * number, length, wanted, weights, past) for number in range(DAYS * 24 * 60 // 30)
    )
    free = [one for one in looked if one.worth > 0 and not clashes(one.begins, length, taken)]
    chosen: list[Proposal] = []
    days: Counter[object] = Counter()
    for one in sorted(free, key=lambda one: (-one.worth, one.begins)):
        day = one.begins.date()
        if days[day] < A_DAY and all(abs(one.begins - other.begins) >= APART for other in chosen):
            chosen.append(one)
            days[day] += 1
        if len(chosen) == MOST:
            break
    return tuple(chosen)


def clashes(begins: datetime, length: timedelta, taken: Sequence[Show]) -> tuple[Show, ...]:
    """The shows that would run at the same time, each taken to last as long as usual."""
    return tuple(one for one in taken if one.starts_at < begins + length and begins < one.starts_at + USUAL)


async def experience(db: Db, seller: SellerId) -> tuple[Mapping[str, int], Past]:
    """What past shows sold: the weight of each market, and orders by the hour there."""
    weights: Counter[str] = Counter()
    past: dict[str, Counter[int]] = defaultdict(Counter)
    known = {one.code: one for one in markets.markets(db.now.date())}
    for show in await rooms.ended(db, seller=seller, limit=PAST):
        for sold in await insight.sales_of_show(db, show.id):
            of = known.get(sold.market)
            if of is None or show.started_at is None:
                continue
            weights[of.code] += sold.orders
            past[of.code][show.started_at.astimezone(ZoneInfo(of.time_zone)).hour] += sold.orders
    return {code: orders + 1 for code, orders in weights.items()}, past


async def proposals(
    db: Db, seller: SellerId, wanted: Sequence[Market], length: timedelta = USUAL
) -> tuple[Proposal, ...]:
    weights, past = await experience(db, seller)
    taken = await rooms.upcoming(db, seller=seller)
    return best(db.now, length, wanted, weights, past, taken)


async def check(
    db: Db,
    seller: SellerId,
    wanted: Sequence[Market],
    begins: datetime,
    length: timedelta = USUAL,
    *,
    but: ShowId | None = None,
) -> Proposal:
    """What a time is for each of the markets, and which of the seller's shows it would meet."""
    weights, past = await experience(db, seller)
    taken = [one for one in await rooms.upcoming(db, seller=seller) if one.id != but]
    found = look(begins, length, wanted, weights, past)
    return Proposal(found.begins, found.worth, found.moments, clashes(begins, length, taken))
