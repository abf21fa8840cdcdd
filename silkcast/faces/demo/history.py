# SPDX-License-Identifier: Apache-2.0
"""History: a show that was, with its replay, and a handful of orders, so that no page of the demo is empty.

The orders are bought as buyers buy: checkout, the provider's page with a test card, its news, dispatch. One
comes back: its buyer asks when it is delivered.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from silkcast.faces.demo import script
from silkcast.faces.demo.film import plan
from silkcast.faces.demo.founding import Founded, pinned_by_picture, title_known
from silkcast.faces.demo.world import Shop
from silkcast.faces.demo.world import Show as ToldShow
from silkcast.flows import checkout, taking_back
from silkcast.flows.checkout import Wish
from silkcast.flows.scene import Scene
from silkcast.goods.catalog import service as catalog
from silkcast.ground.clock import SetClock, day
from silkcast.ground.ids import ShowId
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Actor, Database
from silkcast.plumbing.http import make_client
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import AnotherIsLive
from silkcast.stage.rooms.values import NewShow, Show
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer
from silkcast.trade.returns import service as returns
from silkcast.who.markets import service as markets

log = structlog.get_logger()
CARD = {"number": "4242424242424242", "code": "123"}


@dataclass(frozen=True, slots=True)
class Bought:
    buyer: str
    shop: str
    product: str
    units: int = 1
    method: str = "card"
    gives_back: str = ""
    """What the buyer writes when it comes back; empty for what is kept."""


TOO_LARGE = "Le service est superbe, mais trop grand pour ma petite table."
LONGEST_WAY_SECONDS = 600
"""Of a parcel, at the pace of the demo's carrier."""
ORDERS = (
    Bought("camille", "qinghe-kiln", "celadon-tea-set", gives_back=TOO_LARGE),
    Bought("jordan", "qinghe-kiln", "moon-gaiwan", 2),
    Bought("noura", "qinghe-kiln", "celadon-censer", 1, "cod"),
    Bought("wei-ling", "qinghe-kiln", "tasting-cups"),
    Bought("camille", "luming-lamps", "mushroom-lamp"),
    Bought("jordan", "pinecone-yard", "rainbow-arches"),
    Bought("noura", "luming-lamps", "paper-lantern", 1, "cod"),
)


async def past_shows(scene: Scene, founded: Founded, film: Path, media: Path) -> None:
    """Shows whose day is over, held then: the clock is set, the doors are the usual ones."""
    for shop in founded.world.shops:
        for told in shop.shows:
            starts = told.starts_at(scene.database.clock.now().date())
            if starts is None or starts > scene.database.clock.now():
                continue
            if await title_known(scene, founded.shops[shop.slug].id, told):
                continue
            try:
                await _hold(scene, founded, shop, told, starts, film, media)
            except AnotherIsLive:  # a show of an earlier start goes on: a shop is on air once at a time
                log.info("demo.past_show_left_out", shop=shop.slug)


async def _hold(
    scene: Scene,
    founded: Founded,
    shop: Shop,
    told: ToldShow,
    starts: datetime,
    film: Path,
    media: Path,
) -> None:
    seller = founded.shops[shop.slug].id
    clock = SetClock(starts)
    then = Database(scene.database.url, scene.database.vault, clock=clock, pool_size=1)
    try:
        async with then.write() as tx:
            run = [(await catalog.by_slug(tx, seller, slug)).id for slug in told.products]
            cover = founded.covers.get(told.cover)
            show = await rooms.plan_show(tx, seller, NewShow(told.title, starts, tuple(run), cover))
            show = await rooms.start(tx, show.id, seller)
        shots = await asyncio.to_thread(plan, script.read(film.name.rpartition("-")[0]))
        shown = await pinned_by_picture(scene, show)
        for shot in shots:
            product = shown.get(shot.scene.picture.name)
            if product is not None:
                clock.at = starts + timedelta(seconds=shot.start)
                async with then.write() as tx:
                    await rooms.pin(tx, show.id, seller, product)
        await asyncio.to_thread(_lay, film, media / "parts" / str(show.id), starts)
        clock.at = starts + timedelta(seconds=shots[-1].start + shots[-1].seconds)
        async with then.write() as tx:
            await rooms.end(tx, show.id, seller)
    finally:
        await then.close()


def _lay(film: Path, parts: Path, began: datetime) -> None:
    """Where the video engine keeps what it recorded; the show's end makes the replay of it."""
    parts.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(film, parts / f"{round(began.timestamp() * 1000)}-1.mp4")


async def orders_of(scene: Scene, founded: Founded, show: Show | None) -> None:
    """Each of them bought once, a few seconds apart. One that cannot be bought is left out."""
    for number, bought in enumerate(ORDERS, 1):
        key = f"demo/{number}"
        async with scene.database.read() as db:
            if await orders.placed_under(db, key) is not None:
                continue
        try:
            await _buy(scene, founded, bought, show, key)
        except Refusal as refusal:
            log.warning("demo.order_refused", number=number, refusal_code=refusal.code)
        await asyncio.sleep(2)
    for number, bought in enumerate(ORDERS, 1):
        if bought.gives_back:
            await _give_back(scene, f"demo/{number}", bought.gives_back)


async def _give_back(scene: Scene, key: str, words: str) -> None:
    """Asked once it is delivered, so that the seller has a return to answer."""
    async with asyncio.timeout(LONGEST_WAY_SECONDS):
        while True:
            async with scene.database.write() as tx:
                order = await orders.placed_under(tx, key)
                if order is None or await returns.of_orders(tx, [order.id]):
                    return
                if order.state == "delivered":
                    wanted = {line.id: line.units for line in order.lines}
                    await taking_back.ask(tx, order, wanted, reason="changed_mind", words=words)
                    return
            await asyncio.sleep(2)


async def _buy(scene: Scene, founded: Founded, bought: Bought, show: Show | None, key: str) -> None:
    who = next(buyer for buyer in founded.world.buyers if buyer.slug == bought.buyer)
    user = founded.users[who.email]
    seller = founded.shops[bought.shop].id
    async with scene.database.read() as db:
        product = await catalog.by_slug(db, seller, bought.product)
        market = markets.market(who.market, day(db.now))
    is_shown = show is not None and product.id in show.run
    wish = Wish(
        want={product.variants[0].id: bought.units},
        market=market,
        language=who.language,
        buyer=Buyer(who.name, who.email, who.address.phone, user.id),
        ship_to=who.address,
        delivery="",
        method=bought.method,
        show=ShowId(show.id) if show is not None and is_shown else None,
    )
    outcome = await checkout.buy(scene, wish, key=key, actor=Actor("user", user.id, user.name))
    if outcome.action is not None and outcome.action.kind == "redirect":
        await pay_by_card(outcome.action.value, scene.database.clock.now())


async def pay_by_card(page: str, now: datetime, card: Mapping[str, str] = CARD) -> None:
    """Fill in the provider's page, as the buyer's browser would."""
    expiry = f"12/{(now.year + 3) % 100:02}"
    async with make_client(reach="loopback") as client:
        await client.post(page, data={**card, "expiry": expiry})
