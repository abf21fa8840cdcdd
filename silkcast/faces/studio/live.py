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
from silkcast.flows import live as on_air
from silkcast.ground.ids import ProductId, ShowId
from silkcast.ground.refusals import Refusal
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import WrongState
from silkcast.stage.rooms.port import BrowserIngest, MediaRefused, StreamCut
from silkcast.stage.rooms.values import Show

from . import live_view
from .chat import done
from .desk import Desk, desk_of, see, uuid_in

REFUSED = 4403
PARTS = ("run", "numbers", "health")
CHAT_PARTS = ("chat", "held", "keeping")


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
async def start(desk: Desk, id: str) -> Redirect:
    async with desk.write() as tx:
        await rooms.start(tx, ShowId(uuid_in(id)), desk.shop.id)
    return see(f"/studio/shows/{id}/live")


@post("/shows/{id:str}/end")
async def end(desk: Desk, id: str) -> Redirect:
    async with desk.read() as db:
        actor = db.actor
    await on_air.end_show(desk.scene, ShowId(uuid_in(id)), desk.shop.id, actor)
    return see(f"/studio/shows/{id}")


@post("/shows/{id:str}/pin/{product:str}")
async def pin(request: Request[Any, Any, Any], desk: Desk, id: str, product: str) -> Response[Any]:
    async with desk.write() as tx:
        await rooms.pin(tx, ShowId(uuid_in(id)), desk.shop.id, ProductId(uuid_in(product)))
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
    """The browser's camera: first what it sends, then the chunks of its recorder."""
    try:
        show = await camera_of(socket, id)
    except Refusal:
        await socket.close(code=REFUSED)
        return
    await socket.accept()
    video = socket.app.state.house.scene.video
    with suppress(WebSocketDisconnect):
        try:
            media_type = str(json.loads(await socket.receive_text())["type"])
            ingest = await video.open_browser(show.id, media_type)
        except (ValueError, KeyError, TypeError, MediaRefused):
            await socket.close(code=4415, reason="rooms.media_refused")
            return
        await take_in(socket, ingest)


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
    except StreamCut:
        await socket.close(code=4001, reason="rooms.stream_cut")
    finally:
        await ingest.close()


HANDLERS = (desk_page, part, start, end, pin, unpin, events, camera)
