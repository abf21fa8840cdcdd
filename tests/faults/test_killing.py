# SPDX-License-Identifier: Apache-2.0
"""kill -9 in the middle of checkouts: of a backend, of PostgreSQL, of the encoder and of the server, one
after the other, while buyers buy over HTTP. Nothing acknowledged is lost, and nothing happens twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from silkcast.faces.house import SiteSettings
from silkcast.flows import reconciliation
from silkcast.main import make_scene, open_database, reactions, settings_from
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Database, Db
from silkcast.plumbing.outbox.relay import Relay
from silkcast.plumbing.wire import Hub
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import State
from tests.faults.buyers import Crowd, Wanted, client
from tests.faults.house import KEY, UNITS, Killable, found, killable, later

pytestmark = [pytest.mark.video, pytest.mark.timeout(240)]
BUYERS = 6
SOLD: tuple[State, ...] = ("paid", "cod_accepted", "refunded")
"""Nobody sends parcels here: that is as far as an order comes."""


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="silkcast-killed-"))
    made.chmod(0o755)  # so that the user PostgreSQL runs as can enter it
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def test_whatever_is_killed_in_the_middle_of_checkouts_nothing_acknowledged_is_lost(
    folder: Path,
) -> None:
    with killable(folder) as house:
        await found(house)
        house.start_provider()
        await asyncio.to_thread(house.start)
        house.start_encoder()
        await asyncio.to_thread(house.film_goes_on, 30, "the film begins")
        crowd = Crowd(house.origin, house.variants)
        await crowd.learn()
        async with buying(crowd):
            await kill_one_after_the_other(house, crowd)
        assert sum(one.lost for one in crowd.wanted) > 0, "nobody was interrupted: this proves nothing"
        assert len(crowd.acknowledged) > 50, crowd.refusals[-5:]
        assert all(told.startswith("503") and "database.away" in told for told in crowd.refusals), (
            crowd.refusals
        )
        await everybody_asks_again(crowd)
        await settled(house)
        async with open_database(settings_from(house.settings)) as database:
            await assert_whole(database, crowd, await charges(house))
        house.kill_server()
        await time_runs_out(house, crowd)


@contextlib.asynccontextmanager
async def buying(crowd: Crowd) -> AsyncIterator[None]:
    """Buyers at work while the block runs."""
    tasks = [asyncio.create_task(crowd.buy_on(number)) for number in range(BUYERS)]
    try:
        yield
    finally:
        crowd.is_over = True
        await asyncio.gather(*tasks)


async def kill_one_after_the_other(house: Killable, crowd: Crowd) -> None:
    await more_orders(crowd)
    server = house.server.pid
    os.kill(house.backend(), signal.SIGKILL)
    await more_orders(crowd)
    os.kill(house.postmaster(), signal.SIGKILL)
    await more_orders(crowd)
    await asyncio.to_thread(house.film_goes_on, 15, "the film does not need the database")
    assert house.server.pid == server
    assert house.server.poll() is None, "the server outlives its database"
    house.kill_encoder()
    await more_orders(crowd)
    house.start_encoder()
    await asyncio.to_thread(house.film_goes_on, 30, "the film is back with the same key")
    house.kill_server()
    await asyncio.sleep(0.3)
    await asyncio.to_thread(house.start)
    house.kill_encoder()  # it lost its connection
    house.start_encoder()
    await more_orders(crowd)
    await asyncio.to_thread(house.film_goes_on, 30, "the film is back after the server was killed")


async def more_orders(crowd: Crowd, count: int = 8, seconds: float = 30) -> None:
    """So many more are acknowledged: the house sells."""
    before = len(crowd.acknowledged)
    try:
        async with asyncio.timeout(seconds):
            while len(crowd.acknowledged) < before + count:
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"no orders for {seconds} s: {crowd.refusals[-3:]}") from None


async def everybody_asks_again(crowd: Crowd) -> None:
    """With the old key and the old wish: `ask` compares number and secret with what was answered before."""

    async def ask(some: list[Wanted], address: str) -> None:
        async with client(address) as http:
            for one in some:
                await crowd.ask(http, one)
                assert one.is_acknowledged, crowd.refusals[-1]

    await asyncio.gather(*(ask(crowd.wanted[n::BUYERS], f"127.0.1.{1 + n}") for n in range(BUYERS)))


async def charges(house: Killable) -> list[dict[str, Any]]:
    """Everything the provider ever took."""
    taken: list[dict[str, Any]] = []
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{house.provider}",
        headers={"authorization": f"Bearer {KEY}"},
        trust_env=False,
    ) as http:
        after = 0
        while True:
            page = (await http.get("/v1/charges", params={"after": after, "limit": 200})).json()
            taken += page["charges"]
            if page["last"] is None:
                return taken
            after = page["last"]


@dataclass(frozen=True)
class Bought:
    key: str
    number: str
    state: str


async def bought(db: Db) -> list[Bought]:
    rows = await db.session.execute(text("SELECT key, number, state FROM orders.orders"))
    return [Bought(*row) for row in rows]


async def settled(house: Killable, seconds: float = 45) -> None:
    """The house has heard of every charge that succeeded, by itself."""
    async with open_database(settings_from(house.settings)) as database:
        for _ in range(int(seconds * 5)):
            if not await unheard(database, await charges(house)):
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"neither order nor refund: {await unheard(database, await charges(house))}")


async def unheard(database: Database, taken: list[dict[str, Any]]) -> list[str]:
    """Charges that succeeded at the provider and are neither a sold order nor given back."""
    async with database.read() as db:
        states = {one.number: one.state for one in await bought(db)}
    return [
        charge["id"]
        for charge in taken
        if charge["status"] == "succeeded"
        and states.get(charge["metadata"]["order"]) not in SOLD
        and charge["refunded"] != charge["captured"]
    ]


async def assert_whole(database: Database, crowd: Crowd, taken: list[dict[str, Any]]) -> None:
    """Each order once, money for each sale once, stock to the unit, books to the cent."""
    async with database.read() as db:
        there = await bought(db)
        assert await ledger.check(db) == ()
        await assert_stock(db)
        sales = await db.session.execute(
            text("SELECT reference, count(*) FROM ledger.transfers WHERE kind = 'sale' GROUP BY reference")
        )
        sold = {str(order): count for order, count in sales}
    assert {one.key for one in there} == {f"api/{one.key}" for one in crowd.wanted}
    assert len(there) == len(crowd.wanted)
    assert {one.number for one in there} == {one.number for one in crowd.wanted}
    assert set(sold.values()) == {1}
    paid = [charge for charge in taken if charge["status"] == "succeeded"]
    assert len(paid) >= sum(one.is_paid for one in crowd.wanted) > 0
    by_order = [charge["metadata"]["order"] for charge in paid]
    assert len(by_order) == len(set(by_order)), "somebody paid twice"
    states = {one.number: one.state for one in there}
    for one in crowd.wanted:
        if one.way == "cash":
            assert states[one.number] == "cod_accepted"


async def assert_stock(db: Db) -> None:
    """On hand is what was there less what was sold; held is what open holds say, each with its open order."""
    levels = await db.session.execute(text("SELECT variant, on_hand, held FROM stock.levels"))
    sold = await units(db, "orders.state IN ('paid', 'cod_accepted')")
    waiting = await units(db, "orders.state IN ('held', 'awaiting_payment')")
    holds = await db.session.execute(
        text(
            "SELECT variant, sum(units) FROM stock.hold_lines JOIN stock.holds ON holds.id = hold"
            " WHERE state = 'held' GROUP BY variant"
        )
    )
    held = {row[0]: row[1] for row in holds}
    for variant, on_hand, set_aside in levels:
        assert on_hand == UNITS - sold.get(variant, 0)
        assert set_aside == held.get(variant, 0) == waiting.get(variant, 0)


async def units(db: Db, which: str) -> dict[Any, int]:
    rows = await db.session.execute(
        text(
            "SELECT variant, sum(units) FROM orders.lines JOIN orders.orders ON orders.id = order_id"
            f" WHERE {which} GROUP BY variant"
        )
    )
    return {row[0]: row[1] for row in rows}


async def time_runs_out(house: Killable, crowd: Crowd) -> None:
    """Two minutes later, after one more kill: whoever left without paying has let go of the goods."""
    settings = settings_from(house.settings)
    async with later(house, timedelta(minutes=2)) as database:
        scene = make_scene(settings, database)
        relay = Relay(database, reactions(scene, Hub(), SiteSettings()))
        try:
            while await unpaid(database):
                await reconciliation.close_unpaid(scene)
            while await relay.deliver_all():
                pass
            await assert_whole(database, crowd, await charges(house))
        finally:
            for engine in scene.payments.values():
                await engine.close()
        async with database.read() as db:
            states = {one.number: one.state for one in await bought(db)}
            held = await db.session.execute(text("SELECT sum(held) FROM stock.levels"))
            assert held.scalar_one() == 0
    left = [states[one.number] for one in crowd.wanted if one.way == "leaves"]
    assert left
    assert set(left) == {"expired"}


async def unpaid(database: Database) -> int:
    async with database.read() as db:
        return len(await orders.due_to_expire(db, db.now))
