# SPDX-License-Identifier: Apache-2.0
"""A whole house over a test's database, with a shop, a product and a show in it, and a browser before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product, Restriction, Variant
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.main import Running
from silkcast.plumbing.db import Database
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow, Show
from silkcast.who.identity import service as identity
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller, Warehouse
from tests.faces.running import ORIGIN, browser, run_house
from tests.goods.catalog.build import new_product, new_variant
from tests.who.sellers.build import ADDRESS, new_seller

NOBODY = "http://127.0.0.1:1"
"""Where no payment provider answers."""


@dataclass(frozen=True, slots=True)
class Town:
    """What there is to see and to buy."""

    running: Running
    database: Database
    seller: Seller
    product: Product
    warehouse: Warehouse
    show: Show

    @property
    def variant(self) -> Variant:
        return self.product.variants[0]

    @property
    def path(self) -> str:
        return f"/shop/{self.seller.slug}/{self.product.slug}"

    async def set_stock(self, variant: Variant, units: int) -> None:
        async with self.database.write() as tx:
            free = (await stock.levels(tx, [variant.id]))[variant.id].free
            if units != free:
                await stock.adjust(tx, variant.id, self.warehouse.id, units - free, "counted")

    async def set_price(self, amount: str, market: str = "FR", currency: str = "EUR") -> None:
        async with self.database.write() as tx:
            for variant in self.product.variants:
                money = Money.of(amount, currency)
                await pricing.set_price(tx, variant.id, Country(market), money, currency=currency)


async def open_town(
    database: Database,
    folder: Path,
    provider: str = NOBODY,
    room_seconds: int = 0,
    port: int = 8000,
    *,
    settings: str = "",
) -> Town:
    """A shop with one cup in two glazes, priced for France and Saudi Arabia, and a show planned with it.
    `settings` go on from inside of [site]; without them the sandbox takes the money."""
    usual = (
        f'origin = "{ORIGIN}"\nroom_seconds = {room_seconds}\nport = {port}\n'
        f'["payment.sandbox"]\nurl = "{provider}"'
    )
    running = run_house(database, folder, settings or usual)
    async with database.write() as tx:
        owner = await identity.register(
            tx, contact="lin@qinghe.example", password="plenty of clay", name="Lin Yue", language="zh"
        )
        seller = await sellers.open_shop(tx, owner.id, new_seller(slug="qinghe-kiln"))
        warehouse = await sellers.add_warehouse(tx, seller.id, "Kiln store", ADDRESS)
        new = new_product(
            slug="celadon-cup",
            variants=(
                new_variant(sku="CUP-CELADON"),
                new_variant(
                    sku="CUP-MOON", options={"colour": Words({"en": "Moon white", "fr": "Blanc lune"})}
                ),
            ),
            restrictions=(Restriction(Country("US"), "papers_missing"),),
        )
        product = await catalog.list_product(tx, seller.id, new)
        for variant in product.variants:
            await stock.receive(tx, variant.id, warehouse.id, 20, "first firing")
            for market, amount, currency in (("FR", "24.00", "EUR"), ("SA", "95.00", "SAR")):
                money = Money.of(amount, currency)
                await pricing.set_price(tx, variant.id, Country(market), money, currency=currency)
        plan = NewShow(
            Words({"en": "Winter glazes", "fr": "Émaux d’hiver"}), tx.now + timedelta(hours=1), (product.id,)
        )
        show = await rooms.plan_show(tx, seller.id, plan)
    return Town(running, database, seller, product, warehouse, show)


def visitor(town: Town, *, market: str = "FR", language: str = "en", **headers: str) -> httpx.AsyncClient:
    """A stranger before a browser, who chose a market and a language. Redirects are not followed."""
    client = browser(town.running, **headers)
    client.cookies.update({"market": market, "language": language})
    return client
