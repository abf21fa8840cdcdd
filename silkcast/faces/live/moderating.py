# SPDX-License-Identifier: Apache-2.0
"""Moderating: a room's chat for those whom the seller named, and the link that makes them so. No takings, no
keys, no stock: who asks for those is somebody else's guest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.response import Stream

from silkcast.faces.asking import actor_of, known_user, page
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.ground.ids import BanId, LineId, ShowId
from silkcast.ground.language import Words
from silkcast.plumbing.db import Db
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Moderator, Saying
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show
from silkcast.who.identity.values import User
from silkcast.who.sellers import service as sellers

from . import keeping
from .keeping import ChatView, Keeper, chat_view
from .presence import keeper_topic, topic

PARTS = ("chat", "held", "keeping")


@dataclass(frozen=True, slots=True)
class ModerateView:
    """room/moderate.html: the chat alone, for a moderator."""

    show: Show
    shop: Words
    chat: ChatView


@dataclass(frozen=True, slots=True)
class InvitedView:
    """room/invited.html: what a link offers. Posts to `action`."""

    shop: Words
    show: Words | None
    name: str
    rights: frozenset[str]
    action: str


async def keeper_of(db: Db, user: User, show: Show) -> Keeper:
    rights = await chat.may(db, user.id, show.seller, show.id)
    named = await chat.moderating(db, user.id)
    return Keeper(rights, of_shop=any(one.seller == show.seller and one.show is None for one in named))


@get("/moderate/{show:uuid}")
async def moderate(house: House, visit: Visit, user: User | None, show: UUID) -> Response[str]:
    """The chat of a show, for who keeps order in it."""
    view = await _view(house, await known_user(user), show)
    return page("room/moderate.html", view, visit, is_listed=False)


@get("/moderate/{show:uuid}/part/{part:str}")
async def moderate_part(
    house: House, visit: Visit, user: User | None, show: UUID, part: str
) -> Response[str]:
    """One piece of the page, drawn again."""
    view = await _view(house, await known_user(user), show)
    return page(f"studio/live_{part if part in PARTS else 'chat'}.html", view, visit)


async def _view(house: House, user: User, show: UUID) -> ModerateView:
    async with house.database.read() as db:
        found = await rooms.the_show(db, ShowId(show))
        keeper = await keeper_of(db, user, found)
        seller = await sellers.seller(db, found.seller)
        return ModerateView(found, seller.name, await chat_view(db, found, keeper, f"/moderate/{show}"))


@get("/moderate/{show:uuid}/events")
async def moderate_events(house: House, user: User | None, show: UUID) -> Stream:
    """What the room hears, and held lines."""
    person = await known_user(user)
    async with house.database.read() as db:
        await keeper_of(db, person, await rooms.the_show(db, ShowId(show)))
    return Stream(
        keeping.heard(house.hub, (topic(show), keeper_topic(show))),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@post("/moderate/{show:uuid}/say")
async def moderate_say(
    request: Request[Any, Any, State], house: House, visit: Visit, user: User | None, show: UUID
) -> Response[Any]:
    person = await known_user(user)
    async with house.database.read() as db:
        await keeper_of(db, person, await rooms.the_show(db, ShowId(show)))
    author = Author("viewer", str(person.id), person.name, person.id)
    text = (await _form(request)).get("text", "")
    await house.gatherer.say(ShowId(show), Saying(author, text, visit.language, visit.market))
    return _done(request, show)


@post("/moderate/{show:uuid}/lines/{line:uuid}/{verb:str}")
async def moderate_line(
    request: Request[Any, Any, State], house: House, user: User | None, show: UUID, line: UUID, verb: str
) -> Response[Any]:
    """Hide, show, pin, ban."""
    person, form = await known_user(user), await _form(request)
    async with house.database.write(actor_of(person)) as tx:
        found = await rooms.the_show(tx, ShowId(show))
        keeper = await keeper_of(tx, person, found)
        await keeping.line_deed(tx, found, keeper, LineId(line), verb, form)
    return _done(request, show)


@post("/moderate/{show:uuid}/unpin-line")
async def moderate_unpin(
    request: Request[Any, Any, State], house: House, user: User | None, show: UUID
) -> Response[Any]:
    person = await known_user(user)
    async with house.database.write(actor_of(person)) as tx:
        found = await rooms.the_show(tx, ShowId(show))
        await keeping.unpin(tx, found, await keeper_of(tx, person, found))
    return _done(request, show)


@post("/moderate/{show:uuid}/bans/{ban:uuid}/lift")
async def moderate_lift(
    request: Request[Any, Any, State], house: House, user: User | None, show: UUID, ban: UUID
) -> Response[Any]:
    person = await known_user(user)
    async with house.database.write(actor_of(person)) as tx:
        found = await rooms.the_show(tx, ShowId(show))
        await keeping.lift(tx, found, await keeper_of(tx, person, found), BanId(ban))
    return _done(request, show)


@post("/moderate/{show:uuid}/speaking")
async def moderate_speaking(
    request: Request[Any, Any, State], house: House, user: User | None, show: UUID
) -> Response[Any]:
    person, form = await known_user(user), await _form(request)
    async with house.database.write(actor_of(person)) as tx:
        found = await rooms.the_show(tx, ShowId(show))
        await keeping.allow(tx, found, await keeper_of(tx, person, found), form)
    return _done(request, show)


@get("/moderate/with/{secret:str}")
async def invited(house: House, visit: Visit, user: User | None, secret: str) -> Response[str]:
    """What the link offers; who is not logged in does that first."""
    await known_user(user)
    async with house.database.read() as db:
        found = await chat.invitation(db, secret)
        seller = await sellers.seller(db, found.seller)
        show = await rooms.the_show(db, found.show) if found.show else None
    view = InvitedView(
        seller.name,
        show.titles if show else None,
        found.name,
        frozenset(found.rights),
        f"/moderate/with/{secret}",
    )
    return page("room/invited.html", view, visit, is_listed=False)


@post("/moderate/with/{secret:str}")
async def accept(house: House, user: User | None, secret: str) -> Response[Any]:
    person = await known_user(user)
    async with house.database.write(actor_of(person)) as tx:
        await chat.accept(tx, secret, person.id)
    return Response("", status_code=303, headers={"location": "/you"})


async def kept_shows(db: Db, user: User) -> tuple[Show, ...]:
    """The shows, live and to come, in which this person keeps order."""
    found: dict[ShowId, Show] = {}
    for one in await chat.moderating(db, user.id):
        for show in await _shows_of(db, one):
            found.setdefault(show.id, show)
    return tuple(found.values())


async def _shows_of(db: Db, named: Moderator) -> tuple[Show, ...]:
    if named.show is not None:
        show = await rooms.the_show(db, named.show)
        return () if show.state == "ended" else (show,)
    live = await rooms.live_now(db, seller=named.seller)
    return (*live, *await rooms.upcoming(db, seller=named.seller, limit=5))


async def _form(request: Request[Any, Any, State]) -> dict[str, str]:
    form = await request.form()
    return {name: value.strip() for name, value in form.multi_items() if isinstance(value, str)}


def _done(request: Request[Any, Any, State], show: UUID) -> Response[Any]:
    """Scripts get a nod, browsers without script the page again."""
    if request.headers.get("x-fragment"):
        return Response("", status_code=204)
    return Response("", status_code=303, headers={"location": f"/moderate/{show}"})


ROUTES = (
    moderate,
    moderate_part,
    moderate_events,
    moderate_say,
    moderate_line,
    moderate_unpin,
    moderate_lift,
    moderate_speaking,
    invited,
    accept,
)
