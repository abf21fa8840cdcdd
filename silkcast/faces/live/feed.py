# SPDX-License-Identifier: Apache-2.0
"""Feed: the events of a room as Server-Sent Events, round the framework: one long connection a viewer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, aclosing
from typing import Any
from uuid import UUID

from litestar.types import Receive, Scope, Send

from silkcast.faces.asking import MOST_ACCEPTED, cookies_in, liked_market
from silkcast.faces.house import House
from silkcast.faces.refusing import headers_of
from silkcast.ground.refusals import Unavailable

from .presence import Presence, topic

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


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
        after = headers.get(b"last-event-id", b"").decode("latin-1") or _after(scope)
        gone = asyncio.ensure_future(_until_gone(receive))
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        try:
            with self._presence_of(show, headers):
                async with aclosing(self._frames(show, after)) as frames:
                    await self._pour(frames, gone, send)
        finally:
            gone.cancel()

    async def _frames(self, show: UUID, after: str | None) -> AsyncGenerator[bytes, None]:
        async for frame in self._hub.subscribe(topic(show), after):
            yield frame

    def _presence_of(self, show: UUID, headers: dict[bytes, bytes]) -> AbstractContextManager[None]:
        chosen = cookies_in(headers.get(b"cookie", b"")).get("market", "")[:16]
        accepted = headers.get(b"accept-language", b"")[:MOST_ACCEPTED].decode("latin-1")
        market = liked_market(chosen, accepted, self._clock.now().date())
        return self._presence.viewer(show, market.code)

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


def _after(scope: Scope) -> str | None:
    for pair in scope.get("query_string", b"").decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        if name == "after" and value:
            return value
    return None
