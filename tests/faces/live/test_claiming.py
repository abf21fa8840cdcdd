# SPDX-License-Identifier: Apache-2.0
"""`POST /deals/{deal}/claims`: the answers a room gets, and who is turned away."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest

from silkcast.faces.cli.deals import print_replay
from silkcast.faces.live.presence import topic
from silkcast.faces.live.telling import DealsTold
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import DealId, ShowId, VariantId, new_secret, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.wire import Hub
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import Deal, NewDeal, NewLane
from tests.faces.build import Town, visitor

NOWHERE = "0198f3b2-7c1a-7c3e-9c4b-0a1b2c3d4e5f"
HOME = {
    "name": "Léa Martin",
    "street": "3 rue des Lilas",
    "postcode": "69003",
    "city": "Lyon",
    "phone": "06 12 34 56 78",
    "email": "lea@example.org",
}


@asynccontextmanager
async def running(town: Town, clock: SetClock, units: int = 2, **changes: Any) -> AsyncIterator[Deal]:
    """A deal on the cup, its countdown over, and the committer at work."""
    lane = NewLane(
        town.variant.id,
        town.product.id,
        units,
        {Country("FR"): Money.of("19.00", "EUR"), Country("SA"): Money.of("80.00", "SAR")},
    )
    new = NewDeal(town.show.id, (lane,), countdown=timedelta(seconds=10), **changes)
    async with town.database.write() as tx:
        deal = await deals.plan(tx, town.seller.id, new)
        deal = await deals.launch(tx, deal.id, town.seller.id)
    clock.at += timedelta(seconds=10)
    work = asyncio.create_task(town.running.house.counter.committer.run())
    try:
        yield deal
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@asynccontextmanager
async def buyer(town: Town, **chosen: str) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(town, **chosen) as client:
        client.cookies.set("visitor", new_secret(18))
        yield client


async def claim(client: httpx.AsyncClient, deal: Deal, **changes: Any) -> httpx.Response:
    body = {"variant": str(deal.lanes[0].variant), "units": 1, "key": new_secret(18), **changes}
    return await client.post(f"/deals/{deal.id}/claims", json=body)


async def test_two_units_for_three_buyers(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal:
        answers = []
        for _ in range(3):
            async with buyer(town) as client:
                answers.append(await claim(client, deal))

    first, second, third = answers
    assert (first.status_code, second.status_code, third.status_code) == (201, 201, 202)
    said = first.json()
    name = f"{deal.lanes[0].id}-1"
    until = (clock.at + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    assert said == {
        "outcome": "granted",
        "claim": name,
        "number": 1,
        "left": 1,
        "until": until,
        "href": f"/claims/{name}",
    }
    assert third.json() == {
        "outcome": "waiting", "claim": f"{deal.lanes[0].id}-3", "number": 3, "place": 1,
    }  # fmt: skip
    assert first.headers["cache-control"] == "no-store"


async def test_the_same_key_is_the_same_claim(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal, buyer(town) as client:
        key = new_secret(18)

        first, again = await claim(client, deal, key=key), await claim(client, deal, key=key)
        other = await claim(client, deal, key=key, units=2)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["claim"] == again.json()["claim"]
    assert (other.status_code, other.json()) == (409, {"outcome": "key_reused"})


async def test_one_each(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal, buyer(town) as client:
        await claim(client, deal)
        second = await claim(client, deal)

    assert second.status_code == 409
    assert second.json() == {"outcome": "over_limit", "number": 2}


async def test_before_the_start_nothing_is_granted(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal, buyer(town) as client:
        clock.at -= timedelta(seconds=1)
        early = await claim(client, deal)

    assert (early.status_code, early.json()) == (409, {"outcome": "not_running"})


async def test_without_a_deals_price_it_is_refused_with_the_reason(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal, buyer(town, market="SG") as client:
        answer = await claim(client, deal)

    assert answer.status_code == 409
    assert answer.json()["code"] == "quotes.not_sold_here"


async def test_who_is_turned_away(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal:
        async with visitor(town) as nobody:
            unknown = await claim(nobody, deal)
        async with buyer(town) as client:
            body = {"variant": str(deal.lanes[0].variant), "key": new_secret(18)}
            crossing = await client.post(
                f"/deals/{deal.id}/claims", json=body, headers={"sec-fetch-site": "cross-site"}
            )
            missing = await client.post(f"/deals/{new_uuid()}/claims", json=body)
            other = await claim(client, deal, variant=str(new_uuid()))
            bad = [
                await client.post(f"/deals/{deal.id}/claims", content=content)
                for content in (b"", b"{", b"[]", b'{"variant":1,"key":"x"}', b"x" * 5000)
            ]
            bad += [
                await claim(client, deal, key="short"),
                await claim(client, deal, units=0),
                await claim(client, deal, units=11),
                await claim(client, deal, units="1"),
            ]
        async with town.database.read() as db:
            lane = (await deals.the_deal(db, deal.id)).lanes[0]

    assert (unknown.status_code, unknown.json()["code"]) == (401, "deals.no_buyer")
    assert (crossing.status_code, crossing.json()["code"]) == (403, "request.cross_site")
    assert (missing.status_code, other.status_code) == (404, 404)
    assert {answer.status_code for answer in bad} == {422}
    assert (lane.claims, lane.taken) == (0, 0), "nothing of it was kept"


async def test_a_full_queue_says_so_and_keeps_nothing(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal, buyer(town) as client:
        await claim(client, deal)  # so that the others are queued in one go
        committer = town.running.house.counter.committer
        kept = committer._settings
        object.__setattr__(committer, "_settings", type(kept)(queue=0))

        answer = await claim(client, deal)

    assert answer.status_code == 503
    assert answer.json() == {"outcome": "busy", "place": 1, "retry_after": 1}
    assert answer.headers["retry-after"] == "1"


async def test_a_claim_is_finished_in_the_buy_sheet_at_the_deals_price(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal, buyer(town) as client:
        granted = (await claim(client, deal)).json()
        await client.post(f"/buy/{town.variant.id}/address", data=HOME)

        on = await client.get(granted["href"])
        page = await client.get(on.headers["location"])

    assert on.status_code == 303
    assert f"claim={granted['claim']}" in on.headers["location"]
    assert "Held for you at this price" in page.text
    assert "19.00" in page.text
    assert "Léa Martin" in page.text, "a saved address: one tap is left"


async def test_anothers_claim_is_no_claim(town: Town, clock: SetClock) -> None:
    async with running(town, clock) as deal:
        async with buyer(town) as client:
            granted = (await claim(client, deal)).json()
            on = (await client.get(granted["href"])).headers["location"]
        async with buyer(town) as other:
            answers = [
                await other.get(granted["href"]),
                await other.get(on),
                await other.post(f"{granted['href']}/give-up"),
                await other.get("/claims/1-x"),
                await other.get("/claims/99999999999999999999-1"),
            ]
        async with town.database.read() as db:
            kept = await deals.claim(db, deal.lanes[0].id, 1)

    assert [answer.status_code for answer in answers] == [404] * 5
    assert kept.state == "open"


async def test_the_line_says_the_place_and_can_be_left(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1) as deal:
        async with buyer(town) as first:
            await claim(first, deal)
        async with buyer(town) as client:
            waiting = (await claim(client, deal)).json()
            page = await client.get(f"/claims/{waiting['claim']}")
            left = await client.post(f"/claims/{waiting['claim']}/give-up")
            after = await client.get(f"/claims/{waiting['claim']}")

    assert "Number 1 of 1" in re.sub("<[^>]+>", "", page.text)
    assert left.headers["location"] == f"/room/{town.show.slug}"
    assert "You gave it back." in after.text


async def test_the_replay_tells_who_came_when_and_why(town: Town, clock: SetClock) -> None:
    async with running(town, clock, 1) as deal:
        for _ in range(2):
            async with buyer(town) as client:
                await claim(client, deal)
        clock.at += timedelta(minutes=5)
        async with town.database.write() as tx:
            await deals.expire(tx, deal.lanes[0].id)
        said: list[str] = []
        await print_replay(town.database, deal.id, said.append)

    lines = [" ".join(line.split()) for line in said]
    assert "granted: a unit was left; now expired" in lines[4]
    assert "waiting: none was left: place 1 in line; now open" in lines[5]
    assert "expired claim 1, 1 units" in lines[6]
    assert "offered claim 2, 1 units" in lines[7]


@pytest.mark.parametrize("path", ["/deals/x/claims", f"/deals/{NOWHERE}/claims/x"])
async def test_other_paths_are_not_claims(town: Town, path: str) -> None:
    async with buyer(town) as client:
        assert (await client.post(path, json={})).status_code == 404


async def test_within_a_tick_the_last_number_of_each_variant_is_told() -> None:
    hub = Hub(tick_seconds=0.05)
    show, deal = ShowId(new_uuid()), DealId(new_uuid())
    one, two = VariantId(new_uuid()), VariantId(new_uuid())
    tell = DealsTold(hub).tell
    heard: list[bytes] = []
    reading = asyncio.create_task(_read(hub, show, heard))
    await asyncio.sleep(0)
    for left in ({one: 3}, {one: 2}, {two: 8}, {two: 7}, {one: 1}):
        tell(show, deal, left)
    async with asyncio.timeout(5):
        while b'"left":1' not in b"".join(heard):
            await asyncio.sleep(0.01)
    reading.cancel()

    said = re.findall(r'"variant":"([^"]+)","left":(\d+)', b"".join(heard).decode())
    last = {variant: int(left) for variant, left in said}
    assert last == {str(one): 1, str(two): 7}
    assert (str(one), "3") not in said, "of the first, only the last number so far"
    await hub.close()


async def _read(hub: Hub, show: ShowId, heard: list[bytes]) -> None:
    async for frame in hub.subscribe(topic(show), None):
        heard.append(frame)
