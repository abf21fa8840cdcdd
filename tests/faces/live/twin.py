# SPDX-License-Identifier: Apache-2.0
"""A viewer: the room as web/src/room/protocol.ts draws it from a snapshot and events, and a browser's stream.

It knows nothing of how the server keeps the room. What it sees in the end must be what a fresh snapshot says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx

KEPT_LINES = 50


class Picture:
    """What a page shows. `apply` says whether it must fetch the whole anew."""

    def __init__(self, snapshot: Mapping[str, Any]) -> None:
        self.era, _, seq = str(snapshot["seq"]).rpartition("-")
        self.seq = int(seq)
        self.state = {
            "state": snapshot["state"],
            "has_picture": snapshot["has_picture"],
            "likes": snapshot["likes"],
            "viewers": snapshot["viewers"],
            "pin": snapshot["pin"],
            "stock": dict(snapshot["stock"]),
            "chat": [line["id"] for line in snapshot["chat"]],
        }

    def apply(self, id: str, kind: str, body: Mapping[str, Any]) -> bool:
        era, _, seq = id.rpartition("-")
        if kind == "snapshot" or era != self.era:
            return False
        if int(seq) <= self.seq:
            return True
        self.seq = int(seq)
        state = self.state
        match kind:
            case "pin":
                state["pin"] = dict(body)
            case "unpin":
                state["pin"] = None
            case "stock":
                state["stock"][body["variant"]] = body["left"]
            case "likes":
                state["likes"] = max(state["likes"], body["likes"])
            case "viewers":
                state["viewers"] = body["viewers"]
            case "state":
                state |= {"state": body["state"], "has_picture": body["has_picture"]}
            case "chat":
                if body["id"] not in state["chat"]:
                    state["chat"] = [*state["chat"], body["id"]][-KEPT_LINES:]
        return True


class Browser:
    """Watches one room: fetches the state, reads the stream after it, comes back when the line breaks."""

    def __init__(self, origin: str, show: object) -> None:
        self.origin = origin
        self.show = show
        self.picture: Picture | None = None
        self.heard: list[tuple[str, str]] = []
        """Every event that was new to it: its id and kind, over all its streams."""
        self.snapshots: list[float] = []
        """When it fetched the whole, by the loop's clock."""
        self.local_port = 0
        self._run: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Browser:
        self._run = asyncio.create_task(self._watch())
        async with asyncio.timeout(20):
            while self.picture is None or not self.local_port:
                await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._run is not None
        self._run.cancel()
        await asyncio.gather(self._run, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            with suppress(httpx.HTTPError, OSError, asyncio.IncompleteReadError):
                await self._fetch()
                while True:
                    await self._read()
            await asyncio.sleep(0.1)

    async def _fetch(self) -> None:
        self.picture = Picture(await snapshot(self.origin, self.show))
        self.snapshots.append(asyncio.get_running_loop().time())

    async def _read(self) -> None:
        """One stream, until it breaks."""
        assert self.picture is not None
        place = urlsplit(self.origin)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            after = f"{self.picture.era}-{self.picture.seq}"
            asked = f"GET /live/{self.show}/events HTTP/1.1\r\nhost: x\r\nlast-event-id: {after}\r\n\r\n"
            writer.write(asked.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.partition(b"\r\n")[0], head
            self.local_port = writer.get_extra_info("sockname")[1]
            while True:
                event = await reader.readuntil(b"\n\n")
                if not event.startswith(b":") and not self._take(event.decode()):
                    await self._fetch()
                    return
        finally:
            writer.close()

    def _take(self, event: str) -> bool:
        assert self.picture is not None
        fields = dict(line.split(": ", 1) for line in event.strip().split("\n"))
        before = self.picture.seq
        if not self.picture.apply(fields["id"], fields["event"], json.loads(fields["data"])):
            return False
        if self.picture.seq != before:
            self.heard.append((fields["id"], fields["event"]))
        return True


async def snapshot(origin: str, show: object) -> dict[str, Any]:
    """The room as it is, from whichever process answers."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        answer = await client.get(f"{origin}/live/{show}/state")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
