# SPDX-License-Identifier: Apache-2.0
"""A transaction writes all of it or nothing, and a reader cannot write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Database, Tx, WrongServer
from silkcast.plumbing.db.database import CannotBeKept, engine_url
from silkcast.plumbing.events import Event


@dataclass(frozen=True, slots=True)
class BellRung(Event):
    name: ClassVar[str] = "test.bell_rung.v1"
    bell: UUID
    counts: dict[UUID, int]


async def rows(database: Database, statement: str) -> int:
    async with database.read() as db:
        found: int = (await db.session.execute(text(statement))).scalar_one()
        return found


OUTBOX = "SELECT count(*) FROM outbox.event"
QUEUE = "SELECT count(*) FROM jobs.queue"


async def test_what_is_announced_and_enqueued_is_written_with_the_transaction(database: Database) -> None:
    bell = new_uuid()
    async with database.write() as tx:
        tx.announce(BellRung(bell, {bell: 2}))
        tx.enqueue("test.polish", {"bell": bell}, at=tx.now + timedelta(hours=1), key=str(bell))
        tx.enqueue("test.polish", {"bell": bell}, key=str(bell))
    assert await rows(database, OUTBOX) == 1
    assert await rows(database, QUEUE) == 1, "a key is unique while it waits"
    async with database.read() as db:
        body = (await db.session.execute(text("SELECT body FROM outbox.event"))).scalar_one()
    assert body == {"bell": str(bell), "counts": {str(bell): 2}}


async def test_nothing_is_written_when_the_block_raises(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.write() as tx:
            tx.announce(BellRung(new_uuid(), {}))
            tx.enqueue("test.polish", {})
            _ = 1 / 0
    assert await rows(database, OUTBOX) == 0
    assert await rows(database, QUEUE) == 0


async def test_a_savepoint_rolled_back_takes_its_words_back(tx: Tx) -> None:
    kept, lost = BellRung(new_uuid(), {}), BellRung(new_uuid(), {})
    tx.announce(kept)
    with pytest.raises(ZeroDivisionError):
        async with tx.session.begin_nested():
            tx.announce(lost)
            tx.enqueue("test.polish", {})
            _ = 1 / 0
    async with tx.session.begin_nested():
        tx.enqueue("test.shine", {})
    assert tx.announced == [kept]
    assert [wanted.job for wanted in tx.enqueued] == ["test.shine"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only transaction"):
        async with database.read() as db:
            await db.session.execute(text("DELETE FROM outbox.event"))
    async with database.write() as tx:
        await tx.session.execute(text("DELETE FROM outbox.event"))


async def test_a_statement_that_takes_too_long_is_given_up(database: Database) -> None:
    async with database.read() as db:
        await db.session.execute(text("SET LOCAL statement_timeout = 50"))
        with pytest.raises(DBAPIError, match="statement timeout"):
            await db.session.execute(text("SELECT pg_sleep(5)"))
        await db.session.rollback()
        assert (await db.session.execute(text("SHOW statement_timeout"))).scalar_one() == "15s"


async def test_each_waker_is_told_after_the_commit_and_not_before(database: Database) -> None:
    told: list[int] = []
    database.after_commit(lambda tx: told.append(len(tx.announced)))
    async with database.write() as tx:
        tx.announce(BellRung(new_uuid(), {}))
        assert told == []
    assert told == [1]


async def test_the_server_is_asked_whether_we_can_live_in_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert int((await database.check_server()).split(".")[0]) >= 15
    monkeypatch.setattr("silkcast.plumbing.db.database.OLDEST_SERVER", 99_00_00)
    with pytest.raises(WrongServer, match="too old"):
        await database.check_server()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://me@db/shop", "postgresql+asyncpg://me@db/shop"),
        ("postgresql://me@db/shop?sslmode=require", "postgresql+asyncpg://me@db/shop?ssl=require"),
        ("postgresql+asyncpg://me@/shop?host=/run/pg", "postgresql+asyncpg://me@/shop?host=%2Frun%2Fpg"),
    ],
)
def test_an_address_may_be_written_in_any_usual_way(given: str, wanted: str) -> None:
    assert engine_url(given).render_as_string() == wanted


def test_another_database_is_refused() -> None:
    with pytest.raises(ValueError, match="PostgreSQL"):
        engine_url("mysql://me@db/shop")


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("SELECT length(CAST(:value AS text))", "a\x00b"),
        ("SELECT CAST(:value AS jsonb)", '"a\\u0000b"'),
        ("SELECT CAST(:value AS bigint)", 10**30),
        ("SELECT CAST(CAST(:value AS text) AS int)", "3000000000"),
    ],
)
async def test_what_no_column_takes_is_refused(database: Database, statement: str, value: object) -> None:
    with pytest.raises(CannotBeKept):
        async with database.write() as tx:
            await tx.session.execute(text(statement), {"value": value})


async def test_a_reader_asks_once_and_a_writer_each_time(database: Database) -> None:
    asked: list[list[int]] = []

    async def squares(numbers: Sequence[int]) -> dict[int, int]:
        asked.append(list(numbers))
        return {number: number * number for number in numbers if number > 0}

    async with database.read() as db:
        assert await db.once("squares", [2, -1, 1], squares) == {2: 4, 1: 1}
        assert list(await db.once("squares", [3, 2, 1], squares)) == [3, 2, 1]
        assert await db.once("others", [2], squares) == {2: 4}
    assert asked == [[2, -1, 1], [3], [2]]

    asked.clear()
    async with database.write() as tx:
        assert await tx.once("squares", [2], squares) == await tx.once("squares", [2], squares)
    assert asked == [[2], [2]], "what a writer has changed meanwhile is seen"
