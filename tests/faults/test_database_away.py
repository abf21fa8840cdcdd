# SPDX-License-Identifier: Apache-2.0
"""While PostgreSQL is away every face says calmly when to come back; when it is back, nobody notices more."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from silkcast.faces.refusing import RETRY_SECONDS
from silkcast.main import migrate
from silkcast.plumbing.db import AWAY, Database, DatabaseAway
from silkcast.plumbing.outbox.relay import Relay
from silkcast.plumbing.postgres import Postgres
from tests.conftest import VAULT
from tests.faces.api.test_api import is_problem
from tests.faces.build import Town, open_town, visitor
from tests.faces.running import browser, person

AT_ONCE = 12
PAGES = ("/", "/live", "/search?q=tea")


@pytest.fixture(scope="module")
def one_server() -> Iterator[Postgres]:
    """A PostgreSQL of these tests' own, that may be stopped and killed."""
    folder = Path(tempfile.mkdtemp(prefix="silkcast-away-"))
    folder.chmod(0o755)
    made = Postgres(folder / "postgres")
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
async def one_town(one_server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    database = Database(one_server.url(), VAULT)
    await migrate(database)
    yield await open_town(database, tmp_path_factory.mktemp("away"))
    await database.close()


@pytest.fixture
def server(one_server: Postgres) -> Postgres:
    """Running, whatever the test before did to it."""
    one_server.start()
    return one_server


@pytest.fixture
async def town(server: Postgres, one_town: Town) -> Town:
    await fill_the_pool(one_town.database)
    return one_town


async def fill_the_pool(database: Database) -> None:
    """Many connections that will all have died when the server comes back."""

    async def hold() -> None:
        async with database.read() as db:
            await db.session.execute(text("SELECT pg_sleep(0.3)"))

    await asyncio.gather(*(hold() for _ in range(AT_ONCE)))


async def test_people_read_that_we_are_back_in_a_moment(town: Town, server: Postgres) -> None:
    server.stop()
    async with visitor(town, language="fr") as french, visitor(town, language="ar", market="SA") as arab:
        for path in (*PAGES, f"/room/{town.show.slug}", f"/shop/{town.seller.slug}/{town.product.slug}"):
            answer = await french.get(path)
            assert answer.status_code == 503, path
            assert answer.headers["retry-after"] == str(RETRY_SECONDS)
            assert "Nous revenons dans un instant" in answer.text
            assert "database.away" in answer.text
        assert "سنعود بعد لحظات" in (await arab.get("/")).text


async def test_who_is_logged_in_is_not_logged_out(town: Town, server: Postgres) -> None:
    known = await person(town.database)
    async with browser(town.running, known.session) as client:
        assert (await client.get("/orders")).status_code == 200
        server.stop()
        for path in ("/orders", "/studio"):
            assert (await client.get(path)).status_code == 503
        server.start()
        assert (await client.get("/orders")).status_code == 200


async def test_programs_get_a_problem_with_the_time_to_come_back(town: Town, server: Postgres) -> None:
    server.stop()
    asked = {"variant": str(town.variant.id), "market": "SA"}
    async with browser(town.running, authorization="Bearer silk_somebody") as http:
        for answer in (
            await http.get("/api/v1/offers", params=asked),
            await http.get("/api/v1/products"),
            await http.get(f"/api/v1/checkouts/{uuid4()}"),
        ):
            assert is_problem(answer, 503, "database.away")
            assert answer.headers["retry-after"] == str(RETRY_SECONDS)


async def test_a_rooms_events_say_when_to_come_back(town: Town, server: Postgres) -> None:
    server.stop()
    async with visitor(town) as client:
        answer = await client.get(f"/live/{town.show.id}/events")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, str(RETRY_SECONDS))


async def test_alive_but_not_ready(town: Town, server: Postgres) -> None:
    async with visitor(town) as client:
        assert (await client.get("/health/ready")).status_code == 200
        server.stop()
        ready, live = await client.get("/health/ready"), await client.get("/health/live")
        figures = await client.get("/metrics")
    assert (ready.status_code, ready.json()) == (503, {"database": "DatabaseAway"})
    assert (live.status_code, live.text) == (200, "ok\n")
    assert figures.status_code == 200


async def test_dead_connections_are_no_second_wave(town: Town, server: Postgres) -> None:
    server.stop()
    async with visitor(town) as client:
        assert (await client.get("/")).status_code == 503
        server.start()
        paths = [PAGES[n % len(PAGES)] for n in range(2 * AT_ONCE)]
        answers = await asyncio.gather(*(client.get(path) for path in paths))
        said = await client.post(f"/live/{town.show.id}/chat", data={"text": "hello again"})
    assert {answer.status_code for answer in answers} == {200}
    assert said.status_code == 303


async def test_killed_it_comes_back_by_itself_and_nobody_sees_a_fault(town: Town, server: Postgres) -> None:
    """Every answer is a page or the calm 503, from the moment of the kill until long after it."""
    keeper = asyncio.create_task(server.keep(every=0.1))
    seen: list[int] = []
    try:
        async with visitor(town) as client:
            await asyncio.gather(*(look_on(client, seen, kill(server) if not n else None) for n in range(6)))
    finally:
        keeper.cancel()
    assert set(seen) == {200, 503}, "the kill was seen, and nothing worse"
    assert seen[-6:] == [200] * 6


async def kill(server: Postgres) -> None:
    await asyncio.sleep(0.2)
    pid = server.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


async def look_on(client: httpx.AsyncClient, seen: list[int], meanwhile: object = None) -> None:
    killing = asyncio.ensure_future(meanwhile) if meanwhile is not None else None  # type: ignore[call-overload]
    for _ in range(400):
        seen.append((await client.get("/live")).status_code)
        if 503 in seen and seen[-12:] == [200] * 12:
            break
        await asyncio.sleep(0.02)
    if killing is not None:
        await killing


async def test_those_beside_the_site_wait_and_go_on(town: Town, server: Postgres) -> None:
    relay = Relay(town.database, ())
    task = asyncio.create_task(relay.run())
    server.stop()
    await asyncio.sleep(1.5)
    with pytest.raises(AWAY):
        await relay.deliver_due()
    assert not task.done()
    server.start()
    assert await relay.deliver_due() >= 0
    task.cancel()


async def test_only_what_means_it_is_called_away(town: Town) -> None:
    """A statement of ours that is wrong stays a fault of ours; a file that is missing is no database."""
    for statement in ("SELECT 1/0", "SELECT nonsense"):
        with pytest.raises(Exception) as wrong:  # noqa: PT011
            async with town.database.read() as db:
                await db.session.execute(text(statement))
        assert not isinstance(wrong.value, DatabaseAway)
    with pytest.raises(FileNotFoundError):
        async with town.database.read():
            raise FileNotFoundError
    with pytest.raises(DatabaseAway):
        async with town.database.read() as db, town.database.read() as other:
            pid = (await db.session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            with suppress(asyncpg.PostgresError):
                await other.session.execute(text(f"SELECT pg_terminate_backend({pid})"))
            await db.session.execute(text("SELECT 1"))
