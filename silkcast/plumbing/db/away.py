# SPDX-License-Identifier: Apache-2.0
"""Away: the database does not answer, and which faults mean just that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from silkcast.ground.refusals import Unavailable


@dataclass(eq=False)
class DatabaseAway(Unavailable):
    """The database does not answer: it is being started again, or all connections are taken. What was asked
    of it may have been done all the same, if it was cut off while it committed."""

    code: ClassVar[str] = "database.away"


AWAY = (DatabaseAway, DBAPIError, PoolTimeout, OSError)
"""What those who work beside the site wait out, whatever the database said."""

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InternalClientError,
)
"""Of the driver: it is starting or stopping, or the connection is gone, perhaps in mid-answer."""


def is_away(fault: BaseException) -> bool:
    """Does this say that the database is away, and nothing of what was asked?"""
    if isinstance(fault, PoolTimeout | ConnectionError):
        return True
    if isinstance(fault, DBAPIError):
        cause = fault.orig.__cause__ if fault.orig is not None else None
        return fault.connection_invalidated or isinstance(cause, (*_LOST, OSError))
    return isinstance(fault, _LOST)


@contextmanager
def told_as_away() -> Iterator[None]:
    """Whatever says so becomes the one refusal that every face knows."""
    try:
        yield
    except DatabaseAway:
        raise
    except (DBAPIError, PoolTimeout, ConnectionError, *_LOST) as fault:
        if not is_away(fault):
            raise
        raise DatabaseAway() from fault


@contextmanager
def connecting() -> Iterator[None]:
    """While a connection is made every fault of the system says so too: no socket, no host, no answer."""
    try:
        yield
    except OSError as fault:
        raise DatabaseAway() from fault
