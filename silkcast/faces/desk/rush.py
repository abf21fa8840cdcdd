# SPDX-License-Identifier: Apache-2.0
"""The demo's rush: a thousand made-up buyers run into the show that is on air, and what they were told."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import ClassVar
from weakref import WeakKeyDictionary

import msgspec
import structlog
from litestar import Response, get, post
from litestar.params import URLEncodedBody

from silkcast.faces.asking import actor_of
from silkcast.faces.demo.rush import Told
from silkcast.faces.house import House
from silkcast.faces.visit import Visit
from silkcast.goods.catalog import service as catalog
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.money import Money
from silkcast.ground.refusals import Conflict, NotFound
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal, NewDeal, NewLane
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import Show
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User

from .side import desk_page, seen_to
from .views import RushPage

log = structlog.get_logger()
HERE = "/desk/rush"
UNITS = 200
MOST_BUYERS = 1_000
OFF = Fraction(80, 100)
"""The deal's price to the shop's own."""


@dataclass(eq=False)
class NothingLive(Conflict):
    code: ClassVar[str] = "demo.nothing_live"


@dataclass(eq=False)
class NothingToRushFor(Conflict):
    """The show has no deal, and nothing pinned that could have one."""

    code: ClassVar[str] = "demo.nothing_to_rush_for"


@dataclass(frozen=True, slots=True)
class Asked:
    """How many buyers, and within how many seconds most of them come."""

    buyers: int = MOST_BUYERS
    seconds: int = 20


class Rush:
    """The crowd that was sent last, and what it said."""

    def __init__(self, show: Show, deal: Deal) -> None:
        self.show, self.deal = show, deal
        self.told: Told | None = None
        self.is_over = False
        self.reading: asyncio.Task[None] | None = None

    async def send(self, port: int, asked: Asked, wait: float) -> None:
        command = [sys.executable, "-m", "silkcast.faces.demo.rush", "--port", str(port)]
        for name, value in (("deal", self.deal.id), ("show", self.show.id), ("buyers", asked.buyers),
                            ("seconds", asked.seconds), ("wait", wait)):  # fmt: skip
            command += [f"--{name}", str(value)]
        for lane in self.deal.lanes:
            command += ["--variant", str(lane.variant)]
        for market in sorted(set.intersection(*(set(lane.prices) for lane in self.deal.lanes))):
            command += ["--market", market]
        child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        self.reading = asyncio.create_task(self._read(child))

    async def _read(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        try:
            async for line in child.stdout:
                self.told = msgspec.json.decode(line, type=Told)
            await child.wait()
        finally:
            self.is_over = True
            if child.returncode is None:
                child.kill()


_SENT: WeakKeyDictionary[Database, Rush] = WeakKeyDictionary()
"""By the database of the house: a process may hold several houses, under test."""


@get("/rush")
async def show_rush(house: House, visit: Visit, operator: User) -> Response[str]:
    """How the crowd fares."""
    _only_in_the_demo(house)
    rush = _SENT.get(house.database)
    view = RushPage(
        told=rush.told if rush else None,
        is_running=rush is not None and not rush.is_over,
        room=f"/room/{rush.show.slug}" if rush else "",
        buyers=MOST_BUYERS,
    )
    return await desk_page(house, visit, operator, "rush.html", view)


@post("/rush")
async def send_rush(
    house: House,
    operator: User,
    data: URLEncodedBody[Asked],
) -> Response[None]:
    """Send them; while some are on their way, no others are sent."""
    _only_in_the_demo(house)
    before = _SENT.get(house.database)
    if before is not None and not before.is_over:
        return seen_to(HERE)
    asked = Asked(min(max(data.buyers, 1), MOST_BUYERS), min(max(data.seconds, 1), 60))
    async with house.database.write(actor_of(operator)) as tx:
        show, deal = await _aim(tx)
        begins = deal.starts_at or tx.now
        wait = max(0.0, (begins - tx.now).total_seconds())
        await audit.record(tx, "rush.sent", "deal", deal.id, buyers=asked.buyers)
    rush = _SENT[house.database] = Rush(show, deal)
    await rush.send(house.site.port, asked, wait)
    return seen_to(HERE)


def _only_in_the_demo(house: House) -> None:
    if not house.site.is_demo:
        raise NotFound()


async def _aim(tx: Tx) -> tuple[Show, Deal]:
    """The deal that runs in a show on air; else one on what is pinned there, launched now."""
    shows = await rooms.live_now(tx)
    if not shows:
        raise NothingLive
    for show in shows:
        deal = await deals.launched(tx, show.id)
        if deal is not None and deal.phase(tx.now) in ("counting", "running"):
            return show, deal
    for show in shows:
        lanes = await _lanes(tx, show)
        if lanes and await deals.launched(tx, show.id) is None:
            new = NewDeal(show.id, lanes, countdown=timedelta(seconds=10))
            planned = await deals.plan(tx, show.seller, new)
            return show, await deals.launch(tx, planned.id, show.seller)
    raise NothingToRushFor


async def _lanes(db: Db, show: Show) -> tuple[NewLane, ...]:
    """What is pinned, a fifth under its price in each market: so many units, or what is free."""
    pin = await rooms.pinned(db, show.id)
    if pin is None:
        return ()
    product = (await catalog.products(db, [pin.product]))[pin.product]
    variants = [variant.id for variant in product.variants]
    prices, levels = await pricing.prices_everywhere(db, variants), await stock.levels(db, variants)
    sold = [one for one in variants if levels[one].free > 0 and prices[one]]
    return tuple(
        NewLane(
            variant,
            product.id,
            min(max(1, UNITS // len(sold)), levels[variant].free),
            {market: _lowered(price.amount) for market, price in prices[variant].items()},
        )
        for variant in sold
    )


def _lowered(price: Money) -> Money:
    return Money.rounded(Fraction(price.amount) * OFF, price.currency)
