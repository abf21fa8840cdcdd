# SPDX-License-Identifier: Apache-2.0
"""Claims: what became of a tap in the rush. A granted one is finished in the buy sheet; one in line says its
place; one whose time is over says so, and what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.datastructures import Cookie

from silkcast.faces.asking import actor_of, count, visitor_of
from silkcast.faces.house import House
from silkcast.faces.refusing import BadRequest
from silkcast.faces.shop.basket import claim_in
from silkcast.faces.shop.buy import Asked, Form, marks_of, sheet
from silkcast.faces.shop.buy_views import ClaimView
from silkcast.faces.shop.pieces import first_image, market_now
from silkcast.faces.throttling import CLAIM
from silkcast.faces.visit import Visit
from silkcast.flows import offers
from silkcast.flows.claiming import Seat, mark_of, want_of
from silkcast.flows.terms import at_deal_price
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import DealId, VariantId
from silkcast.ground.money import Money
from silkcast.plumbing.db import Db
from silkcast.stage.deals import handing
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import ClaimNotKnown, NoSuchClaim
from silkcast.stage.deals.values import MOST_UNITS_AT_ONCE, Answer, Claim, Deal, Lane, LaneId
from silkcast.stage.rooms import service as rooms
from silkcast.trade.orders import service as orders
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import MarketIsClosed
from silkcast.who.identity.values import User
from silkcast.who.sellers import service as sellers


async def mine(request: Asked, db: Db, name: str) -> Claim:
    """A claim of this browser or account, or `NoSuchClaim`: no hint of another's."""
    named = claim_in(name)
    if named is None:
        raise NoSuchClaim
    claim = await deals.claim(db, LaneId(named[0]), named[1])
    if not await handing.belongs(db, claim, await marks_of(request)):
        raise NoSuchClaim
    return claim


@post("/deals/{deal:uuid}/claim")
async def claim(
    request: Asked, house: House, visit: Visit, user: User | None, deal: UUID, data: Form
) -> Response[Any]:
    """The claim of a browser without script, or from the shelf; the room asks `/deals/{deal}/claims`."""
    count(request, CLAIM)
    visitor, cookie = visitor_of(request)
    variant, key, units = asked_in(data)
    seat = await house.counter.seat(deal, variant)
    market = market_now(visit)
    terms = await house.counter.terms((seat.deal, seat.variant, market.code, visit.language, units), market)
    mark = user.id if user else mark_of(visitor)
    want = want_of(seat, key, mark, units, terms, market.code, user.id if user else None)
    answer = await house.counter.ask(seat.show, want)
    cookies = [cookie] if cookie else []
    if answer is None:
        raise ClaimNotKnown(1)
    if answer.outcome == "closed":
        found = house.shut.of(market.code)
        raise (
            closings.refusal(found)
            if found
            else MarketIsClosed(market.code, house.database.clock.now(), "", "")
        )
    if answer.outcome == "granted" and data.get("one_tap"):
        # the same form goes on to be the order
        location = f"/claims/{answer.claim}/order"
        return Response("", status_code=307, headers={"location": location}, cookies=cookies)
    return await on_from(request, house, visit, seat, answer, cookies)


def asked_in(data: Form) -> tuple[VariantId, str, int]:
    """Variant, key and units as a form sends them."""
    units = data.get("units", "1")
    try:
        variant = VariantId(UUID(data.get("variant", "")))
    except ValueError:
        raise BadRequest from None
    key = data.get("key", "")
    if not (16 <= len(key) <= 64 and key.isascii() and units.isascii() and units.isdigit()):
        raise BadRequest
    if not 0 < int(units) <= MOST_UNITS_AT_ONCE:
        raise BadRequest
    return variant, key, int(units)


async def on_from(
    request: Asked, house: House, visit: Visit, seat: Seat, answer: Answer, cookies: list[Cookie]
) -> Response[Any]:
    """Who has a unit or a place goes on to it; who has none is told why, and what can be done."""
    if answer.outcome in ("granted", "waiting"):
        return Response("", status_code=303, headers={"location": f"/claims/{answer.claim}"}, cookies=cookies)
    async with house.database.read() as db:
        deal = await deals.the_deal(db, seat.deal)
        lane = next(one for one in deal.lanes if one.id == seat.lane)
        had = await had_by(request, db, deal, seat)
        if answer.outcome == "over_limit" and had is not None:
            return Response("", status_code=303, headers={"location": f"/claims/{had.name}"}, cookies=cookies)
        view = await view_of(db, house, visit, None, deal, lane, answer.outcome)
    made = sheet(request, "buy/claim.html", view, visit, 409)
    made.cookies.extend(cookies)
    return made


async def had_by(request: Asked, db: Db, deal: Deal, seat: Seat) -> Claim | None:
    """What this browser has or waits for in a lane."""
    for mark in await marks_of(request):
        for one in await deals.claims_of(db, deal, mark):
            if one.lane == seat.lane and one.state in ("open", "whole", "waiting", "paid"):
                return one
    return None


@get("/deals/{deal:uuid}/mine")
async def have(request: Asked, house: House, deal: UUID) -> Response[Any]:
    """What this browser or account has or waits for in a deal; the room asks when something was offered."""
    found = []
    async with house.database.read() as db:
        known = await deals.the_deal(db, DealId(deal))
        variants = {lane.id: lane.variant for lane in known.lanes}
        for mark in await marks_of(request):
            for one in await deals.claims_of(db, known, mark):
                found.append(
                    {
                        "claim": one.name,
                        "variant": str(variants[one.lane]),
                        "state": state_now(one, db.now),
                        "place": await deals.place_of(db, one),
                        "until": one.until.isoformat() if one.until else None,
                        "href": f"/claims/{one.name}",
                    }
                )
    return Response({"claims": found}, headers={"cache-control": "private, no-store"})


def state_now(claim: Claim, now: datetime) -> str:
    """A unit that was not paid in time is gone for its buyer, a moment before it is gone from the books."""
    return "expired" if claim.state == "open" and claim.until and claim.until <= now else claim.state


@get("/claims/{name:str}")
async def look(
    request: Asked, house: House, visit: Visit, name: str, place: int = 0, waiting: int = -1
) -> Response[Any]:
    """On to the buy sheet, to the order, or how it stands. Asked with the place that is shown: nothing, until
    it changes."""
    async with house.database.read() as db:
        claim = await mine(request, db, name)
        if claim.state in ("whole", "paid") and claim.order is not None:
            secret = await orders.link_secret(db, claim.order)
            return Response("", status_code=303, headers={"location": f"/order/{secret}"})
        deal = await deals.deal_of(db, claim.lane)
        lane = next(one for one in deal.lanes if one.id == claim.lane)
        state = state_now(claim, db.now)
        if state == "open":
            asked = {"units": claim.units, "show": str(deal.show), "claim": claim.name}
            return Response(
                "", status_code=303, headers={"location": f"/buy/{lane.variant}?{urlencode(asked)}"}
            )
        if state == "waiting" and (await deals.place_of(db, claim), lane.waiting) == (place, waiting):
            return Response("", status_code=204)
        view = await view_of(db, house, visit, claim, deal, lane, state)
    return sheet(request, "buy/claim.html", view, visit)


async def view_of(
    db: Db, house: House, visit: Visit, claim: Claim | None, deal: Deal, lane: Lane, state: str
) -> ClaimView:
    product = (await catalog.products(db, [lane.product]))[lane.product]
    shop = await sellers.seller(db, deal.seller)
    place = await deals.place_of(db, claim) if claim else 0
    name = claim.name if claim else ""
    return ClaimView(
        name=product.names,
        shop=shop.name,
        image=first_image(product, visit.language),
        close=f"/room/{(await rooms.the_show(db, deal.show)).slug}",
        state=state,
        place=place,
        waiting=lane.waiting,
        price=await price_of(db, house, visit, claim.units if claim else 1, lane),
        give_up=f"/claims/{name}/give-up",
        usual=f"/buy/{lane.variant}?{urlencode({'show': str(deal.show)})}",
        limit=deal.limit,
        is_to_come=deal.phase(db.now) == "counting",
        wait=f"/claims/{name}?place={place}&waiting={lane.waiting}" if state == "waiting" else "",
        wait_seconds=min(30, 4 + lane.waiting // 100),
    )


async def price_of(db: Db, house: House, visit: Visit, units: int, lane: Lane) -> Money | None:
    """What it would cost, all in; none where it cannot be bought now."""
    market = market_now(visit)
    wanted = (await offers.gather(db, {lane.variant: units}, market)).get(lane.variant)
    if wanted is None:
        return None
    try:
        priced = at_deal_price(wanted, lane, market)
        return offers.whole([priced], market, house.scene.carriers.values(), at=db.now).offer.total
    except NotSoldHere:
        return None


@post("/claims/{name:str}/give-up")
async def give_up(request: Asked, house: House, user: User | None, name: str) -> Response[Any]:
    """The unit goes to the next in line, or the place in line is given up."""
    async with house.database.write(actor_of(user)) as tx:
        claim = await mine(request, tx, name)
        await deals.give_up(tx, claim)
        deal = await deals.deal_of(tx, claim.lane)
        show = await rooms.the_show(tx, deal.show)
    on = f"/claims/{claim.name}" if "x-fragment" in request.headers else f"/room/{show.slug}"
    return Response("", status_code=303, headers={"location": on})


ROUTES = (claim, have, look, give_up)
