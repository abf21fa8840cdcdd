# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State

from silkcast.faces.asking import actor_of, visitor_of
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ShowId
from silkcast.plumbing.db import Db
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import WrongState
from silkcast.who.identity.values import User

from .presence import Presence, topic
from .telling import line_body


@dataclass(frozen=True, slots=True)
class Said:
    """What a viewer says, and the name they go by."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Liked:
    count: int = 1


@get("/live/{show:uuid}/state")
async def state(house: House, presence: Presence, show: UUID) -> Response[dict[str, Any]]:
    """The room as it is: what a page begins with, and fetches again when it missed something."""
    after = house.hub.position(topic(show))
    async with house.database.read() as db:
        body = await snapshot(db, ShowId(show), presence)
    return Response({"seq": after, **body}, headers={"cache-control": "no-store"})


async def snapshot(db: Db, show: ShowId, presence: Presence) -> dict[str, Any]:
    found = await rooms.the_show(db, show)
    pin = await rooms.pinned(db, show)
    products = await catalog.products(db, found.run)
    variants = [variant.id for product in products.values() for variant in product.variants]
    levels = await stock.levels(db, variants)
    return {
        "state": found.state,
        "has_picture": found.has_picture,
        "viewers": presence.viewers(show),
        "likes": found.likes,
        "pin": {"product": str(pin.product), "at": pin.pinned_at.isoformat()} if pin else None,
        "stock": {str(variant): level.free for variant, level in levels.items()},
        "chat": [line_body(line) for line in await chat.recent(db, show)],
    }


@post("/live/{show:uuid}/chat", status_code=201)
async def say(
    request: Request[Any, Any, State], house: House, visit: Visit, user: User | None, show: UUID, data: Said
) -> Response[dict[str, Any]]:
    """Say a line. A held one looks shown to its author, and waits for the host."""
    key, cookie = visitor_of(request)
    name = user.name if user else (data.name.strip()[:24] or guest_name(key))
    async with house.database.write(actor_of(user)) as tx:
        found = await rooms.the_show(tx, ShowId(show))
        if found.state == "ended":
            raise WrongState(found.state)
        author = Author("viewer", str(user.id) if user else key, name)
        line = await chat.say(tx, found.id, author, data.text, language=visit.language)
    return Response(
        {**line_body(line), "state": "shown"}, status_code=201, cookies=[cookie] if cookie else []
    )


def guest_name(key: str) -> str:
    """A name for somebody who gave none: the same for the same browser."""
    return f"Guest {sum(key.encode()) % 900 + 100}"


@post("/live/{show:uuid}/like", status_code=204)
async def like(presence: Presence, show: UUID, data: Liked) -> None:
    """Likes are gathered and told once a second."""
    presence.like(show, data.count)


ROUTES = (state, say, like)
