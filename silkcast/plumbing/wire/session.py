# SPDX-License-Identifier: Apache-2.0
"""Session: one connection to PostgreSQL that holds the leases of this process, and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import structlog
from sqlalchemy import NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from silkcast.plumbing.db import Database
from silkcast.plumbing.db.database import make_engine

log = structlog.get_logger(__name__)

# a server of another machine that hears nothing of us for three seconds lets the locks go
_MIND_THE_LINE = "SET tcp_keepalives_idle = 1; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 2"
_TAKE = """
    SELECT CASE WHEN pg_try_advisory_lock(hashtextextended('silkcast room ' || $1, 0))
                THEN pg_current_xact_id()::text::bigint END
"""
_GIVE_BACK = "SELECT pg_advisory_unlock(hashtextextended('silkcast room ' || $1, 0))"
_LOST = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class SessionLost(Exception):
    """The connection is gone, and with it every lock it held."""


class Session:
    def __init__(self, engine: AsyncEngine, opened: AsyncConnection, raw: Any) -> None:
        self._engine = engine
        self._opened = opened
        self._raw = raw
        self._lock = asyncio.Lock()
        self._is_over = asyncio.Event()
        raw.add_termination_listener(lambda _: self._is_over.set())

    async def take(self, room: str) -> int | None:
        """The term of the room if it is ours now; the number of the transaction that took it only grows."""
        try:
            async with self._lock, asyncio.timeout(3):
                term: int | None = await self._raw.fetchval(_TAKE, room)
                return term
        except asyncpg.InsufficientResourcesError as fault:
            # no place for another lock (max_locks_per_transaction): those we hold are still ours
            log.error("rooms.no_place_for_a_lock", error=type(fault).__name__)
            return None
        except _LOST as fault:
            self._is_over.set()
            raise SessionLost from fault

    async def give_back(self, room: str) -> None:
        """Anybody may take it now."""
        try:
            async with self._lock, asyncio.timeout(3):
                await self._raw.fetchval(_GIVE_BACK, room)
        except _LOST as fault:
            self._is_over.set()
            raise SessionLost from fault

    async def lives(self, every_seconds: float, patience_seconds: float) -> bool:
        """After a while: is it still there?"""
        try:
            async with asyncio.timeout(every_seconds):
                await self._is_over.wait()
            return False
        except TimeoutError:
            pass
        try:
            async with self._lock, asyncio.timeout(patience_seconds):
                await self._raw.fetchval("SELECT 1")
        except _LOST:
            return False
        return not self._is_over.is_set()

    async def close(self) -> None:
        self._raw.terminate()
        try:
            await self._opened.invalidate()
            await self._opened.close()
        except _LOST:
            pass
        await self._engine.dispose()


def sessions_on(database: Database) -> Callable[[], Awaitable[Session]]:
    """Opens a session on the same database, beside its pool."""

    async def opened() -> Session:
        engine = make_engine(database.url, poolclass=NullPool)
        try:
            connection = await (await engine.connect()).execution_options(isolation_level="AUTOCOMMIT")
            raw: Any = (await connection.get_raw_connection()).driver_connection
            await raw.execute(_MIND_THE_LINE)
        except _LOST as fault:
            await engine.dispose()
            raise SessionLost from fault
        return Session(engine, connection, raw)

    return opened
