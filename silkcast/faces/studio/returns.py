# SPDX-License-Identifier: Apache-2.0
"""Returns: what buyers want to give back, and the seller's answer before the clock gives its own."""

from __future__ import annotations

from typing import Any, cast

from litestar import Request, Response, get, post

from silkcast.faces.refusal_words import words_of
from silkcast.faces.spreadsheet import as_csv
from silkcast.ground.ids import ReturnId
from silkcast.ground.refusals import Conflict
from silkcast.plumbing.db import Db
from silkcast.trade.orders import service as orders
from silkcast.trade.returns import service as returns
from silkcast.trade.returns.values import Condition

from . import forms
from .desk import Desk, see, uuid_in
from .return_views import ReturnsView, ReturnView

STATES = ("asked", "accepted", "declined", "sent_back", "received", "refunded", "closed")
CONDITIONS = ("as_new", "worn", "damaged", "incomplete")


@get("/returns", name="studio.returns")
async def show(desk: Desk, stage: str = "", q: str = "", after: str = "") -> Response[str]:
    wanted = stage if stage in STATES else ""
    async with desk.read() as db:
        found = await returns.returns(
            db, seller=desk.shop.id, state=wanted or None, text=q or None, after=after or None, limit=25
        )
    return await desk.page("returns", ReturnsView(found.items, wanted, q, found.next or ""))


@get("/returns.csv", name="studio.returns.csv")
async def export(desk: Desk) -> Response[bytes]:
    async with desk.read() as db:
        found = await returns.returns(db, seller=desk.shop.id, limit=200)
    lines = [
        (
            one.number,
            one.market,
            one.reason,
            one.state,
            one.asked_at.isoformat(),
            one.currency,
            one.total.amount,
        )
        for one in found.items
    ]
    return as_csv("returns", ("order", "market", "reason", "state", "asked", "currency", "money"), lines)


@get("/returns/{id:str}", name="studio.return")
async def one(desk: Desk, id: str) -> Response[str]:
    async with desk.read() as db:
        view = await return_view(db, desk, ReturnId(uuid_in(id)), "")
    return await desk.page("return", view)


async def return_view(db: Db, desk: Desk, id: ReturnId, problem: str) -> ReturnView:
    found = await returns.returning(db, id, seller=desk.shop.id)
    order = await orders.order(db, found.order, seller=desk.shop.id)
    lines = {line.id: line for line in order.lines}
    things = [(lines[part.line].name, lines[part.line].options, part.units) for part in found.parts]
    return ReturnView(found, order, things, problem)


@post("/returns/{id:str}/answer")
async def answer(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    accept, note = form.get("answer") == "yes", form.get("note", "")
    try:
        async with desk.write() as tx:
            asked = await returns.returning(tx, ReturnId(uuid_in(id)), seller=desk.shop.id)
            await returns.answer(tx, asked.id, accept=accept, note=note)
    except Conflict as refusal:
        return await refused(desk, id, words_of(refusal, desk.visit.language))
    return see(f"/studio/returns/{id}")


@post("/returns/{id:str}/received")
async def received(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    given = form.get("condition", "as_new")
    condition = cast(Condition, given if given in CONDITIONS else "as_new")
    try:
        async with desk.write() as tx:
            back = await returns.returning(tx, ReturnId(uuid_in(id)), seller=desk.shop.id)
            await returns.note_received(tx, back.id, condition)
    except Conflict as refusal:
        return await refused(desk, id, words_of(refusal, desk.visit.language))
    return see(f"/studio/returns/{id}")


async def refused(desk: Desk, id: str, problem: str) -> Response[str]:
    async with desk.read() as db:
        view = await return_view(db, desk, ReturnId(uuid_in(id)), problem)
    return await desk.page("return", view, status=409)


HANDLERS = (show, export, one, answer, received)
