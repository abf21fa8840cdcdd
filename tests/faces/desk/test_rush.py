# SPDX-License-Identifier: Apache-2.0
"""The demo's rush: an operator sends buyers into the show on air; nobody else can, and nowhere else."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

from silkcast.faces.cli.serve import make_server
from silkcast.faces.desk import rush
from silkcast.ground.clock import SetClock
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database
from silkcast.stage.chat import service as chat
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal, NewDeal, NewLane
from silkcast.stage.rooms import service as rooms
from silkcast.watch.audit import service as audit
from tests.faces.build import Town, open_town
from tests.faces.running import browser, free_port, person


@asynccontextmanager
async def serving(town: Town) -> AsyncIterator[None]:
    """The house on a real port, its committer at work."""
    running = town.running
    server = make_server(running.app, running.house.site, running.swift)
    work = [asyncio.create_task(server.serve()), asyncio.create_task(running.house.counter.committer.run())]
    await asyncio.wait_for(server.answers.wait(), 20)
    try:
        yield
    finally:
        server.should_exit = True
        work[1].cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*work)


async def on_air(town: Town, *, is_pinned: bool = True) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
        if is_pinned:
            await rooms.pin(tx, town.show.id, town.seller.id, town.product.id)


async def five_of_each(town: Town, clock: SetClock) -> Deal:
    """A deal that runs already."""
    price = {Country("FR"): Money.of("19.00", "EUR"), Country("SA"): Money.of("80.00", "SAR")}
    lanes = tuple(NewLane(variant.id, town.product.id, 5, price) for variant in town.product.variants)
    async with town.database.write() as tx:
        new = NewDeal(town.show.id, lanes, countdown=timedelta(seconds=10))
        deal = await deals.plan(tx, town.seller.id, new)
        deal = await deals.launch(tx, deal.id, town.seller.id)
    clock.at += timedelta(seconds=10)
    return deal


async def test_buyers_run_into_the_deal_of_the_show(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    town = await open_town(database, tmp_path, port=free_port())
    await on_air(town)
    deal = await five_of_each(town, clock)
    operator = await person(database, is_operator=True)

    async with serving(town), browser(town.running, operator.session) as http:
        sent = await http.post("/desk/rush", data={"buyers": "60", "seconds": "1"})
        again = await http.post("/desk/rush", data={"buyers": "60", "seconds": "1"})
        meanwhile = (await http.get("/desk/rush")).text
        async with asyncio.timeout(40):
            while 'hx-get="/desk/rush"' in (page := (await http.get("/desk/rush")).text):
                await asyncio.sleep(0.1)

    assert (sent.status_code, sent.headers["location"]) == (303, "/desk/rush")
    assert again.status_code == 303
    assert "They are on their way." in meanwhile
    told = re.findall(r'<dd class="number">(.*?)</dd>', page)
    assert [re.sub("<[^>]+>", "", one) for one in told[:5]] == ["60 / 60", "10", "50", "0", "0"]
    async with database.read() as db:
        lanes = (await deals.the_deal(db, deal.id)).lanes
        verbs = [entry.verb for entry in await audit.entries(db)]
        lines = await chat.recent(db, town.show.id)
    assert [(lane.taken, lane.left) for lane in lanes] == [(5, 0), (5, 0)]
    assert sum(lane.claims for lane in lanes) == 60, "who tapped twice has one claim, and one crowd was sent"
    assert verbs.count("rush.sent") == 1
    assert all(line.kind == "viewer" for line in lines)


async def test_what_is_pinned_becomes_a_deal(database: Database, tmp_path: Path) -> None:
    town = await open_town(database, tmp_path, port=free_port())
    await on_air(town)
    operator = await person(database, is_operator=True)

    async with browser(town.running, operator.session) as http:
        sent = await http.post("/desk/rush", data={"buyers": "5", "seconds": "1"})
    reading = rush._SENT[database].reading
    assert reading is not None
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading

    assert sent.status_code == 303
    async with database.read() as db:
        deal = await deals.launched(db, town.show.id)
    assert deal is not None
    assert [lane.units for lane in deal.lanes] == [20, 20], "what is free"
    assert deal.lanes[0].prices == {
        Country("FR"): Money.of("19.20", "EUR"),
        Country("SA"): Money.of("76.00", "SAR"),
    }
    assert deal.countdown == timedelta(seconds=10)


async def test_nobody_is_sent_where_there_is_nothing_to_buy(database: Database, tmp_path: Path) -> None:
    town = await open_town(database, tmp_path)
    operator = await person(database, is_operator=True)

    async with browser(town.running, operator.session) as http:
        nothing_live = await http.post("/desk/rush", data={"buyers": "5"})
        await on_air(town, is_pinned=False)
        nothing_pinned = await http.post("/desk/rush", data={"buyers": "5"})

    assert nothing_live.status_code == 409
    assert "Nobody is on air. Start a show first" in nothing_live.text
    assert nothing_pinned.status_code == 409
    assert "Pin a product first." in nothing_pinned.text
    assert database not in rush._SENT
    async with database.read() as db:
        assert await deals.launched(db, town.show.id) is None
        assert list(await audit.entries(db)) == []


async def test_only_operators_and_only_in_the_demo(database: Database, tmp_path: Path) -> None:
    town = await open_town(database, tmp_path)
    await on_air(town)
    somebody, operator = await person(database), await person(database, is_operator=True)

    async with browser(town.running, somebody.session) as http:
        others = [await http.get("/desk/rush"), await http.post("/desk/rush", data={"buyers": "5"})]
    object.__setattr__(town.running.house.site, "is_demo", False)
    async with browser(town.running, operator.session) as http:
        elsewhere = [await http.get("/desk/rush"), await http.post("/desk/rush", data={"buyers": "5"})]

    assert [answer.status_code for answer in (*others, *elsewhere)] == [404] * 4
    assert database not in rush._SENT
