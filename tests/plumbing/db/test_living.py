# SPDX-License-Identifier: Apache-2.0
"""The pool hands out no dead connection, whether its end was told or not."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from sqlalchemy import text

from silkcast.plumbing.db import Database
from silkcast.plumbing.db.database import make_engine
from silkcast.plumbing.db.living import hand_out_only_the_living

WHO = text("SELECT pg_backend_pid()")


async def test_a_connection_that_the_server_closed_is_replaced(database: Database) -> None:
    async with database.read() as db:
        first: int = (await db.session.execute(WHO)).scalar_one()
        raw: Any = (await (await db.session.connection()).get_raw_connection()).driver_connection
    other = make_engine(database.url, pool_size=1)
    try:
        async with other.connect() as connection:
            await connection.execute(text(f"SELECT pg_terminate_backend({first}, 2000)"))
            while not raw.is_closed():  # the loop hears of it on that connection, not on the one that asked
                await asyncio.sleep(0.01)
            async with database.read() as db:
                second: int = (await db.session.execute(WHO)).scalar_one()
    finally:
        await other.dispose()
    assert second != first


async def test_a_connection_that_fell_silent_is_asked_after_a_while_and_replaced(database: Database) -> None:
    engine = make_engine(database.url, pool_size=1)
    hand_out_only_the_living(engine, idle_seconds=0)
    try:
        async with engine.connect() as connection:
            first = (await connection.execute(WHO)).scalar_one()
            raw: Any = (await connection.get_raw_connection()).driver_connection
            wire: socket.socket = raw._transport.get_extra_info("socket")
        # sending is over, and nobody has told the loop: only a question finds it out
        socket.fromfd(wire.fileno(), socket.AF_UNIX, socket.SOCK_STREAM).shutdown(socket.SHUT_WR)
        assert not raw.is_closed()
        async with engine.connect() as connection:
            second = (await connection.execute(WHO)).scalar_one()
    finally:
        await engine.dispose()
    assert second != first


async def test_a_busy_pool_is_not_asked_each_time(database: Database) -> None:
    asked = 0
    engine = make_engine(database.url, pool_size=1)
    ping = engine.sync_engine.dialect.do_ping

    def counted(connection: Any) -> bool:
        nonlocal asked
        asked += 1
        return ping(connection)

    engine.sync_engine.dialect.do_ping = counted  # type: ignore[method-assign]
    try:
        for _ in range(5):
            async with engine.connect() as connection:
                await connection.execute(WHO)
    finally:
        await engine.dispose()
    assert asked == 0
