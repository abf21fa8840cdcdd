# SPDX-License-Identifier: Apache-2.0
"""Claims at two workers: one of them decides, both answer, and whoever decided may be killed in mid-rush."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest

from silkcast.ground.ids import new_secret
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Claim, Deal, NewDeal, NewLane
from tests.faces.cli.crew import Site, open_site, open_up

pytestmark = pytest.mark.timeout(240)
UNITS = 15
BUYERS = 60


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    folder = tmp_path_factory.mktemp("claims")
    open_up(folder)
    async with open_site(folder) as opened:
        yield opened


@dataclass(frozen=True, slots=True)
class Tapped:
    """What one buyer was told, after as many tries as it took."""

    visitor: str
    key: str
    status: int
    body: dict[str, Any]
    first_try: float
    answered: float


async def open_deal(site: Site) -> Deal:
    lane = NewLane(
        site.town.variant.id, site.town.product.id, UNITS, {Country("FR"): Money.of("19.00", "EUR")}
    )
    countdown = timedelta(seconds=10)
    async with site.town.database.write() as tx:
        planned = await deals.plan(
            tx, site.town.seller.id, NewDeal(site.town.show.id, (lane,), countdown=countdown)
        )
        tx.now -= countdown  # it is over as it begins
        return await deals.launch(tx, planned.id, site.town.seller.id)


async def tap(site: Site, deal: Deal, visitor: str, key: str) -> Tapped:
    """A claim on a connection of its own, asked again with its key until it is answered."""
    body = {"variant": str(deal.lanes[0].variant), "key": key}
    headers = {"cookie": f"visitor={visitor}; market=FR", "sec-fetch-site": "same-origin"}
    began = time.monotonic()
    while True:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
                answer = await client.post(
                    f"{site.origin}/deals/{deal.id}/claims", json=body, headers=headers
                )
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code != 503:
            return Tapped(visitor, key, answer.status_code, answer.json(), began, time.monotonic())
        assert time.monotonic() - began < 30, "it is answered within half a minute"
        await asyncio.sleep(0.1)


async def claims_of(site: Site, deal: Deal) -> list[Claim]:
    async with site.town.database.read() as db:
        return await deals.claims(db, deal.lanes[0].id)


async def test_the_owner_killed_in_mid_rush_loses_no_claim(site: Site) -> None:
    deal = await open_deal(site)
    first = await tap(site, deal, new_secret(18), new_secret(18))
    dead = await site.owner()
    assert dead in site.workers
    gate = asyncio.Semaphore(12)

    async def one(number: int) -> Tapped:
        async with gate:
            if number == BUYERS // 3:
                os.kill(dead, signal.SIGKILL)
            return await tap(site, deal, new_secret(18), new_secret(18))

    told = [first, *await asyncio.gather(*(one(number) for number in range(BUYERS)))]

    kept = {claim.number: claim for claim in await claims_of(site, deal)}
    assert sorted(kept) == list(range(1, BUYERS + 2)), "one row a claim, numbers without a gap"
    assert sum(one.body["outcome"] == "granted" for one in told) == UNITS
    assert {one.body["number"] for one in told} == set(kept), "every row was told to somebody"
    for one in told:
        assert kept[one.body["number"]].outcome == one.body["outcome"]
    async with site.town.database.read() as db:
        lane = (await deals.the_deal(db, deal.id)).lanes[0]
    assert (lane.taken, lane.claims) == (UNITS, BUYERS + 1)
    assert await site.owner() != dead

    again = await tap(site, deal, first.visitor, first.key)
    assert (again.body["outcome"], again.body["number"]) == ("granted", first.body["number"])


async def test_buyers_at_both_workers_stand_in_one_line(site: Site) -> None:
    async with site.town.database.write() as tx:
        before = await deals.launched(tx, site.town.show.id)
        if before is not None:
            await deals.end(tx, before.id, "by_hand")
    await site.town.set_stock(site.town.variant, UNITS)
    deal = await open_deal(site)

    told = await asyncio.gather(*(tap(site, deal, new_secret(18), new_secret(18)) for _ in range(24)))

    numbers = sorted(one.body["number"] for one in told)
    assert numbers == list(range(1, 25))
    assert {one.body["number"] for one in told if one.body["outcome"] == "granted"} == set(
        range(1, UNITS + 1)
    )
    by_number = sorted(told, key=lambda one: one.body["number"])
    for earlier, later in pairwise(by_number):
        assert later.answered > earlier.first_try, (
            "who was answered before another asked has the lower number"
        )
