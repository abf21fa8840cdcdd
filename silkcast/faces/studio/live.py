# SPDX-License-Identifier: Apache-2.0
"""Live: the desk during a show. Pins, the chat's upkeep, numbers as they come, the browser's camera."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from litestar import Request, Response, WebSocket, get, post, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.response import Redirect, Stream

from silkcast.faces.live.presence import Presence, host_topic, topic
from silkcast.flows import live as on_air
from silkcast.ground.ids import LineId, ProductId, ShowId
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import WrongState
from silkcast.stage.rooms.port import BrowserIngest, MediaRefused, StreamCut
from silkcast.stage.rooms.values import Show

from . import forms, live_view
from .desk import Desk, desk_of, see, uuid_in

BEAT_SECONDS = 20
REFUSED = 4403


@get("/shows/{id:str}/live", name="studio.live")
async def desk_page(desk: Desk, presence: Presence, id: str) -> Response[Any]:
    async with desk.read() as db:
        view = await live_view.view_of(db, desk, ShowId(uuid_in(id)), presence)
    if view.show.state == "ended":
        return see(f"/studio/shows/{id}")
    return desk.part("live", view)


@get("/shows/{id:str}/live/{part:str}", name="studio.live.part")
async def part(desk: Desk, presence: Presence, id: str, part: str) -> Response[str]:
    """One piece of the desk, drawn again: run, chat, held, numbers."""
    async with desk.read() as db:
        view = await live_view.view_of(db, desk, ShowId(uuid_in(id)), presence)
    return desk.part(
        f"live_{part}" if part in ("run", "chat", "held", "numbers", "health") else "live_run", view
    )


async def done(request: Request[Any, Any, Any], id: str) -> Response[Any]:
    """Scripts get a nod, browsers without script the desk again."""
    if request.headers.get("x-fragment"):
        return Response("", status_code=204)
    return see(f"/studio/shows/{id}/live")


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


@post("/shows/{id:str}/say")
async def say(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    text = forms.texts(await forms.form_of(request)).get("text", "")
    async with desk.write() as tx:
        show = await rooms.the_show(tx, ShowId(uuid_in(id)), seller=desk.shop.id)
        host = Author("host", str(desk.shop.id), desk.shop.name.text(desk.visit.language))
        if text:
            await chat.say(tx, show.id, host, text, language=desk.visit.language)
    return await done(request, id)


@post("/shows/{id:str}/lines/{line:str}/{verb:str}")
async def moderate(
    request: Request[Any, Any, Any], desk: Desk, id: str, line: str, verb: str
) -> Response[Any]:
    verbs = {"hide": chat.hide, "let-through": chat.let_through, "mute": chat.mute}
    async with desk.write() as tx:
        show = await rooms.the_show(tx, ShowId(uuid_in(id)), seller=desk.shop.id)
        await verbs.get(verb, chat.hide)(tx, show.id, LineId(uuid_in(line)))
    return await done(request, id)


@get("/shows/{id:str}/events", name="studio.events")
async def events(desk: Desk, id: str) -> Stream:
    """What the room hears and what only the host hears, in one stream."""
    async with desk.read() as db:
        show = await rooms.the_show(db, ShowId(uuid_in(id)), seller=desk.shop.id)
    return Stream(
        both(desk.house.hub, show.id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def both(hub: Hub, show: UUID) -> AsyncIterator[bytes]:
    frames: asyncio.Queue[bytes] = asyncio.Queue(maxsize=200)
    pourers = [asyncio.ensure_future(_pour(hub, one, frames)) for one in (topic(show), host_topic(show))]
    try:
        yield b": here\n\n"
        while True:
            try:
                yield await asyncio.wait_for(frames.get(), BEAT_SECONDS)
            except TimeoutError:
                yield b": beat\n\n"
    finally:
        for one in pourers:
            one.cancel()


async def _pour(hub: Hub, topic: str, frames: asyncio.Queue[bytes]) -> None:
    async for frame in hub.subscribe(topic):
        # a host that reads too slowly misses frames: the desk draws itself anew from the house anyway
        if not frames.full():
            frames.put_nowait(bytes(frame))


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
        except StreamCut:
            await socket.close(code=4001, reason="rooms.stream_cut")
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


HANDLERS = (desk_page, part, start, end, pin, unpin, say, moderate, events, camera)
