# SPDX-License-Identifier: Apache-2.0
"""Living: the pool hands out no connection that is dead.

A server that ends closes its connections, which asyncpg notices by itself: that costs nothing to look at. One
that fell silent (a cable, a firewall that forgets) is only found by asking, so a connection that lay idle for
a while is asked first. Asking each time would be one more round trip for each transaction of the house.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

IDLE_SECONDS = 5.0
_BACK = "silkcast.back"


def hand_out_only_the_living(engine: AsyncEngine, idle_seconds: float = IDLE_SECONDS) -> None:
    """The pool replaces a dead connection before anybody gets it."""
    dialect = engine.sync_engine.dialect

    def back(connection: Any, record: Any) -> None:
        record.info[_BACK] = time.monotonic()

    def out(connection: Any, record: Any, proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        idle = time.monotonic() - record.info.get(_BACK, time.monotonic())
        if idle < idle_seconds:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as fault:
            raise DisconnectionError from fault

    event.listen(engine.sync_engine, "checkin", back)
    event.listen(engine.sync_engine, "checkout", out)
