# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the whole house: a real PostgreSQL, a template made once, a database to each worker.

`tx` and `db` share one transaction that is rolled back. `database` is a database of its own, for tests
that commit. Both are made from one template, so nothing is created twice.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from silkcast.ground.clock import SetClock
from silkcast.main import metadata
from silkcast.plumbing.db import SYSTEM, Database, Db, Tx
from silkcast.plumbing.db.database import engine_url, make_engine
from silkcast.plumbing.db.schema import create_tables
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.vault import Vault

VAULT = Vault({1: bytes(range(32))})
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "120"}
"""Settings of the tests' server. A test that pulls the plug starts a `Postgres` of its own without them."""

MEMORY, LEAST_FREE = Path("/dev/shm"), 4 * 1024**3
"""A folder that is no disk, if there is room for both workers' servers."""

_names = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for this worker, with the template `house` in it."""
    folder = Path(tempfile.mkdtemp(prefix="silkcast-tests-", dir=_quick_folder()))
    folder.chmod(0o755)  # so that the user PostgreSQL runs as can enter it
    programs = os.environ.get("TEST_POSTGRES")  # another version's, to see that the house lives in it
    server = Postgres(folder / "postgres", settings=QUICK, binaries=Path(programs) if programs else None)
    server.start()
    try:
        asyncio.run(_make_template(server))
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _quick_folder() -> Path | None:
    """Where two thousand files are copied in a fifth of the time; None: wherever such things usually are."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < LEAST_FREE:
        return None
    return MEMORY


async def _make_template(server: Postgres) -> None:
    await run_sql(server, "CREATE DATABASE house")
    engine = create_async_engine(engine_url(server.url("house")), poolclass=NullPool)
    async with engine.begin() as connection:
        await create_tables(connection, metadata())
    await engine.dispose()


async def run_sql(server: Postgres, statement: str) -> None:
    """One statement outside any transaction, as CREATE DATABASE wants it."""
    connection = await asyncpg.connect(server.url("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def clone(server: Postgres) -> str:
    """A new database like the template; its address."""
    name = f"clone_{next(_names)}"
    await run_sql(server, f"CREATE DATABASE {name} TEMPLATE house STRATEGY file_copy")
    return name


@pytest.fixture(scope="session")
async def engine(postgres: Postgres) -> AsyncIterator[AsyncEngine]:
    """The pool on this worker's own database, in which nothing is ever committed."""
    made = make_engine(postgres.url(await clone(postgres)), pool_size=2, hide_parameters=False)
    yield made
    await made.dispose()


@pytest.fixture
def clock() -> SetClock:
    """Stands at noon UTC of 22 November 2026 until the test moves it."""
    return SetClock(NOON)


@pytest.fixture
async def tx(engine: AsyncEngine, clock: SetClock) -> AsyncIterator[Tx]:
    """A transaction to write in; whatever was written is rolled back."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        session = AsyncSession(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        try:
            yield Tx(session, clock.now(), VAULT, SYSTEM)
        finally:
            await session.close()
            await outer.rollback()


@pytest.fixture
def db(tx: Tx) -> Db:
    """The same transaction, to read in."""
    return tx


@pytest.fixture
async def database(postgres: Postgres, clock: SetClock) -> AsyncIterator[Database]:
    """A database of the test's own, that may commit."""
    name = await clone(postgres)
    made = Database(postgres.url(name), VAULT, clock=clock, pool_size=5, hide_parameters=False)
    yield made
    await made.close()
    await run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")
