# SPDX-License-Identifier: Apache-2.0
"""Deals and coupons for a shop's own program: planned, launched, topped up, ended; claims by cursor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from silkcast.goods.pricing import service as pricing
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import OrderId, new_salt, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.values import LaneId, Want, claim_key
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import SCOPES
from silkcast.who.markets import service as markets
from tests.faces.build import Town, open_town

from .test_api import V1, client, key, shop_of, token


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


async def secret_of(town: Town, *scopes: str) -> str:
    async with town.database.write() as tx:
        made = await identity.make_token(
            tx, town.seller.owner, town.seller.id, name="till", scopes=scopes or SCOPES
        )
    return made.secret


@pytest.fixture
async def http(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    async with client(town.running, await secret_of(town)) as made:
        yield made


def body(town: Town, units: int = 3, **changes: Any) -> dict[str, Any]:
    lane = {
        "variant": str(town.variant.id),
        "product": str(town.product.id),
        "units": units,
        "prices": {"FR": {"amount": "19.00", "currency": "EUR"}},
    }
    return {"lanes": [lane], "countdown_seconds": 10, **changes}


async def plan(http: httpx.AsyncClient, town: Town, **changes: Any) -> httpx.Response:
    return await http.post(f"{V1}/shows/{town.show.id}/deals", json=body(town, **changes), headers=key())


async def test_a_deal_from_its_plan_to_its_end(http: httpx.AsyncClient, town: Town, clock: SetClock) -> None:
    planned = await plan(http, town)
    path = f"{V1}/deals/{planned.json()['id']}"
    launched = await http.post(f"{path}/launch")
    again = await http.post(f"{path}/launch")
    clock.at += timedelta(seconds=10)
    read = await http.get(path)
    lane = read.json()["lanes"][0]["id"]
    more = {"lane": lane, "units": 2}
    asked = key()
    topped = await http.post(f"{path}/units", json=more, headers=asked)
    replayed = await http.post(f"{path}/units", json=more, headers=asked)
    ended = await http.post(f"{path}/end")
    listed = await http.get(f"{V1}/shows/{town.show.id}/deals")

    assert (planned.status_code, planned.json()["phase"]) == (201, "planned")
    assert (launched.status_code, launched.json()["phase"]) == (200, "counting")
    assert again.json() == launched.json()
    assert read.json()["phase"] == "running"
    assert (topped.status_code, topped.json()["lanes"][0]["units"]) == (201, 5)
    assert replayed.headers["idempotency-replayed"] == "true"
    assert (ended.json()["state"], ended.json()["ended_why"]) == ("ended", "by_hand")
    assert [one["id"] for one in listed.json()["items"]] == [planned.json()["id"]]
    assert listed.json()["items"][0]["lanes"][0]["units"] == 5


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"limit": 11}, "deals.bad"),
        ({"countdown_seconds": 5}, "deals.bad"),
        ({"countdown_seconds": -1}, "api.bad_field"),
        ({"length_seconds": 10**12}, "api.bad_field"),
        ({"launch_at": "2030-01-01T10:00:00"}, "api.bad_field"),
        ({"lanes": []}, "deals.bad"),
    ],
)
async def test_what_cannot_be_planned(
    http: httpx.AsyncClient, town: Town, changes: dict[str, Any], code: str
) -> None:
    answer = await plan(http, town, **changes)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


async def test_under_the_floor_a_program_has_to_say_that_it_is_meant(
    http: httpx.AsyncClient, town: Town
) -> None:
    async with town.database.write() as tx:
        floor = Money.of("19.50", "EUR")
        await pricing.set_floor(tx, town.variant.id, Country("FR"), floor, currency="EUR")

    refused = await plan(http, town)
    meant = await plan(http, town, may_go_below=True)

    assert (refused.status_code, refused.json()["code"]) == (409, "deals.below_floor")
    assert refused.json()["facts"]["floor"] == {"amount": "19.50", "currency": "EUR"}
    assert meant.status_code == 201


async def test_only_own_goods_go_into_a_deal(http: httpx.AsyncClient, town: Town) -> None:
    owner, shop, _ = await shop_of(town.database)
    async with town.database.write() as tx:
        show = await rooms.plan_show(
            tx, shop.id, NewShow(Words({"en": "Elsewhere"}), tx.now + timedelta(hours=1), ())
        )
    async with client(town.running, await token(town.database, owner, shop)) as neighbour:
        stolen = await neighbour.post(f"{V1}/shows/{show.id}/deals", json=body(town), headers=key())
    lanes = [{**body(town)["lanes"][0], "product": str(new_uuid())}]
    mixed = await plan(http, town, lanes=lanes)

    assert (stolen.status_code, stolen.json()["code"]) == (422, "deals.bad")
    assert (mixed.status_code, mixed.json()["code"]) == (422, "deals.bad")


async def test_more_units_than_there_are_launches_nothing(http: httpx.AsyncClient, town: Town) -> None:
    planned = await plan(http, town, units=21)
    answer = await http.post(f"{V1}/deals/{planned.json()['id']}/launch")

    assert (answer.status_code, answer.json()["code"]) == (409, "stock.short")
    assert (await http.get(f"{V1}/deals/{planned.json()['id']}")).json()["state"] == "planned"


async def test_claims_by_cursor(http: httpx.AsyncClient, town: Town, clock: SetClock) -> None:
    planned = (await plan(http, town)).json()
    path = f"{V1}/deals/{planned['id']}"
    lane = (await http.post(f"{path}/launch")).json()["lanes"][0]["id"]
    clock.at += timedelta(seconds=10)
    async with town.database.read() as db:
        deal = (await deals.deals_of(db, town.show.id))[0]
    market = markets.market("FR", clock.at.date())
    terms = await town.running.house.counter.terms((deal.id, town.variant.id, "FR", "fr", 1), market)
    buyers = [new_uuid() for _ in range(5)]
    keys = [claim_key(deal.id, buyer, new_salt()) for buyer in buyers]
    wants = [
        Want(LaneId(lane), key, buyer, 1, terms, OrderId(new_uuid()), "FR")
        for key, buyer in zip(keys, buyers, strict=True)
    ]
    async with town.database.write() as tx:
        await deals.claim_many(tx, wants)

    first = (await http.get(f"{path}/claims?lane={lane}&limit=3")).json()
    rest = (await http.get(f"{path}/claims?lane={lane}&limit=3&after={first['next']}")).json()
    other = await http.get(f"{path}/claims?lane={lane + 1}")
    strange = await http.get(f"{path}/claims?lane={lane}&after=nonsense")

    assert [one["number"] for one in first["items"]] == [1, 2, 3]
    assert [(one["number"], one["outcome"], one["place"]) for one in rest["items"]] == [
        (4, "waiting", 1),
        (5, "waiting", 2),
    ]
    assert rest["next"] is None
    assert (other.status_code, strange.status_code) == (404, 422)


async def test_scopes_and_other_shops(http: httpx.AsyncClient, town: Town) -> None:
    planned = (await plan(http, town)).json()
    path = f"{V1}/deals/{planned['id']}"
    async with client(town.running, await secret_of(town, "shows:write")) as other:
        narrow = await other.get(path)
    owner, shop, _ = await shop_of(town.database)
    async with client(town.running, await token(town.database, owner, shop)) as neighbour:
        answers = [
            await neighbour.get(path),
            await neighbour.post(f"{path}/launch"),
            await neighbour.post(f"{path}/end"),
            await neighbour.get(f"{path}/claims?lane={planned['lanes'][0]['id']}"),
            await neighbour.get(f"{V1}/shows/{town.show.id}/deals"),
            await neighbour.get(f"{V1}/shows/{town.show.id}/coupons"),
            await plan(neighbour, town),
        ]

    assert (narrow.status_code, narrow.json()["code"]) == (403, "api.scope_missing")
    assert {answer.status_code for answer in answers} == {404}


async def test_coupons(http: httpx.AsyncClient, town: Town, clock: SetClock) -> None:
    new = {
        "code": "tea10",
        "total": 5,
        "percent": 10,
        "starts_at": clock.at.isoformat(),
        "ends_at": (clock.at + timedelta(hours=1)).isoformat(),
    }
    path = f"{V1}/shows/{town.show.id}/coupons"
    made = await http.post(path, json=new, headers=key())
    wrong = await http.post(path, json={**new, "percent": 95}, headers=key())
    nameless = await http.post(path, json={**new, "code": "a b"}, headers=key())
    gone = await http.post(f"{V1}/coupons/{made.json()['id']}/withdraw")
    listed = await http.get(path)

    assert (made.status_code, made.json()["code"]) == (201, "TEA10")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "deals.bad_coupon")
    assert (nameless.status_code, nameless.json()["code"]) == (422, "api.bad_field")
    assert gone.json()["withdrawn_at"] is not None
    assert [one["id"] for one in listed.json()["items"]] == [made.json()["id"]]
