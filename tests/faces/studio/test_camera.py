# SPDX-License-Identifier: Apache-2.0
"""The browser's camera goes through the whole house: nothing in front of it may take it for a page."""

from __future__ import annotations

from typing import Any

from silkcast.ground.ids import new_uuid
from silkcast.who.identity import service as identity
from tests.faces.build import Town


async def knocked(town: Town, session: str, show: object) -> dict[str, Any]:
    """What the house answers to a socket that wants in."""
    headers = [(b"host", b"shop.test"), (b"origin", b"http://shop.test"), (b"sec-fetch-site", b"same-origin")]
    if session:
        headers.append((b"cookie", f"session={session}".encode()))
    path = f"/studio/shows/{show}/camera"
    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 40000),
        "server": ("shop.test", 80),
        "subprotocols": [],
        "extensions": {},
    }
    comes = iter([{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1001}])
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(comes)

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await town.running.app(scope, receive, send)  # type: ignore[arg-type]
    return said[0]


async def test_the_sellers_own_camera_is_let_in(town: Town) -> None:
    async with town.database.write() as tx:
        session = await identity.open_session(tx, town.seller.owner)

    assert (await knocked(town, session.token, town.show.id))["type"] == "websocket.accept"


async def test_a_camera_of_nobody_is_shut_out(town: Town) -> None:
    assert (await knocked(town, "", town.show.id))["type"] == "websocket.close"


async def test_a_camera_for_a_show_that_is_not_there_is_shut_out(town: Town) -> None:
    async with town.database.write() as tx:
        session = await identity.open_session(tx, town.seller.owner)

    assert (await knocked(town, session.token, new_uuid()))["type"] == "websocket.close"
