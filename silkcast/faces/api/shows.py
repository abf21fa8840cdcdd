# SPDX-License-Identifier: Apache-2.0
"""Shows: planned, begun, ended; what is pinned; where the stream goes."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.params import JSONBody

from silkcast.faces.house import House
from silkcast.flows import admitting, live
from silkcast.ground.ids import ProductId, ShowId
from silkcast.plumbing.db import Tx
from silkcast.stage.rooms import service as rooms

from .access import Caller, needs
from .answering import Key, once
from .shapes.shows import NewPin, NewShow, Pin, Show, ShowList, StreamAddress

WRITE = needs("shows:write")


@get("/shows", tags=["Shows"], operation_id="listShows", **WRITE)
async def list_shows(house: House, caller: Caller) -> ShowList:
    """The shop's shows: live ones, planned ones, and the last fifty that ended."""
    async with house.database.read() as db:
        found = (
            *await rooms.live_now(db, seller=caller.seller),
            *await rooms.upcoming(db, seller=caller.seller, limit=200),
            *await rooms.ended(db, seller=caller.seller),
        )
    return ShowList([Show.of(one) for one in found])


@get("/shows/{show:uuid}", tags=["Shows"], operation_id="getShow", **WRITE)
async def get_show(house: House, caller: Caller, show: UUID) -> Show:
    """One show."""
    async with house.database.read() as db:
        return Show.of(await rooms.the_show(db, ShowId(show), seller=caller.seller))


@post("/shows", tags=["Shows"], operation_id="planShow", **WRITE)
async def plan_show(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    data: JSONBody[NewShow],
    idempotency_key: Key,
) -> Response[Show]:
    """Put a show on the calendar. It has its stream address at once."""

    async def make(tx: Tx) -> Show:
        return Show.of(await rooms.plan_show(tx, caller.seller, data.own()))

    return await once(house, caller, request, idempotency_key, Show, make)


@put("/shows/{show:uuid}", tags=["Shows"], operation_id="reviseShow", **WRITE)
async def revise_show(house: House, caller: Caller, show: UUID, data: JSONBody[NewShow]) -> Show:
    """Change titles, time or run. While live, only the run changes."""
    async with house.database.write(caller.actor) as tx:
        return Show.of(await rooms.revise_show(tx, ShowId(show), caller.seller, data.own()))


@post("/shows/{show:uuid}/start", tags=["Shows"], operation_id="startShow", status_code=200, **WRITE)
async def start_show(house: House, caller: Caller, show: UUID) -> Show:
    """On air. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        return Show.of(await rooms.start(tx, ShowId(show), caller.seller))


@post("/shows/{show:uuid}/end", tags=["Shows"], operation_id="endShow", status_code=200, **WRITE)
async def end_show(house: House, caller: Caller, show: UUID) -> Show:
    """Off air; the replay is made after it. Again: nothing more happens."""
    return Show.of(await live.end_show(house.scene, ShowId(show), caller.seller, caller.actor))


@put("/shows/{show:uuid}/pin", tags=["Shows"], operation_id="pinProduct", **WRITE)
async def pin_product(house: House, caller: Caller, show: UUID, data: JSONBody[NewPin]) -> Pin:
    """Show this product now, in place of the one before."""
    async with house.database.write(caller.actor) as tx:
        return Pin.of(await admitting.pin(tx, ShowId(show), caller.seller, ProductId(data.product)))


@delete("/shows/{show:uuid}/pin", tags=["Shows"], operation_id="unpinProduct", **WRITE)
async def unpin_product(house: House, caller: Caller, show: UUID) -> None:
    """Take the pinned product off the table. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        await rooms.the_show(tx, ShowId(show), seller=caller.seller)
        await rooms.unpin(tx, ShowId(show), caller.seller)


@get("/shows/{show:uuid}/stream", tags=["Shows"], operation_id="getStreamAddress", **WRITE)
async def stream_address(house: House, caller: Caller, show: UUID) -> Response[StreamAddress]:
    """Where an encoder sends, and the key: a secret."""
    async with house.database.read() as db:
        key = await rooms.stream_key(db, ShowId(show), caller.seller)
    found = house.scene.video.ingest_address(key)
    return Response(StreamAddress(found.rtmp_url, found.key), headers={"cache-control": "private, no-store"})


HANDLERS = [
    list_shows,
    get_show,
    plan_show,
    revise_show,
    start_show,
    end_show,
    pin_product,
    unpin_product,
    stream_address,
]
