# SPDX-License-Identifier: Apache-2.0
"""Opening: the database of a house, somebody else's or our own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import AlreadyRunning, Postgres
from silkcast.plumbing.settings import Settings
from silkcast.plumbing.settings.basics import DatabaseSettings, HouseSettings
from silkcast.plumbing.vault import vault_at

OWN_CONNECTIONS = 80
"""What our own PostgreSQL takes without being told."""


@asynccontextmanager
async def open_database(
    settings: Settings,
    tell: Callable[[str], None] = lambda words: None,
    *,
    may_join: bool = True,
    connections: int = 0,
) -> AsyncIterator[Database]:
    """The database of the settings; where they name none our own PostgreSQL, or the one that another process
    of ours runs in the house's folder already. Our own takes at least so many `connections`."""
    folder = settings.section("house", HouseSettings).folder
    wanted = settings.section("database", DatabaseSettings)
    folder.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        url = wanted.url
        if not url:
            more = {"max_connections": str(connections)} if connections > OWN_CONNECTIONS else None
            server = Postgres(folder / "postgres", binaries=wanted.binaries, settings=more)
            try:
                server.start(tell)
            except AlreadyRunning:
                if not may_join:
                    raise
                server.join()
            else:
                stack.callback(server.stop)
                keeping = asyncio.create_task(server.keep())
                stack.callback(keeping.cancel)
            url = server.url()
        database = Database(url, vault_at(folder / "vault.keys"), pool_size=wanted.pool_size)
        stack.push_async_callback(database.close)
        await database.check_server()
        yield database


def has_database(settings: Settings) -> bool:
    """Is there one to look at, or would opening it make one?"""
    folder = settings.section("house", HouseSettings).folder
    own = (folder / "postgres").exists() and (folder / "vault.keys").exists()
    return own or bool(settings.section("database", DatabaseSettings).url)


def is_open(settings: Settings) -> bool:
    """Does another process of ours have this house open?"""
    return Postgres(settings.section("house", HouseSettings).folder / "postgres").is_held
