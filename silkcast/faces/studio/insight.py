# SPDX-License-Identifier: Apache-2.0
"""Insight: thirty days by day and market, and what each show brought."""

from __future__ import annotations

from datetime import timedelta

from litestar import Response, get

from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.watch.insight import service as insight

from .desk import Desk
from .home import by_market, chart
from .shows import cover_of
from .views import InsightView, ShowSum

DAYS = 30


@get("/insight", name="studio.insight")
async def show(desk: Desk) -> Response[str]:
    async with desk.read() as db:
        view = await insight_view(db, desk)
    return await desk.page("insight", view)


async def insight_view(db: Db, desk: Desk) -> InsightView:
    since = desk.today - timedelta(days=2 * DAYS - 1)
    sums = await insight.sales_by_day(db, desk.shop.id, since, desk.today)
    shows = []
    live = await rooms.live_now(db, seller=desk.shop.id)
    for one in (*live, *await rooms.ended(db, seller=desk.shop.id, limit=20)):
        sold = await insight.sales_of_show(db, one.id)
        shows.append(
            ShowSum(one, cover_of(one, 160), sum(row.orders for row in sold), [row.takings for row in sold])
        )
    return InsightView(
        days=DAYS,
        chart=await chart(db, sums, desk.today, DAYS, desk.visit.currency),
        markets=await by_market(db, desk, sums, desk.today - timedelta(days=DAYS - 1)),
        shows=shows,
    )


HANDLERS = (show,)
