# SPDX-License-Identifier: Apache-2.0
"""One tap: a unit that was granted becomes an order at once, for who switched that on and saw the price.

It is for ways to pay that need nothing more to be asked: today cash at the door. The button says what is owed
and the page sends that sum along; another price is refused and shown in the buy sheet first. The order may be
called off until it is packed. Where customs asks for a number of the receiver's, it is ordered in the buy
sheet, unless this browser was told the number a moment ago.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litestar import Response, post

from silkcast.faces.asking import count
from silkcast.faces.house import House
from silkcast.faces.shop.basket import COOKIE, Basket, receiver_in
from silkcast.faces.shop.buy import Asked, Form, marks_of, place, shown, spent
from silkcast.faces.shop.buying import lay
from silkcast.faces.shop.claims import mine
from silkcast.faces.shop.paying import QUIET
from silkcast.faces.shop.pieces import market_now
from silkcast.faces.throttling import CLAIM
from silkcast.faces.visit import Visit
from silkcast.flows.checkout import Outcome, Wish
from silkcast.flows.claiming import ClaimOf
from silkcast.ground.money import Money
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import ClaimOver
from silkcast.stage.deals.values import Claim
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer
from silkcast.who.identity import one_tap
from silkcast.who.identity.values import OneTap, User


@post("/claims/{name:str}/order")
async def order(
    request: Asked, house: House, visit: Visit, user: User | None, name: str, data: Form
) -> Response[Any]:
    """Asked right after the press that was granted a unit. Where one tap is not switched on, or no price was
    shown, it leads on to the buy sheet. The same claim again is the same order."""
    count(request, CLAIM)
    seen = shown(data, visit)
    async with house.database.read() as db:
        claim = await mine(request, db, name)
        if claim.state in ("whole", "paid") and claim.order is not None:
            return on_to(f"/order/{await orders.link_secret(db, claim.order)}/ordered")
        saved = await one_tap.of_user(db, user.id, market_now(visit).code) if user else None
        numbers = numbers_in(request, house, visit)
        if (
            user is None
            or saved is None
            or seen is None
            or claim.state != "open"
            or not numbers.keys() >= needed(visit)
        ):
            return on_to(f"/claims/{claim.name}")
        deal = await deals.deal_of(db, claim.lane)
        lane = next(one for one in deal.lanes if one.id == claim.lane)
        basket = Basket(
            lane.variant, claim.units, payment=saved.method, show=str(deal.show), claim=claim.name
        )
        try:
            table = await lay(db, basket, visit, await marks_of(request))
        except ClaimOver:
            return on_to(f"/claims/{claim.name}")
    basket = replace(basket, coupon=table.coupon.name)
    wish = await wish_of(request, visit, user, claim, basket, saved, seen)
    wish = replace(wish, numbers=numbers)
    placed = await place(request, house, visit, user, basket, wish, key=f"one-tap/{claim.name}")
    return on_to(f"/order/{placed.secret}/ordered") if isinstance(placed, Outcome) else placed


def numbers_in(request: Asked, house: House, visit: Visit) -> Mapping[str, str]:
    """Customs' numbers, as given in this browser a while ago. The account keeps none of them."""
    typed = receiver_in(house.database.vault, request.cookies.get(COOKIE, ""), market_now(visit).code)
    return typed.numbers if typed else {}


def needed(visit: Visit) -> set[str]:
    """What customs there may want of this order: without it, the order is finished in the buy sheet."""
    return {one.code for one in market_now(visit).recipient if one.asked != "by_customs"}


async def wish_of(
    request: Asked, visit: Visit, user: User, claim: Claim, basket: Basket, saved: OneTap, seen: Money
) -> Wish:
    address = saved.address
    return Wish(
        want={basket.variant: basket.units},
        market=market_now(visit),
        language=visit.language,
        buyer=Buyer(address.name, saved.email, address.phone, user.id),
        ship_to=address,
        delivery="",
        method=saved.method,
        shown=seen,
        show=basket.show_id,
        claim=ClaimOf(claim.lane, claim.number, claim.buyer),
        coupon=await spent(request, basket),
    )


def on_to(path: str) -> Response[Any]:
    return Response("", status_code=303, headers={"location": path, **QUIET})


ROUTES = (order,)
