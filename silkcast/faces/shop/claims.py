# SPDX-License-Identifier: Apache-2.0
"""Claims: what became of a tap in the rush. A granted one is finished in the buy sheet; one in line says its
place; one whose time is over says so, and what can be done."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.shop.basket import claim_in
from silkcast.faces.shop.buy import Asked, marks_of, sheet
from silkcast.faces.shop.buy_views import ClaimView
from silkcast.faces.shop.pieces import first_image, market_now
from silkcast.faces.visit import Visit
from silkcast.flows import offers
from silkcast.flows.claiming import at_deal_price
from silkcast.goods.catalog import service as catalog
from silkcast.ground.money import Money
from silkcast.plumbing.db import Db
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import NoSuchClaim
from silkcast.stage.deals.values import Claim, Deal, Lane, LaneId
from silkcast.stage.rooms import service as rooms
from silkcast.trade.orders import service as orders
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.identity.values import User
from silkcast.who.sellers import service as sellers


async def mine(request: Asked, db: Db, name: str) -> Claim:
    """A claim of this browser or account, or `NoSuchClaim`: no hint of another's."""
    named = claim_in(name)
    if named is None:
        raise NoSuchClaim
    claim = await deals.claim(db, LaneId(named[0]), named[1])
    if claim.buyer not in await marks_of(request):
        raise NoSuchClaim
    return claim


@get("/claims/{name:str}")
async def look(request: Asked, house: House, visit: Visit, name: str) -> Response[Any]:
    """On to the buy sheet, to the order, or how it stands."""
    async with house.database.read() as db:
        claim = await mine(request, db, name)
        if claim.state in ("whole", "paid") and claim.order is not None:
            secret = await orders.link_secret(db, claim.order)
            return Response("", status_code=303, headers={"location": f"/order/{secret}"})
        deal = await deals.deal_of(db, claim.lane)
        lane = next(one for one in deal.lanes if one.id == claim.lane)
        if claim.state == "open":
            asked = {"units": claim.units, "show": str(deal.show), "claim": claim.name}
            return Response(
                "", status_code=303, headers={"location": f"/buy/{lane.variant}?{urlencode(asked)}"}
            )
        view = await view_of(db, house, visit, claim, deal, lane)
    return sheet(request, "buy/claim.html", view, visit)


async def view_of(db: Db, house: House, visit: Visit, claim: Claim, deal: Deal, lane: Lane) -> ClaimView:
    product = (await catalog.products(db, [lane.product]))[lane.product]
    shop = await sellers.seller(db, deal.seller)
    return ClaimView(
        name=product.names,
        shop=shop.name,
        image=first_image(product, visit.language),
        close=f"/room/{(await rooms.the_show(db, deal.show)).slug}",
        state=claim.state,
        place=await deals.place_of(db, claim),
        waiting=lane.waiting,
        price=await price_of(db, house, visit, claim, lane),
        give_up=f"/claims/{claim.name}/give-up",
        usual=f"/buy/{lane.variant}?{urlencode({'show': str(deal.show)})}",
        is_over=deal.phase(db.now) == "over",
    )


async def price_of(db: Db, house: House, visit: Visit, claim: Claim, lane: Lane) -> Money | None:
    """What it would cost, all in; none where it cannot be bought now."""
    market = market_now(visit)
    wanted = (await offers.gather(db, {lane.variant: claim.units}, market)).get(lane.variant)
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
    return Response("", status_code=303, headers={"location": f"/room/{show.slug}"})


ROUTES = (look, give_up)
