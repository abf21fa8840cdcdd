# SPDX-License-Identifier: Apache-2.0
"""Coupons: made for one show, by the host, at the live desk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post

from silkcast.faces.live.coupons import tell
from silkcast.goods.catalog import service as catalog
from silkcast.ground.ids import CouponId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import Invalid
from silkcast.plumbing.db import Db
from silkcast.stage.deals import coupons
from silkcast.stage.deals.errors import BadCoupon
from silkcast.stage.deals.values import NewCoupon
from silkcast.stage.rooms.values import Show
from silkcast.who.markets import service as markets

from . import forms, selling
from .chat import done
from .deal_views import CouponView
from .deals import show_of
from .desk import Desk, see, uuid_in
from .launching import money_in, problem_of

CODE = re.compile(r"[A-Z0-9]{3,20}")
Asked = Request[Any, Any, Any]


@get("/shows/{id:str}/coupons/new", name="studio.coupon.new")
async def ask(desk: Desk, id: str) -> Response[str]:
    async with desk.read() as db:
        view = await view_of(db, desk, await show_of(db, desk, id), {})
    return await desk.page("coupon_new", view)


async def view_of(db: Db, desk: Desk, show: Show, said: Mapping[str, str], problem: str = "") -> CouponView:
    base = f"/studio/shows/{show.id}"
    run = await catalog.products(db, show.run)
    sold = await selling.priced_in(db, selling.variants_of(run.values())) or await selling.sold_in(db, desk)
    shown = [(market.code, market.currency) for market in selling.split(desk, sold)[0]]
    return CouponView(show, f"{base}/coupons", f"{base}/live", said, shown, problem)


@post("/shows/{id:str}/coupons")
async def make(request: Asked, desk: Desk, id: str) -> Response[Any]:
    said = forms.texts(await forms.form_of(request))
    async with desk.read() as db:
        show = await show_of(db, desk, id)
        try:
            new = read(db, desk, said)
        except BadCoupon as refusal:
            return await again(desk, show, said, refusal)
    try:
        async with desk.write() as tx:
            made = await coupons.make(tx, desk.shop.id, show.id, new)
        tell(desk.house.hub, made)
    except Invalid as refusal:
        return await again(desk, show, said, refusal)
    return see(f"/studio/shows/{id}/live")


async def again(desk: Desk, show: Show, said: Mapping[str, str], refusal: Invalid) -> Response[str]:
    async with desk.read() as db:
        view = await view_of(db, desk, show, said, problem_of(refusal, desk.visit.language))
    return await desk.page("coupon_new", view, status=422)


def read(db: Db, desk: Desk, said: Mapping[str, str]) -> NewCoupon:
    """The coupon as typed, or `BadCoupon`."""
    code = said.get("code", "").upper()
    if not CODE.fullmatch(code):
        raise BadCoupon("code")
    amounts: dict[Country, Money] = {}
    for market in markets.markets(desk.visit.today):
        typed = said.get(f"off-{market.code}", "")
        money = money_in(typed, market.currency) if typed else None
        if typed and money is None:
            raise BadCoupon("amounts")
        if money is not None:
            amounts[market.code] = money
    percent = said.get("percent", "")
    minutes = min(max(forms.whole(said.get("minutes", ""), 15), 1), 600)
    return NewCoupon(
        code,
        total=forms.whole(said.get("total", "")),
        starts_at=db.now,
        ends_at=db.now + timedelta(minutes=minutes),
        per_person=forms.whole(said.get("per_person", ""), 1),
        percent=forms.whole(percent) if percent else None,
        amounts=amounts,
        stacks=bool(said.get("stacks")),
    )


@post("/shows/{id:str}/coupons/{coupon:str}/withdraw")
async def withdraw(request: Asked, desk: Desk, id: str, coupon: str) -> Response[Any]:
    """Nobody claims it any more; who has it keeps it."""
    async with desk.write() as tx:
        await show_of(tx, desk, id)
        gone = await coupons.withdraw(tx, CouponId(uuid_in(coupon)), desk.shop.id)
    tell(desk.house.hub, gone)
    return await done(request, id)


HANDLERS = (ask, make, withdraw)
