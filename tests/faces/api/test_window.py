# SPDX-License-Identifier: Apache-2.0
"""The window without a token: whole prices, bought once for each key, nothing of a suspended shop."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from silkcast.goods.stock import service as stock
from silkcast.money.rates import service as rates
from silkcast.plumbing.db import Database
from silkcast.trade.orders import receiving
from silkcast.trade.orders import service as orders
from silkcast.who.sellers import service as sellers
from tests.faces.build import Town, open_town
from tests.faces.running import browser

V1 = "/api/v1"


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> Town:
    return await open_town(database, tmp_path)


def wish(town: Town, delivery: str, shown: dict[str, str] | None, units: int = 1) -> dict[str, Any]:
    return {
        "market": "SA",
        "wanted": [{"variant": str(town.variant.id), "units": units}],
        "buyer_name": "Noura Alqahtani",
        "phone": "+966512345678",
        "ship_to": {
            "country": "SA",
            "name": "Noura Alqahtani",
            "street": "King Fahd Road 12",
            "city": "Riyadh",
            "district": "Al Olaya",
            "postcode": "12214",
            "phone": "+966512345678",
        },
        "delivery": delivery,
        "method": "cod",
        "language": "ar",
        "shown": shown,
    }


async def test_bought_once_for_each_key(town: Town) -> None:
    key = {"idempotency-key": str(uuid4())}
    async with browser(town.running) as http:
        asked = {"variant": str(town.variant.id), "market": "SA", "method": "cod"}
        offer = (await http.get(f"{V1}/offers", params=asked)).json()
        body = wish(town, offer["delivery"]["key"], offer["total"])

        first = await http.post(f"{V1}/checkouts", json=body, headers=key)
        again = await http.post(f"{V1}/checkouts", json=body, headers=key)
        other = await http.post(f"{V1}/checkouts", json={**body, "buyer_name": "Sara"}, headers=key)
        opened = await http.get(f"{V1}/checkouts/{first.json()['secret']}")

    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert (again.json()["number"], again.json()["secret"]) == (
        first.json()["number"],
        first.json()["secret"],
    )
    assert (other.status_code, other.json()["code"]) == (409, "orders.key_reused")
    assert (opened.json()["number"], opened.json()["total"]) == (first.json()["number"], offer["total"])
    async with town.database.read() as db:
        assert (await stock.levels(db, [town.variant.id]))[town.variant.id].free == 19


async def test_another_price_than_the_one_shown_is_told_first(town: Town) -> None:
    async with browser(town.running) as http:
        asked = {"variant": str(town.variant.id), "market": "SA", "method": "cod"}
        offer = (await http.get(f"{V1}/offers", params=asked)).json()
        body = wish(town, offer["delivery"]["key"], {"amount": "1.00", "currency": "SAR"})
        refused = await http.post(f"{V1}/checkouts", json=body, headers={"idempotency-key": str(uuid4())})

    assert (refused.status_code, refused.json()["code"]) == (409, "quotes.price_changed")
    assert refused.json()["facts"]["now"] == offer["total"]
    async with town.database.read() as db:
        assert (await stock.levels(db, [town.variant.id]))[town.variant.id].free == 20


async def test_a_suspended_shop_sells_nothing_until_reinstated(town: Town) -> None:
    asked = {"variant": str(town.variant.id), "market": "SA", "method": "cod"}
    async with browser(town.running) as http:
        offer = (await http.get(f"{V1}/offers", params=asked)).json()
        async with town.database.write() as tx:
            await sellers.suspend(tx, town.seller.id, "copied brand")

        gone = await http.get(f"{V1}/offers", params=asked)
        refused = await http.post(
            f"{V1}/checkouts",
            json=wish(town, offer["delivery"]["key"], None),
            headers={"idempotency-key": str(uuid4())},
        )
        async with town.database.write() as tx:
            await sellers.reinstate(tx, town.seller.id)
        back = await http.get(f"{V1}/offers", params=asked)

    for answer in (gone, refused):
        assert answer.json()["code"] == "quotes.not_sold_here", answer.text
        assert answer.json()["facts"]["reason"] == "not_listed"
    assert back.json() == offer
    async with town.database.read() as db:
        assert (await stock.levels(db, [town.variant.id]))[town.variant.id].free == 20


async def test_customs_numbers_are_asked_for_checked_and_never_answered(town: Town) -> None:
    await town.set_price("2400000.00", "ID", "IDR")
    async with town.database.write() as tx:
        await rates.load_shipped_rates(tx)
    async with browser(town.running) as http:
        told = (await http.get(f"{V1}/markets")).json()["items"]
        asked = {"variant": str(town.variant.id), "market": "ID", "method": "card"}
        offer = (await http.get(f"{V1}/offers", params=asked)).json()
        home = {
            "country": "ID",
            "name": "Sari",
            "street": "Jl. Sudirman 10",
            "city": "Jakarta",
            "region": "Jakarta",
        }
        body = wish(town, offer["delivery"]["key"], offer["total"]) | {
            "market": "ID",
            "method": "card",
            "buyer_name": "Sari",
            "phone": "+6281234567890",
            "ship_to": home | {"phone": "+6281234567890"},
            "language": "en",
        }

        async def buy(numbers: dict[str, str]) -> httpx.Response:
            given = body | {"receiver_numbers": numbers}
            return await http.post(f"{V1}/checkouts", json=given, headers={"idempotency-key": str(uuid4())})

        wrong, other = await buy({"NIK": "12"}), await buy({"CPF": "39053344705"})
        async with town.database.read() as db:
            assert (await orders.orders(db)).items == ()
        right = await buy({"NIK": "3171011708450001"})
    async with town.database.read() as db:
        (order,) = (await orders.orders(db)).items
        kept = await receiving.for_papers(db, order.id)

    numbers = {one["code"]: one["receiver_numbers"] for one in told}
    assert numbers["FR"] == []
    assert [(one["code"], one["asked"]) for one in numbers["KR"]] == [("PCCC", "always")]
    assert (wrong.status_code, wrong.json()["code"]) == (422, "markets.bad_recipient_number")
    assert wrong.json()["facts"] == {"kind": "NIK", "fault": "invalid"}
    assert (other.status_code, other.json()["facts"]["fault"]) == (422, "not_asked")
    assert right.json()["code"] == "payments.engine_silent", "placed; nobody takes cards in this town"
    assert kept == {"NIK": "3171011708450001"}
    assert "3171011708450001" not in right.text
