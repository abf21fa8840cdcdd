# SPDX-License-Identifier: Apache-2.0
"""A town on air that answers on a port of its own, with its relay running, in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from silkcast.ground.clock import Clock, SystemClock
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.postgres import Postgres
from silkcast.stage.rooms import service as rooms
from silkcast.who.identity import service as identity
from tests.conftest import VAULT, clone
from tests.faces.build import Town, open_town

Opened = Callable[[Tx, Town], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Served:
    port: int
    show: str
    slug: str
    session: str
    """Of the shop's owner."""
    product: str
    variant: str

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(
    postgres: Postgres, folder: Path, *, clock: Clock | None = None, opened: Opened | None = None
) -> Iterator[Served]:
    """With `opened`, what else is to be done once the show is on air."""
    told: list[Served] = []
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        database = Database(
            postgres.url(await clone(postgres)), VAULT, clock=clock or SystemClock(), pool_size=6
        )
        town = await open_town(database, folder)
        async with database.write() as tx:
            await rooms.start(tx, town.show.id, town.seller.id)
            session = await identity.open_session(tx, town.seller.owner)
            if opened is not None:
                await opened(tx, town)
        await _answer(town, session.token)
        await database.close()

    async def _answer(town: Town, session: str) -> None:
        config = uvicorn.Config(town.running.app, port=0, log_level="warning", lifespan="off")  # type: ignore[arg-type]
        server = uvicorn.Server(config)
        works = (town.running.relay.run, town.running.presence.run, town.running.house.counter.committer.run)
        beside = [asyncio.create_task(work()) for work in works]
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        told.append(
            Served(
                port,
                str(town.show.id),
                town.show.slug,
                session,
                str(town.product.id),
                str(town.variant.id),
            )
        )
        ready.set()
        while not over.is_set():
            await asyncio.sleep(0.1)
        await town.running.house.gatherer.close()
        await town.running.house.hub.close()
        server.should_exit = server.force_exit = True
        await serving
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    try:
        assert ready.wait(60)
        yield told[0]
    finally:
        over.set()
        thread.join(20)
