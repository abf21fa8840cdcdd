# SPDX-License-Identifier: Apache-2.0
"""A house of the rush's own: `silkcast serve` with its PostgreSQL, a shop in it, and deals to claim from."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from bench.start import answering, environ, free_port
from silkcast.goods.catalog import service as catalog
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import SellerId, ShowId, VariantId
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.vault import vault_at
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import NewDeal, NewLane
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow
from silkcast.who.identity import service as identity
from silkcast.who.sellers import service as sellers
from tests.goods.catalog.build import new_product, new_variant
from tests.who.sellers.build import ADDRESS, new_seller

VARIANTS = 10
"""Of each product."""
STOCK = 1_000_000
COUNTDOWN = timedelta(seconds=10)
WARMING_SECONDS = 3
"""The countdown is left out, but not what the house does while it runs: it works the prices out."""
Made = TypeVar("Made")
Targets = list[tuple[str, str]]
"""(deal, variant), as the crowd claims them."""


@dataclass(frozen=True, slots=True)
class Shop:
    seller: SellerId
    show: ShowId
    room: str
    """The path of the show's page."""
    variants: tuple[VariantId, ...]


@dataclass(slots=True)
class House:
    origin: str
    pid: int
    folder: Path
    server: Postgres
    shop: Shop
    used: int = field(default=0)

    def write(self, deed: Callable[[Tx], Awaitable[Made]]) -> Made:
        """A deed in a transaction, from outside of the process that is measured."""
        return asyncio.run(_write(self.server.url(), self.folder, deed))

    def deal(self, units: int, skus: int = 1, *, waitlist: bool = True) -> Targets:
        """A running deal over variants that no deal had before."""
        fresh = self.shop.variants[self.used : self.used + skus]
        assert len(fresh) == skus, "more variants are needed"
        self.used += skus
        targets = self.write(lambda tx: open_deal(tx, self.shop, fresh, units, waitlist=waitlist))
        time.sleep(WARMING_SECONDS)
        return targets


async def open_deal(
    tx: Tx, shop: Shop, variants: Sequence[VariantId], units: int, *, waitlist: bool = True
) -> Targets:
    """One deal in the shop's show, running, one unit a buyer, with `units` of each variant.

    Gives (deal, variant) for each, as a claim's address and body want them.
    """
    before = await deals.launched(tx, shop.show)
    if before is not None:
        await deals.end(tx, before.id, "by_hand")
    product = (await catalog.variants(tx, variants[:1]))[variants[0]].product.id
    price = {Country("FR"): Money.of("19.00", "EUR")}
    lanes = tuple(NewLane(variant, product, units, price) for variant in variants)
    new = NewDeal(shop.show, lanes, countdown=COUNTDOWN, length=timedelta(minutes=20), has_waitlist=waitlist)
    planned = await deals.plan(tx, shop.seller, new)
    tx.now -= COUNTDOWN  # its countdown is over as it begins
    deal = await deals.launch(tx, planned.id, shop.seller)
    return [(str(deal.id), str(variant)) for variant in variants]


@contextmanager
def open_house(skus: int) -> Iterator[House]:
    """Answers and is on air with so many variants; it is gone with the block."""
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        Path(made).chmod(0o755)
        folder, port = Path(made) / "house", free_port()
        command = [sys.executable, "-m", "silkcast", "migrate"]
        subprocess.run(command, env=environ(folder, port), check=True, capture_output=True)
        with answering([sys.executable, "-m", "silkcast", "serve"], folder, port) as (pid, _):
            server = Postgres(folder / "postgres")
            server.join()
            shop = asyncio.run(_write(server.url(), folder, lambda tx: open_shop(tx, skus)))
            yield House(f"http://127.0.0.1:{port}", pid, folder, server, shop)


async def _write(url: str, folder: Path, deed: Callable[[Tx], Awaitable[Made]]) -> Made:
    database = Database(url, vault_at(folder / "vault.keys"), pool_size=1)
    try:
        async with database.write() as tx:
            return await deed(tx)
    finally:
        await database.close()


async def open_shop(tx: Tx, skus: int) -> Shop:
    """A shop with many products, priced for France, and a show on air."""
    owner = await identity.register(
        tx, contact="lin@qinghe.example", password="plenty of clay", name="Lin Yue", language="zh"
    )
    seller = await sellers.open_shop(tx, owner.id, new_seller(slug="qinghe-kiln"))
    warehouse = await sellers.add_warehouse(tx, seller.id, "Kiln store", ADDRESS)
    variants: list[VariantId] = []
    products = []
    for _ in range(-(-skus // VARIANTS)):
        glazes = tuple(new_variant(options={"colour": Words({"en": f"Glaze {n}"})}) for n in range(VARIANTS))
        product = await catalog.list_product(tx, seller.id, new_product(variants=glazes))
        products.append(product.id)
        variants += [variant.id for variant in product.variants]
    price = Money.of("24.00", "EUR")
    for variant in variants:
        await stock.receive(tx, variant, warehouse.id, STOCK, "first firing")
        await pricing.set_price(tx, variant, Country("FR"), price, currency="EUR")
    plan = NewShow(Words({"en": "Winter glazes"}), tx.now + timedelta(minutes=5), tuple(products[:20]))
    show = await rooms.start(tx, (await rooms.plan_show(tx, seller.id, plan)).id, seller.id)
    return Shop(seller.id, show.id, f"/room/{show.slug}", tuple(variants))


def family(pid: int) -> Iterator[int]:
    """A process and all below it, PostgreSQL's too."""
    yield pid
    with suppress(FileNotFoundError, ProcessLookupError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from family(int(child))


def cpu_seconds(pid: int) -> float:
    """Processor that a process and all below it have had, those included that have ended."""
    ticks = 0
    for one in family(pid):
        with suppress(FileNotFoundError):  # it has ended meanwhile, and is in its parent's sum
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(int(value) for value in fields[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")
