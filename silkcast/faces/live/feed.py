# SPDX-License-Identifier: Apache-2.0
"""Feed: the events of a room as Server-Sent Events, one long connection a viewer, round the framework.

`stream` answers on the connection itself (faces/swift); calling the feed is the same over plain ASGI, for
servers and tests that have no such connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from uuid import UUID

from litestar.types import Receive, Scope, Send

from silkcast.faces.asking import MOST_ACCEPTED, cookies_in, liked_market
from silkcast.faces.guarding import NOSNIFF
from silkcast.faces.house import House
from silkcast.faces.refusing import headers_of
from silkcast.faces.swift.connection import Connection, Stream, head
from silkcast.ground.refusals import Unavailable
from silkcast.plumbing.wire import Reader

from .presence import Presence, topic

HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    NOSNIFF,
)
HEAD = head(200, HEADERS, closes=True)
"""Without a length and not in chunks: the stream ends with its connection, and frames go as they are."""


TOLD = (b"last-event-id", b"cookie", b"accept-language")


def show_in(path: str) -> UUID | None:
    """The show of `/live/{show}/events`, if it is such a path."""
    parts = path.split("/")
    if len(parts) != 4 or parts[1] != "live" or parts[3] != "events":
        return None
    try:
        return UUID(parts[2])
    except ValueError:
        return None


class Feed:
    def __init__(self, house: House, presence: Presence) -> None:
        self._hub = house.hub
        self._presence = presence
        self._clock = house.database.clock
        self._asking: set[asyncio.Task[None]] = set()

    def stream(self, connection: Connection) -> None:
        """Answer on the connection itself: from here on it is a reader of the hub."""
        show = show_in(connection.head.path)
        if show is not None and self._presence.has_met(show):
            self._begin(connection, show)
            return
        asking = asyncio.ensure_future(self._begin_if_known(connection, show))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _begin_if_known(self, connection: Connection, show: UUID | None) -> None:
        try:
            is_known = show is not None and await self._presence.knows(show)
        except Unavailable as refusal:
            told = ((name.encode(), value.encode()) for name, value in headers_of(refusal).items())
            connection.answer(503, (NOSNIFF, *told))
            return
        if show is None or not is_known:
            connection.answer(404, (NOSNIFF,))
            return
        self._begin(connection, show)

    def _begin(self, connection: Connection, show: UUID) -> None:
        said = connection.headers
        headers = {name: said[name] for name in TOLD if name in said}
        after = headers.get(b"last-event-id", b"").decode("latin-1") or _after(connection.head.query)
        market = self._market_of(headers)
        stream = connection.take_over()
        if stream is None:
            return
        viewer = Viewer(self, show, market, stream)
        stream.listener = viewer
        stream.write(HEAD)
        self._presence.arrive(show, market)
        self._hub.attach(topic(show), viewer, after)

    def leave(self, viewer: Reader, show: UUID, market: str) -> None:
        self._presence.leave(show, market)
        self._hub.detach(topic(show), viewer)

    async def __call__(self, show: UUID, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            is_known = await self._presence.knows(show)
        except Unavailable as refusal:
            await _refuse(send, 503, headers_of(refusal))
            return
        if not is_known:
            await _refuse(send, 404, {})
            return
        headers = dict(scope["headers"])
        after = headers.get(b"last-event-id", b"").decode("latin-1") or _after(scope.get("query_string", b""))
        gone = asyncio.ensure_future(_until_gone(receive))
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        market = self._market_of(headers)
        self._presence.arrive(show, market)
        try:
            async with aclosing(self._frames(show, after)) as frames:
                await self._pour(frames, gone, send)
        finally:
            self._presence.leave(show, market)
            gone.cancel()

    async def _frames(self, show: UUID, after: str | None) -> AsyncGenerator[bytes, None]:
        async for frame in self._hub.subscribe(topic(show), after):
            yield frame

    def _market_of(self, headers: dict[bytes, bytes]) -> str:
        chosen = cookies_in(headers.get(b"cookie", b"")).get("market", "")[:16]
        accepted = headers.get(b"accept-language", b"")[:MOST_ACCEPTED].decode("latin-1")
        return liked_market(chosen, accepted, self._clock.now().date()).code

    async def _pour(
        self, frames: AsyncGenerator[bytes, None], gone: asyncio.Future[None], send: Send
    ) -> None:
        waiting: asyncio.Future[bytes | None] = asyncio.ensure_future(anext(frames, None))
        both: set[asyncio.Future[Any]]
        try:
            while True:
                both = {waiting, gone}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    return
                frame = waiting.result()
                if frame is None:
                    return
                await send({"type": "http.response.body", "body": frame, "more_body": True})
                waiting = asyncio.ensure_future(anext(frames, None))
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


async def _refuse(send: Send, status: int, headers: dict[str, str]) -> None:
    told = [(name.encode(), value.encode()) for name, value in headers.items()]
    told.append((b"content-length", b"0"))
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _after(query: bytes) -> str | None:
    for pair in query.decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        if name == "after" and value:
            return value
    return None


class Viewer(Reader):
    """A reader at the other end of a connection of its own: what it cannot take waits nowhere."""

    __slots__ = ("_feed", "_market", "_show", "_stream")

    def __init__(self, feed: Feed, show: UUID, market: str, stream: Stream) -> None:
        super().__init__(stream.transport.write, stream.abort)
        self._feed, self._show, self._market, self._stream = feed, show, market, stream

    def gone(self) -> None:
        self._feed.leave(self, self._show, self._market)
