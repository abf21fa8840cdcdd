# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State

from silkcast.faces.asking import count, visitor_of
from silkcast.faces.house import House
from silkcast.faces.throttling import CHAT, LIKE
from silkcast.faces.visit import Visit
from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ShowId
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Db
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Saying
from silkcast.stage.deals import service as deals
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import NoSuchShow
from silkcast.stage.rooms.values import Show
from silkcast.who.closings import service as closings
from silkcast.who.identity.values import User

from . import moderating, room, translating
from .facts import deal_body
from .presence import Presence, topic
from .reading import is_json, sent
from .talk import Said, author_of, refused, speak
from .telling import line_body, speaking_body


@dataclass(frozen=True, slots=True)
class Liked:
    count: int = 1


@get("/live/{show:uuid}/state")
async def state(
    request: Request[Any, Any, State], house: House, presence: Presence, show: UUID
) -> Response[dict[str, Any]]:
    """The room as it is: what a page begins with, and fetches again when it missed something. A browser gets
    the key here by which it can claim later: the page itself is the same for all strangers."""
    if not await presence.knows(show):
        raise NoSuchShow()
    after = await house.hub.position(topic(show))
    async with house.database.read() as db:
        body = await snapshot(db, ShowId(show), presence)
    _, cookie = visitor_of(request)
    return Response(
        {"seq": after, **body},
        headers={"cache-control": "private, no-store"},
        cookies=[cookie] if cookie else [],
    )


async def snapshot(db: Db, show: ShowId, presence: Presence) -> dict[str, Any]:
    found = await rooms.the_show(db, show)
    pin = await rooms.pinned(db, show)
    products = await catalog.products(db, found.run)
    variants = [variant.id for product in products.values() for variant in product.variants]
    levels = await stock.levels(db, variants)
    deal = await deals.latest(db, show)
    note = await chat.pinned_line(db, show)
    return {
        "deal": deal_body(deal, db.now) if deal else None,
        "state": found.state,
        "has_picture": found.has_picture,
        "viewers": presence.viewers(show),
        "likes": found.likes,
        "pin": {"product": str(pin.product), "at": pin.pinned_at.isoformat()} if pin else None,
        "stock": {str(variant): level.free for variant, level in levels.items()},
        "chat": [line_body(line) for line in await chat.seen(db, show)],
        "pinned_line": line_body(note) if note else None,
        "closed": [one.market for one in await closings.all_open(db) if one.holds(db.now)],
        "speaking": speaking_body(await chat.speaking(db, show)),
    }


@post("/live/{show:uuid}/chat", status_code=201)
async def say(
    request: Request[Any, Any, State],
    house: House,
    presence: Presence,
    visit: Visit,
    user: User | None,
    show: UUID,
) -> Response[Any]:
    """Say a line. A held one looks shown to its author, and waits for the host."""
    key, cookie = visitor_of(request)
    cookies = [cookie] if cookie else []
    try:
        count(request, CHAT)
        data = await sent(request, Said)
        if not await presence.knows(show):
            raise NoSuchShow()
        saying = Saying(author_of(user, data.name, key), data.text, visit.language, visit.market)
        answered = await speak(house, ShowId(show), saying, key)
    except Refusal as refusal:
        if not is_json(request):
            raise
        answered = refused(refusal, visit.language)
    if is_json(request):
        kind = "application/json" if answered.status < 400 else "application/problem+json"
        return Response(
            answered.body,
            status_code=answered.status,
            headers=answered.headers,
            cookies=cookies,
            media_type=kind,
        )
    async with house.database.read() as db:
        return back_to(await rooms.the_show(db, ShowId(show)), cookies)


@post("/live/{show:uuid}/like")
async def like(
    request: Request[Any, Any, State], house: House, presence: Presence, show: UUID
) -> Response[Any]:
    """Likes are gathered and told once a second."""
    count(request, LIKE)
    data = await sent(request, Liked)
    if not await presence.knows(show):
        raise NoSuchShow()
    presence.like(show, data.count)
    if is_json(request):
        return Response(None, status_code=204)
    async with house.database.read() as db:
        return back_to(await rooms.the_show(db, ShowId(show)), [])


def back_to(show: Show, cookies: list[Cookie]) -> Response[Any]:
    return Response("", status_code=303, headers={"location": f"/room/{show.slug}"}, cookies=cookies)


ROUTES = (state, say, like, *room.ROUTES, *moderating.ROUTES, *translating.ROUTES)
