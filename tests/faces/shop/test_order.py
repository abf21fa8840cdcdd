# SPDX-License-Identifier: Apache-2.0
"""The order's page by its secret, the bank and back, and the way back of what was bought."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId
from silkcast.plumbing.db import Database
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from tests.engines.payment.running import program
from tests.faces.build import Town, open_town, visitor
from tests.faces.shop.test_buy import LYON, form_of, give_address, order_in_cash, saudi

__all__ = ["saudi"]
CARD = {"number": "4242 4242 4242 4242", "expiry": "12/30", "code": "123"}
DECLINED = {**CARD, "number": "4000 0000 0000 0002"}


async def the_order(town: Town) -> Order:
    async with town.database.read() as db:
        return (await orders.orders(db)).items[0]


async def deliver(town: Town, order: OrderId) -> None:
    """As carrier and customs would bring it on."""
    async with town.database.write() as tx:
        for state in ("declared", "shipped", "delivered"):
            await orders.move(tx, order, state, "test")  # type: ignore[arg-type]


async def test_the_order_page_tells_the_journey_to_its_secret_alone(
    town: Town, saudi: httpx.AsyncClient
) -> None:
    path = (await order_in_cash(saudi, town)).headers["location"]
    async with visitor(town, market="SA") as stranger:
        answer = await stranger.get(path)
        other = await stranger.get(path[:-3] + "xyz")

    assert answer.status_code == 200
    assert "Ordered. The shop is packing" in answer.text
    assert "Promised when you ordered" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "no-store" in answer.headers["cache-control"]
    assert 'content="noindex"' in answer.text
    assert other.status_code == 404


async def test_orders_are_for_those_who_are_logged_in(town: Town, french: httpx.AsyncClient) -> None:
    answer = await french.get("/orders")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/log-in?next=%2Forders"


async def test_a_return_says_exactly_what_comes_back_and_is_asked_once(
    town: Town, saudi: httpx.AsyncClient
) -> None:
    path = (await order_in_cash(saudi, town)).headers["location"]
    order = await the_order(town)
    await deliver(town, order.id)

    page = await saudi.get(f"{path}/return")
    asked = await saudi.post(f"{path}/return", data={f"units-{order.lines[0].id}": "1", "reason": "damaged"})
    again = await saudi.post(f"{path}/return", data={f"units-{order.lines[0].id}": "1"})
    returned = await saudi.get(asked.headers["location"])

    assert "SAR" in page.text
    assert asked.status_code == 303
    assert "The shop is asked" in returned.text
    assert again.status_code == 409
    assert "That is more than was bought." in again.text
    assert (await saudi.get(f"{asked.headers['location']}/label")).status_code == 404


async def test_a_return_that_comes_too_late_is_told_so(
    town: Town, saudi: httpx.AsyncClient, clock: SetClock
) -> None:
    path = (await order_in_cash(saudi, town)).headers["location"]
    order = await the_order(town)
    await deliver(town, order.id)
    clock.advance(timedelta(days=9))

    page = await saudi.get(path)
    answer = await saudi.post(f"{path}/return", data={f"units-{order.lines[0].id}": "1"})

    assert f"{path}/return" not in page.text
    assert answer.status_code == 409
    assert "The time to return this order is over." in answer.text


@pytest.fixture
async def paying_town(database: Database, tmp_path: Path) -> AsyncIterator[Town]:
    """A town whose payment provider is there."""
    run = ("-m", "silkcast.engines.payment.provider", "--port", "0", "--data", str(tmp_path / "psp"))
    key = ("--key", "sandbox-key", "--webhook", "http://127.0.0.1:1/")
    async with program(*run, *key, ready="sandbox provider at") as line:
        yield await open_town(database, tmp_path, line.split()[-1])


async def pay_at_bank(address: str, card: dict[str, str]) -> None:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=False) as bank:
        await bank.post(address, data=card)


async def test_by_card_there_and_back(paying_town: Town) -> None:
    town = paying_town
    async with visitor(town) as client:
        await give_address(client, town, LYON)
        sheet = await client.get(f"/buy/{town.variant.id}")
        gone = await client.post(f"/buy/{town.variant.id}", data=form_of(sheet.text))
        framed = await client.post(
            f"/buy/{town.variant.id}", data=form_of(sheet.text), headers={"x-fragment": "1"}
        )
        secret = re.search(r"/order/([\w-]+)/wait", framed.text)
        assert secret is not None
        path = f"/order/{secret[1]}"
        waiting = await client.get(f"{path}/wait", headers={"x-fragment": "1"})

        await pay_at_bank(gone.headers["location"], DECLINED)
        declined = await client.get(f"{path}?charge=x")
        again = await client.post(f"{path}/pay", data={"payment": "card"})
        await pay_at_bank(again.headers["location"], CARD)
        confirming = await client.get(f"{path}?charge=x")
        await town.running.relay.deliver_all()
        paid = await client.get(path)
        inside = await client.get(path, headers={"sec-fetch-dest": "iframe"})

    assert gone.status_code == 303
    assert "<iframe" in framed.text
    assert waiting.status_code == 204
    assert f"{path}/pay" in declined.text
    assert again.headers["location"] == gone.headers["location"]
    assert "Your bank is asked" in confirming.text
    assert "Paid. The shop is packing" in paid.text
    assert "frame-ancestors 'self'" in inside.headers["content-security-policy"]
