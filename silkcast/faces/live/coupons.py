# SPDX-License-Identifier: Apache-2.0
"""Coupons of a room: shown as chips, claimed there and only while it is live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State

from silkcast.faces.asking import VISITOR, actor_of, count, user_of, visitor_of
from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.live.presence import topic
from silkcast.faces.live.views import CouponChip, CouponsView
from silkcast.faces.refusal_words import words_of
from silkcast.faces.render import render
from silkcast.faces.throttling import CHAT
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.flows.claiming import mark_of
from silkcast.ground.ids import CouponId, ShowId, new_secret
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Db
from silkcast.plumbing.wire import Hub
from silkcast.stage.deals import coupons
from silkcast.stage.deals.errors import CouponGone, CouponOver, CouponUsed, NoSuchCoupon
from silkcast.stage.deals.values import Coupon
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show
from silkcast.who.identity.values import User

Asked = Request[Any, Any, State]


async def marks_of(request: Asked, new: str = "") -> tuple[UUID, ...]:
    """By which digests this browser may have a coupon: as who it is now, and as the guest it was."""
    user = await user_of(request)
    visitor = request.cookies.get(VISITOR, "") or new
    return tuple(mark for mark in (user.id if user else None, mark_of(visitor) if visitor else None) if mark)


def off_words(coupon: Coupon, visit: Visit) -> str:
    """`10 % off`, or `€5.00 off` in this market; empty where it takes nothing off."""
    words = words_in(visit.language)
    f = Format.of(visit)
    if coupon.percent is not None:
        return words.gettext("%(percent)s%% off") % {"percent": f.number_text(coupon.percent)}
    off = next((amount for market, amount in coupon.amounts.items() if market == visit.market), None)
    return words.gettext("%(amount)s off") % {"amount": f.money_text(off)} if off else ""


async def view_of(db: Db, visit: Visit, show: Show, marks: Sequence[UUID], problem: str = "") -> CouponsView:
    """The open coupons that take something off in this market; those somebody has are theirs."""
    mine = {one.id for one, _ in await coupons.of_buyer(db, show.seller, marks)} if marks else set()
    chips = []
    for one in await coupons.of_show(db, show.id):
        words = off_words(one, visit)
        if not (show.is_live and words and (one.is_open(db.now) or one.id in mine)):
            continue
        left = max(0, one.total - one.claimed)
        action = f"/live/{show.id}/coupons/{one.id}"
        chips.append(CouponChip(one.code, words, left, action, new_secret(18), is_mine=one.id in mine))
    return CouponsView(str(show.id), tuple(chips), problem)


def drawn(view: CouponsView, visit: Visit, status: int = 200, cookie: Cookie | None = None) -> Response[str]:
    return Response(
        render("room/coupons.html", view, visit),
        status_code=status,
        media_type="text/html",
        headers={"cache-control": "private, no-store"},
        cookies=[cookie] if cookie else [],
    )


@get("/live/{show:uuid}/coupons")
async def look(request: Asked, house: House, visit: Visit, show: UUID) -> Response[str]:
    """The chips anew. A whole page of them is the room."""
    async with house.database.read() as db:
        found = await rooms.the_show(db, ShowId(show))
        if "x-fragment" not in request.headers:
            return Response("", status_code=303, headers={"location": f"/room/{found.slug}"})
        view = await view_of(db, visit, found, await marks_of(request))
    return drawn(view, visit)


@post("/live/{show:uuid}/coupons/{coupon:uuid}")
async def claim(
    request: Asked, house: House, visit: Visit, user: User | None, show: UUID, coupon: UUID
) -> Response[str]:
    """One for this browser or account, while the show is live. The same key again: the same one."""
    count(request, CHAT)
    visitor, cookie = visitor_of(request)
    form = await request.form()
    mark = user.id if user else mark_of(visitor)
    key = mark_of(f"coupon/{coupon}/{mark.int:x}/{str(form.get('key', ''))[:64]}")
    problem: Refusal | None = None
    try:
        async with house.database.write(actor_of(user)) as tx:
            found = await coupons.the_coupon(tx, CouponId(coupon))
            room = await rooms.the_show(tx, ShowId(show))
            if found.show != room.id:
                raise NoSuchCoupon
            if not room.is_live:
                raise CouponOver
            await coupons.claim(tx, found.id, mark, key=key, user=user.id if user else None)
            told = await coupons.the_coupon(tx, found.id)
        tell(house.hub, told)
    except (CouponOver, CouponGone, CouponUsed) as refusal:
        problem = refusal
    if "x-fragment" not in request.headers and problem is None:
        return Response(
            "",
            status_code=303,
            headers={"location": f"/room/{room.slug}"},
            cookies=[cookie] if cookie else [],
        )
    if problem is not None and "x-fragment" not in request.headers:
        raise problem
    async with house.database.read() as db:
        marks = await marks_of(request, visitor)
        said = words_of(problem, visit.language) if problem else ""
        view = await view_of(db, visit, await rooms.the_show(db, ShowId(show)), marks, said)
    return drawn(view, visit, 409 if problem else 201, cookie)


def tell(hub: Hub, coupon: Coupon) -> None:
    """The room hears that there is one, that one fewer is left, or that it was withdrawn."""
    left = max(0, coupon.total - coupon.claimed) if coupon.withdrawn_at is None else 0
    hub.publish(topic(coupon.show), "coupon", {"coupon": str(coupon.id), "left": left})


ROUTES = (look, claim)
