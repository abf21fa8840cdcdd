# SPDX-License-Identifier: Apache-2.0
"""Numbers of deals: what became of the units of each lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock import service as stock
from silkcast.plumbing.db import Db
from silkcast.stage.deals import coupons
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import ClaimState, Deal, Lane
from silkcast.stage.rooms.values import Show

from .deal_views import DealNumbers, LaneNumbers, LiveDealView
from .desk import Desk


async def numbers_of(db: Db, desk: Desk, found: Sequence[Deal]) -> list[DealNumbers]:
    """Deals as the seller follows them."""
    variants = await catalog.variants(db, [lane.variant for deal in found for lane in deal.lanes])
    levels = await stock.levels(db, list(variants))
    made = []
    for deal in found:
        counts = await deals.numbers(db, deal)
        lanes = []
        for lane in deal.lanes:
            of = variants[lane.variant]
            words = of.variant.label(desk.visit.language) or of.variant.sku
            lanes.append(lane_numbers(lane, words, counts[lane.id], levels[lane.variant].free))
        product = variants[deal.lanes[0].variant].product.names.text(desk.visit.language)
        until = until_of(db, deal)
        seconds = max(0, -((db.now - until) // timedelta(seconds=1))) if until else 0
        made.append(DealNumbers(deal, product, deal.phase(db.now), until, seconds, lanes))
    return made


def lane_numbers(lane: Lane, words: str, counts: Mapping[ClaimState, int], free: int) -> LaneNumbers:
    return LaneNumbers(
        lane=lane.id,
        words=words,
        units=lane.units,
        left=max(0, lane.left),
        granted=sum(counts.get(state, 0) for state in ("open", "whole")),
        paid=counts.get("paid", 0),
        waiting=counts.get("waiting", 0),
        expired=counts.get("expired", 0),
        claims=lane.claims,
        free=free,
    )


def until_of(db: Db, deal: Deal) -> datetime | None:
    """What is counted down to."""
    phase = deal.phase(db.now)
    if phase == "counting":
        return deal.starts_at
    return deal.ends_at if phase == "running" else deal.launch_at if phase == "planned" else None


async def panel_view(db: Db, desk: Desk, show: Show) -> LiveDealView:
    found = await deals.deals_of(db, show.id)
    now = next((one for one in found if one.state == "launched"), None)
    planned = [one for one in found if one.state == "planned"]
    counted = await numbers_of(db, desk, [one for one in (now, *planned) if one])
    return LiveDealView(
        show=show,
        now=counted[0] if now else None,
        planned=counted[1:] if now else counted,
        coupons=[one for one in await coupons.of_show(db, show.id) if one.withdrawn_at is None],
        at=db.now,
    )
