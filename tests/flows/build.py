# SPDX-License-Identifier: Apache-2.0
"""A small real world: one shop, three products, four markets, and the three programs outside.

The house is wired by main's own reactions, jobs and ticks, over a database of the test's own; the payment
provider, the carrier and customs run as the programs they are. Nothing runs by itself: a test brings the
house to quiet, hears the news that came, and lets the clock tick, when it says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from silkcast.engines.payment.provider.cards import BANK_CODE
from silkcast.faces.app import make_app
from silkcast.faces.hooks import routes as hook_routes
from silkcast.faces.house import House, SiteSettings
from silkcast.faces.live.gathering import Gatherer
from silkcast.faces.live.presence import Presence
from silkcast.flows import checkout, dispatch
from silkcast.flows.checkout import Outcome, Wish
from silkcast.flows.scene import Scene
from silkcast.goods.catalog.values import Product
from silkcast.goods.stock import service as stock
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId, VariantId, WarehouseId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Address, Country
from silkcast.main import jobs, make_scene, reactions, settings_from, ticks
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import SYSTEM, Database, Db
from silkcast.plumbing.jobs import service as job_queue
from silkcast.plumbing.jobs.runner import Runner
from silkcast.plumbing.outbox.relay import Relay
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat.settings import ChatSettings
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer, Order
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.port import Action
from silkcast.trade.payments.values import Payment
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.values import Parcel
from silkcast.watch.notices import service as notices
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market
from silkcast.who.sellers.values import Seller
from tests.flows.outside import SECRET, Programs
from tests.flows.shop import open_the_shop

CARDS = {
    "ok": "4242 4242 4242 4242",
    "declined": "4000 0000 0000 0002",
    "bank": "4000000000003220",
    "slow": "4000000000000077",
}
HOMES = {
    "FR": Address(
        Country("FR"), "Léa Martin", "3 rue des Lilas", "Lyon", postcode="69003", phone="+33612345678"
    ),
    "US": Address(
        Country("US"), "Ann Lee", "12 Oak Street", "Chicago", postcode="60601", region="IL",
        phone="+13125550123",
    ),
    "SA": Address(
        Country("SA"), "Nora Ali", "22 King Fahd Road", "Riyadh", postcode="12211", phone="+966512345678"
    ),
    "SG": Address(
        Country("SG"), "Tan Wei", "8 Orchard Road", "Singapore", postcode="238823", phone="+6581234567"
    ),
    "KR": Address(
        Country("KR"), "김민서", "세종대로 110", "중구", postcode="04524", region="서울특별시",
        phone="+821012345678",
    ),
    "BR": Address(
        Country("BR"), "Ana Souza", "Rua Augusta 900", "São Paulo", postcode="01304-001", region="SP",
        phone="+5511912345678",
    ),
    "ID": Address(
        Country("ID"), "Sari", "Jl. Sudirman 10", "Jakarta", postcode="10220", region="Jakarta",
        phone="+6281234567890",
    ),
    "CL": Address(
        Country("CL"), "Rosa Díaz", "Av. Providencia 100", "Santiago", postcode="7500000",
        phone="+56221234567",
    ),
    "CN": Address(
        Country("CN"), "王芳", "南京西路 1 号", "静安区", postcode="200040", region="上海市",
        phone="+8613812345678",
    ),
    "AR": Address(
        Country("AR"), "Eva Gómez", "Florida 100", "Buenos Aires", postcode="C1005",
        phone="+5491123456789",
    ),
}  # fmt: skip


@dataclass
class World:
    """The house, its shop, and the ways to let time and news come to it."""

    scene: Scene
    relay: Relay
    runner: Runner
    clock: SetClock
    outside: Programs
    client: httpx.AsyncClient
    browser: httpx.AsyncClient
    shop: Seller
    warehouse: WarehouseId
    products: Mapping[str, Product]
    heard: dict[str, int] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.scene.database

    def market(self, code: str) -> Market:
        return markets.market(code, self.clock.now().date())

    def variant(self, name: str) -> VariantId:
        return self.products[name].variants[0].id

    def wish(self, code: str = "FR", want: Mapping[str, int] | None = None, **changes: Any) -> Wish:
        """Two cups, by card, with the cheapest delivery."""
        home = changes.get("ship_to") or HOMES[code]
        values: dict[str, Any] = {
            "want": {self.variant(name): units for name, units in (want or {"cup": 2}).items()},
            "market": self.market(code),
            "language": "en",
            "buyer": Buyer(home.name, "buyer@example.org", home.phone),
            "ship_to": home,
            "delivery": "",
            "method": "card",
        }
        return Wish(**(values | changes))

    async def buy(self, code: str = "FR", want: Mapping[str, int] | None = None, **changes: Any) -> Outcome:
        """The checkout, up to where the buyer has to do something."""
        key = changes.pop("key", None) or str(new_uuid())
        return await checkout.buy(self.scene, self.wish(code, want, **changes), key=key, actor=SYSTEM)

    async def card(self, action: Action | None, card: str = "ok") -> httpx.Response:
        """Fill in the provider's page, and the bank's where it asks."""
        assert action is not None, "the provider wants something of the buyer"
        form = {"number": CARDS[card], "expiry": "12/30", "code": "123"}
        answer = await self.browser.post(action.value, data=form)
        if 'autocomplete="one-time-code"' in answer.text:
            answer = await self.browser.post(f"{action.value}/bank", data={"code": BANK_CODE})
        return answer

    async def bought(self, code: str = "FR", want: Mapping[str, int] | None = None, **changes: Any) -> Order:
        """Bought and paid by card, or accepted for cash."""
        outcome = await self.buy(code, want, **changes)
        if outcome.payment.method == "cod":
            await self.quiet()
            return await self.order(outcome.order.id)
        await self.card(outcome.action)
        return await self.reaches(outcome.order.id, "paid")

    async def quiet(self) -> None:
        """Reactions and jobs until nothing is due."""
        while await self.relay.deliver_all() + await self.runner.run_due():
            pass

    async def listen(self) -> int:
        """What the programs told since the last time comes in at the house's doors; how much."""
        told = 0
        for kind, ear in self.outside.ears.items():
            path = "/hooks/customs" if kind == "customs" else f"/hooks/{kind}/sandbox"
            news = ear.heard[self.heard.get(kind, 0) :]
            self.heard[kind] = len(ear.heard)
            for headers, body in news:
                answer = await self.client.post(path, content=body, headers=_forwarded(headers))
                assert answer.status_code < 300, answer.text
            told += len(news)
        return told

    async def until(self, holds: Callable[[], Awaitable[bool]], seconds: float = 15) -> None:
        """Hear news and work on it until something is so."""
        async with asyncio.timeout(seconds):
            while True:
                await self.listen()
                await self.quiet()
                if await holds():
                    return
                await asyncio.sleep(0.02)

    async def reaches(self, order: OrderId, state: str) -> Order:
        async def there() -> bool:
            return (await self.order(order)).state == state

        try:
            await self.until(there)
        except TimeoutError:
            raise AssertionError(f"{(await self.order(order)).state}, not {state}") from None
        return await self.order(order)

    async def tick(self, name: str) -> None:
        """One thing that is done by the clock, now."""
        found = {tick.name: tick for tick in ticks(self.scene)}[name]
        await found.run(self.database)
        await self.quiet()

    async def pass_time(self, by: timedelta) -> None:
        self.clock.advance(by)
        await self.quiet()

    async def carry(self, tracking: str | None, steps: int) -> None:
        """Let the next things happen to a parcel now."""
        assert tracking is not None
        await self.browser.get(f"{self.outside.carrier}/v1/parcels/{tracking}", headers=_bearer())
        answer = await self.browser.post(
            f"{self.outside.carrier}/sandbox/parcels/{tracking}/advance",
            json={"steps": steps},
            headers=_bearer(),
        )
        answer.raise_for_status()

    async def payment_fault(self, fault: str, on: str) -> None:
        """The payment provider does something wrong at its next occasion."""
        answer = await self.browser.post(
            f"{self.outside.payment}/_faults",
            json={"fault": fault, "on": on},
            headers={"authorization": "Bearer sandbox-key"},
        )
        answer.raise_for_status()

    async def dispatched(self, order: Order) -> Parcel:
        """Booked and declared."""
        await dispatch.dispatch(self.scene, order.id, seller=order.seller)
        return await self.parcel(order.id)

    async def delivered(
        self, code: str = "FR", want: Mapping[str, int] | None = None, **changes: Any
    ) -> Order:
        """The whole way to the buyer's door."""
        order = await self.bought(code, want, **changes)
        parcel = await self.dispatched(order)
        await self.reaches(order.id, "declared")
        await self.carry(parcel.tracking, 20)
        return await self.reaches(order.id, "delivered")

    async def order(self, order: OrderId) -> Order:
        async with self.database.read() as db:
            return await orders.order(db, order)

    async def payments(self, order: OrderId) -> tuple[Payment, ...]:
        async with self.database.read() as db:
            return await payments.payments(db, order)

    async def parcel(self, order: OrderId, direction: str = "out") -> Parcel:
        async with self.database.read() as db:
            found = (await shipping.parcels(db, [order]))[order]
        return next(one for one in found if one.direction == direction and one.state != "cancelled")

    async def free(self, name: str = "cup") -> tuple[int, int]:
        """Units on hand, and of those free."""
        async with self.database.read() as db:
            there = (await stock.levels(db, [self.variant(name)]))[self.variant(name)]
        return there.on_hand, there.free

    async def books(self) -> dict[str, Money]:
        """Every account that is not at zero, by kind; the books balance whenever they are looked at."""
        async with self.database.read() as db:
            assert await ledger.check(db) == ()
            found: dict[str, Money] = {}
            for balance in await ledger.balances(db):
                kind, amount = balance.account.kind, balance.amount
                found[kind] = found.get(kind, Money.zero(amount.currency)) + amount
        return {kind: amount for kind, amount in found.items() if not amount.is_zero}

    async def letters(self) -> list[str]:
        """The kinds of letters to the buyer that were queued, in order of the alphabet."""
        async with self.database.read() as db:
            queued = await notices.notices(db, limit=200)
        return sorted(notice.kind for notice in queued if notice.kind.startswith(("order_", "refund_")))

    async def nothing_failed(self) -> None:
        """No reaction and no job is waiting to be tried again, or was given up."""
        assert await failed_work(self.database) == []


def _forwarded(headers: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in headers.items() if name not in ("host", "content-length", "connection")
    }


def _bearer() -> dict[str, str]:
    return {"authorization": f"Bearer {SECRET}"}


async def failed_work(database: Database) -> list[str]:
    """Reactions that did not go through, and jobs that are not done."""
    from sqlalchemy import text

    async with database.read() as db:
        deliveries = await db.session.execute(
            text("SELECT reaction, error FROM outbox.delivery WHERE attempts > 0 AND state <> 'done'")
        )
        queue = await jobs_state(db)
        return [*(f"{name}: {error}" for name, error in deliveries), *queue]


async def jobs_state(db: Db) -> list[str]:
    state = await job_queue.state(db)
    return [f"{state}"] if state.due or state.running or state.failed else []


@asynccontextmanager
async def world(
    database: Database, clock: SetClock, outside: Programs, folder: Path, packs: Path | None = None
) -> AsyncIterator[World]:
    """A world of the test's own. Its clock stands at the real moment, since the programs' clocks run."""
    clock.at = datetime.now(UTC).replace(microsecond=0)
    file = folder / "silkcast.toml"
    file.write_text(_settings(outside, folder) + (f'[packs]\nfolder = "{packs}"\n' if packs else ""))
    settings = settings_from(file)
    scene, hub, site = make_scene(settings, database), Hub(), settings.section("site", SiteSettings)
    house = House(scene, hub, site, Gatherer(database, hub, ChatSettings()))
    async with AsyncExitStack() as stack:
        for engine in scene.payments.values():
            stack.push_async_callback(engine.close)
        # Only the doors for news: making the whole site for each test would take longer than the test.
        app = make_app(house, Presence(database, hub), hook_routes.ROUTES)
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        )
        browser = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        async with database.write() as tx:
            shop, warehouse, products = await open_the_shop(tx)
        made = World(
            scene=scene,
            relay=Relay(database, reactions(scene, hub, site)),
            runner=Runner(database, jobs(scene)),
            clock=clock,
            outside=outside,
            client=client,
            browser=browser,
            shop=shop,
            warehouse=warehouse,
            products=products,
        )
        made.heard = {kind: len(ear.heard) for kind, ear in outside.ears.items()}
        await made.quiet()
        yield made


def _settings(outside: Programs, folder: Path) -> str:
    return f"""
[house]
folder = "{folder}"
["payment.sandbox"]
url = "{outside.payment}"
webhook_secrets = ["{SECRET}"]
["carrier.sandbox"]
base_url = "{outside.carrier}"
secret = "{SECRET}"
["customs.sandbox"]
base_url = "{outside.customs}"
secret = "{SECRET}"
"""
