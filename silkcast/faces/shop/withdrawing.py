# SPDX-License-Identifier: Apache-2.0
"""Withdrawing: the buyer's button where the law has one. Two steps, by the order's link, without a log-in."""

from __future__ import annotations

from litestar import Response, get, post

from silkcast.faces.asking import actor_of, page
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.buying import masked
from silkcast.faces.shop.journey import things
from silkcast.faces.shop.order_views import WithdrawView
from silkcast.faces.shop.paying import QUIET, quiet
from silkcast.faces.visit import Visit
from silkcast.flows import withdrawing
from silkcast.ground.clock import day
from silkcast.ground.refusals import Conflict, NotFound, Refusal
from silkcast.plumbing.db import Db
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.returns import service as returns
from silkcast.trade.returns import withdrawing as withdrawals
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers


@get("/order/{secret:str}/withdraw")
async def ask(house: House, visit: Visit, secret: str) -> Response[str]:
    """The statement as it will stand, with the button that makes it; once made, its acknowledgement."""
    async with house.database.read() as db:
        order = await orders.by_secret(db, secret)
        if not withdrawing.is_offered(markets.market(order.market, day(order.placed_at)), day(db.now)):
            raise NotFound
        view = await view_of(db, order, secret, visit)
    return quiet(page("order/withdraw.html", view, visit, is_listed=False))


@post("/order/{secret:str}/withdraw")
async def confirm(house: House, visit: Visit, user: User | None, secret: str) -> Response[str]:
    try:
        async with house.database.write(actor_of(user)) as tx:
            await withdrawing.withdraw(tx, await orders.by_secret(tx, secret))
    except Conflict as refusal:
        async with house.database.read() as db:
            order = await orders.by_secret(db, secret)
            view = await view_of(db, order, secret, visit, refusal=refusal)
        return quiet(page("order/withdraw.html", view, visit, status=409, is_listed=False))
    return Response("", status_code=303, headers={"location": f"/order/{secret}/withdraw", **QUIET})


async def view_of(
    db: Db, order: Order, secret: str, visit: Visit, *, refusal: Refusal | None = None
) -> WithdrawView:
    shop = await sellers.seller(db, order.seller)
    open_returns = (await returns.of_orders(db, [order.id])).get(order.id, ())
    going = next((one for one in open_returns if one.state not in ("declined", "closed")), None)
    contact = order.buyer.email or order.buyer.phone
    return WithdrawView(
        number=order.number,
        name=order.buyer.name,
        contact=masked(contact) if contact else "",
        shop=shop.name,
        things=await things(db, order, visit),
        action=f"/order/{secret}/withdraw",
        back=f"/order/{secret}",
        withdrawn_at=await withdrawals.withdrawn_at(db, order.id),
        problem=words_of(refusal, visit.language) if refusal else "",
        next=f"/order/{secret}/returns/{going.id}" if going else "",
    )


ROUTES = (ask, confirm)
