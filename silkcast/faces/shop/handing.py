# SPDX-License-Identifier: Apache-2.0
"""Handing: a claim that was entered out of a chat, and the browser of whoever got its link.

Opening the link changes nothing: messengers open every link to draw a little picture of it. The claim is
taken by a press of the button.
"""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.datastructures import Cookie

from silkcast.faces.asking import YEAR, actor_of, count, visitor_of
from silkcast.faces.house import House
from silkcast.faces.shop.basket import claim_in
from silkcast.faces.shop.buy import Asked, marks_of, sheet
from silkcast.faces.shop.buy_views import TakeView
from silkcast.faces.shop.claims import state_now, view_of
from silkcast.faces.throttling import TAKE
from silkcast.faces.visit import Visit
from silkcast.flows.claiming import mark_of
from silkcast.goods.catalog import service as catalog
from silkcast.plumbing.db import Db
from silkcast.stage.deals import handing
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import ClaimTaken, NoSuchClaim
from silkcast.stage.deals.values import Claim, LaneId
from silkcast.who.identity.values import User

QUIET = {"referrer-policy": "no-referrer"}
"""The address is the key to the claim: no other site hears it."""


async def handed(db: Db, name: str, word: str) -> Claim:
    named = claim_in(name)
    if named is None:
        raise NoSuchClaim
    return await handing.claim_by(db, LaneId(named[0]), named[1], word)


@get("/claims/{name:str}/take/{word:str}")
async def look(request: Asked, house: House, visit: Visit, name: str, word: str) -> Response[Any]:
    """What is offered, at its whole price; or, for who has it already, on to it."""
    count(request, TAKE)
    async with house.database.read() as db:
        claim = await handed(db, name, word)
        if await handing.belongs(db, claim, await marks_of(request)):
            return Response("", status_code=303, headers={"location": f"/claims/{claim.name}", **QUIET})
        if await handing.taken_among(db, [(claim.lane, claim.number)]):
            raise ClaimTaken
        view = await take_view(db, house, visit, claim, word)
    template = "buy/take.html" if isinstance(view, TakeView) else "buy/claim.html"
    made = sheet(request, template, view, visit)
    made.headers.update(QUIET)
    return made


async def take_view(db: Db, house: House, visit: Visit, claim: Claim, word: str) -> Any:
    """The offer; or, where its time is over, the page that says so."""
    deal = await deals.deal_of(db, claim.lane)
    lane = next(one for one in deal.lanes if one.id == claim.lane)
    state = state_now(claim, db.now)
    view = await view_of(db, house, visit, claim, deal, lane, state)
    if state not in ("open", "waiting"):
        return view
    of = (await catalog.variants(db, [lane.variant]))[lane.variant]
    until = claim.until if state == "open" else None
    return TakeView(
        name=view.name,
        shop=view.shop,
        image=view.image,
        close=view.close,
        what=of.variant.label(visit.language),
        units=claim.units,
        price=view.price,
        here=f"/claims/{claim.name}/take/{word}",
        place=view.place,
        waiting=view.waiting,
        held_until=until,
        held_seconds=max(0, int((until - db.now).total_seconds())) if until else 0,
    )


@post("/claims/{name:str}/take/{word:str}")
async def take(
    request: Asked, house: House, visit: Visit, user: User | None, name: str, word: str
) -> Response[Any]:
    """This browser or account has the claim from now on."""
    count(request, TAKE)
    visitor, cookie = visitor_of(request)
    async with house.database.write(actor_of(user)) as tx:
        claim = await handed(tx, name, word)
        mark = user.id if user else mark_of(visitor)
        await handing.take(tx, claim, mark, user.id if user else None)
    cookies = [cookie] if cookie else []
    if request.cookies.get("market") != visit.market:  # the price they said yes to is of this market
        secure = house.site.is_secure
        cookies.append(
            Cookie("market", value=visit.market, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
        )
    headers = {"location": f"/claims/{claim.name}", **QUIET}
    return Response("", status_code=303, headers=headers, cookies=cookies)


ROUTES = (look, take)
