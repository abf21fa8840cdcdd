# SPDX-License-Identifier: Apache-2.0
"""Joint: what joins a process to the others of its house, or to nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from silkcast.plumbing.db import Database
from silkcast.plumbing.settings import Secret
from silkcast.plumbing.wire.bus import Bus, InProcess
from silkcast.plumbing.wire.hub import Hub
from silkcast.plumbing.wire.nats import joined
from silkcast.plumbing.wire.owning import Alone, Leases, Owners
from silkcast.plumbing.wire.server import NatsServer
from silkcast.plumbing.wire.session import SessionLost, sessions_on
from silkcast.plumbing.wire.settings import WireSettings
from silkcast.plumbing.wire.sharing import SharedHub


@dataclass(frozen=True, slots=True)
class Joint:
    bus: Bus = field(default_factory=InProcess)
    owners: Owners = field(default_factory=Alone)
    hub: Hub = field(default_factory=Hub)


@dataclass(frozen=True, slots=True)
class Wire:
    """A bus, and the address for others to join it."""

    bus: Bus
    url: Secret


@asynccontextmanager
async def open_wire(settings: WireSettings, folder: Path) -> AsyncIterator[Wire]:
    """The bus of the address; where there is none, of a nats-server of our own that lies in the folder."""
    async with AsyncExitStack() as stack:
        url = settings.url
        if not url:
            server = NatsServer(folder / "wire")
            stack.callback(server.stop)
            server.start()
            keeping = asyncio.create_task(server.keep())
            stack.callback(keeping.cancel)
            url = server.url
        bus = await joined(url)
        stack.push_async_callback(bus.close)
        yield Wire(bus, url)


@asynccontextmanager
async def open_joint(settings: WireSettings, database: Database) -> AsyncIterator[Joint]:
    """With an address of NATS one of several processes; without one, alone."""
    if not settings.url:
        joint = Joint(hub=Hub(tick_seconds=settings.tick_seconds))
        yield joint
        await joint.hub.close()
        return
    bus = await joined(settings.url)
    try:
        owners = Leases(bus, sessions_on(database), patience_seconds=settings.silence_seconds)
        try:
            await owners.start()
            hub = SharedHub(bus, owners, tick_seconds=settings.tick_seconds)
            try:
                await hub.start()
                yield Joint(bus, owners, hub)
            finally:
                await hub.close()
        except SessionLost as lost:
            raise ConnectionError("the database does not answer") from lost
        finally:
            await owners.close()
    finally:
        await bus.close()
