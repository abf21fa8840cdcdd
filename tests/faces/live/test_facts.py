# SPDX-License-Identifier: Apache-2.0
"""What is told of stock, pin and state is how it is, in whatever order the reactions came."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from silkcast.faces.live.facts import PIN, STOCK
from silkcast.faces.live.presence import topic
from silkcast.plumbing.wire import Reader
from silkcast.stage.rooms import service as rooms
from tests.faces.build import Town


class Ears(Reader):
    def __init__(self) -> None:
        super().__init__(self.hear, lambda: None)
        self.heard: list[tuple[str, Any]] = []

    def hear(self, frame: bytes) -> None:
        found = re.findall(rb"^event: (\w+)\ndata: (.*)$", frame, re.M)
        self.heard += [(kind.decode(), json.loads(body)) for kind, body in found]

    async def reach(self, kind: str) -> Any:
        async with asyncio.timeout(5):
            while not (said := [body for known, body in self.heard if known == kind]):
                await asyncio.sleep(0.01)
            return said[-1]


@pytest.fixture
async def ears(town: Town) -> Ears:
    town.running.house.hub.tick_seconds = 0.01
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)
    await town.running.relay.deliver_all()
    await asyncio.sleep(0.1)
    made = Ears()
    town.running.house.hub.attach(topic(town.show.id), made)
    return made


async def test_every_kind_of_fact_is_told_after_its_commit(town: Town, ears: Ears) -> None:
    await town.set_stock(town.variant, 4)
    async with town.database.write() as tx:
        await rooms.pin(tx, town.show.id, town.seller.id, town.product.id)
        await rooms.picture(tx, town.show.id, arrives=True)
    await town.running.relay.deliver_all()
    assert (await ears.reach("stock"))["left"] == 4
    assert (await ears.reach("pin"))["product"] == str(town.product.id)
    assert (await ears.reach("state"))["has_picture"] is True
    async with town.database.write() as tx:
        await rooms.unpin(tx, town.show.id, town.seller.id)
    await town.running.relay.deliver_all()
    assert await ears.reach("unpin") == {}


async def test_news_that_comes_late_does_not_bring_the_past_back(town: Town, ears: Ears) -> None:
    """A reaction of another process was held up: its stock of then is not what is told."""
    hub, name = town.running.house.hub, topic(town.show.id)
    await town.set_stock(town.variant, 9)
    await town.set_stock(town.variant, 2)
    await town.running.relay.deliver_all()
    assert (await ears.reach("stock"))["left"] == 2
    ears.heard.clear()
    late = {"variant": str(town.variant.id), "product": str(town.product.id), "left": 9}
    hub.publish(name, STOCK, late)
    hub.publish(name, PIN, {})
    assert (await ears.reach("stock"))["left"] == 2
    assert await ears.reach("unpin") == {}


async def test_what_could_not_be_read_is_read_again(
    town: Town, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    from silkcast.faces.live import facts

    levels, tried = facts.stock.levels, []

    async def away(*asked: Any) -> Any:
        tried.append(1)
        if len(tried) == 1:
            raise ConnectionError("the database is away")
        return await levels(*asked)

    await town.set_stock(town.variant, 3)
    monkeypatch.setattr(facts.stock, "levels", away)
    monkeypatch.setattr(facts, "AGAIN_SECONDS", 0.02)
    await town.running.relay.deliver_all()
    assert (await ears.reach("stock"))["left"] == 3
    assert len(tried) == 2
