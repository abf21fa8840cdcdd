# SPDX-License-Identifier: Apache-2.0
"""Several hubs that agree: each with a connection of its own to a real nats-server and a real PostgreSQL."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from silkcast.plumbing.db import Database
from silkcast.plumbing.wire.nats import Nats, joined
from silkcast.plumbing.wire.owning import Leases
from silkcast.plumbing.wire.readers import Reader
from silkcast.plumbing.wire.server import NatsServer
from silkcast.plumbing.wire.session import sessions_on
from silkcast.plumbing.wire.sharing import SharedHub

TICK = 0.02


@dataclass(slots=True)
class Node:
    """What one process has."""

    bus: Nats
    owners: Leases
    hub: SharedHub


class Ears(Reader):
    """A reader that keeps what it heard, as (id, kind)."""

    def __init__(self) -> None:
        super().__init__(self.hear, lambda: None)
        self.heard: list[tuple[str, str]] = []

    def hear(self, frame: bytes) -> None:
        self.heard += [
            (id.decode(), kind.decode())
            for id, kind in re.findall(rb"^id: (\S+)\nevent: (\w+)$", frame, re.M)
        ]

    @property
    def ids(self) -> list[str]:
        return [id for id, kind in self.heard if kind != "snapshot"]

    @property
    def snapshots(self) -> int:
        return sum(kind == "snapshot" for _, kind in self.heard)


@asynccontextmanager
async def node(server: NatsServer, database: Database, *, idle: float = 300) -> AsyncIterator[Node]:
    bus = await joined(server.url)
    owners = Leases(bus, sessions_on(database), beat_seconds=0.1, patience_seconds=0.5, idle_seconds=idle)
    await owners.start()
    hub = SharedHub(bus, owners, tick_seconds=TICK)
    await hub.start()
    try:
        yield Node(bus, owners, hub)
    finally:
        await hub.close()
        await owners.close()
        await bus.close()


async def until(holds: Callable[[], object], seconds: float = 5) -> float:
    """Wait until it is so; how long that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.01)
    return loop.time() - began
