# SPDX-License-Identifier: Apache-2.0
"""However long a page may be handed out again: never with a price or a sold-out that has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event

from silkcast.goods.stock import service as stock
from silkcast.ground.ids import new_uuid
from silkcast.plumbing.db import Database
from tests.faces.build import Town, open_town, visitor


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path, room_seconds=600)


@pytest.fixture
async def reader(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town) as client:
        yield client


@pytest.fixture
def asked(town: Town) -> Iterator[list[str]]:
    """Every statement that the database is asked."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    engine = town.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


async def both(reader: httpx.AsyncClient, town: Town) -> str:
    room = await reader.get(f"/room/{town.show.slug}")
    product = await reader.get(town.path)
    assert room.status_code == product.status_code == 200
    return room.text + product.text


async def hold(town: Town, units: int) -> None:
    async with town.database.write() as tx:
        until = tx.now + timedelta(minutes=5)
        await stock.hold(tx, {town.variant.id: units}, until=until, reference=new_uuid())


async def test_a_page_that_is_right_asks_the_database_nothing(
    town: Town, reader: httpx.AsyncClient, asked: list[str]
) -> None:
    await both(reader, town)
    asked.clear()
    await both(reader, town)
    assert asked == []


async def test_a_new_price_is_on_the_next_page(town: Town, reader: httpx.AsyncClient) -> None:
    before = await both(reader, town)
    await town.set_price("37.00")
    after = await both(reader, town)
    assert before != after
    assert before.count("24.00") > 0
    assert after.count("24.00") == 0
    assert after.count("37.00") > 0


async def test_the_last_ones_and_sold_out_are_on_the_next_page(town: Town, reader: httpx.AsyncClient) -> None:
    await both(reader, town)
    await hold(town, 17)
    assert 'data-left="3"' in (await reader.get(town.path)).text
    await hold(town, 3)
    for variant in town.product.variants[1:]:
        await town.set_stock(variant, 0)
    assert "Sold out" in (await reader.get(town.path)).text
    await town.set_stock(town.variant, 15)
    after = (await reader.get(town.path)).text
    assert "Sold out" not in after
    assert "data-left" not in after, "plenty is not counted aloud"


async def test_a_sale_out_of_plenty_draws_nothing_anew(
    town: Town, reader: httpx.AsyncClient, asked: list[str]
) -> None:
    await hold(town, 1)  # from here on it is known that there is plenty
    await both(reader, town)
    await hold(town, 1)
    asked.clear()
    await both(reader, town)
    assert asked == []


async def test_a_drawing_that_a_commit_overtook_is_not_kept(town: Town, reader: httpx.AsyncClient) -> None:
    """The page is being drawn while the price changes: whoever asks after the change gets the new one."""
    engine = town.database.engine.sync_engine
    begun = asyncio.Event()

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "pricing.prices" in statement and statement.lstrip().startswith("SELECT"):
            begun.set()

    event.listen(engine, "after_cursor_execute", note)
    early = asyncio.create_task(reader.get(town.path))
    await begun.wait()
    event.remove(engine, "after_cursor_execute", note)
    await town.set_price("37.00")
    late = await reader.get(town.path)
    await early
    again = await reader.get(town.path)
    for answer in (late, again):
        assert "37.00" in answer.text
        assert "24.00" not in answer.text
