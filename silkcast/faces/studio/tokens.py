# SPDX-License-Identifier: Apache-2.0
"""Tokens: keys for the seller's own programs. A secret is shown once."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from silkcast.faces.refusal_words import words_of
from silkcast.ground.ids import TokenId
from silkcast.ground.refusals import Invalid
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import SCOPES

from . import forms
from .desk import Desk, see, uuid_in
from .views import TokensView


@get("/tokens", name="studio.tokens")
async def show(desk: Desk) -> Response[str]:
    return await desk.page("tokens", await view_of(desk))


async def view_of(desk: Desk, secret: str = "", problem: str = "") -> TokensView:
    async with desk.read() as db:
        found = await identity.tokens(db, desk.shop.id)
    return TokensView(found, sorted(SCOPES), secret, problem)


@post("/tokens")
async def make(request: Request[Any, Any, Any], desk: Desk) -> Response[str]:
    form = await forms.form_of(request)
    said, scopes = forms.texts(form), forms.chosen(form, "scope")
    days = forms.whole(said.get("days", ""), 365)
    try:
        async with desk.write() as tx:
            made = await identity.make_token(
                tx, desk.user.id, desk.shop.id, name=said.get("name", ""), scopes=scopes, days=days
            )
    except Invalid as refusal:
        problem = words_of(refusal, desk.visit.language)
        return await desk.page("tokens", await view_of(desk, problem=problem), status=422)
    return await desk.page("tokens", await view_of(desk, secret=made.secret))


@post("/tokens/{id:str}/revoke")
async def revoke(desk: Desk, id: str) -> Redirect:
    async with desk.write() as tx:
        await identity.revoke_token(tx, desk.shop.id, TokenId(uuid_in(id)))
    return see("/studio/tokens")


HANDLERS = (show, make, revoke)
