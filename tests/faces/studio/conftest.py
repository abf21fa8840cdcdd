# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from silkcast.ground.ids import OrderId
from silkcast.plumbing.db import Database
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.values import Author, Saying
from silkcast.stage.rooms import service as rooms
from silkcast.trade.orders import service as orders
from silkcast.who.identity import service as identity
from silkcast.who.sellers import service as sellers
from tests.faces.build import Town, open_town
from tests.faces.running import browser, person
from tests.trade.orders.build import line, new_order
from tests.who.sellers.build import new_seller


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


@pytest.fixture
async def seller(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """The owner of the shop before their browser."""
    async with town.database.write() as tx:
        session = await identity.open_session(tx, town.seller.owner)
    async with browser(town.running, session.token) as client:
        yield client


@pytest.fixture
async def neighbour(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody with a shop of their own."""
    other = await person(town.database, name="Somebody Else")
    async with town.database.write() as tx:
        await sellers.open_shop(tx, other.user.id, new_seller(slug="another-shop"))
    async with browser(town.running, other.session) as client:
        yield client


@pytest.fixture
async def stranger(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(town.running) as client:
        yield client


async def paid_order(town: Town, key: str = "one") -> OrderId:
    """An order of the shop, paid."""
    async with town.database.write() as tx:
        bought = line()
        own = type(bought)(
            **{
                **{name: getattr(bought, name) for name in bought.__dataclass_fields__},
                "variant": town.variant.id,
                "product": town.product.id,
                "sku": town.variant.sku,
            }
        )
        placed = await orders.place(tx, new_order(seller=town.seller.id, lines=(own,)), key=key)
        await orders.move(tx, placed.order.id, "paid", "payment succeeded")
    return placed.order.id


async def live_show(town: Town) -> None:
    async with town.database.write() as tx:
        await rooms.start(tx, town.show.id, town.seller.id)


async def say(town: Town, text: str, key: str = "viewer-one") -> str:
    async with town.database.write() as tx:
        saying = Saying(Author("viewer", key, "Camille"), text, "fr", "FR")
        line_said = await chat.say(tx, town.show.id, town.seller.id, saying)
    return str(line_said.id)
