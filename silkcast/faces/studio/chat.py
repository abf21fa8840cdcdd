# SPDX-License-Identifier: Apache-2.0
"""Chat: the host's hand over it during a show: lines, bans, pace, words, moderators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, post

from silkcast.faces.live import keeping
from silkcast.faces.live.keeping import HOST
from silkcast.ground.ids import BanId, LineId, ModeratorId, ShowId
from silkcast.plumbing.db import Db
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Saying
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show

from . import forms
from .desk import Desk, see, uuid_in


@dataclass(frozen=True, slots=True)
class NamedView:
    """studio/moderator.html and live_named.html: the link of a moderator just named, seen once."""

    show: Show
    name: str
    link: str


async def done(request: Request[Any, Any, Any], id: str) -> Response[Any]:
    """Scripts get a nod, browsers without script the desk again."""
    if request.headers.get("x-fragment"):
        return Response("", status_code=204)
    return see(f"/studio/shows/{id}/live")


async def show_of(db: Db, desk: Desk, id: str) -> Show:
    return await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)


@post("/shows/{id:str}/say")
async def say(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    text = forms.texts(await forms.form_of(request)).get("text", "")
    async with desk.read() as db:
        show = await show_of(db, desk, id)
    host = Author("host", str(desk.shop.id), desk.shop.name.text(desk.visit.language), desk.user.id)
    if text:
        await desk.house.gatherer.say(show.id, Saying(host, text, desk.visit.language))
    return await done(request, id)


@post("/shows/{id:str}/lines/{line:str}/{verb:str}")
async def line_deed(
    request: Request[Any, Any, Any], desk: Desk, id: str, line: str, verb: str
) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    async with desk.write() as tx:
        show = await show_of(tx, desk, id)
        await keeping.line_deed(tx, show, HOST, LineId(uuid_in(line)), verb, form)
    return await done(request, id)


@post("/shows/{id:str}/unpin-line")
async def unpin_line(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    async with desk.write() as tx:
        await keeping.unpin(tx, await show_of(tx, desk, id), HOST)
    return await done(request, id)


@post("/shows/{id:str}/bans/{ban:str}/lift")
async def lift(request: Request[Any, Any, Any], desk: Desk, id: str, ban: str) -> Response[Any]:
    async with desk.write() as tx:
        await keeping.lift(tx, await show_of(tx, desk, id), HOST, BanId(uuid_in(ban)))
    return await done(request, id)


@post("/shows/{id:str}/speaking")
async def speaking(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    async with desk.write() as tx:
        await keeping.allow(tx, await show_of(tx, desk, id), HOST, form)
    return await done(request, id)


@post("/shows/{id:str}/words")
async def words(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    """Add a word to the shop's list, or take one off."""
    form = forms.texts(await forms.form_of(request))
    async with desk.write() as tx:
        await show_of(tx, desk, id)
        if gone := form.get("remove"):
            await chat.remove_word(tx, desk.shop.id, gone)
        else:
            await chat.add_word(tx, desk.shop.id, form.get("word", ""))
    return await done(request, id)


@post("/shows/{id:str}/moderators")
async def name_moderator(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    """The link is in this answer and in no other."""
    form = await forms.form_of(request)
    typed = forms.texts(form)
    async with desk.write() as tx:
        show = await show_of(tx, desk, id)
        where = None if typed.get("where") == "shop" else show.id
        made = await chat.name_moderator(
            tx, desk.shop.id, where, name=typed.get("name", ""), rights=forms.chosen(form, "right")
        )
    link = f"{desk.house.site.address}/moderate/with/{made.secret}"
    view = NamedView(show, made.moderator.name, link)
    if request.headers.get("x-fragment"):
        return desk.part("live_named", view)
    return await desk.page("moderator", view)


@post("/shows/{id:str}/moderators/{moderator:str}/dismiss")
async def dismiss(request: Request[Any, Any, Any], desk: Desk, id: str, moderator: str) -> Response[Any]:
    async with desk.write() as tx:
        await show_of(tx, desk, id)
        await chat.dismiss(tx, desk.shop.id, ModeratorId(uuid_in(moderator)))
    return await done(request, id)


HANDLERS = (say, line_deed, unpin_line, lift, speaking, words, name_moderator, dismiss)
