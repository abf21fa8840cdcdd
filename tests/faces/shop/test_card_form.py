# SPDX-License-Identifier: Apache-2.0
"""Stripe's card form in a real browser: in the buy sheet and on a page of its own.

localstripe is the provider. What its script leaves out is in `stand_in.js`; its server gets the secret key
for it on the way.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, FrameLocator, Page, Route, async_playwright, expect

from silkcast.faces.cli.serve import make_server
from silkcast.faces.demo.screens import FLAGS, browser
from silkcast.goods.stock import service as stock
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.values import Payment
from tests.conftest import VAULT, clone, run_sql
from tests.engines.payment.running import program
from tests.faces.build import Town, open_town
from tests.faces.shop.test_buy import LYON

pytestmark = pytest.mark.browser
SECRET_KEY = "sk_test_1"
GOOD, DECLINED, BANK = "4242424242424242", "4000000000000341", "4000002760003184"
STAND_IN = Path(__file__).parent / "stand_in.js"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Shop:
    """A house that takes money by Stripe, served under an address of its own."""

    origin: str
    provider: str
    town: Town

    async def last(self) -> tuple[Order, Payment]:
        async with self.town.database.read() as db:
            order = (await orders.orders(db)).items[0]
            return order, (await payments.payments(db, order.id))[-1]

    async def reaches(self, state: str) -> Order:
        async with asyncio.timeout(20):
            while (order := (await self.last())[0]).state != state:
                await asyncio.sleep(0.1)
        return order

    async def free(self) -> int:
        async with self.town.database.read() as db:
            return (await stock.levels(db, [self.town.variant.id]))[self.town.variant.id].free


@pytest.fixture(scope="module")
async def shop(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    name = await clone(postgres)
    database = Database(postgres.url(name), VAULT, pool_size=5, hide_parameters=False)
    port, stripe_port = free_port(), free_port()
    origin, provider = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{stripe_port}"
    settings = "\n".join(
        (
            f'host = "127.0.0.1"\nport = {port}\norigin = "{origin}"',
            '[engines]\npayments = ["stripe", "cod"]',
            f'["payment.stripe"]\nsecret_key = "{SECRET_KEY}"\npublishable_key = "pk_test_1"',
            f'webhook_secrets = ["whsec_1"]\napi_url = "{provider}"',
            f'script_url = "{provider}/js.stripe.com/v3/"',
        )
    )
    start = ("-m", "localstripe", "--from-scratch", "--port", str(stripe_port))
    async with program(*start, ready="Running on"):
        async with httpx.AsyncClient(trust_env=False) as client:
            hook = {"url": f"{origin}/hooks/payment/stripe", "secret": "whsec_1"}
            (await client.post(f"{provider}/_config/webhooks/ours", data=hook)).raise_for_status()
        town = await open_town(database, tmp_path_factory.mktemp("shop"), settings=settings)
        async with served(town):
            yield Shop(origin, provider, town)
    await database.close()
    await run_sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@asynccontextmanager
async def served(town: Town) -> AsyncIterator[None]:
    """The house at work: it answers, delivers its events and does its jobs."""
    running = town.running
    server = make_server(running.app, running.house.site)
    work = [asyncio.create_task(task) for task in (running.relay.run(), running.runner.run())]
    serving = asyncio.create_task(server.serve())
    await server.answers.wait()
    try:
        yield
    finally:
        server.should_exit = True
        for task in work:
            task.cancel()
        await asyncio.gather(serving, *work, return_exceptions=True)
        for engine in running.house.scene.payments.values():
            await engine.close()


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=browser(), args=list(FLAGS))
        yield found
        await found.close()


class Buyer:
    """Somebody with a phone, and all that their browser sent and complained of."""

    def __init__(self, shop: Shop, page: Page) -> None:
        self.shop, self.page = shop, page
        self.faults: list[str] = []
        self.sent: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self._hear(said.text))
        page.on("request", lambda request: self._see(request.url, request.post_data or ""))

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.faults.append(text)

    def _see(self, address: str, body: str) -> None:
        if address.startswith(self.shop.origin):
            self.sent.append(f"{address} {body}")

    async def opens_the_sheet(self) -> None:
        await self.page.goto(self.shop.origin + self.shop.town.path)
        await self.page.locator("a[href^='/buy/']").first.click()
        await self._gives_address()
        await self.page.locator(".sheet-foot button.buy").click()

    async def _gives_address(self) -> None:
        await self.page.locator("a[href*='/address']").first.click()
        await self.page.locator("input[name=street]").wait_for()
        for name, text in LYON.items():
            await self.page.locator(f"[name={name}]").fill(text)
        await self.page.locator(".sheet-foot button").last.click()
        await self.page.locator("input[name=delivery]").first.wait_for(state="attached")

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("iframe.bank-frame")


async def type_card(place: Page | FrameLocator, number: str) -> None:
    """As one types into Stripe's field, and presses Pay."""
    for name, text in (("number", number), ("exp_month", "12"), ("exp_year", "34"), ("cvc", "123")):
        await place.locator(f"[data-card] input[placeholder={name}]").fill(text)
    await place.locator("sc-card button.buy").click()


@pytest.fixture
async def buyer(shop: Shop, chromium: Browser) -> AsyncIterator[Buyer]:
    context = await chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(30_000)
    for name, value in (("market", "FR"), ("language", "en")):
        await context.add_cookies([{"name": name, "value": value, "url": shop.origin}])

    async def completed(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(response=answer, body=await answer.text() + STAND_IN.read_text())

    async def with_the_key(route: Route) -> None:
        headers = {**route.request.headers, "authorization": f"Bearer {SECRET_KEY}"}
        await route.fulfill(response=await route.fetch(headers=headers))

    await context.route(f"{shop.provider}/js.stripe.com/v3/", completed)
    await context.route(f"{shop.provider}/v1/**", with_the_key)
    made = Buyer(shop, await context.new_page())
    yield made
    await context.close()
    assert made.faults == []


async def test_paid_in_the_sheet_beside_the_shop(shop: Shop, buyer: Buyer) -> None:
    free = await shop.free()
    await buyer.opens_the_sheet()
    await type_card(buyer.frame, GOOD)
    await expect(buyer.page.locator("#sheet .done-mark")).to_be_visible(timeout=20_000)

    order = await shop.reaches("paid")
    _, payment = await shop.last()
    assert (payment.engine, payment.status, payment.paid) == ("stripe", "succeeded", order.total)
    assert await shop.free() == free - 1
    assert buyer.page.url.endswith(shop.town.path)
    assert not any(GOOD in sent for sent in buyer.sent)
    async with shop.town.database.read() as db:
        assert await ledger.check(db) == ()


async def test_a_declined_card_charges_nothing_and_says_what_next(shop: Shop, buyer: Buyer) -> None:
    free = await shop.free()
    await buyer.opens_the_sheet()
    await type_card(buyer.frame, DECLINED)

    said = buyer.frame.locator("[role=alert] .notice")
    await expect(said).to_have_text(
        "Your bank said no. Nothing was charged; the goods stay held. Try another card."
    )
    await expect(buyer.frame.locator("sc-card button.buy")).to_be_enabled()
    order, payment = await shop.last()
    assert (order.state, payment.status, payment.paid.is_zero) == (
        "awaiting_payment",
        "requires_action",
        True,
    )
    assert await shop.free() == free - 1  # still held


async def test_the_banks_check_fails_and_then_passes(shop: Shop, buyer: Buyer) -> None:
    await buyer.opens_the_sheet()
    await type_card(buyer.frame, BANK)
    await buyer.frame.get_by_text("Fail authentication").click()
    said = buyer.frame.locator("[role=alert] .notice")
    await expect(said).to_contain_text("Your bank could not tell that it is you. Nothing was charged")
    order, payment = await shop.last()
    assert (order.state, payment.status) == ("awaiting_payment", "requires_action")

    await buyer.frame.locator("sc-card button.buy").click()
    await buyer.frame.get_by_text("Complete authentication").click()
    await expect(buyer.page.locator("#sheet .done-mark")).to_be_visible(timeout=20_000)
    assert (await shop.reaches("paid")).id == order.id


async def test_on_a_page_of_its_own_it_ends_at_the_order(shop: Shop, buyer: Buyer) -> None:
    await buyer.opens_the_sheet()
    address = await buyer.page.locator("iframe.bank-frame").get_attribute("src")
    await buyer.page.goto(f"{shop.origin}{address}")
    await expect(buyer.page.locator("h2")).to_have_text("Your card and your bank")
    await buyer.page.locator("sc-card button.buy").click()
    await expect(buyer.page.locator("[role=alert] .notice")).to_have_text("Your card number is incomplete.")
    await type_card(buyer.page, GOOD)
    await buyer.page.wait_for_url("**/order/*")

    await shop.reaches("paid")
    await buyer.page.goto(f"{shop.origin}{address}")
    await expect(buyer.page).to_have_url(f"{shop.origin}{str(address).removesuffix('/card')}")


async def test_a_script_that_does_not_come_charges_nothing(shop: Shop, buyer: Buyer) -> None:
    await buyer.page.context.route(f"{shop.provider}/js.stripe.com/v3/", lambda route: route.abort())
    await buyer.opens_the_sheet()

    said = buyer.frame.locator("[role=alert]")
    await expect(said).to_contain_text("The card form did not load. Nothing was charged.")
    await expect(said.get_by_role("button")).to_have_text("Try again")
    await expect(buyer.frame.locator("sc-card button.buy")).to_be_disabled()
    assert (await shop.last())[0].state == "awaiting_payment"


async def test_only_the_page_of_the_form_lets_the_providers_script_in(shop: Shop, buyer: Buyer) -> None:
    await buyer.opens_the_sheet()
    address = str(await buyer.page.locator("iframe.bank-frame").get_attribute("src"))
    async with httpx.AsyncClient(base_url=shop.origin, trust_env=False) as client:
        policies: dict[str, Any] = {
            path: (await client.get(path)).headers["content-security-policy"]
            for path in (
                address,
                address.removesuffix("/card"),
                shop.town.path,
                f"/room/{shop.town.show.slug}",
            )
        }
    own = policies.pop(address)

    assert f"script-src 'self' {shop.provider};" in own
    assert f"connect-src 'self' {shop.provider};" in own
    assert "frame-ancestors 'self'" in own
    assert not any(shop.provider in policy for policy in policies.values())
    async with httpx.AsyncClient(base_url=shop.origin, trust_env=False) as client:
        wrong = await client.get(f"{address.removesuffix('/card')[:-3]}xyz/card")
    assert wrong.status_code == 404
