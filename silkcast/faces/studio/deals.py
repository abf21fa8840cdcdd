# SPDX-License-Identifier: Apache-2.0
"""Deals: launched from the live desk with every market's full price in sight, followed, ended, told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post

from silkcast.faces.refusal_words import words_of
from silkcast.faces.spreadsheet import as_csv
from silkcast.flows import admitting
from silkcast.goods.stock.errors import BadUnits, StockShort
from silkcast.ground.ids import DealId, ProductId, ShowId
from silkcast.ground.refusals import Conflict, Invalid, Refusal
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal, LaneId
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show

from . import forms, launching
from .chat import done
from .deal_numbers import numbers_of, panel_view
from .deal_views import DealsView, DealView
from .desk import Desk, NoSuchThing, uuid_in
from .shows import moment_in

PAGE = 100
MOST_ROWS = 20_000
Asked = Request[Any, Any, Any]


def home(id: str) -> str:
    return f"/studio/shows/{id}/live"


async def show_of(db: Db, desk: Desk, id: str) -> Show:
    return await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)


async def deal_of(db: Db, desk: Desk, id: str, deal: str) -> Deal:
    """The deal of this show and shop, or there is none."""
    found = await deals.the_deal(db, DealId(uuid_in(deal)), seller=desk.shop.id)
    if found.show != uuid_in(id):
        raise NoSuchThing
    return found


@get("/shows/{id:str}/live/deal", name="studio.live.deal")
async def panel(desk: Desk, id: str) -> Response[str]:
    """The deal of the room now, drawn again as its numbers come."""
    async with desk.read() as db:
        view = await panel_view(db, desk, await show_of(db, desk, id))
    return desk.part("live_deal", view)


@get("/shows/{id:str}/deals/new", name="studio.deal.new")
async def ask(request: Asked, desk: Desk, id: str, product: str) -> Response[str]:
    """The launcher of a product: suggestions, or what was typed, with the full price of every market."""
    async with desk.read() as db:
        show = await show_of(db, desk, id)
        view = await launching.view_of(db, desk, show, uuid_in(product), dict(request.query_params))
    if request.headers.get("x-fragment"):
        return desk.part("deal_launcher", view)
    return await desk.page("deal_new", view)


@post("/shows/{id:str}/deals")
async def launch(request: Asked, desk: Desk, id: str) -> Response[Any]:
    """Plan it, and launch it unless a time was given; the product is pinned with it."""
    said = forms.texts(await forms.form_of(request))
    async with desk.read() as db:
        show = await show_of(db, desk, id)
        product = await launching.product_of(db, desk, uuid_in(said.get("product", "")))
    at = moment_in(said.get("at", ""), desk.zone)
    try:
        new = launching.read(desk, show, product, said, at)
        async with desk.write() as tx:
            deal = await deals.plan(tx, desk.shop.id, new)
            if at is None:
                await start_now(tx, desk, show, deal, product.id)
    except (Invalid, Conflict) as refusal:
        return await again(request, desk, show, said, refusal)
    return await done(request, id)


async def start_now(tx: Tx, desk: Desk, show: Show, deal: Deal, product: ProductId) -> None:
    await deals.launch(tx, deal.id, desk.shop.id)
    if show.is_live:
        await admitting.pin(tx, show.id, desk.shop.id, product)


async def again(
    request: Asked, desk: Desk, show: Show, said: dict[str, str], refusal: Refusal
) -> Response[str]:
    """The launcher once more, with what is wrong."""
    problem = launching.problem_of(refusal, desk.visit.language)
    async with desk.read() as db:
        view = await launching.view_of(db, desk, show, uuid_in(said["product"]), said, problem=problem)
    if request.headers.get("x-fragment"):
        made = desk.part("deal_launcher", view)
        made.status_code = 422
        return made
    return await desk.page("deal_new", view, status=422)


@post("/shows/{id:str}/deals/{deal:str}/launch")
async def launch_planned(request: Asked, desk: Desk, id: str, deal: str) -> Response[Any]:
    """A planned one, now instead of at its time."""
    async with desk.write() as tx:
        show = await show_of(tx, desk, id)
        found = await deal_of(tx, desk, id, deal)
        await start_now(tx, desk, show, found, found.lanes[0].product)
    return await done(request, id)


@post("/shows/{id:str}/deals/{deal:str}/end")
async def end(request: Asked, desk: Desk, id: str, deal: str) -> Response[Any]:
    async with desk.write() as tx:
        found = await deal_of(tx, desk, id, deal)
        await deals.end(tx, found.id, "by_hand", seller=desk.shop.id)
    return await done(request, id)


@post("/shows/{id:str}/deals/{deal:str}/top-up")
async def top_up(request: Asked, desk: Desk, id: str, deal: str) -> Response[Any]:
    """More units for a lane; who is in line comes first."""
    said = forms.texts(await forms.form_of(request))
    units = forms.whole(said.get("units", ""))
    lane = LaneId(forms.whole(said.get("lane", "")))
    try:
        async with desk.write() as tx:
            found = await deal_of(tx, desk, id, deal)
            if units <= 0:
                raise BadUnits(units)
            await deals.top_up(tx, found.id, desk.shop.id, lane, units)
    except (BadUnits, StockShort) as refusal:
        return Response(words_of(refusal, desk.visit.language), status_code=422, media_type="text/plain")
    return await done(request, id)


@get("/shows/{id:str}/deals", name="studio.deals")
async def list_deals(desk: Desk, id: str) -> Response[str]:
    async with desk.read() as db:
        show = await show_of(db, desk, id)
        view = DealsView(show, await numbers_of(db, desk, await deals.deals_of(db, show.id)))
    return await desk.page("deals", view)


@get("/shows/{id:str}/deals/{deal:str}", name="studio.deal")
async def show_deal(desk: Desk, id: str, deal: str, lane: int = 0, after: int = 0) -> Response[str]:
    async with desk.read() as db:
        show = await show_of(db, desk, id)
        found = await deal_of(db, desk, id, deal)
        (counted,) = await numbers_of(db, desk, [found])
        chosen = next((one for one in counted.lanes if one.lane == lane), counted.lanes[0])
        claims = await deals.claims(db, LaneId(chosen.lane), after=max(0, after), limit=PAGE + 1)
        moves = await deals.moves(db, LaneId(chosen.lane))
    shown = claims[:PAGE]
    further = shown[-1].number if len(claims) > PAGE else 0
    return await desk.page("deal", DealView(show, counted, chosen, shown, moves, further, desk.zone))


CSV = ("variant", "number", "claimed at", "answer", "place", "state now", "units", "pay until", "order")


@get("/shows/{id:str}/deals/{deal:str}/claims.csv", name="studio.deal.csv")
async def export(desk: Desk, id: str, deal: str) -> Response[bytes]:
    """Every claim in its order: who came when, and what became of it. No names: there are none."""
    rows: list[Sequence[object]] = []
    async with desk.read() as db:
        found = await deal_of(db, desk, id, deal)
        (counted,) = await numbers_of(db, desk, [found])
        for one in counted.lanes:
            for claim in await deals.claims(db, LaneId(one.lane), limit=MOST_ROWS):
                rows.append(
                    (
                        one.words,
                        claim.number,
                        claim.at.isoformat(),
                        claim.outcome,
                        claim.place or "",
                        claim.state,
                        claim.units,
                        claim.until.isoformat() if claim.until else "",
                        claim.order or "",
                    )
                )
    return as_csv(f"deal-{found.id}", CSV, rows)


HANDLERS = (
    panel, ask, launch, launch_planned, end, top_up, list_deals, show_deal, export,
)  # fmt: skip
