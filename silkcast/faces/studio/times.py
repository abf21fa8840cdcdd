# SPDX-License-Identifier: Apache-2.0
"""Times: when a show is best begun for the markets it is for, and what a chosen time is in each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Request, Response, get
from litestar.params import Parameter

from silkcast.faces.format import Format
from silkcast.flows import timing
from silkcast.flows.timing import Proposal
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import ShowId
from silkcast.plumbing.db import Db
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from .desk import Desk, uuid_in
from .selling import priced_in, variants_of
from .shows import moment_in

LENGTHS = (60, 90, 120, 180, 240)
MOST_MARKETS = 12


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One time: the seller's own clock's, and what it is elsewhere."""

    proposal: Proposal
    stars: int
    """Of five."""
    plan: str


@dataclass(frozen=True, slots=True)
class TimesView:
    """studio/times.html"""

    rows: Sequence[TimeRow]
    markets: Sequence[tuple[Market, bool]]
    length: int
    lengths: Sequence[int]
    zone: str

    def lengths_words(self, f: Format) -> list[tuple[str, str]]:
        return [(str(one), f.minutes_text(one)) for one in self.lengths]


@dataclass(frozen=True, slots=True)
class TimeCheckView:
    """studio/time_check.html: the chosen time, or none that could be read."""

    row: TimeRow | None
    times: str


@get("/shows/times", name="studio.shows.times")
async def times(
    request: Request[Any, Any, Any],
    desk: Desk,
    minutes: Annotated[int, Parameter(ge=30, le=480)] = 120,
) -> Response[str]:
    """The best beginnings of the next two weeks."""
    known = markets.markets(desk.today)
    async with desk.read() as db:
        wanted = asked_for(request, known) or await sold_in(db, desk, known)
        found = await timing.proposals(db, desk.shop.id, wanted, timedelta(minutes=minutes)) if wanted else ()
    chosen = {one.code for one in wanted}
    view = TimesView(
        rows=[row_of(one, desk) for one in found],
        markets=[(one, one.code in chosen) for one in known],
        length=minutes,
        lengths=sorted({*LENGTHS, minutes}),
        zone=desk.visit.timezone,
    )
    return await desk.page("times", view)


@get("/shows/times/check", name="studio.shows.times.check")
async def check(
    request: Request[Any, Any, Any], desk: Desk, starts_at: str = "", show: str = ""
) -> Response[str]:
    """A time as the plan's form has it, in each market."""
    begins = moment_in(starts_at[:40], desk.zone)
    row = None
    if begins is not None:
        but = ShowId(uuid_in(show)) if show else None
        known = markets.markets(desk.today)
        async with desk.read() as db:
            wanted = asked_for(request, known) or await sold_in(db, desk, known)
            if wanted:
                row = row_of(await timing.check(db, desk.shop.id, wanted, begins, but=but), desk)
    return desk.part("time_check", TimeCheckView(row, "/studio/shows/times"))


def asked_for(request: Request[Any, Any, Any], known: Sequence[Market]) -> list[Market]:
    """The markets ticked, at most a dozen: a show for the whole world has no good time."""
    ticked = set(request.query_params.getall("there", []))
    return [one for one in known if one.code in ticked][:MOST_MARKETS]


async def sold_in(db: Db, desk: Desk, known: Sequence[Market]) -> list[Market]:
    """Where the shop has prices; where it has none yet, its own market as the page has it."""
    found = await catalog.search(db, seller=desk.shop.id, status="listed", limit=100)
    codes = await priced_in(db, variants_of(found.items)) or {desk.visit.market}
    return [one for one in known if one.code in codes][:MOST_MARKETS]


def row_of(proposal: Proposal, desk: Desk) -> TimeRow:
    local = proposal.begins.astimezone(ZoneInfo(desk.visit.timezone))
    query = urlencode({"starts_at": local.strftime("%Y-%m-%dT%H:%M")})
    return TimeRow(proposal, max(1, min(5, round(proposal.worth * 5))), f"/studio/shows/new?{query}")


HANDLERS = (times, check)
