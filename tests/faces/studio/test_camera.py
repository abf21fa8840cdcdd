# SPDX-License-Identifier: Apache-2.0
"""Who may send a camera to a show, and how the others are turned away: through the whole application, as the
server hands a socket in."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from silkcast.faces.studio.live import REFUSED
from silkcast.ground.ids import new_uuid
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town
from tests.faces.running import ORIGIN

HOST = ORIGIN.removeprefix("http://")
VP8 = json.dumps({"type": "video/webm;codecs=vp8,opus"})


@dataclass
class Socket:
    """A browser's end of a socket: what it sends, and what it hears."""

    sends: list[str | bytes] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def receive(self) -> dict[str, Any]:
        if not self.heard:
            return {"type": "websocket.connect"}
        await asyncio.sleep(0)
        if not self.sends:
            return {"type": "websocket.disconnect", "code": 1000}
        sent = self.sends.pop(0)
        kind = "text" if isinstance(sent, str) else "bytes"
        return {"type": "websocket.receive", kind: sent}

    async def send(self, message: Any) -> None:
        self.heard.append(dict(message))

    @property
    def kinds(self) -> list[str]:
        return [message["type"].removeprefix("websocket.") for message in self.heard]

    @property
    def closed(self) -> tuple[int, str]:
        assert self.heard[-1]["type"] == "websocket.close", self.heard
        return self.heard[-1]["code"], self.heard[-1].get("reason", "")


async def connect(
    town: Town, session: str, *sends: str | bytes, show: object = None, origin: str | None = ORIGIN
) -> Socket:
    socket = Socket(list(sends))
    headers = [(b"host", HOST.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if session:
        headers.append((b"cookie", f"session={session}".encode()))
    path = f"/studio/shows/{show or town.show.id}/camera"
    scope: Any = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "ws",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 5000),
        "server": (HOST, 80),
        "subprotocols": [],
        "extensions": {},
        "http_version": "1.1",
        "asgi": {"version": "3.0"},
    }
    async with asyncio.timeout(20):
        await town.running.app(scope, socket.receive, socket.send)  # type: ignore[arg-type]
    return socket


def session_of(client: httpx.AsyncClient) -> str:
    return str(client.cookies["session"])


async def test_the_sellers_own_camera_is_let_in(town: Town, seller: httpx.AsyncClient) -> None:
    socket = await connect(town, session_of(seller), VP8)

    assert socket.kinds == ["accept"], "it listened until the browser went away"


async def test_another_sellers_show_is_not_found_like_one_that_never_was(
    town: Town, neighbour: httpx.AsyncClient
) -> None:
    theirs = await connect(town, session_of(neighbour), VP8)
    nowhere = await connect(town, session_of(neighbour), VP8, show=new_uuid())
    nonsense = await connect(town, session_of(neighbour), VP8, show="nonsense")

    assert theirs.closed[0] == nowhere.closed[0] == nonsense.closed[0] == 4404
    assert theirs.heard == nowhere.heard, "no hint"


async def test_who_is_not_logged_in_sends_nothing(town: Town) -> None:
    assert (await connect(town, "", VP8)).closed == (4401, "not_known")


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", None])
async def test_another_site_cannot_use_the_sellers_session(
    town: Town, seller: httpx.AsyncClient, origin: str | None
) -> None:
    socket = await connect(town, session_of(seller), VP8, origin=origin)

    assert socket.kinds == ["close"], "never let in"
    assert socket.closed == (4403, "request.cross_site")


async def test_a_show_that_is_over_takes_no_camera(town: Town, seller: httpx.AsyncClient) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
        await rooms.end(tx, town.show.id, town.seller.id)

    assert (await connect(town, session_of(seller), VP8)).closed == (4409, "rooms.wrong_state")


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (json.dumps({"type": "video/mp4;codecs=hvc1.1.6.L93.B0"}), "rooms.media_refused"),
        (json.dumps({"type": "text/html"}), "rooms.media_refused"),
        ("no json", "request.bad"),
        (json.dumps([]), "request.bad"),
    ],
)
async def test_what_no_viewer_could_play_is_refused(
    town: Town, seller: httpx.AsyncClient, first: str, code: str
) -> None:
    assert (await connect(town, session_of(seller), first)).closed == (REFUSED, code)
