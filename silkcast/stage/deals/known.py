# SPDX-License-Identifier: Apache-2.0
"""Known: what the last batch left behind, so that the next is decided before the database is asked.

The database is told then, in one call, what is to be written and what it was decided from. If that is not so
any more (a claim ran out meanwhile, units came back, the deal was ended, another process was quicker, a
market was closed), nothing is written and the batch is decided under the locks of its lanes. So what is known
here need not be right: what is wrong costs a second way to the server, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from silkcast.ground.ids import DealId
from silkcast.plumbing.db import Database

from . import rules
from .functions import CHANGED
from .rules import DealSeen, LaneNow
from .store import batches
from .values import Answer, LaneId, Want

MOST_LANES = 20_000


class Known:
    """Lanes as they were when we last heard of them."""

    def __init__(self) -> None:
        self._lanes: dict[LaneId, LaneNow] = {}

    def keep(self, lanes: Mapping[LaneId, LaneNow]) -> None:
        if len(self._lanes) + len(lanes) > MOST_LANES:
            self._lanes.clear()
        self._lanes.update(lanes)

    def forget(self, lanes: Iterable[LaneId]) -> None:
        for lane in lanes:
            self._lanes.pop(lane, None)

    def deal_of(self, lane: LaneId) -> DealId | None:
        found = self._lanes.get(lane)
        return found.deal.id if found is not None else None

    def lanes(self, asked: Iterable[LaneId]) -> dict[LaneId, LaneNow] | None:
        """These lanes, or None if there is one that we know nothing of."""
        found = {}
        for lane in asked:
            known = self._lanes.get(lane)
            if known is None:
                return None
            found[lane] = known
        return found


async def claim_at_once(database: Database, wants: Sequence[Want], known: Known) -> list[Answer] | None:
    """Answers to a batch of one deal, written in one call; None if it has to be decided under locks."""
    lanes = known.lanes(sorted({want.lane for want in wants}))
    seen = next(iter(lanes.values())).deal.seen if lanes else None
    if not lanes or seen is None:
        return None
    answers = None
    try:
        answers = await _claim(database, wants, lanes, seen)
    except Exception as fault:
        if getattr(fault, "sqlstate", "") != CHANGED:
            raise
    finally:
        if answers is None:
            known.forget(lanes)
    return answers


async def _claim(
    database: Database, wants: Sequence[Want], lanes: Mapping[LaneId, LaneNow], seen: DealSeen
) -> list[Answer] | None:
    now = database.clock.now()
    deal = seen.at(now)
    touched = list(lanes.values())
    if not deal.is_open or any(lane.is_closed for lane in touched):
        return None
    counters = [lane.counters for lane in touched]
    for lane in touched:
        lane.deal = deal
    decided = rules.decide(wants, lanes, {}, {})
    if _is_last(touched):
        return None
    before = await batches.claim_at_once(database, now, decided.new, touched, counters, has_looked=False)
    if before is None:
        return decided.answers
    for lane, was in zip(touched, counters, strict=True):
        lane.set_back(was)
    decided = rules.decide(wants, lanes, before.claims, before.units)
    if decided.new and _is_last(touched):
        return None
    if decided.new:
        await batches.claim_at_once(database, now, decided.new, touched, counters, has_looked=True)
    return decided.answers


def _is_last(lanes: Iterable[LaneNow]) -> bool:
    """With the last unit a deal may be over, which takes more than one call."""
    return any(lane.taken >= lane.units and not lane.deal.has_waitlist for lane in lanes)
