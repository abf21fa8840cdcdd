# SPDX-License-Identifier: Apache-2.0
"""Live: the desk during a show. Pins, numbers as they come, the browser's camera."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, WebSocket, get, post, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.response import Redirect, Stream

from silkcast.faces.live.keeping import HOST, ChatView, chat_view, heard
from silkcast.faces.live.presence import Presence, host_topic, keeper_topic, topic
from silkcast.faces.refusing import BadRequest, status_of
from silkcast.flows import admitting
from silkcast.flows import live as on_air
from silkcast.ground.ids import ProductId, ShowId
from silkcast.ground.refusals import Refusal, Unavailable
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import WrongState
from silkcast.stage.rooms.port import BrowserIngest, StreamCut
from silkcast.stage.rooms.values import Show

from . import live_view
from .chat import done
from .desk import Desk, desk_of, see, uuid_in

PARTS = ("air", "film", "run", "numbers", "health")
CHAT_PARTS = ("chat", "held", "keeping")
REFUSED, CUT, TAKEN_OVER, TRY_AGAIN_LATER = 4422, 4001, 4410, 1013
"""How a camera's socket is closed, beside 4000 and the status of a refusal. 44xx: do not come back."""


@dataclass(frozen=True, slots=True)
class ChatPart:
    """studio/live_chat.html and its neighbours, drawn alone."""

    chat: ChatView


@get("/shows/{id:str}/live", name="studio.live")
async def desk_page(desk: Desk, presence: Presence, id: str) -> Response[Any]:
    async with desk.read() as db:
        view = await live_view.view_of(db, desk, ShowId(uuid_in(id)), presence)
    if view.show.state == "ended":
        return see(f"/studio/shows/{id}")
    return desk.part("live", view)


@get("/shows/{id:str}/live/{part:str}", name="studio.live.part")
async def part(desk: Desk, presence: Presence, id: str, part: str) -> Response[str]:
    """One piece of the desk, drawn again. The chat's are asked for most, and need nothing but the chat."""
    async with desk.read() as db:
        if part in CHAT_PARTS:
            show = await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)
            chat = await chat_view(db, show, HOST, f"/studio/shows/{id}")
            return desk.part(f"live_{part}", ChatPart(chat))
        view = await live_view.view_of(db, desk, ShowId(uuid_in(id)), presence)
    return desk.part(f"live_{part}" if part in PARTS else "live_run", view)


@post("/shows/{id:str}/start")
async def start(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    """On air. The desk's script stays on its page: leaving it would end the browser's camera."""
    async with desk.write() as tx:
        await rooms.start(tx, ShowId(uuid_in(id)), desk.shop.id)
    return await done(request, id)


@post("/shows/{id:str}/end")
async def end(desk: Desk, id: str) -> Redirect:
    async with desk.read() as db:
        actor = db.actor
    await on_air.end_show(desk.scene, ShowId(uuid_in(id)), desk.shop.id, actor)
    return see(f"/studio/shows/{id}")


@post("/shows/{id:str}/pin/{product:str}")
async def pin(request: Request[Any, Any, Any], desk: Desk, id: str, product: str) -> Response[Any]:
    async with desk.write() as tx:
        await admitting.pin(tx, ShowId(uuid_in(id)), desk.shop.id, ProductId(uuid_in(product)))
    return await done(request, id)


@post("/shows/{id:str}/unpin")
async def unpin(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    async with desk.write() as tx:
        await rooms.unpin(tx, ShowId(uuid_in(id)), desk.shop.id)
    return await done(request, id)


@get("/shows/{id:str}/events", name="studio.events")
async def events(desk: Desk, id: str) -> Stream:
    """What the room hears and what only the host hears, in one stream."""
    async with desk.read() as db:
        show = await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)
    return Stream(
        heard(desk.house.hub, (topic(show.id), host_topic(show.id), keeper_topic(show.id))),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@websocket("/shows/{id:str}/camera")
async def camera(socket: WebSocket[Any, Any, Any], id: str) -> None:
    """The browser's camera: first what it sends, then the chunks of its recorder.

    A browser hears nothing of why it was not let in, only how it was closed: so it is let in first."""
    await socket.accept()
    video = socket.app.state.house.scene.video
    with suppress(WebSocketDisconnect):
        try:
            show = await camera_of(socket, id)
            media_type = str(json.loads(await socket.receive_text())["type"])
            ingest = await video.open_browser(show.id, media_type)
        except Refusal as refusal:
            await socket.close(code=code_of(refusal), reason=refusal.code)
        except StreamCut:
            await socket.close(code=CUT, reason="rooms.stream_cut")
        except (ValueError, KeyError, TypeError):
            await socket.close(code=REFUSED, reason=BadRequest.code)
        else:
            await take_in(socket, ingest)


def code_of(refusal: Refusal) -> int:
    """How a socket is closed: 4000 and the status of a page, so 4404 for a show that is not theirs."""
    return TRY_AGAIN_LATER if isinstance(refusal, Unavailable) else 4000 + status_of(refusal)


async def camera_of(socket: WebSocket[Any, Any, Any], id: str) -> Show:
    desk = await desk_of(socket)  # type: ignore[arg-type]
    async with desk.read() as db:
        show = await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)
    if show.state == "ended":
        raise WrongState(show.state)
    return show


async def take_in(socket: WebSocket[Any, Any, Any], ingest: BrowserIngest) -> None:
    try:
        while True:
            await ingest.write(await socket.receive_bytes())
    except StreamCut as cut:
        await socket.close(code=TAKEN_OVER if cut.is_taken_over else CUT, reason=cut.code)
    finally:
        await ingest.close()


HANDLERS = (desk_page, part, start, end, pin, unpin, events, camera)
