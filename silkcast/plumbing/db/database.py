# SPDX-License-Identifier: Apache-2.0
"""Database: the pool, and the only place in the house that commits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import asyncpg
import msgspec
from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from silkcast.ground.clock import Clock, SystemClock
from silkcast.ground.refusals import Invalid
from silkcast.plumbing.db.away import connecting, told_as_away
from silkcast.plumbing.db.living import hand_out_only_the_living
from silkcast.plumbing.db.outgoing import write_outgoing
from silkcast.plumbing.db.transaction import SYSTEM, Actor, Db, Tx
from silkcast.plumbing.faults import Fault
from silkcast.plumbing.vault import Vault

OLDEST_SERVER = 15_00_00

_encode = msgspec.json.Encoder(decimal_format="string").encode


def _dump_json(value: Any) -> str:
    return _encode(value).decode()


def engine_url(url: str | URL) -> URL:
    """The address as SQLAlchemy wants it, from any usual spelling: `postgres://`, `postgresql://`."""
    parsed = make_url(url)
    if parsed.drivername not in ("postgres", "postgresql", "postgresql+asyncpg"):
        raise ValueError("the database is PostgreSQL: postgresql://user@host/name")
    if "sslmode" in parsed.query:  # libpq's word, which providers hand out; asyncpg says ssl
        mode = parsed.query["sslmode"]
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return parsed.set(drivername="postgresql+asyncpg")


def make_engine(
    url: str | URL,
    *,
    pool_size: int = 10,
    statement_timeout: timedelta = timedelta(seconds=15),
    lock_timeout: timedelta = timedelta(seconds=10),
    hide_parameters: bool = True,
    **options: Any,
) -> AsyncEngine:
    """A pool whose sessions give up on a statement, a lock or an idle transaction that takes too long.

    Each connection is asked whether it lives before it is handed out: those that died with the server are
    replaced unseen, for writers too, and nothing is ever run twice to find out. Parameters, which may be
    personal, stay out of errors and logs unless a test wants to see them."""
    server_settings = {
        "application_name": "silkcast",
        "timezone": "UTC",
        "jit": "off",
        "statement_timeout": str(int(statement_timeout.total_seconds() * 1000)),
        "lock_timeout": str(int(lock_timeout.total_seconds() * 1000)),
        "idle_in_transaction_session_timeout": "60000",
    }
    if "poolclass" not in options:
        options = {
            "pool_size": pool_size,
            "max_overflow": pool_size,
            "pool_timeout": 10,
            "pool_use_lifo": True,
            **options,
        }
    engine = create_async_engine(
        engine_url(url),
        hide_parameters=hide_parameters,
        json_serializer=_dump_json,
        json_deserializer=msgspec.json.decode,
        connect_args={"server_settings": server_settings, "timeout": 10, "command_timeout": None},
        **options,
    )
    hand_out_only_the_living(engine)
    return engine


class WrongServer(Fault):
    """The server there is not one that the house can live in, and why."""


@dataclass(eq=False)
class CannotBeKept(Invalid):
    """A text with a zero octet in it, or a number larger than there is room for."""

    code: ClassVar[str] = "request.cannot_be_kept"


_CANNOT_BE_KEPT = frozenset({"22021", "22P05", "22003"})
"""PostgreSQL's: character not in repertoire, untranslatable character, numeric value out of range."""


def _driver_says(error: DBAPIError) -> BaseException | None:
    return error.orig.__cause__ if error.orig is not None else None


@contextmanager
def _what_can_be_kept() -> Iterator[None]:
    """What somebody typed and no column takes is theirs to mend, not a fault of ours."""
    try:
        yield
    except (DBAPIError, asyncpg.DataError) as error:
        cause = error if isinstance(error, asyncpg.DataError) else _driver_says(error)
        state = getattr(cause, "sqlstate", None)
        if state in _CANNOT_BE_KEPT or isinstance(getattr(cause, "__cause__", None), OverflowError):
            raise CannotBeKept from None
        raise


class Database:
    """Hands out transactions. Made once by main, from settings and a clock."""

    def __init__(
        self, url: str | URL, vault: Vault, *, clock: Clock | None = None, **engine_options: Any
    ) -> None:
        self.url = engine_url(url)
        self.vault = vault
        self.clock: Clock = clock or SystemClock()
        self.engine = make_engine(self.url, **engine_options)
        self._after_commit: list[Callable[[Tx], None]] = []

    @asynccontextmanager
    async def read(self, actor: Actor = SYSTEM) -> AsyncIterator[Db]:
        """A transaction in which PostgreSQL itself refuses to write."""
        with told_as_away(), _what_can_be_kept():
            async with AsyncSession(self.engine, expire_on_commit=False, autoflush=False) as session:
                with connecting():
                    await session.connection(execution_options={"postgresql_readonly": True})
                yield Db(session, self.clock.now(), self.vault, actor)

    @asynccontextmanager
    async def write(self, actor: Actor = SYSTEM) -> AsyncIterator[Tx]:
        """A transaction that commits at the end of the block, and rolls back on whatever is raised."""
        with told_as_away(), _what_can_be_kept():
            async with AsyncSession(self.engine, expire_on_commit=False) as session:
                with connecting():
                    await session.connection()
                tx = Tx(session, self.clock.now(), self.vault, actor)
                yield tx
                await write_outgoing(tx)
                await session.commit()
        for tell in self._after_commit:
            tell(tx)

    async def at_once(self, statement: str, *values: Any) -> list[Any]:
        """Rows of one statement with `$1`, straight from the driver, which is a transaction of its own: one
        way to the server and back where a transaction around it takes three. It announces nothing."""
        with told_as_away(), _what_can_be_kept(), connecting():
            async with self.engine.connect() as connection:
                driver = (await connection.get_raw_connection()).driver_connection
                assert driver is not None, "it is connected"
                found: list[Any] = await driver.fetch(statement, *values)
                return found

    async def check_server(self) -> str:
        """The server's version, if we can live in it: PostgreSQL 15 or later, in UTF-8, and writable."""
        async with self.engine.connect() as connection:
            names = ("server_version_num", "server_version", "server_encoding", "transaction_read_only")
            number, version, encoding, read_only = [
                str((await connection.exec_driver_sql(f"SHOW {name}")).scalar_one()) for name in names
            ]
        if int(number) < OLDEST_SERVER:
            raise WrongServer(f"PostgreSQL {version} is too old; 15 is the oldest that will do")
        if encoding != "UTF8":
            raise WrongServer(f"the database is encoded in {encoding}; make one with ENCODING 'UTF8'")
        if read_only == "on":
            raise WrongServer("the server is a replica that cannot be written to")
        return version

    def after_commit(self, tell: Callable[[Tx], None]) -> None:
        """Call `tell` after each commit, in this process only: a way to wake early, never to deliver."""
        self._after_commit.append(tell)

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()
