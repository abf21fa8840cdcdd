# SPDX-License-Identifier: Apache-2.0
"""Chat: keeping order in a show's chat. A token for this does nothing else."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.params import JSONBody

from silkcast.faces.house import House
from silkcast.ground.ids import BanId, LineId, ShowId
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.errors import NoSuchLine
from silkcast.stage.rooms import service as rooms

from .access import Caller, needs
from .answering import Key, once
from .shapes.chat import Ban, BanList, Chat, ChatLine, NewBan, PinnedLine, Speaking

KEEP = needs("chat:moderate")


async def own_show(db: Db, caller: Caller, show: UUID) -> ShowId:
    return (await rooms.the_show(db, ShowId(show), seller=caller.seller)).id


async def line_now(db: Db, line: UUID) -> ChatLine:
    found = await chat.lines(db, [LineId(line)])
    if LineId(line) not in found:
        raise NoSuchLine()
    return ChatLine.of(found[LineId(line)])


@get("/shows/{show:uuid}/chat", tags=["Chat"], operation_id="getChat", **KEEP)
async def get_chat(house: House, caller: Caller, show: UUID) -> Chat:
    """The chat as who keeps order sees it."""
    async with house.database.read() as db:
        id = await own_show(db, caller, show)
        pinned = await chat.pinned_line(db, id)
        return Chat(
            lines=[ChatLine.of(line) for line in await chat.seen(db, id)],
            held=[ChatLine.of(line) for line in await chat.held(db, id)],
            pinned_line=ChatLine.of(pinned) if pinned else None,
            speaking=Speaking.of(await chat.speaking(db, id)),
        )


@put("/shows/{show:uuid}/chat/speaking", tags=["Chat"], operation_id="setSpeaking", **KEEP)
async def set_speaking(house: House, caller: Caller, show: UUID, data: JSONBody[Speaking]) -> Speaking:
    """Slow mode, links, who may speak: from now on."""
    async with house.database.write(caller.actor) as tx:
        return Speaking.of(await chat.allow(tx, await own_show(tx, caller, show), data.own()))


@post(
    "/shows/{show:uuid}/chat/lines/{line:uuid}/hide",
    tags=["Chat"],
    operation_id="hideLine",
    status_code=200,
    **KEEP,
)
async def hide_line(house: House, caller: Caller, show: UUID, line: UUID) -> ChatLine:
    """Take a line back from everybody's screen. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        await chat.hide(tx, await own_show(tx, caller, show), LineId(line))
        return await line_now(tx, line)


@post(
    "/shows/{show:uuid}/chat/lines/{line:uuid}/show",
    tags=["Chat"],
    operation_id="showLine",
    status_code=200,
    **KEEP,
)
async def show_line(house: House, caller: Caller, show: UUID, line: UUID) -> ChatLine:
    """Show a line that is held or was hidden. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        await chat.show_line(tx, await own_show(tx, caller, show), LineId(line))
        return await line_now(tx, line)


@put("/shows/{show:uuid}/chat/pinned-line", tags=["Chat"], operation_id="pinLine", **KEEP)
async def pin_line(house: House, caller: Caller, show: UUID, data: JSONBody[PinnedLine]) -> ChatLine:
    """Keep this line over the chat, in place of the one before."""
    async with house.database.write(caller.actor) as tx:
        await chat.pin_line(tx, await own_show(tx, caller, show), LineId(data.line))
        return await line_now(tx, data.line)


@delete("/shows/{show:uuid}/chat/pinned-line", tags=["Chat"], operation_id="unpinLine", **KEEP)
async def unpin_line(house: House, caller: Caller, show: UUID) -> None:
    """Take the pinned line down. Again: nothing more happens."""
    async with house.database.write(caller.actor) as tx:
        await chat.unpin_line(tx, await own_show(tx, caller, show))


@get("/shows/{show:uuid}/chat/bans", tags=["Chat"], operation_id="listBans", **KEEP)
async def list_bans(house: House, caller: Caller, show: UUID) -> BanList:
    """Who may not speak in this show."""
    async with house.database.read() as db:
        id = await own_show(db, caller, show)
        return BanList([Ban.of(ban) for ban in await chat.bans(db, id, caller.seller)])


@post("/shows/{show:uuid}/chat/bans", tags=["Chat"], operation_id="banAuthor", **KEEP)
async def ban_author(
    request: Request[Any, Any, Any],
    house: House,
    caller: Caller,
    show: UUID,
    data: JSONBody[NewBan],
    idempotency_key: Key,
) -> Response[Ban]:
    """Keep the author of a line out, and hide what they said in the last ten minutes."""

    async def make(tx: Tx) -> Ban:
        id = await own_show(tx, caller, show)
        made = await chat.ban(
            tx, id, caller.seller, LineId(data.line), length=data.length, reason=data.reason
        )
        return Ban.of(made)

    return await once(house, caller, request, idempotency_key, Ban, make)


@delete("/shows/{show:uuid}/chat/bans/{ban:uuid}", tags=["Chat"], operation_id="liftBan", **KEEP)
async def lift_ban(house: House, caller: Caller, show: UUID, ban: UUID) -> None:
    """Let somebody speak again."""
    async with house.database.write(caller.actor) as tx:
        await chat.lift_ban(tx, await own_show(tx, caller, show), caller.seller, BanId(ban))


HANDLERS = [
    get_chat,
    set_speaking,
    hide_line,
    show_line,
    pin_line,
    unpin_line,
    list_bans,
    ban_author,
    lift_ban,
]
